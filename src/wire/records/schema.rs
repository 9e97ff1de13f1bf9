//! JSON Schema of records: draft 2020-12, in words that OpenAPI 3.0 understands as well.
//!
//! OpenAPI 3.0 knows no list of types and no `const`; draft 2020-12 knows no `nullable`. So what may be null is
//! `anyOf` the type and the one value null, which both read alike.

use serde_json::{Map, Value, json};

use super::{Kind, Member, members};
use crate::domain::Collection;

const ID: &str = "^[A-Za-z0-9._-]{1,128}$";

/// The schema of a Feature of the collection, as it is written and as it is taken.
pub fn schema(collection: Collection) -> Value {
    let table = members(collection);
    let mut properties: Map<String, Value> =
        table.iter().map(|member| (member.name.to_string(), of_member(member))).collect();
    properties.insert("id".into(), json!({"type": "string", "pattern": ID, "description": "the id once more"}));
    let required: Vec<&str> = table.iter().filter(|member| member.required).map(|member| member.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": collection.code(),
        "type": "object",
        "required": ["type", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string", "pattern": ID, "description": "unique in the collection"},
            "geometry": geometry_schema(collection),
            "properties": {
                "type": "object", "required": required, "properties": properties, "additionalProperties": false,
            },
            "links": {"type": "array", "readOnly": true, "items": {"type": "object"}},
        },
    })
}

/// The schema of the geometry of a collection.
pub fn geometry_schema(collection: Collection) -> Value {
    let types: &[&str] = match collection {
        Collection::Areas => &["Polygon", "MultiPolygon"],
        Collection::Places | Collection::Observations => &["Point"],
        Collection::Activities => &["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"],
        _ => return json!({"enum": [null], "description": "these records have no geometry"}),
    };
    let geometry = json!({
        "type": "object", "required": ["type", "coordinates"],
        "properties": {"type": {"type": "string", "enum": types}, "coordinates": {"type": "array", "items": {}}},
    });
    if collection == Collection::Areas { geometry } else { or_null(geometry) }
}

fn or_null(schema: Value) -> Value {
    json!({"anyOf": [schema, {"enum": [null]}]})
}

fn of_member(member: &Member) -> Value {
    let mut schema = of_kind(member.kind);
    if !(member.required || member.read_only && matches!(member.name, "revision" | "has_free_text" | "start_local")) {
        schema = or_null(schema);
    }
    if let Value::Object(words) = &mut schema {
        words.insert("title".into(), member.en.into());
        words.insert("description".into(), member.meaning.into());
        if member.read_only {
            words.insert("readOnly".into(), true.into());
        }
    }
    schema
}

fn of_kind(kind: Kind) -> Value {
    let text = |length: usize| json!({"type": "string", "maxLength": length});
    match kind {
        Kind::Line | Kind::Category | Kind::ActivityKind | Kind::Place | Kind::Area => text(1_000),
        Kind::Text => text(20_000),
        Kind::Brief(most) | Kind::Key(most) => text(most),
        Kind::Word(choices) => {
            json!({"type": "string", "enum": choices.iter().map(|choice| choice.code).collect::<Vec<_>>()})
        }
        Kind::Reference => json!({"type": "string", "pattern": ID}),
        // No format: a local time and a date are taken too.
        Kind::Time => text(40),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Week => json!({"type": "string", "pattern": "^[0-9]{4}-W[0-9]{2}$"}),
        Kind::Whole(low, u32::MAX) => json!({"type": "integer", "minimum": low}),
        Kind::Whole(low, high) => json!({"type": "integer", "minimum": low, "maximum": high}),
        Kind::Number(low, high) if high.is_infinite() => json!({"type": "number", "minimum": low}),
        Kind::Number(low, high) => json!({"type": "number", "minimum": low, "maximum": high}),
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Actors => list(json!({
            "type": "object", "required": ["role"], "additionalProperties": false,
            "properties": {"role": text(1_000), "organisation": or_null(text(1_000))},
        })),
        Kind::Kept => list(json!({
            "type": "object", "required": ["name", "value"], "additionalProperties": false,
            "properties": {"name": text(1_000), "value": text(20_000)},
        })),
        Kind::Names => list(text(1_000)),
        Kind::Document => json!({"type": "object"}),
    }
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}
