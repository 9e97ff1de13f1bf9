//! Reported counts of the same days, as programs and people meet them.

use serde_json::{Value, json};

use crate::forms::{hidden, page, post};
use crate::{Reply, Service};

const COUNTS: &str = "/api/collections/reported-counts/items";

fn count(id: &str, organisation: &str, first: &str, last: &str) -> Value {
    json!({"type": "Feature", "id": id, "geometry": null, "properties": {"organisation": organisation,
        "kind": "targeted_operation", "area": "west", "period_start": first, "period_end": last, "n": 4,
        "reported_by": "kommunpolisen", "reported_on": "2025-06-02"}})
}

fn told(reply: &Reply) -> (u16, Value) {
    (reply.status, reply.json())
}

#[test]
fn an_overlapping_count_is_a_conflict_that_names_both_and_says_what_to_do() {
    let service = Service::start();
    let tag = service.made(COUNTS, &count("may", "Polisen", "2025-05-01", "2025-05-31"));
    let quarter = count("q2", " polisen ", "2025-04-01", "2025-06-30");
    let (status, problem) = told(&service.change("POST", COUNTS, &[], &quarter));
    assert_eq!((status, &problem["type"]), (409, &json!("urn:lagesbild:problem:overlapping-count")), "{problem}");
    assert_eq!(
        problem["errors"],
        json!([{"pointer": "/properties/period_start", "value": "q2",
            "detail": "overlaps 'may' (2025-05-01 to 2025-05-31), which is of the same organisation, kind and area",
            "accepted": "change or withdraw 'may', or report a period it does not cover"}])
    );
    let put = service.change("PUT", &format!("{COUNTS}/q2"), &["If-None-Match: *"], &quarter);
    assert_eq!(put.status, 409, "{}", put.text());
    let july = count("july", "Polisen", "2025-07-01", "2025-07-31");
    let both =
        json!({"type": "FeatureCollection", "features": [july, count("q3", "Polisen", "2025-07-01", "2025-09-30")]});
    let batch = service.change("POST", COUNTS, &[], &both);
    assert!(batch.status == 409 && batch.text().contains("'q3'"), "{}", batch.text());
    assert_eq!(service.json(COUNTS)["numberMatched"], 1);
    // Itself is no other count.
    let mut more = count("may", "Polisen", "2025-05-01", "2025-05-31");
    more["properties"]["n"] = json!(5);
    let changed = service.change("PUT", &format!("{COUNTS}/may"), &[&format!("If-Match: {tag}")], &more);
    assert_eq!(changed.status, 200, "{}", changed.text());
}

#[test]
fn the_form_says_beside_the_period_which_count_is_there_in_both_languages() {
    let service = Service::start();
    service.made(COUNTS, &count("may", "Polisen", "2025-05-01", "2025-05-31"));
    for (path, words) in [
        ("/rapporterade-antal/ny", "Perioden täcks redan av may, från samma organisation"),
        ("/rapporterade-antal/ny?lang=en", "The period is covered already by may, of the same organisation"),
    ] {
        let key = hidden(&page(&service, path), "key");
        let sent = [
            ("key", key.as_str()),
            ("organisation", "Polisen"),
            ("kind", "targeted_operation"),
            ("area", "west"),
            ("period_start", "2025-05-01"),
            ("period_end", "2025-05-31"),
            ("n", "7"),
            ("intelligence_led", "5"),
            ("actors", "police: LPO Höglandet"),
            ("reported_by", "kommunpolisen"),
            ("reported_on", "2025-06-02"),
        ];
        let reply = post(&service, path, &sent);
        let text = reply.text();
        assert_eq!(reply.status, 422, "{text}");
        assert!(text.contains("href=\"#f-period_start\"") && text.matches(words).count() == 2, "{text}");
        assert!(
            text.contains("value=\"7\"") && text.contains("police: LPO Höglandet"),
            "what was written stays: {text}"
        );
    }
    assert_eq!(service.json(COUNTS)["numberMatched"], 1);
}
