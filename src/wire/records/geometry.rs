//! Geometries in and out: longitude first, outer rings anticlockwise (RFC 7946).

use geo::Orient;
use geo::orient::Direction;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reading::Reading;
use crate::domain::{LonLat, Shape};
use crate::geodata::rules::{Refused, read_outline};

/// A shape as a geometry.
pub(super) fn of_shape(shape: Option<&Shape>) -> Value {
    match shape {
        None => Value::Null,
        Some(Shape::Point(at)) => of_point(*at),
        Some(Shape::Line(lines)) => value(geojson::GeometryValue::from(lines)),
        Some(Shape::Polygon(polygons)) => of_outline(polygons),
    }
}

/// A position as a geometry.
pub(super) fn of_point(at: LonLat) -> Value {
    json!({"type": "Point", "coordinates": [at.lon(), at.lat()]})
}

/// An outline as a geometry.
pub(super) fn of_outline(outline: &geo::MultiPolygon<f64>) -> Value {
    value(geojson::GeometryValue::from(&outline.orient(Direction::Default)))
}

fn value(geometry: geojson::GeometryValue) -> Value {
    serde_json::to_value(geojson::Geometry::new(geometry)).unwrap_or(Value::Null)
}

/// The shape of a Feature; `None` without one, and when it is wrong (which is told).
pub(super) fn shape(reading: &mut Reading<'_>, points_only: bool) -> Option<Shape> {
    let geometry = parsed(reading)?;
    let converted = geo::Geometry::<f64>::try_from(geometry).map_err(|error| {
        vec![Refused { reason: format!("is not a geometry: {error}"), accepted: "a GeoJSON geometry".to_string() }]
    });
    match converted.and_then(|geometry| reading.context.gazetteer.shape(&geometry, points_only)) {
        Ok(shape) => Some(shape),
        Err(refused) => {
            tell(reading, refused);
            None
        }
    }
}

/// The outline of an area, which must be there.
pub(super) fn outline(reading: &mut Reading<'_>) -> Option<geo::MultiPolygon<f64>> {
    if reading.geometry.is_null() {
        let accepted = "a Polygon or MultiPolygon in degrees, longitude first".to_string();
        reading.report_at("/geometry", None, "is missing", accepted);
        return None;
    }
    match read_outline(&parsed(reading)?.value) {
        Ok(outline) => Some(outline),
        Err(refused) => {
            tell(reading, refused);
            None
        }
    }
}

fn parsed(reading: &mut Reading<'_>) -> Option<geojson::Geometry> {
    let value = reading.geometry;
    if value.is_null() {
        return None;
    }
    let most = reading.context.vertices_of_geometry;
    let vertices = vertices_of(value);
    if vertices > most {
        let reason = format!("has {vertices} positions");
        reading.report_at("/geometry", Some(value), &reason, format!("at most {most} in one geometry; simplify it"));
        return None;
    }
    // From the reference: a copy of the tree would take as much again.
    match geojson::Geometry::deserialize(value) {
        Ok(geometry) => Some(geometry),
        Err(error) => {
            let reason = format!("is not a GeoJSON geometry: {error}");
            reading.report_at("/geometry", Some(value), &reason, "null or a GeoJSON geometry".to_string());
            None
        }
    }
}

/// Lists that begin with a number.
fn vertices_of(value: &Value) -> usize {
    match value {
        Value::Array(list) if list.first().is_some_and(Value::is_number) => 1,
        Value::Array(list) => list.iter().map(vertices_of).sum(),
        Value::Object(members) => members.values().map(vertices_of).sum(),
        _ => 0,
    }
}

fn tell(reading: &mut Reading<'_>, refused: Vec<Refused>) {
    let value = reading.geometry;
    refused.into_iter().for_each(|r| reading.report_at("/geometry", Some(value), &r.reason, r.accepted));
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::{Value, json};

    use crate::domain::{Collection, Vocabulary};
    use crate::wire::records::{Context, from_feature};

    /// What is said about an activity with this geometry.
    fn said(geometry: &Value) -> Vec<String> {
        let vocabulary = Vocabulary::seed();
        let context = Context::new(&TimeZone::UTC, &[], &[], &vocabulary).with_vertices(50);
        let feature = json!({"type": "Feature", "id": "a", "geometry": geometry,
            "properties": {"kind": "presence", "start": "2025-03-01T12:00"}});
        let read = from_feature(Collection::Activities, &feature, &context);
        read.err().unwrap_or_default().into_iter().map(|bad| bad.reason).collect()
    }

    #[test]
    fn positions_of_a_geometry_are_taken_to_the_limit_and_refused_one_above_and_a_thousand_times_above() {
        let line = |count: u32| {
            let positions: Vec<[f64; 2]> = (0..count).map(|n| [14.0 + f64::from(n) * 1e-5, 57.0]).collect();
            json!({"type": "LineString", "coordinates": positions})
        };
        assert_eq!(said(&line(50)), Vec::<String>::new());
        assert_eq!(said(&line(51)), ["has 51 positions"]);
        assert_eq!(said(&line(50_000)), ["has 50000 positions"]);
    }

    #[test]
    fn a_long_list_of_problems_ends_and_a_long_value_is_cut() {
        let members: Vec<(String, Value)> =
            (0..1_000).map(|n| (format!("unknown{n}"), json!("x".repeat(100_000)))).collect();
        let vocabulary = Vocabulary::seed();
        let context = Context::new(&TimeZone::UTC, &[], &[], &vocabulary);
        let properties = Value::Object(members.into_iter().collect());
        let feature = json!({"type": "Feature", "id": "a", "geometry": null, "properties": properties});
        let bad = from_feature(Collection::Activities, &feature, &context).expect_err("refused");
        assert_eq!(bad.len(), 100);
        assert!(bad.iter().all(|bad| bad.value.chars().count() <= 80));
    }
}
