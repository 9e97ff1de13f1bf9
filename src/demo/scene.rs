//! The profile fitted to areas and places: what day after day is drawn from.

use jiff::civil::Date;

use super::ground::Ground;
use super::profile::{DemoProfile, Rhythm, StratumSpec};
use super::{DAYS_PER_YEAR, activities};
use crate::domain::{LonLat, Place};

/// The profile with its names resolved. Everything it refers to exists.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) profile: DemoProfile,
    pub(super) strata: Vec<Stratum>,
    /// The stratum of each kind of work, by its index in the profile.
    pub(super) work_stratum: Vec<Option<usize>>,
}

/// A stratum with its grounds and names.
#[derive(Clone, Debug)]
pub(super) struct Stratum {
    pub(super) spec: StratumSpec,
    pub(super) rhythm: Rhythm,
    /// As many as `spec.areas`, in the same order.
    pub(super) grounds: Vec<Ground>,
    /// Register entries that observations here name.
    pub(super) places: Vec<Place>,
    pub(super) coarse: Option<LonLat>,
    /// Indices of the organisations active here.
    pub(super) organisations: Vec<usize>,
    /// Observations a year that inventories and walks bring, which the base rate leaves room for.
    pub(super) findings_per_year: f64,
}

impl Scene {
    /// What the profile expects in a year of the average kind.
    pub(super) fn observations_per_year(&self) -> f64 {
        self.strata.iter().map(|s| s.spec.observations_per_year).sum()
    }

    /// Observations the profile expects on a date.
    pub(super) fn expected_on(&self, date: Date, seed: u64) -> f64 {
        let base: f64 = self.strata.iter().map(|stratum| stratum.base_on(date)).sum();
        let with_findings = activities::on(self, date, seed).into_iter().map(|(index, _)| &self.profile.work[index]);
        base + with_findings.filter_map(|work| Some(work.findings.as_ref()?.mean)).sum::<f64>()
    }
}

impl Stratum {
    /// Observations expected on a date besides those of inventories and walks.
    pub(super) fn base_on(&self, date: Date) -> f64 {
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let month = usize::from(date.month().unsigned_abs()) - 1;
        let share = |weights: &[f64], index: usize| weights[index] * weights.len() as f64 / weights.iter().sum::<f64>();
        (self.spec.observations_per_year - self.findings_per_year).max(0.0) / DAYS_PER_YEAR
            * share(&self.rhythm.weekdays, weekday)
            * share(&self.rhythm.months, month)
            * swing(date.year(), self.spec.yearly_swing)
    }
}

/// The factor of a year: more in odd years, less in even ones.
pub(super) fn swing(year: i16, swing: f64) -> f64 {
    if year % 2 == 0 { 1.0 - swing } else { 1.0 + swing }
}
