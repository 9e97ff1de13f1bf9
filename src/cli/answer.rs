//! How a command ends: text on standard output, reasons on standard error, an exit code.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

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

/// The exit code of an error: 2 when the words of the command are to blame.
pub(super) fn code_of(error: &anyhow::Error) -> ExitCode {
    if error.is::<BadWord>() || error.is::<super::Usage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// Writes to a file, whole or not at all, or to standard output.
pub(super) fn write(to: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    match to {
        None => match std::io::stdout().lock().write_all(bytes) {
            // A reader that stops early, such as `head`, is no failure.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("standard output"),
        },
        Some(path) => {
            let mut name = path.as_os_str().to_os_string();
            name.push(".part");
            let draft = std::path::PathBuf::from(name);
            std::fs::write(&draft, bytes).with_context(|| format!("{}", draft.display()))?;
            std::fs::rename(&draft, path).with_context(|| format!("{}", path.display()))
        }
    }
}
