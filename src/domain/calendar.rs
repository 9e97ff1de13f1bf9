//! Time: instants and intervals of records, periods of local days, hours of the week.
//!
//! Instants are whole seconds since 1970-01-01 UTC. Days, hours and weekdays are those of the data
//! file's time zone, so a day has 23, 24 or 25 hours.

use std::fmt;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// What is known about the time of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeCertainty {
    /// A moment; `end_s == start_s`.
    Instant,
    /// Some time between start and end, or all of it (activities).
    Interval,
    /// A date without a time: the whole local day.
    WholeDay,
    /// A wall time that existed twice when the clock was set back: both readings and what lies between.
    Ambiguous,
}

impl TimeCertainty {
    const ALL: [Self; 4] = [Self::Instant, Self::Interval, Self::WholeDay, Self::Ambiguous];

    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Interval => "interval",
            Self::WholeDay => "whole_day",
            Self::Ambiguous => "ambiguous",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }
}

/// When a record happened: `[start_s, end_s)`, or the instant `start_s` when both are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    start_s: i64,
    end_s: i64,
    certainty: TimeCertainty,
}

impl When {
    /// A moment, in seconds since 1970 UTC.
    pub fn instant(start_s: i64) -> Self {
        Self { start_s, end_s: start_s, certainty: TimeCertainty::Instant }
    }

    /// An interval; `None` when it ends before it starts. An empty one is an instant.
    pub fn interval(start_s: i64, end_s: i64, certainty: TimeCertainty) -> Option<Self> {
        match end_s.cmp(&start_s) {
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal => Some(Self::instant(start_s)),
            std::cmp::Ordering::Greater => Some(Self { start_s, end_s, certainty }),
        }
    }

    /// The whole of a local day.
    pub fn whole_day(day: Date, zone: &TimeZone) -> Self {
        Self {
            start_s: start_of_day(day, zone),
            end_s: start_of_day(next_day(day), zone),
            certainty: TimeCertainty::WholeDay,
        }
    }

    /// First second, since 1970 UTC.
    pub fn start_s(self) -> i64 {
        self.start_s
    }

    /// Second after the last, since 1970 UTC; equal to the start for an instant.
    pub fn end_s(self) -> i64 {
        self.end_s
    }

    /// Length in seconds; 0 for an instant.
    pub fn span_s(self) -> i64 {
        self.end_s - self.start_s
    }

    /// What is known.
    pub fn certainty(self) -> TimeCertainty {
        self.certainty
    }
}

/// The day after; the last day that can be represented is its own next day.
pub(crate) fn next_day(day: Date) -> Date {
    day.saturating_add(1.day())
}

/// First second of a local day. A day that begins in a gap begins after it.
pub(crate) fn start_of_day(day: Date, zone: &TimeZone) -> i64 {
    // Only dates at the very ends of jiff's range (year 9999) cannot be placed; they saturate.
    day.to_zoned(zone.clone()).map_or(if day.year() > 0 { i64::MAX } else { i64::MIN }, |z| z.timestamp().as_second())
}

/// The local date of a second since 1970 UTC.
pub fn local_date(second: i64, zone: &TimeZone) -> Date {
    let moment = Timestamp::from_second(second).unwrap_or(if second > 0 { Timestamp::MAX } else { Timestamp::MIN });
    zone.to_datetime(moment).date()
}

/// A half-open run of local days.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: Date,
    end: Date,
}

/// A text that names no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a {what}; accepted: {accepted}")]
pub struct InvalidPeriod {
    /// What was given.
    pub text: String,
    /// What was expected.
    pub what: &'static str,
    /// The accepted forms.
    pub accepted: &'static str,
}

const PERIOD_FORMS: &str = "2025, 2025-H1, 2025-Q1, 2025-T1, 2025-03, 2025-W09, 2025-03-01 or 2025-03-01/2025-03-31";
const DATETIME_FORMS: &str = "a date, an instant with offset such as 2025-01-01T08:00:00Z, or two of them with '/' between; '..' leaves an end open";

impl Period {
    /// From `start` to the day before `end`; `None` when that is no day.
    pub fn new(start: Date, end: Date) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// From `first` to `last`, both included; `None` when `last` is earlier.
    pub fn spanning(first: Date, last: Date) -> Option<Self> {
        Self::new(first, next_day(last))
    }

    /// First day.
    pub fn start(&self) -> Date {
        self.start
    }

    /// Day after the last.
    pub fn end(&self) -> Date {
        self.end
    }

    /// Last day.
    pub fn last_day(&self) -> Date {
        self.end.saturating_sub(1.day())
    }

    /// Number of days, at least 1.
    pub fn days(&self) -> i64 {
        self.start.until(self.end).map_or(0, |span| i64::from(span.get_days()))
    }

    /// First second and second after the last, in the zone.
    pub fn window(&self, zone: &TimeZone) -> TimeWindow {
        TimeWindow { start_s: Some(start_of_day(self.start, zone)), end_s: Some(start_of_day(self.end, zone)) }
    }

    /// The 12 months that end with `last_day`.
    pub fn twelve_months_to(last_day: Date) -> Self {
        let end = next_day(last_day);
        Self { start: end.saturating_sub(1.year()), end }
    }

    /// The period of the same calendar length just before: the year before a year, the month
    /// before a month, otherwise the same number of days.
    pub fn before(&self) -> Self {
        let months = (i32::from(self.end.year()) - i32::from(self.start.year())) * 12 + i32::from(self.end.month())
            - i32::from(self.start.month());
        let whole_months = months > 0 && self.start.saturating_add(months.months()) == self.end;
        let start = if whole_months {
            self.start.saturating_sub(months.months())
        } else {
            self.start.saturating_sub(self.days().days())
        };
        Self { start, end: self.start }
    }

    /// The shortest spelling of the `period` parameter that reads back as this period: `2025`, `2025-H1`, `2025-Q1`,
    /// `2025-03`, or its first and last day.
    pub fn word(&self) -> String {
        let (start, year) = (self.start, self.start.year());
        let months = [(12, ""), (6, "-H"), (3, "-Q"), (1, "-")];
        let first_month = i32::from(start.month()) - 1;
        let whole = months.iter().find(|(months, _)| {
            start.day() == 1 && first_month % months == 0 && start.saturating_add((*months).months()) == self.end
        });
        match whole {
            Some((12, _)) => format!("{year:04}"),
            Some((1, _)) => format!("{year:04}-{:02}", first_month + 1),
            Some((months, prefix)) => format!("{year:04}{prefix}{}", first_month / months + 1),
            None => self.to_string(),
        }
    }

    /// Reads the forms of the `period` parameter; the second date of a pair is included.
    pub fn parse(text: &str) -> Result<Self, InvalidPeriod> {
        let text = text.trim();
        let invalid = || InvalidPeriod { text: text.to_string(), what: "period", accepted: PERIOD_FORMS };
        if let Some((first, last)) = text.split_once('/') {
            let first: Date = parse_date(first).ok_or_else(invalid)?;
            let last: Date = parse_date(last).ok_or_else(invalid)?;
            return Self::new(first, next_day(last)).ok_or_else(invalid);
        }
        if let Some(day) = parse_date(text) {
            return Ok(Self { start: day, end: next_day(day) });
        }
        let year: i16 = text
            .get(..4)
            .filter(|y| y.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|y| y.parse().ok())
            .ok_or_else(invalid)?;
        let months = |first_month: i8, count: i32| {
            let start = Date::new(year, first_month, 1).map_err(|_| invalid())?;
            Self::new(start, start.saturating_add(count.months())).ok_or_else(invalid)
        };
        let part = |prefix: char, count: i8| -> Option<i8> {
            let number = text[4..].strip_prefix('-')?.strip_prefix(prefix)?;
            number.parse::<i8>().ok().filter(|n| number.len() == 1 && (1..=count).contains(n))
        };
        if text.len() == 4 {
            months(1, 12)
        } else if let Some(half) = part('H', 2) {
            months((half - 1) * 6 + 1, 6)
        } else if let Some(quarter) = part('Q', 4) {
            months((quarter - 1) * 3 + 1, 3)
        } else if let Some(tertial) = part('T', 3) {
            months((tertial - 1) * 4 + 1, 4)
        } else if let Some(week) = text[4..].strip_prefix("-W").filter(|w| w.len() == 2) {
            let week: i8 = week.parse().map_err(|_| invalid())?;
            let monday = ISOWeekDate::new(year, week, Weekday::Monday).map_err(|_| invalid())?.date();
            Self::new(monday, monday.saturating_add(7.days())).ok_or_else(invalid)
        } else if let Some(month) = text[4..].strip_prefix('-').filter(|m| m.len() == 2) {
            months(month.parse().ok().filter(|m| (1..=12).contains(m)).ok_or_else(invalid)?, 1)
        } else {
            Err(invalid())
        }
    }
}

/// A strict `YYYY-MM-DD`.
fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == 10 { text.parse().ok() } else { None }
}

impl fmt::Display for Period {
    /// First and last day, both included: `2025-01-01/2025-12-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.last_day())
    }
}

/// A half-open stretch of time, possibly open at either end. Seconds since 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TimeWindow {
    /// First second; open when absent.
    pub start_s: Option<i64>,
    /// Second after the last; open when absent.
    pub end_s: Option<i64>,
}

impl TimeWindow {
    /// Whether a second lies inside.
    pub fn contains(self, second: i64) -> bool {
        self.start_s.is_none_or(|start| second >= start) && self.end_s.is_none_or(|end| second < end)
    }

    /// Reads the `datetime` parameter: dates mean local days and an end date is included.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Self, InvalidPeriod> {
        let invalid = || InvalidPeriod { text: text.to_string(), what: "time", accepted: DATETIME_FORMS };
        let moment = |part: &str, is_end: bool| -> Result<Option<i64>, InvalidPeriod> {
            let part = part.trim();
            if part.is_empty() || part == ".." {
                return Ok(None);
            }
            if let Some(day) = parse_date(part) {
                return Ok(Some(start_of_day(if is_end { next_day(day) } else { day }, zone)));
            }
            let instant: Timestamp = part.parse().map_err(|_| invalid())?;
            // An instant that ends a range is included, as OGC API Features asks.
            Ok(Some(instant.as_second() + i64::from(is_end)))
        };
        let (first, last) = text.split_once('/').unwrap_or((text, text));
        let window = Self { start_s: moment(first, false)?, end_s: moment(last, true)? };
        match (window.start_s, window.end_s) {
            (None, None) if !text.contains('/') => Err(invalid()),
            (Some(start), Some(end)) if end <= start => Err(invalid()),
            _ => Ok(window),
        }
    }
}

/// Which of the 168 local hours of a week count. Hour 0 is Monday 00-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HourMask([u64; 3]);

impl HourMask {
    /// Hours `[from, to)` of the given weekdays (0 = Monday). When `from >= to` the hours run past
    /// midnight and belong to the weekday on which they begin: `22-04` on Friday ends on Saturday.
    pub fn new(hours: Option<(u8, u8)>, weekdays: Option<&[u8]>) -> Self {
        let (from, to) = hours.unwrap_or((0, 24));
        let length = if from < to { to - from } else { to + 24 - from };
        let mut bits = [0; 3];
        for day in weekdays.unwrap_or(&[0, 1, 2, 3, 4, 5, 6]) {
            for step in 0..usize::from(length) {
                let hour = (usize::from(*day) * 24 + usize::from(from) + step) % 168;
                bits[hour / 64] |= 1 << (hour % 64);
            }
        }
        Self(bits)
    }

    /// Whether the hour of the week counts.
    pub fn contains(&self, hour_of_week: u8) -> bool {
        let hour = usize::from(hour_of_week);
        self.0[hour / 64] >> (hour % 64) & 1 == 1
    }

    /// The hour of the week of a second, in the zone.
    pub fn hour_of_week(second: i64, zone: &TimeZone) -> u8 {
        let moment = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = zone.to_datetime(moment);
        let weekday = local.date().weekday().to_monday_zero_offset();
        // Both parts are small and not negative: 0..=6 and 0..=23.
        weekday.unsigned_abs() * 24 + local.hour().unsigned_abs()
    }

    /// Reads `22-04`; `0-24` is the whole day.
    pub fn parse_hours(text: &str) -> Option<(u8, u8)> {
        let (from, to) = text.trim().split_once('-')?;
        let (from, to): (u8, u8) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        (from < 24 && to <= 24 && from != to).then_some((from, to))
    }

    /// The words of the `weekdays` parameter, Monday first.
    pub const WEEKDAYS: [&'static str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stockholm() -> TimeZone {
        TimeZone::get("Europe/Stockholm").expect("bundled")
    }

    fn period(text: &str) -> String {
        Period::parse(text).expect(text).to_string()
    }

    #[test]
    fn the_word_of_a_period_is_its_shortest_spelling_and_reads_back() {
        for word in
            ["2025", "2025-H2", "2025-Q4", "2025-12", "0999-Q1", "2025-02-01/2025-03-31", "2025-12-31/2026-01-01"]
        {
            assert_eq!(Period::parse(word).expect("a period").word(), word);
        }
        assert_eq!(Period::parse("2025-01-01/2025-06-30").expect("a period").word(), "2025-H1");
    }

    #[test]
    fn periods_are_read_in_all_their_forms() {
        assert_eq!(period("2025"), "2025-01-01/2025-12-31");
        assert_eq!(period("2025-H2"), "2025-07-01/2025-12-31");
        assert_eq!(period("2025-Q1"), "2025-01-01/2025-03-31");
        assert_eq!(period("2025-T3"), "2025-09-01/2025-12-31");
        assert_eq!(period("2024-02"), "2024-02-01/2024-02-29");
        // ISO week 1 of 2026 begins on Monday 29 December 2025.
        assert_eq!(period("2026-W01"), "2025-12-29/2026-01-04");
        assert_eq!(period("2025-03-01"), "2025-03-01/2025-03-01");
        assert_eq!(period("2025-03-01/2025-03-31"), "2025-03-01/2025-03-31");
        for bad in
            ["", "25", "2025-H3", "2025-Q0", "2025-T4", "2025-13", "2025-W54", "2025-3", "2025-03-31/2025-03-01", "år"]
        {
            assert!(Period::parse(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn the_period_before_keeps_the_calendar_length() {
        let before = |text: &str| Period::parse(text).expect(text).before().to_string();
        assert_eq!(before("2025"), "2024-01-01/2024-12-31");
        assert_eq!(before("2025-03"), "2025-02-01/2025-02-28");
        assert_eq!(before("2025-03-04/2025-03-10"), "2025-02-25/2025-03-03");
        let year = Period::twelve_months_to("2026-11-22".parse().expect("date"));
        assert_eq!(year.to_string(), "2025-11-23/2026-11-22");
        assert_eq!((year.days(), year.before().to_string().as_str()), (365, "2024-11-23/2025-11-22"));
    }

    #[test]
    fn days_have_23_and_25_hours_when_the_clock_changes() {
        let hours = |day: &str| When::whole_day(day.parse().expect("date"), &stockholm()).span_s() / 3600;
        assert_eq!((hours("2026-03-29"), hours("2026-06-01"), hours("2026-10-25")), (23, 24, 25));
    }

    #[test]
    fn datetime_reads_dates_instants_and_open_ends() {
        let zone = stockholm();
        let read = |text: &str| TimeWindow::parse(text, &zone);
        let year = read("2025-01-01/2025-12-31").expect("dates");
        assert_eq!(year, Period::parse("2025").expect("year").window(&zone));
        assert_eq!(read("../2025-12-31").expect("open"), TimeWindow { start_s: None, end_s: year.end_s });
        assert_eq!(
            read("2025-01-01T00:00:00+01:00/..").expect("open"),
            TimeWindow { start_s: year.start_s, end_s: None }
        );
        assert!(read("..").is_err() && read("2025-02-01/2025-01-01").is_err() && read("nu").is_err());
    }

    #[test]
    fn night_hours_belong_to_the_weekday_on_which_they_begin() {
        let hours = HourMask::parse_hours("22-04").expect("hours");
        let friday_night = HourMask::new(Some(hours), Some(&[4]));
        assert!(friday_night.contains(4 * 24 + 22) && friday_night.contains(5 * 24 + 3));
        assert!(!friday_night.contains(4 * 24 + 3) && !friday_night.contains(5 * 24 + 4));
        // Sunday night runs into Monday, hour 0 of the week.
        assert!(HourMask::new(Some(hours), Some(&[6])).contains(0));
        assert!(HourMask::parse_hours("24-1").is_none() && HourMask::parse_hours("5-5").is_none());
        assert!((0..168).all(|h| HourMask::new(None, None).contains(h)));
    }

    #[test]
    fn hours_of_the_week_follow_the_local_clock() {
        // 2026-03-29 is a Sunday; at 01:00 UTC the clock jumps from 02:00 to 03:00.
        let second: i64 = "2026-03-29T01:00:00Z".parse::<Timestamp>().expect("instant").as_second();
        assert_eq!(HourMask::hour_of_week(second - 1, &stockholm()), 6 * 24 + 1);
        assert_eq!(HourMask::hour_of_week(second, &stockholm()), 6 * 24 + 3);
    }
}
