//! Deeds: what authorities promised to account for. Exact, and zero is shown.

use jiff::civil::Date;

use super::{LevelReason, Rule, Status, Verdict};
use crate::domain::{Id, Names, Period};

/// The follow-up at the end of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowUp {
    /// The days whose deeds are in [`FollowUp::areas`]: the period of a statistics release; in the follow-up stream the
    /// calendar year up to the end of the month.
    pub deeds_period: Period,
    /// Promises that hold on it or were over in the year before: newest first.
    pub promises: Vec<PublicPromise>,
    /// One row for each public area, then the whole municipality (`area` none).
    pub areas: Vec<AreaDeeds>,
    /// Surveys of perceived safety with at least 50 answers, by area and question.
    pub surveys: Vec<PublicSurvey>,
    /// What everybody is invited to after the day of publication, by day.
    pub invitations: Vec<Invitation>,
}

/// A signed promise.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicPromise {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub names: Names,
    /// When it was signed.
    pub signed: Date,
    /// When it applies.
    pub period: Period,
    /// Organisations that signed.
    pub parties: Vec<String>,
    /// What they promised, in the words of the document (Swedish).
    pub quotes: Vec<String>,
    /// Its countable parts, in the order of the document.
    pub commitments: Vec<PublicCommitment>,
}

/// A countable part of a promise.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicCommitment {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub names: Names,
    /// The words of the document (Swedish).
    pub quote: String,
    /// Where: an area, or none.
    pub area: Option<Names>,
    /// Computed, never set.
    pub status: Status,
    /// What is known.
    pub known: Known,
    /// Why it has its status.
    pub why: Why,
    /// What parties say about it, the newest last.
    pub comments: Vec<PublicComment>,
}

/// What is known of a commitment.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// A number to reach in a stretch of days.
    Number {
        /// At least so many.
        target: u32,
        /// Done.
        done: u32,
        /// Of them, how many were reported as a number only.
        reported: u32,
        /// What the days gone by ask for; none for a small target.
        pace: Option<u32>,
        /// The days.
        period: Period,
        /// Of those done, how many are stated as intelligence-led; none where it is not asked.
        intelligence_led: Option<u32>,
    },
    /// A level of work to raise: in seven days, now and before.
    Level {
        /// Now; none while nothing is logged.
        now: Option<f64>,
        /// Before; none without a baseline.
        before: Option<f64>,
        /// Whether minutes are compared, or times.
        in_minutes: bool,
    },
    /// A level of perceived safety: see the surveys.
    Perceived,
    /// Publication of the follow-up.
    Published {
        /// Times in the days of the promise, this one included.
        times: u32,
        /// The longest gap so far, days.
        longest_gap_days: u32,
        /// The longest gap that was promised, when one was.
        at_most_days: Option<u32>,
    },
    /// Nothing can be counted.
    Nothing,
}

/// Why a commitment has its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The rule about a number.
    Rule(Rule),
    /// All its stretches are over, and so many missed.
    AllOver {
        /// Stretches that missed.
        missed: usize,
    },
    /// There is nothing to compare with yet.
    NoBaseline,
    /// The first weeks are the start of measurement; there is no verdict.
    StartOfMeasurement,
    /// Above the level before.
    LevelHigher,
    /// Not above it.
    LevelNotHigher,
    /// Nothing is logged after the baseline.
    NothingAfterBaseline,
    /// What surveys say.
    Perceived(LevelReason),
    /// Published within the days that were promised.
    PublishedInTime,
    /// A gap was longer than was promised.
    PublishedLate,
    /// Published; no interval was promised.
    PublishedWithoutInterval,
    /// Nothing can show it.
    NotMeasurable,
    /// Nothing was promised here.
    NothingPromised,
}

/// What a party says, in public, about a commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicComment {
    /// The organisation.
    pub party: String,
    /// When.
    pub on: Date,
    /// The text, at most 400 characters.
    pub text: String,
}

/// Deeds of an area, or of the municipality.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaDeeds {
    /// The area; none is the whole municipality.
    pub area: Option<Id>,
    /// Its names.
    pub names: Names,
    /// Work in [`FollowUp::deeds_period`], every kind of the table, zero too.
    pub done: Vec<KindDeeds>,
    /// Actions as they stand.
    pub actions: ActionTotals,
}

/// Work of one kind. What is recorded one by one may be among what is reported as a number, so the two are never added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindDeeds {
    /// Code in the kind table.
    pub kind: String,
    /// Its names.
    pub names: Names,
    /// Recorded one by one; an operation is one.
    pub items: u32,
    /// Reported as numbers.
    pub reported: u32,
}

/// Actions per status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActionTotals {
    /// Done.
    pub done: u32,
    /// Planned or under way.
    pub under_way: u32,
    /// Nobody has begun.
    pub not_started: u32,
    /// It will not be done.
    pub not_done: u32,
}

/// A question that was put more than once, or once.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicSurvey {
    /// The area; none is the whole municipality.
    pub area: Option<Id>,
    /// Its names.
    pub area_names: Names,
    /// The question.
    pub question: Names,
    /// Who answered, as recorded.
    pub respondents: String,
    /// Waves, the oldest first.
    pub waves: Vec<PublicWave>,
}

/// A wave.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicWave {
    /// Its name.
    pub name: String,
    /// When.
    pub period: Period,
    /// Who made it.
    pub source: String,
    /// People who answered, rounded to ten; none where no share is told.
    pub answered: Option<u32>,
    /// Share who feel safe, whole percent, with its interval; none when fewer than 50 answered, or fewer than ten of
    /// them felt safe or unsafe.
    pub safe_percent: Option<(u32, u32, u32)>,
    /// Against the wave before: what can be said.
    pub change: Option<Verdict>,
    /// The smallest change such a wave would show, percentage points; none where no share is told.
    pub smallest_points: Option<u32>,
}

/// A public event to come. Police presence can never be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Code and names of its kind.
    pub kind: Names,
    /// What it is about, in a line.
    pub title: Option<String>,
    /// The area, when there is one.
    pub area: Option<Names>,
    /// The day.
    pub day: Date,
    /// Hours and minutes of the beginning and the end, when they are known.
    pub hours: Option<(jiff::civil::Time, jiff::civil::Time)>,
    /// Who invites: organisations.
    pub by: Vec<String>,
}
