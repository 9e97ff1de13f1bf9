//! Maps as SVG in the plane of the release: outlines or squares, names, a scale. No base map, no script. The same
//! drawing stands on pages, in embeds and in pictures.

mod frame;
pub(super) mod labels;
mod paint;
mod squares;

use std::collections::BTreeMap;

pub(super) use frame::{units, wrapped};
pub(super) use paint::{Fill, defs};
pub(super) use squares::{drawn, fill, limits};

use super::context::{Context, View};
use super::words::{certainty, name, not_divided, shown, under_long, whole};
use crate::domain::Certainty;
use crate::release::attack::{Category, Place, Shown};
use crate::release::statistics::{GridNote, LeftOut};
use crate::release::{PublicArea, Release};
use crate::text::lang::{Lang, texts};
use frame::{Frame, around, both};
use paint::{GROUND, INK};

texts! {
    CLASS: "{low} till {high} per km²", "{low} to {high} per km²";
    CLASS_FIRST: "mindre än {high} per km², men minst {k} i rutan", "less than {high} per km², but at least {k} in the square";
    CLASS_LAST: "{low} eller fler per km²", "{low} or more per km²";
    ACTIONS: "{name}. Åtgärder: {done} klara, {open} öppna. Gräns: {certainty}.", "{name}. Actions: {done} done, {open} open. Outline: {certainty}.";
    REPORTS: "{name}. Iakttagelser: {n}. Gräns: {certainty}.", "{name}. Reports: {n}. Outline: {certainty}.";
    UNDER: "{under}, noll räknas dit", "{under}, zero belongs there";
    DIVIDED: "{word}: talet finns bara för en större ruta", "{word}: the number exists only for a larger square";
    OUTSIDE: "utan ruta: utanför kommunen", "no square: outside the municipality";
    OUTSIDE_LEFT: "utan ruta: utanför kommunen eller utelämnad", "no square: outside the municipality or left out";
    NO_CLASS: "utan färg: mindre än {low} per km², eller okänt", "no colour: less than {low} per km², or not known";
    LINE_DONE: "{done} klara, {open} öppna", "{done} done, {open} open";
    NO_GRID_FEW: "Kartan visar inga rutor. Det krävs minst {n} iakttagelser med plats på ett år.", "The map shows no squares. It takes at least {n} reports with a position in a year.";
    NO_GRID_LEVEL: "Kartan visar inga rutor. Rutornas storlek bestäms av året före, och då fanns för få iakttagelser.", "The map shows no squares. Their size is decided by the year before, which had too few reports.";
    NO_GRID_SHORT: "Kartan visar inga rutor. Perioden är för kort för det.", "The map shows no squares. The period is too short for them.";
    NO_GRID_LEFT: "Kartan visar inga rutor. Skyddet av enskilda lämnade inga kvar.", "The map shows no squares. The protection of persons left none.";
    NO_AREAS: "Utgåvan har inga områden att visa på en karta.", "The release has no areas to show on a map.";
}

/// A drawing without its outermost element.
pub(super) struct Drawing {
    /// Width in its own units.
    pub(super) w: f64,
    /// Height.
    pub(super) h: f64,
    /// What stands between `<svg>` and `</svg>`; its patterns are [`defs`], once in a document.
    pub(super) body: String,
}

/// A line of the legend.
pub(super) struct Entry {
    /// The number of an area in the map, or what its surface looks like.
    pub(super) sign: Sign,
    /// What it means.
    pub(super) text: String,
}

/// What stands before a line of the legend.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    /// The number of an area.
    Number(usize),
    /// A surface.
    Surface(Fill),
    /// Nothing.
    None,
}

/// Width of the map on a page.
const WIDTH: f64 = 720.0;
/// Squares smaller than this in the drawing have no number in them.
const LEAST_FOR_NUMBER: f64 = 40.0;

/// Whether a view of the release draws squares.
pub(super) fn has_squares(release: &Release, view: View) -> bool {
    view == View::Statistics && release.statistics.as_ref().is_some_and(|statistics| !statistics.levels_m.is_empty())
}

/// The map of a view in a drawing of this size; without one, as wide as a page and as high as suits. None when there
/// is nothing to draw.
pub(super) fn draw(context: &Context<'_>, view: View, size: Option<[f64; 2]>) -> Option<Drawing> {
    let release = context.release;
    let areas = &release.edition.areas;
    let with_squares = has_squares(release, view);
    let statistics = release.statistics.as_ref().filter(|_| with_squares);
    let squares = statistics.map_or_else(Vec::new, |statistics| drawn(release, statistics));
    let extent = extent(release, &squares)?;
    let [w, h] = size.unwrap_or_else(|| [WIDTH, Frame::height(extent, WIDTH)]);
    let frame = Frame::fit(extent, w, h);
    let mut body = ground(&frame);
    if let Some(statistics) = statistics {
        body.push_str(&square_paths(&frame, &squares, &limits(release, statistics)));
    }
    for area in areas {
        body.push_str(&outline(&frame, area, with_squares));
    }
    let numbers = square_numbers(&frame, &squares, context.lang);
    let boxes: Vec<frame::Rect> = numbers.iter().map(|(_, rect)| *rect).collect();
    body.extend(numbers.iter().map(|(text, rect)| labels::boxed(text, *rect)));
    let second = |area: &PublicArea| if with_squares { String::new() } else { second_line(context, view, area) };
    body.push_str(&labels::draw(&frame, areas, context.lang, !with_squares, &boxes, second));
    body.push_str(&labels::scale(&frame));
    Some(Drawing { w, h, body })
}

/// An outline by how certain it is: solid, dashed or dotted. Above squares it has no surface.
fn outline(frame: &Frame, area: &PublicArea, above_squares: bool) -> String {
    let (dashes, fill) = match area.certainty {
        Certainty::Official => ("", Fill::Area),
        Certainty::Assumed => (" stroke-dasharray=\"9 5\"", Fill::Area),
        Certainty::Placeholder => (" stroke-dasharray=\"2 5\"", Fill::Placeholder),
    };
    let fill = if above_squares { "none".to_string() } else { fill.value() };
    let data = frame.path(&area.outline_m);
    let halo = if above_squares {
        format!("<path d=\"{data}\" fill=\"none\" stroke=\"#ffffff\" stroke-width=\"5\"/>")
    } else {
        String::new()
    };
    format!("{halo}<path d=\"{data}\" fill=\"{fill}\" stroke=\"{INK}\" stroke-width=\"2\"{dashes}/>")
}

/// What areas and squares need.
fn extent(release: &Release, squares: &[squares::Square]) -> Option<frame::Extent> {
    let of_squares = squares.iter().map(|square| {
        let (x, y, side) = (square.x_m as f64, square.y_m as f64, f64::from(square.cell_m));
        [x, y, x + side, y + side]
    });
    around(release.edition.areas.iter().map(|area| &area.outline_m)).into_iter().chain(of_squares).reduce(both)
}

/// The empty ground.
fn ground(frame: &Frame) -> String {
    let [w, h] = [frame.w, frame.h].map(units);
    format!("<path d=\"M0 0h{w}v{h}h-{w}z\" fill=\"{GROUND}\"/>")
}

/// The classes of density as a map as wide as a page, with its legend. None without a density.
pub(super) fn draw_density(context: &Context<'_>) -> Option<(Drawing, Vec<Entry>)> {
    let release = context.release;
    let statistics = release.statistics.as_ref()?;
    let density = statistics.density.as_ref()?;
    let extent = extent(release, &drawn(release, statistics))?;
    let frame = Frame::fit(extent, WIDTH, Frame::height(extent, WIDTH));
    let mut by_class: BTreeMap<u8, String> = BTreeMap::new();
    for cell in &density.cells {
        let (x_m, y_m, cell_m) = (cell.x_m, cell.y_m, density.cell_m);
        let [x, y, s] = placed(&frame, &squares::Square { cell_m, x_m, y_m, shown: Shown::UnderLeast }).map(units);
        by_class.entry(cell.class).or_default().push_str(&format!("M{x} {y}h{s}v{s}h-{s}z"));
    }
    let mut body = ground(&frame);
    for (class, data) in &by_class {
        body.push_str(&format!("<path d=\"{data}\" fill=\"{}\"/>", Fill::Class(*class).value()));
    }
    release.edition.areas.iter().for_each(|area| body.push_str(&outline(&frame, area, true)));
    body.push_str(&labels::draw(&frame, &release.edition.areas, context.lang, false, &[], |_| String::new()));
    body.push_str(&labels::scale(&frame));
    let entry = |class: &u8| Entry {
        sign: Sign::Surface(Fill::Class(*class)),
        text: class_text(
            usize::from(*class),
            &density.breaks_per_km2,
            release.edition.policy.least_reports,
            context.lang,
        ),
    };
    let mut legend: Vec<Entry> = by_class.keys().map(entry).collect();
    let lowest = density.breaks_per_km2.first().map(|limit| whole(limit.round() as u32, context.lang));
    legend.push(Entry { sign: Sign::None, text: NO_CLASS.with(context.lang, &[("low", &lowest.unwrap_or_default())]) });
    Some((Drawing { w: frame.w, h: frame.h, body }, legend))
}

/// Left, top and side of a square in the drawing.
fn placed(frame: &Frame, square: &squares::Square) -> [f64; 3] {
    let side = f64::from(square.cell_m);
    let [x, y] = frame.point(square.x_m as f64, square.y_m as f64 + side);
    [x, y, side / frame.metres_per_unit]
}

fn square_paths(frame: &Frame, squares: &[squares::Square], limits: &[f64]) -> String {
    let mut by_fill: BTreeMap<Fill, String> = BTreeMap::new();
    for square in squares {
        let [x, y, s] = placed(frame, square).map(units);
        let data = format!("M{x} {y}h{s}v{s}h-{s}z");
        by_fill.entry(squares::fill(square, limits)).or_default().push_str(&data);
    }
    let path = |(fill, data): (&Fill, &String)| {
        format!("<path d=\"{data}\" fill=\"{}\" stroke=\"#c9ced1\" stroke-width=\".8\"/>", fill.value())
    };
    by_fill.iter().map(path).collect()
}

/// The numbers of squares that have room for one, with their boxes.
fn square_numbers(frame: &Frame, squares: &[squares::Square], lang: Lang) -> Vec<(String, frame::Rect)> {
    let number = |square: &squares::Square| {
        let [x, y, s] = placed(frame, square);
        let Shown::About(n) = square.shown else { return None };
        let text = whole(n, lang);
        let rect = labels::box_around(&text, x + s / 2.0, y + s / 2.0);
        (s >= rect.w.max(LEAST_FOR_NUMBER)).then_some((text, rect))
    };
    squares.iter().filter_map(number).collect()
}

/// What stands below the name of an area in the map.
fn second_line(context: &Context<'_>, view: View, area: &PublicArea) -> String {
    let lang = context.lang;
    if view == View::Statistics {
        return shown(reports_of(context.release, area), &context.release.edition.policy, lang);
    }
    let row = context.release.follow_up.areas.iter().find(|row| row.area.as_ref() == Some(&area.id));
    row.map_or_else(String::new, |row| {
        let a = row.actions;
        let [done, open] = [a.done, a.under_way + a.not_started].map(|n| whole(n, lang));
        LINE_DONE.with(lang, &[("done", &done), ("open", &open)])
    })
}

/// Reports of an area in the whole period.
pub(super) fn reports_of(release: &Release, area: &PublicArea) -> Option<Shown> {
    let figures = release.statistics.iter().flat_map(|statistics| &statistics.figures);
    let is_it = |s: &&crate::release::attack::Statement| {
        s.category == Category::NotSensitive
            && s.period == release.edition.period
            && matches!(&s.place, Place::Area(id) if *id == area.id)
    };
    figures.into_iter().find(is_it).map(|s| s.shown)
}

/// The legend of a view: areas by their number, then surfaces that occur.
pub(super) fn legend(context: &Context<'_>, view: View) -> Vec<Entry> {
    let (release, lang) = (context.release, context.lang);
    let policy = &release.edition.policy;
    let mut entries = Vec::new();
    if let Some(statistics) = release.statistics.as_ref().filter(|_| has_squares(release, view)) {
        let limits = limits(release, statistics);
        let mut fills: Vec<Fill> = drawn(release, statistics).iter().map(|square| fill(square, &limits)).collect();
        fills.sort();
        fills.dedup();
        entries.extend(fills.into_iter().map(|fill| Entry {
            sign: Sign::Surface(fill),
            text: match fill {
                Fill::Under => UNDER.with(lang, &[("under", &under_long(policy, lang))]),
                Fill::NotDivided => DIVIDED.with(lang, &[("word", not_divided(lang))]),
                Fill::Class(class) => class_text(usize::from(class), &limits, policy.least_reports, lang),
                Fill::Area | Fill::Placeholder => String::new(),
            },
        }));
        let lacks_one = statistics.left_out.contains(&LeftOut::LargestSquare);
        let text = if lacks_one { OUTSIDE_LEFT } else { OUTSIDE };
        entries.push(Entry { sign: Sign::None, text: text.of(lang).to_string() });
    }
    entries.extend(
        release
            .edition
            .areas
            .iter()
            .enumerate()
            .map(|(i, area)| Entry { sign: Sign::Number(i + 1), text: area_text(context, view, area) }),
    );
    entries
}

fn class_text(class: usize, limits: &[f64], least: u32, lang: Lang) -> String {
    let limit = |at: usize| limits.get(at).map(|limit| whole(limit.round() as u32, lang));
    match (class.checked_sub(1).and_then(limit), limit(class)) {
        (None, high) => CLASS_FIRST.with(lang, &[("high", &high.unwrap_or_default()), ("k", &least.to_string())]),
        (Some(low), Some(high)) => CLASS.with(lang, &[("low", &low), ("high", &high)]),
        (Some(low), None) => CLASS_LAST.with(lang, &[("low", &low)]),
    }
}

fn area_text(context: &Context<'_>, view: View, area: &PublicArea) -> String {
    let lang = context.lang;
    let (name, certainty) = (name(&area.names, lang), certainty(area.certainty, lang));
    if view == View::Statistics {
        let n = shown(reports_of(context.release, area), &context.release.edition.policy, lang);
        return REPORTS.with(lang, &[("name", name), ("n", &n), ("certainty", certainty)]);
    }
    let row = context.release.follow_up.areas.iter().find(|row| row.area.as_ref() == Some(&area.id));
    let a = row.map(|row| row.actions).unwrap_or_default();
    let [done, open] = [a.done, a.under_way + a.not_started].map(|n| whole(n, lang));
    ACTIONS.with(lang, &[("name", name), ("done", &done), ("open", &open), ("certainty", certainty)])
}

/// Why there are no squares, or why there is no map; nothing when there is both.
pub(super) fn note(context: &Context<'_>, view: View) -> Option<String> {
    let (release, lang) = (context.release, context.lang);
    if view == View::Statistics
        && let Some(statistics) = &release.statistics
    {
        let text = match statistics.grid {
            GridNote::Released => None,
            GridNote::TooFewLocated { least } => Some(NO_GRID_FEW.with(lang, &[("n", &whole(least, lang))])),
            GridNote::NoLevelFixed => Some(NO_GRID_LEVEL.of(lang).to_string()),
            GridNote::PeriodTooShort => Some(NO_GRID_SHORT.of(lang).to_string()),
            GridNote::NothingLeft => Some(NO_GRID_LEFT.of(lang).to_string()),
        };
        if text.is_some() {
            return text;
        }
    }
    (release.edition.areas.is_empty() && !has_squares(release, view)).then(|| NO_AREAS.of(lang).to_string())
}

/// A small picture of a surface, for legends.
pub(super) fn swatch(fill: Fill) -> String {
    let surface = fill.value();
    format!("<path d=\"M1 1h34v22h-34z\" fill=\"{surface}\" stroke=\"#5b6165\" stroke-width=\"1\"/>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public::Assets;
    use crate::release::test_release::{
        empty_release, follow_up_release, nothing_reported_release, statistics_release,
    };

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn a_map_has_every_area_and_tells_outlines_apart() {
        let (release, assets) = (follow_up_release(), Assets::default());
        let context = Context { release: release.get(), lang: Lang::Sv, assets: &assets };
        let body = draw(&context, View::Map, None).expect("a map").body;
        assert!(body.contains("stroke-dasharray=\"9 5\"") && body.contains("stroke-dasharray=\"2 5\""));
        assert!(body.contains(">Runneryd<") && body.contains(">0 klara, 2 öppna<"), "{body}");
        let legend = legend(&context, View::Map);
        assert_eq!(legend[0].text, "Resecentrum. Åtgärder: 3 klara, 2 öppna. Gräns: antagen.");
        assert!(legend[2].text.ends_with("Gräns: inte känd, ritad som platshållare."));
        assert!(note(&context, View::Map).is_none());
    }

    #[test]
    fn a_release_without_areas_or_squares_says_why_there_is_no_map() {
        let assets = Assets::default();
        let empty = empty_release();
        let context = Context { release: empty.get(), lang: Lang::En, assets: &assets };
        assert!(draw(&context, View::Map, None).is_none());
        assert_eq!(note(&context, View::Map).as_deref(), Some("The release has no areas to show on a map."));
        let few = nothing_reported_release();
        let context = Context { release: few.get(), lang: Lang::Sv, assets: &assets };
        assert!(note(&context, View::Statistics).expect("a note").contains("1\u{a0}000 iakttagelser"));
        let body = draw(&context, View::Statistics, None).expect("areas").body;
        assert!(body.contains(">under 10<"), "{body}");
    }

    #[test]
    fn squares_have_their_classes_and_the_legend_says_them() {
        let (release, assets) = (statistics_release(), Assets::default());
        let context = Context { release: release.get(), lang: Lang::Sv, assets: &assets };
        let body = draw(&context, View::Statistics, None).expect("a map").body;
        assert!(body.contains("url(#k5)") && body.contains("url(#under)") && body.contains(">250<"), "{body}");
        let texts: Vec<String> = legend(&context, View::Statistics).into_iter().map(|entry| entry.text).collect();
        assert_eq!(texts[0], "mindre än 10 per km², men minst 10 i rutan");
        assert!(texts.contains(&"250 eller fler per km²".to_string()), "{texts:?}");
        assert!(texts.contains(&"under 10 (eller för få dagar eller anmälare), noll räknas dit".to_string()));
    }
}
