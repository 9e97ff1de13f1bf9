//! What can go wrong with a data file.

use std::path::PathBuf;

use jiff::civil::Date;

use super::ReleaseRefused;
use crate::domain::{NotInvited, PlaneError};

/// An error of the store. Every text names the file or the record and says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is something else where a data file was expected.
    #[error("{path}: {what}; a lagesbild data file is made by 'lagesbild init {path}'")]
    NotADataFile {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        what: String,
    },
    /// Nothing is there.
    #[error("{path}: there is no such file; 'lagesbild init {path}' makes one")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file that must not be overwritten.
    #[error("{path}: already exists; name another file, or move it away first")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version of this program.
    #[error("{path}: has data file version {found}, this program knows up to {known}; use a newer lagesbild")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Written by an earlier version of this program.
    #[error(
        "{path}: has data file version {found}, this program uses {known}; 'lagesbild migrate' brings it up and keeps a copy"
    )]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The version this program uses.
        known: i64,
    },
    /// Another process writes the file.
    #[error("{path}: is being written by another lagesbild (it holds {lock}); stop it, or send the change to it")]
    Locked {
        /// The file.
        path: PathBuf,
        /// The lock file.
        lock: PathBuf,
    },
    /// An id that is there already.
    #[error("id '{id}' exists in {collection}; use --update to replace records or --id-prefix to keep both")]
    DuplicateId {
        /// Collection.
        collection: &'static str,
        /// The id.
        id: String,
    },
    /// An id that stands twice in what is to be one revision.
    #[error("id '{id}' stands more than once in this change of {collection}; give every record its own id")]
    RepeatedId {
        /// Collection.
        collection: &'static str,
        /// The id.
        id: String,
    },
    /// An id that is not there.
    #[error("there is no '{id}' in {collection}")]
    UnknownId {
        /// Collection.
        collection: &'static str,
        /// The id.
        id: String,
    },
    /// Another version is current than the one the request was made for.
    #[error("{collection} '{id}' is at revision {current} now; read it again and decide anew")]
    Stale {
        /// Collection.
        collection: &'static str,
        /// The id.
        id: String,
        /// Revision of the current version.
        current: u64,
    },
    /// A key for sending a request again was used for another request.
    #[error("the Idempotency-Key '{key}' was used for another request; give every request its own")]
    KeyReused {
        /// The key.
        key: String,
    },
    /// The first request with this key is still under way.
    #[error("a request with the Idempotency-Key '{key}' is under way; send it again in a moment")]
    KeyInFlight {
        /// The key.
        key: String,
    },
    /// The content was removed from every version.
    #[error("{collection} '{id}' was purged on {on}")]
    Purged {
        /// Collection.
        collection: &'static str,
        /// The id.
        id: String,
        /// Local day of the data file.
        on: Date,
    },
    /// Records that were there at this revision have been purged since.
    #[error("revision {revision} holds records that were purged on {on}; it cannot be computed again")]
    PurgedSince {
        /// The revision asked for.
        revision: u64,
        /// Local day of the data file.
        on: Date,
    },
    /// No such revision.
    #[error("there is no revision {revision}; accepted: 1 to {newest}")]
    NoSuchRevision {
        /// As asked.
        revision: u64,
        /// The newest there is.
        newest: u64,
    },
    /// Another old revision is being computed.
    #[error("an earlier revision is being put together; try again in a few seconds")]
    Rebuilding,
    /// Writing failed earlier; until a restart the store only reads.
    #[error("{path}: writing failed ({why}); since then nothing is written. Mend the disk and start the service again")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        why: String,
    },
    /// A record of a source class that the controller of this file may not hold.
    #[error(
        "records of source '{source_class}' are not the {controller}'s to hold; name the rule that allows it with \
         'lagesbild controller --legal-basis TEXT', or report counts (reported-counts)"
    )]
    OtherController {
        /// Word of the source.
        source_class: &'static str,
        /// `municipality` or `police`.
        controller: String,
    },
    /// Another current count of the same organisation, kind and area covers a day of this one.
    #[error(
        "reported count '{id}' overlaps '{other}' ({first} to {last}), which is of the same organisation, kind and area; \
         change or withdraw '{other}', or report a period it does not cover"
    )]
    OverlappingCount {
        /// The count that was refused.
        id: String,
        /// The count that is there.
        other: String,
        /// Its first day.
        first: Date,
        /// Its last day.
        last: Date,
    },
    /// No such import, or nothing of it is left to undo.
    #[error("import {import_id} cannot be undone: {why}")]
    NotUndone {
        /// Its number.
        import_id: i64,
        /// Why.
        why: String,
    },
    /// The same content was imported before.
    #[error(
        "this content was imported already (import {import_id}, {at}, from '{file}'); use --update to replace its records or --id-prefix to add them again"
    )]
    ImportedBefore {
        /// Number of the earlier import.
        import_id: i64,
        /// When.
        at: String,
        /// File name at that time.
        file: String,
    },
    /// A stored value that cannot be read back.
    #[error("{table} '{id}': {what}")]
    Damaged {
        /// Table.
        table: &'static str,
        /// Record.
        id: String,
        /// What is wrong.
        what: String,
    },
    /// The store was opened for reading.
    #[error("{path}: is open for reading only")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("{path}: the disk is full; nothing of this change was kept")]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The operating system did not take what was written: a quota, a limit on file sizes, a broken disk.
    #[error(
        "{path}: could not be written (a disk quota, a limit on file sizes or a broken disk); nothing of this change was kept"
    )]
    NotWritten {
        /// The file.
        path: PathBuf,
    },
    /// Another program has begun to write, or does not let go of the file.
    #[error("{path}: another program holds it, perhaps an edit session in QGIS; close it there and try again")]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// An import that failed before; SQLite has already undone it.
    #[error("{path}: this import failed earlier and nothing of this change was kept; begin it again")]
    ImportOver {
        /// The file.
        path: PathBuf,
    },
    /// The plane cannot be used.
    #[error(transparent)]
    Plane(#[from] PlaneError),
    /// A setting of a new file that is not usable.
    #[error("{0}")]
    Setting(String),
    /// An account, key or password that cannot be as asked: a sentence that says why.
    #[error("{0}")]
    People(String),
    /// A booking that everybody would see ahead of time and that is not open to everybody.
    #[error(transparent)]
    Invitation(#[from] NotInvited),
    /// A release that cannot be registered, published, withdrawn or corrected as asked.
    #[error(transparent)]
    Release(#[from] ReleaseRefused),
    /// SQLite says no.
    #[error("{path}: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The operating system says no.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: std::io::Error,
    },
}

impl StoreError {
    /// Wraps an SQLite error with the name of the file.
    pub(super) fn sqlite(path: &std::path::Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        use rusqlite::ErrorCode;
        use rusqlite::ffi::{SQLITE_IOERR_FSYNC, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE};
        move |source| {
            let path = path.to_path_buf();
            let extended = source.sqlite_error().map_or(0, |e| e.extended_code);
            match source.sqlite_error_code() {
                Some(ErrorCode::DiskFull) => Self::DiskFull { path },
                // The index of the log could not grow, which only a full disk does.
                _ if extended == SQLITE_IOERR_SHMSIZE => Self::DiskFull { path },
                Some(ErrorCode::DatabaseBusy) => Self::Busy { path },
                _ if [SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC].contains(&extended) => Self::NotWritten { path },
                _ => Self::Sqlite { path, source },
            }
        }
    }

    /// Whether the disk, and not the request, is to blame: after it nothing more may be promised.
    pub(super) fn is_of_the_disk(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, SystemIoFailure};
        match self {
            Self::NotWritten { .. } | Self::Io { .. } => true,
            Self::Sqlite { source, .. } => {
                matches!(source.sqlite_error_code(), Some(SystemIoFailure | DatabaseCorrupt | NotADatabase))
            }
            _ => false,
        }
    }

    /// Whether the file stands where nothing can be written: a read-only disk, someone else's folder.
    pub fn is_read_only_place(&self) -> bool {
        use rusqlite::ErrorCode::{CannotOpen, ReadOnly};
        match self {
            Self::Sqlite { source, .. } => matches!(source.sqlite_error_code(), Some(CannotOpen | ReadOnly)),
            _ => false,
        }
    }

    /// The same error for another request of the same group.
    pub(super) fn again(&self, path: &std::path::Path) -> Self {
        let path = path.to_path_buf();
        match self {
            Self::DiskFull { .. } => Self::DiskFull { path },
            Self::NotWritten { .. } => Self::NotWritten { path },
            Self::Busy { .. } => Self::Busy { path },
            other => Self::Failed { path, why: other.to_string() },
        }
    }
}
