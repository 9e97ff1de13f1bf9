use super::*;

fn with(file: Option<&str>, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().expect("temporary folder");
    if let Some(text) = file {
        std::fs::write(folder.path().join(DEFAULT_FILE), text).expect("file written");
    }
    let sources = Sources {
        folder: folder.path().to_path_buf(),
        config: None,
        environment: environment.iter().map(|(k, v)| (k.into(), v.into())).collect(),
        flags: flags.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
    };
    (folder, sources)
}

fn faults(sources: &Sources) -> Vec<String> {
    match resolve(sources) {
        Err(SettingsError::Faults(faults)) => faults.iter().map(Fault::to_string).collect(),
        other => panic!("expected faults, got {other:?}"),
    }
}

#[test]
fn without_any_source_every_value_is_its_default() {
    let (_folder, sources) = with(None, &[("PATH", "/bin")], &[]);
    let resolved = resolve(&sources).expect("defaults are valid");
    assert!(resolved.given.iter().all(|given| given.origin == Origin::Default));
    assert_eq!(resolved.settings.service.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(resolved.settings.work.kde_cost_limit, 300_000_000);
    assert_eq!(resolved.settings.work.threads, None);
}

#[test]
fn a_flag_beats_the_environment_and_the_environment_beats_the_file() {
    let file = "listen = \"127.0.0.1:1\"\nmax_connections = 10\nmetrics = false\n";
    let (_folder, sources) = with(
        Some(file),
        &[("LAGESBILD_LISTEN", "127.0.0.1:2"), ("LAGESBILD_MAX_CONNECTIONS", "20")],
        &[("listen", "[::1]:3")],
    );
    let resolved = resolve(&sources).expect("valid");
    assert_eq!(resolved.settings.service.listen.to_string(), "[::1]:3");
    assert_eq!(resolved.settings.service.max_connections, 20);
    assert!(!resolved.settings.service.metrics);
    let origin = |name: &str| resolved.given.iter().find(|g| g.key.name == name).expect("known").origin.clone();
    assert_eq!(origin("listen"), Origin::Flag("--listen".to_string()));
    assert_eq!(origin("max_connections"), Origin::Environment("LAGESBILD_MAX_CONNECTIONS".to_string()));
    assert_eq!(origin("metrics"), Origin::File(sources.folder.join(DEFAULT_FILE)));
}

#[test]
fn every_unknown_key_is_listed_with_its_nearest_neighbour() {
    let (_folder, sources) =
        with(Some("lisen = \"x\"\n"), &[("LAGESBILD_THREDS", "2")], &[("max-feature", "3"), ("zzz", "1")]);
    let faults = faults(&sources);
    assert_eq!(faults.len(), 4);
    assert!(faults[0].starts_with("unknown setting 'lisen' (file ") && faults[0].ends_with("did you mean 'listen'?"));
    assert_eq!(
        faults[1],
        "unknown setting 'LAGESBILD_THREDS' (environment LAGESBILD_THREDS); did you mean 'LAGESBILD_THREADS'?"
    );
    assert_eq!(faults[2], "unknown setting '--max-feature' (flag --max-feature); did you mean '--max-features'?");
    assert!(faults[3].ends_with("'lagesbild config show' lists all settings"));
}

#[test]
fn a_bad_value_names_key_value_origin_and_what_is_accepted() {
    let (_folder, sources) =
        with(Some("threads = [1]\n"), &[("LAGESBILD_LISTEN", "localhost")], &[("request-timeout-s", "0")]);
    let faults = faults(&sources);
    assert!(faults[0].starts_with("setting 'threads' is '[1]' (file "), "{}", faults[0]);
    assert_eq!(
        faults[1],
        "setting 'listen' is 'localhost' (environment LAGESBILD_LISTEN); \
         accepted: an address and port, such as 127.0.0.1:8080 or [::1]:8080"
    );
    assert_eq!(
        faults[2],
        "setting 'request_timeout_s' is '0' (flag --request-timeout-s); accepted: a whole number from 1 to 3600"
    );
}

#[test]
fn numbers_must_be_whole_but_may_be_written_with_an_exponent() {
    for (text, number) in [("3e8", Some(300_000_000)), ("1_000", Some(1000)), ("7.0", Some(7)), ("0", Some(0))] {
        assert_eq!(whole(text), number, "{text}");
    }
    for text in ["1.5", "-1", "1e300", "NaN", "inf", "", "five"] {
        assert_eq!(whole(text), None, "{text}");
    }
}

#[test]
fn a_file_named_on_the_command_line_must_exist_and_be_toml() {
    let (folder, mut sources) = with(None, &[], &[]);
    sources.config = Some(folder.path().join("other.toml"));
    assert!(matches!(resolve(&sources), Err(SettingsError::Unreadable { .. })));
    std::fs::write(folder.path().join("other.toml"), "listen = \n").expect("written");
    let message = resolve(&sources).expect_err("not TOML").to_string();
    assert!(message.contains("other.toml is not TOML") && message.contains("line 1"), "{message}");
}

#[test]
fn what_config_show_prints_is_a_settings_file_with_the_same_values() {
    let (_folder, sources) = with(None, &[("LAGESBILD_DATA", "C:\\data \"x\".gpkg")], &[("log_format", "json")]);
    let resolved = resolve(&sources).expect("valid");
    let text = show(&resolved);
    assert!(text.contains("# environment LAGESBILD_DATA: The data file."), "{text}");
    assert!(text.contains("# default [s]: For a whole request body."), "{text}");
    let (_again, again) = with(Some(&text), &[], &[]);
    assert_eq!(resolve(&again).expect("valid").settings, resolved.settings);
    assert!(check(&again).expect("valid").starts_with(&format!("settings are valid: {0} of {0} set", KEYS.len())));
}

#[test]
fn backups_have_no_folder_unless_one_is_named() {
    let (_folder, sources) = with(None, &[], &[]);
    assert_eq!(resolve(&sources).expect("valid").settings.backup.folder, None);
    let (_folder, sources) = with(Some("backup_dir = \"/srv/b\"\nbackup_max_age_hours = 48\n"), &[], &[]);
    let backup = resolve(&sources).expect("valid").settings.backup;
    assert_eq!((backup.folder, backup.max_age.as_secs()), (Some(PathBuf::from("/srv/b")), 48 * 3600));
}

#[cfg(not(feature = "oidc"))]
#[test]
fn a_setting_of_a_feature_that_was_not_built_in_names_the_feature() {
    let environment = [("LAGESBILD_OIDC_CLIENT_ID", "x")];
    let (_folder, sources) = with(Some("oidc_issuer = \"https://x\"\n"), &environment, &[("oidc-roles", "")]);
    let faults = faults(&sources);
    assert_eq!(faults.len(), 3);
    for (fault, name) in faults.iter().zip(["'oidc_issuer'", "'LAGESBILD_OIDC_CLIENT_ID'", "'--oidc-roles'"]) {
        assert!(fault.contains(name) && fault.contains("--features oidc"), "{fault}");
    }
}

#[test]
fn an_issuer_is_on_tls_or_on_this_machine() {
    let good =
        ["", "https://login.example.se/realm/v2.0", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:1/x"];
    for text in good {
        assert!(is_issuer(text), "{text}");
    }
    let bad = [
        "http://login.example.se",
        "https://",
        "ftp://x",
        "login.example.se",
        "https://x?y",
        "http://localhost@evil.example",
    ];
    for text in bad.into_iter().chain(["http://127.0.0.1.evil.example", "https://a b"]) {
        assert!(!is_issuer(text), "{text}");
    }
}

#[test]
fn groups_give_known_roles() {
    assert_eq!(group_role("CN=lb, =reader"), Some(("CN=lb,", "reader")));
    assert_eq!(group_role(" a b = admin "), Some(("a b", "admin")));
    for text in ["a", "a=", "=reader", "a=Reader", "a=boss"] {
        assert_eq!(group_role(text), None, "{text}");
    }
}
