//! The outside forms of requests and answers, the same on the command line and over HTTP.
//!
//! Words in: [`Words`] reads name-value pairs, the same names as flags, in URLs and in forms.
//! Values out: JSON, GeoJSON, CSV and tables, each with provenance. Wire types stay in here.

mod about;
pub mod areas;
mod areas_sheet;
pub mod figures;
mod filter;
pub mod followup;
pub mod json_limits;
pub mod layers;
mod provenance;
pub mod records;
pub mod tidy;
mod words;

pub use filter::{Asked, FILTER_WORDS, read_filter};
pub use provenance::{Provenance, SOFTWARE};
pub use words::{BadWord, Word, Words};
