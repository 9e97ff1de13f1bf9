//! Geometries as GeoPackage blobs: an 8-byte header, perhaps an envelope, and WKB.

use geo::BoundingRect;
use geozero::wkb::GpkgWkb;
use geozero::{CoordDimensions, ToGeo, ToWkb};

use crate::domain::{LonLat, Shape};

const SRS: i32 = 4326;

/// Header of a little-endian blob without envelope for EPSG:4326, and of a WKB point.
const POINT_HEAD: [u8; 13] = [b'G', b'P', 0, 1, 0xe6, 0x10, 0, 0, 1, 1, 0, 0, 0];

/// The blob of a shape, with an envelope unless it is a point.
pub(super) fn to_blob(shape: &Shape) -> Vec<u8> {
    match shape {
        Shape::Point(at) => {
            let mut blob = Vec::with_capacity(29);
            blob.extend_from_slice(&POINT_HEAD);
            blob.extend_from_slice(&at.lon().to_le_bytes());
            blob.extend_from_slice(&at.lat().to_le_bytes());
            blob
        }
        Shape::Line(lines) => geometry_blob(&geo::Geometry::from(lines.clone())),
        Shape::Polygon(polygons) => geometry_blob(&geo::Geometry::from(polygons.clone())),
    }
}

/// The blob of an outline.
pub(super) fn outline_blob(outline: &geo::MultiPolygon<f64>) -> Vec<u8> {
    geometry_blob(&geo::Geometry::from(outline.clone()))
}

fn geometry_blob(geometry: &geo::Geometry<f64>) -> Vec<u8> {
    let envelope =
        geometry.bounding_rect().map(|b| vec![b.min().x, b.max().x, b.min().y, b.max().y]).unwrap_or_default();
    // Writing to memory fails only for dimensions we do not use; an empty blob would be seen as damaged.
    geometry.to_gpkg_wkb(CoordDimensions::xy(), Some(SRS), envelope).unwrap_or_default()
}

/// The point of a blob, without going through a general reader. `None` when it is something else.
#[inline]
pub(super) fn point_of(blob: &[u8]) -> Option<LonLat> {
    let coordinates = blob.strip_prefix(&POINT_HEAD)?;
    let number = |from: usize| Some(f64::from_le_bytes(coordinates.get(from..from + 8)?.try_into().ok()?));
    LonLat::new(number(0)?, number(8)?).ok()
}

/// The shape of a blob.
pub(super) fn to_shape(blob: &[u8]) -> Option<Shape> {
    if let Some(at) = point_of(blob) {
        return Some(Shape::Point(at));
    }
    match to_geometry(blob)? {
        geo::Geometry::Point(p) => LonLat::new(p.x(), p.y()).ok().map(Shape::Point),
        geo::Geometry::LineString(line) => Some(Shape::Line(geo::MultiLineString(vec![line]))),
        geo::Geometry::MultiLineString(lines) => Some(Shape::Line(lines)),
        geo::Geometry::Polygon(polygon) => Some(Shape::Polygon(geo::MultiPolygon(vec![polygon]))),
        geo::Geometry::MultiPolygon(polygons) => Some(Shape::Polygon(polygons)),
        _ => None,
    }
}

/// Any geometry of a blob.
pub(super) fn to_geometry(blob: &[u8]) -> Option<geo::Geometry<f64>> {
    GpkgWkb(blob).to_geo().ok()
}

/// `[min x, max x, min y, max y]` of a blob, `None` for NULL, empty and unreadable ones.
pub(super) fn envelope_of(blob: &[u8]) -> Option<[f64; 4]> {
    if let Some(at) = point_of(blob) {
        return Some([at.lon(), at.lon(), at.lat(), at.lat()]);
    }
    let bounds = to_geometry(blob)?.bounding_rect()?;
    Some([bounds.min().x, bounds.max().x, bounds.min().y, bounds.max().y])
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::wkt;

    #[test]
    fn shapes_survive_the_blob() {
        let shapes = [
            Shape::Point(LonLat::new(14.694735, 57.651359).expect("valid")),
            Shape::Line(geo::MultiLineString(vec![wkt!(LINESTRING(14.6 57.6,14.7 57.7))])),
            Shape::Polygon(wkt!(MULTIPOLYGON(((14. 57.,15. 57.,15. 58.,14. 57.))))),
        ];
        for shape in shapes {
            assert_eq!(to_shape(&to_blob(&shape)), Some(shape));
        }
        assert_eq!(to_shape(b"GP\0\x01"), None);
    }

    #[test]
    fn the_point_blob_is_what_geozero_writes() {
        let point = geo::Geometry::from(geo::Point::new(14.5, 57.5));
        let written = point.to_gpkg_wkb(CoordDimensions::xy(), Some(SRS), vec![]).expect("writes");
        assert_eq!(to_blob(&Shape::Point(LonLat::new(14.5, 57.5).expect("valid"))), written);
    }

    #[test]
    fn envelopes_are_in_geopackage_order() {
        let blob = to_blob(&Shape::Line(geo::MultiLineString(vec![wkt!(LINESTRING(1. 4.,2. 3.))])));
        assert_eq!(envelope_of(&blob), Some([1.0, 2.0, 3.0, 4.0]));
    }
}
