//! Many records in one request: all or nothing, one revision.

use serde_json::{Value, json};

use crate::{OBSERVATIONS, Service, observation};

fn batch(features: Vec<Value>) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

#[test]
fn a_batch_is_one_revision_and_keeps_the_order() {
    let service = Service::start();
    let before = service.store.snapshot().revision();
    let mut nameless = observation("x", 3);
    nameless.as_object_mut().expect("object").remove("id");
    let reply =
        service.change("POST", OBSERVATIONS, &[], &batch(vec![observation("b", 1), observation("a", 2), nameless]));
    assert_eq!(reply.status, 201, "{}", reply.text());
    let receipt = reply.json();
    assert_eq!(receipt["revision"], before + 1);
    let ids: Vec<&str> =
        receipt["records"].as_array().expect("a list").iter().map(|r| r["id"].as_str().expect("text")).collect();
    assert_eq!((ids[0], ids[1], ids[2].len()), ("b", "a", 24));
    assert_eq!(service.json(OBSERVATIONS)["numberMatched"], 3);
}

#[test]
fn one_wrong_record_and_nothing_is_kept() {
    let service = Service::start();
    let before = service.store.snapshot().revision();
    let mut wrong = observation("c", 3);
    wrong["properties"]["severity"] = json!(0);
    let reply =
        service.change("POST", OBSERVATIONS, &[], &batch(vec![observation("a", 1), observation("b", 2), wrong]));
    assert_eq!((reply.status, reply.pointers()), (422, vec!["/features/2/properties/severity".to_string()]));
    let twice = service.change("POST", OBSERVATIONS, &[], &batch(vec![observation("a", 1), observation("a", 2)]));
    assert_eq!(twice.status, 422, "{}", twice.text());
    service.made(OBSERVATIONS, &observation("z", 1));
    let there = service.change("POST", OBSERVATIONS, &[], &batch(vec![observation("a", 1), observation("z", 2)]));
    assert_eq!(there.status, 409, "{}", there.text());
    assert_eq!(service.json(OBSERVATIONS)["numberMatched"], 1);
    assert_eq!(service.store.snapshot().revision(), before + 1);
}

const BOOKINGS: &str = "/api/collections/bookings/items";

fn booking(id: &str, kind: &str, invitation: Value) -> Value {
    json!({"type": "Feature", "id": id, "geometry": null, "properties": {"kind": kind, "start": "2025-05-12T18:00",
        "booked_on": "2025-04-01", "invitation": invitation}})
}

#[test]
fn no_way_in_makes_an_invitation_of_what_is_not_announced() {
    let service = Service::start();
    let pointer = |at: &str| (422, vec![format!("{at}/properties/invitation")]);
    let told = |reply: &crate::Reply| (reply.status, reply.pointers());
    for kind in
        ["presence", "targeted_operation", "traffic_check", "safety_inventory", "collaboration_meeting", "other"]
    {
        let alone = service.change("POST", BOOKINGS, &[], &booking("b1", kind, json!(true)));
        assert_eq!(told(&alone), pointer(""), "{kind}");
        assert!(alone.text().contains("safety_walk, dialogue"), "{}", alone.text());
        let two = vec![booking("b1", "dialogue", json!(true)), booking("b2", kind, json!(true))];
        assert_eq!(told(&service.change("POST", BOOKINGS, &[], &batch(two))), pointer("/features/1"), "{kind}");
        // By the label of the table it is the same kind.
        let label = if kind == "presence" { "Närvaro" } else { kind };
        let put =
            service.change("PUT", &format!("{BOOKINGS}/b1"), &["If-None-Match: *"], &booking("b1", label, json!(true)));
        assert_eq!(told(&put), pointer(""), "{label}");
    }
    assert_eq!(service.json(BOOKINGS)["numberMatched"], 0);
    // An invitation that becomes a presence, or a presence that becomes an invitation, by a change of one member.
    service.made(BOOKINGS, &booking("walk", "safety_walk", json!(true)));
    service.made(BOOKINGS, &booking("round", "presence", json!(null)));
    let patch = |id: &str, member: Value| {
        let reply = service.get(&format!("{BOOKINGS}/{id}"));
        let tag = reply.header("etag").expect("a tag").to_string();
        service.change(
            "PATCH",
            &format!("{BOOKINGS}/{id}"),
            &[&format!("If-Match: {tag}")],
            &json!({"properties": member}),
        )
    };
    assert_eq!(told(&patch("walk", json!({"kind": "presence"}))), pointer(""));
    assert_eq!(told(&patch("round", json!({"invitation": true}))), pointer(""));
    assert_eq!(patch("walk", json!({"kind": "presence", "invitation": false})).status, 200);
    let read = service.json(&format!("{BOOKINGS}/round"));
    assert_eq!(read["properties"]["invitation"], json!(false), "what is not said is no");
}

#[test]
fn ten_thousand_records_are_taken_and_one_more_is_not() {
    let service = Service::start();
    let small = |n: usize| json!({"type": "Feature", "id": format!("o{n}"), "properties": {"category": "other", "start": "2025"}});
    let many = batch((0..10_000).map(small).collect());
    assert!(many.to_string().len() < 2 * 1024 * 1024, "fits the default body limit");
    let reply = service.change("POST", OBSERVATIONS, &[], &many);
    assert_eq!(reply.status, 201, "{}", reply.text().chars().take(300).collect::<String>());
    let more = batch((0..10_001).map(small).collect());
    let reply = service.change("POST", OBSERVATIONS, &[], &more);
    assert_eq!((reply.status, reply.pointers()), (422, vec!["/features".to_string()]));
}
