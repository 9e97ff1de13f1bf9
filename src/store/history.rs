//! Records with their versions: as they are, as they were, and what became of them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, read_rows, versions};
use crate::domain::{Collection, Id, Record, local_date};

/// What there is under an id.
// Nearly every value is the large one, so a box would only cost.
#[expect(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A version.
    Current {
        /// The record.
        record: Record,
        /// The revision that made this version.
        revision: u64,
    },
    /// It was taken back.
    Withdrawn {
        /// The revision that did.
        revision: u64,
        /// Why.
        reason: String,
    },
    /// Its content was removed from every version.
    Purged {
        /// Local day of the data file.
        on: Date,
    },
    /// Nothing, then or ever.
    Never,
}

/// One version of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The revision that made it.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What that revision was.
    pub what: String,
    /// The revision that ended it, and why; `None` for the current version.
    pub ended: Option<(u64, String)>,
    /// The content; `None` once purged.
    pub record: Option<Record>,
    /// When it was purged.
    pub purged_on: Option<Date>,
}

/// The local day on which a revision was made.
pub(super) fn day_of(connection: &Connection, revision: i64, zone: &TimeZone) -> rusqlite::Result<Date> {
    let sql = "SELECT at_utc FROM lagesbild_audit WHERE revision = ?1";
    let at: String = connection.query_row(sql, [revision], |row| row.get(0))?;
    Ok(local_date(moment(&at).as_second(), zone))
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What there is under an id now, or was at a revision.
pub(super) fn found(
    connection: &Connection,
    collection: Collection,
    id: &Id,
    at: Option<u64>,
    zone: &TimeZone,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Found, StoreError> {
    let table = collection.table();
    if let Some((record, revision)) = version_at(connection, collection, id.as_str(), at, wrap)? {
        return Ok(Found::Current { record, revision });
    }
    // Not there: the last version that ended by then says why.
    let sql = "SELECT to_revision, reason, purged_revision, to_revision > ?3 FROM lagesbild_history
               WHERE collection = ?1 AND id = ?2 AND from_revision <= ?3 ORDER BY from_revision DESC LIMIT 1";
    let by = at.map_or(i64::MAX, |at| at as i64);
    let last: Option<(i64, String, Option<i64>, bool)> = connection
        .prepare_cached(sql)
        .and_then(|mut s| {
            s.query_row(params![table, id.as_str(), by], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()
        })
        .map_err(wrap)?;
    match last {
        None => Ok(Found::Never),
        Some((_, _, Some(purged), _)) => Ok(Found::Purged { on: day_of(connection, purged, zone).map_err(wrap)? }),
        Some((revision, reason, None, _)) => Ok(Found::Withdrawn { revision: revision.unsigned_abs(), reason }),
    }
}

/// The version of an id that was current at a revision, with the revision that made it.
fn version_at(
    connection: &Connection,
    collection: Collection,
    id: &str,
    at: Option<u64>,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Option<(Record, u64)>, StoreError> {
    let table = collection.table();
    // The table alone answers most questions, with one look-up.
    let current = select_one(connection, collection, table, id, at, wrap)?;
    match (current, at) {
        (None, Some(_)) => {
            let both = versions::table_at(connection, table, at).map_err(wrap)?;
            select_one(connection, collection, &both, id, None, wrap)
        }
        (found, _) => Ok(found),
    }
}

fn select_one(
    connection: &Connection,
    collection: Collection,
    from: &str,
    id: &str,
    at: Option<u64>,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Option<(Record, u64)>, StoreError> {
    let sql = format!("SELECT * FROM {from} WHERE id = ?1 AND revision <= ?2");
    let mut statement = connection.prepare_cached(&sql).map_err(wrap)?;
    let mut rows = statement.query(params![id, at.map_or(i64::MAX, |at| at as i64)]).map_err(wrap)?;
    let Some(row) = rows.next().map_err(wrap)? else { return Ok(None) };
    let revision: i64 = row.get("revision").map_err(wrap)?;
    Ok(Some((read_rows::read(collection, row)?, revision.unsigned_abs())))
}

/// The versions of these ids that were current at a revision, in the order of `ids`; those without one are
/// left out.
pub(super) fn records(
    connection: &Connection,
    collection: Collection,
    ids: &[&str],
    at: u64,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Vec<(Record, u64)>, StoreError> {
    let found = ids.iter().map(|id| version_at(connection, collection, id, Some(at), wrap));
    found.filter_map(Result::transpose).collect()
}

/// The records that were current at a revision, by id, after an id.
pub(super) fn page(
    connection: &Connection,
    collection: Collection,
    at: u64,
    after: Option<&str>,
    limit: usize,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Vec<(Record, u64)>, StoreError> {
    let from = versions::table_at(connection, collection.table(), Some(at)).map_err(wrap)?;
    let sql = format!("SELECT * FROM {from} WHERE id > ?1 ORDER BY id LIMIT ?2");
    let mut statement = connection.prepare_cached(&sql).map_err(wrap)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![after.unwrap_or_default(), limit]).map_err(wrap)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(wrap)? {
        let revision: i64 = row.get("revision").map_err(wrap)?;
        list.push((read_rows::read(collection, row)?, revision.unsigned_abs()));
    }
    Ok(list)
}

/// Every version of an id, the oldest first.
pub(super) fn versions(
    connection: &Connection,
    collection: Collection,
    id: &Id,
    zone: &TimeZone,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Vec<Version>, StoreError> {
    let table = collection.table();
    let sql = "SELECT from_revision, to_revision, h.reason, purged_revision, at_utc, actor, subject FROM lagesbild_history h
               JOIN lagesbild_audit a ON a.revision = h.from_revision WHERE collection = ?1 AND id = ?2 ORDER BY from_revision";
    let mut statement = connection.prepare_cached(sql).map_err(wrap)?;
    let mut rows = statement.query(params![table, id.as_str()]).map_err(wrap)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(wrap)? {
        let number = |i: usize| row.get::<_, i64>(i).map(i64::unsigned_abs).map_err(wrap);
        let (from, to) = (number(0)?, number(1)?);
        let purged: Option<i64> = row.get(3).map_err(wrap)?;
        let record = match purged {
            Some(_) => None,
            None => version_at(connection, collection, id.as_str(), Some(from), wrap)?.map(|(record, _)| record),
        };
        list.push(Version {
            revision: from,
            at: moment(&row.get::<_, String>(4).map_err(wrap)?),
            actor: row.get(5).map_err(wrap)?,
            what: row.get(6).map_err(wrap)?,
            ended: Some((to, row.get(2).map_err(wrap)?)),
            record,
            purged_on: purged.map(|by| day_of(connection, by, zone)).transpose().map_err(wrap)?,
        });
    }
    if let Some((record, revision)) = version_at(connection, collection, id.as_str(), None, wrap)? {
        let sql = "SELECT at_utc, actor, subject FROM lagesbild_audit WHERE revision = ?1";
        let (at, actor, what): (String, String, String) = connection
            .query_row(sql, [revision as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .map_err(wrap)?;
        let at = moment(&at);
        list.push(Version { revision, at, actor, what, ended: None, record: Some(record), purged_on: None });
    }
    Ok(list)
}
