//! Rings that are broken, polygons that are none, and outlines known to have ended geometry libraries.

use crate::case::{Case, Dice, RngExt, list, with_geometry};

/// Polygons from reports of panics in boolean operations, relations and interior points (georust/geo 885, 1064,
/// 1180, 1189 are of these kinds): nearly equal corners, slivers, rings that share part of a side.
const NASTY: [&str; 8] = [
    "[[[0.5,0.5],[0.5,0.5000000000000001],[0.5000000000000002,0.5],[0.5,0.5]]]",
    "[[[14.0,57.0],[14.000000000000002,57.0],[14.000000000000004,57.00000000000001],[14.0,57.0]]]",
    "[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[0.1,0.1],[0.1,0.2],[0.2,0.1],[0.1,0.1]],[[0.1,0.1],[0.2,0.2],[0.2,0.1],[0.1,0.1]]]",
    "[[[1e-300,1e-300],[2e-300,1e-300],[2e-300,2e-300],[1e-300,1e-300]]]",
    "[[[-179.99999999999997,89.99999999999999],[179.99999999999997,89.99999999999999],[0,-89.99999999999999],[-179.99999999999997,89.99999999999999]]]",
    "[[[0,0],[10,0],[10,1e-16],[0,0]]]",
    "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[4,0],[4,4],[0,4],[0,0]]]",
    "[[[14.1,57.1],[14.3,57.1],[14.3,57.3],[14.1,57.3],[14.1,57.1]],[[14.1,57.1],[14.30000000000001,57.1],[14.2,57.2],[14.1,57.1]]]",
];

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let ring = |corners: &[(f64, f64)]| format!("[{}]", list(corners.iter().map(|(x, y)| format!("[{x},{y}]"))));
    let square = |x: f64, y: f64, d: f64| ring(&[(x, y), (x + d, y), (x + d, y + d), (x, y + d), (x, y)]);
    let (x, y) = (14.0 + dice.random::<f64>(), 57.0 + dice.random::<f64>());
    let outer = square(14.0, 57.0, 1.0);
    let (what, rings): (&str, String) = match at % 26 {
        0 => ("no ring", "[]".into()),
        1 => ("an empty ring", "[[]]".into()),
        2 => ("a ring of one", format!("[{}]", ring(&[(x, y)]))),
        3 => ("a ring of two", format!("[{}]", ring(&[(x, y), (x, y)]))),
        4 => ("a ring of three", format!("[{}]", ring(&[(x, y), (x + 0.1, y), (x, y)]))),
        5 => ("not closed", format!("[{}]", ring(&[(x, y), (x + 0.1, y), (x, y + 0.1), (x + 0.2, y)]))),
        6 => ("a bow tie", format!("[{}]", ring(&[(x, y), (x + 0.1, y + 0.1), (x + 0.1, y), (x, y + 0.1), (x, y)]))),
        7 => (
            "a spike",
            format!(
                "[{}]",
                ring(&[
                    (x, y),
                    (x + 0.1, y),
                    (x + 0.1, y + 0.1),
                    (x + 0.1, y - 5.0),
                    (x + 0.1, y),
                    (x, y + 0.1),
                    (x, y)
                ])
            ),
        ),
        8 => ("no area", format!("[{}]", ring(&[(x, y), (x + 0.1, y), (x + 0.2, y), (x, y)]))),
        9 => ("one corner", format!("[{}]", ring(&[(x, y); 8]))),
        10 => (
            "doubled corners",
            format!("[{}]", ring(&[(x, y), (x, y), (x + 0.1, y), (x + 0.1, y), (x, y + 0.1), (x, y)])),
        ),
        11 => ("a hole outside", format!("[{outer},{}]", square(16.0, 59.0, 0.1))),
        12 => ("a hole that is the polygon", format!("[{outer},{outer}]")),
        13 => ("holes that overlap", format!("[{outer},{},{}]", square(14.2, 57.2, 0.2), square(14.3, 57.3, 0.2))),
        14 => (
            "holes that touch along a side",
            format!("[{outer},{},{}]", square(14.2, 57.2, 0.2), square(14.4, 57.2, 0.2)),
        ),
        15 => ("a hole on the border", format!("[{outer},{}]", square(14.0, 57.2, 0.2))),
        16 => {
            let holes = (0..dice.random_range(100..2_000)).map(|n| square(14.0001 + f64::from(n) * 4e-4, 57.5, 2e-4));
            ("many holes", format!("[{outer},{}]", list(holes)))
        }
        17 => {
            let holes = (0..dice.random_range(50..1_500)).map(|n| square(14.1 + f64::from(n) * 1e-5, 57.1, 0.5));
            ("many holes one over the other", format!("[{outer},{}]", list(holes)))
        }
        18 => {
            // Every side crosses every other one.
            let n = dice.random_range(50..4_000) * 2 + 1;
            let step = n / 2;
            let corner = |k: u32| {
                let turn = std::f64::consts::TAU * f64::from(k * step % n) / f64::from(n);
                (15.0 + 0.2 * turn.cos(), 58.0 + 0.2 * turn.sin())
            };
            ("a star whose sides all cross", format!("[{}]", ring(&(0..=n).map(corner).collect::<Vec<_>>())))
        }
        19 => {
            let corners = dice.random_range(1_000..15_000);
            let mut all: Vec<(f64, f64)> =
                (0..corners).map(|_| (14.0 + dice.random::<f64>(), 57.0 + dice.random::<f64>())).collect();
            all.push(all[0]);
            ("random corners", format!("[{}]", ring(&all)))
        }
        20 => ("digits at the end of doubles", NASTY[at / 26 % NASTY.len()].into()),
        21 => {
            let nudge = |v: f64, dice: &mut Dice| f64::from_bits(v.to_bits() + dice.random_range(0..3_u64));
            let corners: Vec<(f64, f64)> = (0..20)
                .map(|n| (nudge(14.5 + f64::from(n % 3) * 1e-15, dice), nudge(57.5 + f64::from(n % 5) * 1e-15, dice)))
                .collect();
            ("corners one bit apart", format!("[{}]", ring(&[corners.as_slice(), &corners[..1]].concat())))
        }
        _ => {
            // Several polygons on a coarse lattice, so that they touch, share sides and overlap.
            let parts = (0..dice.random_range(2..60)).map(|_| {
                let mut at = || {
                    (14.0 + f64::from(dice.random_range(0..8)) / 8.0, 57.0 + f64::from(dice.random_range(0..8)) / 8.0)
                };
                let (a, b, c) = (at(), at(), at());
                format!("[{}]", ring(&[a, b, c, a]))
            });
            let geometry =
                format!(r#"{{"type":"MultiPolygon","coordinates":[{}]}}"#, list(parts.collect::<Vec<_>>().into_iter()));
            return with_geometry("polygons that touch and overlap", at / 26, &geometry);
        }
    };
    // Areas and activities are the two that take polygons.
    with_geometry(what, at / 26 % 2, &format!(r#"{{"type":"Polygon","coordinates":{rings}}}"#))
}
