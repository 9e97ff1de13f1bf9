#![no_main]
//! Any text where a date, a time, or both stand.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let cell = text.replace(['"', '\0'], "").replace(['\n', '\r'], " ");
    reading::read(&[format!("datum,tid\n\"{cell}\",\n2026-10-25,\"{cell}\"\n").as_bytes()], &reading::options());
});
