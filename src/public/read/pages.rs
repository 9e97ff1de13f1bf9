//! Tables of pages and embeds: every number of reports in them is a public number.

use std::collections::HashSet;

use super::statistics::{CSV, statement};
use super::{Problems, PublicFolder, ReadProblem};
use crate::release::attack::{Shown, Statement};

/// Names of places and of categories with the word that they are of.
type Names = HashSet<(String, String)>;

/// The names in `statistics.csv`: they may have digits, such as an area called "Kvarteret 7".
fn names(folder: &PublicFolder) -> Names {
    let text = folder.files.get(CSV).map(Vec::as_slice).unwrap_or_default();
    let mut names = Names::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    // What cannot be read is told where the numbers of the file are.
    for record in reader.records().flatten() {
        for (word, name) in [(0, 1), (0, 2), (3, 4), (3, 5)] {
            if let (Some(word), Some(name)) = (record.get(word), record.get(name)) {
                names.insert((word.to_string(), name.to_string()));
            }
        }
    }
    names
}

/// Reads the tables of every page.
pub(super) fn read(folder: &PublicFolder, statements: &[Statement], found: &mut Vec<ReadProblem>) {
    let all: HashSet<&Statement> = statements.iter().collect();
    let names = names(folder);
    for path in folder.files.keys().filter(|path| path.ends_with(".html")) {
        let Some(text) = folder.text(path, found) else { continue };
        let mut problems = Problems::of(path);
        let name = path.rsplit('/').next().unwrap_or_default();
        let is_statistics = name.starts_with("statistik");
        for (n, row) in rows(text).iter().enumerate() {
            for cell in &row.cells {
                if let Err(text) = check(row, cell, &all, &names, is_statistics) {
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

/// A cell or a heading.
#[derive(Debug, Default, PartialEq)]
struct Cell {
    is_heading: bool,
    count: Option<String>,
    shown: Option<String>,
    text: String,
}

fn check(
    row: &Row,
    cell: &Cell,
    statements: &HashSet<&Statement>,
    names: &Names,
    is_statistics: bool,
) -> Result<(), String> {
    let digits: String = cell.text.chars().filter(char::is_ascii_digit).collect();
    let says_what_it_is_about = || {
        names_its_period(row, &digits)
            || (cell.is_heading && names_its_square(row, &cell.text))
            || is_named(row, cell, names)
    };
    let shown = match cell.shown.as_deref() {
        // Reports are never exact: what is exact is work, which has no category of reports.
        Some("exact") if is_statistics || row.category.is_some() => {
            return Err(format!("'{}' is said to be exact, and numbers of reports never are", cell.text));
        }
        Some("exact") => return Ok(()),
        Some(shown) => shown,
        None if is_statistics && !digits.is_empty() && !says_what_it_is_about() => {
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

/// Whether a heading is the corner of the square that its row is about: "460000, 6390000".
fn names_its_square(row: &Row, text: &str) -> bool {
    let Some((x_m, y_m)) = text.trim().split_once(", ") else { return false };
    let of_square = |rest: &str| rest.split_once('-').is_some_and(|(_, corner)| corner == format!("{x_m}-{y_m}"));
    row.place.as_deref().and_then(|place| place.strip_prefix("square-")).is_some_and(of_square)
}

/// Whether a cell is the name of the place or of the category that its row is about.
fn is_named(row: &Row, cell: &Cell, names: &Names) -> bool {
    let about = [&row.place, &row.category].into_iter().flatten();
    about.into_iter().any(|word| names.contains(&(word.clone(), cell.text.trim().to_string())))
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
            ("td" | "th", _) => {
                in_cell = true;
                let cell = Cell {
                    is_heading: name == "th",
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
            (_, true) if ["/td", "/th", "/tr", "/table"].contains(&tag) => in_cell = false,
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
        let heading = Cell { is_heading: true, text: "Norr & syd".into(), ..Cell::default() };
        let cell = Cell {
            count: Some("1250".into()),
            shown: Some("about".into()),
            text: "omkring 1\u{a0}250".into(),
            ..Cell::default()
        };
        assert_eq!(rows[1].cells, [heading, cell]);
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
        let all = HashSet::from([&statement]);
        let row = |attributes: &str, cell: &str| {
            let html = format!(
                r#"<tr data-place="norr" data-category="not_sensitive" data-period="2025"><td {attributes}>{cell}</td></tr>"#
            );
            check(&rows(&html)[0], &rows(&html)[0].cells[0], &all, &Names::new(), true)
        };
        let good = r#" data-count="1250" data-shown="about""#;
        assert_eq!(row(good, "ca 1\u{a0}250"), Ok(()));
        assert!(row(good, "ca 1\u{a0}253").is_err_and(|e| e.contains("to people")));
        assert!(row(r#" data-count="1255" data-shown="about""#, "1255").is_err_and(|e| e.contains("statistics.csv")));
        assert!(row("", "3").is_err_and(|e| e.contains("does not say")));
        assert_eq!(row("", "ingen"), Ok(()));
    }

    #[test]
    fn a_number_of_reports_is_never_exact_and_one_of_work_may_be() {
        let exact = |about: &str, is_statistics: bool| {
            let html = format!(r#"<tr data-place="norr"{about}><td data-count="3" data-shown="exact">3</td></tr>"#);
            let row = &rows(&html)[0];
            check(row, &row.cells[0], &HashSet::new(), &Names::new(), is_statistics)
        };
        assert_eq!(exact("", false), Ok(()));
        for (about, is_statistics) in
            [("", true), (r#" data-category="all""#, true), (r#" data-category="all""#, false)]
        {
            assert!(exact(about, is_statistics).is_err_and(|e| e.contains("never are")), "{about} {is_statistics}");
        }
    }

    #[test]
    fn a_heading_names_what_its_row_is_about_and_no_other_number() {
        let names = [("k7", "Kvarteret 7"), ("not_sensitive", "Alla utom de 3 k\u{e4}nsliga")];
        let names: Names = names.iter().map(|(word, name)| (word.to_string(), name.to_string())).collect();
        let heading = |place: &str, text: &str| {
            let html = format!(
                r#"<tr data-place="{place}" data-category="not_sensitive" data-period="2025-Q1"><th scope="row">{text}</th></tr>"#
            );
            let row = &rows(&html)[0];
            check(row, &row.cells[0], &HashSet::new(), &names, true).is_ok()
        };
        for (place, text, is_good) in [
            ("k7", "Kvarteret 7", true),
            ("k7", "Alla utom de 3 k\u{e4}nsliga", true),
            ("norr", "Kvarteret 7", false),
            ("k7", "Kvarteret 7 (3)", false),
            ("norr", "Norr", true),
            ("norr", "kvartal 1 2025", true),
            ("norr", "kvartal 2 2025", false),
            ("norr", "3", false),
            ("square-500-460000-6390000", "460000, 6390000", true),
            ("square-500--1500--500", "-1500, -500", true),
            ("square-500-460000-6390000", "460000, 6390003", false),
            ("square-500-460000-6390000", "500, 460000", false),
            ("norr", "460000, 6390000", false),
        ] {
            assert_eq!(heading(place, text), is_good, "{place}: {text}");
        }
        // Where no reports are, headings say what they like.
        let html = r#"<tr><th scope="row">3 m\u{f6}ten</th></tr>"#;
        let row = &rows(html)[0];
        assert_eq!(check(row, &row.cells[0], &HashSet::new(), &names, false), Ok(()));
    }
}
