//! What is new by place: observations by category and activities by kind, in the areas of the first set of the
//! file, in the rest of the municipality and without position.

use crate::analysis::area_density::{AreaDensity, AreaDensityParams, area_density};
use crate::domain::{Counted, Filter, Id, Names, Period, Term};
use crate::spatial::Snapshot;
use jiff::ToSpan;

/// What is new, by place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewsByPlace {
    /// The days counted.
    pub period: Period,
    /// The last seven of them, counted apart.
    pub last_days: Period,
    /// The set of areas.
    pub set: String,
    /// The areas, in the order of the file. Areas may overlap, so the total is not their sum.
    pub areas: Vec<(Id, Names, PlaceNews)>,
    /// In none of them.
    pub rest: PlaceNews,
    /// Without a position, or with one too coarse for the area it falls in.
    pub without_position: PlaceNews,
    /// All records, each once.
    pub total: PlaceNews,
}

/// What is new in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceNews {
    /// Observations.
    pub observations: u64,
    /// Of them, in the last days.
    pub observations_last_days: u64,
    /// By category, most first and then in the order of the table; only those that occur.
    pub categories: Vec<TermCount>,
    /// Activities.
    pub activities: u64,
    /// By kind, as `categories`.
    pub kinds: Vec<TermCount>,
}

/// A number of records of one category or kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermCount {
    /// The category or kind with its labels.
    pub term: Term,
    /// Records, at least 1.
    pub n: u64,
}

/// Counts the records of some days. One scan of those days for each category and kind.
pub(super) fn news(snapshot: &Snapshot, period: &Period) -> NewsByPlace {
    let count = |of: Counted, term: Option<&Term>, period: &Period| {
        let code = term.map(|term| term.code.clone()).into_iter().collect::<Vec<_>>();
        let filter = match of {
            Counted::Observations => Filter { of, categories: code, ..Filter::default() },
            Counted::Activities => Filter { of, kinds: code, ..Filter::default() },
        };
        let params = AreaDensityParams { filter, period: Some(period.clone()), compare: None, set: None };
        area_density(snapshot, &params)
    };
    let last_start = period.end().saturating_sub(super::LEAST_DAYS_BACK.days()).max(period.start());
    let last_days = Period::new(last_start, period.end()).unwrap_or_else(|| period.clone());

    let all = count(Counted::Observations, None, period);
    let mut lines: Vec<PlaceNews> = counts(&all).into_iter().map(PlaceNews::of_observations).collect();
    for (line, n) in lines.iter_mut().zip(counts(&count(Counted::Observations, None, &last_days))) {
        line.observations_last_days = n;
    }
    for (line, n) in lines.iter_mut().zip(counts(&count(Counted::Activities, None, period))) {
        line.activities = n;
    }
    for term in &snapshot.vocabulary().categories {
        add(&mut lines, &count(Counted::Observations, Some(term), period), term, |line| &mut line.categories);
    }
    for term in &snapshot.vocabulary().kinds {
        add(&mut lines, &count(Counted::Activities, Some(term), period), term, |line| &mut line.kinds);
    }
    for line in &mut lines {
        line.categories.sort_by_key(|count| std::cmp::Reverse(count.n));
        line.kinds.sort_by_key(|count| std::cmp::Reverse(count.n));
    }
    let mut lines = lines.into_iter();
    let areas = all.lines.iter().zip(&mut lines).map(|(line, news)| {
        let area = snapshot.areas().area(line.area);
        (area.id.clone(), area.names.clone(), news)
    });
    let areas = areas.collect();
    let mut next = || lines.next().unwrap_or_default();
    NewsByPlace {
        period: period.clone(),
        last_days,
        set: all.set.clone(),
        areas,
        rest: next(),
        without_position: next(),
        total: next(),
    }
}

impl PlaceNews {
    fn of_observations(observations: u64) -> Self {
        Self { observations, ..Self::default() }
    }
}

/// The numbers of a table: its areas, the rest, without position, all.
fn counts(density: &AreaDensity) -> Vec<u64> {
    let ends = [density.rest.count, density.without_position.count, density.total];
    // Whole records are counted (no aoristic rule), far below 2^53: the value is an integer.
    density.lines.iter().map(|line| line.count).chain(ends).map(|count| count.value() as u64).collect()
}

fn add(
    lines: &mut [PlaceNews],
    density: &AreaDensity,
    term: &Term,
    list: impl Fn(&mut PlaceNews) -> &mut Vec<TermCount>,
) {
    for (line, n) in lines.iter_mut().zip(counts(density)) {
        if n > 0 {
            list(line).push(TermCount { term: term.clone(), n });
        }
    }
}
