//! Where a computed answer comes from: a foreign member of every internal answer (design 6.4).

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::analysis::records::RecordCounts;
use crate::domain::{Filter, Period};
use crate::spatial::Snapshot;

/// Name and version of this program, as answers carry it.
pub const SOFTWARE: &str = concat!("lagesbild ", env!("CARGO_PKG_VERSION"));

/// See the module. Serialises to the JSON of the contract.
#[derive(Clone, Debug, Serialize)]
pub struct Provenance {
    method: &'static str,
    parameters: Value,
    unit: &'static str,
    period: Value,
    time_zone: String,
    plane: String,
    filters: Value,
    records: Value,
    revision: u64,
    data_class: &'static str,
    request_sha256: String,
    software: &'static str,
}

impl Provenance {
    /// `parameters` are all that were used, also automatic ones, with units in their names.
    pub fn new(
        snapshot: &Snapshot,
        (method, unit): (&'static str, &'static str),
        parameters: Value,
        period: Option<&Period>,
        filter: &Filter,
        records: RecordCounts,
    ) -> Self {
        let filters = filter_json(filter);
        let request =
            json!({"method": method, "parameters": parameters, "filters": filters, "revision": snapshot.revision()});
        let hash = Sha256::digest(request.to_string().as_bytes());
        Self {
            method,
            unit,
            parameters,
            period: period_json(period),
            time_zone: snapshot.facts().time_zone.clone(),
            plane: snapshot.plane().to_string(),
            filters,
            records: json!({
                "used": records.used, "outside": records.outside, "on_border": records.on_border,
                "without_position": records.without_position, "too_coarse": records.too_coarse,
                "precision_unknown": records.precision_unknown, "uncertain_time": records.uncertain_time,
            }),
            revision: snapshot.revision(),
            data_class: snapshot.facts().data_class.code(),
            request_sha256: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            software: SOFTWARE,
        }
    }
}

/// A period as answers carry it: first day, last day (included) and number of days.
pub(super) fn period_json(period: Option<&Period>) -> Value {
    period.map_or(
        Value::Null,
        |p| json!({"start": p.start().to_string(), "end": p.last_day().to_string(), "days": p.days()}),
    )
}

/// The filter under the names it has in requests.
pub(super) fn filter_json(filter: &Filter) -> Value {
    let second = |s: i64| jiff::Timestamp::from_second(s).map_or(Value::Null, |t| Value::String(t.to_string()));
    json!({
        "of": filter.of.code(),
        "window_utc": [filter.window.start_s.map(second), filter.window.end_s.map(second)],
        "category": filter.categories,
        "kind": filter.kinds,
        "source": filter.sources.iter().map(|s| s.code()).collect::<Vec<_>>(),
        "feeling": filter.feelings.iter().map(|f| f.code()).collect::<Vec<_>>(),
        "area": filter.areas.iter().map(crate::domain::Id::as_str).collect::<Vec<_>>(),
        "bbox": filter.bbox.map(|b| [b.west, b.south, b.east, b.north]),
        "hours_of_week": filter.hours.map(|mask| (0..168_u8).filter(|h| mask.contains(*h)).collect::<Vec<_>>()),
        "time": filter.time.code(),
    })
}
