//! Rows of an Excel workbook: measured first, then read cell by cell.
//!
//! A cell reaches the converter as the text that a CSV of the same sheet would have, so there is no
//! second path after this. The reader is `calamine`; its streaming cell reader never makes the
//! rectangle that a sheet claims to fill, and it runs in a thread of its own (see `feed.rs`).

mod cell;
mod heading;
mod limits;
mod measure;
mod scan;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx, XlsxCellReader};
use csv::StringRecord;

pub(crate) use cell::{clock_of_number, date_of_number};
pub use limits::XlsxLimits;

use self::cell::{Shown, text_of};
use self::heading::{Heading, SAMPLE_ROWS, find_heading};
use self::measure::{Guarded, measure};
use super::feed::{Fed, FedRow, Feeder, Opening, Stop};
use super::problem::{Problem, Spot};
use super::source_file::SourceFile;
use super::values::Fault;

/// What a workbook reader needs to know.
#[derive(Clone)]
pub(crate) struct XlsxOptions {
    pub(crate) sheet: Option<String>,
    pub(crate) limits: XlsxLimits,
    /// Whether a heading is one that the collection or the user knows.
    pub(crate) known_headings: KnownHeadings,
}

/// Tells a heading from a value.
pub(crate) type KnownHeadings = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Opens the sheet and settles its headings.
pub(crate) fn open(source: &SourceFile, options: XlsxOptions) -> Result<Fed, Problem> {
    let path = source.path().to_path_buf();
    let read = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&read);
    Fed::start(source.name(), read, move |feeder| read_workbook(&path, counted, &options, feeder))
}

type Workbook = Xlsx<BufReader<Guarded>>;

fn read_workbook(path: &Path, read: Arc<AtomicU64>, options: &XlsxOptions, feeder: &mut Feeder) -> Result<(), Stop> {
    let unreadable = |e: std::io::Error| Fault::new(format!("cannot be read: {e}"), "check the name and the rights");
    let mut file = File::open(path).map_err(unreadable)?;
    let measured = measure(&mut file, &options.limits)?;
    let guarded = Guarded::new(file, measured, read);
    let mut workbook: Workbook = Xlsx::new(BufReader::new(guarded)).map_err(|e| misread(&e))?;
    let is_1904 = workbook.has_1904_epoch();
    let Some((name, heading)) = choose_sheet(&mut workbook, options, is_1904)? else {
        return Ok(());
    };
    let Heading { row: heading_row, texts: headings } = heading;
    let part = format!("sheet '{name}', headings in row {heading_row}");
    let width = headings.len();
    feeder.open(Opening { headings, part, epsg: None, is_1904, has_lines: true })?;
    let mut rows = SheetRows::open(&mut workbook, &name, options.limits, is_1904)?;
    let mut count = 0;
    let mut beyond = BTreeSet::new();
    while let Some(row) = rows.next()? {
        if row.number <= heading_row {
            continue;
        }
        count += 1;
        if count > options.limits.max_rows {
            let reason = format!("more than {} rows with something in them", options.limits.max_rows);
            let hint = "import the rows in several files, or as CSV on the command line";
            return Err(Stop::Failed(Spot::Line(row.number), Fault::new(reason, hint)));
        }
        for column in row.beyond(width) {
            if beyond.insert(column) {
                feeder.late_column(format!("(column {})", column + 1))?;
            }
        }
        feeder.row(row.fed(width))?;
    }
    Ok(())
}

/// A row of a sheet with its cells in order of columns.
#[derive(Clone, Debug, Default)]
pub(super) struct SheetRow {
    /// From 1, as Excel counts.
    number: u64,
    cells: Vec<(usize, String)>,
    errors: Vec<(usize, String)>,
}

impl SheetRow {
    /// Columns up to the last one with something in it.
    fn width(&self) -> usize {
        let last = |cells: &[(usize, String)]| cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
        last(&self.cells).max(last(&self.errors))
    }

    /// Columns with something in them to the right of the headings.
    fn beyond(&self, width: usize) -> Vec<usize> {
        self.cells.iter().chain(&self.errors).map(|(column, _)| *column).filter(|column| *column >= width).collect()
    }

    fn text(&self, column: usize) -> &str {
        self.cells.iter().find(|(at, _)| *at == column).map_or("", |(_, text)| text)
    }

    /// As many cells as there are headings; what stands to their right is left out.
    fn fed(mut self, width: usize) -> FedRow {
        self.cells.extend(self.errors.iter().cloned());
        self.cells.sort_by_key(|(column, _)| *column);
        let mut cells = StringRecord::with_capacity(64, width);
        let mut given = self.cells.iter().peekable();
        for column in 0..width {
            match given.next_if(|(at, _)| *at == column) {
                Some((_, text)) => cells.push_field(text),
                None => cells.push_field(""),
            }
        }
        self.errors.retain(|(column, _)| *column < width);
        FedRow { number: self.number, cells, geometry: None, errors: self.errors, fault: None }
    }
}

/// The sheet that was asked for, else the first visible one whose headings are known, else the first with
/// anything in it. `None` for a workbook without any.
fn choose_sheet(
    workbook: &mut Workbook,
    options: &XlsxOptions,
    is_1904: bool,
) -> Result<Option<(String, Heading)>, Fault> {
    let all: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let names = || all.iter().map(|(name, _)| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    let wanted: Vec<&String> =
        match &options.sheet {
            Some(sheet) => {
                let same = |(name, _): &&(String, bool)| name.trim().to_lowercase() == sheet.trim().to_lowercase();
                let found = all.iter().find(same).map(|(name, _)| name);
                vec![found.ok_or_else(|| {
                    Fault::new(format!("has no sheet '{sheet}'"), format!("the sheets are {}", names()))
                })?]
            }
            None => all.iter().filter(|(_, visible)| *visible).map(|(name, _)| name).collect(),
        };
    let mut second_best = None;
    for name in wanted {
        let mut rows = SheetRows::open(workbook, name, options.limits, is_1904)?;
        let mut sample = Vec::new();
        while sample.len() < SAMPLE_ROWS
            && let Some(row) = rows.next()?
        {
            sample.push(row);
        }
        if let Some((heading, known)) = find_heading(&sample, &*options.known_headings) {
            if known > 0 {
                return Ok(Some((name.clone(), heading)));
            }
            second_best.get_or_insert((name.clone(), heading));
        }
    }
    Ok(second_best)
}

/// Cells of one sheet put together to rows that have something in them.
/// Most letters of a cell in Excel.
const EXCEL_CELL_LETTERS: usize = 32_767;

struct SheetRows<'a> {
    cells: XlsxCellReader<'a, BufReader<Guarded>>,
    shown: Vec<Shown>,
    limits: XlsxLimits,
    is_1904: bool,
    row: SheetRow,
    row_bytes: u64,
    text_bytes: u64,
    at_end: bool,
}

impl<'a> SheetRows<'a> {
    fn open(workbook: &'a mut Workbook, name: &str, limits: XlsxLimits, is_1904: bool) -> Result<Self, Fault> {
        let cells = workbook.worksheet_cells_reader(name).map_err(|e| misread(&e))?;
        let format = |style: &calamine::Style| {
            style.number_format.as_ref().map_or(Shown::Both, |format| Shown::of_format(&format.format_code))
        };
        let shown = cells.styles().iter().map(format).collect();
        Ok(Self { cells, shown, limits, is_1904, row: SheetRow::default(), row_bytes: 0, text_bytes: 0, at_end: false })
    }

    /// The next row with something in it.
    fn next(&mut self) -> Result<Option<SheetRow>, Fault> {
        while !self.at_end {
            let Some((cell, style)) = self.cells.next_cell_with_style_id().map_err(|e| misread(&e))? else {
                self.at_end = true;
                break;
            };
            let (row, column) = cell.get_position();
            let (number, column) = (u64::from(row) + 1, u64::from(column));
            let shown = self.shown.get(style).copied().unwrap_or(Shown::Both);
            let text = text_of(cell.get_value(), shown, self.is_1904);
            if text.as_deref().is_some_and(|text| text.trim().is_empty()) {
                continue;
            }
            if column >= self.limits.max_columns || number > 1_048_576 {
                let reason = format!("a cell in row {number}, column {}", column + 1);
                let hint = format!("cells up to row 1048576 and column {} are accepted", self.limits.max_columns);
                return Err(Fault::new(reason, hint));
            }
            if number < self.row.number {
                let reason = format!("row {number} stands after row {}", self.row.number);
                return Err(Fault::new(reason, "open it in Excel or LibreOffice and save it anew as .xlsx"));
            }
            let ready = (number > self.row.number).then(|| self.begin(number)).flatten();
            self.add(usize::try_from(column).unwrap_or(usize::MAX), text, cell.get_value())?;
            if ready.is_some() {
                return Ok(ready);
            }
        }
        Ok(self.begin(u64::MAX))
    }

    /// Begins another row; the one before it, when it has anything.
    fn begin(&mut self, number: u64) -> Option<SheetRow> {
        self.row_bytes = 0;
        let row = std::mem::replace(&mut self.row, SheetRow { number, ..SheetRow::default() });
        (!row.cells.is_empty() || !row.errors.is_empty()).then_some(row)
    }

    fn add(
        &mut self,
        column: usize,
        text: Option<std::borrow::Cow<'_, str>>,
        value: &calamine::DataRef<'_>,
    ) -> Result<(), Fault> {
        let text = match text {
            Some(text) => text.into_owned(),
            None => {
                let error = if let calamine::DataRef::Error(error) = value { error.to_string() } else { String::new() };
                self.row.errors.push((column, error.clone()));
                self.row_bytes += error.len() as u64;
                return Ok(());
            }
        };
        self.row_bytes += text.len() as u64;
        self.text_bytes += text.len() as u64;
        if text.len() > EXCEL_CELL_LETTERS && text.chars().count() > EXCEL_CELL_LETTERS {
            let reason = format!("row {} has a cell of more than {EXCEL_CELL_LETTERS} letters", self.row.number);
            return Err(Fault::new(reason, "Excel itself writes no longer ones; shorten it"));
        }
        if self.text_bytes > self.limits.text_bytes {
            let most = self.limits.text_bytes / (1024 * 1024);
            let reason = format!("the cells up to row {} hold more than {most} MiB of text", self.row.number);
            return Err(Fault::new(reason, "take long texts out of the sheet, or send it in parts"));
        }
        // Cells are few enough, but a text of the shared table can be named in each of them.
        if self.row_bytes > self.limits.cell_bytes {
            let reason = format!("row {} has more than {} bytes of text", self.row.number, self.limits.cell_bytes);
            return Err(Fault::new(reason, "take long texts out of the sheet"));
        }
        self.row.cells.push((column, text));
        Ok(())
    }
}

fn misread(error: &calamine::XlsxError) -> Fault {
    Fault::new(
        format!("cannot be read as a workbook: {error}"),
        "open it in Excel or LibreOffice and save it anew as .xlsx, or as CSV UTF-8",
    )
}
