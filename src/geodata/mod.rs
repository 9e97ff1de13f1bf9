//! Reads files into domain values, with every problem found and where it is.

mod areas;
mod clock;
mod columns;
mod crs;
mod csv_rows;
mod datetime;
mod default_place;
mod geojson_rows;
mod geojson_stream;
mod geometry;
mod outline;
mod personal;
mod place_of_row;
mod problem;
mod promise_form;
mod promises;
mod read;
mod records;
mod register;
mod source_file;
mod terms;
mod values;
mod write_areas;

pub use areas::{AreaOptions, AreasRead, ID_PROPERTIES, NAME_PROPERTIES, read_areas};
pub use clock::Ambiguous;
pub use columns::{Field, Into};
pub use default_place::{DefaultPlace, default_place, read_places};
pub use geojson_stream::{DeclaredCrs, FeatureStream, MAX_FEATURE_BYTES};
pub use outline::GivenCrs;
pub use problem::{Problem, Spot};
pub use promises::{PromisesRead, read_promises, unknown_references, write_promises};
pub use read::{ReadOptions, ReadSummary, RecordReader, RowError};
pub use records::Record;
pub use register::Register;
pub use source_file::{Encoding, Format, SourceFile};
pub use write_areas::write_areas;
