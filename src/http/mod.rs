//! The service: a table of routes served over HTTP/1.1 with limits on everything a client can take.
//!
//! What is public (`public`) is answered right behind the connection, from a shelf of files and nothing else.
//! Any other request passes `server` (deadlines, connection limit), `observe` (request id, log, counters, security headers,
//! complete problems), the panic net, `guard` (host names), `route` (parameters, body, time limit) with `access` (who
//! asks, and whether they may) and reaches a
//! handler, which calls `heavy` for work and `etag` for its answer.

pub mod access;
pub mod api;
mod body;
pub mod coding;
pub mod etag;
pub mod feeds;
pub mod followup;
pub mod guard;
pub mod health;
pub mod heavy;
pub mod imports;
pub mod metrics;
mod observe;
pub mod page;
pub mod params;
pub mod problem;
pub mod public;
pub mod publishing;
pub mod records;
pub mod releases;
pub mod request_id;
pub mod route;
pub mod server;
pub mod service;
mod state;
pub mod uploads;

use std::any::Any;

use axum::Router;
use axum::extract::{self, Request};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;

pub use state::State;

use access::Gate;
use metrics::Metrics;
use problem::Problem;
use route::{RequestLimits, Route};

/// The whole service behind a gate, ready for [`server::serve`].
///
/// Every answer that is a [`Problem`] carries it as a response extension; an outer layer that shows a page instead
/// replaces the body.
///
/// # Panics
/// If the table of routes is wrong, see [`route::faults`].
pub fn app<S: Clone + Send + Sync + 'static>(
    routes: Vec<Route<S>>,
    state: &S,
    limits: RequestLimits,
    gate: &Gate,
    metrics: Option<Metrics>,
) -> Router {
    route::router(routes, state, limits, gate)
        .layer(from_fn_with_state(gate.clone(), check_arrival))
        .layer(CatchPanicLayer::custom(on_panic))
        .layer(from_fn_with_state(metrics, observe::observe))
}

async fn check_arrival(extract::State(gate): extract::State<Gate>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match gate.check_arrival(&parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

fn on_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_string(),
        (None, Some(text)) => text.clone(),
        (None, None) => "a value that is no text".to_string(),
    };
    Problem::Internal(format!("panic: {text}")).into_response()
}
