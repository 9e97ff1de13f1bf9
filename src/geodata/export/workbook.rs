//! Records as a workbook (XLSX) with Swedish headings, a sheet per collection, and a sheet `Om`.

use std::io::{self, Seek, Write};

use super::ExportOptions;
use super::cells::{Cell, row};
use super::columns::{Column, Kind, columns};
use crate::domain::{Collection, Record};
use crate::spreadsheet::{self, MAX_TEXT, Sheet, Workbook};

const WEEKDAYS_SV: [&str; 7] = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"];

/// Writes records as sheets. Texts never run as formulas; moments are UTC text, as in CSV, so that no
/// program takes them for local time; local days are Excel's days.
#[derive(Default)]
pub struct WorkbookExport {
    workbook: Workbook,
    sheet: Option<(ExportOptions, Sheet)>,
    /// Outlines and documents that no cell holds.
    left_out: u64,
    counts: Vec<(Collection, u32)>,
    cut: u64,
}

impl WorkbookExport {
    /// One without sheets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins the sheet of a collection, which ends the one before.
    pub fn begin(&mut self, options: ExportOptions) -> io::Result<()> {
        self.end_sheet()?;
        let columns = columns(options.of);
        let mut headings: Vec<(&str, u8)> = Vec::new();
        for column in columns {
            headings.push((column.sv, width(column)));
            if let Some(name) = name_heading(column.name) {
                headings.push((name, 24));
            }
        }
        headings.extend(options.kept.iter().map(|name| (name.as_str(), 18)));
        headings.extend(options.data_class.iter().map(|_| ("Dataklass", 11)));
        let sheet = Sheet::new(title(options.of), &headings)?;
        self.sheet = Some((options, sheet));
        Ok(())
    }

    /// Writes one record of the collection that was begun.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let Some((options, sheet)) = &mut self.sheet else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no sheet was begun"));
        };
        let row = row(record, options.of, &options.zone)?;
        let mut cells = Vec::with_capacity(row.cells.len() + options.kept.len() + 2);
        for (column, cell) in columns(options.of).iter().zip(row.cells) {
            let name = name_heading(column.name).map(|_| {
                let term = options.terms.iter().find(|term| matches!(&cell, Cell::Text(code) if *code == term.code));
                spreadsheet::Cell::text(term.map(|term| term.sv.as_str()))
            });
            let is_too_long = matches!(&cell, Cell::Text(text) if text.len() > MAX_TEXT);
            cells.push(match (column.kind, cell) {
                // Half an outline is another outline.
                (Kind::Outline | Kind::Document, _) if is_too_long => {
                    self.left_out += 1;
                    spreadsheet::Cell::Empty
                }
                (_, Cell::Number(number)) => spreadsheet::Cell::Number(number),
                (_, Cell::Day(day)) => spreadsheet::Cell::Day(day),
                (_, Cell::Weekday(day)) => spreadsheet::Cell::text(WEEKDAYS_SV.get(day).copied()),
                (_, Cell::Empty) => spreadsheet::Cell::Empty,
                (_, other) => spreadsheet::Cell::Text(other.into_text()),
            });
            cells.extend(name);
        }
        for name in &options.kept {
            let value = row.kept.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.as_str());
            cells.push(spreadsheet::Cell::text(value));
        }
        cells.extend(options.data_class.iter().map(|class| spreadsheet::Cell::text(Some(class.as_str()))));
        Ok(sheet.row(cells)?)
    }

    /// Adds the sheet `Om` with these lines, counts and what did not fit, and writes the file.
    pub fn finish(mut self, about: &[(&str, String)], out: impl Write + Seek + Send) -> io::Result<()> {
        self.end_sheet()?;
        let mut lines = about.to_vec();
        lines.extend(self.counts.iter().map(|(of, rows)| (title(*of), format!("{rows} rader"))));
        lines.push(("Tid", "Start och slut är i UTC; datum, timme och veckodag är lokal tid.".to_string()));
        if self.cut > 0 {
            let text = format!("{} texter är avkortade: en cell rymmer {MAX_TEXT} tecken.", self.cut);
            lines.push(("Avkortat", text));
        }
        if self.left_out > 0 {
            let text = format!(
                "{} geometrier eller dokument är utelämnade: en cell rymmer {MAX_TEXT} tecken. De finns i GeoPackage och GeoJSON.",
                self.left_out
            );
            lines.push(("Utelämnat", text));
        }
        self.workbook.add_about(&lines)?;
        Ok(self.workbook.finish(out)?)
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        if let Some((options, sheet)) = self.sheet.take() {
            self.counts.push((options.of, sheet.rows()));
            self.cut += sheet.cut();
            self.workbook.add(sheet)?;
        }
        Ok(())
    }
}

/// Swedish name of a collection; also the name of its sheet.
pub(super) fn title(of: Collection) -> &'static str {
    match of {
        Collection::Areas => "Områden",
        Collection::Places => "Platser",
        Collection::Activities => "Genomfört arbete",
        Collection::Observations => "Iakttagelser",
        Collection::Surveys => "Trygghetsmätningar",
        Collection::ReportedCounts => "Rapporterade antal",
        Collection::Actions => "Åtgärder",
        Collection::Reports => "Veckorapporter",
        Collection::Promises => "Medborgarlöften",
        Collection::Bookings => "Inbokat",
        Collection::Comments => "Kommentarer",
        Collection::Priorities => "Prioriteringar",
    }
}

/// Heading of the Swedish name beside a code; import does not know it, so that the code counts.
fn name_heading(column: &str) -> Option<&'static str> {
    match column {
        "category" => Some("Kategori i klartext"),
        "kind" => Some("Aktivitetstyp i klartext"),
        _ => None,
    }
}

fn width(column: &Column) -> u8 {
    match (column.kind, column.name) {
        (Kind::Moment, _) => 21,
        (_, "text" | "result" | "how_drawn" | "question_sv" | "question_en" | "text_sv" | "text_en") => 48,
        (Kind::Text, _) => 18,
        _ => 12,
    }
}
