#![no_main]
//! Any headings, and any of them named for a field.

mod reading;

use lagesbild::geodata::Field;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, String, String)| {
    let (which, heading, headings) = input;
    let mut options = reading::options();
    let fields: Vec<Field> = Field::all().collect();
    options.map = vec![(fields[usize::from(which) % fields.len()], heading.clone())];
    options.keep = vec![heading];
    let headings = headings.replace('\0', "");
    reading::read(&[headings.as_bytes(), b"\n1,2025-03-01,14.69,57.65\n"], &options);
});
