//! Density by area: worked examples, and every record accounted for.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use lagesbild::analysis::area_density::{AreaDensity, AreaDensityParams, Count, Unranked, area_density};
use lagesbild::analysis::change::Verdict;
use lagesbild::domain::{Certainty, Filter, Period, TimeRule};
use lagesbild::spatial::Snapshot;
use proptest::prelude::*;

use super::fixture::{Record, area, at_noon, everything, snapshot};

fn table(snapshot: &Snapshot, period: Option<&str>, compare: Option<&str>) -> AreaDensity {
    let read = |text: &str| Period::parse(text).expect("period");
    let params =
        AreaDensityParams { filter: everything(), period: period.map(read), compare: compare.map(read), set: None };
    area_density(snapshot, &params)
}

fn n(count: Count) -> u64 {
    match count {
        Count::Whole { n, .. } => n,
        Count::Expected(value) => panic!("an expected count: {value}"),
    }
}

/// West and East share a border at 14.02; Middle overlaps both. About 1.2 x 1.1 km each.
fn three_areas() -> Vec<lagesbild::domain::Area> {
    vec![
        area("west", "set", [14.00, 57.00, 14.02, 57.01]),
        area("east", "set", [14.02, 57.00, 14.04, 57.01]),
        area("middle", "set", [14.01, 57.00, 14.03, 57.01]),
    ]
}

#[test]
fn overlapping_areas_each_count_a_record_and_the_rest_completes_the_table() {
    let records = [
        at_noon("2025-03-01", 14.005, 57.005), // west
        at_noon("2025-03-02", 14.015, 57.005), // west and middle
        at_noon("2025-03-03", 14.035, 57.005), // east
        at_noon("2025-03-04", 14.020, 57.005), // on the border of west and east, inside middle
        at_noon("2025-03-05", 14.000, 57.005), // on the border of west only
        at_noon("2025-03-06", 15.000, 57.005), // nowhere near
        at_noon("2025-03-07", 14.005, 57.005).nowhere(),
        at_noon("2025-03-08", 14.005, 57.005).only_in("east"),
    ];
    let density = table(&snapshot(three_areas(), &records), Some("2025"), None);
    let counts: Vec<u64> = density.lines.iter().map(|line| n(line.count)).collect();
    assert_eq!(counts, [2, 2, 2]);
    assert_eq!(density.lines.iter().map(|l| l.on_border).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!((n(density.rest.count), density.rest.on_border, density.rest.outside), (2, 1, 1));
    assert_eq!(n(density.without_position.count), 1);
    assert_eq!(n(density.total), 8);
    let r = density.records;
    assert_eq!((r.used, r.outside, r.on_border, r.without_position, r.too_coarse), (5, 1, 1, 1, 0));
}

#[test]
fn a_position_coarser_than_the_area_is_left_out_of_it() {
    // The areas have about 1.35 km², so a disc of the same size has a radius of about 655 m.
    let records = [
        at_noon("2025-03-01", 14.005, 57.005).precise_to(600.0),
        at_noon("2025-03-01", 14.005, 57.005).precise_to(700.0),
    ];
    let density = table(&snapshot(three_areas(), &records), None, None);
    assert_eq!((n(density.lines[0].count), density.lines[0].too_coarse), (1, 1));
    assert_eq!((n(density.without_position.count), density.without_position.too_coarse), (1, 1));
    assert_eq!(density.records.too_coarse, 1);
}

#[test]
fn rates_and_intervals_are_those_of_the_books() {
    // Garwood for 10: 4.795 to 18.39 (Garwood 1936, table 1). Without a period, days run from first to last record.
    let records: Vec<Record> = (1..=10).map(|day| at_noon(&format!("2025-03-{day:02}"), 14.005, 57.005)).collect();
    let snapshot = snapshot(three_areas(), &records);
    let density = table(&snapshot, None, None);
    let west = &density.lines[0];
    let interval = west.count.interval().expect("whole");
    assert!((interval.low - 4.795).abs() < 1e-3 && (interval.high - 18.39).abs() < 1e-2, "{interval:?}");
    assert_eq!(density.period.as_ref().map(Period::days), Some(10));
    let (per_km2, _) = west.per_km2().expect("has a size");
    assert!((per_km2 * west.area_km2 - 10.0).abs() < 1e-9);
    // 0.02 degrees of longitude and 0.01 of latitude at 57 N: 1.2150 km x 1.1136 km by the GRS80 radii.
    assert!((west.area_km2 - 1.353).abs() < 0.002, "{}", west.area_km2);
    assert_eq!(west.per_1000_residents(), Some(20.0));
    // Nothing in east: 0 with an upper limit of -ln(0.025) = 3.689, not "no data".
    let east = density.lines[1].count.interval().expect("whole");
    assert_eq!(n(density.lines[1].count), 0);
    assert!(east.low.abs() < 1e-12 && (east.high - 3.688_879).abs() < 1e-5);
}

#[test]
fn ranks_have_ranges_and_uncertain_outlines_have_none() {
    let many = |count: usize, lon: f64| (0..count).map(move |_| at_noon("2025-03-01", lon, 57.005));
    let records: Vec<Record> = many(100, 14.005).chain(many(50, 14.035)).chain(many(1, 14.025)).collect();
    let mut areas = three_areas();
    let ranks = |areas: Vec<_>| -> Vec<_> {
        let density = table(&snapshot(areas, &records), None, None);
        density.lines.iter().map(|l| l.rank.map(|r| (r.low, r.high))).collect()
    };
    // 100 (81-122), 51 (38-67) in east, 1 (0-6) in middle: three levels, none overlapping.
    assert_eq!(ranks(areas.clone()), [Ok((1, 1)), Ok((2, 2)), Ok((3, 3))]);
    areas[0].certainty = Certainty::Placeholder;
    assert_eq!(ranks(areas), [Err(Unranked::OutlineNotOfficial), Ok((1, 1)), Ok((2, 2))]);
}

#[test]
fn a_change_is_claimed_only_when_the_numbers_carry_it() {
    let on = |day: &str, count: usize| -> Vec<Record> { (0..count).map(|_| at_noon(day, 14.005, 57.005)).collect() };
    let verdict = |now: usize, before: usize| {
        let records = [on("2025-06-01", now), on("2024-06-01", before)].concat();
        let density = table(&snapshot(three_areas(), &records), Some("2025"), Some("2024"));
        let line = density.lines[0].change.clone().expect("compared");
        assert_eq!(line.n_before, before as u64);
        (line.change.verdict, line.change.percent.is_some())
    };
    assert_eq!(verdict(60, 25), (Verdict::Higher, true));
    assert_eq!(verdict(25, 60), (Verdict::Lower, true));
    assert_eq!(verdict(30, 25), (Verdict::NoEvidence, true));
    assert_eq!(verdict(12, 8), (Verdict::NoEvidence, false));
    assert_eq!(verdict(2, 1), (Verdict::NotEnoughData, false));
    assert_eq!(verdict(0, 0), (Verdict::NotEnoughData, false));
}

#[test]
fn aoristic_counts_share_a_record_between_periods() {
    // Eight hours across New Year in Stockholm (23:00 UTC): two before, six after.
    let record = at_noon("2024-12-31", 14.005, 57.005).between("2024-12-31T21:00:00Z", "2025-01-01T05:00:00Z");
    let snapshot = snapshot(three_areas(), &[record]);
    let share = |period: &str| {
        let filter = Filter { time: TimeRule::Aoristic, ..everything() };
        let period = Some(Period::parse(period).expect("period"));
        let density = area_density(&snapshot, &AreaDensityParams { filter, period, compare: None, set: None });
        assert_eq!(density.lines[0].rank, Err(Unranked::NoInterval));
        density.lines[0].count
    };
    assert_eq!(share("2024"), Count::Expected(0.25));
    assert_eq!(share("2025"), Count::Expected(0.75));
    assert_eq!(n(table(&snapshot, Some("2024"), None).lines[0].count), 1);
    assert_eq!(n(table(&snapshot, Some("2025"), None).lines[0].count), 0);
}

#[test]
fn no_records_is_an_answer() {
    let density = table(&snapshot(three_areas(), &[]), None, None);
    assert_eq!((n(density.total), density.period), (0, None));
    assert!(density.lines.iter().all(|line| n(line.count) == 0));
    let density = table(&snapshot(Vec::new(), &[at_noon("2025-03-01", 14.0, 57.0)]), None, None);
    assert!(density.lines.is_empty());
    assert_eq!((n(density.rest.count), density.rest.outside), (1, 1));
}

proptest! {
    #[test]
    fn every_record_is_accounted_for_and_areas_count_as_geo_does(
        positions in proptest::collection::vec((0_u32..=50, 0_u32..=12, proptest::option::of(0_u32..1500)), 0..120)
    ) {
        // A lattice that hits borders and corners.
        let records: Vec<Record> = positions.iter().map(|(x, y, precision)| {
            let record = at_noon("2025-03-01", 13.995 + f64::from(*x) / 1000.0, 56.999 + f64::from(*y) / 1000.0);
            Record { precision_m: precision.map(f64::from), ..record }
        }).collect();
        let snapshot = snapshot(three_areas(), &records);
        let density = table(&snapshot, None, None);
        let side = |record: &Record, i: usize| {
            let (lon, lat) = record.at.expect("located");
            snapshot.areas().areas()[i].outline.coordinate_position(&geo::Coord { x: lon, y: lat })
        };
        let coarse = |record: &Record, i: u16| record.precision_m.is_some_and(|p| p > snapshot.areas().radius_m(i));
        for (i, line) in density.lines.iter().enumerate() {
            let inside = records.iter().filter(|r| side(r, i) == CoordPos::Inside);
            let (left_out, counted): (Vec<&Record>, Vec<&Record>) = inside.partition(|r| coarse(r, i as u16));
            prop_assert_eq!(n(line.count), counted.len() as u64);
            prop_assert_eq!(line.too_coarse, left_out.len() as u64);
            let border = records.iter().filter(|r| side(r, i) == CoordPos::OnBoundary && !(0..3).any(|j| side(r, j) == CoordPos::Inside && coarse(r, j as u16)));
            prop_assert!(line.on_border >= border.count() as u64);
        }
        let in_an_area = records.iter().filter(|r| (0..3).any(|i| side(r, i) == CoordPos::Inside && !coarse(r, i as u16))).count();
        prop_assert_eq!(n(density.total), records.len() as u64);
        prop_assert_eq!(in_an_area as u64 + n(density.rest.count) + n(density.without_position.count), n(density.total));
        let r = density.records;
        prop_assert_eq!(r.used + r.outside + r.on_border + r.without_position + r.too_coarse, n(density.total));
    }
}
