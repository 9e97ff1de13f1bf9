//! Whether the audit log and the records say the same, and nothing was changed behind our back.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use rusqlite::Connection;

use super::audit::{self, AuditHead, Entry, Linked};
use super::rows::{self, VersionHash};
use super::versions::{self, Content, End};
use super::{StoreError, connection, identify, load, migrate, releases};
use crate::domain::Collection;

/// What a check of the log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Entries read.
    pub entries: u64,
    /// Revisions whose content was compared.
    pub revisions: u64,
    /// The newest entry: print it and keep it elsewhere.
    pub head: Option<AuditHead>,
    /// Everything that is wrong; empty when all is well.
    pub faults: Vec<AuditFault>,
}

/// One thing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFault {
    /// An entry is not there: one was deleted, or the order is another.
    Missing {
        /// The number that should stand here.
        seq: u64,
        /// The number that does.
        found: u64,
    },
    /// The hash of an entry is not that of its content and the entry before.
    Altered {
        /// The entry.
        seq: u64,
    },
    /// The records of a revision are not those the log has the hash of.
    Content {
        /// The revision.
        revision: u64,
    },
    /// There are records of a revision that the log does not have.
    Unlogged {
        /// The revision.
        revision: u64,
    },
    /// The register of releases does not say of this one what its newest entry in the log has the hash of.
    Release {
        /// Number of the release.
        number: u32,
    },
    /// The log does not hold the head that was kept elsewhere: its end was cut, or written anew.
    Cut {
        /// Number of the head.
        seq: u64,
    },
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { seq, found } => {
                write!(f, "entry {seq} of the log is missing (entry {found} stands in its place)")
            }
            Self::Altered { seq } => write!(f, "entry {seq} of the log was changed, or one before it"),
            Self::Content { revision } => {
                write!(f, "the records of revision {revision} are not those that were written then")
            }
            Self::Unlogged { revision } => {
                write!(f, "there are records of revision {revision}, which the log does not have: its end was cut")
            }
            Self::Release { number } => {
                write!(f, "release {number} does not stand in the register as it was written there")
            }
            Self::Cut { seq } => {
                write!(f, "entry {seq} is not the one that was noted: the end of the log was cut, or written anew")
            }
        }
    }
}

/// Checks the whole log of a data file against its hashes, its records, and a head noted earlier.
///
/// Finds a changed, deleted or moved entry, and a changed, added or removed version of a record. A cut end
/// shows only where records of it are left, or against `noted`: give the head that was printed and kept.
/// Costs one pass over all versions: about 3 µs each.
pub fn verify_audit(path: &Path, noted: Option<&AuditHead>) -> Result<AuditReport, StoreError> {
    identify::check_is_geopackage(path)?;
    let connection = connection::reader(path)?;
    let wrap = StoreError::sqlite(path);
    connection.execute_batch("BEGIN").map_err(&wrap)?;
    load::read_facts(&connection, path)?;
    migrate::require_newest(&connection, path)?;
    verify(&connection, noted).map_err(&wrap)
}

fn verify(connection: &Connection, noted: Option<&AuditHead>) -> rusqlite::Result<AuditReport> {
    let mut contents = contents(connection)?;
    let mut faults = Vec::new();
    let (mut entries, mut revisions) = (0, 0);
    let mut before = String::new();
    let mut found_noted = noted.is_none();
    let mut released: HashMap<u32, String> = HashMap::new();
    let mut statement = connection.prepare(
        "SELECT seq, at_utc, actor, identity, action, subject, reason, revision, import_id, content_sha256, chain_sha256
         FROM lagesbild_audit ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    let mut next = 1;
    while let Some(row) = rows.next()? {
        entries += 1;
        let seq = row.get::<_, i64>(0)?.unsigned_abs();
        let text = |column: usize| row.get_ref(column).map(|value| value.as_str().unwrap_or_default().to_string());
        let optional = |column: usize| row.get::<_, Option<String>>(column);
        let (at, actor, identity, action, subject) = (text(1)?, text(2)?, text(3)?, text(4)?, text(5)?);
        let (reason, content) = (optional(6)?, optional(9)?);
        let revision: Option<i64> = row.get(7)?;
        let chain = text(10)?;
        if seq != next {
            faults.push(AuditFault::Missing { seq: next, found: seq });
        }
        next = seq + 1;
        let entry = Entry {
            action: audit::AuditAction::Write, // the word itself is in `Linked`
            subject: &subject,
            reason: reason.as_deref(),
            revision,
            import_id: row.get(8)?,
            content_sha256: content.as_deref(),
        };
        let linked = Linked { seq, at: &at, actor: &actor, identity: &identity, action: &action, entry: &entry };
        if audit::link(&before, &linked) != chain {
            faults.push(AuditFault::Altered { seq });
        }
        if let Some(revision) = revision {
            revisions += 1;
            let is = contents.remove(&revision).unwrap_or_default().sha256();
            if content.as_deref() != Some(is.as_str()) {
                faults.push(AuditFault::Content { revision: revision.unsigned_abs() });
            }
        }
        let is_of_release = action == audit::AuditAction::Release.code() && revision.is_none();
        if let (true, Some(number), Some(content)) = (is_of_release, releases::number_in(&subject), &content) {
            released.insert(number, content.clone());
        }
        if let Some(noted) = noted {
            found_noted |= noted.seq == seq && noted.chain_sha256 == chain;
        }
        before = chain;
    }
    if let (false, Some(noted)) = (found_noted, noted) {
        faults.push(AuditFault::Cut { seq: noted.seq });
    }
    let mut unlogged: Vec<i64> = contents.into_keys().collect();
    unlogged.sort_unstable();
    faults.extend(unlogged.into_iter().map(|revision| AuditFault::Unlogged { revision: revision.unsigned_abs() }));
    let unlike = releases::unlike(connection, &released)?;
    faults.extend(unlike.into_iter().map(|number| AuditFault::Release { number }));
    Ok(AuditReport { entries, revisions, head: audit::head(connection)?, faults })
}

/// What each revision made, ended and purged, by the tables and the history.
pub(super) fn contents(connection: &Connection) -> rusqlite::Result<HashMap<i64, Content>> {
    let mut contents: HashMap<i64, Content> = HashMap::new();
    for collection in Collection::ALL {
        let table = collection.table();
        let mut earlier = connection.prepare(
            "SELECT fid, id, from_revision, to_revision, reason, record, record_sha256, purged_revision, reason_sha256
             FROM lagesbild_history WHERE collection = ?1 ORDER BY fid",
        )?;
        let mut earlier = earlier.query([table])?;
        let mut current = connection.prepare(&format!("SELECT * FROM {table} ORDER BY fid"))?;
        let mut current = current.query([])?;
        // Both run by fid; which of the two comes next decides the order in which versions are hashed.
        let mut old = next_old(table, &mut earlier)?;
        let mut new = next_current(table, &mut current)?;
        loop {
            match (&old, &new) {
                (None, None) => break,
                (Some(o), n) if n.as_ref().is_none_or(|n| o.fid < n.0) => {
                    contents.entry(o.from_revision).or_default().made(table, o.hash);
                    let (id, reason_sha256) = (o.id.as_str(), o.reason_sha256.as_str());
                    let end = End { id, from_revision: o.from_revision, to_revision: o.to_revision, reason_sha256 };
                    contents.entry(o.to_revision).or_default().ended(table, &end);
                    if let Some(by) = o.purged_revision {
                        contents.entry(by).or_default().purged(table, id, o.from_revision, o.hash);
                    }
                    old = next_old(table, &mut earlier)?;
                }
                (_, Some((_, revision, hash))) => {
                    contents.entry(*revision).or_default().made(table, *hash);
                    new = next_current(table, &mut current)?;
                }
                (Some(_), None) => unreachable!("the second arm takes every old version without a current one"),
            }
        }
    }
    Ok(contents)
}

struct Old {
    fid: i64,
    id: String,
    from_revision: i64,
    to_revision: i64,
    /// Of its reason as it is; of a purged one the hash that was kept.
    reason_sha256: String,
    /// Of its record as it is; of a purged one the hash that was kept.
    hash: VersionHash,
    purged_revision: Option<i64>,
}

fn next_old(table: &str, rows: &mut rusqlite::Rows<'_>) -> rusqlite::Result<Option<Old>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let record: Option<String> = row.get(5)?;
    let kept: String = row.get(6)?;
    let purged_revision: Option<i64> = row.get(7)?;
    Ok(Some(Old {
        fid: row.get(0)?,
        id: row.get(1)?,
        from_revision: row.get(2)?,
        to_revision: row.get(3)?,
        reason_sha256: match purged_revision {
            None => versions::reason_hash(&row.get::<_, String>(4)?),
            Some(_) => row.get(8)?,
        },
        hash: match (record, purged_revision) {
            (Some(json), _) => rows::version_hash(table, &json),
            (None, Some(_)) => from_hex(&kept),
            // Removed without a purge: no version has this hash.
            (None, None) => VersionHash::default(),
        },
        purged_revision,
    }))
}

fn next_current(table: &str, rows: &mut rusqlite::Rows<'_>) -> rusqlite::Result<Option<(i64, i64, VersionHash)>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let hash = rows::version_hash(table, &versions::row_json(row)?);
    Ok(Some((row.get("fid")?, row.get("revision")?, hash)))
}

fn from_hex(digits: &str) -> VersionHash {
    let mut hash = VersionHash::default();
    for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or_default();
    }
    hash
}
