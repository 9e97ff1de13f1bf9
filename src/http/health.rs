//! `/healthz`, `/readyz` and `/metrics`.

use std::sync::Arc;

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::heavy::Heavy;
use super::metrics::{Gauges, Metrics};
use super::problem::Problem;
use super::public::Counts;
use super::route::{Access, Route};
use super::server::Connections;
use crate::domain::Role;

/// What the service stands on at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DataStatus {
    /// Why the service is not ready, if it is not.
    #[serde(skip)]
    pub not_ready: Option<String>,
    /// Revision of the snapshot that is served.
    pub revision: u64,
    /// Records in it.
    pub records: u64,
    /// Whole days since the newest record; `None` without records.
    pub data_age_days: Option<i64>,
    /// Whether the data is so old that pages warn.
    pub stale: bool,
}

/// Asks for the [`DataStatus`]; called for each request, so it must be cheap.
pub type Probe = Arc<dyn Fn() -> DataStatus + Send + Sync>;

/// What `/metrics` reads.
#[derive(Clone)]
pub struct Watched {
    /// Counters of requests.
    pub metrics: Metrics,
    /// Connections of the server.
    pub connections: Connections,
    /// Turns for heavy work.
    pub heavy: Heavy,
    /// Answers of the public site, where there is one.
    pub site: Option<Counts>,
}

/// The routes; without `watched` there is no `/metrics`.
pub fn routes<S: Clone + Send + Sync + 'static>(probe: Probe, watched: Option<Watched>) -> Vec<Route<S>> {
    let live = Route::get("/healthz", Access::Public, "Whether the process answers", [], async |_| {
        Ok(fresh(Json(serde_json::json!({ "live": true }))))
    });
    let ready_probe = Arc::clone(&probe);
    let ready = Route::get(
        "/readyz",
        Access::Role(Role::Reader),
        "Whether data is served, which, and how old it is",
        [],
        move |_| {
            let status = ready_probe();
            async move {
                match &status.not_ready {
                    Some(reason) => Err(Problem::Unavailable(reason.clone())),
                    None => Ok(fresh(Json(status))),
                }
            }
        },
    );
    let metrics = watched.map(|watched| {
        Route::get("/metrics", Access::Role(Role::Reader), "Counters as Prometheus text", [], move |_| {
            let text = render(&watched, &probe());
            async move {
                let mut response = fresh(text);
                let version = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
                response.headers_mut().insert(CONTENT_TYPE, version);
                Ok(response)
            }
        })
    });
    [live, ready].into_iter().chain(metrics).collect()
}

fn render(watched: &Watched, status: &DataStatus) -> String {
    let text = watched.metrics.render(Gauges {
        connections: watched.connections.open(),
        heavy_running: watched.heavy.running(),
        heavy_waiting: watched.heavy.waiting(),
        revision: status.revision,
        records: status.records,
    });
    text + &watched.site.as_ref().map(Counts::render).unwrap_or_default()
}

fn fresh(body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
