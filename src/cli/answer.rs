//! How a command ends: text on standard output, reasons on standard error, an exit code.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};

use crate::settings::SettingsError;
use crate::wire::BadWord;

/// Exit codes: 0 ok, 1 failed, 2 usage, 3 done with rejected rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Ok,
    Failed,
    WithRejects,
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> Self {
        match done {
            Done::Ok => Self::SUCCESS,
            Done::Failed => Self::FAILURE,
            Done::WithRejects => Self::from(3),
        }
    }
}

/// The exit code of an error: 2 when the words of the command or the settings are to blame.
pub(super) fn code_of(error: &anyhow::Error) -> ExitCode {
    let is_usage = error.is::<BadWord>() || error.is::<super::Usage>() || error.is::<SettingsError>();
    if is_usage { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// Whether a reader of standard output that stops early, such as `head`, is all that went wrong.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.into_iter().any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Columns of the terminal that standard output goes to; `None` for files and pipes, which have no width.
pub(super) fn terminal_columns() -> Option<u16> {
    console::Term::stdout().size_checked().map(|(_, columns)| columns).filter(|columns| *columns > 0)
}

/// Folds the cells of the columns `with_words`, so that lines fit into the width of a terminal. Numbers
/// are never torn: when they alone are wider, so is the table.
pub(super) fn fit(table: &mut Table, columns: Option<u16>, with_words: &[usize]) {
    const NARROWEST: Width = Width::Fixed(14);
    let Some(columns) = columns else { return };
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_constraint(match with_words.contains(&at) {
            true => ColumnConstraint::LowerBoundary(NARROWEST),
            false => ColumnConstraint::ContentWidth,
        });
    }
}

/// Writes to a file, whole or not at all, or to standard output.
pub(super) fn write(to: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    match to {
        None => {
            let mut out = std::io::stdout().lock();
            match out.write_all(bytes).and_then(|()| out.flush()) {
                Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
                other => other.context("standard output"),
            }
        }
        Some(path) => {
            let (draft, mut file) = Draft::create(path)?;
            file.write_all(bytes).with_context(|| format!("{}", path.display()))?;
            draft.finish()
        }
    }
}

/// Makes a workbook and writes it, unless a person would get it on the screen.
pub(super) fn write_workbook(to: Option<&Path>, make: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<()> {
    if to.is_none() && std::io::stdout().is_terminal() {
        return Err(super::Usage("--format xlsx: name the file with -o FILE.xlsx".to_string()).into());
    }
    write(to, &make()?)
}

/// A file that is written beside its name and gets it when it is whole. Dropped before that, it is
/// taken away again, and what stood under the name stays.
pub(super) struct Draft {
    path: PathBuf,
    draft: PathBuf,
    is_finished: bool,
}

impl Draft {
    /// Begins `path`.
    pub(super) fn create(path: &Path) -> anyhow::Result<(Self, File)> {
        if path.is_dir() {
            anyhow::bail!("{}: is a folder; name a file in it", path.display());
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.exists()) {
            anyhow::bail!("{}: there is no folder {}; make it first", path.display(), folder.display());
        }
        let mut name = path.as_os_str().to_os_string();
        name.push(".part");
        let draft = PathBuf::from(name);
        let file = File::create(&draft).with_context(|| format!("{}: cannot be written", path.display()))?;
        Ok((Self { path: path.to_path_buf(), draft, is_finished: false }, file))
    }

    /// Where it is written meanwhile.
    pub(super) fn draft_path(&self) -> &Path {
        &self.draft
    }

    /// Gives the file its name.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        std::fs::rename(&self.draft, &self.path).with_context(|| format!("{}", self.path.display()))?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_finished {
            // The error that led here is the one to tell.
            let _ = std::fs::remove_file(&self.draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_folded_to_the_width_of_the_terminal_and_left_alone_elsewhere() {
        let long = "Resecentrum (placeholder: position not known) with quite a name";
        let folded = |columns| {
            let mut table = Table::new();
            table.add_row([long, "1.23", "4.56-7.89"]);
            fit(&mut table, columns, &[0]);
            let text = table.to_string();
            assert!(text.contains("1.23") && text.contains("4.56-7.89"), "a number is torn:\n{text}");
            text.lines().map(|line| line.chars().count()).max().unwrap_or_default()
        };
        assert!(folded(Some(40)) <= 40 && folded(Some(10)) > 10 && folded(None) > 80);
    }

    #[test]
    fn a_draft_that_is_not_finished_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "before").expect("written");
        let names = || std::fs::read_dir(folder.path()).expect("readable").count();
        drop(Draft::create(&path).expect("begun"));
        assert_eq!((std::fs::read_to_string(&path).expect("there").as_str(), names()), ("before", 1));
        let (draft, mut file) = Draft::create(&path).expect("begun");
        file.write_all(b"after").expect("written");
        draft.finish().expect("renamed");
        assert_eq!((std::fs::read_to_string(&path).expect("there").as_str(), names()), ("after", 1));
    }
}
