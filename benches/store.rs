//! How fast a million observations go into a data file and come out as a snapshot, and what they weigh.
//!
//! `cargo bench --bench store [-- ROWS]`; data from the folder in `LAGESBILD_SHARED`, by default
//! `../shared` beside the repository. The rows are synthetic: copies of the Chicago points with a
//! seeded jitter of some hundred metres. Prints medians of three runs, in wall-clock and in processor
//! seconds: on a shared machine the second is the steadier.

use std::path::{Path, PathBuf};
use std::time::Instant;

use lagesbild::domain::{
    Actor, Collection, Counted, Id, Location, LonLat, Observation, Plane, Record, Shape, Vocabulary, When,
};
use lagesbild::spatial::DataClass;
use lagesbild::store::{Change, DataFile, ImportCounts, ImportNote, NewFile, Store, load_snapshot};
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

    let mut times: [Vec<Spent>; 2] = [vec![], vec![]];
    let path = folder.path().join("bench.gpkg");
    for _ in 0..RUNS {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("bench.gpkg{suffix}")));
        }
        let (insert, finish) = import(&path, &points, rows);
        times[0].push(insert);
        times[1].push(finish);
    }
    let size_mb = std::fs::metadata(&path).map_or(0.0, |meta| meta.len() as f64 / 1e6);
    println!("import of {rows} rows, rows made and given to SQLite: {}", median(&mut times[0]));
    println!("import of {rows} rows, R-tree, commit and checkpoint: {}", median(&mut times[1]));
    println!("peak resident memory with the import: {:.0} MB; file: {size_mb:.0} MB", status_mb("VmHWM:"));

    let mut loads = vec![];
    for run in 0..RUNS {
        let before_mb = status_mb("VmRSS:");
        let start = Spent::begin();
        let snapshot = load_snapshot(&path).expect("loads");
        loads.push(start.end());
        let bytes = (status_mb("VmRSS:") - before_mb) * 1e6 / snapshot.table(Counted::Observations).len() as f64;
        println!("load {}: {}, resident per record {bytes:.0} bytes", run + 1, loads[run]);
    }
    println!("snapshot of {rows} records ready: {}; peak {:.0} MB", median(&mut loads), status_mb("VmHWM:"));

    let store = Store::open(&path).expect("opens");
    let actor = Actor::local("bench");
    let mut commits = vec![];
    for n in 0..200 {
        let record = observation(&format!("single-{n}"), -87.65, 41.85, n, "single");
        let start = Spent::begin();
        store.commit(&actor, Change { observations: vec![record], ..Change::default() }).expect("commits");
        commits.push(start.end());
    }
    let first = commits[0]; // builds the table of ids
    println!("first commit on it: {first}; then one record per commit: {:.2} ms", median(&mut commits).wall_s * 1e3);
}

/// What the rows took, and what came after the last of them.
fn import(path: &Path, points: &Path, rows: usize) -> (Spent, Spent) {
    let new = NewFile {
        plane: Plane::from_epsg(26916).expect("UTM 16 N"),
        time_zone: "America/Chicago".into(),
        controller: "police".into(),
        legal_basis: None,
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
    let mut import = file.begin_import(&actor, Collection::Observations, note).expect("begins");
    let mut jitter = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let mut done = 0;
    let start = Spent::begin();
    while done < rows {
        let mut reader = csv::Reader::from_path(points).expect("reads");
        for line in reader.records().take(rows - done) {
            let line = line.expect("a row");
            let number = |column: usize| line[column].parse::<f64>().expect("a number");
            let (lon, lat) =
                (number(3) + jitter.random_range(-0.003..0.003), number(4) + jitter.random_range(-0.002..0.002));
            let record = observation(&done.to_string(), lon, lat, done as i64 * 300, &line[2]);
            import.add(&Record::Observation(record.clone())).expect("adds");
            done += 1;
        }
    }
    let insert = start.end();
    let start = Spent::begin();
    import.finish(ImportCounts { rows: rows as u64, accepted: rows as u64, rejected: 0 }).expect("finishes");
    drop(file);
    (insert, start.end())
}

/// Wall-clock and processor seconds; between `begin` and `end`, the moment it began.
#[derive(Clone, Copy, Debug)]
struct Spent {
    begun: Instant,
    wall_s: f64,
    cpu_s: f64,
}

impl Spent {
    fn begin() -> Self {
        Self { begun: Instant::now(), wall_s: 0.0, cpu_s: cpu_s() }
    }

    fn end(self) -> Self {
        Self { wall_s: self.begun.elapsed().as_secs_f64(), cpu_s: cpu_s() - self.cpu_s, ..self }
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} s ({:.2} s of processor)", self.wall_s, self.cpu_s)
    }
}

/// Processor seconds of this process so far, all threads; Linux counts them in hundredths.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, user and system; the name before may hold blanks and ends with ')'.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
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
        inventory: None,
        photo: None,
        reporter_key: None,
        text: None,
        kept: vec![],
    }
}

fn median(spent: &mut [Spent]) -> Spent {
    spent.sort_by(|a, b| a.wall_s.total_cmp(&b.wall_s));
    spent[spent.len() / 2]
}

/// A line of `/proc/self/status` in megabytes; 0 where there is no such file.
fn status_mb(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|l| l.strip_prefix(line)?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0 / 1e6
}
