//! A shelf of small folders made by hand.

use std::fs;
use std::path::Path;

use jiff::civil::date;
use sha2::{Digest, Sha256};

use super::folder::hex;
use super::*;

fn entry(number: u32, month: i8) -> Entry {
    Entry {
        number,
        stream: "follow-up".to_string(),
        period: format!("2026-0{month}"),
        published_on: date(2026, month, 1),
        withdrawn_on: None,
        reason: None,
        content_sha256: None,
    }
}

fn index(releases: Vec<Entry>) -> Index {
    Index { releases, allowed_hosts: vec!["https://polisen.se".to_string()], site: "https://lb.example/public/".into() }
}

/// Writes a release of these files with its manifest and returns its `content_sha256`.
fn write_release(folder: &Path, number: u32, files: &[(&str, &str)]) -> String {
    let folder = folder.join(number.to_string());
    let (mut listed, mut lines) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().expect("below the folder")).expect("made");
        fs::write(&place, text).expect("written");
        let sha256 = hex(&Sha256::digest(text));
        lines.push(format!("{path} {sha256}\n"));
        listed.push(serde_json::json!({
            "path": path, "bytes": text.len(), "sha256": sha256, "media_type": "text/html; charset=utf-8"
        }));
    }
    lines.sort();
    let content = hex(&Sha256::digest(lines.concat()));
    let manifest = serde_json::json!({ "release": number, "files": listed, "content_sha256": content });
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("written");
    content
}

fn text(found: Found<'_>) -> Option<(String, u32)> {
    match found {
        Found::File(file, number) => Some((String::from_utf8(file.plain.to_vec()).expect("text"), number)),
        _ => None,
    }
}

#[test]
fn current_goes_by_the_end_of_the_period_and_then_by_the_number() {
    let of = |number, stream: &str, period: &str, published_on| Entry {
        stream: stream.to_string(),
        period: period.to_string(),
        published_on,
        ..entry(number, 1)
    };
    for (what, entries, newest) in [
        (
            "statistics of 2024 that come late",
            [of(1, "statistics", "2025", date(2026, 2, 1)), of(2, "statistics", "2024", date(2026, 3, 1))],
            1,
        ),
        (
            "a revision with an earlier day than what it corrects",
            [of(1, "statistics", "2025", date(2026, 2, 9)), of(2, "statistics", "2025", date(2026, 2, 3))],
            2,
        ),
        (
            "a year that ends after the month that came out before",
            [of(1, "follow-up", "2025-11", date(2026, 1, 9)), of(2, "statistics", "2025", date(2026, 2, 1))],
            2,
        ),
        (
            "a month that ended after the year that came out last",
            [of(1, "follow-up", "2026-01", date(2026, 2, 1)), of(2, "statistics", "2025", date(2026, 2, 8))],
            1,
        ),
    ] {
        let folder = tempfile::tempdir().expect("folder");
        for number in [1, 2] {
            write_release(folder.path(), number, &[("index.html", "page")]);
        }
        for order in [[0, 1], [1, 0]] {
            write_index(folder.path(), &index(order.map(|at| entries[at].clone()).to_vec())).expect("written");
            let (shelf, refusals) = Shelf::open(folder.path()).expect("opens");
            assert_eq!(refusals, [], "{what}");
            let found = text(shelf.stock().find(Which::Current, "index.html"));
            assert_eq!(found, Some(("page".to_string(), newest)), "{what}");
        }
    }
}

#[test]
fn current_is_for_every_path_the_newest_release_that_has_it() {
    let folder = tempfile::tempdir().expect("folder");
    write_release(folder.path(), 1, &[("index.html", "one"), ("statistik.html", "numbers")]);
    write_release(folder.path(), 2, &[("index.html", "two")]);
    // Of an earlier period than the first and published before it, with a higher number.
    write_release(folder.path(), 3, &[("index.html", "three"), ("extra.html", "more")]);
    let entries = vec![entry(1, 3), entry(2, 5), entry(3, 2)];
    write_index(folder.path(), &index(entries.clone())).expect("written");
    let (shelf, refusals) = Shelf::open(folder.path()).expect("opens");
    assert_eq!(refusals, []);
    let stock = shelf.stock();
    assert_eq!(text(stock.find(Which::Current, "")), Some(("two".to_string(), 2)));
    assert_eq!(text(stock.find(Which::Current, "statistik.html")), Some(("numbers".to_string(), 1)));
    assert_eq!(text(stock.find(Which::Current, "extra.html")), Some(("more".to_string(), 3)));
    assert_eq!(text(stock.find(Which::Number(1), "index.html")), Some(("one".to_string(), 1)));
    assert_eq!(stock.served().map(|entry| entry.number).collect::<Vec<_>>(), [2, 1, 3]);

    let withdrawn = Entry { withdrawn_on: Some(date(2026, 6, 1)), ..entry(2, 5) };
    write_index(folder.path(), &index(vec![entries[0].clone(), withdrawn, entries[2].clone()])).expect("written");
    assert!(matches!(shelf.reload_if_changed(), Some(Ok(refusals)) if refusals.is_empty()));
    assert!(shelf.reload_if_changed().is_none(), "nothing is new");
    let after = shelf.stock();
    assert_eq!(text(after.find(Which::Current, "index.html")), Some(("one".to_string(), 1)));
    assert!(matches!(after.find(Which::Number(2), "index.html"), Found::Withdrawn(entry) if entry.number == 2));
    assert!(matches!(after.find(Which::Number(9), "index.html"), Found::Missing));
    // Who held the old stock still has it.
    assert_eq!(text(stock.find(Which::Current, "index.html")), Some(("two".to_string(), 2)));
}

#[test]
fn a_release_that_does_not_fit_its_manifest_is_refused_by_name_and_the_others_are_served() {
    let folder = tempfile::tempdir().expect("folder");
    for number in 1..=6 {
        write_release(folder.path(), number, &[("index.html", "page"), ("data/areas.geojson", "{}")]);
    }
    let place = |path: &str| folder.path().join(path);
    fs::write(place("2/data/areas.geojson"), "[]").expect("flipped");
    fs::write(place("3/index.html"), "pages").expect("longer");
    fs::remove_file(place("4/index.html")).expect("gone");
    let manifest = fs::read_to_string(place("5/manifest.json")).expect("read");
    fs::write(place("5/manifest.json"), manifest.replace("data/areas.geojson", "../1/index.html")).expect("written");
    let other = Entry { content_sha256: Some("0".repeat(64)), ..entry(6, 1) };
    fs::write(place("1/unlisted.html"), "not of the release").expect("written");
    let entries = vec![entry(1, 1), entry(2, 1), entry(3, 1), entry(4, 1), entry(5, 1), other, entry(7, 1)];
    write_index(folder.path(), &index(entries)).expect("written");
    let (shelf, refusals) = Shelf::open(folder.path()).expect("opens");
    let said: Vec<String> = refusals.iter().map(Refusal::to_string).collect();
    let named = [
        "release 2 is not served: data/areas.geojson: its SHA-256 is not that of the manifest",
        "release 3 is not served: index.html: it has 5 bytes, the manifest says 4",
        "release 4 is not served: index.html:",
        "release 5 is not served: manifest.json: content_sha256 does not fit its list of files",
        "release 6 is not served: its content is not what was published",
        "release 7 is not served: manifest.json:",
    ];
    assert_eq!(said.len(), named.len(), "{said:#?}");
    for (said, named) in said.iter().zip(named) {
        assert!(said.starts_with(named), "{said}");
    }
    assert_eq!(text(shelf.stock().find(Which::Current, "index.html")), Some(("page".to_string(), 1)));
    assert!(matches!(shelf.stock().find(Which::Number(1), "unlisted.html"), Found::Missing));
    // An index that cannot be read takes nothing away.
    fs::write(place(INDEX_FILE), "{").expect("written");
    assert!(matches!(shelf.reload_if_changed(), Some(Err(_))));
    assert!(shelf.reload_if_changed().is_none(), "it is complained about once");
    assert_eq!(text(shelf.stock().find(Which::Current, "index.html")), Some(("page".to_string(), 1)));
}

#[test]
fn a_path_that_leads_out_of_a_release_is_refused_even_when_its_hashes_fit() {
    let folder = tempfile::tempdir().expect("folder");
    write_release(folder.path(), 1, &[("../secret.html", "secret")]);
    write_index(folder.path(), &index(vec![entry(1, 1)])).expect("written");
    let (_, refusals) = Shelf::open(folder.path()).expect("opens");
    assert!(refusals[0].reason.contains("no path of a public file"), "{}", refusals[0]);
}

#[test]
fn what_two_releases_have_in_common_is_held_once() {
    let folder = tempfile::tempdir().expect("folder");
    let content = write_release(folder.path(), 1, &[("assets/map.js", "same")]);
    assert_eq!(write_release(folder.path(), 2, &[("assets/map.js", "same")]), content);
    let named = |number| Entry { content_sha256: Some(content.clone()), ..entry(number, 1) };
    write_index(folder.path(), &index(vec![named(1), named(2)])).expect("written");
    let (shelf, refusals) = Shelf::open(folder.path()).expect("opens");
    assert_eq!(refusals, []);
    let stock = shelf.stock();
    let at = |number| match stock.find(Which::Number(number), "assets/map.js") {
        Found::File(file, _) => std::ptr::from_ref(file),
        _ => panic!("release {number} has it"),
    };
    assert_eq!(at(1), at(2));
}
