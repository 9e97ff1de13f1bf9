//! The data file and the only mutable state: one writer, and snapshots that never change.
//!
//! [`DataFile`] writes, [`load_snapshot`] reads once, [`Store`] does both for a running service.

mod audit;
mod backup;
mod change;
mod check;
mod connection;
mod data_file;
mod error;
mod geometry;
mod history;
mod identify;
mod import;
mod intake;
mod load;
mod lock;
mod migrate;
mod new_file;
mod overlap;
mod packed_rtree;
mod people;
mod planted;
mod points;
mod publish;
mod purge;
mod read;
mod read_rows;
mod release_rules;
mod releases;
mod rows;
mod rtree;
mod secret;
mod service;
mod styles;
mod time_text;
mod undo;
mod unsaid;
mod verify;
mod versions;
mod writer;

pub use audit::{AuditAction, AuditHead, InvalidHead};
pub use backup::{
    Backup, BackupError, Manifest, Rehearsal, Restored, backup, list_backups, newest_backup, private_file,
    prune_backups, rehearse, restore,
};
pub use change::{Change, Expect, Operation, Receipt, RetryKey, WriteRequest};
pub use check::{FileState, check_integrity, file_state};
pub use data_file::{DataFile, note_in};

pub use error::StoreError;
pub use history::{Found, Version};
pub use import::{Import, ImportCounts, ImportNote, Imported};
pub use intake::Intake;
pub use load::{load_snapshot, load_snapshot_at};
pub use migrate::bring_up_to_date;
pub use new_file::NewFile;
pub use people::{KEY_LIFETIME_MAX, Key, KeyScope, NewKey, People, Session, User, check_name, parse_key, people_of};
pub use purge::{Purged, Retention};
pub use read::{ImportEntry, Reader};
pub use release_rules::{PublishRule, ReleaseRefused};
pub use releases::{Correction, NewRelease, ReleaseEntry, releases_of};
pub use secret::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, PasswordHash, Token, TokenDigest};
pub use service::Store;
pub use undo::Undone;
pub use verify::{AuditFault, AuditReport, verify_audit};

use crate::domain::Record;

/// Version of the tables in a data file; a file with a higher one is refused, a lower one is brought up.
pub const SCHEMA_VERSION: i64 = 4;

/// The tables and codes of the terms a record uses.
fn terms_of(record: &Record) -> Vec<(&'static str, &str)> {
    let (kind, actors) = match record {
        Record::Observation(observation) => return vec![("categories", observation.category.as_str())],
        Record::Activity(activity) => (&activity.kind, &activity.actors),
        Record::ReportedCount(count) => (&count.kind, &count.actors),
        Record::Booking(booking) => (&booking.kind, &booking.actors),
        _ => return Vec::new(),
    };
    let roles = actors.iter().map(|participant| ("roles", participant.role.as_str()));
    std::iter::once(("kinds", kind.as_str())).chain(roles).collect()
}
