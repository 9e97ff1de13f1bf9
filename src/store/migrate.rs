//! Bringing files of earlier versions to the newest tables.
//!
//! One transaction from the first statement to the last: a file is of one version or the next, never between.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::audit::{self, AuditAction, Entry, hex};
use super::data_file::{self, DataFile};
use super::{SCHEMA_VERSION, StoreError, connection, identify, load, new_file, rows, styles, verify, versions};
use crate::domain::Vocabulary;

/// The version of a file's tables.
fn version(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT value FROM lagesbild_meta WHERE key = 'schema_version'";
    let text: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(SCHEMA_VERSION))
}

/// Refuses a file whose tables are older than this program's: it is brought up when it is next written.
pub(super) fn require_newest(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let found = version(connection).map_err(StoreError::sqlite(path))?;
    if found < SCHEMA_VERSION {
        return Err(StoreError::Older { path: path.to_path_buf(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}

/// Brings an older file to the newest version and says where the copy of it as it was is kept; `None` for
/// a file that needs nothing. Takes the write lock.
pub fn bring_up_to_date(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    identify::check_is_geopackage(path)?;
    let connection = connection::reader(path)?;
    load::read_facts(&connection, path)?;
    let found = version(&connection).map_err(StoreError::sqlite(path))?;
    drop(connection);
    if found >= SCHEMA_VERSION {
        return Ok(None);
    }
    DataFile::open(path)?;
    Ok(Some(copy_name(path, found)))
}

fn copy_name(path: &Path, version: i64) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(format!(".version-{version}"));
    PathBuf::from(name)
}

/// Brings the file up; a copy of it as it was stays beside it. The caller holds the write lock.
pub(super) fn to_newest(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let wrap = StoreError::sqlite(path);
    let found = version(connection).map_err(&wrap)?;
    if found >= SCHEMA_VERSION {
        return Ok(());
    }
    keep_copy(connection, &copy_name(path, found))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&wrap)?;
    // First of all, because what comes after reads every collection there is and guards every table.
    if found < 3 {
        columns_of_3(&transaction).map_err(&wrap)?;
    }
    if found == 3 {
        // Earlier ones got the table just now, with the column.
        transaction.execute_batch("ALTER TABLE bookings ADD COLUMN invitation BOOLEAN").map_err(&wrap)?;
    }
    new_file::add_release_tables(&transaction).map_err(&wrap)?;
    if found == 1 {
        from_1_to_2(&transaction).map_err(&wrap)?;
    }
    if found < 3 {
        from_2_to_3(&transaction).map_err(&wrap)?;
    }
    from_3_to_4(&transaction).map_err(&wrap)?;
    let sql = "UPDATE lagesbild_meta SET value = ?1 WHERE key = 'schema_version'";
    transaction.execute(sql, [SCHEMA_VERSION.to_string()]).map_err(&wrap)?;
    transaction.commit().map_err(&wrap)
}

/// A whole copy under another name, made when it is not there yet.
fn keep_copy(connection: &Connection, copy: &Path) -> Result<(), StoreError> {
    if copy.exists() {
        return Ok(());
    }
    let mut draft = copy.as_os_str().to_os_string();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    let io = |source| StoreError::Io { path: draft.clone(), source };
    if draft.exists() {
        std::fs::remove_file(&draft).map_err(io)?;
    }
    let into = draft.to_string_lossy().into_owned();
    connection.execute("VACUUM INTO ?1", [into]).map_err(StoreError::sqlite(copy))?;
    std::fs::File::open(&draft).and_then(|file| file.sync_all()).map_err(io)?;
    std::fs::rename(&draft, copy).map_err(io)
}

/// Version 3 has tables for what is booked, said and put first, and more columns in the others. All of these may be
/// null and are null in the records that were there, so that no version's spelling changes
/// ([`rows::canonical_json`]) and the log holds as it is.
fn columns_of_3(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "ALTER TABLE activities ADD COLUMN intelligence_led BOOLEAN;
         ALTER TABLE observations ADD COLUMN inventory TEXT;
         ALTER TABLE observations ADD COLUMN photo TEXT;
         ALTER TABLE surveys ADD COLUMN weighted BOOLEAN;
         ALTER TABLE surveys ADD COLUMN dont_know INTEGER;
         ALTER TABLE surveys ADD COLUMN dont_go_there INTEGER;
         ALTER TABLE reported_counts ADD COLUMN intelligence_led INTEGER;
         ALTER TABLE reported_counts ADD COLUMN actors TEXT;",
    )?;
    new_file::add_followup_tables(connection)
}

fn from_2_to_3(connection: &Connection) -> rusqlite::Result<()> {
    for table in ["activities", "observations"] {
        connection.execute(
            "UPDATE layer_styles SET styleQML = replace(styleQML, '</aliases>', ?2 || '</aliases>')
             WHERE f_table_name = ?1 AND styleName = 'lagesbild'",
            [table, styles::aliases_of_3(table).as_str()],
        )?;
    }
    new_file::guard(connection)?;
    let entry = Entry::plain(AuditAction::Migrate, "tables from version 2 to 3", None);
    audit::append_at(connection, Timestamp::now(), "lagesbild", "asserted", &entry).map(|_| ())
}

/// Version 4 has a register of releases, bookings that are public invitations, and the kind of work that such a
/// booking is. A file that has the kind already without words for it gets them.
fn from_3_to_4(connection: &Connection) -> rusqlite::Result<()> {
    if let Some(kind) = Vocabulary::seed().kinds.iter().find(|kind| kind.code == "dialogue") {
        data_file::ensure_term(connection, "kinds", &kind.code)?;
        let sql =
            "UPDATE kinds SET label_sv = ?2, label_en = ?3 WHERE code = ?1 AND label_sv = code AND label_en = code";
        connection.execute(sql, [&kind.code, &kind.sv, &kind.en])?;
    }
    new_file::guard(connection)?;
    let entry = Entry::plain(AuditAction::Migrate, "tables from version 3 to 4", None);
    audit::append_at(connection, Timestamp::now(), "lagesbild", "asserted", &entry).map(|_| ())
}

/// Version 2 has one audit log with a hash of every revision's content, hashes of versions in the history,
/// and tables for people, requests that may be sent again, retention.
fn from_1_to_2(connection: &Connection) -> rusqlite::Result<()> {
    for table in ["revision", "import", "history"] {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            connection
                .execute_batch(&format!("DROP TRIGGER IF EXISTS only_lagesbild_writes_lagesbild_{table}_{verb};"))?;
        }
        connection.execute_batch(&format!("ALTER TABLE lagesbild_{table} RENAME TO version_1_{table};"))?;
    }
    connection.execute_batch("DROP INDEX lagesbild_import_sha256;")?;
    connection.execute_batch(new_file::BOOKS_SQL)?;
    connection.execute_batch(
        "INSERT INTO lagesbild_import SELECT i.import_id, i.at_utc, file, sha256, collection, id_prefix, rows, accepted, rejected,
           coalesce(r.revision, 0), NULL FROM version_1_import i LEFT JOIN version_1_revision r ON r.import_id = i.import_id;",
    )?;
    history_from_1(connection)?;
    log_from_1(connection)?;
    connection
        .execute_batch("DROP TABLE version_1_import; DROP TABLE version_1_history; DROP TABLE version_1_revision;")?;
    new_file::guard(connection)
}

/// Rewrites the records of the history in the one spelling and hashes them. Version 1 did not keep the fid:
/// these rows get numbers below 0, in order of their revision.
fn history_from_1(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT collection, id, from_revision, to_revision, reason, record FROM version_1_history ORDER BY from_revision, collection, id",
    )?;
    let count: i64 = connection.query_row("SELECT count(*) FROM version_1_history", [], |row| row.get(0))?;
    let mut insert =
        connection.prepare("INSERT INTO lagesbild_history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)")?;
    let mut rows = statement.query([])?;
    let mut fid = -count;
    while let Some(row) = rows.next()? {
        let (table, reason, record): (String, String, String) = (row.get(0)?, row.get(4)?, row.get(5)?);
        let json = canonical(&record);
        let hash = hex(&rows::version_hash(&table, &json));
        insert.execute(params![
            table,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?,
            row.get::<_, i64>(3)?,
            fid,
            reason,
            versions::reason_hash(&reason),
            json,
            hash
        ])?;
        fid += 1;
    }
    Ok(())
}

/// A record as version 1 wrote it, in the spelling of version 2.
fn canonical(record: &str) -> String {
    use serde_json::Value;
    let object: serde_json::Map<String, Value> = serde_json::from_str(record).unwrap_or_default();
    let bytes = |digits: &str| -> Vec<u8> {
        let pairs = digits.as_bytes().chunks_exact(2);
        pairs.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
    };
    let geometry = object.get("geom").and_then(Value::as_str).filter(|digits| !digits.is_empty()).map(bytes);
    let cells = object.iter().filter_map(|(name, value)| match value {
        Value::String(_) if name == "geom" => Some((name.as_str(), ValueRef::Blob(geometry.as_deref()?))),
        Value::String(text) => Some((name.as_str(), ValueRef::Text(text.as_bytes()))),
        Value::Number(n) => {
            Some((name.as_str(), n.as_i64().map(ValueRef::Integer).or_else(|| n.as_f64().map(ValueRef::Real))?))
        }
        _ => None,
    });
    rows::canonical_json(cells)
}

/// The log of version 1 as entries of the new one, with its times and actors and the hash of what the tables
/// now say of each revision; then an entry for the migration itself that holds the old log's last hash.
fn log_from_1(connection: &Connection) -> rusqlite::Result<()> {
    let mut contents = verify::contents(connection)?;
    let mut statement = connection
        .prepare("SELECT revision, at_utc, actor, identity, what, import_id, chain_sha256 FROM version_1_revision ORDER BY revision")?;
    let mut rows = statement.query([])?;
    let mut last_hash = String::new();
    while let Some(row) = rows.next()? {
        let (revision, at, what): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(4)?);
        let (actor, identity): (String, String) = (row.get(2)?, row.get(3)?);
        let import_id: Option<i64> = row.get(5)?;
        let action = match (revision, import_id) {
            (1, _) => AuditAction::Init,
            (_, Some(_)) => AuditAction::Import,
            (_, None) => AuditAction::Write,
        };
        let content = contents.remove(&revision).unwrap_or_default().sha256();
        let entry = Entry {
            action,
            subject: &what,
            reason: None,
            revision: Some(revision),
            import_id,
            content_sha256: Some(&content),
        };
        audit::append_at(connection, at.parse().unwrap_or(Timestamp::UNIX_EPOCH), &actor, &identity, &entry)?;
        last_hash = row.get(6)?;
    }
    let subject = format!("tables from version 1 to 2; the log before ended with {last_hash}");
    let entry = Entry::plain(AuditAction::Migrate, &subject, None);
    audit::append_at(connection, Timestamp::now(), "lagesbild", "asserted", &entry).map(|_| ())
}
