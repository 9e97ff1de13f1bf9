//! Bad input: files made by seeded generators from classes written by hand, sent to a running service as a child
//! process, and read as uploads.
//!
//! Held for every file: no answer of 500, no crash, at most 64 MiB of memory above the start, and with a release
//! program (`LAGESBILD_BIN`) answers of which 99 in 100 come within 250 ms. A sample runs by default; all of it with
//! `LAGESBILD_FAULTS=full`. A file that fails is written to the temporary folder and named with its class and number.

mod case;
mod csv_files;
mod fields;
mod geometry;
mod geopackages;
mod json_text;
mod measured;
mod numbers;
mod positions;
mod queries;
mod raw_http;
mod records;
mod run;
mod service;
mod sizes;
#[path = "../support/skip.rs"]
mod skip;
mod times;
mod workbooks;
mod zips;

use case::Class;

/// Every class over HTTP, with how many files there are of it.
pub(crate) const REQUESTS: &[Class] = &[
    Class { name: "JSON text", count: 240, make: json_text::make },
    Class { name: "numbers", count: 240, make: numbers::make },
    Class { name: "positions", count: 240, make: positions::make },
    Class { name: "geometry", count: 260, make: geometry::make },
    Class { name: "sizes", count: 60, make: sizes::make },
    Class { name: "fields", count: 400, make: fields::make },
    Class { name: "records", count: 160, make: records::make },
    Class { name: "times", count: 200, make: times::make },
    Class { name: "queries", count: 300, make: queries::make },
    Class { name: "raw HTTP", count: 80, make: raw_http::make },
];

/// Every class of files.
pub(crate) const FILES: &[Class] = &[
    Class { name: "CSV", count: 260, make: csv_files::make },
    Class { name: "workbooks", count: 200, make: workbooks::make },
    Class { name: "archives", count: 100, make: zips::make },
    Class { name: "GeoPackages", count: 120, make: geopackages::make },
];

#[test]
fn there_are_at_least_2500_files_and_each_is_the_same_every_time() {
    let all: usize = REQUESTS.iter().chain(FILES).map(|class| class.count).sum();
    assert!(all >= 2_500, "{all}");
    for class in REQUESTS.iter().chain(FILES) {
        let at = class.count / 2;
        assert_eq!(class.case(at), class.case(at), "{} {at}", class.name);
    }
}
