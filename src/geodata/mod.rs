//! Reads files into domain values, with every problem found and where it is.

mod problem;
mod promise_form;
mod promises;

pub use problem::{Problem, Spot};
pub use promises::{PromisesRead, read_promises, unknown_references, write_promises};
