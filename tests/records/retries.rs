//! Requests that are sent again.

use crate::{OBSERVATIONS, Service, observation, send};
use serde_json::json;

#[test]
fn the_same_key_and_body_get_the_stored_answer_and_another_body_is_refused() {
    let service = Service::start();
    let mut nameless = observation("x", 1);
    nameless.as_object_mut().expect("object").remove("id");
    let key = "Idempotency-Key: form-1";
    let first = service.change("POST", OBSERVATIONS, &[key], &nameless);
    let again = service.change("POST", OBSERVATIONS, &[key], &nameless);
    assert_eq!((first.status, again.status), (201, 201), "{}", again.text());
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!((first.header("etag"), first.json()), (again.header("etag"), again.json()));
    assert_eq!(service.json(OBSERVATIONS)["numberMatched"], 1);
    let other = service.change("POST", OBSERVATIONS, &[key], &observation("y", 2));
    assert_eq!(other.status, 422, "{}", other.text());
    for bad in ["Idempotency-Key: ", "Idempotency-Key: a b", &format!("Idempotency-Key: {}", "x".repeat(129))] {
        assert_eq!(service.change("POST", OBSERVATIONS, &[bad], &nameless).status, 400, "{bad}");
    }
}

#[test]
fn a_change_whose_answer_was_lost_is_answered_as_it_was_the_first_time() {
    let service = Service::start();
    let tag = service.made(OBSERVATIONS, &observation("o1", 1));
    let item = format!("{OBSERVATIONS}/o1");
    let lines = [format!("If-Match: {tag}"), "Idempotency-Key: k1".to_string()];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let patch = json!({"properties": {"severity": 2}});
    let first = service.change("PATCH", &item, &lines, &patch);
    let again = service.change("PATCH", &item, &lines, &patch);
    assert_eq!((first.status, again.status), (200, 200), "{}", again.text());
    assert_eq!(first.header("etag"), again.header("etag"));
    let tag = first.header("etag").expect("a tag");
    let lines =
        [format!("If-Match: {tag}"), "Idempotency-Key: k2".to_string(), "Content-Type: application/json".to_string()];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    for _ in 0..2 {
        assert_eq!(service.send("DELETE", &format!("{item}?reason=dubblett"), &lines, b"").status, 204);
    }
}

#[test]
fn sixteen_at_once_with_one_key_make_one_record() {
    let service = Service::start();
    let mut nameless = observation("x", 1);
    nameless.as_object_mut().expect("object").remove("id");
    let body = nameless.to_string();
    let address = service.address;
    for round in 0..5 {
        let key = format!("Idempotency-Key: round-{round}");
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let ask = || {
                send(address, "POST", OBSERVATIONS, &[&key, "Content-Type: application/geo+json"], body.as_bytes())
                    .status
            };
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert!(statuses.iter().all(|status| [201, 409].contains(status)) && statuses.contains(&201), "{statuses:?}");
        assert_eq!(service.json(OBSERVATIONS)["numberMatched"], round + 1);
    }
}

#[test]
fn of_two_who_change_one_version_one_is_told() {
    let service = Service::start();
    let tag = service.made(OBSERVATIONS, &observation("o1", 1));
    let address = service.address;
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=8)
            .map(|n| {
                let (line, body) =
                    (format!("If-Match: {tag}"), json!({"properties": {"severity": n % 5 + 1}}).to_string());
                scope.spawn(move || {
                    let lines = [line.as_str(), "Content-Type: application/merge-patch+json"];
                    send(address, "PATCH", &format!("{OBSERVATIONS}/o1"), &lines, body.as_bytes()).status
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
}
