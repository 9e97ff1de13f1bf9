//! Reading a file that was sent: checked whole first, imported as one revision after.

use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::Path;

use crate::domain::{Actor, Collection, LonLat, Record, Shape};
use crate::geodata::{
    GeneratedMarks, Preview, Problem, RecordReader, Register, RejectsWriter, SeenRow, SourceFile, Spot, headings,
    not_taken, preview_each,
};
use crate::http::problem::Problem as HttpProblem;
use crate::http::records::{RecordProblem, of_store};
use crate::spatial::{DataClass, Snapshot};
use crate::store::{Expect, ImportCounts, ImportEntry, ImportNote, Operation, Store, StoreError, WriteRequest};

use super::choices::Choices;

/// First rows of a preview.
const SHOWN_ROWS: usize = 30;
/// Refused rows that are told.
pub const SHOWN_REFUSED: usize = 50;
/// Positions on the map of a preview.
const SHOWN_POINTS: usize = 1_000;

/// Where a file that was sent lies, and what it is called.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Sent<'a> {
    pub(in crate::http) file: &'a Path,
    pub(in crate::http) name: &'a str,
    /// Where its refused rows are written; `None` leaves them out.
    pub(in crate::http) rejects: Option<&'a Path>,
    pub(in crate::http) max_rows: u64,
}

/// A file that was read to its end.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What was found; nothing in it is unmasked.
    pub preview: Preview,
    /// The first refused rows with every reason.
    pub refused: Vec<Problem>,
    /// Where the first rows are that have a position.
    pub points: Vec<LonLat>,
    /// The same content was imported before and not undone.
    pub before: Option<ImportEntry>,
    /// Why it cannot be imported although its rows can be read.
    pub hindrance: Option<Hindrance>,
    sha256: String,
    /// Empty when only a preview was asked for.
    records: Vec<Record>,
}

/// Why a file as a whole cannot be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// No row can be used.
    NothingUsable,
    /// It breaks off.
    Broken,
    /// Generated records into a file of this world, or the other way round.
    Generated,
}

/// A file that cannot be previewed: why, and its headings when they could be read.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// Every reason.
    pub problems: Vec<Problem>,
    /// Its headings, so that columns can be chosen all the same.
    pub headings: Vec<String>,
    /// It has more rows than are taken.
    pub is_too_long: bool,
}

impl From<Vec<Problem>> for Unreadable {
    fn from(problems: Vec<Problem>) -> Self {
        Self { problems, headings: Vec::new(), is_too_long: false }
    }
}

/// Reads a file to its end against the data as they are now. `keep` holds on to its records.
pub(in crate::http) fn check(
    sent: Sent<'_>,
    choices: &Choices,
    snapshot: &Snapshot,
    store: &Store,
    keep: bool,
) -> Result<Result<Checked, Unreadable>, HttpProblem> {
    let checked = store.with_intake(|intake| read(sent, choices, snapshot, intake, keep)).map_err(of_store)?;
    let mut checked = match checked {
        Ok(checked) => checked?,
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    checked.before = store.imported_before(choices.into, &checked.sha256).map_err(of_store)?;
    Ok(Ok(checked))
}

fn read(
    sent: Sent<'_>,
    choices: &Choices,
    snapshot: &Snapshot,
    intake: &mut crate::store::Intake<'_>,
    keep: bool,
) -> Result<Result<Checked, HttpProblem>, Unreadable> {
    let source = inspect(sent, choices)?;
    let mut options = choices.options(snapshot.zone().clone(), sent.max_rows);
    let known = headings(&source, &options)?;
    choices.say_columns(&known, &mut options);
    let register = Register::new(snapshot.places());
    let areas = snapshot.areas().areas();
    let reader = RecordReader::open(&source, &options, &register, areas, snapshot.vocabulary())
        .map_err(|problems| Unreadable { headings: known.clone(), ..problems.into() })?;
    let mut marks = GeneratedMarks::new(&reader);
    let mut failed: Option<HttpProblem> = None;
    let mut rejects = match sent.rejects.map(|path| open_rejects(path, &reader)).transpose() {
        Ok(rejects) => rejects,
        Err(problem) => return Ok(Err(problem)),
    };
    let (mut refused, mut points, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let (mut rows, mut refused_rows) = (0_u64, 0_usize);
    let mut each = |reader: &RecordReader, row: &mut SeenRow| {
        rows += 1;
        if rows > sent.max_rows {
            return ControlFlow::Break(());
        }
        if let Ok(found) = row
            && let Err(error) = intake.take(found)
        {
            match problem_of(reader, error) {
                Ok(problem) => *row = Err(vec![problem]),
                Err(problem) => {
                    failed = Some(problem);
                    return ControlFlow::Break(());
                }
            }
        }
        match row {
            Ok(found) => {
                marks.note(reader);
                let room = SHOWN_POINTS.saturating_sub(points.len());
                points.extend(found.iter().filter_map(point_of).take(room));
                if keep {
                    records.extend(found.iter().cloned());
                }
            }
            Err(problems) => {
                refused_rows += 1;
                if refused_rows <= SHOWN_REFUSED {
                    refused.extend(problems.iter().cloned());
                }
                if let Some(Err(error)) = rejects.as_mut().map(|rejects| rejects.add(problems, reader)) {
                    failed = Some(HttpProblem::Unavailable(format!("the refused rows could not be kept: {error}")));
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    };
    let preview = preview_each(&source, &options, reader, SHOWN_ROWS, &mut each)?;
    if let Some(failed) = failed {
        return Ok(Err(failed));
    }
    if rows > sent.max_rows {
        return Err(too_long(sent));
    }
    if let Some(rejects) = rejects
        && let Err(error) = rejects.finish()
    {
        return Ok(Err(HttpProblem::Unavailable(format!("the refused rows could not be kept: {error}"))));
    }
    let is_generated = snapshot.facts().data_class == DataClass::Synthetic;
    let mixes = match is_generated {
        true => marks.of_this_world && choices.into.counted().is_some(),
        false => marks.generated,
    };
    let hindrance = match () {
        () if preview.broken.is_some() => Some(Hindrance::Broken),
        () if preview.summary.accepted == 0 => Some(Hindrance::NothingUsable),
        () if mixes => Some(Hindrance::Generated),
        () => None,
    };
    let sha256 = source.sha256().to_string();
    Ok(Ok(Checked { preview, refused, points, before: None, hindrance, sha256, records }))
}

/// What kind of file it is; refused when it is none that is read.
pub(in crate::http) fn inspect(sent: Sent<'_>, choices: &Choices) -> Result<SourceFile, Unreadable> {
    match SourceFile::inspect_as(sent.file, choices.said_format()) {
        Ok(source) => Ok(source.named(sent.name)),
        Err(problem) => Err(vec![Problem { file: sent.name.to_string(), ..problem }].into()),
    }
}

fn too_long(sent: Sent<'_>) -> Unreadable {
    let problem = Problem {
        file: sent.name.to_string(),
        spot: Spot::File,
        column: None,
        value: None,
        reason: format!("has more than {} rows", sent.max_rows),
        hint: "cut it into several files, or read it in with 'lagesbild import'".to_string(),
    };
    Unreadable { is_too_long: true, ..vec![problem].into() }
}

fn open_rejects(path: &Path, reader: &RecordReader) -> Result<RejectsWriter<BufWriter<std::fs::File>>, HttpProblem> {
    let failed = |error: String| HttpProblem::Unavailable(format!("the refused rows could not be kept: {error}"));
    let file = crate::store::private_file(path).map_err(|error| failed(error.kind().to_string()))?;
    RejectsWriter::new(BufWriter::new(file), reader).map_err(|error| failed(error.to_string()))
}

/// The refusal of one row, or what ends the reading.
fn problem_of(reader: &RecordReader, error: StoreError) -> Result<Problem, HttpProblem> {
    match error {
        StoreError::DuplicateId { collection, id } => {
            let hint = "the record is not replaced; change it on its page, or take the row out";
            Ok(not_taken(reader, Some(&id), format!("the id exists in {collection} already"), hint))
        }
        StoreError::RepeatedId { id, .. } => {
            let reason = "the id stands twice in this file".to_string();
            Ok(not_taken(reader, Some(&id), reason, "give every row its own id"))
        }
        StoreError::OtherController { .. } | StoreError::OverlappingCount { .. } => {
            Ok(not_taken(reader, None, error.to_string(), ""))
        }
        other => Err(of_store(other)),
    }
}

fn point_of(record: &Record) -> Option<LonLat> {
    match record {
        Record::Observation(o) => o.location.shape.as_ref().and_then(Shape::representative_point),
        Record::Activity(a) => a.location.shape.as_ref().and_then(Shape::representative_point),
        Record::Place(place) => place.at,
        _ => None,
    }
}

/// What an import left behind, for its page.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Number of the import.
    pub import_id: i64,
    /// Its revision.
    pub revision: u64,
    /// Where it went.
    pub collection: Collection,
    /// Rows read, taken, refused.
    pub counts: ImportCounts,
    /// Place names that later imports know.
    pub remembered: Vec<String>,
    /// Place names that could not be remembered, because the place was changed at the same moment.
    pub not_remembered: Vec<String>,
}

/// Keeps the rows of a checked file as one revision, then the place names to remember as another.
pub(in crate::http) fn import(
    checked: Checked,
    name: &str,
    choices: &Choices,
    store: &Store,
    actor: &Actor,
) -> Result<Outcome, HttpProblem> {
    let counts = ImportCounts {
        rows: checked.preview.summary.rows,
        accepted: checked.preview.summary.accepted,
        rejected: checked.preview.summary.rejected,
    };
    let note = ImportNote { file: name.to_string(), sha256: checked.sha256, id_prefix: String::new(), update: false };
    let done = store.import(actor, note, choices.into, checked.records, counts).map_err(of_import)?;
    let (remembered, not_remembered) = remember(choices, store, actor);
    Ok(Outcome {
        import_id: done.import_id,
        revision: done.revision,
        collection: choices.into,
        counts,
        remembered,
        not_remembered,
    })
}

/// What an import can be refused for when everything was checked a moment ago.
pub(in crate::http) fn of_import(error: StoreError) -> HttpProblem {
    match error {
        StoreError::ImportedBefore { import_id, at, .. } => RecordProblem::Conflict(format!(
            "this content was imported already (import {import_id}, {at}); undo that import first"
        ))
        .into(),
        StoreError::NotUndone { ref why, .. } if why.starts_with("there is no import") => {
            HttpProblem::NotFound("import of this number".to_string())
        }
        StoreError::NotUndone { .. } => RecordProblem::Conflict(error.to_string()).into(),
        other => of_store(other),
    }
}

/// The texts that were mapped become other names of their places.
fn remember(choices: &Choices, store: &Store, actor: &Actor) -> (Vec<String>, Vec<String>) {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for choice in choices.places.iter().filter(|choice| choice.remember) {
        let Some(id) = &choice.place else { continue };
        let found = store.found(Collection::Places, id, None);
        let Ok(crate::store::Found::Current { record: Record::Place(mut place), revision }) = found else {
            failed.push(choice.text.clone());
            continue;
        };
        if !place.aliases.contains(&choice.text) {
            place.aliases.push(choice.text.clone());
            let expect = Expect::Revision(revision);
            let operations = vec![Operation::Put { record: Record::Place(place), expect }];
            let what = "a name of a place learnt from an import".to_string();
            if let Err(error) = store.write(actor, WriteRequest { what, operations, retry: None }) {
                tracing::warn!("a place name could not be remembered: {error}");
                failed.push(choice.text.clone());
                continue;
            }
        }
        done.push(choice.text.clone());
    }
    (done, failed)
}
