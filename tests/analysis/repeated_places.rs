//! Repeated places over snapshots: days, precision, feelings, names.

use jiff::civil::Date;
use lagesbild::analysis::repeated_places::{RepeatedPlacesParams, repeated_places};
use lagesbild::domain::{Filter, Id, LonLat, Place};
use lagesbild::spatial::Snapshot;

use crate::fixture::{Record, area, at_noon, snapshot};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Records at the same spot on days of November 2026.
fn on_days(days: &[&str]) -> Vec<Record> {
    days.iter().map(|day| at_noon(day, 14.7, 57.65)).collect()
}

fn found(snapshot: &Snapshot, last_day: &str) -> Vec<(u64, Date, Date)> {
    let found = repeated_places(snapshot, &Filter::default(), day(last_day), &RepeatedPlacesParams::default());
    found.places.iter().map(|place| (place.n, place.first, place.last)).collect()
}

fn of(records: &[Record]) -> Snapshot {
    snapshot(vec![area("torget", "promise", [14.6, 57.6, 14.8, 57.7])], records)
}

#[test]
fn three_in_twenty_eight_days_are_repeated_and_the_twenty_ninth_day_is_out() {
    let snapshot = of(&on_days(&["2026-11-01", "2026-11-10", "2026-11-28"]));
    assert_eq!(found(&snapshot, "2026-11-28"), [(3, day("2026-11-01"), day("2026-11-28"))]);
    assert!(found(&snapshot, "2026-11-29").is_empty());
    assert!(found(&snapshot, "2026-11-27").is_empty());
}

#[test]
fn coarse_positions_and_none_make_no_place_and_are_counted() {
    let mut records = on_days(&["2026-11-20", "2026-11-21"]);
    records.push(at_noon("2026-11-22", 14.7, 57.65).precise_to(101.0));
    records.push(at_noon("2026-11-22", 14.7, 57.65).only_in("torget"));
    let snapshot = of(&records);
    let all = repeated_places(&snapshot, &Filter::default(), day("2026-11-22"), &RepeatedPlacesParams::default());
    assert!(all.places.is_empty());
    assert_eq!((all.records.used, all.records.too_coarse, all.records.without_position), (2, 1, 1));
    records.push(at_noon("2026-11-22", 14.7, 57.65).precise_to(100.0));
    assert_eq!(found(&of(&records), "2026-11-22").len(), 1);
}

#[test]
fn a_place_has_the_name_of_the_register_or_its_area_and_coordinates() {
    let snapshot = of(&on_days(&["2026-11-20", "2026-11-21", "2026-11-22"]));
    let first = |snapshot: &Snapshot| {
        let all = repeated_places(snapshot, &Filter::default(), day("2026-11-22"), &RepeatedPlacesParams::default());
        all.places.into_iter().next().expect("one place")
    };
    let bare = first(&snapshot);
    assert_eq!((bare.name.as_deref(), bare.coordinates().as_str()), (None, "57.650, 14.700"));
    assert_eq!((bare.areas.clone(), bare.ids.len(), bare.terms.len()), (vec![0], 3, 1));
    // 0.001 degrees of latitude are 111 m, 0.0006 are 67 m.
    let register = |lat: f64| {
        vec![Place {
            id: Id::new("stationen").expect("an id"),
            name: "Stationen".into(),
            aliases: Vec::new(),
            at: LonLat::new(14.7, lat).ok(),
            precision_m: None,
            area: None,
            source: String::new(),
        }]
    };
    assert_eq!(first(&snapshot.clone().with_places(register(57.651).into())).name, None);
    assert_eq!(first(&snapshot.with_places(register(57.6506).into())).name.as_deref(), Some("Stationen"));
}
