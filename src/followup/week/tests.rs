use super::*;
use crate::domain::{ActionStatus, PromiseDocument};
use crate::followup::ledger::{DocumentLedger, Reason, Row, Stretch};
use crate::followup::status::{Clock, Status, status};
use crate::followup::test_book::{
    action, activity, book, booking, day, document, id, priority, report, snapshot, week,
};

fn empty_ledger(as_of: &str) -> Ledger {
    Ledger { as_of: day(as_of), documents: Vec::new(), notices: Vec::new() }
}

fn meeting(id_text: &str, on: &str) -> crate::domain::Activity {
    activity(id_text, MEETING_KIND, on, "police:Polisen; municipality:Kommunen")
}

#[test]
fn weeks_begin_on_monday_and_are_named_by_their_thursday() {
    // 2026-11-22 is a Sunday; ISO week 1 of 2026 begins on Monday 29 December 2025.
    assert_eq!(week_of(day("2026-11-22")).to_string(), "2026-11-16/2026-11-22");
    assert_eq!(week_name(&week_of(day("2026-11-23"))), "2026-W48");
    assert_eq!(week_name(&week_of(day("2025-12-31"))), "2026-W01");
    // 1 January 2027 is a Friday: it belongs to the 53rd week of 2026.
    assert_eq!(week_name(&week_of(day("2027-01-01"))), "2026-W53");
    assert!(is_week(&week("2026-W48")) && !is_week(&week("2026-11")));
    assert_eq!(week_of(Date::MAX).days(), 4, "the calendar ends on Friday 31 December 9999");
}

#[test]
fn the_page_looks_back_to_the_monday_of_the_last_meetings_week() {
    let back = |held: &[&str], asked: &str, as_of: &str| {
        let activities = held.iter().enumerate().map(|(i, on)| meeting(&format!("m{i}"), on));
        let back = looking_back(&book().activities(activities).build(), &week(asked), day(as_of));
        (back.period.to_string(), back.begins, back.last_meeting.map(|m| m.day.to_string()))
    };
    use BackBegins::{MostDaysBack, NoMeeting, WeekOfLastMeeting};
    // Week 48 is 23-29 November. Wednesday 4 November lies in the week that begins on the 2nd.
    let last = Some("2026-11-04".to_string());
    assert_eq!(
        back(&["2026-09-01", "2026-11-04"], "2026-W48", "2026-11-23"),
        ("2026-11-02/2026-11-22".into(), WeekOfLastMeeting, last.clone())
    );
    // A meeting in the week itself is the one the page is for.
    assert_eq!(
        back(&["2026-11-04", "2026-11-24"], "2026-W48", "2026-11-25"),
        ("2026-11-02/2026-11-22".into(), WeekOfLastMeeting, last.clone())
    );
    // A meeting the week before gives that week.
    let friday = Some("2026-11-20".to_string());
    assert_eq!(
        back(&["2026-11-20"], "2026-W48", "2026-11-23"),
        ("2026-11-16/2026-11-22".into(), WeekOfLastMeeting, friday)
    );
    // Longer ago than four weeks: 28 days, 26 October to 22 November.
    let long_ago = Some("2026-03-03".to_string());
    assert_eq!(
        back(&["2026-03-03"], "2026-W48", "2026-11-23"),
        ("2026-10-26/2026-11-22".into(), MostDaysBack, long_ago)
    );
    assert_eq!(back(&[], "2026-W48", "2026-11-23"), ("2026-11-16/2026-11-22".into(), NoMeeting, None));
    // A week that is still ahead looks back from the day of the page, and sees no meeting after it.
    assert_eq!(
        back(&["2026-11-04", "2026-12-01"], "2026-W50", "2026-11-18"),
        ("2026-11-02/2026-11-18".into(), WeekOfLastMeeting, last)
    );
}

#[test]
fn news_counts_every_record_once_by_place_and_category() {
    let (west, east, rest) = (Some(14.65), Some(14.85), Some(14.75));
    let observations = [
        (west, "2026-11-16", "lighting"),
        (west, "2026-11-22", "lighting"),
        (west, "2026-11-10", "drugs"),
        (east, "2026-11-11", "theft"),
        (rest, "2026-11-12", "other"),
        (None, "2026-11-13", "other"),
        (west, "2026-11-01", "lighting"), // before
        (west, "2026-11-23", "lighting"), // after
    ];
    let activities = [(west, "2026-11-05", "presence"), (None, "2026-11-04", MEETING_KIND)];
    let book = book().activities([meeting("m", "2026-11-04")]).build();
    let page = week_page(
        &snapshot(&observations, &activities),
        &book,
        &empty_ledger("2026-11-23"),
        &week("2026-W48"),
        day("2026-11-23"),
    );
    let news = &page.news;
    let short = |place: &PlaceNews| (place.observations, place.observations_last_days, place.activities);
    assert_eq!(
        news.areas.iter().map(|(id, _, place)| (id.as_str(), short(place))).collect::<Vec<_>>(),
        [("west", (3, 2, 1)), ("east", (1, 0, 0))]
    );
    assert_eq!(
        (short(&news.rest), short(&news.without_position), short(&news.total)),
        ((1, 0, 0), (1, 0, 1), (6, 2, 2))
    );
    let terms = |counts: &[TermCount]| counts.iter().map(|c| (c.term.code.clone(), c.n)).collect::<Vec<_>>();
    assert_eq!(terms(&news.areas[0].2.categories), [("lighting".to_string(), 2), ("drugs".to_string(), 1)]);
    assert_eq!(terms(&news.without_position.kinds), [(MEETING_KIND.to_string(), 1)]);
    assert_eq!(news.last_days.to_string(), "2026-11-16/2026-11-22");
}

#[test]
fn repeated_places_carry_their_rule_and_the_open_actions_about_them() {
    let at = |on: &'static str| (Some(14.65), on, "lighting");
    // The snapshot calls them n0, n1, ...; three within 28 days of Sunday 22 November, one before.
    let observations = [at("2026-10-26"), at("2026-11-10"), at("2026-11-22"), at("2026-10-25")];
    let about = |text: &str, id_text: &str| Action { about: Some(id(id_text)), ..action(text, "Kommunen") };
    let made =
        book().actions([about("a", "n0"), about("b", "n3"), Action { status: ActionStatus::Done, ..about("c", "n1") }]);
    let page = week_page(
        &snapshot(&observations, &[]),
        &made.build(),
        &empty_ledger("2026-11-23"),
        &week("2026-W48"),
        day("2026-11-23"),
    );
    let repeated = &page.repeated;
    assert_eq!(repeated.found.period.to_string(), "2026-10-26/2026-11-22");
    assert_eq!(repeated.found.places.iter().map(|place| place.n).collect::<Vec<_>>(), [3]);
    assert_eq!((repeated.params.least, &repeated.open_actions), (3, &vec![1]));
}

#[test]
fn decisions_are_those_of_the_last_meeting_and_of_this_weeks() {
    let about = |text: &str, meeting: &str| Action { about: Some(id(meeting)), ..action(text, "Kommunen") };
    let made = book()
        .activities([meeting("old", "2026-05-05"), meeting("last", "2026-11-04"), meeting("now", "2026-11-23")])
        .actions([
            about("a", "last"),
            about("b", "old"),
            about("c", "now"),
            Action { status: ActionStatus::Done, ..about("d", "last") },
            action("e", "Kommunen"),
        ])
        .build();
    let page = week_page(&snapshot(&[], &[]), &made, &empty_ledger("2026-11-23"), &week("2026-W48"), day("2026-11-23"));
    let short: Vec<_> =
        page.decisions.iter().map(|d| (d.meeting.id.as_str(), d.action.id.as_str(), d.waiting.is_some())).collect();
    assert_eq!(short, [("last", "a", true), ("last", "d", false), ("now", "c", true)]);
}

#[test]
fn dates_are_those_of_the_week_and_the_next_that_are_not_called_off() {
    let called_off = Booking { cancelled: true, ..booking("off", MEETING_KIND, "2026-11-25") };
    let made = book()
        .bookings([
            booking("before", MEETING_KIND, "2026-11-22"),
            booking("first", MEETING_KIND, "2026-11-23"),
            booking("last", "safety_inventory", "2026-12-06"),
            booking("after", MEETING_KIND, "2026-12-07"),
            called_off,
            Booking { booked_on: day("2026-11-23"), ..booking("unknown", MEETING_KIND, "2026-11-24") },
            Booking { activity: Some(id("held")), ..booking("became", MEETING_KIND, "2026-11-23") },
        ])
        .activities([meeting("held", "2026-11-22")])
        .priorities([priority("p2", "2026-W48", 2), priority("p1", "2026-W48", 1), priority("q", "2026-W47", 1)])
        .build();
    let page = week_page(&snapshot(&[], &[]), &made, &empty_ledger("2026-11-22"), &week("2026-W48"), day("2026-11-22"));
    let short: Vec<_> = page.dates.iter().map(|date| (date.booking.id.as_str(), date.day.to_string())).collect();
    assert_eq!(short, [("first", "2026-11-23".to_string()), ("last", "2026-12-06".to_string())]);
    assert_eq!(page.priorities.iter().map(|p| p.id.as_str()).collect::<Vec<_>>(), ["p1", "p2"]);
}

#[test]
fn silence_and_nothing_to_report_are_told_apart_and_parties_are_expected() {
    let late = crate::domain::Report { reported_on: day("2026-11-24"), ..report("Skolan", "2026-W47", 9) };
    let made = book()
        .promise(document("p", "2026", &["Nässjö kommun"]))
        .promise(document("over", "2024", &["Gamla parten"]))
        .reports([
            report("Polisen", "2026-W47", 4),
            report("polisen", "2026-W47", 1),
            report("Linden", "2026-W47", 0),
            report("Väktarna", "2026-W35", 2),
            report("Glömd", "2026-W34", 2),
            late,
        ])
        .build();
    let page = week_page(&snapshot(&[], &[]), &made, &empty_ledger("2026-11-23"), &week("2026-W48"), day("2026-11-23"));
    // The week before week 48 is week 47; twelve weeks before it is week 35. Skolan reported after the day.
    let short: Vec<_> = page.reports.organisations.iter().map(|o| (o.organisation.as_str(), o.n, o.is_party)).collect();
    assert_eq!(
        short,
        [
            ("Linden", Some(0), false),
            ("Nässjö kommun", None, true),
            ("Polisen", Some(5), false),
            ("Väktarna", None, false)
        ]
    );
    assert_eq!((page.reports.reported(), week_name(&page.reports.week)), (2, "2026-W47".to_string()));
    assert_eq!(page.reports.missing().collect::<Vec<_>>(), ["Nässjö kommun", "Väktarna"]);
}

#[test]
fn a_part_of_an_organisation_speaks_for_the_party() {
    let made = book()
        .promise(document("p", "2026", &["Polisen", "Nässjö kommun", "Linden, Söder"]))
        .reports([
            report("Polisen, Höglandet", "2026-W46", 4),
            report("Polisens vänner", "2026-W47", 0),
            report("Linden", "2026-W47", 1),
        ])
        .build();
    let page = week_page(&snapshot(&[], &[]), &made, &empty_ledger("2026-11-23"), &week("2026-W48"), day("2026-11-23"));
    assert_eq!(page.reports.missing().collect::<Vec<_>>(), ["Nässjö kommun", "Polisen, Höglandet"]);
    assert_eq!(page.reports.organisations.len(), 4);
}

#[test]
fn the_promise_line_speaks_of_the_stretch_under_way_and_leaves_old_promises_out() {
    let as_of = day("2026-11-23");
    let row = |document: &PromiseDocument| {
        let commitment = document.commitments()[0].clone();
        let stretches = [stretch("2025", 15, as_of), stretch("2026", 3, as_of)];
        Row {
            commitment,
            status: stretches[1].status,
            reason: Reason::Rule(stretches[1].rule),
            stretches: stretches.into(),
            level: None,
            perceived: None,
            published: None,
            comments: Vec::new(),
            notices: Vec::new(),
        }
    };
    let ledger_of = |document: PromiseDocument| {
        let mut rows = vec![row(&document)];
        let status = Status::CannotBeMeasured;
        rows.push(Row { stretches: Vec::new(), status, reason: Reason::NotMeasurable, ..row(&document) });
        DocumentLedger { document, rows, notices: Vec::new() }
    };
    let documents = vec![
        ledger_of(document("old", "2019-01-01/2020-12-31", &["Polisen"])),
        ledger_of(document("new", "2025-01-01/2026-12-31", &["Polisen"])),
    ];
    let lines = promises::lines(&Ledger { as_of, documents, notices: Vec::new() }, as_of);
    assert_eq!((lines.lines.len(), lines.without_number, lines.older_promises), (1, 1, 1));
    let line = &lines.lines[0];
    // 326 of 365 days are gone on 23 November: floor(15 x 326 / 365) = 13.
    assert_eq!((line.number, line.status.code()), (number(3, 15, Some(13)), "behind"));
    assert_eq!(line.period.to_string(), "2026-01-01/2026-12-31");
}

#[test]
fn the_promise_line_has_the_status_of_the_ledger_and_levels_have_a_line() {
    let over = document("over", "2024-01-01/2025-12-31", &["Polisen"]);
    let as_of = day("2026-01-12");
    let (first, second) = (stretch("2024", 9, as_of), stretch("2025", 15, as_of));
    assert_eq!((first.status, second.status), (Status::Missed, Status::Met));
    let row = Row {
        commitment: over.commitments()[0].clone(),
        status: Status::Missed,
        reason: Reason::AllOver { missed: 1 },
        stretches: vec![first, second],
        level: None,
        perceived: None,
        published: None,
        comments: Vec::new(),
        notices: Vec::new(),
    };
    let level = |status: Status| Row { stretches: Vec::new(), status, reason: Reason::LevelNotHigher, ..row.clone() };
    let rows = vec![row.clone(), level(Status::Behind), level(Status::Missed), level(Status::CannotBeMeasured)];
    let documents = vec![DocumentLedger { document: over, rows, notices: Vec::new() }];
    let lines = promises::lines(&Ledger { as_of, documents, notices: Vec::new() }, as_of);
    let short: Vec<_> =
        lines.lines.iter().map(|line| (line.number, line.status, line.period.last_day().to_string())).collect();
    // The year that was missed, not the last one; a level has the days of the promise.
    let (missed_year, promise) = ("2024-12-31".to_string(), "2025-12-31".to_string());
    assert_eq!(
        short,
        [
            // What is behind comes first, then what was missed.
            (None, Status::Behind, promise.clone()),
            (number(9, 15, Some(15)), Status::Missed, missed_year),
            (None, Status::Missed, promise)
        ]
    );
    assert_eq!((lines.with_status(Status::Missed), lines.with_status(Status::Behind), lines.without_number), (2, 1, 1));
}

fn number(done: u32, target: u32, pace: Option<u32>) -> Option<PromiseNumber> {
    Some(PromiseNumber { done, target, pace })
}

fn stretch(year: &str, done: u32, as_of: Date) -> Stretch {
    let period = Period::parse(year).expect("a year");
    let clock = Clock::at(&period, as_of);
    let (status, rule) = status(15, done, clock, false);
    Stretch {
        pace: clock.pace(15),
        period,
        target: 15,
        done,
        clock,
        status,
        rule,
        items: Vec::new(),
        counts: Vec::new(),
        intelligence_led: None,
        one_per_day: None,
        left_out: Vec::new(),
        booked: Vec::new(),
    }
}
