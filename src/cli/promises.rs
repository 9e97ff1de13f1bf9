//! `lagesbild promises`: where the promises stand.

use std::path::PathBuf;

use clap::ValueEnum;
use comfy_table::{Table, presets};
use jiff::civil::Date;

use super::answer::{Done, fit, terminal_columns, write};
use super::{DataArgs, today};
use crate::followup::Book;
use crate::followup::ledger::{Ledger, ledger};
use crate::http::followup::read_book;
use crate::http::page::paper::standalone;
use crate::text::lang::Lang;
use crate::text::paper::markdown;
use crate::wire::followup::ledger::ledger_json;
use crate::wire::followup::ledger_paper::{done, ledger_paper};
use crate::wire::followup::words::{name, notice, reason, status_word};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Md,
    Html,
}

/// Where the promises stand: for every commitment what is done, the target, the status and why.
#[derive(Debug, clap::Args)]
pub(super) struct PromisesArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The day it is for, such as 2025-03-01; default today. What was done later is left out.
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// The language.
    #[arg(long, value_parser = read_lang, default_value = "sv")]
    lang: Lang,
    /// How it is written.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads `sv` or `en`.
pub(super) fn read_lang(text: &str) -> Result<Lang, String> {
    Lang::from_code(text).ok_or_else(|| "sv and en are accepted".to_string())
}

pub(super) fn run(args: &PromisesArgs) -> anyhow::Result<Done> {
    let book = read_book(&args.data.path_made_when_missing()?)?;
    let as_of = args.as_of.unwrap_or_else(|| today(&book.zone));
    let ledger = ledger(&book, as_of);
    let output = args.output.as_deref();
    let text = match args.format {
        Format::Json => format!("{:#}\n", ledger_json(&book, &ledger)),
        Format::Md => markdown(&ledger_paper(&book, &ledger, args.lang)),
        Format::Html => standalone(&ledger_paper(&book, &ledger, args.lang)),
        Format::Table => {
            let columns = if output.is_none() { terminal_columns() } else { None };
            table(&book, &ledger, args.lang, columns)
        }
    };
    write(output, text.as_bytes())?;
    Ok(Done::Ok)
}

fn table(book: &Book, ledger: &Ledger, lang: Lang, columns: Option<u16>) -> String {
    let mut text = String::new();
    for said in &ledger.notices {
        text.push_str(&format!("! {}\n", notice(book, said, lang)));
    }
    for document in &ledger.documents {
        let head = document.document.head();
        text.push_str(&format!("{} ({} – {})\n", name(&head.names, lang), head.period.start(), head.period.last_day()));
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        table.set_header(
            lang.pick(
                ["id", "gjort", "mål", "takt", "läge", "varför"],
                ["id", "done", "target", "pace", "status", "why"],
            ),
        );
        for row in &document.rows {
            let current = row.current(ledger.as_of);
            table.add_row(vec![
                row.commitment.id.to_string(),
                done(row, ledger, lang),
                current.map_or_else(|| "-".to_string(), |stretch| stretch.target.to_string()),
                current.and_then(|stretch| stretch.pace).map_or_else(|| "-".to_string(), |pace| pace.to_string()),
                status_word(row.status, lang).to_string(),
                reason(row, ledger.as_of, lang),
            ]);
        }
        fit(&mut table, columns, &[5, 1]);
        text.push_str(&format!("{table}\n"));
        let of_rows =
            document.rows.iter().flat_map(|row| row.notices.iter().map(move |said| (&row.commitment.id, said)));
        let of_document = document.notices.iter().map(|said| (&head.id, said));
        for (id, said) in of_document.chain(of_rows) {
            text.push_str(&format!("! {id}: {}\n", notice(book, said, lang)));
        }
        text.push('\n');
    }
    if ledger.documents.is_empty() {
        text.push_str(lang.pick("Det finns inget löfte i filen ännu.\n", "There is no promise in the file yet.\n"));
    }
    text.push_str(&format!(
        "{}: {}. data: {}\n",
        lang.pick("Läget den", "As of"),
        ledger.as_of,
        book.facts.data_class.code()
    ));
    text
}
