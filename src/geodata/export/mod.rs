//! Records to CSV, workbooks, GeoJSON and GeoPackages, a record at a time.
//!
//! Observations, activities and places come back as equal records, given the same register and `--keep`
//! for the kept columns. Times are UTC; local date, hour and weekday stand beside them for spreadsheets
//! and are not read back. One table (`columns`) says what a record's columns are in every form, and `cells` what stands in them.

mod attribute_cells;
mod cells;
mod columns;
mod csv_file;
mod geojson_file;
mod geopackage;
mod protocol;
mod workbook;

use jiff::tz::TimeZone;

use crate::domain::{Collection, Term};

pub use csv_file::{CsvExport, CsvStyle};
pub use geojson_file::GeoJsonExport;
pub use geopackage::GeoPackageExport;
pub use protocol::ProtocolSheet;
pub use workbook::WorkbookExport;

/// What an export needs to know beside the records.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Collection of the records.
    pub of: Collection,
    /// Zone of the local date, hour and weekday.
    pub zone: TimeZone,
    /// Names of kept columns, each of which becomes a column; records need not have them all.
    pub kept: Vec<String>,
    /// Categories or kinds, whose Swedish names stand beside the codes in a workbook.
    pub terms: Vec<Term>,
    /// `synthetic` for generated data, told in every row; absent for real data.
    pub data_class: Option<String>,
}
