//! Names and numbers in the map, placed one after the other where nothing is yet.

use geo::InteriorPoint;
use maud::{Markup, html};

use super::{Frame, MOST_NAMES, WIDTH, count_words, rings};
use crate::analysis::area_density::AreaLine;
use crate::domain::{Certainty, LonLat};
use crate::http::page::texts::{self, bare_area};
use crate::http::page::view::View;
use crate::spatial::AreaIndex;

/// Up to so many areas keep their names on a narrow screen, where letters are larger in the drawing.
pub(super) const NAMED_ON_NARROW: usize = 5;
/// Size of letters on a wide and on a narrow screen, as in the style sheet.
const WIDE: f64 = 15.0;
const NARROW: f64 = 25.0;
/// Width of a letter as a share of its height: of a wide system font, with room.
const LETTER: f64 = 0.56;
/// Height of a line as a share of the letters.
const LINE: f64 = 1.15;
/// Longer names take two lines where letters are large.
const LONG: usize = 20;
/// An outline smaller than this both ways is not to be hidden by a name.
const SMALL: f64 = 180.0;
/// How far a name may slide, as shares of its width, nearest first.
const SLIDES: [f64; 9] = [0.0, 0.125, -0.125, 0.25, -0.25, 0.375, -0.375, 0.5, -0.5];

/// A label with the middle of its first line.
struct Label {
    number: usize,
    /// What follows the number, by line; empty when there is room for the number alone.
    lines: Vec<String>,
    x: f64,
    y: f64,
}

/// What found room and what did not.
#[derive(Default)]
pub(super) struct Placed {
    labels: Vec<Label>,
    /// Number and area of those without a name in the map.
    pub(super) left_out: Vec<(usize, AreaIndex)>,
}

#[derive(Clone, Copy)]
struct Rect {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

impl Rect {
    fn meets(self, other: Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }

    fn around([x, y]: [f64; 2], w: f64, h: f64) -> Self {
        Self { x: x - w / 2.0, y: y - h / 2.0, w, h }
    }
}

/// Places the labels of up to [`MOST_NAMES`] areas: names of placeholders and of large
/// areas first, inside or beside their outline.
pub(super) fn place(view: &View<'_>, frame: &Frame) -> Placed {
    let mut placed = Placed::default();
    if view.density.lines.len() > MOST_NAMES {
        return placed;
    }
    let letter = if view.density.lines.len() <= NAMED_ON_NARROW { NARROW } else { WIDE };
    let mut areas: Vec<_> = view.numbered().collect();
    // A placeholder must say what it is, so it chooses first.
    let is_placeholder = |line: &AreaLine| view.snapshot.areas().area(line.area).certainty == Certainty::Placeholder;
    areas.sort_by(|(_, a), (_, b)| {
        is_placeholder(b).cmp(&is_placeholder(a)).then_with(|| b.area_km2.total_cmp(&a.area_km2))
    });
    let boxes: Vec<Rect> = areas.iter().map(|(_, line)| bounds(&rings(view, frame, line.area))).collect();
    // The scale bar and the arrow keep their corners.
    let mut taken = vec![
        Rect { x: 0.0, y: frame.height - 60.0, w: WIDTH / 4.0, h: 60.0 },
        Rect { x: WIDTH - 52.0, y: 0.0, w: 52.0, h: 60.0 },
    ];
    for (i, (number, line)) in areas.iter().enumerate() {
        let lines = lines(view, *number, line, letter > WIDE);
        let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0) + number.to_string().len() + 1;
        let w = longest as f64 * LETTER * letter + 8.0;
        let h = letter * LINE * lines.len() as f64 + 2.0;
        let Some(centre) = centre(view, frame, line.area) else {
            placed.left_out.push((*number, line.area));
            continue;
        };
        // Names may cross large areas, not hide small ones.
        let others = boxes.iter().enumerate().filter(|(j, other)| *j != i && other.w < SMALL && other.h < SMALL);
        let hindering: Vec<Rect> = taken.iter().copied().chain(others.map(|(_, other)| *other)).collect();
        let free = |rect: &Rect| {
            rect.x >= 2.0
                && rect.x + rect.w <= WIDTH - 2.0
                && rect.y >= 2.0
                && rect.y + rect.h <= frame.height - 2.0
                && !hindering.iter().any(|other| rect.meets(*other))
        };
        let own = boxes[i];
        let middle = [own.x + own.w / 2.0, own.y + own.h / 2.0];
        let inside = (own.w > w && own.h > h).then(|| Rect::around(centre, w, h));
        // Above and below, the name may slide sideways as long as some of it is above or below the area.
        let (least, most) = (w / 2.0 + 3.0, (WIDTH - w / 2.0 - 3.0).max(w / 2.0 + 3.0));
        let slides = SLIDES.map(|share| (middle[0] + share * w).clamp(least, most));
        let below = slides.map(|x| Rect::around([x, own.y + own.h + h / 2.0 + 5.0], w, h));
        let above = slides.map(|x| Rect::around([x, own.y - h / 2.0 - 5.0], w, h));
        let right = Rect::around([own.x + own.w + w / 2.0 + 6.0, middle[1]], w, h);
        let left = Rect::around([own.x - w / 2.0 - 6.0, middle[1]], w, h);
        let beside = below.into_iter().chain(above).chain([right, left]);
        let named = inside.into_iter().chain(beside).find(free);
        let small = Rect::around(centre, 4.0 * LETTER * letter, letter * 1.3);
        let (rect, lines) = match named {
            Some(rect) => (rect, lines),
            None if frame.holds(centre) && !taken.iter().any(|other| small.meets(*other)) => {
                placed.left_out.push((*number, line.area));
                (small, Vec::new())
            }
            None => {
                placed.left_out.push((*number, line.area));
                continue;
            }
        };
        taken.push(rect);
        placed.labels.push(Label { number: *number, lines, x: rect.x + rect.w / 2.0, y: rect.y + letter });
    }
    placed.left_out.sort_unstable();
    placed
}

/// Name and count, and the words a placeholder needs; long names take two lines where letters are large.
fn lines(view: &View<'_>, number: usize, line: &AreaLine, large_letters: bool) -> Vec<String> {
    let area = view.snapshot.areas().area(line.area);
    let lang = view.request.lang;
    let text = format!("{}: {}", bare_area(area, lang), count_words(view, line));
    let mut lines = match text
        .char_indices()
        .filter(|(_, c)| *c == ' ')
        .map(|(i, _)| i)
        .min_by_key(|i| (2 * i).abs_diff(text.len() - number.to_string().len()))
    {
        Some(middle) if large_letters && text.chars().count() > LONG => {
            vec![text[..middle].to_string(), text[middle + 1..].to_string()]
        }
        _ => vec![text],
    };
    if area.certainty == Certainty::Placeholder {
        let note = texts::NOTE_PLACEHOLDER.of(lang);
        match note.split_once(' ').filter(|_| large_letters) {
            Some((first, rest)) => lines.extend([first.to_string(), rest.to_string()]),
            None => lines.push(note.to_string()),
        }
    }
    lines
}

fn bounds(rings: &[Vec<[f64; 2]>]) -> Rect {
    let fold = |axis: usize, pick: fn(f64, f64) -> f64| {
        rings.iter().flatten().map(|p| p[axis]).reduce(pick).unwrap_or_default()
    };
    let (x, y) = (fold(0, f64::min), fold(1, f64::min));
    Rect { x, y, w: fold(0, f64::max) - x, h: fold(1, f64::max) - y }
}

fn centre(view: &View<'_>, frame: &Frame, area: AreaIndex) -> Option<[f64; 2]> {
    let outline = &view.snapshot.areas().area(area).outline;
    // `geo` panics on some finite outlines: then this area has no label, and the page is drawn.
    let point = std::panic::catch_unwind(|| outline.interior_point()).ok().flatten()?;
    let at = view.snapshot.plane().to_plane(LonLat::new(point.x(), point.y()).ok()?).ok()?;
    Some(frame.at(at))
}

/// Draws the labels: name and number, and beneath it what a placeholder must say.
pub(super) fn draw(placed: &Placed) -> Markup {
    html! {
        g.labels text-anchor="middle" {
            @for label in &placed.labels {
                @let x = format!("{:.1}", label.x);
                text x=(x) y=(format!("{:.1}", label.y)) {
                    tspan.no { (label.number) }
                    @for (i, line) in label.lines.iter().enumerate() {
                        @if i == 0 { tspan.area-name { " " (line) } }
                        @else { " " tspan.area-name x=(x) dy={ (LINE) "em" } { (line) } }
                    }
                }
            }
        }
    }
}
