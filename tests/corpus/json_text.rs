//! What is JSON, nearly JSON, or JSON to its last limit: depth, encodings, duplicate names, odd letters.

use crate::case::{Case, Dice, RngExt, activity, area, change, list, observation, times};

const COLLECTIONS: [&str; 4] = ["observations", "areas", "activities", "promises"];

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let collection = COLLECTIONS[at / 24 % 4];
    let depth = [20, 33, 127, 128, 129, 1_000, 10_000, 100_000][at / 24 % 8];
    let name = |what: &str| format!("{what}, depth {depth}");
    let plain = observation(r#"{"type":"Point","coordinates":[14.69,57.65]}"#);
    let (what, body): (String, Vec<u8>) = match at % 24 {
        0 => (name("lists in lists"), (times("[", depth) + &times("]", depth)).into()),
        1 => (name("lists never closed"), times("[", depth).into()),
        2 => (name("objects in objects"), (times(r#"{"a":"#, depth) + "1" + &times("}", depth)).into()),
        3 => {
            let inner = r#"{"type":"GeometryCollection","geometries":["#;
            (name("collections in collections"), observation(&(times(inner, depth) + &times("]}", depth))).into())
        }
        4 => {
            let deep = times("[", depth) + "1" + &times("]", depth);
            let polygon = format!(r#"{{"type":"Polygon","coordinates":{deep}}}"#);
            (name("coordinates in coordinates"), area(&polygon).into())
        }
        5 => {
            let deep = times("[", depth) + &times("]", depth);
            (name("a deep property"), plain.replace(r#""lighting""#, &deep).into())
        }
        6 => (
            "the same name twice".into(),
            plain.replace(r#""type":"Feature""#, r#""type":"Feature","type":"X""#).into(),
        ),
        7 => {
            let many = list((0..dice.random_range(2..20_000)).map(|_| r#""category":"lighting""#.to_string()));
            ("one name thousands of times".into(), plain.replace(r#""category":"lighting""#, &many).into())
        }
        8 => {
            let many = list((0..dice.random_range(2..40_000)).map(|n| format!(r#""n{n}":{n}"#)));
            ("thousands of unknown members".into(), plain.replace(r#""category":"lighting""#, &many).into())
        }
        9 => ("a byte order mark".into(), [b"\xEF\xBB\xBF".as_slice(), plain.as_bytes()].concat()),
        10 => ("UTF-16, small end first".into(), plain.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        11 => ("UTF-16, big end first".into(), plain.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        12 => {
            let lone = ["\\ud800", "\\udc00", "\\ud800\\ud800", "\\ud83d", "\\u0000", "\\uFFFF", "\\u202e"];
            let text = lone[dice.random_range(0..lone.len())];
            (format!("the escape {text}"), plain.replace("lighting", text).into())
        }
        13 => {
            let mut bytes = plain.into_bytes();
            let place = dice.random_range(0..bytes.len());
            bytes.insert(place, [0, 0xFF, 0xC0, 0xED, 0x80, 0x1B][at / 24 % 6]);
            ("a foreign byte somewhere".into(), bytes)
        }
        14 => {
            let text = [
                "\u{202e}gnithgil",
                "\u{200b}lighting",
                "li\u{301}ghting",
                "ﬀ",
                "lighting\u{fe0f}",
                "\u{feff}lighting",
            ];
            ("letters that turn or hide".into(), plain.replace("lighting", text[at / 24 % 6]).into())
        }
        15 => {
            let keep = dice.random_range(0..plain.len());
            ("cut short".into(), plain.as_bytes()[..keep].to_vec())
        }
        16 => ("more after the end".into(), (plain.clone() + &times(" {}", dice.random_range(1..1000))).into()),
        17 => {
            let scalars =
                ["", "null", "true", "1", "\"\"", "[]", "{}", "NaN", "'a'", "\"", "{", "[1,]", "{\"a\":1,}", "//"];
            let text = scalars[dice.random_range(0..scalars.len())];
            (format!("only {text}"), text.into())
        }
        18 => (name("spaces"), (times(" \n\t", depth) + &plain).into()),
        19 => {
            let long = times("å", dice.random_range(1_000..400_000));
            ("a name of many letters".into(), plain.replace("category", &long).into())
        }
        20 => {
            let long = times("x", dice.random_range(1_000..1_500_000));
            ("a value of many letters".into(), plain.replace("lighting", &long).into())
        }
        21 => {
            let long = times("\\u00e5", dice.random_range(1_000..300_000));
            ("a value of many escapes".into(), plain.replace("lighting", &long).into())
        }
        22 => {
            let mut bytes = activity(r#"{"type":"LineString","coordinates":[[14.6,57.6],[14.7,57.7]]}"#).into_bytes();
            for _ in 0..dice.random_range(1..6) {
                let place = dice.random_range(0..bytes.len());
                bytes[place] ^= 1 << dice.random_range(0..8_u32);
            }
            ("flipped bits".into(), bytes)
        }
        _ => {
            let kinds = ["FeatureCollection", "Topology", "feature", "FEATURE", "Point", "GeometryCollection"];
            let body = format!(r#"{{"type":"{}","features":{}}}"#, kinds[at / 24 % 6], times("[", 2) + "]]");
            ("another kind of document".into(), body.into())
        }
    };
    change(what, collection, at, body)
}
