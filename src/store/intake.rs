//! What an import would refuse, asked before anything is written.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::StoreError;
use super::change::Controller;
use super::overlap::{self, Taken};
use crate::domain::{Collection, Id, Record};

/// Answers for the rows of one file, in their order. Memory: the ids of the rows that were taken.
pub struct Intake<'a> {
    connection: &'a Connection,
    wrap: &'a dyn Fn(rusqlite::Error) -> StoreError,
    controller: Controller,
    seen: HashSet<(Collection, Id)>,
    counts: Taken,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        wrap: &'a dyn Fn(rusqlite::Error) -> StoreError,
    ) -> Result<Self, StoreError> {
        let controller = Controller::read(connection).map_err(wrap)?;
        Ok(Self { connection, wrap, controller, seen: HashSet::new(), counts: Taken::default() })
    }

    /// Whether the records that one row gave would be taken, all or none: [`StoreError::DuplicateId`],
    /// [`StoreError::RepeatedId`], [`StoreError::OtherController`] and [`StoreError::OverlappingCount`] say why not,
    /// as an import does.
    pub fn take(&mut self, records: &[Record]) -> Result<(), StoreError> {
        for record in records {
            self.controller.check(record)?;
            let (collection, id) = (record.collection(), record.id());
            if self.seen.contains(&(collection, id.clone())) {
                return Err(StoreError::RepeatedId { collection: collection.code(), id: id.to_string() });
            }
            let sql = format!("SELECT 1 FROM {} WHERE id = ?1", collection.table());
            let there = self
                .connection
                .prepare_cached(&sql)
                .and_then(|mut s| s.query_row([id.as_str()], |_| Ok(())).optional())
                .map_err(self.wrap)?;
            if there.is_some() {
                return Err(StoreError::DuplicateId { collection: collection.code(), id: id.to_string() });
            }
            overlap::check(self.connection, record, self.wrap)?;
            self.counts.check(record)?;
        }
        records.iter().for_each(|record| self.counts.add(record));
        self.seen.extend(records.iter().map(|record| (record.collection(), record.id().clone())));
        Ok(())
    }
}

pub(super) fn imported_before(
    connection: &Connection,
    collection: Collection,
    sha256: &str,
) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT import_id FROM lagesbild_import WHERE sha256 = ?1 AND collection = ?2 AND id_prefix = '' AND undone_revision ISNULL";
    connection.query_row(sql, params![sha256, collection.table()], |row| row.get(0)).optional()
}
