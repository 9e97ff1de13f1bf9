//! Reads a release as anybody can: from its folder or over the network, nothing but what is public.
//!
//! The same number stands in several files. All of them are read, and they must agree row by row; what comes out is
//! what the release claims, for [`crate::release::attack`] to attack.

mod areas;
mod density;
mod disk;
mod grid;
mod manifest;
mod pages;
pub(super) mod paste;
mod statistics;
#[cfg(test)]
mod tests;
mod url;
mod words;

use std::collections::BTreeMap;
use std::fmt;

pub use disk::folder;
pub use manifest::Manifest;
pub use url::url;

use crate::domain::Plane;
use crate::release::attack::Claims;

/// Most bytes of a release that are read.
pub const MAX_BYTES: u64 = 64 << 20;

/// Most files of a release that are read.
pub const MAX_FILES: usize = 2_000;

/// The files of a release whose manifest lists them all, with the sizes and hashes they have.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicFolder {
    files: BTreeMap<String, Vec<u8>>,
    manifest: Manifest,
}

/// Something in a release that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadProblem {
    /// The file, relative to the release; the folder or address itself where no file is meant.
    pub path: String,
    /// The row, feature or member in it, when there is one.
    pub at: Option<String>,
    /// What is wrong, with the value and what is accepted.
    pub text: String,
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Some(at) => write!(f, "{}, {at}: {}", self.path, self.text),
            None => write!(f, "{}: {}", self.path, self.text),
        }
    }
}

/// Problems of one file.
struct Problems<'a> {
    path: &'a str,
    found: Vec<ReadProblem>,
}

impl<'a> Problems<'a> {
    fn of(path: &'a str) -> Self {
        Self { path, found: Vec::new() }
    }

    fn say(&mut self, at: Option<String>, text: impl Into<String>) {
        // A file that differs everywhere is one fact; the first rows show what it is.
        const MOST: usize = 20;
        if self.found.len() < MOST {
            self.found.push(ReadProblem { path: self.path.to_string(), at, text: text.into() });
        }
    }
}

impl PublicFolder {
    /// Checks that the manifest lists every file, and that each has its size and hash.
    pub fn new(files: BTreeMap<String, Vec<u8>>) -> Result<Self, Vec<ReadProblem>> {
        let manifest = manifest::check(&files)?;
        Ok(Self { files, manifest })
    }

    /// What the release says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// All files, by path.
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    /// Every number of reports that the release states, once all files agree on them. Without statistics there are
    /// none: deeds are exact and public, and nothing follows from them.
    pub fn claims(&self) -> Result<Claims, Vec<ReadProblem>> {
        let mut problems = Vec::new();
        let plane = self.plane(&mut problems);
        let figures = statistics::read(self, &mut problems);
        let areas = areas::read(self, plane.as_ref(), &figures.statements, &mut problems);
        grid::read(self, plane.as_ref(), &figures, &mut problems);
        pages::read(self, &figures.statements, &mut problems);
        paste::read(self, &figures.statements, &mut problems);
        problems.extend(words::find(self));
        if !problems.is_empty() {
            return Err(problems);
        }
        let policy = &self.manifest.policy;
        Ok(Claims {
            release: self.manifest.release,
            statements: figures.statements,
            areas,
            least: policy.least_reports,
            round_to: policy.round_to,
        })
    }

    /// Computes the density again from the published squares alone (X3) and compares the surfaces byte by byte.
    pub fn density(&self) -> Vec<ReadProblem> {
        let mut problems = Vec::new();
        let plane = self.plane(&mut problems);
        let figures = statistics::read(self, &mut problems);
        density::check(self, plane.as_ref(), &figures.statements, &mut problems);
        problems
    }

    fn text(&self, path: &str, problems: &mut Vec<ReadProblem>) -> Option<&str> {
        let problem = |text: &str| ReadProblem { path: path.to_string(), at: None, text: text.to_string() };
        let Some(bytes) = self.files.get(path) else {
            problems.push(problem("the file is missing"));
            return None;
        };
        let text = std::str::from_utf8(bytes);
        if text.is_err() {
            problems.push(problem("the file is no UTF-8 text"));
        }
        text.ok()
    }

    fn json(&self, path: &str, problems: &mut Vec<ReadProblem>) -> Option<serde_json::Value> {
        let text = self.text(path, problems)?;
        match serde_json::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let text = format!("the file is no JSON: {error}");
                problems.push(ReadProblem { path: path.to_string(), at: None, text });
                None
            }
        }
    }

    /// The plane of the squares; none in a release without statistics.
    fn plane(&self, problems: &mut Vec<ReadProblem>) -> Option<Plane> {
        let word = self.manifest.method.get("reports")?.get("plane")?.as_str().unwrap_or_default();
        match Plane::parse_epsg(word).and_then(Plane::from_epsg) {
            Ok(plane) => Some(plane),
            Err(error) => {
                let at = Some("method.reports.plane".to_string());
                problems.push(ReadProblem { path: super::MANIFEST.to_string(), at, text: error.to_string() });
                None
            }
        }
    }
}
