//! The true counts behind the statistics of a period, with the days and reporters that the first rule asks about.
//! Internal: nothing here is public, and nothing outside [`super`] sees it.

use std::collections::BTreeMap;

use geo::{Intersects, MapCoords, Rect, coord};

use super::attack::{Category, Place};
use super::policy::{MOST_DISTINCT, Policy};
use super::protected::PublicArea;
use super::statistics::LEVELS_M;
use crate::domain::{Counted, Filter, Period, Plane, local_date};
use crate::spatial::{AreaIndex, Query, Snapshot};

/// How many reports, and the first few distinct days and reporters among them. 28 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Reports.
    pub(super) count: u32,
    days: Distinct,
    reporters: Distinct,
}

/// Up to [`Distinct::MOST`] distinct numbers; more are not told apart, because no rule asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Distinct {
    numbers: [u32; Self::MOST],
    n: u8,
}

impl Distinct {
    /// More than any policy may ask for: see [`MOST_DISTINCT`].
    const MOST: usize = MOST_DISTINCT as usize;

    fn add(&mut self, number: u32) {
        let n = usize::from(self.n);
        if n < Self::MOST && !self.numbers[..n].contains(&number) {
            self.numbers[n] = number;
            self.n += 1;
        }
    }
}

impl Tally {
    /// Adds a report. `reporter` 0 is unknown: such reports count as those of one reporter a day.
    fn add(&mut self, day: u32, reporter: u32) {
        self.count += 1;
        self.days.add(day);
        // Days of unknown reporters lie below 2^31, known reporters above.
        self.reporters.add(if reporter == 0 { day } else { reporter | 1 << 31 });
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        other.days.numbers[..usize::from(other.days.n)].iter().for_each(|day| self.days.add(*day));
        other.reporters.numbers[..usize::from(other.reporters.n)].iter().for_each(|r| self.reporters.add(*r));
    }

    /// Whether the number may be shown (P1).
    pub(super) fn is_shown(&self, policy: &Policy) -> bool {
        self.count >= policy.least_reports
            && u32::from(self.days.n) >= policy.least_days
            && u32::from(self.reporters.n) >= policy.least_reporters
    }
}

/// The true counts of a period.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// Every place, category and period that the release may speak of, zero too.
    pub(super) cells: BTreeMap<(Place, Category, Period), Tally>,
}

/// Months, quarters or the whole: the parts of a period that begin with its first day, each so many months long.
pub(super) fn parts(period: &Period, months: i32) -> Vec<Period> {
    let mut parts = Vec::new();
    let mut start = period.start();
    while start < period.end() {
        let end = start.saturating_add(jiff::ToSpan::months(months));
        parts.extend(Period::new(start, end));
        start = end;
    }
    parts
}

/// Located reports that began in a period.
pub(super) fn located(snapshot: &Snapshot, period: &Period) -> u64 {
    let filter = Filter { of: Counted::Observations, window: period.window(snapshot.zone()), ..Filter::default() };
    let mut located = 0;
    Query::new(&filter, snapshot).scan(|columns, row, _| located += u64::from(!columns.x_m[row].is_nan()));
    located
}

/// Counts a period. `squares` are the lower left corners of each size, the coarsest first; a record counts in squares
/// when its position is at least as precise as the finest of them, so that sizes nest exactly. One pass over the
/// records of the period.
pub(super) fn count(
    snapshot: &Snapshot,
    policy: &Policy,
    areas: &[PublicArea],
    period: &Period,
    squares: &BTreeMap<u32, Vec<[i64; 2]>>,
) -> Counts {
    let terms = &snapshot.vocabulary().categories;
    let sensitive: Vec<bool> = terms.iter().map(|term| !policy.open_categories.contains(&term.code)).collect();
    let (months, quarters) = (parts(period, 1), parts(period, 3));
    let public: Vec<Option<usize>> = (0..snapshot.areas().areas().len())
        .map(|index| areas.iter().position(|area| area.id == snapshot.areas().area(index as AreaIndex).id))
        .collect();
    let mut by_month = vec![Tally::default(); months.len()];
    let mut by_category = vec![Tally::default(); terms.len()];
    let mut by_quarter = vec![vec![Tally::default(); quarters.len()]; areas.len()];
    let mut of_area = vec![vec![Tally::default(); terms.len()]; areas.len()];
    let finest = squares.keys().next().copied();
    let mut by_square: BTreeMap<[i64; 2], Tally> = finest
        .and_then(|cell_m| squares.get(&cell_m))
        .map(|corners| corners.iter().map(|corner| (*corner, Tally::default())).collect())
        .unwrap_or_default();
    let filter = Filter { of: Counted::Observations, window: period.window(snapshot.zone()), ..Filter::default() };
    let (zone, memberships) = (snapshot.zone(), snapshot.memberships().list());
    Query::new(&filter, snapshot).scan(|columns, row, _| {
        let date = local_date(columns.start_s[row], zone);
        let day = date.since(period.start()).map_or(0, |span| span.get_days().unsigned_abs());
        let reporter = columns.reporter[row];
        let month = months.partition_point(|month| month.end() <= date);
        let term = usize::from(columns.term[row]);
        by_month[month].add(day, reporter);
        by_category[term].add(day, reporter);
        let (x_m, y_m) = (columns.x_m[row], columns.y_m[row]);
        if sensitive[term] {
            return;
        }
        let precision_m = f64::from(columns.precision_m[row]);
        for index in &memberships[columns.membership[row] as usize].inside {
            // A position coarser than the area says nothing about it; one that nobody gave is taken as it is.
            let is_too_coarse = precision_m > snapshot.areas().radius_m(*index);
            if let Some(area) = public[usize::from(*index)].filter(|_| !is_too_coarse) {
                by_quarter[area][month / 3].add(day, reporter);
                of_area[area][term].add(day, reporter);
            }
        }
        let Some(cell_m) = finest.filter(|_| !x_m.is_nan()) else { return };
        if columns.precision_m[row] > cell_m as f32 {
            return;
        }
        if let Some(tally) = by_square.get_mut(&corner(cell_m, x_m, y_m)) {
            tally.add(day, reporter);
        }
    });
    let mut cells = BTreeMap::new();
    let sum = |tallies: &[Tally]| {
        let mut whole = Tally::default();
        tallies.iter().for_each(|tally| whole.merge(tally));
        whole
    };
    cells.insert((Place::Municipality, Category::All, period.clone()), sum(&by_month));
    for (month, tally) in months.iter().zip(&by_month).filter(|(month, _)| *month != period) {
        cells.insert((Place::Municipality, Category::All, month.clone()), *tally);
    }
    // The categories of the policy, whether the file knows them or not: what it knows tells what was reported.
    let of = |tallies: &[Tally], code: &str| {
        terms.iter().position(|term| term.code == *code).map_or_else(Tally::default, |term| tallies[term])
    };
    for code in policy.open_categories.iter().chain(&policy.municipality_categories) {
        let cell = (Place::Municipality, Category::One(code.clone()), period.clone());
        cells.insert(cell, of(&by_category, code));
    }
    for (n, area) in areas.iter().enumerate() {
        let place = Place::Area(area.id.clone());
        cells.insert((place.clone(), Category::NotSensitive, period.clone()), sum(&by_quarter[n]));
        for (quarter, tally) in quarters.iter().zip(&by_quarter[n]).filter(|(quarter, _)| *quarter != period) {
            cells.insert((place.clone(), Category::NotSensitive, quarter.clone()), *tally);
        }
        for code in &policy.open_categories {
            let cell = (place.clone(), Category::One(code.clone()), period.clone());
            cells.insert(cell, of(&of_area[n], code));
        }
    }
    for (cell_m, corners) in squares {
        let mut tallies: BTreeMap<[i64; 2], Tally> = corners.iter().map(|corner| (*corner, Tally::default())).collect();
        for ([x_m, y_m], tally) in &by_square {
            if let Some(whole) = tallies.get_mut(&corner(*cell_m, *x_m as f64, *y_m as f64)) {
                whole.merge(tally);
            }
        }
        for ([x_m, y_m], tally) in tallies {
            let place = Place::Square { cell_m: *cell_m, x_m, y_m };
            cells.insert((place, Category::NotSensitive, period.clone()), tally);
        }
    }
    Counts { cells }
}

/// The lower left corner of the square of a size that holds a position: squares are half-open, at whole multiples.
pub(super) fn corner(cell_m: u32, x_m: f64, y_m: f64) -> [i64; 2] {
    let cell = f64::from(cell_m);
    [x_m, y_m].map(|value| (value / cell).floor() as i64 * i64::from(cell_m))
}

/// The squares of each size that the areas of the municipality reach, by corner. Each size is looked for inside the
/// squares of the next larger one.
pub(super) fn squares(snapshot: &Snapshot, policy: &Policy, levels_m: &[u32]) -> BTreeMap<u32, Vec<[i64; 2]>> {
    let plane = snapshot.plane();
    let of_set = snapshot.areas().areas().iter().filter(|area| area.set == policy.municipality_set);
    let outlines: Vec<geo::MultiPolygon<f64>> = of_set.map(|area| in_plane(plane, &area.outline)).collect();
    let mut found = BTreeMap::new();
    let mut larger: Vec<[i64; 2]> = Vec::new();
    for cell_m in LEVELS_M.into_iter().rev() {
        let size = i64::from(cell_m);
        let candidates: Vec<[i64; 2]> = if larger.is_empty() {
            let boxes = outlines.iter().filter_map(geo::BoundingRect::bounding_rect);
            let mut all: Vec<[i64; 2]> = boxes
                .flat_map(|b| {
                    let low = corner(cell_m, b.min().x, b.min().y);
                    let high = corner(cell_m, b.max().x, b.max().y);
                    (low[0]..=high[0])
                        .step_by(cell_m as usize)
                        .flat_map(move |x| (low[1]..=high[1]).step_by(cell_m as usize).map(move |y| [x, y]))
                })
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        } else {
            larger
                .iter()
                .flat_map(|[x, y]| [[*x, *y], [*x, *y + size], [*x + size, *y], [*x + size, *y + size]])
                .collect()
        };
        larger = candidates
            .into_iter()
            .filter(|[x, y]| {
                let (x, y, size) = (*x as f64, *y as f64, f64::from(cell_m));
                let square = Rect::new(coord! { x: x, y: y }, coord! { x: x + size, y: y + size });
                outlines.iter().any(|outline| outline.intersects(&square))
            })
            .collect();
        larger.sort_unstable();
        if levels_m.contains(&cell_m) {
            found.insert(cell_m, larger.clone());
        }
    }
    found
}

/// An outline in metres. A corner that the plane cannot hold is left as it is; areas were read through the same plane.
pub(super) fn in_plane(plane: &Plane, outline: &geo::MultiPolygon<f64>) -> geo::MultiPolygon<f64> {
    outline.map_coords(|c| {
        let metres = crate::domain::LonLat::new(c.x, c.y).ok().and_then(|at| plane.to_plane(at).ok());
        metres.map_or(c, |[x, y]| coord! { x: x, y: y })
    })
}
