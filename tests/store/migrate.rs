//! Files that earlier versions wrote. `files/version-1.gpkg.gz` was made by version 0.1.0 of the program: the places of
//! Nässjö, four observations and one activity imported, then one observation updated by a third import.
//! `files/version-2.gpkg.gz` was made by version 0.1.0 with tables of version 2: the places of Nässjö; three observations, two
//! activities, two reported counts, two surveys, an action and a report imported; then observation o1 and reported
//! count c2 changed, o2 withdrawn and o3 erased.
//! `files/version-3.gpkg.gz` was made by version 0.1.0 with tables of version 3: the places and promises of Nässjö; three
//! observations, three activities (one of a kind `dialogue` that the file did not know), two reported counts, two surveys, an
//! action, a report, three bookings, a comment and a priority imported; then both counts and observation o1 changed, o2
//! withdrawn and o3 erased.

use std::io::Read;
use std::path::Path;

use lagesbild::domain::{Collection, Participant, Record};
use lagesbild::store::{
    AuditHead, DataFile, Expect, Found, Operation, Reader, SCHEMA_VERSION, Store, StoreError, WriteRequest,
    bring_up_to_date, load_snapshot, releases_of, verify_audit,
};
use rusqlite::Connection;

use crate::fixtures::{empty_folder, id, new_file, says};

const VERSION_1: &[u8] = include_bytes!("files/version-1.gpkg.gz");
const VERSION_2: &[u8] = include_bytes!("files/version-2.gpkg.gz");
const VERSION_3: &[u8] = include_bytes!("files/version-3.gpkg.gz");

fn unpack(packed: &[u8], path: &Path) {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).expect("unpacks");
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
    unpack(VERSION_1, &path);
    let before = rows(&path, OBSERVATIONS);
    assert_eq!(before.len(), 4);
    let copy = bring_up_to_date(&path).expect("brought up").expect("it was older");
    assert_eq!(rows(&path, OBSERVATIONS), before);
    assert_eq!(rows(&copy, OBSERVATIONS), before, "the copy is as it was");
    assert_eq!(rows(&copy, "SELECT value FROM lagesbild_meta WHERE key = 'schema_version'"), ["1"]);
    assert_eq!(bring_up_to_date(&path).expect("nothing to do"), None);

    // The log: four revisions with their times and actors, the migration with the old log's last hash, and the next.
    let report = verify_audit(&path, None).expect("reads");
    assert_eq!((report.faults, report.entries, report.revisions), (vec![], 7, 4));
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
fn a_file_of_version_2_is_brought_up_and_its_log_holds_without_a_change() {
    let (_folder, path) = empty_folder();
    unpack(VERSION_2, &path);
    let before = rows(&path, OBSERVATIONS);
    let history = "SELECT from_revision || ' ' || coalesce(record, 'purged') || record_sha256 FROM lagesbild_history ORDER BY collection, fid";
    let log =
        "SELECT seq || ' ' || coalesce(content_sha256, '') || ' ' || chain_sha256 FROM lagesbild_audit ORDER BY seq";
    let (old_history, old_log) = (rows(&path, history), rows(&path, log));
    assert_eq!((before.len(), old_history.len(), old_log.len()), (1, 4, 11));
    let head: AuditHead =
        "11:6b70c1f8c18591311ac777d597a4f33d81ca2d8fa54a4ec837d27ef529ce951e".parse().expect("what version 2 printed");

    let copy = bring_up_to_date(&path).expect("brought up").expect("it was older");
    assert_eq!(rows(&copy, "SELECT value FROM lagesbild_meta WHERE key = 'schema_version'"), ["2"]);
    assert_eq!((rows(&path, OBSERVATIONS), rows(&path, history)), (before, old_history));
    assert_eq!(rows(&path, log)[..11], old_log, "no entry was written anew");
    assert_eq!(
        rows(&path, "SELECT action || ': ' || subject FROM lagesbild_audit WHERE seq > 11"),
        ["migrate: tables from version 2 to 3", "migrate: tables from version 3 to 4"]
    );
    let report = verify_audit(&path, Some(&head)).expect("reads");
    assert_eq!((report.faults, report.entries, report.revisions), (vec![], 13, 11));
    assert_eq!(
        rows(
            &path,
            "SELECT table_name FROM gpkg_contents WHERE table_name IN ('bookings', 'comments', 'priorities') ORDER BY 1"
        ),
        ["bookings", "comments", "priorities"]
    );
    // Other programs cannot write the new tables either.
    let connection = Connection::open(&path).expect("opens");
    let foreign = connection.execute("INSERT INTO comments VALUES (1, 'c', 'p', 'k', 'b', 't', '2026-01-01', 1)", []);
    assert!(foreign.expect_err("is guarded").to_string().contains("lagesbild_writer"));
}

#[test]
fn a_file_of_version_3_is_brought_up_and_its_log_holds_without_a_change() {
    let (_folder, path) = empty_folder();
    unpack(VERSION_3, &path);
    let history = "SELECT from_revision || ' ' || coalesce(record, 'purged') || record_sha256 FROM lagesbild_history ORDER BY collection, fid";
    let log =
        "SELECT seq || ' ' || coalesce(content_sha256, '') || ' ' || chain_sha256 FROM lagesbild_audit ORDER BY seq";
    let (observations, old_history, old_log) = (rows(&path, OBSERVATIONS), rows(&path, history), rows(&path, log));
    assert_eq!((observations.len(), old_history.len(), old_log.len()), (1, 5, 16));
    let head: AuditHead =
        "16:0add249436a3816c2e22e2042e9e31c42058a1b1b0b080e7a0b76b58bae6c3d4".parse().expect("what version 3 printed");

    let copy = bring_up_to_date(&path).expect("brought up").expect("it was older");
    assert_eq!(rows(&copy, "SELECT value FROM lagesbild_meta WHERE key = 'schema_version'"), ["3"]);
    assert_eq!((rows(&path, OBSERVATIONS), rows(&path, history)), (observations, old_history));
    assert_eq!(rows(&path, log)[..16], old_log, "no entry was written anew");
    assert_eq!(
        rows(&path, "SELECT action || ': ' || subject FROM lagesbild_audit WHERE seq > 16"),
        ["migrate: tables from version 3 to 4"]
    );
    let report = verify_audit(&path, Some(&head)).expect("reads");
    assert_eq!((report.faults, report.entries, report.revisions), (vec![], 17, 16));
    // The kind that the file had under its bare code has words now, in the same row of the table.
    let kinds = "SELECT fid || ' ' || label_sv || ' ' || label_en FROM kinds WHERE code = 'dialogue'";
    let bare = rows(&copy, kinds).remove(0);
    assert_eq!(rows(&path, kinds), [bare.replace("dialogue dialogue", "Dialogmöte Dialogue meeting")]);
    assert!(bare.ends_with(" dialogue dialogue"), "{bare}");
    let booked = "SELECT id || ' ' || coalesce(invitation, 'null') FROM bookings ORDER BY id";
    assert_eq!(rows(&path, booked), ["b1 null", "b2 null", "b3 null"]);
    // It takes what version 4 brought, and the log still holds.
    let mut file = DataFile::open(&path).expect("opens");
    let mut made = None;
    Reader::open(&path)
        .expect("opens")
        .each(Collection::Bookings, |record| {
            made = made.take().or((record.id() == &id("b1")).then_some(record));
            Ok::<(), StoreError>(())
        })
        .expect("reads");
    let Some(Record::Booking(mut walk)) = made else { panic!("b1 is there") };
    assert!(!walk.invitation);
    walk.invitation = true;
    let operations = vec![Operation::put(Record::Booking(walk))];
    file.write(&crate::fixtures::actor(), &WriteRequest { operations, ..WriteRequest::default() }).expect("writes");
    drop(file);
    assert_eq!(rows(&path, booked), ["b1 1", "b2 null", "b3 null"]);
    assert_eq!(verify_audit(&path, Some(&head)).expect("reads").faults, []);
    assert_eq!(releases_of(&path).expect("reads"), []);
}

#[test]
fn files_of_every_version_get_the_same_tables_as_a_new_one() {
    let (_folder, new) = empty_folder();
    DataFile::create(&new, &new_file(), &crate::fixtures::actor()).expect("creates");
    let shape = |path: &Path| {
        let columns = "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" FROM sqlite_master m, pragma_table_info(m.name) c
                       WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'rtree%' ORDER BY 1";
        let triggers =
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'only_lagesbild%' ORDER BY 1";
        (rows(path, columns), rows(path, triggers))
    };
    for packed in [VERSION_1, VERSION_2, VERSION_3] {
        let (_other, path) = empty_folder();
        unpack(packed, &path);
        bring_up_to_date(&path).expect("brought up").expect("it was older");
        assert_eq!(shape(&path), shape(&new));
        let connection = Connection::open(&path).expect("opens");
        let foreign =
            connection.execute("INSERT INTO lagesbild_release_correction VALUES (1, 1, 'd', 'b', 's', 'e')", []);
        assert!(foreign.expect_err("is guarded").to_string().contains("lagesbild_writer"));
    }
}

#[test]
fn a_file_of_version_2_takes_new_members_and_its_log_still_holds() {
    let (_folder, path) = empty_folder();
    unpack(VERSION_2, &path);
    let mut file = DataFile::open(&path).expect("brought up");
    // One that was there gets the new members; another, whose spelling is that of version 2, is withdrawn.
    let mut count = None;
    let mut observation = None;
    let reader = Reader::open(&path).expect("opens");
    reader
        .each(Collection::ReportedCounts, |record| {
            if let Record::ReportedCount(found) = record
                && found.id == id("c1")
            {
                count = Some(found);
            }
            Ok::<(), StoreError>(())
        })
        .expect("reads");
    reader
        .each(Collection::Observations, |record| {
            observation = Some(record);
            Ok::<(), StoreError>(())
        })
        .expect("reads");
    drop(reader);
    let mut count = count.expect("c1 is there");
    assert_eq!((count.intelligence_led, count.actors.len()), (None, 0));
    count.intelligence_led = Some(3);
    count.actors = Participant::parse_list("police:Lokalpolisområde Höglandet; a_new_role");
    let Some(Record::Observation(mut point)) = observation else { panic!("o1 is there") };
    (point.inventory, point.photo) = (Some(id("a1")), Some("IMG_0412.jpg".into()));
    let put = [Record::ReportedCount(count.clone()), Record::Observation(point.clone())].map(Operation::put);
    let withdraw =
        ["c2", "s1"].into_iter().zip([Collection::ReportedCounts, Collection::Surveys]).map(|(name, collection)| {
            Operation::Withdraw { collection, id: id(name), reason: "rättelse".into(), expect: Expect::Any }
        });
    let mut operations: Vec<Operation> = put.into_iter().chain(withdraw).collect();
    operations.extend(crate::records::new_of_3().into_iter().map(Operation::put));
    file.write(&crate::fixtures::actor(), &WriteRequest { operations, ..WriteRequest::default() }).expect("writes");
    drop(file);

    let report = verify_audit(&path, None).expect("reads");
    assert_eq!((report.faults, report.revisions), (vec![], 12));
    let store = Store::open(&path).expect("opens");
    let current = |collection, name: &str, at| match store.found(collection, &id(name), at).expect("reads") {
        Found::Current { record, .. } => record,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(current(Collection::ReportedCounts, "c1", None), Record::ReportedCount(count.clone()));
    assert_eq!(current(Collection::Observations, "o1", None), Record::Observation(point));
    for record in crate::records::new_of_3() {
        assert_eq!(current(record.collection(), record.id().as_str(), None), record);
    }
    // As it was before: the history of version 2 has no such columns.
    (count.intelligence_led, count.actors) = (None, Vec::new());
    assert_eq!(current(Collection::ReportedCounts, "c1", Some(11)), Record::ReportedCount(count));
    assert!(matches!(current(Collection::Surveys, "s1", Some(11)), Record::Survey(s) if s.dont_know.is_none()));
    assert_eq!(rows(&path, "SELECT code FROM roles WHERE code = 'a_new_role'"), ["a_new_role"]);
}

#[test]
fn styles_learn_the_names_of_new_columns_and_keep_what_was_changed_in_them() {
    let (_folder, path) = empty_folder();
    unpack(VERSION_2, &path);
    let change = "UPDATE layer_styles SET styleQML = replace(styleQML, 'Allvar', 'Allvar (1-5)') WHERE f_table_name = 'observations'";
    Connection::open(&path).expect("opens").execute(change, []).expect("styles are free to change");
    bring_up_to_date(&path).expect("brought up");
    let style = &rows(&path, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'observations'")[0];
    for part in ["name=\"Allvar (1-5)\"", "<alias field=\"photo\" name=\"Foto\" index=\"19\"/></aliases>"] {
        assert!(style.contains(part), "{part}: {style}");
    }
    let columns = rows(&path, "SELECT name FROM pragma_table_info('observations') WHERE name <> 'geom' ORDER BY cid");
    assert_eq!(columns.iter().position(|name| name == "photo"), Some(19), "{columns:?}");
}

#[test]
fn opening_for_writing_brings_a_file_up_and_reading_alone_says_how() {
    let (_folder, path) = empty_folder();
    unpack(VERSION_1, &path);
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
    let delays_ms = [0, 2, 5, 8, 12, 20, 30].into_iter();
    for (packed, revision, delay_ms) in
        delays_ms.flat_map(|ms| [(VERSION_1, 4, ms), (VERSION_2, 11, ms), (VERSION_3, 16, ms)])
    {
        let (_folder, path) = empty_folder();
        unpack(packed, &path);
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
        assert_eq!(store.snapshot().revision(), revision);
        drop(store);
        assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
    }
}
