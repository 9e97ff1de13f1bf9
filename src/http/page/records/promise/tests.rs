//! Rows of the promise of Nässjö, and of a new one.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::filled::Fields;
use super::rows::{of_document, of_pairs, to_document};
use crate::geodata::{default_place, read_promises, write_promises};
use crate::http::params::Pairs;

/// The document as it is stored.
fn nassjo() -> Value {
    let file: Value = serde_json::from_str(&write_promises(&default_place().promises)).expect("JSON");
    file["documents"][0].clone()
}

fn reads(document: &Value) -> Vec<String> {
    let read = read_promises("d", &json!({"documents": [document]}).to_string());
    read.problems.iter().map(ToString::to_string).collect()
}

/// What a browser sends of fields that nobody touched: lists in another order, line ends of its own.
fn as_sent(fields: &Fields) -> Fields {
    let mut pairs = vec![("rows".to_string(), "1".to_string())];
    for (name, text) in fields {
        if name.ends_with("-areas") || name.ends_with("-roles") {
            pairs.extend(text.lines().rev().map(|line| (name.clone(), line.to_string())));
        } else {
            pairs.push((name.clone(), format!("{} ", text.replace('\n', "\r\n"))));
        }
    }
    of_pairs(&Pairs::from(pairs)).expect("the form in rows")
}

#[test]
fn a_form_that_nobody_touched_changes_nothing_in_the_document() {
    let stored = nassjo();
    let read = to_document(&as_sent(&of_document(&stored)), Some(&stored));
    assert!(read.bad.is_empty(), "{:?}", read.bad);
    assert_eq!(read.document, stored);
}

/// Every path to a value that differs.
fn differences(a: &Value, b: &Value, at: &str, found: &mut HashSet<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(name, value)| differences(value, &b[name], &format!("{at}/{name}"), found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| differences(a, b, &format!("{at}/{i}"), found));
        }
        (a, b) if a != b => {
            found.insert(at.to_string());
        }
        _ => {}
    }
}

#[test]
fn a_row_changes_its_own_members_and_nothing_else() {
    let stored = nassjo();
    let commitments = stored["commitments"].as_array().expect("a list");
    let at = |id: &str| commitments.iter().position(|c| c["id"] == id).expect("there");
    let (operations, level, publication) = (at("insatser-runneryd"), at("trygghet-resecentrum"), at("uppfoljning"));
    let mut fields = as_sent(&of_document(&stored));
    fields.insert(format!("commitment-{operations}-n"), "20".into());
    fields.insert(format!("commitment-{level}-place"), "municipality".into());
    fields.insert(format!("commitment-{publication}-sv"), "Uppföljning varje kvartal".into());
    fields.insert("head-last".into(), "2020-11-30".into());
    let read = to_document(&fields, Some(&stored));
    assert!(read.bad.is_empty(), "{:?}", read.bad);
    let mut found = HashSet::new();
    differences(&stored, &read.document, "", &mut found);
    let expected = [
        "/period".to_string(),
        format!("/commitments/{operations}/pledge/target/at_least"),
        format!("/commitments/{level}/pledge/place"),
        format!("/commitments/{publication}/names/sv"),
    ];
    assert_eq!(found, HashSet::from(expected));
    assert_eq!(reads(&read.document), [] as [&str; 0]);
}

#[test]
fn a_rule_that_says_more_than_a_role_stays_while_its_roles_are_chosen() {
    let mut stored = nassjo();
    let commitments = stored["commitments"].as_array().expect("a list");
    let at = commitments.iter().position(|c| c["id"] == "inventeringar-runneryd").expect("there");
    let rules =
        json!([{"any_of": ["municipality"], "leads": true}, {"any_of": ["police", "property_owner"], "leads": false}]);
    stored["commitments"][at]["pledge"]["actors"] = rules.clone();
    let mut fields = as_sent(&of_document(&stored));
    let roles = format!("commitment-{at}-roles");
    fields.insert(roles.clone(), "school\nproperty_owner\nmunicipality\npolice".into());
    let read = to_document(&fields, Some(&stored));
    let mut more = rules.as_array().expect("a list").clone();
    more.push(json!({"any_of": ["school"], "leads": false}));
    assert_eq!(read.document["commitments"][at]["pledge"]["actors"], json!(more));
    fields.insert(roles, "municipality".into());
    let read = to_document(&fields, Some(&stored));
    assert_eq!(
        read.document["commitments"][at]["pledge"]["actors"],
        json!([{"any_of": ["municipality"], "leads": true}])
    );
}

fn new_one() -> Fields {
    let fields = [
        ("head-sv", "Medborgarlöfte i Nässjö"),
        ("head-signed", "2023-03-01"),
        ("head-first", "2023-01-01"),
        ("head-last", "2024-12-31"),
        ("head-source", "undertecknat 2023-03-01"),
        ("party-0-role", "municipality"),
        ("party-0-organisation", "Nässjö kommun"),
        ("party-1-role", "police"),
        ("party-1-organisation", "Lokalpolisområde Höglandet"),
        ("promise-0-sv", "Trygg trafik"),
        ("promise-1-sv", "Tryggt i Runneryd"),
        ("promise-1-areas", "runneryd"),
        ("commitment-0-sv", "Trafikkontroller"),
        ("commitment-0-quote", "Trettio trafikkontroller per år."),
        ("commitment-0-what", "count"),
        ("commitment-0-kind", "traffic_check"),
        ("commitment-0-n", "30"),
        ("commitment-0-roles", "police"),
        ("commitment-0-place", "municipality"),
        ("commitment-2-sv", "Riktade insatser"),
        ("commitment-2-what", "count"),
        ("commitment-2-kind", "targeted_operation"),
        ("commitment-2-n", "15"),
        ("commitment-2-per", "whole_period"),
        ("commitment-2-roles", "police"),
        ("commitment-2-place", "area:runneryd"),
        ("commitment-3-sv", "Känslan av trygghet"),
        ("commitment-3-what", "safety"),
        ("commitment-3-place", "area:runneryd"),
    ];
    fields.iter().map(|(name, text)| ((*name).to_string(), (*text).to_string())).collect()
}

#[test]
fn a_new_promise_is_a_document_with_ids_places_and_parties() {
    let read = to_document(&new_one(), None);
    assert!(read.bad.is_empty(), "{:?}", read.bad);
    assert_eq!(reads(&read.document), [] as [&str; 0]);
    let document = &read.document;
    assert_eq!(
        (&document["id"], &document["period"]),
        (&json!("medborgarlofte-i-nassjo-2023"), &json!("2023-01-01/2024-12-31"))
    );
    assert_eq!(document["names"], json!({"sv": "Medborgarlöfte i Nässjö", "en": "Medborgarlöfte i Nässjö"}));
    let checks = &document["commitments"][0];
    // No promise is about the municipality, so it serves both; the police must take part, so it is theirs.
    assert_eq!(checks["promises"], json!(["trygg-trafik", "tryggt-i-runneryd"]));
    assert_eq!(checks["responsible"], json!(["lokalpolisomrade-hoglandet"]));
    assert_eq!(
        checks["pledge"],
        json!({"type": "activities", "kind": "traffic_check", "count_by": "activity", "target": {"at_least": 30,
            "per": "calendar_year"}, "actors": [{"any_of": ["police"], "leads": false}], "place": "municipality"})
    );
    let operations = &document["commitments"][1];
    assert_eq!((&operations["id"], &operations["quote"]), (&json!("riktade-insatser"), &json!("Riktade insatser")));
    assert_eq!(
        (&operations["promises"], &operations["pledge"]["count_by"]),
        (&json!(["tryggt-i-runneryd"]), &json!("operation"))
    );
    let level = &document["commitments"][2];
    assert_eq!(
        (&level["pledge"]["type"], &level["responsible"]),
        (&json!("raise"), &json!(["nassjo-kommun", "lokalpolisomrade-hoglandet"]))
    );
    // Shown again, the form says what was written.
    let mut shown = of_document(document);
    assert_eq!(shown.remove("commitment-1-n").as_deref(), Some("15"));
    assert_eq!(shown.remove("head-en"), None);
}

#[test]
fn problems_name_the_field_and_the_row_also_below_empty_and_removed_rows() {
    let mut fields = new_one();
    for (name, text) in
        [("commitment-0-n", "0"), ("commitment-2-n", "många"), ("head-last", "2022-12-31"), ("party-2-role", "school")]
    {
        fields.insert(name.into(), text.into());
    }
    for name in ["commitment-2-kind", "commitment-3-place", "promise-0-sv"] {
        fields.remove(name);
    }
    fields.insert("promise-0-quote".into(), "x".into());
    let read = to_document(&fields, None);
    let told: Vec<String> = read
        .bad
        .iter()
        .map(|bad| format!("{} {}", bad.pointer.trim_start_matches("/properties/"), bad.reason))
        .collect();
    assert_eq!(
        told,
        [
            "head-last is before period_start",
            "party-2-organisation is missing",
            "promise-0-sv is missing",
            "commitment-0-n is not such a number",
            "commitment-2-kind is missing",
            "commitment-2-n is not such a number",
            "commitment-3-place is missing"
        ]
    );
    // Row 1 is empty: the second entry of the list is row 2.
    let of_entry = |pointer: &str| crate::wire::records::BadMember {
        pointer: format!("/properties/document{pointer}"),
        value: String::new(),
        reason: "x".into(),
        accepted: String::new(),
    };
    let moved = read.in_rows(vec![of_entry("/commitments/1/pledge"), of_entry("/period"), of_entry("")]);
    let pointers: Vec<&str> = moved.iter().map(|bad| bad.pointer.as_str()).collect();
    assert_eq!(pointers, ["/properties/commitment-2", "/properties/document/period", "/properties/document"]);
}

#[test]
fn a_row_that_others_need_is_not_removed() {
    let stored = nassjo();
    let mut fields = as_sent(&of_document(&stored));
    fields.insert("party-1-remove".into(), "1".into());
    let read = to_document(&fields, Some(&stored));
    assert_eq!(read.bad.len(), 1, "{:?}", read.bad);
    assert_eq!(
        (read.bad[0].pointer.as_str(), read.bad[0].reason.as_str()),
        ("/properties/party-1-remove", "is used by a commitment")
    );
    fields.remove("party-1-remove");
    let last = stored["commitments"].as_array().expect("a list").len() - 1;
    fields.insert(format!("commitment-{last}-remove"), "1".into());
    let read = to_document(&fields, Some(&stored));
    assert!(read.bad.is_empty());
    assert_eq!(read.document["commitments"].as_array().map(Vec::len), Some(last));
    assert!(to_document(&Fields::new(), None).bad.iter().any(|bad| bad.pointer == "/properties/commitment-0-sv"));
}
