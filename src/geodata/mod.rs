//! Reads files into domain values, with every problem found and where it is.

mod problem;

pub use problem::{Problem, Spot};
