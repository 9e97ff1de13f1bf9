//! The tables to paste: `cms/{sv|en}/statistik.csv` has every number but those of squares, in the same order.

use super::{Problems, PublicFolder, ReadProblem};
use crate::release::attack::{Place, Shown, Statement};

/// The delimiter of each language's table.
pub(in crate::public) const TABLES: [(&str, u8); 2] = [("cms/sv/statistik.csv", b';'), ("cms/en/statistik.csv", b',')];

/// The last column is the number, or words without a number of their own.
pub(super) fn read(folder: &PublicFolder, statements: &[Statement], found: &mut Vec<ReadProblem>) {
    let stated: Vec<&Statement> = statements.iter().filter(|s| !matches!(s.place, Place::Square { .. })).collect();
    let least = folder.manifest.policy.least_reports.to_string();
    for (path, delimiter) in TABLES {
        let Some(text) = folder.files.get(path).and_then(|_| folder.text(path, found)) else { continue };
        let mut problems = Problems::of(path);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().filter_map(Result::ok).collect();
        if rows.len() != stated.len() {
            problems
                .say(None, format!("{} rows; data/statistics.csv has {} without squares", rows.len(), stated.len()));
        }
        for (n, (row, statement)) in rows.iter().zip(&stated).enumerate() {
            let cell = row.iter().next_back().unwrap_or_default();
            let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
            let agrees = match statement.shown {
                Shown::About(count) => cell == count.to_string(),
                Shown::UnderLeast | Shown::NotDivided => digits.is_empty() || digits == least && cell != least,
            };
            if !agrees {
                problems.say(Some(format!("row {}", n + 1)), format!("'{cell}' is not what data/statistics.csv says"));
            }
        }
        found.extend(problems.found);
    }
}
