//! One folder of a release, read and held against its manifest.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::file::{File, Pool};
use super::index::Entry;

/// Name of the manifest in the folder of a release.
pub(super) const MANIFEST: &str = "manifest.json";
/// The largest file that is held in memory, bytes.
const LARGEST_BYTES: u64 = 256 << 20;

/// What the shelf needs of a manifest; its other members are for those who fetch it.
#[derive(Deserialize)]
struct Manifest {
    release: u32,
    files: Vec<Listed>,
    content_sha256: String,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
    bytes: u64,
    sha256: String,
    media_type: String,
}

/// Every file of the manifest by path, and the manifest; or why the folder is not served. Files that the manifest does
/// not list are not read.
pub(super) fn read(folder: &Path, entry: &Entry, pool: &mut Pool) -> Result<BTreeMap<String, Arc<File>>, String> {
    let bytes = fs::read(folder.join(MANIFEST)).map_err(|error| format!("{MANIFEST}: {error}"))?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| format!("{MANIFEST}: {error}"))?;
    if manifest.release != entry.number {
        return Err(format!("{MANIFEST} is of release {}", manifest.release));
    }
    if entry.content_sha256.as_ref().is_some_and(|published| *published != manifest.content_sha256) {
        return Err("its content is not what was published".to_string());
    }
    if manifest.content_sha256 != content_of(&manifest.files) {
        return Err(format!("{MANIFEST}: content_sha256 does not fit its list of files"));
    }
    let mut files = BTreeMap::new();
    for listed in &manifest.files {
        let file = read_listed(folder, listed, pool).map_err(|reason| format!("{}: {reason}", listed.path))?;
        if files.insert(listed.path.clone(), file).is_some() {
            return Err(format!("{}: it is listed twice", listed.path));
        }
    }
    let manifest = pool.file(MANIFEST, bytes, "application/json").map_err(|reason| format!("{MANIFEST}: {reason}"))?;
    files.insert(MANIFEST.to_string(), manifest);
    Ok(files)
}

fn read_listed(folder: &Path, listed: &Listed, pool: &mut Pool) -> Result<Arc<File>, String> {
    if !is_plain_path(&listed.path) {
        return Err("no path of a public file; accepted: letters, digits, '.', '-', '_' and '/'".to_string());
    }
    let path = folder.join(&listed.path);
    let found = fs::metadata(&path).map_err(|error| error.to_string())?;
    if found.len() != listed.bytes || found.len() > LARGEST_BYTES {
        return Err(format!("it has {} bytes, the manifest says {}", found.len(), listed.bytes));
    }
    let bytes = fs::read(&path).map_err(|error| error.to_string())?;
    if hex(&Sha256::digest(&bytes)) != listed.sha256 {
        return Err("its SHA-256 is not that of the manifest".to_string());
    }
    pool.file(&listed.path, bytes, &listed.media_type)
}

/// Names below the folder, none hidden, none that leads out of it.
fn is_plain_path(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
    };
    path.split('/').all(is_name) && path != MANIFEST
}

/// SHA-256 over the lines `path sha256`, by path.
fn content_of(files: &[Listed]) -> String {
    let mut lines: Vec<String> = files.iter().map(|file| format!("{} {}\n", file.path, file.sha256)).collect();
    lines.sort();
    hex(&Sha256::digest(lines.concat()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::is_plain_path;

    #[test]
    fn a_path_that_leads_out_or_is_hidden_is_no_path_of_a_public_file() {
        for path in ["index.html", "embed/sv/karta.html", "data/grid-500m.geojson", "assets/map-0a_1.js"] {
            assert!(is_plain_path(path), "{path}");
        }
        for path in
            ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".htaccess", "a/.git/x", "C:\\x", "å.html", "a%2fb"]
        {
            assert!(!is_plain_path(path), "{path}");
        }
        assert!(!is_plain_path("manifest.json"), "a manifest does not list itself");
    }
}
