//! How large a change must be for two periods to show it reliably.
//!
//! The rate of the earlier period is taken as the true one. Sought are the nearest ratios above and
//! below 1 under which the test of [`change`](super::change) would find the right direction in 80 of
//! 100 repetitions. *Power* of a conditional Poisson test: Przyborowski and Wilenski 1940; Gu, Ng,
//! Tang and Schucany, Biometrical Journal 50 (2008) 283-298.
//!
//! Up to [`EXACT_TOTAL`] expected events the power is summed exactly over the total (Poisson) and the
//! split (binomial). Beyond it the square root of a Poisson count is normal with variance 1/4
//! whatever its mean (Anscombe, Biometrika 35 (1948) 246-254), so with exposures `d₁`, `d₂` and the
//! earlier count `c`
//!
//! ```text
//! |√ratio - 1| = (z₀.₉₇₅ + z₀.₈) / 2 · √((1 + d₂/d₁) / c)
//! ```

use statrs::function::gamma::ln_gamma;

use crate::analysis::binomial;
use crate::analysis::poisson::Z_975;
use crate::analysis::rate_ratio::ExposedCount;

/// How often a change of the stated size would be found.
pub const POWER: f64 = 0.8;

/// The point below which a standard normal variable lies with probability 80 %.
pub(in crate::analysis) const Z_POWER: f64 = 0.841_621_233_572_914_3;

/// Expected events in both periods together up to which the power is summed exactly.
const EXACT_TOTAL: f64 = 150.0;

/// The smallest changes that would be found with 80 % power at the two-sided 5 % level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VisibleChange {
    /// A rate ratio above 1: smaller increases than this mostly go unseen. Absent without a baseline.
    pub increase: Option<f64>,
    /// A rate ratio below 1; absent when not even a stop to zero would be found that reliably.
    pub decrease: Option<f64>,
}

/// The smallest visible changes against an earlier period, for a later one of `later_exposure` in
/// the same unit. Both are absent when the earlier count is 0. Accuracy: 1e-3 of the ratio for the
/// exact part; the approximation beyond is within 2 % of it for periods of similar length, and too
/// hopeful where one of them expects fewer than five events. Cost: up to some milliseconds.
pub fn smallest_visible_change(later_exposure: f64, earlier: ExposedCount) -> VisibleChange {
    if earlier.count() == 0 {
        return VisibleChange { increase: None, decrease: None };
    }
    let expected_earlier = earlier.count() as f64;
    let exposures = later_exposure / earlier.exposure();
    let step = (Z_975 + Z_POWER) / 2.0 * ((1.0 + 1.0 / exposures) / expected_earlier).sqrt();
    let (up, down) = ((1.0 + step).powi(2), (1.0 - step).max(0.0).powi(2));
    let total = |ratio: f64| expected_earlier * (1.0 + exposures * ratio);
    let increase = if total(up) > EXACT_TOTAL { Some(up) } else { increase(exposures, expected_earlier, up) };
    let decrease =
        if total(1.0) > EXACT_TOTAL && down > 0.0 { Some(down) } else { decrease(exposures, expected_earlier) };
    VisibleChange { increase, decrease }
}

fn increase(exposures: f64, expected_earlier: f64, guess: f64) -> Option<f64> {
    let mut high = guess;
    let mut test = ConditionalTest::new(exposures);
    while test.power(expected_earlier, high) < POWER {
        high *= 1.5;
    }
    Some(bisected(1.0, high, |ratio| test.power(expected_earlier, ratio) >= POWER))
}

fn decrease(exposures: f64, expected_earlier: f64) -> Option<f64> {
    let mut test = ConditionalTest::new(exposures);
    (test.power(expected_earlier, 0.0) >= POWER)
        .then(|| bisected(1.0, 0.0, |ratio| test.power(expected_earlier, ratio) >= POWER))
}

/// The end of the range of ratios that satisfy a condition: it holds at `yes`, not at `no`.
fn bisected(mut no: f64, mut yes: f64, mut holds: impl FnMut(f64) -> bool) -> f64 {
    while (yes - no).abs() > 5e-4 * yes.max(0.02) {
        let middle = 0.5 * (no + yes);
        if holds(middle) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    yes
}

/// The exact test for every total, with the counts at which it finds a change.
struct ConditionalTest {
    exposures: f64,
    share: f64,
    /// For each total: findings of a decrease are counts below the first, of an increase from the second.
    limits: Vec<(u64, u64)>,
}

impl ConditionalTest {
    fn new(exposures: f64) -> Self {
        Self { exposures, share: exposures / (1.0 + exposures), limits: vec![(0, 1)] }
    }

    /// The probability of finding the right direction under a ratio.
    fn power(&mut self, expected_earlier: f64, ratio: f64) -> f64 {
        let expected_later = expected_earlier * self.exposures * ratio;
        let expected = expected_earlier + expected_later;
        let share = expected_later / expected;
        let reach = 8.0 * expected.sqrt() + 12.0;
        let (from, to) = ((expected - reach).max(0.0) as u64, (expected + reach) as u64);
        self.extend_to(to);
        let mut probability = (from as f64 * expected.ln() - expected - ln_gamma(from as f64 + 1.0)).exp();
        let mut power = 0.0;
        for total in from..=to {
            let (below, from_here) = self.limits[total as usize];
            let found = match (ratio > 1.0, share > 0.0) {
                (true, _) if from_here <= total => binomial::at_least(from_here, total, share),
                // Under a ratio of 0 the later count is always 0.
                (false, false) if below > 0 => 1.0,
                (false, true) if below > 0 => binomial::at_most(below - 1, total, share),
                _ => 0.0,
            };
            power += probability * found;
            probability *= expected / (total + 1) as f64;
        }
        power
    }

    /// The limits of one total lie at or just above those of the total before.
    fn extend_to(&mut self, total: u64) {
        while self.limits.len() as u64 <= total {
            let n = self.limits.len() as u64;
            let (mut below, mut from_here) = self.limits[n as usize - 1];
            while below < n && super::is_finding(below, n, self.share) && (below as f64) < n as f64 * self.share {
                below += 1;
            }
            let rises = |k: u64| k as f64 > n as f64 * self.share && super::is_finding(k, n, self.share);
            while from_here <= n && !rises(from_here) {
                from_here += 1;
            }
            self.limits.push((below, from_here));
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::analysis::change::{Verdict, change};

    fn counted(count: u64, days: f64) -> ExposedCount {
        ExposedCount::new(count, days).expect("positive")
    }

    /// A Poisson number as the events of a unit-rate process before `expected`.
    fn poisson(expected: f64, rng: &mut ChaCha8Rng) -> u64 {
        let mut at = 0.0;
        (0..)
            .find(|_| {
                at -= (1.0 - rng.random::<f64>()).ln();
                at > expected
            })
            .expect("the process passes every time")
    }

    /// How often the comparison itself gives the verdict under a true ratio.
    fn found(later_days: f64, earlier: ExposedCount, ratio: f64, verdict: Verdict, seed: u64) -> f64 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let runs = 4000;
        let rate = earlier.rate();
        let hits = (0..runs)
            .filter(|_| {
                let later = counted(poisson(rate * later_days * ratio, &mut rng), later_days);
                let before = counted(poisson(rate * earlier.exposure(), &mut rng), earlier.exposure());
                let total = later.count() + before.count();
                let share = crate::analysis::rate_ratio::share_under_equality(later, before);
                let higher = later.rate() > before.rate();
                total > 0
                    && super::super::is_finding(later.count(), total, share)
                    && higher == (verdict == Verdict::Higher)
            })
            .count();
        hits as f64 / f64::from(runs)
    }

    #[test]
    fn a_change_of_the_stated_size_is_found_in_four_of_five_simulated_repetitions() {
        for (later_days, count, days) in
            [(365.0, 12, 365.0), (365.0, 45, 365.0), (90.0, 60, 365.0), (366.0, 400, 365.0)]
        {
            let earlier = counted(count, days);
            let visible = smallest_visible_change(later_days, earlier);
            let increase = visible.increase.expect("there is a baseline");
            let power = found(later_days, earlier, increase, Verdict::Higher, count);
            // The standard error of 4000 runs is 0.6 %.
            assert!((power - 0.8).abs() < 0.03, "{count}: ratio {increase} found in {power}");
            let decrease = visible.decrease.expect("a stop to zero would be seen");
            let power = found(later_days, earlier, decrease, Verdict::Lower, count + 1);
            assert!((power - 0.8).abs() < 0.03, "{count}: ratio {decrease} found in {power}");
        }
    }

    #[test]
    fn where_the_exact_sum_hands_over_to_the_formula_the_two_agree() {
        for exposures in [0.5, 1.0, 2.0] {
            let c = 75.0;
            let step = (Z_975 + Z_POWER) / 2.0 * ((1.0f64 + 1.0 / exposures) / c).sqrt();
            let exact = increase(exposures, c, 2.0).expect("a baseline");
            assert!((exact / (1.0 + step).powi(2) - 1.0).abs() < 0.02, "{exposures}: {exact}");
        }
    }

    #[test]
    fn little_data_shows_only_large_changes_and_none_has_no_measure() {
        let none = smallest_visible_change(30.0, counted(0, 30.0));
        assert_eq!(none, VisibleChange { increase: None, decrease: None });
        let three = smallest_visible_change(365.0, counted(3, 365.0));
        assert!(three.increase.expect("a baseline") > 4.0);
        // With 3 expected, six or more come in 8 % of the years: a stop to zero mostly goes unseen.
        assert_eq!(three.decrease, None);
        let many = smallest_visible_change(365.0, counted(100_000, 365.0));
        assert!(many.increase.expect("a baseline") < 1.02 && many.decrease.expect("visible") > 0.98);
    }

    #[test]
    fn the_comparison_carries_its_smallest_visible_change() {
        let compared = change(counted(40, 365.0), counted(45, 365.0));
        assert_eq!(compared.verdict, Verdict::NoEvidence);
        let increase = compared.smallest_visible.increase.expect("a baseline");
        assert!(increase > 1.5 && increase < 2.0, "{increase}");
    }
}
