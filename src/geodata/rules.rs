//! The rules of reading, one value at a time.
//!
//! A request has no file around it, but a wall time, a position, an outline and a text mean the same in it as in a
//! cell of a file. `wire` calls these, so that there is one rule and not two.

use geo::InteriorPoint;
use jiff::tz::TimeZone;

use super::clock::{Ambiguous, Clock, TimeCell, TimeCells};
use super::crs::{Carrier, Home, InputCrs, swapped_degrees};
use super::isolated::isolated;
use super::outline::{GivenCrs, REDRAW, UNJUDGED, polygons};
use super::register::{AreaNames, Register};
use super::validity::overlaps;
use super::values::Fault;
use super::{geometry, personal, terms};
use crate::domain::{Area, Id, Place, Shape, Term, TimeCertainty, When};

/// Why a value is refused and what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) reason: String,
    pub(crate) accepted: String,
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self { reason: fault.reason.into_owned(), accepted: fault.hint.into_owned() }
    }
}

/// Which of two texts is to blame for a time that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimePart {
    Start,
    End,
}

/// The time of a record out of a start, perhaps an end, and perhaps what is known about it.
///
/// Without an offset a time is a local one; one that existed twice becomes the interval of both readings, one that
/// did not exist is refused. A date is the whole local day.
pub(crate) fn read_time(
    zone: &TimeZone,
    start: &str,
    end: &str,
    certainty: Option<TimeCertainty>,
) -> Result<When, (TimePart, Refused)> {
    let mut clock = Clock::without_memory(zone.clone(), Ambiguous::Interval);
    let read = clock.time_of_row(&TimeCells { start, end, ..TimeCells::default() }).map_err(|(cell, fault)| {
        let part = if cell == TimeCell::End { TimePart::End } else { TimePart::Start };
        (part, Refused::from(fault))
    })?;
    Ok(match certainty {
        Some(certainty) if certainty != TimeCertainty::Instant => {
            When::interval(read.when.start_s(), read.when.end_s(), certainty).unwrap_or(read.when)
        }
        _ => read.when,
    })
}

/// Whether a part of the text looks like data about a person.
pub(crate) fn is_personal(text: &str) -> bool {
    personal::is_found(text)
}

/// The text with `[...]` for every part that looks like data about a person.
pub(crate) fn without_personal(text: &str) -> String {
    personal::redacted(text).into_owned()
}

/// Whether an id as a whole is a personnummer.
pub(crate) fn is_personal_id(id: &str) -> bool {
    personal::is_personal_id(id)
}

/// The code of a text in a table, and whether it is new there. `strict` refuses what is not in it.
pub(crate) fn read_term(
    table: &[Term],
    what: &'static str,
    text: &str,
    strict: bool,
) -> Result<(String, bool), Refused> {
    if table.iter().any(|term| term.code == text) {
        return Ok((text.to_string(), false));
    }
    let mut matcher = terms::TermMatcher::new(table, strict, what);
    let (code, is_new) = matcher.code(text)?;
    Ok((code.to_string(), is_new))
}

/// Places and areas of a data file by everything they are called.
#[derive(Clone, Debug)]
pub(crate) struct Gazetteer {
    register: Register,
    areas: AreaNames,
    home: Home,
}

impl Gazetteer {
    pub(crate) fn new(areas: &[Area], places: &[Place]) -> Self {
        let home = Home::of(areas.iter().map(|area| &area.outline));
        Self { register: Register::new(places), areas: AreaNames::new(areas), home }
    }

    /// The place with this id, else the one that goes by this name.
    pub(crate) fn place(&self, text: &str) -> Option<&Place> {
        let by_id = Id::new(text).ok().and_then(|id| self.register.get(&id));
        by_id.or_else(|| self.register.find(text))
    }

    /// The area with this id or name.
    pub(crate) fn area(&self, text: &str) -> Option<&Id> {
        self.areas.find(text)
    }

    /// A shape in degrees, or every defect of it.
    pub(crate) fn shape(&self, geometry: &geo::Geometry<f64>, points_only: bool) -> Result<Shape, Vec<Refused>> {
        let shape = geometry::shape_of(geometry, &InputCrs::Degrees, points_only)
            .map_err(|faults| faults.into_iter().map(Refused::from).collect::<Vec<_>>())?;
        match &shape {
            Shape::Point(at) if self.home.looks_swapped(*at) => Err(vec![Refused {
                reason: "far from every area, but near them the other way round".to_string(),
                accepted: swapped_degrees(Carrier::Geometry).to_string(),
            }]),
            _ => Ok(shape),
        }
    }
}

/// The outline of an area, or every defect of it.
pub(crate) fn read_outline(geometry: &geojson::GeometryValue) -> Result<geo::MultiPolygon<f64>, Vec<Refused>> {
    let refused = |defect: super::outline::Defect| Refused {
        reason: match defect.value {
            Some(value) => format!("{} ({value})", defect.reason),
            None => defect.reason,
        },
        accepted: defect.hint,
    };
    let parts =
        polygons(geometry, GivenCrs::Unsaid).map_err(|defects| defects.into_iter().map(refused).collect::<Vec<_>>())?;
    let unjudged = || vec![Refused { reason: UNJUDGED.to_string(), accepted: REDRAW.to_string() }];
    let pairs: Vec<Refused> =
        isolated(|| overlaps(&parts)).ok_or_else(unjudged)?.into_iter().map(|(_, _, defect)| refused(defect)).collect();
    if !pairs.is_empty() {
        return Err(pairs);
    }
    let outline = geo::MultiPolygon(parts);
    // Pages put a label there: an outline on which that panics is not kept.
    isolated(|| outline.interior_point()).ok_or_else(unjudged)?;
    Ok(outline)
}
