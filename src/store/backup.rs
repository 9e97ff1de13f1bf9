//! Backups: whole copies of a data file with a manifest, taken while a service writes.
//!
//! A copy is made page by page within one reading transaction. In WAL mode a reader does not hold the
//! writer up, and the copy is of one revision; only the log grows until the copy is done, because pages
//! the reader may still need are not overwritten. (Without the transaction every commit between two
//! steps would make SQLite begin anew, and a busy file would never be copied.)
//!
//! The copy is written beside under another name, leaves WAL mode so that it is whole in one file, is
//! brought to disk and hashed, gets its name, and last comes the manifest: a backup without a manifest
//! is not one. Only the copy is opened as a file; the data file itself only ever through SQLite, whose
//! locks belong to the process.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::backup::{Backup as PageCopy, StepResult};
use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::audit::{self, AuditAction, Entry, hex};
use super::check::log_state;
use super::lock::WriteLock;
use super::{SCHEMA_VERSION, StoreError, bring_up_to_date, connection, identify, load};
use crate::domain::{Actor, Collection, Counted};

/// Pages copied at a time, 16 MiB with pages of 4 KiB.
const STEP_PAGES: i32 = 4096;

/// How long a step waits for a lock that somebody else holds, and how often in all: ten seconds.
const WAIT: Duration = Duration::from_millis(5);
const MAX_WAITS: u32 = 2000;

/// What a backup says about itself, in `NAME.gpkg.json` beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the copy, in the same folder.
    pub file: String,
    /// Name of the data file when it was copied.
    pub data: String,
    /// What tells data files apart: the hash of their first revision.
    pub identity: String,
    /// When, UTC.
    pub taken_at: Timestamp,
    /// Revision of the copy.
    pub revision: u64,
    /// Version of its tables.
    pub schema_version: i64,
    /// Size of the copy in bytes.
    pub bytes: u64,
    /// SHA-256 of the copy, hexadecimal.
    pub sha256: String,
    /// Current records of each collection.
    pub records: BTreeMap<String, u64>,
    /// The newest entry of the audit log as `NUMBER:HASH`.
    pub audit_head: String,
    /// The program that made it.
    pub software: String,
}

/// A manifest with the hash of itself, so that a changed letter in it is found too.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    manifest: Manifest,
    manifest_sha256: String,
}

/// What can go wrong with a backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data file or a copy cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system says no.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it says.
        source: std::io::Error,
    },
    /// The backup is not what its manifest says.
    #[error("{path}: this backup is damaged ({what}); use another one")]
    Damaged {
        /// The copy or its manifest.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Nothing to restore.
    #[error("{path}: there is no backup here; 'lagesbild backup --to {path}' makes one")]
    None {
        /// The folder.
        path: PathBuf,
    },
    /// A file that stays unless told otherwise.
    #[error("{path}: already exists; --replace puts the backup in its place and keeps the old file beside it")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Something else keeps the data file open.
    #[error("{path}: another program has it open; close it (QGIS, a service) and begin again")]
    InUse {
        /// The file.
        path: PathBuf,
    },
}

fn io_error(path: &Path) -> impl Fn(std::io::Error) -> BackupError + '_ {
    move |source| BackupError::Io { path: path.to_path_buf(), source }
}

/// A backup in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The copy.
    pub path: PathBuf,
    /// What its manifest says.
    pub manifest: Manifest,
}

/// Copies a data file into a folder, which is made when missing. Other processes may write meanwhile.
///
/// Cost: one read and one write of the file, and one read of the copy for its hash.
pub fn backup(data: &Path, folder: &Path, now: Timestamp) -> Result<Backup, BackupError> {
    identify::check_is_geopackage(data)?;
    std::fs::create_dir_all(folder).map_err(io_error(folder))?;
    let source = connection::reader(data)?;
    let wrap = StoreError::sqlite(data);
    source.execute_batch("BEGIN").map_err(&wrap)?;
    load::read_facts(&source, data)?; // refuses what is not ours, and begins to read
    let log = log_state(&source).map_err(&wrap)?;
    let newest = log.revision;
    let stem = data.file_stem().map_or_else(|| "data".into(), |stem| stem.to_string_lossy());
    let file = format!("{stem}-{}-r{newest:08}.gpkg", now.strftime("%Y%m%dT%H%M%SZ"));
    let path = folder.join(&file);
    if path.exists() || manifest_path(&path).exists() {
        return Err(BackupError::Store(StoreError::Exists { path }));
    }
    let draft = Draft(folder.join(format!(".{file}.part-{}", std::process::id())));
    copy_pages(&source, &draft.0)?;
    let manifest = Manifest {
        data: data.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        identity: log.identity,
        taken_at: now,
        revision: newest,
        schema_version: meta(&source, "schema_version").map_err(&wrap)?.parse().unwrap_or_default(),
        records: count_records(&source).map_err(&wrap)?,
        audit_head: log.head,
        software: concat!("lagesbild ", env!("CARGO_PKG_VERSION")).to_string(),
        bytes: 0,
        sha256: String::new(),
        file,
    };
    drop(source); // the log may shrink again
    sync(&draft.0)?;
    let (bytes, sha256) = hash_of(&draft.0)?;
    let manifest = Manifest { bytes, sha256, ..manifest };
    std::fs::rename(&draft.0, &path).map_err(io_error(&path))?;
    let written = write_manifest(&manifest_path(&path), &manifest);
    if written.is_err() {
        // A copy without a manifest is not a backup and would only take room.
        let _ = std::fs::remove_file(&path);
    }
    written?;
    sync(folder)?;
    Ok(Backup { path, manifest })
}

/// Makes an empty file that only its owner may read, or empties one.
pub fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Copies what the source's transaction sees into a new file that is whole without a log.
fn copy_pages(source: &Connection, draft: &Path) -> Result<(), BackupError> {
    let wrap = StoreError::sqlite(draft);
    drop(private_file(draft).map_err(io_error(draft))?);
    let mut target = Connection::open(draft).map_err(&wrap)?;
    // Nothing of a half copy is worth keeping, and a whole one is brought to disk at the end.
    target.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;").map_err(&wrap)?;
    let copy = PageCopy::new(source, &mut target).map_err(&wrap)?;
    let mut waits = 0;
    loop {
        match copy.step(STEP_PAGES).map_err(&wrap)? {
            StepResult::Done => break,
            StepResult::More => {}
            // Somebody holds a lock for a moment.
            _ if waits < MAX_WAITS => {
                waits += 1;
                std::thread::sleep(WAIT);
            }
            _ => return Err(BackupError::Store(StoreError::Busy { path: draft.to_path_buf() })),
        }
    }
    drop(copy);
    target.execute_batch("PRAGMA journal_mode = DELETE;").map_err(&wrap)?;
    Ok(target.close().map_err(|(_, error)| wrap(error))?)
}

/// A file that goes away again unless it was renamed.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(beside(&self.0, suffix));
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

fn manifest_path(copy: &Path) -> PathBuf {
    beside(copy, ".json")
}

/// Brings a file or folder to disk. Never for a file that this process has open through SQLite.
fn sync(path: &Path) -> Result<(), BackupError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(io_error(path))
}

fn hash_of(path: &Path) -> Result<(u64, String), BackupError> {
    let mut file = File::open(path).map_err(io_error(path))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer).map_err(io_error(path))? {
            0 => return Ok((bytes, hex(&hash.finalize()))),
            n => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}

fn meta(connection: &Connection, key: &str) -> rusqlite::Result<String> {
    let sql = "SELECT value FROM lagesbild_meta WHERE key = ?1";
    connection.query_row(sql, [key], |row| row.get(0)).optional().map(Option::unwrap_or_default)
}

fn count_records(connection: &Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let count = |of: Collection| {
        let sql = format!("SELECT count(*) FROM {}", of.table());
        let n: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        Ok((of.code().to_string(), n.unsigned_abs()))
    };
    Collection::ALL.into_iter().map(count).collect()
}

fn sealed(manifest: &Manifest) -> String {
    let body = serde_json::to_string(manifest).unwrap_or_default();
    let sealed = Sealed { manifest: manifest.clone(), manifest_sha256: hex(&Sha256::digest(body.as_bytes())) };
    format!("{}\n", serde_json::to_string_pretty(&sealed).unwrap_or_default())
}

fn write_manifest(path: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let draft = Draft(beside(path, &format!(".part-{}", std::process::id())));
    std::fs::write(&draft.0, sealed(manifest)).map_err(io_error(&draft.0))?;
    sync(&draft.0)?;
    std::fs::rename(&draft.0, path).map_err(io_error(path))
}

fn read_manifest(path: &Path) -> Result<Manifest, BackupError> {
    let text = std::fs::read_to_string(path).map_err(io_error(path))?;
    let damaged = |what: String| BackupError::Damaged { path: path.to_path_buf(), what };
    let found: Sealed =
        serde_json::from_str(&text).map_err(|e| damaged(format!("the manifest cannot be read: {e}")))?;
    // Every byte is as it was written, or it is not the manifest that was written.
    if sealed(&found.manifest) == text {
        Ok(found.manifest)
    } else {
        Err(damaged("the manifest was changed".to_string()))
    }
}

/// The backups of a folder whose manifest can be read and whose copy is there, newest first; of one data
/// file when its identity is given. Other files do not matter.
pub fn list_backups(folder: &Path, identity: Option<&str>) -> Result<Vec<Backup>, BackupError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io_error(folder))? {
        let path = entry.map_err(io_error(folder))?.path();
        let Some(copy) = path.to_str().and_then(|name| name.strip_suffix(".gpkg.json")) else { continue };
        let copy = PathBuf::from(format!("{copy}.gpkg"));
        let Ok(manifest) = read_manifest(&path) else { continue };
        let is_its_own = copy.file_name().is_some_and(|name| *name == *manifest.file);
        if is_its_own && copy.is_file() && identity.is_none_or(|identity| identity == manifest.identity) {
            found.push(Backup { path: copy, manifest });
        }
    }
    found.sort_by(|a, b| (b.manifest.taken_at, &b.manifest.file).cmp(&(a.manifest.taken_at, &a.manifest.file)));
    Ok(found)
}

/// Removes all but the newest `keep` (at least one) backups of one data file, and gives those that went. Never another
/// file, never a backup of another data file, never one whose manifest cannot be read.
pub fn prune_backups(folder: &Path, identity: &str, keep: usize) -> Result<Vec<PathBuf>, BackupError> {
    let old: Vec<Backup> = list_backups(folder, Some(identity))?.into_iter().skip(keep.max(1)).collect();
    for backup in &old {
        // The manifest first: without it what is left is no backup any more.
        for path in [manifest_path(&backup.path), backup.path.clone()] {
            std::fs::remove_file(&path).map_err(io_error(&path))?;
        }
    }
    Ok(old.into_iter().map(|backup| backup.path).collect())
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was restored.
    pub manifest: Manifest,
    /// Where the file that stood there before is now.
    pub old: Option<PathBuf>,
}

/// Puts a backup in place as a data file. The copy is checked against its manifest and opened before
/// anything changes; nobody may write the data file meanwhile. The audit log of the restored file says
/// who restored what.
pub fn restore(
    backup: &Path,
    to: &Path,
    replace: bool,
    actor: &Actor,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    put_in_place(backup, to, replace, Some(actor), now)
}

fn put_in_place(
    backup: &Path,
    to: &Path,
    replace: bool,
    actor: Option<&Actor>,
    now: Timestamp,
) -> Result<Restored, BackupError> {
    let manifest_file = manifest_path(backup);
    let manifest = read_manifest(&manifest_file)?;
    if backup.file_name().is_none_or(|name| *name != *manifest.file) {
        let what = format!("its manifest belongs to {}", manifest.file);
        return Err(BackupError::Damaged { path: backup.to_path_buf(), what });
    }
    let _lock = WriteLock::take(to)?;
    if to.exists() && !replace {
        return Err(BackupError::Exists { path: to.to_path_buf() });
    }
    let draft = Draft(beside(to, &format!(".restore-{}", std::process::id())));
    let damaged = |what: String| BackupError::Damaged { path: backup.to_path_buf(), what };
    let (bytes, sha256) = copy_and_hash(backup, &draft.0)?;
    if bytes != manifest.bytes {
        return Err(damaged(format!("{bytes} bytes instead of {}", manifest.bytes)));
    }
    if sha256 != manifest.sha256 {
        return Err(damaged("its SHA-256 is another than in the manifest".to_string()));
    }
    let check = check_copy(&draft.0, &manifest)?;
    if let Some(what) = check {
        return Err(damaged(what));
    }
    // A file of an older version gets its log when it is brought up to date.
    if let Some(actor) = actor.filter(|_| manifest.schema_version == SCHEMA_VERSION) {
        let wrap = StoreError::sqlite(&draft.0);
        let connection = connection::writer(&draft.0)?;
        // Whoever was logged in then logs in again: what was revoked since is not known here.
        connection.execute("DELETE FROM lagesbild_session", []).map_err(&wrap)?;
        audit::append(&connection, actor, &Entry::plain(AuditAction::Restore, &manifest.file, None)).map_err(&wrap)?;
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;").map_err(&wrap)?;
        connection.close().map_err(|(_, error)| wrap(error))?;
    }
    sync(&draft.0)?;
    let old = if to.exists() { Some(keep_beside(to, now)?) } else { None };
    for suffix in ["-wal", "-shm", "-journal"] {
        // SQLite would play a log left by another file of this name into the restored one.
        let left = beside(to, suffix);
        if left.exists() {
            let aside = beside(&left, &format!(".before-restore-{}", now.strftime("%Y%m%dT%H%M%SZ")));
            std::fs::rename(&left, &aside).map_err(io_error(&left))?;
        }
    }
    std::fs::rename(&draft.0, to).map_err(io_error(to))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync(folder)?;
    Ok(Restored { manifest, old })
}

/// One read for both, so that what was hashed is what is restored.
fn copy_and_hash(from: &Path, to: &Path) -> Result<(u64, String), BackupError> {
    let mut source = BufReader::with_capacity(1 << 20, File::open(from).map_err(io_error(from))?);
    let mut target = BufWriter::with_capacity(1 << 20, private_file(to).map_err(io_error(to))?);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let n = source.read(&mut buffer).map_err(io_error(from))?;
        if n == 0 {
            target.flush().map_err(io_error(to))?;
            return Ok((bytes, hex(&hash.finalize())));
        }
        hash.update(&buffer[..n]);
        target.write_all(&buffer[..n]).map_err(io_error(to))?;
        bytes += n as u64;
    }
}

/// What is wrong with a restored copy, if anything.
fn check_copy(path: &Path, manifest: &Manifest) -> Result<Option<String>, BackupError> {
    let wrap = StoreError::sqlite(path);
    let connection = connection::reader(path)?;
    let integrity: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(&wrap)?;
    if integrity != "ok" {
        return Ok(Some(integrity));
    }
    load::read_facts(&connection, path)?;
    let found = log_state(&connection).map_err(&wrap)?.revision;
    if found != manifest.revision {
        return Ok(Some(format!("revision {found} instead of {}", manifest.revision)));
    }
    let records = count_records(&connection).map_err(&wrap)?;
    Ok((records != manifest.records).then(|| format!("records {records:?} instead of {:?}", manifest.records)))
}

/// Moves a data file aside, whole in one file when SQLite can make it so.
fn keep_beside(path: &Path, now: Timestamp) -> Result<PathBuf, BackupError> {
    // The log goes into the file when the last connection closes. A damaged file is moved as it is.
    if let Ok(connection) = connection::writer(path) {
        let busy: rusqlite::Result<i64> = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        if matches!(busy, Ok(1)) {
            return Err(BackupError::InUse { path: path.to_path_buf() });
        }
    }
    let kept = beside(path, &format!(".before-restore-{}", now.strftime("%Y%m%dT%H%M%SZ")));
    if kept.exists() {
        return Err(BackupError::Store(StoreError::Exists { path: kept }));
    }
    for suffix in ["-wal", "-journal"] {
        let log = beside(path, suffix);
        if log.exists() {
            std::fs::rename(&log, beside(&kept, suffix)).map_err(io_error(&log))?;
        }
    }
    // Two names for a moment instead of none; not every file system can.
    if std::fs::hard_link(path, &kept).is_err() {
        std::fs::rename(path, &kept).map_err(io_error(path))?;
    }
    Ok(kept)
}

/// What a rehearsal found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// Which backup.
    pub backup: PathBuf,
    /// Its manifest, with which everything agreed.
    pub manifest: Manifest,
}

/// Restores a backup into a folder of its own below `scratch`, checks all of it, loads a snapshot,
/// compares its counts with the manifest, and takes the folder away again. A backup of an older version is
/// brought up to date there too, which rehearses the upgrade.
pub fn rehearse(backup: &Path, scratch: &Path, now: Timestamp) -> Result<Rehearsal, BackupError> {
    let folder = Scratch::create(scratch)?;
    let path = folder.0.join("rehearsal.gpkg");
    let Restored { manifest, .. } = put_in_place(backup, &path, false, None, now)?;
    let damaged = |what: String| BackupError::Damaged { path: backup.to_path_buf(), what };
    let connection = connection::reader(&path)?;
    let integrity: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(StoreError::sqlite(&path))?;
    if integrity != "ok" {
        return Err(damaged(integrity));
    }
    drop(connection);
    bring_up_to_date(&path)?;
    let snapshot = load::load_snapshot(&path)?;
    for of in Counted::ALL {
        let (found, expected) = (snapshot.table(of).len() as u64, manifest.records.get(of.code()).copied());
        if Some(found) != expected {
            return Err(damaged(format!("the snapshot has {found} {} instead of {expected:?}", of.code())));
        }
    }
    Ok(Rehearsal { backup: backup.to_path_buf(), manifest })
}

/// A folder that goes away again with what is in it.
struct Scratch(PathBuf);

impl Scratch {
    fn create(below: &Path) -> Result<Self, BackupError> {
        let name = |n: u32| below.join(format!("lagesbild-rehearsal-{}-{n}", std::process::id()));
        let mut n = 0;
        loop {
            match std::fs::create_dir(name(n)) {
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => n += 1,
                other => return other.map(|()| Self(name(n))).map_err(io_error(below)),
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The newest backup of a folder, or the backup that a path names.
pub fn newest_backup(path: &Path) -> Result<PathBuf, BackupError> {
    if path.is_file() {
        return Ok(path.to_path_buf());
    }
    let newest = list_backups(path, None)?.into_iter().next();
    newest.map(|backup| backup.path).ok_or_else(|| BackupError::None { path: path.to_path_buf() })
}
