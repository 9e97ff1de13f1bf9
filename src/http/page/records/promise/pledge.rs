//! What was pledged, as the fields of a row: so many of a kind, more of a kind, or more who feel safe.

use serde_json::{Value, json};

use super::rows::Change;

/// The fields of a pledge, without the row.
pub(super) const FIELDS: [&str; 6] = ["what", "kind", "n", "per", "roles", "place"];

/// Whether rows have fields for this pledge. Others stay as they are and are changed as JSON.
pub(super) fn is_plain(pledge: &Value) -> bool {
    pledge.is_null() || matches!(pledge["type"].as_str(), Some("activities" | "raise"))
}

/// Names and texts of the fields that show a pledge.
pub(super) fn shown(pledge: &Value) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let place = match (&pledge["place"]["area"], &pledge["place"]) {
        (Value::String(area), _) => format!("area:{area}"),
        (_, place) => text(place),
    };
    let mut fields = match pledge["type"].as_str() {
        Some("activities") => vec![
            ("what", "count".to_string()),
            ("kind", text(&pledge["kind"])),
            ("n", pledge["target"]["at_least"].to_string()),
            ("per", text(&pledge["target"]["per"])),
        ],
        Some("raise") if pledge["measure"]["activity"].is_object() => {
            vec![("what", "more".to_string()), ("kind", text(&pledge["measure"]["activity"]["kind"]))]
        }
        Some("raise") => vec![("what", "safety".to_string())],
        _ => return Vec::new(),
    };
    fields.push(("place", place));
    fields.push(("roles", roles(pledge).join("\n")));
    fields
}

/// Every role that stands in the rules of a pledge, once.
pub(super) fn roles(pledge: &Value) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for role in rules(pledge).iter().flat_map(|rule| rule["any_of"].as_array().into_iter().flatten()) {
        if let Some(role) = role.as_str().filter(|role| !roles.iter().any(|r| r == role)) {
            roles.push(role.to_string());
        }
    }
    roles
}

fn rules(pledge: &Value) -> Vec<Value> {
    let of_kind = if pledge["type"] == "raise" { &pledge["measure"]["activity"]["actors"] } else { &pledge["actors"] };
    of_kind.as_array().cloned().unwrap_or_default()
}

/// Puts the pledge of a row into its commitment, when a field says something else than before.
pub(super) fn fill(change: &mut Change<'_>, prefix: &str, item: &mut Value) {
    let stored = item["pledge"].clone();
    let name = |field: &str| format!("{prefix}-{field}");
    if !is_plain(&stored) || (!stored.is_null() && !change.is_changed(&FIELDS.map(name))) {
        return;
    }
    let place = match change.get(&name("place")) {
        "" => {
            change.report(&name("place"), "is missing", "an area, the municipality or no place");
            return;
        }
        text => text.strip_prefix("area:").map_or(json!(text), |area| json!({"area": area})),
    };
    let selected: Vec<String> = change.get(&name("roles")).lines().map(str::to_string).collect();
    // Rules that say more than a role (one of several, who leads) stay while all their roles are chosen.
    let is_kept = |rule: &Value| {
        let any_of = rule["any_of"].as_array().cloned().unwrap_or_default();
        any_of.iter().all(|role| role.as_str().is_some_and(|role| selected.iter().any(|s| s == role)))
    };
    let mut actors: Vec<Value> = rules(&stored).into_iter().filter(is_kept).collect();
    let covered = |actors: &[Value], role: &str| {
        actors.iter().any(|rule| rule["any_of"].as_array().is_some_and(|any_of| any_of.iter().any(|r| r == role)))
    };
    for role in &selected {
        if !covered(&actors, role) {
            actors.push(json!({"any_of": [role], "leads": false}));
        }
    }
    let kind = change.get(&name("kind")).to_string();
    let what = change.get(&name("what")).to_string();
    if what.is_empty() {
        change.report(&name("what"), "is missing", "a number, more of a kind, or more who feel safe");
    } else if kind.is_empty() && what != "safety" {
        change.report(&name("kind"), "is missing", "a kind of the table");
    }
    let baseline = if stored["type"] == "raise" { stored["baseline"].clone() } else { Value::Null };
    item["pledge"] = match what.as_str() {
        "more" => json!({"type": "raise", "measure": {"activity": {"kind": kind, "actors": actors}}, "place": place,
            "baseline": baseline}),
        "safety" => {
            let asked = stored["measure"]["perceived_safety"]["respondents"].as_str().unwrap_or("all");
            json!({"type": "raise", "measure": {"perceived_safety": {"respondents": asked}}, "place": place,
                "baseline": baseline})
        }
        _ => {
            let n = change.get(&name("n")).parse::<u32>().ok().filter(|n| *n > 0);
            if n.is_none() && what == "count" {
                let reason = if change.get(&name("n")).is_empty() { "is missing" } else { "is not such a number" };
                change.report(&name("n"), reason, "a whole number from 1 on");
            }
            let per = Some(change.get(&name("per"))).filter(|per| !per.is_empty()).unwrap_or("calendar_year");
            let same_kind = stored["kind"] == kind.as_str();
            let count_by = stored["count_by"].as_str().filter(|_| same_kind);
            // Several patrols of one decision are one operation.
            let count_by = count_by.unwrap_or(if kind == "targeted_operation" { "operation" } else { "activity" });
            json!({"type": "activities", "kind": kind, "count_by": count_by,
                "target": {"at_least": n.unwrap_or(1), "per": per}, "actors": actors, "place": place})
        }
    };
}
