//! A level of work to raise: presence now against a baseline, per day.
//!
//! Measured in minutes when every activity of the baseline says how many, otherwise in times: the baseline decides,
//! so that another activity never lowers the level. Without a named baseline the first [`WEEKS_TO_MEASURE`] weeks
//! in which something was logged are the start of measurement, and there is no verdict.

use jiff::ToSpan;
use jiff::civil::Date;

use super::book::Book;
use super::evidence::{Wanted, all_took_part, contains, outside};
use super::ledger::Reason;
use super::notice::Notice;
use super::status::{Clock, Rule, Status};
use crate::domain::Period;

/// Logged weeks that make a start of measurement.
pub const WEEKS_TO_MEASURE: usize = 8;

/// A level compared with a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// What it is compared with, when there is something.
    pub baseline: Option<Baseline>,
    /// What was logged since the baseline.
    pub now: Amount,
    /// The days `now` covers; none when there are none yet.
    pub now_period: Option<Period>,
    /// Whether minutes are compared, or times.
    pub in_minutes: bool,
}

/// What a level is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// The days.
    pub period: Period,
    /// Whether the document names it; otherwise it is the start of measurement.
    pub named: bool,
    /// What was logged in it.
    pub amount: Amount,
}

/// Work logged over some days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// Activities.
    pub activities: u32,
    /// Minutes of those that say how many.
    pub minutes: f64,
    /// Activities that do not say how many.
    pub without_minutes: u32,
    /// Days covered.
    pub days: i64,
}

impl Amount {
    /// Minutes in seven days; 0 for no days.
    pub fn minutes_per_week(self) -> f64 {
        if self.days > 0 { self.minutes * 7.0 / self.days as f64 } else { 0.0 }
    }

    /// Activities in seven days; 0 for no days.
    pub fn times_per_week(self) -> f64 {
        if self.days > 0 { f64::from(self.activities) * 7.0 / self.days as f64 } else { 0.0 }
    }
}

/// A level with what can be said about it.
#[derive(Clone, Debug)]
pub struct Raised {
    /// Its status.
    pub status: Status,
    /// Why.
    pub reason: Reason,
    /// The numbers.
    pub level: Level,
    /// What should be looked at.
    pub notice: Option<Notice>,
}

/// Compares the level in the period of a document, up to a day, with its baseline.
pub fn raised(book: &Book, wanted: Wanted<'_>, named: Option<&Period>, as_of: Date) -> Raised {
    let whole = &wanted.document.head().period;
    let first = first_weeks(book, wanted, as_of);
    let baseline = match named {
        Some(period) => {
            // Of a baseline that is not over, what is gone.
            let gone = Period::new(period.start(), period.end().min(as_of));
            let amount = gone.as_ref().map(|gone| logged(book, wanted, gone)).unwrap_or_default();
            Some(Baseline { period: period.clone(), named: true, amount })
        }
        None => first.period.map(|period| {
            let amount = logged(book, wanted, &period);
            Baseline { period, named: false, amount }
        }),
    };
    // Days after the baseline, as far as it reaches into the period.
    let from = baseline.as_ref().map_or(whole.start(), |b| b.period.end().max(whole.start()));
    // The day under way is not gone: counting it whole would lower the level every morning.
    let now_period = Period::new(from, as_of.min(whole.end()));
    let now = now_period.as_ref().map(|period| logged(book, wanted, period)).unwrap_or_default();
    let amount = baseline.as_ref().map(|b| b.amount).unwrap_or_default();
    let in_minutes = amount.activities > 0 && amount.without_minutes == 0;
    let is_higher = if in_minutes {
        now.minutes_per_week() > amount.minutes_per_week()
    } else {
        now.times_per_week() > amount.times_per_week()
    };
    let clock = Clock::at(whole, as_of);
    let mut notice = None;
    let (status, reason) = match (named, clock.elapsed_days) {
        (_, None) => (Status::NotStarted, Reason::Rule(Rule::PeriodNotBegun)),
        (None, _) if first.weeks_logged < WEEKS_TO_MEASURE => {
            (Status::CannotBeMeasured, Reason::NoBaseline { weeks_logged: first.weeks_logged })
        }
        (None, _) => (Status::CannotBeMeasured, Reason::StartOfMeasurement),
        // Nothing can be compared before the baseline is over.
        (Some(period), _) if as_of < period.end() => (Status::NotStarted, Reason::NothingAfterBaseline),
        (Some(period), _) if amount.activities == 0 => {
            notice = Some(Notice::BaselineWithoutData { baseline: period.clone() });
            (Status::CannotBeMeasured, Reason::BaselineWithoutData)
        }
        (Some(_), _) if now_period.is_none() => (Status::NotStarted, Reason::NothingAfterBaseline),
        (Some(_), _) => match (is_higher, clock.is_over()) {
            (true, false) => (Status::OnPace, Reason::LevelHigher),
            (true, true) => (Status::Met, Reason::LevelHigher),
            (false, false) => (Status::Behind, Reason::LevelNotHigher),
            (false, true) => (Status::Missed, Reason::LevelNotHigher),
        },
    };
    Raised { status, reason, level: Level { baseline, now, now_period, in_minutes }, notice }
}

fn logged(book: &Book, wanted: Wanted<'_>, period: &Period) -> Amount {
    let mut amount = Amount { days: period.days(), ..Amount::default() };
    for deed in book.deeds_of(wanted.kind, period) {
        if outside(book, wanted.place, deed).is_none() && all_took_part(&deed.actors, wanted.actors) {
            amount.activities += 1;
            amount.minutes += deed.minutes.unwrap_or(0.0);
            amount.without_minutes += u32::from(deed.minutes.is_none());
        }
    }
    amount
}

struct FirstWeeks {
    /// From the first day of the first logged week to the last of the eighth; none before that is over.
    period: Option<Period>,
    weeks_logged: usize,
}

/// The first weeks of the period in which something was logged.
fn first_weeks(book: &Book, wanted: Wanted<'_>, as_of: Date) -> FirstWeeks {
    let whole = &wanted.document.head().period;
    let mut mondays: Vec<Date> = Vec::new();
    for deed in book.deeds_of(wanted.kind, whole).take_while(|deed| deed.day <= as_of) {
        if outside(book, wanted.place, deed).is_some() || !all_took_part(&deed.actors, wanted.actors) {
            continue;
        }
        let monday = deed.day.saturating_sub(i64::from(deed.day.weekday().to_monday_zero_offset()).days());
        if mondays.last() != Some(&monday) {
            mondays.push(monday);
        }
        if mondays.len() > WEEKS_TO_MEASURE {
            break;
        }
    }
    let last = mondays.get(WEEKS_TO_MEASURE - 1).map(|monday| monday.saturating_add(7.days()));
    let period = last.filter(|end| *end <= as_of).and_then(|end| Period::new(mondays[0].max(whole.start()), end));
    debug_assert!(period.as_ref().is_none_or(|p| contains(whole, p.start())));
    let weeks_logged = if period.is_some() { WEEKS_TO_MEASURE } else { mondays.len().min(WEEKS_TO_MEASURE - 1) };
    FirstWeeks { period, weeks_logged }
}
