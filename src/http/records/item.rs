//! One record: as it is, as it was, and every version of it.

use axum::http::header::ETAG;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{self, GEOJSON, JSON, tag_of};
use super::items::asof_of;
use super::paths::{Paths, base_url};
use super::problem::{RecordProblem, of_store};
use super::reason::reason_of;
use super::{blocking, who};
use crate::domain::{Collection, Id, Record};
use crate::http::State;
use crate::http::etag::is_known;
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call};
use crate::store::{AuditAction, Found, Store, Version};
use crate::wire::records::{Shown, to_feature};

/// The id in the path. One that cannot be an id is not there.
pub(in crate::http) fn id_of(call: &Call<State>, collection: Collection) -> Result<Id, Problem> {
    Id::new(call.path_value("id")).map_err(|_| not_there(collection, call.path_value("id")))
}

pub(in crate::http) fn not_there(collection: Collection, id: &str) -> Problem {
    Problem::NotFound(format!("'{id}' in {}", collection.code()))
}

/// The record that was found, or what to say instead.
pub(in crate::http) fn current(found: Found, collection: Collection, id: &Id) -> Result<(Record, u64), Problem> {
    let name = collection.code();
    match found {
        Found::Current { record, revision } => Ok((record, revision)),
        Found::Withdrawn { revision, reason } => {
            let text = format!("{name} '{id}' was withdrawn in revision {revision}: {reason}");
            Err(RecordProblem::Gone(text).into())
        }
        Found::Purged { on } => Err(RecordProblem::Gone(format!("{name} '{id}' was purged on {on}")).into()),
        Found::Never => Err(not_there(collection, id.as_str())),
    }
}

/// `GET .../items/{id}`
pub(super) async fn item(call: Call<State>, collection: Collection) -> Answer {
    let id = id_of(&call, collection)?;
    let (asof, reason) = (asof_of(&call.pairs)?, reason_of(&call.pairs)?);
    let (store, actor, base) = (call.state.store.clone(), who::actor(&call), base_url(&call));
    let with_free_text = reason.is_some();
    let found_id = id.clone();
    let (feature, revision) = blocking(move || {
        let id = found_id;
        let newest = store.snapshot();
        if let Some(asof) = asof.filter(|asof| *asof > newest.revision()) {
            let error = crate::store::StoreError::NoSuchRevision { revision: asof, newest: newest.revision() };
            return Err(of_store(error));
        }
        let (record, revision) = current(store.found(collection, &id, asof).map_err(of_store)?, collection, &id)?;
        note_reading(&store, &actor, collection, &id, reason.as_deref())?;
        let shown = Shown::new(newest.zone(), newest.places(), reason.is_some());
        Ok((with_links(to_feature(&record, revision, &shown), collection, &id, &base), revision))
    })
    .await?;
    let tag = tag_of(&id, revision);
    // Free text that was asked for with a reason is given, whatever the client has.
    let mut response = if !with_free_text && is_known(&call.headers, &tag) {
        let mut response = Response::new(axum::body::Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        answer::json_as_it_is(&feature, GEOJSON)?
    };
    response.headers_mut().insert(ETAG, HeaderValue::from_str(&tag).expect("ids are ASCII"));
    Ok(response)
}

/// Writes down that free text was read, when a reason was given.
pub(in crate::http) fn note_reading(
    store: &Store,
    actor: &crate::domain::Actor,
    collection: Collection,
    id: &Id,
    reason: Option<&str>,
) -> Result<(), Problem> {
    let Some(reason) = reason else { return Ok(()) };
    let subject = format!("{}/{id}", collection.code());
    store.note(actor, AuditAction::Read, &subject, Some(reason)).map_err(of_store)
}

/// The Feature with links to itself, its collection and its versions.
pub(super) fn with_links(mut feature: Value, collection: Collection, id: &Id, base: &str) -> Value {
    let paths = Paths::of(collection);
    let item = format!("{base}{}", paths.of_item(id.as_str()));
    feature["links"] = json!([
        {"rel": "self", "type": GEOJSON, "href": item},
        {"rel": "collection", "type": JSON, "href": format!("{base}{}", paths.collection)},
        {"rel": "version-history", "type": JSON, "href": format!("{item}/versions")},
    ]);
    feature
}

/// `GET .../items/{id}/versions`
pub(super) async fn versions(call: Call<State>, collection: Collection) -> Answer {
    let id = id_of(&call, collection)?;
    let reason = reason_of(&call.pairs)?;
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let value = blocking(move || {
        let versions = store.versions(collection, &id).map_err(of_store)?;
        if versions.is_empty() {
            return Err(not_there(collection, id.as_str()));
        }
        note_reading(&store, &actor, collection, &id, reason.as_deref())?;
        let snapshot = store.snapshot();
        let shown = Shown::new(snapshot.zone(), snapshot.places(), reason.is_some());
        let list: Vec<Value> = versions.iter().map(|version| of_version(version, &shown)).collect();
        Ok(json!({"collection": collection.code(), "id": id.as_str(), "versions": list}))
    })
    .await?;
    answer::json(&call, &value, JSON)
}

fn of_version(version: &Version, shown: &Shown) -> Value {
    let ended = version.ended.as_ref().map(|(revision, reason)| json!({"revision": revision, "reason": reason}));
    json!({
        "revision": version.revision,
        "at": version.at.to_string(),
        "actor": version.actor,
        "what": version.what,
        "ended": ended,
        "purged_on": version.purged_on.map(|day| day.to_string()),
        "feature": version.record.as_ref().map(|record| to_feature(record, version.revision, shown)),
    })
}
