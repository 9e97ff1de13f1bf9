use serde_json::Value;

use super::put;
use crate::public::Files;
use crate::release::test_release::{follow_up_release, nothing_reported_release, statistics_release};
use crate::release::{Protected, Release};

fn data(release: &Protected<Release>) -> Files {
    let mut files = Files::default();
    put(&mut files, release.get());
    files
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).to_vec()).expect("UTF-8")
}

fn json(files: &Files, path: &str) -> Value {
    serde_json::from_str(&text(files, path)).expect(path)
}

#[test]
fn hidden_and_undivided_numbers_have_a_word_and_no_count() {
    let files = data(&statistics_release());
    let csv = text(&files, "data/statistics.csv");
    let has = |line: &str| assert!(csv.lines().any(|l| l == line), "no {line}");
    has("place,place_name_sv,place_name_en,category,category_name_sv,category_name_en,period,count,shown");
    has("municipality,Hela kommunen,The whole municipality,all,Alla,All,2025,1250,about");
    has("municipality,Hela kommunen,The whole municipality,all,Alla,All,2025-02,,under_10");
    has("runneryd,Runneryd,Runneryd,graffiti,klotter,graffiti,2025,,not_divided");
    has("resecentrum,Resecentrum,Travel centre,not_sensitive,Alla utom känsliga,All but sensitive,2025-Q4,30,about");
    has(
        "square-1000-480000-6389000,\"Ruta 1 km 480000, 6389000\",\"Square 1 km 480000, 6389000\",not_sensitive,Alla utom känsliga,All but sensitive,2025,,under_10",
    );
    let statistics = json(&files, "data/statistics.json");
    let figures = statistics["figures"].as_array().expect("a list");
    assert_eq!(figures.len() + 1, csv.lines().count());
    assert_eq!(figures[0]["count"], 1_250);
    assert_eq!((&figures[2]["count"], &figures[2]["shown"]), (&Value::Null, &Value::from("under_10")));
    assert_eq!((&statistics["grid"], &statistics["unit"]), (&Value::from("released"), &Value::from("reports")));
    assert_eq!(json(&data(&nothing_reported_release()), "data/statistics.json")["grid"], "too_few_located");
}

#[test]
fn every_square_is_in_the_grid_with_its_corners_in_degrees() {
    let files = data(&statistics_release());
    let grid = json(&files, "data/grid-2000m.geojson");
    let features = grid["features"].as_array().expect("a list");
    assert_eq!(features.len(), 20);
    assert_eq!(json(&files, "data/grid-1000m.geojson")["features"].as_array().map(Vec::len), Some(80));
    let square = features.iter().find(|f| f["id"] == "square-2000-480000-6388000").expect("there");
    assert_eq!((&square["properties"]["count"], &square["properties"]["shown"]), (&480.into(), &"about".into()));
    let ring = square["geometry"]["coordinates"][0].as_array().expect("a ring");
    assert_eq!((ring.len(), &ring[0]), (5, &ring[4]));
    // The railway operating point N of Trafikverket, 481 781 east and 6 389 937 north, lies in the square.
    let degree = |corner: usize, axis: usize| ring[corner][axis].as_f64().expect("a number");
    assert!(
        degree(0, 0) < 14.694735 && degree(1, 0) > 14.694735 && degree(0, 1) < 57.651359 && degree(2, 1) > 57.651359
    );
}

#[test]
fn classes_of_density_have_their_limits_and_the_highest_none_above() {
    let density = json(&data(&statistics_release()), "data/density.geojson");
    let features = density["features"].as_array().expect("a list");
    assert_eq!(features.len(), 5);
    assert_eq!(
        (&features[0]["properties"]["low_per_km2"], &features[0]["properties"]["high_per_km2"]),
        (&10.0.into(), &25.0.into())
    );
    assert_eq!(features[4]["properties"]["low_per_km2"], 250.0);
    assert_eq!(features[4]["properties"]["high_per_km2"], Value::Null);
    assert_eq!(density["density"]["bandwidth_m"], 2_000);
}

#[test]
fn deeds_are_exact_and_zero_is_said() {
    let files = data(&follow_up_release());
    let csv = text(&files, "data/deeds.csv");
    assert!(csv.contains("runneryd,Runneryd,Runneryd,activity,targeted_operation,riktad insats,targeted operation,2026-01-01/2026-10-31,1250,0\n"));
    assert!(csv.contains(
        "sporthallen,Området runt sporthallen,The area around the sports hall,action,done,klar,done,2026-11-23,0,\n"
    ));
    let areas = json(&files, "data/areas.geojson");
    let first = &areas["features"][0]["properties"];
    assert_eq!(first["actions"]["done"], 3);
    assert_eq!(first["deeds"]["targeted_operation"]["reported"], 5);
    assert!(first.get("reports").is_none(), "a follow-up release has no reports");
    let with_reports = json(&data(&statistics_release()), "data/areas.geojson");
    assert_eq!(with_reports["features"][1]["properties"]["reports"]["2025-Q1"]["shown"], "under_10");
}

#[test]
fn commitments_say_what_is_known_and_why() {
    let files = data(&follow_up_release());
    let all = json(&files, "data/commitments.json");
    let commitments = all["promises"][0]["commitments"].as_array().expect("a list");
    assert_eq!(commitments[1]["status"], "behind");
    assert_eq!(commitments[1]["known"]["pace"], 12);
    assert_eq!(commitments[1]["comments"][0]["party"], "Polisen");
    assert_eq!(all["surveys"][0]["waves"][2]["feel_safe_percent"], Value::Null);
    assert_eq!(all["invitations"][0]["from"], "17:00");
    let csv = text(&files, "data/commitments.csv");
    assert_eq!(csv.lines().count(), commitments.len() + 1);
    assert!(csv.contains(",2026-01-01,2026-12-31,15,8,12,behind\n"));
}

#[test]
fn a_cell_that_a_spreadsheet_would_run_is_disarmed() {
    let csv = super::csv_bytes(&["a", "b"], [vec!["=1+1".to_string(), "-5".to_string()]], b',');
    assert_eq!(String::from_utf8(csv).expect("UTF-8"), "a,b\n'=1+1,-5\n");
}
