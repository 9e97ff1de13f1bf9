//! Imports over HTTP: what pages and programs share, and the part for programs.
//!
//! A file is read whole and checked against the data before anything is written; then all rows that can be taken
//! become one revision, which can be undone.

mod api;
mod choices;
mod work;

pub use choices::{Choices, ColumnChoice, PlaceChoice, TARGETS};
pub use work::{Checked, Hindrance, Outcome, SHOWN_REFUSED, Unreadable};
pub(in crate::http) use work::{Sent, check, import, inspect, of_import};

pub(in crate::http) use api::routes;
