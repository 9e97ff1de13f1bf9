//! Places where something is seen again and again: three or more observations in 28 days within 50 m of one of them.
//!
//! The rule, in the order in which it works:
//!
//! * Counted are observations that start in the last `days` days up to and with a day, have a position that is no
//!   coarser than `coarsest_m` (unknown precision passes and is counted), and do not say that it felt safe.
//! * Around every observation stands a circle of `radius_m` in the plane; its edge belongs to it. The fullest circle
//!   is the first place, its observations are taken, and so on with what is left, until no circle holds `least`.
//!   Of equally full circles the one with the lower y, then x, comes first, so there is one answer. Unlike chains of
//!   neighbours, which in a busy centre grow into one place of a kilometre, no place is wider than two radii.
//! * A place is called by the nearest entry of the place register within `name_within_m` of its centre, otherwise by
//!   area and coordinates.
//!
//! Cost: the records of the window and, twice for each distinct position, the positions of the nine squares around it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use super::records::RecordCounts;
use crate::domain::{Feeling, Filter, LonLat, Period, local_date};
use crate::spatial::{AreaIndex, Query, Snapshot};

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RepeatedPlacesParams {
    /// Radius of a place, in metres; above 0.
    pub radius_m: f64,
    /// Days looked back over, the last included; at least 1.
    pub days: u16,
    /// Observations that make a repeated place; at least 1.
    pub least: u64,
    /// Positions coarser than this are left out, in metres.
    pub coarsest_m: f64,
    /// How near an entry of the place register must be to give its name, in metres.
    pub name_within_m: f64,
}

impl Default for RepeatedPlacesParams {
    fn default() -> Self {
        Self { radius_m: 50.0, days: 28, least: 3, coarsest_m: 100.0, name_within_m: 75.0 }
    }
}

/// One repeated place.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatedPlace {
    /// Its name in the place register, when one is near enough.
    pub name: Option<String>,
    /// The observation in the middle of the circle.
    pub centre: LonLat,
    /// The areas the centre lies in.
    pub areas: Vec<AreaIndex>,
    /// Observations.
    pub n: u64,
    /// Local day of the first.
    pub first: Date,
    /// Local day of the last.
    pub last: Date,
    /// Ids of the observations, by start and id.
    pub ids: Vec<String>,
    /// Number of the category in the snapshot's table, and its observations; most first.
    pub terms: Vec<(u16, u64)>,
}

impl RepeatedPlace {
    /// Longitude and latitude to three decimals, about 100 m: what a place without a name is called by.
    pub fn coordinates(&self) -> String {
        format!("{:.3}, {:.3}", self.centre.lat(), self.centre.lon())
    }
}

/// All repeated places of a stretch of days.
#[derive(Clone, Debug, PartialEq)]
pub struct RepeatedPlaces {
    /// The rule they were found by.
    pub params: RepeatedPlacesParams,
    /// The days looked at.
    pub period: Period,
    /// Most observations first, then the latest, then from south to north.
    pub places: Vec<RepeatedPlace>,
    /// What became of the observations of these days; `used` took part in the search.
    pub records: RecordCounts,
    /// Observations that say it felt safe, which are not looked at.
    pub felt_safe: u64,
}

struct Seen {
    id: String,
    x_m: f64,
    y_m: f64,
    at: LonLat,
    start_s: i64,
    term: u16,
    membership: u32,
}

/// Finds the repeated places of the days up to and with `last_day` among the observations that match `filter`, whose
/// time window gives way. See the module for the rule.
pub fn repeated_places(
    snapshot: &Snapshot,
    filter: &Filter,
    last_day: Date,
    params: &RepeatedPlacesParams,
) -> RepeatedPlaces {
    let first_day = last_day.saturating_sub((i64::from(params.days) - 1).max(0).days());
    // Only the last day of the calendar has no day after it, and with it no period.
    let period = Period::spanning(first_day, last_day).unwrap_or_else(|| Period::twelve_months_to(last_day));
    let filter = Filter { window: period.window(snapshot.zone()), ..filter.clone() };
    let mut records = RecordCounts::default();
    let mut felt_safe = 0;
    let mut seen: Vec<Seen> = Vec::new();
    Query::new(&filter, snapshot).scan(|columns, row, _| {
        if columns.feeling(row) == Some(Feeling::Safe) {
            felt_safe += 1;
        } else if let (Ok(at), false) = (LonLat::new(columns.lon[row], columns.lat[row]), columns.x_m[row].is_nan()) {
            if f64::from(columns.precision_m[row]) > params.coarsest_m {
                records.too_coarse += 1;
                return;
            }
            records.add_used(columns, row);
            seen.push(Seen {
                id: columns.id(row).to_string(),
                x_m: columns.x_m[row],
                y_m: columns.y_m[row],
                at,
                start_s: columns.start_s[row],
                term: columns.term[row],
                membership: columns.membership[row],
            });
        } else {
            records.without_position += 1;
        }
    });
    seen.sort_by(|a, b| a.y_m.total_cmp(&b.y_m).then(a.x_m.total_cmp(&b.x_m)).then(a.id.cmp(&b.id)));
    let mut places: Vec<RepeatedPlace> = fullest_circles(&seen, params.radius_m, params.least)
        .into_iter()
        .map(|circle| place(snapshot, &seen, circle, params.name_within_m))
        .collect();
    // The circles come from south to north where all else is equal, and the sort keeps that.
    places.sort_by_key(|place| Reverse((place.n, place.last)));
    RepeatedPlaces { params: *params, period, places, records, felt_safe }
}

/// A circle: its centre and all it took, as positions in the list of what was seen.
struct Circle {
    centre: usize,
    members: Vec<usize>,
}

/// Distinct positions with the observations at each: what the search works on, for many share a register's point.
struct Sites {
    xy_m: Vec<[f64; 2]>,
    seen: Vec<std::ops::Range<usize>>,
    /// Sites by square of one radius, with their positions beside them: they are read in a row.
    squares: HashMap<[i64; 2], Vec<(usize, [f64; 2])>>,
    radius_m: f64,
}

impl Sites {
    fn new(seen: &[Seen], radius_m: f64) -> Self {
        let mut sites = Self { xy_m: Vec::new(), seen: Vec::new(), squares: HashMap::new(), radius_m };
        for (i, one) in seen.iter().enumerate() {
            let same = |xy: &[f64; 2]| xy[0].total_cmp(&one.x_m).is_eq() && xy[1].total_cmp(&one.y_m).is_eq();
            if sites.xy_m.last().is_some_and(same) {
                if let Some(range) = sites.seen.last_mut() {
                    range.end = i + 1;
                }
                continue;
            }
            let xy = [one.x_m, one.y_m];
            sites.squares.entry(sites.square(xy)).or_default().push((sites.xy_m.len(), xy));
            sites.xy_m.push(xy);
            sites.seen.push(i..i + 1);
        }
        sites
    }

    fn square(&self, xy: [f64; 2]) -> [i64; 2] {
        xy.map(|metres| (metres / self.radius_m).floor() as i64)
    }

    /// Sites within the radius of a site, itself included, in no order.
    fn around(&self, site: usize) -> impl Iterator<Item = usize> + '_ {
        let [x, y] = self.xy_m[site];
        let [column, row] = self.square([x, y]);
        let squares = (-1..=1).flat_map(move |dy| (-1..=1).map(move |dx| [column + dx, row + dy]));
        let reach = self.radius_m * self.radius_m;
        squares.filter_map(|square| self.squares.get(&square)).flatten().filter_map(move |(other, at)| {
            let [dx, dy] = [at[0] - x, at[1] - y];
            (dx * dx + dy * dy <= reach).then_some(*other)
        })
    }
}

fn fullest_circles(seen: &[Seen], radius_m: f64, least: u64) -> Vec<Circle> {
    let sites = Sites::new(seen, radius_m);
    let holds = |site: usize| sites.seen[site].len() as u64;
    let mut free = vec![true; sites.xy_m.len()];
    let mut full: Vec<u64> = (0..free.len()).map(|site| sites.around(site).map(holds).sum()).collect();
    // Largest first, then the first site; sites are in order of y and x. Only those that can ever be a place.
    let mut heap: BinaryHeap<(u64, Reverse<usize>)> =
        full.iter().enumerate().filter(|(_, n)| **n >= least.max(1)).map(|(site, n)| (*n, Reverse(site))).collect();
    let mut circles = Vec::new();
    while let Some((n, Reverse(site))) = heap.pop() {
        if !free[site] || full[site] < least.max(1) {
            continue;
        }
        // Others were taken since; how full a circle is only ever falls, so one that has not changed is the fullest.
        if full[site] < n {
            heap.push((full[site], Reverse(site)));
            continue;
        }
        let mut taken: Vec<usize> = sites.around(site).filter(|other| free[*other]).collect();
        taken.sort_unstable();
        for other in &taken {
            free[*other] = false;
            for near in sites.around(*other) {
                full[near] -= holds(*other);
            }
        }
        let members = taken.into_iter().flat_map(|other| sites.seen[other].clone()).collect();
        circles.push(Circle { centre: sites.seen[site].start, members });
    }
    circles
}

fn place(snapshot: &Snapshot, seen: &[Seen], circle: Circle, name_within_m: f64) -> RepeatedPlace {
    let centre = &seen[circle.centre];
    let mut members: Vec<&Seen> = circle.members.iter().map(|i| &seen[*i]).collect();
    members.sort_by(|a, b| (a.start_s, &a.id).cmp(&(b.start_s, &b.id)));
    let mut terms: BTreeMap<u16, u64> = BTreeMap::new();
    members.iter().for_each(|one| *terms.entry(one.term).or_default() += 1);
    let mut terms: Vec<(u16, u64)> = terms.into_iter().collect();
    terms.sort_by_key(|(term, n)| (Reverse(*n), *term));
    let day = |one: Option<&&Seen>| local_date(one.map_or(centre.start_s, |one| one.start_s), snapshot.zone());
    RepeatedPlace {
        name: name_near(snapshot, [centre.x_m, centre.y_m], name_within_m),
        centre: centre.at,
        areas: snapshot.memberships().list()[centre.membership as usize].inside.clone(),
        n: members.len() as u64,
        first: day(members.first()),
        last: day(members.last()),
        ids: members.iter().map(|one| one.id.clone()).collect(),
        terms,
    }
}

/// The name of the nearest place of the register; of equally near ones the first by id.
fn name_near(snapshot: &Snapshot, [x_m, y_m]: [f64; 2], within_m: f64) -> Option<String> {
    let metres = |place: &crate::domain::Place| {
        let [x, y] = snapshot.plane().to_plane(place.at?).ok()?;
        Some((x - x_m).hypot(y - y_m)).filter(|metres| *metres <= within_m)
    };
    let near = snapshot.places().iter().filter_map(|place| Some((metres(place)?, place)));
    near.min_by(|(a, p), (b, q)| a.total_cmp(b).then_with(|| p.id.cmp(&q.id))).map(|(_, place)| place.name.clone())
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn at(i: usize, x_m: f64, y_m: f64) -> Seen {
        let here = LonLat::new(14.7, 57.6).expect("a position");
        Seen { id: format!("o{i:04}"), x_m, y_m, at: here, start_s: 0, term: 0, membership: 0 }
    }

    fn ordered(points: &[[f64; 2]]) -> Vec<Seen> {
        let mut seen: Vec<Seen> = points.iter().enumerate().map(|(i, [x, y])| at(i, *x, *y)).collect();
        seen.sort_by(|a, b| a.y_m.total_cmp(&b.y_m).then(a.x_m.total_cmp(&b.x_m)).then(a.id.cmp(&b.id)));
        seen
    }

    fn found(seen: &[Seen], radius_m: f64, least: u64) -> Vec<(usize, Vec<usize>)> {
        fullest_circles(seen, radius_m, least).into_iter().map(|circle| (circle.centre, circle.members)).collect()
    }

    /// The rule as it is written: every circle counted again after each place.
    fn by_brute_force(seen: &[Seen], radius_m: f64, least: usize) -> Vec<(usize, Vec<usize>)> {
        let mut free: Vec<bool> = vec![true; seen.len()];
        let mut places = Vec::new();
        loop {
            let circle = |i: usize| -> Vec<usize> {
                let near = |j: &usize| {
                    let (dx, dy) = (seen[*j].x_m - seen[i].x_m, seen[*j].y_m - seen[i].y_m);
                    free[*j] && dx * dx + dy * dy <= radius_m * radius_m
                };
                (0..seen.len()).filter(near).collect()
            };
            let mut fullest: Option<(usize, Vec<usize>)> = None;
            for i in (0..seen.len()).filter(|i| free[*i]) {
                let members = circle(i);
                if fullest.as_ref().is_none_or(|(_, best)| members.len() > best.len()) {
                    fullest = Some((i, members));
                }
            }
            let Some((centre, members)) = fullest.filter(|(_, members)| members.len() >= least) else { return places };
            members.iter().for_each(|i| free[*i] = false);
            places.push((centre, members));
        }
    }

    #[test]
    fn the_search_finds_what_the_rule_says() {
        for (seed, n, side_m, step_m) in
            [(1_u64, 60, 400.0_f64, 1.0_f64), (2, 200, 300.0, 25.0), (3, 150, 2000.0, 1.0), (4, 90, 120.0, 10.0)]
        {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            // Whole steps, so that positions repeat and distances of exactly the radius occur.
            let mut coordinate = || (rng.random_range(0.0..side_m) / step_m).floor() * step_m;
            let points: Vec<[f64; 2]> = (0..n).map(|_| [coordinate(), coordinate() + 6_390_000.0]).collect();
            let seen = ordered(&points);
            for least in [1, 3, 5] {
                assert_eq!(found(&seen, 50.0, least), by_brute_force(&seen, 50.0, least as usize), "{seed} {least}");
            }
        }
    }

    #[test]
    fn the_edge_of_a_circle_belongs_to_it_and_what_lies_beyond_does_not() {
        let on_the_edge = ordered(&[[0.0, 0.0], [50.0, 0.0], [0.0, 50.0]]);
        assert_eq!(found(&on_the_edge, 50.0, 3), [(0, vec![0, 1, 2])]);
        assert!(found(&ordered(&[[0.0, 0.0], [50.1, 0.0], [0.0, 50.0]]), 50.0, 3).is_empty());
    }

    #[test]
    fn a_row_of_neighbours_is_not_one_long_place() {
        // Every 40 m: chains would join all nine into one place of 320 m.
        let row: Vec<[f64; 2]> = (0..9).map(|i| [f64::from(i) * 40.0, 0.0]).collect();
        let places = found(&ordered(&row), 50.0, 3);
        assert_eq!(places, [(1, vec![0, 1, 2]), (4, vec![3, 4, 5]), (7, vec![6, 7, 8])]);
    }

    #[test]
    fn nothing_seen_has_no_places() {
        assert!(found(&[], 50.0, 3).is_empty());
        assert!(found(&ordered(&[[0.0, 0.0], [1.0, 0.0]]), 50.0, 3).is_empty());
    }
}
