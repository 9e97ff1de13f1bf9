//! Lists: pages, filters, and pages while others write.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{OBSERVATIONS, Service, observation};

fn ids(page: &Value) -> Vec<String> {
    page["features"].as_array().expect("a list").iter().map(|f| f["id"].as_str().expect("text").to_string()).collect()
}

fn next(page: &Value) -> Option<String> {
    let link = page["links"].as_array().expect("links").iter().find(|link| link["rel"] == "next")?;
    assert_eq!(link["type"], "application/geo+json");
    let href = link["href"].as_str().expect("text");
    Some(href[href.find("/api").expect("a path")..].to_string())
}

fn fill(service: &Service, n: usize) {
    let features: Vec<Value> = (0..n).map(|i| observation(&format!("o{i:04}"), (i % 28) as u8 + 1)).collect();
    let reply = service.change("POST", OBSERVATIONS, &[], &json!({"type": "FeatureCollection", "features": features}));
    assert_eq!(reply.status, 201, "{}", reply.text());
}

#[test]
fn zero_three_and_thirty_records_are_listed_whole() {
    for n in [0, 3, 30] {
        let service = Service::start();
        if n > 0 {
            fill(&service, n);
        }
        let page = service.json(OBSERVATIONS);
        assert_eq!((page["numberMatched"].as_u64(), page["numberReturned"].as_u64()), (Some(n as u64), Some(n as u64)));
        assert_eq!((ids(&page).len(), next(&page)), (n, None));
        assert!(page["timeStamp"].is_string());
        let mut seen = Vec::new();
        let mut path = Some(format!("{OBSERVATIONS}?limit=7"));
        while let Some(at) = path {
            let page = service.json(&at);
            assert_eq!(page["numberMatched"], n);
            seen.extend(ids(&page));
            path = next(&page);
        }
        assert_eq!(seen, ids(&page));
    }
}

#[test]
fn pages_lose_and_double_nothing_while_others_write() {
    for query in ["?limit=9", "?limit=9&category=lighting&bbox=14.6,57.7,14.62,57.72"] {
        let service = Service::start();
        fill(&service, 60);
        let expected: BTreeSet<String> = (0..60).map(|i| format!("o{i:04}")).collect();
        let mut path = Some(format!("{OBSERVATIONS}{query}"));
        let (mut seen, mut pages) = (Vec::new(), 0);
        while let Some(at) = path {
            let page = service.json(&at);
            assert_eq!(page["numberMatched"], 60, "{at}");
            seen.extend(ids(&page));
            path = next(&page);
            // Before, inside and after what was read: new ones come, one goes, one changes.
            service.made(OBSERVATIONS, &observation(&format!("a{pages}"), 1));
            service.made(OBSERVATIONS, &observation(&format!("o0030-{pages}"), 1));
            let item = format!("{OBSERVATIONS}/o{:04}", 59 - pages);
            let lines = ["If-Match: *", "Content-Type: application/json"];
            assert_eq!(service.send("DELETE", &format!("{item}?reason=flyttad"), &lines, b"").status, 204);
            let changed = format!("{OBSERVATIONS}/o{:04}", 30 + pages);
            let patch = json!({"properties": {"category": "other"}});
            assert_eq!(service.change("PATCH", &changed, &["If-Match: *"], &patch).status, 200);
            pages += 1;
        }
        assert_eq!(pages, 7);
        assert_eq!(seen.len(), 60, "{query}: nothing twice");
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), expected, "{query}");
    }
}

#[test]
fn lists_select_by_filter_place_and_time() {
    let service = Service::start();
    fill(&service, 28);
    let long = json!({"type": "Feature", "id": "long", "properties":
        {"category": "theft", "start": "2025-02-27T22:00", "end": "2025-03-02T02:00", "source": "citizen", "area": "west"}});
    service.made(OBSERVATIONS, &long);
    let matched =
        |query: &str| service.json(&format!("{OBSERVATIONS}?{query}"))["numberMatched"].as_u64().expect("number");
    assert_eq!(matched("category=theft"), 1);
    assert_eq!(matched("source=citizen"), 1);
    assert_eq!(matched("area=west"), 29);
    assert_eq!(matched("area=east"), 0);
    // Without a geometry a record is in no box.
    assert_eq!(matched("bbox=14.6,57.7,14.62,57.72"), 28);
    assert_eq!(matched("bbox=14.6,57.7,0,14.62,57.72,100"), 28);
    assert_eq!(matched("bbox=14.7,57.7,14.72,57.72"), 0);
    // The long one touches the first of March, the noon of the second lies after its end.
    assert_eq!(matched("datetime=2025-03-01"), 2);
    assert_eq!(matched("datetime=2025-03-02T11:00:00Z"), 1);
    assert_eq!(matched("datetime=2025-03-02T11:00:00Z/.."), 27);
    assert_eq!(matched("from=2025-02-28&to=2025-02-28"), 1);
    assert_eq!(matched("limit=5000"), 29);
    for bad in [
        "limit=0",
        "limit=x",
        "bbox=1,2",
        "datetime=nu",
        "category=nothing",
        "kind=presence",
        "of=activities",
        "asof=x",
    ] {
        assert_eq!(service.get(&format!("{OBSERVATIONS}?{bad}")).status, 400, "{bad}");
    }
}

#[test]
fn lines_are_in_a_box_they_touch_and_every_collection_takes_place_and_time() {
    let service = Service::start();
    let items = "/api/collections/activities/items";
    let walk = json!({"type": "Feature", "id": "w", "geometry": {"type": "LineString", "coordinates": [[14.60, 57.70], [14.70, 57.70]]},
        "properties": {"kind": "safety_walk", "start": "2025-03-01T18:00", "end": "2025-03-01T20:00"}});
    service.made(items, &walk);
    let report = json!({"type": "Feature", "id": "r", "properties":
        {"organisation": "Skolan", "week": "2025-W09", "n": 0, "reported_on": "2025-03-03"}});
    service.made("/api/collections/reports/items", &report);
    let matched = |path: &str| service.json(path)["numberMatched"].as_u64().expect("number");
    assert_eq!(matched(&format!("{items}?bbox=14.601,57.69,14.602,57.71")), 1);
    assert_eq!(matched(&format!("{items}?bbox=14.8,57.69,14.9,57.71")), 0);
    assert_eq!(matched("/api/collections/reports/items?datetime=2025-02-24"), 1);
    assert_eq!(matched("/api/collections/reports/items?datetime=2025-03-03/.."), 0);
    assert_eq!(matched("/api/collections/reports/items?bbox=-180,-90,180,90"), 0);
    assert_eq!(matched("/api/collections/areas/items?bbox=14.605,57.705,14.606,57.706"), 1);
    assert_eq!(matched("/api/collections/places/items?datetime=1999-01-01"), 1);
    let page = service.json("/api/collections/areas/items?limit=1");
    assert_eq!((ids(&page), page["numberMatched"].as_u64()), (vec!["east".to_string()], Some(2)));
    assert_eq!(ids(&service.json(&next(&page).expect("a second page"))), ["west"]);
}
