//! Whether polygons are valid (OGC Simple Features), and where they are not.
//!
//! The rules are those of `geo::Validation`. Why not that itself? It says that a ring crosses itself but not
//! where, and takes the square of the number of corners to find out: minutes for a country of coastlines. Here an
//! index of the sides finds every crossing; a property test compares the verdicts. Relations of rings and
//! parts are by `geo::Relate`.

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::line_intersection::{LineIntersection, line_intersection};
use geo::relate::IntersectionMatrix;
use geo::{
    BooleanOps, BoundingRect, Coord, CoordinatePosition, InteriorPoint, Intersects, Line, LineString, Polygon,
    PreparedGeometry, Relate, RemoveRepeatedPoints,
};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::outline::{Defect, RING, defect, ring_name};

/// Crossings listed for one ring; a ring with more is not mended by reading them.
const MAX_CROSSINGS: usize = 20;
/// Crossings looked for in one ring. A star of 20,000 sides has 200 million of them.
const MOST_FOUND: usize = 1_000;
/// Pairs of sides looked at in one ring, besides 50 for each side: borders have fewer than 10.
const MOST_PAIRS_OF_SIDES: usize = 1_000_000;
/// Pairs of rings or parts whose boxes meet, looked at in one geometry.
const MOST_PAIRS: usize = 20_000;

/// Pairs of polygons that cannot stand in one MultiPolygon, with the index of both and a point where.
pub(super) fn overlaps(polygons: &[Polygon<f64>]) -> Vec<(usize, usize, Defect)> {
    let boxes: Vec<_> = polygons.iter().map(|polygon| polygon.bounding_rect()).collect();
    let mut found = Vec::new();
    let mut pairs = 0;
    for j in 1..polygons.len() {
        for i in 0..j {
            let (Some(a), Some(b)) = (boxes[i], boxes[j]) else { continue };
            if !a.intersects(&b) {
                continue;
            }
            pairs += 1;
            if found.len() > MAX_CROSSINGS || pairs > MOST_PAIRS {
                found.push((i, j, too_intricate("polygons lie across each other")));
                return found;
            }
            let relation = polygons[i].relate(&polygons[j]);
            let common = || polygons[i].intersection(&polygons[j]).interior_point().map(|p| p.0);
            let pair = format!("polygons {} and {}", i + 1, j + 1);
            if relation.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional {
                let reason = format!("{pair} overlap{}", near(common()));
                found.push((i, j, defect(reason, None, "parts of one area must not overlap; merge them first")));
            } else if relation.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional {
                let at = shared_line(polygons[i].exterior(), polygons[j].exterior());
                let reason = format!("{pair} share a border{}", near(at));
                let hint = "parts of one area may touch at points only; dissolve the border between them first";
                found.push((i, j, defect(reason, None, hint)));
            }
        }
    }
    found
}

/// Everything that is wrong with a polygon whose rings are closed, with a place for each.
pub(super) fn defects_of(polygon: &Polygon<f64>, part: &str) -> Vec<Defect> {
    let rings: Vec<&LineString<f64>> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    let mut defects = Vec::new();
    for (number, ring) in rings.iter().enumerate() {
        let name = format!("{part}{}", ring_name(number));
        if ring.remove_repeated_points().0.len() < 4 {
            defects.push(defect(format!("{name} has fewer than 3 different positions"), None, RING));
        } else {
            defects.extend(crossings(ring, &name));
        }
    }
    if !defects.is_empty() {
        return defects; // how rings lie to each other means something only when each of them is simple
    }
    let solids: Vec<Polygon<f64>> = rings.iter().map(|ring| Polygon::new((*ring).clone(), vec![])).collect();
    if solids.len() == 1 {
        return defects;
    }
    let outer = PreparedGeometry::from(&solids[0]);
    let boxes: Vec<_> = solids.iter().map(|solid| solid.bounding_rect()).collect();
    let mut pairs = 0;
    for (number, hole) in solids.iter().enumerate().skip(1) {
        if defects.len() > MAX_CROSSINGS {
            defects.push(too_intricate("holes are wrong"));
            return defects;
        }
        let relation = outer.relate(hole);
        if !relation.is_contains() {
            let outside = rings[number].0.iter().position(|at| solids[0].coordinate_position(at) == CoordPos::Outside);
            let place = outside.map_or(String::new(), |index| format!(" from position {} on", index + 1));
            let at = near(outside.map(|index| rings[number].0[index]));
            let reason = format!("{part}{} lies outside the outer ring{place}{at}", ring_name(number));
            defects.push(defect(reason, None, "holes lie inside the outer ring"));
        }
        defects.extend(common_line(&relation, &rings, (0, number), part));
        for (other, next_hole) in solids.iter().enumerate().skip(number + 1) {
            let (Some(a), Some(b)) = (boxes[number], boxes[other]) else { continue };
            if !a.intersects(&b) {
                continue;
            }
            pairs += 1;
            if defects.len() > MAX_CROSSINGS || pairs > MOST_PAIRS {
                defects.push(too_intricate("holes lie across each other"));
                return defects;
            }
            let relation = hole.relate(next_hole);
            if relation.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional {
                let at = near(hole.intersection(next_hole).interior_point().map(|point| point.0));
                let reason = format!("{part}{} and {} overlap{at}", ring_name(number), ring_name(other));
                defects.push(defect(reason, None, "holes must not overlap"));
            }
            defects.extend(common_line(&relation, &rings, (number, other), part));
        }
    }
    defects
}

/// What ends the search for more.
fn too_intricate(what: &str) -> Defect {
    defect(format!("more {what} than are looked at"), None, "draw it in fewer parts")
}

/// Two rings that run along the same line.
fn common_line(
    relation: &IntersectionMatrix,
    rings: &[&LineString<f64>],
    (a, b): (usize, usize),
    part: &str,
) -> Option<Defect> {
    if relation.get(CoordPos::OnBoundary, CoordPos::OnBoundary) != Dimensions::OneDimensional {
        return None;
    }
    let at = near(shared_line(rings[a], rings[b]));
    let reason = format!("{part}{} and {} run along the same line{at}", ring_name(a), ring_name(b));
    Some(defect(reason, None, "rings may touch at points only"))
}

type Segment = GeomWithData<Line<f64>, usize>;

fn segments(ring: &LineString<f64>) -> RTree<Segment> {
    RTree::bulk_load(ring.lines().enumerate().map(|(index, line)| Segment::new(line, index)).collect())
}

/// Where a ring meets itself other than at the joint of neighbouring sides.
fn crossings(ring: &LineString<f64>, name: &str) -> Vec<Defect> {
    let tree = segments(ring);
    let mut found: Vec<(usize, usize, Coord<f64>)> = Vec::new();
    let (mut pairs, most_pairs) = (0_usize, MOST_PAIRS_OF_SIDES + 50 * ring.0.len());
    'sides: for (i, line) in ring.lines().enumerate() {
        let box_of_line = line.bounding_rect();
        let envelope = rstar::AABB::from_corners(geo::Point(box_of_line.min()), geo::Point(box_of_line.max()));
        for other in tree.locate_in_envelope_intersecting(&envelope) {
            let (j, other) = (other.data, *other.geom());
            pairs += 1;
            if pairs > most_pairs || found.len() == MOST_FOUND {
                break 'sides;
            }
            if j <= i || line.start == other.end || line.end == other.start {
                continue;
            }
            match line_intersection(line, other) {
                Some(LineIntersection::SinglePoint { intersection, .. }) => found.push((i, j, intersection)),
                Some(LineIntersection::Collinear { intersection }) => found.push((i, j, intersection.start)),
                None => {}
            }
        }
    }
    found.sort_by_key(|&(i, j, _)| (i, j));
    // A ring that meets itself at a corner does so with both sides of it: one place, one message.
    let mut places: Vec<(usize, usize, Coord<f64>)> = Vec::new();
    for crossing in found {
        if places.iter().all(|place| place.2 != crossing.2) {
            places.push(crossing);
        }
    }
    let hint = "the border of an area must not cross or touch itself; move the positions named here";
    let describe = |&(i, j, at): &(usize, usize, Coord<f64>)| {
        let at = near(Some(at));
        let reason = format!("{name} crosses itself{at}: positions {}-{} and {}-{}", i + 1, i + 2, j + 1, j + 2);
        defect(reason, None, hint)
    };
    let mut defects: Vec<Defect> = places.iter().take(MAX_CROSSINGS).map(describe).collect();
    if places.len() > MAX_CROSSINGS {
        defects.push(defect(
            format!("{name} crosses itself at {} more places", places.len() - MAX_CROSSINGS),
            None,
            hint,
        ));
    }
    if pairs > most_pairs {
        defects.push(too_intricate("sides lie across each other"));
    }
    defects
}

/// A point where two rings run along the same line.
fn shared_line(a: &LineString<f64>, b: &LineString<f64>) -> Option<Coord<f64>> {
    let tree = segments(b);
    a.lines().find_map(|line| {
        let corners = line.bounding_rect();
        let envelope = rstar::AABB::from_corners(geo::Point(corners.min()), geo::Point(corners.max()));
        tree.locate_in_envelope_intersecting(&envelope).find_map(|other| match line_intersection(line, *other.geom()) {
            Some(LineIntersection::Collinear { intersection }) => Some(intersection.start),
            _ => None,
        })
    })
}

fn near(at: Option<Coord<f64>>) -> String {
    at.map_or(String::new(), |at| format!(" at ({:.6}, {:.6})", at.x, at.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners() -> impl proptest::strategy::Strategy<Value = Vec<(u8, u8)>> {
        // A coarse lattice, so that touching corners, overlapping sides and spikes are common.
        proptest::collection::vec((0_u8..6, 0_u8..6), 3..8)
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config {
            cases: 5_000,
            rng_seed: proptest::test_runner::RngSeed::Fixed(20_190_425),
            failure_persistence: None,
            ..Default::default()
        })]
        #[test]
        fn the_verdict_on_random_rings_is_that_of_geo(a in corners(), b in corners(), with_holes in proptest::bool::ANY) {
            let ring = |corners: Vec<(u8, u8)>| {
                corners.into_iter().map(|(x, y)| Coord { x: f64::from(x), y: f64::from(y) }).collect::<LineString>()
            };
            let polygon = if with_holes {
                Polygon::new(ring(vec![(0, 0), (5, 0), (5, 5), (0, 5)]), vec![ring(a), ring(b)])
            } else {
                Polygon::new(ring(a), vec![])
            };
            let defects = defects_of(&polygon, "");
            let valid = geo::Validation::is_valid(&polygon);
            proptest::prop_assert_eq!(defects.is_empty(), valid, "{:?} {:?}", polygon, defects);
        }
    }

    #[test]
    fn a_star_of_thousands_of_sides_and_thousands_of_holes_are_judged_in_a_moment() {
        let begun = std::time::Instant::now();
        let corner = |k: u32| {
            let turn = std::f64::consts::TAU * f64::from(k * 4_999 % 9_999) / 9_999.0;
            Coord { x: turn.cos(), y: turn.sin() }
        };
        let star = Polygon::new((0..=9_999).map(corner).collect(), vec![]);
        assert!(!defects_of(&star, "").is_empty());
        let square = |x: f64, y: f64, d: f64| geo::Rect::new((x, y), (x + d, y + d)).to_polygon().exterior().clone();
        let over_each_other = (0..2_000).map(|n| square(1.0 + f64::from(n) * 1e-4, 1.0, 5.0)).collect();
        assert!(!defects_of(&Polygon::new(square(0.0, 0.0, 10.0), over_each_other), "").is_empty());
        let apart = (0..2_000).map(|n| square(0.001 + f64::from(n) * 0.004, 1.0, 0.002)).collect();
        assert_eq!(defects_of(&Polygon::new(square(0.0, 0.0, 10.0), apart), ""), []);
        // Without bounds the star alone has 50 million crossings, and the holes 2 million pairs each.
        assert!(begun.elapsed() < std::time::Duration::from_secs(30), "{:?}", begun.elapsed());
    }

    #[test]
    fn parts_that_overlap_or_share_a_border_are_found_and_parts_that_touch_at_a_point_are_not() {
        let square = |x: f64, y: f64| geo::Rect::new((x, y), (x + 2.0, y + 2.0)).to_polygon();
        let found = overlaps(&[square(0., 0.), square(1., 1.), square(4., 0.), square(6., 2.), square(6., 0.)]);
        let words: Vec<&str> = found.iter().map(|(_, _, defect)| defect.reason.as_str()).collect();
        assert_eq!(words.len(), 3, "{words:?}");
        assert!(words[0].starts_with("polygons 1 and 2 overlap at (1."), "{words:?}");
        assert!(words[1].starts_with("polygons 3 and 5 share a border at (6.0"), "{words:?}");
        assert!(words[2].starts_with("polygons 4 and 5 share a border at ("), "{words:?}");
    }
}
