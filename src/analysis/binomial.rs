//! The binomial distribution: given a total, how many fell into the first of two periods.

use statrs::function::beta::{beta_reg, ln_beta};

use super::poisson::{ALPHA, Interval};
use super::quantile::quantile;

/// Probability of exactly `k` of `n`.
pub(super) fn probability(k: u64, n: u64, p: f64) -> f64 {
    let (kf, rest) = (k as f64, (n - k) as f64);
    (kf * p.ln() + rest * (-p).ln_1p() - ln_beta(kf + 1.0, rest + 1.0) - (n as f64 + 1.0).ln()).exp()
}

/// Probability of at most `k` of `n`.
pub(super) fn at_most(k: u64, n: u64, p: f64) -> f64 {
    if k >= n { 1.0 } else { beta_reg((n - k) as f64, k as f64 + 1.0, 1.0 - p) }
}

/// Probability of at least `k` of `n`.
pub(super) fn at_least(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 { 1.0 } else { beta_reg(k as f64, (n - k) as f64 + 1.0, p) }
}

/// Two-sided p-value by the minimum-likelihood rule of R's `binom.test`: the probability of all
/// outcomes that are no more likely than `k`, where likelihoods within 1e-7 count as equal.
pub(super) fn two_sided_p(k: u64, n: u64, p: f64) -> f64 {
    let limit = probability(k, n, p) * (1.0 + 1e-7);
    let mean = n as f64 * p;
    let as_unlikely = |i: u64| probability(i, n, p) <= limit;
    let total = if (k as f64) < mean {
        // Likelihood falls from the mode to n: the first outcome above that is as unlikely.
        let first = first_true(mean.ceil() as u64, n + 1, as_unlikely);
        at_most(k, n, p) + if first > n { 0.0 } else { at_least(first, n, p) }
    } else if k as f64 > mean {
        // Likelihood rises from 0 to the mode: the first outcome below that is not as unlikely.
        let end = first_true(0, mean.floor() as u64 + 1, |i| !as_unlikely(i));
        at_least(k, n, p) + if end == 0 { 0.0 } else { at_most(end - 1, n, p) }
    } else {
        1.0
    };
    total.min(1.0)
}

/// The exact 95 % interval of the share, by Clopper and Pearson (1934); `n` must be above 0.
pub(super) fn exact_interval(k: u64, n: u64) -> Interval {
    let share = k as f64 / n as f64;
    let bound = |target: f64, a: f64, b: f64| {
        quantile(target, 0.0, 1.0, share, |x| {
            (beta_reg(a, b, x), ((a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - ln_beta(a, b)).exp())
        })
    };
    let low = if k == 0 { 0.0 } else { bound(ALPHA / 2.0, k as f64, (n - k) as f64 + 1.0) };
    let high = if k == n { 1.0 } else { bound(1.0 - ALPHA / 2.0, k as f64 + 1.0, (n - k) as f64) };
    Interval { low, high }
}

/// The first index of `from..to` for which a condition holds that stays true once it is; `to` when none.
fn first_true(mut from: u64, mut to: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while from < to {
        let middle = from + (to - from) / 2;
        if holds(middle) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_and_tails_agree_with_the_distribution_written_out() {
        // 4 throws of a fair coin: 1, 4, 6, 4, 1 sixteenths.
        for (k, sixteenths) in [(0, 1.0), (1, 4.0), (2, 6.0), (3, 4.0), (4, 1.0)] {
            assert!((probability(k, 4, 0.5) - sixteenths / 16.0).abs() < 1e-14);
        }
        assert!((at_most(1, 4, 0.5) - 5.0 / 16.0).abs() < 1e-14);
        assert!((at_least(3, 4, 0.5) - 5.0 / 16.0).abs() < 1e-14);
    }

    #[test]
    fn the_two_sided_p_adds_every_outcome_that_is_no_more_likely() {
        for (k, n, p) in [(0u64, 5u64, 0.5), (3, 12, 0.6697), (9, 12, 0.3), (7, 20, 0.11), (20, 20, 0.9), (2, 4, 0.5)] {
            let limit = probability(k, n, p) * (1.0 + 1e-7);
            let listed: f64 = (0..=n).map(|i| probability(i, n, p)).filter(|&q| q <= limit).sum();
            assert!((two_sided_p(k, n, p) - listed).abs() < 1e-13, "{k} of {n} at {p}");
        }
    }

    #[test]
    fn the_interval_of_none_and_all_reaches_the_end() {
        let none = exact_interval(0, 5);
        // (1 - p)^5 = 0.025.
        assert!(none.low <= 0.0 && (none.high - (1.0 - 0.025f64.powf(0.2))).abs() < 1e-13);
        let all = exact_interval(5, 5);
        assert!(all.high >= 1.0 && (all.low - 0.025f64.powf(0.2)).abs() < 1e-13);
    }
}
