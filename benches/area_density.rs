//! Density by area over a million records and the Chicago beats, with PostGIS beside it.
//!
//! `cargo bench --bench area_density [-- ROWS]`; data from the folder in `LAGESBILD_SHARED`, by default
//! `../shared` beside the repository. The records are synthetic: copies of the Chicago points with a
//! seeded jitter of some hundred metres. The peer runs when `LAGESBILD_PEERS_PG` holds a connection
//! string for `psql` to a database with PostGIS; the same records and areas are loaded into temporary
//! tables with a GiST index first. Prints medians of seven runs.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lagesbild::analysis::area_density::{AreaDensityParams, area_density};
use lagesbild::domain::{Area, Filter, LonLat, Period, Plane, Vocabulary, When};
use lagesbild::geodata::{AreaOptions, read_areas};
use lagesbild::spatial::{AreaSet, Columns, DataClass, FileFacts, Frame, Row, Snapshot};
use rand::{RngExt, SeedableRng};

const RUNS: usize = 7;
const YEAR: &str = "2015";

struct Point {
    at: LonLat,
    start_s: i64,
}

fn main() {
    let shared = std::env::var_os("LAGESBILD_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let folder = shared.join("data/chicago-agg-assaults-2010-2019");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is not there; set LAGESBILD_SHARED to the folder that holds data/", folder.display());
        return;
    }
    // Cargo adds --bench to the arguments.
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let zone = TimeZone::get("America/Chicago").expect("bundled");
    let points = jittered(&read_points(&folder.join("points.csv"), &zone), rows);
    let areas = beats(&folder.join("beats.geojson"));
    println!("{rows} synthetic records, {} areas, {} threads", areas.len(), rayon::current_num_threads());

    let began = Instant::now();
    let snapshot = snapshot(&points, areas.clone(), &zone);
    println!("snapshot made from columns in memory: {:.2} s", began.elapsed().as_secs_f64());

    let period = Period::parse(YEAR).expect("period");
    let params = |compare: Option<Period>| AreaDensityParams {
        filter: Filter::default(),
        period: Some(period.clone()),
        compare,
        set: None,
    };
    let ours = median(|| area_density(&snapshot, &params(None)).lines.len());
    let compared = median(|| area_density(&snapshot, &params(Some(period.before()))).lines.len());
    let total = area_density(&snapshot, &params(None)).total.value();
    println!("density by area, one year ({total} records): {:.2} ms", ours * 1e3);
    println!("the same with the year before: {:.2} ms", compared * 1e3);

    match std::env::var("LAGESBILD_PEERS_PG") {
        Err(_) => eprintln!("SKIPPED: PostGIS; set LAGESBILD_PEERS_PG to a connection string for psql"),
        Ok(connection) => {
            let window = period.window(&zone);
            let theirs = postgis(&connection, &points, &areas, (window.start_s, window.end_s));
            println!(
                "PostGIS, count by ST_Contains with the same filter: {theirs:.1} ms, {:.0} times ours",
                theirs / (ours * 1e3)
            );
        }
    }
}

fn read_points(path: &Path, zone: &TimeZone) -> Vec<Point> {
    let mut reader = csv::Reader::from_path(path).expect("points");
    let records = reader.records().map(|record| record.expect("a row"));
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let point = |record: csv::StringRecord| {
        let local: DateTime = record[1].parse().expect("a wall time");
        let start_s = zone.to_ambiguous_timestamp(local).compatible().expect("in range").as_second();
        Point { at: LonLat::new(number(&record[3]), number(&record[4])).expect("a position"), start_s }
    };
    records.map(point).collect()
}

fn jittered(points: &[Point], rows: usize) -> Vec<Point> {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut shift = || random.random_range(-0.002..0.002);
    let copies = points.iter().cycle().take(rows);
    copies
        .map(|p| Point {
            at: LonLat::new(p.at.lon() + shift(), p.at.lat() + shift()).expect("near"),
            start_s: p.start_s,
        })
        .collect()
}

fn beats(path: &Path) -> Vec<Area> {
    let file = BufReader::new(File::open(path).expect("beats"));
    let options = AreaOptions { id_property: Some("beat_num".to_string()), ..AreaOptions::default() };
    read_areas("beats.geojson", file, &options).areas
}

fn snapshot(points: &[Point], areas: Vec<Area>, zone: &TimeZone) -> Snapshot {
    let mut observations = Columns::with_capacity(points.len());
    for (i, point) in points.iter().enumerate() {
        observations.push(&Row {
            id: &i.to_string(),
            at: Some(point.at),
            when: When::instant(point.start_s),
            term: 0,
            source: None,
            feeling: None,
            precision_m: None,
            area: None,
            reporter: None,
        });
    }
    let facts = FileFacts {
        plane: Plane::from_epsg(26916).expect("known"),
        time_zone: "America/Chicago".to_string(),
        zone: zone.clone(),
        data_class: DataClass::Synthetic,
        identity: String::new(),
    };
    let frame = Frame {
        facts: Arc::new(facts),
        areas: Arc::new(AreaSet::new(areas)),
        places: Arc::default(),
        vocabulary: Arc::new(Vocabulary::seed()),
    };
    Snapshot::new(1, frame, observations, Columns::default())
}

fn median<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            std::hint::black_box(work());
            began.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

/// The median of PostGIS's own timing, in milliseconds.
fn postgis(connection: &str, points: &[Point], areas: &[Area], window: (Option<i64>, Option<i64>)) -> f64 {
    use geozero::ToWkt;
    let mut psql = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", connection])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("psql runs");
    let mut input = std::io::BufWriter::new(psql.stdin.take().expect("piped"));
    writeln!(input, "CREATE EXTENSION IF NOT EXISTS postgis; SET jit = off;").expect("psql reads");
    writeln!(input, "CREATE TEMP TABLE a (id text, geom geometry); COPY a FROM STDIN;").expect("psql reads");
    for area in areas {
        let geometry = geo::Geometry::from(area.outline.clone());
        writeln!(input, "{}\t{}", area.id, geometry.to_wkt().expect("writes")).expect("psql reads");
    }
    writeln!(input, "\\.\nCREATE TEMP TABLE p (t bigint, geom geometry); COPY p FROM STDIN;").expect("psql reads");
    for point in points {
        writeln!(input, "{}\tPOINT({} {})", point.start_s, point.at.lon(), point.at.lat()).expect("psql reads");
    }
    writeln!(
        input,
        "\\.\nCREATE INDEX ON p USING gist (geom); CREATE INDEX ON p (t); ANALYZE a; ANALYZE p;\n\\timing on"
    )
    .expect("psql reads");
    let (from, to) = (window.0.unwrap_or(i64::MIN), window.1.unwrap_or(i64::MAX));
    for _ in 0..RUNS {
        writeln!(
            input,
            "SELECT sum(n) FROM (SELECT a.id, count(p.t) AS n FROM a LEFT JOIN p ON ST_Contains(a.geom, p.geom) AND p.t >= {from} AND p.t < {to} GROUP BY a.id) s;"
        )
        .expect("psql reads");
    }
    drop(input);
    let output = String::from_utf8(psql.wait_with_output().expect("psql ends").stdout).expect("text");
    let times = output.lines().filter_map(|line| line.strip_prefix("Time: ")?.split(' ').next()?.parse::<f64>().ok());
    let mut times: Vec<f64> = times.collect();
    assert_eq!(times.len(), RUNS, "{output}");
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}
