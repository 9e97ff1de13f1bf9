//! Activities.

use serde_json::{Value, json};

use super::reading::Reading;
use super::writing::Parts;
use super::{Shown, geometry, located};
use crate::domain::{Activity, Participant, Record};

pub(super) fn write(record: &Activity, shown: &Shown) -> Parts {
    let texts = [("text", &record.text), ("result", &record.result)];
    let mut members = located::write(record.when, &record.location, &record.kept, &texts, shown);
    let actor = |p: &Participant| json!({"role": p.role, "organisation": p.organisation});
    members.insert("kind".into(), record.kind.clone().into());
    members.insert("actors".into(), record.actors.iter().map(actor).collect());
    members.insert("mode".into(), record.mode.clone().into());
    members.insert("minutes".into(), record.minutes.map_or(Value::Null, located::number));
    members.insert("operation_id".into(), record.operation_id.clone().into());
    (geometry::of_shape(record.location.shape.as_ref()), members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let kind = reading.term("kind", &reading.context.vocabulary.kinds);
    let when = located::when(reading);
    let location = located::location(reading, false);
    let actors = actors(reading);
    let mode = reading.text("mode");
    let minutes = reading.number("minutes");
    let result = reading.text("result");
    let operation_id = reading.text("operation_id");
    let text = reading.text("text");
    let kept = located::kept(reading);
    Some(Record::Activity(Activity {
        intelligence_led: None,
        id: id?,
        kind: kind?,
        when: when?,
        location,
        actors,
        mode,
        minutes,
        result,
        operation_id,
        text,
        kept,
    }))
}

fn actors(reading: &mut Reading<'_>) -> Vec<Participant> {
    let Some(value) = reading.value("actors") else { return Vec::new() };
    let accepted = r#"a list such as [{"role": "police", "organisation": "Lokalpolisområde Höglandet"}]"#;
    let Some(list) = value.as_array() else {
        reading.report("actors", "is not a list", accepted);
        return Vec::new();
    };
    let mut actors = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let pointer = format!("/properties/actors/{index}");
        let is_actor =
            item.as_object().is_some_and(|actor| actor.keys().all(|name| name == "role" || name == "organisation"));
        if !is_actor {
            reading.report_at(&pointer, Some(item), "is not a role with an organisation", accepted.to_string());
            continue;
        }
        let role =
            reading.term_at(&format!("{pointer}/role"), &item["role"], "role", &reading.context.vocabulary.roles);
        let at = format!("{pointer}/organisation");
        let organisation = match &item["organisation"] {
            Value::Null => None,
            Value::String(text) if text.trim().is_empty() => None,
            // The data file keeps the list as one text with ';' between.
            value @ Value::String(text) if text.contains(';') => {
                reading.report_at(&at, Some(value), "has a ';'", "the name of an organisation without ';'".to_string());
                None
            }
            value @ Value::String(text) => reading.checked(&at, value, text.trim(), 1_000),
            value => {
                reading.report_at(&at, Some(value), "is not a text", "the name of an organisation".to_string());
                None
            }
        };
        if let Some(role) = role {
            if role.contains([';', ':']) {
                reading.report_at(
                    &pointer,
                    Some(item),
                    "has a role with ';' or ':'",
                    "a role of the table".to_string(),
                );
            }
            actors.push(Participant { role, organisation });
        }
    }
    actors
}
