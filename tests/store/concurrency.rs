//! One writer, any number of readers.

use std::sync::atomic::{AtomicBool, Ordering};

use lagesbild::domain::{Collection, Counted, Filter, Record};
use lagesbild::spatial::Query;
use lagesbild::store::{Change, DataFile, ImportCounts, Store, load_snapshot};

use crate::fixtures::*;

#[test]
fn a_second_writer_is_told_who_holds_the_file() {
    let (folder, path) = empty_folder();
    let first = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    says(&DataFile::open(&path).expect_err("locked"), &["town.gpkg", "another lagesbild", "town.gpkg.lock"]);
    says(&Store::open(&path).expect_err("locked"), &["another lagesbild"]);
    // The same file by another name is the same file.
    let link = folder.path().join("link.gpkg");
    std::os::unix::fs::symlink(&path, &link).expect("links");
    says(&DataFile::open(&link).expect_err("locked"), &["another lagesbild"]);
    let beside = folder.path().join(".").join("town.gpkg");
    says(&DataFile::open(&beside).expect_err("locked"), &["another lagesbild"]);
    drop(first);
    DataFile::open(&link).expect("free again");
}

#[test]
fn readers_go_on_while_an_import_is_under_way_and_see_nothing_of_it() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let mut import = file.begin_import(&actor(), Collection::Observations, note("a")).expect("begins");
    for n in 0..2000 {
        import.add(&Record::Observation(observation(&format!("o{n}"), 14.65, 57.63, n))).expect("adds");
    }
    let during = load_snapshot(&path).expect("loads during the import");
    assert_eq!((during.revision(), during.table(Counted::Observations).len()), (1, 0));
    import.finish(ImportCounts { rows: 2000, accepted: 2000, rejected: 0 }).expect("finishes");
    let after = load_snapshot(&path).expect("loads");
    assert_eq!((after.revision(), after.table(Counted::Observations).len()), (2, 2000));
}

#[test]
fn every_loaded_snapshot_is_one_revision_however_fast_the_writer() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let store = Store::open(&path).expect("opens");
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Each revision adds one observation and one activity, so their numbers are always equal.
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) && n < 5000 {
                let change = Change {
                    observations: vec![observation(&format!("o{n}"), 14.65, 57.63, n)],
                    activities: vec![full_activity(&format!("a{n}"))],
                    ..Change::default()
                };
                store.commit(&actor(), change).expect("commits");
                n += 1;
            }
        });
        for _ in 0..30 {
            let snapshot = load_snapshot(&path).expect("loads");
            let counts = Counted::ALL.map(|of| snapshot.table(of).len() as u64);
            assert_eq!(counts, [snapshot.revision() - 1; 2]);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn seventeen_thousand_records_in_small_commits_end_in_the_snapshot_a_fresh_load_gives() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let store = Store::open(&path).expect("opens");
    let done = AtomicBool::new(false);
    let sum = |store: &Store| {
        let snapshot = store.snapshot();
        let mut n = 0;
        Query::new(&Filter::default(), &snapshot).scan(|_, _, weight| n += weight as usize);
        assert_eq!(n, snapshot.table(Counted::Observations).len());
        (snapshot.revision(), n)
    };
    let compacted = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut last = (0, 0);
            while !done.load(Ordering::Relaxed) {
                let now = sum(&store);
                assert!(now.0 >= last.0, "revisions went back from {} to {}", last.0, now.0);
                last = now;
            }
        });
        let mut entries_before = 0;
        let mut compacted = 0;
        for n in 0..1700_i64 {
            // Ten records each, of 9000 in turn: later ones replace earlier ones, and one is withdrawn.
            let put = |i: i64| {
                let lon = 14.6 + ((n * 10 + i) * 7919 % 2000) as f64 / 10_000.0;
                observation(&format!("o{}", (n * 10 + i) % 9000), lon, 57.65, n)
            };
            let mut change = Change { observations: (0..10).map(put).collect(), ..Change::default() };
            if n > 0 {
                let gone = id(&format!("o{}", (n * 10 - 5) % 9000));
                change.withdrawn.push((Counted::Observations, gone, "test".into()));
            }
            store.commit(&actor(), change).expect("commits");
            let entries = store.snapshot().delta_entries();
            compacted += u32::from(entries < entries_before);
            entries_before = entries;
        }
        done.store(true, Ordering::Relaxed);
        reader.join().expect("the reader saw no inconsistency");
        compacted
    });
    assert!(compacted >= 1, "the delta was never worked into the base");
    while store.is_compacting() {
        std::thread::yield_now();
    }
    let loaded = load_snapshot(&path).expect("loads");
    let published = store.snapshot();
    assert_eq!(published.revision(), loaded.revision());
    assert_eq!(crate::layering::all_records(&published), crate::layering::all_records(&loaded));
}
