//! The manifest, and whether the files are those it lists.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Problems, ReadProblem};
use crate::public::files::{MANIFEST, media_type, sha256};
use crate::release::policy::Policy;

/// What a release says of itself. An unknown member is refused: nothing gets out by being overlooked.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its number.
    pub release: u32,
    /// `follow-up` or `statistics`.
    pub stream: String,
    /// The closed period.
    pub period: String,
    /// The day it is meant for.
    pub published_on: String,
    /// The release it revises.
    pub revision_of: Option<u32>,
    /// `real` or `synthetic`.
    pub data_class: String,
    /// Name and version of the program.
    pub software: String,
    /// The rules it was made with.
    pub policy: Policy,
    /// How its numbers were made.
    pub method: serde_json::Value,
    /// Every file but the manifest, by path.
    pub files: Vec<Listed>,
    /// Hash over the lines `path sha256` of `files`.
    pub content_sha256: String,
}

/// A file as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Relative path.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// Hash.
    pub sha256: String,
    /// Media type.
    pub media_type: String,
}

/// Reads a manifest by itself.
pub(super) fn parse(bytes: &[u8]) -> Result<Manifest, ReadProblem> {
    serde_json::from_slice(bytes).map_err(|error| ReadProblem {
        path: MANIFEST.to_string(),
        at: None,
        text: format!("not a manifest of a release: {error}"),
    })
}

/// Reads it and holds every file against it.
pub(super) fn check(files: &BTreeMap<String, Vec<u8>>) -> Result<Manifest, Vec<ReadProblem>> {
    let mut problems = Problems::of(MANIFEST);
    let Some(bytes) = files.get(MANIFEST) else {
        problems.say(None, "the file is missing: this is no release");
        return Err(problems.found);
    };
    let manifest = parse(bytes).map_err(|problem| vec![problem])?;
    let listed: BTreeMap<&str, &Listed> = manifest.files.iter().map(|file| (file.path.as_str(), file)).collect();
    if listed.len() != manifest.files.len() || !manifest.files.is_sorted_by_key(|file| &file.path) {
        problems.say(Some("files".into()), "files are listed once each, by path");
    }
    for (path, file) in &listed {
        let at = || Some((*path).to_string());
        let Some(bytes) = files.get(*path) else {
            problems.say(at(), "listed, and missing");
            continue;
        };
        if bytes.len() as u64 != file.bytes {
            problems.say(at(), format!("{} bytes; {} are listed", bytes.len(), file.bytes));
        } else if sha256(bytes) != file.sha256 {
            problems.say(at(), "its bytes have changed: the hash is not the one that is listed");
        }
        if media_type(path) != file.media_type {
            problems.say(at(), format!("listed as {}; accepted: {}", file.media_type, media_type(path)));
        }
    }
    for path in files.keys().filter(|path| *path != MANIFEST && !listed.contains_key(path.as_str())) {
        problems.say(Some(path.clone()), "there, and not listed");
    }
    let lines: String = manifest.files.iter().map(|file| format!("{} {}\n", file.path, file.sha256)).collect();
    if sha256(lines.as_bytes()) != manifest.content_sha256 {
        problems.say(Some("content_sha256".into()), "not the hash of the listed files");
    }
    if problems.found.is_empty() { Ok(manifest) } else { Err(problems.found) }
}
