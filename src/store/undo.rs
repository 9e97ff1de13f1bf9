//! Undoing an import: what it brought goes, what it replaced comes back, what was changed since stays.

use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::audit::{self, AuditAction, Entry};
use super::data_file::DataFile;
use super::versions::{self, Content};
use super::{StoreError, overlap, read_rows, rtree};
use crate::domain::{Actor, Collection, Id};

/// What an undo did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The revision of the undo.
    pub revision: u64,
    /// The collection.
    pub collection: Collection,
    /// Records of the import that were taken back.
    pub withdrawn: u64,
    /// Earlier versions that are current again.
    pub restored: u64,
    /// Records that were changed after the import, and were left as they are.
    pub changed_since: Vec<Id>,
}

impl DataFile {
    /// Undoes an import as one revision. The import stays in the log and its content can be imported again.
    pub fn undo(&mut self, actor: &Actor, import_id: i64) -> Result<Undone, StoreError> {
        let path = self.path.clone();
        let wrap = StoreError::sqlite(&path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        let refused = |why: String| StoreError::NotUndone { import_id, why };
        let sql = "SELECT collection, revision, undone_revision, file FROM lagesbild_import WHERE import_id = ?1";
        let import: Option<(String, i64, Option<i64>, String)> = transaction
            .query_row(sql, [import_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()
            .map_err(&wrap)?;
        let Some((table, of_import, undone, file)) = import else {
            return Err(refused("there is no import of this number".to_string()));
        };
        if let Some(revision) = undone {
            return Err(refused(format!("it was undone in revision {revision}")));
        }
        let collection = Collection::ALL
            .into_iter()
            .find(|collection| collection.table() == table)
            .ok_or_else(|| refused(format!("'{table}' is no collection")))?;
        let revision = audit::newest_revision(&transaction).map_err(&wrap)? + 1;
        let ids = |sql: &str| -> Result<Vec<String>, StoreError> {
            let mut statement = transaction.prepare(sql).map_err(&wrap)?;
            let ids = statement.query_map(params![of_import], |row| row.get(0)).map_err(&wrap)?;
            ids.collect::<rusqlite::Result<_>>().map_err(&wrap)
        };
        let mut content = Content::default();
        let (mut withdrawn, mut restored, mut changed) = (0, 0, Vec::new());
        let mut back = Vec::new();
        let reason = format!("import {import_id} undone");
        // A row may have brought records of more than one collection.
        for part in Collection::ALL {
            let table = part.table();
            let ours = ids(&format!("SELECT id FROM {table} WHERE revision = ?1 ORDER BY fid"))?;
            changed.extend(ids(&format!(
                "SELECT id FROM lagesbild_history WHERE collection = '{table}' AND from_revision = ?1 ORDER BY id"
            ))?);
            for id in &ours {
                // The version before is read before the row goes: afterwards both are history.
                let before = version_ended_by(&transaction, part, id, of_import, &wrap)?;
                versions::end(&transaction, part, id, revision, &reason, &mut content).map_err(&wrap)?;
                match before {
                    None => withdrawn += 1,
                    Some((record, import_before)) => {
                        versions::put(&transaction, &record, import_before, revision, &mut content).map_err(&wrap)?;
                        restored += 1;
                        back.push(record);
                    }
                }
            }
            if part.has_geometry() && !ours.is_empty() {
                rtree::refresh_extent(&transaction, table).map_err(&wrap)?;
            }
        }
        // A count that was reported since may stand where an earlier one comes back.
        back.iter().try_for_each(|record| overlap::check(&transaction, record, &wrap))?;
        let sql = "UPDATE lagesbild_import SET undone_revision = ?2 WHERE import_id = ?1";
        transaction.execute(sql, [import_id, revision]).map_err(&wrap)?;
        let entry = Entry {
            action: AuditAction::Undo,
            subject: &format!("import {import_id} of '{file}'"),
            reason: None,
            revision: Some(revision),
            import_id: Some(import_id),
            content_sha256: Some(&content.sha256()),
        };
        audit::append(&transaction, actor, &entry).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)?;
        Ok(Undone {
            revision: revision.unsigned_abs(),
            collection,
            withdrawn,
            restored,
            changed_since: changed.iter().filter_map(|id| Id::new(id).ok()).collect(),
        })
    }
}

/// The version of an id that a revision ended, and the import it came with.
fn version_ended_by(
    connection: &rusqlite::Connection,
    collection: Collection,
    id: &str,
    revision: i64,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Option<(crate::domain::Record, Option<i64>)>, StoreError> {
    let table = collection.table();
    let sql = "SELECT EXISTS (SELECT 1 FROM lagesbild_history WHERE collection = ?1 AND id = ?2 AND to_revision = ?3 AND record NOTNULL)";
    let ended: bool = connection
        .prepare_cached(sql)
        .and_then(|mut s| s.query_row(params![table, id, revision], |row| row.get(0)))
        .map_err(wrap)?;
    if !ended {
        return Ok(None);
    }
    let from = versions::table_at(connection, table, Some(revision.unsigned_abs() - 1)).map_err(wrap)?;
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {from} WHERE id = ?1")).map_err(wrap)?;
    let mut rows = statement.query([id]).map_err(wrap)?;
    let Some(row) = rows.next().map_err(wrap)? else { return Ok(None) };
    let import_id = if collection.counted().is_some() { row.get("import_id").map_err(wrap)? } else { None };
    Ok(Some((read_rows::read(collection, row)?, import_id)))
}
