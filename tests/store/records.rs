//! A record of every collection.

use jiff::civil::date;
use lagesbild::domain::{
    Action, ActionStatus, Booking, Comment, Participant, Period, Priority, Record, Report, ReportedCount,
    StoredPromise, Survey, SurveyResult, TimeCertainty, When,
};

use crate::fixtures::{MONDAY_EIGHT, areas, full_activity, full_observation, id, places};

pub(crate) fn one_of_each() -> Vec<Record> {
    let mut area = areas().remove(0);
    area.id = id("another-area");
    let mut place = places().remove(0);
    place.id = id("another-place");
    let may = Period::new(date(2026, 5, 1), date(2026, 6, 1)).expect("a month");
    let mut records = vec![
        Record::Area(area),
        Record::Place(place),
        Record::Activity(full_activity("act")),
        Record::Observation(full_observation("obs")),
        Record::Survey(Survey {
            dont_go_there: Some(17),
            dont_know: Some(4),
            id: id("wave-1"),
            wave: "2026".into(),
            area: None,
            question_sv: "Hur trygg känner du dig?".into(),
            question_en: "How safe do you feel?".into(),
            respondents: "residents".into(),
            answer_scale: "1-5".into(),
            unsafe_answers: "1, 2".into(),
            period: may.clone(),
            result: SurveyResult::Counts { asked: 900, answered: 412, unsafe_count: 103 },
            source: "kommunen".into(),
        }),
        Record::ReportedCount(ReportedCount {
            id: id("rc-1"),
            organisation: "Lokalpolisområde Höglandet".into(),
            kind: "targeted_operation".into(),
            area: None,
            period: may.clone(),
            n: 4,
            reported_by: "kommunpolisen".into(),
            intelligence_led: Some(3),
            actors: Participant::parse_list("police:Lokalpolisområde Höglandet; municipality"),
            reported_on: date(2026, 6, 3),
        }),
        Record::Action(Action {
            id: id("action-1"),
            about: Some(id("obs")),
            text: "Byt lampan vid spår 1".into(),
            owner_organisation: "Nässjö kommun".into(),
            due: Some(date(2026, 6, 30)),
            status: ActionStatus::NotDone,
            why_not: Some("Trafikverkets mast".into()),
            recheck: None,
            area: None,
        }),
        Record::Report(Report {
            id: id("report-1"),
            organisation: "Linden".into(),
            week: Period::new(date(2026, 5, 4), date(2026, 5, 11)).expect("a week"),
            area: None,
            n: 0,
            reported_on: date(2026, 5, 11),
        }),
        Record::Promise(StoredPromise {
            id: id("promise-1"),
            text_sv: "Ett löfte".into(),
            text_en: "A promise".into(),
            period: may,
            json: "{}".into(),
        }),
    ];
    records.extend(new_of_3());
    records
}

/// A record of each collection that came with version 3 of the tables.
pub(crate) fn new_of_3() -> Vec<Record> {
    let when = When::interval(MONDAY_EIGHT, MONDAY_EIGHT + 7_200, TimeCertainty::Interval).expect("two hours");
    vec![
        Record::Booking(Booking {
            id: id("booking-1"),
            kind: "dialogue".into(),
            when,
            area: None,
            actors: Participant::parse_list("police; municipality:Nässjö kommun"),
            title: Some("Uppföljning av löftet".into()),
            booked_on: date(2026, 5, 4),
            cancelled: true,
            activity: Some(id("act")),
            invitation: true,
        }),
        Record::Comment(Comment {
            id: id("comment-1"),
            promise: id("promise-1"),
            commitment: id("insatser"),
            party: id("police"),
            text: "Vi tar igen det under hösten.".into(),
            on: date(2026, 6, 2),
        }),
        Record::Priority(Priority {
            id: id("priority-1"),
            week: Period::new(date(2026, 6, 1), date(2026, 6, 8)).expect("a week"),
            rank: 1,
            area: None,
            text: "Närvaro vid resecentrum fredag kväll".into(),
            owner_organisation: Some("Lokalpolisområde Höglandet".into()),
            decided_on: date(2026, 5, 29),
        }),
    ]
}
