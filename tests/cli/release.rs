//! Releases as `docs/publishing.md` tells a communicator to make them, and what is refused.

use crate::Folder;

fn flip(folder: &Folder, path: &str) {
    let mut bytes = std::fs::read(folder.path(path)).expect("a file");
    let at = bytes.iter().position(|byte| byte.is_ascii_digit()).expect("a digit");
    bytes[at] ^= 1;
    std::fs::write(folder.path(path), bytes).expect("written");
}

#[test]
fn a_year_is_released_checked_spoilt_and_found() {
    let folder = Folder::new();
    folder.run(&["demo", "demo.gpkg", "--today", "2026-11-22"]).ok();
    let build = |output: &str| {
        let on = ["--data", "demo.gpkg", "--period", "2025", "--date", "2026-11-22", "-o", output];
        folder.run(&[&["release", "build"], on.as_slice()].concat())
    };
    let said = build("release-1").ok().out;
    assert!(said.contains("release 1, statistics 2025") && said.contains("check: 0 found"), "{said}");
    assert!(folder.run(&["release", "check", "release-1"]).ok().out.contains("check: 0 found"));
    for plant in ["unrounded-margin", "shown-zero", "shifted-grid"] {
        let found = folder.run(&["release", "check", "release-1", "--plant", plant]);
        let found = found.code(1);
        assert!(found.out.contains("found: "), "{plant}: {}", found.out);
    }
    // Same snapshot, same bytes.
    build("release-2").ok();
    assert_eq!(folder.read("release-1/manifest.json"), folder.read("release-2/manifest.json"));
    // A release is written once, and what is not whole is named.
    build("release-2").code(1).says(&["release-2", "exists"]);
    flip(&folder, "release-2/data/statistics.csv");
    folder.run(&["release", "check", "release-2"]).code(1).says(&["data/statistics.csv"]);
    // Nothing of the records is in any file.
    let observations = folder.run(&["export", "observations", "--data", "demo.gpkg", "--format", "csv"]).ok().out;
    let ids: Vec<&str> = observations.lines().skip(1).take(40).filter_map(|line| line.split(',').next()).collect();
    assert!(ids.len() > 20);
    for file in files(&folder.path("release-1")) {
        let text = String::from_utf8_lossy(&std::fs::read(&file).expect("a file")).to_string();
        let leaked: Vec<&&str> = ids.iter().filter(|id| text.contains(**id)).collect();
        assert!(leaked.is_empty(), "{}: {leaked:?}", file.display());
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn two_people_publish_a_month_and_its_texts_can_be_pasted() {
    let folder = Folder::new();
    folder.run(&["demo", "demo.gpkg", "--today", "2026-11-22"]).ok();
    let release = |args: &[&str]| folder.run(&[&["release"], args, &["--data", "demo.gpkg"]].concat());
    let early = release(&["build", "--period", "2026-10", "--date", "2026-11-22"]);
    early.code(1).says(&["2026-10-31", "2026-11-30"]);
    release(&["build", "--period", "2026-09", "--date", "2026-11-22"]).ok();
    release(&["publish", "1"]).code(1).says(&["somebody else"]);
    release(&["publish", "1", "--as", "Bo"]).ok();
    assert!(release(&["list"]).ok().out.contains("published by Bo"));
    let index = folder.read("demo.gpkg.releases/published.json");
    assert!(index.contains("\"number\": 1") && index.contains("https://polisen.se"), "{index}");
    release(&["export", "1", "--format", "cms", "-o", "to-paste"]).ok();
    for lang in ["sv", "en"] {
        let text = folder.read(&format!("to-paste/{lang}/text.txt"));
        let words = text.split_whitespace().count();
        assert!((40..300).contains(&words), "{lang}: {words} words");
        for name in ["text.html", "alt.txt", "lofte-1200x675.png", "lofte-640x640.png", "lofte.csv"] {
            assert!(folder.path(&format!("to-paste/{lang}/{name}")).exists(), "{lang}/{name}");
        }
    }
    release(&["export", "1", "-o", "for-the-web"]).ok();
    assert!(folder.read("for-the-web/headers/nginx.conf").contains("frame-ancestors"));

    release(&["correct", "1", "--sv", "Ett namn var fel.", "--en", "A name was wrong.", "--as", "Bo"]).ok();
    release(&["withdraw", "1", "--reason", "Fel månad", "--as", "Bo"]).ok();
    assert!(folder.read("demo.gpkg.releases/published.json").contains("Fel månad"));
    release(&["build", "--period", "2026-08", "--date", "2026-11-22"]).ok();
    let about = folder.read("demo.gpkg.releases/2/om.html");
    assert!(
        about.contains("Fel månad") && about.contains("Ett namn var fel."),
        "the log names what was withdrawn and corrected"
    );
}

#[test]
fn a_policy_below_the_floor_is_refused_by_name() {
    let folder = Folder::with_data();
    std::fs::create_dir(folder.path("d.gpkg.releases")).expect("made");
    let policy = include_str!("../../geodata/nassjo/release.toml").replace("least_reports = 10 ", "least_reports = 5 ");
    folder.write("d.gpkg.releases/policy.toml", policy);
    let build = ["release", "build", "--data", "d.gpkg", "--period", "2024", "-o", "r"];
    folder.run(&build).code(1).says(&["policy.toml", "least_reports is 5", "at least 10"]);
    assert!(!folder.path("r").exists());
}
