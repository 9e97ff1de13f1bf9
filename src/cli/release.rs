//! `lagesbild release`: building, checking, publishing and handing on what everybody may see.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use comfy_table::Table;
use jiff::Timestamp;
use jiff::civil::Date;

use super::answer::{Done, write};
use super::{DataArgs, Usage, local_actor, today};
use crate::domain::{LonLat, Period, Plane};
use crate::http::followup::read_book;
use crate::http::publishing::{
    Order, check, clear_unregistered, index_of, make, may_be_shown, policy_of, public_before, publish_rule,
    write_checked,
};
use crate::public::export::{self, ExportFormat};
use crate::public::{assets, write_folder};

use crate::public::plant::{Plant, plant};
use crate::public::read;
use crate::public::shelf;
use crate::release::Stream;
use crate::release::attack::{Outcome, Strength, attack};
use crate::release::levels::Addresses;
use crate::settings::{Sources, resolve};
use crate::store::{DataFile, ReleaseEntry, load_snapshot, releases_of};

/// Releases: what everybody may see, as folders of plain files.
#[derive(Debug, clap::Args)]
pub(super) struct ReleaseArgs {
    #[command(subcommand)]
    what: ReleaseCommand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StreamWord {
    FollowUp,
    Statistics,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlantWord {
    UnroundedMargin,
    ShownZero,
    ShiftedGrid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportWord {
    Folder,
    Cms,
}

#[derive(Debug, Subcommand)]
enum ReleaseCommand {
    /// Build a release of a closed period and check it. Without -o it is kept beside the data file under its number,
    /// to be published.
    Build {
        #[command(flatten)]
        data: DataArgs,
        /// The period: a month for a follow-up; a quarter, half-year or year for statistics.
        #[arg(long, value_name = "PERIOD")]
        period: String,
        /// Which stream [default: by the length of the period].
        #[arg(long, value_enum)]
        stream: Option<StreamWord>,
        /// The day it is to be public [default: today].
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
        /// A register of addresses as CSV with lon and lat: squares with 1 to 7 of them are merged. Without one no square
        /// is smaller than 1 km.
        #[arg(long, value_name = "FILE.csv")]
        addresses: Option<PathBuf>,
        /// A folder to write to, instead of keeping it for publication.
        #[arg(short, long, value_name = "FOLDER")]
        output: Option<PathBuf>,
        /// Act as this person instead of the one at this machine.
        #[arg(long = "as", value_name = "NAME")]
        actor: Option<String>,
    },
    /// Attack a release as somebody would who has everything that is public. Exit code 1 when something is found.
    Check {
        /// The folder, or where it is served.
        #[arg(value_name = "FOLDER|URL")]
        target: String,
        /// Folders of releases that were public before: the pair must pass together.
        #[arg(long, value_name = "FOLDER")]
        with: Vec<PathBuf>,
        /// Spoil a copy first; the check must then find it.
        #[arg(long, value_enum)]
        plant: Option<PlantWord>,
    },
    /// Make a release public. Somebody else than the one who built it, unless the policy allows one person and a day
    /// has gone.
    Publish {
        /// Its number.
        number: u32,
        #[command(flatten)]
        data: DataArgs,
        /// Act as this person instead of the one at this machine.
        #[arg(long = "as", value_name = "NAME")]
        actor: Option<String>,
    },
    /// All releases of a data file.
    List {
        #[command(flatten)]
        data: DataArgs,
    },
    /// Hand a release on: a folder for any web server, with headers to set, or the texts and pictures to paste.
    Export {
        /// Its number, or a folder.
        #[arg(value_name = "NUMBER|FOLDER")]
        release: String,
        #[command(flatten)]
        data: DataArgs,
        /// The form.
        #[arg(long, value_enum, default_value = "folder")]
        format: ExportWord,
        /// The folder to make.
        #[arg(short, long, value_name = "FOLDER")]
        output: PathBuf,
    },
    /// Say what was wrong in the texts of a public release, in both languages. It is no revision; the next release lists it.
    Correct {
        /// Its number.
        number: u32,
        /// In Swedish.
        #[arg(long, value_name = "TEXT")]
        sv: String,
        /// In English.
        #[arg(long, value_name = "TEXT")]
        en: String,
        #[command(flatten)]
        data: DataArgs,
        /// Act as this person instead of the one at this machine.
        #[arg(long = "as", value_name = "NAME")]
        actor: Option<String>,
    },
    /// Take a release off the public pages. Its number is never used again.
    Withdraw {
        /// Its number.
        number: u32,
        /// Why; everybody can read it.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        data: DataArgs,
        /// Act as this person instead of the one at this machine.
        #[arg(long = "as", value_name = "NAME")]
        actor: Option<String>,
    },
}

pub(super) fn run(args: &ReleaseArgs) -> anyhow::Result<Done> {
    match &args.what {
        ReleaseCommand::Build { data, period, stream, date, addresses, output, actor } => {
            let path = data.path_made_when_missing()?;
            let period = Period::parse(period).map_err(|e| Usage(format!("--period: {e}")))?;
            let date = date.as_deref().map(read_date).transpose()?;
            let stream = stream.map(|word| match word {
                StreamWord::FollowUp => Stream::FollowUp,
                StreamWord::Statistics => Stream::Statistics,
            });
            build(&path, period, stream, date, addresses.as_deref(), output.as_deref(), actor.as_deref())
        }
        ReleaseCommand::Check { target, with, plant } => check_target(target, with, *plant),
        ReleaseCommand::Publish { number, data, actor } => {
            let path = data.path_made_when_missing()?;
            let mut file = DataFile::open(&path)?;
            let releases = releases_folder(&path)?;
            let rule = publish_rule(&policy_of(&releases)?);
            may_be_shown(&releases, &file.releases()?, *number)?;
            file.publish_release(&local_actor(actor.as_deref()), *number, Timestamp::now(), &rule)?;
            rewrite_index(&path)?;
            println!("release {number} is public");
            Ok(Done::Ok)
        }
        ReleaseCommand::List { data } => list(&releases_of(&data.path_made_when_missing()?)?),
        ReleaseCommand::Export { release, data, format, output } => {
            let folder = match release.parse::<u32>() {
                Ok(number) => releases_folder(&data.path_made_when_missing()?)?.join(number.to_string()),
                Err(_) => PathBuf::from(release),
            };
            let format = match format {
                ExportWord::Folder => ExportFormat::Folder,
                ExportWord::Cms => ExportFormat::Cms,
            };
            let n = export::export(&folder, output, format).with_context(|| folder.display().to_string())?;
            println!("{}: {n} files", output.display());
            Ok(Done::Ok)
        }
        ReleaseCommand::Correct { number, sv, en, data, actor } => {
            let mut file = DataFile::open(&data.path_made_when_missing()?)?;
            file.correct_release(&local_actor(actor.as_deref()), *number, sv, en, Timestamp::now())?;
            println!("noted for release {number}; the next release lists it");
            Ok(Done::Ok)
        }
        ReleaseCommand::Withdraw { number, reason, data, actor } => {
            let path = data.path_made_when_missing()?;
            let mut file = DataFile::open(&path)?;
            file.withdraw_release(&local_actor(actor.as_deref()), *number, reason, Timestamp::now())?;
            rewrite_index(&path)?;
            println!("release {number} is withdrawn");
            Ok(Done::Ok)
        }
    }
}

/// Where the releases of a data file are: the setting `public_folder`, or beside it.
fn releases_folder(data: &Path) -> anyhow::Result<PathBuf> {
    Ok(resolve(&Sources::of_process(None, Vec::new()))?.settings.public.folder_for(data))
}

fn read_date(text: &str) -> Result<Date, Usage> {
    text.parse().map_err(|_| Usage(format!("--date: '{text}' is not a date; accepted: a date such as 2026-02-01")))
}

fn build(
    path: &Path,
    period: Period,
    stream: Option<Stream>,
    date: Option<Date>,
    addresses: Option<&Path>,
    output: Option<&Path>,
    actor: Option<&str>,
) -> anyhow::Result<Done> {
    let snapshot = load_snapshot(path)?;
    let entries = releases_of(path)?;
    let addresses = addresses.map(|file| read_addresses(file, snapshot.plane())).transpose()?;
    let today = today(snapshot.zone());
    let order = Order { stream, period, today, published_on: date.unwrap_or(today), addresses };
    let releases = releases_folder(path)?;
    let made = make(&releases, &snapshot, read_book(path)?, &entries, &order, &assets::built())?;
    let kept = releases.join(made.new.number.to_string());
    let folder = output.unwrap_or(&kept);
    let before = public_before(&releases, &entries, made.new.number);
    let mut file = if output.is_none() { Some(DataFile::open(path)?) } else { None };
    if let Some(file) = &file {
        file.may_register(&made.new)?;
        clear_unregistered(&releases, &entries, made.new.number)?;
    }
    let outcome = write_checked(&made, folder, &before)?;
    if let Some(file) = &mut file {
        file.register_release(&local_actor(actor), &made.new, Timestamp::now())?;
    }
    println!(
        "{}: release {}, {} {}, {} files, {}",
        folder.display(),
        made.new.number,
        made.new.stream,
        made.new.period,
        made.files.len(),
        made.new.content_sha256,
    );
    say(&outcome)?;
    if file.is_some() {
        println!("to publish it, as somebody else: lagesbild release publish {}", made.new.number);
    }
    Ok(Done::Ok)
}

/// Addresses from a CSV with `lon` and `lat`, in degrees.
fn read_addresses(file: &Path, plane: &Plane) -> anyhow::Result<Addresses> {
    #[derive(serde::Deserialize)]
    struct Row {
        lon: f64,
        lat: f64,
    }
    let mut reader = csv::Reader::from_path(file).with_context(|| file.display().to_string())?;
    let mut at_m = Vec::new();
    for (n, row) in reader.deserialize().enumerate() {
        let place = || format!("{}: line {}: accepted: columns lon and lat in degrees", file.display(), n + 2);
        let row: Row = row.with_context(place)?;
        let [x_m, y_m] = plane.to_plane(LonLat::new(row.lon, row.lat).with_context(place)?).with_context(place)?;
        at_m.push([x_m.floor() as i64, y_m.floor() as i64]);
    }
    Ok(Addresses { at_m })
}

fn check_target(target: &str, with: &[PathBuf], spoil: Option<PlantWord>) -> anyhow::Result<Done> {
    let is_url = target.starts_with("http://") || target.starts_with("https://");
    let outcome = match (is_url, spoil) {
        (true, Some(_)) => {
            return Err(Usage("--plant spoils a copy of a folder; accepted: a folder".to_string()).into());
        }
        (true, None) => {
            let (served, missing) = read::url(target).map_err(problems)?;
            let said: String = missing.iter().map(|header| format!("missing header: {header}\n")).collect();
            write(None, said.as_bytes())?;
            let surface = served.density();
            if !surface.is_empty() {
                return Err(problems(surface));
            }
            let mut claims = Vec::new();
            for folder in with {
                claims.push(read::folder(folder).and_then(|read| read.claims()).map_err(problems)?);
            }
            claims.push(served.claims().map_err(problems)?);
            let outcome = attack(&claims, Strength::USUAL);
            say(&outcome)?;
            return Ok(if outcome.findings.is_empty() && missing.is_empty() { Done::Ok } else { Done::Failed });
        }
        (false, Some(word)) => {
            let plant_of = match word {
                PlantWord::UnroundedMargin => Plant::UnroundedMargin,
                PlantWord::ShownZero => Plant::ShownZero,
                PlantWord::ShiftedGrid => Plant::ShiftedGrid,
            };
            let read = read::folder(Path::new(target)).map_err(problems)?;
            let spoilt = plant(&read, plant_of)?;
            let copy = std::env::temp_dir().join(format!("lagesbild-planted-{}", std::process::id()));
            write_folder(&spoilt, &copy).with_context(|| copy.display().to_string())?;
            println!("planted in a copy: {}", plant_of.code());
            let outcome = check(&copy, with);
            std::fs::remove_dir_all(&copy).with_context(|| copy.display().to_string())?;
            outcome?
        }
        (false, None) => check(Path::new(target), with)?,
    };
    say(&outcome)?;
    Ok(if outcome.findings.is_empty() { Done::Ok } else { Done::Failed })
}

fn problems(problems: Vec<read::ReadProblem>) -> anyhow::Error {
    anyhow::anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

fn say(outcome: &Outcome) -> anyhow::Result<()> {
    let found: String = outcome.findings.iter().map(|finding| format!("found: {}\n", finding.text)).collect();
    write(None, format!("{found}check: {outcome}\n").as_bytes())
}

fn list(entries: &[ReleaseEntry]) -> anyhow::Result<Done> {
    let mut table = Table::new();
    table.set_header(["number", "stream", "period", "public from", "built by", "state", "content"]);
    for entry in entries {
        let state = match (&entry.published, &entry.withdrawn) {
            (_, Some((by, at, why))) => format!("withdrawn by {by} {}: {why}", at.strftime("%Y-%m-%d")),
            (Some((by, at)), None) => format!("published by {by} {}", at.strftime("%Y-%m-%d")),
            (None, None) => "built".to_string(),
        };
        let new = &entry.new;
        table.add_row([
            new.number.to_string(),
            new.stream.clone(),
            new.period.clone(),
            new.published_on.to_string(),
            entry.built_by.clone(),
            state,
            new.content_sha256.chars().take(12).collect(),
        ]);
    }
    write(None, format!("{table}\n").as_bytes())?;
    Ok(Done::Ok)
}

/// What the public pages are served from, after something was published or withdrawn.
fn rewrite_index(path: &Path) -> anyhow::Result<()> {
    let folder = releases_folder(path)?;
    let zone = load_snapshot(path)?.zone().clone();
    let index = index_of(&folder, &releases_of(path)?, &zone);
    shelf::write_index(&folder, &index).with_context(|| folder.display().to_string())
}
