//! `lagesbild doctor`: is this installation fit to keep years of work? One line per check, with what to
//! do; exit code 1 when there is a fault.

mod checks;
mod disk;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use jiff::Timestamp;
use serde::Serialize;

use super::answer::{Done, write};
use crate::settings::{Settings, Sources, resolve};
use crate::store::{FileState, SCHEMA_VERSION, file_state};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Ok,
    Warning,
    Fault,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Check {
    name: &'static str,
    level: Level,
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, level: Level::Ok, found: found.into(), hint: None }
    }

    fn warning(name: &'static str, found: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { name, level: Level::Warning, found: found.into(), hint: Some(hint.into()) }
    }

    fn fault(name: &'static str, found: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { name, level: Level::Fault, found: found.into(), hint: Some(hint.into()) }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Check settings, disk, clock, data file and backups, and say what to do.
#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// The data file [default: the setting 'data'].
    #[arg(long, value_name = "FILE.gpkg")]
    data: Option<PathBuf>,
    /// The folder of the backups [default: the setting 'backup_dir'].
    #[arg(long, value_name = "DIR")]
    backup_dir: Option<PathBuf>,
    /// How the checks are written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &DoctorArgs) -> anyhow::Result<Done> {
    let checks = examine(args, Timestamp::now());
    let text = match args.format {
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&checks)?),
        Format::Text => checks.iter().map(line).collect(),
    };
    write(None, text.as_bytes())?;
    let is_fit = checks.iter().all(|check| check.level != Level::Fault);
    Ok(if is_fit { Done::Ok } else { Done::Failed })
}

fn line(check: &Check) -> String {
    let level = match check.level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Fault => "fault",
    };
    let hint = check.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
    format!("{level:<8} {:<12} {}{hint}\n", check.name, check.found)
}

/// All checks in the order in which a reader wants them. One that cannot run is a fault that says why.
fn examine(args: &DoctorArgs, now: Timestamp) -> Vec<Check> {
    let settings = match resolve(&Sources::of_process(None, Vec::new())) {
        Ok(resolved) => {
            let file = resolved.file.map_or_else(|| "no settings file".to_string(), |path| path.display().to_string());
            (Some(resolved.settings), Check::ok("settings", file))
        }
        Err(error) => {
            let hint = "mend it; 'lagesbild config check' checks again";
            (None, Check::fault("settings", error.to_string().replace('\n', "; "), hint))
        }
    };
    let (settings, first) = settings;
    let data = args.data.clone().or_else(|| settings.as_ref().map(|s| s.data.clone()));
    let data = data.unwrap_or_else(|| PathBuf::from("lagesbild.gpkg"));
    let backups = args.backup_dir.clone().or_else(|| settings.as_ref().and_then(|s| s.backup.folder.clone()));
    let mut checks = vec![first];
    let state = match file_state(&data) {
        Ok(state) => Some(state),
        Err(error) => {
            let hint = "name the data file with --data, or restore a backup: lagesbild restore DIR --to FILE.gpkg";
            checks.push(Check::fault("data file", error.to_string(), hint));
            None
        }
    };
    checks.extend(of_data(&data, state.as_ref(), backups.as_deref(), settings.as_ref(), now));
    checks.extend(of_backups(backups.as_deref(), state.as_ref(), settings.as_ref(), now));
    checks
}

fn of_data(
    data: &Path,
    state: Option<&FileState>,
    backups: Option<&Path>,
    settings: Option<&Settings>,
    now: Timestamp,
) -> Vec<Check> {
    let Some(state) = state else { return vec![checks::clock(None, now)] };
    let stale_after_days = settings.map_or(14, |s| s.stale_after_days);
    let mut list = vec![
        checks::schema(data, state),
        checks::writer(state),
        disk::file_system("file system", data),
        disk::space("disk", data, state.bytes + state.log_bytes),
        checks::log(state),
        checks::clock(Some(state), now),
        checks::zone(state),
        checks::age_of_data(state, stale_after_days, now),
        checks::integrity(data),
    ];
    // Older tables are read once they are brought up to date; the first check says so.
    if state.schema_version == SCHEMA_VERSION {
        list.extend([checks::areas(data), checks::audit(data, state, backups)]);
    }
    list
}

fn of_backups(
    folder: Option<&Path>,
    state: Option<&FileState>,
    settings: Option<&Settings>,
    now: Timestamp,
) -> Vec<Check> {
    let Some(folder) = folder else {
        let hint = "set backup_dir in lagesbild.toml and run 'lagesbild backup' from a timer";
        return vec![Check::warning("backup", "no folder for backups is set", hint)];
    };
    let max_age = settings.map_or(std::time::Duration::from_secs(26 * 3600), |s| s.backup.max_age);
    let mut checks = vec![checks::backup(folder, state, max_age, now)];
    if folder.is_dir() {
        checks.push(disk::space("backup disk", folder, state.map_or(0, |state| state.bytes)));
    }
    checks
}
