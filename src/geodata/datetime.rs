//! Texts to wall times, days and instants. No time zone here: `clock.rs` places the result in one.
//!
//! Year first, always. `01/03/2025` is refused whatever its numbers, because a file where only the
//! days after the 12th can be read would import half of every month.

use jiff::civil::Date;

use super::values::Fault;
use crate::domain::Period;

/// What a text says about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A moment with an offset, in seconds since 1970 UTC.
    Instant(i64),
    /// A wall time: days since 1970-01-01 and seconds since midnight (86,400 for 24:00).
    Wall(i32, i32),
    /// Whole local days, from `first` to the day before `end`.
    Days {
        /// First day.
        first: Date,
        /// Day after the last.
        end: Date,
    },
}

const FORMS: &str =
    "2025-03-01, 2025-03-01 21:30, 2025-03-01T21:30:00+01:00, 20250301, 2025-03, 2025-W09 and 2025 are accepted";
const CLOCK_FORMS: &str = "21:30, 21.30, 21:30:15, 2130 and 'kl 21' are accepted";

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar; `None` when there is no such day.
///
/// Days are counted in 400-year cycles of years that begin in March, so that the leap day comes last.
/// Years 1900 to 2100 only: others are typing errors in this kind of data.
pub(crate) fn day_number(year: i32, month: i32, day: i32) -> Option<i32> {
    const LENGTHS: [i32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = LENGTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)? + i32::from(leap && month == 2);
    if !(1900..=2100).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    let march_year = year - i32::from(month <= 2);
    let day_of_march_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(365 * march_year + march_year / 4 - march_year / 100 + march_year / 400 + day_of_march_year - 719_468)
}

/// Reads a date, a date with a time, a month, a week, a quarter, a year, or two dates with `/` between.
/// `text` is trimmed.
pub(crate) fn parse_moment(text: &str) -> Result<Reading, Fault> {
    if let Some(wall) = fast_wall(text.as_bytes()) {
        return Ok(wall);
    }
    if let Some((number, rest)) = split_date(text)? {
        return match rest.trim_start_matches([' ', 'T', 't', ',', '\u{a0}']) {
            "" if rest.is_empty() => Ok(one_day(text)?),
            "" => Err(unknown(text)),
            _ if !rest.starts_with([' ', 'T', 't', ',', '\u{a0}']) => Err(unknown(text)),
            time => with_time(number, time, text),
        };
    }
    let period = Period::parse(text).map_err(|_| unknown(text))?;
    if !(1900..=2100).contains(&period.start().year()) || period.end().year() > 2101 {
        return Err(year_out_of_range());
    }
    Ok(Reading::Days { first: period.start(), end: period.end() })
}

/// `YYYY-MM-DDTHH:MM:SS` or with a blank, the form of nearly every row of a large file.
fn fast_wall(b: &[u8]) -> Option<Reading> {
    if b.len() != 19 || b[4] != b'-' || b[7] != b'-' || !matches!(b[10], b'T' | b' ') || b[13] != b':' || b[16] != b':'
    {
        return None;
    }
    let two = |i: usize| -> Option<i32> {
        let (tens, ones) = (b[i].wrapping_sub(b'0'), b[i + 1].wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| i32::from(tens) * 10 + i32::from(ones))
    };
    let day = day_number(two(0)? * 100 + two(2)?, two(5)?, two(8)?)?;
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    (hour < 24 && minute < 60 && second < 60).then_some(Reading::Wall(day, hour * 3600 + minute * 60 + second))
}

/// Splits a leading `YYYY-MM-DD`, `YYYY/MM/DD`, `YYYY.MM.DD` or `YYYYMMDD` off. `None`: no such start.
fn split_date(text: &str) -> Result<Option<(i32, &str)>, Fault> {
    let b = text.as_bytes();
    let digits = b.iter().take_while(|b| b.is_ascii_digit()).count();
    let separated = digits == 4 && matches!(b.get(4), Some(b'-' | b'/' | b'.')) && b.get(7) == b.get(4);
    let (spans, length) = match digits {
        4 if separated => ([(0, 4), (5, 7), (8, 10)], 10),
        8 => ([(0, 4), (4, 6), (6, 8)], 8),
        _ => return Ok(None),
    };
    // A pair of dates with '/' between is a period, not a date with a time.
    if b.len() < length || (b.get(length) == Some(&b'/')) {
        return Ok(None);
    }
    let part =
        |(from, to): (usize, usize)| text.get(from..to).and_then(|p| if is_digits(p) { p.parse().ok() } else { None });
    let (Some(year), Some(month), Some(day)) = (part(spans[0]), part(spans[1]), part(spans[2])) else {
        return Ok(None);
    };
    if !(1900..=2100).contains(&year) {
        return Err(year_out_of_range());
    }
    let number = day_number(year, month, day).ok_or_else(|| {
        Fault::new("no such day", "check the day and the month; year, month, day is the accepted order")
    })?;
    Ok(Some((number, &text[length..])))
}

fn one_day(text: &str) -> Result<Reading, Fault> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let dashed = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]);
    let first: Date = dashed.parse().map_err(|_| unknown(text))?;
    Ok(Reading::Days { first, end: first.tomorrow().map_err(|_| year_out_of_range())? })
}

/// A time of day, perhaps with an offset, after a date.
fn with_time(day: i32, time: &str, text: &str) -> Result<Reading, Fault> {
    let (clock, offset_s) = split_offset(time);
    let second = parse_clock(clock).map_err(|_| Fault { hint: CLOCK_FORMS.into(), ..unknown(text) })?;
    Ok(match offset_s {
        None => Reading::Wall(day, second),
        Some(offset_s) => Reading::Instant(i64::from(day) * 86_400 + i64::from(second) - i64::from(offset_s)),
    })
}

/// Splits `Z`, `+01`, `+0100` or `+01:00` off the end of a time.
fn split_offset(time: &str) -> (&str, Option<i32>) {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return (clock.trim_end(), Some(0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return (time, None) };
    let digits: String = time[at + 1..].chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.parse(), Ok(0)),
        4 if is_digits(&digits) => (digits[..2].parse::<i32>(), digits[2..].parse::<i32>()),
        _ => return (time, None),
    };
    match (hours, minutes) {
        (Ok(hours @ 0..=18), Ok(minutes @ 0..=59)) => {
            let sign = if time[at..].starts_with('-') { -1 } else { 1 };
            (time[..at].trim_end(), Some(sign * (hours * 3600 + minutes * 60)))
        }
        _ => (time, None),
    }
}

/// Reads a time of day into seconds since midnight; 24:00 is 86,400. Parts of seconds are dropped,
/// records keep whole seconds. `text` is trimmed.
pub(crate) fn parse_clock(text: &str) -> Result<i32, Fault> {
    let invalid = || Fault::new("not a time of day", CLOCK_FORMS);
    let lower = text.to_ascii_lowercase();
    let (said_kl, rest) = match lower.strip_prefix("kl") {
        Some(rest) => (true, rest.trim_start_matches(['.', ' ', '\u{a0}'])),
        None => (false, lower.as_str()),
    };
    let parts: Vec<&str> = rest.split([':', '.']).collect();
    let [hour, minute, second] = match parts.as_slice() {
        // A bare 5 may be 05:00 or what a spreadsheet left of 0005.
        [hour] if said_kl && hour.len() <= 2 => [*hour, "00", "00"],
        [run] if is_digits(run) && matches!(run.len(), 3 | 4 | 6) => {
            let at = if run.len() == 3 { 1 } else { 2 };
            [&run[..at], &run[at..at + 2], if run.len() == 6 { &run[4..] } else { "00" }]
        }
        [hour, minute] => [*hour, *minute, "00"],
        [hour, minute, second] => [*hour, *minute, *second],
        [hour, minute, second, fraction] if is_digits(fraction) => [*hour, *minute, *second],
        _ => return Err(invalid()),
    };
    let second = second.split(',').next().unwrap_or(second);
    let fits = (1..=2).contains(&hour.len()) && minute.len() == 2 && second.len() == 2;
    if !fits || ![hour, minute, second].into_iter().all(is_digits) {
        return Err(invalid());
    }
    let number = |part: &str| part.parse::<i32>().map_err(|_| invalid());
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    let in_range = (hour < 24 && minute < 60 && second < 60) || (hour, minute, second) == (24, 0, 0);
    if in_range { Ok(hour * 3600 + minute * 60 + second) } else { Err(invalid()) }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn year_out_of_range() -> Fault {
    Fault::new("the year is out of range", "years from 1900 to 2100 are accepted")
}

/// A reason for a text that is no time, with a hint for the forms people often have.
fn unknown(text: &str) -> Fault {
    let parts: Vec<&str> = text.split(['/', '.', '-', ' ']).collect();
    let day_first = matches!(parts.as_slice(), [a, b, c, ..]
        if is_digits(a) && a.len() <= 2 && is_digits(b) && b.len() <= 2 && is_digits(c) && (c.len() == 4 || c.len() == 2));
    let number = text.replace(',', ".").parse::<f64>().ok();
    if day_first {
        Fault::new("day and month could be either way round", "write year, month, day: 2025-03-01")
    } else if number.is_some_and(|n| (20_000.0..80_000.0).contains(&n)) {
        Fault::new(
            "looks like a spreadsheet's day number",
            "format the column as a date (2025-03-01) before saving as CSV",
        )
    } else if number.is_some_and(|n| (1e8..1e14).contains(&n)) && text.len() >= 9 {
        Fault::new("looks like seconds or milliseconds since 1970", FORMS)
    } else {
        Fault::new("not a time", FORMS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> Reading {
        let zoned: jiff::civil::DateTime = text.parse().expect(text);
        let epoch = jiff::civil::date(1970, 1, 1);
        let day = zoned.date().since((jiff::Unit::Day, epoch)).expect("days").get_days();
        let time = zoned.time();
        Reading::Wall(day, i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second()))
    }

    fn days(first: &str, end: &str) -> Reading {
        Reading::Days { first: first.parse().expect("date"), end: end.parse().expect("date") }
    }

    #[test]
    fn day_numbers_agree_with_the_calendar_library_for_two_centuries() {
        let epoch = jiff::civil::date(1970, 1, 1);
        let mut day = jiff::civil::date(1900, 1, 1);
        let mut expected = -25_567;
        while day < jiff::civil::date(2101, 1, 1) {
            let number = day_number(day.year().into(), day.month().into(), day.day().into());
            assert_eq!(number, Some(expected), "{day}");
            day = day.tomorrow().expect("in range");
            expected += 1;
        }
        assert_eq!(epoch.since((jiff::Unit::Day, jiff::civil::date(1900, 1, 1))).expect("days").get_days(), 25_567);
        for (y, m, d) in
            [(2025, 2, 30), (2025, 2, 29), (1900, 2, 29), (2025, 13, 1), (2025, 0, 1), (2025, 4, 31), (2101, 1, 1)]
        {
            assert_eq!(day_number(y, m, d), None);
        }
    }

    #[test]
    fn wall_times_are_read_in_every_usual_spelling() {
        let expected = wall("2025-03-01T09:48:00");
        for text in [
            "2025-03-01T09:48:00",
            "2025-03-01 09:48:00",
            "2025-03-01 9:48",
            "2025-03-01 9.48",
            "2025-03-01  kl. 9.48",
            "2025/03/01 09:48",
            "20250301T0948",
            "20250301 094800",
            "2025-03-01 948",
            "2025-03-01T09:48:00.250",
            "2025-03-01, 09:48",
        ] {
            assert_eq!(parse_moment(text), Ok(expected), "{text}");
        }
        assert_eq!(parse_moment("2025-03-01 9:48:12"), Ok(wall("2025-03-01T09:48:12")));
        assert_eq!(parse_moment("2025-03-01 kl 21"), Ok(wall("2025-03-01T21:00:00")));
    }

    #[test]
    fn offsets_make_instants() {
        // 2023-02-18 14:41:16 +01:00 is 13:41:16 UTC; jiff reads the ISO form.
        let expected = "2023-02-18T13:41:16Z".parse::<jiff::Timestamp>().expect("instant").as_second();
        for text in [
            "2023-02-18 14:41:16 +01:00",
            "2023-02-18T14:41:16+0100",
            "2023-02-18T13:41:16Z",
            "2023-02-18T10:41:16-03",
            "20230218T134116Z",
        ] {
            assert_eq!(parse_moment(text), Ok(Reading::Instant(expected)), "{text}");
        }
    }

    #[test]
    fn dates_months_weeks_and_years_are_runs_of_days() {
        for text in ["2025-03-01", "20250301", "2025/03/01", "2025.03.01"] {
            assert_eq!(parse_moment(text), Ok(days("2025-03-01", "2025-03-02")), "{text}");
        }
        assert_eq!(parse_moment("2024-02"), Ok(days("2024-02-01", "2024-03-01")));
        assert_eq!(parse_moment("2025"), Ok(days("2025-01-01", "2026-01-01")));
        assert_eq!(parse_moment("2025-W09"), Ok(days("2025-02-24", "2025-03-03")));
        assert_eq!(parse_moment("2025-03-01/2025-03-07"), Ok(days("2025-03-01", "2025-03-08")));
    }

    #[test]
    fn impossible_and_unknown_times_are_refused_with_a_hint() {
        let reason = |text: &str| {
            let fault = parse_moment(text).expect_err(text);
            format!("{}; {}", fault.reason, fault.hint)
        };
        for text in ["2025-02-30", "2025-02-30T10:00:00", "20250230", "2025-13-01 10:00"] {
            assert!(reason(text).starts_with("no such day"), "{text}: {}", reason(text));
        }
        for text in ["1899-12-31", "2101-01-01T00:00:00", "0001", "9999-12-31"] {
            assert!(reason(text).contains("1900 to 2100"), "{text}: {}", reason(text));
        }
        for text in ["01/03/2025", "31/12/2025 10:00", "1.3.2025", "01-03-25"] {
            assert!(reason(text).contains("either way round"), "{text}: {}", reason(text));
        }
        assert!(reason("45717,40").contains("day number"));
        assert!(reason("1740818880").contains("since 1970"));
        for text in [
            "igår",
            "2025-03-01T25:00",
            "2025-03-01T10:61",
            "2025-03-01 ",
            "2025-03-01x",
            "2025-03-01 5",
            "25",
            "2025-1-1",
            "2025-03-01T10:00+99:00",
            "å025-03-01",
        ] {
            assert!(parse_moment(text).is_err(), "{text} was accepted");
        }
    }

    #[test]
    fn clock_times_are_read_and_bare_hours_refused() {
        for (text, second) in [
            ("21:30", 77_400),
            ("21.30", 77_400),
            ("2130", 77_400),
            ("930", 34_200),
            ("kl 21", 75_600),
            ("Kl. 21.30", 77_400),
            ("21:30:15", 77_415),
            ("24:00", 86_400),
            ("0:05", 300),
        ] {
            assert_eq!(parse_clock(text), Ok(second), "{text}");
        }
        for bad in ["21", "5", "", "25:00", "21:5", "21:60", "0,8958", "sen kväll", "24:01", "-1:00", "kl"] {
            assert!(parse_clock(bad).is_err(), "{bad} was accepted");
        }
    }
}
