//! Dates and times that are none, were none, or were twice.

use crate::case::{Case, Dice, RngExt, change, get, items, pick};

/// Texts where a time or a date may stand.
pub(crate) const TIMES: [&str; 44] = [
    "2025-02-29",
    "2024-02-29",
    "1900-02-29",
    "2000-02-29",
    "2025-02-30",
    "2025-13-01",
    "2025-00-10",
    "2025-01-00",
    "2025-01-32",
    "2026-03-29T02:30",
    "2026-03-29T02:30:00+01:00",
    "2026-10-25T02:30",
    "2026-10-25T02:30:00+02:00",
    "2026-10-25T02:30:00+01:00",
    "2025-03-30T02:00",
    "2025-03-30T03:00",
    "0000-01-01",
    "-0001-01-01",
    "9999-12-31T23:59:59",
    "99999-01-01",
    "+99999-01-01T00:00:00Z",
    "2025-01-01T00:00:00+99:99",
    "2025-01-01T00:00:00-99:99",
    "2025-01-01T00:00:00+25:00",
    "2025-01-01T24:00",
    "2025-01-01T23:59:60Z",
    "2025-01-01T23:60",
    "2025-01-01T99:99:99",
    "2025-W01",
    "2025-W53",
    "2026-W54",
    "2025-001",
    "20250101",
    "1735689600",
    "1e9",
    "now",
    "..",
    "../..",
    "2025-01-01/",
    "/2025-01-01",
    "2025-12-31/2025-01-01",
    "2025-01-01T00:00:00.999999999999999999999Z",
    "२०२५-०१-०१",
    "2025-01-01\u{202e}",
];

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let (first, second) = (TIMES[at % TIMES.len()], *pick(dice, &TIMES));
    let body = |properties: String| format!(r#"{{"type":"Feature","geometry":null,"properties":{{{properties}}}}}"#);
    match at / TIMES.len() % 5 {
        0 => {
            let inner = format!(r#""category":"lighting","start":"{first}""#);
            change(format!("start {first}"), "observations", at, body(inner))
        }
        1 => {
            let certainty = *pick(dice, &["instant", "interval", "whole_day", "ambiguous"]);
            let inner =
                format!(r#""kind":"presence","start":"{first}","end":"{second}","time_certainty":"{certainty}""#);
            change(format!("from {first} to {second}, {certainty}"), "activities", at, body(inner))
        }
        2 => {
            let (collection, inner) = match dice.random_range(0..3) {
                0 => ("surveys", format!(r#""wave":"1","period_start":"{first}","period_end":"{second}""#)),
                1 => ("reports", format!(r#""organisation":"K","week":"{first}","reported_on":"{second}""#)),
                _ => ("areas", format!(r#""valid_from":"{first}","valid_to":"{second}""#)),
            };
            change(format!("dates {first}, {second}"), collection, at, body(inner))
        }
        3 => {
            let word = *pick(dice, &["datetime", "period", "from", "to", "compare"]);
            let path = format!("/api/areas/summary?{word}={}", coded(first));
            get(format!("{word} {first}"), path)
        }
        _ => {
            let word = *pick(dice, &["datetime", "period", "from", "to"]);
            let path = format!("{}?{word}={}&hours=22-04", items("observations"), coded(first));
            get(format!("a list, {word} {first}"), path)
        }
    }
}

/// Percent-coded.
pub(crate) fn coded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
