//! A small map of the areas on which a position can be clicked. It is hidden until the script shows it, because
//! without a script a click does nothing.

use std::fmt::Write;

use geo::{BoundingRect, Simplify};
use maud::{Markup, html};

use super::texts as t;
use crate::domain::LonLat;
use crate::http::page::texts::Lang;
use crate::spatial::Snapshot;

/// Width of the drawing in its own units.
const WIDTH: f64 = 640.0;
/// How far a line may stray from the outline, in units of the drawing.
const SIMPLIFIED: f64 = 0.5;

/// Degrees to units: the same for every point, so the script can go back.
struct Frame {
    west: f64,
    north: f64,
    per_lon: f64,
    per_lat: f64,
    height: f64,
}

impl Frame {
    /// Around all areas, with a degree of latitude as long as it is at their middle.
    fn of(snapshot: &Snapshot) -> Option<Self> {
        let rects = snapshot.areas().areas().iter().filter_map(|area| area.outline.bounding_rect());
        let (min, max) = rects.map(|rect| (rect.min(), rect.max())).reduce(|(a, b), (c, d)| {
            (geo::coord! { x: a.x.min(c.x), y: a.y.min(c.y) }, geo::coord! { x: b.x.max(d.x), y: b.y.max(d.y) })
        })?;
        let per_lon = WIDTH / (max.x - min.x).max(1e-6);
        let per_lat = per_lon / ((min.y + max.y) / 2.0).to_radians().cos().max(0.01);
        Some(Self { west: min.x, north: max.y, per_lon, per_lat, height: ((max.y - min.y) * per_lat).ceil() })
    }

    fn path(&self, outline: &geo::MultiPolygon<f64>) -> String {
        let mut data = String::new();
        for ring in outline.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors())) {
            let at = |c: &geo::Coord<f64>| ((c.x - self.west) * self.per_lon, (self.north - c.y) * self.per_lat);
            let line: geo::LineString<f64> = ring.coords().map(at).collect::<Vec<_>>().into();
            for (i, point) in line.simplify(SIMPLIFIED).0.iter().enumerate() {
                // Writing to a string cannot fail.
                let _ = write!(data, "{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, point.x, point.y);
            }
            data.push('z');
        }
        data
    }
}

pub(super) fn markup(snapshot: &Snapshot, lang: Lang) -> Markup {
    let Some(frame) = Frame::of(snapshot) else { return html! {} };
    html! {
        div.place-map hidden {
            p id="place-map-label" { (t::MAP.of(lang)) }
            svg id="place-map" viewBox={ "0 0 " (WIDTH) " " (frame.height) } role="img" aria-labelledby="place-map-label"
                xmlns="http://www.w3.org/2000/svg" data-west=(frame.west) data-north=(frame.north)
                data-per-lon=(frame.per_lon) data-per-lat=(frame.per_lat) {
                rect width=(WIDTH) height=(frame.height) fill="#f4f4f0" {}
                @for area in snapshot.areas().areas() {
                    path d=(frame.path(&area.outline)) fill="#ffffff" fill-opacity="0.6" fill-rule="evenodd"
                        stroke="#1b1b1b" stroke-width="1" { title { (crate::http::page::texts::bare_area(area, lang)) } }
                }
                circle r="7" fill="#0b5394" stroke="#ffffff" stroke-width="2" visibility="hidden" {}
            }
        }
    }
}

/// The areas with points on them, and how many lie outside; nothing without areas.
pub(in crate::http::page) fn with_points(
    snapshot: &Snapshot,
    points: &[LonLat],
    label: &str,
    lang: Lang,
) -> Option<(Markup, usize)> {
    let frame = Frame::of(snapshot)?;
    let at = |point: &LonLat| ((point.lon() - frame.west) * frame.per_lon, (frame.north - point.lat()) * frame.per_lat);
    let is_inside = |(x, y): &(f64, f64)| (0.0..=WIDTH).contains(x) && (0.0..=frame.height).contains(y);
    let inside: Vec<(f64, f64)> = points.iter().map(at).filter(is_inside).collect();
    let drawing = html! {
        svg viewBox={ "0 0 " (WIDTH) " " (frame.height) } role="img" aria-label=(label) xmlns="http://www.w3.org/2000/svg" {
            rect width=(WIDTH) height=(frame.height) fill="#f4f4f0" {}
            @for area in snapshot.areas().areas() {
                path d=(frame.path(&area.outline)) fill="#ffffff" fill-opacity="0.6" fill-rule="evenodd"
                    stroke="#1b1b1b" stroke-width="1" { title { (crate::http::page::texts::bare_area(area, lang)) } }
            }
            @for (x, y) in &inside {
                circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="9" fill="#0b5394" stroke="#ffffff" stroke-width="2" {}
            }
        }
    };
    Some((drawing, points.len() - inside.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_on_the_map_goes_back_to_its_degrees() {
        let frame = Frame { west: 14.6, north: 57.7, per_lon: 1000.0, per_lat: 2000.0, height: 100.0 };
        let outline = geo::MultiPolygon(vec![geo::Rect::new((14.6, 57.6), (14.7, 57.7)).to_polygon()]);
        let path = frame.path(&outline);
        assert!(path.contains("100.0 0.0") && path.contains("0.0 200.0") && path.ends_with('z'), "{path}");
    }
}
