//! `lagesbild situation-picture` on the demo: forms, endings, plainness.

use crate::Folder;
use crate::lix::lix;

fn demo() -> Folder {
    let folder = Folder::new();
    folder.run(&["demo", "d.gpkg", "--today", "2026-11-22"]).ok();
    folder
}

/// Paragraphs, notes and list items of Markdown, one sentence or more a line; headings, captions and tables are not prose.
fn prose(markdown: &str) -> String {
    let is_prose = |line: &&str| !line.is_empty() && !line.starts_with(['#', '|', '*']);
    let plain = |line: &str| line.trim_start_matches(['-', '>', ' ']).replace(['*', '\\'], "");
    let lead = markdown.lines().filter(|line| line.starts_with("**"));
    let rest = markdown.lines().filter(is_prose);
    lead.chain(rest).map(plain).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_picture_of_the_demo_is_plain_swedish_for_every_length_of_period() {
    let folder = demo();
    for period in ["2026-W46", "2026-10", "2026-Q3", "2026-T2", "2026-H1", "2025", "2026"] {
        let args = ["situation-picture", "--data", "d.gpkg", "--as-of", "2026-11-22", "--period", period, "-o", "p.md"];
        folder.run(&args).ok();
        let text = prose(&folder.read("p.md"));
        assert!(lix(&text) <= 40.0, "{period}: LIX {}: {text}", lix(&text));
        assert!(text.contains("Påhittade uppgifter."), "{period}");
    }
}

#[test]
fn the_form_follows_the_ending_and_an_unknown_ending_is_refused() {
    let folder = demo();
    let picture = |to: &str| {
        let args = ["situation-picture", "--data", "d.gpkg", "--as-of", "2026-11-22", "--period", "2026-10", "-o", to];
        folder.run(&args)
    };
    picture("p.html").ok();
    assert!(folder.read("p.html").starts_with("<!DOCTYPE html>"));
    assert!(!folder.read("p.html").contains("href=\"/"), "a file of its own has no links into the service");
    picture("p.json").ok();
    let json: serde_json::Value = serde_json::from_str(&folder.read("p.json")).expect("JSON");
    assert_eq!(json["provenance"]["data_class"], "synthetic");
    picture("p.docx").code(2).says(&["docx", ".html, .md or .json"]);
    folder.run(&["situation-picture", "--data", "d.gpkg", "--period", "2026-Q5"]).code(2).says(&["2026-Q5", "2025-Q1"]);
    folder
        .run(&["situation-picture", "--data", "d.gpkg", "--period", "2026-10", "--set", "regoso"])
        .code(2)
        .says(&["regoso", "promise, regso"]);
}
