//! What observations and activities share: when, where, kept columns, free text.

use serde_json::{Map, Value, json};

use super::reading::Reading;
use super::{Shown, geometry, writing};
use crate::domain::{Id, Location, Shape, TimeCertainty, When};
use crate::geodata::rules::{TimePart, read_time};
use crate::nearest::nearest;

/// Time and place as members. `texts` are the free texts besides `place_text` and `kept`.
pub(super) fn write(
    when: When,
    location: &Location,
    kept: &[(String, String)],
    texts: &[(&'static str, &Option<String>)],
    shown: &Shown,
) -> Map<String, Value> {
    let mut members: Map<String, Value> =
        writing::when(when, &shown.zone).into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    members.insert("place".into(), writing::id(location.place.as_ref()));
    members.insert("area".into(), writing::id(location.area.as_ref()));
    members.insert("precision_m".into(), location.precision_m.map_or(Value::Null, number));
    let place_is_free = location.place_text.as_ref().is_some_and(|text| !shown.is_place_name(text));
    let has_free_text = place_is_free || !kept.is_empty() || texts.iter().any(|(_, text)| text.is_some());
    members.insert("has_free_text".into(), has_free_text.into());
    if shown.free_text || !place_is_free {
        members.insert("place_text".into(), location.place_text.clone().into());
    }
    // What is withheld is absent; what is not there is null.
    for (name, text) in texts {
        if shown.free_text || text.is_none() {
            members.insert((*name).into(), (*text).clone().into());
        }
    }
    if shown.free_text || kept.is_empty() {
        let pair = |(name, value): &(String, String)| json!({"name": name, "value": value});
        let list = kept.iter().map(pair).collect::<Vec<_>>();
        members.insert("kept".into(), if list.is_empty() { Value::Null } else { list.into() });
    }
    members
}

/// 3 is written as 3, not as 3.0.
#[allow(clippy::cast_possible_truncation, reason = "only whole numbers below 2^53 are cast")]
pub(super) fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { (number as i64).into() } else { number.into() }
}

/// The time of a record.
pub(super) fn when(reading: &mut Reading<'_>) -> Option<When> {
    let certainty = reading.word("time_certainty", TimeCertainty::from_code);
    let (start, end) = (reading.text("start")?, reading.text("end"));
    let end = match (end, reading.value("end")) {
        (None, Some(_)) => return None, // told already
        (end, _) => end.unwrap_or_default(),
    };
    match read_time(&reading.context.zone, start.trim(), end.trim(), certainty) {
        Ok(when) => Some(when),
        Err((part, refused)) => {
            let name = if part == TimePart::Start { "start" } else { "end" };
            reading.report(name, &refused.reason, refused.accepted);
            None
        }
    }
}

/// The place of a record: its geometry; else the point (or the area) of the register entry it names.
pub(super) fn location(reading: &mut Reading<'_>, points_only: bool) -> Location {
    let shape = geometry::shape(reading, points_only);
    let has_geometry = !reading.geometry.is_null();
    let precision_m = reading.number("precision_m");
    let place_text = reading.text("place_text");
    let area = reading.area();
    let mut location = Location { shape, precision_m, place: None, area, place_text };
    let Some(text) = reading.value("place") else { return location };
    let text = text.as_str().map(str::trim).unwrap_or_default();
    let Some(entry) = reading.context.gazetteer.place(text) else {
        if reading.context.known.contains(text) {
            location.place = Id::new(text).ok();
        } else {
            refuse_place(reading, text);
        }
        return location;
    };
    location.place = Some(entry.id.clone());
    if location.place_text.is_none() && text != entry.id.as_str() {
        location.place_text = Some(text.to_string());
    }
    if !has_geometry {
        match entry.at {
            Some(at) => {
                location.shape = Some(Shape::Point(at));
                location.precision_m = location.precision_m.or(entry.precision_m);
            }
            None => location.area = location.area.or(entry.area.clone()),
        }
    }
    location
}

fn refuse_place(reading: &mut Reading<'_>, text: &str) {
    let names = reading.context.places.iter().flat_map(|p| [p.id.as_str(), p.name.as_str()]);
    let near = nearest(text, names).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
    let names: Vec<&str> = reading.context.places.iter().take(30).map(|p| p.name.as_str()).collect();
    let accepted = format!("null, a name of the register ({}), or place_text for words", names.join(", "));
    reading.report("place", &format!("is not in the place register{near}"), accepted);
}

/// Pairs an import kept.
pub(super) fn kept(reading: &mut Reading<'_>) -> Vec<(String, String)> {
    let Some(value) = reading.value("kept") else { return Vec::new() };
    let accepted = r#"a list such as [{"name": "Diarienummer", "value": "2025-17"}]"#;
    let Some(list) = value.as_array() else {
        reading.report("kept", "is not a list", accepted);
        return Vec::new();
    };
    let mut kept = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let pointer = format!("/properties/kept/{index}");
        let pair = item.as_object().filter(|pair| pair.len() == 2);
        let text = |name: &str| pair.and_then(|pair| pair.get(name)?.as_str());
        let (Some(name), Some(value)) = (text("name"), text("value")) else {
            reading.report_at(&pointer, Some(item), "is not a pair of name and value", accepted.to_string());
            continue;
        };
        let name = reading.checked(&format!("{pointer}/name"), &item["name"], name, 1_000);
        let value = reading.checked(&format!("{pointer}/value"), &item["value"], value, 20_000);
        kept.extend(name.zip(value));
    }
    kept
}
