//! Who reports by week, and who fell silent: so that silence and "nothing to report" are different.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Book;
use crate::domain::Period;

/// An organisation that has reported by week, with the weeks for which it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// The organisation.
    pub organisation: String,
    /// Weeks of the period, from its first report on, that are over.
    pub weeks: usize,
    /// Mondays of those without a report.
    pub missing: Vec<Date>,
}

/// Organisations with missing weeks in a period, by name, and how many report by week at all.
///
/// A week belongs to the period when its Sunday does; it is asked for when it was over before the day. Before its first
/// report an organisation is not expected to report. One report for any area is a report.
pub fn silent(book: &Book, period: &Period, as_of: Date) -> (Vec<Silent>, usize) {
    let mut organisations: BTreeMap<&str, Vec<Date>> = BTreeMap::new();
    for report in book.reports.iter().filter(|report| report.reported_on <= as_of) {
        organisations.entry(&report.organisation).or_default().push(report.week.start());
    }
    let reporting = organisations.len();
    let mut silent = Vec::new();
    for (organisation, mut reported) in organisations {
        reported.sort_unstable();
        let weeks: Vec<Date> = mondays(period, as_of).filter(|monday| reported.first() <= Some(monday)).collect();
        let missing: Vec<Date> =
            weeks.iter().copied().filter(|monday| reported.binary_search(monday).is_err()).collect();
        if !missing.is_empty() {
            silent.push(Silent { organisation: organisation.to_string(), weeks: weeks.len(), missing });
        }
    }
    (silent, reporting)
}

/// Mondays of the weeks whose Sunday lies in the period and before the day.
fn mondays(period: &Period, as_of: Date) -> impl Iterator<Item = Date> {
    let back = i64::from(period.start().weekday().since(Weekday::Monday));
    let first = period.start().saturating_sub(back.days());
    let end = period.end().min(as_of);
    first.series(7.days()).take_while(move |monday| monday.saturating_add(6.days()) < end)
}
