//! The surface against the plain double sum, and what it promises about order, threads and borders.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::spatial::Extent;

/// The definition, written down.
fn plain_sum(points: &[WeightedPoint], raster: &Raster, kernel: Kernel, h: f64) -> Vec<f64> {
    let cells = (0..raster.ny()).flat_map(|row| (0..raster.nx()).map(move |col| (row, col)));
    cells
        .map(|(row, col)| {
            let (x, y) = (raster.x_m(col), raster.y_m(row));
            let value = |p: &WeightedPoint| {
                let d2 = (x - p.x_m).powi(2) + (y - p.y_m).powi(2);
                let within = kernel == Kernel::Gaussian || d2 < h * h;
                if within { p.weight * kernel.at_squared(d2 / (h * h)) / (h * h) } else { 0.0 }
            };
            points.iter().map(value).sum()
        })
        .collect()
}

fn bandwidth(m: f64) -> Bandwidth {
    Bandwidth::new(m).expect("positive")
}

/// Clusters, snapped duplicates and stray points, in coordinates as large as SWEREF 99 TM's.
fn events(n: usize, seed: u64, signed: bool) -> Vec<WeightedPoint> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n)
        .map(|i| {
            let spread: f64 = if i % 3 == 0 { 1500.0 } else { 150.0 };
            let snap: f64 = if i % 2 == 0 { 25.0 } else { 0.001 };
            let mut coordinate = |origin: f64| origin + (rng.random_range(-spread..spread) / snap).round() * snap;
            let (x_m, y_m) = (coordinate(481_800.0), coordinate(6_390_000.0));
            let weight = rng.random_range(0.1..3.0) * if signed && i % 2 == 0 { -1.0 } else { 1.0 };
            WeightedPoint { x_m, y_m, weight }
        })
        .collect()
}

fn worst_share_of_largest(got: &[f64], expected: &[f64]) -> f64 {
    let largest = expected.iter().fold(f64::MIN_POSITIVE, |m: f64, v| m.max(v.abs()));
    got.iter().zip(expected).fold(0.0, |worst: f64, (a, b)| worst.max((a - b).abs() / largest))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn every_kernel_equals_the_plain_double_sum(
        n in 0usize..80,
        seed in 0u64..1000,
        signed in any::<bool>(),
        (dx, dy) in (5.0f64..90.0, 5.0f64..90.0),
        (nx, ny) in (1usize..60, 1usize..40),
        (offset_x, offset_y) in (-1200.0f64..600.0, -1200.0f64..600.0),
        h in 3.0f64..900.0,
    ) {
        let points = events(n, seed, signed);
        let raster = Raster::new(481_800.0 + offset_x, 6_390_000.0 + offset_y, dx, dy, nx, ny).expect("valid");
        for kernel in Kernel::ALL {
            let got = kernel_density(&points, &raster, kernel, bandwidth(h));
            let expected = plain_sum(&points, &raster, kernel, h);
            // Against the centre of one event where no cell is reached by much.
            // Where only the rim of a kernel reaches in, rounding counts against a hundredth of one event's peak.
            let floor = kernel.at_centre() / (h * h) * 1e-2;
            let largest = expected.iter().fold(floor, |m: f64, v| m.max(v.abs()));
            for (cell, (a, b)) in got.iter().zip(&expected).enumerate() {
                prop_assert!((a - b).abs() <= 1e-10 * largest, "{kernel:?} cell {cell}: {a} for {b}");
            }
            let at: Vec<[f64; 2]> = (0..raster.cells()).step_by(7)
                .map(|cell| [raster.x_m(cell % nx), raster.y_m(cell / nx)]).collect();
            let single = kernel_density_at(&points, &at, kernel, bandwidth(h));
            for (a, b) in single.iter().zip(expected.iter().step_by(7)) {
                prop_assert!((a - b).abs() <= 1e-12 * largest, "{kernel:?} at a position: {a} for {b}");
            }
        }
    }
}

#[test]
fn many_blocks_and_long_rows_keep_the_accuracy() {
    let points = events(3000, 7, true);
    // 1,200 columns are some 15 blocks of four bandwidths.
    let raster = Raster::new(480_000.0, 6_389_500.0, 3.0, 40.0, 1200, 25).expect("valid");
    for kernel in [Kernel::Uniform, Kernel::Epanechnikov, Kernel::Quartic, Kernel::Triweight] {
        let got = kernel_density(&points, &raster, kernel, bandwidth(60.0));
        let worst = worst_share_of_largest(&got, &plain_sum(&points, &raster, kernel, 60.0));
        assert!(worst < 1e-11, "{kernel:?}: {worst}");
    }
}

#[test]
fn the_surface_integrates_to_the_sum_of_weights() {
    let points = events(400, 3, false);
    let total: f64 = points.iter().map(|p| p.weight).sum();
    let extent = Extent::of(points.iter().map(|p| [p.x_m, p.y_m])).expect("not empty");
    for kernel in Kernel::ALL {
        let h = 200.0;
        let raster = Raster::aligned(extent.grown(kernel.reach() * h + 10.0), 10.0).expect("valid");
        let sum: f64 = kernel_density(&points, &raster, kernel, bandwidth(h)).iter().sum::<f64>() * 100.0;
        // A jump at the border makes the midpoint rule coarser for the uniform kernel.
        let tolerance = if kernel == Kernel::Uniform { 2e-3 } else { 2e-4 };
        assert!((sum / total - 1.0).abs() < tolerance, "{kernel:?}: {sum} of {total}");
    }
}

#[test]
fn neither_the_order_of_the_input_nor_the_number_of_threads_changes_a_bit() {
    let points = events(2000, 11, true);
    let mut shuffled = points.clone();
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for i in (1..shuffled.len()).rev() {
        shuffled.swap(i, rng.random_range(0..=i));
    }
    let raster = Raster::new(480_000.0, 6_388_000.0, 13.0, 29.0, 280, 140).expect("valid");
    let in_threads = |threads: usize, points: &[WeightedPoint], kernel: Kernel| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let values = pool.install(|| kernel_density(points, &raster, kernel, bandwidth(170.0)));
        values.into_iter().map(f64::to_bits).collect::<Vec<_>>()
    };
    for kernel in Kernel::ALL {
        let reference = in_threads(1, &points, kernel);
        assert_eq!(reference, in_threads(1, &shuffled, kernel), "{kernel:?} reordered");
        assert_eq!(reference, in_threads(3, &shuffled, kernel), "{kernel:?} in three threads");
    }
}

#[test]
fn no_events_give_exact_zeros_and_untouched_cells_are_exactly_zero() {
    let raster = Raster::new(0.0, 0.0, 10.0, 10.0, 30, 20).expect("valid");
    assert!(kernel_density(&[], &raster, Kernel::Quartic, bandwidth(50.0)).iter().all(|v| v.to_bits() == 0));
    let points =
        [WeightedPoint { x_m: 100.3, y_m: 100.7, weight: 1e9 }, WeightedPoint { x_m: 131.1, y_m: 97.3, weight: -0.3 }];
    for kernel in Kernel::ALL.into_iter().filter(|&k| k != Kernel::Gaussian) {
        let values = kernel_density(&points, &raster, kernel, bandwidth(40.0));
        for (cell, value) in values.iter().enumerate() {
            let (x, y) = (raster.x_m(cell % 30), raster.y_m(cell / 30));
            let reached = points.iter().any(|p| (x - p.x_m).hypot(y - p.y_m) < 40.0);
            assert_eq!(value.to_bits() != 0, reached, "{kernel:?} at {x}, {y}: {value}");
        }
    }
}

#[test]
fn a_distance_of_exactly_the_bandwidth_counts_nothing() {
    // 3-4-5: the centre of the cell at (35, 45) is exactly 50 m from (5, 5).
    let raster = Raster::new(0.0, 0.0, 10.0, 10.0, 10, 10).expect("valid");
    let points = [WeightedPoint { x_m: 5.0, y_m: 5.0, weight: 1.0 }];
    for kernel in Kernel::ALL.into_iter().filter(|&k| k != Kernel::Gaussian) {
        let values = kernel_density(&points, &raster, kernel, bandwidth(50.0));
        let at = kernel_density_at(&points, &[[35.0, 45.0], [55.0, 5.0]], kernel, bandwidth(50.0));
        assert_eq!([values[4 * 10 + 3], values[5], at[0], at[1]].map(f64::to_bits), [0; 4], "{kernel:?}");
        assert!(values[4] > 0.0, "{kernel:?}");
    }
}

#[test]
fn positions_that_are_no_numbers_count_nowhere() {
    let raster = Raster::new(0.0, 0.0, 10.0, 10.0, 10, 10).expect("valid");
    let points = [
        WeightedPoint { x_m: f64::NAN, y_m: 5.0, weight: 1.0 },
        WeightedPoint { x_m: 5.0, y_m: f64::NEG_INFINITY, weight: 1.0 },
    ];
    for kernel in Kernel::ALL {
        assert!(kernel_density(&points, &raster, kernel, bandwidth(50.0)).iter().all(|v| v.to_bits() == 0));
        assert!(kernel_density_at(&points, &[[5.0, 5.0]], kernel, bandwidth(50.0))[0].to_bits() == 0);
        assert_eq!(cost(&points, &raster, kernel, bandwidth(50.0)), 100);
    }
}

#[test]
fn a_stray_event_outside_the_raster_costs_and_changes_nothing() {
    let raster = Raster::new(0.0, 0.0, 10.0, 10.0, 10, 10).expect("valid");
    let stray = WeightedPoint { x_m: -6e6, y_m: 7e6, weight: 5.0 };
    let near = WeightedPoint { x_m: -20.0, y_m: 50.0, weight: 1.0 };
    let without = kernel_density(&[near], &raster, Kernel::Quartic, bandwidth(50.0));
    assert_eq!(kernel_density(&[stray, near], &raster, Kernel::Quartic, bandwidth(50.0)), without);
    assert!(without[5 * 10] > 0.0, "the event beside the raster reaches into it");
}

#[test]
fn the_cost_is_row_intervals_plus_cells() {
    let raster = Raster::new(0.0, 0.0, 10.0, 20.0, 100, 50).expect("valid");
    // Rows have their centres at 10, 30, 50, ...: a radius of 25 m around 500 m reaches 490 and 510.
    let point = WeightedPoint { x_m: 503.0, y_m: 500.0, weight: 1.0 };
    assert_eq!(cost(&[point; 3], &raster, Kernel::Quartic, bandwidth(25.0)), 3 * 2 + 5000);
    // Columns 485, 495, 505, 515, 525 lie within 25 m of 503.
    assert_eq!(cost(&[point; 3], &raster, Kernel::Triangular, bandwidth(25.0)), 3 * 2 * 5 + 5000);
    let outside = WeightedPoint { x_m: 503.0, y_m: -25.0, weight: 1.0 };
    assert_eq!(cost(&[outside], &raster, Kernel::Quartic, bandwidth(25.0)), 5000);
}

#[test]
fn a_difference_of_two_periods_is_one_call_with_signed_weights() {
    let (before, after) = (events(200, 1, false), events(150, 2, false));
    let raster = Raster::new(481_000.0, 6_389_000.0, 20.0, 20.0, 80, 80).expect("valid");
    let h = bandwidth(120.0);
    let both: Vec<_> =
        after.iter().copied().chain(before.iter().map(|p| WeightedPoint { weight: -p.weight, ..*p })).collect();
    let difference = kernel_density(&both, &raster, Kernel::Quartic, h);
    let (a, b) =
        (kernel_density(&after, &raster, Kernel::Quartic, h), kernel_density(&before, &raster, Kernel::Quartic, h));
    let expected: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
    assert!(worst_share_of_largest(&difference, &expected) < 1e-12);
    assert!(difference.iter().any(|&v| v < 0.0));
}
