//! A snapshot out of a data file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use rayon::prelude::*;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use super::geometry::{point_of, to_shape};
use super::time_text::from_text;
use super::{SCHEMA_VERSION, StoreError, audit, connection, history, identify, migrate, read_rows, versions};
use crate::domain::{Counted, Feeling, Id, Plane, Source, Term, TimeCertainty, Vocabulary, When};
use crate::spatial::{self, AreaIndex, AreaSet, Columns, DataClass, FileFacts, Frame, Snapshot};

/// Reads a snapshot without taking the write lock: what commands that only look use.
///
/// A million records take about a second on two cores; memory at rest is about 90 bytes a record.
pub fn load_snapshot(path: &Path) -> Result<Snapshot, StoreError> {
    load(path, None)
}

/// Reads the snapshot that was the newest at a revision, from the current rows and the history.
///
/// Costs as much as [`load_snapshot`], and more the more of the file is history. A revision whose
/// records have been purged since is refused with the day.
pub fn load_snapshot_at(path: &Path, revision: u64) -> Result<Snapshot, StoreError> {
    load(path, Some(revision))
}

fn load(path: &Path, at: Option<u64>) -> Result<Snapshot, StoreError> {
    identify::check_is_geopackage(path)?;
    let connections = at_one_revision(path)?;
    let newest = read_revision(&connections[0], path)?;
    let revision = at.unwrap_or(newest);
    if revision == 0 || revision > newest {
        return Err(StoreError::NoSuchRevision { revision, newest });
    }
    let at = at.filter(|at| *at < newest);
    let frame = read_frame(&connections[0], path, at)?;
    if let Some(at) = at {
        refuse_purged(&connections[0], path, at, &frame.facts.zone)?;
    }
    let (observations, connections) = read_columns(path, Counted::Observations, at, &frame, connections)?;
    let (activities, connections) = read_columns(path, Counted::Activities, at, &frame, connections)?;
    drop(connections); // their page caches, before the indexes are built
    Ok(Snapshot::new(revision, frame, observations, activities))
}

/// A reading connection per thread, all within a transaction on the same revision: whatever is
/// written meanwhile, what they read fits together.
fn at_one_revision(path: &Path) -> Result<Vec<Connection>, StoreError> {
    let count = rayon::current_num_threads().clamp(1, 8);
    // A commit may fall between two beginnings; they are microseconds apart, so this ends soon.
    loop {
        let mut connections = Vec::with_capacity(count);
        let mut seen = Vec::with_capacity(count);
        for _ in 0..count {
            let connection = connection::reader(path)?;
            connection.execute_batch("BEGIN").map_err(StoreError::sqlite(path))?;
            if seen.is_empty() {
                read_facts(&connection, path)?; // refuses what is not ours before anything else is read
                migrate::require_newest(&connection, path)?;
            }
            seen.push(read_revision(&connection, path)?);
            connections.push(connection);
        }
        if seen.iter().all(|revision| *revision == seen[0]) {
            return Ok(connections);
        }
    }
}

/// What was purged cannot be counted again.
fn refuse_purged(connection: &Connection, path: &Path, at: u64, zone: &TimeZone) -> Result<(), StoreError> {
    let sql = "SELECT min(purged_revision) FROM lagesbild_history
               WHERE from_revision <= ?1 AND to_revision > ?1 AND purged_revision NOTNULL";
    let purged: Option<i64> =
        connection.query_row(sql, [at as i64], |row| row.get(0)).map_err(StoreError::sqlite(path))?;
    match purged {
        None => Ok(()),
        Some(by) => {
            let on = history::day_of(connection, by, zone).map_err(StoreError::sqlite(path))?;
            Err(StoreError::PurgedSince { revision: at, on })
        }
    }
}

/// The newest revision of the file.
pub(super) fn read_revision(connection: &Connection, path: &Path) -> Result<u64, StoreError> {
    audit::newest_revision(connection).map(i64::unsigned_abs).map_err(StoreError::sqlite(path))
}

/// Everything but the records, now or at a revision. Refuses files of another kind or of another version.
pub(super) fn read_frame(connection: &Connection, path: &Path, at: Option<u64>) -> Result<Frame, StoreError> {
    let wrap = StoreError::sqlite(path);
    let facts = read_facts(connection, path)?;
    let vocabulary = Vocabulary {
        categories: read_terms(connection, "categories").map_err(&wrap)?,
        kinds: read_terms(connection, "kinds").map_err(&wrap)?,
        roles: read_terms(connection, "roles").map_err(&wrap)?,
    };
    let areas = read_all(connection, path, "areas", at, read_rows::read_area)?;
    for (what, n) in [
        ("areas", areas.len()),
        ("categories", vocabulary.categories.len()),
        ("kinds of activity", vocabulary.kinds.len()),
    ] {
        // Records refer to them by 16-bit numbers; the last number means "none".
        if n >= usize::from(u16::MAX) {
            let text = format!("{}: has {n} {what}; up to {} can be used", path.display(), u16::MAX - 1);
            return Err(StoreError::Setting(text));
        }
    }
    Ok(Frame {
        facts: Arc::new(facts),
        areas: Arc::new(AreaSet::new(areas)),
        places: Arc::new(read_all(connection, path, "places", at, read_rows::read_place)?),
        vocabulary: Arc::new(vocabulary),
    })
}

/// What holds for the file as a whole. Refuses files of another kind or of a newer version.
pub(super) fn read_facts(connection: &Connection, path: &Path) -> Result<FileFacts, StoreError> {
    let wrap = StoreError::sqlite(path);
    let is_ours: bool = connection
        .query_row("SELECT count(*) FROM sqlite_master WHERE name = 'lagesbild_meta'", [], |row| row.get::<_, i64>(0))
        .map_err(&wrap)?
        > 0;
    if !is_ours {
        let layers: Vec<String> = connection
            .prepare("SELECT table_name FROM gpkg_contents ORDER BY table_name LIMIT 8")
            .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
            .map_err(&wrap)?;
        let what = format!("is a GeoPackage of another program (layers: {})", layers.join(", "));
        return Err(StoreError::NotADataFile { path: path.to_path_buf(), what });
    }
    let meta = |key: &'static str| -> Result<String, StoreError> {
        let value =
            connection.query_row("SELECT value FROM lagesbild_meta WHERE key = ?1", [key], |row| row.get(0)).optional();
        let missing =
            || StoreError::Damaged { table: "lagesbild_meta", id: key.to_string(), what: "is missing".to_string() };
        value.map_err(&wrap)?.ok_or_else(missing)
    };
    let version: i64 = meta("schema_version")?.parse().unwrap_or(i64::MAX);
    if version > SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.to_path_buf(), found: version, known: SCHEMA_VERSION });
    }
    let time_zone = meta("time_zone")?;
    let zone = TimeZone::get(&time_zone)
        .map_err(|e| StoreError::Setting(format!("{}: time zone '{time_zone}': {e}", path.display())))?;
    Ok(FileFacts {
        plane: Plane::from_epsg(Plane::parse_epsg(&meta("plane")?)?)?,
        time_zone,
        zone,
        data_class: if meta("data_class")? == DataClass::Synthetic.code() {
            DataClass::Synthetic
        } else {
            DataClass::Real
        },
        // An older file has no such log yet; it gets one when it is opened for writing.
        identity: if version == SCHEMA_VERSION {
            audit::first_chain(connection).map_err(&wrap)?
        } else {
            String::new()
        },
    })
}

/// All rows of a table, now or at a revision, in order of their fid.
pub(super) fn read_all<T>(
    connection: &Connection,
    path: &Path,
    table: &str,
    at: Option<u64>,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let wrap = StoreError::sqlite(path);
    let from = versions::table_at(connection, table, at).map_err(&wrap)?;
    let mut statement = connection.prepare(&format!("SELECT * FROM {from} ORDER BY fid")).map_err(&wrap)?;
    let mut rows = statement.query([]).map_err(&wrap)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(&wrap)? {
        list.push(read(row)?);
    }
    Ok(list)
}

fn read_terms(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Term>> {
    let mut statement = connection.prepare(&format!("SELECT code, label_sv, label_en FROM {table} ORDER BY fid"))?;
    let terms = statement.query_map([], |row| Ok(Term { code: row.get(0)?, sv: row.get(1)?, en: row.get(2)? }))?;
    terms.collect()
}

/// The records of a collection as columns, not yet located; read in parallel by ranges of fid.
/// Gives the connections back.
fn read_columns(
    path: &Path,
    of: Counted,
    at: Option<u64>,
    frame: &Frame,
    connections: Vec<Connection>,
) -> Result<(Columns, Vec<Connection>), StoreError> {
    let wrap = StoreError::sqlite(path);
    let table = versions::table_at(&connections[0], of.code(), at).map_err(&wrap)?;
    let (first, last, rows): (i64, i64, i64) = connections[0]
        .query_row(&format!("SELECT coalesce(min(fid), 0), coalesce(max(fid), -1), count(*) FROM {table}"), [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .map_err(&wrap)?;
    if rows == 0 {
        return Ok((Columns::default(), connections));
    }
    let parts = if rows < 20_000 { 1 } else { connections.len() as i64 };
    let width = (last - first) / parts + 1;
    let read: Vec<(Columns, Connection)> = connections
        .into_par_iter()
        .enumerate()
        .map(|(part, connection)| {
            let part = part as i64;
            if part >= parts {
                return Ok((Columns::default(), connection));
            }
            let from = first + part * width;
            let columns =
                read_range(path, &connection, of, &table, frame, from..from + width, (rows / parts) as usize)?;
            Ok((columns, connection))
        })
        .collect::<Result<_, StoreError>>()?;
    let (columns, connections): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let mut columns = columns.into_iter();
    let mut all = columns.next().unwrap_or_default();
    columns.for_each(|more| all.append(&more));
    Ok((all, connections))
}

fn read_range(
    path: &Path,
    connection: &Connection,
    of: Counted,
    table: &str,
    frame: &Frame,
    fids: std::ops::Range<i64>,
    rows: usize,
) -> Result<Columns, StoreError> {
    let wrap = StoreError::sqlite(path);
    let (term, source, feeling, reporter, terms) = match of {
        Counted::Observations => ("category", "source", "feeling", "reporter_key", &frame.vocabulary.categories),
        Counted::Activities => ("kind", "NULL", "NULL", "NULL", &frame.vocabulary.kinds),
    };
    let numbers: HashMap<&str, u16> =
        terms.iter().enumerate().map(|(i, term)| (term.code.as_str(), i as u16)).collect();
    let sql = format!(
        "SELECT id, geom, start_utc, end_utc, time_certainty, {term}, {source}, {feeling}, precision_m, area, {reporter} FROM {table} WHERE fid >= ?1 AND fid < ?2"
    );
    let mut statement = connection.prepare(&sql).map_err(&wrap)?;
    let mut records = statement.query([fids.start, fids.end]).map_err(&wrap)?;
    let mut columns = Columns::with_capacity(rows);
    while let Some(row) = records.next().map_err(&wrap)? {
        push_row(&mut columns, row, of, &numbers, &frame.areas)?;
    }
    Ok(columns)
}

fn push_row(
    columns: &mut Columns,
    row: &Row<'_>,
    of: Counted,
    numbers: &HashMap<&str, u16>,
    areas: &AreaSet,
) -> Result<(), StoreError> {
    let text = |column: usize| row.get_ref(column).ok().and_then(|v| v.as_str().ok());
    let id = text(0).unwrap_or_default();
    let damaged = |what: &str| StoreError::Damaged { table: of.code(), id: id.to_string(), what: what.to_string() };
    let start = text(2).and_then(from_text).ok_or_else(|| damaged("start_utc cannot be read"))?;
    let end = text(3).map_or(Some(start), from_text).ok_or_else(|| damaged("end_utc cannot be read"))?;
    let certainty = text(4).and_then(TimeCertainty::from_code).ok_or_else(|| damaged("unknown time_certainty"))?;
    let term = text(5)
        .and_then(|code| numbers.get(code))
        .ok_or_else(|| damaged("its category or kind is not in the table"))?;
    let at = match row.get_ref(1) {
        Ok(ValueRef::Blob(blob)) => match point_of(blob) {
            Some(at) => Some(at),
            None => to_shape(blob).ok_or_else(|| damaged("the geometry cannot be read"))?.representative_point(),
        },
        _ => None,
    };
    let precision = match row.get_ref(8) {
        Ok(ValueRef::Real(metres)) => Some(metres),
        Ok(ValueRef::Integer(metres)) => Some(metres as f64),
        _ => None,
    };
    let area: Option<AreaIndex> = text(9).and_then(|id| Id::new(id).ok()).and_then(|id| areas.find(&id));
    columns.push(&spatial::Row {
        id,
        at,
        when: When::interval(start, end, certainty).ok_or_else(|| damaged("ends before it starts"))?,
        term: *term,
        source: text(6).and_then(Source::from_code),
        feeling: text(7).and_then(Feeling::from_code),
        precision_m: precision,
        area,
        reporter: text(10),
    });
    Ok(())
}
