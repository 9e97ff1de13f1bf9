//! What is no data file is refused with what it is, and not touched.

use std::path::Path;

use lagesbild::store::{DataFile, NewFile, Reader, SCHEMA_VERSION, Store, StoreError, load_snapshot};
use rusqlite::Connection;

use crate::fixtures::*;

/// Every way of opening gives the same kind of answer, and leaves the bytes and the folder as they were.
fn refused(path: &Path, parts: &[&str]) {
    let bytes = || if path.is_file() { std::fs::read(path).expect("reads") } else { vec![] };
    let neighbours = || -> Vec<_> {
        let folder = std::fs::read_dir(path.parent().expect("a folder")).expect("lists");
        let mut names: Vec<_> = folder.map(|entry| entry.expect("entry").file_name()).collect();
        names.sort();
        names
    };
    let before = (bytes(), neighbours());
    let errors: [Option<StoreError>; 4] =
        [DataFile::open(path).err(), Store::open(path).err(), Reader::open(path).err(), load_snapshot(path).err()];
    for error in errors {
        says(&error.expect("refused"), parts);
    }
    assert_eq!((bytes(), neighbours()), before);
}

#[test]
fn what_is_missing_or_a_folder_is_named() {
    let (folder, path) = empty_folder();
    refused(&path, &["town.gpkg", "no such file", "lagesbild init"]);
    let inner = folder.path().join("a-folder.gpkg");
    std::fs::create_dir(&inner).expect("makes");
    refused(&inner, &["a-folder.gpkg", "is a folder"]);
}

#[test]
fn files_of_other_kinds_are_called_by_their_kind() {
    let (_folder, path) = empty_folder();
    let cases: [(&[u8], &str); 9] = [
        (b"", "is empty"),
        (b"id,lon,lat\n1,14.6,57.6\n", "is a text file; 'lagesbild import' reads CSV"),
        ("\u{feff}datum;plats\n2026-01-01;Nässjö\n".as_bytes(), "is a text file"),
        (b"id;plats\n1;N\xe4ssj\xf6\n", "is a text file"),
        (b" \n{\"type\": \"FeatureCollection\"}", "is JSON; 'lagesbild import' reads GeoJSON"),
        (b"<?xml version=\"1.0\"?><kml/>", "is XML or HTML"),
        (b"PK\x03\x04\x14\0\x06\0", "is a zip archive or an Office document"),
        (b"%PDF-1.7\n", "is a PDF document"),
        (&[0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3], "is no GeoPackage"),
    ];
    for (content, says_what) in cases {
        std::fs::write(&path, content).expect("writes");
        refused(&path, &["town.gpkg", says_what, "lagesbild init"]);
    }
    // Long enough for a page of SQLite, and cut in the middle of a Swedish letter.
    let long = format!("{}å{}", "x".repeat(99), "y".repeat(5000));
    std::fs::write(&path, long).expect("writes");
    refused(&path, &["is a text file"]);
}

#[test]
fn databases_of_other_programs_are_refused_untouched() {
    let (_folder, path) = empty_folder();
    Connection::open(&path).and_then(|c| c.execute_batch("CREATE TABLE t (x)")).expect("makes");
    refused(&path, &["is an SQLite database, but no GeoPackage"]);

    std::fs::remove_file(&path).expect("removes");
    let foreign = "PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;
        CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
        INSERT INTO gpkg_contents VALUES ('roads', 'features'), ('rivers', 'features');";
    Connection::open(&path).and_then(|c| c.execute_batch(foreign)).expect("makes");
    refused(&path, &["is a GeoPackage of another program", "rivers, roads"]);
}

#[test]
fn a_newer_file_is_refused_with_both_versions() {
    let (_folder, path) = empty_folder();
    drop(DataFile::create(&path, &new_file(), &actor()).expect("creates"));
    let newer = format!(
        "DROP TRIGGER only_lagesbild_writes_lagesbild_meta_UPDATE;
        UPDATE lagesbild_meta SET value = '{}' WHERE key = 'schema_version';
        PRAGMA journal_mode = DELETE;",
        SCHEMA_VERSION + 1
    );
    Connection::open(&path).and_then(|c| c.execute_batch(&newer)).expect("changes");
    let lock = path.with_extension("gpkg.lock");
    std::fs::remove_file(lock).expect("removes");
    let (found, known) = (SCHEMA_VERSION + 1, SCHEMA_VERSION);
    refused(&path, &[&format!("has data file version {found}"), &format!("knows up to {known}"), "newer lagesbild"]);
}

#[test]
fn an_existing_file_is_not_made_anew() {
    let (_folder, path) = empty_folder();
    std::fs::write(&path, "precious").expect("writes");
    says(&DataFile::create(&path, &new_file(), &actor()).expect_err("exists"), &["already exists"]);
    assert_eq!(std::fs::read(&path).expect("reads"), b"precious");
}

#[test]
fn a_log_left_by_another_file_of_that_name_is_not_mixed_in() {
    let (_folder, path) = empty_folder();
    std::fs::write(path.with_extension("gpkg-wal"), "of another file").expect("writes");
    let error = DataFile::create(&path, &new_file(), &actor()).expect_err("a log without its file");
    says(&error, &["town.gpkg-wal", "already exists"]);
    assert!(!path.exists());
}

#[test]
fn a_new_file_with_a_wrong_setting_or_a_double_id_leaves_nothing_behind() {
    let (folder, path) = empty_folder();
    let wrong = NewFile { controller: "church".into(), ..new_file() };
    let error = DataFile::create(&path, &wrong, &actor()).expect_err("no such controller");
    says(&error, &["'church'", "municipality, police"]);
    let wrong = NewFile { time_zone: "Europe/Nassjo".into(), ..new_file() };
    says(&DataFile::create(&path, &wrong, &actor()).expect_err("no such zone"), &["Europe/Nassjo"]);
    let mut twice = new_file();
    twice.areas.push(areas().remove(0));
    says(&DataFile::create(&path, &twice, &actor()).expect_err("twice"), &["'west'", "areas"]);
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("lists").map(|e| e.expect("entry").file_name()).collect();
    assert_eq!(names, ["town.gpkg.lock"]);
}

#[test]
fn a_missing_folder_is_named() {
    let (folder, _) = empty_folder();
    let path = folder.path().join("nowhere").join("town.gpkg");
    let error = DataFile::create(&path, &new_file(), &actor()).expect_err("no folder");
    says(&error, &["nowhere", "No such file or directory"]);
}
