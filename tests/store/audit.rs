//! The audit log: computed again here from what the documentation of the tables says, and attacked.

use lagesbild::domain::Collection;
use lagesbild::store::{
    AuditAction, AuditFault, AuditHead, AuditReport, Change, DataFile, Expect, Operation, WriteRequest, verify_audit,
};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use sha2::{Digest, Sha256};

use crate::fixtures::{actor, empty_folder, full_observation, id, new_file, observation};

/// Someone with every right on the file and knowledge of the guard.
pub(crate) fn intruder(path: &std::path::Path) -> Connection {
    let connection = Connection::open(path).expect("opens");
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("lagesbild_writer", 0, flags, |_| Ok(1)).expect("pretends");
    for name in ["ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"] {
        connection.create_scalar_function(name, 1, flags, |_| Ok(0.0)).expect("pretends");
    }
    connection.create_scalar_function("ST_IsEmpty", 1, flags, |_| Ok(1)).expect("pretends");
    connection
}

/// Six revisions: init, a record, its change, two records, a withdrawal, a note in between.
fn written(path: &std::path::Path) -> AuditHead {
    let mut file = DataFile::create(path, &new_file(), &actor()).expect("creates");
    let put = |record| Change { observations: vec![record], ..Change::default() };
    file.commit(&actor(), &put(full_observation("a"))).expect("commits");
    file.commit(&actor(), &put(observation("a", 14.66, 57.63, 2))).expect("commits");
    file.note(&actor(), AuditAction::Read, "observations/a", Some("uppföljning")).expect("noted");
    let two = vec![observation("b", 14.65, 57.63, 3), observation("c", 14.65, 57.63, 4)];
    file.commit(&actor(), &Change { observations: two, ..Change::default() }).expect("commits");
    let withdraw = Operation::Withdraw {
        collection: Collection::Observations,
        id: id("b"),
        reason: "double".into(),
        expect: Expect::Any,
    };
    file.write(&actor(), &WriteRequest { operations: vec![withdraw], ..WriteRequest::default() }).expect("withdraws");
    file.audit_head().expect("reads").expect("has entries")
}

fn check(path: &std::path::Path, noted: Option<&AuditHead>) -> AuditReport {
    verify_audit(path, noted).expect("reads")
}

/// Copies the file, lets `attack` at the copy, and gives what the check finds against the noted head.
fn after(attack: &str) -> Vec<AuditFault> {
    let (_folder, path) = empty_folder();
    let head = written(&path);
    assert_eq!(check(&path, Some(&head)).faults, []);
    intruder(&path).execute_batch(attack).expect("the attack itself works");
    check(&path, Some(&head)).faults
}

#[test]
fn the_chain_is_the_hash_of_each_entry_after_the_one_before() {
    let (_folder, path) = empty_folder();
    let head = written(&path);
    let connection = Connection::open(&path).expect("opens");
    let mut statement = connection
        .prepare("SELECT seq, at_utc, actor, identity, action, subject, reason, revision, import_id, content_sha256, chain_sha256 FROM lagesbild_audit ORDER BY seq")
        .expect("reads");
    let mut rows = statement.query([]).expect("reads");
    let (mut before, mut count) = (String::new(), 0);
    while let Some(row) = rows.next().expect("reads") {
        let mut parts = vec![Some(before.clone())];
        for column in 0..10 {
            use rusqlite::types::Value;
            parts.push(match row.get::<_, Value>(column).expect("reads") {
                Value::Null => None,
                Value::Integer(n) => Some(n.to_string()),
                Value::Text(text) => Some(text),
                other => panic!("{other:?}"),
            });
        }
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.as_ref().map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
            hash.update(part.unwrap_or_default().as_bytes());
        }
        before = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(row.get::<_, String>(10).expect("reads"), before);
        count += 1;
    }
    assert_eq!((count, head.seq, head.chain_sha256), (6, 6, before));
}

#[test]
fn a_sound_log_is_found_sound_and_counted() {
    let (_folder, path) = empty_folder();
    let head = written(&path);
    let report = check(&path, Some(&head));
    assert_eq!(report.faults, []);
    assert_eq!((report.entries, report.revisions, report.head), (6, 5, Some(head)));
}

#[test]
fn an_edited_entry_is_found() {
    assert_eq!(after("UPDATE lagesbild_audit SET actor = 'someone' WHERE seq = 3"), [AuditFault::Altered { seq: 3 }]);
    assert_eq!(after("UPDATE lagesbild_audit SET reason = NULL WHERE seq = 4"), [AuditFault::Altered { seq: 4 }]);
}

#[test]
fn a_deleted_entry_is_found() {
    let faults = after("DELETE FROM lagesbild_audit WHERE seq = 4");
    assert_eq!(faults, [AuditFault::Missing { seq: 4, found: 5 }, AuditFault::Altered { seq: 5 }]);
}

#[test]
fn another_order_is_found() {
    let faults = after(
        "UPDATE lagesbild_audit SET seq = 99 WHERE seq = 3; UPDATE lagesbild_audit SET seq = 3 WHERE seq = 4;
         UPDATE lagesbild_audit SET seq = 4 WHERE seq = 99;",
    );
    assert!(faults.contains(&AuditFault::Altered { seq: 3 }) && faults.contains(&AuditFault::Altered { seq: 4 }));
}

#[test]
fn a_cut_end_is_found_by_the_head_that_was_noted() {
    let faults = after("DELETE FROM lagesbild_audit WHERE seq > 5");
    assert!(faults.contains(&AuditFault::Cut { seq: 6 }), "{faults:?}");
    // The withdrawal's own traces are still in the history: found without a noted head too.
    assert!(faults.contains(&AuditFault::Unlogged { revision: 5 }), "{faults:?}");
}

#[test]
fn an_end_that_was_cut_and_written_anew_is_found_by_the_head_that_was_noted() {
    let (_folder, path) = empty_folder();
    let head = written(&path);
    // The withdrawal is taken out of the log and out of the history, and its record put back as it was.
    intruder(&path)
        .execute_batch(
            "DELETE FROM lagesbild_audit WHERE seq = 6; DELETE FROM lagesbild_history WHERE to_revision = 5;",
        )
        .expect("cut");
    let mut file = DataFile::open(&path).expect("opens");
    let again = Change { observations: vec![observation("d", 14.65, 57.63, 3)], ..Change::default() };
    file.commit(&actor(), &again).expect("a proper entry, by the program itself");
    drop(file);
    let faults = check(&path, Some(&head)).faults;
    assert!(faults.contains(&AuditFault::Cut { seq: 6 }), "{faults:?}");
}

#[test]
fn records_changed_behind_our_back_are_found() {
    let content = |revision| AuditFault::Content { revision };
    assert_eq!(after("UPDATE observations SET category = 'theft' WHERE id = 'c'"), [content(4)]);
    assert_eq!(after("UPDATE observations SET geom = NULL WHERE id = 'a'"), [content(3)]);
    assert_eq!(after("DELETE FROM observations WHERE id = 'c'"), [content(4)]);
    assert_eq!(
        after("UPDATE lagesbild_history SET record = replace(record, 'lighting', 'theft') WHERE from_revision = 2"),
        [content(2)]
    );
    // Made to look like a purge that no entry tells of.
    assert_eq!(after("UPDATE lagesbild_history SET record = NULL WHERE from_revision = 2"), [content(2)]);
    assert_eq!(after("UPDATE lagesbild_history SET reason = 'other' WHERE to_revision = 5"), [content(5)]);
    assert_eq!(after("UPDATE areas SET certainty = 'official' WHERE certainty <> 'official'"), [content(1)]);
}

#[test]
fn a_record_of_every_collection_is_covered() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let operations = crate::records::one_of_each().into_iter().map(Operation::put).collect();
    file.write(&actor(), &WriteRequest { operations, ..WriteRequest::default() }).expect("commits");
    drop(file);
    for collection in Collection::ALL {
        let (_other, copy) = empty_folder();
        std::fs::copy(&path, &copy).expect("copied");
        let table = collection.table();
        let sql = format!("UPDATE {table} SET id = id || 'x' WHERE revision = 2");
        assert_eq!(intruder(&copy).execute(&sql, []).expect("attacks"), 1, "{table}");
        assert_eq!(check(&copy, None).faults, [AuditFault::Content { revision: 2 }], "{table}");
    }
}

#[test]
fn what_was_put_is_read_back_from_every_collection() {
    let (_folder, path) = empty_folder();
    let mut file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
    let records = crate::records::one_of_each();
    let operations = records.iter().cloned().map(Operation::put).collect();
    file.write(&actor(), &WriteRequest { operations, ..WriteRequest::default() }).expect("commits");
    drop(file);
    let store = lagesbild::store::Store::open(&path).expect("opens");
    for record in records {
        let found = store.found(record.collection(), record.id(), None).expect("reads");
        match found {
            lagesbild::store::Found::Current { record: kept, revision: 2 } => assert_eq!(kept, record),
            other => panic!("{other:?}"),
        }
    }
}
