//! What every way in shares beyond reading a row: rows that are refused, marks of generated rows.

use std::io::Write;

use super::problem::Problem;
use super::read::RecordReader;

/// What our exports write in the column `data_class` of rows that are generated.
const GENERATED: &str = "synthetic";

/// Which rows of a file are marked as generated. They and records of this world are never mixed.
#[derive(Clone, Debug, Default)]
pub struct GeneratedMarks {
    column: Option<usize>,
    /// Whether a row that was taken is marked as generated.
    pub generated: bool,
    /// Whether a row that was taken is not.
    pub of_this_world: bool,
}

impl GeneratedMarks {
    /// For the rows of this reader.
    pub fn new(reader: &RecordReader) -> Self {
        let column = reader.headings().iter().position(|heading| heading == "data_class");
        Self { column, ..Self::default() }
    }

    /// Notes the row that was read last, which was taken.
    pub fn note(&mut self, reader: &RecordReader) {
        let marked = self.column.is_some_and(|at| reader.row().get(at) == Some(GENERATED));
        self.generated |= marked;
        self.of_this_world |= !marked;
    }
}

/// The file of refused rows: the columns as they stand in the source, then the line and the reasons.
pub struct RejectsWriter<W: Write> {
    writer: csv::Writer<W>,
    width: usize,
}

impl<W: Write> RejectsWriter<W> {
    /// Writes the headings of this reader's rows.
    pub fn new(to: W, reader: &RecordReader) -> csv::Result<Self> {
        let mut writer = csv::Writer::from_writer(to);
        let headings = reader.headings();
        writer.write_record(headings.iter().map(String::as_str).chain(["line", "reason"]))?;
        Ok(Self { writer, width: headings.len() })
    }

    /// Adds the row that was read last, with every reason.
    pub fn add(&mut self, problems: &[Problem], reader: &RecordReader) -> csv::Result<()> {
        let reasons: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let row = reader.row();
        let cells = row.iter().chain(std::iter::repeat("")).take(self.width);
        self.writer.write_record(cells.chain([reader.line().to_string().as_str(), reasons.join(" | ").as_str()]))
    }

    /// Hands everything on.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// Why the row that was read last is not taken: an id that is there already, or a record that is not ours to hold.
pub fn not_taken(reader: &RecordReader, id: Option<&str>, reason: String, hint: &str) -> Problem {
    Problem {
        file: reader.file().to_string(),
        spot: reader.spot(),
        column: id.map(|_| "id".to_string()),
        value: id.map(super::read::shown),
        reason,
        hint: hint.to_string(),
    }
}
