//! What spreadsheets need, wherever rows are written for them: cells that do not run, and workbooks.

mod formula;
mod workbook;

pub use formula::{armed, disarmed};
pub use workbook::{Cell, MAX_ROWS, MAX_TEXT, Sheet, Workbook, WorkbookError};
