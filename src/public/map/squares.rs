//! Which squares a map draws: each place once, by the smallest squares that have a number there.

use std::collections::BTreeMap;

use super::paint::Fill;
use crate::release::Release;
use crate::release::attack::{Place, Shown};
use crate::release::statistics::Statistics;

/// Limits of the classes per km² and year where a release has no density of its own.
const LIMITS_PER_KM2_YEAR: [f64; 5] = [10.0, 25.0, 50.0, 100.0, 250.0];

/// A drawn square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::public) struct Square {
    pub(in crate::public) cell_m: u32,
    pub(in crate::public) x_m: i64,
    pub(in crate::public) y_m: i64,
    pub(in crate::public) shown: Shown,
}

type Level = BTreeMap<(i64, i64), Shown>;

/// The squares that are drawn, by size and place: a square is divided when one of its parts has a number.
pub(in crate::public) fn drawn(release: &Release, statistics: &Statistics) -> Vec<Square> {
    let mut levels: BTreeMap<u32, Level> = BTreeMap::new();
    for s in statistics.figures.iter().filter(|s| s.period == release.edition.period) {
        if let Place::Square { cell_m, x_m, y_m } = s.place {
            levels.entry(cell_m).or_default().insert((x_m, y_m), s.shown);
        }
    }
    // The coarsest first.
    let levels: Vec<(u32, Level)> = levels.into_iter().rev().collect();
    let mut out = Vec::new();
    if let Some((cell_m, level)) = levels.first() {
        for ((x_m, y_m), shown) in level {
            divide(&levels, 0, Square { cell_m: *cell_m, x_m: *x_m, y_m: *y_m, shown: *shown }, &mut out);
        }
    }
    out
}

fn divide(levels: &[(u32, Level)], at: usize, square: Square, out: &mut Vec<Square>) {
    let Some((cell_m, level)) = levels.get(at + 1) else {
        out.push(square);
        return;
    };
    let (side, part) = (i64::from(square.cell_m), i64::from(*cell_m));
    let corners = (0..side / part).flat_map(|i| (0..side / part).map(move |j| (i * part, j * part)));
    let parts: Vec<Square> = corners
        .filter_map(|(dx, dy)| {
            let (x_m, y_m) = (square.x_m + dx, square.y_m + dy);
            level.get(&(x_m, y_m)).map(|shown| Square { cell_m: *cell_m, x_m, y_m, shown: *shown })
        })
        .collect();
    if parts.iter().any(|part| matches!(part.shown, Shown::About(_))) {
        parts.into_iter().for_each(|part| divide(levels, at + 1, part, out));
    } else {
        out.push(square);
    }
}

/// The lower limits of the classes per km², in the period of the release.
pub(in crate::public) fn limits(release: &Release, statistics: &Statistics) -> Vec<f64> {
    match &statistics.density {
        Some(density) => density.breaks_per_km2.clone(),
        None => {
            let years = release.edition.period.days() as f64 / 365.25;
            LIMITS_PER_KM2_YEAR.iter().map(|limit| (limit * years).round().max(1.0)).collect()
        }
    }
}

/// What a square is filled with.
pub(in crate::public) fn fill(square: &Square, limits: &[f64]) -> Fill {
    match square.shown {
        Shown::About(n) => {
            let km2 = (f64::from(square.cell_m) / 1_000.0).powi(2);
            let class = limits.iter().filter(|limit| f64::from(n) / km2 >= **limit).count();
            Fill::Class(u8::try_from(class).unwrap_or(u8::MAX))
        }
        Shown::UnderLeast => Fill::Under,
        Shown::NotDivided => Fill::NotDivided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::test_release::statistics_release;

    #[test]
    fn a_square_is_divided_where_a_part_has_a_number_and_only_there() {
        let release = statistics_release();
        let statistics = release.get().statistics.as_ref().expect("statistics");
        let squares = drawn(release.get(), statistics);
        // 20 squares of 2 km, one of them in four parts.
        assert_eq!(squares.len(), 19 + 4);
        let parts: Vec<&Square> = squares.iter().filter(|square| square.cell_m == 1_000).collect();
        assert_eq!(parts.len(), 4);
        assert_eq!(parts.iter().filter(|part| part.shown == Shown::UnderLeast).count(), 1);
        let whole = squares.iter().find(|square| square.shown == Shown::About(120)).expect("there");
        assert_eq!(whole.cell_m, 2_000);
        // 120 in 4 km² is 30 per km²: between 25 and 50, the second class.
        assert_eq!(fill(whole, &limits(release.get(), statistics)), Fill::Class(2));
        assert_eq!(fill(&Square { shown: Shown::About(35), ..*whole }, &[10.0]), Fill::Class(0));
    }
}
