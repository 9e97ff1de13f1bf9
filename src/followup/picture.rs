//! The situation picture: what is known about the areas in a period, what is promised and done, what is not known.
//!
//! A value from a snapshot, a book, a period and a day. Observations are counted by
//! [`area_density`](crate::analysis::area_density), promises by [`ledger`](super::ledger), surveys by [`perceived`](super::perceived).
//! Observations, work done and perceived safety stand beside each other and are never set against each other.

use jiff::ToSpan;
use jiff::civil::Date;

use super::attention::{Attention, attention};
use super::ledger::{Ledger, View, ledger_at};
use super::perceived::{Audience, Series, series};
use super::tasks::{Tasks, homes, tasks};
use super::work::{Work, work};
use super::{Book, silence};
use crate::analysis::area_density::{AreaDensity, AreaDensityParams, area_density};
use crate::analysis::area_profile::{AreaProfile, area_profile};
use crate::analysis::repeated_places::{RepeatedPlaces, RepeatedPlacesParams, repeated_places};
use crate::domain::{Certainty, Counted, Filter, Period, local_date};
use crate::spatial::{AreaIndex, Query, Snapshot};

/// Observations from which numbers propose places.
pub const LEAST_TO_PROPOSE: u64 = 20;

/// How the period lies to the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its first day has not come.
    NotBegun,
    /// So many days of it are to come; it is counted up to the day.
    UnderWay {
        /// Days after the day under way.
        days_left: i64,
    },
    /// It is over.
    Over,
}

/// One area.
#[derive(Clone, Debug)]
pub struct AreaPart {
    /// Which; its numbers are the line of the same position in [`Picture::density`].
    pub area: AreaIndex,
    /// Months, hours by weekdays, categories.
    pub profile: AreaProfile,
    /// Actions that belong to it.
    pub tasks: Tasks,
    /// Work done in it.
    pub work: Vec<Work>,
}

/// What is not known, and so cannot be read out of the picture.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Areas whose outline is drawn by us.
    pub assumed: Vec<AreaIndex>,
    /// Areas whose place is not known.
    pub placeholder: Vec<AreaIndex>,
    /// Days at the start of the period before the first observation of the file.
    pub days_before_data: i64,
    /// Organisations that have reported by week and did not for some weeks of the period.
    pub silent: Vec<silence::Silent>,
    /// Organisations that report by week at all.
    pub reporting: usize,
    /// Areas of the table that no survey has asked about.
    pub without_survey: Vec<AreaIndex>,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The period as asked for.
    pub asked: Period,
    /// The day under way; nothing later is known.
    pub as_of: Date,
    /// How the period lies to it.
    pub stage: Stage,
    /// The days counted: the period, up to the day.
    pub period: Period,
    /// The day for which promises, surveys and repeated places are shown: the day, or the last of the period.
    pub until: Date,
    /// Observations by area, against the period before.
    pub density: AreaDensity,
    /// Number of each category in the whole file and its observations in the period; most first.
    pub terms: Vec<(u16, u64)>,
    /// One for each line of the table.
    pub areas: Vec<AreaPart>,
    /// Repeated places in the 28 days up to `until`.
    pub repeated: RepeatedPlaces,
    /// All actions as they are now.
    pub tasks: Tasks,
    /// Actions that belong to no area of the table.
    pub tasks_elsewhere: Tasks,
    /// Work done in no area of the table, or without a place.
    pub work_elsewhere: Vec<Work>,
    /// Perceived safety.
    pub surveys: Vec<Series>,
    /// Promises; those that hold in the period are [`Picture::documents`].
    pub ledger: Ledger,
    /// Places that may need attention, and why.
    pub attention: Attention,
    /// What is not known.
    pub unknown: Unknown,
    /// First and last day of the observations of the file, up to the day.
    pub data: Option<(Date, Date)>,
}

impl Picture {
    /// The promises that hold on some day of the period.
    pub fn documents(&self) -> impl Iterator<Item = &super::ledger::DocumentLedger> {
        self.ledger.documents.iter().filter(|document| {
            let period = &document.document.head().period;
            period.start() < self.asked.end() && self.asked.start() < period.end()
        })
    }

    /// Whether the observations of the file say anything about the period.
    pub fn is_known(&self) -> bool {
        let reaches = |(first, _): (Date, Date)| first < self.period.end();
        self.stage != Stage::NotBegun && self.data.is_some_and(reaches)
    }
}

/// What a picture is made with besides its period and day.
#[derive(Clone, Debug, Default)]
pub struct PictureParams {
    /// The areas of the table, by set; absent: the first set of the file.
    pub set: Option<String>,
    /// How repeated places are found.
    pub repeated: RepeatedPlacesParams,
}

/// The situation picture of a period on a day. A period under way is counted up to the day and compared with as many
/// days before it (a year with the same days of the year before); one that has not begun is empty and says so. Cost: some scans of the records of the period, one for
/// each area among them.
pub fn picture(snapshot: &Snapshot, book: &Book, asked: &Period, as_of: Date, params: &PictureParams) -> Picture {
    let (stage, period) = counted(asked, as_of);
    let until = as_of.min(period.last_day());
    let filter = Filter { window: period.window(snapshot.zone()), ..Filter::default() };
    let density = area_density(
        snapshot,
        &AreaDensityParams {
            filter: filter.clone(),
            period: Some(period.clone()),
            compare: Some(before(asked, &period)),
            set: params.set.clone(),
        },
    );
    let shown: Vec<AreaIndex> = density.lines.iter().map(|line| line.area).collect();
    let homes = homes(snapshot, book);
    let part = |area: &AreaIndex| AreaPart {
        area: *area,
        profile: area_profile(snapshot, &filter, &snapshot.areas().area(*area).id),
        tasks: tasks(book, &homes, as_of, |areas| areas.contains(area)),
        work: work(book, &period, as_of, |areas| areas.contains(area)),
    };
    let is_elsewhere = |areas: &[AreaIndex]| !areas.iter().any(|area| shown.contains(area));
    let repeated = repeated_places(snapshot, &Filter::default(), until, &params.repeated);
    let surveys = series(book, until, Audience::Internal);
    let ledger = ledger_at(book, View::at_end_of(asked, as_of));
    let data = data_days(snapshot, as_of);
    let outlines = |certainty: Certainty| {
        shown.iter().copied().filter(|area| snapshot.areas().area(*area).certainty == certainty).collect()
    };
    let asked_about = |area: &AreaIndex| {
        let id = &snapshot.areas().area(*area).id;
        surveys.iter().any(|series| series.question.area.as_ref() == Some(id) && !series.waves.is_empty())
    };
    let (silent, reporting) = silence::silent(book, &period, as_of);
    let unknown = Unknown {
        assumed: outlines(Certainty::Assumed),
        placeholder: outlines(Certainty::Placeholder),
        days_before_data: data.map_or(0, |(first, _)| days_before(&period, first)),
        silent,
        reporting,
        without_survey: shown.iter().copied().filter(|area| !asked_about(area)).collect(),
    };
    let mut picture = Picture {
        asked: asked.clone(),
        as_of,
        stage,
        until,
        terms: terms(snapshot, &filter),
        areas: shown.iter().map(part).collect(),
        repeated,
        tasks: tasks(book, &homes, as_of, |_| true),
        tasks_elsewhere: tasks(book, &homes, as_of, is_elsewhere),
        work_elsewhere: work(book, &period, as_of, is_elsewhere),
        density,
        period,
        surveys,
        ledger,
        attention: Attention::default(),
        unknown,
        data,
    };
    picture.attention = attention(snapshot, book, &picture);
    picture
}

/// The days counted: none after the day. A period that has not begun stays whole; nothing lies in it.
fn counted(asked: &Period, as_of: Date) -> (Stage, Period) {
    match Period::spanning(asked.start(), as_of) {
        None => (Stage::NotBegun, asked.clone()),
        Some(so_far) if so_far.end() < asked.end() => {
            let days_left = asked.days() - so_far.days();
            (Stage::UnderWay { days_left }, so_far)
        }
        Some(_) => (Stage::Over, asked.clone()),
    }
}

/// What is compared with: the days just before of the same length; for a year or more the same days of the year before,
/// so that a year under way does not compare a spring with an autumn.
fn before(asked: &Period, period: &Period) -> Period {
    const YEAR: i64 = 365;
    let back = |day: Date| day.saturating_sub(1.year());
    let last_year = Period::new(back(period.start()), back(period.end()))
        // A period of more than a year would be compared with itself in part.
        .filter(|earlier| asked.days() >= YEAR && earlier.end() <= period.start());
    last_year.unwrap_or_else(|| period.before())
}

/// Days of a period before a day.
fn days_before(period: &Period, first: Date) -> i64 {
    Period::new(period.start(), first.min(period.end())).map_or(0, |days| days.days())
}

/// First and last day of the observations that are known on a day.
fn data_days(snapshot: &Snapshot, as_of: Date) -> Option<(Date, Date)> {
    let (first, last) = snapshot.extent_in_time(Counted::Observations)?;
    let (first, last) = (local_date(first, snapshot.zone()), local_date(last, snapshot.zone()));
    if last <= as_of {
        return Some((first, last));
    }
    // Some lie after the day: look for the last before it.
    let until = Period::spanning(first, as_of)?;
    let filter = Filter { window: until.window(snapshot.zone()), ..Filter::default() };
    let mut newest: Option<i64> = None;
    Query::new(&filter, snapshot).scan(|columns, row, _| newest = newest.max(Some(columns.start_s[row])));
    newest.map(|second| (first, local_date(second, snapshot.zone())))
}

fn terms(snapshot: &Snapshot, filter: &Filter) -> Vec<(u16, u64)> {
    let mut counts: std::collections::BTreeMap<u16, u64> = std::collections::BTreeMap::new();
    Query::new(filter, snapshot).scan(|columns, row, _| *counts.entry(columns.term[row]).or_default() += 1);
    let mut counts: Vec<(u16, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(term, n)| (std::cmp::Reverse(*n), *term));
    counts
}
