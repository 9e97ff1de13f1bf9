//! Backups: taken while somebody writes, checked before they replace anything, found out when damaged.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use lagesbild::domain::Counted;
use lagesbild::store::{
    Change, DataFile, Store, backup, check_integrity, file_state, list_backups, load_snapshot, newest_backup,
    prune_backups, rehearse, restore,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::fixtures::*;

fn at_minute(minute: i64) -> Timestamp {
    Timestamp::from_second(MONDAY_EIGHT + 60 * minute).expect("a moment")
}

fn observations(from: i64, to: i64) -> Change {
    let list = (from..to).map(|n| observation(&format!("o{n}"), 14.65, 57.63, n)).collect();
    Change { what: "test".into(), observations: list, ..Change::default() }
}

/// A data file with ten observations and an activity, and a folder for backups.
fn town() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let (folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    file.commit(&actor(), &observations(0, 10)).expect("commits");
    let change = Change { what: "test".into(), activities: vec![full_activity("a")], ..Change::default() };
    file.commit(&actor(), &change).expect("commits");
    let backups = folder.path().join("backups");
    (folder, path, backups)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("readable");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn count(path: &Path) -> usize {
    load_snapshot(path).expect("loads").table(Counted::Observations).len()
}

#[test]
fn a_backup_is_whole_in_one_file_and_says_what_it_holds() {
    let (_folder, path, backups) = town();
    let made = backup(&path, &backups, at_minute(0)).expect("copied");
    assert_eq!(names(&backups), ["town-20260601T080000Z-r00000003.gpkg", "town-20260601T080000Z-r00000003.gpkg.json"]);
    let manifest = &made.manifest;
    assert_eq!((manifest.revision, manifest.data.as_str()), (3, "town.gpkg"));
    assert_eq!((manifest.records["observations"], manifest.records["activities"]), (10, 1));
    assert_eq!((manifest.records["areas"], manifest.records["actions"]), (3, 0));
    assert_eq!(manifest.bytes, std::fs::metadata(&made.path).expect("there").len());
    assert_eq!(manifest.audit_head, file_state(&path).expect("a data file").audit_head);
    assert_eq!(list_backups(&backups, Some(&manifest.identity)).expect("listed"), std::slice::from_ref(&made));
    // Somebody else's copy of the copy alone opens, in a folder where nothing can be made beside it.
    assert_eq!(count(&made.path), 10);
    // A second one at the same moment would overwrite the first.
    says_backup(backup(&path, &backups, at_minute(0)).expect_err("exists"), "already exists");
}

fn says_backup(error: lagesbild::store::BackupError, words: &str) {
    assert!(error.to_string().contains(words), "{error}");
}

#[test]
fn backups_taken_while_a_service_writes_are_each_of_one_revision() {
    let (_folder, path, backups) = town();
    let store = Store::open(&path).expect("opens");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut n = 10;
            while !stop.load(Ordering::Relaxed) {
                store.commit(&actor(), observations(n, n + 5)).expect("commits during a backup");
                n += 5;
            }
            n
        });
        for minute in 0..8 {
            let made = backup(&path, &backups, at_minute(minute)).expect("copied");
            // Revision 3 has ten, each later one five more.
            let expected = 10 + 5 * (made.manifest.revision - 3);
            assert_eq!(made.manifest.records["observations"], expected);
            assert_eq!(count(&made.path) as u64, expected);
            assert_eq!(check_integrity(&made.path).expect("readable"), Vec::<String>::new());
        }
        stop.store(true, Ordering::Relaxed);
        let written = writer.join().expect("the writer ends");
        assert!(written > 10, "nothing was written meanwhile");
    });
    let last = newest_backup(&backups).expect("there");
    assert_eq!(rehearse(&last, &std::env::temp_dir(), at_minute(9)).expect("good").backup, last);
}

#[test]
fn a_single_changed_byte_anywhere_in_a_backup_is_found_before_anything_is_replaced() {
    let (folder, path, backups) = town();
    let made = backup(&path, &backups, at_minute(0)).expect("copied");
    let manifest = PathBuf::from(format!("{}.json", made.path.display()));
    let before = std::fs::read(&path).expect("readable");
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for round in 0..100 {
        let victim = if round % 4 == 0 { &manifest } else { &made.path };
        let good = std::fs::read(victim).expect("readable");
        let mut bad = good.clone();
        let at = random.random_range(0..bad.len());
        bad[at] ^= random.random_range(1..=255_u8);
        std::fs::write(victim, &bad).expect("written");
        let error = restore(&made.path, &path, true, &actor(), at_minute(1)).expect_err("found");
        assert!(
            error.to_string().contains("damaged") || error.to_string().contains("UTF-8"),
            "byte {at} of {}: {error}",
            victim.display()
        );
        std::fs::write(victim, &good).expect("written");
    }
    assert_eq!(std::fs::read(&path).expect("readable"), before);
    let left = names(folder.path());
    assert!(left.iter().all(|name| !name.contains("restore")), "{left:?}");
    // Cut short, and longer.
    let good = std::fs::read(&made.path).expect("readable");
    for bad in [good[..good.len() - 1].to_vec(), [good.as_slice(), &[0]].concat()] {
        std::fs::write(&made.path, bad).expect("written");
        says_backup(restore(&made.path, &path, true, &actor(), at_minute(1)).expect_err("found"), "bytes instead of");
    }
    std::fs::write(&made.path, &good).expect("written");
    restore(&made.path, &path, true, &actor(), at_minute(1)).expect("mended");
}

#[test]
fn restore_overwrites_nothing_unless_told_to_and_keeps_the_old_file_with_its_newest_records() {
    let (folder, path, backups) = town();
    let made = backup(&path, &backups, at_minute(0)).expect("copied");
    let mut file = DataFile::open(&path).expect("opens");
    file.commit(&actor(), &observations(10, 17)).expect("commits");
    says_backup(restore(&made.path, &path, true, &actor(), at_minute(1)).expect_err("locked"), "being written");
    drop(file);
    says_backup(restore(&made.path, &path, false, &actor(), at_minute(1)).expect_err("exists"), "--replace");
    assert_eq!(count(&path), 17);
    let restored = restore(&made.path, &path, true, &actor(), at_minute(1)).expect("restored");
    let old = restored.old.expect("kept");
    assert_eq!(old, folder.path().join("town.gpkg.before-restore-20260601T080100Z"));
    assert_eq!((count(&path), count(&old)), (10, 17));
    // The restored file is written again as any other.
    DataFile::open(&path).expect("opens").commit(&actor(), &observations(20, 21)).expect("commits");
    assert_eq!(count(&path), 11);
    let fresh = folder.path().join("fresh.gpkg");
    assert_eq!(restore(&made.path, &fresh, false, &actor(), at_minute(1)).expect("restored").old, None);
    assert_eq!(count(&fresh), 10);
}

#[test]
fn pruning_keeps_the_newest_of_this_file_and_every_other_file() {
    let (folder, path, backups) = town();
    for minute in 0..5 {
        backup(&path, &backups, at_minute(minute)).expect("copied");
    }
    let other = folder.path().join("other.gpkg");
    drop(DataFile::create(&other, &new_file(), &actor()).expect("creates"));
    let of_other = backup(&other, &backups, at_minute(0)).expect("copied");
    let strangers = ["notes.txt", "town-20200101T000000Z-r00000001.gpkg", "town-20200101T000000Z-r00000002.gpkg.json"];
    for name in strangers {
        std::fs::write(backups.join(name), "x").expect("written");
    }
    let identity = file_state(&path).expect("a data file").identity;
    assert_eq!(prune_backups(&backups, &identity, 2).expect("pruned").len(), 3);
    let kept: Vec<i64> = list_backups(&backups, Some(&identity))
        .expect("listed")
        .iter()
        .map(|b| (b.manifest.taken_at.as_second() - MONDAY_EIGHT) / 60)
        .collect();
    assert_eq!(kept, [4, 3]);
    assert!(of_other.path.exists() && strangers.iter().all(|name| backups.join(name).exists()));
    assert!(prune_backups(&backups, &identity, 14).expect("pruned").is_empty());
    // Never the last one.
    assert_eq!(prune_backups(&backups, &identity, 0).expect("pruned").len(), 1);
}

#[test]
fn a_rehearsal_leaves_nothing_behind_and_an_empty_folder_is_said_to_be_one() {
    let (folder, path, backups) = town();
    backup(&path, &backups, at_minute(0)).expect("copied");
    let scratch = folder.path().join("scratch");
    std::fs::create_dir(&scratch).expect("made");
    let rehearsal = rehearse(&newest_backup(&backups).expect("there"), &scratch, at_minute(1)).expect("good");
    assert_eq!(rehearsal.manifest.records["observations"], 10);
    assert!(names(&scratch).is_empty());
    says_backup(newest_backup(&scratch).expect_err("empty"), "no backup here");
}
