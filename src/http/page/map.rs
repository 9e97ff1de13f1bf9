//! The map as SVG in the plane of the data file: density, then outlines, then names. No base map, no script.

use std::fmt::Write;

use geo::Simplify;
use maud::{Markup, PreEscaped, html};

use super::colours::{CLASSES, GROUND, class, limits};
use super::numbers::{HIDDEN_SIGN, UNKNOWN_SIGN, count, days, decimal, short, whole};
use super::texts::{self, Lang, bare_area, records};
use super::view::{Beneath, Known, LEAST_FOR_DENSITY, View};
use crate::analysis::surface::KernelSurface;
use crate::domain::{Certainty, LonLat};
use crate::spatial::{AreaIndex, Extent};

mod labels;

/// Width of the drawing in its own units; on a wide screen a unit is a pixel.
const WIDTH: f64 = 720.0;
/// How far a line may stray from the outline, in units of the drawing: less than can be seen.
const SIMPLIFIED: f64 = 0.4;
/// Above this many areas names would hide the map.
const MOST_NAMES: usize = 20;

/// The map with its legend and where it comes from.
pub(super) fn section(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    html! {
        section aria-labelledby="map-heading" {
            h2 id="map-heading" { (texts::MAP.of(lang)) }
            @match view.window {
                None => p { (texts::MAP_NONE.of(lang)) },
                Some(window) => {
                    @let frame = Frame::new(window);
                    @let placed = labels::place(view, &frame);
                    figure.map {
                        (drawing(view, &frame, &placed))
                        figcaption { (legend(view)) (source(view)) (left_out(view, &placed)) }
                    }
                }
            }
        }
    }
}

/// Metres of the plane to units of the drawing, north up.
struct Frame {
    window: Extent,
    per_m: f64,
    height: f64,
}

impl Frame {
    fn new(window: Extent) -> Self {
        let per_m = WIDTH / (window.x_max_m - window.x_min_m).max(1.0);
        Self { window, per_m, height: ((window.y_max_m - window.y_min_m) * per_m).ceil() }
    }

    fn at(&self, [x_m, y_m]: [f64; 2]) -> [f64; 2] {
        [(x_m - self.window.x_min_m) * self.per_m, (self.window.y_max_m - y_m) * self.per_m]
    }

    fn holds(&self, [x, y]: [f64; 2]) -> bool {
        (0.0..=WIDTH).contains(&x) && (0.0..=self.height).contains(&y)
    }
}

/// The rings of an area as units of the drawing.
fn rings(view: &View<'_>, frame: &Frame, area: AreaIndex) -> Vec<Vec<[f64; 2]>> {
    let outline = &view.snapshot.areas().area(area).outline;
    let ring = |line: &geo::LineString<f64>| -> Vec<[f64; 2]> {
        let positions = line.coords().filter_map(|c| view.snapshot.plane().to_plane(LonLat::new(c.x, c.y).ok()?).ok());
        positions.map(|position| frame.at(position)).collect()
    };
    outline
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(ring)
        .collect()
}

/// Path data of rings, without points that nobody would see missing.
fn path(rings: &[Vec<[f64; 2]>]) -> String {
    let mut data = String::new();
    for ring in rings {
        let line = geo::LineString::from(ring.clone()).simplify(SIMPLIFIED);
        let points = &line.0[..line.0.len().saturating_sub(1)];
        for (i, point) in points.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(data, "{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, point.x, point.y);
        }
        if !points.is_empty() {
            data.push('z');
        }
    }
    data
}

fn drawing(view: &View<'_>, frame: &Frame, placed: &labels::Placed) -> Markup {
    let lang = view.request.lang;
    let what = records(view.request.params.filter.of).of(lang);
    let period = view.density.period.as_ref().map_or_else(|| texts::NO_PERIOD.of(lang).to_string(), days);
    let title = texts::MAP_TITLE
        .with(lang, &[("what", what), ("set", &texts::set(&view.density.set, lang)), ("period", &period)]);
    let description = match view.beneath {
        Beneath::Density { .. } => texts::MAP_DESC,
        _ => texts::MAP_DESC_BARE,
    };
    let few = view.density.lines.len() <= labels::NAMED_ON_NARROW;
    html! {
        svg.few-areas[few] viewBox={ "0 0 " (WIDTH) " " (frame.height) } role="img" aria-labelledby="map-title map-desc"
            xmlns="http://www.w3.org/2000/svg" {
            title id="map-title" { (title) }
            desc id="map-desc" { (description.of(lang)) }
            defs {
                pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.hatch-line x="0" y="0" width="1.6" height="8" fill="#1b1b1b" {}
                }
            }
            rect width=(WIDTH) height=(frame.height) fill=(GROUND) {}
            @if let Beneath::Density { surface, .. } = &view.beneath { (cells(view, frame, surface)) }
            g.context fill="none" stroke="#6b6b66" stroke-width="0.8" { (context(view, frame)) }
            @for certainty in Certainty::ALL { (outlines(view, frame, certainty)) }
            (labels::draw(placed))
            (scale_bar(frame, lang))
            g.north transform=(format!("translate({} 26)", WIDTH - 26.0)) {
                title { (texts::NORTH.of(lang)) }
                path d="M0 -16L7 6L0 1L-7 6z" fill="#1b1b1b" stroke="#ffffff" stroke-width="1" {}
                text.small-label x="0" y="22" text-anchor="middle" { "N" }
            }
        }
    }
}

/// One path per class; cells of a row that follow each other are one rectangle.
fn cells(view: &View<'_>, frame: &Frame, surface: &KernelSurface) -> Markup {
    let Some(period) = &view.density.period else { return html! {} };
    let limits = limits(period.days());
    let raster = &surface.raster;
    let mut paths: [String; 5] = Default::default();
    for row in 0..raster.ny() {
        let y = raster.ny() - 1 - row;
        let values = &surface.per_km2[row * raster.nx()..][..raster.nx()];
        let mut col = 0;
        for run in values.chunk_by(|a, b| class(*a, &limits) == class(*b, &limits)) {
            if let Some(class) = class(run[0], &limits) {
                let _ = write!(paths[class], "M{col} {y}h{0}v1h-{0}z", run.len());
            }
            col += run.len();
        }
    }
    let extent = raster.extent();
    let [x, y] = frame.at([extent.x_min_m, extent.y_max_m]);
    let scale = raster.dx_m() * frame.per_m;
    let lang = view.request.lang;
    html! {
        g.density shape-rendering="crispEdges" transform=(format!("translate({x:.3} {y:.3}) scale({scale:.6})")) {
            @for (i, path) in paths.iter().enumerate().filter(|(_, path)| !path.is_empty()) {
                path fill=(CLASSES[i]) d=(path) { title { (class_words(i, &limits, lang)) } }
            }
        }
    }
}

/// `Klass 2: 25 till under 50`.
fn class_words(i: usize, limits: &[u64; 5], lang: Lang) -> String {
    let low = whole(limits[i], lang);
    let words = match limits.get(i + 1) {
        Some(high) => texts::LEGEND_FROM_TO.with(lang, &[("low", &low), ("high", &whole(*high, lang))]),
        None => texts::LEGEND_FROM.with(lang, &[("low", &low)]),
    };
    format!("{}: {words}", texts::LEGEND_CLASS.with(lang, &[("n", &(i + 1).to_string())]))
}

/// Areas of other sets, faintly, so that a reader knows where this is.
fn context(view: &View<'_>, frame: &Frame) -> Markup {
    let others = (0..view.snapshot.areas().areas().len() as AreaIndex)
        .filter(|area| view.snapshot.areas().area(*area).set != view.density.set);
    let mut data = String::new();
    for area in others {
        let rings = rings(view, frame, area);
        let inside = |limit: fn(f64, f64) -> f64, axis: usize| {
            rings.iter().flatten().map(|p| p[axis]).reduce(limit).unwrap_or(f64::NAN)
        };
        let seen = inside(f64::min, 0) <= WIDTH
            && inside(f64::max, 0) >= 0.0
            && inside(f64::min, 1) <= frame.height
            && inside(f64::max, 1) >= 0.0;
        if seen {
            data.push_str(&path(&rings));
        }
    }
    html! { @if !data.is_empty() { path d=(data) {} } }
}

/// All outlines of a certainty, white beneath dark so that a line is seen on light and on dark cells.
fn outlines(view: &View<'_>, frame: &Frame, certainty: Certainty) -> Markup {
    let areas = view.density.lines.iter().map(|line| line.area);
    let areas = areas.filter(|area| view.snapshot.areas().area(*area).certainty == certainty);
    let data: String = areas.map(|area| path(&rings(view, frame, area))).collect();
    let many = view.density.lines.len() > MOST_NAMES;
    let (casing, line) = if many { ("2", "0.8") } else { ("4.5", "2") };
    let id = format!("outline-{}", certainty.code());
    let reference = format!("#{id}");
    html! {
        @if !data.is_empty() {
            // The shape stands once; fill, casing and line repeat it.
            defs { path id=(id) d=(data) stroke-linejoin="round" {} }
            @if certainty == Certainty::Placeholder { use href=(reference) fill="url(#hatch)" {} }
            use href=(reference) fill="none" stroke="#ffffff" stroke-width=(casing) {}
            use href=(reference) fill="none" stroke="#1b1b1b" stroke-width=(line) stroke-dasharray=[dashes(certainty)]
                stroke-linecap=[(certainty == Certainty::Placeholder).then_some("round")] {}
        }
    }
}

fn dashes(certainty: Certainty) -> Option<&'static str> {
    match certainty {
        Certainty::Official => None,
        Certainty::Assumed => Some("9 5"),
        Certainty::Placeholder => Some("0.1 5"),
    }
}

/// A whole number of metres, about a fifth of the width.
fn scale_bar(frame: &Frame, lang: Lang) -> Markup {
    let wanted = WIDTH / 5.0 / frame.per_m;
    let power = 10_f64.powf(wanted.log10().floor());
    let metres = [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|m| *m <= wanted).unwrap_or(power);
    let length = metres * frame.per_m;
    let text = if metres < 1000.0 {
        texts::METRES.with(lang, &[("m", &decimal(metres, 0, lang))])
    } else {
        texts::KILOMETRES.with(lang, &[("km", &decimal(metres / 1000.0, 0, lang))])
    };
    let y = frame.height - 14.0;
    let bar = format!("M14 {} v6 h{length:.1} v-6", y - 6.0);
    html! {
        g.scale {
            path d=(bar) fill="none" stroke="#ffffff" stroke-width="5" {}
            path d=(bar) fill="none" stroke="#1b1b1b" stroke-width="2" {}
            text.small-label x=(format!("{:.1}", 14.0 + length / 2.0)) y=(y - 10.0) text-anchor="middle" { (text) }
        }
    }
}

fn swatch(inner: &str) -> Markup {
    // What is inside is written in this file.
    html! {
        svg.swatch viewBox="0 0 34 20" width="34" height="20" aria-hidden="true" focusable="false" { (PreEscaped(inner)) }
    }
}

fn legend(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    let what = records(view.request.params.filter.of).of(lang);
    let line = |dash: &str| {
        format!("<path d='M2 10h30' stroke='#1b1b1b' stroke-width='2' stroke-linecap='round' fill='none' {dash}/>")
    };
    let has = |certainty| view.density.lines.iter().any(|l| view.snapshot.areas().area(l.area).certainty == certainty);
    let others = view.snapshot.areas().sets().len() > 1;
    html! {
        h3 { (texts::LEGEND.of(lang)) }
        @if let (Beneath::Density { .. }, Some(period)) = (&view.beneath, &view.density.period) {
            @let limits = limits(period.days());
            p { (texts::LEGEND_UNIT.with(lang, &[("what", what)])) }
            ul.legend {
                li { (swatch(&format!("<rect width='34' height='20' fill='{GROUND}' stroke='#6b6b66'/>")))
                    (texts::LEGEND_UNDER.with(lang, &[("low", &whole(limits[0], lang))])) }
                @for (i, colour) in CLASSES.iter().enumerate() {
                    li { (swatch(&format!("<rect width='34' height='20' fill='{colour}'/>"))) (class_words(i, &limits, lang)) }
                }
            }
            p.note { (texts::LEGEND_RULE.with(lang, &[("days", &period.days().to_string())])) }
        }
        ul.legend {
            @if has(Certainty::Official) { li { (swatch(&line(""))) (texts::LEGEND_OFFICIAL.of(lang)) } }
            @if has(Certainty::Assumed) {
                li { (swatch(&line("stroke-dasharray='9 5'"))) (texts::LEGEND_ASSUMED.of(lang)) }
            }
            @if has(Certainty::Placeholder) {
                li {
                    (swatch("<path d='M3 17L12 3M11 17L20 3M19 17L28 3' stroke='#1b1b1b' stroke-width='1.2'/>\
                             <rect x='1' y='1' width='32' height='18' fill='none' stroke='#1b1b1b' stroke-width='2' \
                             stroke-linecap='round' stroke-dasharray='0.1 5'/>"))
                    (texts::LEGEND_PLACEHOLDER.of(lang))
                }
            }
            @if others {
                li { (swatch("<path d='M2 10h30' stroke='#6b6b66' stroke-width='0.8'/>")) (texts::LEGEND_CONTEXT.of(lang)) }
            }
        }
        h3 { (texts::SIGNS.of(lang)) }
        dl.signs {
            div { dt { "0" } dd { (texts::SIGN_ZERO.of(lang)) } }
            div { dt.unknown { (UNKNOWN_SIGN) } dd { (texts::SIGN_UNKNOWN.of(lang)) } }
            div { dt.hatched { (HIDDEN_SIGN) } dd { (texts::SIGN_HIDDEN.of(lang)) } }
        }
    }
}

/// Where the density comes from, or why there is none.
fn source(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    let what = records(view.request.params.filter.of).of(lang);
    let n = |n: u64| whole(n, lang);
    match &view.beneath {
        Beneath::Density { surface, cell_m, bandwidth, bbox, .. } => {
            let r = surface.records;
            let values = [
                ("what", what.to_string()),
                ("revision", view.snapshot.revision().to_string()),
                ("kernel", texts::KERNEL_QUARTIC.of(lang).to_string()),
                ("bandwidth", short(bandwidth.m(), lang)),
                ("cell", short(*cell_m, lang)),
                ("used", n(r.used)),
                ("outside", n(r.outside)),
                ("lost", n(r.without_position)),
                ("coarse", n(r.too_coarse)),
            ];
            let box_text = format!("{},{},{},{}", bbox.west, bbox.south, bbox.east, bbox.north);
            let layer = view.request.layer_url(&[
                ("bandwidth_m", bandwidth.m().to_string()),
                ("cell_m", cell_m.to_string()),
                ("bbox", box_text),
            ]);
            html! {
                p.note { (texts::METHOD_LINE.with(lang, &values.each_ref().map(|(n, v)| (*n, v.as_str())))) }
                p.downloads { a href=(layer) { (texts::SAME_LAYER.of(lang)) } }
            }
        }
        Beneath::TooFew(r) => {
            let values = [
                ("used", n(r.used)),
                ("what", what.to_string()),
                ("least", n(LEAST_FOR_DENSITY)),
                ("lost", n(r.without_position)),
                ("coarse", n(r.too_coarse)),
            ];
            html! { p.note { (texts::NO_DENSITY_FEW.with(lang, &values.each_ref().map(|(n, v)| (*n, v.as_str())))) } }
        }
        Beneath::TooCostly => html! { p.note { (texts::NO_DENSITY_COST.of(lang)) } },
        Beneath::Unknown => html! { p.note { (texts::NO_DENSITY_UNKNOWN.of(lang)) } },
    }
}

fn left_out(view: &View<'_>, placed: &labels::Placed) -> Markup {
    let lang = view.request.lang;
    if view.density.lines.len() > MOST_NAMES {
        let n = view.density.lines.len().to_string();
        return html! { p.note { (texts::LABELS_NONE.with(lang, &[("n", &n)])) } };
    }
    let name = |(number, area): &(usize, AreaIndex)| {
        format!("{number} {}", bare_area(view.snapshot.areas().area(*area), lang))
    };
    let list = placed.left_out.iter().map(name).collect::<Vec<_>>().join(", ");
    html! { @if !list.is_empty() { p.note { (texts::LABELS_LEFT_OUT.with(lang, &[("list", &list)])) } } }
}

/// The count of an area as a label says it.
fn count_words(view: &View<'_>, line: &crate::analysis::area_density::AreaLine) -> String {
    match view.known {
        Known::Yes => count(line.count, view.request.lang),
        _ => UNKNOWN_SIGN.to_string(),
    }
}
