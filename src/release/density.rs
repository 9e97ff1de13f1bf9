//! Density for everybody: a surface over the published numbers of squares, never over reports (P6).

use std::collections::BTreeMap;

use super::attack::{Place, Shown, Statement};
use super::statistics::{Density, DensityCell};
use crate::analysis::kernel::{Bandwidth, Kernel};
use crate::analysis::kernel_density::{WeightedPoint, kernel_density};
use crate::spatial::{Extent, Raster};

/// What a square without a number counts as.
pub const HIDDEN_AS: f64 = 0.0;

/// Classes that are drawn.
const CLASSES: usize = 5;

/// The density of the published squares, at the centres of the finest of them; none when no number is published.
///
/// Every published number that is not divided further is spread evenly over the finest squares inside its square and
/// smoothed with a quartic kernel that reaches two of them. A function of `squares` alone: whoever has the published
/// squares computes the same bytes, so the surface tells nothing that they do not. Limits of the classes follow the
/// series 1-2-5. Cost: that of a kernel density of the listed squares.
pub fn density(squares: &[Statement]) -> Option<Density> {
    let mut by_size: BTreeMap<u32, BTreeMap<[i64; 2], Shown>> = BTreeMap::new();
    for statement in squares {
        if let Place::Square { cell_m, x_m, y_m } = statement.place {
            by_size.entry(cell_m).or_default().insert([x_m, y_m], statement.shown);
        }
    }
    let (cell_m, finest) = by_size.iter().next()?;
    let points: Vec<WeightedPoint> = finest
        .keys()
        .filter_map(|corner| {
            let weight = weight(&by_size, *cell_m, *corner);
            let [x_m, y_m] = corner.map(|low| low as f64 + f64::from(*cell_m) / 2.0);
            (weight > 0.0).then_some(WeightedPoint { x_m, y_m, weight })
        })
        .collect();
    let bandwidth_m = 2 * cell_m;
    let reach = f64::from(bandwidth_m);
    let extent = Extent::of(points.iter().map(|point| [point.x_m, point.y_m]))?.grown(reach);
    let raster = Raster::aligned(extent, f64::from(*cell_m)).ok()?;
    let bandwidth = Bandwidth::new(reach).ok()?;
    let per_m2 = kernel_density(&points, &raster, Kernel::Quartic, bandwidth);
    let per_km2: Vec<f64> = per_m2.iter().map(|value| value * 1e6).collect();
    let breaks_per_km2 = breaks(per_km2.iter().copied().fold(0.0, f64::max));
    let mut cells = Vec::new();
    for (at, value) in per_km2.iter().enumerate() {
        let class = breaks_per_km2.partition_point(|low| low <= value);
        if class > 0 {
            let (col, row) = (at % raster.nx(), at / raster.nx());
            let half = f64::from(*cell_m) / 2.0;
            let low = |centre: f64| (centre - half).round() as i64;
            cells.push(DensityCell { x_m: low(raster.x_m(col)), y_m: low(raster.y_m(row)), class: class as u8 });
        }
    }
    cells.retain(|cell| finest.contains_key(&[cell.x_m, cell.y_m]));
    Some(Density {
        cell_m: *cell_m,
        bandwidth_m,
        kernel: Kernel::Quartic.code(),
        hidden_as: HIDDEN_AS,
        breaks_per_km2,
        cells,
    })
}

/// What a finest square counts as: its own number, or its share of the smallest square around it that has one.
fn weight(by_size: &BTreeMap<u32, BTreeMap<[i64; 2], Shown>>, finest_m: u32, corner: [i64; 2]) -> f64 {
    for (cell_m, squares) in by_size {
        let size = i64::from(*cell_m);
        match squares.get(&corner.map(|low| low.div_euclid(size) * size)) {
            Some(Shown::About(n)) => {
                let inside = f64::from(cell_m / finest_m).powi(2);
                return f64::from(*n) / inside;
            }
            Some(Shown::UnderLeast) => return HIDDEN_AS,
            Some(Shown::NotDivided) | None => {}
        }
    }
    HIDDEN_AS
}

/// Lower limits of the classes: five neighbours of the series 1, 2, 5, 10, ... that end at or below the largest value.
fn breaks(largest: f64) -> Vec<f64> {
    let series: Vec<f64> = (-2..=6).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power))).collect();
    let end = series.partition_point(|limit| *limit <= largest);
    series[end.saturating_sub(CLASSES)..end].to_vec()
}
