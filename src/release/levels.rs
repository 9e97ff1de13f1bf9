//! Which squares a year has: fixed before its reports are seen (P5).

use std::collections::BTreeMap;

use super::policy::Policy;
use super::statistics::GridNote;
use crate::domain::Period;

/// Located reports in the year before, from which a size of square is taken: `(reports, metres)`.
///
/// Measured on generated towns: at 1,000 reports a year 93 % of them lie in squares of 1 km with at least ten, at
/// 3,000 83 % in squares of 500 m, at 30,000 more than 60 % in squares of 250 m.
pub const SIZES: [(u64, u32); 4] = [(1_000, 2_000), (1_000, 1_000), (3_000, 500), (10_000, 250)];

/// The smallest square without a register of addresses to hold the eighth rule against, metres.
pub const FINEST_WITHOUT_ADDRESSES_M: u32 = 1_000;

/// The sizes of squares in a period, the coarsest first: those the policy names for the year, otherwise by the located
/// reports of the year before, and only those that the length of the period allows: 250 m for a year, 500 and 1,000 m
/// from half a year, 2,000 m from a quarter.
pub fn levels(policy: &Policy, period: &Period, located_year_before: u64, has_addresses: bool) -> Vec<u32> {
    let named = policy.grid_levels_m.get(&period.start().year().to_string());
    let mut levels: Vec<u32> = match named {
        Some(levels) => levels.clone(),
        None => SIZES.iter().filter(|(from, _)| located_year_before >= *from).map(|(_, cell_m)| *cell_m).collect(),
    };
    let days = period.days();
    levels.retain(|cell_m| {
        let long_enough = match cell_m {
            ..=250 => days >= 365,
            251..=1_000 => days >= 180,
            _ => days >= 90,
        };
        long_enough && (has_addresses || *cell_m >= FINEST_WITHOUT_ADDRESSES_M)
    });
    levels.sort_unstable_by(|a, b| b.cmp(a));
    levels.dedup();
    levels
}

/// Addresses by corner of the finest square, when a register was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Positions in the plane, metres.
    pub at_m: Vec<[i64; 2]>,
}

impl Addresses {
    /// How many lie in each square of a size.
    pub(super) fn by_square(&self, cell_m: u32) -> BTreeMap<[i64; 2], u32> {
        let mut found = BTreeMap::new();
        for [x_m, y_m] in &self.at_m {
            *found.entry(super::count::corner(cell_m, *x_m as f64, *y_m as f64)).or_insert(0) += 1;
        }
        found
    }
}

/// Why there is no grid, before anything is counted in it.
pub(super) fn note(policy: &Policy, located: u64, levels: &[u32], period: &Period) -> GridNote {
    if located < u64::from(policy.least_located_for_grid) {
        GridNote::TooFewLocated { least: policy.least_located_for_grid }
    } else if levels.is_empty() && period.days() < 90 {
        GridNote::PeriodTooShort
    } else if levels.is_empty() {
        GridNote::NoLevelFixed
    } else {
        GridNote::Released
    }
}
