//! Heavy computations: off the async threads, a few at a time, a bounded number waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use super::problem::Problem;

/// Turns for heavy computations; clones share them.
#[derive(Clone, Debug)]
pub struct Heavy {
    turns: Arc<Semaphore>,
    concurrency: usize,
    waiting: Arc<AtomicUsize>,
    queue: usize,
}

/// How long a client should wait before it tries again, in seconds: about the time one computation may take.
const RETRY_AFTER_S: u32 = 5;

impl Heavy {
    /// At most `concurrency` computations at a time (at least one) and `queue` waiting.
    pub fn new(concurrency: usize, queue: usize) -> Self {
        let concurrency = concurrency.max(1);
        Self { turns: Arc::new(Semaphore::new(concurrency)), concurrency, waiting: Arc::default(), queue }
    }

    /// Runs `work` on a thread of its own when it is its turn.
    ///
    /// Dropping the future gives up the place in the queue. Work that has begun runs to its end and keeps its turn,
    /// so that abandoned work counts against the limit. With a full queue: [`Problem::Overloaded`] at once. A panic
    /// in `work` goes on in the caller.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let turn = match Arc::clone(&self.turns).try_acquire_owned() {
            Ok(turn) => turn,
            Err(_) => {
                let _place = self.queue_up()?;
                Arc::clone(&self.turns)
                    .acquire_owned()
                    .await
                    .map_err(|_| Problem::Internal("the semaphore of heavy work is closed".to_string()))?
            }
        };
        let task = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        let _begun = AbortOnDrop(task.abort_handle());
        match task.await {
            Ok(value) => Ok(value),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(error) => Err(Problem::Internal(format!("heavy work did not run: {error}"))),
            },
        }
    }

    /// Computations that have their turn.
    pub fn running(&self) -> usize {
        self.concurrency - self.turns.available_permits().min(self.concurrency)
    }

    /// Computations that wait for it.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    fn queue_up(&self) -> Result<Place, Problem> {
        let enter = |waiting: usize| (waiting < self.queue).then_some(waiting + 1);
        match self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, enter) {
            Ok(_) => Ok(Place(Arc::clone(&self.waiting))),
            Err(_) => Err(Problem::Overloaded { retry_after_s: RETRY_AFTER_S }),
        }
    }
}

/// A place in the queue, given up when dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Takes work back that no thread has begun; work that has begun cannot be stopped.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    /// Starts work that occupies a turn until the returned sender is dropped.
    async fn occupy(heavy: &Heavy) -> mpsc::Sender<()> {
        let (release, held) = mpsc::channel::<()>();
        let (begun, begins) = tokio::sync::oneshot::channel();
        let heavy = heavy.clone();
        tokio::spawn(async move {
            heavy
                .run(move || {
                    begun.send(()).expect("the test waits for this");
                    // An error means the test has let go.
                    let _ = held.recv();
                })
                .await
        });
        begins.await.expect("work begins");
        release
    }

    async fn until(condition: impl Fn() -> bool) {
        tokio::time::timeout(Duration::from_secs(10), async {
            while !condition() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .expect("condition holds within ten seconds");
    }

    #[tokio::test]
    async fn a_full_queue_is_refused_at_once_and_a_freed_turn_goes_to_the_next() {
        let heavy = Heavy::new(1, 1);
        let release = occupy(&heavy).await;
        let waiting = tokio::spawn({
            let heavy = heavy.clone();
            async move { heavy.run(|| 7).await }
        });
        until(|| heavy.waiting() == 1).await;
        assert_eq!(heavy.running(), 1);
        assert_eq!(heavy.run(|| 8).await, Err(Problem::Overloaded { retry_after_s: 5 }));
        drop(release);
        assert_eq!(waiting.await.expect("no panic"), Ok(7));
        until(|| heavy.running() == 0).await;
    }

    #[tokio::test]
    async fn work_whose_client_left_while_waiting_is_never_begun() {
        let heavy = Heavy::new(1, 5);
        let release = occupy(&heavy).await;
        let begun = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&begun);
        let wait = heavy.run(move || count.fetch_add(1, Ordering::SeqCst));
        assert!(tokio::time::timeout(Duration::from_millis(50), wait).await.is_err());
        assert_eq!(heavy.waiting(), 0);
        drop(release);
        assert_eq!(heavy.run(|| 1).await, Ok(1));
        assert_eq!(begun.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn a_panic_reaches_the_caller_and_frees_the_turn() {
        let heavy = Heavy::new(1, 0);
        let caller = tokio::spawn({
            let heavy = heavy.clone();
            async move { heavy.run(|| panic!("planted")).await }
        });
        assert!(caller.await.expect_err("panicked").is_panic());
        until(|| heavy.running() == 0).await;
        assert_eq!(heavy.run(|| 2).await, Ok(2));
    }
}
