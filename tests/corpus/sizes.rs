//! As much of one thing as a body holds, and more.

use crate::case::{Case, Dice, RngExt, activity, area, change, list, observation, times};

const BODY: usize = 2 << 20;

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let full = |part: &str, of: usize| list((0..of / (part.len() + 1)).map(|_| part.to_string()));
    // In turn: a tenth, nearly all, and three times the largest body.
    let size = [BODY / 10, BODY - 2_000, BODY * 3][at / 15 % 3] - dice.random_range(0..1_000);
    let name = |what: &str| format!("{what}, {size} bytes");
    let batch = |features: String| format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#);
    match at % 15 {
        0 => change(name("lists of nothing"), "observations", 0, format!("[{}]", full("[]", size))),
        1 => change(name("lists of one"), "observations", 0, format!("[{}]", full("[0]", size))),
        2 => change(name("objects of one"), "observations", 0, format!("[{}]", full(r#"{"":0}"#, size))),
        3 => change(name("zeros"), "observations", 0, format!("[{}]", full("0", size))),
        4 => change(name("empty texts"), "observations", 0, format!("[{}]", full("\"\"", size))),
        5 => change(name("features of nothing"), "observations", 0, batch(full("0", size))),
        6 => change(name("features that are empty"), "areas", 0, batch(full("{}", size))),
        7 => {
            let feature = r#"{"type":"Feature","geometry":null,"properties":{}}"#;
            change(name("features without properties"), "activities", 0, batch(full(feature, size)))
        }
        8 => {
            let feature = observation(r#"{"type":"Point","coordinates":[14.69,57.65]}"#);
            change(name("good features"), "observations", 0, batch(full(&feature, size)))
        }
        9 => {
            let line = format!(r#"{{"type":"LineString","coordinates":[{}]}}"#, full("[1,2]", size));
            change(name("a line of many positions"), "activities", 0, activity(&line))
        }
        10 => {
            let rings = format!(r#"{{"type":"Polygon","coordinates":[{}]}}"#, full("[]", size));
            change(name("rings of nothing"), "areas", 0, area(&rings))
        }
        11 => {
            let ring = "[[1,1],[2,1],[2,2],[1,1]]";
            let parts = format!(r#"{{"type":"MultiPolygon","coordinates":[{}]}}"#, full(&format!("[{ring}]"), size));
            let of = if (at / 15).is_multiple_of(2) { "areas" } else { "activities" };
            let body = if of == "areas" { area(&parts) } else { activity(&parts) };
            change(name("one triangle again and again"), of, 0, body)
        }
        12 => {
            let n = size / 40;
            let corner = |k: usize| {
                let turn = std::f64::consts::TAU * (k % n) as f64 / n as f64;
                format!("[{},{}]", 15.0 + 0.2 * turn.cos(), 58.0 + 0.2 * turn.sin())
            };
            let circle = format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, list((0..=n).map(corner)));
            let body = if (at / 15).is_multiple_of(2) { area(&circle) } else { activity(&circle) };
            change(
                name("a circle of many corners"),
                if (at / 15).is_multiple_of(2) { "areas" } else { "activities" },
                0,
                body,
            )
        }
        13 => {
            let kept = full(r#"{"name":"a","value":"b"}"#, size);
            let text = observation("null").replace(r#""category""#, &format!(r#""kept":[{kept}],"category""#));
            change(name("kept columns"), "observations", 0, text)
        }
        _ => {
            let text = times("070-1234567 a@example.se 811228-9874 ", size / 38);
            let body = observation("null").replace(r#""category""#, &format!(r#""text":"{text}","category""#));
            change(name("a text full of personal data"), "observations", 0, body)
        }
    }
}
