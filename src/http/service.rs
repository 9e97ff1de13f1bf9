//! The whole service around a store: routes, limits, state.

use std::future::Future;
use std::sync::Arc;

use axum::middleware::from_fn;
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::health::{self, Watched};
use super::heavy::Heavy;
use super::metrics::Metrics;
use super::route::RequestLimits;
use super::server::{self, Connections, Limits};
use super::{State, api, app, page};
use crate::settings::Settings;
use crate::store::Store;
use crate::wire::layers::LayerLimits;

/// Serves until `shutdown`: the whole service around a store, for the command and for tests.
pub async fn run(
    listener: TcpListener,
    settings: &Settings,
    store: Store,
    now: fn() -> Timestamp,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let (service, work) = (&settings.service, &settings.work);
    let heavy = Heavy::new(work.heavy_concurrency, work.heavy_queue);
    let state = State {
        store,
        heavy: heavy.clone(),
        limits: LayerLimits { kde_cost: work.kde_cost_limit, features: work.max_features },
        stale_after_days: settings.stale_after_days,
        now,
        build: build_id().into(),
    };
    let metrics = service.metrics.then(Metrics::new);
    let connections = Connections::default();
    let watched = metrics.clone().map(|metrics| Watched { metrics, connections: connections.clone(), heavy });
    let probe_state = state.clone();
    let mut routes = api::routes();
    routes.extend(page::routes());
    routes.extend(health::routes(Arc::new(move || probe_state.data_status()), watched));
    let limits = RequestLimits {
        body_bytes: service.body_limit_bytes,
        body_timeout: service.body_timeout,
        idle_timeout: service.idle_timeout,
        request_timeout: service.request_timeout,
    };
    let app = app(routes, &state, limits, metrics).layer(from_fn(page::problem_as_page));
    let limits = Limits {
        max_connections: service.max_connections,
        header_timeout: service.header_timeout,
        write_timeout: service.write_timeout,
        drain_timeout: service.drain_timeout,
    };
    server::serve(listener, app, &limits, &connections, shutdown).await
}

/// Different for every build, so that a new program never answers "not modified" for an old one.
fn build_id() -> String {
    let built =
        std::env::current_exe().and_then(|exe| exe.metadata()).and_then(|meta| Ok((meta.len(), meta.modified()?)));
    match built {
        Ok((bytes, modified)) => format!("{} {bytes} {modified:?}", env!("CARGO_PKG_VERSION")),
        Err(_) => format!("{} {}", env!("CARGO_PKG_VERSION"), Timestamp::now()),
    }
}
