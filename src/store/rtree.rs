//! The GeoPackage R-tree extension: one virtual table and its triggers per feature table.
//!
//! The triggers keep the tree true for single writes. A bulk load takes them away, inserts, fills
//! the tree in one pass along a space-filling order and puts them back, all in one transaction.

use rusqlite::{Connection, params};

use super::geometry::envelope_of;

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

/// Adds the rows above `after_fid` to the tree, near ones after each other. Holds 24 bytes per row.
pub(super) fn fill(connection: &Connection, table: &str, after_fid: i64) -> rusqlite::Result<()> {
    let mut entries: Vec<(u64, i64)> = Vec::new();
    let mut boxes: Vec<[f32; 4]> = Vec::new();
    {
        let mut rows = connection.prepare(&format!("SELECT fid, geom FROM {table} WHERE fid > ?1 AND geom NOTNULL"))?;
        let mut rows = rows.query([after_fid])?;
        while let Some(row) = rows.next()? {
            let fid: i64 = row.get(0)?;
            if let Some([min_x, max_x, min_y, max_y]) = row.get_ref(1)?.as_blob().ok().and_then(envelope_of) {
                entries.push((boxes.len() as u64, fid));
                boxes.push([down(min_x), up(max_x), down(min_y), up(max_y)]);
            }
        }
    }
    let order = |entry: &(u64, i64)| {
        let [min_x, _, min_y, _] = boxes[entry.0 as usize];
        interleave(min_x, min_y)
    };
    entries.sort_by_cached_key(order);
    let mut insert = connection.prepare(&format!("INSERT INTO rtree_{table}_geom VALUES (?1, ?2, ?3, ?4, ?5)"))?;
    for (index, fid) in entries {
        let [min_x, max_x, min_y, max_y] = boxes[index as usize];
        insert.execute(params![fid, min_x, max_x, min_y, max_y])?;
    }
    Ok(())
}

/// The bits of two coordinates in degrees, taken in turn: near positions get near numbers.
fn interleave(x: f32, y: f32) -> u64 {
    let spread = |v: f32| {
        let mut bits = ((f64::from(v) + 180.0) / 360.0 * f64::from(u32::MAX)) as u64;
        for (shift, mask) in [
            (16, 0x0000_ffff_0000_ffff),
            (8, 0x00ff_00ff_00ff_00ff),
            (4, 0x0f0f_0f0f_0f0f_0f0f),
            (2, 0x3333_3333_3333_3333),
            (1, 0x5555_5555_5555_5555_u64),
        ] {
            bits = (bits | bits << shift) & mask;
        }
        bits
    };
    spread(x) | spread(y) << 1
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
