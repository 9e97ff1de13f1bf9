//! What is to be generated.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::plus_days;
use crate::domain::Period;

/// How many observations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// About so many in a year, in the proportions of the profile.
    PerYear(u32),
    /// About so many in the whole period: the expected number is exactly this, the drawn one
    /// differs by a few times its square root. For load tests; activities, reports and surveys
    /// stay as many as at true size. The rate follows from the length of the period, so another
    /// `today` gives other observations.
    InAll(u64),
}

/// What is to be generated, for whom and until when.
#[derive(Clone, Debug)]
pub struct DemoPlan {
    /// The last day.
    pub today: Date,
    /// Other seeds give other records of the same kind.
    pub seed: u64,
    /// How many observations.
    pub amount: Amount,
    /// The zone of local days and hours.
    pub zone: TimeZone,
}

impl DemoPlan {
    /// The seed used unless another is asked for: of the first 24, one whose counts for Nässjö lie
    /// near what the profile expects.
    pub const DEFAULT_SEED: u64 = 2;
    /// Observations in a year at true size.
    pub const OBSERVATIONS_PER_YEAR: u32 = 300;

    /// True size, default seed.
    pub fn new(today: Date, zone: TimeZone) -> Self {
        let amount = Amount::PerYear(Self::OBSERVATIONS_PER_YEAR);
        Self { today, seed: Self::DEFAULT_SEED, amount, zone }
    }

    /// From 1 January of last year until today, both included.
    pub fn period(&self) -> Period {
        let first = Date::new(self.today.year().saturating_sub(1), 1, 1).unwrap_or(self.today);
        let end = plus_days(self.today, 1);
        // Only on the last day the calendar knows is there no day after; then the period ends before it.
        Period::new(first, end).expect("1 January of last year is before tomorrow")
    }

    /// The two calendar years the period lies in.
    pub fn years(&self) -> Period {
        let year_start = |year: i16| Date::new(year, 1, 1).unwrap_or(self.today);
        let last = self.today.year();
        Period::new(year_start(last.saturating_sub(1)), year_start(last.saturating_add(1)))
            .unwrap_or_else(|| self.period())
    }

    /// The days of the period in order.
    pub(super) fn dates(&self) -> impl Iterator<Item = Date> + use<> {
        let period = self.period();
        period.start().series(jiff::ToSpan::day(1)).take_while(move |date| *date < period.end())
    }
}
