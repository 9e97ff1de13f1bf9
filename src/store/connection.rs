//! SQLite connections as the store uses them.

use std::path::Path;
use std::time::Duration;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::geometry::envelope_of;
use super::{StoreError, planted};

/// A connection that may write: WAL, every commit on disk before it is acknowledged.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    let wrap = StoreError::sqlite(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(&wrap)?;
    prepare(&connection).map_err(&wrap)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768;")
        .map_err(&wrap)?;
    if planted::is("skip-fsync") {
        connection.execute_batch("PRAGMA synchronous = OFF").map_err(&wrap)?;
    }
    register(&connection).map_err(&wrap)?;
    make_certain(&connection, path)?;
    Ok(connection)
}

/// Puts on disk what an earlier process wrote and did not live to sync.
///
/// After a kill the log may hold changes that only the memory of the operating system has. SQLite takes them for
/// kept; a request sent again would be acknowledged, and a power loss would take it back. Moving the log into the
/// file syncs both. With a full disk the log alone is synced, which is enough.
fn make_certain(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let moved = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    match moved.map_err(StoreError::sqlite(path)) {
        Ok(()) | Err(StoreError::DiskFull { .. }) => sync_folder(path),
        Err(other) => Err(other),
    }
}

/// Puts the names of the file and its log on disk. SQLite does so too when it first writes to a new log, and pays
/// no attention to an error; without its name a synced log is lost all the same.
#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| StoreError::Io { path: path.to_path_buf(), source })
}

/// Other systems have no such thing as a folder that is synced.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// A connection that cannot write.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let wrap = StoreError::sqlite(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(&wrap)?;
    prepare(&connection).map_err(&wrap)?;
    // The first read opens the log, which SQLite wants to make beside the file.
    let refused = connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).err();
    match refused.and_then(|e| e.sqlite_error_code()) {
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) if !has_log(path) => unchanging_reader(path),
        // Anything else comes up again where it is read, with what it is.
        _ => Ok(connection),
    }
}

/// A connection to a file in a folder where nothing can be made: a read-only disk, someone else's
/// folder. Without a log beside it nobody writes the file now.
fn unchanging_reader(path: &Path) -> Result<Connection, StoreError> {
    let wrap = StoreError::sqlite(path);
    let real = path.canonicalize().map_err(|source| StoreError::Io { path: path.to_path_buf(), source })?;
    let mut uri = String::from("file:");
    for byte in real.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags).map_err(&wrap)?;
    prepare(&connection).map_err(&wrap)?;
    Ok(connection)
}

/// Whether a log with content stands beside the file.
fn has_log(path: &Path) -> bool {
    let mut name = path.as_os_str().to_os_string();
    name.push("-wal");
    std::fs::metadata(name).is_ok_and(|meta| meta.len() > 0)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// The functions that triggers of the data file call. `lagesbild_writer` is what lets our own
/// connection write: without it every other program stops at the trigger.
fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("lagesbild_writer", 0, flags, |_| Ok(1))?;
    let blob = |value: ValueRef<'_>| match value {
        ValueRef::Blob(bytes) => envelope_of(bytes),
        _ => None,
    };
    for (name, part) in [("ST_MinX", 0), ("ST_MaxX", 1), ("ST_MinY", 2), ("ST_MaxY", 3)] {
        connection
            .create_scalar_function(name, 1, flags, move |c| Ok(blob(c.get_raw(0)).map(|envelope| envelope[part])))?;
    }
    connection.create_scalar_function("ST_IsEmpty", 1, flags, move |c| match c.get_raw(0) {
        ValueRef::Null => Ok(None),
        value => Ok(Some(blob(value).is_none())),
    })
}
