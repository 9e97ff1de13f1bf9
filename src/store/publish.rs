//! The snapshot after a change.

use std::collections::HashMap;
use std::sync::Arc;

use super::change::Operation;
use super::{planted, terms_of};
use crate::domain::{Collection, Id, Location, LonLat, Place, Record, Shape, Term, Vocabulary, When};
use crate::spatial::{Changes, Row, Snapshot};

/// The snapshot that shows these operations too, none of which is about an area. Of several on one record
/// the last one counts.
pub(super) fn after(before: &Snapshot, revision: u64, operations: &[Operation]) -> Snapshot {
    let mut last: HashMap<(Collection, &Id), usize> = HashMap::with_capacity(operations.len());
    for (at, operation) in operations.iter().enumerate() {
        last.insert(operation.subject(), at);
    }
    let vocabulary = vocabulary_after(before.vocabulary(), operations);
    let number = |terms: &[Term], code: &str| {
        // The term is in the table: the line above put it there when it was new.
        terms.iter().position(|term| term.code == code).unwrap_or_default() as u16
    };
    let mut changes = Changes::default();
    let mut places: Option<Vec<Place>> = None;
    for (at, operation) in operations.iter().enumerate() {
        if last.get(&operation.subject()) != Some(&at) {
            continue;
        }
        match operation {
            Operation::Put { record: Record::Observation(r), .. } => {
                if planted::is("drop-index-update") && r.id.as_str().bytes().map(usize::from).sum::<usize>() % 7 == 0 {
                    continue;
                }
                let term = number(&vocabulary.categories, &r.category);
                changes.observations.push(&Row {
                    source: r.source,
                    feeling: r.feeling,
                    reporter: r.reporter_key.as_deref(),
                    ..row(before, &r.id, r.when, term, &r.location)
                });
            }
            Operation::Put { record: Record::Activity(r), .. } => {
                let term = number(&vocabulary.kinds, &r.kind);
                changes.activities.push(&row(before, &r.id, r.when, term, &r.location));
            }
            Operation::Put { record: Record::Place(place), .. } => {
                let places = places.get_or_insert_with(|| before.places().to_vec());
                places.retain(|other| other.id != place.id);
                places.push(place.clone());
            }
            Operation::Withdraw { collection: Collection::Places, id, .. } => {
                places.get_or_insert_with(|| before.places().to_vec()).retain(|other| other.id != *id);
            }
            Operation::Withdraw { collection, id, .. } => {
                if let Some(of) = collection.counted() {
                    changes.ended.push((of, id.as_str()));
                }
            }
            Operation::Put { .. } => {}
        }
    }
    let next = before.with(revision, Arc::new(vocabulary), changes);
    match places {
        Some(places) => next.with_places(Arc::new(places)),
        None => next,
    }
}

/// The vocabulary after a change: terms are only ever added at the end, as in the tables.
fn vocabulary_after(before: &Vocabulary, operations: &[Operation]) -> Vocabulary {
    let mut after = before.clone();
    for operation in operations {
        let Operation::Put { record, .. } = operation else { continue };
        for (table, code) in terms_of(record) {
            let terms = match table {
                "categories" => &mut after.categories,
                "kinds" => &mut after.kinds,
                _ => &mut after.roles,
            };
            if !terms.iter().any(|term| term.code == code) {
                terms.push(Term::bare(code));
            }
        }
    }
    after
}

/// What observations and activities have in common.
fn row<'a>(snapshot: &Snapshot, id: &'a Id, when: When, term: u16, location: &Location) -> Row<'a> {
    let at: Option<LonLat> = location.shape.as_ref().and_then(Shape::representative_point);
    let area = location.area.as_ref().and_then(|id| snapshot.areas().find(id));
    let (source, feeling, reporter) = (None, None, None);
    Row { id: id.as_str(), at, when, term, source, feeling, precision_m: location.precision_m, area, reporter }
}
