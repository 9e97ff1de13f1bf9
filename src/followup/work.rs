//! Work done in a period, by kind: recorded one by one, and reported as numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::Book;
use crate::domain::{Id, Period};
use crate::spatial::AreaIndex;

/// One kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Code in the kind table.
    pub kind: String,
    /// Activities that began in the period; those of one operation are one.
    pub items: u64,
    /// Minutes of those that say how many.
    pub minutes: f64,
    /// Activities that do not say how many.
    pub without_minutes: u64,
    /// Sum of the numbers reported for months or quarters inside the period. What is recorded one by one may be among
    /// them, so the two are never added.
    pub reported: u64,
}

/// The work whose areas `belongs` accepts, in the order of the kind table. Work on a border lies in no area.
/// Numbers reported after `as_of` are left out.
pub fn work(book: &Book, period: &Period, as_of: Date, belongs: impl Fn(&[AreaIndex]) -> bool) -> Vec<Work> {
    #[derive(Default)]
    struct Sum<'a> {
        items: BTreeSet<(&'a str, bool)>,
        minutes: f64,
        without_minutes: u64,
        reported: u64,
    }
    let mut kinds: BTreeMap<Arc<str>, Sum<'_>> = BTreeMap::new();
    let from = book.deeds.partition_point(|deed| deed.day < period.start());
    for deed in book.deeds[from..].iter().take_while(|deed| deed.day < period.end()) {
        if !belongs(&deed.membership.inside) {
            continue;
        }
        let sum = kinds.entry(Arc::clone(&deed.kind)).or_default();
        let operation = deed.operation.as_deref();
        // An operation and an activity may have the same text as their id.
        sum.items.insert((operation.unwrap_or(deed.id.as_str()), operation.is_some()));
        match deed.minutes {
            Some(minutes) => sum.minutes += minutes,
            None => sum.without_minutes += 1,
        }
    }
    for count in &book.reported_counts {
        let inside = period.start() <= count.period.start() && count.period.end() <= period.end();
        let areas: Vec<AreaIndex> = count.area.as_ref().and_then(|id: &Id| book.areas.find(id)).into_iter().collect();
        if inside && count.reported_on <= as_of && belongs(&areas) {
            kinds.entry(count.kind.as_str().into()).or_default().reported += u64::from(count.n);
        }
    }
    let place = |kind: &str| book.kinds.iter().position(|term| term.code == kind).unwrap_or(usize::MAX);
    let mut all: Vec<Work> = kinds
        .into_iter()
        .map(|(kind, sum)| Work {
            kind: kind.to_string(),
            items: sum.items.len() as u64,
            minutes: sum.minutes,
            without_minutes: sum.without_minutes,
            reported: sum.reported,
        })
        .collect();
    all.sort_by_key(|work| place(&work.kind));
    all
}
