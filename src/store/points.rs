//! The points of inventories and walks: observations that name one.

use std::collections::HashMap;

use rusqlite::params;

use super::{Store, StoreError, read_rows, versions};
use crate::domain::{Collection, Id, Observation, Record};

impl Store {
    /// The observations of an inventory or walk at a revision, each with its own revision, by start and id.
    ///
    /// Cost: one pass over the observations, about 0.2 s per million.
    pub fn points_of(&self, inventory: &Id, at: u64) -> Result<Vec<(Observation, u64)>, StoreError> {
        let collection = Collection::Observations;
        self.read(|connection, wrap| {
            let from = versions::table_at(connection, collection.table(), Some(at)).map_err(wrap)?;
            let sql = format!("SELECT * FROM {from} WHERE inventory = ?1 ORDER BY start_utc, id");
            let mut statement = connection.prepare_cached(&sql).map_err(wrap)?;
            let mut rows = statement.query(params![inventory.as_str()]).map_err(wrap)?;
            let mut points = Vec::new();
            while let Some(row) = rows.next().map_err(wrap)? {
                let revision: i64 = row.get("revision").map_err(wrap)?;
                if let Record::Observation(point) = read_rows::read(collection, row)? {
                    points.push((point, revision.unsigned_abs()));
                }
            }
            Ok(points)
        })
    }

    /// Which observations are points of which inventory or walk at a revision: `(inventory, observations)`; inventories
    /// without points are not in it. Cost as [`Store::points_of`].
    pub fn points_by_inventory(&self, at: u64) -> Result<HashMap<Id, Vec<Id>>, StoreError> {
        self.read(|connection, wrap| {
            let from = versions::table_at(connection, Collection::Observations.table(), Some(at)).map_err(wrap)?;
            let sql = format!("SELECT inventory, id FROM {from} WHERE inventory NOTNULL ORDER BY id");
            let mut statement = connection.prepare_cached(&sql).map_err(wrap)?;
            let mut rows = statement.query([]).map_err(wrap)?;
            let mut points: HashMap<Id, Vec<Id>> = HashMap::new();
            while let Some(row) = rows.next().map_err(wrap)? {
                let id = |i: usize| row.get::<_, String>(i).map_err(wrap).map(|text| Id::new(&text).ok());
                if let (Some(inventory), Some(point)) = (id(0)?, id(1)?) {
                    points.entry(inventory).or_default().push(point);
                }
            }
            Ok(points)
        })
    }
}
