//! Two reported counts of one organisation, kind and area never share a day.

use lagesbild::domain::{Collection, Period, Record, ReportedCount};
use lagesbild::store::{
    DataFile, Expect, ImportCounts, ImportNote, Operation, Store, StoreError, WriteRequest, load_snapshot,
};

use crate::fixtures::*;

fn count(name: &str, period: &str) -> ReportedCount {
    let Some(Record::ReportedCount(count)) = crate::records::one_of_each().into_iter().nth(5) else {
        panic!("the sixth is a reported count")
    };
    ReportedCount { id: id(name), period: Period::parse(period).expect("a period"), ..count }
}

fn put(counts: &[ReportedCount]) -> WriteRequest {
    let operations = counts.iter().cloned().map(Record::ReportedCount).map(Operation::put).collect();
    WriteRequest { operations, ..WriteRequest::default() }
}

fn ids_of(error: &StoreError) -> (&str, &str, String) {
    match error {
        StoreError::OverlappingCount { id, other, first, last } => (id, other, format!("{first}/{last}")),
        other => panic!("{other}"),
    }
}

fn file_with(counts: &[ReportedCount]) -> (tempfile::TempDir, std::path::PathBuf, DataFile) {
    let (folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    file.write(&actor(), &put(counts)).expect("keeps them");
    (folder, path, file)
}

#[test]
fn a_count_of_days_that_another_covers_is_refused_with_both_ids_and_the_period() {
    let (_folder, path, mut file) = file_with(&[count("may", "2026-05")]);
    let mut spelled = count("spring", "2026-Q2");
    spelled.organisation = "  LOKALPOLISOMRÅDE höglandet".into();
    let error = file.write(&actor(), &put(&[spelled])).expect_err("overlaps");
    assert_eq!(ids_of(&error), ("spring", "may", "2026-05-01/2026-05-31".to_string()));
    says(&error, &["'spring' overlaps 'may' (2026-05-01 to 2026-05-31)", "change or withdraw 'may'"]);
    // Another month, organisation, kind or area is another matter.
    let mut linden = count("linden", "2026-05");
    linden.organisation = "Linden".into();
    let mut presence = count("presence", "2026-05");
    presence.kind = "presence".into();
    let mut west = count("west", "2026-05");
    west.area = Some(id("west"));
    file.write(&actor(), &put(&[count("june", "2026-06"), linden, presence, west])).expect("kept");
    assert_eq!(load_snapshot(&path).expect("loads").revision(), 3);
}

#[test]
fn a_count_may_be_changed_replaced_and_moved_when_the_other_is_gone() {
    let (_folder, _path, mut file) = file_with(&[count("may", "2026-05")]);
    let mut more = count("may", "2026-05");
    more.n = 9;
    file.write(&actor(), &put(&[more])).expect("itself");
    file.write(&actor(), &put(&[count("may", "2026-Q2")])).expect("itself, longer");
    let withdraw = Operation::Withdraw {
        collection: Collection::ReportedCounts,
        id: id("may"),
        reason: "per month instead".into(),
        expect: Expect::Any,
    };
    let mut request = put(&[count("june", "2026-06"), count("april", "2026-04")]);
    request.operations.push(withdraw);
    file.write(&actor(), &request).expect("what ends goes first");
    // Two that change places in one request, and two of one request that overlap.
    file.write(&actor(), &put(&[count("june", "2026-04"), count("april", "2026-06")])).expect("they change places");
    let error = file.write(&actor(), &put(&[count("a", "2026-08"), count("b", "2026-Q3")])).expect_err("overlap");
    assert_eq!(ids_of(&error), ("a", "b", "2026-07-01/2026-09-30".to_string()));
}

#[test]
fn of_two_requests_at_once_only_one_is_kept() {
    for round in 0..8 {
        let (_folder, path, file) = file_with(&[]);
        drop(file);
        let store = Store::open(&path).expect("opens");
        let kept: Vec<bool> = std::thread::scope(|scope| {
            let send = |name: &'static str, period: &'static str| {
                let store = store.clone();
                move || store.write(&actor(), put(&[count(name, period)])).map(|_| ()).map_err(|e| e.to_string())
            };
            let threads = [
                scope.spawn(send("a", "2026-05")),
                scope.spawn(send("b", "2026-Q2")),
                scope.spawn(send("c", "2026-05")),
                scope.spawn(send("d", "2026-05")),
            ];
            threads.into_iter().map(|thread| thread.join().expect("ends").is_ok()).collect()
        });
        assert_eq!(kept.iter().filter(|kept| **kept).count(), 1, "round {round}: {kept:?}");
    }
}

#[test]
fn rows_of_an_import_are_refused_and_the_others_are_kept() {
    let (_folder, path, mut file) = file_with(&[count("may", "2026-05")]);
    let note = |sha256: &str, update| ImportNote { update, ..note(sha256) };
    let counts = |accepted| ImportCounts { rows: 3, accepted, rejected: 3 - accepted };
    let mut import = file.begin_import(&actor(), Collection::ReportedCounts, note("a", false)).expect("begins");
    let error = import.add(&Record::ReportedCount(count("q2", "2026-Q2"))).expect_err("overlaps the file");
    assert_eq!(ids_of(&error).1, "may");
    import.add(&Record::ReportedCount(count("june", "2026-06"))).expect("kept");
    let error = import.add(&Record::ReportedCount(count("june-again", "2026-06"))).expect_err("overlaps a row before");
    assert_eq!(ids_of(&error).1, "june");
    import.finish(counts(1)).expect("finishes");
    // An update of the same records is no overlap with what it replaces.
    let mut import = file.begin_import(&actor(), Collection::ReportedCounts, note("b", true)).expect("begins");
    import.add(&Record::ReportedCount(count("may", "2026-05"))).expect("itself");
    import.add(&Record::ReportedCount(count("june", "2026-07"))).expect("moved");
    let updated = import.finish(counts(2)).expect("finishes");
    // What an undo would bring back must have its days free.
    file.write(&actor(), &put(&[count("june-2", "2026-06")])).expect("June is free");
    let error = file.undo(&actor(), updated.import_id).expect_err("June is taken");
    assert_eq!(ids_of(&error), ("june", "june-2", "2026-06-01/2026-06-30".to_string()));
    assert_eq!(load_snapshot(&path).expect("loads").revision(), 5);
    // A preview says the same before anything is written.
    drop(file);
    let store = Store::open(&path).expect("opens");
    let told: Vec<bool> = store
        .with_intake(|intake| {
            ["2026-05", "2026-08", "2026-Q3", "2026-09"]
                .iter()
                .enumerate()
                .map(|(at, period)| intake.take(&[Record::ReportedCount(count(&format!("new-{at}"), period))]).is_ok())
                .collect()
        })
        .expect("reads");
    assert_eq!(told, [false, true, false, true]);
}
