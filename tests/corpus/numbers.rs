//! Numbers that no number type likes, wherever a number may stand.

use crate::case::{Case, Dice, RngExt, change, pick, times, with_geometry};

fn number(dice: &mut Dice) -> String {
    let plain = [
        "NaN",
        "Infinity",
        "-Infinity",
        "-0",
        "-0.0",
        "1e308",
        "-1e308",
        "5e-324",
        "1e-400",
        "1e400",
        "-1e400",
        "1e99999",
        "1e-99999",
        "1E+2147483648",
        "1e18446744073709551616",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "0x1F",
        "01",
        ".5",
        "5.",
        "+1",
        "1e",
        "1_000",
        "1,5",
        "1 000",
        "180.0000000000001",
        "90.00000000000001",
        "-180",
        "1e2",
        "null",
        "\"14.69\"",
        "true",
        "[14.69]",
        "{}",
    ];
    match dice.random_range(0..8) {
        0 => times("9", dice.random_range(400..1_000_000)),
        1 => format!("0.{}1", times("0", dice.random_range(400..1_000_000))),
        2 => format!("14.{}", times("3", dice.random_range(400..1_000_000))),
        3 => format!("1{}e-{}", times("0", 5_000), dice.random_range(4_990..5_010)),
        _ => (*pick(dice, &plain)).to_string(),
    }
}

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let bad = number(dice);
    let what = format!("the number {:.24}", bad);
    let members = [
        ("surveys", "answers"),
        ("surveys", "unsafe_answers"),
        ("reported-counts", "count"),
        ("areas", "residents"),
        ("places", "precision_m"),
        ("observations", "precision_m"),
        ("observations", "severity"),
        ("activities", "minutes"),
        ("reports", "week"),
    ];
    match at % 6 {
        0 => with_geometry(what, at / 6, &format!(r#"{{"type":"Point","coordinates":[{bad},57.65]}}"#)),
        1 => with_geometry(what, at / 6, &format!(r#"{{"type":"Point","coordinates":[14.69,{bad}]}}"#)),
        2 => with_geometry(
            what,
            at / 6,
            &format!(r#"{{"type":"LineString","coordinates":[[14.69,57.65],[{bad},57.65]]}}"#),
        ),
        3 => {
            let ring = format!("[[14,57],[{bad},57],[15,58],[14,57]]");
            with_geometry(what, at / 6, &format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#))
        }
        4 => with_geometry(
            what,
            at / 6,
            &format!(r#"{{"type":"Point","coordinates":[14.69,57.65],"bbox":[{bad},1,2,3]}}"#),
        ),
        _ => {
            let (collection, member) = *pick(dice, &members);
            let body = format!(r#"{{"type":"Feature","geometry":null,"properties":{{"{member}":{bad}}}}}"#);
            change(format!("{what} as {member}"), collection, at, body)
        }
    }
}
