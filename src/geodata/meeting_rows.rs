//! Rows of what is booked, said and put first.

use super::clock::Clock;
use super::fields::Field;
use super::followup_rows::{area_of, required, required_date};
use super::periods::week_of_row;
use super::records::{Row, read_actors, read_when};
use super::register::AreaNames;
use super::terms::TermMatcher;
use super::values::{Fault, parse_flag};
use crate::domain::{Booking, Comment, Id, Priority, Record};

/// A date set for work to come.
pub(super) fn booking(
    row: &mut Row<'_>,
    id: Option<Id>,
    areas: &AreaNames,
    clock: &mut Clock,
    (kinds, roles): (&mut TermMatcher, &mut TermMatcher),
) -> Option<Record> {
    let kind = row.required_cell(Field::Kind).and_then(|cell| {
        let code = kinds.code(cell).map(|(code, _)| code.to_string());
        row.check(Field::Kind, code)
    });
    let when = read_when(row, clock);
    let area = area_of(row, areas);
    let actors = read_actors(row, roles);
    let title = row.text(Field::Title);
    let booked_on = required_date(row, Field::BookedOn);
    let cancelled = row.optional(Field::Cancelled, parse_flag).unwrap_or(false);
    let activity = row.optional(Field::Activity, parse_id);
    let invitation = row.optional(Field::Invitation, parse_flag).unwrap_or(false);
    let may_invite = kind.as_deref().map_or(Ok(()), |kind| Booking::check_invitation(kind, invitation));
    if let Err(refused) = may_invite {
        row.faults.push((Field::Invitation, Fault::new("not open to everybody", refused.to_string())));
    }
    Some(Record::Booking(Booking {
        id: id?,
        kind: kind?,
        when: when?,
        area: area?,
        actors,
        title,
        booked_on: booked_on?,
        cancelled,
        activity,
        invitation,
    }))
}

/// What a party says about a commitment.
pub(super) fn comment(row: &mut Row<'_>, id: Option<Id>) -> Option<Record> {
    let mut reference = |field| row.required_cell(field).and_then(|cell| row.check(field, parse_id(cell)));
    let (promise, commitment, party) =
        (reference(Field::Promise), reference(Field::Commitment), reference(Field::Party));
    let text = match row.text(Field::Text) {
        Some(text) if text.chars().count() > Comment::MAX_CHARS => {
            let reason = format!("{} characters", text.chars().count());
            let fault = Fault::new(reason, format!("at most {} characters are accepted", Comment::MAX_CHARS));
            row.faults.push((Field::Text, fault));
            None
        }
        None if row.raw(Field::Text).is_empty() => {
            row.faults.push((Field::Text, Fault::new("is missing", "every comment says something")));
            None
        }
        text => text,
    };
    let on = required_date(row, Field::SaidOn);
    Some(Record::Comment(Comment {
        id: id?,
        promise: promise?,
        commitment: commitment?,
        party: party?,
        text: text?,
        on: on?,
    }))
}

/// What the weekly meeting puts first.
pub(super) fn priority(row: &mut Row<'_>, id: Option<Id>, areas: &AreaNames) -> Option<Record> {
    let week = week_of_row(row);
    let rank = row.required_cell(Field::Rank).and_then(|cell| {
        let rank = cell.parse().ok().filter(|rank| *rank > 0);
        row.check(Field::Rank, rank.ok_or_else(|| Fault::new("not a rank", "whole numbers from 1 are accepted")))
    });
    let area = area_of(row, areas);
    let text = required(row, Field::Text);
    let owner_organisation = row.text(Field::Owner);
    let decided_on = required_date(row, Field::DecidedOn);
    Some(Record::Priority(Priority {
        id: id?,
        week: week?,
        rank: rank?,
        area: area?,
        text: text?,
        owner_organisation,
        decided_on: decided_on?,
    }))
}

/// The id of another record.
pub(super) fn parse_id(text: &str) -> Result<Id, Fault> {
    Id::new(text).map_err(|error| Fault::new("not an id", error.to_string()))
}
