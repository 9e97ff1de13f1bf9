//! Feeds for people of the service: changes of status as Atom (RFC 4287), dates as iCalendar (RFC 5545).
//!
//! Ids are stable, and an entry has the day on which its status began to hold as the records tell it now: a reader that
//! asks again finds the same entries, and work that is recorded late changes what is told about its day.

use std::fmt::Write;

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Link, Person, Text as AtomText};
use icalendar::{Calendar, Component, Event, Property};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::ledger_paper::commitment_path;
use super::words::{self, name};
use crate::domain::{Action, ActionStatus, Booking, Period, TimeCertainty, local_date};
use crate::followup::Book;
use crate::followup::history::status_changes;
use crate::followup::ledger::ledger;
use crate::text::lang::{Lang, texts};

/// Days that the feed of changes looks back.
pub const DAYS_BACK: i32 = 90;

texts! {
    CHANGES: "Löftena: ändrat läge", "The promises: changes of status";
    CHANGE: "{name}: {to}", "{name}: {to}";
    FROM_TO: "{name} gick från {from} till {to} den {day}. I dag: {reason}", "{name} went from {from} to {to} on {day}. Today: {reason}";
    CALENDAR: "Lägesbild: möten och tider", "Situation picture: meetings and dates";
    DUE: "Åtgärd ska vara klar: {owner}", "Action is due: {owner}";
    RECHECK: "Kontrollera åtgärd: {owner}", "Re-check action: {owner}";
    IN_AREA: "{kind}, {area}", "{kind}, {area}";
}

/// Changes of status in the last [`DAYS_BACK`] days, the newest first. `base` is where the service is, such as
/// `http://127.0.0.1:8080`; empty makes links relative.
pub fn atom(book: &Book, as_of: Date, lang: Lang, base: &str) -> String {
    let identity = &book.facts.identity;
    let first = as_of.saturating_sub(DAYS_BACK.days());
    let days = Period::spanning(first, as_of);
    let today = ledger(book, as_of);
    let changes = days.map(|days| status_changes(book, &days)).unwrap_or_default();
    let entries: Vec<Entry> = changes
        .iter()
        .rev()
        .filter_map(|change| {
            let document = today.documents.iter().find(|d| d.document.head().id == change.document)?;
            let row = document.rows.iter().find(|row| row.commitment.id == change.commitment)?;
            let [from, to] = [change.from, change.to].map(|status| words::status_word(status, lang));
            let name = name(&row.commitment.names, lang);
            let reason = words::reason(row, as_of, lang);
            let said =
                [("name", name), ("from", from), ("to", to), ("day", &change.on.to_string()), ("reason", &reason)];
            let at = midnight(change.on, &book.zone);
            Some(Entry {
                title: CHANGE.with(lang, &[("name", name), ("to", to)]).into(),
                id: format!(
                    "urn:lagesbild:{identity}:{}:{}:{}:{}",
                    change.document,
                    change.commitment,
                    change.on,
                    change.to.code()
                ),
                updated: at,
                published: Some(at),
                links: vec![Link {
                    href: format!("{base}{}", commitment_path(&change.document, &change.commitment, lang)),
                    ..Link::default()
                }],
                content: Some(Content {
                    value: Some(FROM_TO.with(lang, &said)),
                    content_type: Some("text".into()),
                    ..Content::default()
                }),
                ..Entry::default()
            })
        })
        .collect();
    let path = |path: &str| format!("{base}{path}{}", lang.pick("", "?lang=en"));
    Feed {
        title: AtomText::plain(CHANGES.of(lang)),
        id: format!("urn:lagesbild:{identity}:promises"),
        // Without a change the feed is as old as the days it looks at.
        updated: entries.first().map_or_else(|| midnight(first, &book.zone), |entry| entry.updated),
        authors: vec![Person { name: "lagesbild".into(), ..Person::default() }],
        links: vec![
            Link { href: path("/lofte.atom"), rel: "self".into(), ..Link::default() },
            Link { href: path("/lofte"), rel: "alternate".into(), ..Link::default() },
        ],
        lang: Some(lang.code().into()),
        entries,
        ..Feed::default()
    }
    .to_string()
}

/// The first moment of a local day.
fn midnight(day: Date, zone: &TimeZone) -> FixedDateTime {
    let at = day.to_zoned(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp());
    at.to_string().parse().unwrap_or_default()
}

/// What a calendar needs to know about a record besides the record.
#[derive(Clone, Copy, Debug)]
pub struct Revised {
    /// How often it was changed: 0 for its first version.
    pub times: u32,
    /// When its newest version was made.
    pub at: Timestamp,
}

/// Meetings and other booked dates, and the days on which actions are due or looked at again. Called-off dates stay
/// and say so. Titles are kinds and areas; what a booking or an action says stands in the description.
pub fn calendar(book: &Book, bookings: &[(Booking, Revised)], actions: &[(Action, Revised)], lang: Lang) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//lagesbild//follow-up//SV"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    calendar.name(CALENDAR.of(lang));
    for (booking, revised) in bookings {
        calendar.push(booked(book, booking, *revised, lang));
    }
    for (action, revised) in actions {
        let is_open = !matches!(action.status, ActionStatus::Done | ActionStatus::NotDone);
        let due = action.due.filter(|_| is_open).map(|day| ("due", DUE, day));
        let recheck = action.recheck.map(|day| ("recheck", RECHECK, day));
        for (what, text, day) in due.into_iter().chain(recheck) {
            let mut event = event(book, &format!("action-{}-{what}", action.id), *revised);
            all_day(&mut event, day, day.saturating_add(1.day()));
            event.summary(&text.with(lang, &[("owner", &action.owner_organisation)])).description(&action.text);
            calendar.push(event.done());
        }
    }
    let first = bookings.iter().map(|(booking, _)| booking.when.start_s()).min();
    let last = bookings.iter().map(|(booking, _)| booking.when.end_s()).max();
    // Only bookings have a time of day.
    let zone = first.zip(last).map(|(first, last)| time_zone(book, first, last)).unwrap_or_default();
    calendar.to_string().replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1)
}

fn event(book: &Book, uid: &str, revised: Revised) -> Event {
    let mut event = Event::with_uid(&format!("{uid}@{}.lagesbild", book.facts.identity));
    let at = revised.at.strftime("%Y%m%dT%H%M%SZ").to_string();
    event.add_property("DTSTAMP", &at).add_property("LAST-MODIFIED", &at).sequence(revised.times);
    event
}

fn all_day(event: &mut Event, first: Date, end: Date) {
    for (key, day) in [("DTSTART", first), ("DTEND", end)] {
        let mut property = Property::new(key, day.strftime("%Y%m%d").to_string());
        event.append_property(property.add_parameter("VALUE", "DATE").done());
    }
}

fn booked(book: &Book, booking: &Booking, revised: Revised, lang: Lang) -> Event {
    let mut event = event(book, &format!("booking-{}", booking.id), revised);
    let kind = book.kind(&booking.kind);
    let kind = lang.pick(kind.sv, kind.en);
    let summary = match &booking.area {
        Some(area) => IN_AREA.with(lang, &[("kind", &kind), ("area", &words::area(book, area, lang))]),
        None => kind,
    };
    event.summary(&summary);
    if let Some(title) = &booking.title {
        event.description(title);
    }
    if booking.when.certainty() == TimeCertainty::WholeDay {
        all_day(
            &mut event,
            local_date(booking.when.start_s(), &book.zone),
            local_date(booking.when.end_s(), &book.zone),
        );
    } else {
        for (key, second) in [("DTSTART", booking.when.start_s()), ("DTEND", booking.when.end_s())] {
            let mut property = Property::new(key, local(second, &book.zone, "%Y%m%dT%H%M%S"));
            event.append_property(property.add_parameter("TZID", &book.facts.time_zone).done());
        }
    }
    let status = if booking.cancelled { "CANCELLED" } else { "CONFIRMED" };
    event.add_property("STATUS", status);
    event.done()
}

fn local(second: i64, zone: &TimeZone, form: &str) -> String {
    let at = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(zone.clone()).strftime(form).to_string()
}

/// A VTIMEZONE with every change of the clock from the one before the first second to the last second, so that no
/// reader has to know the zone by its name.
fn time_zone(book: &Book, first_s: i64, last_s: i64) -> String {
    let zone = &book.zone;
    let stamp = |s: i64| Timestamp::from_second(s).unwrap_or(Timestamp::UNIX_EPOCH);
    let (first, last) = (stamp(first_s), stamp(last_s));
    let before = zone.preceding(first).next().map(|change| change.timestamp());
    let start = before.unwrap_or(first);
    let changes = zone.following(start).map(|change| change.timestamp()).take_while(|at| *at <= last);
    let mut text = format!("BEGIN:VTIMEZONE\r\nTZID:{}\r\n", book.facts.time_zone);
    for at in std::iter::once(start).chain(changes) {
        let old = zone.to_offset_info(at.saturating_sub(1.second()).unwrap_or(at));
        let new = zone.to_offset_info(at);
        let part = if new.dst().is_dst() { "DAYLIGHT" } else { "STANDARD" };
        // DTSTART is the wall clock just before it is moved.
        let wall = old.offset().to_datetime(at).strftime("%Y%m%dT%H%M%S").to_string();
        let offset = |seconds: i32| {
            let sign = if seconds < 0 { '-' } else { '+' };
            format!("{sign}{:02}{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
        };
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "BEGIN:{part}\r\nDTSTART:{wall}\r\nTZOFFSETFROM:{}\r\nTZOFFSETTO:{}\r\nTZNAME:{}\r\nEND:{part}\r\n",
            offset(old.offset().seconds()),
            offset(new.offset().seconds()),
            new.abbreviation(),
        );
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
