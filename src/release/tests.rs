//! The rules of a release on records made by hand.

use super::attack::{Category, Place, Shown, Statement};
use super::build::{Request, build, earliest};
use super::statistics::GridNote;
use super::{Refused, Release, Stream, test_release};
use crate::domain::{Id, Period};
use crate::followup::test_book;
use crate::spatial::Snapshot;

type Seen = (Option<f64>, String, &'static str);

/// `n` reports of a category at a longitude, one a day from the first of a month on.
fn daily(n: u32, month: &str, lon: f64, category: &'static str) -> Vec<Seen> {
    (1..=n).map(|day| (Some(lon), format!("{month}-{day:02}"), category)).collect()
}

fn snapshot(seen: &[Seen]) -> Snapshot {
    let rows: Vec<(Option<f64>, &str, &str)> = seen.iter().map(|(lon, on, of)| (*lon, on.as_str(), *of)).collect();
    test_book::snapshot(&rows, &[])
}

fn request(stream: Stream, period: &str, published_on: &str) -> Request {
    let mut policy = test_release::policy();
    policy.municipality_set = "promise".into();
    policy.open_categories = vec!["lighting".into(), "littering".into()];
    Request {
        number: 1,
        stream,
        period: Period::parse(period).expect("a period"),
        today: "2030-01-01".parse().expect("a date"),
        published_on: published_on.parse().expect("a date"),
        revision_of: None,
        earlier: Vec::new(),
        before: Vec::new(),
        areas_before: None,
        policy,
        addresses: None,
        software: "lagesbild test".into(),
    }
}

fn released(seen: &[Seen]) -> Release {
    let request = request(Stream::Statistics, "2025", "2026-02-01");
    let book = test_book::book().build();
    build(&snapshot(seen), &book, &request).expect("a release").get().clone()
}

fn shown(release: &Release, place: &Place, category: &Category, period: &str) -> Shown {
    let period = Period::parse(period).expect("a period");
    let is_it = |s: &&Statement| s.place == *place && s.category == *category && s.period == period;
    release.statistics.as_ref().and_then(|s| s.figures.iter().find(is_it)).expect("a figure").shown
}

fn west() -> Place {
    Place::Area(Id::new("west").expect("an id"))
}

#[test]
fn ten_reports_of_three_days_are_shown_and_nine_are_not() {
    for (n, expected) in
        [(9, Shown::UnderLeast), (10, Shown::About(10)), (12, Shown::About(10)), (13, Shown::About(15))]
    {
        let release = released(&daily(n, "2025-03", 14.65, "lighting"));
        assert_eq!(shown(&release, &west(), &Category::NotSensitive, "2025"), expected, "{n} reports");
    }
}

#[test]
fn ten_reports_of_two_days_are_not_shown() {
    let of_two = vec![daily(2, "2025-03", 14.65, "lighting"); 6].concat();
    assert_eq!(of_two.len(), 12);
    assert_eq!(shown(&released(&of_two), &west(), &Category::NotSensitive, "2025"), Shown::UnderLeast);
    let of_three = vec![daily(3, "2025-03", 14.65, "lighting"); 4].concat();
    // Unknown reporters count as one a day, so three days are three reporters.
    assert_eq!(shown(&released(&of_three), &west(), &Category::NotSensitive, "2025"), Shown::About(10));
}

#[test]
fn a_category_that_is_not_open_is_counted_for_the_municipality_only() {
    let seen = [daily(20, "2025-03", 14.65, "violence"), daily(20, "2025-04", 14.65, "lighting")].concat();
    let release = released(&seen);
    let violence = Category::One("violence".into());
    assert_eq!(shown(&release, &Place::Municipality, &violence, "2025"), Shown::About(20));
    assert_eq!(shown(&release, &west(), &Category::NotSensitive, "2025"), Shown::About(20));
    let statistics = release.statistics.expect("statistics");
    assert!(!statistics.figures.iter().any(|s| s.category == violence && s.place != Place::Municipality));
}

#[test]
fn what_has_no_position_counts_for_the_municipality() {
    let seen: Vec<Seen> = (1..=20).map(|day| (None, format!("2025-05-{day:02}"), "lighting")).collect();
    let release = released(&seen);
    assert_eq!(shown(&release, &Place::Municipality, &Category::All, "2025"), Shown::About(20));
    assert_eq!(shown(&release, &west(), &Category::NotSensitive, "2025"), Shown::UnderLeast);
}

#[test]
fn under_a_thousand_located_reports_there_is_no_grid_and_no_density() {
    let statistics = released(&daily(25, "2025-03", 14.65, "lighting")).statistics.expect("statistics");
    assert_eq!(statistics.grid, GridNote::TooFewLocated { least: 1_000 });
    assert!(statistics.density.is_none() && statistics.levels_m.is_empty());
    assert!(!statistics.figures.iter().any(|s| matches!(s.place, Place::Square { .. })));
}

#[test]
fn squares_are_fixed_by_the_year_before() {
    let of_year = |year: u32, n: usize| -> Vec<Seen> {
        // Spread, so that what is around a square is not known to be empty.
        let lon = |i: usize| Some(14.605 + 0.01 * (i * i % 29) as f64);
        let month = |i: usize| (lon(i), format!("{year}-{:02}-{:02}", i % 12 + 1, i / 12 % 28 + 1), "lighting");
        (0..n).map(month).collect()
    };
    let levels = |before: usize| {
        let release = released(&[of_year(2024, before), of_year(2025, 1_200)].concat());
        let statistics = release.statistics.expect("statistics");
        (statistics.levels_m, statistics.grid)
    };
    assert_eq!(levels(999), (vec![], GridNote::NoLevelFixed));
    // Without a register of addresses nothing is smaller than a kilometre.
    assert_eq!(levels(5_000), (vec![2_000, 1_000], GridNote::Released));
}

#[test]
fn a_single_hidden_quarter_takes_the_quarters_away() {
    // 22 + 22 + 22 + 4 = 70. The year is 68 to 72, each shown quarter 18 to 22: the fourth has at least 68 - 66 = 2.
    let quarter = |n: u32, month: &str| daily(n, month, 14.65, "lighting");
    let seen = [quarter(22, "2025-02"), quarter(22, "2025-05"), quarter(22, "2025-08"), quarter(4, "2025-11")];
    let release = released(&seen.concat());
    assert_eq!(shown(&release, &west(), &Category::NotSensitive, "2025"), Shown::About(70));
    let of_quarter = |quarter: &str| shown(&release, &west(), &Category::NotSensitive, quarter);
    for quarter in ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"] {
        assert_ne!(
            of_quarter(quarter),
            Shown::UnderLeast,
            "a hidden quarter beside three shown ones could be computed"
        );
    }
}

#[test]
fn a_period_that_is_not_closed_is_refused_with_the_first_day() {
    let refused = |stream, period: &str, on: &str| {
        let book = test_book::book().build();
        build(&snapshot(&[]), &book, &request(stream, period, on)).expect_err("refused").to_string()
    };
    let error = refused(Stream::Statistics, "2025", "2026-01-29");
    assert!(error.contains("2026-01-30") && error.contains("2025-12-31"), "{error}");
    assert!(refused(Stream::FollowUp, "2025-10", "2025-11-29").contains("2025-11-30"));
    assert!(refused(Stream::FollowUp, "2025", "2026-02-01").contains("a month such as"));
    assert!(refused(Stream::Statistics, "2025-10", "2026-02-01").contains("a year, half-year or quarter"));
    let policy = test_release::policy();
    let october = Period::parse("2025-10").expect("a month");
    assert_eq!(earliest(&policy, Stream::FollowUp, &october).to_string(), "2025-11-30");
}

#[test]
fn changed_areas_and_an_unknown_set_are_refused() {
    let book = test_book::book().build();
    let mut asked = request(Stream::Statistics, "2025", "2026-02-01");
    asked.areas_before = Some((4, "another".into()));
    let error = build(&snapshot(&[]), &book, &asked).expect_err("refused");
    assert!(matches!(error, Refused::AreasChanged { release: 4, .. }), "{error}");
    asked.policy.area_set = "parishes".into();
    let error = build(&snapshot(&[]), &book, &asked).expect_err("refused").to_string();
    assert!(error.contains("'parishes'") && error.contains("promise"), "{error}");
}

#[test]
fn an_empty_file_gives_a_release_that_says_so() {
    let release = released(&[]);
    assert_eq!(shown(&release, &Place::Municipality, &Category::All, "2025"), Shown::UnderLeast);
    let municipality = release.follow_up.areas.last().expect("a row");
    assert!(municipality.area.is_none() && municipality.done.iter().all(|kind| kind.items == 0));
}

#[test]
fn the_same_records_give_the_same_release_whatever_their_order() {
    let mut seen = [daily(20, "2025-02", 14.65, "lighting"), daily(15, "2025-05", 14.85, "littering")].concat();
    let before = released(&seen);
    seen.reverse();
    assert_eq!(released(&seen), before);
}
