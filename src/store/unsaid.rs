//! What a file that updates records leaves unsaid.
//!
//! A sheet that went out without free text comes back without it: an empty cell then means "not in the sheet", not
//! "take it away". So free text stays as the file has it; it is taken away in the forms.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::{StoreError, read_rows};
use crate::domain::{Action, Collection, Id, Record};

/// The current version of an id.
fn current(
    connection: &Connection,
    path: &Path,
    collection: Collection,
    id: &Id,
) -> Result<Option<Record>, StoreError> {
    let wrap = StoreError::sqlite(path);
    let sql = format!("SELECT * FROM {} WHERE id = ?1", collection.table());
    let mut statement = connection.prepare_cached(&sql).map_err(&wrap)?;
    let mut rows = statement.query([id.as_str()]).map_err(&wrap)?;
    rows.next().map_err(&wrap)?.map(|row| read_rows::read(collection, row)).transpose()
}

/// An observation or activity with the free text of the version it replaces, where it has none itself: text, result,
/// photo, reporter key, words for the place, and extra columns under a name it does not have. Other records as they are.
pub(super) fn with_free_text(connection: &Connection, path: &Path, record: &Record) -> Result<Record, StoreError> {
    let mut record = record.clone();
    let (kept, earlier_kept) = match &mut record {
        Record::Observation(new) => {
            let Some(Record::Observation(old)) = current(connection, path, Collection::Observations, &new.id)? else {
                return Ok(record);
            };
            new.text = new.text.take().or(old.text);
            new.photo = new.photo.take().or(old.photo);
            new.reporter_key = new.reporter_key.take().or(old.reporter_key);
            new.location.place_text = new.location.place_text.take().or(old.location.place_text);
            (&mut new.kept, old.kept)
        }
        Record::Activity(new) => {
            let Some(Record::Activity(old)) = current(connection, path, Collection::Activities, &new.id)? else {
                return Ok(record);
            };
            new.text = new.text.take().or(old.text);
            new.result = new.result.take().or(old.result);
            new.location.place_text = new.location.place_text.take().or(old.location.place_text);
            (&mut new.kept, old.kept)
        }
        _ => return Ok(record),
    };
    let unsaid = earlier_kept.into_iter().filter(|(name, _)| kept.iter().all(|(known, _)| known != name));
    let unsaid: Vec<_> = unsaid.collect();
    kept.extend(unsaid);
    Ok(record)
}

/// The action beside a row as the file has it: under the id of the only action about the same record, when no action
/// has its own id. It stays in its area when the row names none.
pub(super) fn as_known(connection: &Connection, path: &Path, action: &Action) -> Result<Action, StoreError> {
    let mut action = action.clone();
    let known = match current(connection, path, Collection::Actions, &action.id)? {
        Some(known) => Some(known),
        None => only_about(connection, path, action.about.as_ref())?,
    };
    if let Some(Record::Action(known)) = known {
        action.id = known.id;
        action.area = action.area.or(known.area);
    }
    Ok(action)
}

/// The action about a record when there is exactly one. Cost: one pass over the actions.
fn only_about(connection: &Connection, path: &Path, about: Option<&Id>) -> Result<Option<Record>, StoreError> {
    let Some(about) = about else { return Ok(None) };
    let only = connection
        .prepare_cached("SELECT min(id) FROM actions WHERE about = ?1 HAVING count(*) = 1")
        .and_then(|mut statement| statement.query_row([about.as_str()], |row| row.get::<_, String>(0)).optional())
        .map_err(StoreError::sqlite(path))?;
    match only.and_then(|id| Id::new(&id).ok()) {
        Some(id) => current(connection, path, Collection::Actions, &id),
        None => Ok(None),
    }
}
