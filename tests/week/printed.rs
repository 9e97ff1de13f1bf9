//! Papers as Chromium prints them: how many sheets of A4.

use std::path::Path;
use std::process::Command;

use lagesbild::domain::{
    Action, ActionStatus, Actor, Booking, Id, Location, LonLat, Observation, Participant, Period, Priority, Record,
    Report, Shape, When,
};
use lagesbild::store::{Expect, Operation, Store, WriteRequest};

use crate::server::{Server, command, demo_file};
use crate::skip::skip;

/// Pages of the PDF that Chromium makes of a page; `None` when it is not installed.
fn sheets(url: &str, pdf: &Path) -> Option<usize> {
    let profile = pdf.with_extension("profile");
    for browser in ["chromium", "chromium-browser", "google-chrome"] {
        let made = Command::new(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--print-to-pdf={}", pdf.display()))
            .arg(url)
            .output();
        if made.is_ok_and(|output| output.status.success()) {
            let bytes = std::fs::read(pdf).expect("a PDF");
            // Chromium writes the page objects plainly; `/Type /Pages` is the list of them.
            let pages = bytes.windows(11).filter(|w| *w == b"/Type /Page");
            let lists = bytes.windows(12).filter(|w| *w == b"/Type /Pages");
            return Some(pages.count() - lists.count());
        }
    }
    skip("no Chromium is installed: nothing was printed");
    None
}

fn week_page(data: &Path, out: &Path, lang: &str) -> Option<usize> {
    let (data, out_text) = (data.to_str().expect("text"), out.to_str().expect("text"));
    command(&["week", "2026-W48", "--data", data, "--as-of", "2026-11-23", "--lang", lang, "-o", out_text]);
    sheets(&format!("file://{}", out.display()), &out.with_extension("pdf"))
}

#[test]
fn the_week_page_of_the_demo_is_two_sheets_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo.gpkg");
    demo_file(&data);
    for lang in ["sv", "en"] {
        if let Some(pages) = week_page(&data, &folder.path().join(format!("{lang}.html")), lang) {
            assert!((1..=2).contains(&pages), "{lang}: {pages} pages");
        }
    }
}

#[test]
fn protocols_and_agendas_of_the_demo_are_at_most_two_sheets() {
    let server = Server::on(demo_file);
    let folder = tempfile::tempdir().expect("a folder");
    for (list, path, rest) in
        [("/inventeringar", "/inventeringar/", "/protokoll"), ("/moten", "/moten/", "/dagordning")]
    {
        let page = server.page(list);
        let at = page.find(&format!("href=\"{path}")).expect("one is listed") + 6;
        let one = page[at..].split('"').next().expect("quoted").trim_end_matches(rest);
        for lang in ["sv", "en"] {
            let url = server.url(&format!("{one}{rest}?lang={lang}"));
            if let Some(pages) = sheets(&url, &folder.path().join(format!("{lang}.pdf"))) {
                assert!((1..=2).contains(&pages), "{url}: {pages} pages");
            }
        }
    }
}

#[test]
fn a_week_with_far_too_much_still_is_two_sheets() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo.gpkg");
    demo_file(&data);
    let id = |text: String| Id::new(&text).expect("an id");
    let owners = ["Kommunen, gata och park", "Lokalpolisområde Höglandet", "Bostadsbolaget med ett långt namn"];
    let text = "En åtgärd med så lång beskrivning att den behöver två rader i tabellen och helst skulle ha tagit tre"
        .to_string();
    let zone = jiff::tz::TimeZone::get("Europe/Stockholm").expect("bundled");
    let actions: Vec<Action> = (0..60)
        .map(|i| Action {
            id: id(format!("a{i}")),
            about: None,
            text: text.clone(),
            owner_organisation: owners[i % 3].to_string(),
            due: Some("2026-10-01".parse().expect("a date")),
            status: ActionStatus::Started,
            why_not: None,
            recheck: Some("2026-11-01".parse().expect("a date")),
            area: None,
        })
        .collect();
    let bookings = (0..15).map(|i| Booking {
        id: id(format!("b{i}")),
        kind: "collaboration_meeting".into(),
        when: When::whole_day("2026-11-26".parse().expect("a date"), &zone),
        area: None,
        actors: Participant::parse_list("police:Lokalpolisområde Höglandet; municipality:Nässjö kommun"),
        title: Some(text.clone()),
        booked_on: "2026-11-01".parse().expect("a date"),
        cancelled: false,
        activity: None,
        invitation: false,
    });
    let week = Period::parse("2026-W48").expect("a week");
    let priorities = (1..10).map(|rank| Priority {
        id: id(format!("p{rank}")),
        week: week.clone(),
        rank,
        area: None,
        text: text.clone(),
        owner_organisation: Some(owners[0].to_string()),
        decided_on: "2026-11-16".parse().expect("a date"),
    });
    let reports = (0..14).map(|i| Report {
        id: id(format!("r{i}")),
        organisation: format!("En organisation med ett ganska långt namn nummer {i}"),
        week: Period::parse("2026-W47").expect("a week"),
        area: None,
        n: i,
        reported_on: "2026-11-22".parse().expect("a date"),
    });
    // Five places with four observations each, 200 m apart.
    let observations = (0..20).map(|i| Observation {
        id: id(format!("o{i}")),
        category: ["lighting", "littering", "disorder", "drugs"][i % 4].to_string(),
        feeling: None,
        when: When::whole_day("2026-11-18".parse().expect("a date"), &zone),
        location: Location {
            shape: Some(Shape::Point(LonLat::new(14.69, 57.66 + (i / 4) as f64 * 0.002).expect("in range"))),
            precision_m: Some(5.0),
            ..Location::default()
        },
        source: None,
        severity: None,
        inventory: None,
        photo: None,
        reporter_key: None,
        text: None,
        kept: Vec::new(),
    });
    let records = actions
        .into_iter()
        .map(Record::Action)
        .chain(observations.map(Record::Observation))
        .chain(bookings.map(Record::Booking));
    let records = records.chain(priorities.map(Record::Priority)).chain(reports.map(Record::Report));
    let operations = records.map(|record| Operation::Put { record, expect: Expect::New }).collect();
    let store = Store::open(&data).expect("opens");
    store.write(&Actor::local("test"), WriteRequest { what: "much".into(), operations, retry: None }).expect("kept");
    drop(store);
    for lang in ["sv", "en"] {
        if let Some(pages) = week_page(&data, &folder.path().join(format!("{lang}.html")), lang) {
            assert_eq!(pages, 2, "{lang}");
        }
    }
}
