//! The large, shared, unchanging part of a collection: columns in spatial order with two indexes.
//!
//! Space: records lie along a Hilbert curve and are cut into blocks of [`BLOCK_ROWS`]; an R-tree
//! holds the blocks, so it costs a byte per record. Time: one permutation by start.

use std::sync::OnceLock;

use hashbrown::HashTable;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::columns::Columns;

/// Records per block of the spatial index.
pub const BLOCK_ROWS: usize = 128;

/// Columns with their indexes.
#[derive(Debug, Default)]
pub struct Base {
    columns: Columns,
    blocks: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    first_without_position: usize,
    by_start: Vec<u32>,
    by_id: OnceLock<HashTable<u32>>,
}

impl Base {
    /// Orders and indexes located columns. O(n log n), in parallel where it pays.
    pub fn new(columns: &Columns) -> Self {
        Self::of_ordered(columns.reordered(&spatial_order(columns)))
    }

    /// Indexes located columns that are in the order of [`spatial_order`].
    pub(super) fn of_ordered(columns: Columns) -> Self {
        let first_without_position = columns.x_m.partition_point(|x| !x.is_nan());
        let blocks = (0..first_without_position).step_by(BLOCK_ROWS).map(|from| {
            let to = (from + BLOCK_ROWS).min(first_without_position);
            let (x, y) = (extremes(&columns.x_m[from..to]), extremes(&columns.y_m[from..to]));
            GeomWithData::new(Rectangle::from_corners([x.0, y.0], [x.1, y.1]), (from / BLOCK_ROWS) as u32)
        });
        let blocks = RTree::bulk_load(blocks.collect());
        let mut by_start: Vec<u32> = (0..columns.len() as u32).collect();
        by_start.par_sort_unstable_by_key(|row| (columns.start_s[*row as usize], *row));
        Self { columns, blocks, first_without_position, by_start, by_id: OnceLock::new() }
    }

    /// The records.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Runs of rows that hold every record whose plane position lies in the box (and some others),
    /// rising. Records without a plane position are in none of them.
    pub fn rows_near(&self, min_m: [f64; 2], max_m: [f64; 2]) -> Vec<std::ops::Range<usize>> {
        let envelope = AABB::from_corners(min_m, max_m);
        let mut hit: Vec<u32> = self.blocks.locate_in_envelope_intersecting(&envelope).map(|b| b.data).collect();
        hit.sort_unstable();
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for block in hit {
            let from = block as usize * BLOCK_ROWS;
            let to = (from + BLOCK_ROWS).min(self.first_without_position);
            match runs.last_mut() {
                Some(last) if last.end == from => last.end = to,
                _ => runs.push(from..to),
            }
        }
        runs
    }

    /// Rows that start in `[start_s, end_s)`, in order of start.
    pub fn rows_starting(&self, start_s: Option<i64>, end_s: Option<i64>) -> &[u32] {
        let at = |second: i64| self.by_start.partition_point(|row| self.columns.start_s[*row as usize] < second);
        let from = start_s.map_or(0, at);
        let to = end_s.map_or(self.by_start.len(), at);
        &self.by_start[from.min(to)..to]
    }

    /// The row of an id. The lookup table is built on first use.
    pub fn find(&self, id: &str) -> Option<usize> {
        let table = self.by_id.get_or_init(|| {
            let mut table = HashTable::with_capacity(self.len());
            for row in 0..self.len() as u32 {
                let hash_of = |r: &u32| hash(self.columns.id(*r as usize));
                table.insert_unique(hash_of(&row), row, hash_of);
            }
            table
        });
        table.find(hash(id), |row| self.columns.id(*row as usize) == id).map(|row| *row as usize)
    }
}

/// Least and greatest; NaN is left aside.
fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
}

/// FNV-1a: short ids, no untrusted flooding (ids are unique and the table is rebuilt from a file).
fn hash(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Row numbers of projected columns along a Hilbert curve over the extent, ties by y, x and id; rows
/// without a plane position last, by id. The order depends on the set of records alone, not on how
/// they came in.
pub(super) fn spatial_order(columns: &Columns) -> Vec<u32> {
    let ((x_min, x_max), (y_min, y_max)) = (extremes(&columns.x_m), extremes(&columns.y_m));
    let side = (x_max - x_min).max(y_max - y_min).max(1.0);
    let step = f64::from(u16::MAX) / side;
    let key = |row: usize| -> u64 {
        let (x, y) = (columns.x_m[row], columns.y_m[row]);
        if x.is_nan() { u64::MAX } else { u64::from(hilbert(((x - x_min) * step) as u32, ((y - y_min) * step) as u32)) }
    };
    let mut keyed: Vec<(u64, u32)> = (0..columns.len()).into_par_iter().map(|row| (key(row), row as u32)).collect();
    keyed.par_sort_unstable_by(|a, b| {
        // Columns are looked up only for ties: a look-up in random order costs more than the rest.
        a.0.cmp(&b.0).then_with(|| {
            let (i, j) = (a.1 as usize, b.1 as usize);
            let by_y = columns.y_m[i].total_cmp(&columns.y_m[j]);
            by_y.then_with(|| columns.x_m[i].total_cmp(&columns.x_m[j])).then_with(|| columns.id(i).cmp(columns.id(j)))
        })
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// Distance along a Hilbert curve of order 16 (Warren, Hacker's Delight, chapter 16).
pub(crate) fn hilbert(x: u32, y: u32) -> u32 {
    let (mut x, mut y, mut distance) = (x, y, 0_u32);
    let mut side = 1_u32 << 15;
    while side > 0 {
        let (right, up) = (u32::from(x & side > 0), u32::from(y & side > 0));
        distance = distance.wrapping_add(side.wrapping_mul(side).wrapping_mul((3 * right) ^ up));
        if up == 0 {
            if right == 1 {
                x = (side - 1).wrapping_sub(x);
                y = (side - 1).wrapping_sub(y);
            }
            std::mem::swap(&mut x, &mut y);
        }
        side /= 2;
    }
    distance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hilbert_curve_steps_to_a_neighbour_every_time() {
        let order = 16_u32; // a corner of the curve: 16 x 16 positions
        let mut cells: Vec<(u32, u32, u32)> =
            (0..order).flat_map(|x| (0..order).map(move |y| (hilbert(x, y), x, y))).collect();
        cells.sort_unstable();
        for (i, pair) in cells.windows(2).enumerate() {
            assert_eq!(pair[0].0, i as u32);
            assert_eq!(pair[0].1.abs_diff(pair[1].1) + pair[0].2.abs_diff(pair[1].2), 1, "{pair:?}");
        }
    }
}
