//! Skips that are heard: the test runner swallows what a passing test prints.

use std::io::Write;
use std::path::PathBuf;

/// Says that a test checked less than it could, and why: on standard error, and in the file that
/// `LAGESBILD_SKIPS` names, which `scripts/test` prints at the end.
pub(crate) fn skip(why: &str) {
    eprintln!("SKIPPED: {why}");
    if let Some(path) = std::env::var_os("LAGESBILD_SKIPS")
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path)
    {
        let test = std::thread::current().name().unwrap_or("a test").to_string();
        // One write for the whole line: tests run at the same time.
        let _ = file.write_all(format!("SKIPPED: {test}: {why}\n").as_bytes());
    }
}

/// The folder of the large public files: `LAGESBILD_SHARED`, else `../shared` beside the clone.
#[allow(dead_code)] // not every suite reads them
pub(crate) fn shared(file: &str) -> Option<PathBuf> {
    let named = std::env::var_os("LAGESBILD_SHARED").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    skip(&format!("{file} is not in the shared folder; LAGESBILD_SHARED names it"));
    None
}
