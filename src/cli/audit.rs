//! `lagesbild audit`: whether the log and the records were changed behind the program's back.

use clap::Subcommand;

use super::answer::{Done, write};
use super::{DataArgs, Usage};
use crate::store::{AuditHead, verify_audit};

/// Check the log of who did what.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Compute every hash of the log and of the records again, and compare. Exit code 1 when something differs.
    Verify {
        #[command(flatten)]
        data: DataArgs,
        /// A head printed earlier ('lagesbild audit head'): shows an end that was cut, or cut and written anew.
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Option<String>,
    },
    /// Print the newest entry as NUMBER:HASH. Keep it somewhere else: on paper, in a mail, in another system.
    Head {
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) fn run(command: &AuditCommand) -> anyhow::Result<Done> {
    match command {
        AuditCommand::Verify { data, head } => verify(data, head.as_deref()),
        AuditCommand::Head { data } => {
            let report = verify_audit(&data.path_made_when_missing()?, None)?;
            for fault in &report.faults {
                eprintln!("{fault}");
            }
            if let Some(head) = &report.head {
                write(None, format!("{head}\n").as_bytes())?;
            }
            Ok(if report.faults.is_empty() { Done::Ok } else { Done::Failed })
        }
    }
}

fn verify(data: &DataArgs, head: Option<&str>) -> anyhow::Result<Done> {
    let noted: Option<AuditHead> =
        head.map(|head| head.parse().map_err(|e| Usage(format!("--head: {e}")))).transpose()?;
    let report = verify_audit(&data.path_made_when_missing()?, noted.as_ref())?;
    let mut text = String::new();
    for fault in &report.faults {
        text.push_str(&format!("{fault}\n"));
    }
    let verdict = if report.faults.is_empty() { "nothing was changed" } else { "CHANGED" };
    text.push_str(&format!(
        "{verdict}: {} entries, {} revisions compared with their records",
        report.entries, report.revisions
    ));
    if let Some(head) = &report.head {
        text.push_str(&format!("\nhead {head}"));
    }
    if noted.is_none() {
        text.push_str("\na cut end shows only against a head noted earlier (--head)");
    }
    write(None, format!("{text}\n").as_bytes())?;
    Ok(if report.faults.is_empty() { Done::Ok } else { Done::Failed })
}
