//! Shares of answers: how sure one is, how two differ, and how large a difference must be to show.
//!
//! * One share: the 95 % interval of Wilson (1927). It lies within 0 to 1 and stays useful at 0 and at all.
//! * Two independent shares: Newcombe (Statistics in Medicine 17 (1998) 873-890), method 10, built from the limits
//!   of the two intervals:
//!
//! ```text
//! low  = d - √((a - a_low)² + (b_high - b)²)        d = a - b
//! high = d + √((a_high - a)² + (b - b_low)²)
//! ```
//!
//!   The same formula takes the limits a publisher gives (Zou and Donner, Statistics in Medicine 27 (2008)
//!   1693-1702), so a weighted share with its own margin can be compared with a counted one.
//! * The smallest visible difference: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003),
//!   section 4.2, without correction for continuity. With the mean share `p̄` of both waves together, it is the `d`
//!   at which
//!
//! ```text
//! d = z₀.₉₇₅ √(p̄ (1-p̄) (1/n₁ + 1/n₂)) + z₀.₈ √(p₁ (1-p₁)/n₁ + p₂ (1-p₂)/n₂)
//! ```

use super::change::Z_POWER;
use super::poisson::{Interval, Z_975};

/// A share with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// From 0 to 1.
    pub value: f64,
    /// Limits from 0 to 1; `value` lies between them.
    pub interval: Interval,
}

impl Share {
    /// `count` of `n`. `None` when `n` is 0 or less than `count`.
    pub fn counted(count: u64, n: u64) -> Option<Self> {
        if n == 0 || count > n {
            return None;
        }
        let (low, high) = wilson(count as f64, n as f64);
        // Exactly 0 and 1, not what rounding leaves of them.
        let interval = Interval { low: if count == 0 { 0.0 } else { low }, high: if count == n { 1.0 } else { high } };
        Some(Self { value: count as f64 / n as f64, interval })
    }

    /// A share of `n` answers that is known without its count: the interval is that of `value x n` answers, also
    /// when this is no whole number. `None` when `n` is 0 or `value` is not from 0 to 1.
    pub fn of_answers(value: f64, n: u64) -> Option<Self> {
        if n == 0 || !(0.0..=1.0).contains(&value) {
            return None;
        }
        let (low, high) = wilson(value * n as f64, n as f64);
        Some(Self { value, interval: Interval { low: low.min(value), high: high.max(value) } })
    }

    /// A share with the half width of its 95 % interval as somebody published it; limits are cut at 0 and 1.
    /// `None` when `value` is not from 0 to 1 or the margin is negative or no number.
    pub fn with_margin(value: f64, margin: f64) -> Option<Self> {
        ((0.0..=1.0).contains(&value) && margin >= 0.0).then(|| Self {
            value,
            interval: Interval { low: (value - margin).max(0.0), high: (value + margin).min(1.0) },
        })
    }

    /// The share of all others: `1 - value`.
    #[must_use]
    pub fn complement(self) -> Self {
        Self {
            value: 1.0 - self.value,
            interval: Interval { low: 1.0 - self.interval.high, high: 1.0 - self.interval.low },
        }
    }
}

/// Wilson's limits for `x` of `n > 0`, cut to what rounding could push over the ends.
fn wilson(x: f64, n: f64) -> (f64, f64) {
    let z2 = Z_975 * Z_975;
    let p = x / n;
    let centre = (x + z2 / 2.0) / (n + z2);
    let half = Z_975 * (n * p * (1.0 - p) + z2 / 4.0).sqrt() / (n + z2);
    ((centre - half).clamp(0.0, p), (centre + half).clamp(p, 1.0))
}

/// A later share minus an earlier one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// From -1 to 1; positive when the later share is larger.
    pub value: f64,
    /// Newcombe's 95 % interval.
    pub interval: Interval,
}

impl Difference {
    /// Whether the interval leaves out 0: the data contradict "no change".
    pub fn is_finding(self) -> bool {
        self.interval.low > 0.0 || self.interval.high < 0.0
    }
}

/// The difference of two shares of different people. See the module for the formula.
pub fn difference(later: Share, earlier: Share) -> Difference {
    let value = later.value - earlier.value;
    let down = (later.value - later.interval.low).hypot(earlier.interval.high - earlier.value);
    let up = (later.interval.high - later.value).hypot(earlier.value - earlier.interval.low);
    Difference { value, interval: Interval { low: (value - down).max(-1.0), high: (value + up).min(1.0) } }
}

/// The smallest differences that two waves would show in 80 of 100 repetitions, as shares (0.1 is 10 percent units).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VisibleShift {
    /// Upwards; absent when not even everybody would be found that reliably.
    pub increase: Option<f64>,
    /// Downwards; absent when not even nobody would be found that reliably.
    pub decrease: Option<f64>,
}

impl VisibleShift {
    /// In percent units, rounded up: a change this large shows in either direction in which it is possible.
    /// 100 when nothing would show.
    pub fn percent_units(self) -> u32 {
        let larger = self.increase.into_iter().chain(self.decrease).reduce(f64::max);
        // A share times 100 is at most 100; the small number takes back what rounding adds.
        larger.map_or(100, |shift| (shift * 100.0 - 1e-9).ceil() as u32)
    }
}

/// The smallest visible differences (two-sided 5 % level, 80 % power) for waves of `later_n` and `earlier_n` answers
/// when the earlier share is the true one. `None` when a wave has no answers or the share is not from 0 to 1.
pub fn smallest_visible_shift(later_n: u64, earlier: f64, earlier_n: u64) -> Option<VisibleShift> {
    if later_n == 0 || earlier_n == 0 || !(0.0..=1.0).contains(&earlier) {
        return None;
    }
    let (n_later, n_earlier) = (later_n as f64, earlier_n as f64);
    let shows = |later: f64| {
        let mean = (later * n_later + earlier * n_earlier) / (n_later + n_earlier);
        let under_no_change = (mean * (1.0 - mean) * (1.0 / n_later + 1.0 / n_earlier)).max(0.0).sqrt();
        let under_change = (later * (1.0 - later) / n_later + earlier * (1.0 - earlier) / n_earlier).max(0.0).sqrt();
        (later - earlier).abs() >= Z_975 * under_no_change + Z_POWER * under_change
    };
    let towards = |end: f64| {
        let (mut not, mut yes) = (earlier, end);
        if (earlier - end).abs() < f64::EPSILON || !shows(end) {
            return None;
        }
        // 50 halvings are finer than a share can be written.
        for _ in 0..50 {
            let middle = 0.5 * (not + yes);
            if shows(middle) { yes = middle } else { not = middle }
        }
        Some((yes - earlier).abs())
    };
    Some(VisibleShift { increase: towards(1.0), decrease: towards(0.0) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::binomial;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn about_ninety_six_answers_give_ten_percent_units_to_either_side() {
        // 1.96 √(0.25/96) = 0.100; Wilson's interval is slightly narrower in the middle.
        let half = Share::counted(48, 96).expect("answers");
        let width = (half.interval.high - half.interval.low) / 2.0;
        assert!(width < 0.100 && width > 0.096, "{width}");
    }

    #[test]
    fn about_three_hundred_and_fifty_answers_a_wave_show_ten_percent_units_at_thirty_five_percent() {
        let shift = smallest_visible_shift(350, 0.35, 350).expect("answers");
        let (up, down) = (shift.increase.expect("room"), shift.decrease.expect("room"));
        assert!((up - 0.10).abs() < 0.005 && (down - 0.10).abs() < 0.005, "{up} {down}");
        // By hand: from 0.35 to 0.45 the formula asks for (1.95996 √0.48 + 0.84162 √0.475)² / 0.01 = 375.5 a wave.
        let ten = smallest_visible_shift(376, 0.35, 376).and_then(|s| s.increase).expect("room");
        assert!(ten < 0.10, "{ten}");
        assert!(smallest_visible_shift(375, 0.35, 375).and_then(|s| s.increase).expect("room") > 0.10);
    }

    #[test]
    fn a_difference_of_the_stated_size_is_found_in_about_four_of_five_repetitions() {
        // Every pair of outcomes, with its exact probability, through the interval that gives the verdict.
        for (n, m, p) in [(60, 60, 0.35), (120, 80, 0.5), (150, 150, 0.2)] {
            let shift = smallest_visible_shift(n, p, m).expect("answers");
            for later in [p + shift.increase.expect("room"), p - shift.decrease.expect("room")] {
                let mut power = 0.0;
                for x in 0..=n {
                    for y in 0..=m {
                        let (a, b) = (Share::counted(x, n).expect("a"), Share::counted(y, m).expect("b"));
                        let found = difference(a, b);
                        if found.is_finding() && (found.value > 0.0) == (later > p) {
                            power += binomial::probability(x, n, later) * binomial::probability(y, m, p);
                        }
                    }
                }
                assert!((power - 0.8).abs() < 0.05, "{n} {m} {p} -> {later}: {power}");
            }
        }
    }

    #[test]
    fn few_answers_show_only_large_changes_and_none_show_nothing() {
        let twenty = smallest_visible_shift(20, 0.35, 20).expect("answers");
        assert!(twenty.percent_units() > 35, "{twenty:?}");
        // From 5 % down to nothing is never found with 20 answers.
        let low = smallest_visible_shift(20, 0.05, 20).expect("answers");
        assert_eq!(low.decrease, None);
        assert_eq!(VisibleShift { increase: None, decrease: None }.percent_units(), 100);
        assert_eq!(VisibleShift { increase: Some(0.11), decrease: Some(0.104) }.percent_units(), 11);
        assert_eq!(smallest_visible_shift(0, 0.5, 30), None);
    }

    #[test]
    fn what_is_no_share_has_no_interval() {
        assert_eq!(Share::counted(1, 0), None);
        assert_eq!(Share::counted(3, 2), None);
        assert_eq!(Share::of_answers(1.01, 30), None);
        assert_eq!(Share::of_answers(f64::NAN, 30), None);
        assert_eq!(Share::with_margin(0.3, -0.1), None);
        let cut = Share::with_margin(0.02, 0.05).expect("a share");
        assert!(near(cut.interval.low, 0.0) && near(cut.interval.high, 0.07));
    }

    proptest! {
        #[test]
        fn a_share_lies_within_its_limits_and_they_within_zero_and_one(n in 1_u64..2000, part in 0.0..=1.0_f64) {
            let count = (part * n as f64) as u64;
            let share = Share::counted(count, n).expect("answers");
            prop_assert!(0.0 <= share.interval.low && share.interval.low <= share.value);
            prop_assert!(share.value <= share.interval.high && share.interval.high <= 1.0);
            let published = Share::of_answers(share.value, n).expect("answers");
            prop_assert!(near(published.interval.low, share.interval.low) && near(published.interval.high, share.interval.high));
        }

        #[test]
        fn those_who_are_not_are_the_mirror_image(n in 1_u64..2000, part in 0.0..=1.0_f64) {
            let count = (part * n as f64) as u64;
            let (yes, no) = (Share::counted(count, n).expect("yes"), Share::counted(n - count, n).expect("no"));
            prop_assert!(near(yes.interval.low, no.complement().interval.low));
            prop_assert!(near(yes.interval.high, no.complement().interval.high));
        }

        #[test]
        fn more_answers_with_the_same_share_are_surer(n in 1_u64..500, part in 0.0..=1.0_f64, times in 2_u64..9) {
            let count = (part * n as f64) as u64;
            let width = |s: Share| s.interval.high - s.interval.low;
            let (few, many) = (Share::counted(count, n).expect("few"), Share::counted(count * times, n * times).expect("many"));
            prop_assert!(width(many) < width(few));
        }

        #[test]
        fn the_difference_of_exchanged_waves_is_the_negative(a in 0_u64..=80, b in 0_u64..=120) {
            let (a, b) = (Share::counted(a, 80).expect("a"), Share::counted(b, 120).expect("b"));
            let (there, back) = (difference(a, b), difference(b, a));
            prop_assert!(near(there.value, -back.value) && near(there.interval.low, -back.interval.high));
            prop_assert!(there.interval.contains(there.value));
        }
    }
}
