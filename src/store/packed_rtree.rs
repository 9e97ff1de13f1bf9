//! An SQLite R-tree written in one pass.
//!
//! Inserting a million boxes one by one searches and splits; sorting them along a Hilbert curve and
//! packing them from the leaves up does neither (Kamel and Faloutsos, "On packing R-trees", 1993).
//! The result is an ordinary tree: later inserts and deletes go through the virtual table.
//!
//! Format of the nodes: <https://www.sqlite.org/rtree.html>, "Shadow tables". A node is a blob of
//! fixed size, big-endian: depth of the tree (2 bytes, root only), number of cells (2), and cells of
//! a 64-bit number (row or child node) with four 32-bit floats.

use rusqlite::{Connection, params};

/// A row with its box `[min x, max x, min y, max y]`, rounded outwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The row.
    pub(super) fid: i64,
    /// Its box.
    pub(super) bounds: [f32; 4],
}

const CELL_BYTES: usize = 24;
const HEAD_BYTES: usize = 4;
const ROOT: i64 = 1;

/// Replaces all of a two-dimensional tree. O(n log n); 16 bytes per row above the entries.
pub(super) fn rebuild(connection: &Connection, tree: &str, mut entries: Vec<Entry>) -> rusqlite::Result<()> {
    let root = format!("SELECT length(data) FROM {tree}_node WHERE nodeno = 1");
    let node_bytes = usize::from(connection.query_row(&root, [], |row| row.get::<_, u16>(0))?);
    connection
        .execute_batch(&format!("DELETE FROM {tree}_rowid; DELETE FROM {tree}_parent; DELETE FROM {tree}_node;"))?;
    let mut put_node = connection.prepare(&format!("INSERT INTO {tree}_node VALUES (?1, ?2)"))?;
    let mut put_parent = connection.prepare(&format!("INSERT INTO {tree}_parent VALUES (?1, ?2)"))?;

    sort_along_curve(&mut entries);
    // One cell in eight stays free, so that the next single inserts do not split every node.
    let cells = (node_bytes - HEAD_BYTES) / CELL_BYTES;
    let fill = (cells - cells / 8).max(2);
    let mut homes: Vec<(i64, i64)> = Vec::with_capacity(entries.len()); // (row, leaf)
    let mut next_node = ROOT + 1;
    let mut depth = 0_u16;
    let mut level = entries;
    // Nodes of a level are written when their own cells are known; the last group becomes the root.
    while level.len() > cells {
        let mut above = Vec::with_capacity(level.len() / fill + 1);
        for group in evenly(&level, fill) {
            put_node.execute(params![next_node, node(0, group, node_bytes)])?;
            above.push(Entry { fid: next_node, bounds: bounds_of(group) });
            for cell in group {
                if depth == 0 {
                    homes.push((cell.fid, next_node));
                } else {
                    put_parent.execute([cell.fid, next_node])?;
                }
            }
            next_node += 1;
        }
        level = above;
        depth += 1;
    }
    put_node.execute(params![ROOT, node(depth, &level, node_bytes)])?;
    for cell in &level {
        if depth == 0 {
            homes.push((cell.fid, ROOT));
        } else {
            put_parent.execute([cell.fid, ROOT])?;
        }
    }
    homes.sort_unstable();
    let mut put_row = connection.prepare(&format!("INSERT INTO {tree}_rowid VALUES (?1, ?2)"))?;
    for (fid, leaf) in homes {
        put_row.execute([fid, leaf])?;
    }
    Ok(())
}

/// The box around all cells of a node, `None` for an empty one.
pub(super) fn bounds_of_node(node: &[u8]) -> Option<[f64; 4]> {
    let count = usize::from(u16::from_be_bytes(node.get(2..4)?.try_into().ok()?));
    let cells = node.get(HEAD_BYTES..HEAD_BYTES + count * CELL_BYTES)?;
    let cells = cells.chunks_exact(CELL_BYTES).map(|cell| {
        let number = |at: usize| f32::from_be_bytes([cell[at], cell[at + 1], cell[at + 2], cell[at + 3]]);
        Entry { fid: 0, bounds: [number(8), number(12), number(16), number(20)] }
    });
    let cells: Vec<Entry> = cells.collect();
    (!cells.is_empty()).then(|| bounds_of(&cells).map(f64::from))
}

/// Runs of nearly the same length, none longer than `most`: no node is left nearly empty.
fn evenly(cells: &[Entry], most: usize) -> impl Iterator<Item = &[Entry]> {
    let groups = cells.len().div_ceil(most);
    (0..groups).map(move |i| &cells[i * cells.len() / groups..(i + 1) * cells.len() / groups])
}

fn bounds_of(cells: &[Entry]) -> [f32; 4] {
    let empty = [f32::INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::NEG_INFINITY];
    cells.iter().fold(empty, |all, cell| {
        let b = cell.bounds;
        [all[0].min(b[0]), all[1].max(b[1]), all[2].min(b[2]), all[3].max(b[3])]
    })
}

fn node(depth: u16, cells: &[Entry], node_bytes: usize) -> Vec<u8> {
    let mut node = Vec::with_capacity(node_bytes);
    node.extend_from_slice(&depth.to_be_bytes());
    node.extend_from_slice(&(cells.len() as u16).to_be_bytes());
    for cell in cells {
        node.extend_from_slice(&cell.fid.to_be_bytes());
        cell.bounds.iter().for_each(|bound| node.extend_from_slice(&bound.to_be_bytes()));
    }
    node.resize(node_bytes, 0);
    node
}

/// Sorts by the middle of the box along a Hilbert curve over the extent; ties stay in the order given.
fn sort_along_curve(entries: &mut [Entry]) {
    let [min_x, max_x, min_y, max_y] = bounds_of(entries);
    let step = |low: f32, high: f32| f32::from(u16::MAX) / (high - low).max(f32::MIN_POSITIVE);
    let (step_x, step_y) = (step(min_x, max_x), step(min_y, max_y));
    let key = |entry: &Entry| {
        let [x0, x1, y0, y1] = entry.bounds;
        // Casts saturate, so rounding beyond the last column cannot wrap.
        let at = |low: f32, high: f32, min: f32, step: f32| u32::from((((low + high) / 2.0 - min) * step) as u16);
        crate::spatial::hilbert(at(x0, x1, min_x, step_x), at(y0, y1, min_y, step_y))
    };
    entries.sort_by_cached_key(key);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree_of(count: i64) -> Connection {
        let connection = Connection::open_in_memory().expect("opens");
        connection.execute_batch("CREATE VIRTUAL TABLE t USING rtree(id, minx, maxx, miny, maxy)").expect("creates");
        let entries = (0..count).map(|n| {
            let (x, y) = ((n * 7919 % 1009) as f32, (n * 104_729 % 997) as f32);
            Entry { fid: n * 3 + 1, bounds: [x, x + 1.0, y, y + 0.5] }
        });
        rebuild(&connection, "t", entries.collect()).expect("rebuilds");
        connection
    }

    #[test]
    fn trees_of_every_depth_pass_the_check_of_sqlite() {
        // 51 cells fit a node: around the sizes at which the root fills and a level is added.
        for count in [0, 1, 2, 50, 51, 52, 53, 89, 90, 91, 2295, 2296, 2601, 2602, 120_000] {
            let connection = tree_of(count);
            let verdict: String = connection.query_row("SELECT rtreecheck('t')", [], |r| r.get(0)).expect("checks");
            assert_eq!(verdict, "ok", "{count} rows");
            let found: i64 = connection.query_row("SELECT count(*) FROM t", [], |r| r.get(0)).expect("counts");
            assert_eq!(found, count);
        }
    }

    #[test]
    fn boxes_are_found_again_and_the_tree_takes_later_writes() {
        let connection = tree_of(5000);
        let sql = "SELECT count(*) FROM t WHERE minx <= 300 AND maxx >= 200 AND miny <= 410 AND maxy >= 400";
        let naive = (0..5000_i64)
            .filter(|n| {
                let (x, y) = ((n * 7919 % 1009) as f64, (n * 104_729 % 997) as f64);
                x <= 300.0 && x + 1.0 >= 200.0 && y <= 410.0 && y + 0.5 >= 400.0
            })
            .count() as i64;
        assert_eq!(connection.query_row(sql, [], |r| r.get::<_, i64>(0)).expect("counts"), naive);
        connection.execute("DELETE FROM t WHERE id % 2 = 0", []).expect("deletes");
        for n in 0..3000_i64 {
            let x = n as f64 / 3.0;
            connection.execute("INSERT INTO t VALUES (?1, ?2, ?2, 1, 2)", params![100_000 + n, x]).expect("inserts");
        }
        assert_eq!(
            connection.query_row("SELECT rtreecheck('t')", [], |r| r.get::<_, String>(0)).expect("checks"),
            "ok"
        );
    }

    #[test]
    fn the_box_of_a_node_is_that_of_its_cells() {
        let cells = [Entry { fid: 1, bounds: [1.0, 2.0, -4.0, -3.0] }, Entry { fid: 2, bounds: [0.5, 0.5, 7.0, 7.0] }];
        assert_eq!(bounds_of_node(&node(0, &cells, 1228)), Some([0.5, 2.0, -4.0, 7.0]));
        assert_eq!(bounds_of_node(&node(0, &[], 1228)), None);
    }
}
