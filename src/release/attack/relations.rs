//! What binds counts of one place: periods in periods, categories in totals.

use super::pool::{Kind, Pool};
use super::system::System;
use super::{By, Category, Claims, Place, areas, squares};

/// Everything that binds counts.
#[derive(Debug, Default)]
pub(super) struct Relations {
    pub(super) constraints: Vec<(u32, Vec<u32>, bool)>,
    pub(super) by: Vec<By>,
    /// Pairs of places of which the second contains the first, of all places but squares in squares.
    pub(super) inside: Vec<(u32, u32)>,
}

impl Relations {
    /// Notes one, unless it says nothing.
    pub(super) fn push(&mut self, by: By, parent: u32, children: Vec<u32>, whole: bool) {
        if !children.is_empty() {
            self.constraints.push((parent, children, whole));
            self.by.push(by);
        }
    }
}

/// The numbers of the places and categories that relations are about.
pub(super) struct Known {
    pub(super) municipality: u32,
    pub(super) all: u32,
    pub(super) not_sensitive: u32,
}

/// Everything that binds the counts of the pool, whose derived counts are added to it.
pub(super) fn build(pool: &mut Pool, claims: &[(usize, &Claims)]) -> (Relations, System) {
    let mut relations = Relations::default();
    let known = Known {
        municipality: pool.place(&Place::Municipality),
        all: pool.category(&Category::All),
        not_sensitive: pool.category(&Category::NotSensitive),
    };
    // The municipality in every period: what lies in it is compared with it there.
    let has_not_sensitive = pool.by_cell.keys().any(|(_, category, _)| *category == known.not_sensitive);
    for period in 0..pool.periods.len() as u32 {
        pool.cell((known.municipality, known.all, period));
        if has_not_sensitive {
            pool.cell((known.municipality, known.not_sensitive, period));
        }
    }
    let parts = areas::build(pool, claims, &known, &mut relations);
    squares::build(pool, &parts, &known, &mut relations);
    periods(pool, &mut relations);
    categories(pool, &known, has_not_sensitive, &mut relations);
    let system = System::new(pool.variables.len(), &relations.constraints);
    (relations, system)
}

/// Each period of a place and category is made of the longest ones inside it, or holds them.
fn periods(pool: &Pool, relations: &mut Relations) {
    let mut cells: Vec<(u32, u32, u32, u32)> = pool.by_cell.iter().map(|((p, c, t), at)| (*p, *c, *t, *at)).collect();
    cells.sort_unstable();
    for group in cells.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|group| group.len() > 1) {
        let mut spans: Vec<(i32, i32, u32)> = group
            .iter()
            .map(|(_, _, period, at)| {
                let (start, end) = pool.periods[*period as usize];
                (start, end, *at)
            })
            .collect();
        spans.sort_unstable_by_key(|(start, end, _)| (*start, -*end));
        for (i, (start, end, parent)) in spans.iter().enumerate() {
            let (mut reached, mut covered, mut children) = (*start, 0, Vec::new());
            for (s, e, at) in spans.iter().skip(i + 1).take_while(|(s, ..)| s < end) {
                // Sorted longest first, so the first that begins where the last ended is the longest one there.
                if *s >= reached && e <= end {
                    children.push(*at);
                    covered += e - s;
                    reached = *e;
                }
            }
            relations.push(By::Periods, *parent, children, covered == end - start);
        }
    }
}

/// Totals are made of categories.
fn categories(pool: &Pool, known: &Known, has_not_sensitive: bool, relations: &mut Relations) {
    let mut cells: Vec<(u32, u32, u32, u32)> = pool
        .by_cell
        .iter()
        .filter(|((_, category, _), _)| matches!(pool.categories[*category as usize], Category::One(_)))
        .map(|((place, category, period), at)| (*place, *period, *category, *at))
        .collect();
    cells.sort_unstable();
    let of_areas: std::collections::BTreeSet<u32> =
        cells.iter().filter(|cell| cell.0 != known.municipality).map(|cell| cell.2).collect();
    let (mut is_all_not_sensitive, mut told) = (false, Vec::new());
    for group in cells.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (place, period) = (group[0].0, group[0].1);
        let here = |category| pool.by_cell.get(&(place, category, period)).copied();
        let (low, high): (Vec<_>, Vec<_>) = group.iter().partition(|cell| of_areas.contains(&cell.2));
        let variables = |cells: &[&(u32, u32, u32, u32)]| cells.iter().map(|cell| cell.3).collect::<Vec<_>>();
        let is_whole = low.len() == of_areas.len();
        if place != known.municipality || has_not_sensitive && !of_areas.is_empty() {
            if let Some(total) = here(known.not_sensitive) {
                relations.push(By::Categories, total, variables(&low), is_whole);
                if let Some(all) = here(known.all).filter(|_| is_whole) {
                    is_all_not_sensitive |= high.is_empty();
                    let mut children = vec![total];
                    children.extend(variables(&high));
                    relations.push(By::Categories, all, children, true);
                    told.push(period);
                }
            }
        } else if let Some(all) = here(known.all) {
            relations.push(By::Categories, all, group.iter().map(|cell| cell.3).collect(), true);
        }
    }
    // Where no sensitive category exists both totals are one number, in every period.
    for period in (0..pool.periods.len() as u32).filter(|period| !told.contains(period)) {
        let here = |category| pool.by_cell.get(&(known.municipality, category, period)).copied();
        if let (Some(all), Some(total)) = (here(known.all), here(known.not_sensitive)) {
            relations.push(By::Categories, all, vec![total], is_all_not_sensitive);
        }
    }
}

/// Whether anything is stated of a variable.
pub(super) fn is_stated(pool: &Pool, at: u32) -> bool {
    matches!(pool.variables[at as usize].kind, Kind::Shown | Kind::Hidden(_))
}
