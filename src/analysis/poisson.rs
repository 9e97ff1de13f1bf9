//! How sure a count is: the exact Poisson interval.
//!
//! A count of events that come one by one and independently is taken as Poisson. The interval of
//! Garwood (1936) holds every expected number under which the count would not be surprising at
//! 2.5 % to either side. It covers the truth at least 95 times in 100, at small counts more often.

use statrs::function::gamma::{gamma_lr, gamma_ur, ln_gamma};

use super::quantile::quantile;

/// The share of all intervals that may miss the truth: intervals are 95 % everywhere.
pub const ALPHA: f64 = 0.05;

/// The point that a standard normal variable exceeds with probability 2.5 %.
pub(super) const Z_975: f64 = 1.959_963_984_540_054;

/// From low to high, both included. `high` may be infinite; the doc of the method says when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl Interval {
    /// Both limits multiplied by a positive number: to go from a count to a rate.
    pub fn scaled(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor }
    }

    /// Whether a value lies inside or on a limit.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The exact 95 % interval of the expected number, given a count. At 0 the lower limit is exactly 0
/// and the upper is `ln 40 = 3.69`: nothing happened, and up to 3.7 expected is still plausible.
/// Scale it by 1/exposure for a rate. Relative accuracy 1e-10 up to counts of a million.
///
/// ```
/// use lagesbild::analysis::poisson::exact_interval;
/// assert_eq!(exact_interval(0).low, 0.0);
/// assert!((exact_interval(0).high - 40f64.ln()).abs() < 1e-12);
/// ```
pub fn exact_interval(count: u64) -> Interval {
    let n = count as f64;
    // P(N >= n | expected) rises with the expected number; its derivative is the gamma density.
    let density = |shape: f64, x: f64| ((shape - 1.0) * x.ln() - x - ln_gamma(shape)).exp();
    let spread = 20.0 + 20.0 * n.sqrt();
    let low = if count == 0 {
        0.0
    } else {
        quantile(ALPHA / 2.0, 0.0, n + 1.0, cube_root_guess(n, -Z_975), |x| (gamma_lr(n, x), density(n, x)))
    };
    let high = quantile(1.0 - ALPHA / 2.0, n, n + spread, cube_root_guess(n + 1.0, Z_975), |x| {
        (1.0 - gamma_ur(n + 1.0, x), density(n + 1.0, x))
    });
    Interval { low, high }
}

/// Wilson and Hilferty (1931): the cube root of a gamma variable is nearly normal.
fn cube_root_guess(shape: f64, z: f64) -> f64 {
    let v = 1.0 / (9.0 * shape);
    shape * (1.0 - v + z * v.sqrt()).max(0.01).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_the_expected_numbers_that_make_the_count_surprising() {
        // By the definition, with the Poisson sum written out.
        for count in [1u32, 2, 5, 17, 60] {
            let below = |expected: f64, n: u32| {
                let mut term = (-expected).exp();
                (0..n).fold(0.0, |sum, k| {
                    let next = sum + term;
                    term *= expected / f64::from(k + 1);
                    next
                })
            };
            let interval = exact_interval(u64::from(count));
            assert!((1.0 - below(interval.low, count) - 0.025).abs() < 1e-12, "{count}: {interval:?}");
            assert!((below(interval.high, count + 1) - 0.025).abs() < 1e-12, "{count}: {interval:?}");
        }
    }

    #[test]
    fn a_count_of_zero_has_the_lower_limit_zero() {
        let interval = exact_interval(0).scaled(0.5);
        assert_eq!(interval.low.to_bits(), 0);
        assert!((interval.high - 40f64.ln() / 2.0).abs() < 1e-12);
    }

    #[test]
    fn large_counts_approach_the_normal_interval() {
        let interval = exact_interval(1_000_000);
        assert!(interval.contains(1e6) && !interval.contains(1e6 + 1970.0) && !interval.contains(1e6 - 1970.0));
        assert!(interval.contains(1e6 + 1955.0) && interval.contains(1e6 - 1955.0), "{interval:?}");
    }
}
