//! Words that the papers of the follow-up share: dates, owners, statuses, links.

use jiff::civil::{Date, Weekday};

use crate::domain::{Action, ActionStatus, Id, Names, Participant, Period, Term};
use crate::followup::Book;
use crate::followup::overdue::WaitingAction;
use crate::followup::week::week_name;
use crate::text::lang::{Lang, texts};
use crate::text::paper::{Inline, Line, line};

texts! {
    S_NOT_STARTED: "Inte påbörjad", "Not started";
    S_PLANNED: "Planerad", "Planned";
    S_STARTED: "Påbörjad", "Started";
    S_DONE: "Klar", "Done";
    S_NOT_DONE: "Blir inte av", "Will not be done";
    WHY_NOT: "{status}: {why}", "{status}: {why}";
    LATE_ONE: "1 dag försenad", "1 day late";
    LATE: "{n} dagar försenad", "{n} days late";
    RECHECK_TODAY: "följs upp i dag", "to be looked at today";
    RECHECK_SINCE: "skulle följas upp {day}", "was to be looked at on {day}";
    NO_DATE: "inget datum", "no date";
    AND_MORE: "och {n} till", "and {n} more";
    MON: "mån", "Mon";
    TUE: "tis", "Tue";
    WED: "ons", "Wed";
    THU: "tors", "Thu";
    FRI: "fre", "Fri";
    SAT: "lör", "Sat";
    SUN: "sön", "Sun";
}

/// Where all waiting actions are listed.
pub const OVERDUE_PATH: &str = "/forsenade-atgarder";

/// A path of the service in a language.
pub fn href(path: &str, lang: Lang) -> String {
    match lang {
        Lang::Sv => path.to_string(),
        Lang::En if path.contains('?') => format!("{path}&lang=en"),
        Lang::En => format!("{path}?lang=en"),
    }
}

/// A link to a path of the service in a language.
pub fn link(path: &str, text: impl Into<String>, lang: Lang) -> Inline {
    Inline::link(href(path, lang), text)
}

/// A day with its weekday: `mån 2026-11-23`.
pub fn weekday(day: Date, lang: Lang) -> String {
    let name = match day.weekday() {
        Weekday::Monday => MON,
        Weekday::Tuesday => TUE,
        Weekday::Wednesday => WED,
        Weekday::Thursday => THU,
        Weekday::Friday => FRI,
        Weekday::Saturday => SAT,
        Weekday::Sunday => SUN,
    };
    format!("{} {day}", name.of(lang))
}

/// A name in a language.
pub fn name(names: &Names, lang: Lang) -> &str {
    lang.pick(&names.sv, &names.en)
}

/// The label of a code in a table of terms; the code where the table lacks it.
pub fn term(terms: &[Term], code: &str, lang: Lang) -> String {
    let found = terms.iter().find(|term| term.code == code);
    found.map_or_else(|| code.to_string(), |term| lang.pick(&term.sv, &term.en).clone())
}

/// The name of an area; its id where the file lacks it.
pub fn area(book: &Book, id: &Id, lang: Lang) -> String {
    let found = book.areas.find(id).map(|index| name(&book.areas.area(index).names, lang).to_string());
    found.unwrap_or_else(|| id.to_string())
}

/// Who takes part: `Polisen (Lokalpolisområde Höglandet), Kommunen`.
pub fn actors(book: &Book, actors: &[Participant], lang: Lang) -> String {
    let one = |actor: &Participant| {
        let role = term(&book.roles, &actor.role, lang);
        match &actor.organisation {
            Some(organisation) if organisation.to_lowercase() != role.to_lowercase() => {
                format!("{role} ({organisation})")
            }
            _ => role,
        }
    };
    actors.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The number of a week without its year, as people say it.
pub fn week_number(week: &Period) -> String {
    week.start().iso_week_date().week().to_string()
}

/// The path of the page of a week.
pub fn week_path(week: &Period) -> String {
    format!("/vecka/{}", week_name(week))
}

/// A count with its word: the first for one, the second for any other number.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// The word of an action's status, with the reason when it will not be done.
pub fn action_status(action: &Action, lang: Lang) -> String {
    let status = match action.status {
        ActionStatus::NotStarted => S_NOT_STARTED,
        ActionStatus::Planned => S_PLANNED,
        ActionStatus::Started => S_STARTED,
        ActionStatus::Done => S_DONE,
        ActionStatus::NotDone => S_NOT_DONE,
    };
    match &action.why_not {
        Some(why) => WHY_NOT.with(lang, &[("status", status.of(lang)), ("why", why)]),
        None => status.of(lang).to_string(),
    }
}

/// How an action stands, with what is late about it.
pub fn standing(action: &Action, waiting: Option<&WaitingAction>, lang: Lang) -> Line {
    let mut line = line(action_status(action, lang));
    let Some(waiting) = waiting else { return line };
    if let Some(days) = waiting.days_overdue {
        let late = if days == 1 { LATE_ONE.of(lang).to_string() } else { LATE.with(lang, &[("n", &days.to_string())]) };
        line.extend([Inline::text(", "), Inline::Strong(late)]);
    }
    if let (Some(days), Some(day)) = (waiting.recheck_days, action.recheck) {
        let again = if days == 0 {
            RECHECK_TODAY.of(lang).to_string()
        } else {
            RECHECK_SINCE.with(lang, &[("day", &day.to_string())])
        };
        line.extend([Inline::text(", "), Inline::Strong(again)]);
    }
    line
}

/// The due day of an action.
pub fn due(action: &Action, lang: Lang) -> String {
    action.due.map_or_else(|| NO_DATE.of(lang).to_string(), |day| day.to_string())
}

/// An action as a link to its page.
pub fn action_link(action: &Action, lang: Lang) -> Line {
    vec![link(&format!("/atgarder/{}", action.id), action.text.clone(), lang)]
}

/// The first `most` of some texts, and how many more there are: never cut without a word. Names of organisations
/// have commas in them, so a semicolon stands between.
pub fn some_of(texts: &[String], most: usize, lang: Lang) -> String {
    let mut shown: Vec<String> = texts.iter().take(most).cloned().collect();
    if texts.len() > most {
        shown.push(AND_MORE.with(lang, &[("n", &(texts.len() - most).to_string())]));
    }
    shown.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::followup::test_book::{action, day};

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn lists_that_are_cut_say_so() {
        let texts: Vec<String> = ["a", "b", "c", "d"].map(String::from).into();
        assert_eq!(some_of(&texts, 2, Lang::Sv), "a; b; och 2 till");
        assert_eq!(some_of(&texts, 4, Lang::En), "a; b; c; d");
    }

    #[test]
    fn an_action_says_how_late_it_is_and_why_it_will_not_be_done() {
        let told = |action: &Action, on: &str| {
            let waiting = WaitingAction::of(action, day(on));
            crate::text::paper::plain(&standing(action, waiting.as_ref(), Lang::Sv))
        };
        let late = Action { due: Some(day("2026-11-20")), ..action("a", "Kommunen") };
        assert_eq!(told(&late, "2026-11-20"), "Inte påbörjad");
        assert_eq!(told(&late, "2026-11-21"), "Inte påbörjad, 1 dag försenad");
        let dropped = Action {
            status: ActionStatus::NotDone,
            why_not: Some("pengar saknas".into()),
            recheck: Some(day("2026-11-22")),
            ..late
        };
        assert_eq!(told(&dropped, "2026-11-21"), "Blir inte av: pengar saknas");
        assert_eq!(told(&dropped, "2026-11-22"), "Blir inte av: pengar saknas, följs upp i dag");
        assert_eq!(told(&dropped, "2026-11-24"), "Blir inte av: pengar saknas, skulle följas upp 2026-11-22");
    }
}
