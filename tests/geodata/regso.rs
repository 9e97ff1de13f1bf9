//! The statistical areas are a partition of the municipality.

use std::collections::HashMap;

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{Area as _, BoundingRect, Coord, LineString, MapCoords, Polygon};
use lagesbild::domain::{Area, Certainty, LonLat, Plane};
use lagesbild::geodata::default_place;

fn regso() -> Vec<Area> {
    default_place().areas.into_iter().filter(|area| area.set == "regso").collect()
}

fn key(at: Coord<f64>) -> (i64, i64) {
    ((at.x * 1e6).round() as i64, (at.y * 1e6).round() as i64)
}

#[test]
fn there_are_thirteen_official_ones() {
    let areas = regso();
    let ids: Vec<&str> = areas.iter().map(|area| area.id.as_str()).collect();
    let expected: Vec<String> = (1..=13).map(|n| format!("0682R{n:03}")).collect();
    assert_eq!(ids, expected);
    assert!(areas.iter().all(|a| a.certainty == Certainty::Official && a.how_drawn.contains("förenklad")));
}

/// Every side of every area is the side of one neighbour, backwards; those that are not make one ring,
/// the border of the municipality. So there is neither gap nor overlap, and neighbours share all corners.
#[test]
fn every_side_is_shared_with_one_neighbour_or_belongs_to_the_border_of_the_municipality() {
    let areas = regso();
    let rings = areas.iter().flat_map(|a| &a.outline).flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let mut sides = HashMap::new();
    for line in rings.flat_map(LineString::lines) {
        let other = sides.insert((key(line.start), key(line.end)), line);
        assert!(other.is_none(), "two areas lie on the same side of {line:?}");
    }
    let border: HashMap<_, _> = sides
        .iter()
        .filter(|((a, b), _)| !sides.contains_key(&(*b, *a)))
        .map(|((a, b), line)| (*a, (*b, line.start)))
        .collect();
    let first = *border.keys().min().expect("a border");
    let (mut at, mut ring) = (first, Vec::new());
    loop {
        let (next, coord) = border[&at];
        ring.push(coord);
        at = next;
        if at == first {
            break;
        }
    }
    assert_eq!(ring.len(), border.len(), "the border is one ring");
    let outline = Polygon::new(LineString(ring), vec![]);
    let sum: f64 = areas.iter().map(|area| area.outline.unsigned_area()).sum();
    assert!((sum / outline.unsigned_area() - 1.0).abs() < 1e-9, "areas overlap or leave gaps");

    // The same by looking: every point of a grid is in as many areas as it is in the municipality.
    let bounds = outline.bounding_rect().expect("a border");
    let mut inside = 0;
    for (i, j) in (0..60).flat_map(|i| (0..60).map(move |j| (i, j))) {
        let at = Coord {
            x: bounds.min().x + bounds.width() * (f64::from(i) + 0.37) / 60.0,
            y: bounds.min().y + bounds.height() * (f64::from(j) + 0.41) / 60.0,
        };
        let count = |wanted| areas.iter().filter(|a| a.outline.coordinate_position(&at) == wanted).count();
        match outline.coordinate_position(&at) {
            CoordPos::Inside if count(CoordPos::OnBoundary) == 0 => {
                inside += 1;
                assert_eq!(count(CoordPos::Inside), 1, "{at:?}");
            }
            CoordPos::Outside => assert_eq!(count(CoordPos::Inside), 0, "{at:?}"),
            _ => {}
        }
    }
    assert!(inside > 1000, "{inside}");
}

#[test]
fn the_sum_of_areas_is_that_of_the_source() {
    // 992.96 km² in EPSG:3006 is the figure of the source file, see geodata/nassjo/README.md.
    let plane = Plane::from_epsg(3006).expect("known");
    let to_plane = |at: Coord<f64>| {
        let [x, y] = plane.to_plane(LonLat::new(at.x, at.y).expect("in range")).expect("inside the zone");
        Coord { x, y }
    };
    let planar_km2 = |area: &Area| area.outline.map_coords(to_plane).unsigned_area() / 1e6;
    let sum: f64 = regso().iter().map(planar_km2).sum();
    assert!((sum / 992.96 - 1.0).abs() < 0.001, "{sum}");
    let centre = regso().into_iter().find(|area| area.names.sv == "Nässjö centrum").expect("0682R007");
    assert!((planar_km2(&centre) - 0.524).abs() < 0.0015, "{}", planar_km2(&centre));
    // Geodesic areas are larger by the square of the scale, 0.9996: about 0.08 %.
    let geodesic: f64 = regso().iter().map(Area::area_km2).sum();
    assert!((geodesic / sum - 1.0008).abs() < 0.0001, "{geodesic} {sum}");
}
