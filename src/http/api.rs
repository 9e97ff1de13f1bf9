//! `/api`: density by area and density layers for programs.

use std::sync::Arc;

use super::problem::Problem;
use super::records::{asof_of, snapshot_at};
use super::route::{Access, Answer, Call, Param, Route};
use super::state::{Form, State, computed, params, words};
use crate::domain::Role;
use crate::followup::ledger::ledger;
use crate::spatial::Snapshot;
use crate::wire::followup::ledger::ledger_json;
use crate::wire::layers::{self, LayerError};
use crate::wire::{BadWord, Word, areas};

const READ: Access = Access::Role(Role::Reader);
const JSON: Form = Form { media_type: "application/json", language: "sv" };
const GEOJSON: Form = Form { media_type: "application/geo+json", language: "sv" };
const CSV: Form = Form { media_type: "text/csv; charset=utf-8", language: "sv" };

const FORMAT: &[Word] = &[Word { name: "f", meaning: "form of the answer", accepted: "json (default), geojson, csv" }];

const AS_OF: &[Word] = &[Word {
    name: "as_of",
    meaning: "the day it is for: what was done later is left out",
    accepted: "a date such as 2025-03-01, default today",
}];

/// Every computed answer may be asked as of a revision.
const ASOF: &[Word] =
    &[Word { name: "asof", meaning: "the revision asked about", accepted: "a revision, default the newest" }];

/// The snapshot asked about. An old one is put together again when nobody holds it, one at a time.
async fn snapshot_of(call: &Call<State>) -> Result<Arc<Snapshot>, Problem> {
    let asof = asof_of(&call.pairs)?;
    let store = call.state.store.clone();
    match asof {
        None => Ok(store.snapshot()),
        Some(_) => call.state.heavy.run(move || snapshot_at(&store, asof)).await?,
    }
}

/// Parameters of a route with the revision.
fn with_asof(tables: &[&[Word]]) -> Vec<Param> {
    params(&[tables, &[ASOF]].concat())
}

/// The routes of the interface for programs.
pub fn routes() -> Vec<Route<State>> {
    let id = Param::path("id", "id of the area", "an area id");
    let mut one = with_asof(&[crate::wire::FILTER_WORDS]);
    one.push(id);
    let mut table = with_asof(areas::WORDS);
    table.extend(params(&[FORMAT]));
    vec![
        Route::get(
            "/api/areas/summary",
            READ,
            "Density by area with intervals, ranks and change",
            table,
            areas_summary,
        ),
        Route::get("/api/areas/{id}/summary", READ, "Density of one area", one, area_summary),
        Route::get(
            "/api/promises",
            READ,
            "Every commitment with target, done, pace, status and evidence",
            params(&[AS_OF]),
            promises,
        ),
        Route::get("/api/layers/grid", READ, "Counts per square cell", with_asof(layers::GRID), |call| {
            layer(call, "grid")
        }),
        Route::get("/api/layers/kde", READ, "Exact kernel density", with_asof(layers::KDE), |call| layer(call, "kde")),
        Route::get("/api/layers/hex", READ, "Counts per H3 hexagon", with_asof(layers::HEX), |call| layer(call, "hex")),
    ]
}

async fn areas_summary(call: Call<State>) -> Answer {
    let snapshot = snapshot_of(&call).await?;
    let words = words(&call, &[areas::WORDS[0], areas::WORDS[1], FORMAT, ASOF])?;
    let read_form = |code: &str| match code {
        "json" => Some(JSON),
        "geojson" => Some(GEOJSON),
        "csv" => Some(CSV),
        _ => None,
    };
    let form = words.choice("f", &["json", "geojson", "csv"], read_form)?.unwrap_or(JSON);
    let params = areas::read(&words, &snapshot, call.state.today(&snapshot))?;
    let request = format!("areas/summary {params:?}");
    computed(&call, snapshot, request, form, move |snapshot| match form.media_type {
        "application/json" => json_bytes(&areas::summary(snapshot, &params)),
        "application/geo+json" => json_bytes(&areas::geojson(snapshot, &params)),
        _ => {
            let density = crate::analysis::area_density::area_density(snapshot, &params);
            areas::csv(snapshot, &density).map(String::into_bytes).map_err(|e| Problem::Internal(e.to_string()))
        }
    })
    .await
}

async fn area_summary(call: Call<State>) -> Answer {
    let snapshot = snapshot_of(&call).await?;
    let id = call.path_value("id").to_string();
    if !snapshot.areas().areas().iter().any(|area| area.id.as_str() == id) {
        return Err(Problem::NotFound(format!("area '{id}'")));
    }
    let params =
        areas::read(&words(&call, &[crate::wire::FILTER_WORDS, ASOF])?, &snapshot, call.state.today(&snapshot))?;
    let request = format!("areas/{id}/summary {params:?}");
    computed(&call, snapshot, request, JSON, move |snapshot| json_bytes(&areas::one_summary(snapshot, &params, &id)?))
        .await
}

/// The ledger of promises.
async fn promises(call: Call<State>) -> Answer {
    let words = words(&call, &[AS_OF])?;
    let snapshot = call.state.store.snapshot();
    let as_of = match words.one("as_of")? {
        None => call.state.today(&snapshot),
        Some(text) => text.parse().map_err(|_| BadWord::new("as_of", text, "it is no date", AS_OF[0].accepted))?,
    };
    let (store, books) = (call.state.store.clone(), call.state.books.clone());
    computed(&call, snapshot, format!("promises {as_of}"), JSON, move |snapshot| {
        let book = books.at(&store, snapshot)?;
        json_bytes(&ledger_json(&book, &ledger(&book, as_of)))
    })
    .await
}

async fn layer(call: Call<State>, name: &'static str) -> Answer {
    let snapshot = snapshot_of(&call).await?;
    let tables = match name {
        "grid" => layers::GRID,
        "hex" => layers::HEX,
        _ => layers::KDE,
    };
    let request =
        layers::read(name, &words(&call, &[tables, &[ASOF]].concat())?, &snapshot, call.state.today(&snapshot))?;
    let limits = call.state.limits;
    let canonical = format!("layers/{name} {} {limits:?}", request.canonical());
    computed(&call, snapshot, canonical, GEOJSON, move |snapshot| {
        request.geojson(snapshot, limits).map_err(|error| match error {
            LayerError::Word(bad) => bad.into(),
            LayerError::TooLarge(bad) => {
                Problem::TooCostly { parameter: bad.name, value: bad.value, reason: bad.reason, accepted: bad.accepted }
            }
        })
    })
    .await
}

fn json_bytes(value: &serde_json::Value) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| Problem::Internal(error.to_string()))
}
