//! Local wall times as instants and intervals.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draw::pick;
use super::plus_days;
use super::profile::Rhythm;
use crate::domain::{TimeCertainty, When};

/// Share of observations with a date but no time, and with an interval.
const WHOLE_DAY_SHARE: f64 = 0.13;
const INTERVAL_SHARE: f64 = 0.15;

/// When something seen on `date` happened: a moment, the whole day, a few hours, or overnight.
pub(super) fn of_observation(date: Date, rhythm: &Rhythm, zone: &TimeZone, rng: &mut ChaCha8Rng) -> When {
    let form: f64 = rng.random();
    let hour = hour_index(pick(rhythm.hours.iter().copied(), rng));
    let minute = 5 * rng.random_range(0..12_i8);
    if form < WHOLE_DAY_SHARE {
        return When::whole_day(date, zone);
    }
    let seen = wall_time(date, hour, minute, zone);
    if form >= WHOLE_DAY_SHARE + INTERVAL_SHARE {
        return seen;
    }
    let overnight = !(6..20).contains(&hour);
    let (start, end) = if overnight {
        let evening = wall_time(plus_days(date, -1), rng.random_range(19..24), minute, zone);
        (evening.start_s(), wall_time(date, rng.random_range(5..9), 0, zone).start_s())
    } else {
        (seen.start_s() - 3600 * rng.random_range(1..4), seen.start_s())
    };
    // What is handed in this year did not begin in the last, so that a year's records do not move.
    let new_year = Date::new(date.year(), 1, 1).map_or(start, |day| When::whole_day(day, zone).start_s());
    When::interval(start.max(new_year), end, TimeCertainty::Interval).unwrap_or(seen)
}

/// A wall time. One that exists twice is the interval of both readings; one that does not exist is
/// read with the offset before the change, an hour later.
pub(super) fn wall_time(date: Date, hour: i8, minute: i8, zone: &TimeZone) -> When {
    let wall = zone.to_ambiguous_timestamp(date.at(hour, minute, 0, 0));
    let second = |reading: Result<jiff::Timestamp, jiff::Error>| {
        // Only the very ends of the calendar have no instant.
        reading.map_or_else(|_| When::whole_day(date, zone).start_s(), jiff::Timestamp::as_second)
    };
    match wall.offset() {
        AmbiguousOffset::Fold { .. } => {
            let (first, last) = (second(wall.earlier()), second(wall.later()));
            When::interval(first, last, TimeCertainty::Ambiguous).unwrap_or(When::instant(first))
        }
        _ => When::instant(second(wall.compatible())),
    }
}

/// An hour out of 24 weights.
fn hour_index(index: usize) -> i8 {
    i8::try_from(index).expect("below 24")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_exists_twice_is_both_and_one_that_does_not_exist_is_an_hour_later() {
        let zone = TimeZone::get("Europe/Stockholm").expect("bundled");
        let twice = wall_time("2026-10-25".parse().expect("date"), 2, 30, &zone);
        assert_eq!((twice.span_s(), twice.certainty()), (3600, TimeCertainty::Ambiguous));
        let spring: Date = "2026-03-29".parse().expect("date");
        assert_eq!(wall_time(spring, 2, 30, &zone), wall_time(spring, 3, 30, &zone));
    }
}
