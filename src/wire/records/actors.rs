//! Roles with organisations.

use serde_json::{Value, json};

use super::reading::Reading;
use crate::domain::Participant;

pub(super) fn write(list: &[Participant]) -> Value {
    list.iter().map(|p| json!({"role": p.role, "organisation": p.organisation})).collect()
}

/// The member `actors`; a list without entries when it is absent.
pub(super) fn read(reading: &mut Reading<'_>) -> Vec<Participant> {
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
