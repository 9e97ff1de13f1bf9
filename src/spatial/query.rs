//! A filter made ready for one snapshot, and the scan that applies it.

use super::area_set::AreaIndex;
use super::columns::Columns;
use super::snapshot::Snapshot;
use crate::domain::{BBox, Counted, Feeling, Filter, HourMask, Source, TimeRule, TimeWindow, Vocabulary};
use jiff::tz::TimeZone;

/// A filter whose words have become numbers of a snapshot. Build it with [`Query::new`].
#[derive(Debug)]
pub struct Query<'a> {
    snapshot: &'a Snapshot,
    of: Counted,
    window: TimeWindow,
    terms: Option<Vec<bool>>,
    sources: Option<u32>,
    feelings: Option<u8>,
    memberships: Option<Vec<bool>>,
    bbox: Option<BBox>,
    hours: Option<HourMask>,
    time: TimeRule,
    zone: TimeZone,
}

impl<'a> Query<'a> {
    /// Prepares a filter. Words the snapshot does not know match nothing.
    pub fn new(filter: &Filter, snapshot: &'a Snapshot) -> Self {
        let (words, terms) = match filter.of {
            Counted::Observations => (&filter.categories, &snapshot.vocabulary().categories),
            Counted::Activities => (&filter.kinds, &snapshot.vocabulary().kinds),
        };
        let terms = (!words.is_empty()).then(|| {
            let mut wanted = vec![false; terms.len()];
            for word in words {
                // A code as written comes before labels and before codes that differ in case only.
                let exact = terms.iter().position(|term| term.code == *word);
                let found = || Vocabulary::find(terms, word);
                if let Some(n) = exact.or_else(|| found().and_then(|f| terms.iter().position(|t| t.code == f.code))) {
                    wanted[n] = true;
                }
            }
            wanted
        });
        let sources = filter.sources.iter().fold(0, |mask, s: &Source| mask | 1 << (*s as u32 + 1));
        let feelings = filter.feelings.iter().fold(0, |mask, f| mask | 1 << if *f == Feeling::Unsafe { 1 } else { 2 });
        let areas: Vec<AreaIndex> = filter.areas.iter().filter_map(|id| snapshot.areas().find(id)).collect();
        let memberships = (!filter.areas.is_empty()).then(|| {
            let inside_any = |m: &super::Membership| areas.iter().any(|a| m.inside.contains(a));
            snapshot.memberships().list().iter().map(inside_any).collect()
        });
        Self {
            snapshot,
            of: filter.of,
            window: filter.window,
            terms,
            sources: (!filter.sources.is_empty()).then_some(sources),
            feelings: (!filter.feelings.is_empty()).then_some(feelings),
            memberships,
            bbox: filter.bbox,
            hours: filter.hours,
            time: filter.time,
            zone: snapshot.zone().clone(),
        }
    }

    /// The snapshot asked.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The same question for another time window.
    #[must_use]
    pub fn during(self, window: TimeWindow) -> Self {
        Self { window, ..self }
    }

    /// Calls `visit(columns, row, weight)` once for every matching record, in no particular order.
    /// The weight is 1, or the share of the record's interval that matches under
    /// [`TimeRule::Aoristic`]. Reads only the records that start in the window when those are few.
    pub fn scan(&self, mut visit: impl FnMut(&Columns, usize, f64)) {
        let table = self.snapshot.table(self.of);
        let base = table.base();
        let mut test = |columns: &Columns, row: usize| {
            if let Some(weight) = self.weight(columns, row) {
                visit(columns, row, weight);
            }
        };
        let starting = match self.time {
            TimeRule::Start if self.window != TimeWindow::default() => {
                let rows = base.rows_starting(self.window.start_s, self.window.end_s);
                // Reading rows out of order costs a few times more than reading them in order.
                (rows.len() * 8 < base.len()).then_some(rows)
            }
            _ => None,
        };
        match starting {
            Some(rows) => table.visit_base(rows.iter().map(|row| *row as usize), &mut test),
            None => table.visit_base(0..base.len(), &mut test),
        }
        table.visit_delta(&mut test);
    }

    /// As [`Query::scan`], but only for records whose plane position may lie in the box; the
    /// caller tests positions again where it matters.
    pub fn scan_near(&self, min_m: [f64; 2], max_m: [f64; 2], mut visit: impl FnMut(&Columns, usize, f64)) {
        let table = self.snapshot.table(self.of);
        let mut test = |columns: &Columns, row: usize| {
            if let Some(weight) = self.weight(columns, row) {
                visit(columns, row, weight);
            }
        };
        let rows = table.base().rows_near(min_m, max_m);
        table.visit_base(rows.into_iter().flatten(), &mut test);
        table.visit_delta(&mut test);
    }

    /// Whether a record belongs to the hours asked for. An observation whose time is an interval does
    /// only when the whole interval does: a date without a time is not midnight. Activities go by
    /// their start.
    fn is_in_hours(&self, columns: &Columns, row: usize) -> bool {
        let Some(hours) = &self.hours else { return true };
        if !hours.contains(columns.hour_of_week[row]) {
            return false;
        }
        let span = i64::from(columns.span_s[row]);
        let certain = self.of == Counted::Activities || span == 0;
        certain || share_inside(columns.start_s[row], span, TimeWindow::default(), Some(hours), &self.zone) >= 1.0
    }

    /// The weight of a record, `None` when it does not match.
    #[inline]
    fn weight(&self, columns: &Columns, row: usize) -> Option<f64> {
        if self.time == TimeRule::Start && !self.window.contains(columns.start_s[row]) {
            return None;
        }
        let matches = self.terms.as_ref().is_none_or(|wanted| wanted[usize::from(columns.term[row])])
            && self.sources.is_none_or(|mask| mask >> columns.source_number(row) & 1 == 1)
            && self.feelings.is_none_or(|mask| mask >> columns.feeling_number(row) & 1 == 1)
            && self.memberships.as_ref().is_none_or(|inside| inside[columns.membership[row] as usize])
            && self
                .bbox
                .is_none_or(|bbox| columns.has_position(row) && bbox.contains(columns.lon[row], columns.lat[row]));
        if !matches {
            return None;
        }
        match self.time {
            TimeRule::Start => self.is_in_hours(columns, row).then_some(1.0),
            TimeRule::Aoristic => {
                let (start, span) = (columns.start_s[row], i64::from(columns.span_s[row]));
                let share = share_inside(start, span, self.window, self.hours.as_ref(), &self.zone);
                (share > 0.0).then_some(share)
            }
        }
    }
}

/// The share of `[start, start + span)` inside the window and the hours; an instant has 0 or 1.
fn share_inside(start_s: i64, span_s: i64, window: TimeWindow, hours: Option<&HourMask>, zone: &TimeZone) -> f64 {
    let in_hours = |second: i64| hours.is_none_or(|h| h.contains(HourMask::hour_of_week(second, zone)));
    if span_s == 0 {
        return f64::from(u8::from(window.contains(start_s) && in_hours(start_s)));
    }
    let from = window.start_s.map_or(start_s, |w| w.max(start_s));
    let to = window.end_s.map_or(start_s + span_s, |w| w.min(start_s + span_s));
    if to <= from {
        return 0.0;
    }
    let seconds = match hours {
        None => to - from,
        // Local hours begin on whole quarters of a UTC hour in every zone in use since 1972.
        Some(_) => {
            let mut inside = 0;
            let mut at = from;
            while at < to {
                let next = ((at.div_euclid(900) + 1) * 900).min(to);
                if in_hours(at) {
                    inside += next - at;
                }
                at = next;
            }
            inside
        }
    };
    seconds as f64 / span_s as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aoristic_shares_are_overlap_over_span() {
        let zone = TimeZone::get("Europe/Stockholm").expect("bundled");
        let hour = 3600;
        // 2026-06-01 is a Monday; 08:00 local is 06:00 UTC.
        let eight = "2026-06-01T06:00:00Z".parse::<jiff::Timestamp>().expect("instant").as_second();
        let window =
            |from: i64, to: i64| TimeWindow { start_s: Some(eight + from * hour), end_s: Some(eight + to * hour) };
        // 08-16 has an eighth in each of its hours (jratcliffe.net, aoristic analysis).
        let share = |w, mask: Option<&HourMask>| share_inside(eight, 8 * hour, w, mask, &zone);
        assert!((share(window(0, 1), None) - 0.125).abs() < 1e-12);
        assert!((share(window(-5, 2), None) - 0.25).abs() < 1e-12);
        assert!(share(window(8, 9), None) < 1e-12);
        let noon_to_two = HourMask::new(Some((12, 14)), None);
        assert!((share(TimeWindow::default(), Some(&noon_to_two)) - 0.25).abs() < 1e-12);
        let tuesdays = HourMask::new(None, Some(&[1]));
        assert!(share(TimeWindow::default(), Some(&tuesdays)) < 1e-12);
    }
}
