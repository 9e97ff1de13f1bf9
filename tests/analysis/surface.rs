//! Layers over snapshots: which records, on which cells, and what is refused before the work.

use lagesbild::analysis::kernel::{Bandwidth, Kernel};
use lagesbild::analysis::surface::{KernelParams, SurfaceError, grid_layer, hexagon_layer, kernel_surface};
use lagesbild::domain::{BBox, Filter};
use lagesbild::spatial::Snapshot;

use super::fixture::{Record, area, at_noon, everything, snapshot};

fn params(cell_m: f64) -> KernelParams {
    let bandwidth = Bandwidth::new(300.0).expect("valid");
    KernelParams { kernel: Kernel::Quartic, bandwidth, cell_m, bbox: None, cost_limit: 300_000_000 }
}

fn square_and_points() -> Snapshot {
    let areas = vec![area("a", "set", [14.00, 57.00, 14.05, 57.03])];
    let records: Vec<Record> = (0..40)
        .map(|i| at_noon("2025-03-01", 14.010 + f64::from(i % 8) / 300.0, 57.008 + f64::from(i / 8) / 500.0))
        .chain([
            at_noon("2025-03-01", 14.02, 57.01).precise_to(400.0),
            at_noon("2025-03-01", 14.02, 57.01).nowhere(),
            at_noon("2025-03-01", 18.00, 59.30),
        ])
        .collect();
    snapshot(areas, &records)
}

#[test]
fn the_surface_integrates_to_the_records_it_used() {
    let surface = kernel_surface(&square_and_points(), &everything(), &params(25.0)).expect("allowed");
    let r = surface.records;
    assert_eq!((r.used, r.too_coarse, r.without_position, r.outside), (40, 1, 1, 1));
    let cell_km2 = 25.0 * 25.0 / 1e6;
    let integral: f64 = surface.per_km2.iter().sum::<f64>() * cell_km2;
    // The lattice sum of a quartic kernel with 12 cells to the bandwidth is within a thousandth of its integral.
    assert!((integral - 40.0).abs() < 0.04, "{integral}");
}

#[test]
fn a_value_at_a_centre_does_not_depend_on_the_box() {
    let snapshot = square_and_points();
    let whole = kernel_surface(&snapshot, &everything(), &params(75.0)).expect("allowed");
    let bbox = Some(BBox::parse("14.015,57.009,14.025,57.014").expect("box"));
    let part = kernel_surface(&snapshot, &everything(), &KernelParams { bbox, ..params(75.0) }).expect("allowed");
    assert!(part.raster.cells() < whole.raster.cells() / 4);
    let most = whole.per_km2.iter().copied().fold(0.0, f64::max);
    let mut compared = 0;
    for row in 0..part.raster.ny() {
        for col in 0..part.raster.nx() {
            let at = |origin: f64, centre: f64| ((centre - origin) / 75.0).floor() as usize;
            let (x, y) =
                (at(whole.raster.x_min_m(), part.raster.x_m(col)), at(whole.raster.y_min_m(), part.raster.y_m(row)));
            let (a, b) = (part.per_km2[row * part.raster.nx() + col], whole.per_km2[y * whole.raster.nx() + x]);
            assert!((a - b).abs() <= 1e-10 * most, "{a} {b} of {most}");
            compared += usize::from(b > 0.0);
        }
    }
    assert!(compared > 50, "only {compared} cells had a density");
}

#[test]
fn too_much_work_is_refused_before_it_is_done_with_what_would_be_accepted() {
    let asked = params(0.05);
    let began = std::time::Instant::now();
    let error = kernel_surface(&square_and_points(), &everything(), &asked).expect_err("too costly");
    assert!(began.elapsed().as_secs() < 5, "it was computed first");
    let SurfaceError::TooCostly { limit, accepted_cell_m, cost } = error else { panic!("{error}") };
    assert!(cost > limit);
    assert!(kernel_surface(&square_and_points(), &everything(), &params(accepted_cell_m)).is_ok());
}

#[test]
fn a_stray_point_explodes_neither_grid_nor_surface() {
    let areas = vec![area("a", "set", [14.00, 57.00, 14.05, 57.03])];
    let records = [at_noon("2025-03-01", 0.0, 0.0), at_noon("2025-03-01", 14.01, 57.01)];
    let stray = snapshot(areas, &records);
    let (cells, counts) = grid_layer(&stray, &everything(), 25.0).expect("allowed");
    assert_eq!((cells.len(), counts.used), (2, 2));
    let surface = kernel_surface(&stray, &everything(), &params(25.0)).expect("allowed");
    assert_eq!((surface.records.used, surface.records.outside), (1, 1));
    // Without areas the records themselves set the extent: refused, not attempted.
    let error = kernel_surface(&snapshot(Vec::new(), &records), &everything(), &params(25.0)).expect_err("too costly");
    assert!(matches!(error, SurfaceError::TooCostly { .. } | SurfaceError::Raster(_)), "{error}");
}

#[test]
fn grids_and_hexagons_partition_the_located_records() {
    let snapshot = square_and_points();
    let filter = Filter::default();
    let (cells, counts) = grid_layer(&snapshot, &filter, 250.0).expect("allowed");
    assert_eq!(cells.iter().map(|c| c.count).sum::<u64>(), counts.used);
    assert_eq!((counts.used, counts.too_coarse, counts.without_position), (41, 1, 1));
    let (hexagons, counts) = hexagon_layer(&snapshot, &filter, 9).expect("allowed");
    assert_eq!(hexagons.iter().map(|c| c.count).sum::<u64>(), counts.used);
}
