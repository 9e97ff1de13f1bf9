use std::fs::File;
use std::io::BufReader;

use lagesbild::domain::{AreaType, Certainty};
use lagesbild::geodata::{AreaOptions, read_areas};

use super::shared;

#[test]
fn the_chicago_beats_merge_from_277_features_to_275_areas() {
    let Some(path) = shared("data/chicago-agg-assaults-2010-2019/beats.geojson") else { return };
    let options = AreaOptions { id_property: Some("beat_num".into()), ..AreaOptions::default() };
    let input = BufReader::new(File::open(path).expect("readable"));
    let read = read_areas("beats.geojson", input, &options);
    assert_eq!(read.problems, []);
    assert_eq!((read.features, read.areas.len()), (277, 275));
    let merged: Vec<(&str, usize)> = read.merged.iter().map(|(id, n)| (id.as_str(), *n)).collect();
    assert_eq!(merged, [("3100", 3)]);
    let parts = read.areas.iter().find(|area| area.id.as_str() == "3100").expect("merged").outline.0.len();
    assert_eq!(parts, 3);
}

#[test]
fn the_statistical_areas_of_scb_are_read_without_options_and_agree_with_ours() {
    let Some(path) = shared("data/nassjo-areas/regso_0682_wgs84.geojson") else { return };
    let input = BufReader::new(File::open(path).expect("readable"));
    let read = read_areas("regso_0682_wgs84.geojson", input, &AreaOptions::default());
    assert_eq!(read.problems, []);
    assert_eq!(read.areas.len(), 13);
    for (ours, theirs) in lagesbild::geodata::default_place().areas.iter().skip(3).zip(&read.areas) {
        assert_eq!((&ours.id, &ours.names.sv), (&theirs.id, &theirs.names.sv));
        assert!((ours.area_km2() / theirs.area_km2() - 1.0).abs() < 0.001, "{}", ours.id);
    }
}

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}"#;

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

#[test]
fn a_foreign_area_gets_plain_defaults_and_numbers_become_text() {
    let text = feature(r#""NR": 12.0, "OMR": "Väst", "x": null"#, SQUARE);
    let options = AreaOptions {
        id_property: Some("NR".into()),
        name_property: Some("OMR".into()),
        set: Some("stadsdelar".into()),
        ..AreaOptions::default()
    };
    let read = read_areas("delar.geojson", text.as_bytes(), &options);
    assert_eq!(read.problems, []);
    let area = &read.areas[0];
    assert_eq!((area.id.as_str(), area.names.sv.as_str(), area.names.en.as_str()), ("12", "Väst", "Väst"));
    assert_eq!((area.set.as_str(), area.source.as_str()), ("stadsdelar", "delar.geojson"));
    assert_eq!((area.certainty, area.area_type), (Certainty::Official, AreaType::Residential));
}

#[test]
fn a_clockwise_outline_has_the_same_area_as_an_anticlockwise_one() {
    let clockwise = r#"{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}"#;
    let km2 = |geometry: &str| {
        let read = read_areas("f", feature(r#""id":"a""#, geometry).as_bytes(), &AreaOptions::default());
        read.areas[0].area_km2()
    };
    // A square degree at the equator: 111.32 km by 110.57 km.
    assert!((km2(SQUARE) / (111.32 * 110.57) - 1.0).abs() < 0.001, "{}", km2(SQUARE));
    assert!((km2(clockwise) / km2(SQUARE) - 1.0).abs() < 1e-12, "{}", km2(clockwise));
}

#[test]
fn an_area_without_a_name_is_called_by_its_id() {
    let text = feature(r#""kod": 7"#, SQUARE);
    let read = read_areas("f", text.as_bytes(), &AreaOptions::default());
    assert_eq!((read.areas[0].id.as_str(), read.areas[0].names.sv.as_str()), ("7", "7"));
    assert_eq!(read.areas[0].set, "areas");
}
