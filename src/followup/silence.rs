//! Who reports by week, and who fell silent: so that silence and "nothing to report" are different.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Book;
use super::week::reports::reports;
use crate::domain::{Period, organisation_key};

/// An organisation that is expected to report by week, with the weeks for which it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// The organisation.
    pub organisation: String,
    /// Weeks of the period that are over and for which it was expected to.
    pub weeks: usize,
    /// Mondays of those without a report.
    pub missing: Vec<Date>,
}

/// Organisations with missing weeks in a period, by name, and how many reported about some week of it.
///
/// Who is expected is the rule of the week page: see [`ReportsOfWeek`](super::week::ReportsOfWeek). A week belongs to the
/// period when its Sunday does; it is asked for when it was over before the day. When nobody reports by week, nobody
/// is silent.
pub fn silent(book: &Book, period: &Period, as_of: Date) -> (Vec<Silent>, usize) {
    let mut organisations: BTreeMap<String, (Silent, bool)> = BTreeMap::new();
    for week in weeks(period, as_of) {
        for of_week in reports(book, &week, as_of).organisations {
            let new = Silent { organisation: of_week.organisation.clone(), weeks: 0, missing: Vec::new() };
            let (silent, reports) =
                organisations.entry(organisation_key(&of_week.organisation)).or_insert((new, false));
            silent.weeks += 1;
            match of_week.n {
                Some(_) => *reports = true,
                None => silent.missing.push(week.start()),
            }
        }
    }
    let reporting = organisations.values().filter(|(_, reports)| *reports).count();
    let missing = |(silent, _): (Silent, bool)| (!silent.missing.is_empty() && reporting > 0).then_some(silent);
    (organisations.into_values().filter_map(missing).collect(), reporting)
}

/// The weeks whose Sunday lies in the period and before the day.
fn weeks(period: &Period, as_of: Date) -> impl Iterator<Item = Period> {
    let back = i64::from(period.start().weekday().since(Weekday::Monday));
    let first = period.start().saturating_sub(back.days());
    let end = period.end().min(as_of);
    let mondays = first.series(7.days()).take_while(move |monday| monday.saturating_add(6.days()) < end);
    mondays.filter_map(|monday| Period::new(monday, monday.saturating_add(7.days())))
}
