//! The register of releases: numbers, revisions, who publishes when, and what the log proves of it.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use lagesbild::domain::{Actor, Role};
use lagesbild::store::{
    AuditFault, DataFile, NewRelease, PublishRule, ReleaseEntry, ReleaseRefused, Store, StoreError, releases_of,
    verify_audit,
};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::fixtures::{actor, empty_folder, new_file};

/// Two people, always: what the policy says in most places.
const TWO_PEOPLE: PublishRule = PublishRule { sole_publisher: false, wait_hours: 24 };
const ALONE: PublishRule = PublishRule { sole_publisher: true, wait_hours: 24 };

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// Noon of the day on which things are built here.
fn built() -> Timestamp {
    moment("2026-02-02T11:00:00Z")
}

fn later(hours: i64) -> Timestamp {
    built().checked_add(SignedDuration::from_hours(hours)).expect("a moment")
}

fn publisher(name: &str) -> Actor {
    Actor::verified(name, vec![Role::Publisher])
}

fn statistics(number: u32, content: char, revision_of: Option<u32>) -> NewRelease {
    NewRelease {
        number,
        stream: "statistics".into(),
        period: "2025".into(),
        first: date(2025, 1, 1),
        last: date(2025, 12, 31),
        published_on: date(2026, 2, 2),
        revision_of,
        content_sha256: content.to_string().repeat(64),
        areas_sha256: "a".repeat(64),
        data_revision: 1,
    }
}

fn follow_up(number: u32, month: i8, content: char) -> NewRelease {
    let first = date(2025, month, 1);
    NewRelease {
        number,
        stream: "follow-up".into(),
        period: format!("2025-{month:02}"),
        first,
        last: first.last_of_month(),
        ..statistics(number, content, None)
    }
}

struct Register {
    _folder: TempDir,
    path: std::path::PathBuf,
    file: DataFile,
}

impl Register {
    fn new() -> Self {
        let (folder, path) = empty_folder();
        let file = DataFile::create(&path, &new_file(), &actor()).expect("creates");
        Self { _folder: folder, path, file }
    }

    fn build(&mut self, new: &NewRelease) -> Result<ReleaseEntry, StoreError> {
        self.file.register_release(&publisher("anna"), new, built())
    }

    fn publish(&mut self, number: u32) -> ReleaseEntry {
        self.file.publish_release(&publisher("bo"), number, later(1), &TWO_PEOPLE).expect("published")
    }

    fn withdraw(&mut self, number: u32) -> ReleaseEntry {
        self.file.withdraw_release(&publisher("bo"), number, "fel period", later(2)).expect("withdrawn")
    }

    fn log(&self) -> Vec<String> {
        let connection = Connection::open(&self.path).expect("opens");
        let sql = "SELECT actor || ' ' || action || ' ' || subject || coalesce(' (' || reason || ')', '')
                   FROM lagesbild_audit WHERE seq > 1 ORDER BY seq";
        let mut statement = connection.prepare(sql).expect("prepares");
        statement.query_map([], |row| row.get(0)).expect("reads").map(|row| row.expect("text")).collect()
    }
}

fn refused(result: Result<ReleaseEntry, StoreError>) -> ReleaseRefused {
    match result.expect_err("is refused") {
        StoreError::Release(refused) => refused,
        other => panic!("{other}"),
    }
}

fn says(refused: &ReleaseRefused, parts: &[&str]) {
    let text = refused.to_string();
    assert!(parts.iter().all(|part| text.contains(part)), "{text:?} does not say all of {parts:?}");
}

#[test]
fn a_release_is_built_published_corrected_and_withdrawn_and_read_back_as_it_is() {
    let mut register = Register::new();
    let new = statistics(1, 'c', None);
    let entry = register.build(&new).expect("registered");
    assert_eq!((entry.built_by.as_str(), entry.built_at, entry.is_public()), ("anna", built(), false));
    assert_eq!((&entry.new, &entry.published, &entry.withdrawn), (&new, &None, &None));

    let entry = register.publish(1);
    assert_eq!((entry.published.clone(), entry.is_public()), (Some(("bo".to_string(), later(1))), true));
    let texts = [("Kartan visar 2025.", "The map shows 2025."), ("Linden är ett bolag.", "Linden is a company.")];
    for (sv, en) in texts {
        register.file.correct_release(&publisher("anna"), 1, &format!(" {sv} "), en, later(30)).expect("corrected");
    }
    let entry = register.withdraw(1);
    assert!(!entry.is_public());
    assert_eq!(entry.withdrawn, Some(("bo".to_string(), later(2), "fel period".to_string())));
    let corrections: Vec<(Date, &str, &str, &str)> =
        entry.corrections.iter().map(|c| (c.on, c.by.as_str(), c.text_sv.as_str(), c.text_en.as_str())).collect();
    assert_eq!(
        corrections,
        [(date(2026, 2, 3), "anna", texts[0].0, texts[0].1), (date(2026, 2, 3), "anna", texts[1].0, texts[1].1)]
    );

    assert_eq!(register.file.releases().expect("reads"), std::slice::from_ref(&entry));
    assert_eq!(releases_of(&register.path).expect("reads beside the writer"), std::slice::from_ref(&entry));
    assert_eq!(
        register.log(),
        [
            "anna release release 1: built, statistics 2025",
            "bo release release 1: published",
            "anna release release 1: text corrected",
            "anna release release 1: text corrected",
            "bo release release 1: withdrawn (fel period)"
        ]
    );
    drop(register.file);
    assert_eq!(Store::open(&register.path).expect("opens").releases().expect("reads"), [entry]);
    let report = verify_audit(&register.path, None).expect("reads");
    assert_eq!((report.faults, report.entries, report.revisions), (vec![], 6, 1));
}

#[test]
fn numbers_go_up_by_one_and_are_never_used_twice() {
    let mut register = Register::new();
    says(&refused(register.build(&follow_up(2, 1, '1'))), &["release 2", "next number is 1"]);
    register.build(&follow_up(1, 1, '1')).expect("registered");
    register.withdraw(1);
    says(&refused(register.build(&follow_up(1, 2, '2'))), &["release 1", "next number is 2"]);
    register.build(&follow_up(2, 2, '2')).expect("registered");
    assert_eq!(refused(register.build(&follow_up(4, 3, '3'))), ReleaseRefused::NotNext { number: 4, next: 3 });
    assert_eq!(register.file.releases().expect("reads").len(), 2);
}

#[test]
fn the_same_content_of_a_period_is_one_release_until_it_is_withdrawn() {
    let mut register = Register::new();
    let first = register.build(&statistics(1, 'c', None)).expect("registered");
    let entries = register.log().len();
    // Built again by somebody else, under the next number: the answer is the one that is there.
    let again =
        register.file.register_release(&publisher("bo"), &statistics(2, 'c', None), later(5)).expect("is there");
    assert_eq!((&again, register.log().len()), (&first, entries));
    register.publish(1);
    assert_eq!(register.build(&statistics(2, 'c', None)).expect("is there").new.number, 1);
    // The same bytes for another period or stream are another release.
    assert_eq!(register.build(&follow_up(2, 12, 'c')).expect("registered").new.number, 2);
    register.withdraw(1);
    assert_eq!(
        refused(register.build(&statistics(3, 'c', None))),
        ReleaseRefused::NotARevision { period: "2025".into(), expected: "release 1".into() }
    );
}

#[test]
fn a_period_of_a_stream_comes_out_once_and_once_revised_whatever_is_withdrawn() {
    let half = NewRelease { period: "2025-H1".into(), last: date(2025, 6, 30), ..statistics(3, '3', None) };
    for (said, example, another_period) in [
        ("statistics of 2025", statistics(1, '1', None), half),
        ("follow-up of 2025-01", follow_up(1, 1, '1'), follow_up(3, 2, '3')),
    ] {
        let mut register = Register::new();
        let make = |number, content: char, revision_of| NewRelease {
            number,
            content_sha256: content.to_string().repeat(64),
            revision_of,
            ..example.clone()
        };
        says(&refused(register.build(&make(1, '1', Some(1)))), &["nothing of it was published"]);
        register.build(&make(1, '1', None)).expect("the first");
        // Before it is published there is no second, revision or not.
        for revision_of in [None, Some(1)] {
            says(
                &refused(register.build(&make(2, '2', revision_of))),
                &["release 1, ", said, "publish it, or withdraw it"],
            );
        }
        register.publish(1);
        for revision_of in [None, Some(7)] {
            says(&refused(register.build(&make(2, '2', revision_of))), &["revision of release 1"]);
        }
        register.build(&make(2, '2', Some(1))).expect("its revision");
        says(&refused(register.build(&make(3, '3', Some(1)))), &[said, "third", "release 1", "release 2"]);
        register.publish(2);
        says(&refused(register.build(&make(3, '3', Some(1)))), &[said, "third"]);
        register.withdraw(1);
        register.withdraw(2);
        for revision_of in [None, Some(1), Some(2)] {
            says(&refused(register.build(&make(3, '3', revision_of))), &["third time", "release 1", "release 2"]);
        }
        // Another period is its own.
        register.build(&another_period).expect("another period");
    }
}

#[test]
fn the_streams_of_a_period_do_not_count_for_each_other() {
    let mut register = Register::new();
    let of_month = |number, content| NewRelease { stream: "statistics".into(), ..follow_up(number, 1, content) };
    register.build(&follow_up(1, 1, '1')).expect("a follow-up");
    register.build(&of_month(2, '2')).expect("statistics of the same month");
    register.publish(1);
    register.publish(2);
    let named = NewRelease { revision_of: Some(2), ..follow_up(3, 1, '3') };
    says(&refused(register.build(&named)), &["revision of release 1"]);
    register.build(&NewRelease { revision_of: Some(1), ..named }).expect("names its own first");
}

#[test]
fn whether_a_release_would_be_registered_is_told_before_and_changes_nothing() {
    let mut register = Register::new();
    register.build(&follow_up(1, 1, '1')).expect("registered");
    let (entries, logged) = (register.file.releases().expect("reads"), register.log());
    let mut told = Vec::new();
    for new in [follow_up(2, 2, '2'), follow_up(9, 1, '1'), follow_up(2, 1, '2'), follow_up(3, 2, '2')] {
        told.push(register.file.may_register(&new).map_err(|error| error.to_string()));
    }
    assert_eq!((&told[0], &told[1]), (&Ok(()), &Ok(())), "the next, and what is there already");
    assert!(told[2].as_ref().is_err_and(|why| why.contains("release 1, follow-up of 2025-01")), "{told:?}");
    assert!(told[3].as_ref().is_err_and(|why| why.contains("next number is 2")), "{told:?}");
    assert_eq!((register.file.releases().expect("reads"), register.log()), (entries, logged));
    // What registering says is the same, and so is what a running service says.
    assert_eq!(refused(register.build(&follow_up(2, 1, '2'))).to_string(), *told[2].as_ref().expect_err("refused"));
    let Register { file, path, _folder } = register;
    drop(file);
    let store = Store::open(&path).expect("opens");
    for (new, told) in [(follow_up(2, 2, '2'), &told[0]), (follow_up(2, 1, '2'), &told[2])] {
        assert_eq!(store.may_register(&new).map_err(|error| error.to_string()), *told);
    }
}

#[test]
fn what_was_withdrawn_before_anybody_saw_it_does_not_count() {
    let mut register = Register::new();
    register.build(&statistics(1, '1', None)).expect("a draft");
    register.withdraw(1);
    register.build(&statistics(2, '2', None)).expect("the first after all");
    register.publish(2);
    register.build(&statistics(3, '3', Some(2))).expect("a draft of the revision");
    register.withdraw(3);
    register.build(&statistics(4, '4', Some(2))).expect("the revision after all");
    register.publish(4);
    says(&refused(register.build(&statistics(5, '5', Some(2)))), &["third", "release 2", "release 4"]);
}

#[test]
fn the_one_who_built_a_release_does_not_publish_it() {
    let mut register = Register::new();
    register.build(&statistics(1, '1', None)).expect("registered");
    for name in ["anna", "Anna "] {
        let refused = refused(register.file.publish_release(&publisher(name), 1, later(1_000), &TWO_PEOPLE));
        says(
            &refused,
            &["release 1", "built by anna at 2026-02-02T11:00:00Z", "somebody else", "sole_publisher = false"],
        );
    }
    let entry = register.file.publish_release(&publisher("bo"), 1, built(), &TWO_PEOPLE).expect("published at once");
    assert_eq!(entry.published, Some(("bo".to_string(), built())));
}

#[test]
fn a_sole_publisher_waits_the_hours_of_the_policy() {
    let mut register = Register::new();
    register.build(&statistics(1, '1', None)).expect("registered");
    let anna = publisher("anna");
    let short = later(24).checked_sub(SignedDuration::from_secs(1)).expect("a moment");
    let early = refused(register.file.publish_release(&anna, 1, short, &ALONE));
    says(&early, &["built by anna", "24 hours", "from 2026-02-03T11:00:00Z on"]);
    assert!(matches!(early, ReleaseRefused::SecondPerson { from: Some(from), .. } if from == later(24)));
    assert!(register.file.publish_release(&anna, 1, later(24), &ALONE).expect("published").is_public());
}

#[test]
fn only_a_publisher_publishes_withdraws_and_corrects() {
    let mut register = Register::new();
    register.build(&statistics(1, '1', None)).expect("registered");
    let editor = Actor::verified("ed", vec![Role::Editor, Role::Reader]);
    says(&refused(register.file.publish_release(&editor, 1, later(1), &TWO_PEOPLE)), &["ed is no publisher"]);
    says(&refused(register.file.withdraw_release(&editor, 1, "fel", later(1))), &["ed is no publisher"]);
    register.publish(1);
    says(&refused(register.file.correct_release(&editor, 1, "a", "b", later(1))), &["ed is no publisher"]);
    assert_eq!(register.log().len(), 2, "what was refused is not in the log");
}

#[test]
fn a_release_is_not_published_before_its_day_where_the_data_is() {
    let mut register = Register::new();
    let new = NewRelease { published_on: date(2026, 2, 15), ..statistics(1, '1', None) };
    register.build(&new).expect("registered");
    // 2026-02-14 23:59 in Stockholm, which is an hour ahead of UTC in winter.
    let early =
        refused(register.file.publish_release(&publisher("bo"), 1, moment("2026-02-14T22:59:59Z"), &TWO_PEOPLE));
    says(&early, &["2026-02-15", "today is 2026-02-14"]);
    register.file.publish_release(&publisher("bo"), 1, moment("2026-02-14T23:00:00Z"), &TWO_PEOPLE).expect("published");
}

#[test]
fn nothing_happens_twice_or_after_a_withdrawal() {
    let mut register = Register::new();
    register.build(&statistics(1, '1', None)).expect("registered");
    let (anna, bo) = (publisher("anna"), publisher("bo"));
    says(&refused(register.file.correct_release(&bo, 1, "a", "b", later(1))), &["release 1 is not published"]);
    register.publish(1);
    let again = refused(register.file.publish_release(&bo, 1, later(3), &TWO_PEOPLE));
    says(&again, &["published by bo at 2026-02-02T12:00:00Z already"]);
    register.withdraw(1);
    for result in [
        register.file.publish_release(&bo, 1, later(3), &TWO_PEOPLE),
        register.file.withdraw_release(&anna, 1, "igen", later(3)),
        register.file.correct_release(&anna, 1, "a", "b", later(3)),
    ] {
        says(&refused(result), &["release 1 was withdrawn by bo at 2026-02-02T13:00:00Z (fel period)"]);
    }
    says(&refused(register.file.withdraw_release(&bo, 9, "fel", later(3))), &["no release 9", "release list"]);
}

#[test]
fn what_is_no_release_no_reason_and_no_correction_is_refused_with_what_is_taken() {
    let mut register = Register::new();
    let good = || statistics(1, '1', None);
    for (bad, part) in [
        (NewRelease { stream: "weekly".into(), ..good() }, "follow-up, statistics"),
        (NewRelease { period: "2025-01-01/2025-12-31".into(), ..good() }, "2025-03"),
        (NewRelease { period: "2024".into(), ..good() }, "2025-03"),
        (NewRelease { last: date(2024, 12, 31), ..good() }, "2025-03"),
        (NewRelease { published_on: date(2025, 12, 31), ..good() }, "after the last"),
        (NewRelease { content_sha256: "A".repeat(64), ..good() }, "0-9 and a-f"),
        (NewRelease { areas_sha256: "a".repeat(63), ..good() }, "0-9 and a-f"),
        (NewRelease { data_revision: 2, ..good() }, "revision of the data file"),
    ] {
        says(&refused(register.build(&bad)), &[part]);
    }
    register.build(&good()).expect("registered");
    register.publish(1);
    let long = "x".repeat(401);
    for text in ["", "  \t", "two\nlines", long.as_str()] {
        says(&refused(register.file.withdraw_release(&publisher("bo"), 1, text, later(3))), &["reason", "1 to 400"]);
        says(
            &refused(register.file.correct_release(&publisher("bo"), 1, "ok", text, later(3))),
            &["English", "1 to 400"],
        );
        says(
            &refused(register.file.correct_release(&publisher("bo"), 1, text, "ok", later(3))),
            &["Swedish", "1 to 400"],
        );
    }
}

#[test]
fn a_register_changed_behind_our_back_is_found() {
    let mut register = Register::new();
    register.build(&statistics(1, '1', None)).expect("registered");
    register.publish(1);
    register.file.correct_release(&publisher("bo"), 1, "Rättat.", "Corrected.", later(3)).expect("corrected");
    register.build(&follow_up(2, 1, '2')).expect("registered");
    let Register { file, path, _folder } = register;
    drop(file);
    assert_eq!(verify_audit(&path, None).expect("reads").faults, []);
    let row = "SELECT 3, stream, period, first_day, last_day, published_on, revision_of, content_sha256, areas_sha256,
        data_revision, built_by, built_utc, NULL, NULL, NULL, NULL, NULL FROM lagesbild_release WHERE number = 2";
    for (attack, number) in [
        ("UPDATE lagesbild_release SET content_sha256 = areas_sha256 WHERE number = 2".to_string(), 2),
        ("UPDATE lagesbild_release SET published_by = 'anna' WHERE number = 1".to_string(), 1),
        ("UPDATE lagesbild_release_correction SET text_sv = 'Annat.'".to_string(), 1),
        ("DELETE FROM lagesbild_release_correction".to_string(), 1),
        ("DELETE FROM lagesbild_release WHERE number = 2".to_string(), 2),
        (format!("INSERT INTO lagesbild_release {row}"), 3),
    ] {
        let (_other, copy) = empty_folder();
        std::fs::copy(&path, &copy).expect("copied");
        crate::audit::intruder(&copy).execute_batch(&attack).expect("the attack itself works");
        let faults = verify_audit(&copy, None).expect("reads").faults;
        assert_eq!(faults, [AuditFault::Release { number }], "{attack}");
        assert!(faults[0].to_string().contains(&format!("release {number} ")), "{}", faults[0]);
    }
    // Without knowledge of the guard nobody gets that far.
    let foreign = Connection::open(&path).expect("opens").execute("DELETE FROM lagesbild_release", []);
    assert!(foreign.expect_err("is guarded").to_string().contains("lagesbild_writer"));
}

#[test]
fn the_register_is_no_layer_of_the_file() {
    let mut register = Register::new();
    register.build(&statistics(1, '1', None)).expect("registered");
    let connection = Connection::open(&register.path).expect("opens");
    let listed: i64 = connection
        .query_row("SELECT count(*) FROM gpkg_contents WHERE table_name LIKE '%release%'", [], |row| row.get(0))
        .expect("reads");
    assert_eq!(listed, 0);
}
