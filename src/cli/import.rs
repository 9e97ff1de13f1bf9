//! `lagesbild import`: rows of a file into the data file, all accepted rows or none.

use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;

use super::answer::{Done, Draft};
use super::init::{AreasCrs, listed};
use super::{DataArgs, Usage, local_actor};
use crate::domain::Plane;
use crate::geodata::{
    Ambiguous, AreaOptions, Field, Format, Into as ReadInto, Problem, ReadOptions, ReadSummary, Record, RecordReader,
    Register, RowError, SourceFile, Spot, read_areas,
};
use crate::spatial::{DataClass, Frame};
use crate::store::{DataFile, Import, ImportCounts, ImportNote, StoreError};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Observations,
    Activities,
    Areas,
    Places,
}

impl Target {
    fn table(self) -> &'static str {
        match self {
            Self::Observations => "observations",
            Self::Activities => "activities",
            Self::Areas => "areas",
            Self::Places => "places",
        }
    }

    /// What rows become; areas are not read row by row.
    fn records(self) -> Option<ReadInto> {
        match self {
            Self::Observations => Some(ReadInto::Observations),
            Self::Activities => Some(ReadInto::Activities),
            Self::Places => Some(ReadInto::Places),
            Self::Areas => None,
        }
    }
}

/// Read a CSV or GeoJSON file into the data file: one revision, all accepted rows or none.
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
    let source = SourceFile::inspect(&args.file).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    eprintln!("{source}");
    let mut file = DataFile::open(&args.data.path_made_when_missing()?)?;
    let frame = file.frame()?;
    let into = args.into.records();
    // Flags are checked before the import begins, so that a mistyped one is what is told.
    AreasCrs::of(args.crs.as_deref())?;
    let options = into.map(|into| read_options(args, &frame, into)).transpose()?;
    let note = ImportNote {
        file: source.name().to_string(),
        sha256: source.sha256().to_string(),
        id_prefix: args.id_prefix.clone().unwrap_or_default(),
        update: args.update,
    };
    let collection = crate::domain::Collection::from_code(args.into.table()).context("a collection")?;
    let import = file.begin_import(&local_actor(args.actor.as_deref()), collection, note)?;
    match &options {
        None => import_areas(args, import),
        Some(options) => import_rows(args, &source, &frame, options, import),
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
    read.areas.iter().try_for_each(|area| import.add(&crate::domain::Record::Area(area.clone())))?;
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
    let mut rejects = Rejects::open(args.rejects.as_deref(), &reader)?;
    let progress = Progress::new(source.bytes());
    // Our own exports say in every row when a record is generated.
    let class_column = reader.headings().iter().position(|heading| heading == "data_class");
    let (mut synthetic, mut of_this_world) = (false, false);
    let mut duplicates = 0;
    while let Some(row) = reader.next() {
        let refused = match row {
            Ok(record) => match add(&mut import, &record) {
                Ok(()) => {
                    let marked =
                        class_column.is_some_and(|at| reader.row().get(at) == Some(DataClass::Synthetic.code()));
                    synthetic |= marked;
                    of_this_world |= !marked && args.into != Target::Places;
                    Vec::new()
                }
                Err(error @ StoreError::DuplicateId { .. }) => {
                    duplicates += 1;
                    vec![duplicate_problem(source, reader.line(), &error)]
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
    let accepted = summary.accepted - duplicates;
    report(&summary, args.into.table());
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

fn add(import: &mut Import<'_>, record: &Record) -> Result<(), StoreError> {
    match record {
        Record::Observation(observation) => import.add(&crate::domain::Record::Observation(observation.clone())),
        Record::Activity(activity) => import.add(&crate::domain::Record::Activity(activity.clone())),
        Record::Place(place) => import.add(&crate::domain::Record::Place(place.clone())),
    }
}

fn duplicate_problem(source: &SourceFile, line: u64, error: &StoreError) -> Problem {
    let spot = if source.format() == Format::Csv { Spot::Line(line) } else { Spot::Feature(line) };
    let StoreError::DuplicateId { collection, id } = error else {
        return Problem {
            file: source.name().to_string(),
            spot,
            column: None,
            value: None,
            reason: error.to_string(),
            hint: String::new(),
        };
    };
    Problem {
        file: source.name().to_string(),
        spot,
        column: Some("id".to_string()),
        value: Some(id.clone()),
        reason: format!("the id exists in {collection} already, or stands twice in this file"),
        hint: "--update replaces records, --id-prefix keeps both".to_string(),
    }
}

fn read_options(args: &ImportArgs, frame: &Frame, into: ReadInto) -> anyhow::Result<ReadOptions> {
    let zone = match &args.time_zone {
        Some(name) => TimeZone::get(name).map_err(|e| Usage(format!("--time-zone: '{name}': {e}")))?,
        None => frame.facts.zone.clone(),
    };
    let mut options = ReadOptions::new(into, zone);
    for entry in &args.map {
        let (field, column) = entry
            .split_once('=')
            .ok_or_else(|| Usage(format!("--map '{entry}': FIELD=COLUMN is accepted, such as datetime=Tidpunkt")))?;
        options.map.push((field_of(field.trim())?, column.trim().to_string()));
    }
    options.keep.clone_from(&args.keep);
    options.crs = args.crs.as_deref().map(Plane::parse_epsg).transpose().map_err(|e| Usage(format!("--crs: {e}")))?;
    options.ambiguous = Ambiguous::ALL.into_iter().find(|way| way.code() == args.ambiguous).ok_or_else(|| {
        Usage(format!("--ambiguous '{}': interval, reject, earlier or later is accepted", args.ambiguous))
    })?;
    options.delimiter = match args.delimiter.as_deref() {
        None => None,
        Some("tab" | "\\t") => Some(b'\t'),
        Some(text) if text.len() == 1 => text.bytes().next(),
        Some(text) => {
            return Err(Usage(format!("--delimiter '{text}': one ASCII character or 'tab' is accepted")).into());
        }
    };
    options.id_prefix.clone_from(&args.id_prefix);
    options.strict_categories = args.strict_categories;
    options.redact = args.redact;
    Ok(options)
}

fn field_of(text: &str) -> Result<Field, Usage> {
    Field::from_code(text).ok_or_else(|| {
        Usage(format!("--map: '{text}' is not a field; did you mean '{}'?", Field::nearest(text).code()))
    })
}

/// What was understood, and what was not, in a few lines.
fn report(summary: &ReadSummary, table: &str) {
    let columns: Vec<String> =
        summary.columns.iter().map(|(heading, field)| format!("{heading} -> {}", field.code())).collect();
    eprintln!("columns: {}", columns.join(", "));
    let list = |names: &[String]| names.join(", ");
    if !summary.kept_columns.is_empty() {
        eprintln!("kept as they are: {}", list(&summary.kept_columns));
    }
    let dropped: Vec<String> = summary.dropped_columns.iter().filter(|name| *name != "data_class").cloned().collect();
    if !dropped.is_empty() {
        eprintln!("dropped columns: {} (--keep COLUMN keeps one)", list(&dropped));
    }
    let counted = |pairs: &[(String, u64)], most: usize| -> String {
        let shown: Vec<String> = pairs.iter().take(most).map(|(text, n)| format!("{text} ({n})")).collect();
        let more = pairs.len().saturating_sub(most);
        if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
    };
    for (text, pairs) in [
        ("place names not in the register", &summary.unmatched_places),
        ("areas not in the file", &summary.unmatched_areas),
        ("new categories or kinds", &summary.new_categories),
        ("new roles", &summary.new_roles),
        ("coordinates", &summary.looks_like),
    ] {
        if !pairs.is_empty() {
            eprintln!("{text}: {}", counted(pairs, 20));
        }
    }
    for (n, text) in [
        (
            summary.ambiguous_times,
            "the time existed twice when the clock was set back; kept as the interval of both readings",
        ),
        (summary.whole_days, "a date without a time; kept as the whole day"),
        (summary.without_position, "without position; counted, but in no area and on no map"),
        (summary.area_only, "with only an area; in tables, not on maps"),
        (
            summary.at_zero_zero,
            "at longitude 0, latitude 0; is that what an unknown position looks like in the source?",
        ),
        (summary.personal_data, "with what looks like personal data; --redact replaces it by [...]"),
    ] {
        if n > 0 {
            eprintln!("{n} {table}: {text}");
        }
    }
}

/// Refused rows: the first ones on the terminal, all in the rejects file.
struct Rejects {
    file: Option<(csv::Writer<File>, Draft)>,
    rows: u64,
}

impl Rejects {
    const SHOWN: u64 = 20;

    fn open(path: Option<&Path>, reader: &RecordReader) -> anyhow::Result<Self> {
        let file = match path {
            None => None,
            Some(path) => {
                let (draft, file) = Draft::create(path)?;
                let mut writer = csv::Writer::from_writer(file);
                let headings = reader.headings();
                writer.write_record(headings.iter().map(String::as_str).chain(["line", "reason"]))?;
                Some((writer, draft))
            }
        };
        Ok(Self { file, rows: 0 })
    }

    fn add(&mut self, problems: &[Problem], reader: &RecordReader) -> anyhow::Result<()> {
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
            let reasons: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let row = reader.row();
            let width = reader.headings().len();
            let cells = row.iter().chain(std::iter::repeat("")).take(width);
            writer.write_record(cells.chain([reader.line().to_string().as_str(), reasons.join(" | ").as_str()]))?;
        }
        Ok(())
    }

    fn close(&mut self) -> anyhow::Result<()> {
        if let Some((mut writer, draft)) = self.file.take() {
            writer.flush()?;
            draft.finish()?;
        }
        Ok(())
    }
}

/// A bar on a terminal, a line now and then elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    total: u64,
    said: std::cell::Cell<Instant>,
}

impl Progress {
    fn new(total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:40} {percent}% {bytes_per_sec} {eta}");
            ProgressBar::new(total).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, total, said: std::cell::Cell::new(Instant::now()) }
    }

    fn show(&self, bytes: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(bytes),
            None if self.said.get().elapsed() > Duration::from_secs(5) => {
                eprintln!("{} % read", bytes * 100 / self.total.max(1));
                self.said.set(Instant::now());
            }
            None => {}
        }
    }

    /// Runs something that prints lines without tearing the bar.
    fn hidden<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
