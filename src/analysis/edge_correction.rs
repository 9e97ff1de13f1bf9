//! Edge correction of a Gaussian kernel density in a rectangular window.
//!
//! Near the border of the study window part of each kernel falls outside, where events were not
//! recorded, so the plain density is too low there. With `e(u)` the share of the kernel at `u` that
//! lies inside the window:
//!
//! * *uniform*: `f(u) / e(u)`, the default of spatstat (Diggle 1985),
//! * *Diggle*: `Σ wᵢ k(u - xᵢ) / e(xᵢ)` (Jones 1993), whose integral over the window is the sum of weights.
//!
//! On a rectangle `e` has a closed form in the normal distribution function.

use statrs::function::erf::erf;

use super::kernel::{Bandwidth, Kernel};
use super::kernel_density::{WeightedPoint, kernel_density, kernel_density_at};
use crate::spatial::{Extent, Raster};

/// What is done about the part of a kernel that falls outside the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeCorrection {
    /// Nothing.
    None,
    /// Division of the surface by the share at the cell.
    Uniform,
    /// Division of each event's weight by the share at the event.
    Diggle,
}

/// The share of a Gaussian kernel centred at a position that lies inside the window, from 0 to 1.
pub fn share_inside(window: Extent, [x_m, y_m]: [f64; 2], sigma: Bandwidth) -> f64 {
    let along = |low: f64, high: f64, at: f64| {
        let scaled = |limit: f64| (limit - at) / (sigma.m() * std::f64::consts::SQRT_2);
        0.5 * (erf(scaled(high)) - erf(scaled(low)))
    };
    along(window.x_min_m, window.x_max_m, x_m) * along(window.y_min_m, window.y_max_m, y_m)
}

/// Gaussian density at the cell centres with edge correction, in weight per m², row by row from the
/// south-west. Cells whose centre lies outside the window are NaN-free but meaningless under
/// [`EdgeCorrection::Uniform`]: give a raster inside the window. Cost as
/// [`kernel_density`] with [`Kernel::Gaussian`].
pub fn gaussian_density(
    points: &[WeightedPoint],
    window: Extent,
    raster: &Raster,
    sigma: Bandwidth,
    correction: EdgeCorrection,
) -> Vec<f64> {
    match correction {
        EdgeCorrection::None => kernel_density(points, raster, Kernel::Gaussian, sigma),
        EdgeCorrection::Diggle => {
            let weighted: Vec<_> = points
                .iter()
                .map(|p| WeightedPoint { weight: p.weight / share_inside(window, [p.x_m, p.y_m], sigma), ..*p })
                .collect();
            kernel_density(&weighted, raster, Kernel::Gaussian, sigma)
        }
        EdgeCorrection::Uniform => {
            let mut values = kernel_density(points, raster, Kernel::Gaussian, sigma);
            for (cell, value) in values.iter_mut().enumerate() {
                let at = [raster.x_m(cell % raster.nx()), raster.y_m(cell / raster.nx())];
                *value /= share_inside(window, at, sigma);
            }
            values
        }
    }
}

/// Gaussian density at each event from all *other* events, in weight per m²: what cross-validation
/// of a bandwidth needs. Under [`EdgeCorrection::Diggle`] the others carry their corrected weights.
/// Cost: the events within 8.5 standard deviations north and south of each.
pub fn leave_one_out_at_points(
    points: &[WeightedPoint],
    window: Extent,
    sigma: Bandwidth,
    correction: EdgeCorrection,
) -> Vec<f64> {
    let share = |p: &WeightedPoint| share_inside(window, [p.x_m, p.y_m], sigma);
    let weighted: Vec<WeightedPoint> = match correction {
        EdgeCorrection::Diggle => points.iter().map(|p| WeightedPoint { weight: p.weight / share(p), ..*p }).collect(),
        _ => points.to_vec(),
    };
    let at: Vec<[f64; 2]> = points.iter().map(|p| [p.x_m, p.y_m]).collect();
    let own = Kernel::Gaussian.at_centre() / (sigma.m() * sigma.m());
    let all = kernel_density_at(&weighted, &at, Kernel::Gaussian, sigma);
    let others = all.iter().zip(&weighted).map(|(all, p)| all - p.weight * own);
    match correction {
        EdgeCorrection::Uniform => others.zip(points).map(|(value, p)| value / share(p)).collect(),
        _ => others.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Extent {
        Extent { x_min_m: 0.0, y_min_m: 0.0, x_max_m: 1000.0, y_max_m: 800.0 }
    }

    fn sigma() -> Bandwidth {
        Bandwidth::new(80.0).expect("positive")
    }

    #[test]
    fn the_share_is_one_in_the_middle_a_half_on_an_edge_and_a_quarter_in_a_corner() {
        for (at, share) in [([500.0, 400.0], 1.0), ([0.0, 400.0], 0.5), ([1000.0, 800.0], 0.25)] {
            assert!((share_inside(window(), at, sigma()) - share).abs() < 1e-6);
        }
    }

    #[test]
    fn the_diggle_correction_keeps_the_sum_of_weights_in_the_window() {
        let points =
            [WeightedPoint { x_m: 3.0, y_m: 795.0, weight: 2.0 }, WeightedPoint { x_m: 400.0, y_m: 60.0, weight: 1.0 }];
        let raster = Raster::new(0.0, 0.0, 10.0, 10.0, 100, 80).expect("valid");
        let mass = |correction| {
            gaussian_density(&points, window(), &raster, sigma(), correction).iter().sum::<f64>()
                * raster.cell_area_m2()
        };
        assert!((mass(EdgeCorrection::Diggle) - 3.0).abs() < 1e-3);
        assert!(mass(EdgeCorrection::None) < 2.4);
    }

    #[test]
    fn leaving_one_out_leaves_nothing_of_a_single_event() {
        let points = [WeightedPoint { x_m: 100.0, y_m: 100.0, weight: 3.0 }];
        for correction in [EdgeCorrection::None, EdgeCorrection::Uniform, EdgeCorrection::Diggle] {
            let left = leave_one_out_at_points(&points, window(), sigma(), correction);
            assert!(left[0].abs() < 1e-18, "{correction:?}: {}", left[0]);
        }
    }
}
