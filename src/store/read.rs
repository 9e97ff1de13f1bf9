//! Whole records out of a data file, one after the other: for exports.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row};

use super::{StoreError, connection, identify, load, rows};
use crate::domain::{Activity, Observation};
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
        let frame = load::read_frame(&connection, path)?;
        Ok(Self { path: path.to_path_buf(), connection, frame })
    }

    /// Everything but the records.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Calls `visit` for every current observation, by start and id. Stops at the first error.
    pub fn observations<E: From<StoreError>>(&self, visit: impl FnMut(Observation) -> Result<(), E>) -> Result<(), E> {
        self.each("observations", rows::read_observation, visit)
    }

    /// Calls `visit` for every current activity, by start and id. Stops at the first error.
    pub fn activities<E: From<StoreError>>(&self, visit: impl FnMut(Activity) -> Result<(), E>) -> Result<(), E> {
        self.each("activities", rows::read_activity, visit)
    }

    fn each<T, E: From<StoreError>>(
        &self,
        table: &str,
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
        mut visit: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let wrap = StoreError::sqlite(&self.path);
        let sql = format!("SELECT * FROM {table} ORDER BY start_utc, id");
        let mut statement = self.connection.prepare(&sql).map_err(&wrap)?;
        let mut rows = statement.query([]).map_err(&wrap)?;
        while let Some(row) = rows.next().map_err(&wrap)? {
            visit(read(row)?)?;
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
            for (name, _) in rows::kept(row) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Ok(names)
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
        load::read_all(&self.connection, &self.path, "promises", |row| {
            row.get("document").map_err(StoreError::sqlite(&self.path))
        })
    }
}
