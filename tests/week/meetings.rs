//! Meetings: the list, decisions as actions, what comes first in a week, the agenda.

use serde_json::json;

use crate::lix::lix;
use crate::server::{Server, demo_file, words};

fn with_meetings() -> Server {
    let server = Server::empty();
    server.record(
        "activities",
        "m1",
        &json!({"kind": "collaboration_meeting", "start": "2026-11-16T09:00", "actors": [
        {"role": "police", "organisation": "Lokalpolisområde Höglandet"},
        {"role": "municipality", "organisation": "Nässjö kommun"}]}),
    );
    server.record(
        "bookings",
        "b1",
        &json!({"kind": "collaboration_meeting", "start": "2026-12-07T09:00",
        "booked_on": "2026-11-16", "cancelled": false, "title": "Löftena"}),
    );
    server
}

#[test]
fn without_meetings_the_list_says_what_to_do() {
    let server = Server::empty();
    let page = server.page("/moten");
    let text = words(&page);
    assert!(text.contains("Inget möte är bokat.") && text.contains("Inget möte är inskrivet."), "{text}");
    assert!(page.contains("href=\"/inbokat/ny\"") && page.contains("href=\"/genomfort/ny\""));
    assert_eq!(server.get("/moten/nej").status, 404);
    assert_eq!(server.get("/moten/nej/dagordning").status, 404);
    assert_eq!(server.get("/moten/nej/nytt-beslut").status, 404);
}

#[test]
fn held_and_booked_meetings_are_listed_with_their_agendas() {
    let server = with_meetings();
    let page = server.page("/moten");
    let text = words(&page);
    assert!(text.contains("Läget 2026-11-23. Hållna: 1. Bokade: 1."), "{text}");
    assert!(text.contains("mån 2026-12-07 Löftena"), "{text}");
    for path in ["/moten/m1", "/moten/b1", "/moten/m1/dagordning", "/moten/b1/dagordning"] {
        assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
        for lang in ["", "?lang=en"] {
            assert_eq!(server.get(&format!("{path}{lang}")).status, 200, "{path}{lang}");
        }
    }
    let booked = words(&server.page("/moten/b1"));
    assert!(booked.contains("Beslut skrivs in när mötet har hållits."), "{booked}");
    assert_eq!(server.get("/moten/b1/nytt-beslut").status, 404, "decisions belong to what took place");
}

#[test]
fn a_decision_becomes_an_action_about_the_meeting_once() {
    let server = with_meetings();
    let path = "/moten/m1/nytt-beslut";
    let fields = [("text", "Sätt upp ny belysning"), ("owner_organisation", "Nässjö kommun"), ("due", "2026-12-01")];
    let reply = server.fill(path, &fields);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/moten/m1")), "{}", reply.text());
    assert_eq!(server.count("actions"), 1);
    let text = words(&server.page("/moten/m1"));
    assert!(text.contains("Läget 2026-11-23. Beslut: 1. Öppna: 1."), "{text}");
    assert!(text.contains("Sätt upp ny belysning Nässjö kommun 2026-12-01 Inte påbörjad"), "{text}");
    let agenda = words(&server.page("/moten/b1/dagordning"));
    assert!(agenda.contains("Besluten från mötet 2026-11-16") && agenda.contains("Sätt upp ny belysning"), "{agenda}");
    let week = words(&server.page("/vecka/2026-W48"));
    assert!(week.contains("Sätt upp ny belysning 2026-11-16 Nässjö kommun"), "{week}");
    // An owner is required.
    let reply = server.fill(path, &[("text", "Utan ägare")]);
    assert_eq!(reply.status, 422);
    assert!(reply.text().contains("href=\"#f-owner_organisation\"") && reply.text().contains("Utan ägare"));
    assert_eq!(server.count("actions"), 1);
}

#[test]
fn what_comes_first_is_written_at_the_meeting_and_stands_on_the_week_page() {
    let server = with_meetings();
    let path = "/moten/m1/ny-prioritering";
    // The meeting was held on a Monday: it speaks of its own week, and of the two after.
    let form = server.page(path);
    assert!(form.contains("value=\"2026-W47\" selected"), "{form}");
    for text in ["Resecentrum", "Skolvägen"] {
        let reply = server.fill(path, &[("week", "2026-W48"), ("text", text)]);
        assert_eq!((reply.status, reply.header("location")), (303, Some("/vecka/2026-W48")), "{}", reply.text());
    }
    let text = words(&server.page("/vecka/2026-W48"));
    assert!(text.contains("1. Resecentrum 2. Skolvägen"), "{text}");
}

#[test]
fn the_swedish_of_the_agenda_is_plain() {
    let server = Server::on(demo_file);
    let page = server.page("/moten");
    let at = page.find("/dagordning\"").expect("a meeting");
    let from = page[..at].rfind("href=\"").expect("a link") + 6;
    let markdown = server.page(&format!("{}/dagordning?f=md", &page[from..at]));
    let prose: Vec<&str> = markdown.lines().filter(|line| !line.starts_with(['#', '|', '>'])).collect();
    let prose = prose.join("\n").replace("**", "");
    let measured = lix(&prose);
    assert!(measured <= 40.0, "LIX {measured:.1} of\n{prose}");
}
