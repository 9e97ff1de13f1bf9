//! Features as rows.

use lagesbild::domain::Shape;
use lagesbild::geodata::{Into, Record, Spot};

use crate::{observations, read};

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
