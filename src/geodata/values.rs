//! Single cells: numbers as Swedes and Britons write them, empty cells, closed word lists.

use std::borrow::Cow;

use crate::domain::{Feeling, Source};
pub(crate) use crate::spreadsheet::disarmed;

/// What is wrong with one value and what would be accepted; the row adds file, line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: Cow<'static, str>,
    pub(crate) hint: Cow<'static, str>,
}

impl Fault {
    pub(crate) fn new(reason: impl Into<Cow<'static, str>>, hint: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: reason.into(), hint: hint.into() }
    }
}

/// Whether a trimmed cell means "nothing": empty, a dash, or what Excel, SQL and people write for it.
pub(crate) fn is_blank(cell: &str) -> bool {
    matches!(
        cell,
        "" | "-" | "–" | "NULL" | "null" | "N/A" | "n/a" | "#N/A" | "#SAKNAS!" | "okänd" | "okänt" | "saknas"
    )
}

/// Reads a finite number.
///
/// A decimal point is always accepted, one decimal comma when `comma` says that the file's
/// delimiter leaves the comma free. Blanks (also non-breaking ones) may group thousands. NaN,
/// infinities and numbers too large for 64 bits are refused, because they would poison every sum.
pub(crate) fn parse_number(text: &str, comma: bool) -> Result<f64, Fault> {
    let plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E');
    let cleaned: Cow<'_, str> = if text.bytes().all(plain) { text.into() } else { clean_number(text, comma)?.into() };
    match cleaned.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(Fault::new("the number is too large", "give a finite number")),
        Err(_) => Err(not_a_number(comma)),
    }
}

fn not_a_number(comma: bool) -> Fault {
    let hint = if comma { "a number such as 57.65 or 57,65 is accepted" } else { "a number such as 57.65 is accepted" };
    Fault::new("not a number", hint)
}

/// Takes grouping blanks out, turns the Unicode minus and a decimal comma into what `f64` reads.
fn clean_number(text: &str, comma: bool) -> Result<String, Fault> {
    let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}');
    let grouped = text.split(is_blank).enumerate().all(|(i, part)| {
        let digits = part.split(['.', ',']).next().unwrap_or("");
        i == 0 || (digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    let allowed =
        |c: char| c.is_ascii_digit() || is_blank(c) || matches!(c, '.' | ',' | '-' | '+' | '\u{2212}' | 'e' | 'E');
    if !grouped || !text.chars().all(allowed) {
        return Err(not_a_number(comma));
    }
    match (text.matches(',').count(), text.contains('.')) {
        (0, _) => {}
        (1, false) if comma => {}
        (1, false) => {
            return Err(Fault::new(
                "a comma in a number",
                "write a decimal point, or use ';' between the columns as Swedish Excel does",
            ));
        }
        _ => return Err(Fault::new("thousands separators in a number", "write 6389937.5 or 6389937,5")),
    }
    let keep = text.chars().filter(|c| !is_blank(*c));
    Ok(keep
        .map(|c| {
            if c == ',' {
                '.'
            } else if c == '\u{2212}' {
                '-'
            } else {
                c
            }
        })
        .collect())
}

/// Reads a number of at least 0.
pub(crate) fn parse_amount(text: &str, comma: bool) -> Result<f64, Fault> {
    let number = parse_number(text, comma)?;
    if number >= 0.0 { Ok(number) } else { Err(Fault::new("less than 0", "0 or more is accepted")) }
}

/// Reads a severity: a whole number from 1 (slight) to 5 (serious).
pub(crate) fn parse_severity(text: &str) -> Result<u8, Fault> {
    let accepted = || Fault::new("not a severity", "whole numbers from 1 (slight) to 5 (serious) are accepted");
    text.parse().ok().filter(|n| (1..=5).contains(n)).ok_or_else(accepted)
}

/// Lower case, Swedish letters folded to a and o, only letters and digits: "Känns tryggt?" is
/// `kannstryggt`. Headings and words of closed lists are compared by this.
pub(crate) fn folded(text: &str) -> String {
    let fold = |c: char| match c {
        'å' | 'ä' | 'à' | 'á' => 'a',
        'ö' | 'ø' => 'o',
        'é' | 'è' => 'e',
        'ü' => 'u',
        _ => c,
    };
    text.chars().flat_map(char::to_lowercase).map(fold).filter(|c| c.is_alphanumeric()).collect()
}

const SOURCES: &[(Source, &[&str])] = &[
    (
        Source::Citizen,
        &[
            "citizen",
            "medborgare",
            "allmanhet",
            "allmanheten",
            "boende",
            "invanare",
            "privatperson",
            "resident",
            "public",
        ],
    ),
    (Source::Survey, &["survey", "enkat", "undersokning", "trygghetsmatning", "trygghetsundersokning", "matning"]),
    (
        Source::Inventory,
        &["inventory", "inventering", "trygghetsinventering", "trygghetsvandring", "safetywalk", "safetyinventory"],
    ),
    (
        Source::MunicipalReport,
        &["municipalreport", "kommun", "kommunen", "kommunal", "kommunalrapport", "municipality", "tjansteman"],
    ),
    (
        Source::PoliceReport,
        &["policereport", "polisanmalan", "anmalan", "anmalttillpolisen", "polisanmalt", "brottsanmalan"],
    ),
    (
        Source::PoliceInitiated,
        &[
            "policeinitiated",
            "polisinitierad",
            "polisinitierat",
            "polisensegen",
            "polisingripande",
            "ingripande",
            "polisupptackt",
        ],
    ),
    (Source::Feed, &["feed", "flode", "rss", "handelsenotis", "polisense"]),
];

/// Reads who an observation comes from, in Swedish or English.
pub(crate) fn parse_source(text: &str) -> Result<Source, Fault> {
    let key = folded(text);
    let found = SOURCES.iter().find(|(_, words)| words.contains(&key.as_str()));
    found.map(|(source, _)| *source).ok_or_else(|| {
        let codes: Vec<&str> = Source::ALL.iter().map(|s| s.code()).collect();
        Fault::new(
            "unknown source",
            format!("{} are accepted, and Swedish words such as medborgare, enkät, trygghetsvandring, kommunen, polisanmälan, polisinitierad; --map source= leaves the column unread", codes.join(", ")),
        )
    })
}

/// Reads yes or no.
pub(crate) fn parse_flag(text: &str) -> Result<bool, Fault> {
    match folded(text).as_str() {
        "ja" | "yes" | "j" | "y" | "true" | "sant" | "1" | "x" => Ok(true),
        "nej" | "no" | "n" | "false" | "falskt" | "0" => Ok(false),
        _ => Err(Fault::new("not yes or no", "ja and nej, yes and no, true and false are accepted")),
    }
}

/// Reads how it felt. `yes_means` is what a plain yes says under this heading ("känns tryggt": safe);
/// without it a yes or no is refused, because it could mean either.
pub(crate) fn parse_feeling(text: &str, yes_means: Option<Feeling>) -> Result<Feeling, Fault> {
    let opposite = |feeling| if feeling == Feeling::Safe { Feeling::Unsafe } else { Feeling::Safe };
    match (folded(text).as_str(), yes_means) {
        ("unsafe" | "otrygg" | "otryggt" | "otrygghet" | "mycketotrygg" | "ganskaotrygg", _) => Ok(Feeling::Unsafe),
        ("safe" | "trygg" | "tryggt" | "myckettrygg" | "ganskatrygg", _) => Ok(Feeling::Safe),
        ("ja" | "yes" | "j" | "y" | "true" | "sant" | "1", Some(yes)) => Ok(yes),
        ("nej" | "no" | "n" | "false" | "falskt" | "0", Some(yes)) => Ok(opposite(yes)),
        _ => Err(Fault::new(
            "not a feeling",
            "unsafe, safe, otrygg or trygg are accepted; ja and nej only under a heading such as 'känns tryggt' or 'otrygg'",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(text: &str, comma: bool, expected: f64) {
        let number = parse_number(text, comma).expect(text);
        assert!((number - expected).abs() < 1e-12, "{text} was read as {number}");
    }

    #[test]
    fn numbers_are_read_with_point_comma_blanks_and_unicode_minus() {
        close("57.65", false, 57.65);
        close("57,65", true, 57.65);
        close("6 389 937,5", true, 6_389_937.5);
        close("6\u{a0}389\u{a0}937", false, 6_389_937.0);
        close("\u{2212}84.4", false, -84.4);
        close("1e3", false, 1000.0);
    }

    #[test]
    fn what_is_no_finite_number_is_refused() {
        for bad in ["NaN", "inf", "-Infinity", "1e400", "57,65", "57.65 N", "1,234.5", "12 34", "0x10", "--1", "e", "."]
        {
            assert!(parse_number(bad, false).is_err(), "{bad} was accepted");
        }
        for bad in ["1.234,5", "1,2,3", "NaN"] {
            assert!(parse_number(bad, true).is_err(), "{bad} was accepted");
        }
        assert!(parse_number("57,65", false).expect_err("refused").hint.contains("decimal point"));
        assert!(parse_amount("-1", false).is_err() && parse_severity("6").is_err() && parse_severity("0").is_err());
        assert_eq!(parse_severity("5"), Ok(5));
    }

    #[test]
    fn sources_are_read_in_both_languages() {
        for (text, source) in [
            ("Medborgare", Source::Citizen),
            ("Polisanmälan", Source::PoliceReport),
            ("police_initiated", Source::PoliceInitiated),
            ("Enkät", Source::Survey),
        ] {
            assert_eq!(parse_source(text), Ok(source));
        }
        assert!(Source::ALL.iter().all(|s| parse_source(s.code()) == Ok(*s)));
        // "Polisen" may be a report or their own finding; the difference matters too much to guess.
        assert!(parse_source("Polisen").expect_err("refused").hint.contains("police_initiated"));
    }

    #[test]
    fn yes_and_no_count_only_under_a_heading_that_says_what_yes_means() {
        assert_eq!(parse_feeling("Otryggt", None), Ok(Feeling::Unsafe));
        assert_eq!(parse_feeling("ja", Some(Feeling::Safe)), Ok(Feeling::Safe));
        assert_eq!(parse_feeling("NEJ", Some(Feeling::Safe)), Ok(Feeling::Unsafe));
        assert_eq!(parse_feeling("ja", Some(Feeling::Unsafe)), Ok(Feeling::Unsafe));
        assert!(parse_feeling("ja", None).is_err());
    }
}
