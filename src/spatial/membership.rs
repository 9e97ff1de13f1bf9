//! Which side of an outline a position is on, exactly.
//!
//! Edges are straight in the coordinates as given (degrees for areas, RFC 7946). The inside belongs
//! to the outline; a position on an edge or a vertex belongs to none and is told apart.
//! Orientation tests use the adaptive exact predicates of `geo`, so no position is misjudged by
//! rounding.

use geo::algorithm::kernels::{Kernel, Orientation, RobustKernel};
use geo::{BoundingRect, Coord, LinesIter, MultiPolygon};

/// Where a position lies relative to an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Strictly inside.
    Inside,
    /// On an edge or a vertex, also of a hole.
    Border,
    /// Strictly outside, or in a hole.
    Outside,
}

/// The edges of an outline, filed by horizontal slab so that a question reads only a few of them.
///
/// Memory is about 40 bytes for every edge and slab it crosses; slabs are about as many as edges.
#[derive(Debug)]
pub struct OutlineIndex {
    min: Coord<f64>,
    max: Coord<f64>,
    slabs_per_unit: f64,
    slab_starts: Vec<u32>,
    edges: Vec<[Coord<f64>; 2]>,
}

impl OutlineIndex {
    /// Files the edges of a valid outline. O(edges + crossings of slabs).
    pub fn new(outline: &MultiPolygon<f64>) -> Self {
        let Some(bounds) = outline.bounding_rect() else {
            let nowhere = Coord { x: f64::INFINITY, y: f64::INFINITY };
            return Self {
                min: nowhere,
                max: nowhere,
                slabs_per_unit: 0.0,
                slab_starts: vec![0, 0],
                edges: Vec::new(),
            };
        };
        // Edges point upwards, so that the crossing rule below needs one case only.
        let upward: Vec<[Coord<f64>; 2]> = outline
            .lines_iter()
            .map(|line| if line.start.y <= line.end.y { [line.start, line.end] } else { [line.end, line.start] })
            .collect();
        let slabs = upward.len().clamp(1, 4096);
        let height = bounds.height();
        let slabs_per_unit = if height > 0.0 { slabs as f64 / height } else { 0.0 };
        let slab_of = |y: f64| (((y - bounds.min().y) * slabs_per_unit) as usize).min(slabs - 1);

        let mut slab_starts = vec![0_u32; slabs + 1];
        for [low, high] in &upward {
            for slab in slab_of(low.y)..=slab_of(high.y) {
                slab_starts[slab + 1] += 1;
            }
        }
        for slab in 0..slabs {
            slab_starts[slab + 1] += slab_starts[slab];
        }
        let mut next = slab_starts.clone();
        let mut edges = vec![[Coord::default(); 2]; slab_starts[slabs] as usize];
        for edge in &upward {
            for slab in slab_of(edge[0].y)..=slab_of(edge[1].y) {
                edges[next[slab] as usize] = *edge;
                next[slab] += 1;
            }
        }
        Self { min: bounds.min(), max: bounds.max(), slabs_per_unit, slab_starts, edges }
    }

    /// The side of a position. Reads the edges of one slab; a position outside the bounding box reads none.
    pub fn side(&self, x: f64, y: f64) -> Side {
        if !(self.min.x <= x && x <= self.max.x && self.min.y <= y && y <= self.max.y) {
            return Side::Outside;
        }
        let slab = (((y - self.min.y) * self.slabs_per_unit) as usize).min(self.slab_starts.len() - 2);
        let edges = &self.edges[self.slab_starts[slab] as usize..self.slab_starts[slab + 1] as usize];
        let at = Coord { x, y };
        let mut inside = false;
        for &[low, high] in edges {
            if y < low.y || y > high.y {
                continue;
            }
            if at == low || at == high {
                return Side::Border;
            }
            let (west, east) = if low.x <= high.x { (low.x, high.x) } else { (high.x, low.x) };
            if x > east {
                continue; // the edge lies wholly to the west
            }
            if x >= west {
                match RobustKernel::orient2d(low, high, at) {
                    Orientation::Collinear => return Side::Border,
                    Orientation::Clockwise => continue, // the position lies to the east of the edge
                    Orientation::CounterClockwise => {}
                }
            }
            // The edge is to the east. It counts when it crosses the level of the position;
            // the upper end is left out so that a vertex between two edges counts once.
            if y < high.y {
                inside = !inside;
            }
        }
        if inside { Side::Inside } else { Side::Outside }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::coordinate_position::{CoordPos, CoordinatePosition};
    use geo::{polygon, wkt};
    use proptest::prelude::*;

    fn side(outline: &MultiPolygon<f64>, x: f64, y: f64) -> Side {
        OutlineIndex::new(outline).side(x, y)
    }

    #[test]
    fn a_square_has_an_inside_a_border_and_an_outside() {
        let square = MultiPolygon(vec![polygon![(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)]]);
        assert_eq!(side(&square, 1.0, 2.0), Side::Inside);
        for (x, y) in [(0., 0.), (4., 4.), (2., 0.), (2., 4.), (0., 1.), (4., 1.)] {
            assert_eq!(side(&square, x, y), Side::Border, "{x} {y}");
        }
        for (x, y) in [(-1., 2.), (5., 2.), (2., 4.1), (5., 4.), (-1., 0.)] {
            assert_eq!(side(&square, x, y), Side::Outside, "{x} {y}");
        }
    }

    #[test]
    fn a_hole_is_outside_and_its_rim_is_border() {
        let ring = wkt!(MULTIPOLYGON(((0. 0.,9. 0.,9. 9.,0. 9.,0. 0.),(3. 3.,3. 6.,6. 6.,6. 3.,3. 3.))));
        assert_eq!(side(&ring, 4.0, 4.0), Side::Outside);
        assert_eq!(side(&ring, 3.0, 4.0), Side::Border);
        assert_eq!(side(&ring, 1.0, 4.0), Side::Inside);
    }

    #[test]
    fn nothing_is_inside_an_empty_outline() {
        assert_eq!(side(&MultiPolygon(vec![]), 0.0, 0.0), Side::Outside);
    }

    proptest! {
        // The same answer as geo's own test, on a lattice where positions often hit edges and vertices.
        #[test]
        fn agrees_with_geo_on_stars(radii in proptest::collection::vec(1_i32..8, 5..24), x in -8_i32..=8, y in -8_i32..=8) {
            let n = radii.len() as f64;
            let corners: Vec<(f64, f64)> = radii.iter().enumerate().map(|(i, r)| {
                let angle = std::f64::consts::TAU * i as f64 / n;
                ((f64::from(*r) * angle.cos()).round(), (f64::from(*r) * angle.sin()).round())
            }).collect();
            let outline = MultiPolygon(vec![geo::Polygon::new(corners.into(), vec![])]);
            prop_assume!(geo::Validation::is_valid(&outline));
            let at = Coord { x: f64::from(x), y: f64::from(y) };
            let expected = match outline.coordinate_position(&at) {
                CoordPos::Inside => Side::Inside,
                CoordPos::OnBoundary => Side::Border,
                CoordPos::Outside => Side::Outside,
            };
            prop_assert_eq!(side(&outline, at.x, at.y), expected);
        }
    }
}
