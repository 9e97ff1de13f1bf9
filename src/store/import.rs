//! Bulk import: many records, one revision, all or none.
//!
//! One transaction from the first row to the last, so a crash at any moment leaves the file as it
//! was. Memory does not grow with the number of rows: rows go to SQLite as they come, and the
//! R-tree is filled in one pass at the end (40 bytes per row while that lasts).

use std::collections::{HashMap, HashSet};

use rusqlite::{OptionalExtension, params};

use super::audit::{self, AuditAction, Entry};
use super::change::Controller;
use super::data_file::{DataFile, duplicate, ensure_term};
use super::versions::{self, Content};
use super::{StoreError, overlap, rtree, terms_of, unsaid};
use crate::domain::{Actor, Collection, Record};
use crate::spatial::DataClass;

/// What the import log says about a file.
#[derive(Clone, Debug)]
pub struct ImportNote {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// Prefix given to generated or clashing ids; part of what makes an import the same again.
    pub id_prefix: String,
    /// Whether records with a known id replace the current version.
    pub update: bool,
}

/// How many rows the file had, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Rows read.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows refused.
    pub rejected: u64,
}

/// What an import left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Number of the import, for `undo`.
    pub import_id: i64,
    /// The revision.
    pub revision: u64,
}

/// An import under way. Dropped without [`Import::finish`], nothing of it remains.
#[derive(Debug)]
pub struct Import<'a> {
    file: &'a mut DataFile,
    actor: Actor,
    collection: Collection,
    content: Content,
    controller: Controller,
    note: ImportNote,
    import_id: i64,
    revision: i64,
    last_fid_before: i64,
    known_terms: HashMap<&'static str, HashSet<String>>,
    finished: bool,
}

impl DataFile {
    /// Begins an import into a collection. The same content with the same prefix is refused unless it
    /// updates, or the earlier import was undone.
    pub fn begin_import(
        &mut self,
        actor: &Actor,
        collection: Collection,
        note: ImportNote,
    ) -> Result<Import<'_>, StoreError> {
        let path = self.path.clone();
        let wrap = StoreError::sqlite(&path);
        let connection = &self.connection;
        let earlier = connection
            .query_row(
                "SELECT import_id, at_utc, file FROM lagesbild_import WHERE sha256 = ?1 AND collection = ?2 AND id_prefix = ?3 AND undone_revision ISNULL",
                params![note.sha256, collection.table(), note.id_prefix],
                |row| Ok(StoreError::ImportedBefore { import_id: row.get(0)?, at: row.get(1)?, file: row.get(2)? }),
            )
            .optional()
            .map_err(&wrap)?;
        if let (Some(earlier), false) = (earlier, note.update) {
            return Err(earlier);
        }
        connection.execute_batch("BEGIN IMMEDIATE").map_err(&wrap)?;
        let begun = (|| {
            let import_id: i64 =
                connection
                    .query_row("SELECT coalesce(max(import_id), 0) + 1 FROM lagesbild_import", [], |row| row.get(0))?;
            let revision = audit::newest_revision(connection)? + 1;
            let last = if collection.has_geometry() {
                rtree::drop_triggers(connection, collection.table())?;
                let sql = format!("SELECT coalesce(max(fid), 0) FROM {}", collection.table());
                connection.query_row(&sql, [], |row| row.get(0))?
            } else {
                0
            };
            Ok((import_id, revision, last, Controller::read(connection)?))
        })();
        match begun {
            Ok((import_id, revision, last_fid_before, controller)) => Ok(Import {
                actor: actor.clone(),
                file: self,
                collection,
                content: Content::default(),
                controller,
                note,
                import_id,
                revision,
                last_fid_before,
                known_terms: HashMap::new(),
                finished: false,
            }),
            Err(error) => {
                // The first error is the one to report; without a commit the change is gone anyway.
                let _ = connection.execute_batch("ROLLBACK");
                Err(wrap(error))
            }
        }
    }
}

impl Import<'_> {
    /// Marks the data file as synthetic, because generated records come in. Refused when it holds
    /// records of this world: the two are never mixed.
    pub fn mark_synthetic(&mut self) -> Result<(), StoreError> {
        let wrap = StoreError::sqlite(&self.file.path);
        let connection = &self.file.connection;
        let (class, others): (String, i64) = connection
            .query_row(
                "SELECT value, (SELECT count(*) FROM observations WHERE import_id IS NOT ?1) + (SELECT count(*) FROM activities WHERE import_id IS NOT ?1)
                 FROM lagesbild_meta WHERE key = 'data_class'",
                [self.import_id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(&wrap)?;
        if class == DataClass::Synthetic.code() {
            return Ok(());
        }
        if others > 0 {
            let text = format!(
                "{}: holds records of this world, and the rows to import are marked synthetic; import them into a new file",
                self.file.path.display()
            );
            return Err(StoreError::Setting(text));
        }
        let sql = "UPDATE lagesbild_meta SET value = ?1 WHERE key = 'data_class'";
        connection.execute(sql, [DataClass::Synthetic.code()]).map(|_| ()).map_err(&wrap)
    }

    /// Adds the records that one row gave, all or none: those of another collection (an action beside an
    /// observation) come into the same revision. Errors as [`Import::add`].
    pub fn add_row(&mut self, records: &[Record]) -> Result<(), StoreError> {
        if let [only] = records {
            return self.add(only);
        }
        let wrap = |file: &DataFile, e| StoreError::sqlite(&file.path)(e);
        self.check_under_way()?;
        self.file.connection.execute_batch("SAVEPOINT row").map_err(|e| wrap(self.file, e))?;
        let before = self.content.clone();
        let added = records.iter().try_for_each(|record| self.add(record));
        if added.is_err() && !self.file.connection.is_autocommit() {
            self.content = before;
            self.file.connection.execute_batch("ROLLBACK TO row").map_err(|e| wrap(self.file, e))?;
        }
        if !self.file.connection.is_autocommit() {
            self.file.connection.execute_batch("RELEASE row").map_err(|e| wrap(self.file, e))?;
        }
        added
    }

    /// Adds a record. [`StoreError::DuplicateId`] (the file has the id), [`StoreError::RepeatedId`] (this import
    /// has), [`StoreError::OtherController`] and [`StoreError::OverlappingCount`] (with the file, or a row before)
    /// leave the import as it was before the row; any other error ends it.
    pub fn add(&mut self, record: &Record) -> Result<(), StoreError> {
        self.controller.check(record)?;
        self.check_under_way()?;
        overlap::check(&self.file.connection, record, &StoreError::sqlite(&self.file.path))?;
        let updated = if self.note.update { Some(self.with_unsaid(record)?) } else { None };
        let record = updated.as_ref().unwrap_or(record);
        self.make_room(record.collection(), record.id().as_str())?;
        for (table, code) in terms_of(record) {
            self.learn(table, code)?;
        }
        versions::put(&self.file.connection, record, Some(self.import_id), self.revision, &mut self.content)
            .map_err(|e| self.refused(e, record.collection(), record.id().as_str()))
    }

    /// What replaces a record, with what the row leaves unsaid. An action beside a row of another collection is the
    /// one the file has about the same record.
    fn with_unsaid(&self, record: &Record) -> Result<Record, StoreError> {
        let (connection, path) = (&self.file.connection, &self.file.path);
        match record {
            Record::Action(action) if self.collection != Collection::Actions => {
                unsaid::as_known(connection, path, action).map(Record::Action)
            }
            _ => unsaid::with_free_text(connection, path, record),
        }
    }

    /// A failure such as a full disk makes SQLite undo the whole transaction; what came after it
    /// would be kept row by row.
    fn check_under_way(&self) -> Result<(), StoreError> {
        if self.file.connection.is_autocommit() {
            return Err(StoreError::ImportOver { path: self.file.path.clone() });
        }
        Ok(())
    }

    /// Why a row was refused; an id that this import itself brought is told apart.
    fn refused(&self, error: rusqlite::Error, collection: Collection, id: &str) -> StoreError {
        let (collection, table) = (collection.code(), collection.table());
        let refused = duplicate(error, collection, id, &self.file.path);
        let sql = format!("SELECT 1 FROM {table} WHERE id = ?1 AND revision = ?2");
        let is_own = || self.file.connection.query_row(&sql, params![id, self.revision], |_| Ok(())).is_ok();
        match refused {
            StoreError::DuplicateId { .. } if is_own() => StoreError::RepeatedId { collection, id: id.to_string() },
            other => other,
        }
    }

    fn make_room(&mut self, collection: Collection, id: &str) -> Result<(), StoreError> {
        self.check_under_way()?;
        if self.note.update {
            let table = collection.table();
            let wrap = StoreError::sqlite(&self.file.path);
            let connection = &self.file.connection;
            match versions::current_revision(connection, table, id).map_err(&wrap)? {
                None => {}
                Some(revision) if revision == self.revision => {
                    return Err(StoreError::RepeatedId { collection: collection.code(), id: id.to_string() });
                }
                Some(_) => {
                    let reason = "replaced by import";
                    let ended = versions::end(connection, collection, id, self.revision, reason, &mut self.content)
                        .map_err(&wrap)?;
                    if let (Some(fid), true) = (ended, collection == self.collection && collection.has_geometry()) {
                        // The trigger that does this is away while the import lasts.
                        connection
                            .prepare_cached(&format!("DELETE FROM rtree_{table}_geom WHERE id = ?1"))
                            .and_then(|mut s| s.execute([fid]))
                            .map_err(&wrap)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn learn(&mut self, table: &'static str, code: &str) -> Result<(), StoreError> {
        let known = self.known_terms.entry(table).or_default();
        if !known.contains(code) {
            ensure_term(&self.file.connection, table, code).map_err(StoreError::sqlite(&self.file.path))?;
            known.insert(code.to_string());
        }
        Ok(())
    }

    /// Keeps everything added. Returns when it is on disk. An error keeps nothing.
    pub fn finish(mut self, counts: ImportCounts) -> Result<Imported, StoreError> {
        self.check_under_way()?;
        let wrap = StoreError::sqlite(&self.file.path);
        let connection = &self.file.connection;
        let table = self.collection.table();
        connection
            .execute(
                "INSERT INTO lagesbild_import VALUES (?1, strftime('%Y-%m-%dT%H:%M:%fZ','now'), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)",
                params![
                    self.import_id,
                    self.note.file,
                    self.note.sha256,
                    table,
                    self.note.id_prefix,
                    counts.rows as i64,
                    counts.accepted as i64,
                    counts.rejected as i64,
                    self.revision
                ],
            )
            .map_err(&wrap)?;
        if self.collection.has_geometry() {
            rtree::fill(connection, table, self.last_fid_before).map_err(&wrap)?;
            rtree::create_triggers(connection, table).map_err(&wrap)?;
            rtree::refresh_extent(connection, table).map_err(&wrap)?;
        }
        let content = std::mem::take(&mut self.content).sha256();
        let entry = Entry {
            action: AuditAction::Import,
            subject: &format!("import into {}", self.collection.code()),
            reason: None,
            revision: Some(self.revision),
            import_id: Some(self.import_id),
            content_sha256: Some(&content),
        };
        audit::append(connection, &self.actor, &entry).map_err(&wrap)?;
        connection.execute_batch("COMMIT").map_err(&wrap)?;
        let imported = Imported { import_id: self.import_id, revision: self.revision.unsigned_abs() };
        self.finished = true;
        Ok(imported)
    }
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        if !self.finished {
            // Nothing was committed, so an error here changes nothing: closing the connection undoes it.
            let _ = self.file.connection.execute_batch("ROLLBACK");
        }
    }
}
