//! Writes areas as GeoJSON (RFC 7946) that [`super::read_areas`] reads back.

use geo::Orient;
use geo::orient::Direction;
use geojson::{Geometry, GeometryValue};
use jiff::civil::Date;
use serde::Serialize;

use crate::domain::Area;

#[derive(Serialize)]
struct FeatureOut<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    properties: PropertiesOut<'a>,
    geometry: Geometry,
}

/// A struct, not a map: properties keep the order in which people read them.
#[derive(Serialize)]
struct PropertiesOut<'a> {
    id: &'a str,
    name_sv: &'a str,
    name_en: &'a str,
    set: &'a str,
    area_type: &'static str,
    residents: Option<u32>,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    source: &'a str,
    certainty: &'static str,
    how_drawn: &'a str,
}

/// The areas as a FeatureCollection, one feature per line, in the order given.
///
/// Coordinates are written to the last bit, outer rings anticlockwise, holes clockwise. An area of one
/// polygon is a Polygon, any other a MultiPolygon.
pub fn write_areas(areas: &[Area]) -> String {
    let lines: Vec<String> = areas
        .iter()
        .map(|area| serde_json::to_string(&feature(area)).expect("outlines are finite and keys are text"))
        .collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n"))
}

fn feature(area: &Area) -> FeatureOut<'_> {
    let outline = area.outline.orient(Direction::Default);
    let geometry = match outline.0.as_slice() {
        [polygon] => GeometryValue::from(polygon),
        _ => GeometryValue::from(&outline),
    };
    FeatureOut {
        kind: "Feature",
        id: area.id.as_str(),
        properties: PropertiesOut {
            id: area.id.as_str(),
            name_sv: &area.names.sv,
            name_en: &area.names.en,
            set: &area.set,
            area_type: area.area_type.code(),
            residents: area.residents,
            valid_from: area.valid_from,
            valid_to: area.valid_to,
            source: &area.source,
            certainty: area.certainty.code(),
            how_drawn: &area.how_drawn,
        },
        geometry: Geometry::new(geometry),
    }
}
