//! The ledger of promises: for every commitment what is done, the target, the pace, the status and its reasons.

use jiff::civil::Date;

use super::Book;
use super::bookings::open_bookings;
use super::contradictions;
use super::evidence::{self, CountPart, Evidence, Item, LeftOut, Wanted, contains, overlap};
use super::level::{Level, raised};
use super::notice::Notice;
use super::perceived::{self, Audience, LevelReason, PerceivedLevel};
use super::publications::{Published, published};
use super::status::{Clock, Rule, Status, status};
use crate::domain::{
    Booking, Comment, Commitment, CountBy, Id, Measure, Period, Pledge, PledgePlace, PromiseDocument, Target,
    local_date,
};

/// All promises on a day.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The day it is for: what was done after it is left out.
    pub as_of: Date,
    /// In the order of the book.
    pub documents: Vec<DocumentLedger>,
    /// What concerns no single commitment.
    pub notices: Vec<Notice>,
}

/// One document.
#[derive(Clone, Debug)]
pub struct DocumentLedger {
    /// The document.
    pub document: PromiseDocument,
    /// One row per commitment, in the order of the document.
    pub rows: Vec<Row>,
    /// What concerns the document.
    pub notices: Vec<Notice>,
}

/// One commitment.
#[derive(Clone, Debug)]
pub struct Row {
    /// The commitment.
    pub commitment: Commitment,
    /// Its status now: that of the stretch under way, or of all of them when the promise is over.
    pub status: Status,
    /// Why.
    pub reason: Reason,
    /// One for each stretch in which its number holds; none for what is not a number.
    pub stretches: Vec<Stretch>,
    /// For a level of work to raise.
    pub level: Option<Level>,
    /// For a level of perceived safety to raise.
    pub perceived: Option<PerceivedLevel>,
    /// For a promise to publish.
    pub published: Option<Published>,
    /// What parties say about it until the day, the newest last.
    pub comments: Vec<Comment>,
    /// What should be looked at.
    pub notices: Vec<Notice>,
}

impl Row {
    /// The stretch the status speaks of.
    pub fn current(&self, as_of: Date) -> Option<&Stretch> {
        let under_way = self.stretches.iter().find(|stretch| as_of < stretch.period.end());
        under_way.or(self.stretches.last())
    }
}

/// Why a row has its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A rule about a number.
    Rule(Rule),
    /// The promise is over: every stretch reached its target, or this many of them did not.
    AllOver {
        /// Stretches that missed their target.
        missed: usize,
    },
    /// No baseline is named, and less than 8 weeks are logged.
    NoBaseline {
        /// Weeks logged so far.
        weeks_logged: usize,
    },
    /// No baseline is named: the first 8 logged weeks are the start of measurement, and there is no verdict.
    StartOfMeasurement,
    /// The baseline that is named has no data.
    BaselineWithoutData,
    /// The level is above the baseline.
    LevelHigher,
    /// The level is not above the baseline.
    LevelNotHigher,
    /// Nothing is logged after the baseline yet.
    NothingAfterBaseline,
    /// What surveys say about the level, or why they say nothing.
    Perceived(LevelReason),
    /// No interval was promised, and no release has been published.
    NeverPublished,
    /// Published, and no interval was promised to hold it against.
    PublishedWithoutInterval,
    /// No gap was longer than promised.
    PublishedInTime,
    /// A gap was longer than promised.
    PublishedLate,
    /// The document says that nothing can show it.
    NotMeasurable,
    /// Nothing was promised for the place.
    NothingPromised,
}

/// A number to reach in a stretch of days.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The days.
    pub period: Period,
    /// At least so many.
    pub target: u32,
    /// Counted: itemised and reported together.
    pub done: u32,
    /// What has gone by.
    pub clock: Clock,
    /// What the days gone by ask for; none for a small target.
    pub pace: Option<u32>,
    /// Its status.
    pub status: Status,
    /// The part of the rule that gave it.
    pub rule: Rule,
    /// Activities that count, by start. An operation is one item.
    pub items: Vec<Item>,
    /// Reported counts that count.
    pub counts: Vec<CountPart>,
    /// Of `done`, stated as intelligence-led; only where operations are counted.
    pub intelligence_led: Option<IntelligenceLed>,
    /// `done` if every local day of an operation counted; given when it differs.
    pub one_per_day: Option<u32>,
    /// Activities of the kind that do not count, and why.
    pub left_out: Vec<LeftOut>,
    /// Dates that are set from the day on: booking and day.
    pub booked: Vec<(Id, Date)>,
}

impl Stretch {
    /// How many come from activities and how many from reported counts.
    pub fn parts(&self) -> (u32, u32) {
        let reported = self.counts.iter().map(|part| part.counted).fold(0, u32::saturating_add);
        (self.done.saturating_sub(reported), reported)
    }
}

/// Of those that count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IntelligenceLed {
    /// Stated as intelligence-led.
    pub yes: u32,
    /// Stated as not.
    pub no: u32,
    /// Nobody says.
    pub unknown: u32,
}

/// The days a ledger is made for. Mostly one and the same; at the end of a period that is over they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The day under way: what is before it has gone by.
    pub clock: Date,
    /// Work up to this day is in, the day included.
    pub work_until: Date,
    /// What was reported, booked and said up to this day is known.
    pub known_on: Date,
}

impl View {
    /// As things are on a day.
    pub fn on(day: Date) -> Self {
        Self { clock: day, work_until: day, known_on: day }
    }

    /// As things were when a period ended, with what was reported about it until `known_on`. Before the end of the
    /// period: as things are on that day.
    pub fn at_end_of(period: &Period, known_on: Date) -> Self {
        if known_on < period.end() {
            return Self::on(known_on);
        }
        Self { clock: period.end(), work_until: period.last_day(), known_on }
    }
}

/// The ledger on a day. Activities that start after it, counts reported after it, dates booked after it and
/// comments made after it are left out. Pure; per commitment one pass over the activities of its kind.
pub fn ledger(book: &Book, as_of: Date) -> Ledger {
    ledger_at(book, View::on(as_of))
}

/// The ledger as of a view; see [`ledger`].
pub fn ledger_at(book: &Book, view: View) -> Ledger {
    // The day whose state it is: at the end of a period its last day, not the one after.
    let as_of = view.work_until;
    let documents = book.promises.iter().map(|document| document_ledger(book, document, view)).collect();
    let unreadable = book.unreadable_promises.iter();
    let mut notices: Vec<Notice> = unreadable
        .map(|(promise, what)| Notice::UnreadablePromise { promise: promise.clone(), what: what.clone() })
        .collect();
    notices.extend(contradictions::of_records(book, view.known_on));
    Ledger { as_of, documents, notices }
}

fn document_ledger(book: &Book, document: &PromiseDocument, view: View) -> DocumentLedger {
    let head = document.head();
    let rows = document.commitments().iter().map(|commitment| row(book, document, commitment, view)).collect();
    let begun = view.clock >= head.period.start();
    let notices = (!begun).then(|| Notice::PeriodNotBegun { begins: head.period.start() }).into_iter().collect();
    DocumentLedger { document: document.clone(), rows, notices }
}

fn row(book: &Book, document: &PromiseDocument, commitment: &Commitment, view: View) -> Row {
    let is_about = |comment: &&Comment| {
        comment.promise == document.head().id
            && comment.commitment == commitment.id
            && document.head().parties.iter().any(|party| party.id == comment.party)
            && comment.on <= view.known_on
    };
    let comments = book.comments.iter().filter(is_about).cloned().collect();
    let mut row = Row {
        commitment: commitment.clone(),
        status: Status::CannotBeMeasured,
        reason: Reason::NotMeasurable,
        stretches: Vec::new(),
        level: None,
        perceived: None,
        published: None,
        comments,
        notices: contradictions::of_area(book, document, commitment.pledge.area()),
    };
    match &commitment.pledge {
        Pledge::Activities { kind, count_by, target, actors, place } => {
            let wanted = Wanted { document, kind, actors, place };
            number(book, wanted, *count_by, *target, view, &mut row);
            row.notices.extend(contradictions::of_promises(book, document, commitment));
        }
        Pledge::Raise { measure: Measure::Activity { kind, actors }, place, baseline } => {
            let wanted = Wanted { document, kind, actors, place };
            let raised = raised(book, wanted, baseline.as_ref(), view.clock);
            (row.status, row.reason, row.level) = (raised.status, raised.reason, Some(raised.level));
            row.notices.extend(raised.notice);
        }
        Pledge::Raise { measure: Measure::PerceivedSafety { respondents }, place, baseline } => {
            let area = match place {
                PledgePlace::Area(area) => Some(area),
                PledgePlace::Municipality | PledgePlace::None => None,
            };
            let period = &document.head().period;
            let audience = Audience::Internal;
            let level =
                perceived::since(book, area, *respondents, baseline.as_ref(), period, view.work_until, audience);
            let clock = Clock::at(period, view.clock);
            (row.status, row.reason) = match (level.reason, clock.elapsed_days) {
                (_, None) => (Status::NotStarted, Reason::Rule(Rule::PeriodNotBegun)),
                (reason, _) => (perceived_status(reason, clock.is_over()), Reason::Perceived(reason)),
            };
            row.perceived = Some(level);
        }
        Pledge::Publish { at_most_days, .. } => {
            let known = book.publications.partition_point(|day| *day <= view.known_on);
            let at_most_days = at_most_days.map(std::num::NonZeroU32::get);
            let period = &document.head().period;
            // A release of a month is published after it: until the day on which all else is known.
            let (status, reason, found) =
                published(&book.publications[..known], period, view.clock.max(view.known_on), at_most_days);
            (row.status, row.reason, row.published) = (status, reason, Some(found));
        }
        Pledge::NotMeasurable { .. } => row.reason = Reason::NotMeasurable,
        Pledge::NothingPromised { .. } => row.reason = Reason::NothingPromised,
    }
    row
}

/// Answers that agree with no change are no verdict: they may be too few to show one.
fn perceived_status(reason: LevelReason, is_over: bool) -> Status {
    match (reason, is_over) {
        (LevelReason::Higher, false) => Status::OnPace,
        (LevelReason::Higher, true) => Status::Met,
        (LevelReason::Lower, false) => Status::Behind,
        (LevelReason::Lower, true) => Status::Missed,
        _ => Status::CannotBeMeasured,
    }
}

fn number(book: &Book, wanted: Wanted<'_>, count_by: CountBy, target: Target, view: View, row: &mut Row) {
    let periods = wanted.document.windows(&target);
    let found = evidence::collect(book, wanted, count_by, &periods, view);
    let bookings = Bookings::of(book, wanted.kind, wanted.place, view.clock);
    let by_operation = count_by == CountBy::Operation;
    let at_least = target.at_least.get();
    row.stretches = periods
        .into_iter()
        .map(|period| stretch(&found, &bookings, period, at_least, by_operation, view.clock))
        .collect();
    let is_over = row.stretches.last().is_some_and(|last| last.clock.is_over());
    (row.status, row.reason) = match row.current(view.work_until) {
        // A promise of several years is met when each of them is.
        _ if is_over => {
            let missed = row.stretches.iter().filter(|stretch| stretch.status != Status::Met).count();
            (if missed == 0 { Status::Met } else { Status::Missed }, Reason::AllOver { missed })
        }
        Some(current) => (current.status, Reason::Rule(current.rule)),
        None => (Status::CannotBeMeasured, Reason::NotMeasurable),
    };
    row.notices.extend(found.notices);
    let whole = &wanted.document.head().period;
    let gone = bookings.gone.iter().filter(|(_, day)| contains(whole, *day));
    row.notices
        .extend(gone.map(|(booking, day)| Notice::BookingWithoutActivity { booking: booking.clone(), day: *day }));
}

fn stretch(
    found: &Evidence,
    bookings: &Bookings,
    period: Period,
    target: u32,
    by_operation: bool,
    as_of: Date,
) -> Stretch {
    let items: Vec<Item> = found.items.iter().filter(|item| contains(&period, item.day)).cloned().collect();
    let counts: Vec<CountPart> = found.counts.iter().filter(|part| overlap(&part.period, &period)).cloned().collect();
    let left_out = found.left_out.iter().filter(|left_out| contains(&period, left_out.day)).cloned().collect();
    let booked: Vec<(Id, Date)> = bookings.ahead.iter().filter(|(_, day)| contains(&period, *day)).cloned().collect();
    let reported = counts.iter().map(|part| part.counted).fold(0, u32::saturating_add);
    let done = (items.len() as u32).saturating_add(reported);
    let per_day = items.iter().map(|item| item.days.len() as u32).sum::<u32>().saturating_add(reported);
    let clock = Clock::at(&period, as_of);
    let (status, rule) = status(target, done, clock, !booked.is_empty());
    Stretch {
        target,
        done,
        clock,
        pace: clock.pace(target),
        status,
        rule,
        intelligence_led: by_operation.then(|| intelligence_led(&items, &counts)),
        one_per_day: (by_operation && per_day != done).then_some(per_day),
        items,
        counts,
        left_out,
        booked,
        period,
    }
}

fn intelligence_led(items: &[Item], counts: &[CountPart]) -> IntelligenceLed {
    let mut led = IntelligenceLed::default();
    for item in items {
        match item.intelligence_led {
            Some(true) => led.yes += 1,
            Some(false) => led.no += 1,
            None => led.unknown += 1,
        }
    }
    for part in counts {
        match part.intelligence_led {
            Some(yes) => {
                led.yes = led.yes.saturating_add(yes);
                led.no = led.no.saturating_add(part.counted - yes);
            }
            None => led.unknown = led.unknown.saturating_add(part.counted),
        }
    }
    led
}

/// Dates set for a kind in a place, none of which has become an activity.
struct Bookings {
    /// From the day on.
    ahead: Vec<(Id, Date)>,
    /// Before it.
    gone: Vec<(Id, Date)>,
}

impl Bookings {
    fn of(book: &Book, kind: &str, place: &PledgePlace, as_of: Date) -> Self {
        let open = open_bookings(book, as_of);
        let is_open = |booking: &&&Booking| {
            let is_there = match place {
                PledgePlace::Area(area) => booking.area.as_ref() == Some(area),
                PledgePlace::Municipality | PledgePlace::None => true,
            };
            booking.kind == kind && is_there
        };
        let dated = |booking: &Booking| (booking.id.clone(), local_date(booking.when.start_s(), &book.zone));
        let (gone, ahead) =
            open.iter().filter(is_open).map(|booking| dated(booking)).partition(|(_, day)| *day < as_of);
        Self { ahead, gone }
    }
}
