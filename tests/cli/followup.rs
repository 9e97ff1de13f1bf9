//! The follow-up as a coordinator runs it: from an empty file to a year's end.

use std::collections::BTreeMap;

use crate::Folder;

/// Status, done and target of each commitment of the first document on a day.
fn ledger(folder: &Folder, on: &str) -> BTreeMap<String, (String, Option<u64>, Option<u64>)> {
    let json = folder.run(&["promises", "--data", "d.gpkg", "--as-of", on, "--format", "json"]).ok().json();
    let rows = json["documents"][0]["commitments"].as_array().expect("a list").clone();
    let row = |row: &serde_json::Value| {
        let id = row["id"].as_str().expect("an id").to_string();
        let status = row["status"].as_str().expect("a word").to_string();
        (id, (status, row["done"].as_u64(), row["target"].as_u64()))
    };
    rows.iter().map(row).collect()
}

fn status_of(folder: &Folder, id: &str, on: &str) -> (String, Option<u64>) {
    let (status, done, _) = ledger(folder, on).remove(id).unwrap_or_else(|| panic!("no commitment {id}"));
    (status, done)
}

fn import(folder: &Folder, name: &str, into: &str, rows: &str) {
    folder.write(name, rows);
    folder.run(&["import", name, "--into", into, "--data", "d.gpkg"]).ok();
}

/// The files of `docs/follow-up.md`, word for word.
fn files() -> BTreeMap<String, String> {
    let guide = include_str!("../../docs/follow-up.md");
    let mut files = BTreeMap::new();
    for block in guide.split("```csv ").skip(1) {
        let (name, rest) = block.split_once('\n').expect("a name");
        let (rows, _) = rest.split_once("```").expect("an end");
        files.insert(name.trim().to_string(), rows.to_string());
    }
    files
}

#[test]
fn a_year_of_the_guide_moves_every_commitment_as_the_guide_says() {
    let folder = Folder::with_data();
    let files = files();
    // Before anything is recorded: the promise of 2019 began on 25 April.
    assert_eq!(status_of(&folder, "insatser-runneryd", "2019-04-24").0, "not_started");
    assert_eq!(status_of(&folder, "insatser-runneryd", "2019-06-30"), ("behind".into(), Some(0)));
    import(&folder, "genomfort.csv", "activities", &files["genomfort.csv"]);
    assert_eq!(status_of(&folder, "samverkansmoten", "2019-06-30"), ("on_pace".into(), Some(1)));
    assert_eq!(status_of(&folder, "samverkansmoten", "2019-09-30").0, "behind");
    assert_eq!(status_of(&folder, "inventering-resecentrum", "2019-12-31"), ("met".into(), Some(1)));
    assert_eq!(status_of(&folder, "inventeringar-runneryd", "2019-12-31"), ("behind".into(), Some(1)));
    assert_eq!(status_of(&folder, "insatser-runneryd", "2019-06-30"), ("behind".into(), Some(1)));
    import(&folder, "inbokat.csv", "bookings", &files["inbokat.csv"]);
    assert_eq!(status_of(&folder, "samverkansmoten", "2019-09-30"), ("planned".into(), Some(1)));
    import(&folder, "antal.csv", "reported-counts", &files["antal.csv"]);
    // 3 + 7 + 3 reported, and two recorded one by one, of which one lies in a month that is reported.
    assert_eq!(status_of(&folder, "insatser-runneryd", "2019-12-31"), ("on_pace".into(), Some(14)));
    // On the first day of the next year nothing is gone of it, and the year before is judged.
    assert_eq!(status_of(&folder, "insatser-runneryd", "2020-01-01"), ("not_started".into(), Some(0)));
    let later = folder.run(&["promises", "--data", "d.gpkg", "--as-of", "2020-01-01", "--format", "json"]).ok().json();
    let row = later["documents"][0]["commitments"].as_array().expect("a list");
    let row = row.iter().find(|row| row["id"] == "insatser-runneryd").expect("the operations");
    assert_eq!((&row["stretches"][0]["status"], &row["stretches"][0]["done"]), (&"missed".into(), &14.into()));
    import(&folder, "atgarder.csv", "actions", &files["atgarder.csv"]);
    import(&folder, "veckorapporter.csv", "reports", &files["veckorapporter.csv"]);
    import(&folder, "matningar.csv", "surveys", &files["matningar.csv"]);
    let (status, _) = status_of(&folder, "trygghet-resecentrum", "2020-12-31");
    assert_eq!(status, "on_pace");
}

#[test]
fn the_demo_shows_every_status_whatever_the_day() {
    for today in ["2026-01-01", "2026-02-28", "2026-06-30", "2026-11-23", "2026-12-31"] {
        let folder = Folder::new();
        folder.run(&["demo", "d.gpkg", "--today", today]).ok();
        let json = folder.run(&["promises", "--data", "d.gpkg", "--as-of", today, "--format", "json"]).ok().json();
        let documents = json["documents"].as_array().expect("a list");
        let rows = documents.iter().flat_map(|document| document["commitments"].as_array().expect("a list"));
        let mut statuses: Vec<&str> = rows.map(|row| row["status"].as_str().expect("a word")).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let all = ["behind", "cannot_be_measured", "met", "missed", "not_started", "on_pace", "planned"];
        assert_eq!(statuses, all, "{today}");
    }
}

#[test]
fn every_form_of_the_ledger_says_the_same_and_an_empty_file_says_what_is_missing() {
    let folder = Folder::with_data();
    let of = |format: &str, lang: &str| {
        let args = ["promises", "--data", "d.gpkg", "--as-of", "2019-06-30", "--format", format, "--lang", lang];
        folder.run(&args).ok().out
    };
    for format in ["table", "md", "html"] {
        assert!(of(format, "sv").contains("efter plan"), "{format}");
        assert!(of(format, "en").contains("behind"), "{format}");
    }
    assert!(of("html", "sv").starts_with("<!DOCTYPE html>"));
    folder.run(&["promises", "--data", "d.gpkg", "--as-of", "igår"]).code(2);
    let empty = Folder::new();
    empty.write("a.geojson", r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a","name":"A"},"geometry":{"type":"Polygon","coordinates":[[[14.6,57.6],[14.7,57.6],[14.7,57.7],[14.6,57.6]]]}}]}"#);
    empty.run(&["init", "d.gpkg", "--areas", "a.geojson"]).ok();
    let none = empty.run(&["promises", "--data", "d.gpkg"]).ok().out;
    assert!(none.contains("Det finns inget löfte i filen ännu."), "{none}");
}
