//! Finds values that look like data about a person: personnummer, Swedish telephone numbers, e-mail
//! addresses and number plates.
//!
//! A guard against slips, not an anonymiser: names and addresses are not found. Plates are three
//! letters out of the 23 in use, two digits, and a digit or letter.

use std::borrow::Cow;
use std::ops::Range;

use jiff::civil::Date;

/// What is put where personal data was.
const MARK: &str = "[...]";

/// Whether some part of the text looks like personal data.
pub(crate) fn is_found(text: &str) -> bool {
    first(text, 0).is_some()
}

/// The text with every find replaced by `[...]`; borrowed when there is none.
pub(crate) fn redacted(text: &str) -> Cow<'_, str> {
    let mut clean = String::new();
    let mut from = 0;
    while let Some(find) = first(text, from) {
        clean.push_str(&text[from..find.start]);
        clean.push_str(MARK);
        from = find.end;
    }
    if from == 0 {
        return text.into();
    }
    clean.push_str(&text[from..]);
    clean.into()
}

/// Whether an id as a whole is a personnummer. Ids such as ABC123 are common and are no plates.
pub(crate) fn is_personal_id(id: &str) -> bool {
    let long = id.len() == 12 || id.contains('-');
    long && id.len() >= 11 && personnummer(id, 0).is_some_and(|end| end == id.len())
}

/// The first find at or after byte `from`, which is a character boundary.
fn first(text: &str, from: usize) -> Option<Range<usize>> {
    // Nothing of this can be written without a digit or an @.
    if !text[from..].bytes().any(|b| b.is_ascii_digit() || b == b'@') {
        return None;
    }
    let mut previous: Option<char> = text[..from].chars().next_back();
    for (offset, c) in text[from..].char_indices() {
        let at = from + offset;
        let starts_word = previous.is_none_or(|p| !p.is_alphanumeric());
        previous = Some(c);
        if c == '@'
            && let Some(find) = email(text, at, from)
        {
            return Some(find);
        }
        if !starts_word {
            continue;
        }
        let end = match c {
            '0'..='9' => personnummer(text, at).or_else(|| telephone(text, at)),
            '+' => telephone(text, at),
            'A'..='Z' | 'a'..='z' => plate(text, at),
            _ => None,
        };
        if let Some(end) = end {
            return Some(at..end);
        }
    }
    None
}

fn ends_word(text: &str, end: usize) -> bool {
    text[end..].chars().next().is_none_or(|c| !c.is_alphanumeric())
}

/// `YYMMDD-NNNN` or `YYYYMMDD-NNNN`, with `-`, `+` or nothing between; a real date (day + 60 for
/// coordination numbers) and a right check digit (Luhn over the last ten digits).
fn personnummer(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let run = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let lead = run(at);
    let (date_digits, tail, end) = match lead {
        10 | 12 => (lead - 4, at + lead - 4, at + lead),
        6 | 8 => {
            let separator = at + lead;
            let tail = separator + 1;
            if !matches!(bytes.get(separator), Some(b'-' | b'+')) || run(tail) != 4 {
                return None;
            }
            (lead, tail, tail + 4)
        }
        _ => return None,
    };
    let digits: Vec<u8> = bytes[at..at + date_digits].iter().chain(&bytes[tail..end]).map(|b| b - b'0').collect();
    let last_ten = &digits[digits.len() - 10..];
    (ends_word(text, end) && is_birth_date(&digits[..date_digits]) && has_right_check_digit(last_ten)).then_some(end)
}

fn is_birth_date(digits: &[u8]) -> bool {
    let number = |part: &[u8]| part.iter().fold(0_i16, |n, d| n * 10 + i16::from(*d));
    let (year, rest) = digits.split_at(digits.len() - 4);
    let (month, day) = (number(&rest[..2]), number(&rest[2..]));
    let day = if day > 60 { day - 60 } else { day };
    // Without a century 2000 stands in: it is a leap year, so that 29 February is never missed.
    let year = if year.len() == 2 { 2000 } else { number(year) };
    let is_date = Date::new(year, i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0)).is_ok();
    is_date && (1850..=2100).contains(&year)
}

/// Luhn: every other digit doubled from the first, digit sums added, the sum divisible by ten.
fn has_right_check_digit(digits: &[u8]) -> bool {
    let weigh = |(i, digit): (usize, &u8)| {
        let weighted = if i % 2 == 0 { digit * 2 } else { *digit };
        u32::from(weighted / 10 + weighted % 10)
    };
    digits.iter().enumerate().map(weigh).sum::<u32>() % 10 == 0
}

/// A Swedish number: `+46`, `0046` or `0`, an area code, 8 to 10 digits with the leading 0, with
/// blanks and at most one hyphen between. Two clock times (`0730-0815`) are no number.
fn telephone(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut end, mut digits, mut hyphens, mut first_group) = (at, String::new(), 0, None);
    let prefix = ["+46", "0046"].into_iter().find(|p| text[at..].starts_with(p));
    if let Some(prefix) = prefix {
        digits.push('0');
        end += prefix.len();
    } else if bytes[at] == b'+' {
        return None;
    }
    let mut next = end;
    while next < bytes.len() && digits.len() <= 11 {
        let byte = bytes[next];
        if byte.is_ascii_digit() {
            digits.push(char::from(byte));
            end = next + 1;
        } else if (byte == b' ' || byte == b'-') && (next == end || (byte == b'-' && bytes[next - 1] == b' ')) {
            hyphens += usize::from(byte == b'-');
            first_group.get_or_insert(digits.len());
        } else if !(byte == b' ' && bytes[next - 1] == b'-') {
            break;
        }
        next += 1;
    }
    let digits = match prefix {
        // "+46 (0)70" and "+46 070" are written too; one 0 is enough.
        Some(_) => format!("0{}", digits.trim_start_matches('0')),
        None => digits,
    };
    let is_area_code = prefix.is_some()
        || match first_group {
            None => digits.len() >= 9,
            Some(2) => digits.starts_with("08"),
            Some(length) => length >= 3,
        };
    let length_fits = if digits.starts_with("07") { digits.len() == 10 } else { (8..=10).contains(&digits.len()) };
    let starts_right = digits.starts_with('0') && !digits.starts_with("00");
    let two_times = end - at == 9 && hyphens == 1 && is_clock(&digits[..4]) && is_clock(&digits[4..]);
    (starts_right && is_area_code && length_fits && hyphens <= 1 && !two_times && ends_word(text, end)).then_some(end)
}

fn is_clock(digits: &str) -> bool {
    digits.len() == 4 && digits[..2] < *"25" && digits[2..] < *"60"
}

/// `name@host.domain` around an @.
fn email(text: &str, at: usize, from: usize) -> Option<Range<usize>> {
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    let before = text[from..at].chars().rev().take_while(|c| in_name(*c)).map(char::len_utf8).sum::<usize>();
    let after = text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let end = at + 1 + after.map(char::len_utf8).sum::<usize>();
    let host = text[at + 1..end].trim_end_matches('.');
    let dotted = host.split_once('.').is_some_and(|(name, domain)| !name.is_empty() && domain.len() >= 2);
    (before > 0 && dotted).then(|| at - before..at + 1 + host.len())
}

/// `ABC123`, `ABC12D`, or with one blank when all letters are capitals ("ABC 123").
fn plate(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let in_use = |b: &u8| b.is_ascii_alphabetic() && !matches!(b.to_ascii_uppercase(), b'I' | b'Q' | b'V');
    let letters = bytes.get(at..at + 3)?;
    let spaced = bytes.get(at + 3) == Some(&b' ');
    let tail_at = at + 3 + usize::from(spaced);
    let tail = bytes.get(tail_at..tail_at + 3)?;
    let last_is_right = tail[2].is_ascii_digit() || (in_use(&tail[2]) && !tail[2].eq_ignore_ascii_case(&b'O'));
    let shape = letters.iter().all(in_use) && tail[..2].iter().all(u8::is_ascii_digit) && last_is_right;
    let shouted = letters.iter().all(u8::is_ascii_uppercase) && !tail[2].is_ascii_lowercase();
    // "SOS 112" is what people call, not what they drive.
    let emergency = spaced && tail == b"112";
    (shape && (!spaced || shouted) && !emergency && ends_word(text, tail_at + 3)).then_some(tail_at + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    // 811228-9874 is the worked example of the check digit: 8*2,1,1*2,2,2*2,8,9*2,8,7*2,4 gives
    // 7+1+2+2+4+8+9+8+5+4 = 50.
    #[test]
    fn personnummer_need_a_real_date_and_the_right_check_digit() {
        for text in ["811228-9874", "19811228-9874", "8112289874", "198112289874", "811228+9874", "pnr 811228-9874."] {
            assert!(is_found(text), "{text}");
        }
        for text in ["811228-9873", "811328-9874", "18112289874", "481781", "6389937", "20250301-2130"] {
            assert!(!is_found(text), "{text}");
        }
        // The same person as a coordination number: day 28 + 60 = 88, check digit worked out again:
        // 7+1+2+2+(8*2=16: 7)+8+9+8+5 = 49, so 1.
        assert!(is_found("811288-9871"));
    }

    #[test]
    fn telephone_numbers_are_found_in_usual_spellings() {
        for text in [
            "070-123 45 67",
            "0701234567",
            "+46 70 123 45 67",
            "+46701234567",
            "0046701234567",
            "08-123 456 78",
            "0380-51 80 00",
            "ring 0380-518000!",
        ] {
            assert!(is_found(text), "{text}");
        }
        for text in ["0730-0815", "kl 07.30", "2025-03-01", "01-02-2025", "0682R013", "114 14", "spår 1", "57.651359"]
        {
            assert!(!is_found(text), "{text}");
        }
    }

    #[test]
    fn mail_addresses_and_plates_are_found() {
        for text in ["skriv till a.b@example.se.", "bil ABC123", "ABC 12D", "abc123 stod där"] {
            assert!(is_found(text), "{text}");
        }
        for text in ["@torget", "a@b", "ringde SOS 112", "buss 123", "IQV123", "rum 214", "ABC1234", "spår 123"] {
            assert!(!is_found(text), "{text}");
        }
    }

    #[test]
    fn redaction_replaces_every_find_and_nothing_else() {
        assert_eq!(redacted("Åke, 070-123 45 67, körde ABC123 (åke@exempel.se)."), "Åke, [...], körde [...] ([...]).");
        assert!(matches!(redacted("Trasig lampa vid spår 1"), Cow::Borrowed(_)));
        assert!(!is_found(&redacted("811228-9874 ABC123 0701234567")));
    }

    #[test]
    fn an_id_is_personal_only_when_it_is_a_personnummer_as_a_whole() {
        assert!(is_personal_id("811228-9874") && is_personal_id("198112289874"));
        // A bare ten-digit id meets the check by chance once in a few hundred.
        assert!(!is_personal_id("8112289874") && !is_personal_id("ABC123") && !is_personal_id("x811228-9874"));
    }
}
