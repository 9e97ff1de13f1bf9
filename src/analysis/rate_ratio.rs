//! Two counts over two exposures: how many times as often, and how sure is that.
//!
//! The ratio is `(count₁ / exposure₁) / (count₂ / exposure₂)`. Given the total, the first count is
//! binomial with share `exposure₁ r / (exposure₁ r + exposure₂)`; exact answers rest on that
//! (Przyborowski and Wilenski 1940, R's `poisson.test`). The others are here because people meet
//! them elsewhere and because they check one another. Exposures carry the unit: days, resident
//! years, hours. What is not defined is `None`; a ratio without an upper limit is infinite.

use statrs::function::erf::erfc;
use statrs::function::gamma::ln_gamma;

use super::binomial;
use super::poisson::{Interval, Z_975};

/// A count and what it was counted over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExposedCount {
    count: u64,
    exposure: f64,
}

/// An exposure over which nothing can be counted.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("an exposure of {exposure} is not possible: finite numbers above 0 are accepted")]
pub struct InvalidExposure {
    /// What was given.
    pub exposure: f64,
}

impl ExposedCount {
    /// A count over an exposure above 0.
    pub fn new(count: u64, exposure: f64) -> Result<Self, InvalidExposure> {
        if exposure > 0.0 && exposure.is_finite() {
            Ok(Self { count, exposure })
        } else {
            Err(InvalidExposure { exposure })
        }
    }

    /// How many.
    pub fn count(self) -> u64 {
        self.count
    }

    /// Over how much.
    pub fn exposure(self) -> f64 {
        self.exposure
    }

    /// Count per unit of exposure.
    pub fn rate(self) -> f64 {
        self.count as f64 / self.exposure
    }

    /// The exact 95 % interval of the rate.
    pub fn rate_interval(self) -> Interval {
        super::poisson::exact_interval(self.count).scaled(1.0 / self.exposure)
    }
}

/// The first rate over the second. Infinite when only the second count is 0, `None` when both are.
pub fn ratio(first: ExposedCount, second: ExposedCount) -> Option<f64> {
    match (first.count, second.count) {
        (0, 0) => None,
        (_, 0) => Some(f64::INFINITY),
        _ => Some(first.rate() / second.rate()),
    }
}

/// The first rate minus the second.
pub fn difference(first: ExposedCount, second: ExposedCount) -> f64 {
    first.rate() - second.rate()
}

/// How many percent the first rate lies above the second. `None` when the second count is 0.
pub fn percent_change(first: ExposedCount, second: ExposedCount) -> Option<f64> {
    ratio(first, second).filter(|ratio| ratio.is_finite()).map(|ratio| (ratio - 1.0) * 100.0)
}

/// The exact 95 % interval of the ratio: Clopper and Pearson's for the share of the first count,
/// mapped by `p / (1 - p)`. The lower limit is 0 when the first count is 0, the upper limit infinite
/// when the second is; `None` when both are.
pub fn exact_interval(first: ExposedCount, second: ExposedCount) -> Option<Interval> {
    let total = first.count + second.count;
    if total == 0 {
        return None;
    }
    let share = binomial::exact_interval(first.count, total);
    let odds = |p: f64| if p < 1.0 { p / (1.0 - p) } else { f64::INFINITY };
    let to_ratio = second.exposure / first.exposure;
    Some(Interval { low: odds(share.low) * to_ratio, high: odds(share.high) * to_ratio })
}

/// Exact two-sided p-value for equal rates, by the minimum-likelihood rule. `None` without events.
pub fn exact_p(first: ExposedCount, second: ExposedCount) -> Option<f64> {
    let total = first.count + second.count;
    (total > 0).then(|| binomial::two_sided_p(first.count, total, share_under_equality(first, second)))
}

/// 95 % interval of Wald on the logarithm: `ratio · exp(±z √(1/count₁ + 1/count₂))`. `None` unless
/// both counts are above 0.
pub fn wald_interval(first: ExposedCount, second: ExposedCount) -> Option<Interval> {
    let (ratio, error) = (ratio(first, second)?, wald_error(first, second)?);
    Some(Interval { low: ratio * (-Z_975 * error).exp(), high: ratio * (Z_975 * error).exp() })
}

/// Two-sided p-value of Wald on the logarithm. `None` unless both counts are above 0.
pub fn wald_p(first: ExposedCount, second: ExposedCount) -> Option<f64> {
    Some(normal_two_sided(ratio(first, second)?.ln() / wald_error(first, second)?))
}

/// Two-sided p-value of the score test for equal rates, without continuity correction. `None`
/// without events.
pub fn score_p(first: ExposedCount, second: ExposedCount) -> Option<f64> {
    (first.count + second.count > 0).then(|| {
        let exposures = first.exposure / second.exposure;
        normal_two_sided(score_statistic(first.count as f64, second.count as f64, exposures))
    })
}

/// 95 % interval of the ratio by inverting the score test: every ratio it does not reject. The upper
/// limit is infinite when the second count is 0; `None` when both are.
pub fn score_interval(first: ExposedCount, second: ExposedCount) -> Option<Interval> {
    let (a, b) = (first.count as f64, second.count as f64);
    let z2 = Z_975 * Z_975;
    let to_ratio = second.exposure / first.exposure;
    // (a - b r)² = z² (a + b) r, a quadratic in r = ratio · exposure₁ / exposure₂.
    let middle = 2.0 * a * b + z2 * (a + b);
    let root = (middle * middle - 4.0 * a * a * b * b).sqrt();
    match (first.count, second.count) {
        (0, 0) => None,
        (_, 0) => Some(Interval { low: a / z2 * to_ratio, high: f64::INFINITY }),
        _ => {
            let high = (middle + root) / (2.0 * b * b);
            // The product of the roots is (a/b)²; dividing avoids the difference of near equals.
            Some(Interval { low: (a / b) * (a / b) / high * to_ratio, high: high * to_ratio })
        }
    }
}

/// Two-sided p-value of the E-test of Krishnamoorthy and Thomson (2004): the probability, under the
/// pooled rate, of two counts whose score statistic is at least as far from 0. Less cautious than
/// [`exact_p`], which conditions on the total. `None` without events. Cost: some 20 √count steps.
pub fn e_test_p(first: ExposedCount, second: ExposedCount) -> Option<f64> {
    if first.count + second.count == 0 {
        return None;
    }
    let exposures = first.exposure / second.exposure;
    let observed = score_statistic(first.count as f64, second.count as f64, exposures).abs();
    // Counts that mirror the observed ones are equally extreme in spite of rounding.
    let threshold = observed * (1.0 - 1e-10);
    let pooled = (first.count + second.count) as f64 / (first.exposure + second.exposure);
    let (a, b) = (Window::new(pooled * first.exposure), Window::new(pooled * second.exposure));
    let statistic = |i: usize, j: usize| score_statistic(a.count(i), b.count(j), exposures);
    // For each first count the statistic falls as the second rises, so the extreme second counts are
    // a run at either end, and both runs only move one way as the first count rises.
    let (mut high_end, mut low_start) = (0, 0);
    let mut total = 0.0;
    for i in 0..a.probabilities.len() {
        while high_end < b.len() && statistic(i, high_end) >= threshold {
            high_end += 1;
        }
        while low_start < b.len() && statistic(i, low_start) > -threshold {
            low_start += 1;
        }
        let extreme = b.first(high_end) + b.after(low_start.max(high_end));
        total += a.probabilities[i] * extreme;
    }
    Some(total.min(1.0))
}

/// The share of the total that falls to the first count when the rates are equal.
pub(super) fn share_under_equality(first: ExposedCount, second: ExposedCount) -> f64 {
    first.exposure / (first.exposure + second.exposure)
}

fn wald_error(first: ExposedCount, second: ExposedCount) -> Option<f64> {
    let both = first.count > 0 && second.count > 0;
    both.then(|| (1.0 / first.count as f64 + 1.0 / second.count as f64).sqrt())
}

/// Difference of the rates over its standard error under the pooled rate; 0 without events.
fn score_statistic(a: f64, b: f64, exposures: f64) -> f64 {
    if a + b > 0.0 { (a - b * exposures) / ((a + b) * exposures).sqrt() } else { 0.0 }
}

fn normal_two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The counts that a Poisson variable takes with any probability worth adding.
struct Window {
    low: f64,
    probabilities: Vec<f64>,
    /// `cumulated[k]` = sum of the first k.
    cumulated: Vec<f64>,
}

impl Window {
    fn new(expected: f64) -> Self {
        // Ten standard deviations and the long upper tail of small numbers leave out below 1e-18.
        let reach = 10.0 * expected.sqrt() + 30.0;
        let low = (expected - reach).floor().max(0.0);
        let count = (expected + reach - low) as usize + 1;
        let probability = |k: f64| (k * expected.ln() - expected - ln_gamma(k + 1.0)).exp();
        let probabilities: Vec<f64> = (0..count).map(|i| probability(low + i as f64)).collect();
        let mut cumulated = vec![0.0];
        for p in &probabilities {
            cumulated.push(cumulated[cumulated.len() - 1] + p);
        }
        Self { low, probabilities, cumulated }
    }

    fn len(&self) -> usize {
        self.probabilities.len()
    }

    fn count(&self, i: usize) -> f64 {
        self.low + i as f64
    }

    fn first(&self, n: usize) -> f64 {
        self.cumulated[n]
    }

    fn after(&self, n: usize) -> f64 {
        self.cumulated[self.len()] - self.cumulated[n]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(count: u64, exposure: f64) -> ExposedCount {
        ExposedCount::new(count, exposure).expect("positive")
    }

    #[test]
    fn without_events_nothing_is_defined() {
        let none = counted(0, 30.0);
        assert_eq!(ratio(none, none), None);
        assert_eq!(exact_interval(none, none), None);
        for p in [exact_p, wald_p, score_p, e_test_p] {
            assert_eq!(p(none, none), None);
        }
        assert_eq!((wald_interval(none, none), score_interval(none, none)), (None, None));
    }

    #[test]
    fn against_zero_the_ratio_is_infinite_and_its_lower_limit_informs() {
        let (five, none) = (counted(5, 30.0), counted(0, 30.0));
        assert_eq!(ratio(five, none), Some(f64::INFINITY));
        let interval = exact_interval(five, none).expect("there are events");
        // p^5 = 0.025 and the ratio is p / (1 - p).
        let p = 0.025f64.powf(0.2);
        assert!((interval.low - p / (1.0 - p)).abs() < 1e-12 && interval.high.is_infinite());
        assert_eq!(wald_interval(five, none), None);
        // Five heads or five tails of five.
        assert!((exact_p(five, none).expect("events") - 2.0 / 32.0).abs() < 1e-14);
        let reversed = exact_interval(none, five).expect("there are events");
        assert!(reversed.low <= 0.0 && (reversed.high * interval.low - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_limits_of_the_score_interval_are_the_ratios_the_test_just_rejects() {
        let (a, b) = (counted(12, 90.0), counted(25, 45.0));
        let interval = score_interval(a, b).expect("events");
        for limit in [interval.low, interval.high] {
            let z = score_statistic(12.0, 25.0, limit * 90.0 / 45.0);
            assert!((z.abs() - Z_975).abs() < 1e-10, "{limit}");
        }
    }

    #[test]
    fn the_e_test_equals_the_double_sum() {
        for (a, b) in
            [(counted(7, 2.0), counted(1, 3.0)), (counted(0, 1.0), counted(4, 5.0)), (counted(3, 1.0), counted(3, 1.0))]
        {
            let exposures = a.exposure() / b.exposure();
            let pooled = (a.count() + b.count()) as f64 / (a.exposure() + b.exposure());
            let poisson = |k: u32, m: f64| (0..k).fold((-m).exp(), |p, i| p * m / f64::from(i + 1));
            let observed = score_statistic(a.count() as f64, b.count() as f64, exposures).abs();
            let mut sum = 0.0;
            for i in 0..80 {
                for j in 0..80 {
                    if score_statistic(f64::from(i), f64::from(j), exposures).abs() >= observed * (1.0 - 1e-10) {
                        sum += poisson(i, pooled * a.exposure()) * poisson(j, pooled * b.exposure());
                    }
                }
            }
            let p = e_test_p(a, b).expect("events");
            assert!((p - sum.min(1.0)).abs() < 1e-12, "{a:?} {b:?}: {p} for {sum}");
        }
    }

    #[test]
    fn an_exposure_must_be_above_zero() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(ExposedCount::new(1, wrong).is_err());
        }
    }
}
