//! What a workbook of computed numbers says about itself, in Swedish: the sheet `Om`.

use serde_json::Value;

use super::SOFTWARE;
use super::provenance::filter_json;
use crate::analysis::area_density::Count;
use crate::analysis::records::RecordCounts;
use crate::domain::{Filter, Period};
use crate::spatial::{DataClass, Snapshot};

/// The numbers a workbook holds.
pub(super) struct About<'a> {
    pub(super) what: &'static str,
    pub(super) snapshot: &'a Snapshot,
    pub(super) filter: &'a Filter,
    pub(super) set: &'a str,
    pub(super) period: Option<&'a Period>,
    pub(super) compare: Option<&'a Period>,
    pub(super) total: Count,
    pub(super) records: RecordCounts,
}

impl About<'_> {
    /// The lines of the sheet.
    pub(super) fn lines(&self) -> Vec<(&'static str, String)> {
        let facts = self.snapshot.facts();
        let r = self.records;
        let total = match self.total {
            Count::Whole { n, .. } => format!("{n} poster"),
            Count::Expected(value) => format!("{value} poster (förväntat antal, aoristisk regel)"),
        };
        let mut lines = vec![
            ("Innehåll", self.what.to_string()),
            ("Period", self.period.map_or_else(|| "inga poster".to_string(), days)),
        ];
        lines.extend(self.compare.map(|period| ("Jämförs med", days(period))));
        lines.extend([
            ("Urval", asked(self.filter)),
            ("Områdesindelning", self.set.to_string()),
            ("Totalt", total),
            (
                "Utanför områden",
                format!(
                    "{} i inget område, {} på en gräns, {} utan läge, {} med för osäkert läge",
                    r.outside, r.on_border, r.without_position, r.too_coarse
                ),
            ),
            ("Osäkerhet", format!("{} med okänd noggrannhet, {} med osäker tid", r.precision_unknown, r.uncertain_time)),
            (
                "Summor",
                "Områden kan överlappa varandra. En post räknas i varje område den ligger i, så totalen är inte summan av områdena."
                    .to_string(),
            ),
            ("Tidszon", facts.time_zone.clone()),
            ("Plan", self.snapshot.plane().to_string()),
            (
                "Dataklass",
                match facts.data_class {
                    DataClass::Real => "verkliga data".to_string(),
                    DataClass::Synthetic => "syntetiska data: påhittade poster".to_string(),
                },
            ),
            ("Revision", self.snapshot.revision().to_string()),
            ("Programvara", SOFTWARE.to_string()),
        ]);
        lines
    }
}

fn days(period: &Period) -> String {
    format!("{} till och med {} ({} dagar)", period.start(), period.last_day(), period.days())
}

/// The words of the filter that choose something, under the names they have in requests.
fn asked(filter: &Filter) -> String {
    let Value::Object(words) = filter_json(filter) else { return String::new() };
    let chosen = words.iter().filter(|(name, value)| {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        !is_empty && name.as_str() != "window_utc"
    });
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            list.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_string)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    chosen.map(|(name, value)| format!("{name}: {}", text(value))).collect::<Vec<_>>().join("; ")
}
