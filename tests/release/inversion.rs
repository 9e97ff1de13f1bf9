//! X3: what can be got out of the density. Whoever solves for the points behind the surface gets no nearer to the
//! reports than whoever looks at the published squares.

use std::f64::consts::PI;

use lagesbild::release::attack::{Place, Shown, Statement};
use lagesbild::release::density::density;
use lagesbild::release::statistics::Density;

use crate::model::{Report, Town};
use crate::towns::{figures, towns};

/// A place with how much is there.
type Mass = ([f64; 2], f64);

/// Points a quarter of a square apart whose surface fits the published classes best, none negative: multiplicative
/// steps (Lee and Seung 2001), which keep what is zero at zero.
fn recovered(density: &Density) -> Vec<Mass> {
    let (cell, reach) = (f64::from(density.cell_m), f64::from(density.bandwidth_m));
    let breaks = &density.breaks_per_km2;
    let middle = |class: u8| {
        let low = breaks[usize::from(class) - 1];
        // The highest class has no upper limit; the series goes on.
        let high = breaks.get(usize::from(class)).copied().unwrap_or(low * 2.0);
        (low + high) / 2.0
    };
    let cells: Vec<([f64; 2], f64)> = density
        .cells
        .iter()
        .map(|c| ([c.x_m as f64 + cell / 2.0, c.y_m as f64 + cell / 2.0], middle(c.class)))
        .collect();
    let step = cell / 4.0;
    let mut points: Vec<[f64; 2]> = Vec::new();
    for ([x, y], _) in &cells {
        for i in 0..4 {
            for j in 0..4 {
                let at = |centre: f64, n: i32| centre - cell / 2.0 + (f64::from(n) + 0.5) * step;
                points.push([at(*x, i), at(*y, j)]);
            }
        }
    }
    let kernel = |a: &[f64; 2], b: &[f64; 2]| {
        let u2 = ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)) / (reach * reach);
        if u2 < 1.0 { 3.0 / PI * (1.0 - u2).powi(2) / (reach * reach) * 1e6 } else { 0.0 }
    };
    // Which points each cell sees, and how much of each.
    let rows: Vec<Vec<(usize, f64)>> = cells
        .iter()
        .map(|(centre, _)| {
            let near = points.iter().enumerate().map(|(n, point)| (n, kernel(centre, point)));
            near.filter(|(_, k)| *k > 0.0).collect()
        })
        .collect();
    let back = |values: &[f64]| {
        let mut sums = vec![0.0; points.len()];
        for (row, value) in rows.iter().zip(values) {
            row.iter().for_each(|(n, k)| sums[*n] += k * value);
        }
        sums
    };
    let wanted = back(&cells.iter().map(|(_, value)| *value).collect::<Vec<_>>());
    let mut weights = vec![1.0; points.len()];
    for _ in 0..200 {
        let surface: Vec<f64> = rows.iter().map(|row| row.iter().map(|(n, k)| k * weights[*n]).sum()).collect();
        for ((weight, up), down) in weights.iter_mut().zip(&wanted).zip(back(&surface)) {
            *weight *= up / down.max(1e-12);
        }
    }
    points.into_iter().zip(weights).filter(|(_, weight)| *weight > 1e-6).collect()
}

/// Centres of the published squares with their numbers, the smallest that have one.
fn centres(statements: &[Statement]) -> Vec<Mass> {
    let squares = statements.iter().filter_map(|s| match (&s.place, s.shown) {
        (Place::Square { cell_m, x_m, y_m }, Shown::About(n)) => Some((*cell_m, *x_m, *y_m, n)),
        _ => None,
    });
    let squares: Vec<_> = squares.collect();
    let is_divided = |(cell_m, x, y, _): &(u32, i64, i64, u32)| {
        let side = i64::from(*cell_m);
        squares.iter().any(|(c, a, b, _)| c < cell_m && (*x..x + side).contains(a) && (*y..y + side).contains(b))
    };
    let whole = squares.iter().filter(|square| !is_divided(square));
    whole
        .map(|(cell_m, x, y, n)| {
            let half = f64::from(*cell_m) / 2.0;
            ([*x as f64 + half, *y as f64 + half], f64::from(*n))
        })
        .collect()
}

/// How far a unit of mass is from the nearest report, metres, on average.
fn distance_m(masses: &[Mass], reports: &[&Report]) -> f64 {
    let nearest = |at: &[f64; 2]| {
        let all = reports.iter().map(|r| (r.x_m - at[0]).powi(2) + (r.y_m - at[1]).powi(2));
        all.fold(f64::INFINITY, f64::min).sqrt()
    };
    let whole: f64 = masses.iter().map(|(_, weight)| weight).sum();
    masses.iter().map(|(at, weight)| weight * nearest(at)).sum::<f64>() / whole
}

#[test]
fn the_density_brings_nobody_nearer_to_a_report_than_its_squares() {
    let mut gains = Vec::new();
    for town in towns() {
        let release = town.release();
        let statistics = release.get().statistics.as_ref().expect("statistics");
        let Some(published) = &statistics.density else { continue };
        let squares: Vec<Statement> =
            figures(release.get()).iter().filter(|s| matches!(s.place, Place::Square { .. })).cloned().collect();
        assert_eq!(density(&squares).as_ref(), Some(published), "town {}: from the squares alone", town.seed);
        let reports: Vec<&Report> = Town::of_year(&town).collect();
        let (by_surface, by_squares) =
            (distance_m(&recovered(published), &reports), distance_m(&centres(&squares), &reports));
        println!("town {}: {by_surface:.0} m from the surface, {by_squares:.0} m from the squares", town.seed);
        gains.push(by_squares - by_surface);
    }
    // One-sided paired t test: the surface must not be nearer than chance explains at 1 %.
    let n = gains.len() as f64;
    let mean = gains.iter().sum::<f64>() / n;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let t = mean / (variance / n).sqrt().max(1e-9);
    println!("{} towns: nearer by {mean:.1} m on average, t = {t:.2}", gains.len());
    assert!(gains.len() >= 2 && (mean <= 0.0 || t < 2.5), "{gains:?}");
}
