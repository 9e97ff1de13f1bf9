//! Right, wrong, old, doubled and misplaced credentials.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use lagesbild::domain::Role;
use lagesbild::store::{DataFile, KeyScope, Token};

use crate::{Service, add_people, cookie, key, now, operator, session};

#[test]
fn a_key_opens_what_its_scope_and_its_owner_may() {
    let (service, (read, write, of_reader)) = Service::with(&[], |file| {
        (key(file, "editor", KeyScope::Read), key(file, "editor", KeyScope::Write), key(file, "reader", KeyScope::Read))
    });
    for key in [&read, &write, &of_reader] {
        let line = format!("Authorization: Bearer {key}");
        assert_eq!(service.ask("GET /readyz", &[&line]).status, 200);
        assert_eq!(service.ask("GET /readyz", &[&line.replace("Bearer", "bearer")]).status, 200);
        assert_eq!(service.ask(&format!("GET /readyz?key={key}"), &[]).status, 200);
        assert_eq!(service.ask(&format!("HEAD /readyz?key={key}"), &[]).status, 200);
    }
    // With a key one could make a better one: only the person changes an account.
    let line = format!("Authorization: Bearer {read}");
    for path in ["/account/keys", "/account/password", "/account/keys/00000000/revoke"] {
        assert_eq!(service.post_form(path, &[&line], "scope=write").status, 403, "{path}");
    }
}

#[test]
fn a_key_for_more_than_its_owner_may_is_not_made() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = crate::empty_file(folder.path());
    let mut file = DataFile::open(&path).expect("opens");
    add_people(&mut file);
    for (user, scope, is_made) in [
        ("reader", KeyScope::Read, true),
        ("reader", KeyScope::Write, false),
        ("editor", KeyScope::Write, true),
        ("editor", KeyScope::Publish, false),
        ("publisher", KeyScope::Write, false),
        ("publisher", KeyScope::Publish, true),
        ("admin", KeyScope::Publish, true),
    ] {
        let lifetime = SignedDuration::from_hours(1);
        let new = lagesbild::store::NewKey { user: user.to_string(), label: String::new(), scope, lifetime };
        assert_eq!(file.add_key(&operator(), &new, now()).is_ok(), is_made, "{user} {scope:?}");
    }
    assert_eq!(KeyScope::Write.of(&[Role::Admin]), [Role::Reader, Role::Editor]);
    assert_eq!(KeyScope::Write.of(&[Role::Reader]), [Role::Reader], "an owner who lost a role takes it from the keys");
}

/// Sixty and more ways not to be let in; each is refused, none is taken for somebody else.
#[test]
fn wrong_credentials_are_refused_and_never_taken_for_none() {
    let (service, keys) = Service::with(&[("local_mode", "on")], |file| {
        let all: Vec<String> = (0..4).map(|_| key(file, "editor", KeyScope::Write)).collect();
        let prefix = |key: &str| key[3..11].to_string();
        file.revoke_key(&operator(), &prefix(&all[1]), None, now()).expect("revoked");
        let short = lagesbild::store::NewKey {
            user: "editor".to_string(),
            label: String::new(),
            scope: KeyScope::Write,
            lifetime: SignedDuration::from_hours(1),
        };
        let long_ago = now() - SignedDuration::from_hours(2);
        let expired = file.add_key(&operator(), &short, long_ago).expect("made");
        let gone = key(file, "reader", KeyScope::Read);
        file.revoke_user(&operator(), "reader", now()).expect("revoked");
        (all, expired, gone)
    });
    let (all, expired, gone) = keys;
    let (good, revoked) = (&all[0], &all[1]);
    let (prefix, secret) = (&good[3..11], &good[12..]);
    let (other_prefix, other_secret) = (&all[2][3..11], &all[3][12..]);
    let wrong: Vec<String> = vec![
        revoked.clone(),
        expired,
        gone,
        format!("lb_{other_prefix}_{secret}"),
        format!("lb_{prefix}_{other_secret}"),
        format!("lb_{prefix}_{}", "0".repeat(64)),
        format!("lb_{prefix}_{}", secret.to_uppercase()),
        format!("lb_{prefix}_{}", &secret[..63]),
        format!("lb_{prefix}_{secret}0"),
        format!("lb_{prefix}_{}", &secret[1..]),
        format!("lb_{prefix}{secret}"),
        format!("lb_{prefix}_"),
        format!("lb__{secret}"),
        format!("lb_{}_{secret}", &prefix[..7]),
        format!("lb_{prefix}0_{secret}"),
        format!("LB_{prefix}_{secret}"),
        format!("xx_{prefix}_{secret}"),
        format!("{prefix}_{secret}"),
        secret.to_string(),
        prefix.to_string(),
        format!("lb_../etc_{secret}"),
        format!("lb_{prefix}_{}", "å".repeat(32)),
        format!("lb_{prefix}_{}", "g".repeat(64)),
        format!("lb_{prefix}_{}'--", &secret[..60]),
        "lb_00000000_".to_string() + &"0".repeat(64),
        "x".repeat(10_000),
        "null".to_string(),
        "undefined".to_string(),
        "0".to_string(),
        "{}".to_string(),
        // Tokens of other kinds: unsigned, signed, with a key id that leads elsewhere.
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.".to_string(),
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJhZG1pbiJ9.c2ln".to_string(),
        "eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLy4uL2V0Yy9wYXNzd2QifQ.e30.c2ln".to_string(),
    ];
    let mut cases = 0;
    let mut check = |line: &str, lines: &[&str], accepted: &[u16]| {
        cases += 1;
        let reply = service.ask(line, lines);
        assert!(accepted.contains(&reply.status), "{line} {lines:?}: {} {}", reply.status, reply.body);
        if reply.status == 401 {
            assert!(reply.header("www-authenticate").is_some_and(|c| c.starts_with("Bearer")), "{line} {lines:?}");
        }
        assert!(!reply.body.contains(secret), "the answer tells the key: {}", reply.body);
    };
    for key in wrong.iter().filter(|key| key.is_ascii()) {
        check("GET /readyz", &[&format!("Authorization: Bearer {key}")], &[401]);
        let escaped = key.replace('{', "%7B").replace('}', "%7D").replace('\'', "%27");
        check(&format!("GET /readyz?key={escaped}"), &[], &[401]);
    }
    let bearer = format!("Authorization: Bearer {good}");
    for (line, accepted) in [
        ("Authorization: ".to_string(), 401),
        ("Authorization: Bearer".to_string(), 401),
        ("Authorization: Bearer ".to_string(), 401),
        (format!("Authorization: {good}"), 401),
        (format!("Authorization: Basic {good}"), 401),
        (format!("Authorization: Digest {good}"), 401),
        (format!("Authorization: Bearer {good}, Bearer {good}"), 401),
        (format!("Authorization: Bearer {good} {good}"), 401),
    ] {
        check("GET /readyz", &[&line], &[accepted]);
    }
    // Two at a time, and in the wrong place.
    check("GET /readyz", &[&bearer, &bearer], &[400]);
    check(&format!("GET /readyz?key={good}"), &[&bearer], &[400]);
    check(&format!("GET /readyz?key={good}&key={good}"), &[], &[400]);
    check(&format!("GET /readyz?key={good}&k%65y={good}"), &[], &[400]);
    check("GET /readyz?key=", &[], &[401]);
    check("GET /readyz?key", &[], &[401]);
    let json = "Content-Type: application/json";
    check(&format!("POST /logout?key={good}"), &[json], &[400]);
    check("GET /readyz", &[&format!("Cookie: lagesbild={}", "0".repeat(64))], &[401]);
    check("GET /readyz", &["Cookie: lagesbild=admin"], &[401]);
    check("GET /readyz", &["Cookie: lagesbild="], &[401]);
    check("GET /readyz", &["Cookie: lagesbild=a; lagesbild=b"], &[400]);
    check("GET /readyz", &["Cookie: lagesbild=a", &bearer], &[400]);
    check("GET /healthz", &["Authorization: Bearer lb_nonsense"], &[401]);
    assert!(cases >= 60, "{cases} cases");
    // In local mode the same requests without credentials are let in, and so is the good key.
    assert_eq!(service.ask("GET /readyz", &[]).status, 200);
    assert_eq!(service.ask("GET /readyz", &[&bearer]).status, 200);
}

#[test]
fn with_accounts_loopback_alone_opens_nothing_unless_it_is_said() {
    let open = |flags: &[(&str, &str)]| Service::with(flags, |_| ()).0.ask("GET /readyz", &[]).status;
    assert_eq!(open(&[]), 401);
    assert_eq!(open(&[("local_mode", "off")]), 401);
    assert_eq!(open(&[("local_mode", "on")]), 200);
    let (alone, ()) = Service::at(now, &[], |_| ());
    assert_eq!(alone.ask("GET /readyz", &[]).status, 200, "nobody has an account: local mode");
    assert_eq!(alone.ask("GET /readyz", &["Cookie: lagesbild=of-another-service"]).status, 200);
    for passed_on in ["X-Forwarded-For: 10.1.1.1", "Forwarded: for=10.1.1.1", "X-Real-IP: 10.1.1.1"] {
        assert_eq!(alone.ask("GET /readyz", &[passed_on]).status, 401, "{passed_on}");
    }
    let (off, ()) = Service::at(now, &[("local_mode", "off")], |_| ());
    assert_eq!(off.ask("GET /readyz", &[]).status, 401);
    // Taking away the last account does not open the door.
    let (emptied, ()) = Service::at(now, &[], |file| {
        file.add_user(&operator(), "anna", &[Role::Admin], None, now()).expect("added");
        file.revoke_user(&operator(), "anna", now()).expect("revoked");
    });
    assert_eq!(emptied.ask("GET /readyz", &[]).status, 401);
}

static SECONDS_LATER: AtomicI64 = AtomicI64::new(0);

fn moved() -> Timestamp {
    now() + SignedDuration::from_secs(SECONDS_LATER.load(Ordering::SeqCst))
}

#[test]
fn keys_and_logins_end_with_time_and_a_clock_that_jumps_breaks_nothing() {
    let (service, (key, token, idle)) = Service::at(moved, &[("session_idle_minutes", "60")], |file| {
        add_people(file);
        // The key holds for a day, logins for 12 hours.
        (key(file, "editor", KeyScope::Read), session(file, "editor"), session(file, "editor"))
    });
    let line = format!("Authorization: Bearer {key}");
    let status = |line: &str| service.ask("GET /readyz", &[line]).status;
    let later = |seconds: i64| SECONDS_LATER.store(seconds, Ordering::SeqCst);
    let (login, idle) = (cookie(&token), cookie(&idle));
    assert_eq!((status(&line), status(&login), status(&idle)), (200, 200, 200));
    // The clock is set back a year: nothing has expired, nothing breaks.
    later(-365 * 86_400);
    assert_eq!((status(&line), status(&login)), (200, 200));
    // Used every 50 minutes a login lives on, unused for more than an hour it does not.
    for step in 1..=14 {
        later(step * 3000);
        assert_eq!(status(&login), 200, "after {step} times 50 minutes");
    }
    assert_eq!(status(&idle), 401);
    later(12 * 3600 - 1);
    assert_eq!(status(&login), 200);
    later(12 * 3600);
    assert_eq!(status(&login), 401, "12 hours are over however much it was used");
    later(86_400 - 1);
    assert_eq!(status(&line), 200);
    later(86_400);
    assert_eq!(status(&line), 401, "the day is over");
    // A jump of a century forward and back again.
    later(100 * 365 * 86_400);
    assert_eq!(status(&line), 401);
}

#[test]
fn a_proxy_is_believed_from_its_address_alone() {
    let named = [("proxy_user_header", "X-Remote-User"), ("proxy_addresses", "10.9.9.9")];
    let (elsewhere, ()) = Service::with(&named, |_| ());
    let forged = elsewhere.ask("GET /readyz", &["X-Remote-User: admin"]);
    assert_eq!(forged.status, 403, "from any other address the header is refused, not ignored");
    assert_eq!(elsewhere.ask("GET /healthz", &["X-Remote-User: admin"]).status, 403);
    assert_eq!(elsewhere.ask("GET /readyz", &[]).status, 401);

    let here = [("proxy_user_header", "X-Remote-User"), ("proxy_addresses", "127.0.0.1")];
    let (service, (token, key)) = Service::with(&here, |file| {
        file.revoke_user(&operator(), "publisher", now()).expect("revoked");
        (session(file, "editor"), key(file, "editor", KeyScope::Read))
    });
    let status = |lines: &[&str]| service.ask("GET /readyz", lines).status;
    assert_eq!(status(&["X-Remote-User: reader"]), 200);
    assert_eq!(status(&["X-Remote-User: Reader"]), 200, "names are in lower case here");
    assert_eq!(status(&["X-Remote-User: stranger"]), 403, "no account, no role");
    assert_eq!(status(&["X-Remote-User: publisher"]), 403, "revoked");
    assert_eq!(status(&["X-Remote-User: a b"]), 400);
    assert_eq!(status(&["X-Remote-User: reader", "X-Remote-User: admin"]), 400);
    assert_eq!(status(&["X-Remote-User: reader", &cookie(&token)]), 400);
    assert_eq!(status(&["X-Remote-User: reader", &format!("Authorization: Bearer {key}")]), 400);
    assert_eq!(status(&["X-Remote-User: "]), 401, "nobody let in");
    assert_eq!(status(&[]), 401);

    let with_roles = [here[0], here[1], ("proxy_roles_header", "X-Remote-Roles")];
    let (service, ()) = Service::with(&with_roles, |_| ());
    let status = |lines: &[&str]| service.ask("GET /readyz", lines).status;
    assert_eq!(status(&["X-Remote-User: stranger", "X-Remote-Roles: staff, reader"]), 200);
    assert_eq!(status(&["X-Remote-User: stranger", "X-Remote-Roles: staff"]), 403);
    assert_eq!(status(&["X-Remote-User: admin"]), 403, "the header decides, not the account");
}

#[test]
fn names_of_the_service_are_those_that_are_set() {
    let (service, key) = Service::with(&[("hosts", "lb.example.se")], |file| key(file, "editor", KeyScope::Read));
    let line = format!("Authorization: Bearer {key}");
    let status = |host: &str| service.send("GET /readyz", &[&format!("Host: {host}"), &line], "").status;
    assert_eq!((status("lb.example.se"), status("LB.example.se:443"), status("localhost")), (200, 200, 200));
    for foreign in ["rebound.example", "lb.example.se.evil.example", "10.0.0.1", "evil@lb.example.se"] {
        assert_eq!(status(foreign), 421, "{foreign}");
    }
}

#[test]
fn a_token_nobody_has_made_is_no_session() {
    let (service, ()) = Service::with(&[], |_| ());
    assert_eq!(service.ask("GET /readyz", &[&cookie(&Token::random())]).status, 401);
}
