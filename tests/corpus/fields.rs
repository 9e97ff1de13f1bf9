//! Every member of every collection with every kind of value that it does not take.

use lagesbild::domain::Collection;
use lagesbild::wire::records::members;

use crate::case::{Case, Dice, RngExt, change, pick, times};

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let all: Vec<(Collection, &str)> =
        Collection::ALL.into_iter().flat_map(|of| members(of).iter().map(move |member| (of, member.name))).collect();
    let (collection, member) = all[at % all.len()];
    let long = format!("\"{}\"", times("å", dice.random_range(100..100_000)));
    let deep = times("[", 100) + &times("]", 100);
    let values = [
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.5",
        "1e308",
        "4294967296",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"\\u202e\"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "{\"a\":{\"a\":{}}}",
        "\"'; DROP TABLE observations; --\"",
        "\"../../etc/passwd\"",
        "\"<script>alert(1)</script>\"",
        "\"=cmd|' /C calc'!A0\"",
        "\"%s%n%x\"",
        "\"2025-02-30\"",
        "\"811228-9874\"",
        "[{\"name\":1,\"value\":2}]",
        "[{\"role\":\"x\"}]",
        "{\"id\":\"x\",\"parts\":[]}",
        "\"NaN\"",
        "\"\u{10ffff}\"",
        &long,
        &deep,
    ];
    let value = *pick(dice, &values);
    let (top, inner) = match at % 7 {
        0 => (format!(r#","id":{value}"#), String::new()),
        1 => (format!(r#","links":{value},"bbox":{value}"#), String::new()),
        _ => (String::new(), format!(r#""{member}":{value}"#)),
    };
    let geometry = if at.is_multiple_of(5) { value } else { "null" };
    let body = format!(r#"{{"type":"Feature"{top},"geometry":{geometry},"properties":{{{inner}}}}}"#);
    change(format!("{} {member}: {value:.30}", collection.code()), collection.code(), at, body)
}
