//! The promise line: one line for each commitment that can be measured.

use jiff::ToSpan;
use jiff::civil::Date;

use super::MOST_DAYS_BACK;
use crate::domain::{Id, Names, Period};
use crate::followup::ledger::{DocumentLedger, Ledger, Row};
use crate::followup::status::Status;

/// The promises on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromiseLines {
    /// Commitments with a number or a status, of promises under way, coming, or over for at most [`MOST_DAYS_BACK`]
    /// days.
    pub lines: Vec<PromiseLine>,
    /// Commitments of the same promises that have no number and cannot be measured.
    pub without_number: usize,
    /// Promises that were over before that.
    pub older_promises: usize,
}

impl PromiseLines {
    /// How many commitments have a status.
    pub fn with_status(&self, status: Status) -> usize {
        self.lines.iter().filter(|line| line.status == status).count()
    }
}

/// One commitment: how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseLine {
    /// The document.
    pub document: Id,
    /// The commitment in it.
    pub commitment: Id,
    /// What pages call it.
    pub names: Names,
    /// The days in which the number holds; those of the promise where there is no number.
    pub period: Period,
    /// The number; none for a level to raise.
    pub number: Option<PromiseNumber>,
    /// Its status, that of the ledger.
    pub status: Status,
}

/// How far a number has come in the stretch its status speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromiseNumber {
    /// Counted so far.
    pub done: u32,
    /// At least so many.
    pub target: u32,
    /// What the days gone by ask for; none for a small target.
    pub pace: Option<u32>,
}

/// The lines: what is behind or was missed first, so that a page with little room shows it; otherwise in the order of
/// the ledger.
pub(super) fn lines(ledger: &Ledger, as_of: Date) -> PromiseLines {
    let (recent, older): (Vec<_>, Vec<_>) = ledger.documents.iter().partition(|document| is_recent(document, as_of));
    let mut found = PromiseLines { older_promises: older.len(), ..PromiseLines::default() };
    for document in recent {
        for row in &document.rows {
            match line(document, row, as_of) {
                Some(line) => found.lines.push(line),
                None => found.without_number += 1,
            }
        }
    }
    found.lines.sort_by_key(|line| match line.status {
        Status::Behind => 0,
        Status::Missed => 1,
        _ => 2,
    });
    found
}

/// Whether a promise is under way, coming, or over for at most [`MOST_DAYS_BACK`] days.
pub(in crate::followup) fn is_recent(document: &DocumentLedger, as_of: Date) -> bool {
    document.document.head().period.end().saturating_add(MOST_DAYS_BACK.days()) > as_of
}

fn line(document: &DocumentLedger, row: &Row, as_of: Date) -> Option<PromiseLine> {
    // A promise that is over is missed when one of its years was: then that year's number is shown.
    let current = row.current(as_of);
    let with_status = || row.stretches.iter().rev().find(|stretch| stretch.status == row.status);
    let stretch = current.filter(|stretch| stretch.status == row.status).or_else(with_status).or(current);
    if stretch.is_none() && row.status == Status::CannotBeMeasured {
        return None;
    }
    let head = document.document.head();
    Some(PromiseLine {
        document: head.id.clone(),
        commitment: row.commitment.id.clone(),
        names: row.commitment.names.clone(),
        period: stretch.map_or(&head.period, |stretch| &stretch.period).clone(),
        number: stretch.map(|stretch| PromiseNumber { done: stretch.done, target: stretch.target, pace: stretch.pace }),
        status: row.status,
    })
}
