//! Who may use whom: reads the paths in every file under `src` and keeps the rules of `ARCHITECTURE.md`.
//!
//! Comments, texts and `#[cfg(test)]` modules do not count. A path is what stands between `::`, in
//! `use` trees (expanded) and in code.

use std::path::{Path, PathBuf};

/// A part of the program and the parts of ours that it may use, besides itself.
const RULES: [(&str, &[&str]); 18] = [
    ("domain", &[]),
    ("nearest", &[]),
    ("spreadsheet", &[]),
    ("text", &[]),
    ("settings", &["nearest"]),
    ("spatial", &["domain"]),
    ("geodata", &["domain", "spreadsheet"]),
    ("analysis", &["spatial", "domain"]),
    ("followup", &["analysis", "spatial", "domain"]),
    ("release", &["followup", "analysis", "spatial", "domain"]),
    // Files for everybody: sees what `release` has protected, and nothing it was made from.
    ("public", &["release", "text", "domain", "spreadsheet"]),
    ("store", &["spatial", "domain"]),
    ("demo", &["domain"]),
    ("selftest", &["analysis", "spatial", "domain"]),
    // `geodata` for its rules of one value (`geodata/rules.rs`, promise documents): a member of a request and a cell
    // of a file are held to the same rule. It lies beside `wire` on `domain` and uses nothing above it.
    ("wire", &["text", "geodata", "followup", "analysis", "spatial", "domain", "nearest", "spreadsheet"]),
    // `geodata` because an uploaded file is read by the same readers as one on the command line (`http/imports`).
    (
        "http",
        &[
            "store", "wire", "text", "geodata", "release", "public", "followup", "analysis", "spatial", "domain",
            "settings", "nearest",
        ],
    ),
    ("main", &["cli"]),
    (
        "cli",
        &[
            "settings",
            "geodata",
            "store",
            "http",
            "wire",
            "text",
            "release",
            "public",
            "followup",
            "analysis",
            "spatial",
            "domain",
            "demo",
            "selftest",
            "nearest",
            "spreadsheet",
        ],
    ),
];

/// Parts that are functions from values to values.
const PURE: [&str; 6] = ["domain", "spatial", "analysis", "followup", "release", "selftest"];

/// What pure parts may not name: files, environment, network, clock, chance, frameworks.
const IMPURE: [&[&str]; 16] = [
    &["tokio"],
    &["axum"],
    &["hyper"],
    &["rusqlite"],
    &["std", "fs"],
    &["std", "env"],
    &["std", "net"],
    &["std", "process"],
    &["std", "time"],
    &["Instant", "now"],
    &["SystemTime"],
    &["Timestamp", "now"],
    &["Zoned", "now"],
    &["rand", "rng"],
    &["rand", "random"],
    &["thread_rng"],
];

/// JSON belongs to the edges; these two read their own files, handed in as text.
const JSON_READERS: [&str; 2] = ["selftest/", "demo/profile.rs"];

#[test]
fn every_part_uses_only_the_parts_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&src);
    assert!(files.len() > 100, "only {} files were found under {}", files.len(), src.display());
    let mut faults = Vec::new();
    for path in files {
        let name = path.strip_prefix(&src).expect("under src").to_string_lossy().replace('\\', "/");
        faults.extend(faults_of(&name, &std::fs::read_to_string(&path).expect("readable")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Everything a file (named from `src` on) does that its part may not.
fn faults_of(file: &str, text: &str) -> Vec<String> {
    let is_test = file.split('/').any(|part| part == "tests" || part == "tests.rs");
    if file == "lib.rs" || is_test {
        return Vec::new();
    }
    let part = file.split('/').next().unwrap_or(file).trim_end_matches(".rs");
    let Some((_, allowed)) = RULES.iter().find(|(name, _)| *name == part) else {
        return vec![format!("{file}: the part '{part}' has no rule in tests/layering.rs")];
    };
    let depth = file.trim_end_matches("/mod.rs").split('/').count();
    let mut faults = Vec::new();
    for path in paths(&without_test_modules(tokens(&code_of(text)))) {
        let shown = path.join("::");
        if let Some(used) = part_named(&path, depth)
            && used != part
            && !allowed.contains(&used)
        {
            faults.push(format!("{file}: {part} may not use {used} ({shown})"));
        }
        let names = |wanted: &[&str]| path.windows(wanted.len()).any(|window| window == wanted);
        let is_demo = part == "demo";
        if (PURE.contains(&part) || is_demo) && IMPURE.iter().any(|wanted| names(wanted)) {
            faults.push(format!("{file}: {part} is pure and may not name {shown}"));
        }
        let reads_json = JSON_READERS.iter().any(|reader| file.starts_with(reader));
        if (PURE.contains(&part) || is_demo) && names(&["serde_json"]) && !reads_json {
            faults.push(format!("{file}: {part} may not name {shown}: JSON belongs to the edges"));
        }
    }
    faults.dedup();
    faults
}

/// The part of ours that a path begins with, seen from a module `depth` levels below the root.
fn part_named(path: &[String], depth: usize) -> Option<&str> {
    let ups = path.iter().take_while(|name| *name == "super").count();
    let at = match path.first().map(String::as_str) {
        Some("crate" | "lagesbild") => 1,
        Some("super") if ups >= depth => ups,
        _ => return None,
    };
    // A lone `crate`, or something that is not a part, such as `crate::Public`.
    path.get(at).map(String::as_str).filter(|name| name.starts_with(char::is_lowercase))
}

/// The text without comments, strings and characters; each leaves a blank.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = skipped_bytes(rest, code.chars().last());
        if skipped > 0 {
            code.push(' ');
            rest = &rest[skipped..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

/// How many bytes from here are a comment, a string or a character.
fn skipped_bytes(rest: &str, before: Option<char>) -> usize {
    let to = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return to("*/", 2);
    }
    let is_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with('r') && !is_word {
        let hashes = rest[1..].bytes().take_while(|b| *b == b'#').count();
        if rest[1 + hashes..].starts_with('"') {
            return to(&format!("\"{}", "#".repeat(hashes)), hashes + 2);
        }
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    let mut letters = rest.chars();
    if letters.next() == Some('\'') {
        let (second, third) = (letters.next(), letters.next());
        // Otherwise it is a lifetime.
        if second == Some('\\') || third == Some('\'') {
            return quoted(rest, '\'');
        }
    }
    0
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// Words, `::`, and every other sign by itself.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in code.chars() {
        let is_word = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(word) if is_word && in_word => word.push(c),
            Some(colon) if c == ':' && colon == ":" => colon.push(c),
            _ if !c.is_whitespace() => tokens.push(c.to_string()),
            // A blank parts two words and two colons.
            _ => {}
        }
        in_word = is_word;
    }
    tokens
}

/// Leaves out `#[cfg(test)] mod name { ... }`.
fn without_test_modules(tokens: Vec<String>) -> Vec<String> {
    let head = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let here = &tokens[at..];
        let is_head = here.len() > 10 && here.iter().zip(head).all(|(token, wanted)| token == wanted);
        if !is_head || here[9] != "{" {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut open = 0;
        let body = here.iter().position(|token| {
            open += i32::from(token == "{") - i32::from(token == "}");
            token == "}" && open == 0
        });
        at += body.map_or(here.len(), |end| end + 1);
    }
    kept
}

/// Every path, with the trees of braces expanded.
fn paths(tokens: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_name(&tokens[at]) {
            at = path_from(tokens, at, Vec::new(), &mut found);
        } else {
            at += 1;
        }
    }
    found
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads the path that begins at a name, puts it into `found`, and says where reading goes on.
fn path_from(tokens: &[String], mut at: usize, mut path: Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let token = |at: usize| tokens.get(at).map_or("", String::as_str);
    while is_name(token(at)) {
        path.push(tokens[at].clone());
        at += 1;
        if token(at) != "::" {
            break;
        }
        at += 1;
    }
    if token(at) != "{" || token(at - 1) != "::" {
        found.push(path);
        return at;
    }
    at += 1;
    while at < tokens.len() && token(at) != "}" {
        at = if is_name(token(at)) { path_from(tokens, at, path.clone(), found) } else { at + 1 };
        // `as name` gives another name to the same thing.
        if token(at) == "as" {
            at += 2;
        }
    }
    at + 1
}

mod the_check {
    use super::faults_of;

    fn is_refused(file: &str, text: &str) -> bool {
        !faults_of(file, text).is_empty()
    }

    #[test]
    fn a_planted_use_of_a_higher_part_is_found_however_it_is_written() {
        for text in [
            "use crate::store::Store;",
            "use crate::{domain::Id, store::{self, Change}};",
            "use super::super::store::Store;",
            "fn f(s: &crate::store::Store) {}",
            "fn f() -> Vec<crate :: store::Change> { vec![] }",
            "use super::super::{store as s};",
            "fn f<'a>(x: &'a str) { g('\"', x); crate::store::open(x) }",
        ] {
            assert!(is_refused("spatial/table.rs", text), "{text} was accepted");
        }
        assert!(is_refused("spatial/mod.rs", "use super::store::Store;"));
        assert!(is_refused("analysis/change/visible.rs", "use super::super::super::http::app;"));
        assert!(is_refused("nearest.rs", "use crate::domain::Id;"));
        assert!(is_refused("main.rs", "fn main() { lagesbild::http::app() }"));
        assert!(is_refused("novelty/mod.rs", ""));
    }

    #[test]
    fn a_planted_clock_file_or_chance_in_a_pure_part_is_found() {
        for text in [
            "use std::{fmt, fs::File};",
            "fn f() { let t = std::time::Instant::now(); }",
            "fn f() { let t = jiff::Timestamp::now(); }",
            "use jiff::Zoned; fn f() { Zoned::now(); }",
            "fn f() { let mut r = rand::rng(); }",
            "use rand::rng;",
            "use axum::Router;",
            "fn f() -> rusqlite::Connection { todo!() }",
            "fn f() { std::env::var(\"HOME\"); }",
            "use serde_json::Value;",
        ] {
            assert!(is_refused("analysis/grid.rs", text), "{text} was accepted");
        }
        assert!(is_refused("demo/draw.rs", "use serde_json::json;"));
        assert!(!is_refused("demo/profile.rs", "use serde_json::Value;"));
        assert!(!is_refused("selftest/kde.rs", "use serde_json::Value;"));
        assert!(is_refused("selftest/kde.rs", "use std::fs;"));
    }

    #[test]
    fn what_is_allowed_or_only_written_about_is_no_fault() {
        for text in [
            "use crate::domain::{Id, When}; use crate::spatial::Snapshot;",
            "use super::grid::GridCell;",
            "//! See crate::store and std::fs.\n/* use crate::http; */ fn f() {}",
            "const A: &str = \"crate::store::Store\"; const B: &str = r#\"use std::fs; \"x\" \"#;",
            "fn f(t: TimeCertainty) -> bool { t == TimeCertainty::Instant }",
            "#[cfg(test)]\nmod tests { use crate::geodata::read_areas; fn g() { std::fs::read(\"x\"); } }",
        ] {
            assert_eq!(faults_of("analysis/grid.rs", text), Vec::<String>::new(), "{text}");
        }
        let after = "#[cfg(test)] mod tests { fn f() {} } use crate::store::Store;";
        assert!(is_refused("analysis/grid.rs", after), "what follows the tests counts again");
        assert!(!is_refused("analysis/tests/big.rs", "use crate::store::Store;"));
        assert!(!is_refused("cli/serve.rs", "use crate::{http::service, settings::Settings, store::Store};"));
    }
}
