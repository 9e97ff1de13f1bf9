//! One writing process per data file: a lock on `FILE.lock` beside it.
//!
//! Never on the data file itself: closing a second handle on it would drop SQLite's own locks.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Held as long as the process may write. The operating system frees it when the process ends.
#[derive(Debug)]
pub(super) struct WriteLock {
    _file: File,
}

impl WriteLock {
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        // The same file by another name (a link, another folder notation) has the same lock.
        let mut name = real_path(path).into_os_string();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let io = |source| StoreError::Io { path: lock.clone(), source };
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(&lock).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: path.to_path_buf(), lock: lock.clone() }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}

/// The path without links, also of a file that is still to be made.
fn real_path(path: &Path) -> PathBuf {
    let in_real_folder = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(in_real_folder).unwrap_or_else(|| path.to_path_buf())
}
