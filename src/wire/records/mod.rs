//! Records as GeoJSON Features, and back.
//!
//! One table of members per collection (`member`) is what reading, schemas and forms are made from. Out, every member
//! is there, null where nothing is known; free text only for a reason. In, everything is checked and every problem
//! is told with a JSON pointer; what is told but not taken (`revision`, local times) may come back and is ignored.

mod actions;
mod activities;
mod actors;
mod areas;
mod bookings;
mod comments;
mod geometry;
mod located;
mod member;
mod merge_patch;
mod observations;
mod places;
mod priorities;
mod promises;
mod reading;
mod reported_counts;
mod reports;
mod schema;
mod surveys;
#[cfg(test)]
mod tests;
mod writing;

use std::collections::HashSet;

use jiff::tz::TimeZone;
use serde_json::Value;

pub use member::{Choice, Kind, Member};
pub use merge_patch::merge_patch;
pub use schema::{geometry_schema, schema};

use crate::domain::{Area, Collection, Place, Record, Vocabulary};
use crate::geodata::rules::Gazetteer;
use reading::Reading;

/// A member that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadMember {
    /// Where it is, as a JSON pointer (RFC 6901) from the Feature on.
    pub pointer: String,
    /// The offending value as JSON, cut to 80 characters, without what looks like data about a person.
    pub value: String,
    /// What is wrong.
    pub reason: String,
    /// What is accepted.
    pub accepted: String,
}

impl BadMember {
    /// The same, seen from a document that holds the Feature at `prefix`.
    #[must_use]
    pub fn under(self, prefix: &str) -> Self {
        Self { pointer: format!("{prefix}{}", self.pointer), ..self }
    }
}

/// Positions of one geometry where nobody says otherwise.
pub const DEFAULT_VERTICES_OF_GEOMETRY: usize = 20_000;

/// What a request is read against. Building it indexes the register: once per request, not per record.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    zone: TimeZone,
    gazetteer: Gazetteer,
    areas: &'a [Area],
    places: &'a [Place],
    vocabulary: &'a Vocabulary,
    redact: bool,
    new_terms: bool,
    known: HashSet<String>,
    vertices_of_geometry: usize,
}

impl<'a> Context<'a> {
    /// Times without an offset are those of `zone`; areas, places and terms are looked up in these.
    pub fn new(zone: &TimeZone, areas: &'a [Area], places: &'a [Place], vocabulary: &'a Vocabulary) -> Self {
        let gazetteer = Gazetteer::new(areas, places);
        Self {
            zone: zone.clone(),
            gazetteer,
            areas,
            places,
            vocabulary,
            redact: false,
            new_terms: false,
            known: HashSet::new(),
            vertices_of_geometry: DEFAULT_VERTICES_OF_GEOMETRY,
        }
    }

    /// Puts `[...]` where a text looks like data about a person, which is refused otherwise.
    #[must_use]
    pub fn redacting(self, redact: bool) -> Self {
        Self { redact, ..self }
    }

    /// Takes categories, kinds and roles that the tables do not have, as an import does; refused otherwise.
    #[must_use]
    pub fn with_new_terms(self, new_terms: bool) -> Self {
        Self { new_terms, ..self }
    }

    /// Takes geometries of at most so many positions.
    #[must_use]
    pub fn with_vertices(self, vertices_of_geometry: usize) -> Self {
        Self { vertices_of_geometry, ..self }
    }

    /// Also takes the areas, places and references that this record has already, should they have been withdrawn.
    #[must_use]
    pub fn knowing(mut self, record: &Record) -> Self {
        self.known.extend(references(record));
        self
    }
}

/// What records are shown with.
#[derive(Clone, Debug)]
pub struct Shown {
    zone: TimeZone,
    free_text: bool,
    place_names: HashSet<String>,
}

impl Shown {
    /// `free_text` says that a reason was given and written down. Names of the register are no free text.
    pub fn new(zone: &TimeZone, places: &[Place], free_text: bool) -> Self {
        let names = places.iter().flat_map(|place| std::iter::once(&place.name).chain(&place.aliases));
        Self { zone: zone.clone(), free_text, place_names: names.map(|name| Place::key(name)).collect() }
    }

    fn is_place_name(&self, text: &str) -> bool {
        self.place_names.contains(&Place::key(text))
    }
}

/// The members of a collection in the order in which people read them.
pub fn members(collection: Collection) -> &'static [Member] {
    match collection {
        Collection::Areas => member::AREA,
        Collection::Places => member::PLACE,
        Collection::Activities => member::ACTIVITY,
        Collection::Observations => member::OBSERVATION,
        Collection::Surveys => member::SURVEY,
        Collection::ReportedCounts => member::REPORTED_COUNT,
        Collection::Actions => member::ACTION,
        Collection::Reports => member::REPORT,
        Collection::Promises => member::PROMISE,
        Collection::Bookings => member::BOOKING,
        Collection::Comments => member::COMMENT,
        Collection::Priorities => member::PRIORITY,
    }
}

/// The record as a GeoJSON Feature. Times are UTC with the local time beside them; `revision` is the one that made
/// this version.
pub fn to_feature(record: &Record, revision: u64, shown: &Shown) -> Value {
    let (geometry, properties) = match record {
        Record::Area(area) => areas::write(area),
        Record::Place(place) => places::write(place),
        Record::Activity(activity) => activities::write(activity, shown),
        Record::Observation(observation) => observations::write(observation, shown),
        Record::Survey(survey) => surveys::write(survey),
        Record::ReportedCount(count) => reported_counts::write(count),
        Record::Action(action) => actions::write(action),
        Record::Report(report) => reports::write(report),
        Record::Promise(promise) => promises::write(promise),
        Record::Booking(booking) => bookings::write(booking, shown),
        Record::Comment(comment) => comments::write(comment),
        Record::Priority(priority) => priorities::write(priority),
    };
    writing::feature(record.id().as_str(), geometry, properties, revision)
}

/// Reads a Feature strictly. Every problem is listed.
///
/// `id` stands at the top (or in the properties); a record without one is refused, so give it one before.
pub fn from_feature(collection: Collection, feature: &Value, context: &Context<'_>) -> Result<Record, Vec<BadMember>> {
    let mut reading = Reading::open(collection, feature, context)?;
    let record = match collection {
        Collection::Areas => areas::read(&mut reading),
        Collection::Places => places::read(&mut reading),
        Collection::Activities => activities::read(&mut reading),
        Collection::Observations => observations::read(&mut reading),
        Collection::Surveys => surveys::read(&mut reading),
        Collection::ReportedCounts => reported_counts::read(&mut reading),
        Collection::Actions => actions::read(&mut reading),
        Collection::Reports => reports::read(&mut reading),
        Collection::Promises => promises::read(&mut reading),
        Collection::Bookings => bookings::read(&mut reading),
        Collection::Comments => comments::read(&mut reading),
        Collection::Priorities => priorities::read(&mut reading),
    };
    reading.finish(record)
}

/// Copies free text that a body leaves out from the stored Feature, so that what was not shown is not lost.
/// A member that is null stays null: that takes the text away.
pub fn keep_withheld(collection: Collection, body: &mut Value, stored: &Value) {
    let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for member in members(collection).iter().filter(|member| member.free) {
        if !properties.contains_key(member.name)
            && let Some(value) = stored["properties"].get(member.name)
        {
            properties.insert(member.name.to_string(), value.clone());
        }
    }
}

fn references(record: &Record) -> Vec<String> {
    let location = |location: &crate::domain::Location| [location.place.clone(), location.area.clone()];
    let ids = match record {
        Record::Observation(observation) => location(&observation.location),
        Record::Activity(activity) => location(&activity.location),
        Record::Place(place) => [place.area.clone(), None],
        Record::Survey(survey) => [survey.area.clone(), None],
        Record::ReportedCount(count) => [count.area.clone(), None],
        Record::Action(action) => [action.area.clone(), None],
        Record::Report(report) => [report.area.clone(), None],
        Record::Booking(booking) => [booking.area.clone(), None],
        Record::Priority(priority) => [priority.area.clone(), None],
        Record::Area(_) | Record::Promise(_) | Record::Comment(_) => [None, None],
    };
    ids.into_iter().flatten().map(|id| id.to_string()).collect()
}
