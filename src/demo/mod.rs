//! Generated data of true size, so that the program can be tried and loaded before there are real records.
//!
//! Functions from (plan, profile, areas, places) to domain values: no files, clock or network. What is
//! particular to a municipality is in the profile (`geodata/nassjo/demo.json`): area ids, shares,
//! organisations, texts. Laws, each kept by a test:
//!
//! - the records of a day depend on seed, date and rate alone, never on `today` (with
//!   [`Amount::InAll`] the rate itself depends on the length of the period);
//! - ids are unique and stable: `d20260314-001`, `a20260314-01`, `r2026-W11-polisen`;
//! - the same arguments give the same values;
//! - text is made of the profile's sentences, never of personal data.
//!
//! That records are synthetic is said by the data class of the file, not in each text.

mod activities;
mod clock;
mod draw;
mod fit;
mod followup;
mod ground;
mod observations;
mod organisations;
mod plan;
mod problem;
mod profile;
mod scene;
mod surveys;

#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::{Action, Activity, Area, Observation, Place, Report, Survey};

pub use followup::FollowUp;

pub use plan::{Amount, DemoPlan};
pub use problem::{DemoError, DemoProblem};
pub use profile::DemoProfile;
use scene::Scene;

/// Generated records, of one day or of many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// In order of day and start; ids unique.
    pub observations: Vec<Observation>,
    /// In order of day and start; ids unique.
    pub activities: Vec<Activity>,
    /// Weekly reports, on the day they were handed in.
    pub reports: Vec<Report>,
    /// Survey waves, on their last day.
    pub surveys: Vec<Survey>,
    /// What is to be done about the points and decisions of the day.
    pub actions: Vec<Action>,
}

impl Records {
    /// Adds the records of a later day.
    pub fn append(&mut self, mut later: Self) {
        self.observations.append(&mut later.observations);
        self.activities.append(&mut later.activities);
        self.reports.append(&mut later.reports);
        self.surveys.append(&mut later.surveys);
        self.actions.append(&mut later.actions);
    }
}

/// A plan fitted to a place, ready to give the records of any day.
#[derive(Clone, Debug)]
pub struct Demo {
    plan: DemoPlan,
    scene: Scene,
    /// Generated observations for each one the profile expects.
    scale: f64,
}

impl Demo {
    /// Fits the profile to areas and places; every misfit is listed.
    ///
    /// Cost: for [`Amount::InAll`] one pass over the days of the plan, without making records.
    pub fn new(plan: DemoPlan, profile: DemoProfile, areas: &[Area], places: &[Place]) -> Result<Self, DemoError> {
        let scene = fit::scene(profile, areas, places, plan.seed).map_err(DemoError::Misfit)?;
        let scale = match plan.amount {
            Amount::PerYear(n) => f64::from(n) / scene.observations_per_year(),
            // Up to 2^53 observations are exact as f64, more than any disk holds.
            Amount::InAll(n) => n as f64 / plan.dates().map(|date| scene.expected_on(date, plan.seed)).sum::<f64>(),
        };
        Ok(Self { plan, scene, scale })
    }

    /// The plan it was made with.
    pub fn plan(&self) -> &DemoPlan {
        &self.plan
    }

    /// The records of one day. Observations are those handed in that day: one found in the morning
    /// may have happened since the evening before, but never in the year before.
    ///
    /// Any date may be asked for, also one outside the period of the plan.
    /// Cost: proportional to the records of the day; three days a week also count the week before.
    pub fn day(&self, date: Date) -> Records {
        let activities = activities::of_day(self, date);
        let mut observations = observations::of_day(self, date);
        followup::tie_points(&mut observations, &activities);
        Records {
            actions: followup::actions(self, date, &observations, &activities),
            observations,
            activities,
            reports: organisations::reports_of_day(self, date),
            surveys: surveys::of_day(self, date),
        }
    }

    /// What is booked, put first, reported as numbers and said about promises as of the last day of the plan.
    pub fn follow_up(&self) -> FollowUp {
        followup::as_of(self)
    }

    /// The days of the plan in order, each with its records: one day is in memory at a time.
    ///
    /// Reports about a week that began before the period are left out, because the records they
    /// count are not in it.
    pub fn days(&self) -> impl Iterator<Item = (Date, Records)> + '_ {
        let first = self.plan.period().start();
        self.plan.dates().map(move |date| {
            let mut records = self.day(date);
            records.reports.retain(|report| report.week.start() >= first);
            (date, records)
        })
    }

    /// All records of the plan at once; meant for hundreds a year, not for millions.
    pub fn all(&self) -> Records {
        self.days().fold(Records::default(), |mut all, (_, records)| {
            all.append(records);
            all
        })
    }
}

/// All records of a plan: [`Demo::new`] and [`Demo::all`].
pub fn generate(plan: DemoPlan, profile: DemoProfile, areas: &[Area], places: &[Place]) -> Result<Records, DemoError> {
    Demo::new(plan, profile, areas, places).map(|demo| demo.all())
}

/// Days of the year, as the profile counts rates.
const DAYS_PER_YEAR: f64 = 365.25;

/// The day `n` days later; saturates at the ends of the calendar.
fn plus_days(date: Date, n: i32) -> Date {
    date.saturating_add(n.days())
}
