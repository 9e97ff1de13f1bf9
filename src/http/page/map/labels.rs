//! Names and numbers in the map, placed one after the other where nothing is yet.

use geo::InteriorPoint;
use maud::{Markup, html};

use super::{Frame, MOST_NAMES, WIDTH, count_words, rings};
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

/// A label at a position; `named` ones say the name too.
pub(super) struct Label {
    number: usize,
    name: Option<String>,
    count: String,
    placeholder: bool,
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

/// Places the labels of up to [`MOST_NAMES`] areas: names of large areas first, inside or beside their outline.
pub(super) fn place(view: &View<'_>, frame: &Frame) -> Placed {
    let mut placed = Placed::default();
    if view.density.lines.len() > MOST_NAMES {
        return placed;
    }
    let letter = if view.density.lines.len() <= NAMED_ON_NARROW { NARROW } else { WIDE };
    let mut areas: Vec<_> = view.numbered().collect();
    areas.sort_by(|(_, a), (_, b)| b.area_km2.total_cmp(&a.area_km2));
    let boxes: Vec<Rect> = areas.iter().map(|(_, line)| bounds(&rings(view, frame, line.area))).collect();
    // The scale bar and the arrow keep their corners.
    let mut taken = vec![
        Rect { x: 0.0, y: frame.height - 60.0, w: WIDTH / 4.0, h: 60.0 },
        Rect { x: WIDTH - 52.0, y: 0.0, w: 52.0, h: 60.0 },
    ];
    for (i, (number, line)) in areas.iter().enumerate() {
        let area = view.snapshot.areas().area(line.area);
        let placeholder = area.certainty == Certainty::Placeholder;
        let name = bare_area(area, view.request.lang).to_string();
        let count = count_words(view, line);
        let longest = [
            format!("{number} {name}: {count}").chars().count(),
            if placeholder { texts::NOTE_PLACEHOLDER.of(view.request.lang).chars().count() } else { 0 },
        ];
        let w = longest.into_iter().max().unwrap_or(0) as f64 * LETTER * letter + 8.0;
        let h = letter * if placeholder { 2.5 } else { 1.3 };
        let Some(centre) = centre(view, frame, line.area) else {
            placed.left_out.push((*number, line.area));
            continue;
        };
        let others = boxes.iter().enumerate().filter(|(j, other)| *j != i && other.w < w).map(|(_, other)| *other);
        let hindering: Vec<Rect> = taken.iter().copied().chain(others).collect();
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
        let clamp = |x: f64| x.clamp(w / 2.0 + 3.0, (WIDTH - w / 2.0 - 3.0).max(w / 2.0 + 3.0));
        let beside = [
            Rect::around([clamp(middle[0]), own.y + own.h + h / 2.0 + 6.0], w, h),
            Rect::around([clamp(middle[0]), own.y - h / 2.0 - 6.0], w, h),
            Rect::around([own.x + own.w + w / 2.0 + 6.0, middle[1]], w, h),
            Rect::around([own.x - w / 2.0 - 6.0, middle[1]], w, h),
        ];
        let named = inside.into_iter().chain(beside).find(free);
        let small = Rect::around(centre, 4.0 * LETTER * letter, letter * 1.3);
        let (rect, name) = match named {
            Some(rect) => (rect, Some(name)),
            None if frame.holds(centre) && !taken.iter().any(|other| small.meets(*other)) => {
                placed.left_out.push((*number, line.area));
                (small, None)
            }
            None => {
                placed.left_out.push((*number, line.area));
                continue;
            }
        };
        taken.push(rect);
        let y = rect.y + letter;
        placed.labels.push(Label { number: *number, name, count, placeholder, x: rect.x + rect.w / 2.0, y });
    }
    placed.left_out.sort_unstable();
    placed
}

fn bounds(rings: &[Vec<[f64; 2]>]) -> Rect {
    let fold = |axis: usize, pick: fn(f64, f64) -> f64| {
        rings.iter().flatten().map(|p| p[axis]).reduce(pick).unwrap_or_default()
    };
    let (x, y) = (fold(0, f64::min), fold(1, f64::min));
    Rect { x, y, w: fold(0, f64::max) - x, h: fold(1, f64::max) - y }
}

fn centre(view: &View<'_>, frame: &Frame, area: AreaIndex) -> Option<[f64; 2]> {
    let point = view.snapshot.areas().area(area).outline.interior_point()?;
    let at = view.snapshot.plane().to_plane(LonLat::new(point.x(), point.y()).ok()?).ok()?;
    Some(frame.at(at))
}

/// Draws the labels: name and number, and beneath it what a placeholder must say.
pub(super) fn draw(view: &View<'_>, placed: &Placed) -> Markup {
    let lang = view.request.lang;
    html! {
        g.labels text-anchor="middle" {
            @for label in &placed.labels {
                @let x = format!("{:.1}", label.x);
                text x=(x) y=(format!("{:.1}", label.y)) {
                    tspan.no { (label.number) }
                    @if let Some(name) = &label.name {
                        tspan.area-name { " " (name) }
                        tspan.area-count { ": " (label.count) }
                        @if label.placeholder {
                            tspan.area-note x=(x) dy="1.15em" { (texts::NOTE_PLACEHOLDER.of(lang)) }
                        }
                    }
                }
            }
        }
    }
}
