//! The promise line: one line for each commitment with a number.

use jiff::ToSpan;
use jiff::civil::Date;

use super::MOST_DAYS_BACK;
use crate::domain::{Id, Names, Period};
use crate::followup::ledger::{DocumentLedger, Ledger, Row};
use crate::followup::status::Status;

/// The promises on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromiseLines {
    /// Commitments with a number, of promises under way, coming, or over for at most [`MOST_DAYS_BACK`] days.
    pub lines: Vec<PromiseLine>,
    /// Commitments of the same promises that have no number.
    pub without_number: usize,
    /// Promises that were over before that.
    pub older_promises: usize,
}

/// One commitment: how far it has come in the stretch under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseLine {
    /// The document.
    pub document: Id,
    /// The commitment in it.
    pub commitment: Id,
    /// What pages call it.
    pub names: Names,
    /// The days in which the number holds.
    pub period: Period,
    /// Counted so far.
    pub done: u32,
    /// At least so many.
    pub target: u32,
    /// What the days gone by ask for; none for a small target.
    pub pace: Option<u32>,
    /// Its status.
    pub status: Status,
}

/// The lines, in the order of the ledger.
pub(super) fn lines(ledger: &Ledger, as_of: Date) -> PromiseLines {
    let recent = |document: &&DocumentLedger| {
        document.document.head().period.end().saturating_add(MOST_DAYS_BACK.days()) > as_of
    };
    let mut found = PromiseLines::default();
    for document in ledger.documents.iter().filter(recent) {
        for row in &document.rows {
            match line(document, row, as_of) {
                Some(line) => found.lines.push(line),
                None => found.without_number += 1,
            }
        }
    }
    found.older_promises = ledger.documents.len() - ledger.documents.iter().filter(recent).count();
    found
}

fn line(document: &DocumentLedger, row: &Row, as_of: Date) -> Option<PromiseLine> {
    let stretch = row.current(as_of)?;
    Some(PromiseLine {
        document: document.document.head().id.clone(),
        commitment: row.commitment.id.clone(),
        names: row.commitment.names.clone(),
        period: stretch.period.clone(),
        done: stretch.done,
        target: stretch.target,
        pace: stretch.pace,
        status: stretch.status,
    })
}
