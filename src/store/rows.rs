//! Domain values as rows of the data file.

use std::sync::OnceLock;

use jiff::civil::Date;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params_from_iter};
use sha2::{Digest, Sha256};

use super::geometry::{outline_blob, to_blob};
use super::time_text::to_text;
use crate::domain::{
    Action, Activity, Area, Booking, Collection, Comment, Feeling, Id, Location, Observation, Participant, Period,
    Place, Priority, Record, Report, ReportedCount, Shape, Source, StoredPromise, Survey, SurveyResult, When,
};

pub(super) const ALIAS_SEPARATOR: &str = "; ";

/// A row to be: names of columns with their values, nulls among them.
pub(super) type Cells = Vec<(&'static str, Value)>;

/// The hash of one version of a record, over its table and all its columns but `fid`.
pub(super) type VersionHash = [u8; 32];

/// Inserts the record as the current version and gives its hash.
pub(super) fn insert(
    connection: &Connection,
    record: &Record,
    import_id: Option<i64>,
    revision: i64,
) -> rusqlite::Result<VersionHash> {
    let table = record.collection().table();
    let mut cells = cells(record);
    if record.collection().counted().is_some() {
        cells.push(("import_id", import_id.map_or(Value::Null, Value::Integer)));
    }
    cells.push(("revision", Value::Integer(revision)));
    let sql = insert_sql(record.collection(), &cells);
    connection.prepare_cached(sql)?.execute(params_from_iter(cells.iter().map(|(_, value)| value)))?;
    let json = canonical_json(cells.iter().map(|(name, value)| (*name, ValueRef::from(value))));
    Ok(version_hash(table, &json))
}

/// The statement for a row of a collection: its columns are always the same, in the same order.
fn insert_sql(collection: Collection, cells: &Cells) -> &'static str {
    static SQL: [OnceLock<String>; Collection::ALL.len()] = [const { OnceLock::new() }; Collection::ALL.len()];
    SQL[collection as usize].get_or_init(|| {
        let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
        let places: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
        format!("INSERT INTO {} ({}) VALUES ({})", collection.table(), names.join(", "), places.join(", "))
    })
}

/// A row as JSON in one spelling: columns by name, nulls left out, blobs as hexadecimal digits. What the
/// history keeps, and what a version's hash is taken of.
///
/// That nulls are left out is a promise: a later version of the tables may add columns, and a record that says
/// nothing in them keeps the spelling, and so the hash, that the audit log has of it.
pub(super) fn canonical_json<'a>(cells: impl Iterator<Item = (&'a str, ValueRef<'a>)>) -> String {
    let mut cells: Vec<(&str, ValueRef<'_>)> = cells.filter(|(_, value)| *value != ValueRef::Null).collect();
    cells.sort_unstable_by_key(|(name, _)| *name);
    let mut json = Vec::with_capacity(512);
    // Writing to memory cannot fail, and these values are all JSON knows.
    let write = |json: &mut Vec<u8>, value: &dyn Fn(&mut Vec<u8>) -> serde_json::Result<()>| {
        value(json).expect("plain values are written to memory");
    };
    for (i, (name, value)) in cells.into_iter().enumerate() {
        json.push(if i == 0 { b'{' } else { b',' });
        write(&mut json, &|out| serde_json::to_writer(out, name));
        json.push(b':');
        match value {
            ValueRef::Null => json.extend_from_slice(b"null"),
            ValueRef::Integer(n) => write(&mut json, &|out| serde_json::to_writer(out, &n)),
            ValueRef::Real(x) => write(&mut json, &|out| serde_json::to_writer(out, &x)),
            ValueRef::Text(text) => write(&mut json, &|out| serde_json::to_writer(out, &String::from_utf8_lossy(text))),
            ValueRef::Blob(bytes) => {
                json.push(b'"');
                json.extend(
                    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
                );
                json.push(b'"');
            }
        }
    }
    json.extend_from_slice(if json.is_empty() { b"{}" } else { b"}" });
    String::from_utf8(json).expect("JSON is UTF-8")
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The hash of a version given as [`canonical_json`].
pub(super) fn version_hash(table: &str, json: &str) -> VersionHash {
    let mut hash = Sha256::new();
    hash.update((table.len() as u64).to_le_bytes());
    hash.update(table.as_bytes());
    hash.update(json.as_bytes());
    hash.finalize().into()
}

fn cells(record: &Record) -> Cells {
    match record {
        Record::Area(area) => area_cells(area),
        Record::Place(place) => place_cells(place),
        Record::Activity(activity) => activity_cells(activity),
        Record::Observation(observation) => observation_cells(observation),
        Record::Survey(survey) => survey_cells(survey),
        Record::ReportedCount(count) => reported_count_cells(count),
        Record::Action(action) => action_cells(action),
        Record::Report(report) => report_cells(report),
        Record::Promise(promise) => promise_cells(promise),
        Record::Booking(booking) => booking_cells(booking),
        Record::Comment(comment) => comment_cells(comment),
        Record::Priority(priority) => priority_cells(priority),
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn id(id: &Id) -> Value {
    text(id.as_str())
}

fn optional(value: Option<impl Into<Value>>) -> Value {
    value.map_or(Value::Null, Into::into)
}

fn optional_id(value: Option<&Id>) -> Value {
    value.map_or(Value::Null, id)
}

fn date(value: Date) -> Value {
    text(value.to_string())
}

fn optional_date(value: Option<Date>) -> Value {
    value.map_or(Value::Null, date)
}

fn number(value: impl Into<i64>) -> Value {
    Value::Integer(value.into())
}

/// 1 for true, as GeoPackage asks.
fn optional_flag(value: Option<bool>) -> Value {
    optional(value.map(i64::from))
}

fn actors(list: &[Participant]) -> Value {
    optional(Some(Participant::format_list(list)).filter(|list| !list.is_empty()))
}

fn week(period: &Period) -> Value {
    let week = period.start().iso_week_date();
    text(format!("{}-W{:02}", week.year(), week.week()))
}

fn area_cells(area: &Area) -> Cells {
    vec![
        ("geom", Value::Blob(outline_blob(&area.outline))),
        ("id", id(&area.id)),
        ("name_sv", text(&area.names.sv)),
        ("name_en", text(&area.names.en)),
        ("area_set", text(&area.set)),
        ("area_type", text(area.area_type.code())),
        ("residents", optional(area.residents.map(i64::from))),
        ("valid_from", optional_date(area.valid_from)),
        ("valid_to", optional_date(area.valid_to)),
        ("source", text(&area.source)),
        ("certainty", text(area.certainty.code())),
        ("how_drawn", text(&area.how_drawn)),
    ]
}

fn place_cells(place: &Place) -> Cells {
    vec![
        ("geom", optional(place.at.map(|at| to_blob(&Shape::Point(at))))),
        ("id", id(&place.id)),
        ("name", text(&place.name)),
        ("aliases", text(place.aliases.join(ALIAS_SEPARATOR))),
        ("precision_m", optional(place.precision_m)),
        ("area", optional_id(place.area.as_ref())),
        ("source", text(&place.source)),
    ]
}

/// What observations and activities have in common.
fn common_cells(
    record_id: &Id,
    when: When,
    location: &Location,
    free: Option<&String>,
    kept: &[(String, String)],
) -> Cells {
    // A list of pairs keeps order and repeated headings.
    let kept = (!kept.is_empty()).then(|| serde_json::to_string(kept).unwrap_or_default());
    let mut cells = when_cells(when);
    cells.extend([
        ("geom", optional(location.shape.as_ref().map(to_blob))),
        ("id", id(record_id)),
        ("place", optional_id(location.place.as_ref())),
        ("area", optional_id(location.area.as_ref())),
        ("place_text", optional(location.place_text.clone())),
        ("precision_m", optional(location.precision_m)),
        ("text", optional(free.cloned())),
        ("kept", optional(kept)),
    ]);
    cells
}

fn when_cells(when: When) -> Cells {
    let end = (when.span_s() > 0).then(|| to_text(when.end_s()));
    vec![
        ("start_utc", text(to_text(when.start_s()))),
        ("end_utc", optional(end)),
        ("time_certainty", text(when.certainty().code())),
    ]
}

fn observation_cells(record: &Observation) -> Cells {
    let mut cells = common_cells(&record.id, record.when, &record.location, record.text.as_ref(), &record.kept);
    cells.extend([
        ("category", text(&record.category)),
        ("feeling", optional(record.feeling.map(|feeling: Feeling| feeling.code().to_string()))),
        ("source", optional(record.source.map(|source: Source| source.code().to_string()))),
        ("severity", optional(record.severity.map(i64::from))),
        ("inventory", optional_id(record.inventory.as_ref())),
        ("photo", optional(record.photo.clone())),
        ("reporter_key", optional(record.reporter_key.clone())),
    ]);
    cells
}

fn activity_cells(record: &Activity) -> Cells {
    let mut cells = common_cells(&record.id, record.when, &record.location, record.text.as_ref(), &record.kept);
    cells.extend([
        ("kind", text(&record.kind)),
        ("actors", actors(&record.actors)),
        ("mode", optional(record.mode.clone())),
        ("minutes", optional(record.minutes)),
        ("result", optional(record.result.clone())),
        ("operation_id", optional(record.operation_id.clone())),
        ("intelligence_led", optional_flag(record.intelligence_led)),
    ]);
    cells
}

fn survey_cells(survey: &Survey) -> Cells {
    let (asked, answered, unsafe_count, share, margin, weighted) = match survey.result {
        SurveyResult::Counts { asked, answered, unsafe_count } => {
            (Some(asked), answered, Some(unsafe_count), None, None, None)
        }
        SurveyResult::Share { unsafe_share, answered, margin, weighted } => {
            (None, answered, None, Some(unsafe_share), margin, weighted)
        }
    };
    vec![
        ("id", id(&survey.id)),
        ("wave", text(&survey.wave)),
        ("area", optional_id(survey.area.as_ref())),
        ("question_sv", text(&survey.question_sv)),
        ("question_en", text(&survey.question_en)),
        ("respondents", text(&survey.respondents)),
        ("answer_scale", text(&survey.answer_scale)),
        ("unsafe_answers", text(&survey.unsafe_answers)),
        ("period_start", date(survey.period.start())),
        ("period_end", date(survey.period.end())),
        ("asked", optional(asked.map(i64::from))),
        ("answered", number(answered)),
        ("unsafe", optional(unsafe_count.map(i64::from))),
        ("unsafe_share", optional(share)),
        ("margin", optional(margin)),
        ("weighted", optional_flag(weighted)),
        ("dont_know", optional(survey.dont_know.map(i64::from))),
        ("dont_go_there", optional(survey.dont_go_there.map(i64::from))),
        ("source", text(&survey.source)),
    ]
}

fn reported_count_cells(count: &ReportedCount) -> Cells {
    vec![
        ("id", id(&count.id)),
        ("organisation", text(&count.organisation)),
        ("kind", text(&count.kind)),
        ("area", optional_id(count.area.as_ref())),
        ("period_start", date(count.period.start())),
        ("period_end", date(count.period.end())),
        ("n", number(count.n)),
        ("intelligence_led", optional(count.intelligence_led.map(i64::from))),
        ("actors", actors(&count.actors)),
        ("reported_by", text(&count.reported_by)),
        ("reported_on", date(count.reported_on)),
    ]
}

fn action_cells(action: &Action) -> Cells {
    vec![
        ("id", id(&action.id)),
        ("about", optional_id(action.about.as_ref())),
        ("text", text(&action.text)),
        ("owner_organisation", text(&action.owner_organisation)),
        ("due", optional_date(action.due)),
        ("status", text(action.status.code())),
        ("why_not", optional(action.why_not.clone())),
        ("recheck", optional_date(action.recheck)),
        ("area", optional_id(action.area.as_ref())),
    ]
}

fn report_cells(report: &Report) -> Cells {
    vec![
        ("id", id(&report.id)),
        ("organisation", text(&report.organisation)),
        ("week", week(&report.week)),
        ("area", optional_id(report.area.as_ref())),
        ("n", number(report.n)),
        ("reported_on", date(report.reported_on)),
    ]
}

fn promise_cells(promise: &StoredPromise) -> Cells {
    vec![
        ("id", id(&promise.id)),
        ("text_sv", text(&promise.text_sv)),
        ("text_en", text(&promise.text_en)),
        ("period_start", date(promise.period.start())),
        ("period_end", date(promise.period.end())),
        ("document", text(&promise.json)),
    ]
}

fn booking_cells(booking: &Booking) -> Cells {
    let mut cells = when_cells(booking.when);
    cells.extend([
        ("id", id(&booking.id)),
        ("kind", text(&booking.kind)),
        ("area", optional_id(booking.area.as_ref())),
        ("actors", actors(&booking.actors)),
        ("title", optional(booking.title.clone())),
        ("booked_on", date(booking.booked_on)),
        ("cancelled", number(booking.cancelled)),
        ("activity", optional_id(booking.activity.as_ref())),
        // Null for none, as in versions that did not know the column: their hashes hold.
        ("invitation", optional_flag(booking.invitation.then_some(true))),
    ]);
    cells
}

fn comment_cells(comment: &Comment) -> Cells {
    vec![
        ("id", id(&comment.id)),
        ("promise", id(&comment.promise)),
        ("commitment", id(&comment.commitment)),
        ("party", id(&comment.party)),
        ("text", text(&comment.text)),
        ("said_on", date(comment.on)),
    ]
}

fn priority_cells(priority: &Priority) -> Cells {
    vec![
        ("id", id(&priority.id)),
        ("week", week(&priority.week)),
        ("rank", number(priority.rank)),
        ("area", optional_id(priority.area.as_ref())),
        ("text", text(&priority.text)),
        ("owner_organisation", optional(priority.owner_organisation.clone())),
        ("decided_on", date(priority.decided_on)),
    ]
}
