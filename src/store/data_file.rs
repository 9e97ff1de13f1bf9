//! A data file open for writing by this process, and by no other.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::audit::{self, AuditAction, AuditHead, Entry};
use super::change::{self, Change, Receipt, WriteRequest};
use super::lock::WriteLock;
use super::new_file::{self, NewFile};
use super::{StoreError, connection, identify, load, migrate};
use crate::domain::Actor;
use crate::spatial::Frame;

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

    /// Opens an existing data file for writing. One with older tables is brought to the newest version
    /// first, in one transaction.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        identify::check_is_geopackage(path)?;
        // Looked at without writing first: a file of another program must not be touched.
        load::read_facts(&connection::reader(path)?, path)?;
        let lock = WriteLock::take(path)?;
        let mut connection = connection::writer(path)?;
        migrate::to_newest(&mut connection, path)?;
        Ok(Self { path: path.to_path_buf(), connection, _lock: lock })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything but the records.
    pub fn frame(&self) -> Result<Frame, StoreError> {
        load::read_frame(&self.connection, &self.path, None)
    }

    /// Keeps a plain change and gives its revision; see [`DataFile::write`].
    pub fn commit(&mut self, actor: &Actor, change: &Change) -> Result<u64, StoreError> {
        self.write(actor, &change.clone().into()).map(|receipt| receipt.revision)
    }

    /// Keeps everything in a request as one revision, or nothing. Returns when it is on disk.
    ///
    /// A record whose category, kind or role is not in the table adds it.
    pub fn write(&mut self, actor: &Actor, request: &WriteRequest) -> Result<Receipt, StoreError> {
        let path = self.path.clone();
        let wrap = StoreError::sqlite(&path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        let receipt = change::apply(&transaction, actor, request, &wrap)?;
        transaction.commit().map_err(&wrap)?;
        Ok(receipt)
    }

    /// Writes an entry into the audit log without changing a record.
    pub fn note(
        &mut self,
        actor: &Actor,
        action: AuditAction,
        subject: &str,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let wrap = StoreError::sqlite(&self.path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        audit::append(&transaction, actor, &Entry::plain(action, subject, reason)).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)
    }

    /// The newest entry of the audit log.
    pub fn audit_head(&self) -> Result<Option<AuditHead>, StoreError> {
        audit::head(&self.connection).map_err(StoreError::sqlite(&self.path))
    }

    /// Names the rule that allows records of the other controller's source class, or takes it back.
    pub fn set_legal_basis(&mut self, actor: &Actor, basis: Option<&str>) -> Result<(), StoreError> {
        let wrap = StoreError::sqlite(&self.path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        match basis.map(str::trim).filter(|basis| !basis.is_empty()) {
            Some(basis) => transaction
                .execute("INSERT OR REPLACE INTO lagesbild_meta VALUES ('legal_basis', ?1)", [basis])
                .map_err(&wrap)?,
            None => transaction.execute("DELETE FROM lagesbild_meta WHERE key = 'legal_basis'", []).map_err(&wrap)?,
        };
        let entry = Entry::plain(AuditAction::Setting, "legal_basis", basis);
        audit::append(&transaction, actor, &entry).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)
    }
}

/// Writes an entry into the audit log of a file that another process may have open for writing: for commands
/// that only read records, such as an export. No record and no revision changes.
pub fn note_in(
    path: &Path,
    actor: &Actor,
    action: AuditAction,
    subject: &str,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let wrap = StoreError::sqlite(path);
    identify::check_is_geopackage(path)?;
    // Looked at without writing first: a file of another program must not be touched.
    let reader = connection::reader(path)?;
    load::read_facts(&reader, path)?;
    migrate::require_newest(&reader, path)?;
    drop(reader);
    let mut connection = connection::writer(path)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
    audit::append(&transaction, actor, &Entry::plain(action, subject, reason)).map_err(&wrap)?;
    transaction.commit().map_err(&wrap)
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
