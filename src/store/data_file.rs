//! A data file open for writing by this process, and by no other.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::lock::WriteLock;
use super::new_file::{self, NewFile};
use super::{StoreError, connection, identify, load, revision, rows, rtree};
use crate::domain::{Activity, Actor, Counted, Id, Observation, Report, Survey, Term, Vocabulary};
use crate::spatial::Frame;

/// What one revision changes. Everything is kept or nothing.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What it is, for the revision log.
    pub what: String,
    /// Observations; one with a known id replaces the current version.
    pub observations: Vec<Observation>,
    /// Activities; one with a known id replaces the current version.
    pub activities: Vec<Activity>,
    /// Records taken back, with the reason.
    pub withdrawn: Vec<(Counted, Id, String)>,
    /// Weekly reports of organisations; ids must be new.
    pub reports: Vec<Report>,
    /// Survey waves; ids must be new.
    pub surveys: Vec<Survey>,
}

/// The write side of a data file. Holds the lock until dropped.
#[derive(Debug)]
pub struct DataFile {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    _lock: WriteLock,
}

impl DataFile {
    /// Makes a new data file and opens it.
    pub fn create(path: &Path, new: &NewFile, actor: &Actor) -> Result<Self, StoreError> {
        let lock = WriteLock::take(path)?;
        new_file::create(path, new, actor)?;
        Ok(Self { path: path.to_path_buf(), connection: connection::writer(path)?, _lock: lock })
    }

    /// Opens an existing data file for writing.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        identify::check_is_geopackage(path)?;
        // Looked at without writing first: a file of another program must not be touched.
        load::read_frame(&connection::reader(path)?, path)?;
        let lock = WriteLock::take(path)?;
        Ok(Self { path: path.to_path_buf(), connection: connection::writer(path)?, _lock: lock })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything but the records.
    pub fn frame(&self) -> Result<Frame, StoreError> {
        load::read_frame(&self.connection, &self.path)
    }

    /// Keeps a change and gives its revision. Returns when it is on disk.
    ///
    /// A record whose category, kind or role is not in the table adds it. An id may stand in a change
    /// only once per collection.
    pub fn commit(&mut self, actor: &Actor, change: &Change) -> Result<u64, StoreError> {
        check_ids_once(change)?;
        let wrap = StoreError::sqlite(&self.path);
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(&wrap)?;
        let revision = revision::next(&transaction, actor, &change.what, None).map_err(&wrap)?;
        for (collection, id, reason) in &change.withdrawn {
            if !rows::end_row(&transaction, collection.code(), id.as_str(), revision, reason).map_err(&wrap)? {
                return Err(StoreError::UnknownId { collection: collection.code(), id: id.to_string() });
            }
        }
        for record in &change.observations {
            rows::end_row(&transaction, "observations", record.id.as_str(), revision, "replaced").map_err(&wrap)?;
            ensure_term(&transaction, "categories", &record.category).map_err(&wrap)?;
            rows::insert_observation(&transaction, record, None, revision).map_err(&wrap)?;
        }
        for record in &change.activities {
            rows::end_row(&transaction, "activities", record.id.as_str(), revision, "replaced").map_err(&wrap)?;
            ensure_term(&transaction, "kinds", &record.kind).map_err(&wrap)?;
            for participant in &record.actors {
                ensure_term(&transaction, "roles", &participant.role).map_err(&wrap)?;
            }
            rows::insert_activity(&transaction, record, None, revision).map_err(&wrap)?;
        }
        for report in &change.reports {
            rows::insert_report(&transaction, report, revision)
                .map_err(|e| duplicate(e, "reports", report.id.as_str(), &self.path))?;
        }
        for survey in &change.surveys {
            rows::insert_survey(&transaction, survey, revision)
                .map_err(|e| duplicate(e, "surveys", survey.id.as_str(), &self.path))?;
        }
        for of in Counted::ALL {
            let touched = match of {
                Counted::Observations => !change.observations.is_empty(),
                Counted::Activities => !change.activities.is_empty(),
            };
            if touched || change.withdrawn.iter().any(|(collection, ..)| *collection == of) {
                rtree::refresh_extent(&transaction, of.code()).map_err(&wrap)?;
            }
        }
        transaction.commit().map_err(&wrap)?;
        Ok(revision.unsigned_abs())
    }

    /// Adds a term to `vocabulary` and says whether it was new.
    pub(super) fn learn(terms: &mut Vec<Term>, code: &str) -> bool {
        let new = !terms.iter().any(|term| term.code == code);
        if new {
            terms.push(Term::bare(code));
        }
        new
    }
}

/// The vocabulary after a change: terms are only ever added at the end, as in the tables.
pub(super) fn vocabulary_after(before: &Vocabulary, change: &Change) -> Vocabulary {
    let mut after = before.clone();
    for record in &change.observations {
        DataFile::learn(&mut after.categories, &record.category);
    }
    for record in &change.activities {
        DataFile::learn(&mut after.kinds, &record.kind);
        for participant in &record.actors {
            DataFile::learn(&mut after.roles, &participant.role);
        }
    }
    after
}

/// A revision has one version of a record.
fn check_ids_once(change: &Change) -> Result<(), StoreError> {
    let observations = change.observations.iter().map(|r| (Counted::Observations, &r.id));
    let activities = change.activities.iter().map(|r| (Counted::Activities, &r.id));
    let withdrawn = change.withdrawn.iter().map(|(collection, id, _)| (*collection, id));
    let mut seen = HashSet::new();
    for (collection, id) in observations.chain(activities).chain(withdrawn) {
        if !seen.insert((collection, id)) {
            return Err(StoreError::RepeatedId { collection: collection.code(), id: id.to_string() });
        }
    }
    Ok(())
}

/// Adds a category, kind or role that is not in its table.
pub(super) fn ensure_term(connection: &Connection, table: &str, code: &str) -> rusqlite::Result<()> {
    let sql =
        format!("INSERT INTO {table} (code, label_sv, label_en) VALUES (?1, ?1, ?1) ON CONFLICT (code) DO NOTHING");
    connection.prepare_cached(&sql)?.execute([code]).map(|_| ())
}

/// Names the record when an id is taken.
pub(super) fn duplicate(error: rusqlite::Error, collection: &'static str, id: &str, path: &Path) -> StoreError {
    match error.sqlite_error() {
        Some(e) if e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE => {
            StoreError::DuplicateId { collection, id: id.to_string() }
        }
        _ => StoreError::sqlite(path)(error),
    }
}
