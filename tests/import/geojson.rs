//! Features as rows.

use lagesbild::domain::Shape;
use lagesbild::geodata::{Into, Record, Spot};

use crate::{observations, read, try_read};

const FEATURES: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "id": 7, "geometry": {"type": "Point", "coordinates": [14.69, 57.65]},
   "properties": {"Kategori": "Trafik", "tidpunkt": "2025-03-01T10:00:00Z", "severity": 2, "extra": true}},
  {"type": "Feature", "id": "b", "geometry": null, "properties": {"plats": "Resecentrum", "tidpunkt": "2025-03-02"}},
  {"type": "Feature", "id": "c", "geometry": {"type": "Point", "coordinates": [481781, 6389937]}, "properties": {"tidpunkt": "2025"}}
]}"#;

#[test]
fn properties_are_columns_and_the_feature_id_is_the_id() {
    let outcome = read(FEATURES, &observations());
    let rows = outcome.observations();
    assert_eq!((rows[0].id.as_str(), rows[0].category.as_str(), rows[0].severity), ("7", "traffic", Some(2)));
    assert!(matches!(rows[0].location.shape, Some(Shape::Point(at)) if (at.lat() - 57.65).abs() < 1e-12));
    assert_eq!(rows[1].location.place.as_ref().map(|p| p.as_str()), Some("resecentrum"));
    assert_eq!(outcome.summary.dropped_columns, ["extra"]);
    assert_eq!((outcome.problems.len(), outcome.problems[0].spot.clone()), (1, Spot::Feature(3)));
    assert!(outcome.problems[0].hint.contains("EPSG:3006"));
}

#[test]
fn activities_may_be_lines_and_polygons_but_only_valid_ones() {
    let mut options = observations();
    options.into = Into::Activities;
    let feature = |geometry: &str| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","geometry":{geometry},"properties":{{"start":"2025-03-01"}}}}]}}"#
        )
    };
    let line = read(&feature(r#"{"type":"LineString","coordinates":[[14.6,57.6],[14.7,57.7]]}"#), &options);
    assert!(matches!(&line.records[..], [Record::Activity(a)] if matches!(a.location.shape, Some(Shape::Line(_)))));
    let bow_tie =
        read(&feature(r#"{"type":"Polygon","coordinates":[[[14,57],[15,58],[15,57],[14,58],[14,57]]]}"#), &options);
    assert!(
        bow_tie.records.is_empty() && bow_tie.problems[0].reason.contains("invalid geometry"),
        "{:?}",
        bow_tie.problems
    );
}

const GOOD: &str =
    r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[14.69,57.65]},"properties":{"datum":"2025-03-01"}}"#;

#[test]
fn lists_before_the_features_and_members_after_them_do_not_disturb() {
    let text = format!(
        r#"{{"type":"FeatureCollection","bbox":[14,57,15,58],"links":[{{"a":[1]}}],"features":[{GOOD},{GOOD}],"total":[2]}}"#
    );
    let outcome = read(&text, &observations());
    assert_eq!((outcome.records.len(), outcome.problems.len()), (2, 0));
    assert_eq!(read(GOOD, &observations()).records.len(), 1, "a file with one feature");
}

#[test]
fn a_feature_that_cannot_be_read_is_refused_and_the_next_ones_are_read() {
    let huge = GOOD.replace("14.69", "1e400");
    let nan = GOOD.replace("14.69", "NaN");
    let odd = GOOD.replace(r#""Point","coordinates":[14.69,57.65]"#, r#""Punkt","coordinates":[14.69,57.65]"#);
    let text =
        format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{huge},\n{GOOD},\n{nan},\n7,\n{odd},\n{GOOD}]}}");
    let outcome = read(&text, &observations());
    let spots: Vec<Spot> = outcome.problems.iter().map(|p| p.spot.clone()).collect();
    assert_eq!(spots, [Spot::Feature(1), Spot::Feature(3), Spot::Feature(4), Spot::Feature(5)]);
    assert!(outcome.problems[0].reason.contains("too large") && outcome.problems[0].hint.contains("line 2"));
    assert!(outcome.problems[1].reason.contains("NaN"));
    assert_eq!((outcome.records.len(), outcome.summary.rows, outcome.summary.rejected), (2, 6, 4));
    // The generated id tells the number of the feature in the file.
    assert!(outcome.observations()[1].id.as_str().ends_with("-6"));
}

#[test]
fn a_declared_system_is_refused_unless_the_user_names_one() {
    let metres = GOOD.replace("14.69,57.65", "481781,6389937");
    let text = format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::3006"}}}},"features":[{metres}]}}"#
    );
    let refused = try_read(text.as_bytes(), &observations(), &[]).err().expect("refused");
    assert_eq!((refused.len(), refused[0].spot.clone()), (1, Spot::File));
    assert!(refused[0].hint.contains("--crs EPSG:3006"));
    let mut options = observations();
    options.crs = Some(3006);
    let outcome = try_read(text.as_bytes(), &options, &[]).expect("read");
    assert!(
        matches!(outcome.observations()[0].location.shape, Some(Shape::Point(at)) if (at.lon() - 14.694735).abs() < 1e-5)
    );
    // Said only at the end, when rows have been read already: nothing of the file may be used.
    let late = format!(
        r#"{{"type":"FeatureCollection","features":[{GOOD}],"crs":{{"type":"name","properties":{{"name":"EPSG:3006"}}}}}}"#
    );
    assert!(try_read(late.as_bytes(), &observations(), &[]).is_err());
}

#[test]
fn a_file_without_one_readable_feature_lists_what_is_wrong_with_each() {
    let refused = try_read(br#"{"type":"FeatureCollection","features":[1,{"type":1}]}"#, &observations(), &[]);
    let spots: Vec<Spot> = refused.err().expect("refused").into_iter().map(|p| p.spot).collect();
    assert_eq!(spots, [Spot::Feature(1), Spot::Feature(2)]);
}

#[test]
fn numbers_in_a_geometry_that_are_swapped_are_told_so_and_not_sent_to_columns() {
    let text = GOOD.replace("14.69,57.65", "6389937,481781");
    let problem = &read(&text, &observations()).problems[0];
    assert!(problem.hint.contains("northing first") && !problem.hint.contains("--map"), "{problem}");
}
