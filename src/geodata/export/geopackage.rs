//! Records as a GeoPackage 1.3: the file to share.
//!
//! Exactly the exported layers in EPSG:4326, with extents; no history, accounts, audit or triggers, so
//! any program may write in it. A collection with geometry is a feature table, the others attributes.

use std::io;
use std::path::Path;

use geo::BoundingRect;
use geozero::{CoordDimensions, ToWkb};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::ExportOptions;
use super::cells::{Cell, geometry_of, row};
use super::columns::{Kind, columns};
use super::workbook::title;
use crate::domain::{Collection, Record};

const SRS: i32 = 4326;

/// What every GeoPackage holds (OGC 12-128r18, annex C), and nothing else.
const LAY_OUT: &str = r#"
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"#;

/// Writes records as layers of a new file.
pub struct GeoPackageExport {
    connection: Connection,
    layer: Option<Layer>,
}

/// The layer being filled.
struct Layer {
    options: ExportOptions,
    insert: String,
    /// `[min x, min y, max x, max y]` of what was written.
    extent: Option<[f64; 4]>,
}

impl GeoPackageExport {
    /// Begins a file at a path where nothing stands, or an empty file. Nothing of it is there before
    /// [`GeoPackageExport::finish`].
    pub fn create(path: &Path) -> io::Result<Self> {
        let connection = Connection::open(path).map_err(io::Error::other)?;
        // The file is thrown away when anything fails, so nothing has to survive a crash meanwhile.
        connection.execute_batch("PRAGMA journal_mode = MEMORY; BEGIN;").map_err(io::Error::other)?;
        connection.execute_batch(LAY_OUT).map_err(io::Error::other)?;
        Ok(Self { connection, layer: None })
    }

    /// Begins the layer of a collection, which ends the one before. A collection only once.
    pub fn begin(&mut self, options: ExportOptions) -> io::Result<()> {
        self.end_layer()?;
        let layer = self.lay_out(options).map_err(io::Error::other)?;
        self.layer = Some(layer);
        Ok(())
    }

    fn lay_out(&self, options: ExportOptions) -> rusqlite::Result<Layer> {
        let table = options.of.table();
        let class = options.data_class.as_deref().map_or_else(String::new, |class| format!("data class: {class}"));
        let geometry = geometry_type(options.of);
        let (data_type, srs) = if geometry.is_some() { ("features", SRS) } else { ("attributes", 0) };
        self.connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![table, data_type, title(options.of), class, srs],
        )?;
        let mut definitions = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_string()];
        let mut names = Vec::new();
        if let Some(geometry) = geometry {
            definitions.push(format!("geom {geometry}"));
            names.push("geom".to_string());
            self.connection.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
                params![table, geometry, SRS],
            )?;
        }
        for column in columns(options.of).iter().filter(|column| sql_type(column.kind).is_some()) {
            let unique = if column.name == "id" { " NOT NULL UNIQUE" } else { "" };
            definitions.push(format!("\"{}\" {}{unique}", column.name, sql_type(column.kind).unwrap_or_default()));
            names.push(column.name.to_string());
        }
        let class = options.data_class.iter().map(|_| "data_class".to_string());
        for kept in options.kept.iter().cloned().chain(class) {
            let name = free_name(&kept, &names);
            definitions.push(format!("\"{}\" TEXT", name.replace('"', "\"\"")));
            names.push(name);
        }
        self.connection.execute_batch(&format!("CREATE TABLE {table} ({});", definitions.join(", ")))?;
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let insert = format!("INSERT INTO {table} ({}) VALUES ({marks})", quoted.join(", "));
        Ok(Layer { options, insert, extent: None })
    }

    /// Writes one record of the collection that was begun.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let Some(Layer { options, insert, extent }) = &mut self.layer else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no layer was begun"));
        };
        let row = row(record, options.of, &options.zone)?;
        let mut values: Vec<Value> = Vec::with_capacity(row.cells.len() + 2);
        if options.of.has_geometry() {
            values.push(match &row.shape {
                None => Value::Null,
                Some(shape) => {
                    let geometry = geometry_of(shape);
                    let bounds = geometry.bounding_rect();
                    *extent = bounds.map_or(*extent, |b| Some(widened(*extent, &b)));
                    let is_point = matches!(geometry, geo::Geometry::Point(_));
                    let envelope = bounds.filter(|_| !is_point);
                    let envelope = envelope.map(|b| vec![b.min().x, b.max().x, b.min().y, b.max().y]);
                    let blob = geometry.to_gpkg_wkb(CoordDimensions::xy(), Some(SRS), envelope.unwrap_or_default());
                    Value::Blob(blob.map_err(io::Error::other)?)
                }
            });
        }
        for (column, cell) in columns(options.of).iter().zip(row.cells) {
            if sql_type(column.kind).is_some() {
                values.push(value(column.kind, cell));
            }
        }
        for name in &options.kept {
            let kept = row.kept.iter().find(|(kept, _)| kept == name);
            values.push(kept.map_or(Value::Null, |(_, value)| Value::Text(value.clone())));
        }
        values.extend(options.data_class.clone().map(Value::Text));
        let mut statement = self.connection.prepare_cached(insert).map_err(io::Error::other)?;
        statement.execute(params_from_iter(values)).map(|_| ()).map_err(io::Error::other)
    }

    /// Ends the last layer and the file; it is on disk after this.
    pub fn finish(mut self) -> io::Result<()> {
        self.end_layer()?;
        self.connection.execute_batch("COMMIT; PRAGMA journal_mode = DELETE;").map_err(io::Error::other)?;
        self.connection.close().map_err(|(_, error)| io::Error::other(error))
    }

    fn end_layer(&mut self) -> io::Result<()> {
        if let Some(Layer { options, extent: Some([min_x, min_y, max_x, max_y]), .. }) = self.layer.take() {
            let sql = "UPDATE gpkg_contents SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5 WHERE table_name = ?1";
            let values = params![options.of.table(), min_x, min_y, max_x, max_y];
            self.connection.execute(sql, values).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

fn geometry_type(of: Collection) -> Option<&'static str> {
    match of {
        Collection::Areas => Some("MULTIPOLYGON"),
        Collection::Places | Collection::Observations => Some("POINT"),
        Collection::Activities => Some("GEOMETRY"),
        _ => None,
    }
}

/// The column type; `None` for what stands in the geometry.
fn sql_type(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Text | Kind::Document | Kind::Weekday => Some("TEXT"),
        Kind::Number => Some("DOUBLE"),
        Kind::Whole => Some("INTEGER"),
        Kind::Moment => Some("DATETIME"),
        Kind::Day => Some("DATE"),
        Kind::Lon | Kind::Lat | Kind::Outline => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "whole columns hold counts, hours and grades")]
fn value(kind: Kind, cell: Cell<'_>) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Number(number) if kind == Kind::Whole => Value::Integer(number as i64),
        Cell::Number(number) => Value::Real(number),
        // GeoPackage asks for milliseconds.
        Cell::Moment(moment) => Value::Text(format!("{moment:.3}")),
        other => Value::Text(other.into_text().into_owned()),
    }
}

fn widened(extent: Option<[f64; 4]>, bounds: &geo::Rect<f64>) -> [f64; 4] {
    let (min, max) = (bounds.min(), bounds.max());
    let [a, b, c, d] = extent.unwrap_or([min.x, min.y, max.x, max.y]);
    [a.min(min.x), b.min(min.y), c.max(max.x), d.max(max.y)]
}

/// A column name that is not taken; SQLite does not tell capitals apart.
fn free_name(wanted: &str, taken: &[String]) -> String {
    let is_taken =
        |name: &str| name.eq_ignore_ascii_case("fid") || taken.iter().any(|t| t.to_lowercase() == name.to_lowercase());
    let wanted = if wanted.trim().is_empty() { "column" } else { wanted };
    let numbered = (2..).map(|n| format!("{wanted}_{n}"));
    std::iter::once(wanted.to_string()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_columns_get_names_of_their_own() {
        let taken = ["geom".to_string(), "text".to_string(), "Text_2".to_string()];
        assert_eq!(free_name("Text", &taken), "Text_3");
        assert_eq!(free_name("FID", &taken), "FID_2");
        assert_eq!(free_name("Diarienr", &taken), "Diarienr");
        assert_eq!(free_name(" ", &taken), "column");
    }
}
