//! The cells of a record in the columns of its collection.

use std::borrow::Cow;
use std::io;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::attribute_cells;
use super::columns::{Column, Kind, columns};
use crate::domain::{
    Activity, Area, Collection, Id, Location, LonLat, Observation, Participant, Place, Record, Shape, TimeCertainty,
    When,
};

/// A value on its way out.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Empty,
    Number(f64),
    Text(Cow<'a, str>),
    Moment(Timestamp),
    Day(Date),
    /// Days after Monday.
    Weekday(usize),
}

impl<'a> Cell<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    pub(super) fn id(id: Option<&'a Id>) -> Self {
        Self::maybe(id.map(Id::as_str))
    }

    pub(super) fn number(number: Option<impl Into<f64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.into()))
    }

    pub(super) fn day(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }

    pub(super) fn flag(flag: Option<bool>) -> Self {
        flag.map_or(Self::Empty, |flag| Self::text(if flag { "true" } else { "false" }))
    }

    pub(super) fn actors(list: &[Participant]) -> Self {
        let mut text = Participant::format_list(list);
        if text.is_empty() {
            return Self::Empty;
        }
        if !text.contains([';', ':']) {
            // Says that this is a list of roles, not a Swedish sentence to be split at its commas.
            text.push(';');
        }
        Self::text(text)
    }

    /// As CSV and GeoJSON write it; numbers with a decimal point.
    pub(super) fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Empty => "".into(),
            Self::Number(number) => number.to_string().into(),
            Self::Text(text) => text,
            Self::Moment(moment) => moment.to_string().into(),
            Self::Day(day) => day.to_string().into(),
            Self::Weekday(day) => crate::domain::HourMask::WEEKDAYS.get(day).copied().unwrap_or_default().into(),
        }
    }
}

/// A record in the columns of its collection.
pub(super) struct Row<'a> {
    /// As many as [`columns`] has.
    pub(super) cells: Vec<Cell<'a>>,
    pub(super) shape: Option<Cow<'a, Shape>>,
    pub(super) kept: &'a [(String, String)],
}

/// Cells without those that come from the shape, the shape, the kept columns.
type Parts<'a> = (Vec<Cell<'a>>, Option<Cow<'a, Shape>>, &'a [(String, String)]);

/// A record in its columns. A record of another collection is an error.
pub(super) fn row<'a>(record: &'a Record, of: Collection, zone: &TimeZone) -> io::Result<Row<'a>> {
    if record.collection() != of {
        let text = format!("a record of {} in an export of {}", record.collection().code(), of.code());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    let (values, shape, kept): Parts<'a> = match record {
        Record::Observation(o) => (observation(o, zone), o.location.shape.as_ref().map(Cow::Borrowed), &o.kept),
        Record::Activity(a) => (activity(a, zone), a.location.shape.as_ref().map(Cow::Borrowed), &a.kept),
        Record::Place(p) => (place(p), p.at.map(|at| Cow::Owned(Shape::Point(at))), &[]),
        Record::Area(a) => (area(a), Some(Cow::Owned(Shape::Polygon(a.outline.clone()))), &[]),
        other => (attribute_cells::of(other, zone), None, &[]),
    };
    Ok(Row { cells: with_geometry(columns(of), values, shape.as_deref()), shape, kept })
}

/// Puts the cells that come from the shape where their columns are.
fn with_geometry<'a>(columns: &[Column], values: Vec<Cell<'a>>, shape: Option<&Shape>) -> Vec<Cell<'a>> {
    use wkt::ToWkt;
    let mut values = values.into_iter();
    let of_column = |column: &Column| match (column.kind, shape) {
        (Kind::Lon, Some(Shape::Point(at))) => Cell::Number(at.lon()),
        (Kind::Lat, Some(Shape::Point(at))) => Cell::Number(at.lat()),
        (Kind::Outline, Some(Shape::Line(lines))) => Cell::text(lines.wkt_string()),
        (Kind::Outline, Some(Shape::Polygon(polygons))) => Cell::text(polygons.wkt_string()),
        (Kind::Lon | Kind::Lat | Kind::Outline, _) => Cell::Empty,
        _ => values.next().unwrap_or(Cell::Empty),
    };
    columns.iter().map(of_column).collect()
}

fn observation<'a>(o: &'a Observation, zone: &TimeZone) -> Vec<Cell<'a>> {
    let mut cells = vec![Cell::id(Some(&o.id)), Cell::text(&o.category)];
    cells.extend(time_cells(o.when, zone));
    cells.extend(location_cells(&o.location));
    cells.extend([
        Cell::maybe(o.source.map(|s| s.code())),
        Cell::maybe(o.feeling.map(|f| f.code())),
        Cell::number(o.severity),
        Cell::id(o.inventory.as_ref()),
        Cell::maybe(o.photo.as_deref()),
        Cell::maybe(o.text.as_deref()),
    ]);
    cells
}

fn activity<'a>(a: &'a Activity, zone: &TimeZone) -> Vec<Cell<'a>> {
    let mut cells = vec![Cell::id(Some(&a.id)), Cell::text(&a.kind)];
    cells.extend(time_cells(a.when, zone));
    cells.extend(location_cells(&a.location));
    cells.extend([
        Cell::actors(&a.actors),
        Cell::number(a.minutes),
        Cell::maybe(a.mode.as_deref()),
        Cell::maybe(a.result.as_deref()),
        Cell::maybe(a.operation_id.as_deref()),
        Cell::flag(a.intelligence_led),
        Cell::maybe(a.text.as_deref()),
    ]);
    cells
}

fn place(place: &Place) -> Vec<Cell<'_>> {
    let aliases = Some(place.aliases.join("; ")).filter(|list| !list.is_empty());
    vec![
        Cell::id(Some(&place.id)),
        Cell::text(&place.name),
        aliases.map_or(Cell::Empty, Cell::text),
        Cell::number(place.precision_m),
        Cell::id(place.area.as_ref()),
        Cell::maybe(Some(place.source.as_str()).filter(|source| !source.is_empty())),
    ]
}

fn area(area: &Area) -> Vec<Cell<'_>> {
    vec![
        Cell::id(Some(&area.id)),
        Cell::text(&area.names.sv),
        Cell::text(&area.names.en),
        Cell::text(&area.set),
        Cell::text(area.area_type.code()),
        Cell::number(area.residents),
        Cell::day(area.valid_from),
        Cell::day(area.valid_to),
        Cell::text(&area.source),
        Cell::text(area.certainty.code()),
        Cell::text(&area.how_drawn),
        Cell::Number(area.area_km2()),
    ]
}

pub(super) fn time_cells(when: When, zone: &TimeZone) -> [Cell<'static>; 6] {
    let utc = |second| Timestamp::from_second(second).ok();
    let local = utc(when.start_s()).map(|moment| zone.to_datetime(moment));
    let end = if when.certainty() == TimeCertainty::Instant { None } else { utc(when.end_s()) };
    let moment = |moment: Option<Timestamp>| moment.map_or(Cell::Empty, Cell::Moment);
    [
        moment(utc(when.start_s())),
        moment(end),
        Cell::text(when.certainty().code()),
        Cell::day(local.map(|l| l.date())),
        Cell::number(local.map(|l| l.hour())),
        local.map_or(Cell::Empty, |l| {
            Cell::Weekday(usize::from(l.date().weekday().to_monday_zero_offset().unsigned_abs()))
        }),
    ]
}

fn location_cells(location: &Location) -> [Cell<'_>; 4] {
    [
        Cell::number(location.precision_m),
        Cell::id(location.place.as_ref()),
        Cell::maybe(location.place_text.as_deref()),
        Cell::id(location.area.as_ref()),
    ]
}

/// The shape as GIS programs want it: outer rings anticlockwise.
pub(super) fn geometry_of(shape: &Shape) -> geo::Geometry<f64> {
    use geo::orient::{Direction, Orient};
    match shape {
        Shape::Point(at) => geo::Geometry::Point(LonLat::coord(*at).into()),
        Shape::Line(lines) => geo::Geometry::MultiLineString(lines.clone()),
        Shape::Polygon(polygons) => geo::Geometry::MultiPolygon(polygons.orient(Direction::Default)),
    }
}
