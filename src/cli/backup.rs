//! `lagesbild backup` and `lagesbild restore`.

use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;

use super::answer::Done;
use super::{DataArgs, Usage, local_actor};
use crate::settings::{Sources, resolve};
use crate::store::{Manifest, backup, newest_backup, prune_backups, rehearse, restore};

/// Copy the data file into a folder while a service writes it.
#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The folder of the backups [default: the setting 'backup_dir'].
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// How many backups of this data file stay; older ones are removed, never another file.
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..))]
    keep: u16,
}

/// Put a backup in place as a data file, or rehearse it.
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// The backup (a .gpkg with its .gpkg.json), or a folder, of which the newest counts.
    backup: PathBuf,
    /// The data file to make.
    #[arg(long, value_name = "FILE.gpkg", required_unless_present = "rehearse")]
    to: Option<PathBuf>,
    /// Replace the data file that is there; it is kept beside.
    #[arg(long, requires = "to")]
    replace: bool,
    /// Restore into a temporary folder, check everything, and remove it again.
    #[arg(long, conflicts_with_all = ["to", "replace"])]
    rehearse: bool,
}

pub(super) fn run(args: &BackupArgs) -> anyhow::Result<Done> {
    let settings = resolve(&Sources::of_process(None, Vec::new()))?.settings;
    let data = args.data.data.clone().unwrap_or(settings.data);
    let folder = args.to.clone().or(settings.backup.folder).ok_or_else(|| {
        Usage("backup: name the folder with --to DIR, or set backup_dir in lagesbild.toml".to_string())
    })?;
    let begin = Instant::now();
    let made = backup(&data, &folder, Timestamp::now())?;
    println!("{}", made.path.display());
    eprintln!("{} in {:.1} s", in_words(&made.manifest), begin.elapsed().as_secs_f64());
    for gone in prune_backups(&folder, &made.manifest.identity, usize::from(args.keep))? {
        eprintln!("removed {}", gone.display());
    }
    Ok(Done::Ok)
}

pub(super) fn run_restore(args: &RestoreArgs) -> anyhow::Result<Done> {
    let begin = Instant::now();
    let source = newest_backup(&args.backup)?;
    let Some(to) = &args.to else {
        let rehearsal = rehearse(&source, &std::env::temp_dir(), Timestamp::now())?;
        println!("{}: {}", source.display(), in_words(&rehearsal.manifest));
        println!("restored, checked, loaded and counted in {:.1} s", begin.elapsed().as_secs_f64());
        return Ok(Done::Ok);
    };
    let restored = restore(&source, to, args.replace, &local_actor(None), Timestamp::now())?;
    println!("{}", to.display());
    eprintln!("{} in {:.1} s", in_words(&restored.manifest), begin.elapsed().as_secs_f64());
    if let Some(old) = restored.old {
        eprintln!("the file that was there is {}", old.display());
    }
    Ok(Done::Ok)
}

fn in_words(manifest: &Manifest) -> String {
    let records: u64 = manifest.records.values().sum();
    let size = manifest.bytes as f64 / f64::from(1 << 20);
    format!("revision {} of {}, {records} records, {size:.1} MiB", manifest.revision, manifest.taken_at)
}
