//! Who reported about a week, who said "nothing to report", and who said nothing.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::{Period, organisation_key, speaks_for};
use crate::followup::Book;

/// An organisation counts as one that reports when it did so in so many weeks before.
pub const WEEKS_REMEMBERED: i64 = 12;

/// The word of every organisation about one week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportsOfWeek {
    /// The ISO week.
    pub week: Period,
    /// Organisations that are expected to report or did, by name.
    pub organisations: Vec<ReportedWeek>,
}

/// What one organisation said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedWeek {
    /// The organisation.
    pub organisation: String,
    /// Records it says it handed in, over all areas; 0 is "nothing to report", `None` is silence.
    pub n: Option<u32>,
    /// Whether it signed a promise that holds in the week.
    pub is_party: bool,
    /// Whether it reported in one of the weeks remembered, or in the week itself.
    pub reports: bool,
}

impl ReportsOfWeek {
    /// How many organisations reported.
    pub fn reported(&self) -> usize {
        self.organisations.iter().filter(|organisation| organisation.n.is_some()).count()
    }

    /// Those that said nothing.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.organisations.iter().filter(|o| o.n.is_none()).map(|o| o.organisation.as_str())
    }
}

/// Reports about a week that were in on a day. An organisation is expected when it reported about that week or one
/// of the [`WEEKS_REMEMBERED`] before it, or is a party of a promise that holds in the week and neither it nor a part or the whole of it reports.
pub(in crate::followup) fn reports(book: &Book, week: &Period, as_of: Date) -> ReportsOfWeek {
    let remembered_from = week.start().saturating_sub((WEEKS_REMEMBERED * 7).days());
    let mut found: BTreeMap<String, ReportedWeek> = BTreeMap::new();
    let mut entry = |name: &str, n: Option<u32>, is_party: bool| {
        let organisation = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let known = found.entry(organisation_key(name)).or_insert(ReportedWeek {
            organisation,
            n: None,
            is_party,
            reports: !is_party,
        });
        known.is_party |= is_party;
        known.reports |= !is_party;
        if let Some(n) = n {
            known.n = Some(known.n.unwrap_or(0).saturating_add(n));
        }
    };
    let holds = |period: &Period| period.start() < week.end() && week.start() < period.end();
    for document in book.promises.iter().filter(|document| holds(&document.head().period)) {
        for party in &document.head().parties {
            entry(&party.organisation, None, true);
        }
    }
    let in_time = book.reports.iter().filter(|report| report.reported_on <= as_of);
    for report in in_time.filter(|r| (remembered_from..week.end()).contains(&r.week.start())) {
        entry(&report.organisation, (report.week == *week).then_some(report.n), false);
    }
    // "Polisen" reports and "Polisen, Lokalpolisområde Höglandet" signed, or the other way round: one who speaks for
    // the other is enough.
    let reporting: Vec<String> =
        found.iter().filter(|(_, known)| known.reports).map(|(name, _)| name.clone()).collect();
    found.retain(|name, known| known.reports || !reporting.iter().any(|other| speaks_for(other, name)));
    ReportsOfWeek { week: week.clone(), organisations: found.into_values().collect() }
}
