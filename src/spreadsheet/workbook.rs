//! Workbooks (XLSX): sheets of typed cells under a heading row, and a sheet that says what they are.
//!
//! A text is written as text, so no cell runs; one that looks like a formula is marked with the quote
//! prefix as well, so that it stays text when somebody edits it. Rows are packed as they come.

use std::borrow::Cow;
use std::io::{Seek, Write};

use jiff::civil::Date;
use rust_xlsxwriter as xlsx;

use super::formula::is_formula;

/// Rows of a sheet below its heading.
pub const MAX_ROWS: u32 = 1_048_575;

/// Characters (UTF-16 units, as Excel counts them) of a cell.
pub const MAX_TEXT: usize = 32_767;

/// What cannot become a workbook.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// More rows than a sheet has.
    #[error(
        "a sheet of a workbook has room for {MAX_ROWS} rows and '{sheet}' has more; narrow the question, or use CSV"
    )]
    TooManyRows {
        /// Name of the sheet.
        sheet: String,
    },
    /// The library says no.
    #[error("the workbook cannot be written: {0}")]
    Xlsx(#[from] xlsx::XlsxError),
}

impl From<WorkbookError> for std::io::Error {
    fn from(error: WorkbookError) -> Self {
        Self::other(error)
    }
}

/// A value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// A finite number; others become empty cells.
    Number(f64),
    /// Text; what is longer than [`MAX_TEXT`] is cut and counted.
    Text(Cow<'a, str>),
    /// A day, shown as `2026-11-22`; days before 1900-03-01, which Excel does not know, as text.
    Day(Date),
}

impl<'a> Cell<'a> {
    /// A text, or nothing.
    pub fn text(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A number, or nothing.
    pub fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

/// A workbook under way.
#[derive(Default)]
pub struct Workbook {
    inner: xlsx::Workbook,
}

impl Workbook {
    /// One without sheets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a sheet that was filled; sheets stand in the order in which they are added.
    pub fn add(&mut self, sheet: Sheet) -> Result<(), WorkbookError> {
        let Sheet { mut inner, rows, columns, .. } = sheet;
        if columns > 0 {
            inner.autofilter(0, 0, rows, columns - 1)?;
        }
        self.inner.push_worksheet(inner);
        Ok(())
    }

    /// Adds the sheet `Om`: what the workbook is, line by line.
    pub fn add_about(&mut self, lines: &[(&str, String)]) -> Result<(), WorkbookError> {
        let mut sheet = xlsx::Worksheet::new();
        sheet.set_name("Om")?;
        sheet.set_column_width(0, 28)?.set_column_width(1, 90)?;
        let (bold, wrap) = (xlsx::Format::new().set_bold(), xlsx::Format::new().set_text_wrap());
        for (row, (name, text)) in (0..).zip(lines) {
            sheet.write_string_with_format(row, 0, *name, &bold)?;
            sheet.write_string_with_format(row, 1, cut(text).0, &wrap)?;
        }
        self.inner.push_worksheet(sheet);
        Ok(())
    }

    /// Writes the file.
    pub fn finish(mut self, out: impl Write + Seek + Send) -> Result<(), WorkbookError> {
        Ok(self.inner.save_to_writer(out)?)
    }

    /// The file as bytes.
    pub fn into_bytes(mut self) -> Result<Vec<u8>, WorkbookError> {
        Ok(self.inner.save_to_buffer()?)
    }
}

/// A sheet under way.
pub struct Sheet {
    inner: xlsx::Worksheet,
    name: String,
    rows: u32,
    columns: u16,
    cut: u64,
    day: xlsx::Format,
    quoted: xlsx::Format,
}

impl Sheet {
    /// An empty sheet with its heading: name and width in characters of every column.
    pub fn new(name: &str, headings: &[(&str, u8)]) -> Result<Self, WorkbookError> {
        let mut inner = xlsx::Worksheet::new();
        inner.set_name(name)?;
        inner.set_freeze_panes(1, 0)?;
        let bold = xlsx::Format::new().set_bold();
        for (column, (heading, width)) in (0..).zip(headings) {
            inner.write_string_with_format(0, column, cut(heading).0, &bold)?;
            inner.set_column_width(column, *width)?;
        }
        Ok(Self {
            inner,
            name: name.to_string(),
            rows: 0,
            columns: u16::try_from(headings.len()).unwrap_or(u16::MAX),
            cut: 0,
            day: xlsx::Format::new().set_num_format("yyyy-mm-dd"),
            quoted: xlsx::Format::new().set_quote_prefix(),
        })
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> Result<(), WorkbookError> {
        if self.rows >= MAX_ROWS {
            return Err(WorkbookError::TooManyRows { sheet: self.name.clone() });
        }
        self.rows += 1;
        let row = self.rows;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Number(number) if number.is_finite() => drop(self.inner.write_number(row, column, number)?),
                Cell::Number(_) => {}
                Cell::Day(day) => match serial(day) {
                    Some(serial) => drop(self.inner.write_number_with_format(row, column, serial, &self.day)?),
                    None => drop(self.inner.write_string(row, column, day.to_string())?),
                },
                Cell::Text(text) => {
                    let (text, was_cut) = cut(&text);
                    self.cut += u64::from(was_cut);
                    if is_formula(text) {
                        self.inner.write_string_with_format(row, column, text, &self.quoted)?;
                    } else {
                        self.inner.write_string(row, column, text)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Rows so far, without the heading.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Texts that were cut because a cell has no more room.
    pub fn cut(&self) -> u64 {
        self.cut
    }
}

/// As much of a text as a cell holds, and whether something is missing.
fn cut(text: &str) -> (&str, bool) {
    if text.len() <= MAX_TEXT {
        return (text, false);
    }
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_TEXT {
            return (&text[..at], true);
        }
    }
    (text, false)
}

/// Days since 1899-12-30, which is how Excel counts from 1900-03-01 on.
fn serial(day: Date) -> Option<f64> {
    let days = day.since(Date::constant(1899, 12, 30)).ok()?.get_days();
    (days >= 61).then_some(f64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_excel_counts_them() {
        // Excel shows 1 January 2000 as 36526 and 1 March 1900 as 61.
        assert_eq!(serial(Date::constant(2000, 1, 1)), Some(36_526.0));
        assert_eq!(serial(Date::constant(1900, 3, 1)), Some(61.0));
        assert_eq!(serial(Date::constant(1900, 2, 28)), None);
    }

    #[test]
    fn a_text_at_the_limit_is_whole_and_one_above_is_cut_between_characters() {
        let full = "å".repeat(MAX_TEXT);
        assert_eq!(cut(&full), (full.as_str(), false));
        let longer = format!("{full}b");
        assert_eq!(cut(&longer), (full.as_str(), true));
        // A sign outside the basic plane counts twice and is not torn.
        let astral = "😀".repeat(MAX_TEXT / 2 + 1);
        assert_eq!(cut(&astral).0.chars().count(), MAX_TEXT / 2);
        let mut sheet = Sheet::new("Blad", &[("Text", 10)]).expect("a sheet");
        sheet.row([Cell::Text(longer.into())]).expect("written");
        assert_eq!((sheet.rows(), sheet.cut()), (1, 1));
    }
}
