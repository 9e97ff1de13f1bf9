//! The statistics page: reports of a closed period for the municipality, its areas and squares.

use maud::{Markup, html};

use super::follow_up::dates;
use super::shell::Shell;
use super::table::{Cell, Key, Row, table};
use crate::domain::Period;
use crate::public::context::{Context, View};
use crate::public::embed::{density_figure, figure};
use crate::public::figures::{category_names, side, squares};
use crate::public::sentence::sentence;
use crate::public::words::{days, name, place, shown, whole};
use crate::release::attack::{Category, Place, Shown, Statement};
use crate::release::statistics::{LeftOut, Statistics};
use crate::text::lang::texts;

texts! {
    TITLE: "Iakttagelser {period}", "Reports {period}";
    WHAT: "En iakttagelse är något som någon har sett eller känt och anmält. Talen säger hur många som kom in, inte hur mycket som hände.",
        "A report is something that somebody saw or felt and reported. The numbers say how many came in, not how much happened.";
    MUNICIPALITY: "Hela kommunen", "The whole municipality";
    BY_CATEGORY: "Iakttagelser i hela kommunen efter kategori, {period}", "Reports in the whole municipality by category, {period}";
    BY_TIME: "Iakttagelser i hela kommunen efter tid, alla kategorier", "Reports in the whole municipality by time, all categories";
    AREAS: "Områdena", "The areas";
    AREAS_CAPTION: "Iakttagelser i områdena, avrundade tal", "Reports in the areas, rounded numbers";
    SQUARES: "Rutorna", "The squares";
    SQUARES_CAPTION: "Rutor på {side} med tal, {period}: nedre vänstra hörnet i meter", "Squares of {side} with a number, {period}: lower left corner in metres";
    OTHERS: "Övriga rutor på {side}: {under} under {k}, {undivided} inte uppdelade. Alla finns i filen.", "Other squares of {side}: {under} under {k}, {undivided} not divided. All are in the file.";
    NO_NUMBERS: "Ingen ruta på {side} har ett tal.", "No square of {side} has a number.";
    H_CATEGORY: "Kategori", "Category";
    H_TIME: "Tid", "Time";
    H_AREA: "Område", "Area";
    H_SQUARE: "Ruta", "Square";
    H_N: "Iakttagelser", "Reports";
    LEFT: "Det som är utelämnat", "What is left out";
    LEFT_INTRO: "För att ingen ska kunna räkna ut dolda tal är detta inte med:", "So that nobody can work out hidden numbers, this is not in here:";
    L_MONTHS: "månader för kommunen", "months of the municipality";
    L_QUARTERS: "kvartal för {area}", "quarters of {area}";
    L_CATEGORIES: "kategorier för {area}", "categories of {area}";
    L_ALL_CATEGORIES: "kategorier för kommunen", "categories of the municipality";
    L_AREA: "alla tal för {area}", "all numbers of {area}";
    L_SQUARE: "en ruta av den största storleken", "a square of the largest size";
    L_SQUARES: "delar av {n} rutor på {side}", "parts of {n} squares of {side}";
    FILES: "Uppgifterna som filer", "The data as files";
    DENSITY_TITLE: "Täthet", "Density";
    DENSITY_TEXT: "Tätheten jämnar ut rutornas tal. Den visar ungefär var det kommer in många iakttagelser per km², inte var något hände.",
        "The density smooths the numbers of the squares. It shows roughly where many reports per km² come in, not where something happened.";
    DENSITY: "Ytan av täthet är räknad ur de offentliga rutorna och inget annat. Den finns som fil.", "The surface of density is computed from the public squares and nothing else. It is there as a file.";
}

/// The page; only for releases with statistics.
pub(in crate::public) fn page(context: &Context<'_>) -> Option<String> {
    let lang = context.lang;
    let statistics = context.release.statistics.as_ref()?;
    let title = TITLE.with(lang, &[("period", &context.period())]);
    let sentence = sentence(context, View::Statistics);
    let main = html! {
        h1 { (title) }
        p.lead { (sentence) }
        p { (WHAT.of(lang)) }
        p { (dates(context)) }
        (figure(context, View::Statistics, ""))
        (tables(context))
        @if statistics.density.is_some() {
            h2 { (DENSITY_TITLE.of(lang)) }
            p { (DENSITY_TEXT.of(lang)) }
            (density_figure(context))
        }
        (left_out(context, statistics))
        (super::unknown::section(context))
        h2 { (FILES.of(lang)) }
        ul {
            li { a href="data/statistics.csv" { "CSV" } ", " a href="data/statistics.json" { "JSON" } }
            @for cell_m in &statistics.levels_m {
                li { (SQUARES.of(lang)) " " (side(*cell_m)) ": " a href={ "data/grid-" (cell_m) "m.geojson" } { "GeoJSON" } }
            }
            li { (AREAS.of(lang)) ": " a href="data/areas.geojson" { "GeoJSON" } }
            @if statistics.density.is_some() {
                li { (DENSITY.of(lang)) " " a href="data/density.geojson" { "GeoJSON" } }
            }
        }
    };
    Some(Shell { stem: "statistik", title: &title, sentence: &sentence, view: View::Statistics }.around(context, &main))
}

/// Every number of reports as tables; of squares those with a number, and how many have none.
pub(in crate::public) fn tables(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    let Some(statistics) = &context.release.statistics else { return html! {} };
    let whole_period = &context.release.edition.period;
    let of_all = |s: &&Statement| s.place == Place::Municipality;
    let categories = statistics.figures.iter().filter(of_all).filter(|s| s.period == *whole_period);
    let times =
        statistics.figures.iter().filter(of_all).filter(|s| s.category == Category::All && s.period != *whole_period);
    let category = |s: &Statement| name(&category_names(statistics, &s.category), lang).to_string();
    let by_category: Vec<Row> = categories.map(|s| row(context, s, vec![category(s)])).collect();
    let by_time: Vec<Row> = times.map(|s| row(context, s, vec![days(&s.period, lang)])).collect();
    let areas = statistics.figures.iter().filter(|s| matches!(s.place, Place::Area(_)));
    let by_area: Vec<Row> = areas
        .map(|s| row(context, s, vec![place(context.release, &s.place, lang), category(s), days(&s.period, lang)]))
        .collect();
    let period = context.period();
    html! {
        h2 { (MUNICIPALITY.of(lang)) }
        (table(&BY_CATEGORY.with(lang, &[("period", &period)]), &[H_CATEGORY.of(lang), H_N.of(lang)], &by_category))
        @if !by_time.is_empty() { (table(BY_TIME.of(lang), &[H_TIME.of(lang), H_N.of(lang)], &by_time)) }
        @if !by_area.is_empty() {
            h2 { (AREAS.of(lang)) }
            (table(AREAS_CAPTION.of(lang), &[H_AREA, H_CATEGORY, H_TIME, H_N].map(|text| text.of(lang)), &by_area))
        }
        @if !statistics.levels_m.is_empty() {
            h2 { (SQUARES.of(lang)) }
            @for cell_m in &statistics.levels_m { (level(context, statistics, *cell_m)) }
        }
    }
}

fn row(context: &Context<'_>, s: &Statement, words: Vec<String>) -> Row {
    let said = shown(Some(s.shown), &context.release.edition.policy, context.lang);
    let cells = words.into_iter().map(Cell::words).chain([Cell::reports(Some(s.shown), said)]).collect();
    Row { key: Key::of(s), cells }
}

/// The squares of a size that have a number, and how many have none.
fn level(context: &Context<'_>, statistics: &Statistics, cell_m: u32) -> Markup {
    let lang = context.lang;
    let all: Vec<([i64; 2], &Period, Shown)> = squares(statistics, cell_m).collect();
    let count = |wanted: Shown| all.iter().filter(|(_, _, shown)| *shown == wanted).count();
    let (side, period) = (side(cell_m), context.period());
    let numbers = all.iter().filter(|(_, _, shown)| matches!(shown, Shown::About(_)));
    let rows: Vec<Row> = numbers
        .map(|([x_m, y_m], period, shown)| {
            let place = Place::Square { cell_m, x_m: *x_m, y_m: *y_m };
            let statement =
                Statement { place, category: Category::NotSensitive, period: (*period).clone(), shown: *shown };
            row(context, &statement, vec![format!("{x_m}, {y_m}")])
        })
        .collect();
    let k = context.release.edition.policy.least_reports.to_string();
    let [under, undivided] = [Shown::UnderLeast, Shown::NotDivided]
        .map(|wanted| whole(u32::try_from(count(wanted)).unwrap_or(u32::MAX), lang));
    let values = [("side", side.as_str()), ("under", &under), ("undivided", &undivided), ("k", &k)];
    html! {
        @if rows.is_empty() { p { (NO_NUMBERS.with(lang, &[("side", &side)])) } }
        @else {
            (table(&SQUARES_CAPTION.with(lang, &[("side", &side), ("period", &period)]), &[H_SQUARE.of(lang), H_N.of(lang)], &rows))
        }
        p data-cell-m=(cell_m) data-under=(count(Shown::UnderLeast)) data-not-divided=(count(Shown::NotDivided)) {
            (OTHERS.with(lang, &values))
        }
    }
}

fn left_out(context: &Context<'_>, statistics: &Statistics) -> Markup {
    let lang = context.lang;
    let said = |left: &LeftOut| match left {
        LeftOut::Months => L_MONTHS.of(lang).to_string(),
        LeftOut::Quarters(id) => {
            L_QUARTERS.with(lang, &[("area", &place(context.release, &Place::Area(id.clone()), lang))])
        }
        LeftOut::Categories(id) => {
            L_CATEGORIES.with(lang, &[("area", &place(context.release, &Place::Area(id.clone()), lang))])
        }
        LeftOut::MunicipalityCategories => L_ALL_CATEGORIES.of(lang).to_string(),
        LeftOut::Area(id) => L_AREA.with(lang, &[("area", &place(context.release, &Place::Area(id.clone()), lang))]),
        LeftOut::LargestSquare => L_SQUARE.of(lang).to_string(),
        LeftOut::Squares { cell_m, n } => L_SQUARES.with(lang, &[("n", &whole(*n, lang)), ("side", &side(*cell_m))]),
    };
    html! {
        @if !statistics.left_out.is_empty() {
            h2 { (LEFT.of(lang)) }
            p { (LEFT_INTRO.of(lang)) }
            ul { @for left in &statistics.left_out { li { (said(left)) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
