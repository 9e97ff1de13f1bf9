//! What is refused, and how it is told.

use serde_json::{Value, json};

use crate::{OBSERVATIONS, Service, observation};

#[test]
fn every_wrong_member_is_told_with_its_pointer() {
    let service = Service::start();
    let mut wrong = observation("o1", 1);
    wrong["properties"]["catgory"] = json!("x");
    wrong["properties"]["severity"] = json!(9);
    wrong["properties"]["start"] = json!("2025-03-30T02:30");
    let reply = service.change("POST", OBSERVATIONS, &[], &wrong);
    assert_eq!((reply.status, reply.header("content-type")), (422, Some("application/problem+json")));
    assert_eq!(reply.pointers(), ["/properties/catgory", "/properties/start", "/properties/severity"]);
    let text = reply.text();
    assert!(text.contains("did you mean 'category'") && text.contains("does not exist"), "{text}");
    assert_eq!(service.json(OBSERVATIONS)["numberMatched"], 0);
}

#[test]
fn what_the_store_sets_cannot_be_set_by_a_request() {
    let service = Service::start();
    let mut given = observation("o1", 1);
    for (name, value) in
        [("revision", json!(999)), ("has_free_text", json!(true)), ("start_local", json!("1999-01-01"))]
    {
        given["properties"][name] = value;
    }
    given["links"] = json!([{"rel": "self", "href": "http://evil.example"}]);
    service.made(OBSERVATIONS, &given);
    let read = service.json(&format!("{OBSERVATIONS}/o1"));
    assert_eq!(
        (&read["properties"]["has_free_text"], &read["properties"]["start_local"]),
        (&json!(false), &json!("2025-03-01T12:00:00+01:00"))
    );
    assert_ne!(read["properties"]["revision"], 999);
    assert!(!read.to_string().contains("evil"));
    for name in ["import_id", "actor", "fid", "roles", "reporter", "time_certainty_utc"] {
        let mut given = observation("o2", 1);
        given["properties"][name] = json!("x");
        let reply = service.change("POST", OBSERVATIONS, &[], &given);
        assert_eq!((reply.status, reply.pointers()), (422, vec![format!("/properties/{name}")]));
    }
    let other = service.change("PUT", &format!("{OBSERVATIONS}/o1"), &["If-Match: *"], &observation("o9", 1));
    assert_eq!((other.status, other.pointers()), (422, vec!["/id".to_string()]));
}

#[test]
fn bodies_that_are_no_records_are_refused_and_nothing_falls_over() {
    let service = Service::start();
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("null", 422),
        ("[]", 422),
        ("7", 422),
        ("\"x\"", 422),
        ("{}", 422),
        // Deeper than `json_depth` allows.
        (deep.as_str(), 422),
        (r#"{"type": "Feature"}"#, 422),
        (r#"{"type": "Feature", "properties": 3}"#, 422),
        (r#"{"type": "FeatureCollection"}"#, 422),
        (r#"{"type": "FeatureCollection", "features": []}"#, 422),
        (r#"{"type": "FeatureCollection", "features": [null]}"#, 422),
        (
            r#"{"type": "Feature", "geometry": {"type": "Point", "coordinates": []}, "properties": {"category": "other", "start": "2025"}}"#,
            422,
        ),
        (r#"{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1e999, 2]}, "properties": {}}"#, 400),
        (
            r#"{"type": "Feature", "properties": {"category": ["other"], "start": {"a": 1}, "kept": {}, "place": 3, "area": []}}"#,
            422,
        ),
    ] {
        let reply = service.send("POST", OBSERVATIONS, &["Content-Type: application/json"], body.as_bytes());
        assert_eq!(reply.status, status, "{}: {}", body.chars().take(60).collect::<String>(), reply.text());
    }
    let reply = service.send("POST", OBSERVATIONS, &["Content-Type: application/xml+json"], b"{}");
    assert_eq!(reply.status, 415);
    let unknown = service.change("POST", &format!("{OBSERVATIONS}?redcat=true"), &[], &observation("o1", 1));
    assert_eq!((unknown.status, unknown.json()["parameter"].as_str()), (400, Some("redcat")));
    assert_eq!(service.get(&format!("{OBSERVATIONS}/a%20b")).status, 404);
    assert_eq!(service.get("/api/collections/nothing/items").status, 404);
}

#[test]
fn what_looks_like_a_person_is_refused_unless_it_may_be_redacted() {
    let service = Service::start();
    let mut given = observation("o1", 1);
    given["properties"]["text"] = json!("Ring 070-123 45 67");
    let refused = service.change("POST", OBSERVATIONS, &[], &given);
    assert_eq!((refused.status, refused.pointers()), (422, vec!["/properties/text".to_string()]));
    assert!(!refused.text().contains("070-123"), "a problem does not repeat the number");
    assert_eq!(service.change("POST", &format!("{OBSERVATIONS}?redact=true"), &[], &given).status, 201);
    let read = service.json(&format!("{OBSERVATIONS}/o1?free_text_reason=uppf%C3%B6ljning"));
    assert_eq!(read["properties"]["text"], "Ring [...]");
}

#[test]
fn free_text_is_given_for_a_reason_and_not_lost_by_those_who_did_not_see_it() {
    let service = Service::start();
    let item = format!("{OBSERVATIONS}/o1");
    let mut given = observation("o1", 1);
    given["properties"]["text"] = json!("Lampan är trasig");
    given["properties"]["kept"] = json!([{"name": "Dnr", "value": "17"}]);
    let tag = service.made(OBSERVATIONS, &given);
    let plain = service.json(&item);
    assert_eq!((plain["properties"].get("text"), &plain["properties"]["has_free_text"]), (None, &json!(true)));
    assert!(!service.get(OBSERVATIONS).text().contains("trasig"));
    let with = format!("{item}?free_text_reason=uppf%C3%B6ljning");
    assert_eq!(service.json(&with)["properties"]["text"], "Lampan är trasig");
    assert_eq!(service.get(&format!("{item}?free_text_reason=x")).status, 400);
    let put = service.change("PUT", &item, &[&format!("If-Match: {tag}")], &plain);
    assert_eq!(put.status, 200, "{}", put.text());
    assert!(!put.text().contains("trasig"), "who did not read it is not told");
    assert_eq!(service.json(&with)["properties"]["kept"], json!([{"name": "Dnr", "value": "17"}]));
    let tag = put.header("etag").expect("a tag").to_string();
    let taken = service.change("PATCH", &item, &[&format!("If-Match: {tag}")], &json!({"properties": {"text": null}}));
    assert_eq!(taken.status, 200);
    assert_eq!(service.json(&with)["properties"]["text"], Value::Null);
}

#[test]
fn who_reported_is_withheld_like_free_text_and_is_never_a_person() {
    let service = Service::start();
    let item = format!("{OBSERVATIONS}/o1");
    let mut given = observation("o1", 1);
    let key = "k".repeat(126);
    given["properties"]["reporter_key"] = json!(format!(" {key} "));
    let tag = service.made(OBSERVATIONS, &given);
    let plain = service.json(&item);
    assert_eq!((plain["properties"].get("reporter_key"), &plain["properties"]["has_free_text"]), (None, &json!(true)));
    for path in [OBSERVATIONS.to_string(), item.clone(), format!("{item}/versions"), "/api/layers/points".to_string()] {
        assert!(!service.get(&path).text().contains(&key), "{path}");
    }
    let with = format!("{item}?free_text_reason=uppf%C3%B6ljning");
    assert_eq!(service.json(&with)["properties"]["reporter_key"], json!(key));
    // Who did not see it cannot lose it.
    assert_eq!(service.change("PUT", &item, &[&format!("If-Match: {tag}")], &plain).status, 200);
    assert_eq!(service.json(&with)["properties"]["reporter_key"], json!(key));
    for bad in [json!("k".repeat(129)), json!("811228-9874"), json!("anna@example.se"), json!("a\nb"), json!(7)] {
        given["id"] = json!("o2");
        given["properties"]["reporter_key"] = bad.clone();
        let refused = service.change("POST", OBSERVATIONS, &[], &given);
        assert_eq!((refused.status, refused.pointers()), (422, vec!["/properties/reporter_key".to_string()]), "{bad}");
    }
    for empty in [json!(""), json!("  "), json!(null)] {
        given["properties"]["reporter_key"] = empty;
        let tag = service.json(&item)["properties"]["revision"].clone();
        let put = service.change("PUT", &item, &[&format!("If-Match: \"o1.{tag}\"")], &{
            let mut whole = given.clone();
            whole["id"] = json!("o1");
            whole
        });
        assert_eq!(put.status, 200, "{}", put.text());
        assert_eq!(service.json(&with)["properties"]["reporter_key"], Value::Null);
    }
    // Another program makes it; nobody types it into a form.
    assert!(!service.get("/iakttagelser/ny").text().contains("reporter_key"));
}

#[test]
fn a_patch_to_another_place_moves_the_record_there() {
    let service = Service::start();
    let tag = service.made(OBSERVATIONS, &observation("o1", 1));
    let patch = json!({"properties": {"place": "Stationen"}});
    let moved = service.change("PATCH", &format!("{OBSERVATIONS}/o1"), &[&format!("If-Match: {tag}")], &patch).json();
    assert_eq!(moved["geometry"]["coordinates"], json!([14.605, 57.705]));
    assert_eq!((&moved["properties"]["place"], &moved["properties"]["precision_m"]), (&json!("rc"), &json!(80)));
}

#[test]
fn a_category_that_is_not_in_the_table_needs_a_word() {
    let service = Service::start();
    let mut given = observation("o1", 1);
    given["properties"]["category"] = json!("Klotter");
    assert_eq!(service.change("POST", OBSERVATIONS, &[], &given).pointers(), ["/properties/category"]);
    assert_eq!(service.change("POST", &format!("{OBSERVATIONS}?new_terms=true"), &[], &given).status, 201);
    assert_eq!(service.json(&format!("{OBSERVATIONS}?category=Klotter"))["numberMatched"], 1);
}

#[test]
fn options_and_head_answer_from_the_table() {
    let service = Service::start();
    service.made(OBSERVATIONS, &observation("o1", 1));
    let allow = |path: &str| service.send("OPTIONS", path, &[], b"").header("allow").map(str::to_string);
    assert_eq!(allow(OBSERVATIONS).as_deref(), Some("GET, HEAD, OPTIONS, POST"));
    assert_eq!(allow(&format!("{OBSERVATIONS}/o1")).as_deref(), Some("DELETE, GET, HEAD, OPTIONS, PATCH, PUT"));
    let head = service.send("HEAD", &format!("{OBSERVATIONS}/o1"), &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(head.header("etag").is_some());
    let minimal = service.change("POST", OBSERVATIONS, &["Prefer: return=minimal"], &observation("o2", 1));
    assert_eq!(
        (minimal.status, minimal.body.len(), minimal.header("preference-applied")),
        (201, 0, Some("return=minimal"))
    );
}
