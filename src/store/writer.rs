//! The writer thread: the only one that changes the data file and the newest snapshot.
//!
//! Requests that wait at the same time go to the disk together: one transaction, in it a savepoint for each, one
//! fsync, one new snapshot, and only then the answers. A request that is refused undoes its savepoint alone.
//! After an error of the disk nothing more is written until a restart: whether the bytes before it are on the
//! disk cannot be known, so trying again would be hoping.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::change::{self, Operation, Receipt, WriteRequest};
use super::data_file::DataFile;
use super::service::Published;
use super::{StoreError, audit, load, planted, publish};
use crate::domain::{Actor, Collection};
use crate::spatial::Snapshot;

/// Requests in one transaction.
const GROUP: usize = 256;
/// Entries of the delta from which a new base is built in the background.
const COMPACT_AT: usize = 16_000;
/// Size of the log from which its pages are moved into the file. SQLite cuts the file of a log that begins anew to
/// half of it (`journal_size_limit`), so its length says how much is in use.
const CHECKPOINT_AT_BYTES: u64 = 8 << 20;
/// Without work for so long, the log is moved into the file.
const IDLE: Duration = Duration::from_millis(500);
/// While a new base is being built, how often to look whether it is ready.
const LOOK_FOR_BASE: Duration = Duration::from_millis(20);

/// Where an answer goes.
#[derive(Debug)]
pub(super) struct Reply<T>(SyncSender<Result<T, StoreError>>);

impl<T> Reply<T> {
    pub(super) fn new() -> (Self, Receiver<Result<T, StoreError>>) {
        let (sender, receiver) = mpsc::sync_channel(1);
        (Self(sender), receiver)
    }

    fn give(self, answer: Result<T, StoreError>) {
        // Nobody waits any more: the work is done all the same.
        let _ = self.0.send(answer);
    }
}

type Alone = Box<dyn FnOnce(&mut Writer) + Send>;

/// What the writer is asked to do.
pub(super) enum Job {
    /// A request that may share a transaction with others.
    Write { actor: Actor, request: WriteRequest, reply: Reply<Receipt> },
    /// Work that has the file for itself.
    Alone(Alone),
}

impl Job {
    pub(super) fn alone<T: Send + 'static>(
        work: impl FnOnce(&mut DataFile) -> Result<T, StoreError> + Send + 'static,
        reply: Reply<T>,
    ) -> Self {
        Self::Alone(Box::new(move |writer| {
            let answer = writer.alone(work);
            reply.give(answer);
        }))
    }
}

type Written = (Result<Receipt, StoreError>, Reply<Receipt>);

/// See the module.
pub(super) struct Writer {
    file: DataFile,
    state: Arc<Published>,
    compaction: Option<Compaction>,
    /// Pages may be in the log that are not in the file.
    log_in_use: bool,
}

/// Requests are sent again within minutes; after a week their keys are free.
fn forget_old_keys(file: &DataFile) -> Result<(), StoreError> {
    let sql = "DELETE FROM lagesbild_retry WHERE at_utc < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-7 days')";
    file.connection.execute(sql, []).map(|_| ()).map_err(StoreError::sqlite(&file.path))
}

/// A base being built while the old one serves.
struct Compaction {
    built: Arc<Mutex<Option<Option<Snapshot>>>>,
    /// What was committed meanwhile, to be worked into the new base.
    since: Vec<(u64, Vec<Operation>)>,
}

impl Writer {
    pub(super) fn new(file: DataFile, state: Arc<Published>) -> Result<Self, StoreError> {
        // The log is moved into the file here, where an error is seen; not by SQLite, which would hide it.
        file.connection
            .execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 4194304;")
            .map_err(StoreError::sqlite(&file.path))?;
        forget_old_keys(&file)?;
        Ok(Self { file, state, compaction: None, log_in_use: true })
    }

    /// Works until the last handle of the store is gone.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let patience = if self.compaction.is_some() { LOOK_FOR_BASE } else { IDLE };
            let mut next = match jobs.recv_timeout(patience) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => {
                    self.take_new_base();
                    if self.compaction.is_none() {
                        self.checkpoint();
                    }
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            while let Some(job) = next.take() {
                match job {
                    Job::Alone(work) => work(&mut self),
                    Job::Write { actor, request, reply } => {
                        let mut group = vec![(actor, request, reply)];
                        while group.len() < GROUP {
                            match jobs.try_recv() {
                                Ok(Job::Write { actor, request, reply }) => group.push((actor, request, reply)),
                                Ok(alone) => {
                                    next = Some(alone);
                                    break;
                                }
                                Err(_) => break,
                            }
                        }
                        self.write_together(group);
                    }
                }
            }
            self.take_new_base();
            if self.log_bytes() > CHECKPOINT_AT_BYTES {
                self.checkpoint();
            }
        }
    }

    fn failed(&self) -> Option<StoreError> {
        self.state.failed.get().map(|why| StoreError::Failed { path: self.file.path.clone(), why: why.clone() })
    }

    /// After an error of the disk nothing is written any more.
    fn judge(&self, error: &StoreError) {
        if error.is_of_the_disk() {
            tracing::error!("writing failed, the store only reads from now on: {error}");
            let _ = self.state.failed.set(error.to_string());
        }
    }

    fn write_together(&mut self, group: Vec<(Actor, WriteRequest, Reply<Receipt>)>) {
        if let Some(failed) = self.failed() {
            group.into_iter().for_each(|(.., reply)| reply.give(Err(failed.again(&self.file.path))));
            return;
        }
        let mut requests = Vec::with_capacity(group.len());
        let mut replies = Vec::with_capacity(group.len());
        for (actor, request, reply) in group {
            requests.push((actor, request));
            replies.push(reply);
        }
        if planted::is("ack-before-commit") {
            self.write_after_answering(requests, replies);
            return;
        }
        match self.transaction(&requests) {
            Ok(results) => {
                let mut kept = Vec::new();
                let mut answers: Vec<Written> = Vec::with_capacity(results.len());
                for ((result, (_, request)), reply) in results.into_iter().zip(requests).zip(replies) {
                    if let Ok(Receipt { revision, replayed: false, .. }) = &result {
                        kept.push((*revision, request.operations));
                    }
                    answers.push((result, reply));
                }
                self.show(kept);
                answers.into_iter().for_each(|(result, reply)| reply.give(result));
            }
            Err(error) => {
                self.judge(&error);
                replies.into_iter().for_each(|reply| reply.give(Err(error.again(&self.file.path))));
            }
        }
    }

    /// One transaction for all; a result for each when it is on disk.
    fn transaction(
        &mut self,
        requests: &[(Actor, WriteRequest)],
    ) -> Result<Vec<Result<Receipt, StoreError>>, StoreError> {
        let path = self.file.path.clone();
        let wrap = StoreError::sqlite(&path);
        let connection = &self.file.connection;
        let rolled_back = |error: StoreError| {
            if !connection.is_autocommit() {
                // The error before is the one that counts; without a commit the change is gone anyway.
                let _ = connection.execute_batch("ROLLBACK");
            }
            error
        };
        connection.execute_batch("BEGIN IMMEDIATE").map_err(&wrap)?;
        let mut results = Vec::with_capacity(requests.len());
        for (actor, request) in requests {
            connection.execute_batch("SAVEPOINT one").map_err(|e| rolled_back(wrap(e)))?;
            let result = change::apply(connection, actor, request, &wrap);
            if connection.is_autocommit() {
                // A full or broken disk: SQLite has undone the whole transaction.
                let gone = StoreError::NotWritten { path: path.clone() };
                return Err(result.err().unwrap_or(gone));
            }
            let end = if result.is_ok() { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" };
            if let Err(error) = &result
                && (error.is_of_the_disk() || matches!(error, StoreError::DiskFull { .. }))
            {
                return Err(rolled_back(error.again(&path)));
            }
            connection.execute_batch(end).map_err(|e| rolled_back(wrap(e)))?;
            results.push(result);
        }
        self.log_in_use = true;
        connection.execute_batch("COMMIT").map_err(|e| rolled_back(wrap(e)))?;
        Ok(results)
    }

    /// A fault put in on purpose, see [`planted`].
    fn write_after_answering(&mut self, requests: Vec<(Actor, WriteRequest)>, replies: Vec<Reply<Receipt>>) {
        let revision = self.state.snapshot().revision() + 1;
        for ((_, request), reply) in requests.iter().zip(replies) {
            let records = request.operations.iter().map(|o| (o.subject().0, o.subject().1.clone())).collect();
            reply.give(Ok(Receipt { revision, records, replayed: false }));
        }
        std::thread::sleep(Duration::from_millis(5));
        if let Ok(results) = self.transaction(&requests) {
            let kept = results
                .into_iter()
                .zip(requests)
                .filter_map(|(result, (_, request))| result.ok().map(|receipt| (receipt.revision, request.operations)));
            let kept = kept.collect();
            self.show(kept);
        }
    }

    /// Publishes the snapshot that shows what was kept.
    fn show(&mut self, kept: Vec<(u64, Vec<Operation>)>) {
        let Some(revision) = kept.iter().map(|(revision, _)| *revision).max() else { return };
        let operations: Vec<Operation> = kept.into_iter().flat_map(|(_, operations)| operations).collect();
        if operations.iter().any(|operation| operation.subject().0 == Collection::Areas) {
            // Every record's membership may be another one.
            self.reload();
            return;
        }
        let next = publish::after(&self.state.snapshot(), revision, &operations);
        let entries = next.delta_entries();
        self.state.publish(next);
        if let Some(compaction) = &mut self.compaction {
            compaction.since.push((revision, operations));
        } else if entries > COMPACT_AT {
            self.begin_compaction();
        }
    }

    /// Publishes what is in the file, all of it read again. A file that cannot be read ends the writing.
    fn reload(&mut self) {
        self.compaction = None;
        self.state.compacting.store(false, Ordering::Release);
        match load::load_snapshot(&self.file.path) {
            Ok(snapshot) => self.state.publish(snapshot),
            Err(error) => {
                let _ = self.state.failed.set(format!("the change is kept and cannot be shown: {error}"));
            }
        }
    }

    fn begin_compaction(&mut self) {
        let frozen = self.state.snapshot();
        let built = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&built);
        let build = move || {
            let compacted = std::panic::catch_unwind(AssertUnwindSafe(|| frozen.compacted())).ok();
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(compacted);
        };
        // Without a thread now, the delta serves, and the next commit tries again.
        if std::thread::Builder::new().name("compaction".into()).spawn(build).is_ok() {
            self.state.compacting.store(true, Ordering::Release);
            self.compaction = Some(Compaction { built, since: Vec::new() });
        }
    }

    /// Works the commits made meanwhile into a new base and publishes it, when one is ready. Without a base
    /// (building it failed) the old one goes on serving.
    fn take_new_base(&mut self) {
        let ready = |c: &Compaction| c.built.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(built) = self.compaction.as_ref().and_then(ready) else { return };
        let since = self.compaction.take().map(|compaction| compaction.since).unwrap_or_default();
        if let Some(built) = built {
            let step = |before: Snapshot, (revision, operations): (u64, Vec<Operation>)| {
                publish::after(&before, revision, &operations)
            };
            self.state.publish(since.into_iter().fold(built, step));
        }
        self.state.compacting.store(false, Ordering::Release);
    }

    /// Work that has the file for itself; what it committed is published before its answer is given.
    fn alone<T>(&mut self, work: impl FnOnce(&mut DataFile) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if let Some(failed) = self.failed() {
            return Err(failed);
        }
        self.log_in_use = true;
        let answer = work(&mut self.file);
        if !self.file.connection.is_autocommit() {
            let _ = self.file.connection.execute_batch("ROLLBACK");
        }
        if let Err(error) = &answer {
            self.judge(error);
        }
        let newest = audit::newest_revision(&self.file.connection).map(i64::unsigned_abs);
        if newest.is_ok_and(|newest| newest != self.state.snapshot().revision()) {
            self.reload();
        }
        answer
    }

    /// Moves the pages of the log into the file. With a full disk they stay where they are and are safe.
    fn checkpoint(&mut self) {
        if !self.log_in_use || self.failed().is_some() {
            return;
        }
        let wrap = StoreError::sqlite(&self.file.path);
        let moved = self
            .file
            .connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)));
        match moved.map_err(&wrap) {
            // With a reader in an old snapshot some pages stay; another round will take them.
            Ok((in_log, moved)) => self.log_in_use = moved < in_log,
            Err(error) => self.judge(&error),
        }
    }

    fn log_bytes(&self) -> u64 {
        let mut log = self.file.path.as_os_str().to_os_string();
        log.push("-wal");
        std::fs::metadata(log).map_or(0, |meta| meta.len())
    }
}
