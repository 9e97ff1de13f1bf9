//! `lagesbild import`: rows of a file into the data file, all accepted rows or none.

mod options;
mod progress;
mod rejects;
mod report;

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;

use self::options::read_options;
use self::progress::Progress;
use self::rejects::Rejects;
use self::report::report;
use super::answer::Done;
use super::init::{AreasCrs, listed};
use super::{DataArgs, local_actor};
use crate::domain::{Collection, Record};
use crate::geodata::{
    AreaOptions, Format, GeneratedMarks, Problem, ReadOptions, RecordReader, Register, RowError, SourceFile, not_taken,
    read_areas,
};
use crate::spatial::{DataClass, Frame};
use crate::store::{DataFile, Import, ImportCounts, ImportNote, StoreError};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Observations,
    Activities,
    Areas,
    Places,
    Surveys,
    ReportedCounts,
    Actions,
    Reports,
    Bookings,
    Comments,
    Priorities,
}

impl Target {
    fn collection(self) -> Collection {
        match self {
            Self::Observations => Collection::Observations,
            Self::Activities => Collection::Activities,
            Self::Areas => Collection::Areas,
            Self::Places => Collection::Places,
            Self::Surveys => Collection::Surveys,
            Self::ReportedCounts => Collection::ReportedCounts,
            Self::Actions => Collection::Actions,
            Self::Reports => Collection::Reports,
            Self::Bookings => Collection::Bookings,
            Self::Comments => Collection::Comments,
            Self::Priorities => Collection::Priorities,
        }
    }
}

/// What `--profile` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SaidProfile {
    SafetyWalk,
}

/// What `--format` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SaidFormat {
    Csv,
    Geojson,
    Xlsx,
    Gpkg,
    PolisenEvents,
}

impl SaidFormat {
    fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Geojson => Format::GeoJson,
            Self::Xlsx => Format::Xlsx,
            Self::Gpkg => Format::GeoPackage,
            Self::PolisenEvents => Format::PolisenEvents,
        }
    }
}

/// Read a CSV, Excel or GeoJSON file into the data file: one revision, all accepted rows or none.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// The file to read.
    file: PathBuf,
    /// What its rows are.
    #[arg(long, value_enum)]
    into: Target,
    #[command(flatten)]
    data: DataArgs,
    /// Reads a field from a column, against every guess.
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// Keeps a column that is no field.
    #[arg(long, value_name = "COLUMN")]
    keep: Vec<String>,
    /// The system the coordinates are in, when they are not degrees: EPSG:3006, EPSG:3007-3018, RT 90, UTM.
    #[arg(long, value_name = "EPSG:n")]
    crs: Option<String>,
    /// The zone of wall times, when it is not the data file's.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// What a wall time means that existed twice: interval, reject, earlier, later.
    #[arg(long, default_value = "interval", value_name = "WAY")]
    ambiguous: String,
    /// The delimiter, when the one found is wrong: one character, or 'tab'.
    #[arg(long, value_name = "C")]
    delimiter: Option<String>,
    /// The format, where the content does not tell it: polisen-events is the public feed of the Swedish police.
    #[arg(long, value_name = "FORMAT")]
    format: Option<SaidFormat>,
    /// What rows hold beside their record: safety-walk is a protocol whose rows are an observation and an action.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<SaidProfile>,
    /// The sheet of a workbook; without it the first visible one whose headings are known.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The layer of a GeoPackage; needed when it has several.
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Reads and checks everything, keeps nothing.
    #[arg(long)]
    dry_run: bool,
    /// File for the rows that were refused, with the reasons.
    #[arg(long, value_name = "FILE.csv")]
    rejects: Option<PathBuf>,
    /// Gives up, keeping nothing, when more rows than this are refused.
    #[arg(long, value_name = "N")]
    max_errors: Option<u64>,
    /// Replaces records whose id exists.
    #[arg(long)]
    update: bool,
    /// Put before every id.
    #[arg(long, value_name = "P")]
    id_prefix: Option<String>,
    /// Refuses categories, kinds and roles the data file does not have.
    #[arg(long)]
    strict_categories: bool,
    /// Replaces what looks like personal data by [...] instead of refusing the row.
    #[arg(long)]
    redact: bool,
    /// Property with the id of an area.
    #[arg(long, value_name = "PROPERTY")]
    area_id: Option<String>,
    /// Property with the name of an area.
    #[arg(long, value_name = "PROPERTY")]
    area_name: Option<String>,
    /// Who imports, for the revision log; the operating-system user without it.
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
}

pub(super) fn run(args: &ImportArgs) -> anyhow::Result<Done> {
    let said = args.format.map(SaidFormat::format);
    let source = SourceFile::inspect_as(&args.file, said).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    eprintln!("{source}");
    let mut file = DataFile::open(&args.data.path_made_when_missing()?)?;
    let frame = file.frame()?;
    let into = args.into.collection();
    // Flags are checked before the import begins, so that a mistyped one is what is told.
    AreasCrs::of(args.crs.as_deref())?;
    let options = read_options(args, &frame, into)?;
    let note = ImportNote {
        file: source.name().to_string(),
        sha256: source.sha256().to_string(),
        id_prefix: args.id_prefix.clone().unwrap_or_default(),
        update: args.update,
    };
    let import = file.begin_import(&local_actor(args.actor.as_deref()), into, note)?;
    match into {
        Collection::Areas => import_areas(args, import),
        _ => import_rows(args, &source, &frame, &options, import),
    }
}

fn import_areas(args: &ImportArgs, mut import: Import<'_>) -> anyhow::Result<Done> {
    let file = File::open(&args.file).with_context(|| format!("{}", args.file.display()))?;
    let crs = AreasCrs::of(args.crs.as_deref())?;
    let options = AreaOptions {
        id_property: args.area_id.clone(),
        name_property: args.area_name.clone(),
        set: args.file.file_stem().map(|s| s.to_string_lossy().into_owned()),
        crs: crs.given(),
    };
    let read = read_areas(&args.file.display().to_string(), BufReader::new(file), &options);
    if !read.problems.is_empty() {
        return Err(listed(&read.problems).context("no area was imported"));
    }
    for (id, parts) in &read.merged {
        eprintln!("{parts} features share the id {id} and become one area");
    }
    read.areas.iter().try_for_each(|area| import.add(&Record::Area(area.clone())))?;
    let areas = read.areas.len() as u64;
    if args.dry_run {
        eprintln!("dry run: {areas} areas could be imported; nothing was kept");
        return Ok(Done::Ok);
    }
    let done = import.finish(ImportCounts { rows: read.features, accepted: areas, rejected: 0 })?;
    eprintln!("import {} (revision {}): {} features, {areas} areas", done.import_id, done.revision, read.features);
    Ok(Done::Ok)
}

fn import_rows(
    args: &ImportArgs,
    source: &SourceFile,
    frame: &Frame,
    options: &ReadOptions,
    mut import: Import<'_>,
) -> anyhow::Result<Done> {
    let register = Register::new(&frame.places);
    let mut reader = RecordReader::open(source, options, &register, frame.areas.areas(), &frame.vocabulary)
        .map_err(|problems| listed(&problems))?;
    if !reader.part().is_empty() {
        eprintln!("{}", reader.part());
    }
    let mut rejects = Rejects::open(args.rejects.as_deref(), &reader)?;
    let progress = Progress::new(source.bytes());
    // Our own exports say in every row when a record is generated.
    let mut marks = GeneratedMarks::new(&reader);
    let mut not_taken = 0;
    while let Some(row) = reader.next() {
        let refused = match row {
            Ok(records) => match import.add_row(&records) {
                Ok(()) => {
                    marks.note(&reader);
                    Vec::new()
                }
                // The first id that is in the file or in this import already, a source that is not ours to hold,
                // or a count that is reported already.
                Err(
                    error @ (StoreError::DuplicateId { .. }
                    | StoreError::RepeatedId { .. }
                    | StoreError::OtherController { .. }
                    | StoreError::OverlappingCount { .. }),
                ) => {
                    not_taken += 1;
                    vec![not_taken_problem(&reader, &error)]
                }
                Err(error) => return Err(error.into()),
            },
            Err(RowError::Rejected(problems)) => problems,
            Err(RowError::Broken(problem)) => {
                return Err(
                    anyhow::anyhow!("{problem}").context("the file cannot be read to its end; nothing was imported")
                );
            }
        };
        if !refused.is_empty() {
            progress.hidden(|| rejects.add(&refused, &reader))?;
            if args.max_errors.is_some_and(|most| rejects.rows > most) {
                rejects.close()?;
                anyhow::bail!("more than {} rows were refused (--max-errors); nothing was imported", rejects.rows - 1);
            }
        }
        progress.show(reader.bytes_read());
    }
    progress.end();
    rejects.close()?;
    let summary = reader.summary();
    let accepted = summary.accepted - not_taken;
    report(&summary, args.into.collection().code());
    let synthetic = marks.generated;
    let of_this_world = marks.of_this_world && args.into.collection().counted().is_some();
    if of_this_world && (synthetic || frame.facts.data_class == DataClass::Synthetic) {
        let text = "generated records and records of this world are never mixed: import these rows into a file of their own \
                    (our exports mark generated rows in the column data_class)";
        anyhow::bail!("{text}; nothing was imported");
    }
    if synthetic {
        import.mark_synthetic()?;
        eprintln!("the rows are marked as generated; the data file is marked synthetic and says so everywhere");
    }
    let kept = if args.dry_run {
        drop(import);
        format!("dry run: {accepted} of {} rows could be imported; nothing was kept", summary.rows)
    } else if accepted == 0 && summary.rows > 0 {
        anyhow::bail!("none of the {} rows could be used; nothing was imported", summary.rows);
    } else {
        let done = import.finish(ImportCounts { rows: summary.rows, accepted, rejected: rejects.rows })?;
        format!("import {} (revision {}): {} rows, {accepted} imported", done.import_id, done.revision, summary.rows)
    };
    eprintln!("{kept}, {} refused", rejects.rows);
    Ok(if rejects.rows > 0 { Done::WithRejects } else { Done::Ok })
}

fn not_taken_problem(reader: &RecordReader, error: &StoreError) -> Problem {
    match error {
        StoreError::DuplicateId { collection, id } | StoreError::RepeatedId { collection, id } => {
            let reason = format!("the id exists in {collection} already, or stands twice in this file");
            not_taken(reader, Some(id), reason, "--update replaces records, --id-prefix keeps both")
        }
        other => not_taken(reader, None, other.to_string(), ""),
    }
}
