//! Features of a GeoPackage layer as rows: attribute columns are cells, the geometry stands beside them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use csv::StringRecord;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use super::feed::{Fed, FedRow, Feeder, Opening, Stop};
use super::problem::{Problem, Spot};
use super::source_file::SourceFile;
use super::values::Fault;
use super::wkb::geometry_of_gpkg;

/// What the attributes of one feature, and its geometry, may take.
const MAX_ROW_BYTES: i64 = 1024 * 1024;
const MAX_GEOMETRY_BYTES: i64 = 16 * 1024 * 1024;

/// Opens a layer: the one named, or the only one.
pub(crate) fn open(source: &SourceFile, layer: Option<String>, max_rows: u64) -> Result<Fed, Problem> {
    let path = source.path().to_path_buf();
    Fed::start(source.name(), Arc::new(AtomicU64::new(0)), move |feeder| {
        read_layer(&path, layer.as_deref(), max_rows, feeder)
    })
}

/// A feature layer as the file describes it.
struct Layer {
    table: String,
    geometry: String,
    epsg: Option<u16>,
}

/// Opened read-only and as unchanging, so that nothing beside the file is made or locked. What the file's
/// schema says is not trusted: no function in it runs, and views are not read.
fn connect(path: &Path) -> Result<Connection, Fault> {
    let absolute = std::path::absolute(path).map_err(|e| Fault::new(format!("cannot be read: {e}"), ""))?;
    let encoded = utf8_percent_encode(&absolute.to_string_lossy(), NON_ALPHANUMERIC).to_string().replace("%2F", "/");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(format!("file:{encoded}?mode=ro&immutable=1"), flags).map_err(|e| damaged(&e))?;
    let guards = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA cache_size=-8192;";
    connection.execute_batch(guards).map_err(|e| damaged(&e))?;
    Ok(connection)
}

fn read_layer(path: &Path, wanted: Option<&str>, max_rows: u64, feeder: &mut Feeder) -> Result<(), Stop> {
    let connection = connect(path)?;
    let has = |name: &str| -> Result<bool, Fault> {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql LIKE 'CREATE TABLE%'";
        connection.query_row(sql, [name], |row| row.get::<_, i64>(0)).map(|n| n > 0).map_err(|e| damaged(&e))
    };
    if has("lagesbild_meta")? {
        let hint = "lagesbild export writes its records as CSV or GeoJSON; --data takes such a file";
        return Err(Fault::new("is a data file of this program", hint).into());
    }
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        let hint = "close the program that has it open, so that its changes are in the file itself";
        return Err(Fault::new("has changes beside it in a -wal file", hint).into());
    }
    let layer = choose_layer(&connection, wanted)?;
    if !has(&layer.table)? {
        return Err(
            Fault::new(format!("layer '{}' is no table", layer.table), "save the layer as one of its own").into()
        );
    }
    let columns = columns_of(&connection, &layer).map_err(|e| damaged(&e))?;
    let part = format!("layer '{}'", layer.table);
    feeder.open(Opening { headings: columns.clone(), part, epsg: layer.epsg, ..Opening::default() })?;
    // What is too long is measured, not read.
    let long = |column: &str, most: i64| format!("CASE WHEN octet_length({0}) <= {most} THEN {0} END", quoted(column));
    let length = |column: &String| format!("+coalesce(octet_length({}), 0)", quoted(column));
    let sql = format!(
        "SELECT 0{}, coalesce(octet_length({}), 0), {}{} FROM {}",
        columns.iter().map(length).collect::<String>(),
        quoted(&layer.geometry),
        long(&layer.geometry, MAX_GEOMETRY_BYTES),
        columns.iter().map(|column| format!(", {}", long(column, MAX_ROW_BYTES))).collect::<String>(),
        quoted(&layer.table)
    );
    let mut statement = connection.prepare(&sql).map_err(|e| damaged(&e))?;
    let mut rows = statement.query([]).map_err(|e| damaged(&e))?;
    let mut number = 0;
    while let Some(row) = rows.next().map_err(|e| damaged(&e))? {
        number += 1;
        if number > max_rows {
            let fault = Fault::new(format!("more than {max_rows} features"), "import them in several files");
            return Err(Stop::Failed(Spot::Feature(number), fault));
        }
        feeder.row(feature(row, columns.len(), number).map_err(|e| damaged(&e))?)?;
    }
    Ok(())
}

fn choose_layer(connection: &Connection, wanted: Option<&str>) -> Result<Layer, Fault> {
    let sql = "SELECT g.table_name, g.column_name, s.organization, s.organization_coordsys_id
        FROM gpkg_geometry_columns g JOIN gpkg_contents c USING (table_name)
        LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE c.data_type = 'features' ORDER BY g.rowid LIMIT 1000";
    let read = |row: &Row<'_>| {
        let organisation: Option<String> = row.get(2)?;
        let code: Option<u16> = row.get::<_, Option<i64>>(3)?.and_then(|code| code.try_into().ok());
        let is_epsg = organisation.is_some_and(|name| name.eq_ignore_ascii_case("EPSG"));
        Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, epsg: code.filter(|_| is_epsg) })
    };
    let layers: Result<Vec<Layer>, _> =
        connection.prepare(sql).and_then(|mut statement| statement.query_map([], read)?.collect());
    let mut layers = layers.map_err(|e| damaged(&e))?;
    let names = layers.iter().map(|layer| format!("'{}'", layer.table)).collect::<Vec<_>>().join(", ");
    let at = match wanted {
        _ if layers.is_empty() => {
            return Err(Fault::new("has no feature layer", "a layer of points, lines or polygons is accepted"));
        }
        Some(name) => layers
            .iter()
            .position(|layer| layer.table == name)
            .ok_or_else(|| Fault::new(format!("has no layer '{name}'"), format!("the layers are {names}")))?,
        None if layers.len() > 1 => {
            return Err(Fault::new("has several layers", format!("--layer names one of {names}")));
        }
        None => 0,
    };
    let layer = layers.swap_remove(at);
    match layer.epsg {
        Some(_) => Ok(layer),
        None => Err(Fault::new(
            format!("layer '{}' does not say its coordinate system by an EPSG code", layer.table),
            "set it in the program it comes from and save it anew",
        )),
    }
}

fn columns_of(connection: &Connection, layer: &Layer) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([&layer.table], |row| row.get::<_, String>(0))?;
    names.filter(|name| name.as_ref().map_or(true, |name| *name != layer.geometry)).collect()
}

fn feature(row: &Row<'_>, width: usize, number: u64) -> rusqlite::Result<FedRow> {
    let (length, geometry_length): (i64, i64) = (row.get(0)?, row.get(1)?);
    let mut feature = FedRow { number, ..FedRow::default() };
    if length > MAX_ROW_BYTES || geometry_length > MAX_GEOMETRY_BYTES {
        let reason = format!("attributes of {length} and a geometry of {geometry_length} bytes");
        let hint = format!("{MAX_ROW_BYTES} and {MAX_GEOMETRY_BYTES} bytes are accepted");
        feature.fault = Some(Fault::new(reason, hint));
        feature.cells = (0..width).map(|_| "").collect::<StringRecord>();
        return Ok(feature);
    }
    for column in 0..width {
        let text = match row.get_ref(3 + column)? {
            ValueRef::Null | ValueRef::Blob(_) => String::new(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        };
        feature.cells.push_field(&text);
    }
    match row.get_ref(2)? {
        ValueRef::Null => {}
        ValueRef::Blob(blob) => match geometry_of_gpkg(blob) {
            Ok(geometry) => feature.geometry = geometry,
            Err(reason) => feature.fault = Some(Fault::new(reason, "points, lines and polygons are accepted")),
        },
        _ => feature.fault = Some(Fault::new("no geometry in its column", "points, lines and polygons are accepted")),
    }
    Ok(feature)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn damaged(error: &rusqlite::Error) -> Fault {
    Fault::new(format!("cannot be read as a GeoPackage: {error}"), "open it in QGIS and save its layer anew")
}
