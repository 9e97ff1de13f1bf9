//! Numbers, names and the scale of a map. Every area has its number; names stand where nothing else does.

use geo::InteriorPoint;

use super::frame::{Frame, Rect, text_width, units};
use super::paint::INK;
use crate::public::words::name;
use crate::release::PublicArea;
use crate::text::lang::Lang;

/// Size of letters: half of it is left on a narrow screen.
const LETTER: f64 = 23.0;
/// Size of what stands below a name.
const SMALL: f64 = 19.0;
/// Radius of the circle around a number.
const RADIUS: f64 = 17.0;
/// A map lower than this has the smaller circles, which hide less of it.
const SMALL_MAP: f64 = 320.0;
/// The same where squares are drawn, whose numbers must be seen.
const SMALL_RADIUS: f64 = 13.0;
/// An outline smaller than this both ways is not to be hidden by a name.
const LARGE: f64 = 150.0;
/// Above this many areas names would hide the map; the legend has them.
const MOST_NAMES: usize = 20;

/// Fonts of the drawing: the first is compiled in for pictures.
pub(in crate::public) const FONT: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// Numbers of all areas in order, and names with a second line where there is room; names only when `named`. What
/// stands in `numbers` is not covered where there is another place.
pub(super) fn draw(
    frame: &Frame,
    areas: &[PublicArea],
    lang: Lang,
    named: bool,
    numbers: &[Rect],
    second: impl Fn(&PublicArea) -> String,
) -> String {
    let radius = if named && frame.h >= SMALL_MAP { RADIUS } else { SMALL_RADIUS };
    let circle = |[x, y]: [f64; 2]| Rect { x: x - radius, y: y - radius, w: 2.0 * radius, h: 2.0 * radius };
    let own: Vec<Option<Rect>> = areas.iter().map(|area| frame.rect(&area.outline_m)).collect();
    // The scale keeps its corner.
    let corner = Rect { x: 0.0, y: frame.h - 52.0, w: frame.w / 3.0 + 20.0, h: 52.0 };
    let mut taken: Vec<Rect> = std::iter::once(corner).chain(numbers.iter().copied()).collect();
    let mut at: Vec<Option<([f64; 2], [f64; 2])>> = Vec::new();
    for area in areas {
        let inside = area.outline_m.interior_point().map(|point| frame.point(point.x(), point.y()));
        let placed = inside.map(|inside| {
            (inside, beside(inside, radius, |place| taken.iter().all(|other| !circle(place).meets(*other))))
        });
        taken.extend(placed.map(|(_, place)| circle(place)));
        at.push(placed);
    }
    let mut out = format!("<g font-family=\"{FONT}\" fill=\"{INK}\">");
    for (i, (area, point)) in areas.iter().zip(&at).enumerate() {
        let Some((inside, [x, y])) = *point else { continue };
        if named && areas.len() <= MOST_NAMES {
            let lines = [name(&area.names, lang).to_string(), second(area)];
            // A name may cross a large area, not hide a small one.
            let small = own.iter().enumerate().filter(|(j, _)| *j != i).filter_map(|(_, rect)| *rect);
            let small = small.filter(|rect| rect.w < LARGE && rect.h < LARGE);
            let hindering: Vec<Rect> = taken.iter().copied().chain(small).collect();
            if let Some(rect) = room(frame, [x, y], own[i], &lines, &hindering) {
                out.push_str(&text(rect, &lines));
                taken.push(rect);
            }
        }
        out.push_str(&badge(i + 1, inside, [x, y], radius));
    }
    out.push_str("</g>");
    out
}

/// The point itself or the nearest of some places around it where there is room; the point when there is none.
fn beside([x, y]: [f64; 2], radius: f64, is_free: impl Fn([f64; 2]) -> bool) -> [f64; 2] {
    let turns = [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0], [0.7, 0.7], [-0.7, 0.7], [0.7, -0.7], [-0.7, -0.7]];
    let steps =
        [2.2, 3.2].into_iter().flat_map(|step| turns.map(|[dx, dy]| [x + dx * step * radius, y + dy * step * radius]));
    std::iter::once([x, y]).chain(steps).find(|place| is_free(*place)).unwrap_or([x, y])
}

/// Where a label fits: beside the number, else beside the outline; inside the drawing, and where nothing else is.
fn room(frame: &Frame, [x, y]: [f64; 2], own: Option<Rect>, lines: &[String; 2], taken: &[Rect]) -> Option<Rect> {
    let w = text_width(&lines[0], LETTER, true).max(text_width(&lines[1], SMALL, false)) + 6.0;
    let h = LETTER * 1.25 + if lines[1].is_empty() { 0.0 } else { SMALL * 1.3 };
    let gap = RADIUS + 5.0;
    let around = own.unwrap_or(Rect { x, y, w: 0.0, h: 0.0 });
    let inside = [x + gap, y - h / 2.0];
    let fits_inside = inside[0] + w <= around.x + around.w && around.h > h;
    let places = [
        if fits_inside { inside } else { [around.x + around.w + 6.0, y - h / 2.0] },
        [around.x + around.w + 6.0, y - h / 2.0],
        [around.x - w - 6.0, y - h / 2.0],
        [x - w / 2.0, around.y - h - 4.0],
        [x - w / 2.0, around.y + around.h + 4.0],
        [x, y - gap - h],
        [x, y + gap],
        [x - w, y - gap - h],
        [x - w, y + gap],
        inside,
        [x - gap - w, y - h / 2.0],
    ];
    let fits = |rect: &Rect| {
        rect.x >= 3.0
            && rect.y >= 3.0
            && rect.x + rect.w <= frame.w - 3.0
            && rect.y + rect.h <= frame.h - 3.0
            && !taken.iter().any(|other| rect.meets(*other))
    };
    places.into_iter().map(|[x, y]| Rect { x, y, w, h }).find(fits)
}

fn text(rect: Rect, lines: &[String; 2]) -> String {
    let line = |text: &str, y: f64, size: f64, weight: u16| {
        format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{size}\" font-weight=\"{weight}\" paint-order=\"stroke\" stroke=\"#ffffff\" \
             stroke-width=\"5\" stroke-linejoin=\"round\">{}</text>",
            units(rect.x + 3.0),
            units(y),
            escaped(text)
        )
    };
    let first = line(&lines[0], rect.y + LETTER, LETTER, 700);
    if lines[1].is_empty() { first } else { first + &line(&lines[1], rect.y + LETTER * 1.25 + SMALL, SMALL, 400) }
}

/// A number in a circle, with a line to its area where it stands beside it.
fn badge(number: usize, inside: [f64; 2], [x, y]: [f64; 2], radius: f64) -> String {
    let size = if number > 99 || radius < RADIUS { 15 } else { 20 };
    let moved = (inside[0] - x).abs() + (inside[1] - y).abs() > 0.5;
    let line = if moved {
        let [a, b] = inside.map(units);
        format!(
            "<path d=\"M{a} {b}L{} {}\" stroke=\"{INK}\" stroke-width=\"2\"/><circle cx=\"{a}\" cy=\"{b}\" r=\"3\"/>",
            units(x),
            units(y)
        )
    } else {
        String::new()
    };
    format!(
        "{line}<circle cx=\"{0}\" cy=\"{1}\" r=\"{radius}\" fill=\"#ffffff\" stroke=\"{INK}\" stroke-width=\"2\"/>\
         <text x=\"{0}\" y=\"{2}\" font-size=\"{size}\" font-weight=\"700\" text-anchor=\"middle\">{number}</text>",
        units(x),
        units(y),
        units(y + f64::from(size) * 0.36)
    )
}

/// The box of a number around a point.
pub(super) fn box_around(number: &str, x: f64, y: f64) -> Rect {
    let w = text_width(number, SMALL, true) + 6.0;
    Rect { x: x - w / 2.0, y: y - 12.0, w, h: 24.0 }
}

/// A number on white, in its box.
pub(super) fn boxed(number: &str, rect: Rect) -> String {
    let (left, top, w) = (units(rect.x), units(rect.y), units(rect.w));
    let (x, y) = (units(rect.x + rect.w / 2.0), units(rect.y + 18.5));
    format!(
        "<path d=\"M{left} {top}h{w}v24h-{w}z\" fill=\"#ffffff\"/><text x=\"{x}\" y=\"{y}\" font-family=\"{FONT}\" \
         font-size=\"{SMALL}\" font-weight=\"700\" fill=\"{INK}\" text-anchor=\"middle\">{}</text>",
        escaped(number)
    )
}

/// A bar of a round length, at most a third of the width, and an arrow to the north.
pub(super) fn scale(frame: &Frame) -> String {
    let most_m = frame.w / 3.0 * frame.metres_per_unit;
    let power = 10_f64.powf(most_m.log10().floor());
    let length_m = [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|n| *n <= most_m).unwrap_or(power);
    let label =
        if length_m >= 1_000.0 { format!("{} km", length_m / 1_000.0) } else { format!("{} m", units(length_m)) };
    let (x, y, w) = (14.0, frame.h - 16.0, length_m / frame.metres_per_unit);
    let (north, top) = (frame.w - 24.0, 14.0);
    format!(
        "<path d=\"M{x} {}v8h{}v-8\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"2\"/>\
         <text x=\"{}\" y=\"{}\" font-family=\"{FONT}\" font-size=\"{SMALL}\" fill=\"{INK}\">{label}</text>\
         <path d=\"M{north} {top}l9 24l-9 -6l-9 6z\" fill=\"{INK}\"/>\
         <text x=\"{north}\" y=\"{}\" font-family=\"{FONT}\" font-size=\"{SMALL}\" font-weight=\"700\" fill=\"{INK}\" text-anchor=\"middle\">N</text>",
        units(y - 8.0),
        units(w),
        units(x + 2.0),
        units(y - 14.0),
        units(top + 42.0)
    )
}

/// A text as XML content.
pub(in crate::public) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no other control characters.
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_a_round_length_of_at_most_a_third_of_the_width() {
        // 720 units of 5 m are 3 600 m; a third is 1 200 m, so the bar is 1 km: 200 units.
        let frame = Frame::fit([0.0, 0.0, 3_600.0 / 1.24, 10.0], 720.0, 500.0);
        let drawn = scale(&frame);
        assert!(drawn.contains(">1 km<") && drawn.contains("v8h200v-8"), "{drawn}");
    }

    #[test]
    fn a_name_cannot_break_out_of_the_drawing() {
        assert_eq!(escaped("<b>&\"\u{1}"), "&lt;b&gt;&amp;&quot;");
    }
}
