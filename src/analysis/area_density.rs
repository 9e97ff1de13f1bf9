//! Density by area: counts, rates with exact intervals, ranks with ranges, change.
//!
//! Membership is decided once per record when a snapshot is made (see `spatial`), so a table over a
//! million records is one pass over small numbers: about 3 ns per record and filter word.
//!
//! * Areas may overlap: a record counts in each, and totals are not sums of areas.
//! * A record on a border belongs to none and is counted `on_border`.
//! * A position coarser than `sqrt(area / π)` is left out of that area (`too_coarse`).
//! * Every matching record ends in an area, in the rest, or without position.
//! * Intervals are Garwood's exact ones for Poisson counts, 95 %. Under the aoristic rule counts
//!   are expected values and get no interval.

use super::change::{Change, Verdict, change};
use super::poisson::{Interval, exact_interval};
use super::rate_ratio::ExposedCount;
use super::records::{RecordCounts, WeightSum};
use jiff::civil::Date;

use crate::domain::{AreaType, Certainty, Filter, Period, TimeRule, local_date};
use crate::spatial::{AreaIndex, Query, Snapshot};

/// What is asked.
#[derive(Clone, Debug)]
pub struct AreaDensityParams {
    /// Which records. Its time window is the period's when `period` is given.
    pub filter: Filter,
    /// The days counted. Absent: all records, and the days from the first to the last of them.
    pub period: Option<Period>,
    /// The days to compare with; needs `period`.
    pub compare: Option<Period>,
    /// The areas of the table, by set; absent: the first set of the file.
    pub set: Option<String>,
}

/// A number of records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Count {
    /// Whole records, with the exact 95 % interval of the expected number.
    Whole {
        /// Records.
        n: u64,
        /// The interval.
        interval: Interval,
    },
    /// The expected number under the aoristic rule.
    Expected(f64),
}

impl Count {
    /// The number itself.
    pub fn value(self) -> f64 {
        match self {
            Self::Whole { n, .. } => n as f64,
            Self::Expected(value) => value,
        }
    }

    /// The exact 95 % interval; expected counts have none.
    pub fn interval(self) -> Option<Interval> {
        match self {
            Self::Whole { interval, .. } => Some(interval),
            Self::Expected(_) => None,
        }
    }

    fn whole(n: u64) -> Self {
        Self::Whole { n, interval: exact_interval(n) }
    }
}

/// Why an area has no rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unranked {
    /// The outline is assumed or a placeholder.
    OutlineNotOfficial,
    /// Expected counts have no interval to rank by.
    NoInterval,
    /// There is nothing to rank against.
    AloneInSet,
}

/// A place in the order by density that respects the intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankRange {
    /// 1 plus the number of areas that lie wholly above.
    pub low: usize,
    /// Number of ranked areas minus those that lie wholly below.
    pub high: usize,
}

/// A line's change against the comparison period.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Records in the comparison period.
    pub n_before: u64,
    /// The first record of the file is later than the first day compared with: the earlier count is
    /// too low, so a direction must not be read out of it.
    pub data_begin_inside: bool,
    /// What can be said.
    pub change: Change,
}

impl Comparison {
    /// What can be said, given what is known about the earlier period.
    pub fn verdict(&self) -> Verdict {
        if self.data_begin_inside { Verdict::NotEnoughData } else { self.change.verdict }
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaLine {
    /// Which area.
    pub area: AreaIndex,
    /// Size in km² (geodesic).
    pub area_km2: f64,
    /// Records.
    pub count: Count,
    /// Records on its border, in no area.
    pub on_border: u64,
    /// Records whose position is too coarse for it.
    pub too_coarse: u64,
    /// Residents of a residential area, when known.
    pub residents: Option<u32>,
    /// Place in the order, or why there is none.
    pub rank: Result<RankRange, Unranked>,
    /// Against the comparison period.
    pub change: Option<Comparison>,
}

impl AreaLine {
    /// `(value, interval)` of records per km² in the period.
    pub fn per_km2(&self) -> Option<(f64, Option<Interval>)> {
        let per = 1.0 / self.area_km2;
        (self.area_km2 > 0.0)
            .then(|| (self.count.value() / self.area_km2, self.count.interval().map(|interval| interval.scaled(per))))
    }

    /// Records per thousand residents in the period.
    pub fn per_1000_residents(&self) -> Option<f64> {
        self.residents.filter(|r| *r > 0).map(|r| self.count.value() * 1000.0 / f64::from(r))
    }
}

/// Records outside the areas of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct RestLine {
    /// Records.
    pub count: Count,
    /// Of these, on the border of an area.
    pub on_border: u64,
    /// Of these, in no area of any set.
    pub outside: u64,
    /// Against the comparison period.
    pub change: Option<Comparison>,
}

/// Records the table cannot place.
#[derive(Clone, Debug, PartialEq)]
pub struct WithoutPositionLine {
    /// Records.
    pub count: Count,
    /// Of these, with a position too coarse for the area it falls in.
    pub too_coarse: u64,
    /// Against the comparison period.
    pub change: Option<Comparison>,
}

/// The whole table.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaDensity {
    /// The set of areas shown.
    pub set: String,
    /// The days counted; absent when there is no record and no period was asked.
    pub period: Option<Period>,
    /// The days compared with.
    pub comparison: Option<Period>,
    /// One line per area of the set, in the order of the file.
    pub lines: Vec<AreaLine>,
    /// Located records in none of them.
    pub rest: RestLine,
    /// Records without a usable position.
    pub without_position: WithoutPositionLine,
    /// All matching records.
    pub total: Count,
    /// Their change against the comparison period.
    pub total_change: Option<Comparison>,
    /// What became of them.
    pub records: RecordCounts,
}

/// Counts the records of a snapshot by area. See the module for the rules.
pub fn area_density(snapshot: &Snapshot, params: &AreaDensityParams) -> AreaDensity {
    let sets = snapshot.areas().sets();
    let set = params.set.clone().or_else(|| sets.first().map(ToString::to_string)).unwrap_or_default();
    let shown: Vec<AreaIndex> =
        (0..snapshot.areas().areas().len() as AreaIndex).filter(|a| snapshot.areas().area(*a).set == set).collect();

    let mut filter = params.filter.clone();
    if let Some(period) = &params.period {
        filter.window = period.window(snapshot.zone());
    }
    let aoristic = filter.time == TimeRule::Aoristic;
    let now = tally(&Query::new(&filter, snapshot), &shown);
    let before = params.compare.as_ref().map(|compare| {
        let window = compare.window(snapshot.zone());
        tally(&Query::new(&filter, snapshot).during(window), &shown)
    });
    let period = params.period.clone().or_else(|| days_of_records(snapshot, &filter));

    let count = |cell: Cell| if aoristic { Count::Expected(cell.weight.value()) } else { Count::whole(cell.n) };
    let data_begin = snapshot.extent_in_time(filter.of).map(|(first, _)| local_date(first, snapshot.zone()));
    let change_of = |cell: Cell, earlier: Option<Cell>| match (earlier, &period, &params.compare) {
        (Some(earlier), Some(period), Some(compare)) if !aoristic => {
            comparison((cell.n, period), (earlier.n, compare), data_begin)
        }
        _ => None,
    };
    let mut lines: Vec<AreaLine> = shown
        .iter()
        .enumerate()
        .map(|(i, area)| {
            let facts = snapshot.areas().area(*area);
            AreaLine {
                area: *area,
                area_km2: snapshot.areas().area_km2(*area),
                count: count(now.areas[i].inside),
                on_border: now.areas[i].on_border,
                too_coarse: now.areas[i].too_coarse,
                residents: facts.residents.filter(|_| facts.area_type == AreaType::Residential),
                rank: Err(Unranked::AloneInSet),
                change: change_of(now.areas[i].inside, before.as_ref().map(|t| t.areas[i].inside)),
            }
        })
        .collect();
    rank(&mut lines, snapshot);

    AreaDensity {
        rest: RestLine {
            count: count(now.rest),
            on_border: now.rest_on_border,
            outside: now.records.outside,
            change: change_of(now.rest, before.as_ref().map(|t| t.rest)),
        },
        without_position: WithoutPositionLine {
            count: count(now.without_position),
            too_coarse: now.records.too_coarse,
            change: change_of(now.without_position, before.as_ref().map(|t| t.without_position)),
        },
        total: count(now.total),
        total_change: change_of(now.total, before.as_ref().map(|t| t.total)),
        records: now.records,
        set,
        period,
        comparison: params.compare.clone(),
        lines,
    }
}

/// Compares two periods; a period has at least one day, so there always is an answer.
fn comparison(
    (n, period): (u64, &Period),
    (n_before, before): (u64, &Period),
    data_begin: Option<Date>,
) -> Option<Comparison> {
    let later = ExposedCount::new(n, period.days() as f64).ok()?;
    let earlier = ExposedCount::new(n_before, before.days() as f64).ok()?;
    let data_begin_inside = data_begin.is_some_and(|day| day > before.start());
    Some(Comparison { n_before, data_begin_inside, change: change(later, earlier) })
}

/// The local days from the first to the last matching record, for a question without a period.
pub fn days_of_records(snapshot: &Snapshot, filter: &Filter) -> Option<Period> {
    let mut extent: Option<(i64, i64)> = None;
    Query::new(filter, snapshot).scan(|columns, row, _| {
        let start = columns.start_s[row];
        extent = Some(extent.map_or((start, start), |(low, high)| (low.min(start), high.max(start))));
    });
    let (first, last) = extent?;
    let first = filter.window.start_s.unwrap_or(first);
    let last = filter.window.end_s.map_or(last, |end| end - 1);
    Period::spanning(local_date(first, snapshot.zone()), local_date(last, snapshot.zone()))
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    n: u64,
    weight: WeightSum,
}

impl Cell {
    fn add(&mut self, weight: f64) {
        self.n += 1;
        self.weight.add(weight);
    }

    fn add_cell(&mut self, other: Self) {
        self.n += other.n;
        self.weight.add_sum(other.weight);
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct AreaTally {
    inside: Cell,
    on_border: u64,
    too_coarse: u64,
}

#[derive(Clone, Debug, Default)]
struct Tally {
    areas: Vec<AreaTally>,
    rest: Cell,
    rest_on_border: u64,
    without_position: Cell,
    total: Cell,
    records: RecordCounts,
}

/// One membership seen through the table: which lines it counts in.
struct Seat {
    inside: Vec<usize>,
    border: Vec<usize>,
    /// Positions coarser than this are too coarse for at least one of the lines.
    finest_radius_m: f64,
    in_any_area: bool,
}

fn tally(query: &Query<'_>, shown: &[AreaIndex]) -> Tally {
    let areas = query.snapshot().areas();
    let line_of =
        |list: &[AreaIndex]| -> Vec<usize> { list.iter().filter_map(|a| shown.iter().position(|s| s == a)).collect() };
    let radius_m: Vec<f64> = shown.iter().map(|a| areas.radius_m(*a)).collect();
    let seats: Vec<Seat> = query
        .snapshot()
        .memberships()
        .list()
        .iter()
        .map(|membership| {
            let inside = line_of(&membership.inside);
            Seat {
                finest_radius_m: inside.iter().map(|i| radius_m[*i]).fold(f64::INFINITY, f64::min),
                inside,
                border: line_of(&membership.border),
                in_any_area: !membership.inside.is_empty(),
            }
        })
        .collect();

    let mut tally = Tally { areas: vec![AreaTally::default(); shown.len()], ..Tally::default() };
    // Most records of a membership are alike; they are added up here and handed out once at the end.
    let mut plain = vec![Cell::default(); seats.len()];
    query.scan(|columns, row, weight| {
        let number = columns.membership[row] as usize;
        let seat = &seats[number];
        let precision_m = f64::from(columns.precision_m[row]);
        tally.total.add(weight);
        if !columns.has_position(row) {
            if seat.inside.is_empty() {
                tally.without_position.add(weight);
                tally.records.without_position += 1;
            } else {
                plain[number].add(weight);
                tally.records.add_used(columns, row);
            }
        } else if precision_m > seat.finest_radius_m {
            let mut counted = false;
            for line in &seat.inside {
                if precision_m > radius_m[*line] {
                    tally.areas[*line].too_coarse += 1;
                } else {
                    tally.areas[*line].inside.add(weight);
                    counted = true;
                }
            }
            if counted {
                tally.records.add_used(columns, row);
            } else {
                tally.without_position.add(weight);
                tally.records.too_coarse += 1;
            }
        } else {
            plain[number].add(weight);
            if seat.inside.is_empty() {
                match (seat.border.is_empty(), seat.in_any_area) {
                    (false, _) => tally.records.on_border += 1,
                    (true, true) => tally.records.add_used(columns, row),
                    (true, false) => tally.records.outside += 1,
                }
            } else {
                tally.records.add_used(columns, row);
            }
        }
    });
    for (seat, cell) in seats.iter().zip(plain) {
        seat.inside.iter().for_each(|line| tally.areas[*line].inside.add_cell(cell));
        seat.border.iter().for_each(|line| tally.areas[*line].on_border += cell.n);
        if seat.inside.is_empty() {
            tally.rest.add_cell(cell);
            tally.rest_on_border += if seat.border.is_empty() { 0 } else { cell.n };
        }
    }
    tally
}

/// Ranks official outlines by records per km²; the range says how sure the order is.
fn rank(lines: &mut [AreaLine], snapshot: &Snapshot) {
    let intervals: Vec<Option<Interval>> = lines
        .iter()
        .map(|line| {
            let official = snapshot.areas().area(line.area).certainty == Certainty::Official;
            line.per_km2().and_then(|(_, interval)| interval).filter(|_| official)
        })
        .collect();
    let ranked = intervals.iter().flatten().count();
    for (i, line) in lines.iter_mut().enumerate() {
        let official = snapshot.areas().area(line.area).certainty == Certainty::Official;
        line.rank = match intervals[i] {
            _ if !official => Err(Unranked::OutlineNotOfficial),
            None => Err(Unranked::NoInterval),
            Some(_) if ranked < 2 => Err(Unranked::AloneInSet),
            Some(own) => {
                let above = intervals.iter().flatten().filter(|other| other.low > own.high).count();
                let below = intervals.iter().flatten().filter(|other| other.high < own.low).count();
                Ok(RankRange { low: 1 + above, high: ranked - below })
            }
        };
    }
}
