//! Random draws that depend on seed, purpose and day, never on what was drawn before for another day.

use jiff::civil::Date;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a stream of random numbers is for. One purpose never disturbs another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// The spots of an area.
    Spots = 1,
    /// How many observations a day has, and who hands them in.
    Entries,
    /// What the observations of a day say.
    Details,
    /// On which days of a year work is done.
    Schedule,
    /// How work was done on a day.
    Work,
    /// Whether and when an organisation reports a week.
    Report,
    /// The answers of a survey.
    Survey,
    /// What is to be done about a point, and how far it has come.
    Action,
    /// Whether an operation is stated as intelligence-led.
    Led,
    /// Who reported an observation.
    Reporter,
}

/// The stream of a purpose, a day (or another number) and an index within it.
pub(super) fn stream(seed: u64, purpose: Purpose, when: i64, index: usize) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
    key[16..24].copy_from_slice(&when.to_le_bytes());
    key[24..].copy_from_slice(&(index as u64).to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// A number for a date: 20260314.
pub(super) fn day_number(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// A Poisson number, exact for any mean; cost proportional to the mean.
///
/// Products of uniform numbers (D. E. Knuth, The Art of Computer Programming 2, 3.4.1), in parts of
/// at most 30 because `exp(-mean)` would vanish; a sum of Poisson numbers is one.
pub(super) fn poisson(mean: f64, rng: &mut ChaCha8Rng) -> u64 {
    let (mut left, mut n) = (mean, 0);
    while left > 0.0 {
        let limit = (-left.min(30.0)).exp();
        left -= 30.0;
        let mut product: f64 = rng.random();
        while product > limit {
            n += 1;
            product *= rng.random::<f64>();
        }
    }
    n
}

/// An index with the given weights; the last one when all are 0.
pub(super) fn pick(weights: impl Iterator<Item = f64> + Clone, rng: &mut ChaCha8Rng) -> usize {
    let mut left = rng.random::<f64>() * weights.clone().sum::<f64>();
    let mut last = 0;
    for (index, weight) in weights.enumerate() {
        last = index;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// One of a list that is not empty.
pub(super) fn one_of<'a, T>(list: &'a [T], rng: &mut ChaCha8Rng) -> &'a T {
    &list[rng.random_range(0..list.len())]
}

/// A normal number with mean 0 and deviation 1 (G. E. P. Box and M. E. Muller, 1958).
pub(super) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    // 1 - u is never 0, so the logarithm exists.
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_numbers_have_equal_mean_and_variance_for_small_and_large_means() {
        let mut rng = stream(7, Purpose::Entries, 0, 0);
        for mean in [0.0, 0.3, 29.0, 95.0] {
            let numbers: Vec<f64> = (0..20_000).map(|_| poisson(mean, &mut rng) as f64).collect();
            let average = numbers.iter().sum::<f64>() / 20_000.0;
            let variance = numbers.iter().map(|n| (n - average).powi(2)).sum::<f64>() / 19_999.0;
            // Five standard errors: sqrt(mean / n) for the mean, about mean * sqrt(2 / n + 1 / (mean n)) for the variance.
            assert!((average - mean).abs() <= 5.0 * (mean / 20_000.0).sqrt(), "{mean} {average}");
            let error = mean * (2.0 / 20_000.0 + 1.0 / (mean.max(1e-9) * 20_000.0)).sqrt();
            assert!((variance - mean).abs() <= 5.0 * error, "{mean} {variance}");
        }
    }

    #[test]
    fn picks_follow_their_weights_and_never_a_weight_of_zero() {
        let mut rng = stream(7, Purpose::Entries, 1, 0);
        let mut counts = [0; 3];
        (0..10_000).for_each(|_| counts[pick([1.0, 0.0, 3.0].into_iter(), &mut rng)] += 1);
        // 2,500 expected, deviation 43.
        assert!(counts[1] == 0 && (2_250..2_750).contains(&counts[0]), "{counts:?}");
    }

    #[test]
    fn streams_differ_by_seed_purpose_day_and_index() {
        let first = |seed, purpose, when, index| stream(seed, purpose, when, index).random::<u64>();
        let base = first(1, Purpose::Entries, 20260314, 0);
        let others = [
            first(2, Purpose::Entries, 20260314, 0),
            first(1, Purpose::Details, 20260314, 0),
            first(1, Purpose::Entries, 20260315, 0),
            first(1, Purpose::Entries, 20260314, 1),
        ];
        assert!(others.iter().all(|other| *other != base));
        assert_eq!(first(1, Purpose::Entries, 20260314, 0), base);
    }
}
