//! Rows that are no observations: reported counts, weekly reports, actions, surveys; and the action that a
//! row of a safety-walk protocol holds beside its observation.

use jiff::civil::Date;

use super::datetime::{Reading, day_number, parse_moment};
use super::fields::Field;
use super::records::Row;
use super::register::AreaNames;
use super::terms::TermMatcher;
use super::values::{Fault, folded, parse_number};
use crate::domain::{
    Action, ActionStatus, Id, Observation, Period, Record, Report, ReportedCount, Survey, SurveyResult,
};

/// Fields of an action that a safety-walk protocol has beside those of an observation.
pub(crate) const OF_ACTION: [Field; 6] =
    [Field::Measure, Field::Owner, Field::Due, Field::Status, Field::WhyNot, Field::Recheck];

const PERIODS: &str = "2025-05, maj 2025, 2025-Q2 and kvartal 2 2025 are accepted";

/// A whole month or quarter of work, reported as a number.
pub(crate) fn reported_count(
    row: &mut Row<'_>,
    id: Option<Id>,
    areas: &AreaNames,
    kinds: &mut TermMatcher,
) -> Option<Record> {
    let organisation = required(row, Field::Organisation);
    let kind = row.required_cell(Field::Kind).and_then(|cell| {
        let code = kinds.code(cell).map(|(code, _)| code.to_string());
        row.check(Field::Kind, code)
    });
    let area = area_of(row, areas);
    let period = row.required_cell(Field::Period).and_then(|cell| {
        let period = parse_period(cell).filter(is_month_or_quarter);
        row.check(Field::Period, period.ok_or_else(|| Fault::new("not a whole month or quarter", PERIODS)))
    });
    let n = row.required_cell(Field::N).and_then(|cell| row.check(Field::N, parse_count(cell)));
    let reported_by = row.text(Field::ReportedBy);
    let reported_on = required_date(row, Field::ReportedOn);
    let organisation = organisation?;
    Some(Record::ReportedCount(ReportedCount {
        id: id?,
        reported_by: reported_by.unwrap_or_else(|| organisation.clone()),
        intelligence_led: None,
        actors: Vec::new(),
        organisation,
        kind: kind?,
        area: area?,
        period: period?,
        n: n?,
        reported_on: reported_on?,
    }))
}

/// A week's word of an organisation; 0 is "nothing to report".
pub(crate) fn report(row: &mut Row<'_>, id: Option<Id>, areas: &AreaNames) -> Option<Record> {
    let organisation = required(row, Field::Organisation);
    let week = row.required_cell(Field::Period).and_then(|cell| {
        let is_week = |week: &Period| week.days() == 7 && week.start().weekday() == jiff::civil::Weekday::Monday;
        let week = parse_period(cell).filter(is_week);
        row.check(Field::Period, week.ok_or_else(|| Fault::new("not a week", "2025-W09 and vecka 9 2025 are accepted")))
    });
    let area = area_of(row, areas);
    let n = row.required_cell(Field::N).and_then(|cell| row.check(Field::N, parse_count(cell)));
    let reported_on = required_date(row, Field::ReportedOn);
    Some(Record::Report(Report {
        id: id?,
        organisation: organisation?,
        week: week?,
        area: area?,
        n: n?,
        reported_on: reported_on?,
    }))
}

/// What is to be done.
pub(crate) fn action(row: &mut Row<'_>, id: Option<Id>, areas: &AreaNames) -> Option<Record> {
    let about = row.optional(Field::About, |cell| Id::new(cell).map_err(|e| Fault::new("not an id", e.to_string())));
    let text = match (row.text(Field::Measure), row.text(Field::Text)) {
        (Some(measure), Some(text)) => Some(format!("{measure}: {text}")),
        (measure, text) => measure.or(text),
    };
    if text.is_none() && row.raw(Field::Measure).is_empty() && row.raw(Field::Text).is_empty() {
        row.faults.push((Field::Measure, Fault::new("no text", "every action says what is to be done")));
    }
    let owner_organisation = required(row, Field::Owner);
    let area = area_of(row, areas);
    let rest = rest_of_action(row);
    let (due, status, why_not, recheck) = rest?;
    Some(Record::Action(Action {
        id: id?,
        about,
        text: text?,
        owner_organisation: owner_organisation?,
        due,
        status,
        why_not,
        recheck,
        area: area?,
    }))
}

/// The action of a row of a safety-walk protocol, when it names an owner or a measure. `Err` when it has faults.
pub(crate) fn action_of_walk(row: &mut Row<'_>, observation: &Observation) -> Result<Option<Action>, ()> {
    let before = row.faults.len();
    let (measure, owner) = (row.text(Field::Measure), row.text(Field::Owner));
    let rest = rest_of_action(row);
    let is_wanted = measure.is_some() || owner.is_some();
    let says_more = [Field::Due, Field::Status, Field::WhyNot, Field::Recheck].iter().any(|f| !row.cell(*f).is_empty());
    if row.faults.len() == before && !is_wanted && says_more {
        let fault = Fault::new("no owner", "an action needs an owner organisation or a measure beside due and status");
        row.faults.push((Field::Owner, fault));
    }
    let id = Id::new(&format!("{}-a", observation.id));
    let id = row.check(Field::Id, id.map_err(|e| Fault::new("the id is too long for an action", e.to_string())));
    let (Some((due, status, why_not, recheck)), Some(id), true) = (rest, id, row.faults.len() == before) else {
        return Err(());
    };
    if !is_wanted {
        return Ok(None);
    }
    // Never the free text of the observation: an action is shown to every reader.
    let text = measure.unwrap_or_else(|| observation.category.clone());
    Ok(Some(Action {
        id,
        about: Some(observation.id.clone()),
        text,
        owner_organisation: owner.unwrap_or_default(),
        due,
        status,
        why_not,
        recheck,
        area: observation.location.area.clone(),
    }))
}

type RestOfAction = (Option<Date>, ActionStatus, Option<String>, Option<Date>);

fn rest_of_action(row: &mut Row<'_>) -> Option<RestOfAction> {
    let before = row.faults.len();
    let due = row.optional(Field::Due, parse_date);
    let recheck = row.optional(Field::Recheck, parse_date);
    let status = row.optional(Field::Status, parse_status);
    let why_not = row.text(Field::WhyNot);
    let status = status.unwrap_or(if why_not.is_some() { ActionStatus::NotDone } else { ActionStatus::NotStarted });
    match (status, &why_not) {
        (ActionStatus::NotDone, None) => {
            let fault = Fault::new("no reason", "an action that will not be done says why not");
            row.faults.push((Field::WhyNot, fault));
        }
        (ActionStatus::NotDone, Some(_)) | (_, None) => {}
        (_, Some(_)) => {
            let fault = Fault::new(
                "a reason for not doing it, but another status",
                "not_done or inte genomförd is accepted beside a reason",
            );
            row.faults.push((Field::Status, fault));
        }
    }
    (row.faults.len() == before).then_some((due, status, why_not, recheck))
}

/// A survey wave: counts of answers, or a published share.
pub(crate) fn survey(row: &mut Row<'_>, id: Option<Id>, areas: &AreaNames, comma: bool) -> Option<Record> {
    let wave = required(row, Field::Wave);
    let area = area_of(row, areas);
    let period = row.required_cell(Field::Period).and_then(|cell| {
        let fault = || Fault::new("not a period", "2025, 2025-10, 2025-Q4 and 2025-09-01/2025-10-15 are accepted");
        row.check(Field::Period, parse_period(cell).ok_or_else(fault))
    });
    let answered = row.required_cell(Field::Answered).and_then(|cell| row.check(Field::Answered, parse_count(cell)));
    let result = survey_result(row, answered, comma);
    let text = |row: &mut Row<'_>, field| row.text(field).unwrap_or_default();
    let question_sv = required(row, Field::QuestionSv);
    let survey = Survey {
        dont_go_there: None,
        dont_know: None,
        id: id?,
        wave: wave.unwrap_or_default(),
        area: area?,
        question_sv: question_sv?,
        question_en: text(row, Field::QuestionEn),
        respondents: text(row, Field::Respondents),
        answer_scale: text(row, Field::AnswerScale),
        unsafe_answers: text(row, Field::UnsafeAnswers),
        period: period?,
        result: result?,
        source: text(row, Field::Source),
    };
    Some(Record::Survey(survey))
}

fn survey_result(row: &mut Row<'_>, answered: Option<u32>, comma: bool) -> Option<SurveyResult> {
    let share = row.cell(Field::UnsafeShare);
    if !share.is_empty() {
        let unsafe_share = row.check(Field::UnsafeShare, parse_share(share, comma));
        let margin = row.optional(Field::Margin, |cell| parse_share(cell, comma));
        return Some(SurveyResult::Share { unsafe_share: unsafe_share?, answered: answered?, margin, weighted: None });
    }
    let asked = row.required_cell(Field::Asked).and_then(|cell| row.check(Field::Asked, parse_count(cell)));
    let unsafe_count =
        row.required_cell(Field::UnsafeCount).and_then(|cell| row.check(Field::UnsafeCount, parse_count(cell)));
    let (asked, answered, unsafe_count) = (asked?, answered?, unsafe_count?);
    if unsafe_count > answered || answered > asked {
        let reason = format!("{unsafe_count} unsafe of {answered} answers of {asked} asked");
        row.faults.push((Field::UnsafeCount, Fault::new(reason, "unsafe at most answered, answered at most asked")));
        return None;
    }
    Some(SurveyResult::Counts { asked, answered, unsafe_count })
}

fn required(row: &mut Row<'_>, field: Field) -> Option<String> {
    let cell = row.required_cell(field)?;
    row.guard(field, cell)
}

fn required_date(row: &mut Row<'_>, field: Field) -> Option<Date> {
    let cell = row.required_cell(field)?;
    row.check(field, parse_date(cell))
}

/// `Some(None)` is the whole municipality; an unknown area is a fault, because the number would become the
/// municipality's.
fn area_of(row: &mut Row<'_>, areas: &AreaNames) -> Option<Option<Id>> {
    let cell = row.cell(Field::Area);
    if matches!(folded(cell).as_str(), "" | "helakommunen" | "kommunen" | "kommun" | "municipality" | "alla") {
        return Some(None);
    }
    let found = areas.find(cell).cloned();
    let fault =
        || Fault::new("no such area", "the id or name of an area of the data file, or 'hela kommunen', is accepted");
    row.check(Field::Area, found.map(Some).ok_or_else(fault))
}

fn parse_count(text: &str) -> Result<u32, Fault> {
    text.parse().map_err(|_| Fault::new("not a number of things", "whole numbers from 0 are accepted"))
}

/// A share as 0.25, 25 % or 0,25.
fn parse_share(text: &str, comma: bool) -> Result<f64, Fault> {
    let (number, divisor) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text, 1.0),
    };
    let share = parse_number(number, comma)? / divisor;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(Fault::new("not a share", "0 to 1, or 0 % to 100 %, is accepted"))
    }
}

fn parse_date(text: &str) -> Result<Date, Fault> {
    let not_a_day = || Fault::new("not a day", "2025-03-01 is accepted");
    match parse_moment(text)? {
        Reading::Days { first, end } if first.tomorrow().is_ok_and(|next| next == end) => Ok(first),
        Reading::Wall(day, _) => {
            let mut parts = text.splitn(3, ['-', '/', '.']).map(|part| part.get(..part.len().min(4)).unwrap_or(part));
            let year: Option<i16> = parts.next().and_then(|year| year.parse().ok());
            // The text was read already; of a moment only its day counts.
            let first = year.and_then(|year| Date::new(year, 1, 1).ok()).ok_or_else(not_a_day)?;
            let start = day_number(i32::from(first.year()), 1, 1).ok_or_else(not_a_day)?;
            first.checked_add(jiff::Span::new().days(day - start)).map_err(|_| not_a_day())
        }
        _ => Err(not_a_day()),
    }
}

fn parse_status(text: &str) -> Result<ActionStatus, Fault> {
    let key = folded(text);
    let status = match key.as_str() {
        "notstarted" | "intepaborjad" | "ejpaborjad" | "ny" | "oppen" => ActionStatus::NotStarted,
        "planned" | "planerad" | "planerat" => ActionStatus::Planned,
        "started" | "paborjad" | "paborjat" | "pagar" | "pagaende" => ActionStatus::Started,
        "done" | "klar" | "klart" | "genomford" | "genomfort" | "atgardad" | "atgardat" | "avslutad" => {
            ActionStatus::Done
        }
        "notdone" | "integenomford" | "ejgenomford" | "integenomfort" | "gorsinte" | "genomforsinte" | "avslagen" => {
            ActionStatus::NotDone
        }
        _ => {
            let codes: Vec<&str> = ActionStatus::ALL.iter().map(|status| status.code()).collect();
            let hint = format!(
                "{} are accepted; in Swedish ej påbörjad, planerad, påbörjad, klar, ej genomförd",
                codes.join(", ")
            );
            return Err(Fault::new("not a status", hint));
        }
    };
    Ok(status)
}

fn is_month_or_quarter(period: &Period) -> bool {
    let (start, months) = (period.start(), months_of(period));
    start.day() == 1 && (months == Some(1) || (months == Some(3) && (start.month() - 1) % 3 == 0))
}

fn months_of(period: &Period) -> Option<i32> {
    let (start, end) = (period.start(), period.end());
    (end.day() == 1).then(|| {
        (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month()) - i32::from(start.month())
    })
}

/// A period as filters have it, or as people write it: maj 2025, kvartal 2 2025, Q2 2025, vecka 9 2025.
fn parse_period(text: &str) -> Option<Period> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    let in_range = |period: &Period| (1900..=2100).contains(&period.start().year());
    if let Ok(period) = Period::parse(text) {
        return Some(period).filter(in_range);
    }
    let key = text.to_lowercase();
    let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let year = words.iter().find(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let rest: String = words.iter().filter(|word| *word != year).copied().collect();
    let number = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let canonical = match rest.get(..rest.len() - number.len())? {
        "kvartal" | "kv" | "q" | "k" => format!("{year}-Q{number}"),
        "vecka" | "v" | "w" => format!("{year}-W{number:0>2}"),
        month if number.is_empty() && month.is_char_boundary(3.min(month.len())) => {
            let at = MONTHS.iter().position(|name| month.starts_with(name))?;
            format!("{year}-{:02}", at + 1)
        }
        _ => return None,
    };
    Period::parse(&canonical).ok().filter(in_range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        for (text, canonical) in [
            ("maj 2025", "2025-05"),
            ("Maj, 2025", "2025-05"),
            ("september 2025", "2025-09"),
            ("2025 okt", "2025-10"),
            ("kvartal 2 2025", "2025-Q2"),
            ("Q2 2025", "2025-Q2"),
            ("2025 kv 4", "2025-Q4"),
            ("vecka 9 2025", "2025-W09"),
            ("v. 52, 2025", "2025-W52"),
            ("2025-Q3", "2025-Q3"),
        ] {
            assert_eq!(parse_period(text), Period::parse(canonical).ok(), "{text}");
        }
        for text in ["", "maj", "2025 kvartal 5", "2025 vecka 54", "20255", "12 maj 2025", "å 2025", "maj 1800"] {
            assert_eq!(parse_period(text), None, "{text}");
        }
        let whole = |text| parse_period(text).is_some_and(|period| is_month_or_quarter(&period));
        assert!(whole("2025-05") && whole("2025-Q2") && whole("2025-04-01/2025-06-30"));
        assert!(
            !whole("2025") && !whole("2025-05-02/2025-06-01") && !whole("2025-02-01/2025-04-30") && !whole("2025-W09")
        );
    }

    #[test]
    fn days_shares_and_states_are_read() {
        assert_eq!(parse_date("2025-12-31 23:59"), Ok(jiff::civil::date(2025, 12, 31)));
        assert_eq!(parse_date("20250301"), Ok(jiff::civil::date(2025, 3, 1)));
        assert!(parse_date("2025-03").is_err() && parse_date("01/03/2025").is_err());
        assert_eq!((parse_share("25 %", true), parse_share("0,25", true)), (Ok(0.25), Ok(0.25)));
        assert!(parse_share("25", true).is_err() && parse_share("-0.1", true).is_err());
        assert!(ActionStatus::ALL.iter().all(|status| parse_status(status.code()) == Ok(*status)));
        assert_eq!(parse_status("Ej genomförd"), Ok(ActionStatus::NotDone));
        assert!(parse_count("4.5").is_err() && parse_count("-1").is_err() && parse_count("0") == Ok(0));
    }
}
