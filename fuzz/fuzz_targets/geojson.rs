#![no_main]
//! Any bytes as a feature of a GeoJSON file, and as the outlines of areas.

mod reading;

use lagesbild::geodata::{AreaOptions, GivenCrs, read_areas};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let head = b"{\"type\":\"FeatureCollection\",\"features\":[";
    reading::read(&[head, bytes, b"]}"], &reading::options());
    let whole = [head.as_slice(), bytes, b"]}"].concat();
    let options = AreaOptions { id_property: None, name_property: None, set: None, crs: GivenCrs::Unsaid };
    let _ = read_areas("fuzz", whole.as_slice(), &options);
});
