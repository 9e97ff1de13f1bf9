//! The status rule as a table, worked out by hand.

use lagesbild::domain::Period;
use lagesbild::followup::status::{Clock, Status, status};

/// What has gone by of 100 days, in percent.
const GONE: [i64; 6] = [10, 25, 50, 99, 100, 120];

/// Target, done, and the status at each of [`GONE`] without a booked date.
/// N not started, P planned, O on pace, B behind, M met, X missed.
/// Paces: of 15 they are 1, 3, 7, 14; of 4 they are 0, 1, 2, 3.
const TABLE: [(u32, u32, &str); 24] = [
    (1, 0, "NNBBXX"),
    (1, 1, "MMMMMM"),
    (1, 7, "MMMMMM"),
    (1, 14, "MMMMMM"),
    (1, 15, "MMMMMM"),
    (1, 16, "MMMMMM"),
    (2, 0, "NNBBXX"),
    (2, 1, "OOBBXX"),
    (2, 7, "MMMMMM"),
    (2, 14, "MMMMMM"),
    (2, 15, "MMMMMM"),
    (2, 16, "MMMMMM"),
    (4, 0, "NBBBXX"),
    (4, 1, "OOBBXX"),
    (4, 7, "MMMMMM"),
    (4, 14, "MMMMMM"),
    (4, 15, "MMMMMM"),
    (4, 16, "MMMMMM"),
    (15, 0, "BBBBXX"),
    (15, 1, "OBBBXX"),
    (15, 7, "OOOBXX"),
    (15, 14, "OOOOXX"),
    (15, 15, "MMMMMM"),
    (15, 16, "MMMMMM"),
];

fn letter(status: Status) -> char {
    match status {
        Status::NotStarted => 'N',
        Status::Planned => 'P',
        Status::OnPace => 'O',
        Status::Behind => 'B',
        Status::Met => 'M',
        Status::Missed => 'X',
        Status::CannotBeMeasured => '?',
    }
}

/// The clock when so many days of a period of 100 are gone.
fn clock(gone: i64) -> Clock {
    let days = Period::parse("2025-01-01/2025-04-10").expect("100 days");
    assert_eq!(days.days(), 100);
    Clock::at(&days, days.start().saturating_add(jiff::Span::new().days(gone)))
}

#[test]
fn the_rule_gives_the_table() {
    for (target, done, expected) in TABLE {
        let found: String = GONE.iter().map(|gone| letter(status(target, done, clock(*gone), false).0)).collect();
        assert_eq!(found, expected, "target {target}, done {done}");
    }
}

#[test]
fn a_booked_date_makes_a_small_target_planned_and_changes_nothing_else() {
    for (target, done, without) in TABLE {
        let with: String = GONE.iter().map(|gone| letter(status(target, done, clock(*gone), true).0)).collect();
        let is_small_and_open = target < 4 && done < target;
        let expected = if is_small_and_open { "PPPPXX" } else { without };
        assert_eq!(with, expected, "target {target}, done {done}");
    }
}

#[test]
fn before_the_first_day_nothing_is_started_and_on_the_last_day_nothing_is_over() {
    let days = Period::parse("2025").expect("a year");
    let on = |date: &str| Clock::at(&days, date.parse().expect("a date"));
    assert_eq!(status(15, 0, on("2024-12-31"), false).0, Status::NotStarted);
    assert_eq!(on("2024-12-31").pace(15), Some(0));
    // On the first day no day is gone; on the last one 364 are, of which 15 x 364 / 365 = 14.96.
    assert_eq!((on("2025-01-01").elapsed_days, on("2025-12-31").elapsed_days), (Some(0), Some(364)));
    assert_eq!((on("2025-12-31").pace(15), on("2025-12-31").is_over()), (Some(14), false));
    assert!(on("2026-01-01").is_over() && on("2030-01-01").pace(15) == Some(15));
    assert_eq!((on("2025-06-01").pace(3), on("2025-06-01").pace(4)), (None, Some(1)));
}
