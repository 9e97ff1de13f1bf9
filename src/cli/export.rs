//! `lagesbild export`: records as CSV or GeoJSON that imports back.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;

use super::DataArgs;
use super::answer::{Done, Draft, is_closed_pipe};
use crate::domain::Collection;
use crate::geodata::{CsvExport, CsvStyle, ExportOptions, GeoJsonExport, Into, Record};
use crate::spatial::DataClass;
use crate::store::Reader;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Observations,
    Activities,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Commas, decimal points.
    Csv,
    /// Semicolons, decimal commas and a BOM, as Swedish Excel wants it.
    CsvExcelSv,
    Geojson,
}

/// Write records as CSV or GeoJSON that imports back to the same records.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// Which records.
    #[arg(value_enum)]
    what: What,
    #[command(flatten)]
    data: DataArgs,
    /// How they are written.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<Done> {
    let reader = Reader::open(&args.data.path_made_when_missing()?)?;
    match &args.output {
        None => match export(args, &reader, BufWriter::new(std::io::stdout().lock())) {
            Err(error) if is_closed_pipe(&error) => Ok(Done::Ok),
            other => other.context("standard output").map(|()| Done::Ok),
        },
        Some(path) => {
            let (draft, file) = Draft::create(path)?;
            export(args, &reader, BufWriter::new(file)).with_context(|| format!("{}", path.display()))?;
            draft.finish()?;
            Ok(Done::Ok)
        }
    }
}

fn export(args: &ExportArgs, reader: &Reader, out: impl Write) -> anyhow::Result<()> {
    let facts = &reader.frame().facts;
    let options = ExportOptions {
        of: if args.what == What::Observations { Into::Observations } else { Into::Activities },
        zone: facts.zone.clone(),
        kept: reader.kept_columns(if args.what == What::Observations { "observations" } else { "activities" })?,
        data_class: (facts.data_class == DataClass::Synthetic).then(|| facts.data_class.code().to_string()),
    };
    match args.format {
        Format::Csv | Format::CsvExcelSv => {
            let style = if args.format == Format::Csv { CsvStyle::Rfc } else { CsvStyle::ExcelSv };
            let mut export = CsvExport::new(out, options, style)?;
            each(args.what, reader, |record| export.write(record))?;
            export.finish()?;
        }
        Format::Geojson => {
            let mut export = GeoJsonExport::new(out, options)?;
            each(args.what, reader, |record| export.write(record))?;
            export.finish()?;
        }
    }
    Ok(())
}

fn each(what: What, reader: &Reader, mut write: impl FnMut(&Record) -> std::io::Result<()>) -> anyhow::Result<()> {
    match what {
        What::Observations => reader.each(Collection::Observations, |record| anyhow::Ok(write(&of_file(record))?)),
        What::Activities => reader.each(Collection::Activities, |record| anyhow::Ok(write(&of_file(record))?)),
    }
}

fn of_file(record: crate::domain::Record) -> Record {
    match record {
        crate::domain::Record::Observation(record) => Record::Observation(record),
        crate::domain::Record::Activity(record) => Record::Activity(record),
        _ => unreachable!("only these two are asked for"),
    }
}
