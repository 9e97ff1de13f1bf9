//! Reads a records file row by row: the iterator that imports and dry runs share.
//!
//! Memory does not grow with the file: one row, one cache of time zone offsets, and tallies with a
//! limit. Duplicate ids are not noticed here; the store does that.

use csv::StringRecord;
use jiff::tz::TimeZone;

use super::clock::{Ambiguous, Clock};
use super::columns::Columns;
use super::crs::{Home, InputCrs};
use super::csv_rows::{CsvRows, NextRow};
use super::fields::{Field, Into};
use super::geojson_rows::{GEOMETRY, GeoJsonRows};
use super::geojson_stream::DeclaredCrs;
use super::personal;
use super::place_of_row::Locator;
use super::problem::{Problem, Spot};
use super::records::{CellFault, Notes, Record, RowConverter, is_empty_row};
use super::register::{AreaNames, Register};
use super::source_file::{Format, SourceFile};
use super::terms::{Tally, TermMatcher};
use super::values::{Fault, disarmed};
use crate::domain::{Area, Id, TimeCertainty, Vocabulary};

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// What rows become.
    pub into: Into,
    /// Columns the user named, over every guess; an empty column leaves the field unread.
    pub map: Vec<(Field, String)>,
    /// Columns that are kept beside the fields.
    pub keep: Vec<String>,
    /// EPSG code of the coordinates; degrees without it.
    pub crs: Option<u16>,
    /// Zone of wall times.
    pub zone: TimeZone,
    /// What to do with wall times that exist twice.
    pub ambiguous: Ambiguous,
    /// Delimiter, when the one found is wrong.
    pub delimiter: Option<u8>,
    /// Put before every id, given or generated.
    pub id_prefix: Option<String>,
    /// Refuse categories, kinds and roles that the data file does not have.
    pub strict_categories: bool,
    /// Replace what looks like personal data by `[...]` instead of refusing the row.
    pub redact: bool,
}

impl ReadOptions {
    /// Everything by guess and default.
    pub fn new(into: Into, zone: TimeZone) -> Self {
        Self {
            into,
            map: Vec::new(),
            keep: Vec::new(),
            crs: None,
            zone,
            ambiguous: Ambiguous::default(),
            delimiter: None,
            id_prefix: None,
            strict_categories: false,
            redact: false,
        }
    }
}

/// Why a row gave no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowError {
    /// The row is refused, for all these reasons; the next one may be fine.
    Rejected(Vec<Problem>),
    /// The file cannot be read further; nothing of it should be stored.
    Broken(Problem),
}

/// What was read, for the report at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSummary {
    /// Rows with anything in them.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// Headings that are neither read nor kept.
    pub dropped_columns: Vec<String>,
    /// Headings that are kept.
    pub kept_columns: Vec<String>,
    /// Heading -> field, in file order.
    pub columns: Vec<(String, Field)>,
    /// Place texts the register does not know, most frequent first; at most 10,000 different.
    pub unmatched_places: Vec<(String, u64)>,
    /// Area texts that name no area, likewise.
    pub unmatched_areas: Vec<(String, u64)>,
    /// Records with a wall time that existed twice.
    pub ambiguous_times: u64,
    /// Records with a date without a time.
    pub whole_days: u64,
    /// Records without position or area.
    pub without_position: u64,
    /// Records with only an area.
    pub area_only: u64,
    /// Records at exactly 0, 0, which is where programs put what they do not know.
    pub at_zero_zero: u64,
    /// Categories or kinds that are new to the data file.
    pub new_categories: Vec<(String, u64)>,
    /// Actor roles that are new.
    pub new_roles: Vec<(String, u64)>,
    /// Rows that looked like personal data: refused, or redacted.
    pub personal_data: u64,
    /// Earliest start, seconds since 1970 UTC.
    pub first_start_s: Option<i64>,
    /// Latest start.
    pub last_start_s: Option<i64>,
    /// What refused coordinates look like, with the number of rows: "looks like SWEREF 99 TM; ...".
    pub looks_like: Vec<(String, u64)>,
}

enum Rows {
    Csv(Box<CsvRows>),
    GeoJson(Box<GeoJsonRows>),
}

/// Reads records from a file, one row at a time.
pub struct RecordReader {
    rows: Rows,
    converter: RowConverter,
    file: String,
    is_done: bool,
    summary: ReadSummary,
    places: Tally,
    areas: Tally,
    terms: Tally,
    roles: Tally,
    looks_like: Tally,
    /// Line or feature of the last row.
    line: u64,
}

impl RecordReader {
    /// Opens the file and settles its columns.
    ///
    /// `areas` answer `area` columns and tell swapped coordinates; `vocabulary` has the categories,
    /// kinds and roles of the data file.
    /// Errors: every mistake in the options and headings at once.
    pub fn open(
        source: &SourceFile,
        options: &ReadOptions,
        register: &Register,
        areas: &[Area],
        vocabulary: &Vocabulary,
    ) -> Result<Self, Vec<Problem>> {
        let source = match options.delimiter {
            Some(delimiter) => source.clone().with_delimiter(delimiter),
            None => source.clone(),
        };
        let whole = |column: Option<String>, fault: Fault| Problem {
            file: source.name().to_string(),
            spot: Spot::File,
            column,
            value: None,
            reason: fault.reason.into_owned(),
            hint: fault.hint.into_owned(),
        };
        let (crs, mut problems) = match InputCrs::from_epsg(options.crs) {
            Ok(crs) => (crs, Vec::new()),
            Err(error) => (InputCrs::Degrees, vec![whole(None, Fault::new(error.to_string(), ""))]),
        };
        if let Some(prefix) = options.id_prefix.as_deref().filter(|prefix| Id::new(prefix).is_err()) {
            let fault = Fault::new(
                format!("id prefix '{prefix}' is not valid"),
                "A-Z, a-z, 0-9, '.', '_' and '-' are accepted",
            );
            problems.push(whole(None, fault));
        }
        let rows = open_rows(&source, options.crs)?;
        let headings: Vec<String> = match &rows {
            Rows::Csv(rows) => rows.headings().iter().map(|h| disarmed(h).to_string()).collect(),
            Rows::GeoJson(rows) => rows.headings().to_vec(),
        };
        let metres = matches!(crs, InputCrs::Metres(_));
        let columns = match Columns::find(&headings, options.into, &options.map, &options.keep, metres) {
            Ok(columns) => columns,
            Err(_) if matches!(&rows, Rows::GeoJson(rows) if rows.is_empty()) => Columns::none(),
            Err(faults) => {
                problems.extend(faults.into_iter().map(|(column, fault)| whole(column, fault)));
                return Err(problems);
            }
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let converter = converter(&source, options, crs, columns, (register, areas, vocabulary));
        Ok(Self {
            rows,
            file: source.name().to_string(),
            is_done: false,
            summary: summary_of_columns(&converter.columns),
            converter,
            places: Tally::default(),
            areas: Tally::default(),
            terms: Tally::default(),
            roles: Tally::default(),
            looks_like: Tally::default(),
            line: 0,
        })
    }

    /// Headings of the rows as [`RecordReader::row`] gives them, for the rejects file.
    pub fn headings(&self) -> Vec<String> {
        match &self.rows {
            Rows::Csv(rows) => rows.headings().to_vec(),
            Rows::GeoJson(rows) => rows.headings().iter().cloned().chain([GEOMETRY.to_string()]).collect(),
        }
    }

    /// The row that was read last as it stands in the file, for the rejects file. Nothing is masked in it.
    pub fn row(&self) -> StringRecord {
        match &self.rows {
            Rows::Csv(rows) => rows.row().clone(),
            Rows::GeoJson(rows) => {
                let mut row = rows.row().clone();
                row.push_field(rows.geometry_text());
                row
            }
        }
    }

    /// Line (or feature) of the row that was read last.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Bytes of the file taken so far, for a progress bar; a buffer ahead of the row.
    pub fn bytes_read(&self) -> u64 {
        match &self.rows {
            Rows::Csv(rows) => rows.bytes_read(),
            Rows::GeoJson(rows) => rows.bytes_read(),
        }
    }

    /// What was read so far.
    pub fn summary(&self) -> ReadSummary {
        let mut summary = self.summary.clone();
        if let Rows::GeoJson(rows) = &self.rows {
            summary.dropped_columns.extend(rows.late().cloned());
        }
        summary.unmatched_places = self.places.by_frequency();
        summary.unmatched_areas = self.areas.by_frequency();
        summary.new_categories = self.terms.by_frequency();
        summary.new_roles = self.roles.by_frequency();
        summary.looks_like = self.looks_like.by_frequency();
        summary
    }

    fn read_row(&mut self) -> Result<Option<Result<Record, Vec<Problem>>>, Problem> {
        let next = match &mut self.rows {
            Rows::Csv(rows) => rows.next()?,
            Rows::GeoJson(rows) => loop {
                let next = rows.next()?;
                // A feature with nothing in it is stepped over, as an empty line is.
                if !matches!(next, NextRow::Row(_)) || rows.geometry().is_some() || !is_empty_row(rows.row()) {
                    break next;
                }
            },
        };
        let number = match next {
            NextRow::End => return Ok(None),
            NextRow::Row(number) => number,
            NextRow::Misshapen(problem) => {
                self.line = match problem.spot {
                    Spot::Line(number) | Spot::Feature(number) => number,
                    Spot::File => 0,
                };
                self.summary.rows += 1;
                self.summary.rejected += 1;
                return Ok(Some(Err(vec![problem])));
            }
        };
        let outcome = match &self.rows {
            Rows::Csv(rows) => self.converter.convert(rows.row(), None, number),
            Rows::GeoJson(rows) => self.converter.convert(rows.row(), rows.geometry(), number),
        };
        self.line = number;
        self.summary.rows += 1;
        Ok(Some(match outcome {
            Ok((record, notes)) => {
                self.count(&notes);
                Ok(record)
            }
            Err(faults) => Err(self.reject(faults, number)),
        }))
    }

    fn count(&mut self, notes: &Notes) {
        let summary = &mut self.summary;
        summary.accepted += 1;
        if let Some(when) = notes.when {
            summary.whole_days += u64::from(when.certainty() == TimeCertainty::WholeDay);
            let start = when.start_s();
            summary.first_start_s = Some(summary.first_start_s.map_or(start, |s| s.min(start)));
            summary.last_start_s = Some(summary.last_start_s.map_or(start, |s| s.max(start)));
        }
        summary.ambiguous_times += u64::from(notes.existed_twice);
        summary.at_zero_zero += u64::from(notes.at_zero);
        summary.area_only += u64::from(notes.has_area && !notes.has_shape);
        summary.without_position += u64::from(!notes.has_area && !notes.has_shape);
        summary.personal_data += u64::from(notes.redacted);
        notes.unmatched_place.iter().for_each(|text| self.places.add(text));
        notes.unmatched_area.iter().for_each(|text| self.areas.add(text));
        notes.new_term.iter().for_each(|text| self.terms.add(text));
        notes.new_roles.iter().for_each(|text| self.roles.add(text));
    }

    fn reject(&mut self, faults: Vec<CellFault>, number: u64) -> Vec<Problem> {
        self.summary.rejected += 1;
        let personal = super::terms::personal_fault().reason;
        self.summary.personal_data += u64::from(faults.iter().any(|f| f.fault.reason == personal));
        for hint in
            faults.iter().map(|f| &f.fault.hint).filter(|h| h.starts_with("looks like") || h.contains("look swapped"))
        {
            self.looks_like.add(hint);
        }
        let spot = if matches!(self.rows, Rows::Csv(_)) { Spot::Line(number) } else { Spot::Feature(number) };
        faults.into_iter().map(|fault| self.problem(fault, spot.clone())).collect()
    }

    fn problem(&self, CellFault { column, field, fault }: CellFault, spot: Spot) -> Problem {
        let row = match &self.rows {
            Rows::Csv(rows) => rows.row(),
            Rows::GeoJson(rows) => rows.row(),
        };
        let cell = |at: usize| row.get(at).unwrap_or("").trim();
        let (x, y) = self.converter.locator.axes;
        // Of a position both numbers are shown: which of them is wrong is for the reader to see.
        let pair = field == Some(x) && !fault.reason.contains("number");
        let value = match (column, self.converter.columns.column(y)) {
            (Some(at), Some(other)) if pair => format!("{}, {}", cell(at), cell(other)),
            (Some(at), _) => cell(at).to_string(),
            (None, _) => String::new(),
        };
        let heading = column.map(|at| self.converter.columns.headings()[at].clone());
        Problem {
            file: self.file.clone(),
            spot,
            column: heading.or_else(|| field.map(|f| f.code().to_string())),
            value: Some(shown(&value)).filter(|value| !value.is_empty()),
            reason: fault.reason.into_owned(),
            hint: fault.hint.into_owned(),
        }
    }
}

impl Iterator for RecordReader {
    type Item = Result<Record, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        match self.read_row() {
            Ok(Some(row)) => Some(row.map_err(RowError::Rejected)),
            Ok(None) => {
                self.is_done = true;
                None
            }
            Err(problem) => {
                self.is_done = true;
                Some(Err(RowError::Broken(problem)))
            }
        }
    }
}

/// A value as problems show it: personal data masked, cut to 80 characters.
pub(crate) fn shown(value: &str) -> String {
    personal::redacted(value).chars().take(80).collect()
}

fn open_rows(source: &SourceFile, crs: Option<u16>) -> Result<Rows, Vec<Problem>> {
    let declared = if crs.is_some() { DeclaredCrs::Overridden } else { DeclaredCrs::MustBeDegrees };
    Ok(match source.format() {
        Format::Csv => Rows::Csv(Box::new(CsvRows::open(source).map_err(|problem| vec![problem])?)),
        Format::GeoJson => Rows::GeoJson(Box::new(GeoJsonRows::open(source, declared)?)),
    })
}

fn converter(
    source: &SourceFile,
    options: &ReadOptions,
    crs: InputCrs,
    columns: Columns,
    (register, areas, vocabulary): (&Register, &[Area], &Vocabulary),
) -> RowConverter {
    let home = Home::of(areas.iter().map(|area| &area.outline));
    let comma = source.decimal_comma() || (source.format() == Format::Csv && source.delimiter() != b',');
    let mut locator = Locator::new(crs, home, register.clone(), AreaNames::new(areas), comma);
    if columns.column(Field::X).is_some() {
        locator.axes = (Field::X, Field::Y);
    }
    locator.points_only = options.into != Into::Activities;
    let strict = options.strict_categories;
    let terms = match options.into {
        Into::Activities => TermMatcher::new(&vocabulary.kinds, strict, "kind"),
        _ => TermMatcher::new(&vocabulary.categories, strict, "category"),
    };
    let prefix = options.id_prefix.as_deref().unwrap_or("r");
    RowConverter {
        into: options.into,
        columns,
        clock: Clock::new(options.zone.clone(), options.ambiguous),
        locator,
        terms,
        roles: TermMatcher::new(&vocabulary.roles, strict, "role"),
        generated: format!("{prefix}{}", &source.sha256()[..8]),
        id_prefix: options.id_prefix.clone(),
        redact: options.redact,
        is_csv: source.format() == Format::Csv,
    }
}

fn summary_of_columns(columns: &Columns) -> ReadSummary {
    ReadSummary {
        dropped_columns: columns.dropped(),
        kept_columns: columns.kept.iter().map(|at| columns.headings()[*at].clone()).collect(),
        columns: columns.guesses(),
        ..ReadSummary::default()
    }
}
