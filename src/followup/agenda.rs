//! The agenda of a collaboration meeting: made from the ledger and the actions, so that nothing late is forgotten.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Book;
use super::bookings::open_bookings;
use super::ledger::{DocumentLedger, Ledger, Row};
use super::notice::Notice;
use super::overdue::{OwnerActions, waiting_actions};
use super::status::{LEAST_LINEAR_TARGET, Status};
use super::week::{BookedDate, Decision, MEETING_KIND, MOST_DAYS_BACK, Meeting, decisions, is_recent, meetings};
use crate::domain::{Booking, Id, Participant, Period, local_date};

/// Days ahead whose booked dates an agenda shows: eight weeks.
pub const DAYS_AHEAD: i64 = 56;

/// A meeting that is booked or was held.
#[derive(Clone, Debug, PartialEq)]
pub struct MeetingDate {
    /// Id of the activity, or of the booking when it has not been held.
    pub id: Id,
    /// Its local day.
    pub day: Date,
    /// Whether it was held.
    pub is_held: bool,
    /// Who takes or took part.
    pub actors: Vec<Participant>,
    /// What it is about, when a booking says so.
    pub title: Option<String>,
}

impl MeetingDate {
    fn booked(book: &Book, booking: &Booking) -> Self {
        Self {
            id: booking.id.clone(),
            day: local_date(booking.when.start_s(), &book.zone),
            is_held: false,
            actors: booking.actors.clone(),
            title: booking.title.clone(),
        }
    }
}

/// The meetings of a book on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meetings {
    /// Held until the day, the newest first.
    pub held: Vec<MeetingDate>,
    /// Booked from the day on, the next first; without those called off and those that have become an activity.
    pub booked: Vec<MeetingDate>,
    /// Booked for a day that is gone, and no activity was tied to them.
    pub gone: Vec<MeetingDate>,
}

/// All meetings on a day.
pub fn all_meetings(book: &Book, as_of: Date) -> Meetings {
    let held = meetings(book, as_of).rev().filter_map(|meeting| find_meeting(book, &meeting.id, as_of));
    let open = open_bookings(book, as_of).into_iter().filter(|booking| booking.kind == MEETING_KIND);
    let dates = open.map(|booking| MeetingDate::booked(book, booking));
    let (gone, booked): (Vec<_>, Vec<_>) = dates.partition(|meeting| meeting.day < as_of);
    Meetings { held: held.collect(), booked, gone }
}

/// The meeting of an id: an activity of that kind, else a booking made by the day. A booking that became an activity by
/// then gives that.
pub fn find_meeting(book: &Book, id: &Id, as_of: Date) -> Option<MeetingDate> {
    let held = |id: &Id| {
        let deed = book.deeds.iter().find(|deed| deed.id == *id && &*deed.kind == MEETING_KIND)?;
        Some(MeetingDate {
            id: deed.id.clone(),
            day: deed.day,
            is_held: true,
            actors: deed.actors.to_vec(),
            title: None,
        })
    };
    if let Some(meeting) = held(id) {
        return Some(meeting);
    }
    let is_it = |booking: &&Booking| booking.id == *id && booking.kind == MEETING_KIND && booking.booked_on <= as_of;
    let booking = book.bookings.iter().find(is_it)?;
    let became = booking.activity.as_ref().and_then(held).filter(|meeting| meeting.day <= as_of);
    Some(became.unwrap_or_else(|| MeetingDate::booked(book, booking)))
}

/// A commitment that the meeting has to talk about.
#[derive(Clone, Debug)]
pub struct AgendaRow {
    /// The document.
    pub document: Id,
    /// The row of the ledger.
    pub row: Row,
    /// Stretches of a promise that holds which ended without their target, and which no meeting has talked about.
    pub missed: Vec<MissedStretch>,
}

/// A stretch that ended without its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedStretch {
    /// Its days.
    pub period: Period,
    /// What was counted.
    pub done: u32,
    /// What was to be reached.
    pub target: u32,
}

/// What should be looked at, with the commitment it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaNotice {
    /// The document, when it concerns one.
    pub document: Option<Id>,
    /// The commitment in it, when it concerns one.
    pub commitment: Option<Id>,
    /// What it is.
    pub notice: Notice,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Agenda {
    /// The meeting.
    pub meeting: MeetingDate,
    /// The day it is made for.
    pub as_of: Date,
    /// Commitments behind, or whose target was not reached, of promises that hold on the day, that are over for at
    /// most [`MOST_DAYS_BACK`] days, or that ended since the meeting before.
    pub behind: Vec<AgendaRow>,
    /// Small targets that are not reached and for which no date is booked, unless they are among `behind`.
    pub without_date: Vec<AgendaRow>,
    /// Owners with overdue actions or some to be looked at again; only those actions.
    pub late: Vec<OwnerActions>,
    /// The meeting before.
    pub last_meeting: Option<Meeting>,
    /// Its decisions and how they stand.
    pub decisions: Vec<Decision>,
    /// What should be looked at.
    pub notices: Vec<AgendaNotice>,
    /// Dates booked for the days ahead.
    pub dates: Vec<BookedDate>,
}

/// The agenda of a meeting. `ledger` is that of the book on the same day. `None` when there is no such meeting.
pub fn agenda(book: &Book, ledger: &Ledger, id: &Id, as_of: Date) -> Option<Agenda> {
    let meeting = find_meeting(book, id, as_of)?;
    let last_meeting = meetings(book, as_of).rev().find(|other| other.day < meeting.day && other.id != meeting.id);
    let since = last_meeting.as_ref().map(|last| last.day);
    let (mut behind, mut without_date) = (Vec::new(), Vec::new());
    for document in ledger.documents.iter().filter(|document| is_talked_about(document, since, as_of)) {
        let head = document.document.head();
        let holds = as_of < head.period.end();
        for row in &document.rows {
            let missed = if holds { missed(row, since, as_of) } else { Vec::new() };
            let is_behind = matches!(row.status, Status::Behind | Status::Missed) || !missed.is_empty();
            let entry = AgendaRow { document: head.id.clone(), row: row.clone(), missed };
            if is_behind {
                behind.push(entry);
            } else if holds
                && row.current(as_of).is_some_and(|stretch| {
                    stretch.target < LEAST_LINEAR_TARGET && stretch.done < stretch.target && stretch.booked.is_empty()
                })
            {
                without_date.push(entry);
            }
        }
    }
    let last: Vec<Meeting> = last_meeting.iter().cloned().collect();
    Some(Agenda {
        behind,
        without_date,
        late: late(book, as_of),
        decisions: decisions(book, &last, as_of),
        last_meeting,
        notices: notices(ledger),
        dates: dates(book, &meeting, as_of),
        meeting,
        as_of,
    })
}

/// Whether a promise has begun, and holds or ended lately: at most [`MOST_DAYS_BACK`] days ago, or since a meeting.
fn is_talked_about(document: &DocumentLedger, since: Option<Date>, as_of: Date) -> bool {
    let period = &document.document.head().period;
    period.start() <= as_of && (is_recent(document, as_of) || since.is_some_and(|since| period.end() > since))
}

/// The stretches that ended lately without their target.
fn missed(row: &Row, since: Option<Date>, as_of: Date) -> Vec<MissedStretch> {
    let is_new =
        |end: Date| end.saturating_add(MOST_DAYS_BACK.days()) > as_of || since.is_some_and(|since| end > since);
    let missed =
        row.stretches.iter().filter(|stretch| stretch.status == Status::Missed && is_new(stretch.period.end()));
    missed
        .map(|stretch| MissedStretch { period: stretch.period.clone(), done: stretch.done, target: stretch.target })
        .collect()
}

fn late(book: &Book, as_of: Date) -> Vec<OwnerActions> {
    let mut owners = waiting_actions(book, as_of);
    for owner in &mut owners {
        owner.actions.retain(|waiting| waiting.days_overdue.is_some() || waiting.recheck_days.is_some());
    }
    owners.retain(|owner| !owner.actions.is_empty());
    owners
}

fn notices(ledger: &Ledger) -> Vec<AgendaNotice> {
    let told = |document: Option<&Id>, commitment: Option<&Id>, notice: &Notice| AgendaNotice {
        document: document.cloned(),
        commitment: commitment.cloned(),
        notice: notice.clone(),
    };
    let mut found: Vec<AgendaNotice> = ledger.notices.iter().map(|notice| told(None, None, notice)).collect();
    for document in &ledger.documents {
        let id = &document.document.head().id;
        found.extend(document.notices.iter().map(|notice| told(Some(id), None, notice)));
        for row in &document.rows {
            found.extend(row.notices.iter().map(|notice| told(Some(id), Some(&row.commitment.id), notice)));
        }
    }
    found
}

/// Open dates from the day on, without the meeting itself.
fn dates(book: &Book, meeting: &MeetingDate, as_of: Date) -> Vec<BookedDate> {
    let until = as_of.saturating_add(DAYS_AHEAD.days());
    let ahead = open_bookings(book, as_of).into_iter().filter(|booking| booking.id != meeting.id);
    let dated = ahead
        .map(|booking| BookedDate { day: local_date(booking.when.start_s(), &book.zone), booking: booking.clone() });
    dated.filter(|date| (as_of..until).contains(&date.day)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Action;
    use crate::followup::ledger::ledger;
    use crate::followup::test_book::{action, activity, book, booking, day, document, id};

    fn made() -> Book {
        let about = |text: &str, on: &str| Action { about: Some(id(on)), ..action(text, "Kommunen") };
        let became = Booking { activity: Some(id("m2")), ..booking("b-m2", MEETING_KIND, "2026-11-04") };
        let off = Booking { cancelled: true, ..booking("off", MEETING_KIND, "2026-12-20") };
        book()
            .activities([
                activity("m1", MEETING_KIND, "2026-05-04", "police:Polisen"),
                activity("m2", MEETING_KIND, "2026-11-04", "police:Polisen; municipality:Kommunen"),
            ])
            .actions([
                about("a", "m1"),
                about("b", "m2"),
                Action { due: Some(day("2026-11-10")), ..action("late", "Polisen") },
                action("waits", "Polisen"),
            ])
            .bookings([
                became,
                off,
                booking("gone", MEETING_KIND, "2026-10-01"),
                booking("next", MEETING_KIND, "2026-12-01"),
                booking("walk", "safety_walk", "2026-12-10"),
                booking("far", "safety_walk", "2027-03-10"),
                Booking { booked_on: day("2026-11-24"), ..booking("unknown", MEETING_KIND, "2026-12-05") },
            ])
            .build()
    }

    #[test]
    fn meetings_are_held_booked_or_gone_by_without_an_activity() {
        let meetings = all_meetings(&made(), day("2026-11-23"));
        let ids = |list: &[MeetingDate]| list.iter().map(|m| m.id.to_string()).collect::<Vec<_>>();
        assert_eq!(
            (ids(&meetings.held), ids(&meetings.booked), ids(&meetings.gone)),
            (vec!["m2".to_string(), "m1".into()], vec!["next".to_string()], vec!["gone".to_string()])
        );
        assert_eq!(
            find_meeting(&made(), &id("b-m2"), day("2026-11-23")).map(|m| (m.id.to_string(), m.is_held)),
            Some(("m2".to_string(), true))
        );
        assert!(find_meeting(&made(), &id("walk"), day("2026-11-23")).is_none());
        // Before the meeting was held its booking was open; what was booked later was not known.
        let before = all_meetings(&made(), day("2026-11-01"));
        assert_eq!(ids(&before.booked), ["b-m2", "next"]);
        assert_eq!(
            find_meeting(&made(), &id("b-m2"), day("2026-11-01")).map(|m| (m.id.to_string(), m.is_held)),
            Some(("b-m2".to_string(), false))
        );
        let unknown = |on: &str| find_meeting(&made(), &id("unknown"), day(on)).is_none();
        assert_eq!((unknown("2026-11-23"), unknown("2026-11-24")), (true, false));
    }

    #[test]
    fn an_agenda_has_the_decisions_of_the_meeting_before_and_what_is_late() {
        let book = made();
        let as_of = day("2026-11-23");
        let ledger = ledger(&book, as_of);
        let next = agenda(&book, &ledger, &id("next"), as_of).expect("a meeting");
        assert_eq!(next.last_meeting.as_ref().map(|m| m.id.to_string()), Some("m2".to_string()));
        assert_eq!(next.decisions.iter().map(|d| d.action.id.as_str()).collect::<Vec<_>>(), ["b"]);
        let late: Vec<_> = next.late.iter().flat_map(|o| &o.actions).map(|w| w.action.id.as_str()).collect();
        assert_eq!(late, ["late"]);
        // Within eight weeks, without the meeting itself and what was called off.
        assert_eq!(next.dates.iter().map(|d| d.booking.id.as_str()).collect::<Vec<_>>(), ["walk"]);
        let held = agenda(&book, &ledger, &id("m2"), as_of).expect("a meeting");
        assert_eq!(held.decisions.iter().map(|d| d.action.id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert!(agenda(&book, &ledger, &id("nobody"), as_of).is_none());
    }

    #[test]
    fn what_was_missed_lately_or_since_the_meeting_before_is_on_the_agenda() {
        let behind = |period: &str, held: Option<&str>, on: &str| {
            let made = book()
                .promise(document("p", period, &["Polisen"]))
                .activities(held.map(|held| activity("m", MEETING_KIND, held, "police:Polisen")))
                .bookings([Booking { booked_on: day("2024-01-01"), ..booking("next", MEETING_KIND, "2026-12-01") }])
                .build();
            let agenda = agenda(&made, &ledger(&made, day(on)), &id("next"), day(on)).expect("a meeting");
            let short = |entry: &AgendaRow| {
                let missed: Vec<_> =
                    entry.missed.iter().map(|m| (m.period.start().to_string(), m.done, m.target)).collect();
                (entry.row.status.code(), missed)
            };
            agenda.behind.iter().map(short).collect::<Vec<_>>()
        };
        // A promise that is over says it by its own status; for four weeks, or until a meeting could talk about it.
        let year = "2024-01-01/2024-12-31";
        assert_eq!(behind(year, None, "2025-01-20"), [("missed", vec![])]);
        assert_eq!(behind(year, None, "2025-02-10"), []);
        assert_eq!(behind(year, Some("2024-12-20"), "2025-02-10"), [("missed", vec![])]);
        assert_eq!(behind(year, Some("2025-01-10"), "2025-02-10"), []);
        // Of one that holds, the year that ended stands beside the year under way.
        let two = "2025-01-01/2026-12-31";
        let missed = vec![("2025-01-01".to_string(), 0, 15)];
        assert_eq!(behind(two, None, "2026-01-12"), [("not_started", missed.clone())]);
        assert_eq!(behind(two, Some("2025-12-20"), "2026-03-01"), [("behind", missed)]);
        assert_eq!(behind(two, None, "2026-03-01"), [("behind", vec![])]);
    }
}
