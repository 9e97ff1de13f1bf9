//! The numbers as a table that reads aloud, stacks on a narrow screen and prints.

use maud::{Markup, html};

use super::numbers::{UNKNOWN_SIGN, count, days, decimal, range, short, whole};
use super::sentence::begins_inside_comparison;
use super::texts::{self, Lang, Text, bare_area, records};
use super::view::{Known, View};
use crate::analysis::area_density::{AreaLine, Comparison, Count};
use crate::analysis::change::Verdict;
use crate::domain::Certainty;

/// The table with its heading, notes and downloads.
pub(super) fn section(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    let what = records(view.request.params.filter.of).of(lang);
    let period = view.density.period.as_ref().map_or_else(|| texts::NO_PERIOD.of(lang).to_string(), days);
    let caption = texts::CAPTION.with(lang, &[("what", &capital(what)), ("period", &period)]);
    let columns = Columns {
        ranked: view.density.lines.iter().any(|line| line.rank.is_ok()),
        compared: view.density.comparison.is_some(),
    };
    html! {
        section aria-labelledby="table-heading" {
            h2 id="table-heading" { (texts::TABLE.of(lang)) }
            table.numbers role="table" {
                caption { (caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        th scope="col" role="columnheader" { (texts::COL_NUMBER.of(lang)) }
                        th scope="col" role="columnheader" { (texts::COL_AREA.of(lang)) }
                        @for column in columns.after_name() {
                            th.n scope="col" role="columnheader" { (column.of(lang)) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for (number, line) in view.numbered() { (area_row(view, columns, number, line)) }
                    (end_row(view, columns, texts::ROW_REST, view.density.rest.count, view.density.rest.change.as_ref(),
                        note(texts::NOTE_REST_BORDER, view.density.rest.on_border, lang)))
                    (end_row(view, columns, texts::ROW_LOST, view.density.without_position.count,
                        view.density.without_position.change.as_ref(),
                        note(texts::NOTE_LOST_COARSE, view.density.without_position.too_coarse, lang)))
                }
            }
            @if view.known == Known::Yes {
                p.note { (texts::ROW_TOTAL_NOTE.with(lang, &[("n", &count(view.density.total, lang)), ("what", what)])) }
            }
            @if let Some(text) = smallest_visible(view) { p.note { (text) } }
            p.downloads {
                (texts::DOWNLOADS.of(lang)) ": "
                a href=(view.request.table_url("json")) { (texts::SAME_JSON.of(lang)) } " · "
                a href=(view.request.table_url("geojson")) { (texts::SAME_GEOJSON.of(lang)) } " · "
                a href=(view.request.table_url("csv")) { (texts::SAME_CSV.of(lang)) }
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Columns {
    ranked: bool,
    compared: bool,
}

impl Columns {
    fn after_name(self) -> Vec<Text> {
        let mut columns = vec![texts::COL_COUNT, texts::COL_INTERVAL, texts::COL_PER_KM2];
        columns.extend(self.ranked.then_some(texts::COL_RANK));
        if self.compared {
            columns.extend([texts::COL_BEFORE, texts::COL_CHANGE]);
        }
        columns
    }
}

/// What stands in a cell; unknown has its own sign and says so.
enum Cell {
    Text(String),
    /// A number with its interval beneath.
    Number(String, String),
    /// Words, with a number that explains them.
    Words(String, Option<String>),
    Unknown,
    NotApplicable,
}

fn area_row(view: &View<'_>, columns: Columns, number: usize, line: &AreaLine) -> Markup {
    let lang = view.request.lang;
    let area = view.snapshot.areas().area(line.area);
    let known = view.known == Known::Yes;
    let certainty = match area.certainty {
        Certainty::Official => None,
        Certainty::Assumed => Some(texts::NOTE_ASSUMED.of(lang)),
        Certainty::Placeholder => Some(texts::NOTE_PLACEHOLDER.of(lang)),
    };
    let notes = [note(texts::NOTE_BORDER, line.on_border, lang), note(texts::NOTE_COARSE, line.too_coarse, lang)];
    // The size of a placeholder is ours, so a number per km² would be invented.
    let per_km2 = match line.per_km2().filter(|_| known && area.certainty != Certainty::Placeholder) {
        None => Cell::Unknown,
        Some((value, None)) => Cell::Text(short(value, lang)),
        Some((value, Some(interval))) => Cell::Number(short(value, lang), format!("({})", range(interval, lang))),
    };
    let rank = match line.rank {
        Ok(rank) if known && rank.low == rank.high => Cell::Text(rank.low.to_string()),
        Ok(rank) if known => Cell::Text(format!("{}–{}", rank.low, rank.high)),
        _ => Cell::Unknown,
    };
    let mut cells = count_cells(view, line.count);
    cells.push(per_km2);
    if columns.ranked {
        cells.push(rank);
    }
    cells.extend(change_cells(view, columns, line.change.as_ref()));
    html! {
        tr role="row" {
            td.number role="cell" { (number) }
            th scope="row" role="rowheader" {
                (bare_area(area, lang))
                @if let Some(text) = certainty { " " small { "(" (text) ")" } }
                @for text in notes.iter().flatten() { " " small { "(" (text) ")" } }
            }
            (row_cells(columns, &cells, lang))
        }
    }
}

fn end_row(
    view: &View<'_>,
    columns: Columns,
    name: Text,
    n: Count,
    change: Option<&Comparison>,
    note: Option<String>,
) -> Markup {
    let lang = view.request.lang;
    let mut cells = count_cells(view, n);
    cells.push(Cell::NotApplicable);
    if columns.ranked {
        cells.push(Cell::NotApplicable);
    }
    cells.extend(change_cells(view, columns, change));
    html! {
        tr.end role="row" {
            td.number role="cell" {}
            th scope="row" role="rowheader" {
                (name.of(lang))
                @if let Some(text) = note.filter(|_| view.known == Known::Yes) { " " small { "(" (text) ")" } }
            }
            (row_cells(columns, &cells, lang))
        }
    }
}

fn row_cells(columns: Columns, cells: &[Cell], lang: Lang) -> Markup {
    html! {
        @for (column, cell) in columns.after_name().into_iter().zip(cells) {
            @match cell {
                Cell::Text(text) => td.n role="cell" data-label=(column.of(lang)) { (text) },
                Cell::Number(value, interval) => td.n role="cell" data-label=(column.of(lang)) {
                    span { (value) " " small { (interval) } }
                },
                Cell::Words(words, ratio) => td.words role="cell" data-label=(column.of(lang)) {
                    span { (words) @if let Some(ratio) = ratio { " " small { (ratio) } } }
                },
                Cell::Unknown => td.n.unknown role="cell" data-label=(column.of(lang)) {
                    span { (UNKNOWN_SIGN) " " small { (texts::UNKNOWN.of(lang)) } }
                },
                Cell::NotApplicable => td.n.none role="cell" {},
            }
        }
    }
}

fn count_cells(view: &View<'_>, n: Count) -> Vec<Cell> {
    if view.known != Known::Yes {
        return vec![Cell::Unknown, Cell::Unknown];
    }
    let lang = view.request.lang;
    let interval = n.interval().map_or(Cell::Unknown, |interval| Cell::Text(range(interval, lang)));
    vec![Cell::Text(count(n, lang)), interval]
}

fn change_cells(view: &View<'_>, columns: Columns, comparison: Option<&Comparison>) -> Vec<Cell> {
    if !columns.compared {
        return Vec::new();
    }
    // Before the first record nothing is known: a count of 0 there would be invented.
    let nothing_before = match (&view.density.comparison, view.extent_days) {
        (Some(compare), Some((first, _))) => compare.end() <= first,
        _ => true,
    };
    let Some(Comparison { n_before, change, .. }) = comparison.filter(|_| view.known == Known::Yes && !nothing_before)
    else {
        return vec![Cell::Unknown, Cell::Unknown];
    };
    let lang = view.request.lang;
    let verdict = match change.verdict {
        Verdict::Higher if begins_inside_comparison(view) => {
            let said = texts::VERDICT_DAYS_MISSING.of(lang).to_string();
            return vec![Cell::Text(whole(*n_before, lang)), Cell::Words(said, None)];
        }
        Verdict::Higher => texts::VERDICT_HIGHER,
        Verdict::Lower => texts::VERDICT_LOWER,
        Verdict::NoEvidence => texts::VERDICT_NONE,
        Verdict::NotEnoughData => texts::VERDICT_FEW,
    };
    let mut text = verdict.of(lang).to_string();
    let mut ratio = None;
    if let Some(percent) = change.percent {
        let sign = if percent >= 0.5 { "+" } else { "" };
        let percent = format!("{sign}{}", decimal(percent, 0, lang));
        text.push_str(&format!(", {}", texts::PERCENT.with(lang, &[("percent", &percent)])));
    }
    if let Some(interval) = change.interval.filter(|_| change.verdict != Verdict::NotEnoughData) {
        ratio = Some(texts::RATIO.with(lang, &[("range", &range(interval, lang))]));
    }
    vec![Cell::Text(whole(*n_before, lang)), Cell::Words(text, ratio)]
}

fn smallest_visible(view: &View<'_>) -> Option<String> {
    let lang = view.request.lang;
    let (_, top) = view.numbered().next().filter(|_| view.known == Known::Yes)?;
    let Comparison { n_before, change, .. } = top.change.as_ref().filter(|_| !begins_inside_comparison(view))?;
    let days = view.density.period.as_ref()?.days() as f64 / view.density.comparison.as_ref()?.days() as f64;
    let after = (*n_before as f64 * days * change.smallest_visible.increase?).ceil();
    let name = texts::area(view.snapshot.areas().area(top.area), lang);
    let values = [("area", name), ("before", whole(*n_before, lang)), ("after", decimal(after, 0, lang))];
    Some(texts::VISIBLE.with(lang, &values.each_ref().map(|(n, v)| (*n, v.as_str()))))
}

fn note(text: Text, n: u64, lang: Lang) -> Option<String> {
    (n > 0).then(|| text.with(lang, &[("n", &whole(n, lang))]))
}

/// The text with its first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
