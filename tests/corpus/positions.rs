//! Positions of too few, too many, swapped and foreign numbers; the edges of the world; boxes.

use crate::case::{Case, Dice, RngExt, get, items, pick, with_geometry};

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let (lon, lat) = (14.0 + dice.random::<f64>(), 57.0 + dice.random::<f64>());
    let around =
        |x: f64, y: f64, d: f64| format!("[[{x},{y}],[{},{y}],[{},{}],[{x},{}],[{x},{y}]]", x + d, x + d, y + d, y + d);
    let geometry = |kind: &str, inner: String| format!(r#"{{"type":"{kind}","coordinates":{inner}}}"#);
    let (what, geometry): (&str, String) = match at % 20 {
        0 => ("no number", geometry("Point", "[]".into())),
        1 => ("one number", geometry("Point", format!("[{lon}]"))),
        2 => ("a height", geometry("Point", format!("[{lon},{lat},{}]", dice.random_range(-1e9..1e9)))),
        3 => ("five numbers", geometry("Point", format!("[{lon},{lat},1,2,3]"))),
        4 => {
            let many = vec!["1"; dice.random_range(6..200_000)].join(",");
            ("thousands of numbers", geometry("Point", format!("[{many}]")))
        }
        5 => (
            "heights in some corners",
            geometry("Polygon", format!("[[[{lon},{lat}],[15,58,3],[15,57,1,2],[{lon},{lat},9]]]")),
        ),
        6 => ("swapped", geometry("Point", format!("[{lat},{lon}]"))),
        7 => ("a swapped polygon", geometry("Polygon", format!("[{}]", around(lat, lon, 0.01)))),
        8 => ("SWEREF 99 TM in degrees", geometry("Point", format!("[{},{}]", 481_781.0 + lon, 6_389_937.0 + lat))),
        9 => ("a polygon in metres", geometry("Polygon", format!("[{}]", around(481_781.0, 6_389_937.0, 100.0)))),
        10 => ("web mercator", geometry("Point", format!("[{},{}]", lon * 111_319.49, lat * 134_000.0))),
        11 => ("over the antimeridian", geometry("Polygon", "[[[179,1],[-179,1],[-179,2],[179,2],[179,1]]]".into())),
        12 => ("past 180", geometry("Polygon", format!("[{}]", around(179.5, lat, 1.0)))),
        13 => (
            "around a pole",
            geometry("Polygon", "[[[-180,80],[-60,80],[60,80],[180,80],[180,90],[-180,90],[-180,80]]]".into()),
        ),
        14 => {
            ("a pole", geometry("Point", format!("[{},{}]", dice.random_range(-180.0..180.0), pick(dice, &[90, -90]))))
        }
        15 => ("the whole world", geometry("Polygon", "[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]".into())),
        16 => ("a line to the other side", geometry("LineString", "[[-180,0],[180,0],[0,90],[0,-90]]".into())),
        17 => {
            let boxes = [
                "[2,2,1,1]",
                "[1,2,3,4,5,6]",
                "[170,1,-170,2]",
                "[]",
                "[1]",
                "[null,1,2,3]",
                "\"a\"",
                "{}",
                "[1e308,1e308,1e308,1e308]",
            ];
            let bbox = *pick(dice, &boxes);
            return with_geometry(
                format!("the bbox {bbox}"),
                at / 20,
                &format!(r#"{{"type":"Point","coordinates":[{lon},{lat}],"bbox":{bbox}}}"#),
            );
        }
        18 => {
            let crs = r#"{"type":"Point","coordinates":[481781,6389937],"crs":{"type":"name","properties":{"name":"EPSG:3006"}}}"#;
            ("a named system", crs.to_string())
        }
        _ => {
            let boxes = [
                "NaN,NaN,NaN,NaN",
                "2,2,1,1",
                "1,2,3",
                "1,2,3,4,5",
                "1,2,3,4,5,6",
                "170,-10,-170,10",
                "-181,0,0,0",
                "0,-91,0,0",
                "1e400,0,1,1",
                "inf,0,1,1",
                ",,,",
                "a,b,c,d",
                "0,0,0,0",
                "-180,-90,180,90",
                "1;2;3;4",
                "0x1,0,1,1",
            ];
            let bbox = *pick(dice, &boxes);
            let collection = *pick(dice, &["areas", "places", "observations", "activities"]);
            return get(format!("a list in the box {bbox}"), format!("{}?bbox={bbox}", items(collection)));
        }
    };
    with_geometry(what, at / 20, &geometry)
}
