//! Geometry of a row, as well-known text or GeoJSON, to a checked [`Shape`] in degrees.

use geo::{CoordsIter, MapCoords, Polygon, Validation};

use super::crs::{Carrier, InputCrs};
use super::isolated::isolated;
use super::outline::{REDRAW, UNJUDGED};
use super::validity::{defects_of, overlaps};
use super::values::Fault;
use crate::domain::{LonLat, Shape};

/// Reads a geometry cell: well-known text (`POINT (14.69 57.65)`) or a GeoJSON geometry. A third
/// coordinate is left out.
pub(crate) fn parse_geometry(text: &str) -> Result<geo::Geometry<f64>, Fault> {
    let accepted = "well-known text such as POINT (14.69 57.65) or LINESTRING (14.69 57.65, 14.70 57.66) is accepted";
    if text.starts_with('{') {
        let geometry: geojson::Geometry =
            text.parse().map_err(|e: geojson::Error| Fault::new(format!("not a GeoJSON geometry: {e}"), accepted))?;
        return geo::Geometry::try_from(geometry).map_err(|e| Fault::new(format!("not a geometry: {e}"), accepted));
    }
    // EWKT's leading "SRID=4326;" names the system; --crs does that here.
    let text = text.split_once(';').filter(|(srid, _)| srid.starts_with("SRID=")).map_or(text, |(_, rest)| rest);
    // The reader goes into every bracket by calling itself: deep ones would take the process with them.
    if nesting(text) > MOST_NESTED {
        return Err(Fault::new(format!("more than {MOST_NESTED} brackets inside each other"), accepted));
    }
    let read: Result<wkt::Wkt<f64>, _> = text.parse();
    let parsed = read.map_err(|e| Fault::new(format!("not well-known text: {e}"), accepted))?;
    geo::Geometry::try_from(parsed).map_err(|e| Fault::new(format!("not a geometry: {e}"), accepted))
}

/// A collection of many polygons has five.
const MOST_NESTED: usize = 16;

/// How deep brackets stand inside each other.
fn nesting(text: &str) -> usize {
    let mut deepest = 0;
    text.bytes().fold(0_usize, |depth, byte| {
        let depth = match byte {
            b'(' => depth + 1,
            b')' => depth.saturating_sub(1),
            _ => depth,
        };
        deepest = deepest.max(depth);
        depth
    });
    deepest
}

/// Converts to degrees and checks. Lines and polygons only where `points_only` is not set.
///
/// Every defect found is returned, with ring and position as `geo` names them.
pub(crate) fn shape_of(geometry: &geo::Geometry<f64>, crs: &InputCrs, points_only: bool) -> Result<Shape, Vec<Fault>> {
    use geo::Geometry as G;
    if let G::Point(point) = geometry {
        return crs.position(point.x(), point.y(), Carrier::Geometry).map(Shape::Point).map_err(|fault| vec![fault]);
    }
    if let G::MultiPoint(points) = geometry
        && let [only] = points.0.as_slice()
    {
        return shape_of(&G::Point(*only), crs, points_only);
    }
    let is_shape = matches!(geometry, G::LineString(_) | G::MultiLineString(_) | G::Polygon(_) | G::MultiPolygon(_));
    if points_only || !is_shape {
        let accepted = if points_only { "a point is accepted" } else { "a point, lines or polygons are accepted" };
        return Err(vec![Fault::new("a geometry that does not fit this collection", accepted)]);
    }
    if geometry.coords_count() == 0 {
        return Err(vec![Fault::new("an empty geometry", "leave the cell empty when there is no geometry")]);
    }
    let to_degrees = |c: geo::Coord<f64>| crs.position(c.x, c.y, Carrier::Geometry).map(LonLat::coord);
    let degrees = geometry.try_map_coords(to_degrees).map_err(|fault| vec![fault])?;
    let defects = isolated(|| defects(&degrees)).unwrap_or_else(|| vec![Fault::new(UNJUDGED, REDRAW)]);
    if !defects.is_empty() {
        return Err(defects);
    }
    match degrees {
        G::LineString(line) => Ok(Shape::Line(geo::MultiLineString(vec![line]))),
        G::MultiLineString(lines) => Ok(Shape::Line(lines)),
        G::Polygon(polygon) => Ok(Shape::Polygon(geo::MultiPolygon(vec![polygon]))),
        G::MultiPolygon(polygons) => Ok(Shape::Polygon(polygons)),
        _ => Err(vec![Fault::new("a geometry of an unknown kind", "a point, lines or polygons are accepted")]),
    }
}

/// Everything wrong with lines or polygons. Polygons by our own rules: those of `geo` take the square of the number of
/// corners.
fn defects(geometry: &geo::Geometry<f64>) -> Vec<Fault> {
    use geo::Geometry as G;
    let parts: &[Polygon<f64>] = match geometry {
        G::Polygon(polygon) => std::slice::from_ref(polygon),
        G::MultiPolygon(polygons) => &polygons.0,
        lines => {
            let found = lines.validation_errors().into_iter();
            return found.map(|defect| Fault::new(format!("invalid geometry: {defect}"), REPAIR)).collect();
        }
    };
    let name = |index: usize| if parts.len() > 1 { format!("polygon {}, ", index + 1) } else { String::new() };
    let mut found: Vec<_> =
        parts.iter().enumerate().flat_map(|(index, polygon)| defects_of(polygon, &name(index))).collect();
    if found.is_empty() {
        found = overlaps(parts).into_iter().map(|(_, _, defect)| defect).collect();
    }
    found.into_iter().map(|defect| Fault::new(format!("invalid geometry: {}", defect.reason), defect.hint)).collect()
}

const REPAIR: &str = "repair the outline where it was drawn";

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str, points_only: bool) -> Result<Shape, Vec<Fault>> {
        shape_of(&parse_geometry(text).map_err(|fault| vec![fault])?, &InputCrs::Degrees, points_only)
    }

    #[test]
    fn points_lines_and_polygons_are_read() {
        let at = LonLat::new(14.69, 57.65).expect("valid");
        for text in [
            "POINT (14.69 57.65)",
            "point(14.69 57.65)",
            "POINT Z (14.69 57.65 310)",
            "MULTIPOINT ((14.69 57.65))",
            "SRID=4326;POINT (14.69 57.65)",
            r#"{"type":"Point","coordinates":[14.69,57.65]}"#,
        ] {
            assert_eq!(shape(text, true), Ok(Shape::Point(at)), "{text}");
        }
        assert!(matches!(shape("LINESTRING (14 57, 15 58)", false), Ok(Shape::Line(_))));
        assert!(matches!(shape("POLYGON ((14 57, 15 57, 15 58, 14 57))", false), Ok(Shape::Polygon(_))));
    }

    #[test]
    fn what_is_no_valid_geometry_is_refused_with_all_defects() {
        for text in [
            "POINT (nan 57)",
            "POINT (481781 6389937)",
            "POINT",
            "PUNKT (1 2)",
            "GEOMETRYCOLLECTION (POINT (1 2))",
            "POINT EMPTY",
            "LINESTRING EMPTY",
            "{}",
            "MULTIPOINT ((1 2), (3 4))",
        ] {
            assert!(shape(text, false).is_err(), "{text} was accepted");
        }
        assert!(shape("POINT (481781 6389937)", true).expect_err("refused")[0].hint.contains("EPSG:3006"));
        assert!(shape("LINESTRING (14 57, 15 58)", true).expect_err("refused")[0].hint.contains("a point"));
        // A bow-tie crosses itself; a hole outside its polygon is a second defect.
        let bow_tie = "MULTIPOLYGON (((14 57, 15 58, 15 57, 14 58, 14 57)), ((20 60, 21 60, 21 61, 20 60), (30 60, 31 60, 31 61, 30 60)))";
        assert!(shape(bow_tie, false).expect_err("refused").len() >= 2);
    }
}
