//! Reported counts that say the same thing twice: two of one organisation, kind and area whose periods share a day.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::{StoreError, read_rows};
use crate::domain::{Id, Record, ReportedCount};

/// Refuses a count that overlaps a current one in the file; any other record is fine.
///
/// Asked inside the transaction that writes, so two at once cannot both pass. Costs a look at the counts of the same
/// kind and area that begin before this one ends.
pub(super) fn check(
    connection: &Connection,
    record: &Record,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<(), StoreError> {
    let Record::ReportedCount(count) = record else { return Ok(()) };
    let sql =
        "SELECT * FROM reported_counts WHERE kind = ?1 AND area IS ?2 AND period_start < ?3 ORDER BY period_start, id";
    let mut statement = connection.prepare_cached(sql).map_err(wrap)?;
    let end = count.period.end().to_string();
    let mut rows = statement.query(params![count.kind, count.area.as_ref().map(Id::as_str), end]).map_err(wrap)?;
    while let Some(row) = rows.next().map_err(wrap)? {
        let other = read_rows::read_reported_count(row)?;
        if count.overlaps(&other) {
            return Err(overlapping(count, &other));
        }
    }
    Ok(())
}

fn overlapping(count: &ReportedCount, other: &ReportedCount) -> StoreError {
    StoreError::OverlappingCount {
        id: count.id.to_string(),
        other: other.id.to_string(),
        first: other.period.start(),
        last: other.period.last_day(),
    }
}

/// The counts of one file that were taken so far, for asking about the next row before anything is written.
#[derive(Debug, Default)]
pub(super) struct Taken(HashMap<(String, String, Option<Id>), Vec<ReportedCount>>);

impl Taken {
    fn key(count: &ReportedCount) -> (String, String, Option<Id>) {
        (count.organisation_key(), count.kind.clone(), count.area.clone())
    }

    /// Refuses a count that overlaps one that was taken.
    pub(super) fn check(&self, record: &Record) -> Result<(), StoreError> {
        let Record::ReportedCount(count) = record else { return Ok(()) };
        let beside = self.0.get(&Self::key(count)).into_iter().flatten();
        beside.filter(|other| count.overlaps(other)).try_for_each(|other| Err(overlapping(count, other)))
    }

    /// Remembers a count.
    pub(super) fn add(&mut self, record: &Record) {
        if let Record::ReportedCount(count) = record {
            self.0.entry(Self::key(count)).or_default().push(count.clone());
        }
    }
}
