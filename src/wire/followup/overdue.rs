//! Waiting actions by owner as a paper and as CSV.

use super::say::{self, link};
use crate::domain::{Action, Id};
use crate::followup::Book;
use crate::followup::overdue::{OwnerActions, WaitingAction};
use crate::followup::protocol::is_inventory;
use crate::followup::week::MEETING_KIND;
use crate::spreadsheet::armed;
use crate::text::lang::{Lang, texts};
use crate::text::paper::{Block, Inline, Line, Paper, Table, line};
use jiff::civil::Date;

texts! {
    TITLE: "Öppna och försenade åtgärder", "Open and late actions";
    LEAD_NONE: "Inget väntar {day}.", "Nothing waits on {day}.";
    LEAD: "Läget {day}. Öppna: {open}. Försenade: {late}.", "As of {day}. Open: {open}. Late: {late}.";
    LEAD_RECHECK: "Ska följas upp: {n}.", "To be looked at again: {n}.";
    FIRST: "Det finns ingen åtgärd i filen än. En åtgärd säger vem som gör vad och när. ",
        "There is no action in the file yet. An action says who does what and when. ";
    ALL_CLOSED: "Alla åtgärder är klara eller avskrivna. ", "All actions are done or dropped. ";
    NEW: "Skriv in en åtgärd", "Write an action";
    HOW: "Välj en åtgärd för att ändra den.", "Choose an action to change it.";
    OWNER: "{owner}. Öppna: {open}. Försenade: {late}.", "{owner}. Open: {open}. Late: {late}.";
    CAPTION: "Försenade först", "Late ones first";
    ACTION: "Åtgärd", "Action";
    DUE: "Klar senast", "Due";
    STANDING: "Läge", "Status";
    AREA: "Område", "Area";
    ABOUT: "Gäller", "About";
    OBSERVATION: "iakttagelse", "observation";
}

/// The list on a day. `may_write` makes an action lead to its form, otherwise to its page.
pub fn paper(book: &Book, owners: &[OwnerActions], as_of: Date, lang: Lang, may_write: bool) -> Paper {
    let day = as_of.to_string();
    let new = link("/atgarder/ny", NEW.of(lang), lang);
    let mut blocks = Vec::new();
    let open: usize = owners.iter().map(|owner| owner.open).sum();
    let late: usize = owners.iter().map(|owner| owner.overdue).sum();
    let again = owners.iter().flat_map(|owner| &owner.actions).filter(|a| a.recheck_days.is_some()).count();
    if owners.is_empty() {
        let says = if book.actions.is_empty() { FIRST } else { ALL_CLOSED };
        blocks.push(Block::Para(vec![Inline::text(says.of(lang)), new]));
    } else if may_write {
        blocks.push(Block::Para(vec![Inline::text(format!("{} ", HOW.of(lang))), new]));
    }
    for owner in owners {
        let values = [("open", owner.open.to_string()), ("late", owner.overdue.to_string())];
        let values = [("owner", owner.owner.as_str()), (values[0].0, &values[0].1), (values[1].0, &values[1].1)];
        blocks.push(Block::heading(2, OWNER.with(lang, &values)));
        blocks.push(Block::Table(table(book, owner, lang, may_write)));
    }
    let mut lead = if owners.is_empty() {
        LEAD_NONE.with(lang, &[("day", &day)])
    } else {
        LEAD.with(lang, &[("open", &open.to_string()), ("late", &late.to_string()), ("day", &day)])
    };
    if again > 0 {
        lead.push(' ');
        lead.push_str(&LEAD_RECHECK.with(lang, &[("n", &again.to_string())]));
    }
    let synthetic = book.facts.data_class == crate::spatial::DataClass::Synthetic;
    Paper { lang, title: TITLE.of(lang).to_string(), lead: vec![line(lead)], blocks, synthetic }
}

fn table(book: &Book, owner: &OwnerActions, lang: Lang, may_write: bool) -> Table {
    let row = |waiting: &WaitingAction| {
        let action = &waiting.action;
        let path = format!("/atgarder/{}{}", action.id, if may_write { "/andra" } else { "" });
        vec![
            vec![link(&path, action.text.clone(), lang)],
            line(say::due(action, lang)),
            say::standing(action, Some(waiting), lang),
            line(action.area.as_ref().map_or_else(|| "–".to_string(), |area| say::area(book, area, lang))),
            action.about.as_ref().map_or_else(|| line("–"), |about| about_line(book, about, lang)),
        ]
    };
    Table {
        caption: CAPTION.of(lang).to_string(),
        head: [ACTION, DUE, STANDING, AREA, ABOUT].map(|text| text.of(lang).to_string()).into(),
        numeric: vec![false, true, false, false, false],
        rows: owner.actions.iter().map(row).collect(),
    }
}

/// What an action is about, as a link: an inventory, a meeting, other work, or else an observation.
pub fn about_line(book: &Book, about: &Id, lang: Lang) -> Line {
    let Some(deed) = book.deeds.iter().find(|deed| deed.id == *about) else {
        return vec![link(&format!("/iakttagelser/{about}"), OBSERVATION.of(lang), lang)];
    };
    let place = if is_inventory(deed) {
        "inventeringar"
    } else if &*deed.kind == MEETING_KIND {
        "moten"
    } else {
        "genomfort"
    };
    let kind = say::term(&book.kinds, &deed.kind, lang).to_lowercase();
    vec![link(&format!("/{place}/{about}"), format!("{kind} {}", deed.day), lang)]
}

/// The list as CSV: a row for each action, with the days it is late. Nothing in it runs as a formula.
pub fn csv(owners: &[OwnerActions]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "owner_organisation",
        "id",
        "text",
        "area",
        "due",
        "days_overdue",
        "status",
        "why_not",
        "recheck",
        "recheck_days",
        "about",
    ])?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let id = |id: Option<&Id>| id.map(ToString::to_string).unwrap_or_default();
    for waiting in owners.iter().flat_map(|owner| &owner.actions) {
        let action: &Action = &waiting.action;
        writer.write_record([
            armed(&action.owner_organisation).into_owned(),
            action.id.to_string(),
            armed(&action.text).into_owned(),
            id(action.area.as_ref()),
            day(action.due),
            number(waiting.days_overdue),
            action.status.code().to_string(),
            armed(action.why_not.as_deref().unwrap_or_default()).into_owned(),
            day(action.recheck),
            number(waiting.recheck_days),
            id(action.about.as_ref()),
        ])?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::followup::overdue::waiting_actions;
    use crate::followup::test_book::{action, activity, book, day, id};
    use crate::text::paper::markdown;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn an_empty_list_tells_nothing_yet_from_nothing_left() {
        let text = |book: &Book| {
            markdown(&paper(book, &waiting_actions(book, day("2026-11-23")), day("2026-11-23"), Lang::Sv, true))
        };
        assert!(text(&book().build()).contains("Det finns ingen åtgärd i filen än."));
        let done = Action { status: crate::domain::ActionStatus::Done, ..action("a", "Kommunen") };
        assert!(text(&book().actions([done]).build()).contains("Alla åtgärder är klara eller avskrivna."));
    }

    #[test]
    fn a_row_says_what_is_late_and_what_it_is_about() {
        let about = |text: &str, on: &str| Action {
            about: Some(id(on)),
            due: Some(day("2026-11-20")),
            area: Some(id("west")),
            ..action(text, "Kommunen")
        };
        let made = book()
            .activities([
                activity("inv", "safety_inventory", "2026-10-01", ""),
                activity("m", MEETING_KIND, "2026-10-02", ""),
            ])
            .actions([about("a", "inv"), about("b", "m"), Action { text: "=1+1".into(), ..about("c", "o1") }])
            .build();
        let owners = waiting_actions(&made, day("2026-11-23"));
        let text = markdown(&paper(&made, &owners, day("2026-11-23"), Lang::Sv, false));
        assert!(text.contains("Läget 2026-11-23. Öppna: 3. Försenade: 3."), "{text}");
        assert!(text.contains("## Kommunen. Öppna: 3. Försenade: 3."), "{text}");
        assert!(
            text.contains(
                "| Åtgärd a | 2026-11-20 | Inte påbörjad, **3 dagar försenad** | west | trygghetsinventering 2026-10-01 |"
            ),
            "{text}"
        );
        assert!(text.contains("| samverkansmöte 2026-10-02 |") && text.contains("| iakttagelse |"), "{text}");
        let sheet = String::from_utf8(csv(&owners).expect("written")).expect("text");
        assert!(sheet.contains("Kommunen,c,'=1+1,west,2026-11-20,3,not_started,,,,o1"), "{sheet}");
    }
}
