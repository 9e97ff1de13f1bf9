//! Rows that are no observations: reported counts, weekly reports, actions; and the action that a row of a
//! safety-walk protocol holds beside its observation.

use jiff::civil::Date;

use super::datetime::{Reading, day_number, parse_moment};
use super::fields::Field;
use super::periods::{is_month_or_quarter, period_of_row, week_of_row};
use super::records::{Row, read_actors};
use super::register::AreaNames;
use super::terms::TermMatcher;
use super::values::{Fault, folded};
use crate::domain::{Action, ActionStatus, Id, Observation, Record, Report, ReportedCount};

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
    roles: &mut TermMatcher,
) -> Option<Record> {
    let organisation = required(row, Field::Organisation);
    let kind = row.required_cell(Field::Kind).and_then(|cell| {
        let code = kinds.code(cell).map(|(code, _)| code.to_string());
        row.check(Field::Kind, code)
    });
    let area = area_of(row, areas);
    let period = period_of_row(row, PERIODS).and_then(|period| {
        let field = if row.cell(Field::Period).is_empty() { Field::PeriodEnd } else { Field::Period };
        let fault = || Fault::new("not a whole month or quarter", PERIODS);
        row.check(field, Some(period).filter(is_month_or_quarter).ok_or_else(fault))
    });
    let n = row.required_cell(Field::N).and_then(|cell| row.check(Field::N, parse_count(cell)));
    let intelligence_led = row.optional(Field::IntelligenceLed, parse_count);
    if let (Some(n), Some(led)) = (n, intelligence_led)
        && led > n
    {
        let fault = Fault::new(format!("{led} intelligence-led of {n}"), "at most as many as n are accepted");
        row.faults.push((Field::IntelligenceLed, fault));
    }
    let actors = read_actors(row, roles);
    let reported_by = row.text(Field::ReportedBy);
    let reported_on = required_date(row, Field::ReportedOn);
    let organisation = organisation?;
    Some(Record::ReportedCount(ReportedCount {
        id: id?,
        reported_by: reported_by.unwrap_or_else(|| organisation.clone()),
        intelligence_led,
        actors,
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
    let week = week_of_row(row);
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

/// The action of a row of a safety-walk protocol, when it names an owner. `Err` when it has faults, such as a
/// measure without an owner.
pub(crate) fn action_of_walk(row: &mut Row<'_>, observation: &Observation) -> Result<Option<Action>, ()> {
    let before = row.faults.len();
    let (measure, owner) = (row.text(Field::Measure), row.text(Field::Owner));
    let rest = rest_of_action(row);
    // A measure nobody owns would be on no list and never overdue.
    let of_action = [Field::Measure, Field::Due, Field::Status, Field::WhyNot, Field::Recheck];
    let says_more = of_action.iter().any(|field| !row.cell(*field).is_empty());
    if row.faults.len() == before && owner.is_none() && says_more {
        let fault = Fault::new("an action without an owner", "name the organisation that is to do it (ansvarig)");
        row.faults.push((Field::Owner, fault));
    }
    let id = Id::new(&format!("{}-a", observation.id));
    let id = row.check(Field::Id, id.map_err(|e| Fault::new("the id is too long for an action", e.to_string())));
    let (Some((due, status, why_not, recheck)), Some(id), true) = (rest, id, row.faults.len() == before) else {
        return Err(());
    };
    let Some(owner) = owner else { return Ok(None) };
    // Never the free text of the observation: an action is shown to every reader.
    let text = measure.unwrap_or_else(|| observation.category.clone());
    Ok(Some(Action {
        id,
        about: Some(observation.id.clone()),
        text,
        owner_organisation: owner,
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

pub(super) fn required(row: &mut Row<'_>, field: Field) -> Option<String> {
    let cell = row.required_cell(field)?;
    row.guard(field, cell)
}

pub(super) fn required_date(row: &mut Row<'_>, field: Field) -> Option<Date> {
    let cell = row.required_cell(field)?;
    row.check(field, parse_date(cell))
}

/// `Some(None)` is the whole municipality; an unknown area is a fault, because the number would become the
/// municipality's.
pub(super) fn area_of(row: &mut Row<'_>, areas: &AreaNames) -> Option<Option<Id>> {
    let cell = row.cell(Field::Area);
    if matches!(folded(cell).as_str(), "" | "helakommunen" | "kommunen" | "kommun" | "municipality" | "alla") {
        return Some(None);
    }
    let found = areas.find(cell).cloned();
    let fault =
        || Fault::new("no such area", "the id or name of an area of the data file, or 'hela kommunen', is accepted");
    row.check(Field::Area, found.map(Some).ok_or_else(fault))
}

pub(super) fn parse_count(text: &str) -> Result<u32, Fault> {
    text.parse().map_err(|_| Fault::new("not a number of things", "whole numbers from 0 are accepted"))
}

pub(super) fn parse_date(text: &str) -> Result<Date, Fault> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_states_are_read() {
        assert_eq!(parse_date("2025-12-31 23:59"), Ok(jiff::civil::date(2025, 12, 31)));
        assert_eq!(parse_date("20250301"), Ok(jiff::civil::date(2025, 3, 1)));
        assert!(parse_date("2025-03").is_err() && parse_date("01/03/2025").is_err());
        assert!(ActionStatus::ALL.iter().all(|status| parse_status(status.code()) == Ok(*status)));
        assert_eq!(parse_status("Ej genomförd"), Ok(ActionStatus::NotDone));
        assert!(parse_count("4.5").is_err() && parse_count("-1").is_err() && parse_count("0") == Ok(0));
    }
}
