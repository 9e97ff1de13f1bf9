//! What the ledger says: plain Swedish, complete English, another promise without another program.

use lagesbild::domain::Record;
use lagesbild::followup::BookBuilder;
use lagesbild::followup::ledger::ledger;
use lagesbild::geodata::{default_place, read_promises};
use lagesbild::text::lang::Lang;
use lagesbild::text::paper::{markdown, prose};
use lagesbild::wire::followup::commitment_paper::commitment_paper;
use lagesbild::wire::followup::ledger_paper::ledger_paper;

use crate::books::{at, count, day, frame_of, id, operation};
use crate::lix::lix;

/// The book of a promise file over the areas of Nässjö.
fn builder(text: &str) -> BookBuilder {
    let mut builder = BookBuilder::new(&frame_of(default_place().areas.clone()), 1);
    let read = read_promises("promises.json", text);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    read.documents.into_iter().for_each(|document| builder.promise(document));
    builder
}

#[test]
fn the_ledger_is_plain_swedish() {
    let mut builder = builder(include_str!("../../geodata/nassjo/promises.json"));
    for n in 0..7 {
        let mut activity = operation(&format!("o{n}"), &format!("2019-{:02}-03T20:00", n + 5));
        activity.location.shape = None;
        activity.location.area = Some(id("runneryd"));
        builder.record(Record::Activity(activity));
    }
    let mut reported = count("n1", "2019-06", 3);
    reported.area = Some(id("runneryd"));
    builder.record(Record::ReportedCount(reported));
    let mut nobody = operation("i1", "2019-09-03T10:00");
    nobody.kind = "safety_inventory".into();
    nobody.actors = Vec::new();
    nobody.location.shape = Some(at(14.0));
    builder.record(Record::Activity(nobody));
    let book = builder.finish();
    for on in ["2019-04-01", "2019-06-30", "2019-12-31", "2020-06-30", "2021-01-01"] {
        let ledger = ledger(&book, day(on));
        let text = prose(&ledger_paper(&book, &ledger, Lang::Sv));
        // Every reason of the table too: they are sentences.
        let reasons: String = ledger.documents[0]
            .rows
            .iter()
            .map(|row| lagesbild::wire::followup::words::reason(row, ledger.as_of, Lang::Sv) + "\n")
            .collect();
        for (what, text) in [("page", &text), ("reasons", &reasons)] {
            assert!(lix(text) <= 40.0, "{what} on {on}: LIX {:.1}\n{text}", lix(text));
        }
        for row in &ledger.documents[0].rows {
            let id = row.commitment.id.as_str();
            for lang in Lang::ALL {
                let paper = commitment_paper(&book, &ledger, "nassjo-2019-2020", id, lang).expect("a page");
                assert!(markdown(&paper).lines().count() > 5 && !paper.lead.is_empty(), "{id}");
            }
        }
    }
}

#[test]
fn a_later_promise_needs_no_other_program() {
    let mut builder = builder(include_str!("../geodata/promise_2023_2024.json"));
    // 30 traffic checks a year: 26 reported by the quarter, 5 recorded one by one in the last quarter of 2023.
    for (quarter, n) in [("2023-Q1", 8), ("2023-Q2", 9), ("2023-Q3", 9)] {
        let mut reported = count(quarter, quarter, n);
        (reported.kind, reported.area) = ("traffic_check".into(), None);
        builder.record(Record::ReportedCount(reported));
    }
    for n in 1..=5 {
        let mut check = operation(&format!("t{n}"), &format!("2023-11-{n:02}T08:00"));
        check.kind = "traffic_check".into();
        builder.record(Record::Activity(check));
    }
    let book = builder.finish();
    let ledger = ledger(&book, day("2023-12-31"));
    let rows = &ledger.documents[0].rows;
    let of = |kind: &str| {
        let found = rows.iter().find(|row| row.commitment.pledge.kind() == Some(kind)).expect(kind);
        let current = found.current(ledger.as_of).expect("a number");
        (current.done, current.target, found.status.code())
    };
    assert_eq!(of("traffic_check"), (31, 30, "met"));
    assert_eq!(of("targeted_operation"), (0, 15, "behind"));
    assert_eq!(of("collaboration_meeting"), (0, 2, "behind"));
    assert_eq!(of("safety_walk").1, 1);
    assert_eq!(of("safety_inventory").1, 1);
}
