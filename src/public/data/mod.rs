//! Data of a release for programs: CSV, JSON and GeoJSON. Zero, hidden and not divided are three words in all of them.

mod areas;
mod commitments;
pub(super) mod deeds;
mod density;
mod grid;
mod statistics;
#[cfg(test)]
mod tests;

pub(super) use density::features as density_features;
#[cfg(test)]
pub(super) use density::geojson as density_geojson;
pub(super) use grid::ring as square_ring;
pub(super) use statistics::HEAD;

use serde::Serialize;
use serde_json::Value;

use super::files::Files;
use crate::release::Release;
use crate::spreadsheet::armed;

/// Adds the data files.
pub(super) fn put(files: &mut Files, release: &Release) {
    files.put("data/areas.geojson", areas::geojson(release));
    files.put("data/commitments.json", commitments::json(release));
    files.put("data/commitments.csv", commitments::csv(release));
    files.put("data/deeds.csv", deeds::csv(release));
    let Some(statistics) = &release.statistics else { return };
    files.put("data/statistics.json", statistics::json(release, statistics));
    files.put("data/statistics.csv", statistics::csv(release, statistics));
    for cell_m in &statistics.levels_m {
        files.put(format!("data/grid-{cell_m}m.geojson"), grid::geojson(release, statistics, *cell_m));
    }
    if let Some(density) = &statistics.density {
        files.put("data/density.geojson", density::geojson(release, density));
    }
}

/// A table as RFC 4180 with line feeds; cells that a spreadsheet would run are disarmed.
pub(super) fn csv_bytes(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>, delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let mut put = |cells: &[&str]| {
        let cells = cells.iter().map(|cell| armed(cell).into_owned().into_bytes());
        writer.write_record(cells).expect("a vector takes all, and rows are as long as the head");
    };
    put(head);
    for row in rows {
        put(&row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    writer.into_inner().expect("a vector takes all")
}

/// A JSON object with its members in this order; a list has one item per line.
fn object(members: &[(&str, Value)], lists: &[(&str, Vec<String>)]) -> Vec<u8> {
    let mut lines: Vec<String> =
        members.iter().map(|(name, value)| format!("{}: {value}", Value::from(*name))).collect();
    for (name, items) in lists {
        let items = if items.is_empty() { String::new() } else { format!("\n{}\n", items.join(",\n")) };
        lines.push(format!("{}: [{items}]", Value::from(*name)));
    }
    format!("{{\n{}\n}}\n", lines.join(",\n")).into_bytes()
}

/// One item of a list.
fn item(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("values of ours have string keys")
}

/// Degrees with seven decimals, a centimetre: what the plane is good for, and no more bytes.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}
