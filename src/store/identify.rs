//! What a file is, before anything is done with it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use rusqlite::ErrorCode;

use super::{StoreError, connection};

/// `GPKG` as SQLite's application id.
const GPKG: i64 = 0x4750_4b47;

/// Says what stands at `path` when it is no GeoPackage.
///
/// SQLite looks first. Its locks belong to the process and not to a file handle, so that opening and
/// closing a data file past SQLite would drop the locks of a writer in this process, and the next
/// program to close the file would delete the log from under it. Only a file that SQLite says is no
/// database is looked into.
pub(super) fn check_is_geopackage(path: &Path) -> Result<(), StoreError> {
    let other = |what: &str| Err(StoreError::NotADataFile { path: path.to_path_buf(), what: what.to_string() });
    let io = |source: std::io::Error| StoreError::Io { path: path.to_path_buf(), source };
    match std::fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Err(StoreError::Missing { path: path.to_path_buf() }),
        Err(e) => return Err(io(e)),
        Ok(meta) if meta.is_dir() => return other("is a folder"),
        Ok(meta) if meta.len() == 0 => return other("is empty"),
        Ok(_) => {}
    }
    let connection = connection::reader(path)?;
    match connection.query_row("SELECT application_id FROM pragma_application_id", [], |row| row.get::<_, i64>(0)) {
        Ok(GPKG) => Ok(()),
        Ok(_) => other("is an SQLite database, but no GeoPackage"),
        Err(e) if e.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            drop(connection);
            let mut head = Vec::with_capacity(100);
            File::open(path).and_then(|file| file.take(100).read_to_end(&mut head)).map_err(io)?;
            other(kind_of(&head))
        }
        Err(e) => Err(StoreError::sqlite(path)(e)),
    }
}

fn kind_of(head: &[u8]) -> &'static str {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match head {
        [b'P', b'K', 3, 4, ..] => "is a zip archive or an Office document",
        [0x1f, 0x8b, ..] => "is a gzip archive",
        [b'%', b'P', b'D', b'F', ..] => "is a PDF document",
        [b'{' | b'[', ..] => "is JSON; 'lagesbild import' reads GeoJSON",
        [b'<', ..] => "is XML or HTML",
        _ if looks_like_text(head) => "is a text file; 'lagesbild import' reads CSV",
        _ => "is no GeoPackage",
    }
}

/// Text in UTF-8 or in Windows-1252, as Swedish Excel writes it: no control characters, and at
/// most every fourth byte beyond ASCII.
fn looks_like_text(head: &[u8]) -> bool {
    let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    let beyond = head.iter().filter(|byte| !byte.is_ascii()).count();
    !head.is_empty() && !head.iter().any(control) && beyond * 4 <= head.len()
}
