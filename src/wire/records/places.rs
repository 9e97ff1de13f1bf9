//! Entries of the place register.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, id, properties};
use super::{geometry, located};
use crate::domain::{Place, Record, Shape};

pub(super) fn write(place: &Place) -> Parts {
    let members = properties([
        ("name", place.name.clone().into()),
        ("aliases", place.aliases.clone().into()),
        ("precision_m", place.precision_m.map_or(Value::Null, located::number)),
        ("area", id(place.area.as_ref())),
        ("source", place.source.clone().into()),
    ]);
    (place.at.map_or(Value::Null, geometry::of_point), members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let name = reading.text("name");
    let aliases = aliases(reading);
    let precision_m = reading.number("precision_m");
    let area = reading.area();
    let source = reading.text_or_empty("source");
    let at = geometry::shape(reading, true).and_then(|shape| match shape {
        Shape::Point(at) => Some(at),
        Shape::Line(_) | Shape::Polygon(_) => None,
    });
    Some(Record::Place(Place { id: id?, name: name?, aliases, at, precision_m, area, source }))
}

fn aliases(reading: &mut Reading<'_>) -> Vec<String> {
    let Some(value) = reading.value("aliases") else { return Vec::new() };
    let Some(list) = value.as_array() else {
        reading.report("aliases", "is not a list", "a list of texts without ';'");
        return Vec::new();
    };
    let mut aliases = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let pointer = format!("/properties/aliases/{index}");
        // The data file keeps the list as one text with ';' between.
        match item.as_str().map(str::trim).filter(|text| !text.is_empty() && !text.contains(';')) {
            Some(text) => aliases.extend(reading.checked(&pointer, item, text, 1_000)),
            None => reading.report_at(&pointer, Some(item), "is not a name", "a text without ';'".to_string()),
        }
    }
    aliases
}
