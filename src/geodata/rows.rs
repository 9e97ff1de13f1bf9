//! The rows of any format under one roof: cells under headings, a geometry beside them.

use csv::StringRecord;

use super::csv_rows::{CsvRows, NextRow};
use super::feed::Fed;
use super::fields::Field;
use super::geojson_rows::{GEOMETRY, GeoJsonRows};
use super::geojson_stream::DeclaredCrs;
use super::problem::{Problem, Spot};
use super::read::ReadOptions;
use super::records::is_empty_row;
use super::source_file::{Format, SourceFile};
use super::values::{disarmed, folded};
use super::{columns, gpkg_rows, polisen_rows, xlsx};

/// Rows of a file; the current one stays until the next is asked for.
pub(crate) enum Rows {
    Csv(Box<CsvRows>),
    GeoJson(Box<GeoJsonRows>),
    /// Workbooks, databases, lists: read by a thread of their own.
    Fed(Box<Fed>),
}

impl Rows {
    /// Opens the file and settles its headings.
    pub(crate) fn open(source: &SourceFile, options: &ReadOptions) -> Result<Self, Vec<Problem>> {
        let declared = if options.crs.is_some() { DeclaredCrs::Overridden } else { DeclaredCrs::MustBeDegrees };
        let one = |problem| vec![problem];
        Ok(match source.format() {
            Format::Csv => Self::Csv(Box::new(CsvRows::open(source).map_err(one)?)),
            Format::GeoJson => Self::GeoJson(Box::new(GeoJsonRows::open(source, declared)?)),
            Format::GeoPackage => {
                let layer = options.layer.clone();
                Self::Fed(Box::new(gpkg_rows::open(source, layer, options.xlsx.max_rows).map_err(one)?))
            }
            Format::PolisenEvents => Self::Fed(Box::new(polisen_rows::open(source).map_err(one)?)),
            Format::Xlsx => {
                let sheet = xlsx::XlsxOptions {
                    sheet: options.sheet.clone(),
                    limits: options.xlsx,
                    known_headings: known_headings(options),
                };
                Self::Fed(Box::new(xlsx::open(source, sheet).map_err(one)?))
            }
        })
    }

    /// Headings as columns are found by them.
    pub(crate) fn clean_headings(&self) -> Vec<String> {
        match self {
            Self::Csv(rows) => rows.headings().iter().map(|heading| disarmed(heading).to_string()).collect(),
            Self::GeoJson(rows) => rows.headings().to_vec(),
            Self::Fed(rows) => rows.headings().to_vec(),
        }
    }

    /// Headings as the rejects file has them.
    pub(crate) fn headings(&self) -> Vec<String> {
        match self {
            Self::Csv(rows) => rows.headings().to_vec(),
            Self::GeoJson(rows) => rows.headings().iter().cloned().chain([GEOMETRY.to_string()]).collect(),
            Self::Fed(rows) => rows.headings().to_vec(),
        }
    }

    /// The row that was read last as the rejects file has it.
    pub(crate) fn whole_row(&self) -> StringRecord {
        let mut row = self.row().clone();
        if let Self::GeoJson(rows) = self {
            row.push_field(rows.geometry_text());
        }
        row
    }

    /// The cells of the row that was read last.
    pub(crate) fn row(&self) -> &StringRecord {
        match self {
            Self::Csv(rows) => rows.row(),
            Self::GeoJson(rows) => rows.row(),
            Self::Fed(rows) => &rows.row().cells,
        }
    }

    pub(crate) fn geometry(&self) -> Option<&geo::Geometry<f64>> {
        match self {
            Self::Csv(_) => None,
            Self::GeoJson(rows) => rows.geometry(),
            Self::Fed(rows) => rows.row().geometry.as_ref(),
        }
    }

    /// Cells of the current row that are errors of the workbook, with what they say.
    pub(crate) fn errors(&self) -> &[(usize, String)] {
        match self {
            Self::Fed(rows) => &rows.row().errors,
            _ => &[],
        }
    }

    /// Whether there is nothing in the file whose columns could be asked for.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Csv(_) => false,
            Self::GeoJson(rows) => rows.is_empty(),
            Self::Fed(rows) => rows.is_empty(),
        }
    }

    /// Columns that were found only after the headings.
    pub(crate) fn late(&self) -> Vec<String> {
        match self {
            Self::Csv(_) => Vec::new(),
            Self::GeoJson(rows) => rows.late().cloned().collect(),
            Self::Fed(rows) => rows.late().cloned().collect(),
        }
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        match self {
            Self::Csv(rows) => rows.bytes_read(),
            Self::GeoJson(rows) => rows.bytes_read(),
            Self::Fed(rows) => rows.bytes_read(),
        }
    }

    /// Where a row is.
    pub(crate) fn spot(&self, number: u64) -> Spot {
        match self {
            Self::Csv(_) => Spot::Line(number),
            Self::GeoJson(_) => Spot::Feature(number),
            Self::Fed(rows) => rows.spot(number),
        }
    }

    /// Sheet or layer, in words; empty for files that have one part.
    pub(crate) fn part(&self) -> &str {
        match self {
            Self::Fed(rows) => &rows.opening.part,
            _ => "",
        }
    }

    /// EPSG code that the file names for its geometries.
    pub(crate) fn epsg(&self) -> Option<u16> {
        match self {
            Self::Fed(rows) => rows.opening.epsg,
            _ => None,
        }
    }

    /// Whether cells may carry the apostrophe that disarms formulas.
    pub(crate) fn has_armed_cells(&self) -> bool {
        match self {
            Self::Csv(_) => true,
            Self::GeoJson(_) => false,
            Self::Fed(rows) => rows.opening.has_lines,
        }
    }

    /// Reads the next row with anything in it.
    pub(crate) fn next(&mut self) -> Result<NextRow, Problem> {
        match self {
            Self::Csv(rows) => rows.next(),
            Self::GeoJson(rows) => loop {
                let next = rows.next()?;
                // A feature with nothing in it is stepped over, as an empty line is.
                if !matches!(next, NextRow::Row(_)) || rows.geometry().is_some() || !is_empty_row(rows.row()) {
                    return Ok(next);
                }
            },
            Self::Fed(rows) => rows.next(),
        }
    }

    /// Turns bare numbers of a sheet into dates and times of day, in columns that are read as such: a
    /// workbook whose column lost its date format still means days.
    pub(crate) fn date_numbers(&mut self, columns: &columns::Columns) {
        let Self::Fed(rows) = self else { return };
        if !rows.opening.has_lines {
            return;
        }
        let is_1904 = rows.opening.is_1904;
        let cells = &rows.row().cells;
        let mut changed: Vec<(usize, String)> = Vec::new();
        const MOMENTS: [Field; 13] = [
            Field::Datetime,
            Field::Start,
            Field::End,
            Field::Date,
            Field::Time,
            Field::Due,
            Field::Recheck,
            Field::ReportedOn,
            Field::PeriodStart,
            Field::PeriodEnd,
            Field::BookedOn,
            Field::SaidOn,
            Field::DecidedOn,
        ];
        for field in MOMENTS {
            let Some(at) = columns.column(field) else { continue };
            let cell = cells.get(at).unwrap_or("");
            if !cell.starts_with(|c: char| c.is_ascii_digit()) {
                continue;
            }
            let text = match field {
                Field::Time => xlsx::clock_of_number(cell),
                _ => xlsx::date_of_number(cell, is_1904),
            };
            changed.extend(text.map(|text| (at, text)));
        }
        if !changed.is_empty() {
            let mut converted = StringRecord::with_capacity(cells.as_slice().len() + 32, cells.len());
            for (at, cell) in cells.iter().enumerate() {
                let text = changed.iter().find(|(column, _)| *column == at);
                converted.push_field(text.map_or(cell, |(_, text)| text));
            }
            rows.replace_cells(converted);
        }
    }
}

/// Headings that are fields of the collection, or that the user named.
fn known_headings(options: &ReadOptions) -> xlsx::KnownHeadings {
    let into = options.into;
    let named = options.map.iter().map(|(_, column)| column).chain(&options.keep);
    let named: Vec<String> = named.map(|column| folded(column)).filter(|column| !column.is_empty()).collect();
    std::sync::Arc::new(move |heading: &str| columns::is_known(heading, into) || named.contains(&folded(heading)))
}
