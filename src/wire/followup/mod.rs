//! The follow-up in words and in JSON, in both languages.

pub mod agenda;
pub mod commitment_paper;
pub mod feeds;
pub mod ledger;
pub mod ledger_paper;
pub mod overdue;
pub mod picture;
mod picture_areas;
pub mod picture_paper;
mod picture_places;
mod picture_surveys;
pub mod protocol;
pub mod say;
pub mod week;
pub mod words;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::provenance::SOFTWARE;
use crate::followup::Book;

/// Where an answer of the follow-up comes from. `parameters` are all that were used.
pub fn provenance(book: &Book, method: &str, parameters: &Value) -> Value {
    let request = json!({"method": method, "parameters": parameters, "revision": book.revision});
    let hash = Sha256::digest(request.to_string().as_bytes());
    let sha256: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "method": method, "parameters": parameters, "time_zone": book.facts.time_zone, "revision": book.revision,
        "data_class": book.facts.data_class.code(), "request_sha256": sha256, "software": SOFTWARE,
    })
}
