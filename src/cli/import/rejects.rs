//! Rows that were refused.

use std::fs::File;
use std::path::Path;

use crate::cli::answer::Draft;
use crate::geodata::{Problem, RecordReader, RejectsWriter};

/// Refused rows: the first ones on the terminal, all in the rejects file.
pub(super) struct Rejects {
    file: Option<(RejectsWriter<File>, Draft)>,
    pub(super) rows: u64,
}

impl Rejects {
    pub(super) const SHOWN: u64 = 20;

    pub(super) fn open(path: Option<&Path>, reader: &RecordReader) -> anyhow::Result<Self> {
        let file = match path {
            None => None,
            Some(path) => {
                let (draft, file) = Draft::create(path)?;
                Some((RejectsWriter::new(file, reader)?, draft))
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
            writer.add(problems, reader)?;
        }
        Ok(())
    }

    pub(super) fn close(&mut self) -> anyhow::Result<()> {
        if let Some((writer, draft)) = self.file.take() {
            writer.finish()?;
            draft.finish()?;
        }
        Ok(())
    }
}
