//! Records over HTTP in the form of OGC API Features (Parts 1 and 4).
//!
//! A record has a tag, `"{id}.{revision}"`. A change says which version it changes (`If-Match`), so nobody overwrites
//! what they have not seen; a request may carry an `Idempotency-Key` and then be sent again without being done again.

mod answer;
mod incoming;
mod item;
mod items;
mod landing;
mod new_id;
mod openapi;
mod paths;
mod problem;
mod reason;
mod select;
pub(in crate::http) mod who;
mod write;

use axum::http::Method;

pub(in crate::http) use incoming::reason_in_words;
pub(in crate::http) use item::{current, id_of, not_there, note_reading};
pub(in crate::http) use items::{asof_of, snapshot_at};
pub(in crate::http) use new_id::new_id;
pub(in crate::http) use openapi::with_document;
pub use problem::RecordProblem;
pub(in crate::http) use problem::{Told, of_store, overlapping};
pub(in crate::http) use reason::reason_of;

use super::State;
use super::problem::Problem;
use super::route::{Param, Route};
use crate::domain::Collection;
use incoming::{NEW_TERMS, REDACT, WITHDRAW_REASON};
use items::ASOF;
use paths::Paths;
use reason::REASON;

/// Some clients put this on every request.
const FORM: Param = Param::query("f", "form of the answer", "json");

/// The routes of collections and their records.
pub fn routes() -> Vec<Route<State>> {
    let id = Param::path("id", "id of the record", "1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-'");
    let mut routes = landing::routes();
    for collection in Collection::ALL {
        let paths = Paths::of(collection);
        let reading = vec![id, ASOF, FORM, REASON];
        let changing = vec![id, REDACT, NEW_TERMS];
        routes.extend([
            who::reads(paths.items, "Records, page by page", items::parameters(collection), move |call| {
                items::items(call, collection)
            }),
            who::reads(paths.item, "One record", reading, move |call| item::item(call, collection)),
            who::reads(paths.versions, "Every version of a record", vec![id, FORM, REASON], move |call| {
                item::versions(call, collection)
            }),
            who::writes(Method::POST, paths.items, "New records", vec![REDACT, NEW_TERMS], move |call| {
                write::post(call, collection)
            }),
            who::writes(Method::PUT, paths.item, "A new version of a record", changing.clone(), move |call| {
                write::put(call, collection)
            }),
            who::writes(Method::PATCH, paths.item, "Changes some members of a record", changing, move |call| {
                write::patch(call, collection)
            }),
            who::writes(Method::DELETE, paths.item, "Withdraws a record", vec![id, WITHDRAW_REASON], move |call| {
                write::delete(call, collection)
            }),
        ]);
    }
    routes
}

/// Where a record is for programs.
pub(in crate::http) fn api_path(collection: Collection, id: &str) -> String {
    Paths::of(collection).of_item(id)
}

/// Runs work that waits for the disk on a thread of its own.
pub(in crate::http) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Err(Problem::Internal(format!("the work did not run: {error}"))),
        },
    }
}
