//! The form of a promise in rows: parties, promises and what was promised, beside the document as JSON.

mod form;
mod pledge;
mod rows;
#[cfg(test)]
mod tests;

pub(super) use form::RowsForm;
pub(super) use rows::{Read, of_document, of_pairs, to_document};
