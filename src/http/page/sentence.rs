//! The main result in words: what is largest, how sure that is, and whether it has changed.

use super::numbers::{count, range, whole};
use super::texts::{self, Lang, area, records, records_of};
use super::view::{Known, View};
use crate::analysis::area_density::AreaLine;
use crate::analysis::change::Verdict;

/// Below this many records in all, areas are listed and not compared.
const LEAST_TO_COMPARE: f64 = 10.0;
/// Most areas that one sentence lists.
const LISTED: usize = 5;

/// The sentences, the most important first. At least one.
pub(super) fn sentences(view: &View<'_>) -> Vec<String> {
    let lang = view.request.lang;
    let of = view.request.params.filter.of;
    let total = view.density.total.value();
    let what = records_of(of, total).of(lang);
    match (view.known, view.extent_days) {
        (Known::EmptyFile, _) => return vec![texts::EMPTY_FILE.with(lang, &[("what", records(of).of(lang))])],
        (Known::OutsideData, Some((first, last))) => {
            let days = [("first", first.to_string()), ("last", last.to_string())];
            return vec![texts::EMPTY_PERIOD.with(lang, &days.each_ref().map(|(n, v)| (*n, v.as_str())))];
        }
        _ if total <= 0.0 => return vec![texts::EMPTY_FILTER.with(lang, &[("what", records(of).of(lang))])],
        _ => {}
    }
    let n = count(view.density.total, lang);
    let some: Vec<&AreaLine> = view.numbered().map(|(_, line)| line).filter(|l| l.count.value() > 0.0).collect();
    let mut out = Vec::new();
    match some.first() {
        None => out.push(texts::NONE_IN_AREAS.with(lang, &[("n", &n), ("what", records(of).of(lang))])),
        Some(_) if total < LEAST_TO_COMPARE => {
            let list = few(view, &some);
            out.push(texts::FEW.with(lang, &[("n", &n), ("what", what), ("list", &list)]));
        }
        Some(top) => {
            out.extend(largest(view, top, &some));
            out.extend(change(view, top));
        }
    }
    let rest = count(view.density.rest.count, lang);
    let lost = count(view.density.without_position.count, lang);
    if total >= LEAST_TO_COMPARE {
        out.push(texts::TOTAL.with(lang, &[("n", &n), ("what", what), ("rest", &rest), ("lost", &lost)]));
    }
    out
}

fn name(view: &View<'_>, line: &AreaLine) -> String {
    area(view.snapshot.areas().area(line.area), view.request.lang)
}

fn few(view: &View<'_>, some: &[&AreaLine]) -> String {
    let lang = view.request.lang;
    let item = |name: &str, n: String| texts::FEW_ITEM.with(lang, &[("area", name), ("n", &n)]);
    let mut items: Vec<String> =
        some.iter().take(LISTED).map(|line| item(&name(view, line), count(line.count, lang))).collect();
    for (text, n) in
        [(texts::ROW_REST, view.density.rest.count), (texts::ROW_LOST, view.density.without_position.count)]
    {
        if n.value() > 0.0 {
            items.push(item(&text.of(lang).to_lowercase(), count(n, lang)));
        }
    }
    items.join(", ")
}

fn largest(view: &View<'_>, top: &AreaLine, some: &[&AreaLine]) -> Vec<String> {
    let lang = view.request.lang;
    let what = records(view.request.params.filter.of).of(lang);
    let n = count(top.count, lang);
    let interval =
        top.count.interval().map_or_else(String::new, |i| texts::INTERVAL.with(lang, &[("range", &range(i, lang))]));
    let tied: Vec<&&AreaLine> = some.iter().take_while(|line| line.count.value() >= top.count.value()).collect();
    if tied.len() > 1 {
        let names: Vec<String> = tied.iter().take(LISTED).map(|line| name(view, line)).collect();
        let areas = listed(&names, lang);
        return vec![
            texts::MOST_TIED.with(lang, &[("areas", &areas), ("what", what), ("n", &n), ("interval", &interval)]),
        ];
    }
    let mut out =
        vec![texts::MOST.with(lang, &[("area", &name(view, top)), ("what", what), ("n", &n), ("interval", &interval)])];
    let (Some(next), Some(own)) = (some.get(1), top.count.interval()) else {
        if top.count.interval().is_none() {
            out.push(texts::EXPECTED_NOTE.of(lang).to_string());
        }
        return out;
    };
    if let Some(theirs) = next.count.interval() {
        let line = if theirs.high >= own.low { texts::ORDER_UNCERTAIN } else { texts::ORDER_NEXT };
        let values = [("area", &*name(view, next)), ("n", &*count(next.count, lang)), ("range", &*range(theirs, lang))];
        out.push(line.with(lang, &values));
    }
    out
}

fn listed(names: &[String], lang: Lang) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {} {last}", first.join(", "), texts::AND.of(lang)),
    }
}

fn change(view: &View<'_>, top: &AreaLine) -> Option<String> {
    let lang = view.request.lang;
    let comparison = top.change.as_ref()?;
    let compared = view.density.comparison.as_ref()?;
    if view.extent_days.is_none_or(|(first, _)| compared.end() <= first) {
        return None;
    }
    let line = match comparison.change.verdict {
        // An earlier period that the data covers in part makes any increase doubtful: the note says so instead.
        Verdict::Higher if begins_inside_comparison(view) => return None,
        Verdict::Higher => texts::CHANGE_HIGHER,
        Verdict::Lower => texts::CHANGE_LOWER,
        Verdict::NoEvidence => texts::CHANGE_NONE,
        Verdict::NotEnoughData => texts::CHANGE_FEW,
    };
    Some(line.with(lang, &[("area", &name(view, top)), ("before", &whole(comparison.n_before, lang))]))
}

/// Whether the first record is so much later than the comparison period's first day that days must be missing.
pub(super) fn begins_inside_comparison(view: &View<'_>) -> bool {
    let (Some(compare), Some((first, _))) = (&view.density.comparison, view.extent_days) else { return false };
    missing_days(compare.start(), first) && view.density.total.value() > 0.0
}

/// Two weeks without a record at the beginning can be chance in a small place; more is taken as not covered.
pub(super) fn missing_days(start: jiff::civil::Date, first: jiff::civil::Date) -> bool {
    start.until(first).is_ok_and(|gap| gap.get_days() > 14)
}
