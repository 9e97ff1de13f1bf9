use super::*;
use jiff::civil::Date;

use crate::domain::{Action, Names};
use crate::followup::ledger::Ledger;
use crate::followup::test_book::{action, activity, book, booking, day, id, priority, report, snapshot, week};
use crate::followup::week::{PromiseLine, PromiseNumber, week_page};
use crate::text::paper::{markdown, prose};

fn empty_ledger() -> Ledger {
    Ledger { as_of: day("2026-11-23"), documents: Vec::new(), notices: Vec::new() }
}

fn page_of(making: crate::followup::test_book::Making, observations: &[(Option<f64>, &str, &str)]) -> (WeekPage, Book) {
    let book = making.build();
    let page = week_page(&snapshot(observations, &[]), &book, &empty_ledger(), &week("2026-W48"), day("2026-11-23"));
    (page, book)
}

fn paper_of(page: &WeekPage, book: &Book, lang: Lang) -> Paper {
    paper_on(page, book, lang, page.as_of)
}

fn paper_on(page: &WeekPage, book: &Book, lang: Lang, today: Date) -> Paper {
    let categories = crate::domain::Vocabulary::seed().categories;
    paper(page, Making { book, categories: &categories, lang, synthetic: false, today })
}

#[test]
fn a_week_that_is_over_says_so_and_that_actions_are_those_of_today() {
    let (page, book) = page_of(book(), &[]);
    let text = |today: &str, lang: Lang| prose(&paper_on(&page, &book, lang, day(today)));
    let (over, under_way) = (text("2026-11-30", Lang::Sv), text("2026-11-29", Lang::Sv));
    assert!(over.contains("Veckan är slut. Åtgärderna visas som de står i dag."), "{over}");
    assert!(!under_way.contains("Veckan är slut."), "{under_way}");
    let english = text("2026-11-30", Lang::En);
    assert!(english.contains("The week is over. Actions are shown as they stand today."), "{english}");
}

#[test]
fn an_empty_file_says_what_to_do_first_with_links() {
    let (page, book) = page_of(book(), &[]);
    for lang in Lang::ALL {
        let paper = paper_of(&page, &book, lang);
        let links: Vec<String> = all_links(&paper);
        for path in [
            "/import",
            "/iakttagelser/ny",
            "/genomfort/ny",
            "/atgarder/ny",
            "/inbokat/ny",
            "/veckorapporter/ny",
            "/lofte",
        ] {
            assert!(links.contains(&href_of(path, lang)), "{lang:?} {path} is not among {links:?}");
        }
    }
    let text = prose(&paper_of(&page, &book, Lang::Sv));
    assert!(text.contains("Filen är tom."), "{text}");
}

fn href_of(path: &str, lang: Lang) -> String {
    say::href(path, lang)
}

fn all_links(paper: &Paper) -> Vec<String> {
    let lines = paper.blocks.iter().flat_map(|block| match block {
        Block::Para(line) | Block::Note(line) => vec![line],
        Block::List(lines) => lines.iter().collect(),
        Block::Table(table) => table.rows.iter().flatten().collect(),
        Block::Heading { .. } | Block::PageBreak => Vec::new(),
    });
    let hrefs = lines.flatten().filter_map(|inline| match inline {
        Inline::Link { href, .. } => Some(href.clone()),
        _ => None,
    });
    hrefs.collect()
}

#[test]
fn what_does_not_fit_is_counted_by_owner_and_linked() {
    let late =
        |i: usize, owner: &str| Action { due: Some(day("2026-11-01")), ..action(&format!("{owner}{i:02}"), owner) };
    let many = (0..20).map(|i| late(i, "Kommunen")).chain((0..3).map(|i| action(&format!("p{i}"), "Polisen")));
    let (page, book) = page_of(book().actions(many), &[]);
    let text = markdown(&paper_of(&page, &book, Lang::Sv));
    assert_eq!(text.matches("| Kommunen |").count(), 12, "{text}");
    assert!(text.contains("Öppna: 23. Försenade: 20. Ska följas upp nu: 0."), "{text}");
    assert!(text.contains("Och 11 till: Kommunen 8; Polisen 3. Se alla"), "{text}");
    // Nothing is left out of the JSON.
    let owners = &json(&page)["actions"];
    assert_eq!(owners[0]["actions"].as_array().map(Vec::len), Some(20));
    assert_eq!(owners[0]["actions"][0]["days_overdue"], 22);
}

#[test]
fn the_missing_are_named_and_counts_stand_beside_those_who_reported() {
    let made = book().reports([
        report("Polisen", "2026-W47", 4),
        report("Linden", "2026-W47", 0),
        report("Skolan", "2026-W40", 1),
    ]);
    let (page, book) = page_of(made, &[(Some(14.65), "2026-11-18", "lighting")]);
    let text = markdown(&paper_of(&page, &book, Lang::Sv));
    assert!(text.contains("**Saknas: Skolan.**"), "{text}");
    assert!(text.contains("Inget att rapportera: Linden."), "{text}");
    assert!(text.contains("Har rapporterat: Polisen (4)."), "{text}");
    assert!(text.contains("2 av 3 har rapporterat för vecka 47. Antalen"), "{text}");
    assert!(text.contains("| west | 1 | belysning 1 | – |"), "{text}");
}

#[test]
fn priorities_dates_and_decisions_are_told_in_both_languages() {
    let made = book()
        .activities([activity("m1", "collaboration_meeting", "2026-11-16", "police:Polisen")])
        .actions([Action {
            about: Some(crate::followup::test_book::id("m1")),
            due: Some(day("2026-12-01")),
            ..action("a", "Kommunen")
        }])
        .bookings([booking("b", "safety_inventory", "2026-11-26")])
        .priorities([priority("p", "2026-W48", 1)]);
    let (page, book) = page_of(made, &[]);
    let swedish = markdown(&paper_of(&page, &book, Lang::Sv));
    assert!(swedish.contains("- 1. Det 1 först"), "{swedish}");
    assert!(swedish.contains("| tors 2026-11-26 | Trygghetsinventering |"), "{swedish}");
    assert!(swedish.contains("| Åtgärd a | 2026-11-16 | Kommunen | 2026-12-01 | Inte påbörjad |"), "{swedish}");
    let english = markdown(&paper_of(&page, &book, Lang::En));
    assert!(english.contains("| Thu 2026-11-26 | Safety inventory |"), "{english}");
    assert!(english.contains("# Week 48, 2026") && swedish.contains("# Vecka 48, 2026"));
}

#[test]
fn the_summary_counts_what_is_behind_and_what_was_missed_with_and_without_a_number() {
    let as_line = |commitment: &str, status: Status, number: Option<PromiseNumber>| PromiseLine {
        document: id("d"),
        commitment: id(commitment),
        names: Names { sv: commitment.into(), en: commitment.into() },
        period: week("2026-W48"),
        number,
        status,
    };
    let number = Some(PromiseNumber { done: 3, target: 15, pace: Some(13) });
    let (mut page, book) = page_of(book(), &[]);
    page.promises.lines = vec![as_line("level", Status::Behind, None)];
    let text = markdown(&paper_of(&page, &book, Lang::Sv));
    assert!(text.contains("1 del av löftena är efter plan.") && !text.contains("Inget i löftena"), "{text}");
    assert!(text.contains("| 2026-11-29 | – | – | – | ▼ **efter plan** |"), "{text}");
    page.promises.lines.push(as_line("n", Status::Missed, number));
    page.promises.lines.push(as_line("m", Status::Missed, None));
    let text = markdown(&paper_of(&page, &book, Lang::Sv));
    assert!(text.contains("1 del av löftena är efter plan. 2 delar av löftena är inte uppfyllda."), "{text}");
    let english = markdown(&paper_of(&page, &book, Lang::En));
    assert!(english.contains("1 part of the promises is behind. 2 parts of the promises were not met."), "{english}");
    assert_eq!(json(&page)["promises"]["lines"][0]["done"], serde_json::Value::Null);
}
