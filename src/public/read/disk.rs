//! A release in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{MAX_BYTES, MAX_FILES, PublicFolder, ReadProblem};

/// Reads every file of a folder, within [`MAX_BYTES`] and [`MAX_FILES`], and checks it against its manifest. Links to
/// elsewhere are refused.
pub fn folder(path: &Path) -> Result<PublicFolder, Vec<ReadProblem>> {
    let mut files = BTreeMap::new();
    let mut left = MAX_BYTES;
    let problem = |path: &Path, text: String| vec![ReadProblem { path: path.display().to_string(), at: None, text }];
    let mut waiting = vec![path.to_path_buf()];
    while let Some(at) = waiting.pop() {
        let entries = fs::read_dir(&at).map_err(|error| problem(&at, format!("cannot be read: {error}")))?;
        for entry in entries {
            let entry = entry.map_err(|error| problem(&at, format!("cannot be read: {error}")))?;
            let here = entry.path();
            let failed = |error: std::io::Error| problem(&here, format!("cannot be read: {error}"));
            // Of the entry itself: a link is neither a file nor a folder here.
            let about = entry.metadata().map_err(failed)?;
            if about.is_dir() {
                waiting.push(here);
                continue;
            }
            if !about.is_file() {
                return Err(problem(&here, "neither a file nor a folder".into()));
            }
            if about.len() > left || files.len() == MAX_FILES {
                let text = format!("too much to read; accepted: {MAX_FILES} files, {} MB", MAX_BYTES >> 20);
                return Err(problem(&here, text));
            }
            left -= about.len();
            let inside = here.strip_prefix(path).unwrap_or(&here);
            let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
            let Some(parts) = parts else { return Err(problem(&here, "its name is no text".into())) };
            files.insert(parts.join("/"), fs::read(&here).map_err(failed)?);
        }
    }
    PublicFolder::new(files)
}
