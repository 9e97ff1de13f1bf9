//! Pictures: a view with its title, sentence, legend and source in one image, as SVG and PNG.
//!
//! PNG is made with DejaVu Sans, which is compiled in: no font of the machine is used, so the same release gives the
//! same bytes everywhere.

use std::sync::{Arc, OnceLock};

use resvg::{tiny_skia, usvg};

use super::context::{Context, View};
use super::files::Files;
use super::map::labels::{FONT, escaped};
use super::map::{self, Entry, Sign, swatch, units, wrapped};
use super::sentence::sentence;
use super::words::{date, done, mark, name};
use crate::release::deeds::PublicCommitment;
use crate::text::lang::{Lang, texts};
use crate::text::paper::synthetic_note;

texts! {
    PROMISES: "Så går det med löftena", "How the promises are going";
    MAP: "Åtgärder i löftets områden", "Actions in the areas of the promise";
    STATISTICS: "Iakttagelser {period}", "Reports {period}";
    SOURCE: "{publisher} · utgåva {n} · {date}", "{publisher} · release {n} · {date}";
    MORE: "och {n} till, se sidan", "and {n} more, see the page";
    OF: "{done} av {target}", "{done} of {target}";
}

/// Width and height of the two forms of a picture: wide for pages and link cards, square for social media.
pub(super) const SIZES: [[u32; 2]; 2] = [[1_200, 675], [640, 640]];

/// Room at every edge.
const EDGE: f64 = 32.0;

/// Adds the pictures of a view.
pub(super) fn put(files: &mut Files, context: &Context<'_>, view: View) {
    let stem = format!("picture/{}-{}", view.code(), context.lang.code());
    for [w, h] in SIZES {
        let svg = svg(context, view, [f64::from(w), f64::from(h)]);
        files.put(format!("{stem}-{w}x{h}.png"), png(&svg, w, h));
        if [w, h] == SIZES[0] {
            files.put(format!("{stem}.svg"), svg);
        }
    }
}

/// The title of a view.
pub(super) fn title(context: &Context<'_>, view: View) -> String {
    match view {
        View::Promises => PROMISES.of(context.lang).to_string(),
        View::Map => MAP.of(context.lang).to_string(),
        View::Statistics => STATISTICS.with(context.lang, &[("period", &context.period())]),
    }
}

/// Who publishes, which release, when.
pub(super) fn source(context: &Context<'_>) -> String {
    let edition = &context.release.edition;
    let values =
        [("publisher", context.publisher()), ("n", &edition.number.to_string()), ("date", &date(edition.published_on))];
    SOURCE.with(context.lang, &values)
}

/// Text that is written from the top down.
struct Column {
    out: String,
    x: f64,
    y: f64,
    w: f64,
}

impl Column {
    fn write(&mut self, text: &str, size: f64, bold: bool) {
        for line in wrapped(text, size, bold, self.w) {
            self.y += size * 1.25;
            self.line(&line, self.x, self.y - size * 0.3, size, bold);
        }
    }

    fn line(&mut self, text: &str, x: f64, y: f64, size: f64, bold: bool) {
        let weight = if bold { 700 } else { 400 };
        let text = escaped(text);
        let (x, y) = (units(x), units(y));
        self.out.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\">{text}</text>"
        ));
    }
}

/// A view as SVG of this size, with all its words inside.
pub(super) fn svg(context: &Context<'_>, view: View, [w, h]: [f64; 2]) -> String {
    let wide = w > h;
    let (title, sentence, source) = (title(context, view), sentence(context, view), source(context));
    let (large, middle, small) = if wide { (38.0, 22.0, 18.0) } else { (28.0, 18.0, 15.0) };
    let column = if wide && view != View::Promises { 440.0 } else { w - 2.0 * EDGE };
    let mut text = Column { out: String::new(), x: EDGE, y: EDGE - 8.0, w: column };
    text.write(&title, large, true);
    text.y += 6.0;
    text.write(&sentence, middle, false);
    if context.release.edition.synthetic {
        text.y += 6.0;
        text.write(synthetic_note(context.lang), small, true);
    }
    let bottom = h - EDGE - small;
    let mut drawing = String::new();
    if view == View::Promises {
        statuses(context, &mut text, bottom, wide);
    } else {
        let note = map::note(context, view);
        let legend = map::legend(context, view);
        if wide {
            notes_and_legend(&mut text, note, &legend, bottom, small, context.lang);
            let (left, top) = (EDGE + column + 24.0, EDGE);
            drawing = placed_map(context, view, [left, top, w - left - EDGE, h - 2.0 * EDGE]);
        } else {
            // Below the text the map, below the map as much of the legend as there is room for.
            let top = text.y + 10.0;
            let share = if legend.len() <= 3 && note.is_none() { 0.64 } else { 0.53 };
            let high = ((bottom - top) * share).max(120.0);
            drawing = placed_map(context, view, [EDGE, top, w - 2.0 * EDGE, high]);
            text.y = top + if drawing.is_empty() { 0.0 } else { high };
            notes_and_legend(&mut text, note, &legend, bottom, small, context.lang);
        }
    }
    let (x, y) = (text.x, h - EDGE + 8.0);
    text.line(&source, x, y, small, false);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" \
         aria-labelledby=\"t d\" lang=\"{}\"><title id=\"t\">{}</title><desc id=\"d\">{}</desc>\
         <path d=\"M0 0h{w}v{h}h-{w}z\" fill=\"#ffffff\"/>{}{drawing}<g font-family=\"{FONT}\" fill=\"#1b1b1b\">{}</g></svg>",
        context.lang.code(),
        escaped(&title),
        escaped(&sentence),
        if view == View::Promises { String::new() } else { map::defs() },
        text.out
    )
}

fn placed_map(context: &Context<'_>, view: View, [x, y, w, h]: [f64; 4]) -> String {
    map::draw(context, view, Some([w, h])).map_or_else(String::new, |drawing| {
        format!(
            "<svg x=\"{}\" y=\"{}\" width=\"{2}\" height=\"{3}\" viewBox=\"0 0 {2} {3}\">{4}</svg>",
            units(x),
            units(y),
            units(w),
            units(h),
            drawing.body
        )
    })
}

/// As much as there is room for, in so many columns; what is left out is counted.
fn notes_and_legend(text: &mut Column, note: Option<String>, legend: &[Entry], bottom: f64, size: f64, lang: Lang) {
    if let Some(note) = note {
        text.y += 10.0;
        text.write(&note, size, true);
    }
    text.y += 10.0;
    let (x, full, top) = (text.x, text.w, text.y);
    // The wide form has a narrow column for it, the square one the whole width.
    let columns = if full > 500.0 && legend.len() > 4 { 2 } else { 1 };
    let w = full / f64::from(columns);
    let mut column = 0;
    for (i, entry) in legend.iter().enumerate() {
        let lines = wrapped(&entry.text, size, false, w - 58.0).len() as f64;
        let is_last = column + 1 == columns;
        let room = if is_last && i + 1 < legend.len() { size * 1.35 } else { 0.0 };
        let high = (lines * size * 1.25).max(27.0) + 5.0;
        if text.y + high + room > bottom {
            (text.x, text.w) = (x + f64::from(column) * w, w - 12.0);
            if is_last {
                text.write(&MORE.with(lang, &[("n", &(legend.len() - i).to_string())]), size, false);
                break;
            }
            column += 1;
            text.y = top;
        }
        let (left, above) = (x + f64::from(column) * w, text.y + 3.0);
        match entry.sign {
            Sign::Number(n) => text.line(&n.to_string(), left + 12.0, above + size * 0.95, size, true),
            Sign::Surface(fill) => {
                let swatch = swatch(fill);
                text.out.push_str(&format!(
                    "<g transform=\"translate({} {})\">{swatch}</g>",
                    units(left),
                    units(above)
                ));
            }
            Sign::None => {}
        }
        let start = text.y;
        (text.x, text.w) = (left + 46.0, w - 58.0);
        text.write(&entry.text, size, false);
        text.y = text.y.max(if matches!(entry.sign, Sign::Surface(_)) { start + 27.0 } else { 0.0 }) + 5.0;
    }
    (text.x, text.w) = (x, full);
}

/// Commitments one below the other, in two columns when wide.
fn statuses(context: &Context<'_>, text: &mut Column, bottom: f64, wide: bool) {
    let lang = context.lang;
    let size = if wide { 18.0 } else { 15.0 };
    let all: Vec<&PublicCommitment> =
        context.release.follow_up.promises.iter().flat_map(|promise| &promise.commitments).collect();
    let (top, columns, full) = (text.y + 14.0, if wide { 2 } else { 1 }, text.w);
    let gap = 28.0;
    let w = (full - gap * f64::from(columns - 1)) / f64::from(columns);
    let (x, mut column) = (text.x, 0);
    (text.y, text.w) = (top, w - 30.0);
    for (i, c) in all.iter().enumerate() {
        let mark = mark(c.status, lang);
        let said = progress(c, lang).map_or_else(String::new, |said| format!(" ({said})"));
        let status = format!("{}{said}", mark.word);
        let lines =
            wrapped(name(&c.names, lang), size, true, w - 30.0).len() + wrapped(&status, size, false, w - 30.0).len();
        // The last place of all is kept for the count of what is left out.
        let last = column + 1 == columns && i + 1 < all.len();
        let needed = lines as f64 * size * 1.25 + 8.0 + if last { size * 1.5 } else { 0.0 };
        if text.y + needed > bottom {
            if column + 1 == columns {
                let n = (all.len() - i).to_string();
                text.x = x + f64::from(column) * (w + gap);
                text.write(&MORE.with(lang, &[("n", &n)]), size, false);
                break;
            }
            column += 1;
            text.y = top;
        }
        let left = x + f64::from(column) * (w + gap);
        text.line(mark.sign, left + 2.0, text.y + size * 0.95, size, true);
        text.x = left + 30.0;
        text.write(name(&c.names, lang), size, true);
        text.write(&status, size, false);
        text.y += 8.0;
    }
    (text.x, text.w) = (x, full);
}

/// Done against target for commitments that have a number.
pub(super) fn progress(c: &PublicCommitment, lang: Lang) -> Option<String> {
    use crate::release::deeds::Known;
    match &c.known {
        Known::Number { target, done, .. } => {
            let [done, target] = [*done, *target].map(|n| super::words::whole(n, lang));
            Some(OF.with(lang, &[("done", &done), ("target", &target)]))
        }
        Known::Level { now: Some(_), .. } | Known::Published { .. } => Some(self::done(c, lang)),
        Known::Level { .. } | Known::Perceived | Known::Nothing => None,
    }
}

/// The SVG as PNG. The drawings are ours, so that they can always be read; should one not be, the picture is white.
fn png(svg: &str, w: u32, h: u32) -> Vec<u8> {
    let Some(mut pixels) = tiny_skia::Pixmap::new(w, h) else { return Vec::new() };
    pixels.fill(tiny_skia::Color::WHITE);
    let options = usvg::Options { font_family: "DejaVu Sans".to_string(), fontdb: fonts(), ..usvg::Options::default() };
    if let Ok(tree) = usvg::Tree::from_str(svg, &options) {
        resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
    }
    pixels.encode_png().unwrap_or_default()
}

/// DejaVu Sans, regular and bold, and nothing else.
fn fonts() -> Arc<usvg::fontdb::Database> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        Arc::new(fonts)
    });
    Arc::clone(fonts)
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

    /// Left and right, top and bottom of what is written, from the fonts themselves.
    fn text_boxes(svg: &str) -> Vec<[f32; 4]> {
        fn collect(group: &usvg::Group, out: &mut Vec<[f32; 4]>) {
            for node in group.children() {
                match node {
                    usvg::Node::Group(inner) => collect(inner, out),
                    usvg::Node::Text(text) => {
                        let b = text.abs_bounding_box();
                        out.push([b.left(), b.right(), b.top(), b.bottom()]);
                    }
                    _ => {}
                }
            }
        }
        let options = usvg::Options { font_family: "DejaVu Sans".into(), fontdb: fonts(), ..usvg::Options::default() };
        let tree = usvg::Tree::from_str(svg, &options).expect("an SVG");
        let mut out = Vec::new();
        collect(tree.root(), &mut out);
        out
    }

    #[test]
    fn every_word_of_a_picture_lies_inside_it() {
        let assets = Assets::default();
        for release in [follow_up_release(), statistics_release(), nothing_reported_release(), empty_release()] {
            for lang in Lang::ALL {
                let context = Context { release: release.get(), lang, assets: &assets };
                for view in View::of(release.get()) {
                    for [w, h] in SIZES {
                        let boxes = text_boxes(&svg(&context, *view, [f64::from(w), f64::from(h)]));
                        assert!(boxes.len() > 2, "{view:?} has its words");
                        for [left, right, top, bottom] in boxes {
                            let inside = left >= 0.0 && top >= 0.0 && right <= w as f32 && bottom <= h as f32;
                            assert!(inside, "{view:?} {lang:?} {w}x{h}: {left} {right} {top} {bottom}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_picture_has_its_size_and_is_the_same_every_time() {
        let (release, assets) = (follow_up_release(), Assets::default());
        let context = Context { release: release.get(), lang: Lang::Sv, assets: &assets };
        let drawn = svg(&context, View::Map, [640.0, 640.0]);
        let first = png(&drawn, 640, 640);
        assert_eq!(first, png(&drawn, 640, 640));
        // The size in the head of a PNG (RFC 2083): width and height, four bytes each, from byte 16.
        assert_eq!(first.get(16..24), Some([0, 0, 2, 128, 0, 0, 2, 128].as_slice()));
    }
}
