//! From metres of the plane to units of a drawing, north up; and how wide a text is there.

use geo::{BoundingRect, MultiPolygon, Simplify};

/// Room around what is shown, as a share of its larger side.
const MARGIN: f64 = 0.12;
/// How far a line may stray from the outline, in units of the drawing: less than can be seen.
const SIMPLIFIED: f64 = 0.4;

/// A stretch of the plane fitted into a drawing.
pub(super) struct Frame {
    west_m: f64,
    north_m: f64,
    pub(super) metres_per_unit: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

/// West, south, east and north in metres.
pub(super) type Extent = [f64; 4];

/// The smallest extent around some outlines.
pub(super) fn around<'a>(outlines: impl IntoIterator<Item = &'a MultiPolygon<f64>>) -> Option<Extent> {
    let rects = outlines.into_iter().filter_map(BoundingRect::bounding_rect);
    rects.map(|r| [r.min().x, r.min().y, r.max().x, r.max().y]).reduce(both)
}

/// The smallest extent around two.
pub(super) fn both(a: Extent, b: Extent) -> Extent {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

impl Frame {
    /// The extent in the middle of a drawing of this size, with room around it.
    pub(super) fn fit([west, south, east, north]: Extent, w: f64, h: f64) -> Self {
        let (wide, high) = ((east - west).max(1.0), (north - south).max(1.0));
        let room = MARGIN * wide.max(high);
        let metres_per_unit = ((wide + 2.0 * room) / w).max((high + 2.0 * room) / h);
        let middle = [(west + east) / 2.0, (south + north) / 2.0];
        Self {
            west_m: middle[0] - metres_per_unit * w / 2.0,
            north_m: middle[1] + metres_per_unit * h / 2.0,
            metres_per_unit,
            w,
            h,
        }
    }

    /// The height that suits an extent in a drawing of this width.
    pub(super) fn height([west, south, east, north]: Extent, w: f64) -> f64 {
        let ratio = (north - south).max(1.0) / (east - west).max(1.0);
        (w * ratio).clamp(0.55 * w, 0.9 * w).round()
    }

    /// A point of the plane in the drawing.
    pub(super) fn point(&self, x_m: f64, y_m: f64) -> [f64; 2] {
        [(x_m - self.west_m) / self.metres_per_unit, (self.north_m - y_m) / self.metres_per_unit]
    }

    /// An outline as the data of a path.
    pub(super) fn path(&self, outline: &MultiPolygon<f64>) -> String {
        let mut data = String::new();
        for polygon in outline.simplify(SIMPLIFIED * self.metres_per_unit) {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                for (i, c) in ring.coords().take(ring.0.len().saturating_sub(1)).enumerate() {
                    let [x, y] = self.point(c.x, c.y);
                    data.push_str(&format!("{}{} {}", if i == 0 { "M" } else { "L" }, units(x), units(y)));
                }
                data.push('Z');
            }
        }
        data
    }

    /// The outline's box in the drawing: left, top, width and height.
    pub(super) fn rect(&self, outline: &MultiPolygon<f64>) -> Option<Rect> {
        let [west, south, east, north] = around([outline])?;
        let ([x, y], [right, bottom]) = (self.point(west, north), self.point(east, south));
        Some(Rect { x, y, w: right - x, h: bottom - y })
    }
}

/// A box in the drawing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl Rect {
    /// Whether two have a place in common.
    pub(super) fn meets(self, other: Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }
}

/// A number of units with one decimal, as short as it can be.
pub(in crate::public) fn units(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_string)
}

/// The width of a text in DejaVu Sans, bold or not, a little too wide rather than too narrow: classes of its advance
/// widths.
pub(in crate::public) fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '\u{a0}' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '–' => 0.98,
        c if c.is_uppercase() => 0.74,
        c if c.is_alphanumeric() => 0.64,
        _ => 0.84,
    };
    let width: f64 = text.chars().map(em).sum();
    width * size * if bold { 1.1 } else { 1.0 }
}

/// A text in lines that are no wider than `width`, broken between words; a longer word has a line of its own.
pub(in crate::public) fn wrapped(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size, bold) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extent_is_fitted_with_north_up_and_room_on_every_side() {
        // 1 000 m wide with 120 m of room on both sides in 124 units: 10 metres a unit.
        let frame = Frame::fit([0.0, 0.0, 1_000.0, 500.0], 124.0, 100.0);
        assert!((frame.metres_per_unit - 10.0).abs() < 1e-9);
        let [x, y] = frame.point(0.0, 500.0);
        assert!((x - 12.0).abs() < 1e-9 && (y - 25.0).abs() < 1e-9, "{x} {y}");
        assert!(frame.point(0.0, 0.0)[1] > y, "south is below");
    }

    #[test]
    fn lines_are_broken_between_words_and_no_word_is_lost() {
        let text = "Området runt sporthallen är en platshållare";
        let lines = wrapped(text, 20.0, false, 200.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| text_width(line, 20.0, false) <= 200.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrapped("trygghetsinventering", 20.0, false, 10.0), ["trygghetsinventering"]);
    }
}
