//! A record of every collection.

use jiff::civil::date;
use lagesbild::domain::{
    Action, ActionStatus, Period, Record, Report, ReportedCount, StoredPromise, Survey, SurveyResult,
};

use crate::fixtures::{areas, full_activity, full_observation, id, places};

pub(crate) fn one_of_each() -> Vec<Record> {
    let mut area = areas().remove(0);
    area.id = id("another-area");
    let mut place = places().remove(0);
    place.id = id("another-place");
    let may = Period::new(date(2026, 5, 1), date(2026, 6, 1)).expect("a month");
    vec![
        Record::Area(area),
        Record::Place(place),
        Record::Activity(full_activity("act")),
        Record::Observation(full_observation("obs")),
        Record::Survey(Survey {
            dont_go_there: None,
            dont_know: None,
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
            intelligence_led: None,
            actors: Vec::new(),
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
    ]
}
