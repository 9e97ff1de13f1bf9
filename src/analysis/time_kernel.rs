//! A kernel in time, so that a space-time density is a kernel density with weights.
//!
//! The product density at place `u` and time `t` is `Σ wᵢ K(|u - xᵢ| / h) / h² · k((t - tᵢ) / b) / b`.
//! The second factor does not depend on the place: it is the weight of the event at time `t`.

/// The Epanechnikov kernel over days, `3 / (4 b) (1 - ((t - tᵢ) / b)²)`, in events per day: what an
/// event `days_apart` from the time asked about counts. 0 from `bandwidth_days` on; it integrates to
/// 1 over time. `bandwidth_days` must be above 0.
///
/// ```
/// use lagesbild::analysis::time_kernel::epanechnikov_per_day;
/// // At its own time an event with a bandwidth of 15 days counts 3/4/15 per day.
/// assert!((epanechnikov_per_day(0.0, 15.0) - 0.05).abs() < 1e-15);
/// ```
pub fn epanechnikov_per_day(days_apart: f64, bandwidth_days: f64) -> f64 {
    let t = days_apart / bandwidth_days;
    if t.abs() < 1.0 { 0.75 / bandwidth_days * (1.0 - t * t) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_integrates_to_one_and_ends_at_the_bandwidth() {
        let step = 0.001;
        let total: f64 =
            (-20_000..20_000).map(|i| epanechnikov_per_day((f64::from(i) + 0.5) * step, 12.0) * step).sum();
        assert!((total - 1.0).abs() < 1e-6, "{total}");
        assert_eq!(epanechnikov_per_day(-12.0, 12.0).to_bits(), 0);
        // Half-way: 3/48 * (1 - 1/4).
        assert!((epanechnikov_per_day(6.0, 12.0) - 0.046875).abs() < 1e-15);
    }
}
