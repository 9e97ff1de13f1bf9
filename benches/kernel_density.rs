//! How long exact kernel density takes on recorded data, how exact it is, how it grows, and how
//! other programs do on the same machine in the same run. Figures and reading: docs/performance.md.
//!
//! ```text
//! LAGESBILD_SHARED=../shared LAGESBILD_PEERS_PYTHON=peers/bin/python cargo bench --bench kernel_density
//! ```

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Instant;

use lagesbild::analysis::kernel::{Bandwidth, Kernel};
use lagesbild::analysis::kernel_density::{WeightedPoint, cost, kernel_density};
use lagesbild::domain::{LonLat, Plane};
use lagesbild::spatial::{Extent, Raster};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// UTM zone 16 north, where Atlanta lies.
const PLANE: u16 = 32616;
const RADIUS_M: f64 = 1000.0;
const RUNS: usize = 15;
const SEED: u64 = 20_261_122;

/// Pools of one and two threads that live as long as the program: a thread that ends takes its
/// account of processor time along.
static POOLS: LazyLock<[rayon::ThreadPool; 2]> = LazyLock::new(|| {
    [1, 2].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool"))
});

fn main() {
    let Some(recorded) = read_points() else { return };
    let extent = Extent::of(recorded.iter().map(|p| [p.x_m, p.y_m])).expect("the file has points");
    let oblong = raster(extent, 1280, 960);
    let square = square_cells(extent, 1280 * 960);
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let one = synthetic(&recorded, 1, &mut rng);
    let two = synthetic(&recorded, 2, &mut rng);
    let four = synthetic(&recorded, 4, &mut rng);

    println!("\nQuartic, radius {RADIUS_M} m, {RUNS} runs each; collapsing duplicates and sorting included.\n");
    println!(
        "| points | cells | size of a cell | threads | least | median | least processor time | row intervals + cells |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, points, raster) in [
        ("270,688 recorded", &recorded, &oblong),
        ("270,688 recorded", &recorded, &square),
        ("1,082,752 synthetic", &four, &oblong),
        ("1,082,752 synthetic", &four, &square),
    ] {
        for threads in [1, 2] {
            let [least, median, processor] = seconds(threads, points, raster, Kernel::Quartic);
            println!(
                "| {name} | {} x {} | {:.1} x {:.1} m | {threads} | {least:.3} s | {median:.3} s | {processor:.3} s | {} |",
                raster.nx(),
                raster.ny(),
                raster.dx_m(),
                raster.dy_m(),
                cost(points, raster, Kernel::Quartic, radius()),
            );
        }
    }
    kernels(&recorded, &oblong);
    accuracy(&four, &oblong, &mut rng);
    growth([&one, &two, &four], extent);
    peers(&recorded, &four, &oblong);
}

fn radius() -> Bandwidth {
    Bandwidth::new(RADIUS_M).expect("positive")
}

/// Least and median time of some runs in a pool of its own, and the least processor time of a run,
/// which other programs on a shared machine disturb less.
fn seconds(threads: usize, points: &[WeightedPoint], raster: &Raster, kernel: Kernel) -> [f64; 3] {
    let pool = &POOLS[threads - 1];
    let mut processor = f64::INFINITY;
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let (start, processor_start) = (Instant::now(), processor_seconds());
            let values = pool.install(|| kernel_density(points, raster, kernel, radius()));
            let seconds = start.elapsed().as_secs_f64();
            processor = processor.min(processor_seconds() - processor_start);
            assert_eq!(values.len(), raster.cells());
            seconds
        })
        .collect();
    times.sort_by(f64::total_cmp);
    [times[0], times[RUNS / 2], processor]
}

/// Processor time of all threads of this process so far, from Linux's accounts; NaN elsewhere.
fn processor_seconds() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return f64::NAN };
    let of_task = |path: PathBuf| {
        let text = std::fs::read_to_string(path.join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    tasks.flatten().filter_map(|task| of_task(task.path())).sum::<f64>() / 1e9
}

fn kernels(points: &[WeightedPoint], raster: &Raster) {
    println!("\nOther kernels, 270,688 recorded, 1 thread:\n");
    for kernel in [Kernel::Uniform, Kernel::Epanechnikov, Kernel::Quartic, Kernel::Triweight] {
        let [least, median, processor] = seconds(1, points, raster, kernel);
        println!("- {}: least {least:.3} s, median {median:.3} s, processor {processor:.3} s", kernel.code());
    }
}

/// The largest difference from the plain sum over all events, at randomly chosen cells.
fn accuracy(points: &[WeightedPoint], raster: &Raster, rng: &mut ChaCha8Rng) {
    let h = RADIUS_M;
    let values = kernel_density(points, raster, Kernel::Quartic, radius());
    let largest = values.iter().copied().fold(0.0, f64::max);
    let mut worst = 0.0_f64;
    let cells = 400;
    for _ in 0..cells {
        let cell = rng.random_range(0..raster.cells());
        let (x, y) = (raster.x_m(cell % raster.nx()), raster.y_m(cell / raster.nx()));
        let plain: f64 = points
            .iter()
            .map(|p| 1.0 - ((x - p.x_m).powi(2) + (y - p.y_m).powi(2)) / (h * h))
            .filter(|&inside| inside > 0.0)
            .map(|inside| 3.0 / std::f64::consts::PI * inside * inside / (h * h))
            .sum();
        worst = worst.max((values[cell] - plain).abs());
    }
    println!("\nLargest error at {cells} random cells, 1,082,752 points: {:.1e} of the maximum", worst / largest);
}

/// What doubling the points or the cells costs: least processor time of the runs on one thread.
fn growth([one, two, four]: [&Vec<WeightedPoint>; 3], extent: Extent) {
    let raster_of = |nx, ny| raster(extent, nx, ny);
    let time = |points: &[WeightedPoint], raster: &Raster| seconds(1, points, raster, Kernel::Quartic)[2];
    let oblong = raster_of(1280, 960);
    let [t1, t2, t4] = [one, two, four].map(|points| time(points, &oblong));
    let twice = time(one, &raster_of(1810, 1358));
    let twice_four = time(four, &raster_of(1810, 1358));
    println!("\nGrowth, synthetic (every position jittered, no duplicates), 1 thread:\n");
    println!("- points 270,688 -> 541,376: {t1:.3} -> {t2:.3} s, {:.2} times", t2 / t1);
    println!("- points 541,376 -> 1,082,752: {t2:.3} -> {t4:.3} s, {:.2} times", t4 / t2);
    println!("- cells 1,228,800 -> 2,457,980 with 270,688 points: {t1:.3} -> {twice:.3} s, {:.2} times", twice / t1);
    println!(
        "- cells 1,228,800 -> 2,457,980 with 1,082,752 points: {t4:.3} -> {twice_four:.3} s, {:.2} times",
        twice_four / t4
    );
}

fn raster(extent: Extent, nx: usize, ny: usize) -> Raster {
    let (width, height) = (extent.x_max_m - extent.x_min_m, extent.y_max_m - extent.y_min_m);
    Raster::new(extent.x_min_m, extent.y_min_m, width / nx as f64, height / ny as f64, nx, ny).expect("a raster")
}

/// As many square cells over the extent.
fn square_cells(extent: Extent, cells: usize) -> Raster {
    let (width, height) = (extent.x_max_m - extent.x_min_m, extent.y_max_m - extent.y_min_m);
    let cell_m = (width * height / cells as f64).sqrt();
    let (nx, ny) = ((width / cell_m).ceil() as usize, (height / cell_m).ceil() as usize);
    Raster::new(extent.x_min_m, extent.y_min_m, cell_m, cell_m, nx, ny).expect("a raster")
}

/// Copies of the recorded points, each moved by up to 50 m along both axes: not real events.
fn synthetic(recorded: &[WeightedPoint], copies: usize, rng: &mut ChaCha8Rng) -> Vec<WeightedPoint> {
    let mut points = Vec::with_capacity(recorded.len() * copies);
    for p in std::iter::repeat_n(recorded, copies).flatten() {
        let (dx, dy): (f64, f64) = (rng.random_range(-50.0..50.0), rng.random_range(-50.0..50.0));
        points.push(WeightedPoint { x_m: p.x_m + dx, y_m: p.y_m + dy, weight: 1.0 });
    }
    points
}

fn read_points() -> Option<Vec<WeightedPoint>> {
    let shared = std::env::var_os("LAGESBILD_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let path = shared.join("data/atlanta-crime-270k/points.csv");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("SKIPPED, nothing measured: {} cannot be read: {error}", path.display());
            eprintln!("Set LAGESBILD_SHARED to the folder that holds data/atlanta-crime-270k.");
            return None;
        }
    };
    let plane = Plane::from_epsg(PLANE).expect("UTM zone 16 is known");
    let point = |line: &str| {
        let (lon, lat) = line.split_once(',')?;
        let at = LonLat::new(lon.parse().ok()?, lat.parse().ok()?).ok()?;
        let [x_m, y_m] = plane.to_plane(at).ok()?;
        Some(WeightedPoint { x_m, y_m, weight: 1.0 })
    };
    let points: Vec<_> =
        text.lines().skip(1).map(|l| point(l).unwrap_or_else(|| panic!("not a position: {l}"))).collect();
    println!("{} points from {}", points.len(), path.file_name().unwrap_or_default().display());
    Some(points)
}

/// Times LIBKDV and KDEpy on the same points. Reading and shifting their input is not counted.
fn peers(recorded: &[WeightedPoint], four: &[WeightedPoint], raster: &Raster) {
    let Some(python) = std::env::var_os("LAGESBILD_PEERS_PYTHON") else {
        eprintln!("\nSKIPPED, no peers measured: set LAGESBILD_PEERS_PYTHON to a Python with");
        eprintln!("'pandas<3' libkdv==1.1.20 KDEpy==1.1.12 installed.");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, points: &[WeightedPoint]| {
        let path = folder.path().join(name);
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a temporary file"));
        writeln!(file, "x,y").expect("written");
        for p in points {
            writeln!(file, "{},{}", p.x_m, p.y_m).expect("written");
        }
        path
    };
    let (recorded_csv, four_csv) = (write("recorded.csv", recorded), write("four.csv", four));
    println!("\n| program | kernel | radius | points | threads | seconds |\n|---|---|---|---|---|---|");
    let status = Command::new(&python)
        .arg("-c")
        .arg(PEERS)
        .args([&recorded_csv, &four_csv])
        .args([raster.nx().to_string(), raster.ny().to_string()])
        .status();
    if !status.as_ref().is_ok_and(std::process::ExitStatus::success) {
        eprintln!("SKIPPED, peers not (fully) measured: {} answered {status:?}", Path::new(&python).display());
    }
    for (name, points) in [("270,688", recorded), ("1,082,752", four)] {
        for kernel in [Kernel::Quartic, Kernel::Epanechnikov] {
            for threads in [1, 2] {
                let median = seconds(threads, points, raster, kernel)[1];
                println!("| this program | {} | 1000 m | {name} | {threads} | {median:.3} |", kernel.code());
            }
        }
    }
}

/// LIBKDV doubles the bandwidth it is given, so 500 is a radius of 1000 m. KDEpy takes the standard
/// deviation of the one-dimensional kernel: the radius of the biweight (quartic) over the root of 7.
const PEERS: &str = r#"
import sys, time, math, statistics
import numpy as np, pandas as pd
recorded, four = (pd.read_csv(path) for path in sys.argv[1:3])
nx, ny = int(sys.argv[3]), int(sys.argv[4])
def row(program, kernel, radius, points, threads, seconds):
    print(f"| {program} | {kernel} | {radius} m | {points:,} | {threads} | {seconds:.3f} |", flush=True)
try:
    import libkdv
    engine = sys.modules[libkdv.kdv.__module__]
    for threads in (1, 2):
        job = libkdv.kdv(recorded, GPS=False, num_threads=threads, row_pixels=nx, col_pixels=ny, bandwidth=500)
        job.set_args()
        start = time.perf_counter()
        engine.compute_kdv(job.args)
        row("LIBKDV 1.1.20 (engine alone, 1 run)", "Epanechnikov", 1000, len(recorded), threads, time.perf_counter() - start)
except Exception as problem:
    print(f"LIBKDV skipped: {problem!r}", file=sys.stderr)
try:
    from KDEpy import FFTKDE
    for frame in (recorded, four):
        points = frame[["x", "y"]].to_numpy()
        for radius in (500, 1000):
            low, high = points.min(axis=0) - 2 * radius, points.max(axis=0) + 2 * radius
            x, y = np.linspace(low[0], high[0], nx), np.linspace(low[1], high[1], ny)
            grid = np.stack(np.meshgrid(x, y, indexing="ij"), -1).reshape(-1, 2)
            times = []
            for _ in range(5):
                start = time.perf_counter()
                FFTKDE(kernel="biweight", norm=2, bw=radius / math.sqrt(7)).fit(points).evaluate(grid)
                times.append(time.perf_counter() - start)
            row("KDEpy 1.1.12 (binned FFT)", "quartic", radius, len(points), 1, statistics.median(times))
except Exception as problem:
    print(f"KDEpy skipped: {problem!r}", file=sys.stderr)
"#;
