//! Reads a records file row by row: the iterator that imports and dry runs share.
//!
//! Memory does not grow with the file: one row, one cache of time zone offsets, and tallies with a
//! limit. Duplicate ids are not noticed here; the store does that.

use csv::StringRecord;
use jiff::tz::TimeZone;

use super::Into;
use super::clock::{Ambiguous, Clock};
use super::columns::Columns;
use super::crs::{Home, InputCrs};
use super::csv_rows::NextRow;
use super::fields::Field;
use super::followup_rows::OF_ACTION;
use super::personal;
use super::place_of_row::Locator;
use super::polisen_rows;
use super::problem::{Problem, Spot};
use super::records::{CellFault, Notes, Profile, RowConverter};
use super::register::{AreaNames, Register};
use super::rows::Rows;
use super::source_file::{Format, SourceFile};
use super::terms::{Tally, TermMatcher};
use super::values::Fault;
use super::xlsx::XlsxLimits;
use crate::domain::{Area, Id, Record, TimeCertainty, Vocabulary};

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
    /// What rows hold beside the records of the collection.
    pub profile: Option<Profile>,
    /// The sheet of a workbook; without it the first visible one whose headings are known.
    pub sheet: Option<String>,
    /// The layer of a GeoPackage; needed when it has several.
    pub layer: Option<String>,
    /// How much a workbook may ask for; its rows also limit the features of a GeoPackage.
    pub xlsx: XlsxLimits,
    /// Place texts that mean an entry of the register, over what the register finds.
    pub place_names: Vec<(String, Id)>,
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
            profile: None,
            sheet: None,
            layer: None,
            xlsx: XlsxLimits::default(),
            place_names: Vec::new(),
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

/// The records of a row, or why it is refused.
type RowOutcome = Result<Vec<Record>, Vec<Problem>>;

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
        let mut problems = Vec::new();
        if let Some(prefix) = options.id_prefix.as_deref().filter(|prefix| Id::new(prefix).is_err()) {
            let fault = Fault::new(
                format!("id prefix '{prefix}' is not valid"),
                "A-Z, a-z, 0-9, '.', '_' and '-' are accepted",
            );
            problems.push(whole(None, fault));
        }
        if matches!(options.into, Into::Areas | Into::Promises) {
            let fault = Fault::new(format!("{} are not read row by row", options.into.code()), "");
            return Err(vec![whole(None, fault)]);
        }
        if options.profile.is_some() && options.into != Into::Observations {
            let fault =
                Fault::new("a safety-walk protocol gives observations", "--into observations is accepted with it");
            return Err(vec![whole(None, fault)]);
        }
        let rows = Rows::open(&source, options)?;
        let headings = rows.clean_headings();
        // What the user says goes before what the file says.
        let crs = match InputCrs::from_epsg(options.crs.or(rows.epsg())) {
            Ok(crs) => crs,
            Err(error) => {
                problems.push(whole(None, Fault::new(error.to_string(), "")));
                InputCrs::Degrees
            }
        };
        let metres = matches!(crs, InputCrs::Metres(_));
        let (of_action, mut of_record): (Vec<_>, Vec<_>) =
            options.map.iter().cloned().partition(|(field, _)| options.profile.is_some() && OF_ACTION.contains(field));
        if source.format() == Format::GeoPackage {
            // A layer has its geometry; coordinates in columns beside it may be of another system.
            let positions = [Field::Lon, Field::Lat, Field::X, Field::Y, Field::Geometry];
            let unsaid = |field: &Field| {
                field.belongs_to(options.into) && !options.map.iter().any(|(mapped, _)| mapped == field)
            };
            of_record.extend(positions.into_iter().filter(unsaid).map(|field| (field, String::new())));
        }
        let columns = match Columns::find(&headings, options.into, &of_record, &options.keep, metres) {
            Ok(mut columns) => {
                if options.profile.is_some() {
                    let mut faults = Vec::new();
                    columns.add_action(&of_action, &mut faults);
                    problems.extend(faults.into_iter().map(|(column, fault)| whole(column, fault)));
                }
                columns
            }
            Err(_) if rows.is_empty() => Columns::none(),
            Err(faults) => {
                problems.extend(faults.into_iter().map(|(column, fault)| whole(column, fault)));
                return Err(problems);
            }
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let converter =
            converter(&source, options, crs, columns, (register, areas, vocabulary), rows.has_armed_cells());
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
        self.rows.headings()
    }

    /// The row that was read last as it stands in the file, for the rejects file. Nothing is masked in it.
    pub fn row(&self) -> StringRecord {
        self.rows.whole_row()
    }

    /// Sheet or layer that is read, in words; empty for formats that have no parts.
    pub fn part(&self) -> &str {
        self.rows.part()
    }

    /// EPSG code the coordinates are read in; absent means degrees.
    pub fn epsg(&self) -> Option<u16> {
        match &self.converter.locator.crs {
            InputCrs::Degrees => None,
            InputCrs::Metres(plane) => Some(plane.epsg()),
        }
    }

    /// Name of the file, as problems have it.
    pub fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.converter.columns
    }

    /// Where the row that was read last is.
    pub fn spot(&self) -> Spot {
        self.rows.spot(self.line)
    }

    /// Line (or feature) of the row that was read last.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Bytes of the file taken so far, for a progress bar; a buffer ahead of the row.
    pub fn bytes_read(&self) -> u64 {
        self.rows.bytes_read()
    }

    /// What was read so far.
    pub fn summary(&self) -> ReadSummary {
        let mut summary = self.summary.clone();
        summary.dropped_columns.extend(self.rows.late());
        summary.unmatched_places = self.places.by_frequency();
        summary.unmatched_areas = self.areas.by_frequency();
        summary.new_categories = self.terms.by_frequency();
        summary.new_roles = self.roles.by_frequency();
        summary.looks_like = self.looks_like.by_frequency();
        summary
    }

    fn read_row(&mut self) -> Result<Option<RowOutcome>, Problem> {
        let number = match self.rows.next()? {
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
        self.rows.date_numbers(&self.converter.columns);
        let outcome = self.converter.convert(self.rows.row(), self.rows.geometry(), self.rows.errors(), number);
        self.line = number;
        self.summary.rows += 1;
        Ok(Some(match outcome {
            Ok((records, notes)) => {
                self.count(&notes);
                Ok(records)
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
        let is_counted = self.converter.into.counted().is_some() || self.converter.into == Into::Places;
        summary.area_only += u64::from(is_counted && notes.has_area && !notes.has_shape);
        summary.without_position += u64::from(is_counted && !notes.has_area && !notes.has_shape);
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
        let spot = self.rows.spot(number);
        faults.into_iter().map(|fault| self.problem(fault, spot.clone())).collect()
    }

    fn problem(&self, CellFault { column, field, fault }: CellFault, spot: Spot) -> Problem {
        let row = self.rows.row();
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
    /// The records of a row: one, except where a profile makes several, which belong together.
    type Item = Result<Vec<Record>, RowError>;

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

fn converter(
    source: &SourceFile,
    options: &ReadOptions,
    crs: InputCrs,
    columns: Columns,
    (register, areas, vocabulary): (&Register, &[Area], &Vocabulary),
    is_armed: bool,
) -> RowConverter {
    let home = Home::of(areas.iter().map(|area| &area.outline));
    let free = source.format() == Format::Xlsx || (source.format() == Format::Csv && source.delimiter() != b',');
    let comma = source.decimal_comma() || free;
    let register = register.with_names(&options.place_names);
    let mut locator = Locator::new(crs, home, register, AreaNames::new(areas), comma);
    if columns.column(Field::X).is_some() {
        locator.axes = (Field::X, Field::Y);
    }
    locator.points_only = options.into != Into::Activities;
    let strict = options.strict_categories;
    let terms = match options.into {
        Into::Activities => TermMatcher::new(&vocabulary.kinds, strict, "kind"),
        // What is only a number can only be counted with a kind that promises know.
        Into::ReportedCounts | Into::Bookings => TermMatcher::new(&vocabulary.kinds, true, "kind"),
        _ => TermMatcher::new(&vocabulary.categories, strict, "category"),
    };
    let prefix = options.id_prefix.as_deref().unwrap_or("r");
    RowConverter {
        into: options.into,
        profile: options.profile,
        columns,
        clock: Clock::new(zone_of(source, options), options.ambiguous),
        locator,
        terms,
        roles: TermMatcher::new(&vocabulary.roles, strict, "role"),
        generated: format!("{prefix}{}", &source.sha256()[..8]),
        id_prefix: options.id_prefix.clone(),
        redact: options.redact,
        is_armed,
    }
}

/// The zone of wall times: the one said, but the feed of the Swedish police has its own.
fn zone_of(source: &SourceFile, options: &ReadOptions) -> TimeZone {
    let own = if source.format() == Format::PolisenEvents { TimeZone::get(polisen_rows::ZONE).ok() } else { None };
    own.unwrap_or_else(|| options.zone.clone())
}

fn summary_of_columns(columns: &Columns) -> ReadSummary {
    ReadSummary {
        dropped_columns: columns.dropped(),
        kept_columns: columns.kept.iter().map(|at| columns.headings()[*at].clone()).collect(),
        columns: columns.guesses(),
        ..ReadSummary::default()
    }
}
