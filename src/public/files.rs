//! Files of a release in memory: path and bytes, in order of path, with the manifest that lists them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::method;
use crate::release::{Release, Stream};

/// Name of the file that lists the others.
pub const MANIFEST: &str = "manifest.json";

/// Paths with their bytes, by path. Paths are relative, with `/` between parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    by_path: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// The bytes of a path.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.by_path.get(path).map(Vec::as_slice)
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.by_path.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_path.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// The hash over the lines `path sha256` of all files but the manifest, by path.
    pub fn content_sha256(&self) -> String {
        let hashed = self.iter().filter(|(path, _)| *path != MANIFEST);
        let lines: String = hashed.map(|(path, bytes)| format!("{path} {}\n", sha256(bytes))).collect();
        sha256(lines.as_bytes())
    }

    /// Adds a file.
    pub(super) fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.by_path.insert(path.into(), bytes.into());
    }

    /// Adds the manifest of what is there.
    pub(super) fn seal(&mut self, release: &Release) {
        let manifest = manifest(self, release);
        self.put(MANIFEST, manifest);
    }
}

/// The media type of a file by the end of its name; `application/octet-stream` for ends that no release has.
pub fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "geojson" => "application/geo+json",
        "csv" => "text/csv; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Serialize)]
struct Listed<'a> {
    path: &'a str,
    bytes: usize,
    sha256: String,
    media_type: &'static str,
}

/// `content_sha256` is the hash over the lines `path sha256` of all files but the manifest, by path. Nothing in here
/// tells when or from which state of the data the release was built.
fn manifest(files: &Files, release: &Release) -> Vec<u8> {
    let edition = &release.edition;
    let head: [(&str, Value); 9] = [
        ("release", json!(edition.number)),
        ("stream", json!(edition.stream.code())),
        ("period", json!(edition.period.word())),
        ("published_on", json!(edition.published_on)),
        ("revision_of", json!(edition.revision_of)),
        ("data_class", json!(data_class(release))),
        ("software", json!(edition.software)),
        ("policy", json!(edition.policy)),
        ("method", method::of(release)),
    ];
    let mut text = String::from("{\n");
    for (name, value) in head {
        text.push_str(&format!("{}: {value},\n", json!(name)));
    }
    with_list(&text, files)
}

/// A manifest that begins with `head`, with the list of the files and the hash over it.
pub(super) fn with_list(head: &str, files: &Files) -> Vec<u8> {
    let listed: Vec<Listed<'_>> = files
        .iter()
        .filter(|(path, _)| *path != MANIFEST)
        .map(|(path, bytes)| Listed { path, bytes: bytes.len(), sha256: sha256(bytes), media_type: media_type(path) })
        .collect();
    let lines: String = listed.iter().map(|file| format!("{} {}\n", file.path, file.sha256)).collect();
    let mut text = format!("{head}\"files\": [\n");
    for (i, file) in listed.iter().enumerate() {
        let line = json!(file);
        text.push_str(&format!("{line}{}\n", if i + 1 < listed.len() { "," } else { "" }));
    }
    text.push_str(&format!("],\n\"content_sha256\": {}\n}}\n", json!(sha256(lines.as_bytes()))));
    text.into_bytes()
}

/// `real` or `synthetic`.
pub(super) fn data_class(release: &Release) -> &'static str {
    if release.edition.synthetic { "synthetic" } else { "real" }
}

/// Where computed public answers come from: a type of its own, which knows no revision, no number of records, no hash
/// of a request and no time of building (design 6.4).
pub(super) fn provenance(release: &Release) -> Value {
    let edition = &release.edition;
    let unit = if edition.stream == Stream::Statistics { "reports" } else { "deeds" };
    json!({
        "method": method::of(release), "unit": unit, "period": edition.period.word(), "policy": edition.policy,
        "release": edition.number, "data_class": data_class(release), "software": edition.software,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::test_release::follow_up_release;

    #[test]
    fn the_manifest_lists_every_file_and_hashes_their_lines() {
        let release = follow_up_release();
        let mut files = Files::default();
        files.put("b.txt", "two");
        files.put("a/b.csv", "one");
        files.seal(release.get());
        let manifest: Value = serde_json::from_slice(files.get(MANIFEST).expect("there")).expect("JSON");
        let listed = manifest["files"].as_array().expect("a list");
        assert_eq!(listed.len(), 2);
        assert_eq!((listed[0]["path"].as_str(), listed[0]["bytes"].as_u64()), (Some("a/b.csv"), Some(3)));
        // printf one | sha256sum, printf two | sha256sum
        let (one, two) = (
            "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
            "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
        );
        assert_eq!(listed[0]["sha256"], one);
        assert_eq!(manifest["content_sha256"], sha256(format!("a/b.csv {one}\nb.txt {two}\n").as_bytes()));
        assert_eq!(manifest["release"], 7);
    }

    #[test]
    fn every_end_that_a_release_has_is_known() {
        for end in ["html", "css", "js", "svg", "png", "json", "geojson", "csv", "txt", "atom"] {
            assert_ne!(media_type(&format!("a.b/c.{end}")), "application/octet-stream", "{end}");
        }
    }
}
