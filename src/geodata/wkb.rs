//! Geometries of GeoPackages: a header and well-known binary, every length checked against what is there.
//!
//! Why not a library? The ones at hand make room for as many points as the bytes claim, which may be four
//! thousand million.

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// Reads a GeoPackage geometry; `Ok(None)` for an empty one. Third and fourth coordinates are left out.
pub(crate) fn geometry_of_gpkg(blob: &[u8]) -> Result<Option<Geometry<f64>>, &'static str> {
    const CUT: &str = "a geometry that is cut short";
    let [b'G', b'P', _, flags, ..] = blob else { return Err("no GeoPackage geometry") };
    let envelope_bytes = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err("a geometry with an unknown envelope"),
    };
    if flags & 0x20 != 0 {
        return Err("a geometry of an extension");
    }
    if flags & 0x10 != 0 {
        return Ok(None);
    }
    let mut wkb = Wkb { rest: blob.get(8 + envelope_bytes..).ok_or(CUT)?, is_little: true, values: 2 };
    wkb.geometry(0).map(Some)
}

struct Wkb<'a> {
    rest: &'a [u8],
    is_little: bool,
    /// Numbers of one position.
    values: usize,
}

type Read<T> = Result<T, &'static str>;

impl Wkb<'_> {
    fn bytes<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or("a geometry that is cut short")?;
        self.rest = rest;
        Ok(*head)
    }

    fn number(&mut self) -> Read<u32> {
        let bytes = self.bytes()?;
        Ok(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// How many parts follow; each needs at least so many bytes.
    fn count(&mut self, least_bytes: usize) -> Read<usize> {
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count > self.rest.len() / least_bytes { Err("a geometry that is cut short") } else { Ok(count) }
    }

    fn position(&mut self) -> Read<Coord<f64>> {
        let mut values = [0.0; 4];
        for value in values.iter_mut().take(self.values) {
            let bytes = self.bytes()?;
            *value = if self.is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) };
        }
        Ok(Coord { x: values[0], y: values[1] })
    }

    fn line(&mut self) -> Read<LineString<f64>> {
        let count = self.count(8 * self.values)?;
        (0..count).map(|_| self.position()).collect::<Read<Vec<_>>>().map(LineString)
    }

    fn polygon(&mut self) -> Read<Polygon<f64>> {
        let count = self.count(4)?;
        let mut rings = (0..count).map(|_| self.line()).collect::<Read<Vec<_>>>()?.into_iter();
        Ok(Polygon::new(rings.next().unwrap_or_else(|| LineString(Vec::new())), rings.collect()))
    }

    fn parts(&mut self) -> Read<Vec<Geometry<f64>>> {
        let count = self.count(9)?;
        (0..count).map(|_| self.geometry(1)).collect()
    }

    fn geometry(&mut self, depth: u8) -> Read<Geometry<f64>> {
        let [order] = self.bytes()?;
        self.is_little = order != 0;
        let kind = self.number()?;
        self.values = match kind / 1000 {
            0 => 2,
            1 | 2 => 3,
            3 => 4,
            _ => return Err("a geometry of an unknown kind"),
        };
        let other = "a geometry whose parts are of another kind";
        Ok(match (kind % 1000, depth) {
            (1, _) => Geometry::Point(Point(self.position()?)),
            (2, _) => Geometry::LineString(self.line()?),
            (3, _) => Geometry::Polygon(self.polygon()?),
            (4, 0) => {
                let points = self.parts()?.into_iter().map(|part| Point::try_from(part).map_err(|_| other));
                Geometry::MultiPoint(MultiPoint(points.collect::<Read<_>>()?))
            }
            (5, 0) => {
                let lines = self.parts()?.into_iter().map(|part| LineString::try_from(part).map_err(|_| other));
                Geometry::MultiLineString(MultiLineString(lines.collect::<Read<_>>()?))
            }
            (6, 0) => {
                let polygons = self.parts()?.into_iter().map(|part| Polygon::try_from(part).map_err(|_| other));
                Geometry::MultiPolygon(MultiPolygon(polygons.collect::<Read<_>>()?))
            }
            _ => return Err("a geometry of an unknown kind"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header without envelope, then little-endian well-known binary of a kind.
    fn blob(kind: u32, body: &[u8]) -> Vec<u8> {
        let mut blob = b"GP\0\x01\0\0\0\0\x01".to_vec();
        blob.extend(kind.to_le_bytes());
        blob.extend(body);
        blob
    }

    fn numbers(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    #[test]
    fn points_and_lines_are_read_with_or_without_height() {
        let point = Geometry::Point(Point::new(14.5, 57.5));
        assert_eq!(geometry_of_gpkg(&blob(1, &numbers(&[14.5, 57.5]))), Ok(Some(point.clone())));
        assert_eq!(geometry_of_gpkg(&blob(1001, &numbers(&[14.5, 57.5, 300.0]))), Ok(Some(point)));
        let mut line = 2_u32.to_le_bytes().to_vec();
        line.extend(numbers(&[1.0, 2.0, 3.0, 4.0]));
        let expected = Geometry::LineString(LineString::from(vec![(1.0, 2.0), (3.0, 4.0)]));
        assert_eq!(geometry_of_gpkg(&blob(2, &line)), Ok(Some(expected)));
        assert_eq!(geometry_of_gpkg(b"GP\0\x11\0\0\0\0"), Ok(None));
    }

    #[test]
    fn claims_larger_than_the_blob_make_no_room() {
        for kind in 2..=6 {
            assert!(geometry_of_gpkg(&blob(kind, &u32::MAX.to_le_bytes())).is_err(), "{kind}");
        }
        let whole = blob(1, &numbers(&[14.5, 57.5]));
        assert!((0..whole.len()).all(|cut| geometry_of_gpkg(&whole[..cut]).is_err()));
        assert!(geometry_of_gpkg(&blob(7, &1_u32.to_le_bytes())).is_err());
    }
}
