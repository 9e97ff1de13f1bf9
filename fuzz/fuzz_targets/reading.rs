//! Reads bytes as an uploaded file, to its end.

use std::io::Write;

use jiff::tz::TimeZone;
use lagesbild::domain::Vocabulary;
use lagesbild::geodata::{Into, ReadOptions, Register, SourceFile, preview};

/// Observations with the clock of Stockholm.
pub fn options() -> ReadOptions {
    ReadOptions::new(Into::Observations, TimeZone::get("Europe/Stockholm").expect("bundled"))
}

/// The outcome does not matter: only a panic, a hang or too much memory is a find.
pub fn read(parts: &[&[u8]], options: &ReadOptions) {
    let mut file = tempfile::NamedTempFile::new().expect("temporary file");
    parts.iter().for_each(|part| file.write_all(part).expect("written"));
    file.flush().expect("written");
    if let Ok(source) = SourceFile::inspect(file.path()) {
        let _ = preview(&source, options, &Register::default(), &[], &Vocabulary::seed(), 20);
    }
}
