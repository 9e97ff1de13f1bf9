//! One row to one record: every cell checked, every problem of the row told.

use csv::StringRecord;

use super::Into;
use super::clock::{Clock, TimeCell, TimeCells};
use super::columns::Columns;
use super::fields::Field;
use super::followup_rows;
use super::meeting_rows;
use super::personal;
use super::place_of_row::{FieldFault, Locator, PlaceCells, PlaceOfRow};
use super::survey_rows;
use super::terms::{TermMatcher, personal_fault};
use super::values::{Fault, disarmed, is_blank, parse_amount, parse_feeling, parse_flag, parse_severity, parse_source};
use crate::domain::{Activity, Id, Observation, Participant, Place, Record, Shape, Source, TimeCertainty, When};

/// A kind of file whose rows hold more than one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The protocol of a safety walk: one row for each point, with what was felt and what is to be done.
    /// Gives an observation (source `inventory` when it names none) and, where there is an owner, an action
    /// about it whose id is the observation's and `-a`. A measure without an owner is refused. The column
    /// `inventory` says of which inventory or walk the points are.
    SafetyWalk,
}

/// What the summary counts about an accepted row.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) when: Option<When>,
    pub(crate) existed_twice: bool,
    pub(crate) at_zero: bool,
    pub(crate) has_shape: bool,
    pub(crate) has_area: bool,
    pub(crate) redacted: bool,
    pub(crate) unmatched_place: Option<String>,
    pub(crate) unmatched_area: Option<String>,
    pub(crate) new_term: Option<String>,
    pub(crate) new_roles: Vec<String>,
}

/// Turns rows into records. Holds everything a row is checked against.
pub(crate) struct RowConverter {
    pub(crate) into: Into,
    pub(crate) profile: Option<Profile>,
    pub(crate) columns: Columns,
    pub(crate) clock: Clock,
    pub(crate) locator: Locator,
    /// Categories or kinds.
    pub(crate) terms: TermMatcher,
    pub(crate) roles: TermMatcher,
    /// Beginning of generated ids: prefix and hash of the file.
    pub(crate) generated: String,
    pub(crate) id_prefix: Option<String>,
    pub(crate) redact: bool,
    /// Whether cells may carry the apostrophe that disarms formulas.
    pub(crate) is_armed: bool,
}

/// A row under way: its cells, what was found wrong, what the summary will count.
pub(super) struct Row<'a> {
    cells: &'a StringRecord,
    columns: &'a Columns,
    redact: bool,
    is_armed: bool,
    pub(super) faults: Vec<FieldFault>,
    /// Faults in kept columns, which have no field.
    kept_faults: Vec<(usize, Fault)>,
    notes: Notes,
}

/// A fault in a cell: the column it was read from, the field when it has one.
pub(crate) struct CellFault {
    pub(crate) column: Option<usize>,
    pub(crate) field: Option<Field>,
    pub(crate) fault: Fault,
}

impl<'a> Row<'a> {
    /// A cell, trimmed, without the apostrophe that disarms formulas; blank ones are empty.
    pub(super) fn cell(&self, field: Field) -> &'a str {
        let cell = self.raw(field);
        if cell.len() <= 10 && is_blank(cell) { "" } else { cell }
    }

    pub(super) fn raw(&self, field: Field) -> &'a str {
        match self.columns.column(field) {
            Some(at) => self.at(at),
            None => "",
        }
    }

    fn at(&self, column: usize) -> &'a str {
        let cell = self.cells.get(column).unwrap_or("").trim();
        if self.is_armed { disarmed(cell) } else { cell }
    }

    /// Free text: kept as it is, unless it looks like data about a person.
    pub(super) fn text(&mut self, field: Field) -> Option<String> {
        let raw = self.raw(field);
        self.guard(field, raw)
    }

    pub(super) fn guard(&mut self, field: Field, text: &str) -> Option<String> {
        if text.is_empty() {
            return None;
        }
        if !personal::is_found(text) {
            return Some(text.to_string());
        }
        if self.redact {
            self.notes.redacted = true;
            return Some(personal::redacted(text).into_owned());
        }
        self.faults.push((field, personal_fault()));
        None
    }

    pub(super) fn check<T>(&mut self, field: Field, result: Result<T, Fault>) -> Option<T> {
        result.map_err(|fault| self.faults.push((field, fault))).ok()
    }

    /// A cell that may not be empty.
    pub(super) fn required_cell(&mut self, field: Field) -> Option<&'a str> {
        let cell = self.cell(field);
        if cell.is_empty() {
            self.faults.push((field, Fault::new("is missing", format!("every row needs a {}", field.code()))));
            return None;
        }
        Some(cell)
    }

    /// Reads a cell when there is something in it.
    pub(super) fn optional<T>(&mut self, field: Field, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        let cell = self.cell(field);
        if cell.is_empty() { None } else { self.check(field, parse(cell)) }
    }
}

impl RowConverter {
    /// The record of a row, or every fault in it. `errors` are cells that hold an error of the workbook;
    /// `number` is the line or feature, for generated ids.
    pub(crate) fn convert(
        &mut self,
        cells: &StringRecord,
        feature: Option<&geo::Geometry<f64>>,
        errors: &[(usize, String)],
        number: u64,
    ) -> Result<(Vec<Record>, Notes), Vec<CellFault>> {
        let columns = &self.columns;
        let mut row = Row {
            cells,
            columns,
            redact: self.redact,
            is_armed: self.is_armed,
            faults: Vec::new(),
            kept_faults: Vec::new(),
            notes: Notes::default(),
        };
        let id = read_id(&mut row, &self.generated, self.id_prefix.as_deref(), number);
        let record = match self.into {
            Into::Observations => {
                let place = read_place(&mut row, &mut self.locator, feature);
                observation(&mut row, id, place, &mut self.clock, &mut self.terms)
            }
            Into::Activities => {
                let place = read_place(&mut row, &mut self.locator, feature);
                let words = (&mut self.terms, &mut self.roles);
                activity(&mut row, id, place, &mut self.clock, words, self.locator.comma)
            }
            Into::Places => {
                let place = read_place(&mut row, &mut self.locator, feature);
                register_entry(&mut row, id, place)
            }
            Into::ReportedCounts => {
                followup_rows::reported_count(&mut row, id, &self.locator.areas, &mut self.terms, &mut self.roles)
            }
            Into::Reports => followup_rows::report(&mut row, id, &self.locator.areas),
            Into::Actions => followup_rows::action(&mut row, id, &self.locator.areas),
            Into::Surveys => survey_rows::survey(&mut row, id, &self.locator.areas, self.locator.comma),
            // Their files are read whole (`read_areas`, `read_promises`); the reader refuses to open for them.
            Into::Areas | Into::Promises => None,
            Into::Bookings => {
                let words = (&mut self.terms, &mut self.roles);
                meeting_rows::booking(&mut row, id, &self.locator.areas, &mut self.clock, words)
            }
            Into::Comments => meeting_rows::comment(&mut row, id),
            Into::Priorities => meeting_rows::priority(&mut row, id, &self.locator.areas),
        };
        let (record, action) = match (self.profile, record) {
            (Some(Profile::SafetyWalk), Some(Record::Observation(mut observation))) => {
                observation.source.get_or_insert(Source::Inventory);
                let action = followup_rows::action_of_walk(&mut row, &observation).unwrap_or_default();
                (Some(Record::Observation(observation)), action)
            }
            (_, record) => (record, None),
        };
        // One fault for such a cell: what else is said of it says the same in other words.
        for (column, error) in errors.iter().filter(|(column, _)| columns.is_read(*column)) {
            row.faults.retain(|(field, _)| columns.column(*field) != Some(*column));
            row.kept_faults.retain(|(kept, _)| kept != column);
            let reason = format!("the cell holds the error {error}");
            row.kept_faults.push((*column, Fault::new(reason, "mend the formula in the workbook, or clear the cell")));
        }
        match record {
            Some(record) if row.faults.is_empty() && row.kept_faults.is_empty() => {
                Ok((std::iter::once(record).chain(action.map(Record::Action)).collect(), row.notes))
            }
            _ => {
                let of_field = |(field, fault)| CellFault { column: columns.column(field), field: Some(field), fault };
                let of_column = |(column, fault)| CellFault { column: Some(column), field: None, fault };
                let kept = row.kept_faults.into_iter().map(of_column);
                Err(row.faults.into_iter().map(of_field).chain(kept).collect())
            }
        }
    }
}

fn read_id(row: &mut Row<'_>, generated: &str, prefix: Option<&str>, number: u64) -> Option<Id> {
    let cell = row.cell(Field::Id);
    let text = match (cell, prefix) {
        ("", _) => format!("{generated}-{number}"),
        (given, Some(prefix)) => format!("{prefix}{given}"),
        (given, None) => given.to_string(),
    };
    if personal::is_personal_id(cell) {
        row.faults.push((Field::Id, personal_fault()));
        return None;
    }
    let result = Id::new(&text).map_err(|_| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let repaired: String = text.chars().take(128).map(|c| if allowed(c) { c } else { '-' }).collect();
        let accepted = "1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-' are accepted";
        Fault::new("not an id", format!("{accepted}, such as '{repaired}'; --map id= makes new ids"))
    });
    row.check(Field::Id, result)
}

fn read_place(row: &mut Row<'_>, locator: &mut Locator, feature: Option<&geo::Geometry<f64>>) -> Option<PlaceOfRow> {
    let place = row.cell(Field::Place);
    let address = row.cell(Field::Address);
    // The register is asked with the clean text, so that a redacted place is not found by its secret.
    let (place, address) = (row.guard(Field::Place, place), row.guard(Field::Address, address));
    let cells = PlaceCells {
        x: row.cell(locator.axes.0),
        y: row.cell(locator.axes.1),
        geometry: row.cell(Field::Geometry),
        place: place.as_deref().unwrap_or(""),
        place_id: row.cell(Field::PlaceId),
        address: address.as_deref().unwrap_or(""),
        area: row.cell(Field::Area),
        precision_m: row.cell(Field::PrecisionM),
    };
    match locator.locate(&cells, feature) {
        Ok(found) => {
            row.notes.at_zero = found.at_zero;
            row.notes.has_shape = found.location.shape.is_some();
            row.notes.has_area = found.location.area.is_some();
            row.notes.unmatched_place = found.location.place_text.clone().filter(|_| found.unmatched_place);
            row.notes.unmatched_area = found.unmatched_area.then(|| personal::redacted(cells.area).into_owned());
            Some(found)
        }
        Err(faults) => {
            row.faults.extend(faults);
            None
        }
    }
}

pub(super) fn read_when(row: &mut Row<'_>, clock: &mut Clock) -> Option<When> {
    let start_field = if row.columns.column(Field::Start).is_some() { Field::Start } else { Field::Datetime };
    let cells = TimeCells {
        start: row.cell(start_field),
        end: row.cell(Field::End),
        date: row.cell(Field::Date),
        time: row.cell(Field::Time),
    };
    let read = clock.time_of_row(&cells).map_err(|(cell, fault)| {
        let field = match cell {
            TimeCell::Start if row.columns.column(start_field).is_none() => Field::Date,
            TimeCell::Start => start_field,
            TimeCell::End => Field::End,
            TimeCell::Date => Field::Date,
            TimeCell::Time => Field::Time,
        };
        row.faults.push((field, fault));
    });
    let read = read.ok()?;
    let certainty = row.optional(Field::TimeCertainty, |text| {
        TimeCertainty::from_code(text).ok_or_else(|| {
            Fault::new("not a certainty of time", "instant, interval, whole_day and ambiguous are accepted")
        })
    });
    let when = match certainty {
        Some(certainty) if certainty != TimeCertainty::Instant => {
            When::interval(read.when.start_s(), read.when.end_s(), certainty).unwrap_or(read.when)
        }
        _ => read.when,
    };
    row.notes.when = Some(when);
    row.notes.existed_twice = read.existed_twice;
    Some(when)
}

fn read_term(row: &mut Row<'_>, field: Field, terms: &mut TermMatcher) -> Option<String> {
    match terms.code(row.cell(field)) {
        Ok((code, is_new)) => {
            row.notes.new_term = is_new.then(|| code.to_string());
            Some(code.to_string())
        }
        Err(fault) => {
            row.faults.push((field, fault));
            None
        }
    }
}

fn read_kept(row: &mut Row<'_>) -> Vec<(String, String)> {
    let mut kept = Vec::new();
    for at in &row.columns.kept {
        let value = row.at(*at);
        if value.is_empty() {
            continue;
        }
        let heading = &row.columns.headings()[*at];
        if !personal::is_found(value) {
            kept.push((heading.clone(), value.to_string()));
        } else if row.redact {
            row.notes.redacted = true;
            kept.push((heading.clone(), personal::redacted(value).into_owned()));
        } else {
            row.kept_faults.push((*at, personal_fault()));
        }
    }
    kept
}

fn observation(
    row: &mut Row<'_>,
    id: Option<Id>,
    place: Option<PlaceOfRow>,
    clock: &mut Clock,
    terms: &mut TermMatcher,
) -> Option<Record> {
    let when = read_when(row, clock);
    let category = read_term(row, Field::Category, terms);
    let yes_means = row.columns.yes_means;
    let feeling = row.optional(Field::Feeling, |text| parse_feeling(text, yes_means));
    let source = row.optional(Field::Source, parse_source);
    let severity = row.optional(Field::Severity, parse_severity);
    let inventory = row.optional(Field::Inventory, meeting_rows::parse_id);
    let photo = row.text(Field::Photo);
    let text = row.text(Field::Text);
    let reporter_key = read_reporter_key(row);
    let kept = read_kept(row);
    let location = place?.location;
    Some(Record::Observation(Observation {
        id: id?,
        category: category?,
        feeling,
        when: when?,
        location,
        source,
        severity,
        inventory,
        photo,
        text,
        reporter_key,
        kept,
    }))
}

/// A key that whoever handed in the file has made: one line, not too long, and nothing that looks like a person's.
fn read_reporter_key(row: &mut Row<'_>) -> Option<String> {
    let key = row.text(Field::ReporterKey)?;
    if key.chars().count() <= Observation::REPORTER_KEY_CHARS && !key.chars().any(char::is_control) {
        return Some(key);
    }
    let accepted = format!("1 to {} characters on one line are accepted", Observation::REPORTER_KEY_CHARS);
    row.faults.push((Field::ReporterKey, Fault::new("not a reporter key", accepted)));
    None
}

fn activity(
    row: &mut Row<'_>,
    id: Option<Id>,
    place: Option<PlaceOfRow>,
    clock: &mut Clock,
    (kinds, roles): (&mut TermMatcher, &mut TermMatcher),
    comma: bool,
) -> Option<Record> {
    let when = read_when(row, clock);
    let kind = read_term(row, Field::Kind, kinds);
    let actors = read_actors(row, roles);
    let minutes = row.optional(Field::Minutes, |text| parse_amount(text, comma));
    let mode = row.text(Field::Mode);
    let result = row.text(Field::Result);
    let operation_id = row.text(Field::OperationId);
    let intelligence_led = row.optional(Field::IntelligenceLed, parse_flag);
    let text = row.text(Field::Text);
    let kept = read_kept(row);
    let location = place?.location;
    Some(Record::Activity(Activity {
        id: id?,
        kind: kind?,
        when: when?,
        location,
        actors,
        mode,
        minutes,
        result,
        operation_id,
        intelligence_led,
        text,
        kept,
    }))
}

/// Roles with organisations: `police:Lokalpolisområde Höglandet; municipality`, or a plain Swedish
/// list ("Polisen, kommunen och fastighetsägare"). Each role once per organisation.
pub(super) fn read_actors(row: &mut Row<'_>, roles: &mut TermMatcher) -> Vec<Participant> {
    let cell = row.cell(Field::Actors);
    let Some(text) = row.guard(Field::Actors, cell) else { return Vec::new() };
    let listed = if text.contains([';', ':']) {
        text
    } else {
        text.replace(" och ", ";").replace(" and ", ";").replace(['+', '/', ',', '&', '|'], ";")
    };
    let mut actors: Vec<Participant> = Vec::new();
    for mut actor in Participant::parse_list(&listed) {
        match roles.code(&actor.role) {
            Ok((code, is_new)) => {
                if is_new {
                    row.notes.new_roles.push(code.to_string());
                }
                actor.role = code.to_string();
                if !actors.contains(&actor) {
                    actors.push(actor);
                }
            }
            Err(fault) => row.faults.push((Field::Actors, fault)),
        }
    }
    actors
}

fn register_entry(row: &mut Row<'_>, id: Option<Id>, place: Option<PlaceOfRow>) -> Option<Record> {
    let name = row.text(Field::Name);
    if name.is_none() && row.raw(Field::Name).is_empty() {
        row.faults.push((Field::Name, Fault::new("no name", "every place needs a name")));
    }
    let aliases: Vec<String> = match row.text(Field::Aliases) {
        Some(list) => list.split([';', '|']).map(str::trim).filter(|a| !a.is_empty()).map(str::to_string).collect(),
        None => Vec::new(),
    };
    let source = row.text(Field::Source).unwrap_or_default();
    let location = place?.location;
    let at = match location.shape {
        Some(Shape::Point(at)) => Some(at),
        _ => None,
    };
    Some(Record::Place(Place {
        id: id?,
        name: name?,
        aliases,
        at,
        precision_m: location.precision_m,
        area: location.area,
        source,
    }))
}

/// Whether nothing stands in any cell, as in the rows of delimiters that spreadsheets leave at the end.
pub(crate) fn is_empty_row(cells: &StringRecord) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}
