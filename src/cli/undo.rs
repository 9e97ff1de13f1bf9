//! `lagesbild imports` and `lagesbild undo`: what was imported, and taking one import back.

use comfy_table::{Table, presets};

use super::answer::{Done, fit, terminal_columns, write};
use super::{DataArgs, local_actor};
use crate::store::{DataFile, Reader};

/// List the imports of a data file, the newest first.
#[derive(Debug, clap::Args)]
pub(super) struct ImportsArgs {
    #[command(flatten)]
    data: DataArgs,
}

/// Take one import back: its records go, what they replaced returns, what was changed since stays.
#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    /// Number of the import, as 'lagesbild imports' lists it.
    import_id: i64,
    #[command(flatten)]
    data: DataArgs,
    /// Who does this, for the log [default: the user of this machine].
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
}

pub(super) fn list(args: &ImportsArgs) -> anyhow::Result<Done> {
    let reader = Reader::open(&args.data.path_made_when_missing()?)?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["import", "when (UTC)", "file", "into", "rows", "imported", "refused", "undone"]);
    for import in reader.imports()? {
        table.add_row([
            import.import_id.to_string(),
            import.at_utc,
            import.file,
            import.collection,
            import.rows.to_string(),
            import.accepted.to_string(),
            import.rejected.to_string(),
            import.undone_revision.map_or_else(String::new, |revision| format!("revision {revision}")),
        ]);
    }
    fit(&mut table, terminal_columns(), &[2]);
    write(None, format!("{table}\n").as_bytes())?;
    Ok(Done::Ok)
}

pub(super) fn run(args: &UndoArgs) -> anyhow::Result<Done> {
    let mut file = DataFile::open(&args.data.path_made_when_missing()?)?;
    let undone = file.undo(&local_actor(args.actor.as_deref()), args.import_id)?;
    eprintln!(
        "import {} undone (revision {}): {} {} taken back, {} as they were before",
        args.import_id,
        undone.revision,
        undone.withdrawn,
        undone.collection.code(),
        undone.restored
    );
    if !undone.changed_since.is_empty() {
        let ids: Vec<String> = undone.changed_since.iter().take(20).map(ToString::to_string).collect();
        let more = undone.changed_since.len() - ids.len();
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        eprintln!("changed after the import and left as they are: {}{rest}", ids.join(", "));
    }
    Ok(Done::Ok)
}
