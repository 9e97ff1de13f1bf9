//! `/lofte`, `/api/promises` and the feeds, and a year's work recorded by form.

use serde_json::Value;

use crate::server::{Server, command, demo_file, words};

/// A file with the places and the promise of Nässjö.
fn with_promise() -> Server {
    Server::on(|path| drop(command(&["init", path.to_str().expect("text")])))
}

/// Status and number done of a commitment of the first document.
fn standing(server: &Server, id: &str, as_of: &str) -> (String, Value) {
    let ledger: Value = serde_json::from_str(&server.page(&format!("/api/promises?as_of={as_of}"))).expect("JSON");
    let rows = ledger["documents"][0]["commitments"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no commitment {id}"));
    (row["status"].as_str().expect("a word").to_string(), row["done"].clone())
}

const POLICE: &str = "Polisen, Lokalpolisområde Höglandet";

#[test]
fn what_is_recorded_by_form_moves_the_ledger() {
    let server = with_promise();
    assert_eq!(standing(&server, "samverkansmoten", "2019-06-30"), ("not_started".into(), 0.into()));
    let work = [
        ("collaboration_meeting", "2019-05-14", "", "police\nmunicipality: Nässjö kommun", ""),
        ("safety_inventory", "2019-09-18", "runneryd", "municipality\nproperty_owner: Linden\npolice", ""),
        ("safety_inventory", "2019-10-18", "runneryd", "municipality\nproperty_owner: Linden", ""),
        ("targeted_operation", "2019-06-12", "runneryd", "police", "true"),
    ];
    for (kind, start, area, actors, led) in work {
        let mut fields = vec![("kind", kind), ("start", start), ("start_time", "10:00"), ("actors", actors)];
        fields.extend([("area", area), ("intelligence_led", led)].into_iter().filter(|(_, value)| !value.is_empty()));
        let reply = server.fill("/genomfort/ny", &fields);
        assert_eq!(reply.status, 303, "{kind} {start}: {}", words(&reply.text()));
    }
    assert_eq!(standing(&server, "samverkansmoten", "2019-06-30"), ("on_pace".into(), 1.into()));
    assert_eq!(standing(&server, "inventeringar-runneryd", "2019-12-31"), ("behind".into(), 1.into()));
    let count = |start: &str, end: &str, n: &str| {
        let fields = [
            ("organisation", POLICE),
            ("kind", "targeted_operation"),
            ("area", "runneryd"),
            ("period_start", start),
            ("period_end", end),
            ("n", n),
            ("reported_by", "kommunpolisen"),
            ("reported_on", "2019-12-03"),
        ];
        server.fill("/rapporterade-antal/ny", &fields)
    };
    let kept = count("2019-06-01", "2019-06-30", "14");
    assert_eq!(kept.status, 303, "{}", words(&kept.text()));
    // June is reported: a quarter that holds June is refused, with what to do.
    let refused = count("2019-04-01", "2019-06-30", "15");
    assert!((400..500).contains(&refused.status), "{}", refused.status);
    assert_eq!(standing(&server, "insatser-runneryd", "2019-12-31"), ("on_pace".into(), 14.into()));
    assert!(count("2019-11-01", "2019-11-30", "1").status == 303);
    assert_eq!(standing(&server, "insatser-runneryd", "2019-12-31"), ("met".into(), 15.into()));
    let booking = [
        ("kind", "collaboration_meeting"),
        ("start", "2019-11-20"),
        ("start_time", "13:00"),
        ("booked_on", "2019-09-02"),
    ];
    let reply = server.fill("/inbokat/ny", &booking);
    assert_eq!(reply.status, 303, "{}", words(&reply.text()));
    assert_eq!(standing(&server, "samverkansmoten", "2019-09-30").0, "planned");
    let comment = [
        ("promise", "nassjo-2019-2020"),
        ("commitment", "inventeringar-runneryd"),
        ("party", "kommunen"),
        ("text", "Den andra inventeringen görs om med polisen i december."),
        ("said_on", "2019-11-01"),
    ];
    let reply = server.fill("/kommentarer/ny", &comment);
    assert_eq!(reply.status, 303, "{}", words(&reply.text()));
    let page = words(&server.page("/lofte/nassjo-2019-2020/inventeringar-runneryd?as_of=2019-12-31"));
    assert!(page.contains("Nässjö kommun, 2019-11-01: Den andra inventeringen görs om"), "{page}");
    assert!(page.contains("någon som ska vara med var inte med"), "{page}");
    // The comment changes nothing.
    assert_eq!(standing(&server, "inventeringar-runneryd", "2019-12-31").0, "behind");
    let table = words(&server.page("/lofte?as_of=2019-12-31"));
    assert!(table.contains("15 (1 inlagda en och en, 14 rapporterade som antal), varav 1"), "{table}");
}

#[test]
fn the_ledger_answers_browsers_programs_and_readers_of_feeds() {
    let server = Server::on(demo_file);
    for (path, media_type, says) in [
        ("/lofte", "text/html; charset=utf-8", "går inte att mäta"),
        ("/lofte?lang=en", "text/html; charset=utf-8", "cannot be measured"),
        ("/lofte?f=md", "text/markdown; charset=utf-8", "# Löftena"),
        ("/api/promises", "application/json", "\"promise_ledger\""),
        ("/lofte.atom", "application/atom+xml; charset=utf-8", "<title>Löftena: ändrat läge</title>"),
        ("/kalender.ics", "text/calendar; charset=utf-8", "TZID:Europe/Stockholm"),
    ] {
        let reply = server.get(path);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(media_type)), "{path}");
        let tag = reply.header("etag").expect("a tag").to_string();
        assert!(reply.text().contains(says), "{path}");
        assert_eq!(server.get_with(path, "if-none-match", &tag).status, 304, "{path}");
    }
    for (path, status) in [
        ("/lofte?as_of=snart", 400),
        ("/api/promises?as_of=snart", 400),
        ("/lofte?asof=3", 400),
        ("/lofte?f=pdf", 400),
        ("/lofte/demo-now/nothing", 404),
        ("/kalender.ics?lang=de", 400),
    ] {
        assert_eq!(server.get(path).status, status, "{path}");
    }
    let told: Value = serde_json::from_str(&server.page("/api/promises")).expect("JSON");
    assert_eq!((&told["as_of"], &told["provenance"]["data_class"]), (&"2026-11-23".into(), &"synthetic".into()));
}
