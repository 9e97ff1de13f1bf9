//! Tables of pages and embeds: every number of reports in them is a public number.

use super::statistics::statement;
use super::{Problems, PublicFolder, ReadProblem};
use crate::release::attack::{Shown, Statement};

/// Reads the tables of every page.
pub(super) fn read(folder: &PublicFolder, statements: &[Statement], found: &mut Vec<ReadProblem>) {
    let all: std::collections::HashSet<&Statement> = statements.iter().collect();
    for path in folder.files.keys().filter(|path| path.ends_with(".html")) {
        let Some(text) = folder.text(path, found) else { continue };
        let mut problems = Problems::of(path);
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_statistics = name.starts_with("statistik");
        for (n, row) in rows(text).iter().enumerate() {
            for cell in &row.cells {
                if let Err(text) = check(row, cell, &all, is_statistics) {
                    problems.say(Some(format!("row {}", n + 1)), text);
                }
            }
        }
        found.extend(problems.found);
    }
}

/// A row of a table with what it is about.
#[derive(Debug, Default, PartialEq)]
struct Row {
    place: Option<String>,
    category: Option<String>,
    period: Option<String>,
    cells: Vec<Cell>,
}

/// A cell that is no heading.
#[derive(Debug, Default, PartialEq)]
struct Cell {
    count: Option<String>,
    shown: Option<String>,
    text: String,
}

fn check(
    row: &Row,
    cell: &Cell,
    statements: &std::collections::HashSet<&Statement>,
    is_statistics: bool,
) -> Result<(), String> {
    let digits: String = cell.text.chars().filter(char::is_ascii_digit).collect();
    let shown = match cell.shown.as_deref() {
        Some("exact") => return Ok(()),
        Some(shown) => shown,
        None if is_statistics && !digits.is_empty() && !names_its_period(row, &digits) => {
            return Err(format!("'{}' has a number and does not say which it is", cell.text));
        }
        None => return Ok(()),
    };
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    let count = match &cell.count {
        Some(count) => Some(count.parse().map_err(|_| format!("data-count is '{count}', which is no count"))?),
        None => None,
    };
    let (place, category, period) = (word(&row.place), word(&row.category), word(&row.period));
    let read = statement(&place, &category, &period, count, shown)?;
    if !statements.contains(&read) {
        return Err(format!("{place}, {category}, {period} is not what data/statistics.csv says"));
    }
    // People read the words: they must say the same.
    match read.shown {
        Shown::About(count) if digits != count.to_string() => {
            Err(format!("'{}' is shown to people, and {count} to programs", cell.text))
        }
        _ => Ok(()),
    }
}

/// Whether the digits of a cell are those of the period that its row is about: "2025", "quarter 1 of 2025".
fn names_its_period(row: &Row, digits: &str) -> bool {
    let period = row.period.as_deref().unwrap_or_default();
    let (year, part) = period.split_once('-').unwrap_or((period, ""));
    let part = part.trim_start_matches(['Q', 'H', '0']);
    !year.is_empty() && (digits == year || digits == format!("{part}{year}"))
}

/// The rows of all tables. Pages of releases are written by one program: tags are closed, attributes stand in double
/// quotes, and `<` is never bare.
fn rows(html: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut in_cell = false;
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        match (name, tag.starts_with('/')) {
            ("tr", _) => rows.push(Row {
                place: attribute(tag, "data-place"),
                category: attribute(tag, "data-category"),
                period: attribute(tag, "data-period"),
                cells: Vec::new(),
            }),
            ("td", _) => {
                in_cell = true;
                let cell = Cell {
                    count: attribute(tag, "data-count"),
                    shown: attribute(tag, "data-shown"),
                    text: String::new(),
                };
                if rows.is_empty() {
                    rows.push(Row::default());
                }
                if let Some(row) = rows.last_mut() {
                    row.cells.push(cell);
                }
            }
            (_, true) if tag == "/td" || tag == "/tr" || tag == "/table" => in_cell = false,
            _ => {}
        }
        if let Some(cell) = rows.last_mut().and_then(|row| row.cells.last_mut()).filter(|_| in_cell) {
            cell.text.push_str(&unescaped(text));
        }
    }
    rows
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let length = tag[from..].find('"')?;
    Some(unescaped(&tag[from..from + length]))
}

fn unescaped(text: &str) -> String {
    // Numeric references have digits that are not of a number.
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_tables_are_read_with_what_they_are_about() {
        let html = r#"<p>5</p><table><tr><th scope="col">Antal</th></tr>
            <tr data-place="norr" data-category="not_sensitive" data-period="2025"><th scope="row">Norr &amp; syd</th>
            <td class="n" data-label="Antal" data-count="1250" data-shown="about">omkring <b>1&nbsp;250</b></td></tr></table>9"#;
        let rows = rows(html);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].place.as_deref(), rows[1].period.as_deref()), (Some("norr"), Some("2025")));
        let cell = Cell { count: Some("1250".into()), shown: Some("about".into()), text: "omkring 1\u{a0}250".into() };
        assert_eq!(rows[1].cells, [cell]);
    }

    #[test]
    fn a_cell_may_name_the_period_of_its_row_and_no_other_number() {
        let row = Row { period: Some("2025-Q1".into()), ..Row::default() };
        for (digits, names_it) in [("2025", true), ("12025", true), ("22025", false), ("17", false), ("20251", false)] {
            assert_eq!(names_its_period(&row, digits), names_it, "{digits}");
        }
        assert!(!names_its_period(&Row::default(), "2025"));
    }

    #[test]
    fn a_number_in_a_table_is_a_public_number_in_words_and_in_data() {
        let statement = statement("norr", "not_sensitive", "2025", Some(1250), "about").expect("read");
        let all = std::collections::HashSet::from([&statement]);
        let row = |attributes: &str, cell: &str| {
            let html = format!(
                r#"<tr data-place="norr" data-category="not_sensitive" data-period="2025"><td {attributes}>{cell}</td></tr>"#
            );
            check(&rows(&html)[0], &rows(&html)[0].cells[0], &all, true)
        };
        let good = r#" data-count="1250" data-shown="about""#;
        assert_eq!(row(good, "ca 1\u{a0}250"), Ok(()));
        assert!(row(good, "ca 1\u{a0}253").is_err_and(|e| e.contains("to people")));
        assert!(row(r#" data-count="1255" data-shown="about""#, "1255").is_err_and(|e| e.contains("statistics.csv")));
        assert!(row("", "3").is_err_and(|e| e.contains("does not say")));
        assert_eq!(row("", "ingen"), Ok(()));
        assert_eq!(row(r#" data-count="3" data-shown="exact""#, "3"), Ok(()));
    }
}
