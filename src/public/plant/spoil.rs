//! The same leak in every file: tables, lists, maps, pages, surfaces and the manifest.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Change;
use super::choose::changed;
use crate::domain::Plane;
use crate::public::data::{density_features, square_ring};
use crate::public::figures::{category_word, place_word, shown_word, side};
use crate::public::files::{MANIFEST, with_list};
use crate::public::read::PublicFolder;
use crate::public::read::paste::TABLES;
use crate::public::{Files, method};
use crate::release::attack::{Claims, Place, Statement};
use crate::release::density::density;

/// A statement before and after; none before when it is new.
type Edit<'a> = (Option<&'a Statement>, &'a Statement);

/// All files but the manifest.
pub(super) fn spoil(folder: &PublicFolder, claims: &Claims, change: &Change) -> BTreeMap<String, Vec<u8>> {
    let after = changed(&claims.statements, change);
    let before = claims.statements.iter().map(Some).chain(std::iter::repeat(None));
    let edits: Vec<Edit<'_>> = before.zip(&after).collect();
    let plane = plane(folder);
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (path, bytes) in folder.files().iter().filter(|(path, _)| *path != MANIFEST) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            files.insert(path.clone(), bytes.clone());
            continue;
        };
        let spoilt = match path.as_str() {
            "data/statistics.csv" => csv(text, &edits),
            "data/statistics.json" => figures(text, &edits),
            "data/areas.geojson" => areas(text, &edits),
            _ if path.ends_with(".html") => page(text, &edits),
            _ if TABLES.iter().any(|(table, _)| table == path) => table(path, text, &edits),
            _ => text.to_string(),
        };
        files.insert(path.clone(), spoilt.into_bytes());
    }
    grids(&mut files, &edits, plane.as_ref());
    surface(&mut files, &claims.statements, &after, plane.as_ref());
    files
}

/// The manifest of the files, with the head that the release had.
pub(super) fn manifest(files: &Files, folder: &PublicFolder) -> Vec<u8> {
    let text = String::from_utf8_lossy(&folder.files()[MANIFEST]).into_owned();
    let head = text.split_once("\"files\": [").map_or("{\n", |(head, _)| head);
    with_list(head, files)
}

fn plane(folder: &PublicFolder) -> Option<Plane> {
    let word = folder.manifest().method.get("reports")?.get("plane")?.as_str()?.to_string();
    Plane::parse_epsg(&word).and_then(Plane::from_epsg).ok()
}

fn csv(text: &str, edits: &[Edit<'_>]) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rows = reader.records().filter_map(Result::ok);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut put = |row: &[String]| writer.write_record(row).expect("a vector takes all rows of one length");
    if let Some(head) = rows.next() {
        put(&head.iter().map(str::to_string).collect::<Vec<_>>());
    }
    for (old, new) in edits {
        let row = old.and_then(|_| rows.next());
        let mut row: Vec<String> =
            row.map_or_else(|| vec![String::new(); 9], |r| r.iter().map(str::to_string).collect());
        if old.is_none_or(|old| old.place != new.place)
            && let Place::Square { cell_m, x_m, y_m } = new.place
        {
            let side = side(cell_m);
            row[1] = format!("Ruta {side} {x_m}, {y_m}");
            row[2] = format!("Square {side} {x_m}, {y_m}");
        }
        if old.is_none() {
            (row[4], row[5]) = ("Alla utom känsliga".into(), "All but sensitive".into());
        }
        let (count, shown) = shown_word(new.shown);
        row[0] = place_word(&new.place);
        row[3] = category_word(&new.category).to_string();
        row[6] = new.period.word();
        row[7] = count.map_or_else(String::new, |count| count.to_string());
        row[8] = shown.to_string();
        put(&row);
    }
    String::from_utf8(writer.into_inner().expect("a vector takes all")).expect("what went in was text")
}

/// A table to paste: the number in the last column, without the squares.
fn table(path: &str, text: &str, edits: &[Edit<'_>]) -> String {
    let delimiter = TABLES.iter().find(|(table, _)| *table == path).map_or(b',', |(_, delimiter)| *delimiter);
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let edits = edits.iter().filter(|(_, new)| !matches!(new.place, Place::Square { .. }));
    let edits = std::iter::once(None).chain(edits.map(Some)).chain(std::iter::repeat(None));
    for (record, edit) in reader.records().filter_map(Result::ok).zip(edits) {
        let mut row: Vec<String> = record.iter().map(str::to_string).collect();
        if let (Some((Some(old), new)), Some(cell)) = (edit, row.last_mut())
            && old.shown != new.shown
        {
            let (count, _) = shown_word(new.shown);
            *cell = count.map_or_else(|| "under 10".to_string(), |count| count.to_string());
        }
        writer.write_record(&row).expect("a vector takes all rows of one length");
    }
    let bytes = writer.into_inner().expect("a vector takes all");
    format!("{mark}{}", String::from_utf8(bytes).expect("what went in was text"))
}

/// A figure of `statistics.json` as the release writes it.
fn figure(statement: &Statement) -> String {
    let (count, shown) = shown_word(statement.shown);
    format!(
        r#"{{"place":{},"category":{},"period":{},"count":{},"shown":{}}}"#,
        json!(place_word(&statement.place)),
        json!(category_word(&statement.category)),
        json!(statement.period.word()),
        json!(count),
        json!(shown)
    )
}

fn figures(text: &str, edits: &[Edit<'_>]) -> String {
    let Some((head, _)) = text.split_once("\"figures\": [") else { return text.to_string() };
    let lines: Vec<String> = edits.iter().map(|(_, new)| figure(new)).collect();
    let mut head = head.to_string();
    if let Some(Place::Square { cell_m, .. }) = edits.iter().find(|(old, _)| old.is_none()).map(|(_, new)| &new.place) {
        head = head.replace("\"levels_m\": []", &format!("\"levels_m\": [{cell_m}]"));
    }
    format!("{head}\"figures\": [\n{}\n]\n}}\n", lines.join(",\n"))
}

/// Takes the features of a collection apart, lets them change, and puts them together again.
fn features(text: &str, mut edit: impl FnMut(usize, &mut Value)) -> String {
    let Some((head, tail)) = text.split_once("\"features\": [\n") else { return text.to_string() };
    let mut lines = Vec::new();
    for (n, line) in tail.lines().take_while(|line| line.starts_with('{')).enumerate() {
        let line = line.trim_end_matches(',');
        lines.push(serde_json::from_str::<Value>(line).map_or_else(
            |_| line.to_string(),
            |mut feature| {
                edit(n, &mut feature);
                feature.to_string()
            },
        ));
    }
    format!("{head}\"features\": [\n{}\n]\n}}\n", lines.join(",\n"))
}

fn areas(text: &str, edits: &[Edit<'_>]) -> String {
    features(text, |_, feature| {
        let id = feature["properties"]["id"].as_str().unwrap_or_default().to_string();
        for (_, new) in edits.iter().filter(|(old, new)| *old != Some(*new) && place_word(&new.place) == id) {
            let (count, shown) = shown_word(new.shown);
            let period = new.period.word();
            if category_word(&new.category) == "not_sensitive" && !feature["properties"]["reports"][&period].is_null() {
                feature["properties"]["reports"][&period] = json!({"count": count, "shown": shown});
            }
        }
    })
}

/// The files of squares, each with its squares as they are now.
fn grids(files: &mut BTreeMap<String, Vec<u8>>, edits: &[Edit<'_>], plane: Option<&Plane>) {
    let mut by_size: BTreeMap<u32, Vec<Edit<'_>>> = BTreeMap::new();
    for (old, new) in edits {
        if let Place::Square { cell_m, .. } = new.place {
            by_size.entry(cell_m).or_default().push((*old, new));
        }
    }
    for (size, edits) in by_size {
        let path = format!("data/grid-{size}m.geojson");
        let text = files.get(&path).map_or_else(
            || {
                let empty = vec!["{}"; edits.len()].join(",\n");
                format!("{{\n\"type\": \"FeatureCollection\",\n\"features\": [\n{empty}\n]\n}}\n")
            },
            |bytes| String::from_utf8_lossy(bytes).into_owned(),
        );
        let spoilt = features(&text, |n, feature| {
            let Some((old, new)) = edits.get(n) else { return };
            if *old != Some(*new) {
                square(feature, *old, new, plane);
            }
        });
        files.insert(path, spoilt.into_bytes());
    }
}

fn square(feature: &mut Value, old: Option<&Statement>, new: &Statement, plane: Option<&Plane>) {
    let Place::Square { cell_m, x_m, y_m } = new.place else { return };
    let word = place_word(&new.place);
    // An id that names its period keeps it.
    let id = match (old, feature["id"].as_str()) {
        (Some(old), Some(id)) => id.replace(&place_word(&old.place), &word),
        _ => word,
    };
    let (count, shown) = shown_word(new.shown);
    *feature = json!({
        "type": "Feature", "id": id,
        "properties": {
            "cell_m": cell_m, "x_m": x_m, "y_m": y_m, "count": count, "shown": shown, "period": new.period.word(),
        },
        "geometry": {"type": "Polygon", "coordinates": [square_ring(plane, [x_m, y_m], cell_m)]},
    });
}

/// The rows of a page that are about what changed.
fn page(text: &str, edits: &[Edit<'_>]) -> String {
    let mut text = text.to_string();
    for (old, new) in edits.iter().filter_map(|(old, new)| Some(((*old)?, *new))).filter(|(old, new)| old != new) {
        let about = |s: &Statement| {
            format!(
                "data-place=\"{}\" data-category=\"{}\" data-period=\"{}\"",
                place_word(&s.place),
                category_word(&s.category),
                s.period.word()
            )
        };
        let mut from = 0;
        while let Some(at) = text[from..].find(&about(old)).map(|at| at + from) {
            let end = text[at..].find("</tr>").map_or(text.len(), |end| at + end);
            let row =
                row(&text[at..end], new).replacen(&about(old), &about(new), 1).replacen(&corner(old), &corner(new), 1);
            text.replace_range(at..end, &row);
            from = at + row.len();
        }
    }
    text
}

/// How the heading of a row ends that is the corner of a square; of another place, how every heading does.
fn corner(of: &Statement) -> String {
    match of.place {
        Place::Square { x_m, y_m, .. } => format!(">{x_m}, {y_m}</th>"),
        _ => "</th>".to_string(),
    }
}

/// A row with the number that is now shown.
fn row(row: &str, new: &Statement) -> String {
    let (count, shown) = shown_word(new.shown);
    let cells = row.split("<td").enumerate().map(|(n, cell)| {
        let Some((tag, rest)) = cell.split_once('>').filter(|(tag, _)| n > 0 && tag.contains(" data-shown=\"")) else {
            return cell.to_string();
        };
        let words: Vec<&str> = tag.split(" data-count=\"").flat_map(|part| part.split(" data-shown=\"")).collect();
        let label = words[0];
        let count_word = count.map_or_else(String::new, |count| format!(" data-count=\"{count}\""));
        let text = count.map_or_else(|| shown.to_string(), |count| count.to_string());
        let tail = rest.find("</td>").map_or("", |at| &rest[at..]);
        format!("{label}{count_word} data-shown=\"{shown}\">{text}{tail}")
    });
    cells.collect::<Vec<_>>().join("<td")
}

/// The density that follows from the squares as they are now, in its file and wherever its parameters are named.
fn surface(files: &mut BTreeMap<String, Vec<u8>>, before: &[Statement], after: &[Statement], plane: Option<&Plane>) {
    const PATH: &str = "data/density.geojson";
    let squares = |of: &[Statement]| {
        let squares = of.iter().filter(|s| matches!(s.place, Place::Square { .. }));
        density(&squares.cloned().collect::<Vec<_>>())
    };
    let Some(old) = files.get(PATH).map(|bytes| String::from_utf8_lossy(bytes).into_owned()) else { return };
    let (was, is) = (squares(before), squares(after));
    if was == is {
        return;
    }
    match &is {
        None => drop(files.remove(PATH)),
        Some(is) => {
            let head = old.split_once("\"features\": [").map_or("{\n", |(head, _)| head);
            let lines = density_features(is, plane);
            let lines = if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join(",\n")) };
            files.insert(PATH.to_string(), format!("{head}\"features\": [{lines}]\n}}\n").into_bytes());
        }
    }
    let word = |density: &Option<crate::release::statistics::Density>| {
        json!(density.as_ref().map(method::density)).to_string()
    };
    if let Some(was) = was.map(|was| word(&Some(was))) {
        for bytes in files.values_mut() {
            if let Ok(text) = std::str::from_utf8(bytes)
                && text.contains(&was)
            {
                *bytes = text.replace(&was, &word(&is)).into_bytes();
            }
        }
    }
}
