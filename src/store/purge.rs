//! Retention: records whose time is up leave every version; their counts and the proof stay.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, TransactionBehavior, params};

use super::audit::{self, AuditAction, Entry};
use super::data_file::DataFile;
use super::versions::{self, Content};
use super::{StoreError, read_rows, rows, rtree, time_text};
use crate::domain::{Actor, Collection, Counted, Id, Location, Record, Shape, Source, When, local_date};
use crate::spatial::AreaSet;

/// How long records of a class are kept, counted from when they start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Observations or activities.
    pub of: Counted,
    /// Observations of this source; `None` is every source without a rule of its own.
    pub source: Option<Source>,
    /// Days.
    pub keep_days: u32,
}

/// What a purge removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purged {
    /// The revision of the purge; `None` when there was nothing to remove, or it was only asked.
    pub revision: Option<u64>,
    /// Records by collection.
    pub records: BTreeMap<Collection, u64>,
    /// Versions of them, current ones and earlier ones.
    pub versions: u64,
}

/// A count that outlives its records.
type CountKey = (Collection, String, String, String, String);

impl DataFile {
    /// Sets how long a class of records is kept; `None` takes the rule back.
    pub fn set_retention(
        &mut self,
        actor: &Actor,
        of: Counted,
        source: Option<Source>,
        keep_days: Option<u32>,
    ) -> Result<(), StoreError> {
        if of == Counted::Activities && source.is_some() {
            let text = "activities have no source; their retention is one period for all".to_string();
            return Err(StoreError::Setting(text));
        }
        let wrap = StoreError::sqlite(&self.path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        let word = source.map_or("", Source::code);
        match keep_days {
            Some(days) => transaction.execute(
                "INSERT OR REPLACE INTO lagesbild_retention VALUES (?1, ?2, ?3)",
                params![of.code(), word, days],
            ),
            None => transaction
                .execute("DELETE FROM lagesbild_retention WHERE collection = ?1 AND source = ?2", [of.code(), word]),
        }
        .map_err(&wrap)?;
        let subject = format!("retention of {} {word}", of.code());
        let days = keep_days.map(|days| format!("{days} days"));
        let entry = Entry::plain(AuditAction::Setting, subject.trim_end(), days.as_deref());
        audit::append(&transaction, actor, &entry).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)
    }

    /// The rules in force.
    pub fn retentions(&self) -> Result<Vec<Retention>, StoreError> {
        retentions(&self.connection).map_err(StoreError::sqlite(&self.path))
    }

    /// Removes every version of the records whose time is up at `now`, or only says how many they are.
    ///
    /// Counts by month, category or kind, source and area stay in `lagesbild_purged_count`; the audit log
    /// holds the hashes of what went. The pages are overwritten and the file is rewritten without them.
    /// Backups made before still hold the records: remove those too.
    pub fn purge(&mut self, actor: &Actor, now: Timestamp, only_ask: bool) -> Result<Purged, StoreError> {
        let due = {
            let wrap = StoreError::sqlite(&self.path);
            let rules = retentions(&self.connection).map_err(&wrap)?;
            let mut due = Vec::new();
            for of in Counted::ALL {
                due.extend(due_ids(&self.connection, of, &rules, now).map_err(&wrap)?);
            }
            due
        };
        self.remove(actor, AuditAction::Purge, "retention", None, due, only_ask)
    }

    /// Removes every version of one record, on request. The reason stands in the log.
    pub fn erase(
        &mut self,
        actor: &Actor,
        collection: Collection,
        id: &Id,
        reason: &str,
    ) -> Result<Purged, StoreError> {
        let subject = format!("{}/{id}", collection.code());
        let purged =
            self.remove(actor, AuditAction::Erase, &subject, Some(reason), vec![(collection, id.to_string())], false)?;
        if purged.revision.is_none() {
            return Err(StoreError::UnknownId { collection: collection.code(), id: id.to_string() });
        }
        Ok(purged)
    }

    fn remove(
        &mut self,
        actor: &Actor,
        action: AuditAction,
        subject: &str,
        reason: Option<&str>,
        due: Vec<(Collection, String)>,
        only_ask: bool,
    ) -> Result<Purged, StoreError> {
        let path = self.path.clone();
        let wrap = StoreError::sqlite(&path);
        let frame = self.frame()?;
        // What is deleted is overwritten with zeros, in the tables and in the log of SQLite.
        self.connection.execute_batch("PRAGMA secure_delete = ON").map_err(&wrap)?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        let revision = audit::newest_revision(&transaction).map_err(&wrap)? + 1;
        let mut purged = Purged { revision: None, records: BTreeMap::new(), versions: 0 };
        let mut content = Content::default();
        let mut counts: BTreeMap<CountKey, u64> = BTreeMap::new();
        for (collection, id) in &due {
            let ended =
                versions::end(&transaction, *collection, id, revision, "purged", &mut content).map_err(&wrap)?;
            let newest = newest_version(&transaction, *collection, id, &wrap)?;
            let versions = purge_versions(&transaction, *collection, id, revision, &mut content).map_err(&wrap)?;
            if versions == 0 {
                continue;
            }
            purged.versions += versions;
            *purged.records.entry(*collection).or_default() += 1;
            // A record that was withdrawn before was in no count any more.
            if let (Some(_), Some(record)) = (ended, newest) {
                count(&record, &frame.areas, &frame.facts.zone, &mut counts);
            }
        }
        if purged.versions == 0 || only_ask {
            return Ok(purged); // dropping the transaction undoes it
        }
        for ((collection, month, term, source, area), n) in counts {
            transaction
                .execute(
                    "INSERT INTO lagesbild_purged_count VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![revision, collection.table(), month, term, source, area, n as i64],
                )
                .map_err(&wrap)?;
        }
        for collection in purged.records.keys().filter(|collection| collection.has_geometry()) {
            rtree::refresh_extent(&transaction, collection.table()).map_err(&wrap)?;
        }
        let entry = Entry {
            action,
            subject: &format!(
                "{subject}: {} records, {} versions",
                purged.records.values().sum::<u64>(),
                purged.versions
            ),
            reason,
            revision: Some(revision),
            import_id: None,
            content_sha256: Some(&content.sha256()),
        };
        audit::append(&transaction, actor, &entry).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)?;
        purged.revision = Some(revision.unsigned_abs());
        // The records are gone with the commit; this also gives back their room, in the file and in its log.
        self.connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").map_err(&wrap)?;
        Ok(purged)
    }
}

pub(super) fn retentions(connection: &Connection) -> rusqlite::Result<Vec<Retention>> {
    let mut statement =
        connection.prepare("SELECT collection, source, keep_days FROM lagesbild_retention ORDER BY 1, 2")?;
    let rows = statement.query_map([], |row| {
        let (of, source): (String, String) = (row.get(0)?, row.get(1)?);
        let of = Counted::from_code(&of).unwrap_or_default();
        Ok(Retention { of, source: Source::from_code(&source), keep_days: row.get(2)? })
    })?;
    rows.collect()
}

/// Ids whose newest version started before its rule allows, current or withdrawn.
fn due_ids(
    connection: &Connection,
    of: Counted,
    rules: &[Retention],
    now: Timestamp,
) -> rusqlite::Result<Vec<(Collection, String)>> {
    let table = of.code();
    let mut due = Vec::new();
    let named: Vec<String> = rules
        .iter()
        .filter(|rule| rule.of == of)
        .filter_map(|rule| rule.source)
        .map(|s| format!("'{}'", s.code()))
        .collect();
    for rule in rules.iter().filter(|rule| rule.of == of) {
        let cutoff = now.checked_sub(i64::from(rule.keep_days).saturating_mul(24).hours()).unwrap_or(Timestamp::MIN);
        let cutoff = time_text::to_text(cutoff.as_second());
        let of_rule = |source: &str| match (of, rule.source) {
            (Counted::Activities, _) => "1".to_string(),
            (Counted::Observations, Some(one)) => format!("{source} = '{}'", one.code()),
            (Counted::Observations, None) if named.is_empty() => "1".to_string(),
            (Counted::Observations, None) => format!("coalesce({source}, '') NOT IN ({})", named.join(", ")),
        };
        let column = if of == Counted::Observations { "source" } else { "NULL" };
        let sql = format!(
            "SELECT id FROM {table} WHERE start_utc < ?1 AND {}
             UNION SELECT id FROM lagesbild_history h WHERE collection = '{table}' AND record NOTNULL
               AND json_extract(record, '$.start_utc') < ?1 AND {} AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = h.id)
               AND to_revision = (SELECT max(to_revision) FROM lagesbild_history g WHERE g.collection = h.collection AND g.id = h.id)
             ORDER BY 1",
            of_rule(column),
            of_rule("json_extract(record, '$.source')")
        );
        let mut statement = connection.prepare(&sql)?;
        let ids = statement.query_map([cutoff], |row| row.get::<_, String>(0))?;
        for id in ids {
            due.push((Collection::from(of), id?));
        }
    }
    Ok(due)
}

/// The record as it last was.
fn newest_version(
    connection: &Connection,
    collection: Collection,
    id: &str,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Option<Record>, StoreError> {
    let sql = "SELECT max(from_revision) FROM lagesbild_history WHERE collection = ?1 AND id = ?2 AND record NOTNULL";
    let from: Option<i64> = connection.query_row(sql, [collection.table(), id], |row| row.get(0)).map_err(wrap)?;
    let Some(from) = from else { return Ok(None) };
    let source = versions::table_at(connection, collection.table(), Some(from.unsigned_abs())).map_err(wrap)?;
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {source} WHERE id = ?1")).map_err(wrap)?;
    let mut rows = statement.query([id]).map_err(wrap)?;
    rows.next().map_err(wrap)?.map(|row| read_rows::read(collection, row)).transpose()
}

/// Takes the content out of every version of an id and gives their number.
fn purge_versions(
    connection: &Connection,
    collection: Collection,
    id: &str,
    revision: i64,
    content: &mut Content,
) -> rusqlite::Result<u64> {
    let table = collection.table();
    let mut statement = connection.prepare_cached(
        "SELECT from_revision, record FROM lagesbild_history WHERE collection = ?1 AND id = ?2 AND record NOTNULL",
    )?;
    let mut rows = statement.query([table, id])?;
    let mut purged = 0;
    while let Some(row) = rows.next()? {
        let record: String = row.get(1)?;
        content.purged(table, id, row.get(0)?, rows::version_hash(table, &record));
        purged += 1;
    }
    connection
        .prepare_cached(
            "UPDATE lagesbild_history SET record = NULL, reason = '', purged_revision = ?3 WHERE collection = ?1 AND id = ?2 AND record NOTNULL",
        )?
        .execute(params![table, id, revision])?;
    Ok(purged)
}

/// Adds a record to the counts: one in all, and one for every area it is in.
fn count(record: &Record, areas: &AreaSet, zone: &TimeZone, counts: &mut BTreeMap<CountKey, u64>) {
    let (term, source, when, location): (&str, &str, When, &Location) = match record {
        Record::Observation(r) => (&r.category, r.source.map_or("", Source::code), r.when, &r.location),
        Record::Activity(r) => (&r.kind, "", r.when, &r.location),
        _ => return,
    };
    let day = local_date(when.start_s(), zone);
    let month = format!("{:04}-{:02}", day.year(), day.month());
    let inside: Vec<String> = match location.shape.as_ref().and_then(Shape::representative_point) {
        Some(at) => areas.membership(at).inside.iter().map(|index| areas.area(*index).id.to_string()).collect(),
        None => location.area.iter().map(Id::to_string).collect(),
    };
    for area in std::iter::once(String::new()).chain(inside) {
        let key = (record.collection(), month.clone(), term.to_string(), source.to_string(), area);
        *counts.entry(key).or_default() += 1;
    }
}
