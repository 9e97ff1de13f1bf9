//! Where a distribution function takes a given value: Newton's method kept inside a bracket.

/// The argument at which the increasing function takes the value `target`. `f` gives the value and
/// its derivative; the answer lies between `low` and `high` and is accurate to about 1e-15 of itself.
/// Where Newton's step leaves the bracket, the bracket is halved instead, so it always ends.
pub(super) fn quantile(target: f64, mut low: f64, mut high: f64, guess: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = if guess > low && guess < high { guess } else { 0.5 * (low + high) };
    for _ in 0..200 {
        let (value, slope) = f(x);
        if value < target {
            low = x;
        } else {
            high = x;
        }
        let newton = x - (value - target) / slope;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        if (next - x).abs() <= 1e-15 * x.abs() || next <= low || next >= high {
            return next;
        }
        x = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_from_a_bad_guess_and_where_newton_overshoots() {
        let cube = |x: f64| (x * x * x, 3.0 * x * x);
        assert!((quantile(2.0, 0.0, 1e9, -5.0, cube) - 2f64.cbrt()).abs() < 1e-14);
        let steep = |x: f64| (1.0 - (-x).exp(), (-x).exp());
        assert!((quantile(0.975, 0.0, 1e6, 1e5, steep) - 40f64.ln()).abs() < 1e-13);
    }
}
