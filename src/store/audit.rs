//! The audit log: who did what, each entry holding the hash of the one before.
//!
//! The chain shows an edit, a deletion and another order by itself. A cut tail, and a tail cut and written
//! anew, show only against a head that was kept elsewhere: print it with [`head`], compare with
//! [`super::verify_audit`].

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::domain::{Actor, Identity};

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// The data file was made.
    Init,
    /// Records were made, changed or withdrawn.
    Write,
    /// A file was imported.
    Import,
    /// An import was undone.
    Undo,
    /// Records left in a file.
    Export,
    /// Free text was read, with a reason.
    Read,
    /// Something was published.
    Release,
    /// An account, a key or a right changed.
    People,
    /// Records whose time was up were removed from every version.
    Purge,
    /// One record was removed from every version on request.
    Erase,
    /// A setting of the data file changed: controller, legal basis, retention.
    Setting,
    /// The file came back from a backup.
    Restore,
    /// The file was brought to a newer version of its tables.
    Migrate,
}

impl AuditAction {
    /// The word in the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Write => "write",
            Self::Import => "import",
            Self::Undo => "undo",
            Self::Export => "export",
            Self::Read => "read",
            Self::Release => "release",
            Self::People => "people",
            Self::Purge => "purge",
            Self::Erase => "erase",
            Self::Setting => "setting",
            Self::Restore => "restore",
            Self::Migrate => "migrate",
        }
    }
}

/// One entry to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) action: AuditAction,
    /// What it is done to, such as `observations/obs-1`.
    pub(super) subject: &'a str,
    pub(super) reason: Option<&'a str>,
    /// For a change of records.
    pub(super) revision: Option<i64>,
    pub(super) import_id: Option<i64>,
    /// Hash of what the revision made, ended and purged.
    pub(super) content_sha256: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// An entry that changes no record.
    pub(super) fn plain(action: AuditAction, subject: &'a str, reason: Option<&'a str>) -> Self {
        Self { action, subject, reason, revision: None, import_id: None, content_sha256: None }
    }
}

/// The newest entry of the log: what is kept elsewhere to show later that nothing was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Its number, from 1.
    pub seq: u64,
    /// Hash over it and all before it, hexadecimal.
    pub chain_sha256: String,
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.chain_sha256)
    }
}

impl FromStr for AuditHead {
    type Err = InvalidHead;

    fn from_str(text: &str) -> Result<Self, InvalidHead> {
        let bad = || InvalidHead { text: text.to_string() };
        let (seq, hash) = text.trim().split_once(':').ok_or_else(bad)?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
        let seq = seq.parse().ok().filter(|_| is_hash).ok_or_else(bad)?;
        Ok(Self { seq, chain_sha256: hash.to_lowercase() })
    }
}

/// A text that is no head of a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no head of a log; NUMBER:HASH is accepted, as 'lagesbild audit head' prints it")]
pub struct InvalidHead {
    /// As given.
    pub text: String,
}

/// Writes one entry in the caller's transaction and gives its hash.
pub(super) fn append(connection: &Connection, actor: &Actor, entry: &Entry<'_>) -> rusqlite::Result<String> {
    append_at(connection, Timestamp::now(), &actor.id, identity(actor), entry)
}

pub(super) fn append_at(
    connection: &Connection,
    at: Timestamp,
    actor: &str,
    identity: &str,
    entry: &Entry<'_>,
) -> rusqlite::Result<String> {
    let before = head(connection)?;
    let seq = before.as_ref().map_or(1, |head| head.seq + 1);
    let at = format!("{at:.3}");
    let chain = link(
        before.as_ref().map_or("", |head| head.chain_sha256.as_str()),
        &Linked { seq, at: &at, actor, identity, action: entry.action.code(), entry },
    );
    connection
        .prepare_cached("INSERT INTO lagesbild_audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?
        .execute(params![
            seq as i64,
            at,
            actor,
            identity,
            entry.action.code(),
            entry.subject,
            entry.reason,
            entry.revision,
            entry.import_id,
            entry.content_sha256,
            chain
        ])?;
    Ok(chain)
}

/// What the hash of an entry covers, besides the hash before.
pub(super) struct Linked<'a> {
    pub(super) seq: u64,
    pub(super) at: &'a str,
    pub(super) actor: &'a str,
    pub(super) identity: &'a str,
    /// As it stands in the log; a later version may have words this one does not know.
    pub(super) action: &'a str,
    pub(super) entry: &'a Entry<'a>,
}

/// The hash of an entry after the one with hash `before`.
pub(super) fn link(before: &str, this: &Linked<'_>) -> String {
    let number = |n: Option<i64>| n.map(|n| n.to_string());
    let (revision, import) = (number(this.entry.revision), number(this.entry.import_id));
    let seq = this.seq.to_string();
    let parts = [
        Some(before),
        Some(seq.as_str()),
        Some(this.at),
        Some(this.actor),
        Some(this.identity),
        Some(this.action),
        Some(this.entry.subject),
        this.entry.reason,
        revision.as_deref(),
        import.as_deref(),
        this.entry.content_sha256,
    ];
    let mut hash = Sha256::new();
    for part in parts {
        // Length before text, and absent is not empty: no two entries have the same bytes.
        match part {
            None => hash.update(u64::MAX.to_le_bytes()),
            Some(text) => {
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text.as_bytes());
            }
        }
    }
    hex(&hash.finalize())
}

/// The newest entry; `None` in a log without any.
pub(super) fn head(connection: &Connection) -> rusqlite::Result<Option<AuditHead>> {
    connection
        .prepare_cached("SELECT seq, chain_sha256 FROM lagesbild_audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok(AuditHead { seq: row.get::<_, i64>(0)?.unsigned_abs(), chain_sha256: row.get(1)? }))
        .optional()
}

/// The newest revision; 0 in a file without any.
pub(super) fn newest_revision(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("SELECT coalesce(max(revision), 0) FROM lagesbild_audit")?.query_row([], |row| row.get(0))
}

/// The hash of the first entry, which holds when and by whom the file was made: no two files share it.
/// Empty in a file without any.
pub(super) fn first_chain(connection: &Connection) -> rusqlite::Result<String> {
    let sql = "SELECT chain_sha256 FROM lagesbild_audit ORDER BY seq LIMIT 1";
    connection.query_row(sql, [], |row| row.get(0)).optional().map(Option::unwrap_or_default)
}

fn identity(actor: &Actor) -> &'static str {
    match actor.identity {
        Identity::Asserted => "asserted",
        Identity::Verified => "verified",
    }
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
