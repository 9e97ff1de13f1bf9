//! `areas` and `layer` on a few records that can be counted by hand.

use crate::geojson::check;
use crate::{Folder, column, ogrinfo};

/// Two squares of 0.01 degrees side by side, north of Nässjö.
const SQUARES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"west","name":"Väster"},"geometry":{"type":"Polygon","coordinates":[[[14.60,57.70],[14.61,57.70],[14.61,57.71],[14.60,57.71],[14.60,57.70]]]}},
{"type":"Feature","properties":{"id":"east","name":"Öster"},"geometry":{"type":"Polygon","coordinates":[[[14.61,57.70],[14.62,57.70],[14.62,57.71],[14.61,57.71],[14.61,57.70]]]}}]}"#;

/// Three in the west, one in the east, one on their common border, one far away, one without position.
const RECORDS: &str = "id,datum,lon,lat,kategori\n\
    1,2025-01-10,14.601,57.701,klotter\n2,2025-02-10,14.602,57.702,klotter\n3,2025-03-10,14.603,57.703,buller\n\
    4,2025-03-11,14.615,57.705,buller\n5,2025-03-12,14.61,57.705,buller\n6,2025-03-13,14.9,57.9,buller\n7,2025-03-14,,,buller\n";

fn squares() -> Folder {
    let folder = Folder::new();
    folder.write("squares.geojson", SQUARES);
    folder.run(&["init", "d.gpkg", "--areas", "squares.geojson"]).ok().says(&["2 features, 2 areas"]);
    folder.import(RECORDS, &[]).ok().says(&["7 rows, 7 imported, 0 refused", "1 observations: without position"]);
    folder
}

fn counts(folder: &Folder, more: &[&str]) -> Vec<(String, String)> {
    let mut args = vec!["areas", "--data", "d.gpkg", "--format", "csv"];
    args.extend(more);
    column(&folder.run(&args).ok().out, "count")
}

fn expected(west: u8, east: u8, rest: u8, without: u8) -> Vec<(String, String)> {
    [("west", west), ("east", east), ("rest", rest), ("without_position", without)]
        .map(|(id, n)| (id.to_string(), n.to_string()))
        .to_vec()
}

#[test]
fn records_are_counted_where_they_are_and_filters_choose_among_them() {
    let folder = squares();
    // On a border means in none: record 5 joins record 6 in the rest.
    assert_eq!(counts(&folder, &[]), expected(3, 1, 2, 1));
    assert_eq!(counts(&folder, &["--period", "2025-03"]), expected(1, 1, 2, 1));
    assert_eq!(counts(&folder, &["--category", "klotter"]), expected(2, 0, 0, 0));
    assert_eq!(counts(&folder, &["--from", "2025-02-10", "--to", "2025-03-11"]), expected(2, 1, 0, 0));
    let bbox = ["--bbox", "14.6,57.7,14.6025,57.71"];
    assert_eq!(counts(&folder, &bbox)[..2], expected(2, 0, 0, 0)[..2]);
}

#[test]
fn the_table_the_json_and_the_geojson_say_the_same() {
    let folder = squares();
    let areas = |format: &str| folder.run(&["areas", "--data", "d.gpkg", "--format", format]).ok();
    let json = areas("json").json();
    let west = &json["areas"][0];
    assert_eq!((&west["id"], &west["name"], &west["count"]), (&"west".into(), &"Väster".into(), &3.into()));
    // Garwood for n = 3: 0.6187 to 8.7673 (tables of exact Poisson limits).
    let near = |value: &serde_json::Value, wanted: f64| (value.as_f64().expect("a number") - wanted).abs() < 5e-5;
    assert!(near(&west["count_low"], 0.61867) && near(&west["count_high"], 8.76727), "{west}");
    assert_eq!((&json["rest"]["on_border"], &json["without_position"]["count"]), (&1.into(), &1.into()));
    assert_eq!(json["total"]["count"], 7);
    let geojson = areas("geojson").json();
    assert_eq!(check(&geojson, [14.59, 57.69, 14.63, 57.72]), 2);
    assert_eq!(geojson["features"][0]["properties"]["per_km2"], west["per_km2"]);
    let table = areas("table").out;
    for part in ["Väster", "Öster", "7 records", "2025-01-10 to 2025-03-14", "1 on a border", "without position"] {
        assert!(table.contains(part), "{part} is not in\n{table}");
    }
    folder.run(&["areas", "--data", "d.gpkg", "--format", "geojson", "-o", "a.geojson"]).ok();
    let said = ogrinfo(&folder.path("a.geojson"), &["-al", "-so"]);
    assert!(said.is_none_or(|said| said.contains("Feature Count: 2") && said.contains("per_km2: Real")));
}

#[test]
fn a_comparison_says_what_can_be_said() {
    let folder = squares();
    let json = folder
        .run(&["areas", "--data", "d.gpkg", "--period", "2025-03", "--compare", "2025-02", "--format", "json"])
        .ok()
        .json();
    assert_eq!((&json["period"]["days"], &json["comparison"]["days"]), (&31.into(), &28.into()));
    let change = &json["areas"][0]["change"];
    assert_eq!((&change["count_before"], &change["verdict"]), (&1.into(), &"not_enough_data".into()));
    folder.run(&["areas", "--data", "d.gpkg", "--compare", "2025-02"]).code(2).says(&["compare", "period"]);
}

#[test]
fn a_file_without_records_gives_a_table_of_nothing_and_empty_layers() {
    let folder = Folder::with_data();
    let table = folder.run(&["areas", "--data", "d.gpkg"]).ok().out;
    assert!(table.contains("0 records, no records") || table.contains("no records"), "{table}");
    let json = folder.run(&["areas", "--data", "d.gpkg", "--format", "json"]).ok().json();
    assert!(json["period"].is_null() && json["areas"][0]["count"] == 0);
    for layer in ["grid", "kde", "hex"] {
        let layer = folder.run(&["layer", layer, "--data", "d.gpkg"]).ok().json();
        assert_eq!(layer["features"].as_array().map(Vec::len), Some(0));
    }
}

#[test]
fn layers_hold_every_record_and_are_read_by_gdal() {
    let folder = squares();
    let box_of_all = [14.5, 57.6, 15.0, 58.0];
    let layer = |args: &[&str]| {
        let mut all = vec!["layer"];
        all.extend(args);
        all.extend(["--data", "d.gpkg"]);
        folder.run(&all).ok().json()
    };
    let sum = |layer: &serde_json::Value, name: &str| -> f64 {
        let features = layer["features"].as_array().expect("a list").iter();
        features.map(|feature| feature["properties"][name].as_f64().expect("a number")).sum()
    };
    for layer in [layer(&["grid", "--cell-m", "500"]), layer(&["hex"])] {
        check(&layer, box_of_all);
        assert!((sum(&layer, "count") - 6.0).abs() < 1e-9, "six of seven have a position");
        assert_eq!(layer["provenance"]["records"]["without_position"], 1);
    }
    // A kernel surface integrates to the number of records within it. The box is larger than the
    // squares by more than the bandwidth, and holds all but record 6.
    let kde = layer(&["kde", "--bandwidth-m", "400", "--cell-m", "20", "--bbox", "14.58,57.69,14.64,57.72"]);
    check(&kde, box_of_all);
    let integral = sum(&kde, "density_per_km2") * 20.0 * 20.0 / 1e6;
    assert!((integral - 5.0).abs() < 0.005, "{integral}");
    folder.run(&["layer", "hex", "--data", "d.gpkg", "-o", "hex.geojson"]).ok();
    let said = ogrinfo(&folder.path("hex.geojson"), &["-al", "-so"]);
    assert!(said.is_none_or(|said| said.contains("Geometry: Polygon") && said.contains("count: Integer")));
}

#[test]
fn what_is_mistyped_is_refused_with_the_nearest_word() {
    let folder = squares();
    for (args, words) in [
        (
            vec!["areas", "--data", "d.gpkg", "--category", "bullr"],
            vec!["category", "'bullr'", "did you mean 'buller'"],
        ),
        (vec!["areas", "--data", "d.gpkg", "--area", "wset"], vec!["area", "'wset'", "did you mean 'west'"]),
        (vec!["areas", "--data", "d.gpkg", "--set", "square"], vec!["set", "'square'", "did you mean 'squares'"]),
        (vec!["areas", "--data", "d.gpkg", "--period", "2025-13"], vec!["period", "'2025-13'", "2025-Q1"]),
        (vec!["areas", "--data", "d.gpkg", "--perod", "2025"], vec!["--perod", "--period"]),
        (vec!["areas", "--data", "d.gpkg", "--format", "jsn"], vec!["jsn", "json"]),
        (vec!["layer", "kde", "--data", "d.gpkg", "--kernel", "quartik"], vec!["kernel", "did you mean 'quartic'"]),
        (vec!["layer", "kde", "--data", "d.gpkg", "--cell-m", "0"], vec!["cell_m", "'0'", "1 to 100000"]),
        (vec!["layer", "kde", "--data", "d.gpkg", "--bandwidth-m", "NaN"], vec!["bandwidth_m", "'NaN'"]),
        (vec!["layer", "hex", "--data", "d.gpkg", "--resolution", "16"], vec!["resolution", "0 to 15"]),
        (vec!["layer", "grd", "--data", "d.gpkg"], vec!["grd", "grid"]),
        (vec!["layer", "grid", "--data", "d.gpkg", "--bbox", "1,2,3"], vec!["bbox", "west,south,east,north"]),
        (vec!["import", "x.csv", "--into", "observation"], vec!["observation", "observations"]),
        (vec!["arees"], vec!["arees", "areas"]),
    ] {
        folder.run(&args).code(2).says(&words);
    }
}

#[test]
fn a_layer_that_would_take_too_long_is_refused_with_what_would_be_accepted() {
    let folder = squares();
    let begun = std::time::Instant::now();
    folder.run(&["layer", "kde", "--data", "d.gpkg", "--cell-m", "1", "--bbox", "10,55,24,69"]).code(2).says(&[
        "cell_m",
        "above the limit",
        "or more",
    ]);
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "refused before the work");
}
