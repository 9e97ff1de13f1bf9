//! The situation picture in words: true at no, few, some and many observations, in both languages, and plain.

use lagesbild::domain::{ActionStatus, CountBy, Record};
use lagesbild::followup::picture::PictureParams;
use lagesbild::text::lang::Lang;
use lagesbild::text::paper::{Block, Paper, markdown, prose};
use lagesbild::wire::followup::picture::picture_json;
use lagesbild::wire::followup::picture_paper::picture_paper;

use crate::books::{commitment, document, operation, pledge};
use crate::lix::lix;
use crate::world::{Seen, action, report, seen, spread, survey, world};

/// `n` observations of October, two thirds in `here`, some without position.
fn observations(n: usize) -> Vec<Seen> {
    let mut all = spread(0.0, "2026-10", n * 2 / 3);
    all.extend(spread(0.1, "2026-10", n / 4));
    all.extend(spread(0.0, "2026-09", n / 2));
    while all.iter().filter(|one| one.at.starts_with("2026-10")).count() < n {
        all.push(Seen { x: None, ..seen(0.0, "2026-10-15T21:00") });
    }
    all
}

fn records() -> Vec<Record> {
    vec![
        Record::Activity(operation("op", "2026-10-03T20:00")),
        Record::Action(action("a1", Some("here"), Some("2026-10-21"), ActionStatus::Started)),
        Record::Action(action("a2", Some("there"), None, ActionStatus::NotDone)),
        Record::Report(report("Skolan", "2026-W40", 0)),
        Record::Report(report("Skolan", "2026-W42", 3)),
        Record::Survey(survey("v25", "there", "2025-09", 160, 41)),
        Record::Survey(survey("v26", "there", "2026-09", 171, 62)),
        Record::Survey(survey("liten", "here", "2026-09", 12, 3)),
        Record::Survey(survey("fel", "here", "2026-08", 500, 3)),
    ]
}

fn papers(n: usize, full: bool) -> [Paper; 2] {
    let promise = document(
        "loftet",
        "2026-01-01/2026-12-31",
        vec![commitment("Insatser", pledge("targeted_operation", 15, CountBy::Operation))],
    );
    let (documents, records) = if full { (vec![promise], records()) } else { (vec![], vec![]) };
    let (snapshot, book, picture) = world(&observations(n), documents, records, "2026-10", "2026-11-22");
    Lang::ALL.map(|lang| picture_paper(&snapshot, &book, &picture, lang))
}

fn headings(paper: &Paper) -> Vec<&str> {
    fn second(block: &Block) -> Option<&str> {
        match block {
            Block::Heading { level: 2, text, .. } => Some(text.as_str()),
            _ => None,
        }
    }
    paper.blocks.iter().filter_map(second).collect()
}

#[test]
fn every_section_is_there_in_the_order_a_meeting_reads_whatever_there_is() {
    for n in [0, 3, 30, 300] {
        for full in [false, true] {
            let [swedish, english] = papers(n, full);
            let expected = [
                "Löftena",
                "Platser som kan behöva uppmärksamhet",
                "Områdena",
                "Hur trygga folk känner sig",
                "Åtgärder",
                "Det vi inte vet",
                "Så är bilden gjord",
            ];
            assert_eq!(headings(&swedish), expected, "{n}");
            assert_eq!(headings(&english).len(), expected.len());
            for paper in [&swedish, &english] {
                let text = markdown(paper);
                assert!(!text.contains('{') && !text.contains('}'), "a place is not filled: {text}");
                for banned in ["otrygga områden", "otryggt område", "unsafe area", "tack vare", "hotspot"] {
                    assert!(!text.to_lowercase().contains(banned), "{banned}");
                }
            }
        }
    }
}

#[test]
fn without_observations_it_says_that_the_numbers_are_not_known() {
    for full in [false, true] {
        let [swedish, _] = papers(0, full);
        let text = markdown(&swedish);
        assert!(text.contains("Antalen är inte kända. De är inte noll."), "{text}");
        assert!(text.contains("| here | inte känt |"), "{text}");
    }
    let text = markdown(&papers(0, false)[0]);
    for said in [
        "Inget löfte gäller",
        "Inget sticker ut.",
        "Ingen trygghetsmätning är inlagd",
        "Inga åtgärder är inlagda",
        "Inget genomfört arbete är inlagt",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn a_period_after_the_last_observation_does_not_pass_zero_off_as_quiet() {
    let (snapshot, book, picture) = world(&observations(30), vec![], vec![], "2026-11", "2026-12-10");
    let text = markdown(&picture_paper(&snapshot, &book, &picture, Lang::Sv));
    assert!(text.contains("Filens senaste iakttagelse är från 2026-10-"), "{text}");
    assert!(!markdown(&papers(30, false)[0]).contains("Filens senaste iakttagelse"));
}

#[test]
fn three_observations_are_named_too_few_and_thirty_are_not() {
    let [few, _] = papers(3, true);
    let text = markdown(&few);
    assert!(text.contains("Perioden har 3 iakttagelser. Det är för få för att föreslå platser efter antal"), "{text}");
    assert!(text.contains("för få för att visa tider"), "{text}");
    assert!(!text.contains("procent) har inget läge"), "{text}");
    let [some, english] = papers(30, true);
    assert!(!markdown(&some).contains("för få för att föreslå platser"));
    // 20 in `here`, 7 in `there`, 3 without position; a tenth of 30.
    assert!(markdown(&some).contains("3 av 30 iakttagelser har inget läge (10 procent)"), "{}", markdown(&some));
    assert!(markdown(&english).contains("3 of 30 observations have no position (10 per cent)"));
    // Garwood for 20: 12.2 to 30.9.
    assert!(markdown(&some).contains("| here | 20 (12–31) |"), "{}", markdown(&some));
}

#[test]
fn three_hundred_observations_show_times_changes_and_ranks() {
    let [many, _] = papers(300, true);
    let text = markdown(&many);
    assert!(text.contains("flest "), "{text}");
    assert!(text.contains("1 av 2") && text.contains("jämförs inte"), "{text}");
    // 200 in October against 150 in September, 31 and 30 days: found, 29 per cent more a day.
    assert!(text.contains("fler (+29 procent)"), "{text}");
}

#[test]
fn what_is_late_wrong_or_refused_is_said_with_its_reason() {
    let [swedish, english] = papers(30, true);
    let text = markdown(&swedish);
    for said in [
        "En åtgärd är försenad sedan 2026-10-21.",
        "Löftet ”Insatser” är efter plan.",
        "Färre säger att de känner sig trygga än i mätningen v25: −11 procentenheter",
        "Mätningen fel har fler svar än tillfrågade och visas inte.",
        "visas inte, under 20 svar",
        "Skäl: Marken är inte kommunens.",
        "Skolan har inte rapporterat 2 av 4 veckor.",
        "Gränsen är antagen av oss för drawn.",
        "Läget är inte känt för somewhere.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(markdown(&english).contains("The promise “Insatser” is behind."));
}

#[test]
fn the_swedish_is_plain() {
    for n in [0, 3, 30, 300] {
        for full in [false, true] {
            let text = prose(&papers(n, full)[0]);
            assert!(lix(&text) <= 40.0, "LIX {} at {n}: {text}", lix(&text));
        }
    }
}

#[test]
fn json_carries_the_same_numbers_with_provenance() {
    let (snapshot, book, picture) = world(&observations(30), vec![], records(), "2026-10", "2026-11-22");
    let json = picture_json(&snapshot, &book, &picture, &PictureParams::default());
    assert_eq!(json["observations"]["total"]["count"], 30);
    assert_eq!(json["stage"], "over");
    assert_eq!(json["surveys"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["unknown"]["silent_organisations"][0]["missing"], serde_json::json!(["2026-W41", "2026-W43"]));
    assert_eq!(json["attention"]["proposals"][0]["reasons"][0]["code"], "overdue_actions");
    let provenance = &json["provenance"];
    assert_eq!(
        (provenance["method"].as_str(), provenance["parameters"]["repeated_radius_m"].as_f64()),
        (Some("situation_picture"), Some(50.0))
    );
    assert_eq!(provenance["request_sha256"].as_str().map(str::len), Some(64));
}
