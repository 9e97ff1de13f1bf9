//! Fields of a form to a Feature, and a Feature to the texts of fields.
//!
//! A field that was not touched gives back the stored value as it was: a form shows minutes, a record has seconds.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::domain::Collection;
use crate::http::params::Pairs;
use crate::wire::records::{Kind, Member, members};

/// Texts of the fields of a form, by name.
pub(in crate::http::page) type Fields = BTreeMap<String, String>;

/// The members that have a field.
pub(super) fn fielded(collection: Collection) -> impl Iterator<Item = &'static Member> {
    members(collection).iter().filter(|member| !member.read_only && !matches!(member.kind, Kind::Kept | Kind::Key(_)))
}

/// How a form gives the geometry of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GeometryField {
    /// Records without geometry.
    None,
    /// Longitude and latitude.
    Point,
    /// GeoJSON in a field of its own.
    Text,
}

impl GeometryField {
    pub(super) fn of(collection: Collection, stored: Option<&Value>) -> Self {
        let is_shape =
            stored.is_some_and(|feature| !matches!(feature["geometry"]["type"].as_str(), None | Some("Point")));
        match collection {
            Collection::Areas => Self::Text,
            _ if is_shape => Self::Text,
            _ if collection.has_geometry() => Self::Point,
            _ => Self::None,
        }
    }
}

/// The names of all fields of a form.
pub(super) fn names(collection: Collection) -> impl Iterator<Item = &'static str> {
    let of_members = fielded(collection).map(|member| member.name);
    of_members.chain(["start_time", "end_time", "lon", "lat", "geometry", "key", "tag", "csrf"])
}

/// The texts of a Feature, as a form shows them. Free text is not shown.
pub(super) fn of_feature(collection: Collection, feature: &Value) -> Fields {
    let mut fields = Fields::new();
    for member in fielded(collection).filter(|member| !member.free) {
        if let Some(text) = shown(member, &feature["properties"]) {
            fields.insert(member.name.to_string(), text);
        }
    }
    match GeometryField::of(collection, Some(feature)) {
        GeometryField::Text => {
            fields.insert("geometry".to_string(), feature["geometry"].to_string());
        }
        GeometryField::Point => {
            for (name, index) in [("lon", 0), ("lat", 1)] {
                if let Some(degrees) = feature["geometry"]["coordinates"][index].as_f64() {
                    fields.insert(name.to_string(), degrees.to_string());
                }
            }
        }
        GeometryField::None => {}
    }
    fields
}

/// The text of a member; `None` when there is nothing.
fn shown(member: &Member, properties: &Value) -> Option<String> {
    let value = match member.kind {
        // To the minute, on the local clock; a whole day as its date alone.
        Kind::Time => {
            let local = properties[format!("{}_local", member.name)].as_str()?;
            return match (properties["time_certainty"].as_str(), member.name) {
                (Some("whole_day"), "end") => None,
                (Some("whole_day"), _) => Some(local.get(..10)?.to_string()),
                _ => Some(local.get(..16)?.to_string()),
            };
        }
        _ => &properties[member.name],
    };
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(list) if member.kind == Kind::Actors => {
            let actor = |actor: &Value| match actor["organisation"].as_str() {
                Some(organisation) => format!("{}: {organisation}", actor["role"].as_str().unwrap_or_default()),
                None => actor["role"].as_str().unwrap_or_default().to_string(),
            };
            Some(list.iter().map(actor).collect::<Vec<_>>().join("\n")).filter(|text| !text.is_empty())
        }
        Value::Array(list) => {
            let text = list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n");
            Some(text).filter(|text| !text.is_empty())
        }
        Value::Object(_) => serde_json::to_string_pretty(value).ok(),
        other => Some(other.to_string()),
    }
}

/// The fields that were sent. A time of day stands in a field beside its date; both become one text.
pub(super) fn of_pairs(collection: Collection, pairs: &Pairs) -> Fields {
    let known: Vec<&str> = names(collection).collect();
    let sent = pairs.iter().filter(|(name, value)| known.contains(name) && !value.trim().is_empty());
    let mut fields: Fields = sent.map(|(name, value)| (name.to_string(), value.to_string())).collect();
    for name in ["start", "end"] {
        if let Some(time) = fields.remove(&format!("{name}_time")) {
            let date = fields.remove(name).unwrap_or_default();
            fields.insert(name.to_string(), format!("{}T{}", date.trim(), time.trim()));
        }
    }
    fields
}

/// The members that say when: they stay together or change together.
const WHEN: [&str; 3] = ["start", "end", "time_certainty"];

/// The Feature that the fields mean. `stored` is what is changed, with its free text.
pub(super) fn to_feature(collection: Collection, fields: &Fields, stored: Option<&Value>) -> Value {
    let before = stored.map(|feature| of_feature(collection, feature)).unwrap_or_default();
    let is_as_before = |name: &str| stored.is_some() && fields.get(name) == before.get(name);
    let same = |name: &str| {
        if WHEN.contains(&name) { WHEN.into_iter().all(is_as_before) } else { is_as_before(name) }
    };
    let mut properties = Map::new();
    for member in fielded(collection) {
        let text = fields.get(member.name).map(String::as_str);
        let value = match (text, stored) {
            // A field for free text is empty to begin with: left so, the text stays.
            (None, Some(_)) if member.free => continue,
            (_, Some(stored)) if same(member.name) => stored["properties"][member.name].clone(),
            (None, _) => Value::Null,
            (Some(text), _) => parsed(member.kind, text),
        };
        properties.insert(member.name.to_string(), value);
    }
    let place_is_new = stored.is_some() && !same("place") && fields.contains_key("place");
    let geometry = match GeometryField::of(collection, stored) {
        GeometryField::None => Value::Null,
        // Another place and the position of the old one: the new place decides.
        GeometryField::Point if place_is_new && same("lon") && same("lat") => {
            for name in ["precision_m", "place_text"] {
                if same(name) || !fields.contains_key(name) {
                    properties.insert(name.to_string(), Value::Null);
                }
            }
            Value::Null
        }
        GeometryField::Point => match stored {
            Some(stored) if same("lon") && same("lat") => stored["geometry"].clone(),
            _ => point(fields.get("lon"), fields.get("lat")),
        },
        GeometryField::Text => match (fields.get("geometry"), stored) {
            (_, Some(stored)) if same("geometry") => stored["geometry"].clone(),
            (None, _) => Value::Null,
            (Some(text), _) => serde_json::from_str(text).unwrap_or_else(|_| text.clone().into()),
        },
    };
    let mut feature = json!({"type": "Feature", "geometry": geometry, "properties": properties});
    if let Some(id) = stored.and_then(|stored| stored.get("id")) {
        feature["id"] = id.clone();
    } else if let Some(id) = feature.pointer("/properties/document/id").cloned() {
        feature["id"] = id;
    }
    feature
}

fn point(lon: Option<&String>, lat: Option<&String>) -> Value {
    let degrees = |text: Option<&String>| text.map_or(Value::Null, |text| number(text));
    match (lon, lat) {
        (None, None) => Value::Null,
        // What is no number stays as it was written, and is told as such.
        (lon, lat) => json!({"type": "Point", "coordinates": [degrees(lon), degrees(lat)]}),
    }
}

/// A number as people write it; a text when it is none.
fn number(text: &str) -> Value {
    let plain: String = text.trim().chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace(',', ".").replace('\u{2212}', "-");
    match (plain.parse::<i64>(), plain.parse::<f64>()) {
        (Ok(whole), _) => whole.into(),
        (_, Ok(real)) if real.is_finite() => real.into(),
        _ => text.into(),
    }
}

fn parsed(kind: Kind, text: &str) -> Value {
    let entries = || text.split(['\n', ';']).map(str::trim).filter(|entry| !entry.is_empty());
    match kind {
        Kind::Whole(..) | Kind::Number(..) => number(text),
        Kind::Actors => entries()
            .map(|entry| match entry.split_once(':') {
                Some((role, organisation)) => json!({"role": role.trim(), "organisation": organisation.trim()}),
                None => json!({"role": entry}),
            })
            .collect(),
        Kind::Names => entries().map(Value::from).collect(),
        Kind::Flag => match text.trim() {
            "true" => true.into(),
            "false" => false.into(),
            other => other.into(),
        },
        Kind::Document => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        // Browsers send line feeds of a text with carriage returns.
        Kind::Text | Kind::Brief(_) => text.trim().replace("\r\n", "\n").into(),
        _ => text.trim().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect()
    }

    #[test]
    fn what_was_not_touched_stays_to_the_last_second() {
        let stored = json!({"type": "Feature", "id": "o1", "geometry": {"type": "Point", "coordinates": [14.601, 57.701]},
            "properties": {"category": "lighting", "start": "2025-03-01T20:30:15Z", "start_local": "2025-03-01T21:30:15+01:00",
                "end": null, "end_local": null, "text": "kvar", "severity": null, "place": "rc", "precision_m": 80}});
        let mut shown = of_feature(Collection::Observations, &stored);
        assert_eq!(shown["start"], "2025-03-01T21:30");
        assert!(!shown.contains_key("text"));
        shown.insert("severity".to_string(), "4".to_string());
        let changed = to_feature(Collection::Observations, &shown, Some(&stored));
        assert_eq!(changed["properties"]["start"], "2025-03-01T20:30:15Z");
        assert_eq!((&changed["properties"]["severity"], changed["properties"].get("text")), (&json!(4), None));
        assert_eq!((&changed["id"], &changed["geometry"]), (&stored["id"], &stored["geometry"]));
        shown.insert("place".to_string(), "Runneryd".to_string());
        let moved = to_feature(Collection::Observations, &shown, Some(&stored));
        assert_eq!((&moved["geometry"], &moved["properties"]["precision_m"]), (&Value::Null, &Value::Null));
    }

    #[test]
    fn a_whole_day_shows_its_date_alone_and_moves_as_a_whole() {
        let stored = json!({"type": "Feature", "id": "o1", "geometry": null, "properties": {"category": "other",
            "start": "2025-02-28T23:00:00Z", "start_local": "2025-03-01T00:00:00+01:00", "end": "2025-03-01T23:00:00Z",
            "end_local": "2025-03-02T00:00:00+01:00", "time_certainty": "whole_day"}});
        let mut shown = of_feature(Collection::Observations, &stored);
        assert_eq!((shown.get("start").map(String::as_str), shown.get("end")), (Some("2025-03-01"), None));
        let same = to_feature(Collection::Observations, &shown, Some(&stored));
        assert_eq!(same["properties"]["end"], "2025-03-01T23:00:00Z");
        shown.insert("start".to_string(), "2025-03-05".to_string());
        let moved = to_feature(Collection::Observations, &shown, Some(&stored));
        assert_eq!((&moved["properties"]["start"], &moved["properties"]["end"]), (&json!("2025-03-05"), &Value::Null));
    }

    #[test]
    fn a_time_of_day_joins_its_date() {
        let pairs = |list: &[(&str, &str)]| {
            let owned = list.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string()));
            of_pairs(Collection::Observations, &Pairs::from(owned.collect::<Vec<_>>()))
        };
        assert_eq!(pairs(&[("start", "2025-03-01"), ("start_time", "21:30")])["start"], "2025-03-01T21:30");
        assert_eq!(pairs(&[("start", "2025-03-01"), ("start_time", "")])["start"], "2025-03-01");
        assert_eq!(pairs(&[("start_time", "21:30")])["start"], "T21:30");
    }

    #[test]
    fn numbers_actors_and_names_are_read_as_people_write_them() {
        let read = to_feature(
            Collection::Activities,
            &fields(&[("lon", "14,69"), ("lat", "57.65"), ("minutes", "1 200"), ("actors", "police: LPO\r\nKommunen")]),
            None,
        );
        assert_eq!(read["geometry"]["coordinates"], json!([14.69, 57.65]));
        assert_eq!(read["properties"]["minutes"], 1200);
        assert_eq!(
            read["properties"]["actors"],
            json!([{"role": "police", "organisation": "LPO"}, {"role": "Kommunen"}])
        );
        let place = to_feature(Collection::Places, &fields(&[("aliases", "a\nb; c")]), None);
        assert_eq!(place["properties"]["aliases"], json!(["a", "b", "c"]));
    }
}
