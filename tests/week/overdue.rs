//! `/forsenade-atgarder`.

use serde_json::json;

use crate::server::{Server, words};

#[test]
fn what_waits_is_listed_by_owner_and_leads_to_its_form() {
    let server = Server::empty();
    assert!(words(&server.page("/forsenade-atgarder")).contains("Det finns ingen åtgärd i filen än."));
    server.record(
        "actions",
        "a1",
        &json!({"text": "Laga lampan", "owner_organisation": "Nässjö kommun",
        "status": "planned", "due": "2026-11-02", "area": "resecentrum"}),
    );
    server.record(
        "actions",
        "a2",
        &json!({"text": "Ring fastighetsägaren", "owner_organisation": "Polisen",
        "status": "not_done", "why_not": "ingen svarar", "recheck": "2026-11-20"}),
    );
    server.record("actions", "a3", &json!({"text": "Klart", "owner_organisation": "Polisen", "status": "done"}));
    let page = server.page("/forsenade-atgarder");
    let text = words(&page);
    assert!(text.contains("Läget 2026-11-23. Öppna: 1. Försenade: 1. Ska följas upp: 1."), "{text}");
    assert!(text.contains("Nässjö kommun. Öppna: 1. Försenade: 1."), "{text}");
    assert!(text.contains("Laga lampan 2026-11-02 Planerad, 21 dagar försenad Resecentrum"), "{text}");
    assert!(text.contains("Blir inte av: ingen svarar, skulle följas upp 2026-11-20"), "{text}");
    assert!(!text.contains("Klart Polisen"), "what is done waits for nobody: {text}");
    assert!(page.contains("href=\"/atgarder/a1/andra\""), "an editor changes it from here");
    assert_eq!(server.get("/atgarder/a1/andra").status, 200);
    let english = words(&server.page("/forsenade-atgarder?lang=en"));
    assert!(english.contains("Planned, 21 days late"), "{english}");
    let csv = server.page("/forsenade-atgarder?f=csv");
    assert!(csv.starts_with("owner_organisation,id,text,area,due,days_overdue,status"), "{csv}");
    assert!(csv.contains("Nässjö kommun,a1,Laga lampan,resecentrum,2026-11-02,21,planned,,,,"), "{csv}");
}

#[test]
fn no_action_is_hidden_behind_the_list() {
    let server = Server::empty();
    server.record(
        "actions",
        "forsenade",
        &json!({"text": "Heter som listan", "owner_organisation": "Polisen",
        "status": "started"}),
    );
    assert!(words(&server.page("/atgarder/forsenade")).contains("Heter som listan"));
}

#[test]
fn three_hundred_actions_are_all_there() {
    let server = Server::empty();
    let features: Vec<_> = (0..300)
        .map(|i| {
            json!({"type": "Feature", "id": format!("a{i:03}"), "geometry": null, "properties": {
                "text": format!("Åtgärd nummer {i}"), "owner_organisation": format!("Organisation {}", i % 7),
                "status": "started", "due": "2026-10-01"}})
        })
        .collect();
    for feature in &features {
        server.record("actions", feature["id"].as_str().expect("an id"), &feature["properties"]);
    }
    let page = server.page("/forsenade-atgarder");
    assert_eq!(page.matches("href=\"/atgarder/a").count(), 300);
    assert_eq!(server.page("/forsenade-atgarder?f=csv").lines().count(), 301);
}
