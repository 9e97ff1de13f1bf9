//! Rows of a CSV file, one at a time, in bounded memory.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;

use super::problem::{Problem, Spot};
use super::records::is_empty_row;
use super::source_file::SourceFile;

/// Bytes of one row. Without a limit a quote that is never closed would take in the whole file.
const MAX_ROW_BYTES: u64 = 1024 * 1024;
/// Columns of the heading row: each is compared with every field and every other heading.
const MAX_COLUMNS: usize = 2_000;
const ROW_TOO_LONG: &str = "a row longer than 1 MiB";

/// Reads rows; the current one stays until the next is asked for.
pub(crate) struct CsvRows {
    reader: csv::Reader<Limited>,
    headings: Vec<String>,
    row: StringRecord,
    left: Arc<AtomicU64>,
    read: Arc<AtomicU64>,
    file: String,
    lines_skipped: u64,
}

/// Stops when one row has taken more than its share.
struct Limited {
    inner: Box<dyn Read + Send>,
    left: Arc<AtomicU64>,
}

impl Read for Limited {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, ROW_TOO_LONG));
        }
        let length = self.inner.read(out)?;
        self.left.store(left.saturating_sub(length as u64), Ordering::Relaxed);
        Ok(length)
    }
}

/// What the next row is.
pub(crate) enum NextRow {
    /// A row, ready to be converted, with its line or feature number.
    Row(u64),
    /// A row whose number of columns is not that of the heading, or a feature that is none.
    Misshapen(Problem),
    /// The end of the file.
    End,
}

impl CsvRows {
    /// Opens the file and reads the heading row. Headings that are empty get the number of their column.
    pub(crate) fn open(source: &SourceFile) -> Result<Self, Problem> {
        let file = source.name().to_string();
        let (inner, read) = source.open_text().map_err(|error| cannot_read(&file, Spot::File, &error.to_string()))?;
        let left = Arc::new(AtomicU64::new(MAX_ROW_BYTES));
        let reader = csv::ReaderBuilder::new()
            .delimiter(source.delimiter())
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(128 * 1024)
            .from_reader(Limited { inner, left: Arc::clone(&left) });
        let lines_skipped = source.lines_skipped();
        let row = StringRecord::new();
        let mut rows = Self { reader, headings: Vec::new(), row, left, read, file, lines_skipped };
        rows.advance()?;
        if rows.row.len() > MAX_COLUMNS {
            let many = rows.row.len();
            return Err(Problem {
                file: rows.file,
                spot: Spot::File,
                column: None,
                value: None,
                reason: format!("the heading row has {many} columns, more than the {MAX_COLUMNS} that are accepted"),
                hint: "save the columns you need as a file of their own".to_string(),
            });
        }
        let name = |(at, heading): (usize, &str)| match heading.trim() {
            "" => format!("(column {})", at + 1),
            heading => heading.to_string(),
        };
        rows.headings = rows.row.iter().enumerate().map(name).collect();
        Ok(rows)
    }

    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// The row that was read last.
    pub(crate) fn row(&self) -> &StringRecord {
        &self.row
    }

    /// Bytes of the file taken so far (a buffer ahead of the row).
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Reads the next row that has anything in it.
    pub(crate) fn next(&mut self) -> Result<NextRow, Problem> {
        loop {
            if !self.advance()? {
                return Ok(NextRow::End);
            }
            let line = self.line();
            if self.row.len() == self.headings.len() && !self.row.get(0).unwrap_or("").is_empty() {
                return Ok(NextRow::Row(line));
            }
            if !is_empty_row(&self.row) {
                return Ok(self.check_shape(line));
            }
        }
    }

    /// Empty cells beyond the last column are no fault; anything else would shift values.
    fn check_shape(&self, line: u64) -> NextRow {
        let (found, wanted) = (self.row.len(), self.headings.len());
        let surplus_is_empty = found > wanted && self.row.iter().skip(wanted).all(|cell| cell.trim().is_empty());
        if found == wanted || surplus_is_empty {
            return NextRow::Row(line);
        }
        NextRow::Misshapen(Problem {
            file: self.file.clone(),
            spot: Spot::Line(line),
            column: None,
            value: None,
            reason: format!("{found} columns where the heading has {wanted}"),
            hint: "put cells that contain the delimiter or a line break in quotes; --delimiter names another delimiter"
                .to_string(),
        })
    }

    fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line) + self.lines_skipped
    }

    fn advance(&mut self) -> Result<bool, Problem> {
        self.left.store(MAX_ROW_BYTES, Ordering::Relaxed);
        let next_line = self.reader.position().line() + self.lines_skipped;
        self.reader.read_record(&mut self.row).map_err(|error| {
            let text = error.to_string();
            cannot_read(&self.file, Spot::Line(next_line), &text)
        })
    }
}

fn cannot_read(file: &str, spot: Spot, error: &str) -> Problem {
    let hint = if error.contains(ROW_TOO_LONG) {
        "a quote is probably opened on this line and never closed"
    } else {
        "the file may have changed or the disk failed while it was read"
    };
    Problem {
        file: file.to_string(),
        spot,
        column: None,
        value: None,
        reason: format!("cannot be read: {error}"),
        hint: hint.to_string(),
    }
}
