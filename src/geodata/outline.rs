//! From GeoJSON positions to a valid outline in degrees, or everything that is wrong with it.
//!
//! What is valid is decided in `validity.rs`.

use geo::orient::Direction;
use geo::{LineString, Orient, Polygon};
use geojson::{GeometryValue, Position};

use super::crs::{Carrier, Home, position_in_degrees, position_in_plane};
use super::isolated::isolated;
use super::validity::defects_of;
use crate::domain::{LonLat, Plane};

/// How the numbers of a file become positions.
#[derive(Clone, Copy, Debug, Default)]
pub enum GivenCrs<'a> {
    /// Nobody said: degrees, unless the numbers look like something else.
    #[default]
    Unsaid,
    /// Longitude, latitude in degrees, for certain.
    Degrees,
    /// Easting, northing in metres of this plane.
    Metres(&'a Plane),
}

/// One thing that is wrong with a geometry.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Defect {
    /// What, with ring and position.
    pub(super) reason: String,
    /// The offending numbers as they stand in the file.
    pub(super) value: Option<String>,
    /// What to do.
    pub(super) hint: String,
}

/// The polygons of a geometry, valid each by itself, in the order of the file. Coordinates are as given
/// (or converted), to the last bit; outer rings run anticlockwise, holes clockwise (RFC 7946).
/// Otherwise every defect.
pub(super) fn polygons(geometry: &GeometryValue, crs: GivenCrs) -> Result<Vec<Polygon<f64>>, Vec<Defect>> {
    let parts = match geometry {
        GeometryValue::Polygon { coordinates } => std::slice::from_ref(coordinates),
        GeometryValue::MultiPolygon { coordinates } => coordinates.as_slice(),
        other => {
            let reason = format!("an area is a Polygon or MultiPolygon, this is a {}", other.type_name());
            return Err(vec![defect(reason, None, "points and lines are imported as observations or activities")]);
        }
    };
    let mut defects = Vec::new();
    let positions = || parts.iter().flatten().flatten();
    let sweden = Home::of(std::iter::empty());
    if matches!(crs, GivenCrs::Unsaid)
        && positions().next().is_some()
        && positions().all(|at| is_sweden_swapped(at, &sweden))
    {
        let first = positions().next().map(text);
        let hint = "GeoJSON has longitude first; swap them, or say --crs EPSG:4326 if they are right";
        return Err(vec![defect("longitude and latitude look swapped".to_string(), first, hint)]);
    }
    if let GivenCrs::Metres(plane) = crs
        && positions().next().is_some()
        && positions().all(|at| LonLat::new(at[0], at[1]).is_ok())
    {
        let reason = format!("these look like degrees, not metres of {plane}");
        return Err(vec![defect(reason, positions().next().map(text), "leave --crs out")]);
    }
    let mut polygons = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let name = if parts.len() > 1 { format!("polygon {}, ", index + 1) } else { String::new() };
        if part.first().is_none_or(Vec::is_empty) {
            defects.push(defect(format!("{name}outer ring has no positions"), None, RING));
            continue;
        }
        let before = defects.len();
        let rings: Vec<LineString<f64>> = part
            .iter()
            .enumerate()
            .map(|(number, positions)| ring(positions, &format!("{name}{}", ring_name(number)), crs, &mut defects))
            .collect();
        if defects.len() == before {
            let mut rings = rings.into_iter();
            let polygon = Polygon::new(rings.next().unwrap_or(LineString(vec![])), rings.collect());
            let found = isolated(|| defects_of(&polygon, &name));
            defects.extend(found.unwrap_or_else(|| vec![defect(format!("{name}{UNJUDGED}"), None, REDRAW)]));
            // Ring direction is the one thing that is changed: the geodesic area of a clockwise ring
            // would be the rest of the Earth, and older files have either direction.
            polygons.push(polygon.orient(Direction::Default));
        }
    }
    if parts.is_empty() {
        defects.push(defect("the geometry has no polygon".to_string(), None, RING));
    }
    if defects.is_empty() { Ok(polygons) } else { Err(defects) }
}

/// For a geometry on which the judgement itself failed.
pub(super) const UNJUDGED: &str = "the corners lie so close together that nobody can tell whether it is valid";
pub(super) const REDRAW: &str = "take out corners that nearly coincide, or round coordinates to 7 decimals";

pub(super) const RING: &str = "a ring has at least 4 positions, the last equal to the first";

pub(super) fn defect(reason: String, value: Option<String>, hint: &str) -> Defect {
    Defect { reason, value, hint: hint.to_string() }
}

fn text(at: &Position) -> String {
    at.as_slice().iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn ring_name(number: usize) -> String {
    if number == 0 { "outer ring".to_string() } else { format!("hole {number}") }
}

/// Checks a ring by itself and converts it.
fn ring(positions: &[Position], name: &str, crs: GivenCrs, defects: &mut Vec<Defect>) -> LineString<f64> {
    let xy = |at: &Position| (at[0], at[1]);
    if let (Some(first), Some(last)) = (positions.first(), positions.last())
        && xy(first) != xy(last)
    {
        let reason = format!("{name} is not closed: position {} is not position 1 ({})", positions.len(), text(first));
        defects.push(defect(reason, Some(text(last)), RING));
    } else if positions.len() < 4 {
        defects.push(defect(format!("{name} has {} positions", positions.len()), None, RING));
    }
    let mut bad: Option<(usize, String)> = None;
    let mut bad_count = 0;
    let mut coords = Vec::with_capacity(positions.len());
    for (index, at) in positions.iter().enumerate() {
        let (x, y) = xy(at);
        match to_lonlat(x, y, crs) {
            Ok(at) => coords.push(at.coord()),
            Err(hint) => {
                bad_count += 1;
                bad.get_or_insert((index, hint));
            }
        }
    }
    if let Some((index, hint)) = bad {
        let others = match bad_count {
            1 => String::new(),
            n => format!(", and {} more of this ring", n - 1),
        };
        let system = match crs {
            GivenCrs::Metres(plane) => format!("metres of {plane}"),
            _ => "degrees".to_string(),
        };
        let reason = format!("{name}, position {} is not a position in {system}{others}", index + 1);
        defects.push(Defect { reason, value: Some(text(&positions[index])), hint });
    }
    LineString(coords)
}

fn to_lonlat(x: f64, y: f64, crs: GivenCrs) -> Result<LonLat, String> {
    let position = match crs {
        GivenCrs::Metres(plane) => position_in_plane(plane, x, y, Carrier::Geometry),
        GivenCrs::Unsaid | GivenCrs::Degrees => position_in_degrees(x, y, Carrier::Geometry),
    };
    position.map_err(|fault| fault.hint.into_owned())
}

/// A latitude of Sweden where a longitude should be, and the other way round.
fn is_sweden_swapped(at: &Position, sweden: &Home) -> bool {
    LonLat::new(at[0], at[1]).is_ok_and(|at| sweden.looks_swapped(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rings: &[&[[f64; 2]]], crs: GivenCrs) -> Result<usize, Vec<String>> {
        let rings = rings.iter().map(|ring| ring.iter().copied());
        polygons(&GeometryValue::new_polygon(rings), crs)
            .map(|polygons| polygons.len())
            .map_err(|defects| defects.into_iter().map(|d| d.reason).collect())
    }

    const SQUARE: [[f64; 2]; 5] = [[0., 0.], [4., 0.], [4., 4.], [0., 4.], [0., 0.]];

    #[test]
    fn a_bow_tie_names_ring_sides_and_place() {
        // The sides 1-2 and 3-4 are the diagonals of a square of 2 by 2: they meet in (1, 1).
        let bow_tie = [[0., 0.], [2., 2.], [2., 0.], [0., 2.], [0., 0.]];
        let wrong = check(&[&bow_tie], GivenCrs::Unsaid).expect_err("invalid");
        assert_eq!(wrong, ["outer ring crosses itself at (1.000000, 1.000000): positions 1-2 and 3-4"]);
    }

    #[test]
    fn every_crossing_of_a_ring_and_every_wrong_ring_is_listed() {
        // A zigzag over the line y = 1, which it cuts at x = 1, 3 and 5.
        let zigzag = [[0., 0.], [2., 2.], [4., 0.], [6., 2.], [6., 1.], [0., 1.], [0., 0.]];
        let wrong = check(&[&zigzag], GivenCrs::Unsaid).expect_err("invalid");
        let places: Vec<bool> = ["(1.0", "(3.0", "(5.0"].iter().map(|p| wrong.iter().any(|w| w.contains(p))).collect();
        assert_eq!((wrong.len(), places), (3, vec![true, true, true]), "{wrong:?}");
        let hole_outside = [[9., 9.], [9., 8.], [8., 8.], [9., 9.]];
        let open = [[1., 1.], [2., 1.], [2., 2.]];
        let wrong = check(&[&SQUARE, &hole_outside], GivenCrs::Unsaid).expect_err("invalid");
        assert_eq!(wrong, ["hole 1 lies outside the outer ring from position 1 on at (9.000000, 9.000000)"]);
        let wrong = check(&[&SQUARE[..4], &open], GivenCrs::Unsaid).expect_err("invalid");
        assert_eq!(wrong[0], "outer ring is not closed: position 4 is not position 1 (0, 0)");
        assert!(wrong[1].starts_with("hole 1 is not closed"));
    }

    #[test]
    fn holes_that_overlap_or_lie_on_the_border_are_refused_with_the_place() {
        let a = [[1., 1.], [1., 3.], [3., 3.], [3., 1.], [1., 1.]];
        let b = [[2., 2.], [2., 3.5], [3.5, 3.5], [3.5, 2.], [2., 2.]];
        let wrong = check(&[&SQUARE, &a, &b], GivenCrs::Unsaid).expect_err("invalid");
        assert!(wrong[0].starts_with("hole 1 and hole 2 overlap at (2."), "{wrong:?}");
        let on_border = [[0., 1.], [0., 2.], [1., 2.], [0., 1.]];
        let wrong = check(&[&SQUARE, &on_border], GivenCrs::Unsaid).expect_err("invalid");
        assert!(
            wrong.iter().any(|w| w.starts_with("outer ring and hole 1 run along the same line at (0.0")),
            "{wrong:?}"
        );
        let inside = [[1., 1.], [1., 2.], [2., 2.], [1., 1.]];
        assert_eq!(check(&[&SQUARE, &inside], GivenCrs::Unsaid), Ok(1));
    }

    #[test]
    fn swapped_degrees_are_refused_unless_the_user_is_certain() {
        let swapped = [[57.65, 14.69], [57.66, 14.69], [57.66, 14.70], [57.65, 14.69]];
        let wrong = check(&[&swapped], GivenCrs::Unsaid).expect_err("swapped");
        assert_eq!(wrong, ["longitude and latitude look swapped"]);
        assert_eq!(check(&[&swapped], GivenCrs::Degrees), Ok(1));
    }

    #[test]
    fn metres_are_converted_when_the_plane_is_given() {
        let metres = [[481_700., 6_389_900.], [481_900., 6_389_900.], [481_900., 6_390_100.], [481_700., 6_389_900.]];
        let plane = Plane::from_epsg(3006).expect("known");
        let read = polygons(&GeometryValue::new_polygon([metres]), GivenCrs::Metres(&plane)).expect("valid");
        let first = read[0].exterior().0[0];
        // Trafikverket's point (481781, 6389937) is 14.694735, 57.651359; this corner is 81 m west, 37 m south.
        assert!(
            (first.x - (14.694735 - 81.0 / 59_700.0)).abs() < 2e-5
                && (first.y - (57.651359 - 37.0 / 111_400.0)).abs() < 1e-5
        );
        let degrees = GeometryValue::new_polygon([SQUARE]);
        let wrong = polygons(&degrees, GivenCrs::Metres(&plane)).expect_err("degrees");
        assert_eq!(wrong[0].reason, "these look like degrees, not metres of EPSG:3006");
        let geometry = GeometryValue::new_polygon([metres]);
        let wrong = polygons(&geometry, GivenCrs::Unsaid).expect_err("metres");
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].reason, "outer ring, position 1 is not a position in degrees, and 3 more of this ring");
        assert_eq!(wrong[0].value.as_deref(), Some("481700, 6389900"));
        assert_eq!(wrong[0].hint, "looks like SWEREF 99 TM; use --crs EPSG:3006");
    }
}
