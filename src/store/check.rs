//! What can be said about a data file without changing it: for `lagesbild doctor`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::lock::WriteLock;
use super::time_text::from_text;
use super::{StoreError, audit, connection, identify, load};
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
    /// Hash of the newest entry of the revision log.
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
    let facts = load::read_frame(&connection, path, None)?.facts;
    let newest: Option<(i64, String)> = connection
        .query_row("SELECT revision, at_utc FROM lagesbild_revision ORDER BY revision DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
        .map_err(&wrap)?;
    let (revision, at) = newest.unwrap_or_default();
    let audit_head = audit::head(&connection).map_err(&wrap)?.map(|head| head.to_string()).unwrap_or_default();
    let sql = "SELECT value FROM lagesbild_meta WHERE key = 'schema_version'";
    let version: String = connection.query_row(sql, [], |row| row.get(0)).map_err(&wrap)?;
    let size = |suffix: &str| {
        let mut name = path.as_os_str().to_os_string();
        name.push(suffix);
        std::fs::metadata(PathBuf::from(name)).map_or(0, |meta| meta.len())
    };
    Ok(FileState {
        schema_version: version.parse().unwrap_or_default(),
        time_zone: facts.time_zone.clone(),
        identity: audit::first_chain(&connection).map_err(&wrap)?,
        revision: revision.unsigned_abs(),
        revision_at: at.parse().ok(),
        audit_head,
        newest_record_at: newest_record(&connection).map_err(&wrap)?,
        bytes: size(""),
        log_bytes: size("-wal"),
        is_being_written: matches!(WriteLock::take(path), Err(StoreError::Locked { .. })),
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
