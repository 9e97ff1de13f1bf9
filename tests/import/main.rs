//! Reading records files: hand-made small ones for each rule, and the Chicago file.

mod bad_input;
mod chicago;
mod followup;
mod formulas;
mod geojson;
mod geopackage;
mod polisen;
mod preview;
mod round_trip;
mod round_trip_followup;
#[path = "../support/skip.rs"]
mod skip;
mod swedish_excel;
mod time;
mod xlsx;

use jiff::tz::TimeZone;
use lagesbild::domain::{Area, Id, LonLat, Observation, Place, Vocabulary};
use lagesbild::geodata::{
    Into, Problem, ReadOptions, ReadSummary, Record, RecordReader, Register, RowError, SourceFile,
};

/// What reading a file gave.
pub(crate) struct Outcome {
    pub(crate) records: Vec<Record>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) summary: ReadSummary,
}

impl Outcome {
    /// The observations; other records end the test.
    pub(crate) fn observations(&self) -> Vec<&Observation> {
        let each = self.records.iter().map(|record| match record {
            Record::Observation(observation) => observation,
            other => panic!("not an observation: {other:?}"),
        });
        each.collect()
    }
}

/// Observations with the clock of Stockholm.
pub(crate) fn observations() -> ReadOptions {
    ReadOptions::new(Into::Observations, zone("Europe/Stockholm"))
}

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("bundled")
}

/// A register with the travel centre (a point) and Runneryd (an area).
pub(crate) fn places() -> Vec<Place> {
    let place = |id: &str, name: &str, at: Option<LonLat>, area: Option<&str>| Place {
        id: Id::new(id).expect("id"),
        name: name.to_string(),
        aliases: vec![],
        at,
        precision_m: Some(75.0),
        area: area.map(|a| Id::new(a).expect("id")),
        source: String::new(),
    };
    vec![
        place("resecentrum", "Resecentrum", LonLat::new(14.695, 57.652).ok(), None),
        place("runneryd", "Runneryd", None, Some("runneryd")),
    ]
}

pub(crate) fn try_read(content: &[u8], options: &ReadOptions, areas: &[Area]) -> Result<Outcome, Vec<Problem>> {
    let dir = tempfile::tempdir().expect("temporary folder");
    let path = dir.path().join("rows.csv");
    std::fs::write(&path, content).expect("written");
    let source = SourceFile::inspect(&path).map_err(|problem| vec![problem])?;
    let mut reader = RecordReader::open(&source, options, &Register::new(&places()), areas, &Vocabulary::seed())?;
    let (mut records, mut problems) = (Vec::new(), Vec::new());
    for row in reader.by_ref() {
        match row {
            Ok(found) => records.extend(found),
            Err(RowError::Rejected(found)) => problems.extend(found),
            Err(RowError::Broken(problem)) => return Err(vec![problem]),
        }
    }
    Ok(Outcome { records, problems, summary: reader.summary() })
}

pub(crate) fn read(content: &str, options: &ReadOptions) -> Outcome {
    try_read(content.as_bytes(), options, &[]).expect("a readable file")
}
