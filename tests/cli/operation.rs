//! Backup, restore and doctor as an operator runs them.

use crate::Folder;

const RECORDS: &str = "id;datum;tid;lon;lat;kategori\na;2026-01-10;21:30;14,694;57,6515;vandalism\n";

fn level(folder: &Folder, args: &[&str], name: &str) -> (i32, String, String) {
    let mut all = vec!["doctor", "--data", "d.gpkg", "--format", "json"];
    all.extend(args);
    let ran = folder.run(&all);
    let checks = ran.json();
    let check = checks.as_array().expect("a list").iter().find(|c| c["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no check '{name}' in {checks}"));
    (ran.code, check["level"].as_str().expect("a word").to_string(), check["found"].to_string())
}

#[test]
fn a_backup_is_made_rehearsed_and_restored_by_the_words_of_the_manual() {
    let folder = Folder::with_data();
    folder.import(RECORDS, &[]).ok();
    let made = folder.run(&["backup", "--data", "d.gpkg", "--to", "b", "--keep", "2"]).ok().says(&["revision 2"]);
    assert!(made.out.starts_with("b/d-20") && made.out.trim_end().ends_with("-r00000002.gpkg"), "{}", made.out);
    let rehearsed = folder.run(&["restore", "--rehearse", "b"]).ok();
    assert!(rehearsed.out.contains("restored, checked, loaded and counted in"), "{}", rehearsed.out);
    folder.run(&["restore", "b", "--to", "e.gpkg"]).ok();
    let export = |data: &str| folder.run(&["export", "observations", "--data", data]).ok().out;
    assert_eq!(export("e.gpkg"), export("d.gpkg"));
    folder.run(&["restore", "b", "--to", "d.gpkg"]).code(1).says(&["--replace"]);
    folder.run(&["restore", "b", "--to", "d.gpkg", "--replace"]).ok().says(&["before-restore"]);
    folder.run(&["restore", "b"]).code(2).says(&["--to"]);
    folder.run(&["backup", "--data", "d.gpkg"]).code(2).says(&["backup_dir"]);
    folder.run(&["backup", "--data", "d.gpkg", "--to", "b", "--keep", "0"]).code(2);
}

#[test]
fn doctor_finds_a_fit_installation_fit_and_names_what_is_not() {
    let folder = Folder::with_data();
    folder.import(RECORDS, &[]).ok();
    // Nothing is wrong yet, but nothing is backed up.
    let (code, backup, _) = level(&folder, &[], "backup");
    assert_eq!((code, backup.as_str()), (0, "warning"));
    let (code, backup, found) = level(&folder, &["--backup-dir", "b"], "backup");
    assert_eq!((code, backup.as_str()), (1, "fault"), "{found}");
    folder.write("lagesbild.toml", "data = \"d.gpkg\"\nbackup_dir = \"b\"\n");
    folder.run(&["backup"]).ok();
    let ran = folder.run(&["doctor"]).ok();
    for name in [
        "settings",
        "data file",
        "write lock",
        "file system",
        "disk",
        "log",
        "clock",
        "time zone",
        "integrity",
        "areas",
        "audit",
        "backup",
    ] {
        let line =
            ran.out.lines().find(|line| line[9..].starts_with(name)).unwrap_or_else(|| panic!("{name}: {}", ran.out));
        assert!(line.starts_with("ok") || ["disk", "backup disk"].contains(&name), "{line}");
    }
    // A page of the file overwritten: found, and what to do is said.
    let connection = rusqlite::Connection::open(folder.path("d.gpkg")).expect("opens");
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;").expect("one file");
    drop(connection);
    let mut bytes = std::fs::read(folder.path("d.gpkg")).expect("readable");
    let at = bytes.len() - 4096 + 100;
    bytes[at..at + 200].fill(0xff);
    let last = bytes.len() - 4096;
    bytes[last..last + 8].fill(0x07);
    folder.write("d.gpkg", &bytes);
    let ran = folder.run(&["doctor"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("fault") && ran.out.contains("restore"), "{}", ran.out);
    folder.write("lagesbild.toml", "backup_dri = \"b\"\n");
    let ran = folder.run(&["doctor"]);
    assert!(ran.code == 1 && ran.out.contains("did you mean 'backup_dir'"), "{}", ran.out);
    assert_eq!(folder.run(&["doctor", "--data", "none.gpkg"]).code, 1);
}

#[test]
fn doctor_looks_at_a_file_that_a_service_writes_without_getting_in_its_way() {
    let folder = Folder::with_data();
    folder.import(RECORDS, &[]).ok();
    let held = lagesbild::store::DataFile::open(&folder.path("d.gpkg")).expect("opens");
    let (_, _, found) = level(&folder, &[], "write lock");
    assert!(found.contains("a service holds"), "{found}");
    folder.run(&["backup", "--data", "d.gpkg", "--to", "b"]).ok();
    folder.run(&["restore", "b", "--to", "d.gpkg", "--replace"]).code(1).says(&["being written"]);
    drop(held);
}
