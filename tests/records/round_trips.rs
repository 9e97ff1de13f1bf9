//! Every collection, from making a record to its withdrawal.

use lagesbild::domain::Collection;
use serde_json::{Value, json};

use crate::Service;

/// A record of each collection, a member to change, and its new value.
fn rows() -> Vec<(Collection, Value, &'static str, Value)> {
    let polygon = json!({"type": "Polygon", "coordinates":
        [[[14.62, 57.70], [14.63, 57.70], [14.63, 57.71], [14.62, 57.71], [14.62, 57.70]]]});
    let feature = |geometry: Value, properties: Value| json!({"type": "Feature", "id": "x.1", "geometry": geometry, "properties": properties});
    let document = json!({"id": "x.1", "names": {"sv": "Löfte", "en": "Promise"}, "signed": "2025-01-01", "readings": [],
        "period": "2025-01-01/2025-12-31", "source": "drawn for this test",
        "parties": [{"id": "p", "role": "police", "organisation": "Polisen", "signed_as": "Chef"}],
        "promises": [{"id": "l", "names": {"sv": "a", "en": "a"}, "quote": "a", "areas": ["west"]}],
        "commitments": [{"id": "c", "names": {"sv": "b", "en": "b"}, "quote": "b", "promises": ["l"],
            "promises_basis": "text", "responsible": ["p"], "readings": [],
            "pledge": {"type": "not_measurable", "reason": {"sv": "r", "en": "r"}}}]});
    let mut renamed = document.clone();
    renamed["source"] = json!("another source");
    vec![
        (
            Collection::Areas,
            feature(
                polygon,
                json!({"name_sv": "Norr", "name_en": "North", "set": "squares", "area_type": "residential",
                "certainty": "assumed"}),
            ),
            "residents",
            json!(12),
        ),
        (
            Collection::Places,
            feature(
                json!({"type": "Point", "coordinates": [14.6, 57.7]}),
                json!({"name": "Torget", "aliases": ["Stortorget"]}),
            ),
            "aliases",
            json!(["Stora torget", "Torg 1"]),
        ),
        (
            Collection::Activities,
            feature(
                json!({"type": "LineString", "coordinates": [[14.60, 57.70], [14.61, 57.71]]}),
                json!({"kind": "presence", "start": "2025-03-01T18:00", "end": "2025-03-01T20:00",
                    "actors": [{"role": "police", "organisation": "Polisen"}, {"role": "municipality"}], "minutes": 120}),
            ),
            "minutes",
            json!(90),
        ),
        (
            Collection::Observations,
            feature(
                Value::Null,
                json!({"category": "Belysning", "start": "2025-03-01", "place": "stationen", "feeling": "unsafe"}),
            ),
            "severity",
            json!(3),
        ),
        (
            Collection::Surveys,
            feature(
                Value::Null,
                json!({"wave": "2025", "question_sv": "?", "question_en": "?", "respondents": "all",
                "period_start": "2025-01-01", "period_end": "2025-01-31", "asked": 9, "answered": 5, "unsafe": 2, "source": "x"}),
            ),
            "unsafe",
            json!(3),
        ),
        (
            Collection::ReportedCounts,
            feature(
                Value::Null,
                json!({"organisation": "Polisen", "kind": "targeted_operation", "area": "west", "n": 4,
                "period_start": "2025-05-01", "period_end": "2025-05-31", "reported_by": "LPO", "reported_on": "2025-06-02"}),
            ),
            "n",
            json!(5),
        ),
        (
            Collection::Actions,
            feature(
                Value::Null,
                json!({"text": "Byt lampan", "owner_organisation": "Kommunen", "status": "planned", "due": "2025-05-01"}),
            ),
            "status",
            json!("done"),
        ),
        (
            Collection::Reports,
            feature(
                Value::Null,
                json!({"organisation": "Skolan", "week": "2025-W09", "n": 0, "reported_on": "2025-03-03"}),
            ),
            "n",
            json!(2),
        ),
        (Collection::Promises, feature(Value::Null, json!({"document": document})), "document", renamed),
    ]
}

#[test]
fn every_collection_makes_gives_replaces_patches_and_withdraws() {
    let service = Service::start();
    for (collection, feature, member, value) in rows() {
        let code = collection.code();
        let items = format!("/api/collections/{code}/items");
        let item = format!("{items}/x.1");
        assert_eq!(service.get(&item).status, 404, "{code}");

        let made = service.change("POST", &items, &[], &feature);
        assert_eq!(made.status, 201, "{code}: {}", made.text());
        assert!(made.header("location").is_some_and(|location| location.ends_with(&item)), "{code}");
        let first = made.header("etag").expect("a tag").to_string();
        assert_eq!(made.header("content-type"), Some("application/geo+json"));

        let got = service.get(&item);
        assert_eq!((got.status, got.header("etag")), (200, Some(first.as_str())), "{code}");
        assert_eq!(got.json(), made.json(), "{code}");
        let known = service.send("GET", &item, &[&format!("If-None-Match: {first}")], b"");
        assert_eq!((known.status, known.body.len()), (304, 0), "{code}");

        // What was given goes back as it is and makes a new version with the same content.
        let put = service.change("PUT", &item, &[&format!("If-Match: {first}")], &got.json());
        assert_eq!(put.status, 200, "{code}: {}", put.text());
        let second = put.header("etag").expect("a tag").to_string();
        assert_ne!(first, second, "{code}");
        let without_revision = |mut feature: Value| {
            feature["properties"]["revision"] = Value::Null;
            feature
        };
        assert_eq!(without_revision(put.json()), without_revision(got.json()), "{code}");

        let patch = json!({"properties": {member: value}});
        let stale = service.change("PATCH", &item, &[&format!("If-Match: {first}")], &patch);
        assert_eq!((stale.status, stale.json()["type"].as_str()), (412, Some("urn:lagesbild:problem:stale")), "{code}");
        let patched = service.change("PATCH", &item, &[&format!("If-Match: {second}")], &patch);
        assert_eq!(patched.status, 200, "{code}: {}", patched.text());
        assert_eq!(patched.json()["properties"][member], value, "{code}");
        let third = patched.header("etag").expect("a tag").to_string();

        let json = "Content-Type: application/json";
        for (lines, status) in [(vec![json], 428), (vec![json, &*format!("If-Match: {second}")], 412)] {
            let reply = service.send("DELETE", &format!("{item}?reason=dubblett"), &lines, b"");
            assert_eq!(reply.status, status, "{code}: {}", reply.text());
        }
        let matching = format!("If-Match: {third}");
        assert_eq!(service.send("DELETE", &item, &[json, &matching], b"").status, 400, "{code}: a reason is required");
        let gone = service.send("DELETE", &format!("{item}?reason=dubblett"), &[json, &matching], b"");
        assert_eq!((gone.status, gone.body.len()), (204, 0), "{code}: {}", gone.text());
        let reply = service.get(&item);
        assert_eq!(reply.status, 410, "{code}");
        assert!(reply.json()["detail"].as_str().is_some_and(|text| text.contains("dubblett")), "{code}");
        assert_eq!(service.change("PUT", &item, &[&matching], &feature).status, 410, "{code}");

        // It can be made again, and only where there is none.
        let anew = service.change("PUT", &item, &["If-None-Match: *"], &feature);
        assert_eq!(anew.status, 201, "{code}: {}", anew.text());
        assert_eq!(service.change("PUT", &item, &["If-None-Match: *"], &feature).status, 412, "{code}");
        assert_eq!(service.change("POST", &items, &[], &feature).status, 409, "{code}");
        let versions = service.json(&format!("{item}/versions"));
        assert_eq!(versions["versions"].as_array().map(Vec::len), Some(4), "{code}: {versions}");
    }
}

#[test]
fn every_record_validates_against_its_own_description() {
    let service = Service::start();
    for (collection, feature, ..) in rows() {
        let code = collection.code();
        service.made(&format!("/api/collections/{code}/items"), &feature);
        let schema = service.json(&format!("/api/collections/{code}/schema"));
        let inner = &schema["properties"]["properties"]["properties"];
        let written = service.json(&format!("/api/collections/{code}/items/x.1"));
        for (name, value) in written["properties"].as_object().expect("properties") {
            let described = &inner[name];
            // Either the type itself, or anyOf the type and null.
            let described =
                if described["anyOf"].is_array() && !value.is_null() { &described["anyOf"][0] } else { described };
            let fits = match described["type"].as_str() {
                Some("string") => value.is_string(),
                Some("integer") => value.is_u64(),
                Some("number") => value.is_number(),
                Some("boolean") => value.is_boolean(),
                Some("array") => value.is_array(),
                Some("object") => value.is_object(),
                _ => value.is_null() && described["anyOf"][1]["enum"][0].is_null(),
            };
            assert!(fits, "{code} {name}: {value} is not {described}");
            if let Some(words) = described["enum"].as_array() {
                assert!(words.contains(value), "{code} {name}");
            }
        }
    }
}
