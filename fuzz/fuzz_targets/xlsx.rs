#![no_main]
//! Any bytes as an archive that may be a workbook.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| reading::read(&[b"PK\x03\x04", bytes], &reading::options()));
