//! What is where: areas, records as columns, the index in space and time, snapshots.
//!
//! No I/O. A [`Snapshot`] never changes; the store publishes a new one for every revision.

mod area_set;
mod base;
mod columns;
mod membership;
mod query;
mod raster;
mod snapshot;
mod table;

pub use area_set::{AreaIndex, AreaSet, Membership, Memberships};
pub(crate) use base::hilbert;
pub use base::{BLOCK_ROWS, Base};
pub use columns::{Columns, Row, reporter_number};
pub use membership::{OutlineIndex, Side};
pub use query::Query;
pub use raster::{Extent, InvalidRaster, Raster};
pub use snapshot::{Changes, DataClass, FileFacts, Frame, Snapshot};
pub use table::Table;
