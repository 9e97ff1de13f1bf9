//! Whole records out of a data file, one after the other: for exports.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{StoreError, connection, identify, load, migrate, read_rows};
use crate::domain::{Collection, Record};
use crate::spatial::Frame;

/// A data file open for reading; other processes may write meanwhile.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    connection: Connection,
    frame: Frame,
}

impl Reader {
    /// Opens a data file; everything is read as of this moment.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        identify::check_is_geopackage(path)?;
        let connection = connection::reader(path)?;
        connection.execute_batch("BEGIN").map_err(StoreError::sqlite(path))?;
        load::read_facts(&connection, path)?; // says what else it is, if it is not ours
        migrate::require_newest(&connection, path)?;
        let frame = load::read_frame(&connection, path, None)?;
        Ok(Self { path: path.to_path_buf(), connection, frame })
    }

    /// Everything but the records.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The revision that is read.
    pub fn revision(&self) -> Result<u64, StoreError> {
        load::read_revision(&self.connection, &self.path)
    }

    /// Calls `visit` for every current record of a collection: observations and activities by start and
    /// id, others by id. Stops at the first error.
    pub fn each<E: From<StoreError>>(
        &self,
        collection: Collection,
        mut visit: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let wrap = StoreError::sqlite(&self.path);
        let order = if collection.counted().is_some() { "start_utc, id" } else { "id" };
        let sql = format!("SELECT * FROM {} ORDER BY {order}", collection.table());
        let mut statement = self.connection.prepare(&sql).map_err(&wrap)?;
        let mut rows = statement.query([]).map_err(&wrap)?;
        while let Some(row) = rows.next().map_err(&wrap)? {
            visit(read_rows::read(collection, row)?)?;
        }
        Ok(())
    }

    /// Names of the extra columns that records of `observations` or `activities` carry, in order of
    /// first appearance.
    pub fn kept_columns(&self, table: &str) -> Result<Vec<String>, StoreError> {
        let wrap = StoreError::sqlite(&self.path);
        let sql = format!("SELECT DISTINCT kept FROM {table} WHERE kept NOTNULL ORDER BY fid");
        let mut statement = self.connection.prepare(&sql).map_err(&wrap)?;
        let mut rows = statement.query([]).map_err(&wrap)?;
        let mut names: Vec<String> = Vec::new();
        while let Some(row) = rows.next().map_err(&wrap)? {
            for (name, _) in read_rows::kept(row) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Ok(names)
    }

    /// All imports, the newest first.
    pub fn imports(&self) -> Result<Vec<ImportEntry>, StoreError> {
        imports(&self.connection).map_err(StoreError::sqlite(&self.path))
    }

    /// Whether every revision was made by this actor.
    pub fn is_only_by(&self, actor: &str) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM lagesbild_revision WHERE actor <> ?1";
        let others: i64 =
            self.connection.query_row(sql, [actor], |row| row.get(0)).map_err(StoreError::sqlite(&self.path))?;
        Ok(others == 0)
    }

    /// The documents of all promises, JSON text, in the order they were added.
    pub fn promise_documents(&self) -> Result<Vec<String>, StoreError> {
        load::read_all(&self.connection, &self.path, "promises", None, |row| {
            row.get("document").map_err(StoreError::sqlite(&self.path))
        })
    }
}

/// One import, as the log of imports has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportEntry {
    /// Its number, for `undo`.
    pub import_id: i64,
    /// When, UTC.
    pub at_utc: String,
    /// Name of the file.
    pub file: String,
    /// The collection.
    pub collection: String,
    /// Rows of the file.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows refused.
    pub rejected: u64,
    /// The revision it made.
    pub revision: u64,
    /// The revision that undid it.
    pub undone_revision: Option<u64>,
}

pub(super) fn imports(connection: &Connection) -> rusqlite::Result<Vec<ImportEntry>> {
    let mut statement = connection.prepare(
        "SELECT import_id, at_utc, file, collection, rows, accepted, rejected, revision, undone_revision
         FROM lagesbild_import ORDER BY import_id DESC",
    )?;
    let entries = statement.query_map([], |row| {
        let number = |i: usize| row.get::<_, i64>(i).map(i64::unsigned_abs);
        Ok(ImportEntry {
            import_id: row.get(0)?,
            at_utc: row.get(1)?,
            file: row.get(2)?,
            collection: row.get(3)?,
            rows: number(4)?,
            accepted: number(5)?,
            rejected: number(6)?,
            revision: number(7)?,
            undone_revision: row.get::<_, Option<i64>>(8)?.map(i64::unsigned_abs),
        })
    })?;
    entries.collect()
}
