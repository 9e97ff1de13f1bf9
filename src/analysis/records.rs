//! What became of every matching record: used, or left out and why.

use super::kernel_density::WeightedPoint;
use crate::domain::LonLat;
use crate::spatial::{Columns, Extent, Query};

/// Numbers of matching records. `used` and the reasons for leaving out do not overlap; the last two
/// are properties of used records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordCounts {
    /// Counted in the answer.
    pub used: u64,
    /// Located, but outside everything the answer covers.
    pub outside: u64,
    /// On the border of an area, so in none (areas only).
    pub on_border: u64,
    /// Without a position the answer can use.
    pub without_position: u64,
    /// Located too coarsely for what is asked.
    pub too_coarse: u64,
    /// Used, but nobody said how precise the position is.
    pub precision_unknown: u64,
    /// Used, but the time is an interval.
    pub uncertain_time: u64,
}

impl RecordCounts {
    /// Adds a used record.
    pub(super) fn add_used(&mut self, columns: &Columns, row: usize) {
        self.used += 1;
        self.precision_unknown += u64::from(columns.has_position(row) && columns.precision_m[row].is_nan());
        self.uncertain_time += u64::from(!columns.has_certain_time(row));
    }
}

/// A sum of weights that does not depend on the order of adding: fixed point with 2⁻⁶⁰ steps.
///
/// Weights are shares from 0 to 1, so a million of them keep twelve digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WeightSum(u128);

impl WeightSum {
    const STEPS: f64 = (1_u64 << 60) as f64;

    pub(super) fn add(&mut self, weight: f64) {
        self.0 += (weight * Self::STEPS) as u128;
    }

    pub(super) fn add_sum(&mut self, other: Self) {
        self.0 += other.0;
    }

    pub(super) fn value(self) -> f64 {
        self.0 as f64 / Self::STEPS
    }
}

/// The matching records as weighted points in the plane, for surfaces.
///
/// A record counts when it has a plane position, is no coarser than `coarsest_m` (unknown precision
/// passes and is counted), and lies in the extent; without one, anywhere. The points are in one
/// fixed order (by y, x, weight), whatever the order of the records. Cost: one scan and one sort.
pub fn points(query: &Query<'_>, coarsest_m: f64, within: Option<Extent>) -> (Vec<WeightedPoint>, RecordCounts) {
    let mut counts = RecordCounts::default();
    let mut points = Vec::new();
    query.scan(|columns, row, weight| {
        let (x_m, y_m) = (columns.x_m[row], columns.y_m[row]);
        let inside = |e: Extent| e.x_min_m <= x_m && x_m <= e.x_max_m && e.y_min_m <= y_m && y_m <= e.y_max_m;
        if x_m.is_nan() {
            counts.without_position += 1;
        } else if f64::from(columns.precision_m[row]) > coarsest_m {
            counts.too_coarse += 1;
        } else if !within.is_none_or(inside) {
            counts.outside += 1;
        } else {
            counts.add_used(columns, row);
            points.push(WeightedPoint { x_m, y_m, weight });
        }
    });
    points.sort_unstable_by(|a, b| {
        a.y_m.total_cmp(&b.y_m).then_with(|| a.x_m.total_cmp(&b.x_m)).then_with(|| a.weight.total_cmp(&b.weight))
    });
    (points, counts)
}

/// As [`points`], with positions in degrees and no extent: what hexagons are counted by.
pub fn positions(query: &Query<'_>, coarsest_m: f64) -> (Vec<(LonLat, f64)>, RecordCounts) {
    let mut counts = RecordCounts::default();
    let mut positions = Vec::new();
    query.scan(|columns, row, weight| match LonLat::new(columns.lon[row], columns.lat[row]) {
        Err(_) => counts.without_position += 1,
        Ok(_) if f64::from(columns.precision_m[row]) > coarsest_m => counts.too_coarse += 1,
        Ok(at) => {
            counts.add_used(columns, row);
            positions.push((at, weight));
        }
    });
    positions.sort_unstable_by(|(a, v), (b, w)| {
        a.lat().total_cmp(&b.lat()).then_with(|| a.lon().total_cmp(&b.lon())).then_with(|| v.total_cmp(w))
    });
    (positions, counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_sums_do_not_depend_on_order() {
        let weights: Vec<f64> = (1..=1000).map(|i| 1.0 / f64::from(i)).collect();
        let sum = |order: &mut dyn Iterator<Item = &f64>| {
            let mut sum = WeightSum::default();
            order.for_each(|w| sum.add(*w));
            sum
        };
        assert_eq!(sum(&mut weights.iter()), sum(&mut weights.iter().rev()));
        // The 1000th harmonic number (OEIS A001008/A002805): 7.485470860550345.
        assert!((sum(&mut weights.iter()).value() - 7.485_470_860_550_345).abs() < 1e-12);
    }
}
