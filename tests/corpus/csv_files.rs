//! CSV and GeoJSON files as people and programs should not send them.

use crate::case::{Case, Dice, RngExt, file, list, observation, pick, times};
use crate::times::TIMES;

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let head = "id,datum,lon,lat,kategori,text\n";
    let row = |n: usize| format!("r{n},2025-03-01,14.69,57.65,lighting,hej\n");
    let rows = |n: usize| (0..n).map(row).collect::<String>();
    let many = dice.random_range(1_000..20_000);
    let (what, content): (String, Vec<u8>) = match at % 26 {
        0 => (
            "a quote never closed".into(),
            format!("{head}{}r,2025-03-01,1,2,x,\"{}", rows(50), times("å\n", many * 10)).into(),
        ),
        1 => (
            "a quote in the middle".into(),
            format!("{head}{}r,2025\"-03-01,1,2,\"x\"y\"z,\n{}", rows(5), rows(5)).into(),
        ),
        2 => (
            "a million columns".into(),
            format!("datum,{}\n2025-03-01,{}\n", list((0..1_000_000).map(|n| format!("c{n}"))), times(",", 1_000_000))
                .into(),
        ),
        3 => ("a million empty columns".into(), format!("datum{}\n2025-03-01\n", times(",", 1_000_000)).into()),
        4 => (
            "mixed line ends".into(),
            format!("{}\r\n{}\r{}\n\r{}", head.trim_end(), row(1).trim_end(), row(2), row(3)).into(),
        ),
        5 => ("only carriage returns".into(), format!("{head}{}", rows(many)).replace('\n', "\r").into()),
        6 => ("no line end at all".into(), times("a,", many * 50).into()),
        7 => ("one field of megabytes".into(), format!("{head}r,2025-03-01,1,2,{},x\n", times("y", 4_000_000)).into()),
        8 => (
            "rows of other lengths".into(),
            format!("{head}{}", (0..many).map(|n| times("1,", n % 12) + "\n").collect::<String>()).into(),
        ),
        9 => (
            "dates that are none".into(),
            format!("{head}{}", TIMES.map(|t| format!("x,{t},14.69,57.65,lighting,\n")).concat()).into(),
        ),
        10 => (
            "two columns of time".into(),
            format!(
                "datum,tid\n{}",
                TIMES.map(|t| format!("2026-10-25,{t}\n2026-03-29,02:30\n2026-10-25,02:30\n")).concat()
            )
            .into(),
        ),
        11 => {
            let numbers =
                ["NaN", "inf", "1e400", "-0", "5e-324", "1,5", "1.5.5", "1 000", "١٤", "14°41'", "0x1", "--1"];
            let lines = numbers.map(|n| format!("x{n},2025-03-01,{n},57,lighting,\ny,2025-03-01,14,{n},lighting,\n"));
            ("numbers that are none".into(), (head.to_string() + &lines.concat()).into())
        }
        12 => (
            "digits without end".into(),
            format!("{head}x,2025-03-01,{},57.6,lighting,\n", times("9", 1_000_000)).into(),
        ),
        13 => ("NUL".into(), format!("{head}{}\0{}", rows(3), rows(3)).into()),
        14 => {
            ("UTF-16".into(), format!("\u{feff}{head}{}", rows(10)).encode_utf16().flat_map(u16::to_le_bytes).collect())
        }
        15 => (
            "UTF-16 without a mark".into(),
            format!("{head}{}", rows(10)).encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
        16 => {
            let mut bytes = (head.to_string() + &rows(40)).into_bytes();
            (0..20).for_each(|_| {
                let n = bytes.len();
                bytes[dice.random_range(0..n)] = dice.random();
            });
            ("foreign bytes".into(), bytes)
        }
        17 => (
            "letters that turn".into(),
            format!("\u{feff}\u{202e}{head}\u{202e}r,2025-03-01,14,57,\u{200f}lighting,\u{202e}x\n").into(),
        ),
        18 => (
            "headings twice".into(),
            format!("datum,datum,lon,lon,lat,lat,id,id\n{}", times("2025-03-01,2025-03-02,1,2,3,4,a,b\n", 9)).into(),
        ),
        19 => (
            "one id in every row".into(),
            format!("{head}{}", times("same,2025-03-01,14.69,57.65,lighting,\n", many)).into(),
        ),
        20 => (
            "a new word in every row".into(),
            format!(
                "{head}{}",
                (0..many).map(|n| format!("w{n},2025-03-01,14.69,57.65,ord{n},\n")).collect::<String>()
            )
            .into(),
        ),
        21 => (
            "a new place in every row".into(),
            format!(
                "id,datum,plats\n{}",
                (0..many).map(|n| format!("p{n},2025-03-01,plats {n}\n")).collect::<String>()
            )
            .into(),
        ),
        22 => (
            "personal data in every cell".into(),
            format!("{head}{}", times("811228-9874,2025-03-01,1,2,070-1234567,a@example.se ABC123\n", many)).into(),
        ),
        23 => {
            let shapes = [
                format!("POLYGON ({})", times("(", 10_000)),
                format!("{}POINT (1 2){}", times("GEOMETRYCOLLECTION (", 10_000), times(")", 10_000)),
                format!("LINESTRING ({})", list((0..20_000).map(|n| format!("{} {}", n % 17, n % 13)))),
                "POINT (1e400 NaN)".to_string(),
            ];
            let lines = shapes.map(|shape| format!("2025-03-01,\"{shape}\"\n")).concat();
            ("geometries in cells".into(), format!("datum,geometry\n{lines}").into())
        }
        24 => {
            let deep = dice.random_range(100..100_000);
            let odd = [
                times("[", deep),
                format!(r#"{{"type":"FeatureCollection","features":{}"#, times("[", deep)),
                format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, times(r#"{"geometry":"#, deep)),
                format!(
                    r#"{{"type":"FeatureCollection","features":[{}]}}"#,
                    list((0..20_000).map(|_| "{}".to_string()))
                ),
                format!(
                    r#"{{"type":"FeatureCollection","features":[{}"#,
                    observation(r#"{"type":"Point","coordinates":[1,"#)
                ),
                format!(r#"{{"type":"FeatureCollection","name":"{}","features":[]}}"#, times("x", deep * 20)),
            ];
            ("odd GeoJSON".into(), pick(dice, &odd).clone().into())
        }
        _ => {
            let magic: [&[u8]; 6] = [
                b"%PDF-1.7",
                b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
                b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>",
                b"\x1F\x8B\x08",
                b"sep=",
                b"=cmd|' /C calc'!A0",
            ];
            let mut bytes = pick(dice, &magic).to_vec();
            bytes.extend((0..dice.random_range(0..4_000)).map(|_| dice.random::<u8>()));
            ("another format, or nothing".into(), bytes)
        }
    };
    let name = if content.starts_with(b"{") || content.starts_with(b"[") { "in.geojson" } else { "in.csv" };
    file(what, name, content)
}
