//! Reads files into domain values, with every problem found and where it is.

mod geojson_stream;
mod outline;
mod problem;
mod promise_form;
mod promises;

pub use geojson_stream::{DeclaredCrs, FeatureStream, MAX_FEATURE_BYTES};
pub use outline::GivenCrs;
pub use problem::{Problem, Spot};
pub use promises::{PromisesRead, read_promises, unknown_references, write_promises};
