//! Levels to raise: presence per week against a baseline.

use lagesbild::domain::{ActorRule, Measure, Pledge, PledgePlace, Record};
use lagesbild::followup::Book;
use lagesbild::followup::ledger::Reason;
use lagesbild::followup::notice::Notice;
use lagesbild::followup::status::Status;

use crate::books::{book, commitment, document, id, operation, period, row};

fn presence(name: &str, start: &str, minutes: Option<f64>) -> Record {
    let mut activity = operation(name, start);
    activity.kind = "presence".into();
    activity.minutes = minutes;
    Record::Activity(activity)
}

fn raise(baseline: Option<&str>, records: Vec<Record>) -> Book {
    let pledge = Pledge::Raise {
        measure: Measure::Activity {
            kind: "presence".into(),
            actors: vec![ActorRule::new(vec!["police".into()], true).expect("not empty")],
        },
        place: PledgePlace::Area(id("here")),
        baseline: baseline.map(period),
    };
    book(vec![document("d", "2025", vec![commitment("c", pledge)])], records)
}

#[test]
fn a_named_baseline_decides_in_minutes_or_in_times() {
    // January 2024: 62 minutes in 31 days, 14 a week. From 1 January 2025, 7 days, 20 minutes: 20 a week.
    let base = presence("b", "2024-01-10T20:00", Some(62.0));
    let now = presence("n", "2025-01-03T20:00", Some(20.0));
    let higher = row(&raise(Some("2024-01"), vec![base.clone(), now.clone()]), "2025-01-08");
    assert_eq!((higher.status, &higher.reason), (Status::OnPace, &Reason::LevelHigher));
    let level = higher.level.expect("a level");
    assert!(level.in_minutes);
    assert!((level.now.minutes_per_week() - 20.0).abs() < 1e-9);
    let baseline = level.baseline.expect("named");
    assert!((baseline.amount.minutes_per_week() - 14.0).abs() < 1e-9 && baseline.named);
    // Twenty minutes in twenty days are 7 a week.
    let lower = row(&raise(Some("2024-01"), vec![base, now.clone()]), "2025-01-21");
    assert_eq!((lower.status, lower.reason), (Status::Behind, Reason::LevelNotHigher));
    // Without minutes in the baseline, times are compared: 1 in 31 days against 1 in 7.
    let times = row(&raise(Some("2024-01"), vec![presence("b", "2024-01-10T20:00", None), now]), "2025-01-08");
    assert_eq!((times.status, times.level.expect("a level").in_minutes), (Status::OnPace, false));
}

#[test]
fn a_level_is_judged_for_good_when_the_promise_is_over() {
    let base = presence("b", "2024-01-10T20:00", Some(62.0));
    let one = presence("n", "2025-01-03T20:00", Some(20.0));
    let over = row(&raise(Some("2024-01"), vec![base.clone(), one]), "2026-01-01");
    assert_eq!(over.status, Status::Missed);
    // 365 days at 14 a week are 730 minutes.
    let enough = row(&raise(Some("2024-01"), vec![base, presence("n", "2025-01-03T20:00", Some(731.0))]), "2026-01-01");
    assert_eq!(enough.status, Status::Met);
}

#[test]
fn a_baseline_without_data_is_named() {
    let found = row(&raise(Some("2024"), vec![presence("n", "2025-01-03T20:00", Some(20.0))]), "2025-02-01");
    assert_eq!((found.status, found.reason), (Status::CannotBeMeasured, Reason::BaselineWithoutData));
    assert_eq!(found.notices, [Notice::BaselineWithoutData { baseline: period("2024") }]);
}

#[test]
fn without_a_named_baseline_eight_logged_weeks_are_the_start_and_no_verdict_follows() {
    // Mondays from 6 January 2025, every other week: the eighth logged week is that of 14 April.
    let weeks: Vec<Record> = (0..10)
        .map(|n| {
            let monday = crate::books::day("2025-01-06").saturating_add(jiff::Span::new().weeks(2 * n));
            presence(&format!("p{n}"), &format!("{monday}T20:00"), Some(30.0))
        })
        .collect();
    let seven = row(&raise(None, weeks.clone()), "2025-04-20");
    assert_eq!((seven.status, seven.reason), (Status::CannotBeMeasured, Reason::NoBaseline { weeks_logged: 7 }));
    let eight = row(&raise(None, weeks), "2025-05-13");
    assert_eq!((eight.status, eight.reason), (Status::CannotBeMeasured, Reason::StartOfMeasurement));
    let level = eight.level.expect("a level");
    let baseline = level.baseline.expect("the start");
    assert_eq!((baseline.period.to_string().as_str(), baseline.named), ("2025-01-06/2025-04-20", false));
    assert_eq!((baseline.amount.activities, level.now.activities), (8, 2));
    assert_eq!(level.now_period.map(|p| p.to_string()).as_deref(), Some("2025-04-21/2025-05-12"));
}

#[test]
fn nothing_is_judged_before_it_begins_or_without_a_record() {
    let before = row(&raise(Some("2024-01"), vec![]), "2024-06-01");
    assert_eq!(before.status, Status::NotStarted);
    let empty = row(&raise(None, vec![]), "2025-06-01");
    assert_eq!(empty.reason, Reason::NoBaseline { weeks_logged: 0 });
}
