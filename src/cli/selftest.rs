//! `lagesbild self-test`: fixtures with known answers through the functions that serve requests.

use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use comfy_table::{Table, presets};
use serde_json::json;

use super::answer::{Done, fit, terminal_columns, write};
use crate::selftest::{BUILT_IN, CaseResult, Verdict, run as run_fixtures};

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    Json,
}

/// Check the methods against known answers of other tools.
#[derive(Debug, clap::Args)]
pub(super) struct SelfTestArgs {
    /// Folder of fixture files; those compiled in without it.
    folder: Option<PathBuf>,
    /// How the verdicts are written.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(super) fn run(args: &SelfTestArgs) -> anyhow::Result<Done> {
    let results = match &args.folder {
        None => run_fixtures(BUILT_IN),
        Some(folder) => {
            let files = read_folder(folder)?;
            run_fixtures(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))
        }
    };
    let count = |verdict: Verdict| results.iter().filter(|r| r.verdict == verdict).count();
    let (passed, failed, unknown) = (count(Verdict::Pass), count(Verdict::Fail), count(Verdict::UnknownMethod));
    let text = match args.format {
        Format::Json => {
            let cases: Vec<_> = results.iter().map(case_json).collect();
            format!("{:#}\n", json!({"passed": passed, "failed": failed, "unknown_method": unknown, "cases": cases}))
        }
        Format::Table => {
            format!("{}\n{passed} passed, {failed} failed, {unknown} of an unknown method\n", table(&results))
        }
    };
    write(None, text.as_bytes())?;
    Ok(if failed > 0 { Done::Failed } else { Done::Ok })
}

/// The `.json` files of a folder by name.
fn read_folder(folder: &std::path::Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "json") {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, std::fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?));
        }
    }
    anyhow::ensure!(!files.is_empty(), "{}: holds no .json file", folder.display());
    files.sort();
    Ok(files)
}

fn case_json(result: &CaseResult) -> serde_json::Value {
    json!({
        "file": result.file,
        "case": result.case,
        "worst_relative_error": result.worst_relative_error,
        "tolerance": result.tolerance,
        "verdict": result.verdict.code(),
        "detail": result.detail,
    })
}

fn table(results: &[CaseResult]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["file", "case", "worst relative error", "tolerance", "verdict", "detail"]);
    for r in results {
        let error = r.worst_relative_error.map_or_else(String::new, |e| format!("{e:.1e}"));
        table.add_row([&r.file, &r.case, &error, &format!("{:.0e}", r.tolerance), r.verdict.code(), &r.detail]);
    }
    fit(&mut table, terminal_columns(), &[1, 5]);
    table
}
