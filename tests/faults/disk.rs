//! What a disk may hold when the power goes: what was synced, and of the rest whatever the disk happened to take.
//!
//! A file layer under the database that drops unsynced bytes, worked out from a recording instead of mounted. Writes
//! since the last sync of a file are on the disk or not, each by itself, in pieces of 512 bytes; a name that came or
//! went is certain only after its folder was synced. Files are independent of each other.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::recording::{Event, is_of_database};

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// One change of a file that is not yet certain.
#[derive(Clone, Debug)]
enum Pending {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { length: usize },
}

/// A file, under whatever name: a name that is made anew is another file.
#[derive(Clone, Debug, Default)]
struct Content {
    /// On the disk for certain.
    synced: Vec<u8>,
    pending: Vec<Pending>,
    /// Syncs under way, with how many of `pending` there were when they began.
    syncing: Vec<(usize, usize)>,
}

/// The files of one database on a disk with a cache.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    contents: Vec<Content>,
    /// What each name means to programs.
    names: HashMap<PathBuf, usize>,
    /// What each name may mean on the disk: the certain meaning first, later ones after it.
    on_disk: HashMap<PathBuf, Vec<Option<usize>>>,
    /// Syncs of folders under way, with how many meanings each name had.
    folder_syncs: HashMap<usize, Vec<(PathBuf, usize)>>,
}

impl Disk {
    /// A disk that holds one file for certain.
    pub(crate) fn with(file: &Path, bytes: Vec<u8>) -> Self {
        let mut disk = Self::default();
        disk.contents.push(Content { synced: bytes, ..Content::default() });
        disk.names.insert(file.to_path_buf(), 0);
        disk.on_disk.insert(file.to_path_buf(), vec![Some(0)]);
        disk
    }

    /// Follows one event of a recording.
    pub(crate) fn follow(&mut self, event: &Event) {
        match event {
            Event::Created { file } if is_database(file) && !self.names.contains_key(file) => {
                self.contents.push(Content::default());
                let number = self.contents.len() - 1;
                self.names.insert(file.clone(), number);
                self.on_disk.entry(file.clone()).or_insert_with(|| vec![None]).push(Some(number));
            }
            Event::Removed { file } if self.names.remove(file).is_some() => {
                self.on_disk.entry(file.clone()).or_insert_with(|| vec![None]).push(None);
            }
            Event::Write { file, at, bytes } => {
                let at = usize::try_from(*at).expect("small");
                self.change(file, Pending::Write { at, bytes: bytes.clone() });
            }
            Event::Truncate { file, length } => {
                self.change(file, Pending::Truncate { length: usize::try_from(*length).expect("small") });
            }
            Event::SyncBegins { file, number } => match self.names.get(file) {
                Some(content) => {
                    let content = &mut self.contents[*content];
                    content.syncing.push((*number, content.pending.len()));
                }
                None => {
                    let inside = self.on_disk.iter().filter(|(name, _)| name.parent() == Some(file));
                    let meanings = inside.map(|(name, meanings)| (name.clone(), meanings.len())).collect();
                    self.folder_syncs.insert(*number, meanings);
                }
            },
            Event::SyncEnds { number } => self.synced(*number),
            _ => {}
        }
    }

    fn change(&mut self, file: &Path, pending: Pending) {
        if let Some(content) = self.names.get(file) {
            self.contents[*content].pending.push(pending);
        } else {
            assert!(!is_database(file), "{} was never made", file.display());
        }
    }

    fn synced(&mut self, number: usize) {
        for content in &mut self.contents {
            let Some(at) = content.syncing.iter().position(|(n, _)| *n == number) else { continue };
            let (_, certain) = content.syncing.remove(at);
            for pending in content.pending.drain(..certain.min(content.pending.len())) {
                apply(&mut content.synced, &pending, |_| true);
            }
            for (_, others) in &mut content.syncing {
                *others = others.saturating_sub(certain);
            }
        }
        for (name, certain) in self.folder_syncs.remove(&number).unwrap_or_default() {
            if let Some(meanings) = self.on_disk.get_mut(&name) {
                meanings.drain(..(certain - 1).min(meanings.len() - 1));
            }
        }
    }

    /// Writes what the disk may hold now into a folder, chosen by chance.
    pub(crate) fn after_power_loss(&self, random: &mut ChaCha8Rng, folder: &Path) {
        for (name, meanings) in &self.on_disk {
            let Some(content) = meanings[random.random_range(0..meanings.len())] else { continue };
            let content = &self.contents[content];
            let mut bytes = content.synced.clone();
            // Some disks keep nearly all, some nearly nothing.
            let (share, torn) = (random.random_range(0.0..=1.0), random.random_bool(0.5));
            for pending in &content.pending {
                let whole = random.random_bool(share);
                let mut pieces = || if torn { random.random_bool(share) } else { whole };
                apply(&mut bytes, pending, |_| pieces());
            }
            let name = name.file_name().expect("a file");
            std::fs::write(folder.join(name), bytes).expect("written");
        }
    }
}

fn is_database(file: &Path) -> bool {
    file.to_str().is_some_and(is_of_database)
}

/// Does a change, piece by piece, where `is_kept` says so.
fn apply(bytes: &mut Vec<u8>, pending: &Pending, mut is_kept: impl FnMut(usize) -> bool) {
    match pending {
        Pending::Truncate { length } => {
            if is_kept(0) {
                bytes.resize(*length, 0);
            }
        }
        Pending::Write { at, bytes: new } => {
            let mut from = 0;
            while from < new.len() {
                // To the next border of a sector of the disk.
                let to = new.len().min(((at + from) / SECTOR + 1) * SECTOR - at);
                if is_kept(from) {
                    if bytes.len() < at + to {
                        bytes.resize(at + to, 0);
                    }
                    bytes[at + from..at + to].copy_from_slice(&new[from..to]);
                }
                from = to;
            }
        }
    }
}

#[test]
fn what_was_synced_stays_and_the_rest_may_be_torn() {
    let (file, folder) = (PathBuf::from("/t/d.gpkg"), tempfile::tempdir().expect("temporary folder"));
    let mut disk = Disk::with(&file, vec![0; 1024]);
    let write = |at, byte, length| Event::Write { file: file.clone(), at, bytes: vec![byte; length] };
    disk.follow(&write(0, 1, 1024));
    disk.follow(&Event::SyncBegins { file: file.clone(), number: 1 });
    disk.follow(&write(0, 2, 700));
    disk.follow(&Event::SyncEnds { number: 1 });
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        disk.after_power_loss(&mut crate::seeded(seed), folder.path());
        let bytes = std::fs::read(folder.path().join("d.gpkg")).expect("written");
        assert_eq!((bytes.len(), bytes[700]), (1024, 1), "after the write, what was synced before it");
        assert!(bytes[..512].windows(2).all(|pair| pair[0] == pair[1]), "a sector is whole");
        seen.insert((bytes[0], bytes[512], bytes[699]));
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [(1, 1, 1), (1, 2, 2), (2, 1, 1), (2, 2, 2)]);
}

#[test]
fn a_name_is_certain_when_its_folder_was_synced() {
    let (file, wal) = (PathBuf::from("/t/d.gpkg"), PathBuf::from("/t/d.gpkg-wal"));
    let mut disk = Disk::with(&file, Vec::new());
    disk.follow(&Event::Created { file: wal.clone() });
    disk.follow(&Event::Write { file: wal.clone(), at: 0, bytes: vec![7; 4] });
    disk.follow(&Event::SyncBegins { file: wal.clone(), number: 1 });
    disk.follow(&Event::SyncEnds { number: 1 });
    let is_there = |disk: &Disk, seed| {
        let folder = tempfile::tempdir().expect("temporary folder");
        disk.after_power_loss(&mut crate::seeded(seed), folder.path());
        folder.path().join("d.gpkg-wal").exists()
    };
    let times = |disk: &Disk| (0..40).filter(|seed| is_there(disk, *seed)).count();
    assert!((1..40).contains(&times(&disk)), "the name may be lost");
    disk.follow(&Event::SyncBegins { file: "/t".into(), number: 2 });
    disk.follow(&Event::SyncEnds { number: 2 });
    assert_eq!(times(&disk), 40);
    disk.follow(&Event::Removed { file: wal });
    assert!((1..40).contains(&times(&disk)), "it may still be there");
}
