//! Fixture `proportion`: one share of answers, or the change between two.

use super::comparison::Comparison;
use super::fixture::Part;
use crate::analysis::proportion::{Share, difference};

pub(super) fn run(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let input = case.part("input")?;
    match input.optional("before") {
        None => {
            let share = share(&input)?;
            comparison.number("p", Some(share.value));
            comparison.limits("wilson95", Some([share.interval.low, share.interval.high]))
        }
        Some(before) => {
            let change = difference(self::share(&input.part("after")?)?, share(&before)?);
            comparison.number("diff", Some(change.value));
            comparison.limits("newcombe95", Some([change.interval.low, change.interval.high]))
        }
    }
}

fn share(part: &Part) -> Result<Share, String> {
    let (count, n) = (part.part("count")?, part.part("n")?);
    Share::counted(count.count()?, n.count()?).ok_or_else(|| count.wrong("a count up to n, which is at least 1,"))
}
