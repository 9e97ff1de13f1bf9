//! Where the service may listen.

use std::path::PathBuf;

use lagesbild::domain::Role;
use lagesbild::http::access::{StartRefused, check_start};
use lagesbild::settings::{AccessSettings, Sources, resolve};
use lagesbild::store::{DataFile, People};

use crate::{empty_file, now, operator};

pub(crate) fn settings(flags: &[(&str, &str)]) -> AccessSettings {
    let flags = flags.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    resolve(&Sources { folder: PathBuf::from("/nowhere"), flags, ..Sources::default() })
        .expect("settings")
        .settings
        .access
}

#[test]
fn beyond_loopback_somebody_must_be_able_to_log_in_and_the_service_must_have_a_name() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut file = DataFile::open(&empty_file(folder.path())).expect("opens");
    let nobody = People::default();
    file.add_user(&operator(), "anna", &[Role::Admin], None, now()).expect("added");
    let anna = file.people().expect("read");
    file.revoke_user(&operator(), "anna", now()).expect("revoked");
    let revoked = file.people().expect("read");

    let start = |address: &str, flags: &[(&str, &str)], people: &People| {
        check_start(address.parse().expect("an address"), &settings(flags), people)
    };
    for loopback in ["127.0.0.1:8080", "127.1.2.3:0", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
        assert_eq!(start(loopback, &[], &nobody), Ok(()), "{loopback}");
    }
    let name = ("hosts", "lb.example.se");
    let proxy = [("proxy_addresses", "10.0.0.5"), ("proxy_user_header", "X-Remote-User")];
    for beyond in ["0.0.0.0:8080", "[::]:8080", "192.168.1.2:80"] {
        for people in [&nobody, &revoked] {
            let refused = start(beyond, &[name], people).expect_err("nobody can log in");
            assert!(matches!(refused, StartRefused::NobodyCanLogIn { .. }));
            assert!(refused.to_string().contains(beyond) && refused.to_string().contains("only loopback"));
        }
        assert_eq!(start(beyond, &[name], &anna), Ok(()));
        assert_eq!(start(beyond, &[name, proxy[0], proxy[1]], &nobody), Ok(()));
        assert!(matches!(start(beyond, &[], &anna), Err(StartRefused::WithoutName { .. })));
        let on = start(beyond, &[name, ("local_mode", "on")], &anna);
        assert!(matches!(on, Err(StartRefused::LocalModeBeyondLoopback { .. })));
    }
    assert!(start("127.0.0.1:1", &proxy[1..], &anna).is_err(), "a header believed from nobody");
    assert!(start("127.0.0.1:1", &[("proxy_roles_header", "X-Roles")], &anna).is_err(), "roles of nobody");
}

#[test]
fn lists_and_headers_in_settings_are_checked() {
    let is_valid = |name: &str, value: &str| {
        let flags = vec![(name.to_string(), value.to_string())];
        resolve(&Sources { folder: PathBuf::from("/nowhere"), flags, ..Sources::default() }).is_ok()
    };
    for (name, value) in [
        ("hosts", "lb.example.se, LB2.example.se,[2001:db8::1],10.0.0.1"),
        ("proxy_addresses", "10.0.0.5, ::1"),
        ("proxy_user_header", "X-Remote-User"),
        ("local_mode", "off"),
        ("hosts", ""),
    ] {
        assert!(is_valid(name, value), "{name}={value}");
    }
    for (name, value) in [
        ("hosts", "https://lb.example.se"),
        ("hosts", "lb.example.se:8080"),
        ("hosts", "*"),
        ("proxy_addresses", "10.0.0.0/8"),
        ("proxy_addresses", "proxy.example"),
        ("proxy_user_header", "X Remote"),
        ("local_mode", "maybe"),
        ("session_hours", "0"),
        ("session_idle_minutes", "4"),
    ] {
        assert!(!is_valid(name, value), "{name}={value}");
    }
}
