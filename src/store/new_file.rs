//! Making a data file.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use rusqlite::Connection;

use super::audit::{self, AuditAction, Entry};
use super::connection;
use super::data_file::duplicate;
use super::rtree::{self, FEATURE_TABLES};
use super::versions::{self, Content};
use super::{SCHEMA_VERSION, StoreError, styles};
use crate::domain::{Actor, Area, Place, Plane, Record, StoredPromise, Term, Vocabulary};
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
    /// The rule that allows records of the other's source class.
    pub legal_basis: Option<String>,
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

const ATTRIBUTE_TABLES: [(&str, &str); 11] = [
    ("categories", "Kategorier"),
    ("kinds", "Aktivitetstyper"),
    ("roles", "Aktörsroller"),
    ("promises", "Medborgarlöften"),
    ("surveys", "Trygghetsmätningar"),
    ("reported_counts", "Rapporterade antal"),
    ("actions", "Åtgärder"),
    ("reports", "Veckorapporter"),
    FOLLOWUP_TABLES[0],
    FOLLOWUP_TABLES[1],
    FOLLOWUP_TABLES[2],
];

/// The tables of `followup.sql`.
const FOLLOWUP_TABLES: [(&str, &str); 3] =
    [("bookings", "Inbokat"), ("comments", "Kommentarer"), ("priorities", "Prioriteringar")];

const FOLLOWUP_SQL: &str = include_str!("followup.sql");

/// Tables of our own book-keeping.
pub(super) const BOOKS_SQL: &str = concat!(include_str!("books.sql"), include_str!("people.sql"));

const RELEASES_SQL: &str = include_str!("releases.sql");

const BOOKS: [&str; 12] = [
    "lagesbild_meta",
    "lagesbild_audit",
    "lagesbild_import",
    "lagesbild_history",
    "lagesbild_retry",
    "lagesbild_retention",
    "lagesbild_purged_count",
    "lagesbild_user",
    "lagesbild_key",
    "lagesbild_session",
    "lagesbild_release",
    "lagesbild_release_correction",
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
    if let Err(e) = TimeZone::get(&new.time_zone) {
        return Err(StoreError::Setting(format!(
            "time zone '{}': {e}; accepted: names such as Europe/Stockholm",
            new.time_zone
        )));
    }
    let beside = |file: &Path, suffix: &str| {
        let mut name = file.as_os_str().to_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    // SQLite would play a log left by another file of this name into the new one.
    if let Some(log) = ["-wal", "-journal"].map(|suffix| beside(path, suffix)).into_iter().find(|log| log.exists()) {
        return Err(StoreError::Exists { path: log });
    }
    let draft = beside(path, ".new");
    for left in
        ["", "-wal", "-shm", "-journal"].map(|suffix| beside(&draft, suffix)).iter().filter(|left| left.exists())
    {
        std::fs::remove_file(left).map_err(|source| StoreError::Io { path: left.clone(), source })?;
    }
    let written = (|| {
        let mut connection = connection::writer(&draft)?;
        let wrap = StoreError::sqlite(&draft);
        let transaction = connection.transaction().map_err(&wrap)?;
        lay_out(&transaction).map_err(&wrap)?;
        fill(&transaction, new, actor, path)?;
        transaction.commit().map_err(&wrap)?;
        // Out of WAL for a moment, so that the file is whole without its -wal when it is renamed.
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;").map_err(&wrap)?;
        connection.close().map_err(|(_, e)| wrap(e))
    })();
    // The caller holds the write lock of `path`, so nobody else makes the same file meanwhile.
    let published = written.and_then(|()| {
        std::fs::rename(&draft, path).map_err(|source| StoreError::Io { path: path.to_path_buf(), source })
    });
    // The new name is on disk when its folder is.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let published = published.and_then(|()| {
        let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|source| StoreError::Io { path: folder.to_path_buf(), source })
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
    connection.execute_batch(FOLLOWUP_SQL)?;
    connection.execute_batch(BOOKS_SQL)?;
    add_release_tables(connection)?;
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
        register(connection, table, title)?;
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

/// Lets other programs see a table without geometry.
fn register(connection: &Connection, table: &str, title: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, 'attributes', ?2, 0)";
    connection.execute(sql, [table, title]).map(|_| ())
}

/// Adds the tables of `followup.sql` to a file that does not have them; [`guard`] comes after.
pub(super) fn add_followup_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(FOLLOWUP_SQL)?;
    FOLLOWUP_TABLES.into_iter().try_for_each(|(table, title)| register(connection, table, title))
}

/// Adds the tables of `releases.sql` to a file that does not have them; [`guard`] comes after.
pub(super) fn add_release_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(RELEASES_SQL)
}

/// Other programs read; at the first write they stop at a function only our connection has.
pub(super) fn guard(connection: &Connection) -> rusqlite::Result<()> {
    let tables = FEATURE_TABLES.into_iter().chain(ATTRIBUTE_TABLES.map(|(table, _)| table)).chain(BOOKS);
    for table in tables {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            connection.execute_batch(&format!(
                "CREATE TRIGGER IF NOT EXISTS only_lagesbild_writes_{table}_{verb} BEFORE {verb} ON {table} BEGIN SELECT lagesbild_writer(); END;"
            ))?;
        }
    }
    Ok(())
}

fn fill(connection: &Connection, new: &NewFile, actor: &Actor, path: &Path) -> Result<(), StoreError> {
    const FIRST: i64 = 1;
    let wrap = StoreError::sqlite(path);
    fill_tables(connection, new).map_err(&wrap)?;
    let mut content = Content::default();
    let areas = new.areas.iter().cloned().map(Record::Area);
    let places = new.places.iter().cloned().map(Record::Place);
    let promises = new.promises.iter().cloned().map(Record::Promise);
    for record in areas.chain(places).chain(promises) {
        let name = record.collection().code();
        versions::put(connection, &record, None, FIRST, &mut content)
            .map_err(|e| duplicate(e, name, record.id().as_str(), path))?;
    }
    ["areas", "places"].iter().try_for_each(|table| rtree::refresh_extent(connection, table)).map_err(&wrap)?;
    let entry = Entry {
        action: AuditAction::Init,
        subject: "init",
        reason: None,
        revision: Some(FIRST),
        import_id: None,
        content_sha256: Some(&content.sha256()),
    };
    audit::append(connection, actor, &entry).map(|_| ()).map_err(&wrap)
}

fn fill_tables(connection: &Connection, new: &NewFile) -> rusqlite::Result<()> {
    let facts = [
        ("schema_version", SCHEMA_VERSION.to_string()),
        ("written_by", format!("lagesbild {}", env!("CARGO_PKG_VERSION"))),
        ("plane", new.plane.to_string()),
        ("time_zone", new.time_zone.clone()),
        ("controller", new.controller.clone()),
        ("data_class", new.data_class.code().to_string()),
    ];
    let basis = new.legal_basis.iter().map(|basis| ("legal_basis", basis.clone()));
    for (key, value) in facts.into_iter().chain(basis) {
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
    Ok(())
}

/// Adds a category, kind or role.
pub(super) fn add_term(connection: &Connection, table: &str, term: &Term) -> rusqlite::Result<()> {
    let sql = format!("INSERT INTO {table} (code, label_sv, label_en) VALUES (?1, ?2, ?3)");
    connection.prepare_cached(&sql)?.execute([&term.code, &term.sv, &term.en]).map(|_| ())
}
