//! The data file and the only mutable state: one writer, and snapshots that never change.
//!
//! [`DataFile`] writes, [`load_snapshot`] reads once, [`Store`] does both for a running service.

mod connection;
mod data_file;
mod error;
mod geometry;
mod identify;
mod import;
mod load;
mod lock;
mod new_file;
mod packed_rtree;
mod read;
mod revision;
mod rows;
mod rtree;
mod service;
mod styles;
mod time_text;

pub use data_file::{Change, DataFile};
pub use error::StoreError;
pub use import::{Import, ImportNote, Imported};
pub use load::load_snapshot;
pub use new_file::NewFile;
pub use read::Reader;
pub use service::Store;

/// Version of the tables in a data file; a file with a higher one is refused.
pub const SCHEMA_VERSION: i64 = 1;
