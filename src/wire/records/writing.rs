//! Pieces of Features on their way out.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::domain::{Id, Period, When};

/// Geometry and properties of a record.
pub(super) type Parts = (Value, Map<String, Value>);

/// A Feature around them.
pub(super) fn feature(id: &str, geometry: Value, mut properties: Map<String, Value>, revision: u64) -> Value {
    properties.insert("revision".into(), revision.into());
    json!({"type": "Feature", "id": id, "geometry": geometry, "properties": properties})
}

/// Adds pairs to properties.
pub(super) fn properties<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

/// An id or null.
pub(super) fn id(id: Option<&Id>) -> Value {
    id.map_or(Value::Null, |id| id.as_str().into())
}

/// A date or null.
pub(super) fn date(day: Option<Date>) -> Value {
    day.map_or(Value::Null, |day| day.to_string().into())
}

/// An ISO week.
pub(super) fn week(period: &Period) -> Value {
    let week = period.start().iso_week_date();
    format!("{}-W{:02}", week.year(), week.week()).into()
}

/// First and last day.
pub(super) fn period(period: &Period) -> [(&'static str, Value); 2] {
    [("period_start", period.start().to_string().into()), ("period_end", period.last_day().to_string().into())]
}

/// The members of a time, UTC and local.
pub(super) fn when(when: When, zone: &TimeZone) -> [(&'static str, Value); 5] {
    let end = (when.span_s() > 0).then(|| when.end_s());
    let (utc, local) = (|second: i64| moment(second).to_string().into(), |second: i64| local(second, zone).into());
    [
        ("start", utc(when.start_s())),
        ("end", end.map_or(Value::Null, utc)),
        ("time_certainty", when.certainty().code().into()),
        ("start_local", local(when.start_s())),
        ("end_local", end.map_or(Value::Null, local)),
    ]
}

fn moment(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(if second > 0 { Timestamp::MAX } else { Timestamp::MIN })
}

/// RFC 3339 with the offset of the zone at that moment.
fn local(second: i64, zone: &TimeZone) -> String {
    let moment = moment(second);
    moment.display_with_offset(zone.to_offset(moment)).to_string()
}
