//! The points of an inventory go out as a sheet and come back as the same points and actions.

use serde_json::Value;

use crate::inventories::inventory;
use crate::server::{Server, command, new_file};

fn filled() -> Server {
    let server = Server::empty();
    inventory(&server, "inv1");
    let points: [&[(&str, &str)]; 3] = [
        &[
            ("category", "lighting"),
            ("feeling", "unsafe"),
            ("area", "resecentrum"),
            ("start", "2026-10-01"),
            ("text", "=HYPERLINK(1) och \"citat\""),
            ("photo", "IMG_1.jpg"),
            ("action_text", "=Byt lampan"),
            ("action_owner_organisation", "Nässjö kommun"),
            ("action_due", "2026-11-01"),
            ("action_recheck", "2027-03-01"),
        ],
        &[("category", "overgrown"), ("feeling", "safe"), ("area", "runneryd"), ("start", "2026-10-01")],
        &[
            ("category", "littering"),
            ("start", "2026-10-01"),
            ("action_text", "Städa"),
            ("action_owner_organisation", "Linden; Bostäder"),
        ],
    ];
    for fields in points {
        let reply = server.fill("/inventeringar/inv1/ny-punkt", fields);
        assert_eq!(reply.status, 303, "{}", reply.text());
    }
    server
}

/// The records of a collection by id, without what tells of this file alone.
fn records(path: &std::path::Path, collection: &str) -> Vec<Value> {
    let text = command(&["export", collection, "--data", path.to_str().expect("text"), "--format", "geojson"]);
    let exported: Value = serde_json::from_str(&text).expect("JSON");
    let mut features = exported["features"].as_array().cloned().unwrap_or_default();
    for feature in &mut features {
        let id = feature["id"].as_str().or(feature["properties"]["id"].as_str()).unwrap_or_default().to_string();
        feature["id"] = id.into();
    }
    features.sort_by_key(|feature| feature["id"].as_str().unwrap_or_default().to_string());
    features
}

/// The same with a prefix before what an import names.
fn with_prefix(features: &[Value], prefix: &str) -> Vec<Value> {
    let mut features = features.to_vec();
    for feature in &mut features {
        let named = |value: &Value| format!("{prefix}{}", value.as_str().unwrap_or_default());
        feature["id"] = named(&feature["id"]).into();
        for name in ["id", "about"] {
            if feature["properties"][name].is_string() {
                feature["properties"][name] = named(&feature["properties"][name]).into();
            }
        }
    }
    features
}

#[test]
fn a_protocol_that_went_out_comes_back_as_the_same_points_and_actions() {
    let server = filled();
    let folder = tempfile::tempdir().expect("a folder");
    let (points, actions) = (records(&server.path, "observations"), records(&server.path, "actions"));
    assert_eq!((points.len(), actions.len()), (3, 2));
    for (ending, more) in [("csv", &[][..]), ("xlsx", &["--sheet", "Punkter"][..])] {
        let reply = server.get(&format!("/inventeringar/inv1/protokoll.{ending}?free_text_reason=avst%C3%A4mning"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        let disposition = reply.header("content-disposition").expect("a file");
        assert!(disposition.contains(&format!("protokoll-inv1.{ending}")), "{disposition}");
        let sheet = folder.path().join(format!("p.{ending}"));
        std::fs::write(&sheet, &reply.body).expect("written");
        let other = folder.path().join(format!("{ending}.gpkg"));
        new_file(&other);
        let (sheet, data) = (sheet.to_str().expect("text"), other.to_str().expect("text"));
        let mut arguments =
            vec!["import", sheet, "--into", "observations", "--profile", "safety-walk", "--id-prefix", "x-"];
        arguments.extend(more);
        arguments.extend(["--data", data]);
        command(&arguments);
        assert_eq!(records(&other, "observations"), with_prefix(&points, "x-"), "{ending}");
        assert_eq!(records(&other, "actions"), with_prefix(&actions, "x-"), "{ending}");
    }
}

#[test]
fn a_sheet_without_free_text_comes_back_without_taking_any_away() {
    let server = filled();
    let folder = tempfile::tempdir().expect("a folder");
    let (points, actions) = (records(&server.path, "observations"), records(&server.path, "actions"));
    for (ending, more) in [("csv", &[][..]), ("xlsx", &["--sheet", "Punkter"][..])] {
        let other = folder.path().join(format!("{ending}.gpkg"));
        new_file(&other);
        for (query, update) in [("?free_text_reason=avst%C3%A4mning", &[][..]), ("", &["--update"][..])] {
            let reply = server.get(&format!("/inventeringar/inv1/protokoll.{ending}{query}"));
            assert_eq!(reply.status, 200, "{}", reply.text());
            let sheet = folder.path().join(format!("{}.{ending}", update.len()));
            std::fs::write(&sheet, &reply.body).expect("written");
            let (sheet, data) = (sheet.to_str().expect("text"), other.to_str().expect("text"));
            let mut arguments = vec!["import", sheet, "--into", "observations", "--profile", "safety-walk"];
            arguments.extend(more.iter().chain(update).chain(&["--data", data]));
            command(&arguments);
            assert_eq!(records(&other, "observations"), points, "{ending} {query}");
            assert_eq!(records(&other, "actions"), actions, "{ending} {query}");
        }
    }
}

#[test]
fn without_a_reason_free_text_and_pictures_stay_in_the_house() {
    let server = filled();
    let text = server.page("/inventeringar/inv1/protokoll.csv");
    assert!(!text.contains("citat") && !text.contains("IMG_1"), "{text}");
    assert!(text.contains("'=Byt lampan"), "a formula is disarmed: {text}");
    assert_eq!(text.lines().count(), 4, "{text}");
    assert_eq!(server.get("/inventeringar/nej/protokoll.csv").status, 404);
    // The reason goes into the log: one entry more, of which the chain says that it is whole.
    let head = || command(&["audit", "head", "--data", server.path.to_str().expect("text")]);
    let before = head();
    let _ = server.page("/inventeringar/inv1/protokoll.csv?free_text_reason=uppf%C3%B6ljning");
    assert_ne!(before, head(), "reading free text is written down");
    let between = head();
    let _ = server.page("/inventeringar/inv1/protokoll.csv");
    assert_eq!(between, head(), "without it nothing is");
}
