//! Who hands in observations, and what they say about their weeks.

use jiff::civil::Date;
use rand::RngExt;

use super::draw::{Purpose, day_number, pick, stream};
use super::profile::OrganisationSpec;
use super::{Demo, observations, plus_days};
use crate::domain::{Id, Period, Report};

/// Weights of a report coming on Monday, Tuesday or Wednesday after the week.
const LAG_WEIGHTS: [f64; 3] = [0.6, 0.3, 0.1];

impl OrganisationSpec {
    /// Whether it hands in observations in a month, 1 to 12.
    pub(super) fn is_active_in(&self, month: i8) -> bool {
        self.months.as_ref().is_none_or(|months| months.contains(&month))
    }
}

/// The weekly reports handed in on a day. `n` is the number of observations the organisation handed
/// in during that week, 0 when there were none; some weeks no report comes at all.
pub(super) fn reports_of_day(demo: &Demo, date: Date) -> Vec<Report> {
    let lag = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    if lag >= LAG_WEIGHTS.len() {
        return Vec::new();
    }
    let organisations = &demo.scene.profile.organisations;
    let monday = plus_days(date, -i32::from(date.weekday().to_monday_zero_offset()) - 7);
    let due: Vec<usize> = (0..organisations.len()).filter(|index| comes(demo, *index, monday, lag)).collect();
    let Some(week) = Period::new(monday, plus_days(monday, 7)).filter(|_| !due.is_empty()) else {
        return Vec::new();
    };
    let mut counts = vec![0_u32; organisations.len()];
    for day in 0..7 {
        observations::entries(demo, plus_days(monday, day)).iter().for_each(|entry| counts[entry.organisation] += 1);
    }
    let number = monday.iso_week_date();
    let report = |index: usize| {
        let organisation = &organisations[index];
        let id = format!("r{}-W{:02}-{}", number.year(), number.week(), organisation.id);
        Report {
            id: Id::new(&id).expect("a year, a week and an id"),
            organisation: organisation.name.clone(),
            week: week.clone(),
            area: None,
            n: counts[index],
            reported_on: date,
        }
    };
    due.into_iter().map(report).collect()
}

/// Whether the report about the week that began on `monday` comes with this lag.
fn comes(demo: &Demo, index: usize, monday: Date, lag: usize) -> bool {
    let Some(share) = demo.scene.profile.organisations[index].reports_weekly else {
        return false;
    };
    let mut rng = stream(demo.plan.seed, Purpose::Report, day_number(monday), index);
    let reports = rng.random_bool(share);
    reports && pick(LAG_WEIGHTS.into_iter(), &mut rng) == lag
}
