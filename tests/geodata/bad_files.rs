//! Files that are wrong, and what is said about them.

use lagesbild::domain::Plane;
use lagesbild::geodata::{AreaOptions, AreasRead, GivenCrs, read_areas};

fn read(text: &str) -> AreasRead {
    read_areas("f.geojson", text.as_bytes(), &AreaOptions::default())
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"))
}

fn polygon(id: &str, ring: &str) -> String {
    with(&format!(r#""id":"{id}""#), &format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#))
}

fn with(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

const GOOD: &str = "[[14,57],[15,57],[15,58],[14,57]]";

/// The only problem of a file without areas.
fn only_problem(text: &str) -> String {
    let read = read(text);
    assert!(read.areas.is_empty(), "an area came out of {text}");
    assert_eq!(read.problems.len(), 1, "{:#?}", read.problems);
    read.problems[0].to_string()
}

#[test]
fn a_bow_tie_is_refused_with_ring_sides_and_place_and_the_other_areas_are_read() {
    let bow_tie = "[[14,57],[16,59],[16,57],[14,59],[14,57]]";
    let read = read(&collection(&[polygon("a", GOOD), polygon("b", bow_tie), polygon("c", GOOD)]));
    assert_eq!(
        read.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["f.geojson: feature 2: outer ring crosses itself at (15.000000, 58.000000): positions 1-2 and 3-4; \
          the border of an area must not cross or touch itself; move the positions named here"]
    );
    let ids: Vec<&str> = read.areas.iter().map(|area| area.id.as_str()).collect();
    assert_eq!((ids, read.features), (vec!["a", "c"], 3));
}

#[test]
fn every_problem_of_a_feature_is_listed() {
    let rings = "[[14,57],[15,57],[15,58],[14.5,57.5]],[[14,57],[14,57]]";
    let bad = with(
        r#""id":"å","certainty":"sure","residents":-1,"valid_from":"2025-02-30""#,
        &format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#),
    );
    let problems: Vec<String> = read(&bad).problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "f.geojson: feature 1:id: is not a valid id (value 'å'); 1 to 128 characters out of A-Z, a-z, 0-9, '.', \
             '_' and '-' are accepted",
            "f.geojson: feature 1: outer ring is not closed: position 4 is not position 1 (14, 57) \
             (value '14.5, 57.5'); a ring has at least 4 positions, the last equal to the first",
            "f.geojson: feature 1: hole 1 has 2 positions; a ring has at least 4 positions, the last equal to the first",
        ]
    );
    let bad = with(
        r#""id":"a","certainty":"sure","residents":-1,"valid_from":"2025-02-30""#,
        &format!(r#"{{"type":"Polygon","coordinates":[{GOOD}]}}"#),
    );
    let columns: Vec<_> = read(&bad).problems.into_iter().map(|p| (p.column, p.value)).collect();
    let expected = [("residents", "-1"), ("valid_from", "2025-02-30"), ("certainty", "sure")];
    assert_eq!(columns, expected.map(|(column, value)| (Some(column.to_string()), Some(value.to_string()))));
}

#[test]
fn metres_are_recognised_and_converted_when_asked() {
    let ring = "[[481781,6389937],[481900,6389937],[481900,6390100],[481781,6389937]]";
    let text = polygon("a", ring);
    assert_eq!(
        only_problem(&text),
        "f.geojson: feature 1: outer ring, position 1 is not a position in degrees, and 3 more of this ring \
         (value '481781, 6389937'); looks like SWEREF 99 TM; use --crs EPSG:3006"
    );
    let plane = Plane::from_epsg(3006).expect("known");
    let options = AreaOptions { crs: GivenCrs::Metres(&plane), ..AreaOptions::default() };
    let read = read_areas("f", text.as_bytes(), &options);
    assert_eq!(read.problems, []);
    let corner = read.areas[0].outline.0[0].exterior().0[0];
    assert!((corner.x - 14.694735).abs() < 1e-5 && (corner.y - 57.651359).abs() < 1e-5, "{corner:?}");
    let declared = collection(&[text]).replacen(
        "\"features\"",
        r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3006"}},"features""#,
        1,
    );
    assert!(only_problem(&declared).ends_with("to convert these use --crs EPSG:3006"));
}

#[test]
fn swapped_degrees_are_recognised() {
    let problem = only_problem(&polygon("a", "[[57,14],[57,15],[58,15],[57,14]]"));
    assert!(problem.starts_with("f.geojson: feature 1: longitude and latitude look swapped (value '57, 14')"));
}

#[test]
fn numbers_that_are_none_are_refused() {
    for number in ["NaN", "Infinity", "1e400"] {
        let ring = GOOD.replacen("14", number, 1);
        let problem = only_problem(&polygon("a", &ring));
        assert!(problem.contains("not a number") || problem.contains("a number is too large"), "{problem}");
    }
    let problem = only_problem(&polygon("a", "[[14,57],[15,57],[15,98],[14,57]]"));
    assert!(problem.contains("outer ring, position 3 is not a position in degrees (value '15, 98')"), "{problem}");
}

#[test]
fn empty_and_truncated_files_give_no_areas() {
    assert!(only_problem("").contains("the file is empty"));
    assert!(only_problem(&collection(&[])).contains("the file has no features"));
    let whole = collection(&[polygon("a", GOOD), polygon("b", GOOD)]);
    let problem = only_problem(&whole[..whole.len() - 30]);
    assert!(problem.starts_with("f.geojson:3: the file ends too early, at feature 2"), "{problem}");
}

#[test]
fn a_feature_without_id_is_refused_with_the_properties_it_has() {
    let text = with(r#""beat_num":"1713","district":"17""#, &format!(r#"{{"type":"Polygon","coordinates":[{GOOD}]}}"#));
    assert_eq!(
        only_problem(&text),
        "f.geojson: feature 1: has no id; name the property that holds the id with --area-id; \
         properties here: beat_num, district"
    );
    let options = AreaOptions { id_property: Some("beat".into()), ..AreaOptions::default() };
    let read = read_areas("f", text.as_bytes(), &options);
    assert_eq!(read.problems[0].reason, "has no property 'beat'");
}

#[test]
fn what_is_no_polygon_is_refused() {
    let problem = only_problem(&with(r#""id":"a""#, r#"{"type":"Point","coordinates":[14,57]}"#));
    assert!(problem.contains("an area is a Polygon or MultiPolygon, this is a Point"), "{problem}");
    assert!(only_problem(&with(r#""id":"a""#, "null")).contains("has no geometry"));
    let empty = with(r#""id":"a""#, r#"{"type":"MultiPolygon","coordinates":[]}"#);
    assert!(only_problem(&empty).contains("has no polygon"));
}

#[test]
fn features_of_one_area_must_agree_and_must_not_overlap() {
    let named = |name: &str| {
        with(&format!(r#""id":"a","name":"{name}""#), &format!(r#"{{"type":"Polygon","coordinates":[{GOOD}]}}"#))
    };
    let read = read(&collection(&[named("Väst"), named("Öst")]));
    assert!(read.areas.is_empty() && read.merged.is_empty());
    assert!(
        read.problems[0]
            .to_string()
            .starts_with("f.geojson: feature 2:name: area 'a' is also feature 1, which has another name (value 'Öst')"),
        "{:?}",
        read.problems
    );
    let shifted = "[[14.5,57.1],[15.5,57.1],[15.5,58],[14.5,57.1]]";
    let problem = only_problem(&collection(&[polygon("a", GOOD), polygon("a", shifted)]));
    assert!(problem.starts_with("f.geojson: feature 2: area 'a': polygons 1 and 2 overlap at ("), "{problem}");
}
