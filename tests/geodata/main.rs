//! The files in `geodata/`, and reading files of that kind.

mod bad_files;
mod default_place;
mod foreign_files;
mod promises;
mod regso;

use std::path::PathBuf;

/// The folder with reference data beside the project, or `None` with a word on standard error.
fn shared(path: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("LAGESBILD_SHARED").map_or_else(beside, PathBuf::from);
    let path = folder.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there; set LAGESBILD_SHARED to the folder that has it", path.display());
    None
}
