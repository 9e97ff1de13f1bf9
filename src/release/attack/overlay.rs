//! Outlines against each other and against squares: which parts there are.

use geo::{Area, BooleanOps, BoundingRect, MultiPolygon, Rect};

/// Parts smaller than this hold nothing: outlines that share a border seldom share it to the millimetre.
pub(super) const SLIVER_M2: f64 = 1.0;

/// A part of the plane that lies in the same areas everywhere.
#[derive(Clone, Debug)]
pub(super) struct Face {
    /// The areas it lies in, by number; never empty.
    pub(super) members: Vec<u32>,
    pub(super) outline: MultiPolygon<f64>,
}

/// Cuts areas along each other. Areas that overlap no other come out as they went in. Cost: one cut for each pair
/// whose rectangles meet.
pub(super) fn faces(areas: &[&MultiPolygon<f64>]) -> Vec<Face> {
    let mut faces: Vec<Face> = Vec::new();
    for (number, area) in areas.iter().enumerate() {
        let mut rest = (*area).clone();
        let mut cut = Vec::with_capacity(faces.len() + 1);
        for face in faces {
            if !do_meet(&face.outline, &rest) {
                cut.push(face);
                continue;
            }
            let shared = face.outline.intersection(&rest);
            if shared.unsigned_area() < SLIVER_M2 {
                cut.push(face);
                continue;
            }
            rest = rest.difference(&shared);
            let left = face.outline.difference(&shared);
            let mut members = face.members.clone();
            members.push(number as u32);
            cut.push(Face { members, outline: shared });
            if left.unsigned_area() >= SLIVER_M2 {
                cut.push(Face { members: face.members, outline: left });
            }
        }
        faces = cut;
        if rest.unsigned_area() >= SLIVER_M2 {
            faces.push(Face { members: vec![number as u32], outline: rest });
        }
    }
    faces
}

fn do_meet(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> bool {
    match (a.bounding_rect(), b.bounding_rect()) {
        (Some(a), Some(b)) => {
            a.min().x < b.max().x && b.min().x < a.max().x && a.min().y < b.max().y && b.min().y < a.max().y
        }
        _ => false,
    }
}

/// An axis-parallel square.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    pub(super) x_m: f64,
    pub(super) y_m: f64,
    pub(super) cell_m: f64,
}

/// How an outline lies to a square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lies {
    /// The square is outside.
    Outside,
    /// The square is inside.
    Inside,
    /// Both share a part, and each has more; or an edge touches a sliver of it.
    Cut,
}

/// An outline as edges, to be asked about many squares.
#[derive(Debug)]
pub(super) struct Edges {
    edges: Vec<[f64; 4]>,
    rect: Option<Rect<f64>>,
}

impl Edges {
    /// Of all rings.
    pub(super) fn of(outline: &MultiPolygon<f64>) -> Self {
        let rings = outline.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        let edges = rings.flat_map(|ring| ring.lines().map(|l| [l.start.x, l.start.y, l.end.x, l.end.y])).collect();
        Self { edges, rect: outline.bounding_rect() }
    }

    /// Numbers of all edges.
    pub(super) fn all(&self) -> Vec<u32> {
        (0..self.edges.len() as u32).collect()
    }

    /// Those of `among` that pass through the inside of the square.
    pub(super) fn through(&self, square: Square, among: &[u32]) -> Vec<u32> {
        among.iter().copied().filter(|edge| passes(self.edges[*edge as usize], square)).collect()
    }

    /// How it lies, when `through` are the edges that pass through the square.
    pub(super) fn lies(&self, square: Square, through: &[u32]) -> Lies {
        if !through.is_empty() {
            return Lies::Cut;
        }
        let half = square.cell_m / 2.0;
        if self.holds(square.x_m + half, square.y_m + half) { Lies::Inside } else { Lies::Outside }
    }

    /// Even and odd crossings of a ray to the east.
    fn holds(&self, x: f64, y: f64) -> bool {
        if self.rect.is_none_or(|r| x < r.min().x || x > r.max().x || y < r.min().y || y > r.max().y) {
            return false;
        }
        let crossings = self
            .edges
            .iter()
            .filter(|[x0, y0, x1, y1]| (*y0 > y) != (*y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0));
        crossings.count() % 2 == 1
    }
}

/// Whether an edge has a part inside the square, borders not counted (Liang and Barsky 1984).
fn passes([x0, y0, x1, y1]: [f64; 4], square: Square) -> bool {
    /// A millimetre: an edge along a border does not pass through.
    const BORDER_M: f64 = 1e-3;
    let (dx, dy) = (x1 - x0, y1 - y0);
    let (west, south) = (square.x_m + BORDER_M, square.y_m + BORDER_M);
    let (east, north) = (square.x_m + square.cell_m - BORDER_M, square.y_m + square.cell_m - BORDER_M);
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (p, q) in [(-dx, x0 - west), (dx, east - x0), (-dy, y0 - south), (dy, north - y0)] {
        if p == 0.0 {
            if q < 0.0 {
                return false;
            }
        } else if p < 0.0 {
            from = from.max(q / p);
        } else {
            to = to.min(q / p);
        }
        if from > to {
            return false;
        }
    }
    true
}

/// What an outline and a square share, square metres (Sutherland and Hodgman 1974; an outline that falls apart in the
/// square keeps its area, for the bridges between its parts have none).
pub(super) fn shared_m2(outline: &MultiPolygon<f64>, square: Square) -> f64 {
    let ring_m2 = |ring: &geo::LineString<f64>| {
        let mut points: Vec<[f64; 2]> = ring.coords().map(|c| [c.x, c.y]).collect();
        points.pop(); // a ring ends where it begins
        let (east, north) = (square.x_m + square.cell_m, square.y_m + square.cell_m);
        points = clip(&points, 0, square.x_m, 1.0);
        points = clip(&points, 0, east, -1.0);
        points = clip(&points, 1, square.y_m, 1.0);
        points = clip(&points, 1, north, -1.0);
        let next = points.iter().cycle().skip(1);
        // From the corner, so that large coordinates do not eat the digits.
        let twice = points
            .iter()
            .zip(next)
            .map(|(a, b)| (a[0] - square.x_m) * (b[1] - square.y_m) - (b[0] - square.x_m) * (a[1] - square.y_m));
        (twice.sum::<f64>() / 2.0).abs()
    };
    let polygon_m2 = |p: &geo::Polygon<f64>| ring_m2(p.exterior()) - p.interiors().iter().map(ring_m2).sum::<f64>();
    outline.iter().map(polygon_m2).sum()
}

/// What of a ring lies on one side of a line: `sign * (axis - limit) >= 0`.
fn clip(points: &[[f64; 2]], axis: usize, limit: f64, sign: f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::with_capacity(points.len() + 4);
    let Some(last) = points.last() else { return kept };
    let mut before = *last;
    for point in points {
        let (a, b) = (sign * (before[axis] - limit), sign * (point[axis] - limit));
        if (a < 0.0) != (b < 0.0) {
            let at = a / (a - b);
            kept.push([before[0] + at * (point[0] - before[0]), before[1] + at * (point[1] - before[1])]);
        }
        if b >= 0.0 {
            kept.push(*point);
        }
        before = *point;
    }
    kept
}
