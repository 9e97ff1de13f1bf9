//! The week page: what the Monday meeting needs, on two printed pages.
//!
//! The page of a week is made for the meeting held **in** that week. It looks back on the days since the last
//! meeting and forward on the week and the one after.
//!
//! - *The days looked back on* end with the day before the week begins (or with the day of the page, when the
//!   week is still ahead). They begin on the Monday of the week in which the last collaboration meeting was held,
//!   so that pages of successive meetings leave no day out; at least [`LEAST_DAYS_BACK`] and at most
//!   [`MOST_DAYS_BACK`] days.
//! - *Decisions* are the actions about the last meeting and about those held in the week itself.
//! - Records count by their start, in areas as in `analysis::area_density`.

mod places;
mod promises;
pub(super) mod reports;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Book;
use super::bookings::open_bookings;
use super::ledger::Ledger;
use super::overdue::{OwnerActions, WaitingAction, is_open, waiting_actions};
use crate::analysis::repeated_places::{RepeatedPlaces, RepeatedPlacesParams, repeated_places};
use crate::domain::{Action, Booking, Counted, Filter, Id, Period, Priority, local_date};
use crate::spatial::Snapshot;

pub use places::{NewsByPlace, PlaceNews, TermCount};
pub(super) use promises::is_recent;
pub use promises::{PromiseLine, PromiseLines, PromiseNumber};
pub use reports::{ReportedWeek, ReportsOfWeek, WEEKS_REMEMBERED};

/// The kind of activity that is a meeting.
pub const MEETING_KIND: &str = "collaboration_meeting";

/// The page looks back on at least the week before.
pub const LEAST_DAYS_BACK: i64 = 7;

/// The page looks back on at most four weeks.
pub const MOST_DAYS_BACK: i64 = 28;

/// Days ahead whose booked dates are shown: the week and the next.
pub const DAYS_AHEAD: i64 = 14;

/// Everything on the page of a week.
#[derive(Clone, Debug)]
pub struct WeekPage {
    /// The ISO week, Monday to Sunday.
    pub week: Period,
    /// The local day under way when it was made: nothing later is in it.
    pub as_of: Date,
    /// Whether the file holds nothing that a week page is made of: then nothing is known, and nothing is zero.
    pub is_empty_file: bool,
    /// The days looked back on.
    pub back: LookingBack,
    /// What is new in them, by place.
    pub news: NewsByPlace,
    /// Places with several observations in the 28 days that end with the days looked back on.
    pub repeated: Repeated,
    /// Open and overdue actions by owner.
    pub owners: Vec<OwnerActions>,
    /// Decisions of the last meeting and of this week's.
    pub decisions: Vec<Decision>,
    /// What comes first in the week, in order.
    pub priorities: Vec<Priority>,
    /// Dates in the week and the next that were open on the day, by time.
    pub dates: Vec<BookedDate>,
    /// The promises in a line each.
    pub promises: PromiseLines,
    /// Who reported about the last week that was over.
    pub reports: ReportsOfWeek,
}

/// Repeated places with the rule they were found by.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    /// The rule.
    pub params: RepeatedPlacesParams,
    /// What it found.
    pub found: RepeatedPlaces,
    /// For each place, the open actions about one of its observations.
    pub open_actions: Vec<usize>,
}

/// A meeting that was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The activity.
    pub id: Id,
    /// Its local day.
    pub day: Date,
}

/// The days a week page looks back on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookingBack {
    /// The days.
    pub period: Period,
    /// The last meeting before the week; none is recorded when absent.
    pub last_meeting: Option<Meeting>,
    /// Why the days begin where they do.
    pub begins: BackBegins,
}

/// Why the days looked back on begin where they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackBegins {
    /// On the Monday of the week of the last meeting.
    WeekOfLastMeeting,
    /// The last meeting is longer ago than [`MOST_DAYS_BACK`].
    MostDaysBack,
    /// No meeting is recorded: [`LEAST_DAYS_BACK`].
    NoMeeting,
}

/// An action that a meeting decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The meeting.
    pub meeting: Meeting,
    /// The action.
    pub action: Action,
    /// How it waits; `None` when it is closed.
    pub waiting: Option<WaitingAction>,
}

/// A date that is set.
#[derive(Clone, Debug, PartialEq)]
pub struct BookedDate {
    /// Its local day.
    pub day: Date,
    /// The booking.
    pub booking: Booking,
}

/// The ISO week a day lies in, Monday to Sunday.
pub fn week_of(day: Date) -> Period {
    let monday = day.iso_week_date().weekday().to_monday_zero_offset();
    let start = day.saturating_sub(i64::from(monday).days());
    // The calendar of jiff ends on Friday 31 December 9999: that week is cut short, never empty.
    Period::new(start, start.saturating_add(7.days())).expect("a Monday lies before the last Friday of the calendar")
}

/// How a week is written in paths and titles: `2026-W48`. The year is that of the week's Thursday.
pub fn week_name(week: &Period) -> String {
    let iso = week.start().iso_week_date();
    format!("{}-W{:02}", iso.year(), iso.week())
}

/// Whether a period is one ISO week.
pub fn is_week(period: &Period) -> bool {
    period.days() == 7 && period.start().weekday() == Weekday::Monday
}

/// The page of a week on a day. `ledger` is that of the book on the same day.
///
/// Cost: one scan of the records of at most four weeks per category that occurs in them, and one pass over actions,
/// reports and activities.
pub fn week_page(snapshot: &Snapshot, book: &Book, ledger: &Ledger, week: &Period, as_of: Date) -> WeekPage {
    let back = looking_back(book, week, as_of);
    WeekPage {
        is_empty_file: is_empty(snapshot, book),
        news: places::news(snapshot, &back.period),
        repeated: repeated(snapshot, book, back.period.last_day()),
        owners: waiting_actions(book, as_of),
        decisions: decisions(book, &meetings_of(book, &back, week, as_of), as_of),
        priorities: book.priorities.iter().filter(|p| p.week == *week).cloned().collect(),
        dates: dates(book, week, as_of),
        promises: promises::lines(ledger, as_of),
        reports: reports::reports(book, &week_before(week, as_of), as_of),
        week: week.clone(),
        as_of,
        back,
    }
}

fn repeated(snapshot: &Snapshot, book: &Book, last_day: Date) -> Repeated {
    let params = RepeatedPlacesParams::default();
    let found = repeated_places(snapshot, &Filter::default(), last_day, &params);
    let open = book.actions.iter().filter(|action| is_open(action.status));
    let about: Vec<&str> = open.filter_map(|action| action.about.as_ref().map(Id::as_str)).collect();
    let open_of = |ids: &[String]| about.iter().filter(|about| ids.iter().any(|id| id == **about)).count();
    let open_actions = found.places.iter().map(|place| open_of(&place.ids)).collect();
    Repeated { params, found, open_actions }
}

fn is_empty(snapshot: &Snapshot, book: &Book) -> bool {
    let nothing_counted = Counted::ALL.iter().all(|of| snapshot.table(*of).is_empty());
    nothing_counted && book.actions.is_empty() && book.bookings.is_empty() && book.reports.is_empty()
}

/// The meetings held until a day, by day and id.
pub fn meetings(book: &Book, as_of: Date) -> impl DoubleEndedIterator<Item = Meeting> + '_ {
    let held = book.deeds.iter().filter(move |deed| &*deed.kind == MEETING_KIND && deed.day <= as_of);
    held.map(|deed| Meeting { id: deed.id.clone(), day: deed.day })
}

/// The days looked back on by the page of a week; see the module for the rule.
pub fn looking_back(book: &Book, week: &Period, as_of: Date) -> LookingBack {
    let end = week.start().min(as_of.saturating_add(1.day()));
    let last_meeting = meetings(book, as_of).rev().find(|meeting| meeting.day < end);
    let at_most = end.saturating_sub(MOST_DAYS_BACK.days());
    let at_least = end.saturating_sub(LEAST_DAYS_BACK.days());
    let (start, begins) = match &last_meeting {
        None => (at_least, BackBegins::NoMeeting),
        Some(meeting) => match week_of(meeting.day).start() {
            monday if monday < at_most => (at_most, BackBegins::MostDaysBack),
            monday => (monday.min(at_least), BackBegins::WeekOfLastMeeting),
        },
    };
    let period = Period::new(start, end).unwrap_or_else(|| week.clone());
    LookingBack { period, last_meeting, begins }
}

/// The last week that is over when the week begins, or on the day of the page if that comes first.
fn week_before(week: &Period, as_of: Date) -> Period {
    let end = week.start().min(week_of(as_of).start());
    week_of(end.saturating_sub(1.day()))
}

/// The last meeting and those held in the week.
fn meetings_of(book: &Book, back: &LookingBack, week: &Period, as_of: Date) -> Vec<Meeting> {
    let in_week = meetings(book, as_of).filter(|meeting| (week.start()..week.end()).contains(&meeting.day));
    back.last_meeting.iter().cloned().chain(in_week).collect()
}

/// The actions about the meetings, by meeting and then as the book has them.
pub fn decisions(book: &Book, meetings: &[Meeting], as_of: Date) -> Vec<Decision> {
    let of = |meeting: &Meeting| {
        let about = book.actions.iter().filter(|action| action.about.as_ref() == Some(&meeting.id));
        let decided = about.map(|action| Decision {
            meeting: meeting.clone(),
            action: action.clone(),
            waiting: WaitingAction::of(action, as_of),
        });
        decided.collect::<Vec<_>>()
    };
    meetings.iter().flat_map(of).collect()
}

fn dates(book: &Book, week: &Period, as_of: Date) -> Vec<BookedDate> {
    let until = week.start().saturating_add(DAYS_AHEAD.days());
    let day = |booking: &Booking| local_date(booking.when.start_s(), &book.zone);
    let open = open_bookings(book, as_of).into_iter();
    let dated = open.map(|booking| BookedDate { day: day(booking), booking: booking.clone() });
    dated.filter(|date| (week.start()..until).contains(&date.day)).collect()
}

#[cfg(test)]
mod tests;
