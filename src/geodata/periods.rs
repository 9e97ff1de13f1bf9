//! Periods as people write them in sheets.

use jiff::civil::Weekday;

use super::fields::Field;
use super::followup_rows::parse_date;
use super::records::Row;
use super::values::Fault;
use crate::domain::Period;

/// The period of a row: one cell, or its first and last day in two.
pub(super) fn period_of_row(row: &mut Row<'_>, accepted: &'static str) -> Option<Period> {
    let (first, last) = (row.cell(Field::PeriodStart), row.cell(Field::PeriodEnd));
    if row.cell(Field::Period).is_empty() && !(first.is_empty() && last.is_empty()) {
        let first =
            row.required_cell(Field::PeriodStart).and_then(|cell| row.check(Field::PeriodStart, parse_date(cell)));
        let last = row.required_cell(Field::PeriodEnd).and_then(|cell| row.check(Field::PeriodEnd, parse_date(cell)));
        let period = Period::spanning(first?, last?);
        let fault = || Fault::new("ends before it starts", "a last day that is not before the first is accepted");
        return row.check(Field::PeriodEnd, period.ok_or_else(fault));
    }
    let cell = row.required_cell(Field::Period)?;
    row.check(Field::Period, parse_period(cell).ok_or_else(|| Fault::new("not a period", accepted)))
}

/// The ISO week of a row.
pub(super) fn week_of_row(row: &mut Row<'_>) -> Option<Period> {
    let cell = row.required_cell(Field::Period)?;
    let is_week = |week: &Period| week.days() == 7 && week.start().weekday() == Weekday::Monday;
    let week = parse_period(cell).filter(is_week);
    row.check(Field::Period, week.ok_or_else(|| Fault::new("not a week", "2025-W09 and vecka 9 2025 are accepted")))
}

/// Whether it is a whole calendar month or quarter.
pub(super) fn is_month_or_quarter(period: &Period) -> bool {
    let (start, months) = (period.start(), months_of(period));
    start.day() == 1 && (months == Some(1) || (months == Some(3) && (start.month() - 1) % 3 == 0))
}

fn months_of(period: &Period) -> Option<i32> {
    let (start, end) = (period.start(), period.end());
    (end.day() == 1).then(|| {
        (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month()) - i32::from(start.month())
    })
}

/// A period as filters have it, or as people write it: maj 2025, kvartal 2 2025, Q2 2025, vecka 9 2025.
pub(super) fn parse_period(text: &str) -> Option<Period> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    let in_range = |period: &Period| (1900..=2100).contains(&period.start().year());
    if let Ok(period) = Period::parse(text) {
        return Some(period).filter(in_range);
    }
    let key = text.to_lowercase();
    let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let year = words.iter().find(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))?;
    let rest: String = words.iter().filter(|word| *word != year).copied().collect();
    let number = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let canonical = match rest.get(..rest.len() - number.len())? {
        "kvartal" | "kv" | "q" | "k" => format!("{year}-Q{number}"),
        "vecka" | "v" | "w" => format!("{year}-W{number:0>2}"),
        month if number.is_empty() && month.is_char_boundary(3.min(month.len())) => {
            let at = MONTHS.iter().position(|name| month.starts_with(name))?;
            format!("{year}-{:02}", at + 1)
        }
        _ => return None,
    };
    Period::parse(&canonical).ok().filter(in_range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        for (text, canonical) in [
            ("maj 2025", "2025-05"),
            ("Maj, 2025", "2025-05"),
            ("september 2025", "2025-09"),
            ("2025 okt", "2025-10"),
            ("kvartal 2 2025", "2025-Q2"),
            ("Q2 2025", "2025-Q2"),
            ("2025 kv 4", "2025-Q4"),
            ("vecka 9 2025", "2025-W09"),
            ("v. 52, 2025", "2025-W52"),
            ("2025-Q3", "2025-Q3"),
        ] {
            assert_eq!(parse_period(text), Period::parse(canonical).ok(), "{text}");
        }
        for text in ["", "maj", "2025 kvartal 5", "2025 vecka 54", "20255", "12 maj 2025", "å 2025", "maj 1800"] {
            assert_eq!(parse_period(text), None, "{text}");
        }
        let whole = |text| parse_period(text).is_some_and(|period| is_month_or_quarter(&period));
        assert!(whole("2025-05") && whole("2025-Q2") && whole("2025-04-01/2025-06-30"));
        assert!(
            !whole("2025") && !whole("2025-05-02/2025-06-01") && !whole("2025-02-01/2025-04-30") && !whole("2025-W09")
        );
    }
}
