//! The revision log: one entry per accepted change, each holding the hash of the one before.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::domain::{Actor, Identity};

/// Adds the next revision inside the caller's transaction and gives its number.
pub(super) fn next(
    connection: &Connection,
    actor: &Actor,
    what: &str,
    import_id: Option<i64>,
) -> rusqlite::Result<i64> {
    let last: Option<(i64, String)> = connection
        .query_row("SELECT revision, chain_sha256 FROM lagesbild_revision ORDER BY revision DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (revision, before) = last.map_or((1, String::new()), |(revision, chain)| (revision + 1, chain));
    let at = format!("{:.3}", Timestamp::now());
    let identity = match actor.identity {
        Identity::Asserted => "asserted",
        Identity::Verified => "verified",
    };
    let import = import_id.map(|id| id.to_string()).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [before.as_str(), &revision.to_string(), &at, &actor.id, identity, what, &import] {
        // Length before text: no two lists of parts have the same bytes.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let chain: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute(
        "INSERT INTO lagesbild_revision VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![revision, at, actor.id, identity, what, import_id, chain],
    )?;
    Ok(revision)
}

/// The chain hash of the first revision, which holds when and by whom the file was made: no two files
/// share it. Empty in a file without any.
pub(super) fn first_chain(connection: &Connection) -> rusqlite::Result<String> {
    let sql = "SELECT chain_sha256 FROM lagesbild_revision ORDER BY revision LIMIT 1";
    connection.query_row(sql, [], |row| row.get(0)).optional().map(Option::unwrap_or_default)
}

/// The newest revision; 0 in a file without any.
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT coalesce(max(revision), 0) FROM lagesbild_revision", [], |row| row.get(0))
}
