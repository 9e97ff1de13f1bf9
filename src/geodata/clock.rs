//! Wall times of one time zone to instants, fast, and honest about the nights when the clock changes.

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::datetime::{Reading, parse_clock, parse_moment};
use super::values::Fault;
use crate::domain::{TimeCertainty, When};

/// What to do with a wall time that exists twice, when the clock was set back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ambiguous {
    /// Both readings and what lies between, flagged as ambiguous.
    #[default]
    Interval,
    /// Refuse the row.
    Reject,
    /// Take the first (summer time).
    Earlier,
    /// Take the second (standard time).
    Later,
}

impl Ambiguous {
    /// All values, the default first.
    pub const ALL: [Self; 4] = [Self::Interval, Self::Reject, Self::Earlier, Self::Later];

    /// The word of the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Interval => "interval",
            Self::Reject => "reject",
            Self::Earlier => "earlier",
            Self::Later => "later",
        }
    }

    /// Reads the word of the command line.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.code() == code)
    }
}

/// The cells of a row that say when; empty where there is no such column.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeCells<'a> {
    /// `start` or `datetime`.
    pub(crate) start: &'a str,
    pub(crate) end: &'a str,
    pub(crate) date: &'a str,
    pub(crate) time: &'a str,
}

/// Which cell of [`TimeCells`] is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeCell {
    Start,
    End,
    Date,
    Time,
}

/// A time of a row, and whether a wall time in it existed twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeOfRow {
    pub(crate) when: When,
    pub(crate) existed_twice: bool,
}

/// A time zone that remembers the offset of every day it was asked about.
///
/// Days on which the offset changes are never remembered; they go through the full rules.
pub(crate) struct Clock {
    zone: TimeZone,
    ambiguous: Ambiguous,
    offsets_s: Vec<i32>,
}

/// Day number of 1900-01-01, the first that is remembered; the last is 2101-01-01.
const FIRST_DAY: i32 = -25_567;
const DAYS: usize = 73_415;
const UNKNOWN: i32 = i32::MAX;
const CHANGES: i32 = i32::MIN;

/// A stretch of time and what is known about it: `[from_s, to_s)`, or an instant when both are equal.
#[derive(Clone, Copy)]
struct Stretch {
    from_s: i64,
    to_s: i64,
    certainty: TimeCertainty,
    existed_twice: bool,
}

impl Clock {
    pub(crate) fn new(zone: TimeZone, ambiguous: Ambiguous) -> Self {
        Self { zone, ambiguous, offsets_s: vec![UNKNOWN; DAYS] }
    }

    /// For a few times: nothing to fill, every time by the full rules.
    pub(crate) fn without_memory(zone: TimeZone, ambiguous: Ambiguous) -> Self {
        Self { zone, ambiguous, offsets_s: Vec::new() }
    }

    /// The time of a row out of its cells (all trimmed, blank ones empty).
    ///
    /// A date with a time apart, a date alone (the whole day), or a start with an optional end. With
    /// a date beside them, start and end may be times of day; an end before its start is then the
    /// next morning. An end date is included.
    pub(crate) fn time_of_row(&mut self, cells: &TimeCells<'_>) -> Result<TimeOfRow, (TimeCell, Fault)> {
        let (at, start) = first_reading(cells)?;
        let from = self.place(start).map_err(|fault| (at, fault))?;
        if cells.end.is_empty() {
            let existed_twice = from.existed_twice;
            return When::interval(from.from_s, from.to_s, from.certainty)
                .map(|when| TimeOfRow { when, existed_twice })
                .ok_or_else(|| (at, ends_first()));
        }
        let end = end_reading(cells.end, start).map_err(|fault| (TimeCell::End, fault))?;
        let to = self.place(end).map_err(|fault| (TimeCell::End, fault))?;
        // Only a moment may end where it starts; a day or month that ends there lies before the start.
        if to.to_s > to.from_s && to.to_s <= from.from_s {
            return Err((TimeCell::End, ends_first()));
        }
        let existed_twice = from.existed_twice || to.existed_twice;
        let certainty = if from.certainty == TimeCertainty::Ambiguous || to.certainty == TimeCertainty::Ambiguous {
            TimeCertainty::Ambiguous
        } else if from.certainty == TimeCertainty::WholeDay && from.to_s == to.to_s {
            TimeCertainty::WholeDay
        } else {
            TimeCertainty::Interval
        };
        When::interval(from.from_s, to.to_s, certainty)
            .map(|when| TimeOfRow { when, existed_twice })
            .ok_or_else(|| (TimeCell::End, ends_first()))
    }

    fn place(&mut self, reading: Reading) -> Result<Stretch, Fault> {
        let instant =
            |second| Stretch { from_s: second, to_s: second, certainty: TimeCertainty::Instant, existed_twice: false };
        match reading {
            Reading::Instant(second) => Ok(instant(second)),
            Reading::Days { first, end } => Ok(self.days(first, end)),
            Reading::Wall(day, second) => {
                let wall_s = i64::from(day) * 86_400 + i64::from(second);
                match self.offset_of_day(day) {
                    CHANGES => self.place_by_the_rules(wall_s),
                    offset_s => Ok(instant(wall_s - i64::from(offset_s))),
                }
            }
        }
    }

    fn days(&self, first: Date, end: Date) -> Stretch {
        let (a, b) = (When::whole_day(first, &self.zone), When::whole_day(end, &self.zone));
        let one = first.tomorrow().is_ok_and(|next| next == end);
        let certainty = if one { TimeCertainty::WholeDay } else { TimeCertainty::Interval };
        Stretch { from_s: a.start_s(), to_s: b.start_s(), certainty, existed_twice: false }
    }

    /// The offset of a whole local day, or [`CHANGES`].
    fn offset_of_day(&mut self, day: i32) -> i32 {
        let slot = usize::try_from(day - FIRST_DAY).ok().filter(|slot| *slot < self.offsets_s.len());
        let Some(slot) = slot else { return CHANGES };
        if self.offsets_s[slot] == UNKNOWN {
            self.offsets_s[slot] = self.look_up_day(day);
        }
        self.offsets_s[slot]
    }

    fn look_up_day(&self, day: i32) -> i32 {
        let midnight = |day: i32| {
            let date = jiff::civil::date(1970, 1, 1).saturating_add(i64::from(day).days());
            self.zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0))
        };
        let (start, end) = (midnight(day), midnight(day + 1));
        match (start.offset(), start.unambiguous(), end.unambiguous()) {
            (AmbiguousOffset::Unambiguous { offset }, Ok(start), Ok(end)) => {
                // A change at the very first second is over; one at the last second is not yet there.
                let changes = self.zone.following(start).next().is_some_and(|change| change.timestamp() <= end);
                if changes { CHANGES } else { offset.seconds() }
            }
            _ => CHANGES,
        }
    }

    fn place_by_the_rules(&self, wall_s: i64) -> Result<Stretch, Fault> {
        let too_far = |_| Fault::new("the time is out of range", "years from 1900 to 2100 are accepted");
        let local = jiff::tz::Offset::UTC.to_datetime(Timestamp::from_second(wall_s).map_err(too_far)?);
        let at = |offset: jiff::tz::Offset| wall_s - i64::from(offset.seconds());
        let one = |s, existed_twice| Stretch { from_s: s, to_s: s, certainty: TimeCertainty::Instant, existed_twice };
        match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => Ok(one(at(offset), false)),
            AmbiguousOffset::Gap { .. } => Err(Fault::new(
                "this wall time does not exist: the clock was set forward over it",
                "check the hour, or give an offset such as +01:00",
            )),
            AmbiguousOffset::Fold { before, after } => match self.ambiguous {
                Ambiguous::Interval => Ok(Stretch {
                    from_s: at(before),
                    to_s: at(after),
                    certainty: TimeCertainty::Ambiguous,
                    existed_twice: true,
                }),
                Ambiguous::Earlier => Ok(one(at(before), true)),
                Ambiguous::Later => Ok(one(at(after), true)),
                Ambiguous::Reject => Err(Fault::new(
                    "this wall time existed twice: the clock was set back over it",
                    "give an offset such as +02:00, or --ambiguous interval, earlier or later",
                )),
            },
        }
    }
}

fn ends_first() -> Fault {
    Fault::new("ends before it starts", "an end at or after the start is accepted")
}

/// The first moment of a row and the cell it is in.
fn first_reading(cells: &TimeCells<'_>) -> Result<(TimeCell, Reading), (TimeCell, Fault)> {
    if !cells.start.is_empty() {
        if !cells.date.is_empty()
            && let (Ok(second), Ok(day)) = (parse_clock(cells.start), parse_moment(cells.date))
        {
            return at_clock(day, second).map(|r| (TimeCell::Start, r)).map_err(|fault| (TimeCell::Date, fault));
        }
        return parse_moment(cells.start).map(|r| (TimeCell::Start, r)).map_err(|fault| (TimeCell::Start, fault));
    }
    if cells.date.is_empty() {
        // A lone time column often holds whole timestamps.
        let (cell, text) = if cells.time.is_empty() { (TimeCell::Start, "") } else { (TimeCell::Time, cells.time) };
        let missing = || {
            Fault::new("no time", "every record needs a date, a time, or a start; a year or month alone is accepted")
        };
        return if text.is_empty() {
            Err((cell, missing()))
        } else {
            parse_moment(text).map(|r| (cell, r)).map_err(|f| (cell, f))
        };
    }
    let day = parse_moment(cells.date).map_err(|fault| (TimeCell::Date, fault))?;
    if cells.time.is_empty() {
        return Ok((TimeCell::Date, day));
    }
    let second = parse_clock(cells.time).map_err(|fault| (TimeCell::Time, fault))?;
    at_clock(day, second).map(|r| (TimeCell::Time, r)).map_err(|fault| (TimeCell::Date, fault))
}

/// A time of day on a day. A spreadsheet writes a date as midnight of that day: both are accepted.
fn at_clock(day: Reading, second: i32) -> Result<Reading, Fault> {
    match day {
        Reading::Wall(day, 0) => Ok(Reading::Wall(day, second)),
        Reading::Days { first, end } if first.tomorrow().is_ok_and(|next| next == end) => {
            let day = super::datetime::day_number(first.year().into(), first.month().into(), first.day().into());
            day.map(|day| Reading::Wall(day, second))
                .ok_or_else(|| Fault::new("no such day", "years from 1900 to 2100 are accepted"))
        }
        _ => {
            Err(Fault::new("not one day, but a time of day stands beside it", "a date such as 2025-03-01 is accepted"))
        }
    }
}

/// The end of an interval: a moment, or a time of day on the day of the start (or the morning after).
fn end_reading(text: &str, start: Reading) -> Result<Reading, Fault> {
    if let (Reading::Wall(day, from), Ok(second)) = (start, parse_clock(text)) {
        return Ok(Reading::Wall(if second < from { day + 1 } else { day }, second));
    }
    parse_moment(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(zone: &str, ambiguous: Ambiguous) -> Clock {
        Clock::new(TimeZone::get(zone).expect("bundled"), ambiguous)
    }

    fn second(text: &str) -> i64 {
        text.parse::<Timestamp>().expect(text).as_second()
    }

    fn at(clock: &mut Clock, start: &str) -> Result<TimeOfRow, (TimeCell, Fault)> {
        clock.time_of_row(&TimeCells { start, ..TimeCells::default() })
    }

    #[test]
    fn an_hour_that_exists_twice_becomes_both_readings_in_stockholm_and_chicago() {
        // Stockholm: 2025-10-26 03:00 +02 -> 02:00 +01. Chicago: 2019-11-03 02:00 -05 -> 01:00 -06.
        for (zone, wall, earlier, later) in [
            ("Europe/Stockholm", "2025-10-26T02:30:00", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z"),
            ("America/Chicago", "2019-11-03T01:10:00", "2019-11-03T06:10:00Z", "2019-11-03T07:10:00Z"),
        ] {
            let (earlier, later) = (second(earlier), second(later));
            let read = at(&mut clock(zone, Ambiguous::Interval), wall).expect("accepted");
            assert!(read.existed_twice);
            assert_eq!(
                (read.when.start_s(), read.when.end_s(), read.when.certainty()),
                (earlier, later, TimeCertainty::Ambiguous)
            );
            let choose = |a| at(&mut clock(zone, a), wall).expect("accepted").when;
            assert_eq!(choose(Ambiguous::Earlier), When::instant(earlier));
            assert_eq!(choose(Ambiguous::Later), When::instant(later));
            assert!(at(&mut clock(zone, Ambiguous::Reject), wall).is_err());
        }
    }

    #[test]
    fn an_hour_that_does_not_exist_is_refused_in_stockholm_and_chicago() {
        for (zone, gone, before, after) in [
            (
                "Europe/Stockholm",
                "2025-03-30T02:30:00",
                ("2025-03-30T01:59:59", "2025-03-30T00:59:59Z"),
                ("2025-03-30T03:00:00", "2025-03-30T01:00:00Z"),
            ),
            (
                "America/Chicago",
                "2019-03-10T02:00:00",
                ("2019-03-10T01:59:59", "2019-03-10T07:59:59Z"),
                ("2019-03-10T03:00:00", "2019-03-10T08:00:00Z"),
            ),
        ] {
            let mut clock = clock(zone, Ambiguous::Interval);
            let (_, fault) = at(&mut clock, gone).expect_err("gone");
            assert!(fault.reason.contains("does not exist"));
            for (wall, utc) in [before, after] {
                assert_eq!(at(&mut clock, wall).expect(wall).when, When::instant(second(utc)));
            }
        }
    }

    #[test]
    fn remembered_offsets_agree_with_the_rules_for_every_hour_of_two_years() {
        // São Paulo changed its clock at midnight until 2019, Lord Howe by half an hour.
        for zone in ["Europe/Stockholm", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Beirut"] {
            let mut clock = clock(zone, Ambiguous::Interval);
            let first = super::super::datetime::day_number(2018, 1, 1).expect("day");
            for half_hour in 0..2 * 365 * 48 {
                let wall_s = i64::from(first) * 86_400 + half_hour * 1800;
                let (day, second) = (wall_s.div_euclid(86_400), wall_s.rem_euclid(86_400));
                let reading = Reading::Wall(i32::try_from(day).expect("small"), i32::try_from(second).expect("small"));
                let span = |s: Result<Stretch, Fault>| s.map(|s| (s.from_s, s.to_s, s.certainty)).map_err(|f| f.reason);
                let rules = span(clock.place_by_the_rules(wall_s));
                assert_eq!(span(clock.place(reading)), rules, "{zone} {wall_s}");
            }
        }
    }

    #[test]
    fn a_date_alone_is_the_whole_local_day_and_a_time_beside_it_is_a_moment() {
        let mut clock = clock("Europe/Stockholm", Ambiguous::Interval);
        let mut read =
            |date, time| clock.time_of_row(&TimeCells { date, time, ..TimeCells::default() }).map(|t| t.when);
        let day = read("2025-03-01", "").expect("day");
        assert_eq!((day.start_s(), day.end_s()), (second("2025-02-28T23:00:00Z"), second("2025-03-01T23:00:00Z")));
        assert_eq!(day.certainty(), TimeCertainty::WholeDay);
        let moment = When::instant(second("2025-03-01T20:30:00Z"));
        for (date, time) in [
            ("2025-03-01", "21:30"),
            ("20250301", "kl 21.30"),
            ("2025-03-01 00:00:00", "2130"),
            ("2025-03-01 21:30", ""),
        ] {
            assert_eq!(read(date, time), Ok(moment), "{date} {time}");
        }
        assert_eq!(read("2025-03-01 10:00", "21:30").expect_err("two times").0, TimeCell::Date);
        assert_eq!(read("2025-03", "21:30").expect_err("a month").0, TimeCell::Date);
        assert_eq!(read("", "").expect_err("nothing").1.reason, "no time");
        assert_eq!(read("", "2025-03-01 21:30"), Ok(moment));
    }

    #[test]
    fn starts_and_ends_make_intervals_and_an_end_date_is_included() {
        let mut clock = clock("Europe/Stockholm", Ambiguous::Interval);
        let mut read = |date, start, end| {
            clock
                .time_of_row(&TimeCells { date, start, end, time: "" })
                .map(|t| (t.when.start_s(), t.when.end_s(), t.when.certainty()))
        };
        let evening = (second("2025-03-01T17:00:00Z"), second("2025-03-01T19:00:00Z"), TimeCertainty::Interval);
        assert_eq!(read("", "2025-03-01 18:00", "2025-03-01 20:00"), Ok(evening));
        assert_eq!(read("", "2025-03-01 18:00", "20:00"), Ok(evening));
        assert_eq!(read("2025-03-01", "18:00", "20:00"), Ok(evening));
        let night = (second("2025-03-01T21:00:00Z"), second("2025-03-02T01:00:00Z"), TimeCertainty::Interval);
        assert_eq!(read("2025-03-01", "22.00", "02.00"), Ok(night));
        let days = (second("2025-02-28T23:00:00Z"), second("2025-03-03T23:00:00Z"), TimeCertainty::Interval);
        assert_eq!(read("", "2025-03-01", "2025-03-03"), Ok(days));
        assert_eq!(read("", "2025-03-01", "2025-03-01").map(|t| t.2), Ok(TimeCertainty::WholeDay));
        assert_eq!(read("", "2025-03-02", "2025-03-01").expect_err("backwards").0, TimeCell::End);
        assert_eq!(read("", "2025-03-01 18:00", "2025-03-01 17:00").expect_err("backwards").1, ends_first());
        let month = read("", "2025-03", "").expect("month");
        assert_eq!(
            (month.0, month.1, month.2),
            (second("2025-02-28T23:00:00Z"), second("2025-03-31T22:00:00Z"), TimeCertainty::Interval)
        );
    }
}
