//! A collection in a snapshot: a shared base and a small delta of what changed since.

use std::collections::HashSet;
use std::sync::Arc;

use super::base::Base;
use super::columns::Columns;

/// Delta records are kept in chunks, of which only the last is copied when one is added.
const CHUNK_ROWS: usize = 512;

/// Records of one collection at one revision. Cloning copies a few pointers.
#[derive(Clone, Debug, Default)]
pub struct Table {
    base: Arc<Base>,
    chunks: Vec<Arc<Columns>>,
    /// Rows that a later version ended: base rows by number, delta rows counted on after them.
    ended: Arc<HashSet<u32>>,
}

impl Table {
    /// A table without delta.
    pub fn new(base: Arc<Base>) -> Self {
        Self { base, ..Self::default() }
    }

    /// The base.
    pub fn base(&self) -> &Arc<Base> {
        &self.base
    }

    /// Number of current records.
    pub fn len(&self) -> usize {
        self.base.len() + self.delta_rows() - self.ended.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Entries of the delta: added and ended rows.
    pub fn delta_entries(&self) -> usize {
        self.delta_rows() + self.ended.len()
    }

    fn delta_rows(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// The table after a change: `added` (located) records come in, `ended` ids go out first, so that
    /// an id in both is replaced. Ids that are not current are ignored.
    #[must_use]
    pub fn with(&self, added: &Columns, ended: &[&str]) -> Self {
        let mut next = self.clone();
        if !ended.is_empty() {
            let mut rows = HashSet::clone(&self.ended);
            rows.extend(ended.iter().filter_map(|id| self.find(id)));
            next.ended = Arc::new(rows);
        }
        for row in 0..added.len() {
            match next.chunks.last_mut() {
                Some(last) if last.len() < CHUNK_ROWS => Arc::make_mut(last).push_located(added, row),
                _ => {
                    let mut chunk = Columns::with_capacity(CHUNK_ROWS);
                    chunk.push_located(added, row);
                    next.chunks.push(Arc::new(chunk));
                }
            }
        }
        next
    }

    /// The current row of an id.
    fn find(&self, id: &str) -> Option<u32> {
        let current = |row: u32| !self.ended.contains(&row);
        let mut from = self.base.len() as u32;
        let mut newest = None;
        for chunk in &self.chunks {
            for row in 0..chunk.len() {
                if chunk.id(row) == id && current(from + row as u32) {
                    newest = Some(from + row as u32);
                }
            }
            from += chunk.len() as u32;
        }
        newest.or_else(|| self.base.find(id).map(|row| row as u32).filter(|row| current(*row)))
    }

    /// Whether an id is current.
    pub fn contains(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// Calls `visit` for the current ones among the base rows given.
    pub(super) fn visit_base(&self, rows: impl Iterator<Item = usize>, mut visit: impl FnMut(&Columns, usize)) {
        let columns = self.base.columns();
        if self.ended.is_empty() {
            rows.for_each(|row| visit(columns, row));
        } else {
            rows.filter(|row| !self.ended.contains(&(*row as u32))).for_each(|row| visit(columns, row));
        }
    }

    /// Calls `visit` for every current delta row.
    pub(super) fn visit_delta(&self, mut visit: impl FnMut(&Columns, usize)) {
        let mut from = self.base.len();
        for chunk in &self.chunks {
            for row in 0..chunk.len() {
                if self.ended.is_empty() || !self.ended.contains(&((from + row) as u32)) {
                    visit(chunk, row);
                }
            }
            from += chunk.len();
        }
    }

    /// A base of the current records, for a background rebuild. O(n log n).
    pub fn rebuilt(&self) -> Base {
        let mut all = Columns::with_capacity(self.len());
        self.visit_base(0..self.base.len(), |columns, row| all.push_located(columns, row));
        self.visit_delta(|columns, row| all.push_located(columns, row));
        Base::new(&all)
    }
}
