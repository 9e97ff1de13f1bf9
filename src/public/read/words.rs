//! Names of members that only internal records have: none of them may be a member or a column of a public file.

use serde_json::Value;

use super::{PublicFolder, ReadProblem};

/// Names of members and columns of records, plans, people and the data file itself.
pub(super) const INTERNAL: [&str; 27] = [
    "reporter_key",
    "reporter",
    "reported_by",
    "revision",
    "data_revision",
    "note",
    "notes",
    "description",
    "record_id",
    "observation",
    "observations",
    "observed_at",
    "start_s",
    "end_s",
    "lon",
    "lat",
    "precision_m",
    "email",
    "phone",
    "password",
    "key",
    "token",
    "actor",
    "created_by",
    "plan",
    "staffing",
    "booking",
];

/// Members and columns whose names say that something internal is in a file. Words of pages are prose and are not
/// looked at here: what is in them is compared number by number.
pub(super) fn find(folder: &PublicFolder) -> Vec<ReadProblem> {
    let mut found = Vec::new();
    for (path, bytes) in &folder.files {
        let mut names = Vec::new();
        if path.ends_with(".json") || path.ends_with(".geojson") {
            if let Ok(value) = serde_json::from_slice(bytes) {
                members(&value, &mut names);
            }
        } else if path.ends_with(".csv") {
            let head = String::from_utf8_lossy(bytes.split(|b| *b == b'\n').next().unwrap_or_default()).into_owned();
            names.extend(head.split([',', ';']).map(|name| name.trim().trim_matches('"').to_string()));
        }
        names.sort_unstable();
        names.dedup();
        for name in names.iter().filter(|name| INTERNAL.contains(&name.to_ascii_lowercase().as_str())) {
            let text = format!("'{name}' is a member of internal records, and of no public file");
            found.push(ReadProblem { path: path.clone(), at: None, text });
        }
    }
    found
}

fn members(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                names.push(name.clone());
                members(value, names);
            }
        }
        // Squares are many and alike, and coordinates have no names.
        Value::Array(items) => items.iter().filter(|item| !item.is_number()).for_each(|item| members(item, names)),
        _ => {}
    }
}
