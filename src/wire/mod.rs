//! The outside forms of requests and answers, the same on the command line and over HTTP.
//!
//! Words in: [`Words`] reads name-value pairs, the same names as flags, in URLs and in forms.
//! Values out: JSON, GeoJSON, CSV and tables, each with provenance. Wire types stay in here.

pub mod areas;
mod filter;
pub mod layers;
mod provenance;
pub mod records;
mod words;

pub use filter::{Asked, FILTER_WORDS, read_filter};
pub use provenance::{Provenance, SOFTWARE};
pub use words::{BadWord, Word, Words};
