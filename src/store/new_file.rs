//! Making a data file.

use std::path::Path;

use rusqlite::{Connection, params};

use super::connection;
use super::rtree::{self, FEATURE_TABLES};
use super::{SCHEMA_VERSION, StoreError, revision, rows, styles};
use crate::domain::{Actor, Area, Period, Place, Plane, Term, Vocabulary};
use crate::spatial::DataClass;

/// What a data file starts with.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// The metric plane.
    pub plane: Plane,
    /// IANA name of the zone of local days.
    pub time_zone: String,
    /// Who answers for the data: `municipality` or `police`.
    pub controller: String,
    /// Real or synthetic.
    pub data_class: DataClass,
    /// Areas with unique ids.
    pub areas: Vec<Area>,
    /// The place register.
    pub places: Vec<Place>,
    /// Categories, kinds and roles.
    pub vocabulary: Vocabulary,
    /// Promises with their documents.
    pub promises: Vec<StoredPromise>,
}

/// A promise as the store keeps it: what tables show, and the document it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPromise {
    /// Unique among promises.
    pub id: String,
    /// Swedish text.
    pub text_sv: String,
    /// English text.
    pub text_en: String,
    /// When it applies.
    pub period: Period,
    /// The whole promise as JSON text.
    pub json: String,
}

const ATTRIBUTE_TABLES: [(&str, &str); 8] = [
    ("categories", "Kategorier"),
    ("kinds", "Aktivitetstyper"),
    ("roles", "Aktörsroller"),
    ("promises", "Medborgarlöften"),
    ("surveys", "Trygghetsmätningar"),
    ("reported_counts", "Rapporterade antal"),
    ("actions", "Åtgärder"),
    ("reports", "Veckorapporter"),
];

const FEATURE_LAYERS: [(&str, &str, &str); 4] = [
    ("areas", "Områden", "MULTIPOLYGON"),
    ("places", "Platser", "POINT"),
    ("activities", "Genomfört arbete", "GEOMETRY"),
    ("observations", "Iakttagelser", "POINT"),
];

/// Writes a new data file: beside it first, under its name when it is complete, so that a crash
/// leaves no half file.
pub(super) fn create(path: &Path, new: &NewFile, actor: &Actor) -> Result<(), StoreError> {
    if path.exists() {
        return Err(StoreError::Exists { path: path.to_path_buf() });
    }
    if !["municipality", "police"].contains(&new.controller.as_str()) {
        let text = format!("controller '{}' is not known; accepted: municipality, police", new.controller);
        return Err(StoreError::Setting(text));
    }
    let mut name = path.as_os_str().to_os_string();
    name.push(".new");
    let draft = std::path::PathBuf::from(name);
    let io = |source| StoreError::Io { path: draft.clone(), source };
    if draft.exists() {
        std::fs::remove_file(&draft).map_err(io)?;
    }
    let written = (|| {
        let mut connection = connection::writer(&draft)?;
        let wrap = StoreError::sqlite(&draft);
        let transaction = connection.transaction().map_err(&wrap)?;
        lay_out(&transaction).map_err(&wrap)?;
        let revision = revision::next(&transaction, actor, "init", None).map_err(&wrap)?;
        fill(&transaction, new, revision).map_err(&wrap)?;
        transaction.commit().map_err(&wrap)?;
        // Out of WAL for a moment, so that the file is whole without its -wal when it is renamed.
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;").map_err(&wrap)?;
        connection.close().map_err(|(_, e)| wrap(e))
    })();
    // The caller holds the write lock of `path`, so nobody else makes the same file meanwhile.
    let published = written.and_then(|()| {
        std::fs::rename(&draft, path).map_err(|source| StoreError::Io { path: path.to_path_buf(), source })
    });
    if published.is_err() {
        // The error above is the one to report; a draft that stays is removed at the next attempt.
        let _ = std::fs::remove_file(&draft);
    }
    published
}

fn lay_out(connection: &Connection) -> rusqlite::Result<()> {
    // 'GPKG', and GeoPackage 1.3: Debian's GDAL warns at 1.4.
    connection.execute_batch("PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;")?;
    connection.execute_batch(include_str!("schema.sql"))?;
    for (table, title, geometry) in FEATURE_LAYERS {
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, 'features', ?2, 4326)",
            [table, title],
        )?;
        connection
            .execute("INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0)", [table, geometry])?;
        rtree::create(connection, table)?;
    }
    for (table, title) in ATTRIBUTE_TABLES.into_iter().chain([("layer_styles", "layer_styles")]) {
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, 'attributes', ?2, 0)",
            [table, title],
        )?;
    }
    for (table, column) in styles::STYLES {
        let style = styles::qml(table);
        connection.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, description)
             VALUES ('', '', ?1, ?2, 'lagesbild', ?3, 1, 'Lägesbild, svensk standardstil')",
            [table, column, style.as_str()],
        )?;
    }
    guard(connection)
}

/// Other programs read; at the first write they stop at a function only our connection has.
fn guard(connection: &Connection) -> rusqlite::Result<()> {
    let books = ["lagesbild_meta", "lagesbild_revision", "lagesbild_import", "lagesbild_history"];
    let tables = FEATURE_TABLES.into_iter().chain(ATTRIBUTE_TABLES.map(|(table, _)| table)).chain(books);
    for table in tables {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            connection.execute_batch(&format!(
                "CREATE TRIGGER only_lagesbild_writes_{table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT lagesbild_writer(); END;"
            ))?;
        }
    }
    Ok(())
}

fn fill(connection: &Connection, new: &NewFile, revision: i64) -> rusqlite::Result<()> {
    let facts = [
        ("schema_version", SCHEMA_VERSION.to_string()),
        ("written_by", format!("lagesbild {}", env!("CARGO_PKG_VERSION"))),
        ("plane", new.plane.to_string()),
        ("time_zone", new.time_zone.clone()),
        ("controller", new.controller.clone()),
        ("data_class", new.data_class.code().to_string()),
    ];
    for (key, value) in facts {
        connection.execute("INSERT INTO lagesbild_meta VALUES (?1, ?2)", [key, value.as_str()])?;
    }
    let tables = [
        ("categories", &new.vocabulary.categories),
        ("kinds", &new.vocabulary.kinds),
        ("roles", &new.vocabulary.roles),
    ];
    for (table, terms) in tables {
        terms.iter().try_for_each(|term| add_term(connection, table, term))?;
    }
    new.areas.iter().try_for_each(|area| rows::insert_area(connection, area, revision))?;
    new.places.iter().try_for_each(|place| rows::insert_place(connection, place, revision))?;
    for promise in &new.promises {
        connection.execute(
            "INSERT INTO promises (id, text_sv, text_en, period_start, period_end, document, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                promise.id,
                promise.text_sv,
                promise.text_en,
                promise.period.start().to_string(),
                promise.period.end().to_string(),
                promise.json,
                revision
            ],
        )?;
    }
    rows::refresh_extents(connection)
}

/// Adds a category, kind or role.
pub(super) fn add_term(connection: &Connection, table: &str, term: &Term) -> rusqlite::Result<()> {
    let sql = format!("INSERT INTO {table} (code, label_sv, label_en) VALUES (?1, ?2, ?3)");
    connection.prepare_cached(&sql)?.execute([&term.code, &term.sv, &term.en]).map(|_| ())
}
