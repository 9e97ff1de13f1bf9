//! `config`, `demo`, `self-test`, `--version`, and the data file that is made when none is named.

use crate::{Folder, Ran};

#[test]
fn settings_say_where_they_come_from_and_unknown_ones_name_the_nearest() {
    let folder = Folder::new();
    folder.write("lagesbild.toml", "listen = \"127.0.0.1:9999\"\n");
    let args = ["config", "show", "--set", "log_format=json"];
    let mut command = folder.command(&args);
    command.env("LAGESBILD_THREADS", "3");
    let shown = Ran::of(command, &args).ok().out;
    for part in ["listen = \"127.0.0.1:9999\"", "lagesbild.toml", "LAGESBILD_THREADS", "threads = 3", "--log-format"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    folder.run(&["config", "check"]).ok();
    folder.run(&["config", "check", "--set", "lisen=1"]).code(2).says(&["lisen'", "did you mean '--listen'"]);
    folder.run(&["config", "check", "--set", "threads=many"]).code(2).says(&["'threads' is 'many'", "a whole number"]);
    let mut command = folder.command(&["config", "check"]);
    command.env("LAGESBILD_LISTN", "x");
    Ran::of(command, &["config", "check"]).code(2).says(&["LAGESBILD_LISTN", "did you mean"]);
    folder.run(&["serve", "--listen", "0.0.0.0:8080"]).code(1).says(&["0.0.0.0:8080", "loopback"]);
}

#[test]
fn the_default_data_file_is_made_with_the_places_of_the_promise() {
    let folder = Folder::new();
    let table = folder.run(&["areas"]).ok().says(&["lagesbild.gpkg", "no records yet"]).out;
    for place in ["Resecentrum", "Runneryd", "placeholder"] {
        assert!(table.contains(place), "{place} is not in\n{table}");
    }
    assert!(folder.names().contains(&"lagesbild.gpkg".to_string()));
    folder.run(&["areas", "--data", "other.gpkg"]).code(1).says(&["other.gpkg", "no such file", "lagesbild init"]);
    assert!(!folder.names().contains(&"other.gpkg".to_string()));
}

#[test]
fn the_demo_is_the_same_for_the_same_day_and_marked_as_synthetic() {
    let folder = Folder::new();
    for name in ["a.gpkg", "b.gpkg"] {
        folder.run(&["demo", name, "--today", "2026-03-15"]).ok().says(&["synthetic", "2025-01-01 to 2026-03-15"]);
    }
    let export = |name: &str| folder.run(&["export", "observations", "--data", name]).ok().out;
    assert!(export("a.gpkg") == export("b.gpkg") && export("a.gpkg").contains("synthetic"));
    let json = folder.run(&["areas", "--data", "a.gpkg", "--format", "json"]).ok().json();
    assert_eq!(json["provenance"]["data_class"], "synthetic");
    // 300 a year, for a year and 74 days: 361. Four standard deviations either side.
    let n = json["total"]["count"].as_u64().expect("a number");
    assert!((285..=437).contains(&n), "{n}");
    folder.run(&["demo", "a.gpkg"]).code(1).says(&["a.gpkg", "already exists"]);
    folder.run(&["demo", "c.gpkg", "--today", "yesterday"]).code(2).says(&["--today", "yesterday", "2026-11-22"]);
}

#[test]
fn the_self_test_passes_and_fails_when_a_fixture_is_wrong() {
    let folder = Folder::new();
    folder.run(&["self-test"]).ok();
    let json = folder.run(&["self-test", "--format", "json"]).ok().json();
    assert!(json["passed"].as_u64() > Some(20) && json["failed"] == 0, "{}", json["passed"]);
    std::fs::create_dir(folder.path("fixtures")).expect("made");
    let right = include_str!("../reference/poisson_rate_ratio.json");
    folder.write("fixtures/right.json", right);
    folder.run(&["self-test", "fixtures"]).ok();
    // 46 against 60 is a ratio of 0.7667.
    folder.write("fixtures/wrong.json", right.replace("0.7666666666666667", "0.7766666666666667"));
    let ran = folder.run(&["self-test", "fixtures"]).code(1);
    assert!(ran.out.contains("wrong.json") && ran.out.contains(" 1 failed"), "{}", ran.out);
    folder.run(&["self-test", "nowhere"]).code(1).says(&["nowhere"]);
}

#[test]
fn version_and_help_are_in_plain_words() {
    let folder = Folder::new();
    let version = folder.run(&["--version"]).ok().out;
    assert_eq!(version, format!("lagesbild {}\n", env!("CARGO_PKG_VERSION")));
    let help = folder.run(&["--help"]).ok().out;
    for command in ["init", "import", "export", "areas", "layer", "serve", "demo", "self-test", "config"] {
        assert!(help.contains(command), "{command} is not in\n{help}");
        let of_command = folder.run(&[command, "--help"]).ok().out;
        assert!(of_command.contains("Usage: lagesbild") && !of_command.contains("TODO"), "{of_command}");
    }
    folder.run(&[]).code(2);
}

#[test]
fn the_commands_of_the_readme_do_what_it_says() {
    let folder = Folder::new();
    let readme = include_str!("../../README.md");
    let section =
        readme.split("## Your own records").nth(1).and_then(|rest| rest.split("```").nth(1)).expect("a block");
    let mut commands = 0;
    for line in section.lines().filter(|line| line.starts_with("lagesbild ") && !line.contains(" serve ")) {
        let args: Vec<&str> = line.split_whitespace().skip(1).collect();
        folder.run(&args).ok();
        commands += 1;
    }
    assert!(commands >= 6, "{section}");
    let rows = folder.read("observations.csv").lines().count() - 1;
    let json = folder.run(&["areas", "--data", "mine.gpkg", "--format", "json"]).ok().json();
    assert_eq!(json["total"]["count"], rows);
    assert!(folder.read("kde.geojson").contains("density_per_km2"));
}
