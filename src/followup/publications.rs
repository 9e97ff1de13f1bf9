//! A promise to publish the follow-up: when it was published, and whether a gap was longer than was promised.

use jiff::civil::Date;

use super::ledger::Reason;
use super::status::{Clock, Rule, Status};
use crate::domain::Period;

/// When the follow-up was published in the days of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// Times.
    pub times: u32,
    /// The last time.
    pub last: Option<Date>,
    /// The longest stretch of days without one: from the first day of the promise, between two, and until now.
    pub longest_gap_days: u32,
}

/// How a promise to publish stands. `publications` rise; those after `clock` are not known yet. Without an interval in
/// the promise there is no verdict, only the facts.
pub(super) fn published(
    publications: &[Date],
    period: &Period,
    clock: Date,
    at_most_days: Option<u32>,
) -> (Status, Reason, Published) {
    let until = clock.min(period.end());
    let within = publications.iter().filter(|day| period.start() <= **day && **day <= clock && **day < period.end());
    let mut found = Published { times: 0, last: None, longest_gap_days: 0 };
    let mut from = period.start();
    let mut gap = |from: Date, to: Date| {
        let days = from.until(to).map_or(0, |span| span.get_days().max(0).unsigned_abs());
        found.longest_gap_days = found.longest_gap_days.max(days);
    };
    let mut times = 0;
    let mut last = None;
    for day in within {
        gap(from, *day);
        (from, times, last) = (*day, times + 1, Some(*day));
    }
    gap(from, until);
    (found.times, found.last) = (times, last);
    let is_over = Clock::at(period, clock).is_over();
    let (status, reason) = match at_most_days {
        _ if clock < period.start() => (Status::NotStarted, Reason::Rule(Rule::PeriodNotBegun)),
        None if times == 0 => (Status::CannotBeMeasured, Reason::NeverPublished),
        None => (Status::CannotBeMeasured, Reason::PublishedWithoutInterval),
        Some(most) if found.longest_gap_days > most => {
            (if is_over { Status::Missed } else { Status::Behind }, Reason::PublishedLate)
        }
        Some(_) => (if is_over { Status::Met } else { Status::OnPace }, Reason::PublishedInTime),
    };
    (status, reason, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(days: &[&str], clock: &str, at_most: Option<u32>) -> (Status, Reason, Published) {
        let days: Vec<Date> = days.iter().map(|day| day.parse().expect("a date")).collect();
        let year = Period::parse("2026").expect("a year");
        published(&days, &year, clock.parse().expect("a date"), at_most)
    }

    #[test]
    fn a_gap_longer_than_promised_is_late_and_stays_late() {
        // 1 January to 1 February: 31 days; to 15 March: 42.
        let (status, reason, found) = asked(&["2026-02-01", "2026-03-15"], "2026-03-20", Some(31));
        assert_eq!((status, reason), (Status::Behind, Reason::PublishedLate));
        assert_eq!(
            found,
            Published { times: 2, last: Some("2026-03-15".parse().expect("a date")), longest_gap_days: 42 }
        );
        assert_eq!(asked(&["2026-02-01", "2026-03-15"], "2027-01-01", Some(31)).0, Status::Missed);
    }

    #[test]
    fn the_days_since_the_last_time_count_too() {
        assert_eq!(asked(&["2026-01-20"], "2026-02-20", Some(31)).0, Status::OnPace);
        assert_eq!(asked(&["2026-01-20"], "2026-02-21", Some(31)).0, Status::Behind);
        assert_eq!(asked(&["2026-12-10"], "2027-01-01", Some(400)).0, Status::Met);
    }

    #[test]
    fn without_an_interval_there_are_facts_and_no_verdict() {
        assert_eq!(asked(&[], "2026-06-01", None).1, Reason::NeverPublished);
        let (status, reason, found) = asked(&["2025-12-31", "2026-05-01", "2026-07-01"], "2026-06-01", None);
        assert_eq!((status, reason, found.times), (Status::CannotBeMeasured, Reason::PublishedWithoutInterval, 1));
        assert_eq!(asked(&[], "2025-06-01", Some(10)).0, Status::NotStarted);
    }
}
