//! The ledger of promises: for every commitment what is done, the target, the pace, the status and its reasons.

use jiff::civil::Date;

use super::Book;
use super::evidence::{CountPart, Item, LeftOut};
use super::notice::Notice;
use super::status::{Clock, Rule, Status};
use crate::domain::{Comment, Commitment, Id, Period, PromiseDocument};

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
    /// For a level to raise.
    pub level: Option<Level>,
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
    /// Surveys cannot show a change this small; `smallest_points` could be seen.
    ChangeTooSmallToSee {
        /// In percent units, rounded up.
        smallest_points: u32,
    },
    /// No survey, or only one wave, with enough answers to the same question.
    TooFewAnswers,
    /// Publication: the days since the last one are within the limit.
    PublishedInTime,
    /// Publication: the last one is longer ago than the limit.
    PublishedTooLongAgo,
    /// Publication: nothing is recorded, or no limit is named.
    PublicationWithoutLimit,
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
        let reported = self.counts.iter().map(|part| part.counted).sum::<u32>();
        (self.done - reported, reported)
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

/// A level compared with a baseline: presence per week, or the share who feel safe (`perceived`).
#[derive(Clone, Debug)]
pub struct Level {
    /// What the baseline is: named in the document, or the first weeks that were logged.
    pub baseline: Option<Baseline>,
    /// Activities and minutes since the baseline.
    pub now: Amount,
    /// The days `now` covers; none when there are none.
    pub now_period: Option<Period>,
}

/// What a level is compared with.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The days.
    pub period: Period,
    /// Whether the document names it; otherwise it is the start of measurement.
    pub named: bool,
    /// What was logged in it.
    pub amount: Amount,
}

/// Work logged over some weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// Activities.
    pub activities: u32,
    /// Minutes of those that say how many.
    pub minutes: f64,
    /// Activities that do not say how many.
    pub without_minutes: u32,
    /// Days covered.
    pub days: i64,
}

/// The ledger on a day. Activities that start after it, counts reported after it and comments made after it are
/// left out. Pure; cost: one pass over the activities per commitment.
pub fn ledger(_book: &Book, _as_of: Date) -> Ledger {
    todo!("being written")
}
