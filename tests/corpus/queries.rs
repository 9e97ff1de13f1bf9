//! Hostile parameters of every reading path.

use crate::case::{Case, Dice, RngExt, get, items, list, pick, times};
use crate::times::coded;

const PATHS: [&str; 13] = [
    "/api/areas/summary",
    "/api/areas/base/summary",
    "/api/layers/grid",
    "/api/layers/kde",
    "/api/layers/hex",
    "/api/collections/observations/items",
    "/api/collections/activities/items",
    "/api/collections/areas/items",
    "/api/collections/places/items",
    "/api/collections/observations/items/base",
    "/api/collections/observations/items/base/versions",
    "/",
    "/api/collections/promises/items",
];
const NAMES: [&str; 24] = [
    "limit",
    "offset",
    "after",
    "asof",
    "bbox",
    "datetime",
    "period",
    "compare",
    "category",
    "kind",
    "source",
    "feeling",
    "area",
    "hours",
    "weekdays",
    "time",
    "of",
    "cell_m",
    "bandwidth_m",
    "kernel",
    "resolution",
    "set",
    "f",
    "format",
];
const VALUES: [&str; 44] = [
    "1e18",
    "1000000000000000000",
    "18446744073709551616",
    "-1",
    "0",
    "1.5",
    "NaN",
    "inf",
    "-inf",
    "1e400",
    "1e-400",
    "0.001",
    "0.0",
    "1e9",
    "1001",
    "1000",
    "' OR 1=1 --",
    "'; DROP TABLE observations; --",
    "%",
    "%%%%%%%%%%%%",
    "_",
    "\\",
    "\"",
    "\0",
    "\n",
    "a\u{202e}b",
    "å",
    "..",
    "../../../etc/passwd",
    "file:///etc/passwd",
    "<script>",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "null",
    "undefined",
    "true",
    "[]",
    "*",
    "a,a,a,a",
    ",,,,",
    "mon,mon",
    "24-24",
    "22-99",
    "quartic,gaussian",
];

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let (path, name, value) = (*pick(dice, &PATHS), NAMES[at % NAMES.len()], *pick(dice, &VALUES));
    let of_layer = |cell: &str, more: &str| format!("/api/layers/kde?cell_m={cell}&{more}");
    match at % 15 {
        0 => {
            let terms = list((0..10_000).map(|n| format!("t{n}")));
            get("10,000 terms", format!("{}?category={terms}", items("observations")))
        }
        1 => {
            let terms = list((0..dice.random_range(100..3_000)).map(|_| "x".to_string()));
            get("terms that fit", format!("{path}?{name}={terms}"))
        }
        2 => {
            let pairs = (0..dice.random_range(90..110)).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
            get("a hundred names", format!("{path}?{pairs}"))
        }
        3 => get("a name of a megabyte", format!("{path}?{}=1", times("k", 1 << 20))),
        4 => get(
            "a value as long as a header may be",
            format!("{path}?{name}={}", times("v", dice.random_range(14_000..17_000))),
        ),
        5 => get(
            "broken percent signs",
            format!("{path}?{name}={}", pick(dice, &["%", "%z", "%ff", "%c3%28", "%00", "%u0041", "%%41"])),
        ),
        6 => get(
            "the same twice",
            format!("{path}?{name}={}&{name}={}", coded(value), coded(pick::<&str>(dice, &VALUES))),
        ),
        7 => {
            let (cell, band) =
                (*pick(dice, &["0.001", "1", "100000", "NaN"]), *pick(dice, &["0", "1e9", "1000000", "1", "NaN"]));
            get("a density of too much work", of_layer(cell, &format!("bandwidth_m={band}&bbox=10,55,25,70")))
        }
        8 => get("a density of all the world", of_layer("1", "bandwidth_m=1000000&bbox=-180,-90,180,90")),
        9 => get("hexagons of all the world", "/api/layers/hex?resolution=15&bbox=-180,-90,180,90"),
        10 => {
            let id = *pick(dice, &["..", ".", "%2e%2e", "a%2fb", "%00", "%ff", "x'--", "åäö", "base.1", ""]);
            let id = if dice.random_bool(0.3) { times("i", dice.random_range(129..9_000)) } else { id.to_string() };
            get(
                "an id that is none",
                format!("{}/{id}", items(pick::<&str>(dice, &["areas", "observations", "promises"]))),
            )
        }
        11 => get(
            "a path that is none",
            format!(
                "/{}",
                pick(dice, &["api//", "api/../api", "%2e%2e/etc/passwd", "api/layers/x", "//", "?", "#", "*"])
            ),
        ),
        _ => get(format!("{name}={value:?}"), format!("{path}?{name}={}", coded(value))),
    }
}
