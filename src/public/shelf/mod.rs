//! The published releases in memory: read and held against their manifests once, then only looked up.
//!
//! A [`Shelf`] is made from a folder: `published.json` ([`Index`]) and one folder per release, named by its number.
//! It knows no data file. A path is looked up in a map of what the manifests list, so no request reaches the disk.

mod file;
mod folder;
mod index;
mod pages;
mod rules;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use crate::text::lang::Lang;

pub use file::{File, Kind};
pub use index::{Entry, FILE as INDEX_FILE, Index, IndexFault, read_index, write_index};
pub use pages::policy as page_policy;
pub use rules::{CONTENT_SECURITY, PERMISSIONS, Rules, policy};

use file::Pool;

/// Handle to what is published now; clones share it.
#[derive(Clone, Debug)]
pub struct Shelf(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    // Held for the copy of a pointer, never while files are read.
    stock: RwLock<Arc<Stock>>,
    // The index file that was read last, also where it could not be used: it is complained about once.
    seen: Mutex<Stamp>,
}

/// A release that the index names and that is not served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("release {number} is not served: {reason}")]
pub struct Refusal {
    /// Its number.
    pub number: u32,
    /// The file, and what is wrong with it.
    pub reason: String,
}

/// Which release a path asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one of this number.
    Number(u32),
    /// For each path the newest that has it: with the latest end of its period, then with the highest number.
    Current,
}

/// What a path leads to.
#[derive(Debug)]
pub enum Found<'a> {
    /// A file, and the release that it is of.
    File(&'a File, u32),
    /// A release that was withdrawn.
    Withdrawn(&'a Entry),
    /// Nothing.
    Missing,
}

/// What is published at a moment; never changes.
#[derive(Debug)]
pub struct Stock {
    index: Index,
    releases: BTreeMap<u32, BTreeMap<String, Arc<File>>>,
    newest: HashMap<String, u32>,
    rules: Rules,
}

/// Tells one index file from the next without reading it.
type Stamp = Option<(u64, SystemTime)>;

impl Shelf {
    /// What the folder has, and what of it is not served. An index that cannot be read is an error; no index is not.
    ///
    /// Reads and hashes every file of every published release: about 1 s per 500 MB.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Refusal>), IndexFault> {
        // Before reading: an index that is replaced meanwhile is then read again.
        let seen = stamp(folder);
        let (stock, refusals) = Stock::read(folder)?;
        let stock = RwLock::new(Arc::new(stock));
        let inner = Inner { folder: folder.to_path_buf(), stock, seen: Mutex::new(seen) };
        Ok((Self(Arc::new(inner)), refusals))
    }

    /// The folder it is made from.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// What is published now.
    pub fn stock(&self) -> Arc<Stock> {
        Arc::clone(&self.0.stock.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the folder again and serves what it has from the next request on. With an index that cannot be read, what
    /// was served before stays.
    pub fn reload(&self) -> Result<Vec<Refusal>, IndexFault> {
        *self.0.seen.lock().unwrap_or_else(PoisonError::into_inner) = stamp(&self.0.folder);
        let (stock, refusals) = Stock::read(&self.0.folder)?;
        *self.0.stock.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(stock);
        Ok(refusals)
    }

    /// [`Shelf::reload`] if the index file is another than the one that was read: one look at the file, otherwise.
    /// `None` when it is the same.
    pub fn reload_if_changed(&self) -> Option<Result<Vec<Refusal>, IndexFault>> {
        let seen = *self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        (stamp(&self.0.folder) != seen).then(|| self.reload())
    }
}

fn stamp(folder: &Path) -> Stamp {
    let found = std::fs::metadata(folder.join(INDEX_FILE)).ok()?;
    Some((found.len(), found.modified().ok()?))
}

impl Stock {
    fn read(folder: &Path) -> Result<(Self, Vec<Refusal>), IndexFault> {
        let index = read_index(folder)?;
        let (mut pool, mut releases, mut refusals) = (Pool::default(), BTreeMap::new(), Vec::new());
        for entry in index.releases.iter().filter(|entry| entry.withdrawn_on.is_none()) {
            let number = entry.number;
            match folder::read(&folder.join(number.to_string()), entry, &mut pool) {
                Ok(files) => drop(releases.insert(number, files)),
                Err(reason) => refusals.push(Refusal { number, reason }),
            }
        }
        let rules = Rules::of(&index.allowed_hosts);
        let newest = newest(&index, &releases);
        Ok((Self { index, releases, newest, rules }, refusals))
    }

    /// What a path inside a release leads to; an empty path, or one that ends with `/`, is that of its `index.html`.
    pub fn find(&self, which: Which, path: &str) -> Found<'_> {
        let of_folder = match path.is_empty() || path.ends_with('/') {
            true => Some(format!("{path}index.html")),
            false => None,
        };
        let path = of_folder.as_deref().unwrap_or(path);
        let number = match which {
            Which::Number(number) => Some(number),
            Which::Current => self.newest.get(path).copied(),
        };
        let Some(number) = number else { return Found::Missing };
        if let Some(file) = self.releases.get(&number).and_then(|files| files.get(path)) {
            return Found::File(file, number);
        }
        let entry = self.index.releases.iter().find(|entry| entry.number == number);
        entry.filter(|entry| entry.withdrawn_on.is_some()).map_or(Found::Missing, Found::Withdrawn)
    }

    /// Names of the views for frames in a language, such as `karta`; for [`Which::Current`] of all that are served.
    pub fn views(&self, which: Which, lang: Lang) -> Vec<String> {
        let folder = format!("embed/{}/", lang.code());
        let view = |path: &String| path.strip_prefix(&folder)?.strip_suffix(".html").map(str::to_string);
        let mut views: Vec<String> = match which {
            Which::Number(number) => {
                self.releases.get(&number).into_iter().flat_map(BTreeMap::keys).filter_map(view).collect()
            }
            Which::Current => self.newest.keys().filter_map(view).collect(),
        };
        views.sort();
        views
    }

    /// The published releases that are served, the one published last first.
    pub fn served(&self) -> impl Iterator<Item = &Entry> {
        let mut entries: Vec<&Entry> =
            self.index.releases.iter().filter(|entry| self.releases.contains_key(&entry.number)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse((entry.published_on, entry.number)));
        entries.into_iter()
    }

    /// What the index says.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Headers of answers.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The page that lists the releases, as HTML.
    pub fn front_page(&self, lang: Lang) -> String {
        pages::front(self, lang)
    }

    /// A page that says that nothing is here. In a frame it says what the frame was to show.
    pub fn missing_page(&self, path: &str) -> String {
        pages::missing(self, path)
    }

    /// A page that says that a release was withdrawn, when and why.
    pub fn withdrawn_page(&self, path: &str, entry: &Entry) -> String {
        pages::withdrawn(path, entry)
    }
}

/// For every path the newest release that has it: the one whose period ends last, of those with one end the one with
/// the highest number. When they were published says nothing: statistics of a year may come out after those of the
/// next, and a revision may bear an earlier day than what it corrects.
fn newest(index: &Index, releases: &BTreeMap<u32, BTreeMap<String, Arc<File>>>) -> HashMap<String, u32> {
    let mut order: Vec<&Entry> = index.releases.iter().collect();
    order.sort_by_key(|entry| (entry.period_end(), entry.number));
    let files = |entry: &Entry| releases.get(&entry.number).into_iter().flat_map(BTreeMap::keys);
    order.into_iter().flat_map(|entry| files(entry).map(|path| (path.clone(), entry.number))).collect()
}

#[cfg(test)]
mod tests;
