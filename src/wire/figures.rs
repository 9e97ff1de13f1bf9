//! Numbers and dates as people write them: `1 234,5` in Swedish, `1,234.5` in English.

use crate::analysis::area_density::Count;
use crate::analysis::poisson::Interval;
use crate::domain::Period;
use crate::text::lang::Lang;

/// What stands for a number that is not known.
pub const UNKNOWN_SIGN: &str = "–";
/// What stands for a number that is hidden.
pub const HIDDEN_SIGN: &str = "··";

/// A number with so many decimals.
pub fn decimal(value: f64, decimals: usize, lang: Lang) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    // Groups of three with a space that does not break, or a comma.
    let group = lang.pick("\u{a0}", ",");
    let digits = whole.len();
    let mut out = String::new();
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        // Swedish leaves four digits together in running text; tables read better grouped alike.
        if i > 0 && (digits - i) % 3 == 0 {
            out.push_str(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push_str(lang.pick(",", "."));
        out.push_str(fraction);
    }
    out
}

/// A whole number.
pub fn whole(n: u64, lang: Lang) -> String {
    decimal(n as f64, 0, lang)
}

/// A count; expected counts carry one decimal.
pub fn count(count: Count, lang: Lang) -> String {
    match count {
        Count::Whole { n, .. } => whole(n, lang),
        Count::Expected(value) => decimal(value, 1, lang),
    }
}

/// About three digits: what an interval can carry.
pub fn short(value: f64, lang: Lang) -> String {
    match value.abs() {
        v if !v.is_finite() => lang.pick("obegränsat", "unlimited").to_string(),
        v if v >= 10.0 => decimal(value, 0, lang),
        v if v >= 1.0 => decimal(value, 1, lang),
        v if v <= 0.0 => "0".to_string(),
        v if v >= 0.1 => decimal(value, 2, lang),
        v if v >= 0.0005 => decimal(value, 3, lang),
        _ => format!("<{}", decimal(0.001, 3, lang)),
    }
}

/// `52–85`.
pub fn range(interval: Interval, lang: Lang) -> String {
    format!("{}–{}", short(interval.low, lang), short(interval.high, lang))
}

/// A share from 0 to 1 in percent, without the sign: `26`; with a sign in front when it is a difference.
pub fn percent(share: f64, lang: Lang) -> String {
    decimal(share * 100.0, 0, lang)
}

/// First and last day of a period, both included.
pub fn days(period: &Period) -> String {
    format!("{} – {}", period.start(), period.last_day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_pointed_as_the_language_does() {
        assert_eq!(decimal(1234.5, 1, Lang::Sv), "1\u{a0}234,5");
        assert_eq!(decimal(1234.5, 1, Lang::En), "1,234.5");
        assert_eq!(whole(1_234_567, Lang::Sv), "1\u{a0}234\u{a0}567");
        assert_eq!(whole(999, Lang::En), "999");
        assert_eq!(decimal(-7.04, 1, Lang::Sv), "\u{2212}7,0");
        assert_eq!(decimal(-0.04, 1, Lang::Sv), "0,0");
    }

    #[test]
    fn short_numbers_keep_about_three_digits() {
        let interval = Interval { low: 0.54, high: 3.314 };
        assert_eq!(range(interval, Lang::Sv), "0,54–3,3");
        assert_eq!(range(Interval { low: 0.0, high: f64::INFINITY }, Lang::En), "0–unlimited");
        assert_eq!(short(0.0123, Lang::Sv), "0,012");
        assert_eq!(range(Interval { low: 52.02, high: 85.2 }, Lang::Sv), "52–85");
    }
}
