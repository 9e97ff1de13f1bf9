//! Records to CSV and GeoJSON, a record at a time, in the columns that import understands.
//!
//! Import reads an export back to equal records, given the same register and `--keep` for the kept
//! columns. Times are UTC; local date, hour and weekday stand beside them for spreadsheets and are
//! not read back. What a spreadsheet would run as a formula gets an apostrophe, which import takes away.

use std::io::{self, Write};

use geojson::{Feature, FeatureWriter, JsonObject, JsonValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use wkt::ToWkt;

use super::fields::Into;
use super::records::Record;
use super::values::armed;
use crate::domain::{Activity, Location, LonLat, Observation, Participant, Place, Shape, TimeCertainty, When};

/// How CSV is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvStyle {
    /// Comma, decimal point, UTF-8, as RFC 4180 has it.
    #[default]
    Rfc,
    /// Semicolon, decimal comma, UTF-8 with byte order mark: opens in a Swedish Excel by a double click.
    ExcelSv,
}

/// What an export needs to know beside the records.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Collection of the records.
    pub of: Into,
    /// Zone of the local date, hour and weekday.
    pub zone: TimeZone,
    /// Names of kept columns, each of which becomes a column; records need not have them all.
    pub kept: Vec<String>,
    /// `synthetic` for generated data, told in every row; absent for real data.
    pub data_class: Option<String>,
}

/// A value on its way out.
enum Cell {
    Empty,
    Number(f64),
    Text(String),
}

impl Cell {
    fn text(value: Option<impl ToString>) -> Self {
        value.map_or(Self::Empty, |value| Self::Text(value.to_string()))
    }

    fn number(value: Option<f64>) -> Self {
        value.map_or(Self::Empty, Self::Number)
    }
}

type Named = (&'static str, Cell);

/// Writes records as CSV; the heading stands there even without records.
pub struct CsvExport<W: Write> {
    writer: csv::Writer<W>,
    options: ExportOptions,
    style: CsvStyle,
}

impl<W: Write> CsvExport<W> {
    /// Writes the heading.
    pub fn new(mut out: W, options: ExportOptions, style: CsvStyle) -> io::Result<Self> {
        let delimiter = match style {
            CsvStyle::Rfc => b',',
            CsvStyle::ExcelSv => {
                out.write_all("\u{feff}".as_bytes())?;
                b';'
            }
        };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        let kept = options.kept.iter().map(|name| armed(name).into_owned());
        let class = options.data_class.iter().map(|_| "data_class".to_string());
        let named = headings(options.of).iter().map(|h| (*h).to_string());
        writer.write_record(named.chain(kept).chain(class))?;
        Ok(Self { writer, options, style })
    }

    /// Writes one record. A record of another collection than the heading's is an error.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let (cells, shape, kept) = cells(record, &self.options)?;
        let wanted = headings(self.options.of);
        let mut row: Vec<String> = Vec::with_capacity(wanted.len() + self.options.kept.len() + 1);
        for heading in wanted {
            let cell = match (*heading, shape) {
                ("lon", Some(Shape::Point(at))) => Cell::Number(at.lon()),
                ("lat", Some(Shape::Point(at))) => Cell::Number(at.lat()),
                ("geometry", Some(Shape::Line(lines))) => Cell::Text(lines.wkt_string()),
                ("geometry", Some(Shape::Polygon(polygons))) => Cell::Text(polygons.wkt_string()),
                _ => Cell::Empty,
            };
            let named = cells.iter().find(|(name, _)| name == heading).map(|(_, cell)| cell);
            row.push(self.cell_text(named.unwrap_or(&cell)));
        }
        for name in &self.options.kept {
            let value = kept.iter().find(|(kept, _)| kept == name).map_or("", |(_, value)| value);
            row.push(armed(value).into_owned());
        }
        row.extend(self.options.data_class.clone());
        Ok(self.writer.write_record(&row)?)
    }

    /// Flushes; what was written before is complete only after this.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }

    fn cell_text(&self, cell: &Cell) -> String {
        match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => armed(text).into_owned(),
            Cell::Number(number) if self.style == CsvStyle::ExcelSv => number.to_string().replace('.', ","),
            Cell::Number(number) => number.to_string(),
        }
    }
}

/// Writes records as a GeoJSON FeatureCollection (RFC 7946): longitude first, outer rings
/// counter-clockwise, the record's id as the feature's, no property for what is unknown.
pub struct GeoJsonExport<W: Write> {
    writer: FeatureWriter<W>,
    options: ExportOptions,
}

impl<W: Write> GeoJsonExport<W> {
    /// Begins the collection.
    pub fn new(out: W, options: ExportOptions) -> io::Result<Self> {
        let mut writer = FeatureWriter::from_writer(out);
        if let Some(class) = &options.data_class {
            writer.write_foreign_member("data_class", class).map_err(io::Error::other)?;
        }
        Ok(Self { writer, options })
    }

    /// Writes one record. A record of another collection than announced is an error.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let (cells, shape, kept) = cells(record, &self.options)?;
        let mut properties = JsonObject::new();
        let mut id = None;
        for (name, cell) in cells {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) if name == "id" => id = Some(geojson::feature::Id::String(text)),
                Cell::Text(text) => drop(properties.insert(name.to_string(), JsonValue::from(text))),
                Cell::Number(number) => drop(properties.insert(name.to_string(), whole_or_real(number))),
            }
        }
        // Null where a record lacks one, so that the column is there for --keep whatever the records.
        for name in &self.options.kept {
            let value = kept.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.as_str());
            properties.insert(name.clone(), JsonValue::from(value));
        }
        if let Some(class) = &self.options.data_class {
            properties.insert("data_class".to_string(), JsonValue::from(class.as_str()));
        }
        let geometry = shape.map(|shape| geojson::Geometry::from(&geometry_of(shape)));
        let feature = Feature { bbox: None, geometry, id, properties: Some(properties), foreign_members: None };
        self.writer.write_feature(&feature).map_err(io::Error::other)
    }

    /// Ends the collection and flushes; the file is no JSON before this.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.finish().map_err(io::Error::other)?;
        self.writer.flush().map_err(io::Error::other)
    }
}

fn geometry_of(shape: &Shape) -> geo::Geometry<f64> {
    use geo::orient::{Direction, Orient};
    match shape {
        Shape::Point(at) => geo::Geometry::Point(at.coord().into()),
        Shape::Line(lines) => geo::Geometry::MultiLineString(lines.clone()),
        Shape::Polygon(polygons) => geo::Geometry::MultiPolygon(polygons.orient(Direction::Default)),
    }
}

/// JSON has one number type; 3 is written as 3, not as 3.0.
#[allow(clippy::cast_possible_truncation, reason = "only whole numbers below 2^53 are cast")]
fn whole_or_real(number: f64) -> JsonValue {
    if number.fract() == 0.0 && number.abs() < 9e15 { JsonValue::from(number as i64) } else { JsonValue::from(number) }
}

fn headings(of: Into) -> &'static [&'static str] {
    match of {
        Into::Observations => &[
            "id",
            "category",
            "start",
            "end",
            "time_certainty",
            "local_date",
            "local_hour",
            "local_weekday",
            "lon",
            "lat",
            "precision_m",
            "place_id",
            "place",
            "area",
            "source",
            "feeling",
            "severity",
            "text",
        ],
        Into::Activities => &[
            "id",
            "kind",
            "start",
            "end",
            "time_certainty",
            "local_date",
            "local_hour",
            "local_weekday",
            "lon",
            "lat",
            "geometry",
            "precision_m",
            "place_id",
            "place",
            "area",
            "actors",
            "minutes",
            "mode",
            "result",
            "operation_id",
            "text",
        ],
        Into::Places => &["id", "name", "aliases", "lon", "lat", "precision_m", "area", "source"],
    }
}

type Parts<'a> = (Vec<Named>, Option<&'a Shape>, &'a [(String, String)]);

/// The named cells of a record, its shape and its kept columns.
fn cells<'a>(record: &'a Record, options: &ExportOptions) -> io::Result<Parts<'a>> {
    match (record, options.of) {
        (Record::Observation(o), Into::Observations) => {
            Ok((observation_cells(o, &options.zone), o.location.shape.as_ref(), &o.kept))
        }
        (Record::Activity(a), Into::Activities) => {
            Ok((activity_cells(a, &options.zone), a.location.shape.as_ref(), &a.kept))
        }
        (Record::Place(place), Into::Places) => Ok((place_cells(place), None, &[])),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "a record of another collection than the export's")),
    }
}

fn observation_cells(o: &Observation, zone: &TimeZone) -> Vec<Named> {
    let mut cells = vec![("id", Cell::text(Some(&o.id))), ("category", Cell::text(Some(&o.category)))];
    cells.extend(time_cells(o.when, zone));
    cells.extend(location_cells(&o.location));
    cells.extend([
        ("source", Cell::text(o.source.map(|s| s.code()))),
        ("feeling", Cell::text(o.feeling.map(|f| f.code()))),
        ("severity", Cell::number(o.severity.map(f64::from))),
        ("text", Cell::text(o.text.as_ref())),
    ]);
    cells
}

fn activity_cells(a: &Activity, zone: &TimeZone) -> Vec<Named> {
    let mut actors = Participant::format_list(&a.actors);
    if !actors.is_empty() && !actors.contains([';', ':']) {
        // Says that this is a list of roles, not a Swedish sentence to be split at its commas.
        actors.push(';');
    }
    let mut cells = vec![("id", Cell::text(Some(&a.id))), ("kind", Cell::text(Some(&a.kind)))];
    cells.extend(time_cells(a.when, zone));
    cells.extend(location_cells(&a.location));
    cells.extend([
        ("actors", Cell::text(Some(actors).filter(|list| !list.is_empty()))),
        ("minutes", Cell::number(a.minutes)),
        ("mode", Cell::text(a.mode.as_ref())),
        ("result", Cell::text(a.result.as_ref())),
        ("operation_id", Cell::text(a.operation_id.as_ref())),
        ("text", Cell::text(a.text.as_ref())),
    ]);
    cells
}

fn place_cells(place: &Place) -> Vec<Named> {
    vec![
        ("id", Cell::text(Some(&place.id))),
        ("name", Cell::text(Some(&place.name))),
        ("aliases", Cell::text(Some(place.aliases.join("; ")).filter(|list| !list.is_empty()))),
        ("lon", Cell::number(place.at.map(LonLat::lon))),
        ("lat", Cell::number(place.at.map(LonLat::lat))),
        ("precision_m", Cell::number(place.precision_m)),
        ("area", Cell::text(place.area.as_ref())),
        ("source", Cell::text(Some(&place.source).filter(|source| !source.is_empty()))),
    ]
}

fn time_cells(when: When, zone: &TimeZone) -> [Named; 6] {
    let utc = |second| Timestamp::from_second(second).ok();
    let local = utc(when.start_s()).map(|moment| zone.to_datetime(moment));
    let end = if when.certainty() == TimeCertainty::Instant { None } else { utc(when.end_s()) };
    let weekday = local.map(|l| usize::from(l.date().weekday().to_monday_zero_offset().unsigned_abs()));
    [
        ("start", Cell::text(utc(when.start_s()))),
        ("end", Cell::text(end)),
        ("time_certainty", Cell::text(Some(when.certainty().code()))),
        ("local_date", Cell::text(local.map(|l| l.date()))),
        ("local_hour", Cell::number(local.map(|l| f64::from(l.hour())))),
        ("local_weekday", Cell::text(weekday.and_then(|day| crate::domain::HourMask::WEEKDAYS.get(day).copied()))),
    ]
}

fn location_cells(location: &Location) -> [Named; 4] {
    [
        ("precision_m", Cell::number(location.precision_m)),
        ("place_id", Cell::text(location.place.as_ref())),
        ("place", Cell::text(location.place_text.as_ref())),
        ("area", Cell::text(location.area.as_ref())),
    ]
}
