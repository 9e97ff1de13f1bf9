//! What is exported of the follow-up can be imported again, and is the same: CSV in both styles, and workbooks with
//! Swedish headings.

use jiff::civil::date;
use lagesbild::domain::{
    Action, ActionStatus, Booking, Collection, Comment, Id, Participant, Period, Priority, Report, ReportedCount,
    Survey, SurveyResult, TimeCertainty, When,
};
use lagesbild::geodata::{CsvExport, CsvStyle, ExportOptions, ReadOptions, Record, WorkbookExport};

use crate::followup::area;
use crate::{observations, try_read, zone};

fn id(text: &str) -> Id {
    Id::new(text).expect("id")
}

fn actors(text: &str) -> Vec<Participant> {
    Participant::parse_list(text)
}

fn period(text: &str) -> Period {
    Period::parse(text).expect("period")
}

/// With everything they can have, and with as little.
fn records(of: Collection) -> Vec<Record> {
    match of {
        Collection::Bookings => {
            let evening = When::interval(1_780_300_800, 1_780_308_000, TimeCertainty::Interval).expect("two hours");
            // The local day 2026-06-01 of Stockholm.
            let day = When::interval(1_780_264_800, 1_780_351_200, TimeCertainty::WholeDay).expect("a day");
            let booking = |name: &str, when, full: bool| Booking {
                id: id(name),
                kind: "collaboration_meeting".into(),
                when,
                area: full.then(|| id("runneryd")),
                actors: if full { actors("police; municipality:Nässjö kommun") } else { Vec::new() },
                title: full.then(|| "=Uppföljning; hösten".into()),
                booked_on: date(2026, 5, 4),
                cancelled: full,
                activity: full.then(|| id("act-1")),
                invitation: false,
            };
            let one_role = Booking { actors: actors("police"), ..booking("b4", When::instant(1_780_300_800), false) };
            let invited = Booking { kind: "dialogue".into(), invitation: true, ..booking("b5", evening, false) };
            let list = [
                booking("b1", evening, true),
                booking("b2", day, false),
                booking("b3", evening, false),
                one_role,
                invited,
            ];
            list.into_iter().map(Record::Booking).collect()
        }
        Collection::Comments => vec![Record::Comment(Comment {
            id: id("k1"),
            promise: id("lofte-ett"),
            commitment: id("insatser-runneryd"),
            party: id("police"),
            text: "Vi tar igen det,\nunder hösten. ".trim().repeat(12),
            on: date(2026, 6, 2),
        })],
        Collection::Priorities => [(1, true), (2, false)]
            .map(|(rank, full)| {
                Record::Priority(Priority {
                    id: id(&format!("p{rank}")),
                    week: period("2026-W53"),
                    rank,
                    area: full.then(|| id("runneryd")),
                    text: "+Närvaro fredag kväll".into(),
                    owner_organisation: full.then(|| "Linden AB".into()),
                    decided_on: date(2026, 12, 28),
                })
            })
            .into(),
        Collection::ReportedCounts => {
            [(Some(3), "police:LPO Höglandet; property_owner", "2026-05"), (None, "", "2026-Q3")]
                .map(|(intelligence_led, list, when)| {
                    Record::ReportedCount(ReportedCount {
                        id: id(when),
                        organisation: "Polisen".into(),
                        kind: "targeted_operation".into(),
                        area: intelligence_led.map(|_| id("runneryd")),
                        period: period(when),
                        n: 4,
                        intelligence_led,
                        actors: actors(list),
                        reported_by: "kommunpolisen".into(),
                        reported_on: date(2026, 10, 3),
                    })
                })
                .into()
        }
        Collection::Surveys => {
            let counts = SurveyResult::Counts { asked: 900, answered: 412, unsafe_count: 103 };
            let share = |margin, weighted| SurveyResult::Share { unsafe_share: 0.25, answered: 400, margin, weighted };
            let results = [
                (counts, Some(17)),
                (share(Some(0.04), Some(true)), None),
                (share(None, Some(false)), Some(0)),
                (share(None, None), None),
            ];
            let wave = |(at, (result, apart)): (usize, (SurveyResult, Option<u32>))| {
                Record::Survey(Survey {
                    id: id(&format!("s{at}")),
                    wave: "2026".into(),
                    area: Some(id("runneryd")),
                    question_sv: "Hur trygg känner du dig?".into(),
                    question_en: "How safe do you feel?".into(),
                    respondents: "residents".into(),
                    answer_scale: "1-5".into(),
                    unsafe_answers: "1, 2".into(),
                    period: period("2026-09-07/2026-10-04"),
                    result,
                    dont_know: apart,
                    dont_go_there: apart.map(|n| n + 4),
                    source: "kommunen".into(),
                })
            };
            results.into_iter().enumerate().map(wave).collect()
        }
        Collection::Actions => vec![Record::Action(Action {
            id: id("m1"),
            about: Some(id("obs-1")),
            text: "Byt lampan".into(),
            owner_organisation: "Nässjö kommun".into(),
            due: Some(date(2026, 6, 30)),
            status: ActionStatus::NotDone,
            why_not: Some("Trafikverkets mast".into()),
            recheck: Some(date(2026, 9, 1)),
            area: Some(id("runneryd")),
        })],
        _ => vec![Record::Report(Report {
            id: id("r1"),
            organisation: "Linden".into(),
            week: period("2026-W19"),
            area: None,
            n: 0,
            reported_on: date(2026, 5, 11),
        })],
    }
}

const COLLECTIONS: [Collection; 7] = [
    Collection::Bookings,
    Collection::Comments,
    Collection::Priorities,
    Collection::ReportedCounts,
    Collection::Surveys,
    Collection::Actions,
    Collection::Reports,
];

fn options(of: Collection) -> ExportOptions {
    ExportOptions { of, zone: zone("Europe/Stockholm"), kept: vec![], terms: vec![], data_class: None }
}

fn assert_back(content: &[u8], of: Collection, how: &str) {
    let read = ReadOptions { into: of, ..observations() };
    let outcome = try_read(content, &read, &[area()]).expect("readable");
    assert!(outcome.problems.is_empty(), "{} {how}: {:?}", of.code(), outcome.problems);
    assert_eq!(outcome.records, records(of), "{} {how}", of.code());
}

#[test]
fn records_of_the_follow_up_come_back_equal_from_csv() {
    for of in COLLECTIONS {
        for style in [CsvStyle::Rfc, CsvStyle::ExcelSv] {
            let mut out = Vec::new();
            let mut export = CsvExport::new(&mut out, options(of), style).expect("heading");
            records(of).iter().for_each(|record| export.write(record).expect("written"));
            export.finish().expect("flushed");
            assert_back(&out, of, if style == CsvStyle::Rfc { "csv" } else { "csv-excel-sv" });
        }
    }
}

#[test]
fn records_of_the_follow_up_come_back_equal_from_workbooks_with_swedish_headings() {
    for of in COLLECTIONS {
        let mut export = WorkbookExport::new();
        export.begin(options(of)).expect("begun");
        records(of).iter().for_each(|record| export.write(record).expect("written"));
        let mut out = std::io::Cursor::new(Vec::new());
        export.finish(&[], &mut out).expect("written");
        assert_back(&out.into_inner(), of, "xlsx");
    }
}
