//! `/vecka/...` and `lagesbild week`.

use serde_json::{Value, json};

use crate::lix::lix;
use crate::server::{Server, command, demo_file, words};

#[test]
fn the_page_without_a_week_leads_to_the_week_under_way() {
    let server = Server::empty();
    let reply = server.get("/vecka");
    assert_eq!((reply.status, reply.header("location")), (303, Some("/vecka/2026-W48")));
    assert_eq!(server.get("/vecka?lang=en").header("location"), Some("/vecka/2026-W48?lang=en"));
}

#[test]
fn an_empty_file_gives_a_page_that_says_what_to_do_first() {
    let server = Server::empty();
    let page = server.page("/vecka/2026-W48");
    let text = words(&page);
    assert!(text.contains("Vecka 48, 2026") && text.contains("Filen är tom. Börja här:"), "{text}");
    assert!(text.contains("Inget nytt har hänt på 7 dagar."), "{text}");
    for path in ["/import", "/iakttagelser/ny", "/atgarder/ny", "/inbokat/ny", "/prioriteringar/ny", "/lofte"] {
        assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    assert!(page.contains("href=\"/vecka/2026-W47\"") && page.contains("href=\"/vecka/2026-W49\""));
    let english = words(&server.page("/vecka/2026-W48?lang=en"));
    assert!(english.contains("Week 48, 2026") && english.contains("The file is empty."), "{english}");
}

#[test]
fn a_week_that_is_none_is_refused_with_what_is_accepted() {
    let server = Server::empty();
    for bad in ["2026-W54", "2026-11", "x"] {
        let reply = server.get(&format!("/vecka/{bad}"));
        assert_eq!(reply.status, 400, "{bad}");
        assert!(reply.text().contains("2026-W48"), "{bad}: {}", reply.text());
    }
}

#[test]
fn the_page_changes_with_a_write_and_is_not_made_again_without_one() {
    let server = Server::empty();
    let tag = server.get("/vecka/2026-W48").header("etag").expect("a tag").to_string();
    assert_eq!(server.get_with("/vecka/2026-W48", "if-none-match", &tag).status, 304);
    server.record(
        "actions",
        "a1",
        &json!({"text": "Laga lampan", "owner_organisation": "Nässjö kommun",
        "status": "started", "due": "2026-11-20"}),
    );
    let reply = server.get_with("/vecka/2026-W48", "if-none-match", &tag);
    assert_eq!(reply.status, 200);
    let text = words(&reply.text());
    assert!(text.contains("1 åtgärd är försenad.") && text.contains("Laga lampan"), "{text}");
    assert!(text.contains("Påbörjad, 3 dagar försenad"), "{text}");
}

#[test]
fn json_has_everything_and_the_command_line_says_the_same() {
    let server = Server::empty();
    server.record(
        "activities",
        "m1",
        &json!({"kind": "collaboration_meeting", "start": "2026-11-09",
        "actors": [{"role": "police"}, {"role": "municipality"}]}),
    );
    server.record(
        "actions",
        "a1",
        &json!({"text": "Klipp häcken", "owner_organisation": "Nässjö kommun",
        "status": "not_started", "due": "2026-12-01", "about": "m1"}),
    );
    server.record(
        "priorities",
        "p1",
        &json!({"week": "2026-W48", "rank": 1, "text": "Resecentrum på kvällen",
        "decided_on": "2026-11-16"}),
    );
    server.record(
        "bookings",
        "b1",
        &json!({"kind": "safety_walk", "start": "2026-11-25T18:00", "booked_on": "2026-11-01",
        "cancelled": false}),
    );
    server.record("observations", "o1", &json!({"category": "lighting", "start": "2026-11-20", "area": "resecentrum"}));
    let text = server.page("/vecka/2026-W48?f=json");
    let page: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(page["week"], "2026-W48");
    assert_eq!(page["looking_back"]["first"], "2026-11-09");
    assert_eq!(page["looking_back"]["last_meeting"]["id"], "m1");
    assert_eq!(page["decisions"][0]["id"], "a1");
    assert_eq!(page["priorities"][0]["text"], "Resecentrum på kvällen");
    assert_eq!(page["dates"][0]["day"], "2026-11-25");
    assert_eq!(page["new"]["total"]["observations"], 1);
    let data = server.path.to_str().expect("text");
    let told = command(&["week", "2026-W48", "--data", data, "--as-of", "2026-11-23", "--format", "json"]);
    assert_eq!(told, text);
    let markdown = command(&["week", "2026-W48", "--data", data, "--as-of", "2026-11-23", "--format", "md"]);
    assert_eq!(markdown, server.page("/vecka/2026-W48?f=md"));
    // The page, the number of the meeting's decisions and the form for another are one click away.
    assert!(server.page("/vecka/2026-W48").contains("href=\"/moten/m1\""));
}

#[test]
fn the_swedish_of_the_week_page_is_plain() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("demo.gpkg");
    demo_file(&path);
    let data = path.to_str().expect("text");
    let markdown = command(&["week", "2026-W48", "--data", data, "--as-of", "2026-11-23", "--format", "md"]);
    // Headings and tables are no sentences.
    let prose: Vec<&str> = markdown.lines().filter(|line| !line.starts_with(['#', '|', '>'])).collect();
    let prose = prose.join("\n").replace("**", "");
    let measured = lix(&prose);
    assert!(measured <= 40.0, "LIX {measured:.1} of\n{prose}");
}

#[test]
fn the_page_is_made_for_the_day_that_is_asked_for() {
    let server = Server::empty();
    let page = server.page("/vecka/2026-W48?as_of=2026-11-20");
    assert!(words(&page).contains("Så är läget 2026-11-20."), "{}", words(&page));
    for link in [
        "/vecka/2026-W48?as_of=2026-11-20&amp;f=json",
        "/vecka/2026-W48?lang=en&amp;as_of=2026-11-20",
        "/vecka/2026-W47\"",
    ] {
        assert!(page.contains(link), "{link} is not in {page}");
    }
    let asked = |day: &str| server.get(&format!("/vecka/2026-W48?f=json&as_of={day}"));
    let value: Value = serde_json::from_str(&asked("2026-11-20").text()).expect("JSON");
    assert_eq!(value["as_of"], "2026-11-20");
    assert_eq!(asked("i-gar").status, 400);
    // A week that is over says so, though its page is for its last day.
    let past = words(&server.page("/vecka/2026-W20"));
    assert!(past.contains("Så är läget 2026-05-17.") && past.contains("Veckan är slut."), "{past}");
    assert!(!words(&server.page("/vecka/2026-W48")).contains("Veckan är slut."));
}
