//! Sums cell by cell: any kernel, and the Gaussian as a product of one vector per axis.

use rayon::prelude::*;

use super::WeightedPoint;
use super::arrange::Arranged;
use crate::analysis::kernel::{Bandwidth, Kernel};
use crate::spatial::Raster;

/// Adds the kernel of each event to each cell it reaches. Cells get their events in one order,
/// whatever rows a thread has.
pub(super) fn fill(events: &Arranged, raster: &Raster, kernel: Kernel, bandwidth: Bandwidth, values: &mut [f64]) {
    let h = bandwidth.m();
    let inverse_h2 = 1.0 / (h * h);
    let half_columns = h / raster.dx_m();
    values.par_chunks_mut(raster.nx()).enumerate().for_each(|(row, cells)| {
        let y_m = raster.y_m(row);
        for i in band(&events.y_m, y_m, h) {
            let dy = y_m - events.y_m[i];
            let column = (events.x_m[i] - raster.x_m(0)) / raster.dx_m();
            let first = (column - half_columns).floor().max(0.0) as usize;
            // Casting saturates: an event further west than its reach ends at column 0, adding 0.
            let end = ((column + half_columns).ceil() + 1.0).clamp(0.0, raster.nx() as f64) as usize;
            for (k, value) in cells.iter_mut().enumerate().take(end).skip(first) {
                let dx = raster.x_m(k) - events.x_m[i];
                *value += events.weight[i] * kernel.at_squared(share_squared(dx, dy, h, inverse_h2)) * inverse_h2;
            }
        }
    });
}

/// The Gaussian factorises: `exp(-d²/2σ²) = exp(-dx²/2σ²) exp(-dy²/2σ²)`, so an event costs one
/// exponential per column and one per row, and one multiplication per cell. Cut where either
/// distance exceeds 8.5 standard deviations.
pub(super) fn fill_gaussian(events: &Arranged, raster: &Raster, bandwidth: Bandwidth, values: &mut [f64]) {
    let sigma = bandwidth.m();
    let reach_m = Kernel::Gaussian.reach() * sigma;
    let scale = Kernel::Gaussian.at_centre() / (sigma * sigma);
    let falls = |d_m: f64| (-0.5 * (d_m / sigma) * (d_m / sigma)).exp();
    let rows_per_task = raster.ny().div_ceil(rayon::current_num_threads() * 2).max(1);
    values.par_chunks_mut(rows_per_task * raster.nx()).enumerate().for_each(|(task, cells)| {
        let first_row = task * rows_per_task;
        let rows = cells.len() / raster.nx();
        let (south_m, north_m) = (raster.y_m(first_row), raster.y_m(first_row + rows - 1));
        let from = events.y_m.partition_point(|&y| y < south_m - reach_m);
        let to = events.y_m.partition_point(|&y| y <= north_m + reach_m);
        let mut along_row = Vec::new();
        for i in from..to {
            let within = |centre_m: f64, at_m: f64| (centre_m - at_m).abs() <= reach_m;
            let column = (events.x_m[i] - raster.x_m(0)) / raster.dx_m();
            let half = reach_m / raster.dx_m();
            let first = (column - half).floor().max(0.0) as usize;
            let end = ((column + half).ceil() + 1.0).clamp(0.0, raster.nx() as f64) as usize;
            along_row.clear();
            along_row.extend((first..end).map(|col| {
                let x_m = raster.x_m(col);
                if within(x_m, events.x_m[i]) { falls(x_m - events.x_m[i]) } else { 0.0 }
            }));
            for (row, cells) in cells.chunks_exact_mut(raster.nx()).enumerate() {
                let y_m = raster.y_m(first_row + row);
                if within(y_m, events.y_m[i]) && first < end {
                    let factor = events.weight[i] * scale * falls(y_m - events.y_m[i]);
                    cells[first..end].iter_mut().zip(&along_row).for_each(|(value, along)| *value += factor * along);
                }
            }
        }
    });
}

/// The density at each position, events summed by northing, easting, weight.
pub(super) fn at_positions(
    points: &[WeightedPoint],
    at: &[[f64; 2]],
    kernel: Kernel,
    bandwidth: Bandwidth,
) -> Vec<f64> {
    let h = bandwidth.m();
    let inverse_h2 = 1.0 / (h * h);
    let reach_m = kernel.reach() * h;
    let finite = |point: &&WeightedPoint| point.x_m.is_finite() && point.y_m.is_finite();
    let mut sorted: Vec<WeightedPoint> = points.iter().filter(finite).copied().collect();
    sorted.sort_unstable_by(|a, b| {
        a.y_m.total_cmp(&b.y_m).then(a.x_m.total_cmp(&b.x_m)).then(a.weight.total_cmp(&b.weight))
    });
    let ys: Vec<f64> = sorted.iter().map(|point| point.y_m).collect();
    at.par_iter()
        .map(|&[x_m, y_m]| {
            band(&ys, y_m, reach_m)
                .map(|i| (sorted[i], x_m - sorted[i].x_m))
                .filter(|(_, dx)| dx.abs() <= reach_m)
                .map(|(point, dx)| {
                    point.weight * kernel.at_squared(share_squared(dx, y_m - point.y_m, h, inverse_h2)) * inverse_h2
                })
                // Not sum(): over nothing that would be -0.
                .fold(0.0, |total, value| total + value)
        })
        .collect()
}

/// The events of a sorted column within `reach_m` of a northing.
fn band(sorted_y_m: &[f64], y_m: f64, reach_m: f64) -> std::ops::Range<usize> {
    sorted_y_m.partition_point(|&y| y < y_m - reach_m)..sorted_y_m.partition_point(|&y| y <= y_m + reach_m)
}

/// `(d / h)²`, and exactly 1 where `d² >= h²` only by rounding of the division: the border belongs
/// to the outside by one test, `dx² + dy² < h²`, everywhere.
fn share_squared(dx: f64, dy: f64, h: f64, inverse_h2: f64) -> f64 {
    let d2 = dx * dx + dy * dy;
    let share = d2 * inverse_h2;
    if d2 < h * h { share.min(1.0 - f64::EPSILON) } else { share.max(1.0) }
}
