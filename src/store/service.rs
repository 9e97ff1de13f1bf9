//! The store of a running service: a cheap handle on one writer thread and the newest snapshot.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, TryLockError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::audit::AuditAction;
use super::change::{Change, Receipt, WriteRequest};
use super::data_file::DataFile;
use super::history::{self, Found, Version};
use super::import::{ImportCounts, ImportNote, Imported};
use super::intake::{self, Intake};
use super::read::{self, ImportEntry};
use super::undo::Undone;
use super::writer::{Job, Reply, Writer};
use super::{StoreError, connection, load};
use crate::domain::{Actor, Collection, Id, Record};
use crate::spatial::Snapshot;

/// Old snapshots that are held for readers who page through them; successive ones share their base.
const KEPT_SNAPSHOTS: usize = 16;
/// Old snapshots that were put together again and are held.
const REBUILT_SNAPSHOTS: usize = 2;
/// Reading connections that are held for later.
const IDLE_READERS: usize = 8;

/// See the module. Clone it freely; when the last clone goes, the file is closed and its lock is free.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    state: Arc<Published>,
    /// `None` only while the last handle is being dropped.
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Requests under way that may be sent again, by actor and key.
    in_flight: Mutex<HashSet<(String, String)>>,
    readers: Mutex<Vec<Connection>>,
    kept: Mutex<Vec<Arc<Snapshot>>>,
    rebuilt: Mutex<Vec<Arc<Snapshot>>>,
    rebuilding: Mutex<()>,
}

/// What the writer thread makes known.
#[derive(Debug)]
pub(super) struct Published {
    /// Locked for a pointer copy only, never across work.
    newest: RwLock<Arc<Snapshot>>,
    /// Why nothing is written any more.
    pub(super) failed: OnceLock<String>,
    pub(super) compacting: AtomicBool,
}

impl Published {
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn publish(&self, snapshot: Snapshot) {
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the writer was reported to those who waited for it.
            let _ = thread.join();
        }
    }
}

impl Store {
    /// Opens a data file for reading and writing, loads its snapshot and starts the writer.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = DataFile::open(path)?;
        let snapshot = load::load_snapshot(path)?;
        let state = Arc::new(Published {
            newest: RwLock::new(Arc::new(snapshot)),
            failed: OnceLock::new(),
            compacting: AtomicBool::new(false),
        });
        let (jobs, incoming) = mpsc::channel();
        let writer = Writer::new(file, Arc::clone(&state))?;
        let lasting = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                let ended = std::panic::catch_unwind(AssertUnwindSafe(|| writer.run(&incoming)));
                if ended.is_err() {
                    // Readiness and every later request say so.
                    let _ = lasting.failed.set("the writer ended unexpectedly; see the log".to_string());
                }
            })
            .map_err(|source| StoreError::Io { path: path.to_path_buf(), source })?;
        let shared = Shared {
            path: path.to_path_buf(),
            state,
            jobs: Some(jobs),
            thread: Some(thread),
            in_flight: Mutex::default(),
            readers: Mutex::default(),
            kept: Mutex::default(),
            rebuilt: Mutex::default(),
            rebuilding: Mutex::default(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Where the data file is.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// The newest snapshot. Never waits for a writer.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.state.snapshot()
    }

    /// The snapshot of a revision: the newest, one held for those who page, or one put together again (as
    /// long as loading the file takes, one at a time: [`StoreError::Rebuilding`]).
    pub fn snapshot_at(&self, revision: u64) -> Result<Arc<Snapshot>, StoreError> {
        let newest = self.snapshot();
        if newest.revision() == revision {
            self.keep(&newest);
            return Ok(newest);
        }
        if let Some(kept) = lock(&self.shared.kept).iter().find(|kept| kept.revision() == revision) {
            return Ok(Arc::clone(kept));
        }
        if let Some(rebuilt) = lock(&self.shared.rebuilt).iter().find(|held| held.revision() == revision) {
            return Ok(Arc::clone(rebuilt));
        }
        let _turn = match self.shared.rebuilding.try_lock() {
            Ok(turn) => turn,
            // Nothing is behind this lock that a panic could have left half done.
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Rebuilding),
        };
        let rebuilt = Arc::new(load::load_snapshot_at(&self.shared.path, revision)?);
        let mut held = lock(&self.shared.rebuilt);
        held.insert(0, Arc::clone(&rebuilt));
        // Each has columns of its own, about 100 bytes a record.
        held.truncate(REBUILT_SNAPSHOTS);
        Ok(rebuilt)
    }

    fn keep(&self, snapshot: &Arc<Snapshot>) {
        let mut kept = lock(&self.shared.kept);
        kept.retain(|other| other.revision() != snapshot.revision());
        kept.push(Arc::clone(snapshot));
        if kept.len() > KEPT_SNAPSHOTS {
            kept.remove(0);
        }
    }

    /// Keeps everything in a request as one revision, or nothing. When it returns, it is on disk and every
    /// later read sees it. Blocks; requests of other threads share its way to the disk.
    pub fn write(&self, actor: &Actor, request: WriteRequest) -> Result<Receipt, StoreError> {
        let _under_way = request.retry.as_ref().map(|retry| self.enter(&actor.id, &retry.key)).transpose()?;
        let (reply, answer) = Reply::new();
        self.send(Job::Write { actor: actor.clone(), request, reply })?;
        self.wait(&answer)
    }

    /// Keeps a plain change and gives its revision; see [`Store::write`].
    pub fn commit(&self, actor: &Actor, change: Change) -> Result<u64, StoreError> {
        self.write(actor, change.into()).map(|receipt| receipt.revision)
    }

    /// Writes an entry into the audit log: records left, or free text was read.
    pub fn note(
        &self,
        actor: &Actor,
        action: AuditAction,
        subject: &str,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let (actor, subject, reason) = (actor.clone(), subject.to_string(), reason.map(str::to_string));
        self.with_writer(move |file| file.note(&actor, action, &subject, reason.as_deref()))
    }

    /// Keeps the records of one imported file as one revision, or nothing. Other writers wait meanwhile.
    pub fn import(
        &self,
        actor: &Actor,
        note: ImportNote,
        collection: Collection,
        records: Vec<Record>,
        counts: ImportCounts,
    ) -> Result<Imported, StoreError> {
        let actor = actor.clone();
        self.with_writer(move |file| {
            let mut import = file.begin_import(&actor, collection, note)?;
            records.iter().try_for_each(|record| import.add(record))?;
            import.finish(counts)
        })
    }

    /// Undoes an import; see [`DataFile::undo`].
    pub fn undo(&self, actor: &Actor, import_id: i64) -> Result<Undone, StoreError> {
        let actor = actor.clone();
        self.with_writer(move |file| file.undo(&actor, import_id))
    }

    /// Lets `work` have the data file for itself, between the requests of others. A new revision it made is
    /// published before this returns.
    pub fn with_writer<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut DataFile) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = Reply::new();
        self.send(Job::alone(work, reply))?;
        self.wait(&answer)
    }

    /// What there is under an id, now or at a revision.
    pub fn found(&self, collection: Collection, id: &Id, at: Option<u64>) -> Result<Found, StoreError> {
        let zone = self.snapshot().zone().clone();
        self.read(|connection, wrap| history::found(connection, collection, id, at, &zone, wrap))
    }

    /// The versions of these ids at a revision, each with its own revision, in the order of `ids`.
    pub fn records(&self, collection: Collection, ids: &[&str], at: u64) -> Result<Vec<(Record, u64)>, StoreError> {
        self.read(|connection, wrap| history::records(connection, collection, ids, at, wrap))
    }

    /// Records at a revision by id, from the one after `after`.
    pub fn page(
        &self,
        collection: Collection,
        at: u64,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(Record, u64)>, StoreError> {
        self.read(|connection, wrap| history::page(connection, collection, at, after, limit, wrap))
    }

    /// Every version of an id, the oldest first.
    pub fn versions(&self, collection: Collection, id: &Id) -> Result<Vec<Version>, StoreError> {
        let zone = self.snapshot().zone().clone();
        self.read(|connection, wrap| history::versions(connection, collection, id, &zone, wrap))
    }

    /// Lets `work` ask for row after row whether an import would take it, all as of one moment.
    pub fn with_intake<T>(&self, work: impl FnOnce(&mut Intake<'_>) -> T) -> Result<T, StoreError> {
        self.read(|connection, wrap| Ok(work(&mut Intake::new(connection, wrap)?)))
    }

    /// The import that brought the same content into a collection and was not undone.
    pub fn imported_before(&self, collection: Collection, sha256: &str) -> Result<Option<ImportEntry>, StoreError> {
        self.read(|connection, wrap| {
            let id = intake::imported_before(connection, collection, sha256).map_err(wrap)?;
            Ok(read::imports(connection).map_err(wrap)?.into_iter().find(|entry| Some(entry.import_id) == id))
        })
    }

    /// All imports, the newest first.
    pub fn imports(&self) -> Result<Vec<ImportEntry>, StoreError> {
        self.read(|connection, wrap| read::imports(connection).map_err(wrap))
    }

    /// Reads with a connection of its own, all as of one moment.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection, &dyn Fn(rusqlite::Error) -> StoreError) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let wrap = StoreError::sqlite(&self.shared.path);
        let connection = match lock(&self.shared.readers).pop() {
            Some(connection) => connection,
            None => connection::reader(&self.shared.path)?,
        };
        connection.execute_batch("BEGIN").map_err(&wrap)?;
        let result = read(&connection, &wrap);
        connection.execute_batch("COMMIT").map_err(&wrap)?;
        let mut idle = lock(&self.shared.readers);
        if idle.len() < IDLE_READERS {
            idle.push(connection);
        }
        result
    }

    /// Why nothing is written any more, after an error of the disk.
    pub fn failure(&self) -> Option<&str> {
        self.shared.state.failed.get().map(String::as_str)
    }

    /// Whether a new base is being built.
    pub fn is_compacting(&self) -> bool {
        self.shared.state.compacting.load(Ordering::Acquire)
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        let sent = self.shared.jobs.as_ref().map(|jobs| jobs.send(job).is_ok());
        if sent == Some(true) { Ok(()) } else { Err(self.gone()) }
    }

    fn wait<T>(&self, answer: &mpsc::Receiver<Result<T, StoreError>>) -> Result<T, StoreError> {
        answer.recv().unwrap_or_else(|_| Err(self.gone()))
    }

    /// The writer thread ended, which only a panic makes it do.
    fn gone(&self) -> StoreError {
        let why = self.failure().unwrap_or("the writer ended unexpectedly; see the log").to_string();
        StoreError::Failed { path: self.shared.path.clone(), why }
    }

    fn enter(&self, actor: &str, key: &str) -> Result<UnderWay<'_>, StoreError> {
        let name = (actor.to_string(), key.to_string());
        if !lock(&self.shared.in_flight).insert(name.clone()) {
            return Err(StoreError::KeyInFlight { key: key.to_string() });
        }
        Ok(UnderWay { set: &self.shared.in_flight, name })
    }
}

/// A key under way; free again when dropped.
struct UnderWay<'a> {
    set: &'a Mutex<HashSet<(String, String)>>,
    name: (String, String),
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        lock(self.set).remove(&self.name);
    }
}

/// What is behind these locks is whole at every moment, also after a panic of who held one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
