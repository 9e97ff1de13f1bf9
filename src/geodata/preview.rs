//! What a file would give, before anything of it is kept: for the upload page and for dry runs.

use std::ops::ControlFlow;

use super::columns::Columns;
use super::fields::Field;
use super::problem::{Problem, Spot};
use super::read::{ReadOptions, ReadSummary, RecordReader, RowError, shown};
use super::register::Register;
use super::rows::Rows;
use super::source_file::{Encoding, Format, SourceFile};
use super::{personal, terms};
use crate::domain::{Area, Collection, Id, Record, Vocabulary};

/// What was found in a file. Texts in it that look like personal data are masked, in records and problems too.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// What kind of file it is, in words.
    pub format: &'static str,
    /// How its bytes are letters; absent where the format settles it.
    pub encoding: Option<Encoding>,
    /// What stands between the columns (CSV).
    pub delimiter: Option<char>,
    /// Whether numbers were seen with a decimal comma (CSV).
    pub decimal_comma: Option<bool>,
    /// Sheet or layer, in words; empty for formats without.
    pub part: String,
    /// EPSG code the coordinates are read in; absent means degrees.
    pub epsg: Option<u16>,
    /// Columns in file order.
    pub columns: Vec<PreviewColumn>,
    /// The first value of the columns that say when, and how it looks: `2025-03-01 21:30`.
    pub time_sample: Option<String>,
    /// The first rows, good and bad, in file order.
    pub rows: Vec<PreviewRow>,
    /// Ids that stand more than once in this file, with how often; at most 10,000 different ones.
    pub duplicate_ids: Vec<(String, u64)>,
    /// Everything counted over the whole file: places to map, new words, dropped columns, personal data.
    pub summary: ReadSummary,
    /// Why reading ended before the end of the file; nothing of it can be imported then.
    pub broken: Option<Problem>,
}

/// A column and what it is read for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewColumn {
    /// The heading.
    pub heading: String,
    /// Fields it is read for; none when it is dropped or only kept.
    pub fields: Vec<Field>,
    /// Whether it is kept beside the fields.
    pub is_kept: bool,
    /// The first different values that are not empty, at most three, masked.
    pub samples: Vec<String>,
}

/// A row of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewRow {
    /// Where it is.
    pub spot: Spot,
    /// Its cells, masked.
    pub cells: Vec<String>,
    /// What it gives; none when it is refused.
    pub records: Vec<Record>,
    /// Why it is refused.
    pub problems: Vec<Problem>,
}

const SAMPLES: usize = 3;

/// Reads a file to its end and keeps its first `max_rows` rows.
///
/// Errors are those of [`RecordReader::open`]: nothing can be shown when the columns cannot be settled.
/// Cost: that of an import without storing; memory: the first rows, and the ids (at most 10,000 that
/// stand twice are listed; one hash of 8 bytes for each row).
pub fn preview(
    source: &SourceFile,
    options: &ReadOptions,
    register: &Register,
    areas: &[Area],
    vocabulary: &Vocabulary,
    max_rows: usize,
) -> Result<Preview, Vec<Problem>> {
    let reader = RecordReader::open(source, options, register, areas, vocabulary)?;
    preview_each(source, options, reader, max_rows, |_, _| ControlFlow::Continue(()))
}

/// A row as [`preview_each`] hands it out: its records as they are, not masked, or why it is refused.
pub type SeenRow = Result<Vec<Record>, Vec<Problem>>;

/// The headings of a file as columns are found by them, also when its columns cannot be settled.
pub fn headings(source: &SourceFile, options: &ReadOptions) -> Result<Vec<String>, Vec<Problem>> {
    Ok(Rows::open(source, options)?.clean_headings())
}

/// A text as it may be shown: what looks like personal data is `[...]`.
pub fn masked(text: &str) -> String {
    personal::redacted(text).into_owned()
}

/// [`preview`] that also hands every row to `each`, which may refuse it for reasons of its own or end the reading.
/// Rows it refuses are counted as refused in the summary.
pub fn preview_each(
    source: &SourceFile,
    options: &ReadOptions,
    mut reader: RecordReader,
    max_rows: usize,
    mut each: impl FnMut(&RecordReader, &mut SeenRow) -> ControlFlow<()>,
) -> Result<Preview, Vec<Problem>> {
    let mut refused_here = 0;
    let is_csv = source.format() == Format::Csv;
    let mut preview = Preview {
        format: source.format().name(),
        encoding: source.format().is_text().then(|| source.encoding()),
        delimiter: is_csv.then(|| char::from(options.delimiter.unwrap_or(source.delimiter()))),
        decimal_comma: is_csv.then(|| source.decimal_comma()),
        part: reader.part().to_string(),
        epsg: reader.epsg(),
        columns: columns_of(reader.columns()),
        ..Preview::default()
    };
    let mut ids = Ids::default();
    while let Some(row) = reader.next() {
        let mut row: SeenRow = match row {
            Ok(records) => Ok(records),
            Err(RowError::Rejected(problems)) => Err(problems),
            Err(RowError::Broken(problem)) => {
                preview.broken = Some(problem);
                break;
            }
        };
        let was_taken = row.is_ok();
        if each(&reader, &mut row).is_break() {
            break;
        }
        refused_here += u64::from(was_taken && row.is_err());
        let (mut records, problems) = match row {
            Ok(records) => (records, Vec::new()),
            Err(problems) => (Vec::new(), problems),
        };
        records.iter().for_each(|record| ids.add(record.collection(), record.id()));
        if preview.rows.len() >= max_rows {
            continue;
        }
        let cells: Vec<String> = reader.row().iter().map(|cell| personal::redacted(cell).into_owned()).collect();
        add_samples(&mut preview.columns, &cells);
        records.iter_mut().for_each(mask);
        preview.rows.push(PreviewRow { spot: reader.spot(), cells, records, problems });
    }
    preview.time_sample = time_sample(&preview.columns);
    preview.duplicate_ids = ids.duplicates();
    preview.summary = reader.summary();
    preview.summary.accepted -= refused_here;
    preview.summary.rejected += refused_here;
    mask_summary(&mut preview.summary);
    Ok(preview)
}

fn columns_of(columns: &Columns) -> Vec<PreviewColumn> {
    let of = |(at, heading): (usize, &String)| PreviewColumn {
        heading: heading.clone(),
        fields: Field::all().filter(|field| columns.column(*field) == Some(at)).collect(),
        is_kept: columns.kept.contains(&at),
        samples: Vec::new(),
    };
    columns.headings().iter().enumerate().map(of).collect()
}

fn add_samples(columns: &mut [PreviewColumn], cells: &[String]) {
    for (column, cell) in columns.iter_mut().zip(cells) {
        let cell = shown(cell.trim());
        if column.samples.len() < SAMPLES && !cell.is_empty() && !column.samples.contains(&cell) {
            column.samples.push(cell);
        }
    }
}

fn time_sample(columns: &[PreviewColumn]) -> Option<String> {
    let first = |field: Field| columns.iter().find(|c| c.fields.contains(&field)).and_then(|c| c.samples.first());
    let day = [Field::Start, Field::Datetime, Field::Date, Field::Period].into_iter().find_map(first);
    match (day, first(Field::Time)) {
        (Some(day), Some(time)) => Some(format!("{day} {time}")),
        (day, time) => day.or(time).cloned(),
    }
}

/// Free text of a record that was accepted holds nothing personal, or was redacted; names of areas and places
/// from the register may.
fn mask(record: &mut Record) {
    let clean = |text: &mut Option<String>| {
        if let Some(text) = text {
            *text = personal::redacted(text).into_owned();
        }
    };
    match record {
        Record::Observation(o) => {
            clean(&mut o.text);
            clean(&mut o.location.place_text);
        }
        Record::Activity(a) => {
            clean(&mut a.text);
            clean(&mut a.location.place_text);
        }
        _ => {}
    }
}

fn mask_summary(summary: &mut ReadSummary) {
    let lists = [
        &mut summary.unmatched_places,
        &mut summary.unmatched_areas,
        &mut summary.new_categories,
        &mut summary.new_roles,
    ];
    for (text, _) in lists.into_iter().flatten() {
        *text = personal::redacted(text).into_owned();
    }
}

/// Ids by their hash; those that come again by name.
#[derive(Default)]
struct Ids {
    seen: std::collections::HashSet<u64>,
    again: std::collections::BTreeMap<String, u64>,
}

impl Ids {
    fn add(&mut self, collection: Collection, id: &Id) {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (collection, id).hash(&mut hasher);
        // Two different ids in a million share a hash once in some 40 million files; then one is called a
        // duplicate here and imported all the same.
        if !self.seen.insert(hasher.finish())
            && (self.again.len() < terms::MAX_DISTINCT || self.again.contains_key(id.as_str()))
        {
            *self.again.entry(id.to_string()).or_insert(1) += 1;
        }
    }

    fn duplicates(self) -> Vec<(String, u64)> {
        self.again.into_iter().collect()
    }
}
