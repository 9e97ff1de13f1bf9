//! What does not fit together is named, and the ledger still renders.

use lagesbild::domain::{Booking, CountBy, Participant, Period, Record, Survey, SurveyResult, TimeCertainty, When};
use lagesbild::followup::ledger::{Reason, ledger};
use lagesbild::followup::notice::Notice;
use lagesbild::followup::status::{Rule, Status};

use crate::books::{
    book, book_in, commitment, day, document, frame_of, id, operation, period, pledge, row, second, square,
};

fn meetings(days: &str, name: &str) -> lagesbild::domain::PromiseDocument {
    document(name, days, vec![commitment("c", pledge("collaboration_meeting", 2, CountBy::Activity))])
}

#[test]
fn promises_that_overlap_are_named_on_both_and_one_activity_counts_in_both() {
    let mut meeting = operation("m", "2025-08-01T10:00");
    meeting.kind = "collaboration_meeting".into();
    let book =
        book(vec![meetings("2025", "old"), meetings("2025-07-01/2026-06-30", "new")], vec![Record::Activity(meeting)]);
    let ledger = ledger(&book, day("2025-09-01"));
    let both: Period = period("2025-07-01/2025-12-31");
    for (document, other) in [(0, "new"), (1, "old")] {
        let row = &ledger.documents[document].rows[0];
        let expected =
            Notice::OverlappingPromises { commitment: id("c"), other: (id(other), id("c")), period: both.clone() };
        assert_eq!((row.stretches[0].done, &row.notices[..]), (1, &[expected][..]));
    }
}

#[test]
fn a_newer_outline_of_the_area_is_named() {
    let mut old = square("here", 0.0);
    old.valid_to = Some(day("2025-06-30"));
    let mut new = square("here-2", 0.0);
    new.names = old.names.clone();
    new.valid_from = Some(day("2025-07-01"));
    let book = book_in(&frame_of(vec![old, new]), vec![meetings("2025", "d")], vec![]);
    let expected = Notice::AreaReplaced {
        area: id("here"),
        valid_from: None,
        valid_to: Some(day("2025-06-30")),
        newer: vec![id("here-2")],
    };
    assert_eq!(row(&book, "2025-09-01").notices, [expected]);
    let gone = book_in(&frame_of(vec![]), vec![meetings("2025", "d")], vec![]);
    assert_eq!(row(&gone, "2025-09-01").notices, [Notice::UnknownArea { area: id("here") }]);
}

#[test]
fn a_period_that_has_not_begun_is_named() {
    let book = book(vec![meetings("2025", "d")], vec![]);
    let ledger = ledger(&book, day("2024-12-31"));
    assert_eq!(ledger.documents[0].notices, [Notice::PeriodNotBegun { begins: day("2025-01-01") }]);
    let row = &ledger.documents[0].rows[0];
    assert_eq!((row.status, &row.reason), (Status::NotStarted, &Reason::Rule(Rule::PeriodNotBegun)));
}

#[test]
fn an_inventory_without_participants_is_named() {
    let mut inventory = operation("i", "2025-05-02T10:00");
    inventory.kind = "safety_inventory".into();
    inventory.actors = Vec::new();
    let document = document("d", "2025", vec![commitment("c", pledge("safety_inventory", 1, CountBy::Activity))]);
    let row = row(&book(vec![document], vec![Record::Activity(inventory)]), "2025-06-01");
    assert_eq!((row.stretches[0].done, row.notices), (0, vec![Notice::WithoutParticipants { activity: id("i") }]));
}

#[test]
fn a_survey_with_more_answers_than_asked_and_a_promise_that_cannot_be_read_are_named() {
    let survey = Survey {
        id: id("s"),
        wave: "2025".into(),
        area: Some(id("here")),
        question_sv: "Känner du dig trygg?".into(),
        question_en: "Do you feel safe?".into(),
        respondents: "all".into(),
        answer_scale: String::new(),
        unsafe_answers: String::new(),
        period: period("2025-05"),
        result: SurveyResult::Counts { asked: 100, answered: 90, unsafe_count: 20 },
        dont_know: Some(8),
        dont_go_there: Some(3),
        source: String::new(),
    };
    let mut builder = lagesbild::followup::BookBuilder::new(&crate::books::frame(), 1);
    builder.record(Record::Survey(survey));
    builder.unreadable_promise(id("x"), "no commitments".into());
    builder.promise(meetings("2025", "d"));
    let ledger = ledger(&builder.finish(), day("2025-06-01"));
    let unreadable = Notice::UnreadablePromise { promise: id("x"), what: "no commitments".into() };
    assert_eq!(ledger.notices, [unreadable, Notice::MoreAnswersThanAsked { survey: id("s") }]);
    assert_eq!(ledger.documents.len(), 1);
}

#[test]
fn a_booked_date_makes_it_planned_until_it_is_gone() {
    let start = second("2025-05-02T10:00");
    let booking = |cancelled: bool| Booking {
        id: id("b"),
        kind: "collaboration_meeting".into(),
        when: When::interval(start, start + 3600, TimeCertainty::Interval).expect("an hour"),
        area: Some(id("here")),
        actors: Participant::parse_list("police; municipality"),
        title: None,
        booked_on: day("2025-03-01"),
        cancelled,
        activity: None,
        invitation: false,
    };
    let on = |date: &str, cancelled: bool| {
        let mut book = book(vec![meetings("2025", "d")], vec![]);
        book.bookings.push(booking(cancelled));
        let row = row(&book, date);
        (row.status, row.notices)
    };
    assert_eq!(on("2025-02-28", false), (Status::NotStarted, vec![]));
    assert_eq!(on("2025-05-02", false), (Status::Planned, vec![]));
    let gone = Notice::BookingWithoutActivity { booking: id("b"), day: day("2025-05-02") };
    assert_eq!(on("2025-05-03", false), (Status::NotStarted, vec![gone]));
    assert_eq!(on("2025-05-02", true), (Status::NotStarted, vec![]));
}
