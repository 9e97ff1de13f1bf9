//! Reads the members of one Feature, strictly, and lists every problem.

use jiff::civil::{Date, Weekday};
use serde_json::{Map, Value};

use super::{BadMember, Context, Kind, Member, members};
use crate::domain::{Collection, Id, Period, Record, Term};
use crate::geodata::rules;
use crate::nearest::nearest;

/// Members of a Feature that are not properties; `bbox` and `links` are told by answers and ignored.
const FEATURE: [&str; 6] = ["type", "id", "geometry", "properties", "bbox", "links"];
/// Letters of one line, and of a text.
const LINE_LETTERS: usize = 1_000;
const TEXT_LETTERS: usize = 20_000;
/// Problems of one record; who has more mends these first.
const MOST_PROBLEMS: usize = 100;

/// A Feature under way.
pub(super) struct Reading<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) geometry: &'a Value,
    collection: Collection,
    feature: &'a Map<String, Value>,
    properties: &'a Map<String, Value>,
    bad: Vec<BadMember>,
}

impl<'a> Reading<'a> {
    /// Checks that it is a Feature and that every member is known.
    pub(super) fn open(
        collection: Collection,
        value: &'a Value,
        context: &'a Context<'a>,
    ) -> Result<Self, Vec<BadMember>> {
        let not_one = |pointer: &str, value: &Value, accepted: &str| {
            vec![bad(pointer, Some(value), "is not what stands here", accepted.to_string())]
        };
        let Some(feature) = value.as_object() else { return Err(not_one("", value, "a GeoJSON Feature")) };
        let kind = feature.get("type").unwrap_or(&Value::Null);
        if kind != "Feature" {
            return Err(not_one("/type", kind, "Feature"));
        }
        let properties = match feature.get("properties").unwrap_or(&Value::Null) {
            Value::Object(properties) => properties,
            other => return Err(not_one("/properties", other, "an object")),
        };
        let geometry = feature.get("geometry").unwrap_or(&Value::Null);
        let mut reading = Self { context, geometry, collection, feature, properties, bad: Vec::new() };
        reading.check_names();
        Ok(reading)
    }

    fn check_names(&mut self) {
        let known: Vec<&str> = members(self.collection).iter().map(|member| member.name).chain(["id"]).collect();
        let (feature, properties) = (self.feature, self.properties);
        for (name, value) in feature.iter().filter(|(name, _)| !FEATURE.contains(&name.as_str())).take(MOST_PROBLEMS) {
            let near = nearest(name, FEATURE).map(|near| format!("{near}, "));
            let hint =
                if known.contains(&name.as_str()) { "inside properties".to_string() } else { FEATURE.join(", ") };
            let accepted = format!("{}{hint}", near.unwrap_or_default());
            self.report_at(&format!("/{}", escaped(name)), Some(value), "is an unknown member", accepted);
        }
        let unknown = properties.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        for (name, value) in unknown.take(MOST_PROBLEMS) {
            let reason = match nearest(name, known.iter().copied()) {
                Some(near) => format!("is an unknown member; did you mean '{near}'?"),
                None => "is an unknown member".to_string(),
            };
            let taken = members(self.collection).iter().filter(|m| !m.read_only).map(|m| m.name);
            let accepted = taken.collect::<Vec<_>>().join(", ");
            self.report_at(&format!("/properties/{}", escaped(name)), Some(value), &reason, accepted);
        }
        if !self.collection.has_geometry() && !self.geometry.is_null() {
            let value = self.geometry;
            self.report_at("/geometry", Some(value), "these records have no geometry", "null".to_string());
        }
    }

    /// The record, unless something was wrong.
    pub(super) fn finish(mut self, record: Option<Record>) -> Result<Record, Vec<BadMember>> {
        match record {
            Some(record) if self.bad.is_empty() => Ok(record),
            _ => {
                if self.bad.is_empty() {
                    self.report_at("", None, "cannot be read", "a Feature of the schema".to_string());
                }
                Err(self.bad)
            }
        }
    }

    /// Adds a problem of a property.
    pub(super) fn report(&mut self, name: &str, reason: &str, accepted: impl Into<String>) {
        let value = self.properties.get(name);
        self.report_at(&format!("/properties/{name}"), value, reason, accepted.into());
    }

    /// Adds a problem anywhere.
    pub(super) fn report_at(&mut self, pointer: &str, value: Option<&Value>, reason: &str, accepted: String) {
        if self.bad.len() < MOST_PROBLEMS {
            self.bad.push(bad(pointer, value, reason, accepted));
        }
    }

    /// The id of the record, at the top or in the properties.
    pub(super) fn id(&mut self) -> Option<Id> {
        let (top, inner) = (self.feature.get("id"), self.properties.get("id"));
        let accepted = "a text of 1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-'".to_string();
        if let (Some(top), Some(inner)) = (top, inner)
            && top != inner
        {
            self.report_at("/properties/id", Some(inner), "differs from the id of the Feature", top.to_string());
            return None;
        }
        let pointer = if top.is_some() { "/id" } else { "/properties/id" };
        let Some(value) = top.or(inner) else {
            self.report_at("/id", None, "is missing", accepted);
            return None;
        };
        match value.as_str().map(Id::new) {
            Some(Ok(id)) if rules::is_personal_id(id.as_str()) => {
                self.report_at(pointer, Some(value), "looks like a personal number", "another id".to_string());
                None
            }
            Some(Ok(id)) => Some(id),
            _ => {
                self.report_at(pointer, Some(value), "is not an id", accepted);
                None
            }
        }
    }

    /// The value of a property that is there and not null.
    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.properties.get(name).filter(|value| !value.is_null())
    }

    fn member(&self, name: &str) -> &'static Member {
        let found = members(self.collection).iter().find(|member| member.name == name);
        found.expect("every member that is read stands in the table")
    }

    /// Says that a member is missing, when it is required.
    fn missing(&mut self, name: &str) {
        let member = self.member(name);
        if member.required {
            self.report(name, "is missing", member.accepted());
        }
    }

    /// A text, trimmed of nothing but emptiness. Guarded against data about persons where records are about people.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let Some(value) = self.value(name) else {
            self.missing(name);
            return None;
        };
        let Some(text) = value.as_str() else {
            self.report(name, "is not a text", self.member(name).accepted());
            return None;
        };
        if text.trim().is_empty() {
            self.missing(name);
            return None;
        }
        let letters = match self.member(name).kind {
            Kind::Text => TEXT_LETTERS,
            Kind::Brief(most) | Kind::Key(most) => most,
            _ => LINE_LETTERS,
        };
        let pointer = format!("/properties/{name}");
        self.checked(&pointer, value, text, letters)
    }

    /// A text wherever it stands: not too long, no control characters, nothing that looks like data about a person.
    pub(super) fn checked(&mut self, pointer: &str, value: &Value, text: &str, letters: usize) -> Option<String> {
        if text.chars().count() > letters {
            self.report_at(pointer, Some(value), "is too long", format!("at most {letters} letters"));
            return None;
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.report_at(pointer, Some(value), "has control characters", "text".to_string());
            return None;
        }
        let guarded = !matches!(self.collection, Collection::Areas | Collection::Promises);
        if !guarded || !rules::is_personal(text) {
            return Some(text.to_string());
        }
        if self.context.redact {
            return Some(rules::without_personal(text));
        }
        let accepted = "take it out, or send redact=true, which puts [...] in its place".to_string();
        self.report_at(pointer, Some(value), "looks like personal data", accepted);
        None
    }

    /// A key on one line, without blanks around it.
    pub(super) fn key(&mut self, name: &str) -> Option<String> {
        let key = self.text(name)?.trim().to_string();
        if key.chars().any(char::is_control) {
            self.report(name, "is more than one line", self.member(name).accepted());
            return None;
        }
        Some(key)
    }

    /// A text that may be empty.
    pub(super) fn text_or_empty(&mut self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// A word of a closed list.
    pub(super) fn word<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let Some(value) = self.value(name) else {
            self.missing(name);
            return None;
        };
        let found = value.as_str().and_then(read);
        if found.is_none() {
            let Kind::Word(choices) = self.member(name).kind else { return None };
            let near = value.as_str().and_then(|text| nearest(text, choices.iter().map(|c| c.code)));
            let reason =
                near.map_or("is not known".to_string(), |near| format!("is not known; did you mean '{near}'?"));
            self.report(name, &reason, self.member(name).accepted());
        }
        found
    }

    /// A code of a table, by code or label.
    pub(super) fn term(&mut self, name: &'static str, table: &[Term]) -> Option<String> {
        let Some(value) = self.value(name) else {
            self.missing(name);
            return None;
        };
        let pointer = format!("/properties/{name}");
        self.term_at(&pointer, value, name, table)
    }

    /// The same wherever it stands.
    pub(super) fn term_at(
        &mut self,
        pointer: &str,
        value: &Value,
        what: &'static str,
        table: &[Term],
    ) -> Option<String> {
        let Some(text) = value.as_str().map(str::trim).filter(|text| !text.is_empty()) else {
            self.report_at(pointer, Some(value), "is not a text", format!("a code of the {what} table"));
            return None;
        };
        match rules::read_term(table, what, text, !self.context.new_terms) {
            Ok((code, _)) => Some(code),
            Err(refused) => {
                self.report_at(pointer, Some(value), &refused.reason, refused.accepted);
                None
            }
        }
    }

    /// A local date.
    pub(super) fn date(&mut self, name: &str) -> Option<Date> {
        let Some(value) = self.value(name) else {
            self.missing(name);
            return None;
        };
        let day = value.as_str().filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
        if day.is_none() {
            self.report(name, "is not a date", self.member(name).accepted());
        }
        day
    }

    /// Days from `period_start` to `period_end`, the last included.
    pub(super) fn period(&mut self) -> Option<Period> {
        let (first, last) = (self.date("period_start"), self.date("period_end"));
        let period = Period::spanning(first?, last?);
        if period.is_none() {
            self.report("period_end", "is before period_start", "a date that is not earlier");
        }
        period
    }

    /// An ISO week.
    pub(super) fn week(&mut self, name: &str) -> Option<Period> {
        let text = self.text(name)?;
        let period = Period::parse(text.trim()).ok();
        let week = period.filter(|p| p.days() == 7 && p.start().weekday() == Weekday::Monday);
        if week.is_none() {
            self.report(name, "is not a week", self.member(name).accepted());
        }
        week
    }

    /// The id of another record.
    pub(super) fn reference(&mut self, name: &str) -> Option<Id> {
        let text = self.text(name)?;
        let id = Id::new(text.trim());
        if id.is_err() {
            self.report(name, "is not an id", self.member(name).accepted());
        }
        id.ok()
    }

    /// True or false.
    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        let Some(value) = self.value(name) else {
            self.missing(name);
            return None;
        };
        let flag = value.as_bool();
        if flag.is_none() {
            self.report(name, "is not true or false", self.member(name).accepted());
        }
        flag
    }

    /// A whole number within the limits of the member.
    pub(super) fn whole(&mut self, name: &str) -> Option<u32> {
        let Some(value) = self.value(name) else {
            self.missing(name);
            return None;
        };
        let Kind::Whole(low, high) = self.member(name).kind else { return None };
        // 3.0 is 3: JSON has one kind of number, and some programs write every number with a point.
        let exact = value.as_u64().or_else(|| {
            let float = value.as_f64().filter(|f| f.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(f));
            float.and_then(|f| format!("{f:.0}").parse().ok())
        });
        let number = exact.and_then(|n| u32::try_from(n).ok()).filter(|n| (low..=high).contains(n));
        if number.is_none() {
            self.report(name, "is not such a number", self.member(name).accepted());
        }
        number
    }

    /// A number within the limits of the member.
    pub(super) fn number(&mut self, name: &str) -> Option<f64> {
        let Some(value) = self.value(name) else {
            self.missing(name);
            return None;
        };
        let Kind::Number(low, high) = self.member(name).kind else { return None };
        let number = value.as_f64().filter(|n| n.is_finite() && (low..=high).contains(n));
        if number.is_none() {
            self.report(name, "is not such a number", self.member(name).accepted());
        }
        number
    }

    /// An area by id or name.
    pub(super) fn area(&mut self) -> Option<Id> {
        let value = self.value("area")?;
        let text = value.as_str().map(str::trim).unwrap_or_default();
        let known = self.context.gazetteer.area(text).cloned();
        let found = known.or_else(|| Id::new(text).ok().filter(|_| self.context.known.contains(text)));
        if found.is_none() {
            let names = self.context.areas.iter().flat_map(|area| [area.id.as_str(), area.names.sv.as_str()]);
            let near = nearest(text, names).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
            let all: Vec<&str> = self.context.areas.iter().take(30).map(|area| area.id.as_str()).collect();
            self.report(
                "area",
                &format!("is no area of the data file{near}"),
                format!("null, or one of {}", all.join(", ")),
            );
        }
        found
    }
}

fn bad(pointer: &str, value: Option<&Value>, reason: &str, accepted: String) -> BadMember {
    // Only the beginning is shown: a geometry of megabytes is not written out for each of its defects.
    let text = value.map_or(String::new(), |value| match value {
        Value::String(text) => text.chars().take(EXCERPT).collect(),
        other => {
            let mut beginning = Beginning(Vec::with_capacity(EXCERPT));
            // An error is the end of the room.
            let _ = serde_json::to_writer(&mut beginning, other);
            String::from_utf8_lossy(&beginning.0).into_owned()
        }
    });
    let value = rules::without_personal(&text).chars().take(80).collect();
    BadMember { pointer: pointer.to_string(), value, reason: reason.to_string(), accepted }
}

/// Letters of a value that are looked at for what is shown of it.
const EXCERPT: usize = 400;

/// The first bytes of what is written.
struct Beginning(Vec<u8>);

impl std::io::Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let room = EXCERPT.saturating_sub(self.0.len()).min(bytes.len());
        self.0.extend_from_slice(&bytes[..room]);
        if room < bytes.len() { Err(std::io::ErrorKind::WriteZero.into()) } else { Ok(room) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A name as a part of a JSON pointer.
fn escaped(name: &str) -> String {
    name.chars().take(EXCERPT).collect::<String>().replace('~', "~0").replace('/', "~1")
}
