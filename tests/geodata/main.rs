//! The files in `geodata/`, and reading files of that kind.

mod bad_files;
mod default_place;
mod foreign_files;
mod promises;
mod regso;
#[path = "../support/skip.rs"]
mod skip;

use skip::shared;
