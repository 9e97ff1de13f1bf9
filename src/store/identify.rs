//! What a file is, from its first bytes, before SQLite touches it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::StoreError;

/// Says what stands at `path` when it is no GeoPackage.
pub(super) fn check_is_geopackage(path: &Path) -> Result<(), StoreError> {
    let other = |what: &str| Err(StoreError::NotADataFile { path: path.to_path_buf(), what: what.to_string() });
    let io = |source: std::io::Error| StoreError::Io { path: path.to_path_buf(), source };
    match std::fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::Missing { path: path.to_path_buf() });
        }
        Err(e) => return Err(io(e)),
        Ok(meta) if meta.is_dir() => return other("is a folder"),
        Ok(_) => {}
    }
    let mut head = Vec::with_capacity(100);
    File::open(path).and_then(|file| file.take(100).read_to_end(&mut head)).map_err(io)?;
    // Closed again before SQLite opens it: closing a second handle later would drop SQLite's locks.
    if head.is_empty() {
        return other("is empty");
    }
    if !head.starts_with(b"SQLite format 3\0") {
        return other(kind_of(&head));
    }
    match head.get(68..72) {
        Some(b"GPKG") => Ok(()),
        _ => other("is an SQLite database, but no GeoPackage"),
    }
}

fn kind_of(head: &[u8]) -> &'static str {
    let text = std::str::from_utf8(head).unwrap_or_default().trim_start_matches('\u{feff}').trim_start();
    match head {
        [b'P', b'K', 3, 4, ..] => "is a zip archive or an Office document",
        [0x1f, 0x8b, ..] => "is a gzip archive",
        [b'%', b'P', b'D', b'F', ..] => "is a PDF document",
        _ if text.starts_with('{') || text.starts_with('[') => "is JSON; 'lagesbild import' reads GeoJSON",
        _ if text.starts_with('<') => "is XML or HTML",
        _ if !text.is_empty() => "is a text file; 'lagesbild import' reads CSV",
        _ => "is no GeoPackage",
    }
}
