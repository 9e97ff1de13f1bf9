//! Other programs read the file as they like, and stop at their first write.

use lagesbild::store::{Change, DataFile, Store, load_snapshot};
use rusqlite::Connection;

use crate::fixtures::*;

/// Every table whose rows are ours.
const GUARDED: [&str; 19] = [
    "areas",
    "places",
    "activities",
    "observations",
    "categories",
    "kinds",
    "roles",
    "promises",
    "surveys",
    "reported_counts",
    "actions",
    "reports",
    "lagesbild_meta",
    "lagesbild_audit",
    "lagesbild_import",
    "lagesbild_history",
    "lagesbild_retry",
    "lagesbild_retention",
    "lagesbild_purged_count",
];

#[test]
fn every_write_of_another_program_fails_and_names_the_writer() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let change = Change { observations: vec![full_observation("o")], ..Change::default() };
    file.commit(&actor(), &change).expect("commits");
    let foreign = Connection::open(&path).expect("opens");
    for table in GUARDED {
        let columns: Vec<String> = foreign
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .and_then(|mut s| s.query_map([table], |r| r.get(0))?.collect())
            .expect("columns");
        let values = vec!["0"; columns.len()].join(", ");
        for sql in [
            format!("INSERT INTO {table} VALUES ({values})"),
            format!("INSERT OR REPLACE INTO {table} VALUES ({values})"),
            format!("UPDATE {table} SET {} = NULL", columns[1]),
            format!("DELETE FROM {table}"),
        ] {
            let error = foreign.execute(&sql, []).expect_err(&sql);
            assert!(error.to_string().contains("lagesbild_writer"), "{sql}: {error}");
        }
        foreign.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get::<_, i64>(0)).expect("reads");
    }
    let found: i64 = foreign.query_row("SELECT count(*) FROM observations", [], |r| r.get(0)).expect("reads");
    assert_eq!(found, 1);
}

#[test]
fn no_table_of_records_is_left_unguarded() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let file = Connection::open(&path).expect("opens");
    let unguarded: Vec<String> = file
        .prepare(
            "SELECT name FROM sqlite_master AS t WHERE type = 'table' AND name NOT LIKE 'gpkg%' AND name NOT LIKE 'rtree%'
             AND name NOT LIKE 'sqlite%' AND 3 > (SELECT count(*) FROM sqlite_master
               WHERE type = 'trigger' AND tbl_name = t.name AND name LIKE 'only_lagesbild_writes%')",
        )
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("reads");
    // People keep their own styles beside ours.
    assert_eq!(unguarded, ["layer_styles"]);
}

#[test]
fn a_foreign_edit_session_is_named_as_the_reason_a_commit_fails() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let foreign = Connection::open(&path).expect("opens");
    foreign.execute_batch("BEGIN IMMEDIATE").expect("begins");
    let change = Change { observations: vec![observation("o", 14.65, 57.63, 0)], ..Change::default() };
    let error = file.commit(&actor(), &change).expect_err("held by another program");
    says(&error, &["another program", "town.gpkg"]);
    foreign.execute_batch("ROLLBACK").expect("ends");
    file.commit(&actor(), &change).expect("commits now");
}

#[test]
fn opening_and_closing_by_others_never_takes_the_log_from_under_the_writer() {
    let Some(sqlite3) = crate::gdal::program("sqlite3") else { return };
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let store = Store::open(&path).expect("opens");
    let put = |name: &str| {
        let change = Change { observations: vec![observation(name, 14.65, 57.63, 0)], ..Change::default() };
        store.commit(&actor(), change).expect("commits");
    };
    put("before");
    // Reading again in this process must not drop the locks SQLite holds for the writer: if it did,
    // the next program to close the file would think itself the last and delete the log.
    assert_eq!(load_snapshot(&path).expect("loads").revision(), 2);
    let count = || {
        let sql = "PRAGMA journal_mode; SELECT count(*) FROM observations;";
        let output = std::process::Command::new(&sqlite3).arg(&path).arg(sql).output().expect("runs");
        String::from_utf8(output.stdout).expect("text")
    };
    assert_eq!(count(), "wal\n1\n");
    put("after");
    assert_eq!(count(), "wal\n2\n");
    drop(store);
    assert_eq!(load_snapshot(&path).expect("loads").revision(), 3);
}
