//! Points, lines and grounds inside an area.

use std::f64::consts::TAU;

use geo::{
    BoundingRect, Contains, Coord, Destination, Haversine, LineString, MultiLineString, MultiPolygon, Point, Polygon,
    Rect,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draw::{normal, one_of, pick};
use crate::domain::{Id, LonLat, Shape};

/// Share of positions that lie near one of the spots of the area.
const SPOT_SHARE: f64 = 0.65;
/// Draws before an area is taken to have no free ground.
const ATTEMPTS: usize = 10_000;

/// An area to put records in, without the ground that other strata have.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub(super) id: Id,
    outline: MultiPolygon<f64>,
    /// Outlines to stay out of: only those that could matter.
    avoid: Vec<MultiPolygon<f64>>,
    bounds: Rect<f64>,
    /// Never empty.
    spots: Vec<Point<f64>>,
    scatter_m: f64,
}

impl Ground {
    /// `None` when no free ground is found in the outline.
    pub(super) fn new(
        id: Id,
        outline: MultiPolygon<f64>,
        avoid: Vec<MultiPolygon<f64>>,
        spots: usize,
        scatter_m: f64,
        rng: &mut ChaCha8Rng,
    ) -> Option<Self> {
        let bounds = outline.bounding_rect()?;
        let mut ground = Self { id, outline, avoid, bounds, spots: Vec::new(), scatter_m };
        for _ in 0..spots.max(1) {
            let spot = ground.uniform(rng)?;
            ground.spots.push(spot);
        }
        Some(ground)
    }

    /// A position: most near one of the spots, the first spots more often; the rest anywhere.
    pub(super) fn position(&self, rng: &mut ChaCha8Rng) -> LonLat {
        let near = rng.random_bool(SPOT_SHARE);
        let point = if near { self.near_a_spot(rng) } else { self.uniform(rng) };
        lonlat(point.unwrap_or(self.spots[0]))
    }

    /// A walk of some hundred metres that stays inside; a position when there is no room for one.
    pub(super) fn line(&self, rng: &mut ChaCha8Rng) -> Shape {
        let walk = |rng: &mut ChaCha8Rng| {
            let mut at = *one_of(&self.spots, rng);
            let mut bearing: f64 = rng.random_range(0.0..360.0);
            let mut line = vec![at.0];
            for _ in 0..40 {
                let next = rounded(Haversine.destination(at, bearing, rng.random_range(30.0..90.0)));
                bearing += rng.random_range(-60.0..60.0);
                if self.has(next) {
                    line.push(next.0);
                    at = next;
                }
            }
            line.truncate(rng.random_range(4..9));
            Shape::Line(MultiLineString(vec![LineString(line)]))
        };
        self.first_inside(walk, rng)
    }

    /// A six-cornered ground around a spot; a position when there is no room for one.
    pub(super) fn ground(&self, rng: &mut ChaCha8Rng) -> Shape {
        let block = |rng: &mut ChaCha8Rng| {
            let spot = *one_of(&self.spots, rng);
            let radius_m = rng.random_range(30.0..120.0);
            let corner = |step: u8| rounded(Haversine.destination(spot, 360.0 - 60.0 * f64::from(step), radius_m)).0;
            let ring: Vec<Coord<f64>> = (0..6).map(corner).collect();
            Shape::Polygon(MultiPolygon(vec![Polygon::new(LineString(ring), Vec::new())]))
        };
        self.first_inside(block, rng)
    }

    fn first_inside(&self, draw: impl Fn(&mut ChaCha8Rng) -> Shape, rng: &mut ChaCha8Rng) -> Shape {
        for _ in 0..30 {
            let shape = draw(rng);
            let inside = match &shape {
                Shape::Point(at) => self.has(Point(at.coord())),
                Shape::Line(lines) => lines.iter().all(|line| line.0.len() > 1 && self.outline.contains(line)),
                Shape::Polygon(grounds) => grounds.iter().all(|ground| self.outline.contains(ground)),
            };
            let represented = shape.representative_point().is_some_and(|at| self.has(Point(at.coord())));
            if inside && represented {
                return shape;
            }
        }
        Shape::Point(self.position(rng))
    }

    fn uniform(&self, rng: &mut ChaCha8Rng) -> Option<Point<f64>> {
        let (low, high) = (self.bounds.min(), self.bounds.max());
        let mut draw = || {
            let (x, y): (f64, f64) = (rng.random(), rng.random());
            rounded(Point::new(low.x + (high.x - low.x) * x, low.y + (high.y - low.y) * y))
        };
        (0..ATTEMPTS).map(|_| draw()).find(|point| self.has(*point))
    }

    fn near_a_spot(&self, rng: &mut ChaCha8Rng) -> Option<Point<f64>> {
        // Weights 1, 1/2, 1/3: a few places repeat, as they do.
        let spot = self.spots[pick((1..=self.spots.len()).map(|rank| 1.0 / rank as f64), rng)];
        let mut draw = || {
            let (east_m, north_m) = (self.scatter_m * normal(rng), self.scatter_m * normal(rng));
            let bearing = east_m.atan2(north_m) / TAU * 360.0;
            rounded(Haversine.destination(spot, bearing, east_m.hypot(north_m)))
        };
        (0..50).map(|_| draw()).find(|point| self.has(*point))
    }

    fn has(&self, point: Point<f64>) -> bool {
        self.outline.contains(&point) && !self.avoid.iter().any(|other| other.contains(&point))
    }
}

/// Six decimals, a tenth of a metre, as phones and maps give it.
fn rounded(point: Point<f64>) -> Point<f64> {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Point::new(round(point.x()), round(point.y()))
}

fn lonlat(point: Point<f64>) -> LonLat {
    LonLat::new(point.x(), point.y()).expect("inside the outline of an area, which is on Earth")
}
