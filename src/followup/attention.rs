//! Places that may need attention, and why: a proposal for a meeting, from plain rules that anybody can check.
//!
//! | reason | rule |
//! |---|---|
//! | more than before | the change of an area against the period before is a finding upwards |
//! | dense | an official outline that may be first by observations per km² and is surely not last |
//! | repeated | a repeated place without an open action about any of its observations |
//! | late | an open action of the area is past its due day |
//! | behind | a commitment for the area is behind or was not met |
//! | feels less safe | the latest wave of a survey about the area shows a smaller share who feel safe |
//!
//! Below [`LEAST_TO_PROPOSE`] observations numbers propose nothing: the first two reasons are not given, and the
//! proposal says so. Assumed and placeholder outlines are never ranked. Silence of an organisation is no reason about a place.
//! The order of proposals is no rank: areas as in the table, then repeated places by their observations.

use std::collections::HashSet;

use jiff::civil::Date;

use super::Book;
use super::overdue::is_open;
use super::perceived::{Verdict as WaveVerdict, WaveChange};
use super::picture::{LEAST_TO_PROPOSE, Picture, Stage};
use super::status::Status;
use super::tasks::Tasks;
use crate::analysis::area_density::{Comparison, Count, RankRange};
use crate::analysis::change::Verdict;
use crate::analysis::poisson::Interval;
use crate::domain::Id;
use crate::spatial::{AreaIndex, Snapshot};

/// Most repeated places that are proposed; the list of all is elsewhere.
pub const MOST_REPEATED: usize = 10;

/// What a proposal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// An area of the table.
    Area(AreaIndex),
    /// All that lies in no area of the table.
    Rest,
    /// A repeated place, as a position in the list of the picture.
    Repeated(usize),
}

/// Why a place may need attention.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// More observations than in the period before.
    MoreThanBefore {
        /// Observations.
        n: u64,
        /// Against the period before.
        comparison: Comparison,
    },
    /// May be first by observations per km².
    Dense {
        /// Observations.
        n: u64,
        /// Per km² in the period, with the exact interval.
        per_km2: (f64, Interval),
        /// Where it stands.
        rank: RankRange,
        /// Among so many areas that are ranked.
        ranked: usize,
    },
    /// Seen again and again, and no open action is about it.
    RepeatedWithoutAction,
    /// Open actions past their due day.
    OverdueActions {
        /// How many.
        n: usize,
        /// The earliest due day.
        oldest: Date,
    },
    /// A commitment is behind or was not met.
    Commitment {
        /// The document.
        document: Id,
        /// The commitment in it.
        commitment: Id,
        /// How it stands.
        status: Status,
    },
    /// A smaller share feels safe than in the wave before.
    FeelsLessSafe {
        /// The latest wave.
        survey: Id,
        /// Its answers.
        answered: u32,
        /// Against the wave before.
        change: WaveChange,
    },
}

impl Reason {
    /// The word used in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MoreThanBefore { .. } => "more_than_before",
            Self::Dense { .. } => "dense",
            Self::RepeatedWithoutAction => "repeated_without_action",
            Self::OverdueActions { .. } => "overdue_actions",
            Self::Commitment { .. } => "commitment",
            Self::FeelsLessSafe { .. } => "feels_less_safe",
        }
    }
}

/// A place with every reason there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Which place.
    pub place: Where,
    /// At least one.
    pub reasons: Vec<Reason>,
}

/// What is proposed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attention {
    /// None when nothing stands out.
    pub proposals: Vec<Proposal>,
    /// Observations in the period when they are too few to propose anything by number.
    pub too_few: Option<u64>,
    /// Repeated places beyond the [`MOST_REPEATED`] that are proposed.
    pub more_repeated: usize,
}

/// Reads the proposals out of a picture. Pure; cost: the actions once for each repeated place.
pub(super) fn attention(snapshot: &Snapshot, book: &Book, picture: &Picture) -> Attention {
    let n = match picture.density.total {
        Count::Whole { n, .. } => n,
        Count::Expected(value) => value as u64,
    };
    let enough = n >= LEAST_TO_PROPOSE;
    let ranked = picture.density.lines.iter().filter(|line| line.rank.is_ok()).count();
    let mut proposals = Vec::new();
    for (line, part) in picture.density.lines.iter().zip(&picture.areas) {
        let mut reasons = Vec::new();
        if enough {
            reasons.extend(more_than_before(line.count, line.change.as_ref()));
            let per_km2 = line.per_km2().and_then(|(value, interval)| Some((value, interval?)));
            if let (Ok(rank), Some(per_km2)) = (line.rank, per_km2)
                && rank.low == 1
                && rank.high < ranked
            {
                reasons.push(Reason::Dense { n: whole(line.count), per_km2, rank, ranked });
            }
        }
        reasons.extend(overdue(&part.tasks));
        reasons.extend(about_area(picture, &snapshot.areas().area(line.area).id));
        if !reasons.is_empty() {
            proposals.push(Proposal { place: Where::Area(line.area), reasons });
        }
    }
    if enough && let Some(reason) = more_than_before(picture.density.rest.count, picture.density.rest.change.as_ref()) {
        proposals.push(Proposal { place: Where::Rest, reasons: vec![reason] });
    }
    let open: HashSet<&str> = book
        .actions
        .iter()
        .filter(|action| is_open(action.status))
        .filter_map(|a| a.about.as_ref())
        .map(Id::as_str)
        .collect();
    let mut repeated: Vec<Proposal> = Vec::new();
    if picture.stage != Stage::NotBegun {
        for (i, place) in picture.repeated.places.iter().enumerate() {
            if !place.ids.iter().any(|id| open.contains(id.as_str())) {
                repeated.push(Proposal { place: Where::Repeated(i), reasons: vec![Reason::RepeatedWithoutAction] });
            }
        }
    }
    let more_repeated = repeated.len().saturating_sub(MOST_REPEATED);
    repeated.truncate(MOST_REPEATED);
    proposals.extend(repeated);
    Attention { proposals, too_few: (!enough).then_some(n), more_repeated }
}

fn whole(count: Count) -> u64 {
    match count {
        Count::Whole { n, .. } => n,
        Count::Expected(value) => value as u64,
    }
}

fn more_than_before(count: Count, comparison: Option<&Comparison>) -> Option<Reason> {
    let comparison = comparison.filter(|comparison| comparison.verdict() == Verdict::Higher)?;
    Some(Reason::MoreThanBefore { n: whole(count), comparison: comparison.clone() })
}

fn overdue(tasks: &Tasks) -> Option<Reason> {
    let oldest = tasks.overdue.iter().filter_map(|action| action.due).min()?;
    Some(Reason::OverdueActions { n: tasks.overdue.len(), oldest })
}

/// Commitments and surveys about an area.
fn about_area(picture: &Picture, area: &Id) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for document in picture.documents() {
        for row in &document.rows {
            let is_late = matches!(row.status, Status::Behind | Status::Missed);
            if is_late && row.commitment.pledge.area() == Some(area) {
                reasons.push(Reason::Commitment {
                    document: document.document.head().id.clone(),
                    commitment: row.commitment.id.clone(),
                    status: row.status,
                });
            }
        }
    }
    for series in picture.surveys.iter().filter(|series| series.question.area.as_ref() == Some(area)) {
        let Some(wave) = series.waves.last() else { continue };
        if let Some(change) = wave.change.as_ref().filter(|change| change.verdict == WaveVerdict::Lower) {
            let (survey, answered) = (wave.survey.clone(), wave.answered);
            reasons.push(Reason::FeelsLessSafe { survey, answered, change: change.clone() });
        }
    }
    reasons
}
