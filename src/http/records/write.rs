//! Requests that change records: POST, PUT, PATCH, DELETE.
//!
//! The store decides whether a version is stale and whether a request was kept before, so a request that is sent
//! again after its answer was lost is answered as it was the first time.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Done, GEOJSON, JSON, Precondition, tag_of};
use super::incoming::{Incoming, features_of};
use super::item::{current, id_of, with_links};
use super::new_id::new_id;
use super::paths::Paths;
use super::problem::{RecordProblem, of_store};
use super::{blocking, who};
use crate::domain::{Collection, Id, Record};
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call};
use crate::spatial::Snapshot;
use crate::store::{Expect, Found, Operation, Receipt, Store, StoreError, WriteRequest};
use crate::wire::records::{Context, Shown, from_feature, keep_withheld, merge_patch, to_feature};

/// `POST .../items`: a Feature, or a FeatureCollection that is kept whole or not at all.
pub(super) async fn post(call: Call<State>, collection: Collection) -> Answer {
    let incoming = Incoming::read(&call, &format!("POST {}", collection.code()))?;
    let body = incoming.json(&call, &[GEOJSON, JSON])?;
    let (store, actor, most) = (call.state.store.clone(), who::actor(&call), call.state.json.features);
    let done = blocking(move || {
        let (features, is_batch) = features_of(body, most)?;
        let snapshot = store.snapshot();
        let records = read_all(&snapshot, collection, features, is_batch, &incoming)?;
        let put = |record| Operation::Put { record, expect: Expect::New };
        let operations = records.into_iter().map(put).collect();
        let request = WriteRequest { what: String::new(), operations, retry: incoming.retry.clone() };
        let receipt = store.write(&actor, request).map_err(of_store)?;
        if is_batch {
            Ok(many(&receipt, collection, &incoming))
        } else {
            one(&store, &receipt, &incoming, StatusCode::CREATED)
        }
    })
    .await?;
    done.answer()
}

/// The context of a request.
pub(super) fn context<'a>(snapshot: &'a Snapshot, incoming: &Incoming) -> Context<'a> {
    let areas = snapshot.areas().areas();
    Context::new(snapshot.zone(), areas, snapshot.places(), snapshot.vocabulary())
        .redacting(incoming.redact)
        .with_new_terms(incoming.new_terms)
        .with_vertices(incoming.vertices_of_geometry)
}

/// Problems of a batch after which the rest is not read: an answer tells fewer.
const MOST_PROBLEMS: usize = 1_000;

fn read_all(
    snapshot: &Snapshot,
    collection: Collection,
    features: Vec<Value>,
    is_batch: bool,
    incoming: &Incoming,
) -> Result<Vec<Record>, Problem> {
    let context = context(snapshot, incoming);
    let (mut records, mut bad) = (Vec::with_capacity(features.len()), Vec::new());
    for (index, mut feature) in features.into_iter().enumerate() {
        if bad.len() > MOST_PROBLEMS {
            break;
        }
        let has_id = feature.get("id").is_some() || feature.pointer("/properties/id").is_some();
        if !has_id && let Some(members) = feature.as_object_mut() {
            let of_document = members.get("properties").and_then(|p| p.pointer("/document/id")).cloned();
            let id = match of_document {
                Some(id) => id,
                None => new_id()?.as_str().into(),
            };
            members.insert("id".to_string(), id);
        }
        match from_feature(collection, &feature, &context) {
            Ok(record) => records.push(record),
            Err(problems) if is_batch => {
                bad.extend(problems.into_iter().map(|problem| problem.under(&format!("/features/{index}"))));
            }
            Err(problems) => bad.extend(problems),
        }
    }
    if bad.is_empty() { Ok(records) } else { Err(bad.into()) }
}

/// `PUT .../items/{id}`
pub(super) async fn put(call: Call<State>, collection: Collection) -> Answer {
    let id = id_of(&call, collection)?;
    let precondition = Precondition::read(&call.headers, &id)?;
    let incoming = Incoming::read(&call, &format!("PUT {}", collection.code()))?;
    let mut body = incoming.json(&call, &[GEOJSON, JSON])?;
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let done = blocking(move || {
        let expect = expected(&store, collection, &id, &precondition)?;
        let stored = stored(&store, collection, &id, expect)?;
        let snapshot = store.snapshot();
        let mut context = context(&snapshot, &incoming);
        if let Some((record, revision)) = &stored {
            let full = to_feature(record, *revision, &Shown::new(snapshot.zone(), snapshot.places(), true));
            keep_withheld(collection, &mut body, &full);
            context = context.knowing(record);
        }
        let record = from_feature(collection, &named(body, &id)?, &context)?;
        let status = if expect == Expect::New { StatusCode::CREATED } else { StatusCode::OK };
        let operation = Operation::Put { record, expect };
        let receipt = write_one(&store, &actor, collection, &id, operation, &incoming)?;
        one(&store, &receipt, &incoming, status)
    })
    .await?;
    done.answer()
}

/// `PATCH .../items/{id}`: a merge patch of the Feature.
pub(super) async fn patch(call: Call<State>, collection: Collection) -> Answer {
    let id = id_of(&call, collection)?;
    let precondition = Precondition::read(&call.headers, &id)?;
    let incoming = Incoming::read(&call, &format!("PATCH {}", collection.code()))?;
    let patch = incoming.json(&call, &["application/merge-patch+json", GEOJSON, JSON])?;
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let done = blocking(move || {
        let expect = match expected(&store, collection, &id, &precondition)? {
            Expect::New => return Err(RecordProblem::Stale("a patch needs a record that is there".to_string()).into()),
            expect => expect,
        };
        let Some((record, revision)) = stored(&store, collection, &id, expect)? else {
            return Err(why_not(&store, collection, &id, expect));
        };
        let snapshot = store.snapshot();
        let full = to_feature(&record, revision, &Shown::new(snapshot.zone(), snapshot.places(), true));
        let patched = patched(&full, &patch);
        let context = context(&snapshot, &incoming).knowing(&record);
        let record = from_feature(collection, &named(patched, &id)?, &context)?;
        let receipt = write_one(&store, &actor, collection, &id, Operation::Put { record, expect }, &incoming)?;
        one(&store, &receipt, &incoming, StatusCode::OK)
    })
    .await?;
    done.answer()
}

/// A patch that names another place and no position means the position of that place.
fn patched(full: &Value, patch: &Value) -> Value {
    let mut patched = merge_patch(full, patch);
    let names_place = patch.pointer("/properties/place").is_some_and(|place| !place.is_null());
    if names_place && patch.get("geometry").is_none() {
        patched["geometry"] = Value::Null;
        for name in ["precision_m", "place_text", "area"] {
            if patch.pointer(&format!("/properties/{name}")).is_none() {
                patched["properties"][name] = Value::Null;
            }
        }
    }
    patched
}

/// `DELETE .../items/{id}`: the record is withdrawn for a reason.
pub(super) async fn delete(call: Call<State>, collection: Collection) -> Answer {
    let id = id_of(&call, collection)?;
    let precondition = Precondition::read(&call.headers, &id)?;
    let incoming = Incoming::read(&call, &format!("DELETE {}", collection.code()))?;
    let Some(reason) = call.pairs.one("reason")?.map(str::trim).filter(|reason| !reason.is_empty()) else {
        let accepted = "why the record is withdrawn, in words".to_string();
        return Err(Problem::MissingParameter { parameter: "reason".to_string(), accepted });
    };
    let reason = super::incoming::reason_in_words(reason)?;
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let done = blocking(move || {
        let expect = expected(&store, collection, &id, &precondition)?;
        if expect == Expect::New {
            return Err(RecordProblem::Stale("only what is there can be withdrawn".to_string()).into());
        }
        let operation = Operation::Withdraw { collection, id: id.clone(), reason, expect };
        write_one(&store, &actor, collection, &id, operation, &incoming)?;
        Ok(Done { status: StatusCode::NO_CONTENT, location: None, tag: None, body: None, minimal: incoming.minimal })
    })
    .await?;
    done.answer()
}

/// What the store is to expect.
fn expected(store: &Store, collection: Collection, id: &Id, precondition: &Precondition) -> Result<Expect, Problem> {
    let now = || current(store.found(collection, id, None).map_err(of_store)?, collection, id);
    match precondition {
        Precondition::New => Ok(Expect::New),
        Precondition::Present => now().map(|(_, revision)| Expect::Revision(revision)),
        Precondition::Revisions(revisions) => match revisions.as_slice() {
            [one] => Ok(Expect::Revision(*one)),
            several => {
                let (_, revision) = now()?;
                if several.contains(&revision) {
                    return Ok(Expect::Revision(revision));
                }
                Err(stale(collection, id, revision))
            }
        },
    }
}

fn stale(collection: Collection, id: &Id, current: u64) -> Problem {
    of_store(StoreError::Stale { collection: collection.code(), id: id.to_string(), current })
}

/// The version a change begins from.
fn stored(store: &Store, collection: Collection, id: &Id, expect: Expect) -> Result<Option<(Record, u64)>, Problem> {
    let Expect::Revision(at) = expect else { return Ok(None) };
    if at > store.snapshot().revision() {
        return Ok(None);
    }
    match store.found(collection, id, Some(at)).map_err(of_store)? {
        Found::Current { record, revision } if revision == at => Ok(Some((record, revision))),
        _ => Ok(None),
    }
}

/// Why a version cannot be changed: it is not there, not there any more, or not the current one.
fn why_not(store: &Store, collection: Collection, id: &Id, expect: Expect) -> Problem {
    match store.found(collection, id, None) {
        Err(error) => of_store(error),
        Ok(found) => match current(found, collection, id) {
            Err(problem) => problem,
            Ok((_, current)) if expect != Expect::Revision(current) => stale(collection, id, current),
            Ok(_) => RecordProblem::Conflict("it was changed at this moment; read it again".to_string()).into(),
        },
    }
}

/// The body with the id of the path, when it has none of its own.
fn named(mut body: Value, id: &Id) -> Result<Value, Problem> {
    let given = body.get("id").or_else(|| body.pointer("/properties/id")).cloned();
    match given {
        Some(given) if given != id.as_str() => {
            let bad = crate::wire::records::BadMember {
                pointer: "/id".to_string(),
                value: given.to_string().chars().take(80).collect(),
                reason: "is not the id of the path".to_string(),
                accepted: format!("'{id}', or none"),
            };
            Err(vec![bad].into())
        }
        _ => {
            if let Some(members) = body.as_object_mut() {
                members.insert("id".to_string(), id.as_str().into());
            }
            Ok(body)
        }
    }
}

pub(super) fn write_one(
    store: &Store,
    actor: &crate::domain::Actor,
    collection: Collection,
    id: &Id,
    operation: Operation,
    incoming: &Incoming,
) -> Result<Receipt, Problem> {
    let expect = match &operation {
        Operation::Put { expect, .. } | Operation::Withdraw { expect, .. } => *expect,
    };
    let request = WriteRequest { what: String::new(), operations: vec![operation], retry: incoming.retry.clone() };
    store.write(actor, request).map_err(|error| match error {
        StoreError::UnknownId { .. } => why_not(store, collection, id, expect),
        StoreError::DuplicateId { .. } => {
            RecordProblem::Stale(format!("{} '{id}' is there already", collection.code())).into()
        }
        other => of_store(other),
    })
}

/// The answer for one record: as the request made it, also when the request is sent again later.
fn one(store: &Store, receipt: &Receipt, incoming: &Incoming, status: StatusCode) -> Result<Done, Problem> {
    let Some((collection, id)) = receipt.records.first() else {
        return Err(Problem::Internal("a receipt without a record".to_string()));
    };
    let body = match store.found(*collection, id, Some(receipt.revision)).map_err(of_store)? {
        Found::Current { record, revision } => {
            let snapshot = store.snapshot();
            // What the client did not read it is not told.
            let shown = Shown::new(snapshot.zone(), snapshot.places(), false);
            Some((with_links(to_feature(&record, revision, &shown), *collection, id, &incoming.base), GEOJSON))
        }
        _ => None,
    };
    let location = format!("{}{}", incoming.base, Paths::of(*collection).of_item(id.as_str()));
    Ok(Done {
        status,
        location: (status == StatusCode::CREATED).then_some(location),
        tag: Some(tag_of(id, receipt.revision)),
        body,
        minimal: incoming.minimal,
    })
}

fn many(receipt: &Receipt, collection: Collection, incoming: &Incoming) -> Done {
    let paths = Paths::of(collection);
    let record = |(_, id): &(Collection, Id)| {
        json!({"id": id.as_str(), "href": format!("{}{}", incoming.base, paths.of_item(id.as_str())),
            "etag": tag_of(id, receipt.revision)})
    };
    let records: Vec<Value> = receipt.records.iter().map(record).collect();
    Done {
        status: StatusCode::CREATED,
        location: Some(format!("{}{}?asof={}", incoming.base, paths.items, receipt.revision)),
        tag: None,
        body: Some((json!({"revision": receipt.revision, "records": records}), JSON)),
        minimal: incoming.minimal,
    }
}
