//! The register of releases: what was built for the public, by whom, and what became of it.
//!
//! The files of a release stand in a folder elsewhere; here is the hash that proves which they were. Moments come in
//! as arguments. Every change is one transaction with an entry in the audit log that holds the hash of the release
//! after it, so that `audit verify` finds a row that was changed behind our back.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::audit::{self, AuditAction, Entry, hex};
use super::release_rules::{self as rules, PublishRule};
use super::{DataFile, Store, StoreError, connection, identify, load, migrate, rows, time_text, versions};
use crate::domain::{Actor, local_date};

/// A release that was built and is to have its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRelease {
    /// Its number, one more than the highest ever used.
    pub number: u32,
    /// `follow-up` or `statistics`.
    pub stream: String,
    /// The period in one spelling, such as `2025` or `2025-03`.
    pub period: String,
    /// Its first local day.
    pub first: Date,
    /// Its last local day.
    pub last: Date,
    /// The local day from which it may be public.
    pub published_on: Date,
    /// The published release of which it is the one revision.
    pub revision_of: Option<u32>,
    /// Hash over all its files, 64 hexadecimal digits in lower case.
    pub content_sha256: String,
    /// Hash over the public areas, likewise.
    pub areas_sha256: String,
    /// Revision of the data file that it was built from.
    pub data_revision: u64,
}

/// A release as the register has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseEntry {
    /// What was built.
    pub new: NewRelease,
    /// By whom.
    pub built_by: String,
    /// When, to the second.
    pub built_at: Timestamp,
    /// Who published it, and when.
    pub published: Option<(String, Timestamp)>,
    /// Who withdrew it, when, and why.
    pub withdrawn: Option<(String, Timestamp, String)>,
    /// Corrections of its texts, the oldest first. Its numbers stay as they are.
    pub corrections: Vec<Correction>,
}

impl ReleaseEntry {
    /// Whether it is public: published, and not withdrawn.
    pub fn is_public(&self) -> bool {
        self.published.is_some() && self.withdrawn.is_none()
    }
}

/// What was wrong in a text of a release, said beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Local day on which it was said.
    pub on: Date,
    /// By whom; not for the public.
    pub by: String,
    /// In Swedish.
    pub text_sv: String,
    /// In English.
    pub text_en: String,
}

/// All releases of a data file by number, also while a service writes it.
pub fn releases_of(path: &Path) -> Result<Vec<ReleaseEntry>, StoreError> {
    identify::check_is_geopackage(path)?;
    let connection = connection::reader(path)?;
    load::read_facts(&connection, path)?;
    migrate::require_newest(&connection, path)?;
    let wrap = StoreError::sqlite(path);
    connection.execute_batch("BEGIN").map_err(&wrap)?;
    read(&connection).map_err(&wrap)
}

impl Store {
    /// All releases by number.
    pub fn releases(&self) -> Result<Vec<ReleaseEntry>, StoreError> {
        self.read(|connection, wrap| read(connection).map_err(wrap))
    }

    /// Whether [`DataFile::register_release`] would take this now; see [`DataFile::may_register`].
    pub fn may_register(&self, new: &NewRelease) -> Result<(), StoreError> {
        self.read(|connection, wrap| may_register(connection, new, wrap))
    }
}

fn may_register(
    connection: &Connection,
    new: &NewRelease,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<(), StoreError> {
    let newest = audit::newest_revision(connection).map_err(wrap)?.unsigned_abs();
    rules::may_be_registered(&read(connection).map_err(wrap)?, new, newest)?;
    Ok(())
}

impl DataFile {
    /// All releases by number.
    pub fn releases(&self) -> Result<Vec<ReleaseEntry>, StoreError> {
        read(&self.connection).map_err(StoreError::sqlite(&self.path))
    }

    /// Whether [`DataFile::register_release`] would take this now, for those who have files to write first. Changes
    /// nothing and promises nothing: another may be registered in between.
    pub fn may_register(&self, new: &NewRelease) -> Result<(), StoreError> {
        may_register(&self.connection, new, &StoreError::sqlite(&self.path))
    }

    /// Gives a release that was built its number.
    ///
    /// The same content of the same stream and period that is there and not withdrawn is not taken a second time: its
    /// entry is the answer, whatever the number. Refused with [`StoreError::Release`]: another number than the next,
    /// and a stream of a period beyond the first and its one revision. What was withdrawn before anybody could see
    /// it does not count among these; what was public does for ever.
    pub fn register_release(
        &mut self,
        actor: &Actor,
        new: &NewRelease,
        now: Timestamp,
    ) -> Result<ReleaseEntry, StoreError> {
        self.change_release(|transaction, known, wrap| {
            let newest = audit::newest_revision(transaction).map_err(wrap)?.unsigned_abs();
            if let Some(same) = rules::may_be_registered(known, new, newest)? {
                return Ok((same.new.number, None));
            }
            transaction
                .execute(
                    "INSERT INTO lagesbild_release VALUES
                     (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, NULL, NULL, NULL, NULL, NULL)",
                    params![
                        new.number,
                        new.stream,
                        new.period,
                        new.first.to_string(),
                        new.last.to_string(),
                        new.published_on.to_string(),
                        new.revision_of,
                        new.content_sha256,
                        new.areas_sha256,
                        new.data_revision as i64,
                        actor.id,
                        text(now)
                    ],
                )
                .map_err(wrap)?;
            let of = new.revision_of.map(|first| format!(", revision of {first}")).unwrap_or_default();
            Ok((
                new.number,
                Some(Note { actor, what: format!("built, {} {}{of}", new.stream, new.period), reason: None }),
            ))
        })
    }

    /// Publishes a release, from its day on in the zone of the data file. Only a publisher may who did not build it;
    /// the one who built it may when the rule names a sole publisher and its hours have gone by since.
    pub fn publish_release(
        &mut self,
        actor: &Actor,
        number: u32,
        now: Timestamp,
        rule: &PublishRule,
    ) -> Result<ReleaseEntry, StoreError> {
        let zone = load::read_facts(&self.connection, &self.path)?.zone;
        self.change_release(|transaction, known, wrap| {
            let today = local_date(now.as_second(), &zone);
            rules::may_be_published(rules::find(known, number)?, actor, now, today, rule)?;
            let sql = "UPDATE lagesbild_release SET published_by = ?2, published_utc = ?3 WHERE number = ?1";
            transaction.execute(sql, params![number, actor.id, text(now)]).map_err(wrap)?;
            Ok((number, Some(Note { actor, what: "published".to_string(), reason: None })))
        })
    }

    /// Withdraws a release, published or not yet, with a reason in one line that everybody may read. Its number stays
    /// used. Only a publisher may.
    pub fn withdraw_release(
        &mut self,
        actor: &Actor,
        number: u32,
        reason: &str,
        now: Timestamp,
    ) -> Result<ReleaseEntry, StoreError> {
        self.change_release(|transaction, known, wrap| {
            let reason = rules::may_be_withdrawn(rules::find(known, number)?, actor, reason)?;
            let sql = "UPDATE lagesbild_release SET withdrawn_by = ?2, withdrawn_utc = ?3, withdrawn_reason = ?4
                       WHERE number = ?1";
            transaction.execute(sql, params![number, actor.id, text(now), reason]).map_err(wrap)?;
            Ok((number, Some(Note { actor, what: "withdrawn".to_string(), reason: Some(reason) })))
        })
    }

    /// Says beside a public release what was wrong in its texts, in both languages. It is no revision: the files and
    /// their numbers stay. Only a publisher may.
    pub fn correct_release(
        &mut self,
        actor: &Actor,
        number: u32,
        text_sv: &str,
        text_en: &str,
        now: Timestamp,
    ) -> Result<ReleaseEntry, StoreError> {
        let zone = load::read_facts(&self.connection, &self.path)?.zone;
        self.change_release(|transaction, known, wrap| {
            let (text_sv, text_en) = rules::may_be_corrected(rules::find(known, number)?, actor, text_sv, text_en)?;
            let on = local_date(now.as_second(), &zone).to_string();
            let sql = "INSERT INTO lagesbild_release_correction
                       SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5 FROM lagesbild_release_correction WHERE number = ?1";
            transaction.execute(sql, params![number, on, actor.id, text_sv, text_en]).map_err(wrap)?;
            Ok((number, Some(Note { actor, what: "text corrected".to_string(), reason: None })))
        })
    }

    /// One transaction: the change and its entry in the log, or neither. `work` gets what is registered and gives the
    /// number of the release with what to note; nothing to note is nothing changed.
    fn change_release<'a>(
        &mut self,
        work: impl FnOnce(
            &Transaction<'_>,
            &[ReleaseEntry],
            &dyn Fn(rusqlite::Error) -> StoreError,
        ) -> Result<(u32, Option<Note<'a>>), StoreError>,
    ) -> Result<ReleaseEntry, StoreError> {
        let wrap = StoreError::sqlite(&self.path);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
        let known = read(&transaction).map_err(&wrap)?;
        let (number, note) = work(&transaction, &known, &wrap)?;
        if let Some(note) = note {
            let content = content_sha256(&transaction, number).map_err(&wrap)?;
            let subject = format!("{SUBJECT}{number}: {}", note.what);
            let entry = Entry {
                content_sha256: Some(&content),
                ..Entry::plain(AuditAction::Release, &subject, note.reason.as_deref())
            };
            audit::append(&transaction, note.actor, &entry).map_err(&wrap)?;
        }
        let known = read(&transaction).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)?;
        Ok(rules::find(&known, number)?.clone())
    }
}

/// What the log says of a change.
struct Note<'a> {
    actor: &'a Actor,
    what: String,
    reason: Option<String>,
}

const SUBJECT: &str = "release ";

/// The release that an entry of the log is about.
pub(super) fn number_in(subject: &str) -> Option<u32> {
    subject.strip_prefix(SUBJECT)?.split_once(':')?.0.parse().ok()
}

/// The hash over the row of a release and its corrections, in the spelling of records.
fn content_sha256(connection: &Connection, number: u32) -> rusqlite::Result<String> {
    let mut hash = Sha256::new();
    for (table, order) in [("lagesbild_release", "number"), ("lagesbild_release_correction", "seq")] {
        let mut statement =
            connection.prepare_cached(&format!("SELECT * FROM {table} WHERE number = ?1 ORDER BY {order}"))?;
        let mut found = statement.query([number])?;
        while let Some(row) = found.next()? {
            hash.update(rows::version_hash(table, &versions::row_json(row)?));
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The releases whose rows are not as their newest entry in the log says, by number. `logged` has the hash in that
/// entry for each.
pub(super) fn unlike(connection: &Connection, logged: &HashMap<u32, String>) -> rusqlite::Result<Vec<u32>> {
    let mut numbers: Vec<u32> = connection
        .prepare("SELECT number FROM lagesbild_release UNION SELECT number FROM lagesbild_release_correction")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    numbers.extend(logged.keys());
    numbers.sort_unstable();
    numbers.dedup();
    let mut unlike = Vec::new();
    for number in numbers {
        if logged.get(&number) != Some(&content_sha256(connection, number)?) {
            unlike.push(number);
        }
    }
    Ok(unlike)
}

fn read(connection: &Connection) -> rusqlite::Result<Vec<ReleaseEntry>> {
    let mut corrections: HashMap<u32, Vec<Correction>> = HashMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT number, on_day, by, text_sv, text_en FROM lagesbild_release_correction ORDER BY number, seq",
    )?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let correction = Correction { on: day(row, 1)?, by: row.get(2)?, text_sv: row.get(3)?, text_en: row.get(4)? };
        corrections.entry(row.get(0)?).or_default().push(correction);
    }
    let mut statement = connection.prepare_cached(
        "SELECT number, stream, period, first_day, last_day, published_on, revision_of, content_sha256, areas_sha256,
           data_revision, built_by, built_utc, published_by, published_utc, withdrawn_by, withdrawn_utc, withdrawn_reason
         FROM lagesbild_release ORDER BY number",
    )?;
    let mut found = statement.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = found.next()? {
        let number: u32 = row.get(0)?;
        let published: Option<String> = row.get(12)?;
        let withdrawn: Option<String> = row.get(14)?;
        entries.push(ReleaseEntry {
            new: NewRelease {
                number,
                stream: row.get(1)?,
                period: row.get(2)?,
                first: day(row, 3)?,
                last: day(row, 4)?,
                published_on: day(row, 5)?,
                revision_of: row.get(6)?,
                content_sha256: row.get(7)?,
                areas_sha256: row.get(8)?,
                data_revision: row.get::<_, i64>(9)?.unsigned_abs(),
            },
            built_by: row.get(10)?,
            built_at: moment(row, 11)?,
            published: published.map(|by| Ok::<_, rusqlite::Error>((by, moment(row, 13)?))).transpose()?,
            withdrawn: withdrawn
                .map(|by| Ok::<_, rusqlite::Error>((by, moment(row, 15)?, row.get(16)?)))
                .transpose()?,
            corrections: corrections.remove(&number).unwrap_or_default(),
        });
    }
    Ok(entries)
}

fn text(moment: Timestamp) -> String {
    time_text::to_text(moment.as_second())
}

/// A day that cannot be read is an error: nothing is published by a guess.
fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Date> {
    parsed(row, column, |text| text.parse().ok())
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    parsed(row, column, |text| Timestamp::from_second(time_text::from_text(text)?).ok())
}

fn parsed<T>(row: &Row<'_>, column: usize, read: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    read(&text).ok_or_else(|| {
        let why = format!("'{text}' in the register of releases is no day or moment");
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, why.into())
    })
}
