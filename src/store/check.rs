//! What can be said about a data file without changing it: for `lagesbild doctor`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::lock::WriteLock;
use super::time_text::from_text;
use super::{StoreError, connection, identify, load};
use crate::domain::Counted;

/// The state of a data file at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Version of its tables.
    pub schema_version: i64,
    /// Name of the zone of its local days.
    pub time_zone: String,
    /// What tells data files apart.
    pub identity: String,
    /// Newest revision.
    pub revision: u64,
    /// When it was made.
    pub revision_at: Option<Timestamp>,
    /// The newest entry of the audit log as `NUMBER:HASH`; empty when there is none.
    pub audit_head: String,
    /// Start of the newest observation or activity.
    pub newest_record_at: Option<Timestamp>,
    /// Size in bytes, without the log.
    pub bytes: u64,
    /// Size of the write-ahead log in bytes; 0 when there is none.
    pub log_bytes: u64,
    /// Whether another process holds the write lock.
    pub is_being_written: bool,
}

/// Looks at a data file. Refuses what is not one.
pub fn file_state(path: &Path) -> Result<FileState, StoreError> {
    identify::check_is_geopackage(path)?;
    let connection = connection::reader(path)?;
    let wrap = StoreError::sqlite(path);
    connection.execute_batch("BEGIN").map_err(&wrap)?;
    let facts = load::read_facts(&connection, path)?;
    let log = log_state(&connection).map_err(&wrap)?;
    let sql = "SELECT value FROM lagesbild_meta WHERE key = 'schema_version'";
    let version: String = connection.query_row(sql, [], |row| row.get(0)).map_err(&wrap)?;
    let size = |suffix: &str| {
        let mut name = path.as_os_str().to_os_string();
        name.push(suffix);
        std::fs::metadata(PathBuf::from(name)).map_or(0, |meta| meta.len())
    };
    Ok(FileState {
        schema_version: version.parse().unwrap_or_default(),
        time_zone: facts.time_zone,
        identity: log.identity,
        revision: log.revision,
        revision_at: log.newest_at,
        audit_head: log.head,
        newest_record_at: newest_record(&connection).map_err(&wrap)?,
        bytes: size(""),
        log_bytes: size("-wal"),
        is_being_written: matches!(WriteLock::take(path), Err(StoreError::Locked { .. })),
    })
}

/// What the log of a data file says, whatever the version of its tables.
#[derive(Debug, Default)]
pub(super) struct LogState {
    pub(super) identity: String,
    pub(super) revision: u64,
    pub(super) newest_at: Option<Timestamp>,
    pub(super) head: String,
}

/// Reads the log. Version 1 kept it in another table; such a file can be copied and looked at before it
/// is brought up to date.
pub(super) fn log_state(connection: &Connection) -> rusqlite::Result<LogState> {
    let sql = "SELECT count(*) FROM sqlite_master WHERE name = 'lagesbild_audit'";
    let is_new: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    let (table, number) = if is_new > 0 { ("lagesbild_audit", "seq") } else { ("lagesbild_revision", "revision") };
    let entry = |order: &str| {
        let sql = format!("SELECT {number}, at_utc, chain_sha256 FROM {table} ORDER BY {number} {order} LIMIT 1");
        let read =
            |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?));
        connection.query_row(&sql, [], read).optional()
    };
    let (Some(first), Some(newest)) = (entry("ASC")?, entry("DESC")?) else { return Ok(LogState::default()) };
    let sql = format!("SELECT coalesce(max(revision), 0) FROM {table}");
    let revision: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
    Ok(LogState {
        identity: first.2,
        revision: revision.unsigned_abs(),
        newest_at: newest.1.parse().ok(),
        head: format!("{}:{}", newest.0, newest.2),
    })
}

fn newest_record(connection: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let mut newest = None;
    for of in Counted::ALL {
        let sql = format!("SELECT max(start_utc) FROM {}", of.code());
        let text: Option<String> = connection.query_row(&sql, [], |row| row.get(0))?;
        let second = text.as_deref().and_then(from_text);
        newest = newest.max(second.and_then(|second| Timestamp::from_second(second).ok()));
    }
    Ok(newest)
}

/// What SQLite finds wrong with the pages and references of a file, at most twenty of each; reads all of it.
pub fn check_integrity(path: &Path) -> Result<Vec<String>, StoreError> {
    identify::check_is_geopackage(path)?;
    let connection = connection::reader(path)?;
    let wrap = StoreError::sqlite(path);
    let mut quick = connection.prepare("PRAGMA quick_check(20)").map_err(&wrap)?;
    let found = quick.query_map([], |row| row.get::<_, String>(0)).map_err(&wrap)?;
    let mut faults: Vec<String> = found.collect::<rusqlite::Result<_>>().map_err(&wrap)?;
    faults.retain(|line| line != "ok");
    let mut references = connection.prepare("PRAGMA foreign_key_check").map_err(&wrap)?;
    let found = references
        .query_map([], |row| {
            let (table, row_id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("{table} row {row_id:?} refers to nothing in {parent}"))
        })
        .map_err(&wrap)?;
    let found: Vec<String> = found.take(20).collect::<rusqlite::Result<_>>().map_err(&wrap)?;
    faults.extend(found);
    Ok(faults)
}
