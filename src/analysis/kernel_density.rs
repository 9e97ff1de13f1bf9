//! Exact kernel density: `f(u) = Σ wᵢ K(|u - xᵢ| / h) / h²` at cell centres, in events per m².
//!
//! No binning and no approximation: every value is the sum over all events within reach. What makes
//! it fast is the order of the work. Events at one position are collapsed first; for the kernels
//! that are polynomials of the squared distance a row of cells costs each event a constant amount,
//! however many cells it covers (`row_band.rs`, after the sweep-line idea of Chan et al., "SLAM:
//! Efficient Sweep Line Algorithms for Kernel Density Visualization", SIGMOD 2022, with difference
//! arrays and local origins instead of a sorted sweep). The triangular kernel is summed cell by
//! cell and the Gaussian one is a product of one vector per axis (`direct.rs`).
//!
//! Weights may be signed, so a difference of two periods is one call. The result depends neither on
//! the order of the input nor on the number of threads: events are summed by northing, then easting,
//! then weight. The error against summing kernel by kernel is below 1e-10 of the largest value.

mod arrange;
mod direct;
mod row_band;
#[cfg(test)]
mod tests;

use super::kernel::{Bandwidth, Kernel};
use crate::spatial::Raster;
use arrange::arrange;

/// An event in the plane and how much it counts.
///
/// Positions that came through [`Plane`](crate::domain::Plane) are finite. A position that is not is
/// outside every reach and counts nowhere; a weight that is not finite makes the cells it reaches NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedPoint {
    /// Easting, metres.
    pub x_m: f64,
    /// Northing, metres.
    pub y_m: f64,
    /// 1 for a plain count; harm, a share of an interval, 1/days, or negative for what is subtracted.
    pub weight: f64,
}

/// The density at every cell centre, in weight per m², row by row from the south-west.
///
/// A cell that no event reaches is exactly 0, and so is a distance of exactly the bandwidth. When
/// all weights are at least 0, no value is below 0. Rows are shared among the threads of the current
/// rayon pool. Cost: see [`cost`]; memory: the result and 24 bytes per event within reach.
pub fn kernel_density(points: &[WeightedPoint], raster: &Raster, kernel: Kernel, bandwidth: Bandwidth) -> Vec<f64> {
    let mut values = vec![0.0; raster.cells()];
    let way = Way::of(raster, kernel, bandwidth);
    let events = arrange(points, raster, kernel.reach() * bandwidth.m(), way.columns_per_block(raster, bandwidth));
    if events.len() == 0 {
        return values;
    }
    match (way, kernel) {
        (Way::RowBand, Kernel::Uniform) => row_band::fill::<1>(&events, raster, bandwidth, &mut values),
        (Way::RowBand, Kernel::Epanechnikov) => row_band::fill::<2>(&events, raster, bandwidth, &mut values),
        (Way::RowBand, Kernel::Triweight) => row_band::fill::<4>(&events, raster, bandwidth, &mut values),
        (Way::RowBand, _) => row_band::fill::<3>(&events, raster, bandwidth, &mut values),
        (Way::CellByCell, _) => direct::fill(&events, raster, kernel, bandwidth, &mut values),
        (Way::Product, _) => direct::fill_gaussian(&events, raster, bandwidth, &mut values),
    }
    values
}

/// The density at single positions, in weight per m²: the same sum as [`kernel_density`], cell by
/// cell. Cost: the events within reach north and south of each position.
pub fn kernel_density_at(points: &[WeightedPoint], at: &[[f64; 2]], kernel: Kernel, bandwidth: Bandwidth) -> Vec<f64> {
    direct::at_positions(points, at, kernel, bandwidth)
}

/// How much work [`kernel_density`] would be, in elementary steps of a few nanoseconds: the row
/// intervals (one for each event and row it reaches; for kernels summed cell by cell one for each
/// event and cell) plus the cells. An upper bound: events at one position count separately here.
/// Takes one pass over the events and nothing else.
pub fn cost(points: &[WeightedPoint], raster: &Raster, kernel: Kernel, bandwidth: Bandwidth) -> u64 {
    let reach_m = kernel.reach() * bandwidth.m();
    let cell_by_cell = Way::of(raster, kernel, bandwidth) != Way::RowBand;
    let intervals: u64 = points
        .iter()
        .map(|point| {
            let rows =
                lattice_points((point.y_m - raster.y_m(0)) / raster.dy_m(), reach_m / raster.dy_m(), raster.ny());
            let cols =
                lattice_points((point.x_m - raster.x_m(0)) / raster.dx_m(), reach_m / raster.dx_m(), raster.nx());
            if cell_by_cell { rows.saturating_mul(cols) } else { rows * cols.min(1) }
        })
        .fold(0, u64::saturating_add);
    intervals.saturating_add(raster.cells() as u64)
}

/// How many of 0..n lie within `reach` of `at`; none when `at` is not a number.
fn lattice_points(at: f64, reach: f64, n: usize) -> u64 {
    let first = (at - reach).ceil().max(0.0);
    let last = (at + reach).floor().min(n as f64 - 1.0);
    if at.is_finite() && last >= first { (last - first) as u64 + 1 } else { 0 }
}

/// How the sum is organised.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    RowBand,
    CellByCell,
    Product,
}

impl Way {
    /// Below this many columns on each side of an event, writing the cells is cheaper than writing
    /// the ends of the interval.
    const FEW_COLUMNS: f64 = 2.0;

    fn of(raster: &Raster, kernel: Kernel, bandwidth: Bandwidth) -> Self {
        match kernel {
            Kernel::Gaussian => Self::Product,
            Kernel::Triangular => Self::CellByCell,
            _ if bandwidth.m() < Self::FEW_COLUMNS * raster.dx_m() => Self::CellByCell,
            _ => Self::RowBand,
        }
    }

    fn columns_per_block(self, raster: &Raster, bandwidth: Bandwidth) -> usize {
        if self == Self::RowBand { row_band::columns_per_block(raster, bandwidth) } else { raster.nx() }
    }
}
