//! `statistics.csv` and `statistics.json`: every number, twice.

use serde::Deserialize;
use serde_json::Value;

use super::{Problems, PublicFolder, ReadProblem};
use crate::domain::{Id, Period};
use crate::public::data::HEAD;
use crate::public::figures::{category_word, place_word};
use crate::release::attack::{Category, Place, Shown, Statement};

pub(super) const CSV: &str = "data/statistics.csv";
const JSON: &str = "data/statistics.json";

/// Numbers, and the sizes of squares they are said to have.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) statements: Vec<Statement>,
    pub(super) levels_m: Vec<u32>,
    pub(super) period: Option<Period>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    release: u32,
    period: String,
    unit: String,
    rounded_to: u32,
    under: u32,
    levels_m: Vec<u32>,
    #[serde(rename = "grid")]
    _grid: String,
    #[serde(rename = "left_out")]
    _left_out: Vec<Value>,
    data_class: String,
    #[serde(rename = "provenance")]
    _provenance: Value,
    figures: Vec<Figure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Figure {
    place: String,
    category: String,
    period: String,
    count: Option<u32>,
    shown: String,
}

/// Reads both and requires that they are row by row the same. Nothing in a release without statistics.
pub(super) fn read(folder: &PublicFolder, found: &mut Vec<ReadProblem>) -> Figures {
    if folder.manifest.stream != "statistics" {
        for path in folder.files.keys().filter(|path| path.contains("statisti") || path.contains("data/grid-")) {
            let text = "reports stand in statistics releases alone".to_string();
            found.push(ReadProblem { path: path.clone(), at: None, text });
        }
        return Figures::default();
    }
    let rows = csv(folder, found);
    let Some(file) = json(folder, found) else { return Figures { statements: rows, ..Figures::default() } };
    let mut problems = Problems::of(JSON);
    let manifest = &folder.manifest;
    let policy = &manifest.policy;
    let same = [
        ("release", file.release == manifest.release),
        ("period", file.period == manifest.period),
        ("data_class", file.data_class == manifest.data_class),
        ("unit", file.unit == "reports"),
        ("rounded_to", file.rounded_to == policy.round_to),
        ("under", file.under == policy.least_reports),
    ];
    for (name, _) in same.iter().filter(|(_, is_same)| !is_same) {
        problems.say(Some((*name).to_string()), "not what the manifest says");
    }
    if file.figures.len() != rows.len() {
        problems.say(None, format!("{} figures; {CSV} has {} rows", file.figures.len(), rows.len()));
    }
    for (n, (figure, row)) in file.figures.iter().zip(&rows).enumerate() {
        let at = || Some(format!("figure {}", n + 1));
        match statement(&figure.place, &figure.category, &figure.period, figure.count, &figure.shown) {
            Err(text) => problems.say(at(), text),
            Ok(read) if read != *row => problems.say(at(), format!("not what row {} of {CSV} says", n + 1)),
            Ok(_) => {}
        }
    }
    found.extend(problems.found);
    Figures { statements: rows, levels_m: file.levels_m, period: Period::parse(&file.period).ok() }
}

fn json(folder: &PublicFolder, found: &mut Vec<ReadProblem>) -> Option<File> {
    let text = folder.text(JSON, found)?;
    match serde_json::from_str(text) {
        Ok(file) => Some(file),
        Err(error) => {
            found.push(ReadProblem { path: JSON.to_string(), at: None, text: error.to_string() });
            None
        }
    }
}

fn csv(folder: &PublicFolder, found: &mut Vec<ReadProblem>) -> Vec<Statement> {
    let mut rows = Vec::new();
    let Some(text) = folder.text(CSV, found) else { return rows };
    let mut problems = Problems::of(CSV);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    for (n, record) in reader.records().enumerate() {
        let at = || Some(format!("row {n}"));
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.say(at(), error.to_string());
                continue;
            }
        };
        let cells: Vec<&str> = record.iter().collect();
        if n == 0 {
            if cells != HEAD {
                problems.say(at(), format!("the columns are {}; accepted: {}", cells.join(","), HEAD.join(",")));
                break;
            }
            continue;
        }
        let [place, _, _, category, _, _, period, count, shown] = cells[..] else { continue };
        let number = if count.is_empty() { Ok(None) } else { count.parse().map(Some) };
        let read = number
            .map_err(|_| format!("'{count}' is no count"))
            .and_then(|count| statement(place, category, period, count, shown));
        match read {
            Ok(statement) => rows.push(statement),
            Err(text) => problems.say(at(), text),
        }
    }
    found.extend(problems.found);
    rows
}

/// A statement from the words of a row.
pub(super) fn statement(
    place: &str,
    category: &str,
    period: &str,
    count: Option<u32>,
    shown: &str,
) -> Result<Statement, String> {
    let period_of = Period::parse(period).map_err(|error| error.to_string())?;
    let statement = Statement {
        place: read_place(place)?,
        category: match category {
            "all" => Category::All,
            "not_sensitive" => Category::NotSensitive,
            code => Category::One(code.to_string()),
        },
        period: period_of,
        shown: match (shown, count) {
            ("about", Some(count)) => Shown::About(count),
            ("under_10", None) => Shown::UnderLeast,
            ("not_divided", None) => Shown::NotDivided,
            _ => {
                let count = count.map_or("no count".to_string(), |count| format!("the count {count}"));
                return Err(format!(
                    "shown is '{shown}' with {count}; accepted: about with one, under_10 and not_divided without"
                ));
            }
        },
    };
    // Another spelling of the same would be a place to hide something.
    let spelt = [place_word(&statement.place), category_word(&statement.category).to_string(), statement.period.word()];
    if spelt == [place, category, period] {
        Ok(statement)
    } else {
        Err(format!("spelt '{place}', '{category}', '{period}'; accepted: '{}'", spelt.join("', '")))
    }
}

/// The place of its word.
fn read_place(word: &str) -> Result<Place, String> {
    if word == "municipality" {
        return Ok(Place::Municipality);
    }
    let Some(numbers) = word.strip_prefix("square-") else {
        return Id::new(word).map(Place::Area).map_err(|error| error.to_string());
    };
    let square = || {
        let (cell_m, corner) = numbers.split_once('-')?;
        // A corner west of the origin begins with a sign.
        let end = corner.char_indices().skip(1).find(|(_, c)| *c == '-')?.0;
        let (x_m, y_m) = (&corner[..end], &corner[end + 1..]);
        Some(Place::Square { cell_m: cell_m.parse().ok()?, x_m: x_m.parse().ok()?, y_m: y_m.parse().ok()? })
    };
    square().ok_or_else(|| format!("'{word}' is no square; accepted: square-SIZE-EAST-NORTH in metres"))
}
