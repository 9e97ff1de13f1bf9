//! Commands: the one place where parts are wired together.

mod answer;
mod areas;
mod audit;
mod backup;
mod controller;
mod demo;
mod doctor;
mod export;
mod flags;
mod import;
mod init;
mod layer;
mod people;
mod promises;
mod release;
mod selftest;
mod serve;
mod situation_picture;
mod undo;
mod week;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::domain::{Actor, Plane};
use crate::http::access::local_user;
use crate::settings::{Sources, resolve};
use crate::spatial::DataClass;
use crate::store::DataFile;
use crate::wire::{Word, areas as area_words, layers};
use flags::{Flags, Table};

/// Situation picture for area-based safety work: how much of what happens in which area, when, and
/// has it changed?
#[derive(Debug, Parser)]
#[command(name = "lagesbild", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::InitArgs),
    Import(import::ImportArgs),
    Export(export::ExportArgs),
    Undo(undo::UndoArgs),
    Imports(undo::ImportsArgs),
    Areas(areas::AreasArgs),
    Layer(layer::LayerArgs),
    Promises(promises::PromisesArgs),
    Week(week::WeekArgs),
    SituationPicture(situation_picture::SituationPictureArgs),
    Release(release::ReleaseArgs),
    Serve(serve::ServeArgs),
    Demo(demo::DemoArgs),
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    Controller(controller::ControllerArgs),
    #[command(subcommand)]
    Retention(controller::RetentionCommand),
    Erase(controller::EraseArgs),
    Migrate(controller::MigrateArgs),
    Backup(backup::BackupArgs),
    Restore(backup::RestoreArgs),
    Doctor(doctor::DoctorArgs),
    SelfTest(selftest::SelfTestArgs),
    Config(serve::ConfigArgs),
    User(people::UserArgs),
    Key(people::KeyArgs),
}

/// Reads the arguments of the process, runs one command, says what went wrong.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        Command::Init(args) => init::run(args),
        Command::Import(args) => import::run(args),
        Command::Export(args) => export::run(args),
        Command::Undo(args) => undo::run(args),
        Command::Imports(args) => undo::list(args),
        Command::Areas(args) => areas::run(args),
        Command::Layer(args) => layer::run(args),
        Command::Promises(args) => promises::run(args),
        Command::Week(args) => week::run(args),
        Command::SituationPicture(args) => situation_picture::run(args),
        Command::Release(args) => release::run(args),
        Command::Serve(args) => serve::run(args),
        Command::Demo(args) => demo::run(args),
        Command::Audit(command) => audit::run(command),
        Command::Controller(args) => controller::run(args),
        Command::Retention(command) => controller::retention(command),
        Command::Erase(args) => controller::erase(args),
        Command::Migrate(args) => controller::migrate(args),
        Command::Backup(args) => backup::run(args),
        Command::Restore(args) => backup::run_restore(args),
        Command::Doctor(args) => doctor::run(args),
        Command::SelfTest(args) => selftest::run(args),
        Command::Config(args) => serve::config(args),
        Command::User(args) => people::user(args),
        Command::Key(args) => people::key(args),
    };
    match done {
        Ok(done) => done.into(),
        Err(error) => {
            eprintln!("lagesbild: {error:#}");
            answer::code_of(&error)
        }
    }
}

/// A command line that is understood but cannot be meant: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Usage(String);

/// The plane that a flag names.
fn plane_of(flag: &str, text: &str) -> Result<Plane, Usage> {
    Plane::parse_epsg(text).and_then(Plane::from_epsg).map_err(|e| Usage(format!("{flag}: {e}")))
}

/// Where the data is.
#[derive(Debug, clap::Args)]
struct DataArgs {
    /// The data file [default: the setting 'data', which is lagesbild.gpkg].
    #[arg(long, value_name = "FILE.gpkg")]
    data: Option<PathBuf>,
}

impl DataArgs {
    /// The path; the default file is made with the places of Nässjö when it is missing.
    fn path_made_when_missing(&self) -> anyhow::Result<PathBuf> {
        let path = match &self.data {
            Some(path) => path.clone(),
            None => resolve(&Sources::of_process(None, Vec::new()))?.settings.data,
        };
        if path.as_os_str() == "lagesbild.gpkg" && !path.exists() {
            DataFile::create(&path, &init::default_file(DataClass::Real)?, &local_actor(None))?;
            eprintln!("{}: made with the places of Nässjö, no records yet", path.display());
        }
        Ok(path)
    }
}

/// The person at this machine.
fn local_actor(name: Option<&str>) -> Actor {
    Actor::local(&name.map_or_else(local_user, str::to_string))
}

/// The local date of this moment in a zone: the only clock commands look at.
fn today(zone: &jiff::tz::TimeZone) -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(zone.clone()).date()
}

#[derive(Clone, Debug)]
struct AreaTable;
#[derive(Clone, Debug)]
struct GridTable;
#[derive(Clone, Debug)]
struct KdeTable;
#[derive(Clone, Debug)]
struct HexTable;

impl Table for AreaTable {
    const WORDS: &'static [&'static [Word]] = area_words::WORDS;
}
impl Table for GridTable {
    const WORDS: &'static [&'static [Word]] = layers::GRID;
}
impl Table for KdeTable {
    const WORDS: &'static [&'static [Word]] = layers::KDE;
}
impl Table for HexTable {
    const WORDS: &'static [&'static [Word]] = layers::HEX;
}
