//! The outermost layer: names the request, makes problems complete, sets security headers, counts and logs.
//!
//! The log has method, path template, status, time and size. It never has the query or path values: they may hold
//! keys, words searched for and ids of records.

use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::guard;
use super::metrics::Metrics;
use super::problem::Problem;
use super::request_id::{HEADER, RequestId};

/// What `route` is called in log and metrics when no template fits the path.
const UNMATCHED: &str = "unmatched";

pub(super) async fn observe(State(metrics): State<Option<Metrics>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    let template = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_string());
    let mut entry = Entry {
        id: id.clone(),
        method: request.method().clone(),
        route: template.unwrap_or_else(|| UNMATCHED.to_string()),
        started: Instant::now(),
        outcome: None,
        metrics,
    };
    request.extensions_mut().insert(id.clone());

    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions().get::<Problem>().cloned() {
        if let Problem::Internal(text) = &problem {
            tracing::error!(request_id = %id, route = %entry.route, "{text}");
        }
        response = problem.answer(Some(id.as_str()));
    }
    response.headers_mut().insert(HEADER, id.header_value());
    guard::protect(response.headers_mut());
    entry.outcome = Some((response.status().as_u16(), response.body().size_hint().exact()));
    response
}

/// Written when dropped, so that a request whose client left before the answer is in the log too.
struct Entry {
    id: RequestId,
    method: Method,
    route: String,
    started: Instant,
    outcome: Option<(u16, Option<u64>)>,
    metrics: Option<Metrics>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        let elapsed = self.started.elapsed();
        let ms = elapsed.as_secs_f64() * 1000.0;
        let (id, method, route) = (&self.id, &self.method, &self.route);
        match self.outcome {
            Some((status, bytes)) => {
                tracing::info!(target: "lagesbild::access", request_id = %id, %method, %route, status, ms, bytes, "answered");
            }
            None => {
                tracing::info!(target: "lagesbild::access", request_id = %id, %method, %route, ms, "client left");
            }
        }
        if let Some(metrics) = &self.metrics {
            metrics.count_request(method, route, self.outcome.map(|(status, _)| status), elapsed);
        }
    }
}
