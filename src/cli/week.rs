//! `lagesbild week`: the week page as a file.

use std::path::PathBuf;

use clap::ValueEnum;
use jiff::civil::Date;

use super::answer::{Done, write};
use super::{DataArgs, Usage, today};
use crate::domain::Period;
use crate::followup::ledger::ledger;
use crate::followup::week::{is_week, week_of, week_page};
use crate::http::followup::read_book;
use crate::http::page::paper::standalone;
use crate::spatial::DataClass;
use crate::store::load_snapshot;
use crate::text::lang::Lang;
use crate::text::paper::markdown;
use crate::wire::followup::week::{self as wire, Making};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Html,
    Md,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    Sv,
    En,
}

/// The page for the weekly meeting: what is new, repeated, overdue, decided, booked and promised.
#[derive(Debug, clap::Args)]
pub(super) struct WeekArgs {
    /// The ISO week of the meeting, such as 2026-W48 [default: the week under way].
    #[arg(value_name = "WEEK")]
    week: Option<String>,
    #[command(flatten)]
    data: DataArgs,
    /// The day it speaks of: nothing later is in it [default: today, or the last day of a week that is over].
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The language of the page.
    #[arg(long, value_enum, default_value = "sv")]
    lang: Language,
    /// How it is written: HTML for printing, Markdown for documents, JSON with everything.
    #[arg(long, value_enum, default_value = "html")]
    format: Format,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &WeekArgs) -> anyhow::Result<Done> {
    let path = args.data.path_made_when_missing()?;
    let snapshot = load_snapshot(&path)?;
    let today = today(snapshot.zone());
    let week = match &args.week {
        None => week_of(today),
        Some(text) => Period::parse(text)
            .ok()
            .filter(is_week)
            .ok_or_else(|| Usage(format!("'{text}' is no ISO week; accepted: a week such as 2026-W48")))?,
    };
    let as_of = match &args.as_of {
        None => today.min(week.last_day()),
        Some(text) => text
            .parse::<Date>()
            .map_err(|_| Usage(format!("--as-of: '{text}' is not a date; accepted: a date such as 2026-11-23")))?,
    };
    let book = read_book(&path)?;
    let page = week_page(&snapshot, &book, &ledger(&book, as_of), &week, as_of);
    let lang = match args.lang {
        Language::Sv => Lang::Sv,
        Language::En => Lang::En,
    };
    let synthetic = snapshot.facts().data_class == DataClass::Synthetic;
    let paper = || {
        wire::paper(
            &page,
            Making { book: &book, categories: &snapshot.vocabulary().categories, lang, synthetic, today },
        )
    };
    let text = match args.format {
        Format::Html => standalone(&paper()),
        Format::Md => markdown(&paper()),
        Format::Json => format!("{:#}\n", wire::json(&page)),
    };
    write(args.output.as_deref(), text.as_bytes())?;
    Ok(Done::Ok)
}
