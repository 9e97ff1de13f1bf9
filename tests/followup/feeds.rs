//! Feeds: stable ids, times of the records, a zone that readers need not know.

use atom_syndication::Feed;
use jiff::Timestamp;
use lagesbild::domain::{Action, ActionStatus, Booking, CountBy, Record, TimeCertainty, When};
use lagesbild::text::lang::Lang;
use lagesbild::wire::followup::feeds::{Revised, atom, calendar};

use crate::books::{book, commitment, day, document, id, operation, pledge, second, stockholm};

fn revised(times: u32) -> Revised {
    Revised { times, at: "2026-02-01T12:00:00Z".parse::<Timestamp>().expect("a time") }
}

fn booking(name: &str, start: &str, cancelled: bool) -> Booking {
    let start = second(start);
    Booking {
        id: id(name),
        kind: "collaboration_meeting".into(),
        when: When::interval(start, start + 5400, TimeCertainty::Interval).expect("an hour and a half"),
        area: Some(id("here")),
        actors: vec![],
        title: Some("Genomgång, del 2; kaffe".into()),
        booked_on: day("2026-01-01"),
        cancelled,
        activity: None,
        invitation: false,
    }
}

#[test]
fn a_calendar_has_both_clocks_stable_ids_and_no_more_than_kinds_in_its_titles() {
    let book = book(vec![], vec![]);
    let action = |status, due: &str| Action {
        id: id(&format!("a{due}")),
        about: None,
        text: "Byt lampan vid cykelstället".into(),
        owner_organisation: "Nässjö kommun".into(),
        due: Some(day(due)),
        status,
        why_not: None,
        recheck: None,
        area: None,
    };
    let bookings = [
        (booking("winter", "2026-03-20T09:00", false), revised(0)),
        (booking("summer", "2026-11-05T13:00", true), revised(2)),
    ];
    let actions = [
        (action(ActionStatus::Started, "2026-05-01"), revised(1)),
        (action(ActionStatus::Done, "2026-06-01"), revised(1)),
    ];
    let text = calendar(&book, &bookings, &actions, Lang::Sv);
    assert!(text.lines().count() > 10 && text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    // The clocks of Stockholm in 2026 change on 29 March at 02:00 and on 25 October at 03:00.
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Stockholm\r\n\
        BEGIN:STANDARD\r\nDTSTART:20251026T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n\
        BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n\
        BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n\
        END:VTIMEZONE\r\n";
    assert!(text.contains(zone), "{text}");
    for line in [
        "DTSTART;TZID=Europe/Stockholm:20260320T090000",
        "DTEND;TZID=Europe/Stockholm:20260320T103000",
        "UID:booking-winter@test.lagesbild",
        "UID:booking-summer@test.lagesbild",
        "SEQUENCE:2",
        "STATUS:CANCELLED",
        "STATUS:CONFIRMED",
        "DTSTAMP:20260201T120000Z",
        "SUMMARY:Samverkansmöte\\, here",
        "DESCRIPTION:Genomgång\\, del 2\\; kaffe",
        "DTSTART;VALUE=DATE:20260501",
        "DTEND;VALUE=DATE:20260502",
        "SUMMARY:Åtgärd ska vara klar: Nässjö kommun",
    ] {
        assert_eq!(text.split("\r\n").filter(|l| *l == line).count().min(1), 1, "{line} is not in\n{text}");
    }
    // What is done is due no longer.
    assert!(!text.contains("20260601"));
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 3);
    assert_eq!(text, calendar(&book, &bookings, &actions, Lang::Sv));
    // Without a date there is a calendar without events.
    let empty = calendar(&book, &[], &[], Lang::En);
    assert!(empty.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && empty.ends_with("END:VCALENDAR\r\n"), "{empty}");
}

#[test]
fn changes_of_status_are_entries_with_the_day_they_happened() {
    let document = document(
        "d",
        "2025-01-01/2025-04-10",
        vec![commitment("c", pledge("targeted_operation", 1, CountBy::Operation))],
    );
    let book = book(vec![document], vec![Record::Activity(operation("a", "2025-03-01T20:00"))]);
    let text = atom(&book, day("2025-03-15"), Lang::Sv, "http://127.0.0.1:8080");
    let feed = Feed::read_from(text.as_bytes()).expect("an Atom feed");
    let told: Vec<(&str, &str)> = feed.entries.iter().map(|e| (e.title.value.as_str(), e.id.as_str())).collect();
    assert_eq!(
        told,
        [
            ("c: uppfyllt", "urn:lagesbild:test:d:c:2025-03-01:met"),
            ("c: efter plan", "urn:lagesbild:test:d:c:2025-02-20:behind"),
        ]
    );
    let midnight = day("2025-03-01").to_zoned(stockholm()).expect("a day").timestamp().as_second();
    assert_eq!((feed.updated.timestamp(), feed.entries[0].updated.timestamp()), (midnight, midnight));
    assert_eq!(feed.entries[0].links[0].href, "http://127.0.0.1:8080/lofte/d/c");
    let said = feed.entries[0].content.as_ref().and_then(|content| content.value.as_deref());
    assert_eq!(
        said,
        Some("c gick från efter plan till uppfyllt den 2025-03-01. I dag: Målet är nått: 1, lovat minst 1.")
    );
    // A later question finds the same entries under the same ids.
    let later = Feed::read_from(atom(&book, day("2025-04-01"), Lang::En, "").as_bytes()).expect("a feed");
    assert_eq!(
        later.entries.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(),
        told.iter().map(|t| t.1).collect::<Vec<_>>()
    );
    let none = Feed::read_from(atom(&crate::books::book(vec![], vec![]), day("2025-04-01"), Lang::En, "").as_bytes());
    assert_eq!(none.expect("a feed without entries").entries.len(), 0);
}
