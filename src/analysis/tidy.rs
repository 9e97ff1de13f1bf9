//! The tidy table: one count per area, month and category (or kind).
//!
//! Every number is that of [`area_density`] for one month and one category, by its rules: areas may
//! overlap, so the rows of a month are not to be added up over areas; what lies in no area of the set
//! is in the rest; what cannot be placed is without position. A month without records has rows with 0.
//! The first and last month may be cut by the period; a row says which days it counts.
//!
//! Cost: a pass over the records of a month for each category.

use jiff::civil::Date;

use super::area_density::{AreaDensityParams, Count, area_density, days_of_records};
use super::records::RecordCounts;
use crate::domain::{Counted, Filter, Period, TimeWindow, Vocabulary};
use crate::spatial::{AreaIndex, Snapshot};

/// Where the records of a row are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In an area of the set.
    Area(AreaIndex),
    /// Located, in no area of the set.
    Rest,
    /// Not located, or too coarsely.
    WithoutPosition,
}

/// One number.
#[derive(Clone, Debug, PartialEq)]
pub struct TidyRow {
    /// Where.
    pub spot: Spot,
    /// The days of one calendar month that are counted.
    pub days: Period,
    /// Number of the category or kind in the snapshot's table.
    pub term: u16,
    /// How many.
    pub count: Count,
}

/// The whole table.
#[derive(Clone, Debug, PartialEq)]
pub struct Tidy {
    /// The set of areas shown.
    pub set: String,
    /// The days counted; absent when there is no record and no period was asked.
    pub period: Option<Period>,
    /// By area, then month, then category; areas in the order of the file, then rest and without position.
    pub rows: Vec<TidyRow>,
    /// All matching records, each once.
    pub total: Count,
    /// What became of them.
    pub records: RecordCounts,
}

/// How many rows [`tidy`] would give; one pass over the records at most.
pub fn tidy_len(snapshot: &Snapshot, params: &AreaDensityParams) -> usize {
    let sets = snapshot.areas().sets();
    let set = params.set.as_deref().or_else(|| sets.first().copied()).unwrap_or_default();
    let areas = snapshot.areas().areas().iter().filter(|area| area.set == set).count();
    let months = period_of(snapshot, params).map_or(0, |period| months(&period).len());
    (areas + 2) * months * terms_of(snapshot, &params.filter).len()
}

/// Counts the records of a snapshot by area, month and category. `compare` is not looked at.
pub fn tidy(snapshot: &Snapshot, params: &AreaDensityParams) -> Tidy {
    let params = AreaDensityParams { compare: None, ..params.clone() };
    let whole = area_density(snapshot, &params);
    let period = period_of(snapshot, &params);
    let terms = terms_of(snapshot, &params.filter);
    let mut spots: Vec<Spot> = whole.lines.iter().map(|line| Spot::Area(line.area)).collect();
    spots.extend([Spot::Rest, Spot::WithoutPosition]);
    let months = period.as_ref().map_or_else(Vec::new, months);

    // Counted month by month, told area by area.
    let mut counts: Vec<Vec<Count>> = vec![Vec::with_capacity(months.len() * terms.len()); spots.len()];
    for month in &months {
        for (_, code) in &terms {
            let mut filter = params.filter.clone();
            filter.window = overlap(params.filter.window, month.window(snapshot.zone()));
            match filter.of {
                Counted::Observations => filter.categories = vec![(*code).to_string()],
                Counted::Activities => filter.kinds = vec![(*code).to_string()],
            }
            let density = area_density(snapshot, &AreaDensityParams { filter, period: None, ..params.clone() });
            let ends = [density.rest.count, density.without_position.count];
            let all = density.lines.iter().map(|line| line.count).chain(ends);
            counts.iter_mut().zip(all).for_each(|(list, count)| list.push(count));
        }
    }
    let keys = || months.iter().flat_map(|month| terms.iter().map(move |(term, _)| (month, *term)));
    let rows = spots.iter().zip(counts).flat_map(|(spot, counts)| {
        let of_spot = keys().zip(counts);
        of_spot
            .map(|((month, term), count)| TidyRow { spot: *spot, days: month.clone(), term, count })
            .collect::<Vec<_>>()
    });
    Tidy { rows: rows.collect(), set: whole.set, total: whole.total, records: whole.records, period }
}

fn period_of(snapshot: &Snapshot, params: &AreaDensityParams) -> Option<Period> {
    params.period.clone().or_else(|| days_of_records(snapshot, &params.filter))
}

/// The categories or kinds asked about: those of the filter, else all of the file.
fn terms_of<'a>(snapshot: &'a Snapshot, filter: &Filter) -> Vec<(u16, &'a str)> {
    let (words, terms) = match filter.of {
        Counted::Observations => (&filter.categories, &snapshot.vocabulary().categories),
        Counted::Activities => (&filter.kinds, &snapshot.vocabulary().kinds),
    };
    // As `Query` reads a word: a code as written comes before labels.
    let number_of = |word: &String| {
        let exact = terms.iter().position(|term| term.code == *word);
        exact.or_else(|| Vocabulary::find(terms, word).and_then(|f| terms.iter().position(|t| t.code == f.code)))
    };
    let wanted: Vec<usize> = words.iter().filter_map(number_of).collect();
    let numbered = (0..).zip(terms).map(|(number, term)| (number, term.code.as_str()));
    numbered.filter(|(number, _)| words.is_empty() || wanted.contains(&usize::from(*number))).collect()
}

/// The calendar months of a period, the first and last cut at its ends.
fn months(period: &Period) -> Vec<Period> {
    let first_days = period.start().first_of_month().series(jiff::Span::new().months(1));
    let cut = |first: Date| Period::spanning(first.max(period.start()), first.last_of_month().min(period.last_day()));
    first_days.take_while(|first| *first <= period.last_day()).filter_map(cut).collect()
}

fn overlap(a: TimeWindow, b: TimeWindow) -> TimeWindow {
    TimeWindow {
        start_s: a.start_s.into_iter().chain(b.start_s).max(),
        end_s: a.end_s.into_iter().chain(b.end_s).min(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_cut_at_the_ends_of_the_period() {
        let period = Period::parse("2024-01-15/2024-03-02").expect("period");
        let found: Vec<String> = months(&period).iter().map(|m| format!("{}/{}", m.start(), m.last_day())).collect();
        assert_eq!(found, ["2024-01-15/2024-01-31", "2024-02-01/2024-02-29", "2024-03-01/2024-03-02"]);
        let day = Period::parse("2024-01-31/2024-01-31").expect("period");
        assert_eq!(months(&day), [day]);
    }

    #[test]
    fn a_window_keeps_the_narrower_of_both_ends() {
        let open = TimeWindow::default();
        let window = |start, end| TimeWindow { start_s: Some(start), end_s: Some(end) };
        assert_eq!(overlap(open, window(1, 5)), window(1, 5));
        assert_eq!(overlap(window(2, 9), window(1, 5)), window(2, 5));
    }
}
