//! Files that people have sent and not yet imported: on disk under random names, known here alone.
//!
//! A file goes when it is imported or given up, a day after it came, and when the service starts.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::imports::{Choices, Outcome};
use super::problem::Problem;
use super::records::new_id;
use crate::settings::UploadSettings;

/// Files of one person that wait at the same time; of a further one the oldest is thrown away.
pub const WAITING_EACH: usize = 5;
/// Results of one person that can still be looked at.
const DONE_EACH: usize = 20;
/// How long a file waits.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// What every name in the folder begins with; nothing else in it is ever touched.
const PREFIX: &str = "lagesbild-upload-";

/// All files that wait; clones share them.
#[derive(Clone, Debug)]
pub struct Uploads {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    max_rows: u64,
    limit_bytes: usize,
    /// Locked for look-ups only, never across work.
    waiting: Mutex<HashMap<String, Arc<Staged>>>,
}

/// One file that was sent. Its files on disk go when nobody holds it any more.
#[derive(Debug)]
pub struct Staged {
    /// Names it in addresses.
    pub token: String,
    /// Who sent it, and alone may open it.
    pub actor: String,
    /// The name its sender gave it.
    pub file_name: String,
    /// When it came.
    pub at: Timestamp,
    file: PathBuf,
    rejects: PathBuf,
    stage: Mutex<Stage>,
}

/// How far it is.
#[derive(Clone, Debug)]
pub struct Stage {
    /// How it is to be read.
    pub choices: Choices,
    /// How often the choices were changed: a form that was made for earlier ones imports nothing.
    pub version: u64,
    /// Where it stands.
    pub state: StageState,
}

/// Where a file stands.
#[derive(Clone, Debug)]
pub enum StageState {
    /// Not imported.
    Waiting,
    /// Being imported now.
    Importing,
    /// Imported.
    Done(Outcome),
}

impl Staged {
    /// The file as it was sent.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The rows that were refused when it was read last.
    pub fn rejects(&self) -> &Path {
        &self.rejects
    }

    /// As it is now.
    pub fn stage(&self) -> Stage {
        self.lock().clone()
    }

    /// Changes it; nothing else sees it half changed.
    pub fn change<T>(&self, change: impl FnOnce(&mut Stage) -> T) -> T {
        change(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the bytes off the disk; the rows that were refused stay.
    pub fn remove_file(&self) {
        remove(&self.file);
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        remove(&self.file);
        remove(&self.rejects);
    }
}

fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!("an uploaded file could not be removed: {error}");
        }
        _ => {}
    }
}

impl Uploads {
    /// Throws away what an earlier run of the service left behind.
    pub fn new(settings: &UploadSettings, data: &Path) -> Self {
        let folder = settings.folder.clone().unwrap_or_else(|| {
            let mut name = data.file_name().unwrap_or_default().to_os_string();
            name.push(".uploads");
            data.with_file_name(name)
        });
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                remove(&entry.path());
            }
        }
        Self {
            shared: Arc::new(Shared {
                folder,
                max_rows: settings.max_rows,
                limit_bytes: settings.limit_bytes,
                waiting: Mutex::default(),
            }),
        }
    }

    /// Most rows of a file.
    pub fn max_rows(&self) -> u64 {
        self.shared.max_rows
    }

    /// Largest file in bytes.
    pub fn limit_bytes(&self) -> usize {
        self.shared.limit_bytes
    }

    /// Puts a file on disk under a name that nobody gets to know; it goes when it is dropped. Blocks.
    pub fn stage_for_a_moment(
        &self,
        actor: &str,
        file_name: &str,
        bytes: &[u8],
        choices: Choices,
        now: Timestamp,
    ) -> Result<Staged, Problem> {
        let token = format!("{}{}", new_id()?, new_id()?);
        let path = |end: &str| self.shared.folder.join(format!("{PREFIX}{token}.{end}"));
        let staged = Staged {
            file: path("file"),
            rejects: path("rejects"),
            actor: actor.to_string(),
            file_name: file_name.to_string(),
            at: now,
            stage: Mutex::new(Stage { choices, version: 0, state: StageState::Waiting }),
            token,
        };
        make_folder(&self.shared.folder).map_err(on_disk)?;
        let mut file = crate::store::private_file(&staged.file).map_err(on_disk)?;
        file.write_all(bytes).map_err(on_disk)?;
        Ok(staged)
    }

    /// Lets a file wait under its token, for the one who sent it alone.
    pub fn keep(&self, staged: Staged, now: Timestamp) -> Arc<Staged> {
        self.remove_old(now);
        let (actor, token) = (staged.actor.clone(), staged.token.clone());
        let staged = Arc::new(staged);
        let mut waiting = self.lock();
        let is_done = |staged: &Staged| matches!(staged.stage().state, StageState::Done(_));
        for (done, most) in [(false, WAITING_EACH), (true, DONE_EACH)] {
            let mut own: Vec<(Timestamp, String)> = waiting
                .values()
                .filter(|other| other.actor == actor && is_done(other) == done)
                .map(|other| (other.at, other.token.clone()))
                .collect();
            own.sort();
            for (_, token) in own.iter().take((own.len() + 1).saturating_sub(most)) {
                waiting.remove(token);
            }
        }
        waiting.insert(token, Arc::clone(&staged));
        staged
    }

    /// The file of this token, if this person sent it.
    pub fn find(&self, token: &str, actor: &str, now: Timestamp) -> Option<Arc<Staged>> {
        self.remove_old(now);
        self.lock().get(token).filter(|staged| staged.actor == actor).cloned()
    }

    /// What became of the files of this person: the imports whose refused rows can still be fetched.
    pub fn done_by(&self, actor: &str) -> Vec<Arc<Staged>> {
        let is_done = |staged: &&Arc<Staged>| matches!(staged.stage().state, StageState::Done(_));
        self.lock().values().filter(|staged| staged.actor == actor).filter(is_done).cloned().collect()
    }

    /// Gives a file up.
    pub fn forget(&self, token: &str) {
        self.lock().remove(token);
    }

    /// Throws away what came more than a day ago.
    pub fn remove_old(&self, now: Timestamp) {
        self.lock().retain(|_, staged| now.duration_since(staged.at) < KEPT);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Staged>>> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn on_disk(error: std::io::Error) -> Problem {
    tracing::error!("an uploaded file could not be put on disk: {error}");
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            super::records::RecordProblem::DiskFull.into()
        }
        _ => Problem::Unavailable("the file could not be kept for the import; the log says why".to_string()),
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}
