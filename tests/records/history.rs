//! Records as they were.

use lagesbild::domain::Collection;
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

#[test]
fn what_was_purged_says_when_and_shows_nothing() {
    let service = Service::start();
    let item = format!("{OBSERVATIONS}/o1");
    let tag = service.made(OBSERVATIONS, &observation("o1", 1));
    let erased = service.store.with_writer(|file| {
        let id = lagesbild::domain::Id::new("o1").expect("id");
        file.erase(&lagesbild::domain::Actor::local("tester"), Collection::Observations, &id, "begäran")
    });
    assert!(erased.is_ok(), "{erased:?}");
    for path in [item.clone(), format!("{item}?asof={}", revision_of(&tag))] {
        let reply = service.get(&path);
        assert_eq!(reply.status, 410, "{path}");
        assert!(reply.json()["detail"].as_str().is_some_and(|text| text.contains("purged on 20")), "{}", reply.text());
    }
    let versions = service.json(&format!("{item}/versions"));
    assert!(
        versions["versions"][0]["purged_on"].is_string() && versions["versions"][0]["feature"].is_null(),
        "{versions}"
    );
    let page = service.get("/iakttagelser/o1");
    assert!(page.status == 410 && page.text().contains("gallrades"), "{}", page.text());
}

#[test]
fn tables_and_layers_answer_as_of_a_revision() {
    let service = Service::start();
    let first = revision_of(&service.made(OBSERVATIONS, &observation("o1", 1)));
    service.made(OBSERVATIONS, &observation("o2", 2));
    let count = |asof: &str| {
        let summary = service.json(&format!("/api/areas/summary?period=2025-03&set=squares{asof}"));
        summary["areas"].as_array().expect("a list").iter().filter_map(|area| area["count"].as_u64()).sum::<u64>()
    };
    assert_eq!((count(""), count(&format!("&asof={first}")), count(&format!("&asof={}", first - 1))), (2, 1, 0));
    let cells = service.json(&format!("/api/layers/grid?period=2025-03&cell_m=500&asof={first}"));
    assert_eq!(cells["provenance"]["revision"], first);
    assert_eq!(service.get("/api/areas/summary?asof=99").status, 400);
}
