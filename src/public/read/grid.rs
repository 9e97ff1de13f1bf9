//! `grid-{size}m.geojson`: each square with its number, in its place.

use std::collections::BTreeSet;

use serde_json::Value;

use super::areas::features;
use super::statistics::{Figures, statement};
use super::{Problems, PublicFolder, ReadProblem};
use crate::domain::{Period, Plane};
use crate::public::data::square_ring;
use crate::public::figures::place_word;
use crate::release::attack::{Place, Statement};

/// Members that a square may have.
const MEMBERS: [&str; 6] = ["cell_m", "x_m", "y_m", "count", "shown", "period"];

/// The squares of every size must be those of the statements, in their order.
pub(super) fn read(folder: &PublicFolder, plane: Option<&Plane>, figures: &Figures, found: &mut Vec<ReadProblem>) {
    let sizes: BTreeSet<u32> = figures.levels_m.iter().copied().collect();
    let stated: BTreeSet<u32> = figures.statements.iter().filter_map(size).collect();
    let files: BTreeSet<String> = folder.files.keys().filter(|p| p.starts_with("data/grid-")).cloned().collect();
    let wanted: BTreeSet<String> = sizes.union(&stated).map(|size| format!("data/grid-{size}m.geojson")).collect();
    for path in files.symmetric_difference(&wanted) {
        let text = "squares of a size stand in a file of their own, in data/statistics.csv and in levels_m, or nowhere";
        found.push(ReadProblem { path: path.clone(), at: None, text: text.to_string() });
    }
    for cell_m in stated {
        let path = format!("data/grid-{cell_m}m.geojson");
        let Some(file) = folder.files.get(&path).and_then(|_| folder.json(&path, found)) else { continue };
        let mut problems = Problems::of(&path);
        let rows: Vec<&Statement> = figures.statements.iter().filter(|s| size(s) == Some(cell_m)).collect();
        let squares = features(&file, &mut problems);
        if squares.len() != rows.len() {
            problems.say(None, format!("{} squares; data/statistics.csv has {}", squares.len(), rows.len()));
        }
        for (n, (square, row)) in squares.iter().zip(rows).enumerate() {
            if let Err(text) = check(square, row, plane, figures.period.as_ref()) {
                problems.say(Some(format!("feature {}", n + 1)), text);
            }
        }
        found.extend(problems.found);
    }
}

fn size(statement: &Statement) -> Option<u32> {
    match statement.place {
        Place::Square { cell_m, .. } => Some(cell_m),
        _ => None,
    }
}

fn check(square: &Value, row: &Statement, plane: Option<&Plane>, whole: Option<&Period>) -> Result<(), String> {
    let properties = square["properties"].as_object().ok_or("it has no properties")?;
    if let Some(member) = properties.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
        return Err(format!("the member '{member}' is none that a public square has"));
    }
    let whole_number = |name: &str| properties.get(name).and_then(Value::as_i64).ok_or(format!("{name} is no number"));
    let cell_m = u32::try_from(whole_number("cell_m")?).map_err(|_| "cell_m is no size".to_string())?;
    let (x_m, y_m) = (whole_number("x_m")?, whole_number("y_m")?);
    let word = place_word(&Place::Square { cell_m, x_m, y_m });
    let count = match properties.get("count") {
        Some(Value::Null) | None => None,
        Some(_) => Some(u32::try_from(whole_number("count")?).map_err(|_| "count is no count".to_string())?),
    };
    let text = |name: &str| properties.get(name).and_then(Value::as_str).unwrap_or_default();
    let read = statement(&word, "not_sensitive", text("period"), count, text("shown"))?;
    if read != *row {
        return Err(format!("{word} is not what data/statistics.csv says in the same place of the list"));
    }
    let id = if whole == Some(&row.period) { word.clone() } else { format!("{word}-{}", row.period.word()) };
    if square["id"] != id.as_str() {
        return Err(format!("its id is {}; accepted: {id}", square["id"]));
    }
    let wanted = Value::from(vec![Value::from(square_ring(plane, [x_m, y_m], cell_m))]);
    if square["geometry"]["type"] != "Polygon" || square["geometry"]["coordinates"] != wanted {
        return Err(format!("its corners are not those of {word}"));
    }
    Ok(())
}
