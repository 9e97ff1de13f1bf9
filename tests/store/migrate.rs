//! Files that earlier versions wrote. `files/version-1.gpkg.gz` was made by version 0.1.0 of the program: the places of
//! Nässjö, four observations and one activity imported, then one observation updated by a third import.

use std::io::Read;
use std::path::Path;

use lagesbild::domain::{Collection, Record};
use lagesbild::store::{
    Found, Reader, SCHEMA_VERSION, Store, StoreError, bring_up_to_date, load_snapshot, verify_audit,
};
use rusqlite::Connection;

use crate::fixtures::{empty_folder, id, says};

fn unpack(path: &Path) {
    let packed = include_bytes!("files/version-1.gpkg.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("unpacks");
    std::fs::write(path, bytes).expect("writes");
}

fn rows(path: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(path).expect("opens");
    let mut statement = connection.prepare(sql).expect("prepares");
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect("reads");
    rows.map(|row| row.expect("text")).collect()
}

const OBSERVATIONS: &str =
    "SELECT json_object('id', id, 'category', category, 'start', start_utc, 'end', end_utc, 'text', text,
    'kept', kept, 'precision', precision_m, 'geom', hex(geom), 'revision', revision) FROM observations ORDER BY id";

#[test]
fn a_file_of_version_1_is_brought_up_with_everything_in_it() {
    let (_folder, path) = empty_folder();
    unpack(&path);
    let before = rows(&path, OBSERVATIONS);
    assert_eq!(before.len(), 4);
    let copy = bring_up_to_date(&path).expect("brought up").expect("it was older");
    assert_eq!(rows(&path, OBSERVATIONS), before);
    assert_eq!(rows(&copy, OBSERVATIONS), before, "the copy is as it was");
    assert_eq!(rows(&copy, "SELECT value FROM lagesbild_meta WHERE key = 'schema_version'"), ["1"]);
    assert_eq!(bring_up_to_date(&path).expect("nothing to do"), None);

    // The log: four revisions with their times and actors, and the migration with the old log's last hash.
    let report = verify_audit(&path, None).expect("reads");
    assert_eq!((report.faults, report.entries, report.revisions), (vec![], 5, 4));
    let times = "SELECT at_utc || ' ' || actor || ' ' || action FROM lagesbild_audit WHERE seq <= 4 ORDER BY seq";
    assert_eq!(
        rows(&path, times),
        [
            "2026-11-22T19:57:03.388Z local init",
            "2026-11-22T19:57:03.420Z local import",
            "2026-11-22T19:57:03.450Z local import",
            "2026-11-22T19:57:03.483Z local import"
        ]
    );
    let migration = rows(&path, "SELECT subject FROM lagesbild_audit WHERE seq = 5");
    assert!(migration[0].contains("2ea49bd53d86d8e94f6aea6fc6083f3f286d874833b1093a28dcaa2066fdcced"), "{migration:?}");

    // Its history is there: the observation as it was before the third import.
    let store = Store::open(&path).expect("opens");
    let Found::Current { record: Record::Observation(now), revision: 4 } =
        store.found(Collection::Observations, &id("a1"), None).expect("reads")
    else {
        panic!("no current version")
    };
    let Found::Current { record: Record::Observation(then), revision: 2 } =
        store.found(Collection::Observations, &id("a1"), Some(3)).expect("reads")
    else {
        panic!("no earlier version")
    };
    assert_eq!(then.text.as_deref(), Some("Mörkt vid spår 1"));
    assert_eq!(now.text.as_deref(), Some("Mörkt vid spår 1 och 2"));
    assert_eq!(now.when.start_s() - then.when.start_s(), 15 * 60);
    assert_eq!(then.kept, [("Handläggare".to_string(), "x".to_string())]);
    // And the third import can be undone.
    let undone = store.undo(&crate::fixtures::actor(), 3).expect("undone");
    assert_eq!((undone.withdrawn, undone.restored), (0, 1));
}

#[test]
fn opening_for_writing_brings_a_file_up_and_reading_alone_says_how() {
    let (_folder, path) = empty_folder();
    unpack(&path);
    let read = Reader::open(&path).expect_err("older");
    says(&read, &["version 1", &format!("uses {SCHEMA_VERSION}"), "lagesbild migrate"]);
    assert!(matches!(load_snapshot(&path), Err(StoreError::Older { found: 1, .. })));
    drop(Store::open(&path).expect("brought up"));
    assert_eq!(load_snapshot(&path).expect("reads").revision(), 4);
}

/// Run by [`a_kill_in_the_middle_leaves_the_old_version_or_the_new`] in a process of its own.
#[test]
#[ignore = "is started by another test"]
fn migrate_the_named_file() {
    let path = std::env::var("LAGESBILD_TEST_FILE").expect("named");
    bring_up_to_date(Path::new(&path)).expect("brought up");
}

#[test]
fn a_kill_in_the_middle_leaves_the_old_version_or_the_new() {
    for delay_ms in [0, 2, 5, 8, 12, 20, 30] {
        let (_folder, path) = empty_folder();
        unpack(&path);
        let mut child = std::process::Command::new(std::env::current_exe().expect("this test"))
            .args(["--ignored", "--exact", "migrate::migrate_the_named_file"])
            .env("LAGESBILD_TEST_FILE", &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(std::time::Duration::from_millis(delay_ms));
        child.kill().expect("killed");
        child.wait().expect("ends");
        let store = Store::open(&path).expect("finishes what was begun");
        assert_eq!(store.snapshot().revision(), 4);
        drop(store);
        assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
    }
}
