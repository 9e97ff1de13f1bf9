//! The GeoPackage R-tree extension: one virtual table and its triggers per feature table.
//!
//! The triggers keep the tree true for single writes. A bulk load takes them away, inserts, fills
//! the tree in one pass along a space-filling order and puts them back, all in one transaction.

use rusqlite::{Connection, params};

use super::geometry::envelope_of;
use super::packed_rtree::{self, Entry};

/// The feature tables.
pub(super) const FEATURE_TABLES: [&str; 4] = ["areas", "places", "activities", "observations"];

/// Creates the tree of a table and registers the extension.
pub(super) fn create(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    connection
        .execute_batch(&format!("CREATE VIRTUAL TABLE rtree_{table}_geom USING rtree(id, minx, maxx, miny, maxy);"))?;
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        [table],
    )?;
    create_triggers(connection, table)
}

/// The triggers of the extension, in the form GeoPackage 1.3 gives them.
pub(super) fn create_triggers(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    let tree = format!("rtree_{table}_geom");
    let has_geometry = "NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)";
    let no_geometry = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
    let put = format!(
        "INSERT OR REPLACE INTO {tree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
    );
    connection.execute_batch(&format!(
        "CREATE TRIGGER {tree}_insert AFTER INSERT ON {table} WHEN ({has_geometry}) BEGIN {put} END;
         CREATE TRIGGER {tree}_update1 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND ({has_geometry}) BEGIN {put} END;
         CREATE TRIGGER {tree}_update2 AFTER UPDATE OF geom ON {table} WHEN OLD.fid = NEW.fid AND {no_geometry}
           BEGIN DELETE FROM {tree} WHERE id = OLD.fid; END;
         CREATE TRIGGER {tree}_update3 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND ({has_geometry})
           BEGIN DELETE FROM {tree} WHERE id = OLD.fid; {put} END;
         CREATE TRIGGER {tree}_update4 AFTER UPDATE ON {table} WHEN OLD.fid != NEW.fid AND {no_geometry}
           BEGIN DELETE FROM {tree} WHERE id IN (OLD.fid, NEW.fid); END;
         CREATE TRIGGER {tree}_delete AFTER DELETE ON {table} WHEN OLD.geom NOT NULL
           BEGIN DELETE FROM {tree} WHERE id = OLD.fid; END;"
    ))
}

/// Takes the triggers away for a bulk load.
pub(super) fn drop_triggers(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    for name in ["insert", "update1", "update2", "update3", "update4", "delete"] {
        connection.execute_batch(&format!("DROP TRIGGER rtree_{table}_geom_{name};"))?;
    }
    Ok(())
}

/// Adds the rows above `after_fid` to the tree: one by one when they are few beside what is there,
/// otherwise by building the whole tree anew, which costs about a tenth per row.
pub(super) fn fill(connection: &Connection, table: &str, after_fid: i64) -> rusqlite::Result<()> {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let there = count(&format!("SELECT count(*) FROM rtree_{table}_geom_rowid"))?;
    let last = count(&format!("SELECT coalesce(max(fid), 0) FROM {table}"))?;
    if last - after_fid > there / 8 {
        let entries = entries_above(connection, table, 0)?;
        return packed_rtree::rebuild(connection, &format!("rtree_{table}_geom"), entries);
    }
    let mut insert = connection.prepare(&format!("INSERT INTO rtree_{table}_geom VALUES (?1, ?2, ?3, ?4, ?5)"))?;
    for Entry { fid, bounds: [min_x, max_x, min_y, max_y] } in entries_above(connection, table, after_fid)? {
        insert.execute(params![fid, min_x, max_x, min_y, max_y])?;
    }
    Ok(())
}

/// The boxes of the rows above `after_fid`; 24 bytes each.
fn entries_above(connection: &Connection, table: &str, after_fid: i64) -> rusqlite::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut rows = connection.prepare(&format!("SELECT fid, geom FROM {table} WHERE fid > ?1 AND geom NOTNULL"))?;
    let mut rows = rows.query([after_fid])?;
    while let Some(row) = rows.next()? {
        if let Some([min_x, max_x, min_y, max_y]) = row.get_ref(1)?.as_blob().ok().and_then(envelope_of) {
            entries.push(Entry { fid: row.get(0)?, bounds: [down(min_x), up(max_x), down(min_y), up(max_y)] });
        }
    }
    Ok(entries)
}

/// Writes the extent of a layer, which other programs use to zoom: the box of the tree's root, so
/// it costs the same for a thousand and a million rows.
pub(super) fn refresh_extent(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    let root: Vec<u8> =
        connection
            .query_row(&format!("SELECT data FROM rtree_{table}_geom_node WHERE nodeno = 1"), [], |row| row.get(0))?;
    let [min_x, max_x, min_y, max_y] = packed_rtree::bounds_of_node(&root).map_or([None; 4], |b| b.map(Some));
    connection.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now'),
         min_x = ?2, max_x = ?3, min_y = ?4, max_y = ?5 WHERE table_name = ?1",
        params![table, min_x, max_x, min_y, max_y],
    )?;
    Ok(())
}

/// The largest 32-bit number not above: the tree holds 32-bit boxes that must not be smaller than the shape.
fn down(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) > value { near.next_down() } else { near }
}

/// The smallest 32-bit number not below.
fn up(value: f64) -> f32 {
    let near = value as f32;
    if f64::from(near) < value { near.next_up() } else { near }
}
