//! When statuses changed: the ledger of day after day, as the records tell it now.
//!
//! A correction of a record changes what is told about the days since: an entry is what happened, as far as is
//! known today, not what was said at the time. What was said at the time is in the versions of the records.

use jiff::ToSpan;
use jiff::civil::Date;

use super::book::Book;
use super::ledger::ledger;
use super::status::Status;
use crate::domain::{Id, Period};

/// A commitment came to another status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusChange {
    /// The document.
    pub document: Id,
    /// The commitment in it.
    pub commitment: Id,
    /// The day on which the status first held.
    pub on: Date,
    /// What it was the day before.
    pub from: Status,
    /// What it is.
    pub to: Status,
}

/// The changes on the days of a period, by day and in the order of the documents. Computes a ledger for each day.
pub fn status_changes(book: &Book, days: &Period) -> Vec<StatusChange> {
    let mut changes = Vec::new();
    let mut before = statuses(book, days.start().saturating_sub(1.day()));
    for day in days.start().series(1.day()).take_while(|day| *day < days.end()) {
        let now = statuses(book, day);
        for ((document, commitment, from), (_, _, to)) in before.iter().zip(&now) {
            if from != to {
                let (document, commitment) = (document.clone(), commitment.clone());
                changes.push(StatusChange { document, commitment, on: day, from: *from, to: *to });
            }
        }
        before = now;
    }
    changes
}

/// The status of every commitment on a day, always in the same order.
fn statuses(book: &Book, day: Date) -> Vec<(Id, Id, Status)> {
    let ledger = ledger(book, day);
    let rows = ledger.documents.iter().flat_map(|document| {
        let id = &document.document.head().id;
        document.rows.iter().map(move |row| (id.clone(), row.commitment.id.clone(), row.status))
    });
    rows.collect()
}
