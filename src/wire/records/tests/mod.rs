//! Round trips of every collection, and what is refused.

mod any_record;

use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use any_record::{any_record, promise};

use crate::domain::{LonLat, Shape, TimeCertainty, When};
use crate::geodata::default_place;

struct Ground {
    zone: TimeZone,
    areas: Vec<Area>,
    places: Vec<Place>,
    vocabulary: Vocabulary,
}

fn ground() -> &'static Ground {
    static GROUND: OnceLock<Ground> = OnceLock::new();
    GROUND.get_or_init(read_ground)
}

fn read_ground() -> Ground {
    let place = default_place();
    let zone = TimeZone::get("Europe/Stockholm").expect("bundled");
    Ground { zone, areas: place.areas, places: place.places, vocabulary: Vocabulary::seed() }
}

impl Ground {
    fn context(&self) -> Context<'_> {
        Context::new(&self.zone, &self.areas, &self.places, &self.vocabulary)
    }

    fn shown(&self, free_text: bool) -> Shown {
        Shown::new(&self.zone, &self.places, free_text)
    }

    fn problems(&self, collection: Collection, feature: &Value) -> Vec<(String, String)> {
        let bad = from_feature(collection, feature, &self.context()).expect_err("refused");
        bad.into_iter().map(|bad| (bad.pointer, format!("{} | {}", bad.reason, bad.accepted))).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_record_survives_writing_and_reading(record in any_record()) {
        let ground = ground();
        let feature = to_feature(&record, 7, &ground.shown(true));
        // Through bytes, as a client sends it.
        let feature: Value = serde_json::from_slice(&serde_json::to_vec(&feature).expect("writes")).expect("reads");
        let read = from_feature(record.collection(), &feature, &ground.context());
        prop_assert_eq!(read.as_ref(), Ok(&record), "{}", feature);
    }

    #[test]
    fn every_written_member_stands_in_the_schema_and_what_is_required_is_written(record in any_record()) {
        let ground = ground();
        let collection = record.collection();
        let schema = schema(collection);
        let inner = &schema["properties"]["properties"];
        let feature = to_feature(&record, 7, &ground.shown(true));
        let written = feature["properties"].as_object().expect("properties");
        for name in written.keys() {
            prop_assert!(inner["properties"].get(name).is_some(), "{} {}", collection.code(), name);
        }
        for name in inner["required"].as_array().expect("a list") {
            let value = written.get(name.as_str().expect("text"));
            prop_assert!(value.is_some_and(|value| !value.is_null()), "{} {}", collection.code(), name);
        }
        let shown: Vec<&str> = members(collection).iter().map(|member| member.name).collect();
        prop_assert!(shown.iter().all(|name| written.contains_key(*name)), "{} {:?}", collection.code(), written);
    }

    #[test]
    fn free_text_is_absent_without_a_reason_and_kept_by_a_body_that_lacks_it(record in any_record()) {
        let ground = ground();
        let collection = record.collection();
        let (full, shown) = (to_feature(&record, 7, &ground.shown(true)), to_feature(&record, 7, &ground.shown(false)));
        let free: Vec<&str> = members(collection).iter().filter(|m| m.free).map(|m| m.name).collect();
        let has = free.iter().any(|name| !full["properties"][*name].is_null());
        if !free.is_empty() {
            prop_assert_eq!(&shown["properties"]["has_free_text"], &json!(has));
        }
        prop_assert!(free.iter().all(|name| shown["properties"].get(*name).is_none_or(Value::is_null)));
        let mut body = shown;
        keep_withheld(collection, &mut body, &full);
        prop_assert_eq!(from_feature(collection, &body, &ground.context()), Ok(record));
    }
}

fn smallest() -> Value {
    json!({"type": "Feature", "id": "o1", "geometry": null, "properties": {"category": "lighting", "start": "2025-03-01"}})
}

fn with(name: &str, value: Value) -> Value {
    let mut feature = smallest();
    feature["properties"][name] = value;
    feature
}

#[test]
fn a_place_of_the_register_gives_the_position_and_a_geometry_outranks_it() {
    let ground = ground();
    let entry = ground.places.iter().find(|place| place.at.is_some()).expect("a place with a point").clone();
    let read = |feature: &Value| match from_feature(Collection::Observations, feature, &ground.context()) {
        Ok(Record::Observation(observation)) => observation.location,
        other => panic!("{other:?}"),
    };
    let by_name = read(&with("place", json!(entry.name.to_uppercase())));
    assert_eq!((by_name.place, by_name.shape), (Some(entry.id.clone()), entry.at.map(Shape::Point)));
    assert_eq!((by_name.precision_m, by_name.place_text), (entry.precision_m, Some(entry.name.to_uppercase())));
    let by_id = read(&with("place", json!(entry.id.as_str())));
    assert_eq!((by_id.place, by_id.place_text), (Some(entry.id.clone()), None));
    let mut own = with("place", json!(entry.id.as_str()));
    own["geometry"] = json!({"type": "Point", "coordinates": [14.7, 57.66]});
    let own = read(&own);
    assert_eq!(own.shape, Some(Shape::Point(LonLat::new(14.7, 57.66).expect("valid"))));
    assert_eq!(own.precision_m, None);
    let unknown = ground.problems(Collection::Observations, &with("place", json!("Resecentrun")));
    assert!(unknown[0].1.contains("did you mean") && unknown[0].0 == "/properties/place", "{unknown:?}");
}

#[test]
fn every_problem_is_listed_with_its_pointer() {
    let feature = json!({"type": "Feature", "id": "a b", "geometry": {"type": "Point", "coordinates": [481781, 6389937]},
        "propertis": 1, "properties": {"catgory": "x", "start": "2025-02-30", "feeling": "unsaef", "severity": 6,
        "text": "ring 070-123 45 67", "kept": [{"name": 1, "value": "x"}], "area": "runeryd", "source": 4}});
    let problems = ground().problems(Collection::Observations, &feature);
    let pointers: Vec<&str> = problems.iter().map(|(pointer, _)| pointer.as_str()).collect();
    let expected = [
        "/propertis",
        "/properties/catgory",
        "/id",
        "/properties/category",
        "/properties/feeling",
        "/properties/start",
        "/geometry",
        "/properties/area",
        "/properties/source",
        "/properties/severity",
        "/properties/text",
        "/properties/kept/0",
    ];
    for pointer in expected {
        assert!(pointers.contains(&pointer), "{pointer} is not among {pointers:?}");
    }
    assert_eq!(pointers.len(), expected.len(), "{problems:?}");
    let of = |pointer: &str| problems.iter().find(|(p, _)| p == pointer).map(|(_, text)| text.clone()).expect(pointer);
    assert!(of("/properties/catgory").contains("did you mean 'category'"));
    assert!(of("/properties/feeling").contains("did you mean 'unsafe'"));
    assert!(of("/properties/area").contains("did you mean 'runneryd'"));
    assert!(of("/properties/text").contains("redact=true"));
    assert!(of("/geometry").contains("EPSG:3006"));
}

#[test]
fn what_looks_like_a_person_is_masked_in_problems_and_redacted_on_request() {
    let ground = ground();
    let feature = with("text", json!("Åke 811228-9874 var där"));
    let bad = from_feature(Collection::Observations, &feature, &ground.context()).expect_err("refused");
    assert_eq!(bad[0].value, "Åke [...] var där");
    match from_feature(Collection::Observations, &feature, &ground.context().redacting(true)) {
        Ok(Record::Observation(observation)) => assert_eq!(observation.text.as_deref(), Some("Åke [...] var där")),
        other => panic!("{other:?}"),
    }
    let mut person = smallest();
    person["id"] = json!("811228-9874");
    assert_eq!(ground.problems(Collection::Observations, &person)[0].0, "/id");
}

#[test]
fn times_follow_the_rules_of_import_on_both_nights_when_the_clock_changes() {
    let ground = ground();
    let read =
        |start: &str| match from_feature(Collection::Observations, &with("start", json!(start)), &ground.context()) {
            Ok(Record::Observation(observation)) => Ok(observation.when),
            Ok(_) => unreachable!("an observation"),
            Err(bad) => Err(bad[0].reason.clone()),
        };
    let second = |text: &str| text.parse::<jiff::Timestamp>().expect("instant").as_second();
    let twice = read("2025-10-26T02:30").expect("both readings");
    assert_eq!(
        (twice.start_s(), twice.end_s(), twice.certainty()),
        (second("2025-10-26T00:30:00Z"), second("2025-10-26T01:30:00Z"), TimeCertainty::Ambiguous)
    );
    assert_eq!(read("2025-10-26T02:30+02:00"), Ok(When::instant(second("2025-10-26T00:30:00Z"))));
    assert!(read("2025-03-30T02:30").expect_err("gone").contains("does not exist"));
    assert_eq!(read("2025-03-01T21:30"), Ok(When::instant(second("2025-03-01T20:30:00Z"))));
    assert_eq!(read("2025-03-01").map(When::certainty), Ok(TimeCertainty::WholeDay));
    let shown = to_feature(
        &from_feature(Collection::Observations, &with("start", json!("2025-07-01T21:30")), &ground.context())
            .expect("read"),
        1,
        &ground.shown(true),
    );
    assert_eq!(shown["properties"]["start"], "2025-07-01T19:30:00Z");
    assert_eq!(shown["properties"]["start_local"], "2025-07-01T21:30:00+02:00");
}

#[test]
fn read_only_members_may_come_back_and_change_nothing() {
    let ground = ground();
    let mut feature = smallest();
    feature["links"] = json!([]);
    for (name, value) in
        [("revision", json!(99)), ("has_free_text", json!(true)), ("start_local", json!("1999-01-01T00:00:00Z"))]
    {
        feature["properties"][name] = value;
    }
    let context = ground.context();
    assert_eq!(
        from_feature(Collection::Observations, &feature, &context),
        from_feature(Collection::Observations, &smallest(), &context)
    );
}

#[test]
fn a_new_category_is_refused_unless_it_is_asked_for() {
    let ground = ground();
    let feature = with("category", json!("Klotter"));
    assert_eq!(ground.problems(Collection::Observations, &feature)[0].0, "/properties/category");
    let context = ground.context().with_new_terms(true);
    assert!(from_feature(Collection::Observations, &feature, &context).is_ok());
    // A label is as good as its code.
    assert!(from_feature(Collection::Observations, &with("category", json!("Belysning")), &ground.context()).is_ok());
}

#[test]
fn numbers_that_do_not_hold_together_are_refused() {
    let ground = ground();
    let survey = |more: Value| {
        let mut feature = json!({"type": "Feature", "id": "s", "properties": {"wave": "1", "question_sv": "?", "question_en": "?",
            "respondents": "all", "period_start": "2025-01-01", "period_end": "2025-01-31", "answered": 5, "source": "x"}});
        feature["properties"] = merge_patch(&feature["properties"], &more);
        ground.problems(Collection::Surveys, &feature).into_iter().map(|(pointer, _)| pointer).collect::<Vec<_>>()
    };
    assert_eq!(survey(json!({"asked": 4, "unsafe": 6})), ["/properties/answered", "/properties/unsafe"]);
    assert_eq!(survey(json!({"asked": 9, "unsafe_share": 0.5})), ["/properties/unsafe_share"]);
    assert_eq!(survey(json!({})), ["/properties/unsafe_share"]);
    let action = json!({"type": "Feature", "id": "a", "properties":
        {"text": "x", "owner_organisation": "y", "status": "done", "why_not": "z"}});
    assert_eq!(ground.problems(Collection::Actions, &action)[0].0, "/properties/why_not");
    let count = json!({"type": "Feature", "id": "a", "properties": {"organisation": "x", "kind": "other", "n": 1,
        "reported_by": "y", "reported_on": "2025-07-01", "period_start": "2025-05-01", "period_end": "2025-06-30"}});
    assert_eq!(ground.problems(Collection::ReportedCounts, &count)[0].0, "/properties/period_end");
}

#[test]
fn answers_apart_are_counted_among_those_who_were_asked() {
    let survey = |more: Value| {
        let mut feature = json!({"type": "Feature", "id": "s", "properties": {"wave": "1", "question_sv": "?", "question_en": "?",
            "respondents": "all", "period_start": "2025-01-01", "period_end": "2025-01-31", "answered": 90, "source": "x"}});
        feature["properties"] = merge_patch(&feature["properties"], &more);
        from_feature(Collection::Surveys, &feature, &ground().context())
    };
    let told = |more: Value| {
        let bad = survey(more).expect_err("refused").remove(0);
        format!("{}: {} | {}", bad.pointer, bad.reason, bad.accepted)
    };
    assert_eq!(
        told(json!({"asked": 100, "unsafe": 6, "dont_know": 8, "dont_go_there": 3})),
        "/properties/dont_know: more answers than asked: answered 90 + dont_know 8 + dont_go_there 3 = 101, asked 100 | together at most 10"
    );
    assert_eq!(
        told(json!({"asked": 80, "unsafe": 6})),
        "/properties/answered: more answers than asked: answered 90, asked 80 | at most 80"
    );
    assert!(survey(json!({"asked": 100, "unsafe": 6, "dont_know": 7, "dont_go_there": 3})).is_ok());
    // Of a published share nobody says how many were asked.
    assert!(survey(json!({"unsafe_share": 0.2, "weighted": true, "dont_know": 700})).is_ok());
    assert!(
        told(json!({"asked": 100, "unsafe": 6, "weighted": true})).starts_with("/properties/weighted: stands together")
    );
}

#[test]
fn members_of_the_follow_up_keep_their_limits() {
    let told = |collection, properties: Value| {
        let feature = json!({"type": "Feature", "id": "x", "properties": properties});
        let bad = from_feature(collection, &feature, &ground().context()).expect_err("refused");
        bad.iter().map(|b| format!("{}: {} | {}", b.pointer, b.reason, b.accepted)).collect::<Vec<_>>()
    };
    let count = json!({"organisation": "x", "kind": "other", "n": 2, "intelligence_led": 3, "reported_by": "y",
        "reported_on": "2025-07-01", "period_start": "2025-05-01", "period_end": "2025-05-31"});
    assert_eq!(told(Collection::ReportedCounts, count), ["/properties/intelligence_led: is more than n | at most 2"]);
    let comment =
        json!({"promise": "p", "commitment": "c", "party": "b", "text": "å".repeat(401), "said_on": "2025-07-01"});
    assert_eq!(told(Collection::Comments, comment), ["/properties/text: is too long | at most 400 letters"]);
    let priority = json!({"week": "2025-09", "rank": 0, "text": "x", "decided_on": "2025-02-21"});
    assert_eq!(
        told(Collection::Priorities, priority),
        [
            "/properties/week: is not a week | an ISO week such as 2025-W09",
            "/properties/rank: is not such a number | a whole number from 1 on"
        ]
    );
    let booking = json!({"kind": "other", "start": "2025-03-01", "cancelled": "no", "activity": "a b"});
    assert_eq!(
        told(Collection::Bookings, booking),
        [
            "/properties/booked_on: is missing | a date such as 2025-03-01",
            "/properties/cancelled: is not true or false | true or false",
            "/properties/activity: is not an id | an id: 1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-'"
        ]
    );
    let feature = json!({"type": "Feature", "id": "b", "properties":
        {"kind": "other", "start": "2025-03-01", "booked_on": "2025-02-21"}});
    let read = from_feature(Collection::Bookings, &feature, &ground().context()).expect("read");
    assert!(
        matches!(read, Record::Booking(b) if !b.cancelled && b.activity.is_none() && b.when.certainty() == TimeCertainty::WholeDay)
    );
}

#[test]
fn a_wrong_promise_document_is_told_by_its_place() {
    let ground = ground();
    let mut feature = to_feature(&promise(), 1, &ground.shown(true));
    feature["properties"]["document"]["commitments"][0]["pledge"]["target"]["at_least"] = json!(0);
    let problems = ground.problems(Collection::Promises, &feature);
    assert_eq!(problems[0].0, "/properties/document/commitments/0/pledge", "{problems:?}");
}
