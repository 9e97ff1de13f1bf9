//! A cell of a workbook as the text that a CSV of the same sheet would have, with dates in ISO form.

use std::borrow::Cow;

use calamine::{DataRef, ExcelDateTime};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// What of a moment a number format shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Date,
    /// Year and month only.
    Month,
    Time,
    Both,
}

impl Shown {
    /// Reads a number format such as `yyyy-mm-dd`, `[h]:mm` or `mm-dd-yy`. An `m` is a month unless hours or
    /// seconds are the only company it has.
    pub(super) fn of_format(code: &str) -> Self {
        let (mut year, mut day, mut clock) = (false, false, false);
        let (mut quoted, mut escaped, mut colour) = (false, false, false);
        let first = code.split(';').next().unwrap_or(code);
        for (at, c) in first.char_indices() {
            let begins_elapsed = c == '[' && first[at + 1..].starts_with(['h', 'H', 'm', 'M', 's', 'S']);
            match c {
                _ if escaped => escaped = false,
                '"' => quoted = !quoted,
                _ if quoted => {}
                '\\' | '_' | '*' => escaped = true,
                '[' if !begins_elapsed => colour = true,
                ']' => colour = false,
                _ if colour => {}
                'y' | 'Y' => year = true,
                'd' | 'D' => day = true,
                'h' | 'H' | 's' | 'S' => clock = true,
                _ => {}
            }
        }
        match (year || day, clock) {
            (true, true) => Self::Both,
            (false, true) => Self::Time,
            (true, false) if !day => Self::Month,
            (_, false) => Self::Date,
        }
    }
}

/// The text of a cell; `None` for an error such as `#N/A`.
pub(super) fn text_of<'a>(value: &'a DataRef<'_>, shown: Shown, is_1904: bool) -> Option<Cow<'a, str>> {
    Some(match value {
        DataRef::Empty => "".into(),
        DataRef::String(text) => text.as_str().into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.as_str().into(),
        DataRef::Bool(true) => "true".into(),
        DataRef::Bool(false) => "false".into(),
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => number_text(*number).into(),
        DataRef::DateTime(moment) => moment_text(moment, shown, is_1904).into(),
        DataRef::Error(_) => return None,
    })
}

/// A number with the 15 digits that Excel shows: 57.650000000000006 is 57.65, 3.0 is 3.
fn number_text(number: f64) -> String {
    let exact = number.to_string();
    if exact.len() <= 16 || !number.is_finite() {
        return exact;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn moment_text(moment: &ExcelDateTime, shown: Shown, is_1904: bool) -> String {
    let serial = moment.as_f64();
    if moment.is_duration() || (shown == Shown::Time && (0.0..1.0).contains(&serial)) {
        return clock_of(serial).unwrap_or_else(|| number_text(serial));
    }
    match (shown, day_and_second(serial, is_1904)) {
        (_, None) => number_text(serial),
        (Shown::Month, Some((day, _))) => day.strftime("%Y-%m").to_string(),
        (Shown::Date, Some((day, _))) => day.to_string(),
        (Shown::Time, Some((_, second))) => clock_text(second),
        (Shown::Both, Some((day, second))) => format!("{day} {}", clock_text(second)),
    }
}

/// The day and the second of the day of a serial number; `None` outside 1900 to 9999.
///
/// Serial 60 of the 1900 system is 29 February 1900, a day that never was; it and what is before it are
/// refused rather than shifted. Half seconds are rounded, because 21:30 is 0.8958333 in a cell.
fn day_and_second(serial: f64, is_1904: bool) -> Option<(Date, i64)> {
    let first = if is_1904 { 0.0 } else { 61.0 };
    if !(first..2_958_466.0).contains(&serial) {
        return None;
    }
    let seconds = whole((serial * 86_400.0).round());
    let epoch = if is_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) };
    let day = epoch.checked_add((seconds / 86_400).days()).ok()?;
    Some((day, seconds % 86_400))
}

/// Hours, minutes and seconds of a part of a day; `None` for more than 48 hours or less than none.
fn clock_of(serial: f64) -> Option<String> {
    (0.0..2.0).contains(&serial).then(|| clock_text(whole((serial * 86_400.0).round())))
}

#[allow(clippy::cast_possible_truncation, reason = "callers give whole numbers below 2^53")]
fn whole(number: f64) -> i64 {
    number as i64
}

fn clock_text(second: i64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// A bare day number in a column of dates: 45717 is 2025-03-01, 45717.5 its noon. Years such as 2025 and
/// dates such as 20250301 are left alone.
pub(crate) fn date_of_number(text: &str, is_1904: bool) -> Option<String> {
    let serial = bare_number(text).filter(|serial| (20_000.0..80_000.0).contains(serial))?;
    let (day, second) = day_and_second(serial, is_1904)?;
    Some(if second == 0 { day.to_string() } else { format!("{day} {}", clock_text(second)) })
}

/// A bare part of a day in a column of times: 0.5 is 12:00:00. Whole numbers such as 930 are left alone.
pub(crate) fn clock_of_number(text: &str) -> Option<String> {
    let serial = bare_number(text).filter(|serial| *serial > 0.0 && *serial < 1.0)?;
    clock_of(serial)
}

fn bare_number(text: &str) -> Option<f64> {
    let is_bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    if is_bare { text.replace(',', ".").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn moment(serial: f64, shown: Shown, is_1904: bool) -> String {
        moment_text(&ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904), shown, is_1904)
    }

    #[test]
    fn serial_numbers_are_days_of_either_system() {
        // 45717 is 2025-03-01 in the 1900 system; the 1904 system counts 1462 days less.
        assert_eq!(moment(45_717.0, Shown::Date, false), "2025-03-01");
        assert_eq!(moment(45_717.0 - 1462.0, Shown::Date, true), "2025-03-01");
        assert_eq!(moment(0.0, Shown::Date, true), "1904-01-01");
        assert_eq!(moment(61.0, Shown::Date, false), "1900-03-01");
        // 21:30 is 0.895833... of a day, in a cell as the nearest number.
        assert_eq!(moment(45_717.895_833_333_336, Shown::Both, false), "2025-03-01 21:30:00");
        assert_eq!(moment(45_717.999_999_9, Shown::Both, false), "2025-03-02 00:00:00");
        assert_eq!(moment(0.895_833_333_333_333_4, Shown::Time, false), "21:30:00");
        assert_eq!(moment(45_717.25, Shown::Time, false), "06:00:00");
        assert_eq!(moment(0.0, Shown::Time, false), "00:00:00");
        // What is no date stays the number it is.
        assert_eq!((moment(60.0, Shown::Date, false), moment(-1.0, Shown::Both, false)), ("60".into(), "-1".into()));
        assert_eq!(moment(f64::NAN, Shown::Both, false), "NaN");
        assert_eq!(moment(1e300, Shown::Date, false).len(), 301);
    }

    #[test]
    fn formats_show_a_date_a_time_or_both() {
        for (code, shown) in [
            ("yyyy-mm-dd", Shown::Date),
            ("mm-dd-yy", Shown::Date),
            ("[$-41D]yyyy-mm-dd;@", Shown::Date),
            ("d mmmm yyyy", Shown::Date),
            ("h:mm", Shown::Time),
            ("[h]:mm:ss", Shown::Time),
            ("hh:mm:ss;@", Shown::Time),
            ("\"kl\" hh:mm", Shown::Time),
            ("yyyy-mm-dd hh:mm", Shown::Both),
            ("m/d/yy h:mm", Shown::Both),
            ("mmm-yy", Shown::Month),
        ] {
            assert_eq!(Shown::of_format(code), shown, "{code}");
        }
    }

    #[test]
    fn numbers_have_the_digits_that_are_shown_and_no_needless_zero() {
        assert_eq!(number_text(3.0), "3");
        assert_eq!(number_text(57.650_000_000_000_006), "57.65");
        assert_eq!(number_text(-14.695), "-14.695");
        assert_eq!(number_text(6_389_937.5), "6389937.5");
    }

    #[test]
    fn bare_numbers_are_dates_and_times_only_where_they_can_be_nothing_else() {
        assert_eq!(date_of_number("45717", false).as_deref(), Some("2025-03-01"));
        assert_eq!(date_of_number("45717,5", false).as_deref(), Some("2025-03-01 12:00:00"));
        assert_eq!(date_of_number("44255", true).as_deref(), Some("2025-03-01"));
        for text in ["2025", "20250301", "2025-03-01", "", ".", "NaN", "-45717", "4.5e4"] {
            assert_eq!(date_of_number(text, false), None, "{text}");
        }
        assert_eq!(clock_of_number("0.5").as_deref(), Some("12:00:00"));
        for text in ["930", "1", "0", "21.30", "1.5", ""] {
            assert_eq!(clock_of_number(text), None, "{text}");
        }
    }
}
