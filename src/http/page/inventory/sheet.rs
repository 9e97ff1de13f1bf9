//! The points of an inventory as a sheet that an import reads back.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;

use super::texts as t;
use super::{id_of, making, points_of};
use crate::domain::{Action, Collection, Id, Observation};
use crate::followup::protocol::protocol;
use crate::geodata::{CsvStyle, ProtocolSheet};
use crate::http::State;
use crate::http::page::small_form::no_such;
use crate::http::problem::Problem;
use crate::http::records::{blocking, note_reading, reason_of, who};
use crate::http::route::{Answer, Call};
use crate::spatial::{DataClass, Snapshot};
use crate::text::lang::Lang;
use crate::wire::followup::protocol::title;

/// What a sheet is made of.
struct Parts {
    snapshot: std::sync::Arc<Snapshot>,
    id: Id,
    title: String,
    points: Vec<Observation>,
    actions: Vec<Action>,
    reason: Option<String>,
}

/// Reads the points and, when free text is asked for, writes down who read it and why.
async fn parts(call: &Call<State>) -> Result<Parts, Problem> {
    let id = id_of(call)?;
    let reason = reason_of(&call.pairs)?;
    let (state, actor) = (call.state.clone(), who::actor(call));
    blocking(move || {
        let snapshot = state.store.snapshot();
        let book = state.books.at(&state.store, &snapshot)?;
        let points = points_of(&state.store, &id, snapshot.revision())?;
        let today = state.today(&snapshot);
        let protocol = protocol(&book, &id, &points, today).ok_or_else(|| no_such("inventory", id.as_str()))?;
        note_reading(&state.store, &actor, Collection::Activities, &id, reason.as_deref())?;
        let title = title(&protocol.deed, making(&snapshot, &book, Lang::Sv));
        let actions = protocol.actions.into_iter().map(|action| action.action).collect();
        Ok(Parts { snapshot, id, title, points, actions, reason })
    })
    .await
}

impl Parts {
    fn sheet(&self) -> ProtocolSheet<'_> {
        ProtocolSheet {
            points: &self.points,
            actions: &self.actions,
            zone: self.snapshot.zone(),
            categories: &self.snapshot.vocabulary().categories,
            with_text: self.reason.is_some(),
            data_class: (self.snapshot.facts().data_class == DataClass::Synthetic).then_some("synthetic"),
        }
    }
}

/// `GET /inventeringar/{id}/protokoll.xlsx`
pub(super) async fn workbook(call: Call<State>) -> Answer {
    let parts = parts(&call).await?;
    let lang = Lang::Sv;
    let text = match &parts.reason {
        None => t::S_TEXT_OUT.of(lang).to_string(),
        Some(reason) => t::S_TEXT_IN.with(lang, &[("reason", reason)]),
    };
    let today = call.state.today(&parts.snapshot).to_string();
    let about = [
        (t::S_MADE_OF.of(lang), parts.title.clone()),
        (t::S_DAY.of(lang), today),
        (t::S_TEXT.of(lang), text),
        (t::S_BACK.of(lang), t::S_BACK_HOW.of(lang).to_string()),
        (t::S_EMPTY.of(lang), t::S_EMPTY_HOW.of(lang).to_string()),
    ];
    let bytes = parts.sheet().workbook(&about).map_err(|error| Problem::Internal(error.to_string()))?;
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    file(&parts.id, "xlsx", media_type, bytes)
}

/// `GET /inventeringar/{id}/protokoll.csv`
pub(super) async fn csv(call: Call<State>) -> Answer {
    let parts = parts(&call).await?;
    let bytes = parts.sheet().csv(CsvStyle::Rfc).map_err(|error| Problem::Internal(error.to_string()))?;
    file(&parts.id, "csv", "text/csv; charset=utf-8", bytes)
}

/// A file to keep; an id has no letter that a header cannot carry.
fn file(id: &Id, ending: &str, media_type: &'static str, bytes: Vec<u8>) -> Answer {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"protokoll-{id}.{ending}\""))
        .map_err(|error| Problem::Internal(error.to_string()))?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CONTENT_DISPOSITION, disposition);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
