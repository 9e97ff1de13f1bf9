use std::collections::BTreeMap;

use lagesbild::domain::{Basis, Commitment, Pledge, PledgePlace, PromiseDocument, Vocabulary};
use lagesbild::geodata::{default_place, read_promises, unknown_references, write_promises};

use super::shared;

fn document() -> PromiseDocument {
    default_place().promises.remove(0)
}

fn commitment<'a>(document: &'a PromiseDocument, id: &str) -> &'a Commitment {
    document.commitments().iter().find(|c| c.id.as_str() == id).expect("the commitment exists")
}

#[test]
fn everything_the_promise_refers_to_exists() {
    let place = default_place();
    assert_eq!(place.promises.len(), 1);
    assert_eq!(unknown_references("promises.json", &place.promises, &place.areas, &Vocabulary::seed()), []);
}

#[test]
fn the_five_activities_have_the_numbers_actors_and_places_of_the_text() {
    let document = document();
    let expected = BTreeMap::from([
        ("inventering-resecentrum", ("safety_inventory", 1, "municipality+property_owner+police", "resecentrum")),
        ("inventeringar-runneryd", ("safety_inventory", 2, "municipality+property_owner+police", "runneryd")),
        ("insatser-runneryd", ("targeted_operation", 15, "police", "runneryd")),
        ("samverkansmoten", ("collaboration_meeting", 2, "municipality+police", "")),
    ]);
    let mut counted = BTreeMap::new();
    for row in document.commitments() {
        if let Pledge::Activities { kind, target, actors, place, .. } = &row.pledge {
            let actors = actors.iter().map(|rule| rule.any_of().join("/")).collect::<Vec<_>>().join("+");
            let place = if let PledgePlace::Area(area) = place { area.as_str() } else { "" };
            counted.insert(row.id.as_str(), (kind.as_str(), target.at_least.get(), actors, place.to_string()));
            let windows: Vec<_> = document.windows(target).iter().map(|w| (w.start(), w.last_day())).collect();
            let day = jiff::civil::date;
            assert_eq!(windows, [(day(2019, 4, 25), day(2019, 12, 31)), (day(2020, 1, 1), day(2020, 12, 31))]);
        }
    }
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .map(|(id, (kind, n, actors, at))| (id, (kind, n, actors.to_string(), at.to_string())))
        .collect();
    assert_eq!(counted, expected);
    let presence = commitment(&document, "narvaro-resecentrum");
    assert!(matches!(presence.pledge, Pledge::Raise { baseline: None, .. }), "no number and no baseline is named");
    assert_eq!(presence.pledge.kind(), Some("presence"));
}

#[test]
fn no_activity_is_promised_for_the_sports_hall_and_a_row_says_so() {
    let document = document();
    let at_hall = |row: &&Commitment| row.pledge.area().is_some_and(|area| area.as_str() == "sporthallen");
    let rows: Vec<_> = document.commitments().iter().filter(at_hall).collect();
    assert!(rows.iter().all(|row| row.pledge.kind().is_none()));
    assert!(rows.iter().any(|row| matches!(row.pledge, Pledge::NothingPromised { .. })));
}

#[test]
fn which_activity_belongs_to_which_promise_is_marked_as_our_reading() {
    for row in document().commitments().iter().filter(|row| row.pledge.kind().is_some()) {
        assert_eq!(row.promises_basis, Basis::OurReading, "{}", row.id);
    }
}

#[test]
fn every_number_lists_the_other_readings_of_arliga_with_their_targets() {
    for id in ["inventering-resecentrum", "inventeringar-runneryd", "insatser-runneryd"] {
        let document = document();
        let others = commitment(&document, id).readings.iter().flat_map(|r| &r.alternatives).filter_map(|a| a.target);
        let windows: Vec<usize> = others.map(|target| document.windows(&target).len()).collect();
        assert_eq!(windows, [1, 2], "{id}: one total, and twelve months from signing");
    }
}

#[test]
fn every_quote_stands_in_the_signed_text() {
    let Some(path) = shared("source/medborgarlofte-nassjo-2019-2020.txt") else { return };
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = plain(&std::fs::read_to_string(path).expect("readable"));
    let document = document();
    let readings = document.commitments().iter().flat_map(|c| &c.readings).chain(&document.head().readings);
    let quotes = (readings.map(|r| &r.quote))
        .chain(document.promises().iter().map(|p| &p.quote))
        .chain(document.commitments().iter().map(|c| &c.quote));
    let mut count = 0;
    for quote in quotes {
        count += 1;
        assert!(text.contains(&plain(quote)), "not in the text: {quote}");
    }
    assert!(count > 30, "{count}");
}

#[test]
fn a_later_promise_with_other_kinds_and_numbers_needs_no_code() {
    let text = include_str!("promise_2023_2024.json");
    let read = read_promises("promise_2023_2024.json", text);
    assert_eq!(read.problems, []);
    let mut areas = default_place().areas;
    areas.truncate(1);
    assert_eq!(unknown_references("x", &read.documents, &areas, &Vocabulary::seed()), []);
    let document = &read.documents[0];
    let Pledge::Activities { target, place, .. } = &commitment(document, "trafikkontroller").pledge else {
        panic!("a number of activities");
    };
    assert_eq!((target.at_least.get(), document.windows(target).len()), (30, 2));
    assert_eq!(*place, PledgePlace::Municipality);
    let again = read_promises("again", &write_promises(&read.documents));
    assert_eq!(again.documents, read.documents);
}
