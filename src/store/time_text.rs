//! Times as the data file holds them: `2026-11-22T07:30:00.000Z`.

use jiff::Timestamp;

/// Seconds since 1970 UTC as text. Years 0 to 9999; others saturate.
pub(super) fn to_text(second: i64) -> String {
    let clamped = second.clamp(-62_167_219_200, 253_402_207_200); // 0000-01-01 .. 9999-12-30
    match Timestamp::from_second(clamped) {
        Ok(moment) => format!("{moment:.3}"),
        Err(_) => String::from("1970-01-01T00:00:00.000Z"),
    }
}

/// Reads it back; other ISO 8601 instants with an offset too. A million a fifth of a second would
/// be the price of the general reader, so the fixed form is read by place.
pub(super) fn from_text(text: &str) -> Option<i64> {
    fixed(text.as_bytes()).or_else(|| text.parse::<Timestamp>().ok().map(Timestamp::as_second))
}

fn fixed(text: &[u8]) -> Option<i64> {
    let [year @ .., b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', i1, i2, b':', s1, s2, b'.', _, _, _, b'Z'] = text
    else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let pair = |tens: &u8, ones: &u8| Some(digit(*tens)? * 10 + digit(*ones)?);
    if year.len() != 4 {
        return None;
    }
    let year = pair(&year[0], &year[1])? * 100 + pair(&year[2], &year[3])?;
    let (month, day) = (pair(m1, m2)?, pair(d1, d2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days since 1970 of a Gregorian date, with the year beginning in March (H. Hinnant, "chrono-compatible
    // low-level date algorithms").
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    Some(days * 86_400 + pair(h1, h2)? * 3600 + pair(i1, i2)? * 60 + pair(s1, s2)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn times_survive_the_text(second in -60_000_000_000_i64..250_000_000_000) {
            let text = to_text(second);
            prop_assert_eq!(text.len(), 24);
            prop_assert_eq!(fixed(text.as_bytes()), Some(second));
        }
    }

    #[test]
    fn other_forms_are_read_and_nonsense_is_not() {
        assert_eq!(from_text("1970-01-02T01:00:00+01:00"), Some(86_400));
        assert_eq!(from_text("1970-13-01T00:00:00.000Z"), None);
        assert_eq!(from_text(""), None);
    }
}
