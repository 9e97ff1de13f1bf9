//! Fixture `poisson_rate_ratio`: two counts over two exposures.

use super::comparison::Comparison;
use super::fixture::Part;
use crate::analysis::poisson::Interval;
use crate::analysis::rate_ratio::{self, ExposedCount};

pub(super) fn run(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let input = case.part("input")?;
    if input.value.is_array() { published(&input, comparison) } else { pair(&input, comparison) }
}

fn pair(input: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let counted = |count: &str, exposure: &str| {
        ExposedCount::new(counted_events(&input.part(count)?)?, input.part(exposure)?.number()?)
            .map_err(|e| e.to_string())
    };
    let (first, second) = (counted("count_1", "exposure_1")?, counted("count_2", "exposure_2")?);
    let limits = |interval: Option<Interval>| interval.map(|interval| [interval.low, interval.high]);

    comparison.number("rate_1", Some(first.rate()));
    comparison.number("rate_2", Some(second.rate()));
    comparison.number("rate_ratio", rate_ratio::ratio(first, second));
    comparison.number("rate_difference", Some(rate_ratio::difference(first, second)));
    comparison.number("percent_change_from_2_to_1", rate_ratio::percent_change(first, second));
    comparison.limits("wald_log_ci95", limits(rate_ratio::wald_interval(first, second)))?;
    comparison.number("wald_log_p", rate_ratio::wald_p(first, second));
    comparison.limits("exact_conditional_ci95", limits(rate_ratio::exact_interval(first, second)))?;
    comparison.number("exact_conditional_p_two_sided_minlike", rate_ratio::exact_p(first, second));
    comparison.number("score_p_two_sided", rate_ratio::score_p(first, second));
    comparison.number(
        "etest_score_p (Krishnamoorthy-Thomson pivot with pooled variance)",
        rate_ratio::e_test_p(first, second),
    );
    comparison.limits("statsmodels_score_ci95", limits(rate_ratio::score_interval(first, second)))?;
    comparison.limits("rate_1_exact_ci95", limits(Some(first.rate_interval())))
}

/// Pairs of counts over equal exposures with the p-values printed in the paper, to four decimals.
fn published(input: &Part, comparison: &mut Comparison) -> Result<(), String> {
    const HALF_A_UNIT_OF_THE_LAST_DECIMAL: f64 = 0.000_05;
    let Some(expected) = comparison.take("etest_p") else { return Ok(()) };
    let (pairs, expected) = (input.items()?, expected.items()?);
    if pairs.len() != expected.len() {
        return Err(format!("{} p-values for {} pairs", expected.len(), pairs.len()));
    }
    for (i, (pair, expected)) in pairs.iter().zip(&expected).enumerate() {
        let counts: Vec<u64> = pair.items()?.iter().map(counted_events).collect::<Result<_, _>>()?;
        let [a, b] = counts[..] else { return Err(format!("pair {i} has {} counts: 2 are accepted", counts.len())) };
        let counted = |count| ExposedCount::new(count, 1.0).map_err(|error| error.to_string());
        let computed = rate_ratio::e_test_p(counted(a)?, counted(b)?);
        let printed = expected.number()?;
        comparison.allow(HALF_A_UNIT_OF_THE_LAST_DECIMAL / printed.abs());
        comparison.value(&format!("etest_p[{i}]"), expected.value, computed, None);
        if computed.is_none_or(|p| (p - printed).abs() > HALF_A_UNIT_OF_THE_LAST_DECIMAL) {
            comparison.differs(format!("etest_p[{i}]: {printed} printed, {computed:?} computed"));
        }
    }
    Ok(())
}

/// Counts beyond this are taken as a mistake in the file.
fn counted_events(part: &Part) -> Result<u64, String> {
    const MOST: u64 = 1_000_000_000;
    let count = part.count()?;
    if count <= MOST { Ok(count) } else { Err(part.wrong(&format!("a count up to {MOST}"))) }
}
