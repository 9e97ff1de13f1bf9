//! The commands of the README on the Chicago file: 148,636 records against counts of other tools.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lagesbild::domain::LonLat;
use lagesbild::store::load_snapshot;

use crate::geojson::check;
use crate::skip::shared;
use crate::{Folder, column, ogrinfo};

fn file(name: &str) -> Option<PathBuf> {
    shared(&format!("data/chicago-agg-assaults-2010-2019/{name}"))
}

/// Makes `c.gpkg` with these areas and all records; `None` when the files are not there.
fn chicago(areas: &str, id: &str) -> Option<(Folder, String)> {
    let (areas, points) = (file(areas)?, file("points.csv")?);
    let folder = Folder::new();
    let (areas, points) = (areas.display().to_string(), points.display().to_string());
    let place = ["--plane", "EPSG:26916", "--time-zone", "America/Chicago"];
    let mut init = vec!["init", "c.gpkg"];
    init.extend(place);
    init.extend(["--areas", &areas, "--area-id", id]);
    let said = folder.run(&init).ok().err;
    folder
        .run(&["import", &points, "--into", "observations", "--data", "c.gpkg"])
        .ok()
        .says(&["148636 rows, 148636 imported, 0 refused", "43 observations: the time existed twice"]);
    Some((folder, said))
}

fn assert_counts(folder: &Folder, reference: &str) {
    let reference = std::fs::read_to_string(file(reference).expect("beside the points")).expect("readable");
    let expected: BTreeMap<String, String> = column(&reference, "points_within").into_iter().collect();
    let csv = folder.run(&["areas", "--data", "c.gpkg", "--format", "csv"]).ok().out;
    let mut counts: BTreeMap<String, String> = column(&csv, "count").into_iter().collect();
    let rest: u64 = counts.remove("rest").expect("a row").parse().expect("a number");
    assert_eq!(counts.remove("without_position").as_deref(), Some("0"));
    assert_eq!(counts, expected);
    // No area of these files overlaps another, so what is in none of them is all the rest.
    let inside: u64 = expected.values().map(|n| n.parse::<u64>().expect("a number")).sum();
    assert_eq!(inside + rest, 148_636);
}

#[test]
fn beats_have_the_reference_counts_and_277_features_merge_to_275() {
    let Some((folder, said)) = chicago("beats.geojson", "beat_num") else { return };
    assert!(said.contains("277 features, 275 areas"), "{said}");
    assert_counts(&folder, "reference_counts_beats.csv");
    let ambiguous = folder.run(&["areas", "--data", "c.gpkg", "--format", "json"]).ok().json();
    assert_eq!(ambiguous["provenance"]["records"]["uncertain_time"], 43);

    folder.run(&["layer", "kde", "--data", "c.gpkg", "-o", "kde.geojson"]).ok();
    let layer: serde_json::Value = serde_json::from_str(&folder.read("kde.geojson")).expect("JSON");
    let cells = check(&layer, [-88.0, 41.6, -87.4, 42.1]);
    assert_eq!(layer["provenance"]["records"]["used"], 148_636);
    if let Some(said) = ogrinfo(&folder.path("kde.geojson"), &["-al", "-so"]) {
        for wanted in ["Geometry: Polygon", &format!("Feature Count: {cells}"), "density_per_km2: Real", "x_m: "] {
            assert!(said.contains(wanted), "{wanted} is not in\n{said}");
        }
        assert!(!said.contains("Warning") && !said.contains("ERROR"), "{said}");
    }
    let said = ogrinfo(&folder.path("c.gpkg"), &["-al", "-so"]);
    assert!(said.is_none_or(|said| said.contains("Feature Count: 148636") && !said.contains("Warning")));
}

#[test]
fn community_areas_have_the_reference_counts() {
    let Some((folder, _)) = chicago("community_areas.geojson", "area_numbe") else { return };
    assert_counts(&folder, "reference_counts_community_areas.csv");
}

#[test]
fn districts_have_the_reference_counts_and_agree_with_what_was_recorded_for_98_4_percent() {
    let Some((folder, _)) = chicago("districts.geojson", "dist_num") else { return };
    assert_counts(&folder, "reference_counts_districts.csv");
    let snapshot = load_snapshot(&folder.path("c.gpkg")).expect("loads");
    let (mut rows, mut agree) = (0_u32, 0_u32);
    let mut reader = csv::Reader::from_path(file("points.csv").expect("there")).expect("readable");
    for row in reader.records() {
        let row = row.expect("a row");
        let number = |at: usize| row[at].parse::<f64>().expect("a number");
        let at = LonLat::new(number(3), number(4)).expect("a position");
        let found = snapshot.areas().membership(at);
        rows += 1;
        agree += u32::from(found.inside.iter().any(|area| snapshot.areas().area(*area).id.as_str() == &row[5]));
    }
    // PROVENANCE.md: 98.4 % by another tool; one decimal is what it states.
    let percent = 100.0 * f64::from(agree) / f64::from(rows);
    assert!((98.35..98.45).contains(&percent), "{percent} %");
}
