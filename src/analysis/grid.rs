//! Counts per square cell: a partition of the plane into half-open squares.
//!
//! Cell borders are whole multiples of the cell size in the plane, so a cell means the same place in
//! every request, and a point on a border belongs to the cell to its east and north. Every point
//! falls into exactly one cell: the counts sum to the number of points. Only cells that hold
//! something are kept, so a stray point costs one cell, not a million empty ones.

use super::kernel_density::WeightedPoint;

/// A square with something in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridCell {
    /// Column in the plane: the western border is at `col * cell_m`.
    pub col: i64,
    /// Row in the plane: the southern border is at `row * cell_m`.
    pub row: i64,
    /// Number of points.
    pub count: u64,
    /// Sum of their weights, added in the order of northing, easting, weight.
    pub weight: f64,
}

impl GridCell {
    /// The id of a square in Swedish square statistics: easting and northing of the lower left
    /// corner in whole metres. Unique when `cell_m` is at least 1 m.
    pub fn id(&self, cell_m: f64) -> String {
        format!("{:.0}{:07.0}", self.col as f64 * cell_m, self.row as f64 * cell_m)
    }

    /// Easting and northing of the centre, metres.
    pub fn centre_m(&self, cell_m: f64) -> [f64; 2] {
        [(self.col as f64 + 0.5) * cell_m, (self.row as f64 + 0.5) * cell_m]
    }
}

/// A cell size that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("a cell of {cell_m} m is not possible: finite sizes of at least {} m are accepted", MIN_CELL_M)]
pub struct InvalidCellSize {
    /// What was given, metres.
    pub cell_m: f64,
}

/// Least cell size: below it the coordinates of one place would not fit a whole number.
pub const MIN_CELL_M: f64 = 0.001;

/// Counts points per square of `cell_m` metres: the cells that hold something, from south to north
/// and west to east. Points whose position is not finite are in no cell. Cost: one sort.
pub fn grid_counts(points: &[WeightedPoint], cell_m: f64) -> Result<Vec<GridCell>, InvalidCellSize> {
    if !(cell_m >= MIN_CELL_M && cell_m.is_finite()) {
        return Err(InvalidCellSize { cell_m });
    }
    let index = |metres: f64| (metres / cell_m).floor() as i64;
    let mut sorted: Vec<(i64, i64, WeightedPoint)> = points
        .iter()
        .filter(|p| p.x_m.is_finite() && p.y_m.is_finite())
        .map(|p| (index(p.y_m), index(p.x_m), *p))
        .collect();
    sorted.sort_unstable_by(|(row_a, col_a, a), (row_b, col_b, b)| {
        (row_a, col_a)
            .cmp(&(row_b, col_b))
            .then(a.y_m.total_cmp(&b.y_m))
            .then(a.x_m.total_cmp(&b.x_m))
            .then(a.weight.total_cmp(&b.weight))
    });
    let same_cell = |a: &(i64, i64, WeightedPoint), b: &(i64, i64, WeightedPoint)| (a.0, a.1) == (b.0, b.1);
    Ok(sorted
        .chunk_by(same_cell)
        .map(|cell| GridCell {
            col: cell[0].1,
            row: cell[0].0,
            count: cell.len() as u64,
            weight: cell.iter().map(|(_, _, p)| p.weight).fold(0.0, |total, w| total + w),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x_m: f64, y_m: f64, weight: f64) -> WeightedPoint {
        WeightedPoint { x_m, y_m, weight }
    }

    #[test]
    fn a_point_on_a_border_belongs_to_the_cell_to_its_east_and_north() {
        let points = [point(100.0, 100.0, 1.0), point(99.999, 100.0, 2.0), point(-0.001, -100.0, 4.0)];
        let cells = grid_counts(&points, 100.0).expect("valid");
        let expected = [
            GridCell { col: -1, row: -1, count: 1, weight: 4.0 },
            GridCell { col: 0, row: 1, count: 1, weight: 2.0 },
            GridCell { col: 1, row: 1, count: 1, weight: 1.0 },
        ];
        assert_eq!(cells, expected);
    }

    #[test]
    fn the_counts_sum_to_the_number_of_points_and_a_stray_point_is_one_cell() {
        let mut points: Vec<_> = (0..1000).map(|i| point(f64::from(i % 37) * 13.7, f64::from(i) * 0.9, 0.5)).collect();
        points.push(point(-7e6, 8e6, 0.5));
        let cells = grid_counts(&points, 50.0).expect("valid");
        assert_eq!(cells.iter().map(|cell| cell.count).sum::<u64>(), 1001);
        assert!((cells.iter().map(|cell| cell.weight).sum::<f64>() - 500.5).abs() < 1e-9);
        assert!(cells.len() < 400, "{}", cells.len());
        assert_eq!(cells.last().map(|cell| (cell.col, cell.row)), Some((-140_000, 160_000)));
    }

    #[test]
    fn the_id_is_the_lower_left_corner() {
        // 481 775.3 m east, 6 390 130.4 m north lies in the square that begins at 481 750, 6 390 000.
        let cells = grid_counts(&[point(481_775.3, 6_390_130.4, 1.0)], 250.0).expect("valid");
        assert_eq!(cells[0].id(250.0), "4817506390000");
        assert_eq!(cells[0].centre_m(250.0).map(|m| m as i64), [481_875, 6_390_125]);
    }

    #[test]
    fn impossible_cell_sizes_are_refused_and_positions_that_are_no_numbers_are_in_no_cell() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(grid_counts(&[], wrong).is_err());
        }
        assert_eq!(grid_counts(&[point(f64::NAN, 1.0, 1.0)], 10.0), Ok(vec![]));
    }
}
