//! Rows that were refused.

use std::fs::File;
use std::path::Path;

use crate::cli::answer::Draft;
use crate::geodata::{Problem, RecordReader};

/// Refused rows: the first ones on the terminal, all in the rejects file.
pub(super) struct Rejects {
    file: Option<(csv::Writer<File>, Draft)>,
    pub(super) rows: u64,
}

impl Rejects {
    pub(super) const SHOWN: u64 = 20;

    pub(super) fn open(path: Option<&Path>, reader: &RecordReader) -> anyhow::Result<Self> {
        let file = match path {
            None => None,
            Some(path) => {
                let (draft, file) = Draft::create(path)?;
                let mut writer = csv::Writer::from_writer(file);
                let headings = reader.headings();
                writer.write_record(headings.iter().map(String::as_str).chain(["line", "reason"]))?;
                Some((writer, draft))
            }
        };
        Ok(Self { file, rows: 0 })
    }

    pub(super) fn add(&mut self, problems: &[Problem], reader: &RecordReader) -> anyhow::Result<()> {
        self.rows += 1;
        if self.rows <= Self::SHOWN {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
        } else if self.rows == Self::SHOWN + 1 {
            eprintln!(
                "... further refused rows are counted{}",
                if self.file.is_some() {
                    " and written to the rejects file"
                } else {
                    "; --rejects FILE.csv keeps them"
                }
            );
        }
        if let Some((writer, _)) = &mut self.file {
            let reasons: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let row = reader.row();
            let width = reader.headings().len();
            let cells = row.iter().chain(std::iter::repeat("")).take(width);
            writer.write_record(cells.chain([reader.line().to_string().as_str(), reasons.join(" | ").as_str()]))?;
        }
        Ok(())
    }

    pub(super) fn close(&mut self) -> anyhow::Result<()> {
        if let Some((mut writer, draft)) = self.file.take() {
            writer.flush()?;
            draft.finish()?;
        }
        Ok(())
    }
}
