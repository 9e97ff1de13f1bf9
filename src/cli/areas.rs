//! `lagesbild areas`: density by area.

use clap::ValueEnum;
use comfy_table::{CellAlignment, Table, presets};

use super::answer::{Done, fit, terminal_columns, write, write_workbook};
use super::{AreaTable, DataArgs, Flags, today};
use crate::analysis::area_density::{AreaDensity, Comparison, Count, area_density};
use crate::analysis::change::Verdict;
use crate::analysis::poisson::Interval;
use crate::domain::Certainty;
use crate::spatial::Snapshot;
use crate::store::load_snapshot;
use crate::wire::areas;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
    Geojson,
    /// A workbook with Swedish headings; needs -o.
    Xlsx,
}

/// Density by area: counts, records per km² with 95 % intervals, ranks, change.
#[derive(Debug, clap::Args)]
pub(super) struct AreasArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    flags: Flags<AreaTable>,
    /// How the table is written.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// File to write to instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<std::path::PathBuf>,
}

pub(super) fn run(args: &AreasArgs) -> anyhow::Result<Done> {
    let snapshot = load_snapshot(&args.data.path_made_when_missing()?)?;
    let params = areas::read(&args.flags.words()?, &snapshot, today(snapshot.zone()))?;
    let output = args.output.as_deref();
    let text = match args.format {
        Format::Xlsx => {
            let make = || Ok(areas::workbook(&snapshot, &params, &area_density(&snapshot, &params))?);
            return write_workbook(output, make).map(|()| Done::Ok);
        }
        Format::Json => format!("{:#}\n", areas::summary(&snapshot, &params)),
        Format::Geojson => format!("{}\n", areas::geojson(&snapshot, &params)),
        Format::Csv => areas::csv(&snapshot, &area_density(&snapshot, &params))?,
        Format::Table => {
            let columns = if output.is_none() { terminal_columns() } else { None };
            table(&snapshot, &area_density(&snapshot, &params), columns)
        }
    };
    write(output, text.as_bytes())?;
    Ok(Done::Ok)
}

fn table(snapshot: &Snapshot, density: &AreaDensity, columns: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    let mut header = vec!["id", "area", "km²", "count", "95 %", "per km²", "95 %", "rank"];
    if density.comparison.is_some() {
        header.extend(["before", "ratio", "95 %", "change", "visible from"]);
    }
    table.set_header(header);
    for line in &density.lines {
        let area = snapshot.areas().area(line.area);
        let mark = match area.certainty {
            Certainty::Official => "",
            Certainty::Assumed => " (assumed outline)",
            Certainty::Placeholder => " (placeholder: position not known)",
        };
        let (value, interval) = line.per_km2().map_or((String::new(), None), |(v, i)| (short(v), i));
        let mut row = vec![
            area.id.to_string(),
            format!("{}{mark}", area.names.sv),
            short(line.area_km2),
            number(line.count),
            interval_of(line.count),
            value,
            interval.map_or_else(String::new, range),
            line.rank.map_or_else(
                |_| "-".to_string(),
                |r| if r.low == r.high { r.low.to_string() } else { format!("{}-{}", r.low, r.high) },
            ),
        ];
        row.extend(change_cells(density, line.change.as_ref()));
        table.add_row(row);
    }
    let rest = [
        ("rest", "Resten av kommunen / rest", density.rest.count, &density.rest.change),
        (
            "without_position",
            "Utan läge / without position",
            density.without_position.count,
            &density.without_position.change,
        ),
    ];
    for (id, name, count, change) in rest {
        let mut row = vec![id.to_string(), name.to_string(), String::new(), number(count), interval_of(count)];
        row.extend(std::iter::repeat_n(String::new(), 3));
        row.extend(change_cells(density, change.as_ref()));
        table.add_row(row);
    }
    for column in 2..table.column_count() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // The name, and the verdict of a comparison, which is the last column then.
    fit(&mut table, columns, &[1, 11]);
    let period = density
        .period
        .as_ref()
        .map_or_else(|| "no records".to_string(), |p| format!("{} to {} ({} days)", p.start(), p.last_day(), p.days()));
    let r = density.records;
    format!(
        "{table}\n{} records, {period}; set '{}' of {}; data: {}\n\
         Left out of areas: {} on a border, {} in no area, {} without position, {} too coarse. Areas may overlap: totals are not sums.\n",
        number(density.total),
        density.set,
        snapshot.areas().sets().join(", "),
        snapshot.facts().data_class.code(),
        r.on_border,
        r.outside,
        r.without_position,
        r.too_coarse,
    )
}

fn change_cells(density: &AreaDensity, comparison: Option<&Comparison>) -> Vec<String> {
    if density.comparison.is_none() {
        return Vec::new();
    }
    let Some(comparison) = comparison else { return vec![String::new(); 5] };
    let change = &comparison.change;
    let verdict = match comparison.verdict() {
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NoEvidence => "no evidence of change",
        Verdict::NotEnoughData if comparison.data_begin_inside => "data begin inside the earlier period",
        Verdict::NotEnoughData => "not enough data",
    };
    let visible = [change.smallest_visible.decrease, change.smallest_visible.increase];
    let visible: Vec<String> = visible.iter().map(|ratio| ratio.map_or_else(|| "-".to_string(), short)).collect();
    vec![
        comparison.n_before.to_string(),
        change.rate_ratio.map_or_else(String::new, short),
        change.interval.map_or_else(String::new, range),
        verdict.to_string(),
        visible.join(" or "),
    ]
}

fn number(count: Count) -> String {
    match count {
        Count::Whole { n, .. } => n.to_string(),
        Count::Expected(value) => short(value),
    }
}

fn interval_of(count: Count) -> String {
    count.interval().map_or_else(String::new, range)
}

fn range(interval: Interval) -> String {
    format!("{}-{}", short(interval.low), short(interval.high))
}

/// Three digits are what an interval can carry.
fn short(value: f64) -> String {
    match value.abs() {
        v if !v.is_finite() => "∞".to_string(),
        v if v >= 100.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
