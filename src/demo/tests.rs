//! The laws of the generator, on the real places of Nässjö and on an invented town.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Contains, Coord, MultiPolygon, Point, Validation, polygon};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::observations::REPORTER_COLUMN;
use super::*;
use crate::domain::{
    AreaType, Certainty, Feeling, HourMask, Id, Location, LonLat, Names, Shape, Source, SurveyResult, TimeCertainty,
    Vocabulary, local_date,
};

const PROFILE: &str = include_str!("../../geodata/nassjo/demo.json");

fn zone() -> TimeZone {
    TimeZone::get("Europe/Stockholm").expect("bundled")
}

fn date(text: &str) -> Date {
    text.parse().expect("date")
}

fn profile() -> DemoProfile {
    DemoProfile::from_json(PROFILE).expect("the profile in geodata is readable")
}

fn area(id: &str, set: &str, outline: MultiPolygon<f64>) -> Area {
    Area {
        id: Id::new(id).expect("id"),
        names: Names { sv: id.into(), en: id.into() },
        set: set.into(),
        area_type: AreaType::Residential,
        residents: None,
        valid_from: None,
        valid_to: None,
        source: String::new(),
        certainty: Certainty::Assumed,
        how_drawn: String::new(),
        outline,
    }
}

fn areas() -> Vec<Area> {
    let files =
        [include_str!("../../geodata/nassjo/areas.geojson"), include_str!("../../geodata/nassjo/regso.geojson")];
    let features = files.map(|text| text.parse::<geojson::FeatureCollection>().expect("GeoJSON").features);
    let area_of = |feature: geojson::Feature| {
        let property = |name: &str| feature.property(name).and_then(|v| v.as_str()).expect("a text").to_string();
        let outline = match geo::Geometry::try_from(feature.geometry.clone().expect("geometry")).expect("readable") {
            geo::Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
            geo::Geometry::MultiPolygon(outline) => outline,
            other => panic!("{other:?}"),
        };
        area(&property("id"), &property("set"), outline)
    };
    features.into_iter().flatten().map(area_of).collect()
}

fn places() -> Vec<Place> {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../geodata/nassjo/places.json")).expect("JSON");
    let place_of = |entry: &serde_json::Value| {
        let text = |name: &str| entry[name].as_str().map(str::to_string);
        let aliases = entry["aliases"].as_array().expect("a list").iter();
        let at = entry["lon"].as_f64().zip(entry["lat"].as_f64());
        Place {
            id: Id::new(&text("id").expect("id")).expect("id"),
            name: text("name").expect("name"),
            aliases: aliases.map(|alias| alias.as_str().expect("a text").to_string()).collect(),
            at: at.map(|(lon, lat)| LonLat::new(lon, lat).expect("valid")),
            precision_m: entry["precision_m"].as_f64(),
            area: text("area").map(|id| Id::new(&id).expect("id")),
            source: String::new(),
        }
    };
    file["places"].as_array().expect("a list").iter().map(place_of).collect()
}

fn plan(today: &str, seed: u64) -> DemoPlan {
    DemoPlan { seed, ..DemoPlan::new(date(today), zone()) }
}

fn demo(plan: DemoPlan) -> Demo {
    Demo::new(plan, profile(), &areas(), &places()).expect("the profile fits the places in geodata")
}

fn records(today: &str, seed: u64) -> Records {
    demo(plan(today, seed)).all()
}

fn year_of(when: crate::domain::When) -> i16 {
    local_date(when.start_s(), &zone()).year()
}

fn is_in(location: &Location, area: &Area) -> bool {
    match location.shape.as_ref().map(|shape| shape.representative_point().expect("not degenerate")) {
        Some(at) => area.outline.contains(&Point(at.coord())),
        None => location.area.as_ref() == Some(&area.id),
    }
}

/// Observations of a year in an area, as area tables count them.
fn in_area(records: &Records, year: i16, area: &Area) -> usize {
    records.observations.iter().filter(|o| year_of(o.when) == year && is_in(&o.location, area)).count()
}

#[test]
fn the_records_of_a_day_do_not_depend_on_today() {
    let (june, november) = (demo(plan("2026-06-30", 1)), demo(plan("2026-11-22", 1)));
    let shorter: Vec<(Date, Records)> = june.days().collect();
    let longer: Vec<(Date, Records)> = november.days().take(shorter.len()).collect();
    assert_eq!(shorter.len(), 365 + 181);
    assert!(shorter == longer);
    // A day asked for alone is the day met on the way.
    let (day, records) = &longer[300];
    assert_eq!(&november.day(*day), records);
}

#[test]
fn the_same_arguments_give_the_same_records_and_another_seed_gives_others() {
    let first = records("2026-03-31", 1);
    assert!(first == records("2026-03-31", 1));
    let other = records("2026-03-31", 2);
    assert!(first.observations != other.observations && first.activities != other.activities);
    assert!(first.reports != other.reports && first.surveys != other.surveys);
}

#[test]
fn ids_are_unique_and_name_the_day() {
    let all = records("2026-11-22", 1);
    let unique = |ids: Vec<&Id>| ids.len() == ids.iter().collect::<BTreeSet<_>>().len();
    assert!(unique(all.observations.iter().map(|o| &o.id).collect()));
    assert!(unique(all.activities.iter().map(|a| &a.id).collect()));
    assert!(unique(all.reports.iter().map(|r| &r.id).collect()));
    assert!(unique(all.surveys.iter().map(|s| &s.id).collect()));
    let one = demo(plan("2026-11-22", 1)).days().find(|(_, records)| records.observations.len() > 1).expect("some day");
    let (year, month, day) = (one.0.year(), one.0.month(), one.0.day());
    assert_eq!(one.1.observations[1].id.as_str(), format!("d{year}{month:02}{day:02}-002"));
}

#[test]
fn a_year_has_about_300_observations_in_the_shares_asked_for() {
    let areas = areas();
    let named = |id: &str| areas.iter().find(|a| a.id.as_str() == id).expect("area");
    // Over 10 seeds and the whole of two years: 20 times the yearly number, give or take five
    // times its square root (Poisson).
    let mut counts = BTreeMap::from([("all", 0), ("resecentrum", 0), ("runneryd", 0), ("sporthallen", 0)]);
    for seed in 1..=10 {
        let all = records("2026-12-31", seed);
        for year in [2025, 2026] {
            *counts.get_mut("all").expect("there") +=
                all.observations.iter().filter(|o| year_of(o.when) == year).count();
            for id in ["resecentrum", "runneryd", "sporthallen"] {
                *counts.get_mut(id).expect("there") += in_area(&all, year, named(id));
            }
        }
    }
    for (id, per_year) in [("all", 300.0), ("resecentrum", 90.0), ("runneryd", 60.0), ("sporthallen", 15.0)] {
        let (n, expected) = (counts[id] as f64, 20.0 * per_year);
        assert!((n - expected).abs() <= 5.0 * f64::sqrt(expected), "{id}: {n} observations, {expected} expected");
    }
}

#[test]
fn the_default_demo_has_the_size_of_nassjo_in_2025_and_until_22_november_2026() {
    let all = records("2026-11-22", DemoPlan::DEFAULT_SEED);
    let areas = areas();
    // Expected by the profile: 317 in 2025 (an odd year: 20 % more at the travel centre) and, for 326 of
    // 365 days, about 255 in 2026. Bounds are four times the square root.
    for (year, low, high) in [(2025, 246, 388), (2026, 191, 319)] {
        let n = all.observations.iter().filter(|o| year_of(o.when) == year).count();
        assert!((low..=high).contains(&n), "{year}: {n}");
    }
    for (id, low_2025, high_2025) in [("resecentrum", 66, 148), ("runneryd", 29, 91), ("sporthallen", 1, 31)] {
        let area = areas.iter().find(|a| a.id.as_str() == id).expect("area");
        let n = in_area(&all, 2025, area);
        assert!((low_2025..=high_2025).contains(&n), "{id}: {n}");
    }
}

#[test]
fn the_travel_centre_changes_between_the_years_and_no_other_place_does() {
    let areas = areas();
    let mut counts: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for seed in 1..=20 {
        let all = records("2026-12-31", seed);
        for area in areas.iter().filter(|a| a.set == "promise") {
            let pair = counts.entry(area.id.as_str()).or_default();
            pair[0] += in_area(&all, 2025, area) as f64;
            pair[1] += in_area(&all, 2026, area) as f64;
        }
    }
    // Ratios expected: (84 x 0.8 + 6) / (84 x 1.2 + 6) = 0.685 and 1. The logarithm of a ratio of
    // Poisson numbers has deviation sqrt(1/a + 1/b); four of them are allowed.
    for (id, expected) in [("resecentrum", 0.685_f64), ("runneryd", 1.0), ("sporthallen", 1.0)] {
        let [before, after] = counts[id];
        let off = (after / before / expected).ln().abs();
        assert!(off <= 4.0 * (1.0 / before + 1.0 / after).sqrt(), "{id}: {before} then {after}");
    }
}

#[test]
fn every_position_lies_in_the_municipality_and_in_one_part_of_it() {
    let areas = areas();
    let municipality: Vec<&Area> = areas.iter().filter(|a| a.set == "regso").collect();
    let within = |at: LonLat| municipality.iter().filter(|a| a.outline.contains(&Point(at.coord()))).count() == 1;
    let all = records("2026-11-22", 1);
    let points = all.observations.iter().filter_map(|o| o.location.shape.as_ref());
    for shape in points {
        let Shape::Point(at) = shape else { panic!("{shape:?} is no point") };
        assert!(within(*at), "{at:?}");
    }
    let mut forms = BTreeSet::new();
    for activity in &all.activities {
        let (form, corners): (_, Vec<Coord<f64>>) = match &activity.location.shape {
            None => continue,
            Some(Shape::Point(at)) => ("point", vec![at.coord()]),
            Some(Shape::Line(lines)) => ("line", lines.iter().flat_map(|line| line.0.clone()).collect()),
            Some(Shape::Polygon(grounds)) => {
                assert!(grounds.is_valid());
                ("polygon", grounds.iter().flat_map(|ground| ground.exterior().0.clone()).collect())
            }
        };
        forms.insert(form);
        assert!(corners.iter().all(|c| within(LonLat::new(c.x, c.y).expect("on Earth"))), "{:?}", activity.id);
    }
    assert_eq!(forms, BTreeSet::from(["line", "point", "polygon"]));
}

#[test]
fn every_record_uses_the_vocabulary_and_lies_in_the_period() {
    let plan = plan("2026-11-22", 3);
    let (window, vocabulary) = (plan.period().window(&zone()), Vocabulary::seed());
    let all = demo(plan).all();
    let knows = |terms: &[crate::domain::Term], code: &str| terms.iter().any(|term| term.code == code);
    for o in &all.observations {
        assert!(knows(&vocabulary.categories, &o.category) && window.contains(o.when.start_s()), "{o:?}");
        assert!(o.severity.is_none_or(|s| (1..=5).contains(&s)), "{o:?}");
        let has_point = o.location.shape.is_some();
        assert_eq!(has_point, o.location.precision_m.is_some_and(|p| p > 0.0), "{o:?}");
        assert!(has_point || o.location.place_text.is_some(), "{o:?}");
    }
    for a in &all.activities {
        assert!(knows(&vocabulary.kinds, &a.kind) && window.contains(a.when.start_s()), "{a:?}");
        assert!(!a.actors.is_empty() && a.actors.iter().all(|p| knows(&vocabulary.roles, &p.role)), "{a:?}");
        assert_eq!(a.minutes, Some(a.when.span_s() as f64 / 60.0), "{a:?}");
    }
    for s in &all.surveys {
        let SurveyResult::Counts { asked, answered, unsafe_count } = s.result else { panic!("{s:?}") };
        assert!(unsafe_count > 0 && unsafe_count <= answered && answered <= asked, "{s:?}");
    }
}

#[test]
fn feelings_sources_times_and_places_are_mixed_as_they_are_in_life() {
    let all: Vec<_> = (1..=5).flat_map(|seed| records("2026-11-22", seed).observations).collect();
    let share = |is: &dyn Fn(&crate::domain::Observation) -> bool| {
        all.iter().filter(|o| is(o)).count() as f64 / all.len() as f64
    };
    // Some 2,900 records: a share of one third has a deviation below 0.01.
    let near = |value: f64, expected: f64| (value - expected).abs() < 0.04;
    assert!(near(share(&|o| o.feeling == Some(Feeling::Safe)), 0.12));
    assert!(near(share(&|o| o.location.place_text.is_some()), 0.32));
    // 0.33 x 0.85 of the 135 elsewhere name a place that nobody knows.
    let lost = share(&|o| o.location.shape.is_none() && o.location.area.is_none());
    assert!(near(lost, 0.33 * 0.85 * 135.0 / 300.0));
    assert!(near(share(&|o| o.when.certainty() == TimeCertainty::WholeDay), 0.12));
    assert!(near(share(&|o| o.when.certainty() == TimeCertainty::Interval), 0.14));
    let sources: BTreeSet<Source> = all.iter().filter_map(|o| o.source).collect();
    let expected = Source::ALL.into_iter().filter(|source| *source != Source::Feed);
    assert_eq!(sources, expected.collect());
    let coarse = all.iter().filter(|o| o.location.precision_m == Some(2000.0)).count();
    assert!((1..all.len() / 20).contains(&coarse), "{coarse}");
    let area_only = share(&|o| o.location.shape.is_none() && o.location.area.is_some());
    assert!(near(area_only, 0.33 * 60.0 / 300.0), "{area_only}");
    let categories: BTreeSet<&str> = all.iter().map(|o| o.category.as_str()).collect();
    assert_eq!(categories.len(), Vocabulary::seed().categories.len());
}

#[test]
fn the_travel_centre_is_busiest_in_the_evening_and_the_sports_hall_in_school_hours() {
    let areas = areas();
    let share = |id: &str, hours: (u8, u8)| {
        let area = areas.iter().find(|a| a.id.as_str() == id).expect("area");
        let mask = HourMask::new(Some(hours), None);
        let all = (1..=5).flat_map(|seed| records("2026-11-22", seed).observations);
        let instants: Vec<_> = all
            .filter(|o| o.when.certainty() == TimeCertainty::Instant && o.source != Some(Source::Inventory))
            .filter(|o| is_in(&o.location, area))
            .collect();
        let inside = instants.iter().filter(|o| mask.contains(HourMask::hour_of_week(o.when.start_s(), &zone())));
        inside.count() as f64 / instants.len() as f64
    };
    // Of the weights in the profile, 18-04 has 64 of 99 at the station and 07-17 has 73 of 85.3 at the school.
    assert!((share("resecentrum", (18, 4)) - 64.0 / 99.0).abs() < 0.1);
    assert!((share("sporthallen", (7, 17)) - 73.0 / 85.3).abs() < 0.15);
}

#[test]
fn commitments_of_the_promise_are_met_as_far_as_the_year_has_come() {
    for seed in 1..=20 {
        let all = records("2026-11-22", seed);
        let of = |kind: &str, year: i16| -> Vec<&Activity> {
            all.activities.iter().filter(|a| a.kind == kind && year_of(a.when) == year).collect()
        };
        let operations =
            |year| of("targeted_operation", year).iter().map(|a| a.operation_id.clone()).collect::<BTreeSet<_>>();
        assert!(!operations(2025).contains(&None));
        assert_eq!((operations(2025).len(), operations(2026).len()), (15, 13), "seed {seed}");
        for year in [2025, 2026] {
            for operation in of("targeted_operation", year) {
                assert_eq!(operation.actors[0].role, "police");
                assert!(operation.result.as_ref().is_some_and(|text| text.starts_with("Underrättelseledd")));
            }
            // Two in Runneryd and one at the travel centre, all before the end of October.
            let inventories = of("safety_inventory", year);
            assert_eq!(inventories.len(), 3, "seed {seed}");
            for inventory in inventories {
                let roles: Vec<&str> = inventory.actors.iter().map(|p| p.role.as_str()).collect();
                assert_eq!(roles, ["municipality", "property_owner", "police"]);
            }
            assert_eq!(of("safety_walk", year).len(), 2);
        }
        // The second meeting of a year is held after 26 November.
        assert_eq!((of("collaboration_meeting", 2025).len(), of("collaboration_meeting", 2026).len()), (2, 1));
        assert!(of("collaboration_meeting", 2025).iter().all(|meeting| meeting.location == Location::default()));
        assert_eq!(all.surveys.iter().map(|s| s.wave.as_str()).collect::<Vec<_>>(), ["2025", "2026"]);
    }
}

#[test]
fn presence_is_several_rounds_a_week_at_the_travel_centre_and_some_at_the_sports_hall() {
    let (all, areas) = (records("2025-12-31", 1), areas());
    let rounds = |id: &str| {
        let area = areas.iter().find(|a| a.id.as_str() == id).expect("area");
        all.activities.iter().filter(|a| a.kind == "presence" && is_in(&a.location, area)).count()
    };
    // 104 weeks of 5.5 and of 0.7 rounds: 574 and 73, give or take five times the square root.
    assert!((454..=694).contains(&rounds("resecentrum")), "{}", rounds("resecentrum"));
    assert!((30..=116).contains(&rounds("sporthallen")), "{}", rounds("sporthallen"));
    assert!(all.activities.iter().any(|a| a.kind == "traffic_check"));
}

#[test]
fn weekly_reports_count_what_was_handed_in_and_sometimes_say_nothing_or_are_missing() {
    let (demo, mut handed_in) = (demo(plan("2026-11-22", 1)), BTreeMap::new());
    let mut reports = Vec::new();
    for (day, records) in demo.days() {
        let monday = plus_days(day, -i32::from(day.weekday().to_monday_zero_offset()));
        for observation in &records.observations {
            assert_eq!(observation.kept[0].0, REPORTER_COLUMN);
            *handed_in.entry((observation.kept[0].1.clone(), monday)).or_insert(0) += 1;
        }
        assert!(records.reports.iter().all(|report| report.reported_on == day));
        reports.extend(records.reports);
    }
    for report in &reports {
        let counted = handed_in.get(&(report.organisation.clone(), report.week.start())).copied().unwrap_or(0);
        assert_eq!((report.n, report.week.days()), (counted, 7), "{report:?}");
        assert!((0..3).contains(&report.week.end().until(report.reported_on).expect("dates").get_days()));
    }
    let organisations: BTreeSet<&str> = reports.iter().map(|r| r.organisation.as_str()).collect();
    assert_eq!(organisations.len(), 12);
    // The first whole week begins on 6 January 2025; the last one reported ends on 15 November 2026.
    let weeks = 97;
    assert!(reports.iter().any(|r| r.n == 0) && reports.iter().any(|r| r.n > 0));
    assert!(reports.len() < 12 * weeks && reports.len() > 12 * weeks * 7 / 10, "{}", reports.len());
}

#[test]
fn no_text_looks_like_personal_data() {
    let all = records("2026-11-22", 1);
    let observed = all.observations.iter().flat_map(|o| [o.text.clone(), o.location.place_text.clone()]);
    let done = all.activities.iter().flat_map(|a| [a.text.clone(), a.result.clone()]);
    let mut seen = 0;
    for text in observed.chain(done).flatten() {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        // House and track numbers have two digits; a phone or personal number has six at least.
        assert!(digits < 3 && !text.contains('@'), "{text:?}");
        seen += 1;
    }
    assert!(seen > 500);
}

#[test]
fn a_size_gives_about_that_many_over_the_whole_period_and_leaves_the_work_alone() {
    for n in [0_u64, 100, 20_000] {
        let sized = demo(DemoPlan { amount: Amount::InAll(n), ..plan("2026-11-22", 1) });
        let (mut observations, mut activities) = (0, 0);
        for (_, records) in sized.days() {
            observations += records.observations.len();
            activities += records.activities.len();
        }
        assert!((observations as f64 - n as f64).abs() <= 5.0 * (n as f64).sqrt(), "{observations} of {n}");
        assert_eq!(activities, records("2026-11-22", 1).activities.len());
    }
}

#[test]
fn days_of_a_size_have_more_than_999_observations_without_two_of_one_id() {
    let sized = demo(DemoPlan { amount: Amount::InAll(1_000_000), ..plan("2026-11-22", 1) });
    let day = sized.day(date("2025-08-22")).observations;
    let ids: BTreeSet<&Id> = day.iter().map(|o| &o.id).collect();
    assert!(day.len() > 1000 && ids.len() == day.len());
    assert!(day.iter().any(|o| o.id.as_str() == "d20250822-1000"));
}

/// A town of one square kilometre or so, far from Nässjö.
fn square(west: f64, side: f64) -> MultiPolygon<f64> {
    polygon![(x: west, y: 10.0), (x: west + side, y: 10.0), (x: west + side, y: 10.0 + side), (x: west, y: 10.0 + side)]
        .into()
}

fn small_profile() -> serde_json::Value {
    serde_json::json!({
        "rhythms": { "even": { "hours": (vec![1; 24]), "weekdays": (vec![1; 7]), "months": (vec![1; 12]) } },
        "strata": [
            { "name": "inner", "areas": { "inner": 1 }, "observations_per_year": 100, "rhythm": "even", "spots": 2,
              "scatter_m": 10, "place_name_share": 0, "address_share": 0, "categories": { "other": 1 } },
            { "name": "rest", "areas": { "outer": 1 }, "observations_per_year": 100, "rhythm": "even", "spots": 0,
              "scatter_m": 0, "place_name_share": 0, "address_share": 0, "categories": { "other": 1 } }
        ],
        "organisations": [{ "id": "all", "name": "Alla", "sources": ["citizen"], "weight": 1 }],
        "work": [], "surveys": [],
        "texts": { "other": { "unsafe": ["Mörkt."], "safe": ["Ljust."] } },
        "safe_share": 0.5, "unsaid_share": 0
    })
}

fn small_demo(profile: &serde_json::Value) -> Result<Demo, DemoError> {
    let town = [area("inner", "a", square(20.0, 0.005)), area("outer", "b", square(20.0, 0.01))];
    DemoProfile::from_json(&profile.to_string())
        .and_then(|read| Demo::new(DemoPlan::new(date("2026-11-22"), TimeZone::UTC), read, &town, &[]))
}

#[test]
fn another_town_needs_only_another_profile_and_the_rest_stays_out_of_the_inner_area() {
    let all = small_demo(&small_profile()).expect("fits").all();
    let inner = square(20.0, 0.005);
    let inside = |o: &&crate::domain::Observation| {
        let at = o.location.shape.as_ref().and_then(Shape::representative_point).expect("a point");
        inner.contains(&Point(at.coord()))
    };
    // Half of the observations; about 283 of 567, deviation 12.
    let (n, all) = (all.observations.iter().filter(inside).count(), all.observations.len());
    assert!((n as f64 - all as f64 / 2.0).abs() < 60.0, "{n} of {all}");
}

#[test]
fn every_misfit_of_a_profile_is_listed_with_its_place_and_value() {
    let mut profile = small_profile();
    profile["strata"][0]["areas"] = serde_json::json!({ "nowhere": 1 });
    profile["strata"][1]["rhythm"] = "waltz".into();
    profile["strata"][1]["address_share"] = 1.5.into();
    profile["strata"][1]["categories"] = serde_json::json!({ "ghosts": 1 });
    let Err(DemoError::Misfit(problems)) = small_demo(&profile) else { panic!("it was accepted") };
    let found: Vec<(&str, &str)> = problems.iter().map(|p| (p.at.as_str(), p.value.as_str())).collect();
    for expected in [
        ("strata.inner.areas", "nowhere"),
        ("strata.rest.rhythm", "waltz"),
        ("strata.rest.address_share", "1.5"),
        ("strata.rest.categories", "ghosts"),
    ] {
        assert!(found.contains(&expected), "{expected:?} not in {found:?}");
    }
}

#[test]
fn a_profile_of_another_form_is_refused_with_line_and_column() {
    let refused = |text: &str| DemoProfile::from_json(text).expect_err("refused").to_string();
    assert!(refused("{").contains("line 1 column 1"));
    let mut unknown = small_profile();
    unknown["colour"] = "red".into();
    assert!(refused(&unknown.to_string()).contains("colour"));
    let mut window = small_profile();
    let leap = serde_json::json!([{ "id": "w", "kind": "other", "timing": { "windows": ["02-29/03-01"] },
        "start_hours": [9, 9], "minutes": [5, 5], "actors": "police", "shapes": ["none"], "results": [""] }]);
    window["work"] = leap;
    assert!(refused(&window.to_string()).contains("02-29/03-01"));
}

#[test]
fn the_rest_of_an_area_that_is_wholly_taken_is_refused() {
    let mut profile = small_profile();
    profile["strata"][0]["areas"] = serde_json::json!({ "outer": 1 });
    profile["strata"][1]["areas"] = serde_json::json!({ "inner": 1 });
    let text = small_demo(&profile).expect_err("refused").to_string();
    assert!(text.contains("strata.rest.areas: 'inner'"), "{text}");
}
