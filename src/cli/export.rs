//! `lagesbild export`: records as CSV, workbook, GeoJSON or GeoPackage, and the tidy table.

use std::io::{BufWriter, Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};

use super::answer::{Done, Draft, is_closed_pipe, write, write_workbook};
use super::{AreaTable, DataArgs, Flags, Usage, local_actor, today};
use crate::domain::{Collection, Record};
use crate::geodata::{
    CsvExport, CsvStyle, ExportOptions, GeoJsonExport, GeoPackageExport, WorkbookExport, write_areas,
};
use crate::spatial::DataClass;
use crate::store::{AuditAction, Reader, load_snapshot, note_in};
use crate::wire::{SOFTWARE, tidy};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Commas, decimal points.
    Csv,
    /// Semicolons, decimal commas and a BOM, as Swedish Excel wants it.
    CsvExcelSv,
    /// A workbook with Swedish headings.
    Xlsx,
    Geojson,
    /// A GeoPackage with only these layers: the file to share.
    Gpkg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TidyFormat {
    /// Commas, decimal points.
    Csv,
    /// Semicolons and a BOM, as Swedish Excel wants it.
    CsvExcelSv,
    /// A workbook with Swedish headings.
    Xlsx,
}

/// Write records or the tidy table as files for other programs.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Things seen or felt.
    Observations(RecordArgs),
    /// Work done.
    Activities(RecordArgs),
    /// Named polygons.
    Areas(RecordArgs),
    /// The place register.
    Places(RecordArgs),
    /// Survey waves.
    Surveys(RecordArgs),
    /// Work reported as a number.
    ReportedCounts(RecordArgs),
    /// What is to be done.
    Actions(RecordArgs),
    /// Weekly words of organisations.
    Reports(RecordArgs),
    /// Promises with their documents.
    Promises(RecordArgs),
    /// Dates set for work to come.
    Bookings(RecordArgs),
    /// What parties say about commitments.
    Comments(RecordArgs),
    /// What the weekly meeting puts first.
    Priorities(RecordArgs),
    /// Every collection: a workbook with a sheet each, or a GeoPackage with a layer each.
    All(RecordArgs),
    /// One row per area, month and category, months with 0 too.
    Tidy(TidyArgs),
}

#[derive(Debug, clap::Args)]
struct RecordArgs {
    #[command(flatten)]
    data: DataArgs,
    /// How they are written.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Why the records leave the file; it stands in the log.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who does this, for the log [default: the user of this machine].
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Debug, clap::Args)]
struct TidyArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    flags: Flags<AreaTable>,
    /// How it is written.
    #[arg(long, value_enum, default_value = "csv")]
    format: TidyFormat,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<Done> {
    let (of, args) = match &args.what {
        What::Tidy(args) => return run_tidy(args),
        What::All(args) => (None, args),
        What::Observations(args) => (Some(Collection::Observations), args),
        What::Activities(args) => (Some(Collection::Activities), args),
        What::Areas(args) => (Some(Collection::Areas), args),
        What::Places(args) => (Some(Collection::Places), args),
        What::Surveys(args) => (Some(Collection::Surveys), args),
        What::ReportedCounts(args) => (Some(Collection::ReportedCounts), args),
        What::Actions(args) => (Some(Collection::Actions), args),
        What::Reports(args) => (Some(Collection::Reports), args),
        What::Promises(args) => (Some(Collection::Promises), args),
        What::Bookings(args) => (Some(Collection::Bookings), args),
        What::Comments(args) => (Some(Collection::Comments), args),
        What::Priorities(args) => (Some(Collection::Priorities), args),
    };
    let collections: Vec<Collection> = of.map_or_else(|| Collection::ALL.to_vec(), |of| vec![of]);
    if of.is_none() && !matches!(args.format, Format::Xlsx | Format::Gpkg) {
        let text = "export all: --format xlsx or gpkg holds every collection; name one collection for the others";
        return Err(Usage(text.to_string()).into());
    }
    if args.format == Format::Gpkg && args.output.is_none() {
        return Err(Usage("--format gpkg: name the file with -o FILE.gpkg".to_string()).into());
    }
    let data = args.data.path_made_when_missing()?;
    note(&data, of, args)?;
    let reader = Reader::open(&data)?;
    let output = args.output.as_deref();
    match (args.format, output) {
        (Format::Gpkg, path) => {
            let path = path.context("was asked for above")?;
            let (draft, file) = Draft::create(path)?;
            // SQLite opens the file itself.
            drop(file);
            geopackage(&collections, &reader, draft.draft_path()).with_context(|| format!("{}", path.display()))?;
            draft.finish()?;
        }
        (Format::Xlsx, _) => write_workbook(output, || workbook(&collections, &reader))?,
        (Format::Geojson, _) if of == Some(Collection::Areas) => {
            // The form that areas are imported from.
            write(output, write_areas(reader.frame().areas.areas()).as_bytes())?;
        }
        (format, None) => match stream(format, &collections, &reader, BufWriter::new(std::io::stdout().lock())) {
            Err(error) if is_closed_pipe(&error) => {}
            other => other.context("standard output")?,
        },
        (format, Some(path)) => {
            let (draft, file) = Draft::create(path)?;
            stream(format, &collections, &reader, BufWriter::new(file))
                .with_context(|| format!("{}", path.display()))?;
            draft.finish()?;
        }
    }
    Ok(Done::Ok)
}

/// Records leave the file with their free text: the log says so before they do.
fn note(data: &Path, of: Option<Collection>, args: &RecordArgs) -> anyhow::Result<()> {
    let subject = of.map_or("all collections", Collection::code);
    let actor = local_actor(args.actor.as_deref());
    match note_in(data, &actor, AuditAction::Export, subject, args.reason.as_deref()) {
        Err(error) if error.is_read_only_place() => {
            eprintln!("the file cannot be written here, so this export is not in its log: {error}");
            Ok(())
        }
        other => Ok(other?),
    }
}

/// CSV and GeoJSON, a record at a time.
fn stream(format: Format, collections: &[Collection], reader: &Reader, mut out: impl Write) -> anyhow::Result<()> {
    for of in collections {
        let options = options(reader, *of)?;
        if format == Format::Geojson {
            let mut export = GeoJsonExport::new(&mut out, options)?;
            each(reader, *of, |record| export.write(record))?;
            export.finish()?;
        } else {
            let style = if format == Format::Csv { CsvStyle::Rfc } else { CsvStyle::ExcelSv };
            let mut export = CsvExport::new(&mut out, options, style)?;
            each(reader, *of, |record| export.write(record))?;
            export.finish()?;
        }
    }
    Ok(())
}

fn workbook(collections: &[Collection], reader: &Reader) -> anyhow::Result<Vec<u8>> {
    let mut export = WorkbookExport::new();
    for of in collections {
        export.begin(options(reader, *of)?)?;
        each(reader, *of, |record| export.write(record))?;
    }
    let facts = &reader.frame().facts;
    let class = if facts.data_class == DataClass::Synthetic { "syntetiska data" } else { "verkliga data" };
    let about = [
        ("Innehåll", "Poster ur en datafil för lägesbilden".to_string()),
        ("Tidszon", facts.time_zone.clone()),
        ("Dataklass", class.to_string()),
        ("Revision", reader.revision()?.to_string()),
        ("Programvara", SOFTWARE.to_string()),
    ];
    let mut bytes = Cursor::new(Vec::new());
    export.finish(&about, &mut bytes)?;
    Ok(bytes.into_inner())
}

fn geopackage(collections: &[Collection], reader: &Reader, path: &Path) -> anyhow::Result<()> {
    let mut export = GeoPackageExport::create(path)?;
    for of in collections {
        export.begin(options(reader, *of)?)?;
        each(reader, *of, |record| export.write(record))?;
    }
    Ok(export.finish()?)
}

fn options(reader: &Reader, of: Collection) -> anyhow::Result<ExportOptions> {
    let frame = reader.frame();
    let has_kept = of.counted().is_some();
    let is_synthetic = frame.facts.data_class == DataClass::Synthetic;
    Ok(ExportOptions {
        of,
        zone: frame.facts.zone.clone(),
        kept: if has_kept { reader.kept_columns(of.table())? } else { Vec::new() },
        terms: match of {
            Collection::Observations => frame.vocabulary.categories.clone(),
            Collection::Activities | Collection::ReportedCounts => frame.vocabulary.kinds.clone(),
            _ => Vec::new(),
        },
        data_class: is_synthetic.then(|| frame.facts.data_class.code().to_string()),
    })
}

/// Every record of a collection.
fn each(reader: &Reader, of: Collection, mut write: impl FnMut(&Record) -> std::io::Result<()>) -> anyhow::Result<()> {
    reader.each(of, |record| anyhow::Ok(write(&record)?))
}

fn run_tidy(args: &TidyArgs) -> anyhow::Result<Done> {
    let snapshot = load_snapshot(&args.data.path_made_when_missing()?)?;
    let params = tidy::read(&args.flags.words()?, &snapshot, today(snapshot.zone()))?;
    let output = args.output.as_deref();
    match args.format {
        TidyFormat::Csv => write(output, tidy::csv(&snapshot, &params, b',')?.as_bytes())?,
        TidyFormat::CsvExcelSv => {
            write(output, format!("\u{feff}{}", tidy::csv(&snapshot, &params, b';')?).as_bytes())?;
        }
        TidyFormat::Xlsx => write_workbook(output, || Ok(tidy::workbook(&snapshot, &params)?))?,
    }
    Ok(Done::Ok)
}
