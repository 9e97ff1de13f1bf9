//! Records as a GeoJSON FeatureCollection (RFC 7946).

use std::io::{self, Write};

use geojson::{Feature, FeatureWriter, JsonObject, JsonValue};

use super::ExportOptions;
use super::cells::{Cell, geometry_of, row};
use super::columns::{Kind, columns};
use crate::domain::Record;

/// Writes records as a FeatureCollection: longitude first, outer rings counter-clockwise, the
/// record's id as the feature's, no property for what is unknown. Records without a place have a null
/// geometry.
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
        let row = row(record, self.options.of, &self.options.zone)?;
        let mut properties = JsonObject::new();
        let mut id = None;
        for (column, cell) in columns(self.options.of).iter().zip(row.cells) {
            match (column.kind, cell) {
                (Kind::Lon | Kind::Lat | Kind::Outline, _) | (_, Cell::Empty) => {}
                (_, Cell::Text(text)) if column.name == "id" => {
                    id = Some(geojson::feature::Id::String(text.into_owned()));
                }
                (_, Cell::Number(number)) => drop(properties.insert(column.name.to_string(), whole_or_real(number))),
                (_, other) => {
                    properties.insert(column.name.to_string(), JsonValue::from(other.into_text().into_owned()));
                }
            }
        }
        // Null where a record lacks one, so that the column is there for --keep whatever the records.
        for name in &self.options.kept {
            let value = row.kept.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.as_str());
            properties.insert(name.clone(), JsonValue::from(value));
        }
        if let Some(class) = &self.options.data_class {
            properties.insert("data_class".to_string(), JsonValue::from(class.as_str()));
        }
        let geometry = row.shape.map(|shape| geojson::Geometry::from(&geometry_of(&shape)));
        let feature = Feature { bbox: None, geometry, id, properties: Some(properties), foreign_members: None };
        self.writer.write_feature(&feature).map_err(io::Error::other)
    }

    /// Ends the collection and flushes; the file is no JSON before this.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.finish().map_err(io::Error::other)?;
        self.writer.flush().map_err(io::Error::other)
    }
}

/// JSON has one number type; 3 is written as 3, not as 3.0.
#[allow(clippy::cast_possible_truncation, reason = "only whole numbers below 2^53 are cast")]
fn whole_or_real(number: f64) -> JsonValue {
    if number.fract() == 0.0 && number.abs() < 9e15 { JsonValue::from(number as i64) } else { JsonValue::from(number) }
}
