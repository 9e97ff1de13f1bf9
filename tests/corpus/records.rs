//! Whole records that contradict themselves, in every collection, and headers of changes.

use lagesbild::domain::Collection;

use crate::case::{Case, Dice, Input, RngExt, items, list, pick, times};

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let collection = Collection::ALL[at % Collection::ALL.len()].code();
    let path = items(collection);
    let id = *pick(dice, &["base", "nobody", "x", "811228-9874"]);
    let one = format!("{path}/{id}");
    let empty = r#"{"type":"Feature","geometry":null,"properties":{}}"#.to_string();
    let json = || "Content-Type: application/geo+json".to_string();
    let (what, method, path, lines, body): (&str, &str, String, Vec<String>, String) = match at / 9 % 17 {
        0 => ("a change without a version", "PUT", one, vec![json()], empty),
        1 => ("a stale version", "PUT", one, vec![json(), format!("If-Match: \"{id}.999999\"")], empty),
        2 => (
            "versions without end",
            "PUT",
            one,
            vec![json(), format!("If-Match: {}", list((0..700).map(|n| format!("\"{id}.{n}\""))))],
            empty,
        ),
        3 => (
            "a version that is none",
            "PATCH",
            one,
            vec![
                json(),
                format!(
                    "If-Match: {}",
                    pick(dice, &["\"", "W/\"a\"", "base.1", "\"base.-1\"", "\"base.18446744073709551616\"", "\u{7f}"])
                ),
            ],
            empty,
        ),
        4 => ("both conditions", "PUT", one, vec![json(), "If-Match: *".into(), "If-None-Match: *".into()], empty),
        5 => (
            "a key that is none",
            "POST",
            path,
            vec![json(), format!("Idempotency-Key: {}", times("k", dice.random_range(129..5_000)))],
            empty,
        ),
        6 => ("two keys", "POST", path, vec![json(), "Idempotency-Key: a".into(), "Idempotency-Key: b".into()], empty),
        7 => ("no media type", "POST", path, vec![], empty),
        8 => (
            "a foreign media type",
            "POST",
            path,
            vec![format!(
                "Content-Type: {}",
                pick(
                    dice,
                    &[
                        "text/plain",
                        "application/xml",
                        "application/json/geo",
                        "application/geo+json;charset=utf-16",
                        ";",
                        "multipart/form-data"
                    ]
                )
            )],
            empty,
        ),
        9 => ("an encoded body", "POST", path, vec![json(), "Content-Encoding: gzip".into()], empty),
        10 => ("no reason", "DELETE", one, vec![json(), "If-Match: *".into()], String::new()),
        11 => (
            "an odd reason",
            "DELETE",
            format!("{one}?reason={}", pick(dice, &["%00%00%00", "ab", "%0a%0a%0a", "%ff"])),
            vec![json(), "If-Match: *".into()],
            String::new(),
        ),
        12 => (
            "a patch of everything to nothing",
            "PATCH",
            one,
            vec![json(), "If-Match: *".into()],
            r#"{"type":null,"geometry":null,"properties":null}"#.into(),
        ),
        13 => (
            "another id in the body",
            "PUT",
            one,
            vec![json(), "If-None-Match: *".into()],
            r#"{"type":"Feature","id":"other","geometry":null,"properties":{"id":"third"}}"#.into(),
        ),
        14 => (
            "one id many times",
            "POST",
            path,
            vec![json()],
            format!(
                r#"{{"type":"FeatureCollection","features":[{}]}}"#,
                list(
                    (0..dice.random_range(2..900))
                        .map(|_| r#"{"type":"Feature","id":"same","geometry":null,"properties":{}}"#.to_string())
                )
            ),
        ),
        15 => (
            "flags that are none",
            "POST",
            format!("{path}?redact=maybe&new_terms={}", pick(dice, &["1", "TRUE", "", "false"])),
            vec![json()],
            empty,
        ),
        _ => ("an array of records", "POST", path, vec![json()], format!("[{empty},{empty}]")),
    };
    let method = match method {
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "POST",
    };
    Case {
        what: format!("{collection}: {what}"),
        input: Input::Request { method, path, lines, body: body.into_bytes() },
    }
}
