//! The apostrophe that keeps a spreadsheet from running a cell of a CSV file as a formula.
//!
//! Excel and LibreOffice run a cell that begins with `=`, `+`, `-` or `@`; some do so after blanks or a
//! quotation mark, after a tab or line break, and for the full-width forms of East Asian keyboards
//! (OWASP, "CSV injection"). A cell of a workbook says itself that it is text; this is for CSV.

use std::borrow::Cow;

/// Signs that begin a formula, as they are and full-width; the minus also as the mathematical sign.
const STARTERS: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\u{2212}', '|', '%'];

/// Whether a spreadsheet might take a text for a formula.
///
/// Blanks, quotation marks, apostrophes and invisible signs before it are looked through. A tab or a
/// line break at the very beginning counts too, whatever follows.
pub(super) fn is_formula(cell: &str) -> bool {
    let is_passed_over = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\'' | '"' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    };
    cell.trim_start_matches('\'').starts_with(['\t', '\r', '\n'])
        || cell.trim_start_matches(is_passed_over).starts_with(STARTERS)
}

/// Puts an apostrophe before a cell that a spreadsheet might run. Numbers stay numbers.
/// [`disarmed`] is the inverse for every text.
pub fn armed(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) && !is_number(cell) { format!("'{cell}").into() } else { cell.into() }
}

/// Takes away the apostrophe that [`armed`] put there.
pub fn disarmed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

/// A number and nothing else: `-5.25` is shown, `-inf` and `-1+1` would be computed.
fn is_number(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
        && cell.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_get_an_apostrophe_and_numbers_and_words_do_not() {
        assert_eq!(armed("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(armed("+46 är landskoden"), "'+46 är landskoden");
        assert_eq!(armed("\" =1"), "'\" =1");
        assert_eq!(armed("'=1"), "''=1");
        for plain in ["-5.25", "1e5", "", "Torget = mötesplats", "'citat'", "\"citat\"", "8-10 personer", "Å", " x"] {
            assert_eq!(armed(plain), plain);
            assert_eq!(disarmed(plain), plain);
        }
        assert_eq!(armed("-inf"), "'-inf");
    }

    proptest! {
        #[test]
        fn taking_the_apostrophe_away_undoes_putting_it_there(text in "['\"=+@\t\r\n \u{ff1d}\u{feff}5ae.-]{0,7}") {
            let cell = armed(&text);
            prop_assert_eq!(disarmed(&cell), &text);
        }

        #[test]
        fn no_armed_cell_begins_with_what_runs(text in "[\"=+@\t\r\n \u{ff1d}\u{ff0b}\u{2212}%|5a-]{1,7}") {
            let cell = armed(&text);
            let first = cell.chars().find(|c| !c.is_whitespace() && *c != '"').unwrap_or(' ');
            prop_assert!(!STARTERS.contains(&first) || is_number(&cell), "{cell:?}");
        }
    }
}
