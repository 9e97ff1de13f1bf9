//! Versions of records: the current row, and what the history keeps of earlier ones.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::audit::hex;
use super::rows::{self, VersionHash};
use crate::domain::{Collection, Record};

/// What one revision made, ended and purged; its hash goes into the audit log. From the tables the same
/// hash can be computed again at any time (`super::verify`).
///
/// Made versions are hashed as they come: within a table their fids only grow.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    made: BTreeMap<&'static str, (u64, Sha256)>,
    ended: Vec<(&'static str, String, VersionHash)>,
    purged: Vec<(&'static str, String, i64, VersionHash)>,
}

impl Content {
    /// A version came into a table, with a fid above all before.
    pub(super) fn made(&mut self, table: &'static str, hash: VersionHash) {
        let (count, hashes) = self.made.entry(table).or_default();
        *count += 1;
        hashes.update(hash);
    }

    pub(super) fn ended(&mut self, table: &'static str, end: &End<'_>) {
        self.ended.push((table, end.id.to_string(), end.hash(table)));
    }

    pub(super) fn purged(&mut self, table: &'static str, id: &str, from_revision: i64, hash: VersionHash) {
        self.purged.push((table, id.to_string(), from_revision, hash));
    }

    /// The hash, hexadecimal: made versions by table and fid, ended ones by table and id, purged ones by
    /// table, id and revision.
    pub(super) fn sha256(mut self) -> String {
        self.ended.sort_unstable();
        self.purged.sort_unstable();
        let mut hash = Sha256::new();
        for (table, (count, hashes)) in self.made {
            hash.update(format!("made {table} {count} "));
            hash.update(hashes.finalize());
        }
        hash.update(format!("ended {} ", self.ended.len()));
        self.ended.iter().for_each(|(.., one)| hash.update(one));
        hash.update(format!("purged {} ", self.purged.len()));
        self.purged.iter().for_each(|(.., one)| hash.update(one));
        hex(&hash.finalize())
    }
}

/// How a version ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'a> {
    pub(super) id: &'a str,
    pub(super) from_revision: i64,
    pub(super) to_revision: i64,
    /// Of the reason in words, hexadecimal: it stays when a purge takes the words.
    pub(super) reason_sha256: &'a str,
}

/// The hash of a reason, hexadecimal.
pub(super) fn reason_hash(reason: &str) -> String {
    hex(&Sha256::digest(reason.as_bytes()))
}

impl End<'_> {
    fn hash(&self, table: &str) -> VersionHash {
        let mut hash = Sha256::new();
        let (from, to) = (self.from_revision.to_string(), self.to_revision.to_string());
        for part in [table, self.id, &from, &to, self.reason_sha256] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }
}

/// Makes the record the current version of its id.
pub(super) fn put(
    connection: &Connection,
    record: &Record,
    import_id: Option<i64>,
    revision: i64,
    content: &mut Content,
) -> rusqlite::Result<()> {
    let hash = rows::insert(connection, record, import_id, revision)?;
    content.made(record.collection().table(), hash);
    Ok(())
}

/// Moves the current row of an id to the history and gives its fid; `None` when there is none.
pub(super) fn end(
    connection: &Connection,
    collection: Collection,
    id: &str,
    revision: i64,
    reason: &str,
    content: &mut Content,
) -> rusqlite::Result<Option<i64>> {
    let table = collection.table();
    // Most ids of a bulk load are new: the index alone says so.
    if current_revision(connection, table, id)?.is_none() {
        return Ok(None);
    }
    let Some((fid, from_revision, json)) = current_json(connection, table, id)? else { return Ok(None) };
    let hash = hex(&rows::version_hash(table, &json));
    let reason_sha256 = reason_hash(reason);
    connection
        .prepare_cached("INSERT INTO lagesbild_history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)")?
        .execute(params![table, id, from_revision, revision, fid, reason, reason_sha256, json, hash])?;
    connection.prepare_cached(&format!("DELETE FROM {table} WHERE fid = ?1"))?.execute([fid])?;
    content.ended(table, &End { id, from_revision, to_revision: revision, reason_sha256: &reason_sha256 });
    Ok(Some(fid))
}

/// The revision of the current version of an id.
pub(super) fn current_revision(connection: &Connection, table: &str, id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(&format!("SELECT revision FROM {table} WHERE id = ?1"))?
        .query_row([id], |row| row.get(0))
        .optional()
}

/// fid, revision and canonical JSON of the current version of an id.
fn current_json(connection: &Connection, table: &str, id: &str) -> rusqlite::Result<Option<(i64, i64, String)>> {
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {table} WHERE id = ?1"))?;
    statement.query_row([id], |row| Ok((row.get("fid")?, row.get("revision")?, row_json(row)?))).optional()
}

/// A row of a collection as the history keeps it.
pub(super) fn row_json(row: &rusqlite::Row<'_>) -> rusqlite::Result<String> {
    let names = row.as_ref().column_names();
    let mut cells = Vec::with_capacity(names.len());
    for (i, name) in names.into_iter().enumerate() {
        if name != "fid" {
            cells.push((name, row.get_ref(i)?));
        }
    }
    Ok(rows::canonical_json(cells.into_iter()))
}

/// What to select from to read a collection as it was at a revision: the table itself, or the table and
/// the history together. Purged versions are not in it.
pub(super) fn table_at(connection: &Connection, table: &str, at: Option<u64>) -> rusqlite::Result<String> {
    let Some(at) = at else { return Ok(table.to_string()) };
    let mut names = connection.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    let names: Vec<String> = names.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let from_history = |name: &String| match name.as_str() {
        "fid" => "fid".to_string(),
        "geom" => "unhex(json_extract(record, '$.geom')) AS geom".to_string(),
        other => format!("json_extract(record, '$.{other}') AS {other}"),
    };
    let history: Vec<String> = names.iter().map(from_history).collect();
    Ok(format!(
        "(SELECT {} FROM {table} WHERE revision <= {at} UNION ALL SELECT {} FROM lagesbild_history
          WHERE collection = '{table}' AND from_revision <= {at} AND to_revision > {at} AND record NOTNULL)",
        names.join(", "),
        history.join(", ")
    ))
}
