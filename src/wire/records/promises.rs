//! Promises with their documents.

use serde_json::{Value, json};

use super::reading::Reading;
use super::writing::{Parts, period, properties};
use crate::domain::{Record, StoredPromise};
use crate::geodata::{read_promises, unknown_references, write_promises};

/// How problems name the document they are in.
const FIRST: &str = "documents[0]";

pub(super) fn write(promise: &StoredPromise) -> Parts {
    // The data file keeps a file of one document.
    let file: Value = serde_json::from_str(&promise.json).unwrap_or(Value::Null);
    let document = file.pointer("/documents/0").cloned().unwrap_or(file);
    let mut members = properties([
        ("text_sv", promise.text_sv.clone().into()),
        ("text_en", promise.text_en.clone().into()),
        ("document", document),
    ]);
    members.extend(period(&promise.period).map(|(name, value)| (name.to_string(), value)));
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let Some(value) = reading.value("document") else {
        reading.report("document", "is missing", "a promise document; docs/promises.md describes it");
        return None;
    };
    let read = read_promises("document", &json!({"documents": [value]}).to_string());
    let context = reading.context;
    let unknown = unknown_references("document", &read.documents, context.areas, context.vocabulary);
    for problem in read.problems.iter().chain(&unknown) {
        let at = problem.column.as_deref().unwrap_or_default();
        let pointer = format!("/properties/document{}", pointer_of(at));
        let accepted = if problem.hint.is_empty() { "see docs/promises.md" } else { &problem.hint };
        let value = problem.value.clone().map(Value::String);
        reading.report_at(&pointer, value.as_ref(), &problem.reason, accepted.to_string());
    }
    let document = read.documents.into_iter().next()?;
    let (id, head) = (id?, document.head());
    if head.id != id {
        let reason = format!("is the id of the document, but the Feature is '{id}'");
        let value = Value::from(head.id.as_str());
        reading.report_at("/properties/document/id", Some(&value), &reason, "the same id twice".to_string());
        return None;
    }
    Some(Record::Promise(StoredPromise {
        id,
        text_sv: head.names.sv.clone(),
        text_en: head.names.en.clone(),
        period: head.period.clone(),
        json: write_promises(std::slice::from_ref(&document)),
    }))
}

/// `documents[0].commitments[4].pledge` as `/commitments/4/pledge`. What names no member of the document is dropped.
fn pointer_of(at: &str) -> String {
    let Some(rest) = at.strip_prefix(FIRST) else { return String::new() };
    rest.replace(['.', '['], "/").replace(']', "")
}

#[cfg(test)]
mod tests {
    #[test]
    fn places_in_a_document_become_pointers() {
        assert_eq!(super::pointer_of("documents[0].commitments[4].pledge"), "/commitments/4/pledge");
        assert_eq!(super::pointer_of("documents[0]"), "");
        assert_eq!(super::pointer_of("nassjo/resecentrum"), "");
    }
}
