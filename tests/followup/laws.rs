//! More that qualifies never moves a status back.

use lagesbild::domain::{ActorRule, CountBy, Location, Measure, Participant, Pledge, PledgePlace, Record};
use lagesbild::followup::Book;
use lagesbild::followup::ledger::ledger;
use lagesbild::followup::status::Status;
use proptest::prelude::*;

use crate::books::{at, book, commitment, count, day, document, id, operation, period, pledge};

/// How far: a status never moves to a lower number.
fn rank(status: Status) -> u8 {
    match status {
        Status::CannotBeMeasured | Status::Missed => 0,
        Status::Behind | Status::NotStarted => 1,
        Status::Planned => 2,
        Status::OnPace => 3,
        Status::Met => 4,
    }
}

/// Day of the year, whether it qualifies by place and actor, and which operation.
type Drawn = (u16, u8, Option<u8>);

fn activity(n: usize, (day_of_year, kind_of_place, operation_id): Drawn) -> Record {
    let date = day("2025-01-01").saturating_add(jiff::Span::new().days(i64::from(day_of_year)));
    let mut activity = operation(&format!("a{n}"), &format!("{date}T20:00"));
    match kind_of_place {
        0 => activity.location.shape = Some(at(14.105)),
        1 => activity.location.shape = Some(at(14.01)),
        2 => activity.actors = Participant::parse_list("ordningsvakt"),
        3 => activity.location = Location { area: Some(id("here")), ..Location::default() },
        _ => {}
    }
    activity.minutes = operation_id.map(|_| 25.0);
    activity.operation_id = operation_id.map(|n| format!("op{n}"));
    Record::Activity(activity)
}

fn presence(record: &Record) -> Record {
    let Record::Activity(activity) = record else { unreachable!("only activities are drawn") };
    let mut activity = activity.clone();
    activity.id = id(&format!("p{}", activity.id));
    activity.kind = "presence".into();
    Record::Activity(activity)
}

fn statuses(records: Vec<Record>, target: u32, on: u16) -> Vec<Status> {
    let raise = |baseline| Pledge::Raise {
        measure: Measure::Activity {
            kind: "presence".into(),
            actors: vec![ActorRule::new(vec!["police".into()], true).expect("not empty")],
        },
        place: PledgePlace::Area(id("here")),
        baseline,
    };
    let document = document(
        "d",
        "2025",
        vec![
            commitment("by-operation", pledge("targeted_operation", target, CountBy::Operation)),
            commitment("by-activity", pledge("targeted_operation", target, CountBy::Activity)),
            commitment("raise", raise(Some(period("2025-01-01/2025-01-31")))),
            commitment("raise-unnamed", raise(None)),
        ],
    );
    let book: Book = book(vec![document], records);
    let as_of = day("2025-01-01").saturating_add(jiff::Span::new().days(i64::from(on)));
    ledger(&book, as_of).documents[0].rows.iter().map(|row| row.status).collect()
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (0_u16..420, 0_u8..8, proptest::option::of(0_u8..6))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_further_qualifying_activity_never_moves_a_status_back(
        some in proptest::collection::vec(drawn(), 0..25),
        counts in proptest::collection::vec((1_u8..=12, 0_u32..6), 0..3),
        further in 31_u16..365,
        with_minutes in any::<bool>(),
        operation_id in proptest::option::of(0_u8..6),
        target in prop::sample::select(vec![1_u32, 2, 4, 15]),
        on in 0_u16..450,
    ) {
        let mut records: Vec<Record> = some.iter().enumerate().map(|(n, drawn)| activity(n, *drawn)).collect();
        records.extend(records.clone().iter().map(presence));
        records.extend(counts.iter().enumerate().map(|(n, (month, k))| {
            Record::ReportedCount(count(&format!("c{n}"), &format!("2025-{month:02}"), *k))
        }));
        let before = statuses(records.clone(), target, on);
        let mut one = activity(1000, (further, 7, operation_id));
        if let (Record::Activity(activity), true) = (&mut one, with_minutes) {
            activity.minutes = Some(15.0);
        }
        records.push(presence(&one));
        records.push(one);
        let after = statuses(records, target, on);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(rank(*after) >= rank(*before), "{before:?} -> {after:?}");
        }
    }
}
