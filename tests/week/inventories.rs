//! Inventories and walks: the list, the form for a point with its action, the protocol.

use serde_json::json;

use crate::lix::lix;
use crate::server::{Server, key_of, words};

/// An inventory at the travel centre with three who took part.
pub(crate) fn inventory(server: &Server, id: &str) {
    server.record(
        "activities",
        id,
        &json!({"kind": "safety_inventory", "start": "2026-10-01T18:00",
        "end": "2026-10-01T20:00", "area": "resecentrum", "actors": [
            {"role": "municipality", "organisation": "Nässjö kommun"},
            {"role": "police", "organisation": "Lokalpolisområde Höglandet"},
            {"role": "property_owner"}]}),
    );
}

const POINT: [(&str, &str); 8] = [
    ("category", "lighting"),
    ("feeling", "unsafe"),
    ("area", "resecentrum"),
    ("start", "2026-10-01"),
    ("text", "Lampan vid trappan är trasig"),
    ("photo", "IMG_0001.jpg"),
    ("action_text", "Byt lampan vid trappan"),
    ("action_owner_organisation", "Nässjö kommun"),
];

#[test]
fn without_inventories_the_list_says_what_to_do() {
    let server = Server::empty();
    let page = server.page("/inventeringar");
    assert!(words(&page).contains("Här är inget än."), "{}", words(&page));
    assert!(page.contains("href=\"/genomfort/ny\"") && page.contains("href=\"/import\""));
    assert!(words(&server.page("/inventeringar?lang=en")).contains("There is nothing here yet."));
    assert_eq!(server.get("/inventeringar/nej").status, 404);
    assert_eq!(server.get("/inventeringar/nej/ny-punkt").status, 404);
}

#[test]
fn an_inventory_without_participants_is_named_with_what_to_do() {
    let server = Server::empty();
    server.record("activities", "walk1", &json!({"kind": "safety_walk", "start": "2026-10-05"}));
    inventory(&server, "inv1");
    let page = server.page("/inventeringar");
    let text = words(&page);
    assert!(
        text.contains("Det står inte vilka som var med, så de här räknas inte i löftet (1 inventering):"),
        "{text}"
    );
    assert!(page.contains("href=\"/genomfort/walk1/andra\""), "{page}");
    assert!(!page.contains("href=\"/genomfort/inv1/andra\""));
    // The newest first.
    let at = |id: &str| page.find(&format!("href=\"/inventeringar/{id}\"")).expect("listed");
    assert!(at("walk1") < at("inv1"));
}

#[test]
fn a_point_and_its_action_are_kept_by_one_button_as_one_revision() {
    let server = Server::empty();
    inventory(&server, "inv1");
    let form = server.page("/inventeringar/inv1/ny-punkt");
    assert!(form.contains("value=\"2026-10-01\""), "the day of the inventory stands there");
    let mut fields = POINT.to_vec();
    fields.push(("action_due", "2026-11-01"));
    let key = key_of(&form);
    fields.push(("key", &key));
    let reply = server.post("/inventeringar/inv1/ny-punkt", &fields);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/inventeringar/inv1")), "{}", reply.text());
    // Sent twice makes one point.
    assert_eq!(server.post("/inventeringar/inv1/ny-punkt", &fields).status, 303);
    assert_eq!((server.count("observations"), server.count("actions")), (1, 1));

    let page = server.page("/inventeringar/inv1");
    let text = words(&page);
    assert!(text.contains("Punkter: 1. Känns otrygga: 1. Känns trygga: 0. Öppna åtgärder: 1. Försenade: 1."), "{text}");
    assert!(
        text.contains("Nässjö kommun (kommunen)") && text.contains("Fastighetsägare, organisation saknas"),
        "{text}"
    );
    assert!(text.contains("Belysning otryggt Resecentrum ja"), "{text}");
    assert!(
        text.contains("Byt lampan vid trappan Nässjö kommun 2026-11-01 Inte påbörjad, 22 dagar försenad"),
        "{text}"
    );
    // Free text and the name of the picture are on the page of the point, for who says why.
    assert!(!page.contains("Lampan vid trappan") && !page.contains("IMG_0001"), "{page}");

    let action = server.page("/api/collections/actions/items?limit=10");
    let action: serde_json::Value = serde_json::from_str(&action).expect("JSON");
    let action = &action["features"][0];
    let about = action["properties"]["about"].as_str().expect("about").to_string();
    assert_eq!(action["id"], format!("{about}-a"));
    let point = server.properties("observations", &about);
    assert_eq!((&point["inventory"], &point["source"]), (&json!("inv1"), &json!("inventory")));
    // One revision for both.
    assert_eq!(point["revision"], action["properties"]["revision"]);
    assert_eq!(action["properties"]["area"], "resecentrum");
}

#[test]
fn a_point_without_an_action_is_kept_alone() {
    let server = Server::empty();
    inventory(&server, "inv1");
    let reply = server.fill("/inventeringar/inv1/ny-punkt", &POINT[..4]);
    assert_eq!(reply.status, 303, "{}", reply.text());
    assert_eq!((server.count("observations"), server.count("actions")), (1, 0));
}

#[test]
fn what_is_wrong_is_told_at_its_field_and_nothing_is_kept() {
    let server = Server::empty();
    inventory(&server, "inv1");
    // A category is missing, and an action has a day and no owner or words.
    let wrong = [("start", "2026-10-01"), ("action_due", "2026-11-01"), ("text", "Det jag skrev")];
    let reply = server.fill("/inventeringar/inv1/ny-punkt", &wrong);
    assert_eq!(reply.status, 422);
    let page = reply.text();
    for field in ["f-category", "f-action_text", "f-action_owner_organisation"] {
        assert!(page.contains(&format!("href=\"#{field}\"")), "{field} in {page}");
        assert!(page.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    assert!(page.contains("Det jag skrev"), "what was written stays");
    assert_eq!((server.count("observations"), server.count("actions")), (0, 0));
    // A form that is not ours has no key.
    assert_eq!(server.post("/inventeringar/inv1/ny-punkt", &POINT).status, 400);
}

#[test]
fn the_protocol_prints_and_is_plain_swedish() {
    let server = Server::empty();
    inventory(&server, "inv1");
    for i in 0..3 {
        let mut fields = POINT.to_vec();
        let due = format!("2026-1{}-01", i % 2 + 1);
        fields.push(("action_due", &due));
        fields.push(("action_recheck", "2027-03-01"));
        assert_eq!(server.fill("/inventeringar/inv1/ny-punkt", &fields).status, 303);
    }
    let page = words(&server.page("/inventeringar/inv1/protokoll"));
    assert!(page.contains("Trygghetsinventering 2026-10-01, Resecentrum"), "{page}");
    assert!(page.contains("Vad händer nu") && page.contains("Följs upp 2027-03-01"), "{page}");
    assert!(!page.contains("Skriv in en punkt"), "the paper has no buttons");
    let markdown = server.page("/inventeringar/inv1/protokoll?f=md");
    let prose: Vec<&str> = markdown.lines().filter(|line| !line.starts_with(['#', '|', '>'])).collect();
    let prose = prose.join("\n").replace("**", "");
    let measured = lix(&prose);
    assert!(measured <= 40.0, "LIX {measured:.1} of\n{prose}");
    let english = words(&server.page("/inventeringar/inv1/protokoll?lang=en"));
    assert!(english.contains("What happens next") && english.contains("Points: 3. Feel unsafe: 3."), "{english}");
}
