//! Has it changed? Two periods compared, with "no evidence" and "not enough data" as answers.
//!
//! The comparison is the exact conditional one of [`rate_ratio`]: given the total,
//! the later count is binomial. A change counts as found when the two-sided p-value is below 5 % *and*
//! the exact 95 % interval of the rate ratio leaves out 1, so that the two numbers shown never
//! contradict each other (they differ slightly in how they treat unequal periods).
//!
//! With few events even the most extreme split, everything in one period, would prove nothing: then
//! the verdict is [`Verdict::NotEnoughData`], with the total from which on a finding is possible.

use super::binomial;
use super::poisson::{ALPHA, Interval};
use super::rate_ratio::{self, ExposedCount, share_under_equality};

mod visible;

pub(in crate::analysis) use visible::Z_POWER;
pub use visible::{POWER, VisibleChange, smallest_visible_change};

/// Below this count on either side a percentage is withheld: it would mostly be chance.
pub const LEAST_COUNT_FOR_PERCENT: u64 = 20;

/// What can be said about the direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The later rate is higher.
    Higher,
    /// The later rate is lower.
    Lower,
    /// The numbers agree with no change, and with any ratio inside the interval.
    NoEvidence,
    /// No split of this total between the periods would be a finding.
    NotEnoughData,
}

impl Verdict {
    /// The word used in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NoEvidence => "no_evidence",
            Self::NotEnoughData => "not_enough_data",
        }
    }
}

/// Why a member of [`Change`] is absent or the verdict is not a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nothing was counted in either period.
    #[error("nothing was counted in either period")]
    NoEvents,
    /// The total is too small for any finding.
    #[error("{total} in both periods together cannot show a change; from {needed} on it is possible")]
    TooFew {
        /// Counted in both periods.
        total: u64,
        /// The least total of which some split would be a finding.
        needed: u64,
    },
    /// A count is below [`LEAST_COUNT_FOR_PERCENT`].
    #[error("a percentage needs at least {LEAST_COUNT_FOR_PERCENT} in each period")]
    PercentWithheld,
    /// The earlier count is 0, so there is no rate to compare with.
    #[error("nothing was counted in the earlier period, so a visible change has no measure")]
    NoBaseline,
    /// Even if nothing had happened in the later period it would not have been noticed reliably.
    #[error("with this few in the earlier period not even a stop to zero would be seen reliably")]
    NoVisibleDecrease,
}

/// A comparison of a later with an earlier period.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Later rate over earlier rate; infinite when only the earlier count is 0, absent when both are.
    pub rate_ratio: Option<f64>,
    /// Exact 95 % interval of the rate ratio; the upper limit may be infinite.
    pub interval: Option<Interval>,
    /// Exact two-sided p-value for no change.
    pub p_value: Option<f64>,
    /// What can be said.
    pub verdict: Verdict,
    /// The smallest changes that these periods would have shown reliably.
    pub smallest_visible: VisibleChange,
    /// Change in percent of the earlier rate; absent below 20 events in either period.
    pub percent: Option<f64>,
    /// Why something above is absent or undecided, most important first.
    pub reasons: Vec<Reason>,
}

/// Compares a later with an earlier period; exposures in days.
pub fn change(later: ExposedCount, earlier: ExposedCount) -> Change {
    let total = later.count() + earlier.count();
    let share = share_under_equality(later, earlier);
    let needed = least_total_with_a_finding(share);
    let smallest_visible = smallest_visible_change(later.exposure(), earlier);
    let enough_for_percent = later.count().min(earlier.count()) >= LEAST_COUNT_FOR_PERCENT;

    let mut reasons = Vec::new();
    if total == 0 {
        reasons.push(Reason::NoEvents);
    }
    if total < needed {
        reasons.push(Reason::TooFew { total, needed });
    }
    if !enough_for_percent {
        reasons.push(Reason::PercentWithheld);
    }
    if earlier.count() == 0 {
        reasons.push(Reason::NoBaseline);
    } else if smallest_visible.decrease.is_none() {
        reasons.push(Reason::NoVisibleDecrease);
    }
    Change {
        rate_ratio: rate_ratio::ratio(later, earlier),
        interval: rate_ratio::exact_interval(later, earlier),
        p_value: rate_ratio::exact_p(later, earlier),
        verdict: if total < needed { Verdict::NotEnoughData } else { direction(later, earlier) },
        smallest_visible,
        percent: rate_ratio::percent_change(later, earlier).filter(|_| enough_for_percent),
        reasons,
    }
}

/// The verdict where the total allows one.
fn direction(later: ExposedCount, earlier: ExposedCount) -> Verdict {
    let total = later.count() + earlier.count();
    if !is_finding(later.count(), total, share_under_equality(later, earlier)) {
        Verdict::NoEvidence
    } else if later.rate() > earlier.rate() {
        Verdict::Higher
    } else {
        Verdict::Lower
    }
}

/// Whether `k` of `total` in the later period is a change: p below 5 % and 1 outside the interval.
/// The interval leaves out 1 exactly when the tail beyond `k` is below 2.5 %.
fn is_finding(k: u64, total: u64, share: f64) -> bool {
    let tail = binomial::at_most(k, total, share).min(binomial::at_least(k, total, share));
    tail < ALPHA / 2.0 && binomial::two_sided_p(k, total, share) < ALPHA
}

/// The least total of which one of the two most extreme splits is a finding.
fn least_total_with_a_finding(share: f64) -> u64 {
    // The extreme split in the shorter period is the less likely one: share^n falls below 2.5 %
    // after at most ln 0.025 / ln 0.5 = 5.3 events, so the search is short.
    (1..).find(|&n| is_finding(0, n, share) || is_finding(n, n, share)).expect("six of six at the latest")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(count: u64, days: f64) -> ExposedCount {
        ExposedCount::new(count, days).expect("positive")
    }

    #[test]
    fn five_events_in_equal_periods_are_too_few_and_six_are_enough() {
        // 2 / 2^5 = 6.25 %, 2 / 2^6 = 3.1 %.
        let five = change(counted(5, 30.0), counted(0, 30.0));
        assert_eq!(five.verdict, Verdict::NotEnoughData);
        assert_eq!(five.reasons[0], Reason::TooFew { total: 5, needed: 6 });
        assert_eq!(change(counted(6, 30.0), counted(0, 30.0)).verdict, Verdict::Higher);
        assert_eq!(change(counted(0, 30.0), counted(6, 30.0)).verdict, Verdict::Lower);
        assert_eq!(change(counted(5, 30.0), counted(1, 30.0)).verdict, Verdict::NoEvidence);
    }

    #[test]
    fn no_events_at_all_are_not_enough_data_and_nothing_is_a_number() {
        let none = change(counted(0, 365.0), counted(0, 365.0));
        assert_eq!((none.rate_ratio, none.interval, none.p_value, none.percent), (None, None, None, None));
        assert_eq!(none.verdict, Verdict::NotEnoughData);
        assert_eq!(none.reasons[0], Reason::NoEvents);
    }

    #[test]
    fn unequal_periods_are_compared_by_rate() {
        // 3 in 365 days against 9 in 180 days: p = 0.0036 by R's poisson.test.
        let fewer = change(counted(3, 365.0), counted(9, 180.0));
        assert_eq!(fewer.verdict, Verdict::Lower);
        // The same count in a period twice as long is half the rate.
        let half = change(counted(100, 200.0), counted(100, 100.0));
        assert_eq!(half.verdict, Verdict::Lower);
        assert!((half.percent.expect("enough for a percentage") + 50.0).abs() < 1e-12);
    }

    #[test]
    fn a_percentage_is_withheld_below_twenty_in_either_period() {
        assert_eq!(change(counted(19, 30.0), counted(200, 30.0)).percent, None);
        assert!(change(counted(19, 30.0), counted(200, 30.0)).reasons.contains(&Reason::PercentWithheld));
        let enough = change(counted(30, 30.0), counted(20, 30.0));
        assert!((enough.percent.expect("both at least 20") - 50.0).abs() < 1e-12);
        assert!(!enough.reasons.contains(&Reason::PercentWithheld));
    }

    #[test]
    fn a_direction_never_contradicts_the_interval() {
        for later in 0..40 {
            for earlier in 0..40 {
                for days in [30.0, 71.0, 300.0] {
                    let (later, earlier) = (counted(later, days), counted(earlier, 100.0));
                    if direction(later, earlier) != Verdict::NoEvidence {
                        let interval = rate_ratio::exact_interval(later, earlier).expect("there are events");
                        assert!(!interval.contains(1.0), "{later:?} {earlier:?}: {interval:?}");
                        assert!(rate_ratio::exact_p(later, earlier).expect("there are events") < 0.05);
                    }
                }
            }
        }
    }
}
