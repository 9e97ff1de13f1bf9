//! Counts per hexagon of the H3 system.
//!
//! H3 divides the globe into cells of nearly, but not exactly, one size: at Nässjö a cell is 22 %
//! smaller than the world average of its resolution. A density therefore divides by the area of the
//! cell itself. The twelve pentagons of the system count like any other cell.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};

use crate::domain::LonLat;

/// A hexagon with something in it.
#[derive(Clone, Debug, PartialEq)]
pub struct HexCell {
    id: CellIndex,
    /// Number of positions.
    pub count: u64,
    /// Sum of their weights, in the order given.
    pub weight: f64,
}

/// A resolution that H3 does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("H3 has no resolution {resolution}: 0 (largest) to 15 (smallest) are accepted")]
pub struct InvalidResolution {
    /// What was given.
    pub resolution: u8,
}

impl HexCell {
    /// The H3 index as its usual 15 hexadecimal digits.
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Area of this very cell on the sphere H3 uses, km².
    pub fn area_km2(&self) -> f64 {
        self.id.area_km2()
    }

    /// Corners, counter-clockwise, not closed: five to ten of them where the cell crosses an edge of
    /// the underlying icosahedron.
    pub fn boundary(&self) -> Vec<LonLat> {
        self.id.boundary().iter().map(|&corner| lonlat(corner)).collect()
    }

    /// The centre.
    pub fn centre(&self) -> LonLat {
        lonlat(LatLng::from(self.id))
    }
}

/// The H3 index of a position, as 15 hexadecimal digits.
pub fn hexagon_of(at: LonLat, resolution: u8) -> Result<String, InvalidResolution> {
    Ok(cell_of(at, checked(resolution)?).to_string())
}

/// Counts positions per H3 cell: the cells that hold something, in ascending order of their id. Sums
/// of weights follow the input, so give it in a fixed order. Cost: one look-up per position.
pub fn hexagon_counts(points: &[(LonLat, f64)], resolution: u8) -> Result<Vec<HexCell>, InvalidResolution> {
    let resolution = checked(resolution)?;
    let mut cells: BTreeMap<CellIndex, (u64, f64)> = BTreeMap::new();
    for &(at, weight) in points {
        let (count, sum) = cells.entry(cell_of(at, resolution)).or_default();
        *count += 1;
        *sum += weight;
    }
    Ok(cells.into_iter().map(|(id, (count, weight))| HexCell { id, count, weight }).collect())
}

fn checked(resolution: u8) -> Result<Resolution, InvalidResolution> {
    Resolution::try_from(resolution).map_err(|_| InvalidResolution { resolution })
}

fn cell_of(at: LonLat, resolution: Resolution) -> CellIndex {
    LatLng::new(at.lat(), at.lon()).expect("a LonLat is finite").to_cell(resolution)
}

fn lonlat(at: LatLng) -> LonLat {
    // Rounding can carry a longitude just past the antimeridian.
    LonLat::new(at.lng().clamp(-180.0, 180.0), at.lat().clamp(-90.0, 90.0)).expect("clamped into range")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).expect("valid")
    }

    #[test]
    fn positions_are_counted_in_the_cell_that_holds_them_sorted_by_id() {
        // Ids from the reference implementation, fixture projection_area_h3.
        let points = [(at(14.7042, 57.648), 1.0), (at(14.6963, 57.6531), 2.0), (at(14.6963, 57.6531), 0.5)];
        let cells = hexagon_counts(&points, 9).expect("valid");
        let found: Vec<_> = cells.iter().map(|cell| (cell.id(), cell.count)).collect();
        assert_eq!(found, [("8908b2d548bffff".to_string(), 2), ("8908b2d54cfffff".to_string(), 1)]);
        assert!((cells[0].weight - 2.5).abs() < 1e-12);
    }

    #[test]
    fn the_area_is_that_of_the_cell_not_the_world_average() {
        // Measured with the reference implementation at Nässjö: 0.0824 km2; the world average is 0.1053.
        let cells = hexagon_counts(&[(at(14.6963, 57.6531), 1.0)], 9).expect("valid");
        assert!((cells[0].area_km2() - 0.0824).abs() < 0.0001, "{}", cells[0].area_km2());
        assert_eq!(cells[0].boundary().len(), 6);
        let centre = cells[0].centre();
        assert_eq!(hexagon_of(centre, 9), Ok(cells[0].id()));
    }

    #[test]
    fn resolutions_that_do_not_exist_are_refused() {
        assert_eq!(hexagon_counts(&[], 16), Err(InvalidResolution { resolution: 16 }));
        assert_eq!(hexagon_counts(&[], 15), Ok(vec![]));
    }
}
