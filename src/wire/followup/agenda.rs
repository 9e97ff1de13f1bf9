//! Meetings as papers: the list, one meeting with its decisions, the agenda.

mod texts;

use super::say::{self, link};
use super::words;
use crate::followup::Book;
use crate::followup::agenda::{Agenda, AgendaRow, MeetingDate, Meetings};
use crate::followup::week::Decision;
use crate::text::lang::{Lang, Text};
use crate::text::paper::{Block, Inline, Line, Paper, Table, line};
use jiff::civil::Date;
use texts as t;

/// Late actions on an agenda; the rest are counted and linked.
const MOST_LATE: usize = 20;

/// The path of the page of a meeting.
pub fn path(meeting: &MeetingDate) -> String {
    format!("/moten/{}", meeting.id)
}

fn heading(text: Text, id: &str, lang: Lang) -> Block {
    Block::Heading { level: 2, text: text.of(lang).to_string(), id: id.to_string() }
}

fn head(texts: &[Text], lang: Lang) -> Vec<String> {
    texts.iter().map(|text| text.of(lang).to_string()).collect()
}

fn synthetic(book: &Book) -> bool {
    book.facts.data_class == crate::spatial::DataClass::Synthetic
}

/// All meetings as a paper.
pub fn list_paper(book: &Book, meetings: &Meetings, as_of: Date, lang: Lang) -> Paper {
    let mut blocks = vec![heading(t::BOOKED, "bokade", lang)];
    let book_date = link("/inbokat/ny", t::BOOK.of(lang), lang);
    if meetings.booked.is_empty() {
        blocks.push(Block::Para(vec![Inline::text(t::BOOKED_NONE.of(lang)), book_date]));
    } else {
        blocks.push(Block::Table(dates_table(book, &meetings.booked, t::BOOKED_CAPTION, lang)));
        blocks.push(Block::Para(vec![book_date]));
    }
    if !meetings.gone.is_empty() {
        blocks.push(Block::note(t::GONE.of(lang)));
        let gone = meetings.gone.iter().map(|meeting| {
            let edit = link(&format!("/inbokat/{}/andra", meeting.id), t::MEND.of(lang), lang);
            vec![Inline::text(format!("{}. ", say::weekday(meeting.day, lang))), edit]
        });
        blocks.push(Block::List(gone.collect()));
    }
    blocks.push(heading(t::HELD, "hallna", lang));
    let write = link("/genomfort/ny", t::WRITE_HELD.of(lang), lang);
    if meetings.held.is_empty() {
        blocks.push(Block::Para(vec![Inline::text(t::HELD_NONE.of(lang)), write]));
    } else {
        blocks.push(Block::Table(dates_table(book, &meetings.held, t::HELD_CAPTION, lang)));
        blocks.push(Block::Para(vec![write]));
    }
    let (held, booked) = (meetings.held.len().to_string(), meetings.booked.len().to_string());
    let lead = t::LIST_LEAD.with(lang, &[("held", &held), ("booked", &booked), ("day", &as_of.to_string())]);
    Paper {
        lang,
        title: t::LIST_TITLE.of(lang).to_string(),
        lead: vec![line(lead)],
        blocks,
        synthetic: synthetic(book),
    }
}

fn dates_table(book: &Book, meetings: &[MeetingDate], caption: Text, lang: Lang) -> Table {
    let row = |meeting: &MeetingDate| {
        let agenda = format!("{}/dagordning", path(meeting));
        vec![
            vec![link(&path(meeting), say::weekday(meeting.day, lang), lang)],
            line(meeting.title.clone().unwrap_or_else(|| "–".to_string())),
            line(who(book, meeting, lang)),
            vec![link(&agenda, t::AGENDA.of(lang), lang)],
        ]
    };
    Table {
        caption: caption.of(lang).to_string(),
        head: head(&[t::DAY, t::WHAT, t::WHO, t::AGENDA], lang),
        numeric: vec![true, false, false, false],
        rows: meetings.iter().map(row).collect(),
    }
}

fn who(book: &Book, meeting: &MeetingDate, lang: Lang) -> String {
    let actors = say::actors(book, &meeting.actors, lang);
    if actors.is_empty() { t::NOBODY.of(lang).to_string() } else { actors }
}

/// A meeting with its decisions.
pub fn meeting_paper(book: &Book, meeting: &MeetingDate, decisions: &[Decision], as_of: Date, lang: Lang) -> Paper {
    let mut blocks = vec![Block::para(t::WITH.with(lang, &[("who", &who(book, meeting, lang))]))];
    if meeting.is_held {
        if meeting.actors.is_empty() {
            let edit = link(&format!("/genomfort/{}/andra", meeting.id), t::ADD_WHO.of(lang), lang);
            blocks.push(Block::Note(vec![Inline::text(t::NOBODY_HELD.of(lang)), edit]));
        }
        blocks.push(heading(t::DECISIONS, "beslut", lang));
        if decisions.is_empty() {
            blocks.push(Block::para(t::DECISIONS_NONE.of(lang)));
        } else {
            blocks.push(Block::Table(decisions_table(decisions, lang)));
        }
    } else {
        let write = link("/genomfort/ny", t::WRITE_HELD.of(lang), lang);
        blocks.push(Block::Para(vec![Inline::text(t::NOT_HELD.of(lang)), write]));
    }
    let agenda = format!("{}/dagordning", path(meeting));
    blocks.push(Block::Para(vec![link(&agenda, t::SEE_AGENDA.of(lang), lang)]));
    Paper {
        lang,
        title: t::MEETING.with(lang, &[("day", &meeting.day.to_string())]),
        lead: vec![line(standing(decisions, meeting, as_of, lang))],
        blocks,
        synthetic: synthetic(book),
    }
}

fn standing(decisions: &[Decision], meeting: &MeetingDate, as_of: Date, lang: Lang) -> String {
    if !meeting.is_held {
        return t::LEAD_BOOKED.with(lang, &[("day", &say::weekday(meeting.day, lang))]);
    }
    let open = decisions.iter().filter(|d| d.waiting.as_ref().is_some_and(|w| w.is_open)).count().to_string();
    let n = decisions.len().to_string();
    t::LEAD_HELD.with(lang, &[("n", &n), ("open", &open), ("day", &as_of.to_string())])
}

fn decisions_table(decisions: &[Decision], lang: Lang) -> Table {
    let row = |decision: &Decision| {
        vec![
            say::action_link(&decision.action, lang),
            line(decision.action.owner_organisation.clone()),
            line(say::due(&decision.action, lang)),
            say::standing(&decision.action, decision.waiting.as_ref(), lang),
        ]
    };
    Table {
        caption: t::DECISIONS_CAPTION.of(lang).to_string(),
        head: head(&[t::DECISION, t::OWNER, t::DUE, t::STANDING], lang),
        numeric: vec![false, false, true, false],
        rows: decisions.iter().map(row).collect(),
    }
}

/// The agenda as a paper.
pub fn paper(book: &Book, agenda: &Agenda, lang: Lang) -> Paper {
    let mut blocks = Vec::new();
    blocks.push(heading(t::BEHIND, "efter", lang));
    if agenda.behind.is_empty() {
        blocks.push(Block::para(t::BEHIND_NONE.of(lang)));
    } else {
        blocks.push(Block::List(agenda.behind.iter().map(|row| commitment(row, agenda.as_of, lang)).collect()));
    }
    if !agenda.without_date.is_empty() {
        blocks.push(heading(t::NO_DATE, "utan-datum", lang));
        let rows = agenda.without_date.iter().map(|row| commitment(row, agenda.as_of, lang));
        blocks.push(Block::List(rows.collect()));
        blocks.push(Block::Para(vec![link("/inbokat/ny", t::BOOK.of(lang), lang)]));
    }
    blocks.extend(late(agenda, lang));
    blocks.extend(last_decisions(agenda, lang));
    if !agenda.notices.is_empty() {
        blocks.push(heading(t::NOTICES, "se-over", lang));
        blocks.push(Block::List(agenda.notices.iter().map(|notice| notice_line(book, notice, lang)).collect()));
    }
    blocks.push(heading(t::DATES, "datum", lang));
    if agenda.dates.is_empty() {
        let form = link("/inbokat/ny", t::BOOK.of(lang), lang);
        blocks.push(Block::Para(vec![Inline::text(t::DATES_NONE.of(lang)), form]));
    } else {
        let rows = agenda.dates.iter().map(|date| {
            let mut what = vec![say::term(&book.kinds, &date.booking.kind, lang).to_lowercase()];
            what.extend(date.booking.area.as_ref().map(|area| say::area(book, area, lang)));
            vec![
                Inline::text(format!("{}: ", say::weekday(date.day, lang))),
                link(&format!("/inbokat/{}", date.booking.id), what.join(", "), lang),
            ]
        });
        blocks.push(Block::List(rows.collect()));
    }
    Paper {
        lang,
        title: t::AGENDA_TITLE.with(lang, &[("day", &agenda.meeting.day.to_string())]),
        lead: vec![line(t::AGENDA_LEAD.with(lang, &[("day", &agenda.as_of.to_string())]))],
        blocks,
        synthetic: synthetic(book),
    }
}

fn commitment(row: &AgendaRow, as_of: Date, lang: Lang) -> Line {
    let of = &row.row.commitment;
    let mut says = vec![
        link(&format!("/lofte/{}/{}", row.document, of.id), say::name(&of.names, lang), lang),
        Inline::text(": "),
        words::mark(row.row.status, lang),
        Inline::text(format!(". {}", words::reason(&row.row, as_of, lang))),
    ];
    says.extend(row.missed.iter().map(|missed| {
        let (first, last) = (missed.period.start().to_string(), missed.period.last_day().to_string());
        let (done, target) = (missed.done.to_string(), missed.target.to_string());
        let values = [("first", first.as_str()), ("last", &last), ("done", &done), ("target", &target)];
        Inline::text(format!(" {}", t::MISSED.with(lang, &values)))
    }));
    says
}

fn notice_line(book: &Book, notice: &crate::followup::agenda::AgendaNotice, lang: Lang) -> Line {
    let says = words::notice(book, &notice.notice, lang);
    let Some(document) = &notice.document else { return line(says) };
    let known = book.promises.iter().find(|known| known.head().id == *document);
    let (path, name) = match &notice.commitment {
        None => ("/lofte".to_string(), known.map(|known| say::name(&known.head().names, lang))),
        Some(of) => {
            let commitment = known.and_then(|known| known.commitments().iter().find(|c| c.id == *of));
            (format!("/lofte/{document}/{of}"), commitment.map(|commitment| say::name(&commitment.names, lang)))
        }
    };
    vec![link(&path, name.unwrap_or(document.as_str()), lang), Inline::text(format!(": {says}"))]
}

fn late(agenda: &Agenda, lang: Lang) -> Vec<Block> {
    let mut blocks = vec![heading(t::LATE, "sena", lang)];
    if agenda.late.is_empty() {
        blocks.push(Block::para(t::LATE_NONE.of(lang)));
        return blocks;
    }
    // What is overdue comes before what is to be looked at again, so that a cut leaves out the least.
    let all = || agenda.late.iter().flat_map(|owner| owner.actions.iter().map(move |waiting| (&owner.owner, waiting)));
    let overdue = all().filter(|(_, waiting)| waiting.days_overdue.is_some());
    let again = all().filter(|(_, waiting)| waiting.days_overdue.is_none());
    let rows = overdue.chain(again).take(MOST_LATE).map(|(owner, waiting)| {
        vec![
            line(owner.clone()),
            say::action_link(&waiting.action, lang),
            line(say::due(&waiting.action, lang)),
            say::standing(&waiting.action, Some(waiting), lang),
        ]
    });
    blocks.push(Block::Table(Table {
        caption: t::LATE_CAPTION.of(lang).to_string(),
        head: head(&[t::OWNER, t::ACTION, t::DUE, t::STANDING], lang),
        numeric: vec![false, false, true, false],
        rows: rows.collect(),
    }));
    let left = all().count().saturating_sub(MOST_LATE);
    if left > 0 {
        let more = Inline::text(t::LATE_MORE.with(lang, &[("n", &left.to_string())]));
        blocks.push(Block::Para(vec![more, link(say::OVERDUE_PATH, t::SEE_ALL.of(lang), lang)]));
    }
    blocks
}

fn last_decisions(agenda: &Agenda, lang: Lang) -> Vec<Block> {
    let Some(last) = &agenda.last_meeting else { return Vec::new() };
    let day = last.day.to_string();
    let title = t::LAST.with(lang, &[("day", &day)]);
    let mut blocks = vec![Block::Heading { level: 2, text: title, id: "forra".to_string() }];
    if agenda.decisions.is_empty() {
        blocks.push(Block::para(t::LAST_NONE.of(lang)));
    } else {
        blocks.push(Block::Table(decisions_table(&agenda.decisions, lang)));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Action;
    use crate::followup::agenda::{agenda, all_meetings};
    use crate::followup::ledger::ledger;
    use crate::followup::test_book::{action, activity, book, booking, day, document, id};
    use crate::text::paper::markdown;

    #[test]
    fn a_file_without_meetings_says_what_to_do_first() {
        let (book, as_of) = (book().build(), day("2026-11-23"));
        let paper = list_paper(&book, &all_meetings(&book, as_of), as_of, Lang::Sv);
        let text = markdown(&paper);
        assert!(text.contains("Inget möte är bokat. Boka ett datum"), "{text}");
        assert!(text.contains("Inget möte är inskrivet. Skriv in ett möte"), "{text}");
    }

    #[test]
    fn an_agenda_tells_what_is_late_and_how_the_last_decisions_stand() {
        let about =
            |text: &str| Action { about: Some(id("m1")), due: Some(day("2026-11-20")), ..action(text, "Kommunen") };
        let made = book()
            .activities([activity("m1", "collaboration_meeting", "2026-05-04", "police:Polisen")])
            .actions([about("a")])
            .bookings([
                booking("next", "collaboration_meeting", "2026-12-01"),
                booking("walk", "safety_walk", "2026-12-02"),
            ])
            .build();
        let as_of = day("2026-11-23");
        let next = agenda(&made, &ledger(&made, as_of), &id("next"), as_of).expect("a meeting");
        let text = markdown(&paper(&made, &next, Lang::Sv));
        assert!(text.contains("# Dagordning för mötet 2026-12-01"), "{text}");
        assert!(text.contains("## Besluten från mötet 2026-05-04"), "{text}");
        assert_eq!(text.matches("Inte påbörjad, **3 dagar försenad**").count(), 2, "{text}");
        assert!(text.contains("- ons 2026-12-02: trygghetsvandring"), "{text}");
        let english = markdown(&paper(&made, &next, Lang::En));
        assert!(
            english.contains("# Agenda of the meeting on 2026-12-01") && english.contains("3 days late"),
            "{english}"
        );
    }

    #[test]
    fn a_year_that_was_missed_is_told_beside_the_year_under_way() {
        let made = book()
            .promise(document("p", "2025-01-01/2026-12-31", &["Polisen"]))
            .bookings([booking("next", "collaboration_meeting", "2026-02-01")])
            .build();
        let as_of = day("2026-01-12");
        let next = agenda(&made, &ledger(&made, as_of), &id("next"), as_of).expect("a meeting");
        let text = markdown(&paper(&made, &next, Lang::Sv));
        assert!(text.contains("Inte uppfyllt 2025-01-01 till 2025-12-31: 0 av 15."), "{text}");
        let english = markdown(&paper(&made, &next, Lang::En));
        assert!(english.contains("Not met from 2025-01-01 to 2025-12-31: 0 of 15."), "{english}");
    }

    #[test]
    fn three_hundred_late_actions_are_cut_with_a_number_and_a_link() {
        let late = |i: usize| Action { due: Some(day("2026-11-20")), ..action(&format!("a{i:03}"), "Kommunen") };
        let made =
            book().actions((0..300).map(late)).bookings([booking("next", "collaboration_meeting", "2026-12-01")]);
        let (made, as_of) = (made.build(), day("2026-11-23"));
        let next = agenda(&made, &ledger(&made, as_of), &id("next"), as_of).expect("a meeting");
        let text = markdown(&paper(&made, &next, Lang::Sv));
        assert_eq!(text.matches("| Kommunen |").count(), 20);
        assert!(text.contains("Och 280 till. Se alla"), "{text}");
    }
}
