//! The store of a running service: a cheap handle on one writer and the newest snapshot.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::data_file::{Change, DataFile, vocabulary_after};
use super::{StoreError, load};
use crate::domain::{Actor, Feeling, Id, LonLat, Shape, Source, When};
use crate::spatial::{Changes, Columns, Row, Snapshot};

/// Entries of the delta from which a new base is built in the background.
const COMPACT_AT: usize = 16_000;

/// See the module. Clone it freely.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Locked for a pointer copy only, never across work.
    newest: RwLock<Arc<Snapshot>>,
    /// Locked for the length of a commit: one writer at a time.
    writer: Mutex<Writer>,
    compacting: AtomicBool,
}

#[derive(Debug)]
struct Writer {
    file: DataFile,
    /// Changes committed while a new base is being built, to be worked into it afterwards.
    since_compaction: Option<Vec<(u64, Change)>>,
}

impl Store {
    /// Opens a data file for reading and writing and loads its snapshot.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = DataFile::open(path)?;
        let snapshot = load::load_snapshot(path)?;
        let writer = Mutex::new(Writer { file, since_compaction: None });
        let shared = Shared { newest: RwLock::new(Arc::new(snapshot)), writer, compacting: AtomicBool::new(false) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The newest snapshot. Never waits for a writer.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.newest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a change, publishes the snapshot that shows it, and returns its revision: a read
    /// after this call sees the write. An id may stand in a change only once per collection.
    pub fn commit(&self, actor: &Actor, change: Change) -> Result<u64, StoreError> {
        let mut writer = self.writer();
        let revision = writer.file.commit(actor, &change)?;
        let next = after(&self.snapshot(), revision, &change);
        let entries = next.delta_entries();
        self.publish(next);
        if let Some(since) = &mut writer.since_compaction {
            since.push((revision, change));
        }
        if entries > COMPACT_AT && !self.shared.compacting.swap(true, Ordering::AcqRel) {
            let frozen = self.snapshot();
            // The thread holds no handle while it builds: closing the store frees the lock at once.
            let shared = Arc::downgrade(&self.shared);
            let build = move || {
                let built = std::panic::catch_unwind(AssertUnwindSafe(|| frozen.compacted())).ok();
                if let Some(shared) = shared.upgrade() {
                    Self { shared }.finish_compaction(built);
                }
            };
            match std::thread::Builder::new().name("compaction".into()).spawn(build) {
                Ok(_) => writer.since_compaction = Some(Vec::new()),
                // No thread now: the delta serves, and the next commit tries again.
                Err(_) => self.shared.compacting.store(false, Ordering::Release),
            }
        }
        Ok(revision)
    }

    /// Works the commits made meanwhile into a new base and publishes it. Without a base (building
    /// it failed) the old one goes on serving.
    fn finish_compaction(&self, built: Option<Snapshot>) {
        let mut writer = self.writer();
        let since = writer.since_compaction.take().unwrap_or_default();
        if let Some(built) = built {
            let step = |before: Snapshot, (revision, change): (u64, Change)| after(&before, revision, &change);
            self.publish(since.into_iter().fold(built, step));
        }
        self.shared.compacting.store(false, Ordering::Release);
    }

    /// Whether a new base is being built.
    pub fn is_compacting(&self) -> bool {
        self.shared.compacting.load(Ordering::Acquire)
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic while writing leaves a transaction that SQLite rolls back at the next one.
        self.shared.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, snapshot: Snapshot) {
        *self.shared.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

/// The snapshot after a change.
fn after(before: &Snapshot, revision: u64, change: &Change) -> Snapshot {
    let vocabulary = vocabulary_after(before.vocabulary(), change);
    let number = |terms: &[crate::domain::Term], code: &str| {
        // The term is in the table: the line above put it there when it was new.
        terms.iter().position(|term| term.code == code).unwrap_or_default() as u16
    };
    let mut observations = Columns::with_capacity(change.observations.len());
    for r in &change.observations {
        let term = number(&vocabulary.categories, &r.category);
        observations.push(&row(before, &r.id, r.when, term, &r.location, r.source, r.feeling));
    }
    let mut activities = Columns::with_capacity(change.activities.len());
    for r in &change.activities {
        let term = number(&vocabulary.kinds, &r.kind);
        activities.push(&row(before, &r.id, r.when, term, &r.location, None, None));
    }
    let ended = change.withdrawn.iter().map(|(collection, id, _)| (*collection, id.as_str())).collect();
    before.with(revision, Arc::new(vocabulary), Changes { observations, activities, ended })
}

fn row<'a>(
    snapshot: &Snapshot,
    id: &'a Id,
    when: When,
    term: u16,
    location: &crate::domain::Location,
    source: Option<Source>,
    feeling: Option<Feeling>,
) -> Row<'a> {
    let at: Option<LonLat> = location.shape.as_ref().and_then(Shape::representative_point);
    let area = location.area.as_ref().and_then(|id| snapshot.areas().find(id));
    Row { id: id.as_str(), at, when, term, source, feeling, precision_m: location.precision_m, area }
}
