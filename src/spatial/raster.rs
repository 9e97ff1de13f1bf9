//! A lattice of rectangular cells in the plane, on which a surface is evaluated at the cell centres.

/// A rectangle in the plane, in metres; both limits belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Western limit.
    pub x_min_m: f64,
    /// Southern limit.
    pub y_min_m: f64,
    /// Eastern limit.
    pub x_max_m: f64,
    /// Northern limit.
    pub y_max_m: f64,
}

impl Extent {
    /// The smallest extent that holds every position; `None` when there is none.
    pub fn of(positions: impl IntoIterator<Item = [f64; 2]>) -> Option<Self> {
        let mut positions = positions.into_iter();
        let [x, y] = positions.next()?;
        let first = Self { x_min_m: x, y_min_m: y, x_max_m: x, y_max_m: y };
        Some(positions.fold(first, |e, [x, y]| Self {
            x_min_m: e.x_min_m.min(x),
            y_min_m: e.y_min_m.min(y),
            x_max_m: e.x_max_m.max(x),
            y_max_m: e.y_max_m.max(y),
        }))
    }

    /// The extent with `margin_m` added on every side.
    pub fn grown(self, margin_m: f64) -> Self {
        Self {
            x_min_m: self.x_min_m - margin_m,
            y_min_m: self.y_min_m - margin_m,
            x_max_m: self.x_max_m + margin_m,
            y_max_m: self.y_max_m + margin_m,
        }
    }
}

/// Cells in rows and columns: row 0 is the southernmost, column 0 the westernmost. Values for a
/// raster are stored row by row, so cell (`row`, `col`) is at `row * nx + col`.
#[derive(Clone, Debug, PartialEq)]
pub struct Raster {
    x_min_m: f64,
    y_min_m: f64,
    dx_m: f64,
    dy_m: f64,
    nx: usize,
    ny: usize,
}

/// Numbers that make no raster.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InvalidRaster {
    /// A corner that is NaN or infinite, or so far away that neighbouring cells would coincide.
    #[error(
        "a raster cannot have its corner at ({x_min_m}, {y_min_m}): finite metres are accepted, near enough to tell cells apart"
    )]
    Corner {
        /// Western limit given, metres.
        x_min_m: f64,
        /// Southern limit given, metres.
        y_min_m: f64,
    },
    /// A cell without a positive, finite size.
    #[error("a cell of {dx_m} m by {dy_m} m has no area: finite sizes above 0 m are accepted")]
    Cell {
        /// Width given, metres.
        dx_m: f64,
        /// Height given, metres.
        dy_m: f64,
    },
    /// No cell, or more than a program can address.
    #[error("{nx} x {ny} cells: from 1 to {} cells along each axis are accepted", Raster::MAX_CELLS_PER_AXIS)]
    Count {
        /// Columns asked for.
        nx: f64,
        /// Rows asked for.
        ny: f64,
    },
    /// An extent whose limits are not finite and in order.
    #[error("{extent:?} is no rectangle: finite limits with minimum <= maximum are accepted")]
    Extent {
        /// What was given.
        extent: Extent,
    },
}

impl Raster {
    /// Most columns, and most rows. It keeps indices exact; how many cells may be computed is a
    /// question of cost, which the method asks before it works.
    pub const MAX_CELLS_PER_AXIS: usize = 1 << 26;

    /// A raster of `nx` by `ny` cells of `dx_m` by `dy_m` metres whose lower left corner is given.
    pub fn new(x_min_m: f64, y_min_m: f64, dx_m: f64, dy_m: f64, nx: usize, ny: usize) -> Result<Self, InvalidRaster> {
        if !(dx_m > 0.0 && dy_m > 0.0 && dx_m.is_finite() && dy_m.is_finite()) {
            return Err(InvalidRaster::Cell { dx_m, dy_m });
        }
        let accepted = 1..=Self::MAX_CELLS_PER_AXIS;
        if !accepted.contains(&nx) || !accepted.contains(&ny) {
            return Err(InvalidRaster::Count { nx: nx as f64, ny: ny as f64 });
        }
        let raster = Self { x_min_m, y_min_m, dx_m, dy_m, nx, ny };
        let far = |min: f64, size: f64, n: usize| {
            let max = min + size * n as f64;
            !max.is_finite() || (min.abs().max(max.abs()) + size / 2.0) - min.abs().max(max.abs()) < size / 4.0
        };
        if far(x_min_m, dx_m, nx) || far(y_min_m, dy_m, ny) {
            return Err(InvalidRaster::Corner { x_min_m, y_min_m });
        }
        Ok(raster)
    }

    /// The cells of size `cell_m` that touch the extent, where cell borders are whole multiples of
    /// `cell_m` in the plane, so that two rasters of one cell size always share their cells. A limit
    /// on a border takes the cell to its east or north.
    pub fn aligned(extent: Extent, cell_m: f64) -> Result<Self, InvalidRaster> {
        let Extent { x_min_m, y_min_m, x_max_m, y_max_m } = extent;
        if !(x_min_m <= x_max_m && y_min_m <= y_max_m)
            || [x_min_m, y_min_m, x_max_m, y_max_m].iter().any(|limit| !limit.is_finite())
        {
            return Err(InvalidRaster::Extent { extent });
        }
        if !(cell_m > 0.0 && cell_m.is_finite()) {
            return Err(InvalidRaster::Cell { dx_m: cell_m, dy_m: cell_m });
        }
        let (first_col, first_row) = ((x_min_m / cell_m).floor(), (y_min_m / cell_m).floor());
        let nx = (x_max_m / cell_m).floor() - first_col + 1.0;
        let ny = (y_max_m / cell_m).floor() - first_row + 1.0;
        let most = Self::MAX_CELLS_PER_AXIS as f64;
        if nx > most || ny > most {
            return Err(InvalidRaster::Count { nx, ny });
        }
        Self::new(first_col * cell_m, first_row * cell_m, cell_m, cell_m, nx as usize, ny as usize)
    }

    /// Western limit, metres.
    pub fn x_min_m(&self) -> f64 {
        self.x_min_m
    }

    /// Southern limit, metres.
    pub fn y_min_m(&self) -> f64 {
        self.y_min_m
    }

    /// Width of a cell, metres.
    pub fn dx_m(&self) -> f64 {
        self.dx_m
    }

    /// Height of a cell, metres.
    pub fn dy_m(&self) -> f64 {
        self.dy_m
    }

    /// Number of columns.
    pub fn nx(&self) -> usize {
        self.nx
    }

    /// Number of rows.
    pub fn ny(&self) -> usize {
        self.ny
    }

    /// Number of cells.
    pub fn cells(&self) -> usize {
        self.nx * self.ny
    }

    /// Area of one cell in the plane, square metres.
    pub fn cell_area_m2(&self) -> f64 {
        self.dx_m * self.dy_m
    }

    /// Easting of the centre of a column, metres.
    pub fn x_m(&self, col: usize) -> f64 {
        self.x_min_m + (col as f64 + 0.5) * self.dx_m
    }

    /// Northing of the centre of a row, metres.
    pub fn y_m(&self, row: usize) -> f64 {
        self.y_min_m + (row as f64 + 0.5) * self.dy_m
    }

    /// What the cells cover.
    pub fn extent(&self) -> Extent {
        Extent {
            x_min_m: self.x_min_m,
            y_min_m: self.y_min_m,
            x_max_m: self.x_min_m + self.nx as f64 * self.dx_m,
            y_max_m: self.y_min_m + self.ny as f64 * self.dy_m,
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // whole and half metres are exact
mod tests {
    use super::*;

    #[test]
    fn centres_are_half_a_cell_from_the_lower_left_corner() {
        let raster = Raster::new(100.0, 200.0, 10.0, 20.0, 3, 2).expect("valid");
        assert_eq!([raster.x_m(0), raster.x_m(2)], [105.0, 125.0]);
        assert_eq!([raster.y_m(0), raster.y_m(1)], [210.0, 230.0]);
        assert_eq!(raster.cells(), 6);
        assert_eq!(raster.extent(), Extent { x_min_m: 100.0, y_min_m: 200.0, x_max_m: 130.0, y_max_m: 240.0 });
    }

    #[test]
    fn an_aligned_raster_begins_at_whole_multiples_and_covers_the_extent() {
        let extent = Extent { x_min_m: -1.0, y_min_m: 250.0, x_max_m: 100.0, y_max_m: 299.0 };
        let raster = Raster::aligned(extent, 100.0).expect("valid");
        assert_eq!((raster.x_min_m(), raster.y_min_m()), (-100.0, 200.0));
        // The eastern limit lies on the border at 100 and takes the cell that begins there.
        assert_eq!((raster.nx(), raster.ny()), (3, 1));
    }

    #[test]
    fn two_aligned_rasters_of_one_cell_size_share_their_centres() {
        let a = Raster::aligned(Extent { x_min_m: 0.0, y_min_m: 0.0, x_max_m: 1000.0, y_max_m: 1.0 }, 75.0);
        let b = Raster::aligned(Extent { x_min_m: 460.0, y_min_m: 0.0, x_max_m: 1000.0, y_max_m: 1.0 }, 75.0);
        assert_eq!(a.expect("valid").x_m(6), b.expect("valid").x_m(0));
    }

    #[test]
    fn numbers_that_make_no_raster_are_refused_and_named() {
        assert!(matches!(Raster::new(0.0, 0.0, 0.0, 1.0, 1, 1), Err(InvalidRaster::Cell { .. })));
        assert!(matches!(Raster::new(0.0, 0.0, 1.0, f64::NAN, 1, 1), Err(InvalidRaster::Cell { .. })));
        assert!(matches!(Raster::new(0.0, 0.0, 1.0, 1.0, 0, 1), Err(InvalidRaster::Count { .. })));
        assert!(matches!(Raster::new(f64::NAN, 0.0, 1.0, 1.0, 1, 1), Err(InvalidRaster::Corner { .. })));
        assert!(matches!(Raster::new(1e17, 0.0, 1.0, 1.0, 1, 1), Err(InvalidRaster::Corner { .. })));
        let stray = Extent { x_min_m: 0.0, y_min_m: 0.0, x_max_m: 1e12, y_max_m: 1.0 };
        let refused = Raster::aligned(stray, 1.0).expect_err("too many");
        assert!(refused.to_string().contains("1000000000001 x 2 cells"), "{refused}");
        let reversed = Extent { x_min_m: 1.0, y_min_m: 0.0, x_max_m: 0.0, y_max_m: 1.0 };
        assert!(matches!(Raster::aligned(reversed, 1.0), Err(InvalidRaster::Extent { .. })));
    }

    #[test]
    fn the_extent_of_positions_holds_all_of_them() {
        assert_eq!(Extent::of([]), None);
        let extent = Extent::of([[1.0, 5.0], [-2.0, 3.0]]).expect("not empty").grown(1.0);
        assert_eq!(extent, Extent { x_min_m: -3.0, y_min_m: 2.0, x_max_m: 2.0, y_max_m: 6.0 });
    }
}
