//! How fast a million observations go into a data file and come out as a snapshot, and what they weigh.
//!
//! `cargo bench --bench store [-- ROWS]`; data from the folder in `LAGESBILD_SHARED`, by default
//! `../shared` beside the repository. The rows are synthetic: copies of the Chicago points with a
//! seeded jitter of some hundred metres. Prints medians of three runs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use lagesbild::domain::{Actor, Collection, Id, Location, LonLat, Observation, Plane, Shape, Vocabulary, When};
use lagesbild::spatial::DataClass;
use lagesbild::store::{Change, DataFile, ImportNote, NewFile, Store, load_snapshot};
use rand::{RngExt, SeedableRng};

const RUNS: usize = 3;

fn main() {
    let shared = std::env::var_os("LAGESBILD_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let points = shared.join("data/chicago-agg-assaults-2010-2019/points.csv");
    if !points.is_file() {
        eprintln!("SKIPPED: {} is not there; set LAGESBILD_SHARED to the folder that holds data/", points.display());
        return;
    }
    // Cargo adds --bench to the arguments.
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::TempDir::new().expect("a temporary folder");

    let mut times: [Vec<f64>; 2] = [vec![], vec![]];
    let path = folder.path().join("bench.gpkg");
    for _ in 0..RUNS {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("bench.gpkg{suffix}")));
        }
        let (insert_s, finish_s) = import(&path, &points, rows);
        times[0].push(insert_s);
        times[1].push(finish_s);
    }
    let size_mb = std::fs::metadata(&path).map_or(0.0, |meta| meta.len() as f64 / 1e6);
    println!("import of {rows} rows, rows to SQLite: {:.2} s", median(&mut times[0]));
    println!("import of {rows} rows, R-tree, commit and checkpoint: {:.2} s", median(&mut times[1]));
    println!("peak resident memory with the import: {:.0} MB; file: {size_mb:.0} MB", status_mb("VmHWM:"));

    let mut loads = vec![];
    for run in 0..RUNS {
        let before_mb = status_mb("VmRSS:");
        let start = Instant::now();
        let snapshot = load_snapshot(&path).expect("loads");
        loads.push(start.elapsed().as_secs_f64());
        let bytes = (status_mb("VmRSS:") - before_mb) * 1e6 / snapshot.table(Collection::Observations).len() as f64;
        println!("load {}: {:.2} s, resident per record {bytes:.0} bytes", run + 1, loads[run]);
    }
    println!("snapshot of {rows} records ready: {:.2} s; peak {:.0} MB", median(&mut loads), status_mb("VmHWM:"));

    let store = Store::open(&path).expect("opens");
    let actor = Actor::local("bench");
    let mut commits = vec![];
    for n in 0..200 {
        let record = observation(&format!("single-{n}"), -87.65, 41.85, n, "single");
        let start = Instant::now();
        store.commit(&actor, Change { observations: vec![record], ..Change::default() }).expect("commits");
        commits.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let first = commits[0]; // builds the table of ids
    println!("first commit {first:.1} ms, then one record per commit: {:.2} ms", median(&mut commits));
}

/// Seconds for the rows, and for what comes after the last of them.
fn import(path: &Path, points: &Path, rows: usize) -> (f64, f64) {
    let new = NewFile {
        plane: Plane::from_epsg(26916).expect("UTM 16 N"),
        time_zone: "America/Chicago".into(),
        controller: "police".into(),
        data_class: DataClass::Synthetic,
        areas: vec![],
        places: vec![],
        vocabulary: Vocabulary::seed(),
        promises: vec![],
    };
    let actor = Actor::local("bench");
    let mut file = DataFile::create(path, &new, &actor).expect("creates");
    let note =
        ImportNote { file: "points.csv".into(), sha256: "bench".into(), id_prefix: String::new(), update: false };
    let mut import = file.begin_import(&actor, "observations", note).expect("begins");
    let mut jitter = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let mut done = 0;
    let mut insert_s = 0.0;
    while done < rows {
        let mut reader = csv::Reader::from_path(points).expect("reads");
        for line in reader.records().take(rows - done) {
            let line = line.expect("a row");
            let number = |column: usize| line[column].parse::<f64>().expect("a number");
            let (lon, lat) =
                (number(3) + jitter.random_range(-0.003..0.003), number(4) + jitter.random_range(-0.002..0.002));
            let record = observation(&done.to_string(), lon, lat, done as i64 * 300, &line[2]);
            let start = Instant::now();
            import.add_observation(&record).expect("adds");
            insert_s += start.elapsed().as_secs_f64();
            done += 1;
        }
    }
    let start = Instant::now();
    import.finish(rows as u64, rows as u64, 0).expect("finishes");
    drop(file);
    (insert_s, start.elapsed().as_secs_f64())
}

fn observation(id: &str, lon: f64, lat: f64, second: i64, category: &str) -> Observation {
    Observation {
        id: Id::new(id).expect("a valid id"),
        category: category.to_string(),
        feeling: None,
        when: When::instant(1_262_304_000 + second),
        location: Location {
            shape: Some(Shape::Point(LonLat::new(lon, lat).expect("a position"))),
            ..Location::default()
        },
        source: None,
        severity: None,
        text: None,
        kept: vec![],
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A line of `/proc/self/status` in megabytes; 0 where there is no such file.
fn status_mb(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|l| l.strip_prefix(line)?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0 / 1e6
}
