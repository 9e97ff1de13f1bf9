//! Which row of a sheet has the headings: people write titles, dates and remarks above them.

use super::SheetRow;

/// Rows with something in them among which the headings are looked for.
pub(super) const SAMPLE_ROWS: usize = 30;

/// The heading row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// Row of the sheet, from 1.
    pub(super) row: u64,
    /// One text for each column up to the last that has one; those without are called by their number.
    pub(super) texts: Vec<String>,
}

/// The row with most known headings, the first of equals; without any, the first row with the most texts.
/// Also how many are known. `None` when there is no row.
///
/// A column whose heading is blank takes the text from the row just above: that is what a heading looks like that
/// was merged over two rows.
pub(super) fn find_heading(rows: &[SheetRow], is_known: &dyn Fn(&str) -> bool) -> Option<(Heading, usize)> {
    let known = |row: &SheetRow| row.cells.iter().filter(|(_, text)| is_known(text)).count();
    let texts = |row: &SheetRow| row.cells.iter().filter(|(_, text)| text.contains(char::is_alphabetic)).count();
    let most_known = rows.iter().map(known).max()?;
    let at = if most_known > 0 {
        rows.iter().position(|row| known(row) == most_known)?
    } else {
        let most_texts = rows.iter().map(texts).max()?;
        rows.iter().position(|row| texts(row) == most_texts)?
    };
    let row = &rows[at];
    let above = at.checked_sub(1).map(|at| &rows[at]).filter(|above| above.number + 1 == row.number);
    let above = above.filter(|above| above.cells.len() > 1);
    let width = row.width().max(above.filter(|above| known(above) > 0).map_or(0, SheetRow::width));
    let text = |column: usize| match (row.text(column).trim(), above.map_or("", |above| above.text(column)).trim()) {
        ("", "") => format!("(column {})", column + 1),
        ("", above) => above.to_string(),
        (text, _) => text.to_string(),
    };
    Some((Heading { row: row.number, texts: (0..width).map(text).collect() }, most_known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, cells: &[&str]) -> SheetRow {
        let cells = cells.iter().enumerate().filter(|(_, text)| !text.is_empty());
        SheetRow { number, cells: cells.map(|(at, text)| (at, (*text).to_string())).collect(), errors: Vec::new() }
    }

    fn found(rows: &[SheetRow]) -> (u64, Vec<String>) {
        let is_known = |text: &str| ["datum", "plats", "lon", "lat"].contains(&text.to_lowercase().as_str());
        let (heading, _) = find_heading(rows, &is_known).expect("a heading");
        (heading.row, heading.texts)
    }

    #[test]
    fn titles_above_the_headings_are_stepped_over() {
        let rows = [
            row(1, &["Trygghetsvandring i Runneryd"]),
            row(3, &["Datum", "2025-03-01", "Ledare", "Kommunen", "Antal", "12"]),
            row(5, &["Nr", "", "Datum", "Plats"]),
            row(6, &["1", "", "2025-03-01", "Torget"]),
        ];
        assert_eq!(found(&rows), (5, ["Nr", "(column 2)", "Datum", "Plats"].map(String::from).to_vec()));
    }

    #[test]
    fn headings_that_were_merged_over_two_rows_are_put_together() {
        let rows = [
            row(1, &["Datum", "Läge", "", "Anmärkning"]),
            row(2, &["", "Lon", "Lat", ""]),
            row(3, &["2025-03-01", "14.69", "57.65", "x"]),
        ];
        assert_eq!(found(&rows), (2, ["Datum", "Lon", "Lat", "Anmärkning"].map(String::from).to_vec()));
    }

    #[test]
    fn without_any_known_heading_the_first_row_of_most_texts_is_taken() {
        let rows = [row(2, &["Titel"]), row(4, &["När", "Var"]), row(5, &["i går", "här"])];
        assert_eq!(found(&rows), (4, vec!["När".to_string(), "Var".to_string()]));
        assert!(find_heading(&[], &|_| true).is_none());
    }
}
