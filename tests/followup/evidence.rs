//! What counts, and what does not.

use lagesbild::domain::{ActorRule, CountBy, Location, Participant, Pledge, PledgePlace, Record};
use lagesbild::followup::evidence::Why;
use lagesbild::followup::ledger::Stretch;
use lagesbild::followup::notice::Notice;
use lagesbild::followup::status::Status;

use crate::books::{at, book, commitment, count, document, id, operation, pledge, row};

const YEAR: &str = "2025";

fn operations(records: Vec<Record>, on: &str) -> Stretch {
    let document = document("d", YEAR, vec![commitment("c", pledge("targeted_operation", 15, CountBy::Operation))]);
    row(&book(vec![document], records), on).stretches.swap_remove(0)
}

fn activity(name: &str, start: &str) -> Record {
    Record::Activity(operation(name, start))
}

#[test]
fn who_where_and_when_decide() {
    let mut guard = operation("guard", "2025-02-01T20:00");
    guard.actors = Participant::parse_list("ordningsvakt:Bevakning AB");
    let mut elsewhere = operation("elsewhere", "2025-02-01T20:00");
    elsewhere.location.shape = Some(at(14.105));
    let mut on_border = operation("border", "2025-02-01T20:00");
    on_border.location.shape = Some(at(14.01));
    let mut area_only = operation("area", "2025-02-02T20:00");
    area_only.location = Location { area: Some(id("here")), ..Location::default() };
    let mut nowhere = operation("nowhere", "2025-02-02T20:00");
    nowhere.location = Location::default();
    let records = vec![
        Record::Activity(guard),
        Record::Activity(elsewhere),
        Record::Activity(on_border),
        Record::Activity(area_only),
        Record::Activity(nowhere),
        activity("before", "2024-12-31T23:59"),
        activity("first", "2025-01-01T00:00"),
        // Begins on the last day and ends on the next: it counts by its start.
        activity("last", "2025-12-31T23:30"),
        activity("after", "2026-01-01T00:00"),
    ];
    let found = operations(records, "2026-02-01");
    let counted: Vec<&str> = found.items.iter().map(|item| item.activities[0].as_str()).collect();
    assert_eq!(counted, ["first", "area", "last"]);
    let left_out: Vec<(&str, Why)> = found.left_out.iter().map(|l| (l.activity.as_str(), l.why)).collect();
    assert_eq!(
        left_out,
        [
            ("border", Why::OnBorder),
            ("elsewhere", Why::OtherArea),
            ("guard", Why::ActorMissing),
            ("nowhere", Why::OtherArea)
        ]
    );
    assert_eq!((found.done, found.status), (3, Status::Missed));
}

#[test]
fn what_is_withdrawn_or_still_to_come_is_not_there() {
    let all = vec![activity("a", "2025-02-01T20:00"), activity("b", "2025-03-01T20:00")];
    assert_eq!(operations(all.clone(), "2025-03-01").done, 2);
    assert_eq!(operations(all.clone(), "2025-02-28").done, 1);
    // A withdrawn record is in no book.
    assert_eq!(operations(all[1..].to_vec(), "2025-03-01").done, 1);
}

#[test]
fn both_nights_of_the_clock_change_belong_to_the_day_on_which_they_begin() {
    // 29 March 2026 lacks the hour from 02:00, 25 October 2026 has it twice.
    let mut records = Vec::new();
    for (n, start) in
        ["2026-03-28T23:30", "2026-03-29T03:00", "2026-10-24T23:30", "2026-10-25T02:30"].iter().enumerate()
    {
        let mut night = operation(&format!("n{n}"), start);
        night.operation_id = Some(format!("op{}", n / 2));
        records.push(Record::Activity(night));
    }
    let document = document("d", "2026", vec![commitment("c", pledge("targeted_operation", 15, CountBy::Operation))]);
    let found = row(&book(vec![document], records), "2026-12-01").stretches.swap_remove(0);
    assert_eq!((found.done, found.one_per_day), (2, Some(4)));
    let days: Vec<Vec<String>> =
        found.items.iter().map(|item| item.days.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(days, [["2026-03-28", "2026-03-29"], ["2026-10-24", "2026-10-25"]]);
}

#[test]
fn an_operation_is_one_decision_and_the_other_reading_is_told_when_it_differs() {
    let evening = |name: &str, start: &str, led: Option<bool>| {
        let mut activity = operation(name, start);
        activity.operation_id = Some("kvarn".into());
        activity.intelligence_led = led;
        Record::Activity(activity)
    };
    // Two units at once on the first evening, one on the second.
    let records = vec![
        evening("u1", "2025-05-02T20:00", None),
        evening("u2", "2025-05-02T20:00", Some(true)),
        evening("u3", "2025-05-03T20:00", None),
        activity("alone", "2025-05-09T20:00"),
    ];
    let found = operations(records, "2025-06-01");
    assert_eq!((found.done, found.one_per_day), (2, Some(3)));
    let led = found.intelligence_led.expect("operations say so");
    assert_eq!((led.yes, led.no, led.unknown), (1, 0, 1));
    assert_eq!(operations(vec![activity("alone", "2025-05-09T20:00")], "2025-06-01").one_per_day, None);
}

#[test]
fn who_took_part_in_any_unit_took_part_in_the_operation() {
    let unit = |name: &str, actors: &str| {
        let mut activity = operation(name, "2025-05-02T20:00");
        activity.operation_id = Some("kvarn".into());
        activity.actors = Participant::parse_list(actors);
        Record::Activity(activity)
    };
    let joint = Pledge::Activities {
        kind: "targeted_operation".into(),
        count_by: CountBy::Operation,
        target: lagesbild::domain::Target {
            at_least: std::num::NonZeroU32::MIN,
            per: lagesbild::domain::Counting::WholePeriod,
        },
        actors: ["police", "municipality"]
            .map(|role| ActorRule::new(vec![role.into()], false).expect("not empty"))
            .to_vec(),
        place: PledgePlace::Area(id("here")),
    };
    let of = |records: Vec<Record>| {
        let document = document("d", YEAR, vec![commitment("c", joint.clone())]);
        row(&book(vec![document], records), "2025-06-01").stretches.swap_remove(0)
    };
    let both = of(vec![unit("a", "police"), unit("b", "municipality:Nässjö kommun")]);
    assert_eq!((both.done, both.items[0].activities.len()), (1, 2));
    let one = of(vec![unit("a", "police")]);
    assert_eq!((one.done, one.left_out[0].why), (0, Why::ActorMissing));
}

#[test]
fn a_reported_count_stands_beside_items_and_nothing_counts_twice() {
    // April: two recorded one by one and four reported: four. May: one recorded. June: three reported.
    let mut april = count("april", "2025-04", 4);
    april.intelligence_led = Some(3);
    let mut led = operation("a1", "2025-04-03T20:00");
    led.intelligence_led = Some(true);
    let records = vec![
        Record::Activity(led),
        activity("a2", "2025-04-30T23:30"),
        activity("m1", "2025-05-01T00:30"),
        Record::ReportedCount(april),
        Record::ReportedCount(count("june", "2025-06", 3)),
    ];
    let found = operations(records, "2025-12-01");
    assert_eq!((found.done, found.parts()), (8, (3, 5)));
    assert_eq!(found.counts.iter().map(|c| (c.n, c.counted)).collect::<Vec<_>>(), [(4, 2), (3, 3)]);
    let within: Vec<bool> = found.items.iter().map(|item| item.within_count.is_some()).collect();
    assert_eq!(within, [true, true, false]);
    // Of the four in April three are led: the one that is recorded and two of the others.
    let led = found.intelligence_led.expect("operations say so");
    assert_eq!((led.yes, led.no, led.unknown), (3, 0, 5));
}

#[test]
fn a_reported_count_that_does_not_fit_is_named_and_left_out() {
    let in_all = |records: Vec<Record>, pledge: Pledge| {
        let document = document("d", "2025-04-25/2025-12-31", vec![commitment("c", pledge)]);
        row(&book(vec![document], records), "2025-12-01")
    };
    let police = || pledge("targeted_operation", 15, CountBy::Operation);
    // The promise was signed on 25 April, so April is not a whole month of it.
    let row = in_all(vec![Record::ReportedCount(count("april", "2025-04", 4))], police());
    assert_eq!((row.stretches[0].done, row.notices), (0, vec![Notice::CountPartlyOutside { count: id("april") }]));
    // A guard company is no police.
    let mut guards = count("guards", "2025-05", 4);
    guards.organisation = "Väktare i Småland AB".into();
    let row = in_all(vec![Record::ReportedCount(guards)], police());
    assert_eq!((row.stretches[0].done, row.notices), (0, vec![Notice::CountWithoutActors { count: id("guards") }]));
    // Fewer reported than recorded: what is recorded stands.
    let records = vec![
        Record::ReportedCount(count("may", "2025-05", 1)),
        activity("a", "2025-05-02T20:00"),
        activity("b", "2025-05-03T20:00"),
    ];
    let row = in_all(records, police());
    let contradiction = Notice::CountContradictsItems { count: id("may"), n: 1, items: 2 };
    assert_eq!((row.stretches[0].done, row.notices), (2, vec![contradiction]));
    // Overlapping ones of one organisation: that with the earlier first day stands, then that with the first id.
    let records = vec![
        Record::ReportedCount(count("quarter", "2025-Q3", 5)),
        Record::ReportedCount(count("august", "2025-08", 2)),
    ];
    let row = in_all(records, police());
    let overlap = Notice::OverlappingCounts { count: id("quarter"), left_out: id("august") };
    assert_eq!((row.stretches[0].done, row.notices), (5, vec![overlap]));
    // Reported after the day that is asked about.
    let late = in_all(vec![Record::ReportedCount(count("november", "2025-11", 4))], police());
    assert_eq!(late.stretches[0].done, 4);
    let mut later = count("november", "2025-11", 4);
    later.reported_on = crate::books::day("2025-12-02");
    assert_eq!(in_all(vec![Record::ReportedCount(later)], police()).stretches[0].done, 0);
}

#[test]
fn at_the_end_of_a_period_that_is_over_later_reports_are_known_and_later_work_is_not_in() {
    use lagesbild::followup::ledger::{View, ledger_at};
    let document = document(
        "d",
        "2024-01-01/2025-12-31",
        vec![commitment("c", pledge("targeted_operation", 15, CountBy::Operation))],
    );
    let mut december = count("december", "2024-12", 4);
    december.reported_on = crate::books::day("2025-01-10");
    let records =
        vec![Record::ReportedCount(december), activity("a", "2024-12-31T23:00"), activity("b", "2025-01-01T00:30")];
    let book = book(vec![document], records);
    let done = |view: View| ledger_at(&book, view).documents[0].rows[0].stretches[0].done;
    let year = crate::books::period("2024");
    assert_eq!(done(View::at_end_of(&year, crate::books::day("2025-02-01"))), 4);
    assert_eq!(done(View::on(crate::books::day("2025-01-01"))), 2);
    // A number that holds per year is judged for the year that is over, not for the one that began the day after.
    let Pledge::Activities { kind, count_by, target, actors, place } =
        pledge("targeted_operation", 15, CountBy::Operation)
    else {
        unreachable!("a number")
    };
    let target = lagesbild::domain::Target { per: lagesbild::domain::Counting::CalendarYear, ..target };
    let yearly = commitment("c", Pledge::Activities { kind, count_by, target, actors, place });
    let yearly = crate::books::book(vec![crate::books::document("d", "2024-01-01/2025-12-31", vec![yearly])], vec![]);
    let ledger = ledger_at(&yearly, View::at_end_of(&year, crate::books::day("2025-02-01")));
    let row = &ledger.documents[0].rows[0];
    let current = row.current(ledger.as_of).expect("the year");
    assert_eq!((row.status, current.period.to_string().as_str()), (Status::Missed, "2024-01-01/2024-12-31"));
    assert_eq!(View::at_end_of(&year, crate::books::day("2024-06-01")), View::on(crate::books::day("2024-06-01")));
}

#[test]
fn a_count_of_an_area_is_among_that_of_the_municipality_only_when_that_one_counts() {
    let municipality = || {
        let Pledge::Activities { kind, count_by, target, actors, .. } =
            pledge("targeted_operation", 15, CountBy::Operation)
        else {
            unreachable!("a number")
        };
        Pledge::Activities { kind, count_by, target, actors, place: PledgePlace::Municipality }
    };
    let of = |whole: &str| {
        let document = document("d", "2025-04-25/2025-12-31", vec![commitment("c", municipality())]);
        let mut all = count("all", whole, 5);
        all.area = None;
        let records = vec![Record::ReportedCount(all), Record::ReportedCount(count("may", "2025-05", 3))];
        let row = row(&book(vec![document], records), "2025-12-01");
        (row.stretches[0].done, row.notices)
    };
    assert_eq!(of("2025-05"), (5, vec![Notice::CountWithinAnother { count: id("may"), whole: id("all") }]));
    // The second quarter begins before the promise: it is left out, and May stands.
    assert_eq!(of("2025-Q2"), (3, vec![Notice::CountPartlyOutside { count: id("all") }]));
}

#[test]
fn a_count_holds_the_work_of_its_own_organisation_and_not_of_another_in_the_same_role() {
    let mut other = operation("other", "2025-05-05T20:00");
    other.actors = Participant::parse_list("police:Polisregion Syd");
    let mut part = operation("part", "2025-05-06T20:00");
    part.actors = Participant::parse_list("police:Polisen");
    let mut bare = operation("bare", "2025-05-07T20:00");
    bare.actors = Participant::parse_list("police");
    let records = vec![
        Record::Activity(other),
        Record::Activity(part),
        Record::Activity(bare),
        Record::ReportedCount(count("may", "2025-05", 2)),
    ];
    let found = operations(records, "2025-12-01");
    // "Polisen" and the nameless police are among the two that "Polisen, Lokalpolisområde Höglandet" reports.
    assert_eq!((found.done, found.parts()), (3, (3, 0)));
    assert_eq!(found.items.iter().filter(|item| item.within_count.is_some()).count(), 2);
}

#[test]
fn a_count_that_names_who_took_part_can_stand_for_an_inventory() {
    let inventory = || Pledge::Activities {
        kind: "safety_inventory".into(),
        count_by: CountBy::Activity,
        target: lagesbild::domain::Target {
            at_least: std::num::NonZeroU32::MIN,
            per: lagesbild::domain::Counting::WholePeriod,
        },
        actors: ["police", "municipality", "property_owner"]
            .map(|role| ActorRule::new(vec![role.into()], false).expect("not empty"))
            .to_vec(),
        place: PledgePlace::Area(id("here")),
    };
    let of = |actors: &str| {
        let mut reported = count("may", "2025-05", 1);
        reported.kind = "safety_inventory".into();
        reported.actors = Participant::parse_list(actors);
        let document = document("d", YEAR, vec![commitment("c", inventory())]);
        row(&book(vec![document], vec![Record::ReportedCount(reported)]), "2025-06-01").stretches[0].done
    };
    assert_eq!((of(""), of("municipality; property_owner:Linden")), (0, 1));
}

#[test]
fn a_safety_walk_is_no_inventory() {
    let mut walk = operation("w", "2025-05-02T18:00");
    walk.kind = "safety_walk".into();
    let document = document("d", YEAR, vec![commitment("c", pledge("safety_inventory", 1, CountBy::Activity))]);
    let book = book(vec![document], vec![Record::Activity(walk)]);
    assert_eq!(row(&book, "2025-06-01").stretches[0].done, 0);
}
