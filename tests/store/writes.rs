//! Writes of single requests: what they expect, sending again, groups, undo, purge, earlier revisions.

use jiff::Timestamp;
use lagesbild::domain::{Actor, Collection, Counted, Filter, Observation, Record, Source};
use lagesbild::spatial::Query;
use lagesbild::store::{
    DataFile, Expect, Found, ImportCounts, ImportNote, NewFile, Operation, Receipt, RetryKey, Store, StoreError,
    WriteRequest, load_snapshot, verify_audit,
};

use crate::fixtures::{actor, empty_folder, full_observation, id, new_file, note, observation, says};

fn store() -> (tempfile::TempDir, std::path::PathBuf, Store) {
    let (folder, path) = empty_folder();
    DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let store = Store::open(&path).expect("opens");
    (folder, path, store)
}

fn put(record: Observation, expect: Expect) -> WriteRequest {
    let operations = vec![Operation::Put { record: Record::Observation(record), expect }];
    WriteRequest { operations, ..WriteRequest::default() }
}

fn ids(store: &Store) -> Vec<String> {
    let snapshot = store.snapshot();
    let mut ids = vec![];
    Query::new(&Filter::default(), &snapshot).scan(|columns, row, _| ids.push(columns.id(row).to_string()));
    ids.sort();
    ids
}

#[test]
fn the_store_itself_takes_no_invitation_to_what_is_not_announced() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let Some(Record::Booking(open)) = crate::records::new_of_3().into_iter().next() else { panic!("a booking") };
    assert!(open.invitation);
    let police = lagesbild::domain::Booking { kind: "presence".into(), ..open.clone() };
    let put =
        |booking| WriteRequest { operations: vec![Operation::put(Record::Booking(booking))], ..Default::default() };
    let refused = file.write(&actor(), &put(police.clone())).expect_err("is not announced");
    assert!(matches!(&refused, StoreError::Invitation(_)) && refused.to_string().contains("'presence'"), "{refused}");
    let mut import = file.begin_import(&actor(), Collection::Bookings, crate::fixtures::note("aa")).expect("begins");
    let refused = import.add(&Record::Booking(police)).expect_err("nor by an import");
    assert!(matches!(&refused, StoreError::Invitation(_)), "{refused}");
    drop(import);
    file.write(&actor(), &put(open)).expect("open to everybody");
}

#[test]
fn a_stale_change_is_refused_and_names_the_current_revision() {
    let (_folder, _path, store) = store();
    let first = store.write(&actor(), put(observation("o", 14.65, 57.63, 0), Expect::New)).expect("new").revision;
    let second = store
        .write(&actor(), put(observation("o", 14.66, 57.63, 0), Expect::Revision(first)))
        .expect("current")
        .revision;
    let stale = store.write(&actor(), put(observation("o", 14.67, 57.63, 0), Expect::Revision(first)));
    assert!(matches!(stale, Err(StoreError::Stale { current, .. }) if current == second), "{stale:?}");
    let again = store.write(&actor(), put(observation("o", 14.67, 57.63, 0), Expect::New)).expect_err("there");
    says(&again, &["'o'", "observations"]);
    let nowhere =
        store.write(&actor(), put(observation("x", 14.67, 57.63, 0), Expect::Revision(1))).expect_err("not there");
    assert!(matches!(nowhere, StoreError::UnknownId { .. }));
    assert_eq!(store.snapshot().revision(), second, "nothing refused made a revision");
}

#[test]
fn a_request_sent_again_is_answered_again_and_kept_once_also_after_a_restart() {
    let (_folder, path, store) = store();
    let keyed = |name: &str, key: &str, hash: &str| {
        let retry = Some(RetryKey { key: key.into(), request_sha256: hash.into() });
        WriteRequest { retry, ..put(observation(name, 14.65, 57.63, 0), Expect::New) }
    };
    let first = store.write(&actor(), keyed("o", "k1", "h1")).expect("kept");
    assert!(!first.replayed);
    let replay = |receipt: &Receipt| Receipt { replayed: true, ..receipt.clone() };
    assert_eq!(store.write(&actor(), keyed("o", "k1", "h1")).expect("answered"), replay(&first));
    let other_body = store.write(&actor(), keyed("o", "k1", "h2")).expect_err("another request");
    assert!(matches!(other_body, StoreError::KeyReused { .. }));
    let somebody = Actor::local("somebody-else");
    assert!(!store.write(&somebody, keyed("p", "k1", "h1")).expect("keys are everyone's own").replayed);
    drop(store);
    let store = Store::open(&path).expect("opens");
    assert_eq!(store.write(&actor(), keyed("o", "k1", "h1")).expect("answered"), replay(&first));
    assert_eq!(ids(&store), ["o", "p"]);
}

#[test]
fn sixteen_at_once_with_one_key_make_one_record() {
    let (_folder, _path, store) = store();
    let made: usize = std::thread::scope(|scope| {
        let send = || {
            let retry = Some(RetryKey { key: "k".into(), request_sha256: "h".into() });
            loop {
                let request =
                    WriteRequest { retry: retry.clone(), ..put(observation("o", 14.65, 57.63, 0), Expect::New) };
                match store.write(&actor(), request) {
                    Ok(receipt) => return usize::from(!receipt.replayed),
                    Err(StoreError::KeyInFlight { .. }) => std::thread::yield_now(),
                    Err(other) => panic!("{other}"),
                }
            }
        };
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().expect("ends")).sum()
    });
    assert_eq!((made, ids(&store)), (1, vec!["o".to_string()]));
}

#[test]
fn conflicting_edits_lose_nothing_and_each_is_read_by_its_writer() {
    let (_folder, path, store) = store();
    store.write(&actor(), put(observation("o", 14.65, 57.63, 0), Expect::New)).expect("new");
    const EACH: usize = 40;
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let store = store.clone();
            scope.spawn(move || {
                for n in 0..EACH {
                    loop {
                        let Found::Current { record: Record::Observation(mut o), revision } =
                            store.found(Collection::Observations, &id("o"), None).expect("reads")
                        else {
                            panic!("gone")
                        };
                        // Every edit adds one line: a lost update would lose lines.
                        let text = o.text.take().unwrap_or_default();
                        o.text = Some(format!("{text}{writer}-{n}\n"));
                        match store.write(&actor(), put(o, Expect::Revision(revision))) {
                            Ok(_) => break,
                            Err(StoreError::Stale { .. }) => {}
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            });
        }
    });
    let Found::Current { record: Record::Observation(o), .. } =
        store.found(Collection::Observations, &id("o"), None).expect("reads")
    else {
        panic!("gone")
    };
    assert_eq!(o.text.unwrap_or_default().lines().count(), 4 * EACH);
    let versions = store.versions(Collection::Observations, &id("o")).expect("reads");
    assert_eq!(versions.len(), 4 * EACH + 1);
    for (n, version) in versions.iter().enumerate() {
        let Some(Record::Observation(o)) = &version.record else { panic!("no content") };
        assert_eq!(o.text.as_deref().unwrap_or_default().lines().count(), n, "each version has one line more");
    }
    drop(store);
    assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
}

#[test]
fn a_refused_request_in_a_group_takes_no_other_with_it() {
    let (_folder, path, store) = store();
    std::thread::scope(|scope| {
        for n in 0..64 {
            let store = store.clone();
            scope.spawn(move || {
                let id = if n % 2 == 0 { format!("o{n}") } else { "o0".to_string() };
                let result = store.write(&actor(), put(observation(&id, 14.65, 57.63, 0), Expect::New));
                if n % 2 == 0 && n > 0 {
                    result.expect("a new id");
                }
            });
        }
    });
    let mut expected: Vec<String> = (0..32).map(|n| format!("o{}", n * 2)).collect();
    expected.sort();
    assert_eq!(ids(&store), expected);
    drop(store);
    assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
    assert_eq!(load_snapshot(&path).expect("reads").revision(), 33);
}

#[test]
fn areas_and_places_changed_while_serving_are_seen_at_once() {
    let (_folder, _path, store) = store();
    store.write(&actor(), put(observation("o", 14.65, 57.63, 0), Expect::New)).expect("new");
    let mut area = crate::fixtures::areas().remove(0);
    area.id = id("new-area");
    let mut place = crate::fixtures::places().remove(0);
    place.id = id("new-place");
    for record in [Record::Area(area.clone()), Record::Place(place.clone())] {
        let operations = vec![Operation::put(record)];
        store.write(&actor(), WriteRequest { operations, ..WriteRequest::default() }).expect("kept");
    }
    let snapshot = store.snapshot();
    assert!(snapshot.areas().find(&id("new-area")).is_some());
    assert!(snapshot.places().contains(&place));
    assert_eq!((snapshot.revision(), snapshot.table(Counted::Observations).len()), (4, 1));
    let reason = "gone".to_string();
    let operations = vec![Operation::Withdraw {
        collection: Collection::Places,
        id: id("new-place"),
        reason,
        expect: Expect::Revision(4),
    }];
    store.write(&actor(), WriteRequest { operations, ..WriteRequest::default() }).expect("kept");
    assert!(!store.snapshot().places().contains(&place));
}

#[test]
fn every_earlier_revision_can_be_read_again() {
    let (_folder, path, store) = store();
    let mut seen = vec![(store.snapshot().revision(), ids(&store))];
    let withdraw = |name: &str| Operation::Withdraw {
        collection: Collection::Observations,
        id: id(name),
        reason: "double".into(),
        expect: Expect::Any,
    };
    let at = |lon: f64| Operation::put(Record::Observation(observation("b", lon, 57.63, 1)));
    let steps: Vec<Vec<Operation>> = vec![
        vec![Operation::put(Record::Observation(observation("a", 14.65, 57.63, 0))), at(14.65)],
        vec![at(14.66)],
        vec![withdraw("a")],
        vec![Operation::put(Record::Observation(observation("c", 14.65, 57.63, 0)))],
        vec![withdraw("b")],
        vec![at(14.67)],
    ];
    for operations in steps {
        store.write(&actor(), WriteRequest { operations, ..WriteRequest::default() }).expect("kept");
        seen.push((store.snapshot().revision(), ids(&store)));
    }
    drop(store);
    let store = Store::open(&path).expect("opens");
    for (revision, expected) in &seen {
        let snapshot = store.snapshot_at(*revision).expect("put together");
        let mut found = vec![];
        Query::new(&Filter::default(), &snapshot).scan(|columns, row, _| found.push(columns.id(row).to_string()));
        found.sort();
        assert_eq!((snapshot.revision(), &found), (*revision, expected));
        let page = store.page(Collection::Observations, *revision, None, 100).expect("reads");
        let listed: Vec<&str> = page.iter().map(|(record, _)| record.id().as_str()).collect();
        assert_eq!(&listed, expected);
    }
    assert_eq!(
        store.found(Collection::Observations, &id("a"), None).expect("reads"),
        Found::Withdrawn { revision: 4, reason: "double".into() }
    );
    assert_eq!(
        store.found(Collection::Observations, &id("b"), Some(6)).expect("reads"),
        Found::Withdrawn { revision: 6, reason: "double".into() }
    );
    assert_eq!(store.found(Collection::Observations, &id("nobody"), None).expect("reads"), Found::Never);
    assert!(matches!(store.snapshot_at(99), Err(StoreError::NoSuchRevision { newest: 7, .. })));
}

#[test]
fn an_undone_import_leaves_what_was_before_and_what_was_changed_since() {
    let (_folder, path, store) = store();
    let (kept, old) = (observation("kept", 14.65, 57.63, 0), observation("old", 14.65, 57.63, 1));
    for record in [kept, old.clone()] {
        store.write(&actor(), put(record, Expect::New)).expect("new");
    }
    let update = ImportNote { update: true, ..note("aa") };
    let records = ["old", "new", "edited"].map(|name| Record::Observation(observation(name, 14.66, 57.64, 5))).to_vec();
    let counts = ImportCounts { rows: 3, accepted: 3, rejected: 0 };
    let imported =
        store.import(&actor(), update.clone(), Collection::Observations, records.clone(), counts).expect("imported");
    assert_eq!(ids(&store), ["edited", "kept", "new", "old"]);
    store.write(&actor(), put(full_observation("edited"), Expect::Any)).expect("edited since");
    let undone = store.undo(&actor(), imported.import_id).expect("undone");
    assert_eq!((undone.withdrawn, undone.restored, undone.changed_since), (1, 1, vec![id("edited")]));
    assert_eq!(ids(&store), ["edited", "kept", "old"]);
    let Found::Current { record, revision } = store.found(Collection::Observations, &id("old"), None).expect("reads")
    else {
        panic!("gone")
    };
    assert_eq!((record, revision), (Record::Observation(old), undone.revision));
    let twice = store.undo(&actor(), imported.import_id).expect_err("once");
    says(&twice, &["import 1", "revision"]);
    says(&store.undo(&actor(), 77).expect_err("none"), &["77", "no import"]);
    // Undone content may come again.
    store.import(&actor(), note("aa"), Collection::Observations, records[1..2].to_vec(), counts).expect("again");
    drop(store);
    assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
    assert_eq!(crate::imports::rtree_problems(&path), Vec::<String>::new());
}

const CANARY: &str = "kanariefågel-kvittrar-i-källaren";

fn holds_canary(folder: &std::path::Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).expect("lists").map(|entry| entry.expect("entry").path());
    let holds = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).expect("reads");
        bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes())
    };
    files.filter(holds).map(|path| path.display().to_string()).collect()
}

#[test]
fn a_purge_leaves_no_trace_of_the_text_and_keeps_counts_and_proof() {
    let (folder, path, store) = store();
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().expect("a time");
    let mut old = full_observation("old");
    old.text = Some(CANARY.into());
    old.source = Some(Source::Citizen);
    let first = store.write(&actor(), put(old.clone(), Expect::New)).expect("kept").revision;
    old.severity = Some(2);
    store.write(&actor(), put(old.clone(), Expect::Revision(first))).expect("changed");
    let mut young = observation("young", 14.65, 57.63, 0);
    young.when = lagesbild::domain::When::instant(now.as_second() - 86_400 * 10);
    young.source = Some(Source::Citizen);
    store.write(&actor(), put(young, Expect::New)).expect("kept");
    let mut staff = full_observation("staff");
    staff.source = Some(Source::MunicipalReport);
    store.write(&actor(), put(staff, Expect::New)).expect("kept");
    drop(store);
    assert!(!holds_canary(folder.path()).is_empty(), "the test can see it");

    let mut file = DataFile::open(&path).expect("opens");
    file.set_retention(&actor(), Counted::Observations, Some(Source::Citizen), Some(30)).expect("set");
    let asked = file.purge(&actor(), now, true).expect("asked");
    assert_eq!((asked.revision, asked.records[&Collection::Observations], asked.versions), (None, 1, 2));
    let purged = file.purge(&actor(), now, false).expect("purged");
    assert_eq!((purged.records[&Collection::Observations], purged.versions), (1, 2));
    assert_eq!(holds_canary(folder.path()), Vec::<String>::new(), "also in the log beside the open file");
    drop(file);
    assert_eq!(holds_canary(folder.path()), Vec::<String>::new());
    assert_eq!(verify_audit(&path, None).expect("reads").faults, []);

    let store = Store::open(&path).expect("opens");
    assert_eq!(ids(&store), ["staff", "young"]);
    for at in [None, Some(first), Some(first + 1)] {
        let found = store.found(Collection::Observations, &id("old"), at).expect("reads");
        assert!(matches!(found, Found::Purged { .. }), "{found:?}");
    }
    assert!(matches!(store.snapshot_at(first), Err(StoreError::PurgedSince { .. })));
    let versions = store.versions(Collection::Observations, &id("old")).expect("reads");
    assert!(versions.len() == 2 && versions.iter().all(|v| v.record.is_none() && v.purged_on.is_some()));
    let connection = rusqlite::Connection::open(&path).expect("opens");
    let counted: i64 = connection
        .query_row("SELECT sum(n) FROM lagesbild_purged_count WHERE area = '' AND source = 'citizen'", [], |row| {
            row.get(0)
        })
        .expect("reads");
    assert_eq!(counted, 1);
    let nothing = DataFile::open(&path).expect_err("the store has it");
    says(&nothing, &["being written"]);
}

#[test]
fn one_record_is_erased_on_request_with_its_reason_in_the_log() {
    let (folder, path, store) = store();
    let mut record = full_observation("o");
    record.text = Some(CANARY.into());
    store.write(&actor(), put(record, Expect::New)).expect("kept");
    // Reasons are words of people too.
    let (collection, reason) = (Collection::Observations, format!("gäller {CANARY}"));
    let operations = vec![Operation::Withdraw { collection, id: id("o"), reason, expect: Expect::Any }];
    store.write(&actor(), WriteRequest { operations, ..WriteRequest::default() }).expect("withdrawn");
    drop(store);
    assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
    let mut file = DataFile::open(&path).expect("opens");
    file.erase(&actor(), Collection::Observations, &id("o"), "begäran den 3 maj").expect("erased");
    says(&file.erase(&actor(), Collection::Observations, &id("o"), "igen").expect_err("gone"), &["'o'"]);
    drop(file);
    assert_eq!(holds_canary(folder.path()), Vec::<String>::new());
    assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
    let connection = rusqlite::Connection::open(&path).expect("opens");
    let reason: String = connection
        .query_row("SELECT reason FROM lagesbild_audit WHERE action = 'erase'", [], |row| row.get(0))
        .expect("reads");
    assert_eq!(reason, "begäran den 3 maj");
}

#[test]
fn records_of_the_other_controller_are_refused_until_a_rule_is_named() {
    let (_folder, path) = empty_folder();
    let new = NewFile { legal_basis: None, ..new_file() };
    let mut file = DataFile::create(&path, &new, &actor()).expect("creates");
    let of = |source| {
        let mut record = observation("o", 14.65, 57.63, 0);
        record.source = Some(source);
        put(record, Expect::Any)
    };
    for source in [Source::PoliceReport, Source::PoliceInitiated] {
        says(
            &file.write(&actor(), &of(source)).expect_err("refused"),
            &[source.code(), "municipality", "--legal-basis"],
        );
    }
    for source in [Source::Citizen, Source::Survey, Source::Inventory, Source::MunicipalReport, Source::Feed] {
        file.write(&actor(), &of(source)).expect("the municipality's own");
    }
    let mut import = file.begin_import(&actor(), Collection::Observations, note("a")).expect("begins");
    let mut record = observation("i", 14.65, 57.63, 0);
    record.source = Some(Source::PoliceReport);
    assert!(matches!(import.add(&Record::Observation(record)), Err(StoreError::OtherController { .. })));
    drop(import);
    file.set_legal_basis(&actor(), Some("avtal 2026-1")).expect("named");
    file.write(&actor(), &of(Source::PoliceReport)).expect("allowed now");
    file.set_legal_basis(&actor(), None).expect("taken back");
    file.write(&actor(), &of(Source::PoliceReport)).expect_err("refused again");
}
