//! `lagesbild situation-picture`: the situation picture of a period as a file.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use jiff::civil::Date;

use super::answer::{Done, write};
use super::promises::read_lang;
use super::{DataArgs, Usage, today};
use crate::domain::Period;
use crate::followup::picture::{PictureParams, picture};
use crate::http::followup::read_book;
use crate::http::page::paper::standalone;
use crate::store::load_snapshot;
use crate::text::lang::Lang;
use crate::text::paper::markdown;
use crate::wire::followup::picture::picture_json;
use crate::wire::followup::picture_paper::picture_paper;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Md,
    Json,
}

/// What is known about the areas in a period: promises, places that may need attention, surveys, actions.
#[derive(Debug, clap::Args)]
pub(super) struct SituationPictureArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The days: 2026-W47, 2026-10, 2026-Q3, 2026-T2, 2026-H1, 2026 or 2026-10-01/2026-10-15.
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// The day it is for, such as 2026-11-22; default today. Nothing later is in it.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// The set of areas; default the first of the file.
    #[arg(long, value_name = "SET")]
    set: Option<String>,
    /// The language.
    #[arg(long, value_parser = read_lang, default_value = "sv")]
    lang: Lang,
    /// How it is written [default: by the ending of the file, otherwise html].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &SituationPictureArgs) -> anyhow::Result<Done> {
    let period = Period::parse(&args.period).map_err(|error| Usage(format!("--period: {error}")))?;
    let output = args.output.as_deref();
    let format = match (args.format, output) {
        (Some(format), _) => format,
        (None, Some(path)) => format_of(path)?,
        (None, None) => Format::Html,
    };
    let path = args.data.path_made_when_missing()?;
    let snapshot = load_snapshot(&path)?;
    let sets = snapshot.areas().sets();
    if let Some(set) = args.set.as_deref().filter(|set| !sets.contains(set)) {
        return Err(Usage(format!("--set: the file has no set '{set}'; accepted: {}", sets.join(", "))).into());
    }
    let book = read_book(&path)?;
    let as_of = args.as_of.unwrap_or_else(|| today(snapshot.zone()));
    let params = PictureParams { set: args.set.clone(), ..PictureParams::default() };
    let picture = picture(&snapshot, &book, &period, as_of, &params);
    let paper = || picture_paper(&snapshot, &book, &picture, args.lang);
    let text = match format {
        Format::Html => standalone(&paper()),
        Format::Md => markdown(&paper()),
        Format::Json => format!("{:#}\n", picture_json(&snapshot, &book, &picture, &params)),
    };
    write(output, text.as_bytes())?;
    Ok(Done::Ok)
}

/// The form that the ending of a file names.
fn format_of(path: &Path) -> Result<Format, Usage> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "html" | "htm" => Ok(Format::Html),
        "md" | "markdown" => Ok(Format::Md),
        "json" => Ok(Format::Json),
        _ => Err(Usage(format!(
            "-o {}: '{ending}' is no ending of a picture; accepted: .html, .md or .json, or --format. \
             A word processor opens the HTML",
            path.display()
        ))),
    }
}
