//! Records as they were.

use serde_json::json;

use crate::{OBSERVATIONS, Service, observation};

fn revision_of(tag: &str) -> u64 {
    tag.trim_matches('"').rsplit('.').next().and_then(|n| n.parse().ok()).expect("a revision in the tag")
}

#[test]
fn a_record_and_a_list_answer_as_of_a_revision() {
    let service = Service::start();
    let item = format!("{OBSERVATIONS}/o1");
    let first = service.made(OBSERVATIONS, &observation("o1", 1));
    let patch = json!({"properties": {"severity": 4}});
    let second = service.change("PATCH", &item, &[&format!("If-Match: {first}")], &patch);
    let second = second.header("etag").expect("a tag").to_string();
    let lines = [format!("If-Match: {second}"), "Content-Type: application/json".to_string()];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(service.send("DELETE", &format!("{item}?reason=fel"), &lines, b"").status, 204);
    let (one, two) = (revision_of(&first), revision_of(&second));
    let at = |revision: u64| service.get(&format!("{item}?asof={revision}"));
    assert_eq!((at(one - 1).status, at(one).status, at(two).status, at(two + 1).status), (404, 200, 200, 410));
    assert_eq!(
        (&at(one).json()["properties"]["severity"], &at(two).json()["properties"]["severity"]),
        (&json!(null), &json!(4))
    );
    assert_eq!(at(one).header("etag"), Some(first.as_str()));
    assert_eq!(at(two + 2).status, 400, "there is no such revision yet");
    let matched = |revision: u64| service.json(&format!("{OBSERVATIONS}?asof={revision}"))["numberMatched"].clone();
    assert_eq!((matched(one - 1), matched(one), matched(two + 1)), (json!(0), json!(1), json!(0)));
    assert_eq!(service.json(&format!("{OBSERVATIONS}?asof={one}&category=lighting"))["numberMatched"], 1);
    assert_eq!(service.get(&format!("{OBSERVATIONS}?asof=0")).status, 400);
}

#[test]
fn versions_say_who_when_and_why() {
    let service = Service::start();
    let item = format!("{OBSERVATIONS}/o1");
    let mut given = observation("o1", 1);
    given["properties"]["text"] = json!("hemlig");
    let tag = service.made(OBSERVATIONS, &given);
    let patch = json!({"properties": {"severity": 4}});
    let tag = service
        .change("PATCH", &item, &[&format!("If-Match: {tag}")], &patch)
        .header("etag")
        .expect("a tag")
        .to_string();
    let lines = [format!("If-Match: {tag}"), "Content-Type: application/json".to_string()];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    service.send("DELETE", &format!("{item}?reason=tillbakadragen"), &lines, b"");
    let reply = service.json(&format!("{item}/versions"));
    let versions = reply["versions"].as_array().expect("a list");
    assert_eq!(versions.len(), 2);
    assert_eq!(
        (&versions[0]["feature"]["properties"]["severity"], &versions[1]["feature"]["properties"]["severity"]),
        (&json!(null), &json!(4))
    );
    assert_eq!(versions[1]["ended"]["reason"], "tillbakadragen");
    assert_eq!(versions[0]["ended"]["revision"], versions[1]["revision"]);
    assert!(versions.iter().all(|v| v["actor"].is_string() && v["at"].is_string()));
    assert!(!reply.to_string().contains("hemlig"));
    assert!(service.get(&format!("{item}/versions?free_text_reason=granskning")).text().contains("hemlig"));
    assert_eq!(service.get(&format!("{OBSERVATIONS}/never/versions")).status, 404);
}
