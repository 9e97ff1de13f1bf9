#![no_main]
//! Any bytes as a CSV file, and as rows under known headings.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    reading::read(&[bytes], &reading::options());
    reading::read(&[b"id;datum;tid;lon;lat;kategori;text\n", bytes], &reading::options());
});
