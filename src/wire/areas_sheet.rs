//! Density by area as a workbook with Swedish headings.

use super::about::About;
use crate::analysis::area_density::{AreaDensity, AreaDensityParams, Comparison, Count};
use crate::analysis::change::Verdict;
use crate::spatial::Snapshot;
use crate::spreadsheet::{Cell, Sheet, Workbook, WorkbookError};

const HEADINGS: [(&str, u8); 23] = [
    ("Område-id", 16),
    ("Område", 28),
    ("Indelning", 12),
    ("Gränsens säkerhet", 14),
    ("Yta km²", 10),
    ("Antal", 10),
    ("Antal, 95 % från", 14),
    ("Antal, 95 % till", 14),
    ("Per km²", 10),
    ("Per km², 95 % från", 14),
    ("Per km², 95 % till", 14),
    ("Rang från", 10),
    ("Rang till", 10),
    ("På gräns", 10),
    ("För osäkert läge", 14),
    ("Antal före", 10),
    ("Kvot", 10),
    ("Kvot, 95 % från", 14),
    ("Kvot, 95 % till", 14),
    ("Bedömning", 24),
    ("Synlig ökning från kvot", 14),
    ("Synlig minskning från kvot", 14),
    ("Dataklass", 11),
];

/// The table: one row per area, then the rest and those without position; and the sheet `Om`.
pub(super) fn workbook(
    snapshot: &Snapshot,
    params: &AreaDensityParams,
    density: &AreaDensity,
) -> Result<Vec<u8>, WorkbookError> {
    let mut sheet = Sheet::new("Områden", &HEADINGS)?;
    let class = || Cell::text(Some(snapshot.facts().data_class.code()));
    let rank = |value: Option<usize>| Cell::number(value.map(|v| v as f64));
    for line in &density.lines {
        let area = snapshot.areas().area(line.area);
        let (value, interval) = line.per_km2().map_or((None, None), |(value, interval)| (Some(value), interval));
        let mut row = vec![
            Cell::text(Some(area.id.as_str())),
            Cell::text(Some(area.names.sv.as_str())),
            Cell::text(Some(area.set.as_str())),
            Cell::text(Some(area.certainty.code())),
            Cell::Number(line.area_km2),
        ];
        row.extend(count_cells(line.count));
        row.extend([
            Cell::number(value),
            Cell::number(interval.map(|i| i.low)),
            Cell::number(interval.map(|i| i.high)),
            rank(line.rank.ok().map(|r| r.low)),
            rank(line.rank.ok().map(|r| r.high)),
            Cell::Number(line.on_border as f64),
            Cell::Number(line.too_coarse as f64),
        ]);
        row.extend(change_cells(line.change.as_ref()));
        row.push(class());
        sheet.row(row)?;
    }
    let (rest, without) = (&density.rest, &density.without_position);
    let ends = [
        ("rest", "Resten av kommunen", rest.count, rest.on_border, 0, &rest.change),
        ("without_position", "Utan läge", without.count, 0, without.too_coarse, &without.change),
    ];
    for (id, name, count, on_border, too_coarse, change) in ends {
        let mut row = vec![Cell::text(Some(id)), Cell::text(Some(name)), Cell::Empty, Cell::Empty, Cell::Empty];
        row.extend(count_cells(count));
        row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
        row.extend([Cell::Number(on_border as f64), Cell::Number(too_coarse as f64)]);
        row.extend(change_cells(change.as_ref()));
        row.push(class());
        sheet.row(row)?;
    }
    let mut workbook = Workbook::new();
    workbook.add(sheet)?;
    let about = About {
        what: "Antal och täthet per område med 95-procentiga intervall (Garwoods exakta Poissonintervall).",
        snapshot,
        filter: &params.filter,
        set: &density.set,
        period: density.period.as_ref(),
        compare: density.comparison.as_ref(),
        total: density.total,
        records: density.records,
    };
    workbook.add_about(&about.lines())?;
    workbook.into_bytes()
}

fn count_cells(count: Count) -> [Cell<'static>; 3] {
    let interval = count.interval();
    [Cell::Number(count.value()), Cell::number(interval.map(|i| i.low)), Cell::number(interval.map(|i| i.high))]
}

fn change_cells(comparison: Option<&Comparison>) -> [Cell<'static>; 7] {
    let Some(comparison) = comparison else { return [const { Cell::Empty }; 7] };
    let change = &comparison.change;
    let verdict = match comparison.verdict() {
        Verdict::Higher => "fler",
        Verdict::Lower => "färre",
        Verdict::NoEvidence => "ingen belagd förändring",
        Verdict::NotEnoughData => "för lite data",
    };
    [
        Cell::Number(comparison.n_before as f64),
        Cell::number(change.rate_ratio),
        Cell::number(change.interval.map(|i| i.low)),
        Cell::number(change.interval.map(|i| i.high)),
        Cell::text(Some(verdict)),
        Cell::number(change.smallest_visible.increase),
        Cell::number(change.smallest_visible.decrease),
    ]
}
