//! Reading while others write: nobody sees half a change, everybody sees their own.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Service, actor, change, data_file, observation, seven};

const PATHS: [&str; 4] = [
    "/api/areas/summary?period=2025-03",
    "/api/layers/grid?cell_m=100",
    "/api/layers/kde?cell_m=75",
    "/api/layers/hex?resolution=9",
];

#[test]
fn an_answer_after_an_acknowledged_write_has_it() {
    let service = Service::of(Vec::new());
    for n in 1..=20_i64 {
        let record = observation(&format!("n{n}"), Some((14.605, 57.705)), 3);
        let revision = service.store.commit(&actor(), change(vec![record])).expect("committed");
        let summary = service.json(PATHS[0]);
        assert_eq!(summary["areas"][0]["count"], n);
        assert_eq!(summary["provenance"]["revision"], revision);
    }
}

#[test]
fn the_bytes_do_not_depend_on_what_is_in_the_base_and_what_in_the_delta() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = data_file(folder.path());
    let answers = |service: &Service| {
        PATHS.map(|path| {
            let reply = service.get(path);
            assert_eq!(reply.status, 200);
            (reply.header("etag").map(str::to_string), reply.body)
        })
    };
    let as_delta = {
        let service = Service::open(&path);
        for record in seven() {
            service.store.commit(&actor(), change(vec![record])).expect("committed");
        }
        // A version that is replaced, and a record that is taken back.
        let moved = observation("o4", Some((14.604, 57.706)), 4);
        service.store.commit(&actor(), change(vec![moved])).expect("committed");
        answers(&service)
    };
    let as_base = answers(&Service::open(&path));
    for ((path, delta), base) in PATHS.iter().zip(as_delta).zip(as_base) {
        assert!(delta == base, "{path} differs");
    }
}

#[test]
fn readers_always_see_a_whole_revision_while_a_writer_writes() {
    let service = Service::of(Vec::new());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let (mut last, mut seen) = (0, 0);
                    while !is_over.load(Ordering::Relaxed) || seen == 0 {
                        let summary = service.json(PATHS[0]);
                        let of = |index: usize| summary["areas"][index]["count"].as_u64().expect("a number");
                        // Every change adds one record to each square.
                        assert_eq!(of(0), of(1), "half a change was seen");
                        assert!(of(0) >= last, "an older revision after a newer one");
                        (last, seen) = (of(0), seen + 1);
                    }
                    seen
                })
            })
            .collect();
        for n in 0..40 {
            let west = observation(&format!("w{n}"), Some((14.605, 57.705)), 3);
            let east = observation(&format!("e{n}"), Some((14.615, 57.705)), 3);
            service.store.commit(&actor(), change(vec![west, east])).expect("committed");
        }
        is_over.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().expect("no panic") > 0);
        }
    });
    assert_eq!(service.json(PATHS[0])["total"]["count"], 80);
}
