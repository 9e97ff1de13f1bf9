//! One area over time: by month, by hour and weekday, by category or kind.
//!
//! Hours and weekdays are only counted for records whose time is a moment; the others are counted
//! apart. A table of hours by weekdays says little with few records, so it coarsens until the median
//! cell holds at least [`LEAST_MEDIAN`], and says which form it has.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::domain::{Filter, Id, local_date};
use crate::spatial::{Query, Snapshot};

/// Records the median cell of a rhythm must have.
pub const LEAST_MEDIAN: u64 = 5;

/// The forms of a rhythm, finest first: hours per row, and whether weekdays are told apart or only
/// Monday to Friday from the weekend.
const FORMS: [(usize, bool); 4] = [(1, true), (4, true), (4, false), (8, false)];

/// Counts of one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaProfile {
    /// First day of each local month from the first to the last with a record, and its records.
    pub series: Vec<(Date, u64)>,
    /// Hours by weekdays.
    pub rhythm: Rhythm,
    /// Number of the category or kind in the snapshot's table, and its records; most first.
    pub terms: Vec<(u16, u64)>,
}

/// Records by hour of the day and weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Hours in each row; 24 when even the coarsest form would be too thin.
    pub hours_per_row: usize,
    /// Columns: 7 (Monday first), 2 (Monday to Friday, weekend) or 1.
    pub columns: usize,
    /// Rows of counts, from midnight.
    pub counts: Vec<Vec<u64>>,
    /// Records whose time is an interval, which are not in the counts.
    pub uncertain_time: u64,
}

/// Profiles the matching records inside an area. One scan.
pub fn area_profile(snapshot: &Snapshot, filter: &Filter, area: &Id) -> AreaProfile {
    let filter = Filter { areas: vec![area.clone()], ..filter.clone() };
    let mut months: BTreeMap<Date, u64> = BTreeMap::new();
    let mut terms: BTreeMap<u16, u64> = BTreeMap::new();
    let mut week = [[0_u64; 7]; 24];
    let mut uncertain_time = 0;
    Query::new(&filter, snapshot).scan(|columns, row, _| {
        let day = local_date(columns.start_s[row], snapshot.zone());
        *months.entry(day.first_of_month()).or_default() += 1;
        *terms.entry(columns.term[row]).or_default() += 1;
        if columns.has_certain_time(row) {
            let hour_of_week = usize::from(columns.hour_of_week[row]);
            week[hour_of_week % 24][hour_of_week / 24] += 1;
        } else {
            uncertain_time += 1;
        }
    });
    let mut terms: Vec<(u16, u64)> = terms.into_iter().collect();
    terms.sort_by_key(|(term, n)| (std::cmp::Reverse(*n), *term));
    AreaProfile { series: filled(&months), rhythm: rhythm(&week, uncertain_time), terms }
}

/// Months without a record between the first and the last have 0.
fn filled(months: &BTreeMap<Date, u64>) -> Vec<(Date, u64)> {
    let (Some((first, _)), Some((last, _))) = (months.first_key_value(), months.last_key_value()) else {
        return Vec::new();
    };
    let steps = first.series(jiff::Span::new().months(1)).take_while(|month| month <= last);
    steps.map(|month| (month, months.get(&month).copied().unwrap_or(0))).collect()
}

fn rhythm(week: &[[u64; 7]; 24], uncertain_time: u64) -> Rhythm {
    for (hours_per_row, weekdays) in FORMS {
        let columns = if weekdays { 7 } else { 2 };
        let mut counts = vec![vec![0; columns]; 24 / hours_per_row];
        for (hour, days) in week.iter().enumerate() {
            for (day, n) in days.iter().enumerate() {
                counts[hour / hours_per_row][if weekdays { day } else { usize::from(day >= 5) }] += n;
            }
        }
        let mut cells: Vec<u64> = counts.iter().flatten().copied().collect();
        cells.sort_unstable();
        if cells[cells.len() / 2] >= LEAST_MEDIAN {
            return Rhythm { hours_per_row, columns, counts, uncertain_time };
        }
    }
    let total = week.iter().flatten().sum();
    Rhythm { hours_per_row: 24, columns: 1, counts: vec![vec![total]], uncertain_time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thin_rhythm_coarsens_until_its_median_cell_holds_five() {
        let form = |per_hour: u64| {
            let rhythm = rhythm(&[[per_hour; 7]; 24], 0);
            let total: u64 = rhythm.counts.iter().flatten().sum();
            assert_eq!(total, per_hour * 168);
            (rhythm.hours_per_row, rhythm.columns)
        };
        // One an hour is four in four hours of one weekday, and 8 and 20 over weekends and weekdays.
        assert_eq!((form(5), form(2), form(1), form(0)), ((1, 7), (4, 7), (4, 2), (24, 1)));
        let mut few = [[0; 7]; 24];
        few[22][4] = 3;
        assert_eq!(rhythm(&few, 2), Rhythm { hours_per_row: 24, columns: 1, counts: vec![vec![3]], uncertain_time: 2 });
    }

    #[test]
    fn months_between_have_zero() {
        let month = |text: &str| text.parse::<Date>().expect("date");
        let months = BTreeMap::from([(month("2025-11-01"), 2), (month("2026-01-01"), 1)]);
        let expected = [(month("2025-11-01"), 2), (month("2025-12-01"), 0), (month("2026-01-01"), 1)];
        assert_eq!(filled(&months), expected);
    }
}
