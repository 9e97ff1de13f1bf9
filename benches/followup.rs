//! The follow-up over few and very many activities: the book, the ledger, ninety days of changes.
//!
//! `cargo bench --bench followup [-- ACTIVITIES]`. The activities are synthetic, drawn with a seed over two years of the
//! promise of Nässjö: nine of ten are presence, one in five hundred an operation. Prints medians of seven runs, for 300
//! activities and for the number given (default a million), so that what grows with the number is seen as a ratio.

use std::time::Instant;

use jiff::civil::date;
use jiff::tz::TimeZone;
use lagesbild::domain::{
    Activity, Id, Location, LonLat, Participant, Period, Plane, Record, Shape, TimeCertainty, Vocabulary, When,
};
use lagesbild::followup::history::status_changes;
use lagesbild::followup::ledger::ledger;
use lagesbild::followup::{Book, BookBuilder};
use lagesbild::geodata::{default_place, read_promises};
use lagesbild::spatial::{AreaSet, DataClass, FileFacts, Frame};
use rand::{RngExt, SeedableRng};

const RUNS: usize = 7;

fn main() {
    // Cargo adds --bench to the arguments.
    let many = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    for n in [300, many] {
        let activities = activities(n);
        let began = Instant::now();
        let book = book(&activities);
        let made = began.elapsed().as_secs_f64();
        let today = date(2020, 6, 30);
        let ledger_s = median(|| ledger(&book, today).documents.len());
        let days = Period::spanning(date(2020, 4, 1), today).expect("days");
        let changes_s = median(|| status_changes(&book, &days).len());
        println!(
            "{n} synthetic activities: book {made:.4} s ({:.2} us each), ledger {:.3} ms, {} days of changes {:.1} ms",
            made * 1e6 / n as f64,
            ledger_s * 1e3,
            days.days(),
            changes_s * 1e3
        );
    }
}

fn median<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            std::hint::black_box(run());
            began.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[RUNS / 2]
}

fn activities(n: usize) -> Vec<Activity> {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let first = date(2019, 4, 25).to_zoned(zone()).expect("in range").timestamp().as_second();
    let actors = ["police:Polisen, Lokalpolisområde Höglandet", "police; municipality", "ordningsvakt"];
    (0..n)
        .map(|i| {
            let kind = match rng.random_range(0..1000_u32) {
                0..2 => "targeted_operation",
                2..4 => "safety_inventory",
                4..6 => "collaboration_meeting",
                6..100 => "other",
                _ => "presence",
            };
            let start_s = first + rng.random_range(0..600 * 86_400_i64);
            // Around the centre of Nässjö, so that some lie in each of the places.
            let at = LonLat::new(14.694 + rng.random_range(-0.02..0.02), 57.652 + rng.random_range(-0.012..0.012));
            Activity {
                id: Id::new(&format!("a{i}")).expect("valid"),
                kind: kind.into(),
                when: When::interval(start_s, start_s + 3600, TimeCertainty::Interval).expect("an hour"),
                location: Location { shape: at.ok().map(Shape::Point), ..Location::default() },
                actors: Participant::parse_list(actors[rng.random_range(0..actors.len())]),
                mode: None,
                minutes: Some(f64::from(rng.random_range(10..90_u32))),
                result: None,
                operation_id: None,
                intelligence_led: None,
                text: None,
                kept: Vec::new(),
            }
        })
        .collect()
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Stockholm").expect("bundled")
}

fn book(activities: &[Activity]) -> Book {
    let frame = Frame {
        facts: std::sync::Arc::new(FileFacts {
            plane: Plane::from_epsg(3006).expect("known"),
            time_zone: "Europe/Stockholm".into(),
            zone: zone(),
            data_class: DataClass::Synthetic,
            identity: "bench".into(),
        }),
        areas: std::sync::Arc::new(AreaSet::new(default_place().areas.clone())),
        places: std::sync::Arc::new(Vec::new()),
        vocabulary: std::sync::Arc::new(Vocabulary::seed()),
    };
    let mut builder = BookBuilder::new(&frame, 1);
    let promises = read_promises("promises.json", include_str!("../geodata/nassjo/promises.json"));
    promises.documents.into_iter().for_each(|document| builder.promise(document));
    activities.iter().for_each(|activity| builder.record(Record::Activity(activity.clone())));
    builder.finish()
}
