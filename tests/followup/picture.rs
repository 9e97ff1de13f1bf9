//! The situation picture: stages, parts, proposals, at no, few and many observations.

use lagesbild::domain::{ActionStatus, CountBy, Record};
use lagesbild::followup::attention::{Reason, Where};
use lagesbild::followup::picture::{Picture, Stage};
use lagesbild::followup::silence::silent;
use lagesbild::followup::status::Status;

use crate::books::{book_in, commitment, count, day, document, id, operation, period, pledge};
use crate::world::{Seen, action, frame, report, seen, spread, survey, world};

fn picture_of(observations: &[Seen], records: Vec<Record>, days: &str, as_of: &str) -> Picture {
    world(observations, vec![], records, days, as_of).2
}

fn reasons(picture: &Picture, place: Where) -> Vec<&'static str> {
    let proposals = picture.attention.proposals.iter().filter(|proposal| proposal.place == place);
    proposals.flat_map(|proposal| proposal.reasons.iter().map(Reason::code)).collect()
}

#[test]
fn a_period_is_counted_up_to_the_day_and_compared_with_as_many_days_before() {
    let over = picture_of(&spread(0.0, "2026-10", 30), vec![], "2026-10", "2026-11-22");
    assert_eq!((over.stage, over.until), (Stage::Over, day("2026-10-31")));
    assert_eq!(over.density.comparison.as_ref().map(ToString::to_string).as_deref(), Some("2026-09-01/2026-09-30"));
    let way = picture_of(&spread(0.0, "2026-10", 30), vec![], "2026-10", "2026-10-10");
    assert_eq!(way.stage, Stage::UnderWay { days_left: 21 });
    assert_eq!(way.period.to_string(), "2026-10-01/2026-10-10");
    // Of 30 spread over days 1 to 28, those of days 1 and 2 come twice: 12 on the first ten days.
    assert!((way.density.total.value() - 12.0).abs() < 1e-12);
    assert_eq!(way.data, Some((day("2026-10-01"), day("2026-10-10"))));
    let year = picture_of(&spread(0.0, "2026-10", 30), vec![], "2026", "2026-11-22");
    assert_eq!(year.density.comparison.as_ref().map(ToString::to_string).as_deref(), Some("2025-01-01/2025-11-22"));
    let ahead = picture_of(&spread(0.0, "2026-10", 30), vec![], "2027-01", "2026-11-22");
    assert_eq!((ahead.stage, ahead.is_known()), (Stage::NotBegun, false));
    assert!(ahead.attention.proposals.is_empty());
}

#[test]
fn without_observations_the_counts_are_not_known() {
    let empty = picture_of(&[], vec![], "2026-10", "2026-11-22");
    assert!(!empty.is_known() && empty.data.is_none());
    assert_eq!((empty.attention.too_few, empty.attention.proposals.len()), (Some(0), 0));
    // Observations that begin later say nothing about the period either.
    let later = picture_of(&spread(0.0, "2026-11", 5), vec![], "2026-10", "2026-11-22");
    assert!(!later.is_known());
    assert_eq!(later.unknown.days_before_data, 31);
    let partly = picture_of(&[seen(0.0, "2026-10-11T10:00")], vec![], "2026-10", "2026-11-22");
    assert!(partly.is_known());
    assert_eq!(partly.unknown.days_before_data, 10);
}

#[test]
fn below_twenty_observations_numbers_propose_nothing_but_late_things_and_repeated_places_do() {
    let mut few = spread(0.0, "2026-10", 16);
    few.extend(["2026-10-29T10:00", "2026-10-30T10:00", "2026-10-31T10:00"].map(|at| seen(0.1, at)));
    let late = action("a1", Some("drawn"), Some("2026-10-01"), ActionStatus::Started);
    let picture = picture_of(&few, vec![Record::Action(late)], "2026-10", "2026-11-22");
    assert_eq!(picture.attention.too_few, Some(19));
    let mut places: Vec<Where> = picture.attention.proposals.iter().map(|p| p.place).collect();
    assert_eq!(places.remove(0), Where::Area(2));
    assert!(places.iter().all(|place| matches!(place, Where::Repeated(_))), "{places:?}");
    assert!(picture.repeated.places.iter().any(|place| place.n == 3 && place.areas == [1]));
}

#[test]
fn more_than_before_and_a_sure_first_rank_are_reasons_and_assumed_outlines_are_never_ranked() {
    // All 300 in `drawn`, whose outline is assumed, and 60 in `here` against 4 in `there`.
    let mut many = spread(0.2, "2026-10", 300);
    many.extend(spread(0.0, "2026-10", 60));
    many.extend(spread(0.0, "2026-09", 20));
    many.extend(spread(0.1, "2026-10", 4));
    many.extend(spread(0.1, "2026-09", 4));
    let picture = picture_of(&many, vec![], "2026-10", "2026-11-22");
    assert_eq!(picture.attention.too_few, None);
    assert_eq!(reasons(&picture, Where::Area(0)), ["more_than_before", "dense"]);
    assert_eq!(reasons(&picture, Where::Area(1)), [] as [&str; 0]);
    // The assumed outline rose from nothing, and has no rank.
    assert_eq!(reasons(&picture, Where::Area(2)), ["more_than_before"]);
    let dense = picture.attention.proposals[0].reasons.iter().find_map(|reason| match reason {
        Reason::Dense { rank, ranked, .. } => Some((rank.low, rank.high, *ranked)),
        _ => None,
    });
    assert_eq!(dense, Some((1, 1, 2)));
    assert_eq!((picture.unknown.assumed.clone(), picture.unknown.placeholder.clone()), (vec![2], vec![3]));
}

#[test]
fn a_repeated_place_with_an_open_action_is_not_proposed_and_a_done_one_does_not_hide_it() {
    let same = ["2026-10-20T10:00", "2026-10-25T10:00", "2026-10-30T10:00"].map(|at| seen(0.0, at));
    let about = |status| {
        let mut action = action("a1", None, None, status);
        action.about = Some(id("o1"));
        picture_of(&same, vec![Record::Action(action)], "2026-10", "2026-11-22")
    };
    assert!(about(ActionStatus::Planned).attention.proposals.is_empty());
    assert_eq!(reasons(&about(ActionStatus::Done), Where::Repeated(0)), ["repeated_without_action"]);
    assert_eq!(about(ActionStatus::Planned).repeated.places.len(), 1);
}

#[test]
fn a_late_commitment_and_a_lower_feeling_of_safety_are_reasons_about_their_area() {
    let promise = document(
        "loftet",
        "2026-01-01/2026-12-31",
        vec![commitment("insatser", pledge("targeted_operation", 15, CountBy::Operation))],
    );
    let waves = [survey("v25", "there", "2025-09", 160, 41), survey("v26", "there", "2026-09", 171, 62)];
    let (_, _, picture) = world(&[], vec![promise], waves.map(Record::Survey).into(), "2026-10", "2026-11-22");
    assert_eq!(reasons(&picture, Where::Area(0)), ["commitment"]);
    assert_eq!(reasons(&picture, Where::Area(1)), ["feels_less_safe"]);
    let status = picture.attention.proposals[0].reasons.iter().find_map(|reason| match reason {
        Reason::Commitment { status, .. } => Some(*status),
        _ => None,
    });
    assert_eq!(status, Some(Status::Behind));
    assert_eq!(picture.unknown.without_survey, [0, 2, 3]);
    // A promise that does not hold in the period is no part of its picture.
    let earlier = document(
        "fjol",
        "2024-01-01/2024-12-31",
        vec![commitment("insatser", pledge("targeted_operation", 15, CountBy::Operation))],
    );
    let (_, _, picture) = world(&[], vec![earlier], vec![], "2026-10", "2026-11-22");
    assert_eq!((picture.documents().count(), picture.attention.proposals.len()), (0, 0));
}

#[test]
fn actions_are_open_late_done_or_not_done_with_a_reason_and_belong_to_the_area_of_what_they_are_about() {
    let mut from_inventory = action("a5", None, Some("2026-12-01"), ActionStatus::Planned);
    from_inventory.about = Some(id("op"));
    let records = vec![
        Record::Activity(operation("op", "2026-10-03T20:00")),
        Record::Action(action("a1", Some("here"), Some("2026-11-21"), ActionStatus::NotStarted)),
        Record::Action(action("a2", Some("here"), Some("2026-11-22"), ActionStatus::Started)),
        Record::Action(action("a3", Some("here"), Some("2026-01-01"), ActionStatus::Done)),
        Record::Action(action("a4", Some("there"), None, ActionStatus::NotDone)),
        Record::Action(from_inventory),
        Record::Action(action("a6", None, None, ActionStatus::NotStarted)),
    ];
    let picture = picture_of(&[], records, "2026-10", "2026-11-22");
    let here = &picture.areas[0].tasks;
    let ids = |actions: &[lagesbild::domain::Action]| actions.iter().map(|a| a.id.to_string()).collect::<Vec<_>>();
    // On its due day an action is not late.
    assert_eq!(
        (ids(&here.open), ids(&here.overdue), here.done),
        (vec!["a1".into(), "a2".into(), "a5".into()], vec!["a1".to_string()], 1)
    );
    assert_eq!(picture.areas[1].tasks.not_done.len(), 1);
    assert_eq!(ids(&picture.tasks_elsewhere.open), ["a6"]);
    assert_eq!(picture.tasks.total(), 6);
}

#[test]
fn work_is_counted_by_kind_one_operation_once_and_reported_numbers_stand_apart() {
    let unit = |name: &str, minutes| {
        let mut unit = operation(name, "2026-10-03T20:00");
        (unit.operation_id, unit.minutes) = (Some("decision".into()), minutes);
        Record::Activity(unit)
    };
    let records = vec![
        unit("u1", Some(120.0)),
        unit("u2", None),
        Record::Activity(operation("alone", "2026-10-31T23:30")),
        Record::Activity(operation("later", "2026-11-01T00:30")),
        Record::ReportedCount(count("c", "2026-10", 4)),
        Record::ReportedCount(count("d", "2026-Q4", 9)),
    ];
    let picture = picture_of(&[], records, "2026-10", "2026-11-22");
    let [work] = &picture.areas[0].work[..] else { panic!("one kind") };
    assert_eq!((work.kind.as_str(), work.items, work.without_minutes, work.reported), ("targeted_operation", 2, 2, 4));
    assert!((work.minutes - 120.0).abs() < 1e-12);
    assert!(picture.work_elsewhere.is_empty());
}

#[test]
fn a_picture_of_a_period_that_is_over_knows_what_was_reported_later_up_to_its_day() {
    let mut late = count("late", "2026-10", 4);
    late.reported_on = day("2026-11-20");
    let reported = |as_of: &str| {
        let picture = picture_of(&[], vec![Record::ReportedCount(late.clone())], "2026-10", as_of);
        picture.areas[0].work.first().map_or(0, |work| work.reported)
    };
    assert_eq!((reported("2026-11-19"), reported("2026-11-20")), (0, 4));
}

#[test]
fn no_period_is_compared_with_itself() {
    for asked in ["2026", "2025-01-01/2026-12-31", "2025-11-01/2026-10-31", "2025-10-31/2026-10-31", "2026-Q1"] {
        let picture = picture_of(&spread(0.0, "2026-10", 30), vec![], asked, "2027-01-01");
        let compared = picture.density.comparison.as_ref().expect("days to compare with");
        assert!(compared.end() <= picture.period.start(), "{asked}: {compared} with {}", picture.period);
    }
}

#[test]
fn silence_is_named_by_organisation_from_its_first_report_on() {
    let records = vec![
        Record::Report(report("Skolan", "2026-W40", 0)),
        Record::Report(report("Skolan", "2026-W42", 3)),
        Record::Report(report("Bolaget", "2026-W44", 1)),
    ];
    let book = book_in(&frame(), vec![], records);
    // The Sundays of October 2026 end weeks 40 to 43; the 1st of November ends week 44.
    let (october, reporting) = silent(&book, &period("2026-10"), day("2026-11-22"));
    // "Bolaget" began later: it says nothing about these weeks.
    assert_eq!(reporting, 1);
    let [school] = &october[..] else { panic!("{october:?}") };
    assert_eq!((school.organisation.as_str(), school.weeks), ("Skolan", 4));
    assert_eq!(school.missing, [day("2026-10-05"), day("2026-10-19")]);
    // A week that is not over is not asked for.
    let (early, _) = silent(&book, &period("2026-10"), day("2026-10-12"));
    assert_eq!(early[0].missing, [day("2026-10-05")]);
    assert!(silent(&book, &period("2026-10"), day("2026-10-11")).0.is_empty());
}
