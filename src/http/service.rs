//! The whole service around a store: routes, limits, state.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::from_fn;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;

use super::access::{self, Gate};
use super::followup::Books;
use super::health::{self, Probe, Watched};
use super::heavy::Heavy;
use super::metrics::Metrics;
use super::public::Site;
use super::route::{RequestLimits, Route};
use super::server::{self, App, Connections, Limits};
use super::uploads::Uploads;
use super::{State, api, app, feeds, imports, page, records, releases};
use crate::public::shelf::{IndexFault, Refusal, Shelf};
use crate::settings::Settings;
use crate::store::{PasswordHash, Store};
use crate::wire::json_limits::JsonLimits;
use crate::wire::layers::LayerLimits;

/// Room for what a form holds beside the file.
const UPLOAD_FORM_BYTES: usize = 64 * 1024;

/// Serves until `shutdown`: the whole service around a store, for the command and for tests.
pub async fn run(
    listener: TcpListener,
    settings: &Settings,
    store: Store,
    now: fn() -> Timestamp,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let public_listener = match settings.public.listen {
        None => None,
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .map_err(|error| std::io::Error::new(error.kind(), format!("public_listen {address}: {error}")))?,
        ),
    };
    run_on(listener, public_listener, settings, store, now, shutdown).await
}

/// The same with a listener of its own for what is public, where there is one; `public_listen` is then not looked at.
pub async fn run_on(
    listener: TcpListener,
    public_listener: Option<TcpListener>,
    settings: &Settings,
    store: Store,
    now: fn() -> Timestamp,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let (service, work) = (&settings.service, &settings.work);
    let people = store.with_writer(|file| file.people()).map_err(std::io::Error::other)?;
    let address = listener.local_addr()?;
    access::check_start(address, &settings.access, &people).map_err(std::io::Error::other)?;
    let on_loopback = address.ip().to_canonical().is_loopback();
    // Made now, so that the first unknown name takes no longer than the others.
    drop(tokio::task::spawn_blocking(PasswordHash::of_nobody));
    let gate = Gate::new(settings.access.clone(), on_loopback, people, now);
    #[cfg(feature = "oidc")]
    let informed = match &settings.access.oidc {
        None => None,
        Some(oidc) => {
            let oidc = access::Oidc::new(oidc).map_err(std::io::Error::other)?;
            gate.set_oidc(oidc.clone());
            Some(tokio::spawn(oidc.keep_informed(now)))
        }
    };
    let heavy = Heavy::new(work.heavy_concurrency, work.heavy_queue);
    let uploads = Uploads::new(&settings.upload, store.path());
    let site = open_site(settings.public.folder_for(store.path())).await?;
    let state = State {
        store,
        heavy: heavy.clone(),
        json: JsonLimits {
            depth: settings.records.depth,
            memory_bytes: settings.records.memory_bytes,
            vertices: settings.records.vertices,
            vertices_of_geometry: settings.records.vertices_of_geometry,
            features: settings.records.features,
        },
        limits: LayerLimits { kde_cost: work.kde_cost_limit, features: work.max_features },
        stale_after_days: settings.stale_after_days,
        now,
        gate: gate.clone(),
        uploads: uploads.clone(),
        shelf: site.shelf().clone(),
        books: Books::new(site.shelf().clone()),
        build: build_id().into(),
    };
    show_what_is_registered(&state).await?;
    let metrics = service.metrics.then(Metrics::new);
    let connections = Connections::default();
    let watched = metrics.clone().map(|metrics| Watched {
        metrics,
        connections: connections.clone(),
        heavy,
        site: Some(site.counts().clone()),
    });
    let probe_state = state.clone();
    let mut routes = routes(Arc::new(move || probe_state.data_status()), watched);
    for route in routes.iter_mut().filter(|route| route.is_upload) {
        route.body_bytes.get_or_insert(settings.upload.limit_bytes.saturating_add(UPLOAD_FORM_BYTES));
        route.time_limit = Some(settings.upload.timeout);
    }
    let limits = RequestLimits {
        body_bytes: service.body_limit_bytes,
        body_timeout: service.body_timeout,
        idle_timeout: service.idle_timeout,
        request_timeout: service.request_timeout,
    };
    let app = app(routes, &state, limits, &gate, metrics).layer(from_fn(page::problem_as_page));
    let limits = Limits {
        max_connections: service.max_connections,
        header_timeout: service.header_timeout,
        write_timeout: service.write_timeout,
        drain_timeout: service.drain_timeout,
    };
    let noting = tokio::spawn(note_use_from_time_to_time(gate.clone(), state.store.clone(), uploads, now));
    let following = tokio::spawn(follow_index(site.shelf().clone()));
    let served = match public_listener {
        None => server::serve(listener, App::Both(app, site), &limits, &connections, shutdown).await,
        Some(public) => serve_apart(listener, app, public, site, &limits, &connections, shutdown).await,
    };
    following.abort();
    noting.abort();
    #[cfg(feature = "oidc")]
    if let Some(informed) = informed {
        informed.abort();
    }
    note_use(gate, state.store, SignedDuration::ZERO).await;
    served
}

/// Two listeners that stop together; the public one has connections and limits of its own.
async fn serve_apart(
    listener: TcpListener,
    app: axum::Router,
    public: TcpListener,
    site: Site,
    limits: &Limits,
    connections: &Connections,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let until_stopped = async {
        // An error means the service is over too.
        let _ = stopped.await;
    };
    let shutdown = async {
        shutdown.await;
        let _ = stop.send(());
    };
    let of_public = Connections::default();
    let (served, public) = tokio::join!(
        server::serve(listener, app, limits, connections, shutdown),
        server::serve(public, App::Site(site), limits, &of_public, until_stopped),
    );
    served.and(public)
}

/// The registry is what counts: an index that could not be written when something was withdrawn is written now.
async fn show_what_is_registered(state: &State) -> std::io::Result<()> {
    let state = state.clone();
    let shown = tokio::task::spawn_blocking(move || match state.store.releases() {
        Ok(entries) if entries.iter().all(|entry| entry.published.is_none()) => Ok(()),
        Ok(_) => releases::show(&state).map_err(|problem| std::io::Error::other(format!("{problem:?}"))),
        Err(error) => Err(std::io::Error::other(error)),
    });
    shown.await.map_err(std::io::Error::other)?
}

/// What is published when the service starts. A folder that cannot be used stops the start, for a service that served
/// nothing instead would look like one with nothing to show; a single release that does not fit is left out and named.
async fn open_site(folder: std::path::PathBuf) -> std::io::Result<Site> {
    let opened = tokio::task::spawn_blocking(move || {
        Shelf::open(&folder).map_err(|fault| std::io::Error::other(format!("{}: {fault}", folder.display())))
    });
    let (shelf, refusals) = opened.await.map_err(std::io::Error::other)??;
    tell(Ok(refusals));
    Ok(Site::new(shelf))
}

/// Looks every two seconds whether something was published or withdrawn, by whichever program.
async fn follow_index(shelf: Shelf) {
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let shelf = shelf.clone();
        match tokio::task::spawn_blocking(move || shelf.reload_if_changed()).await {
            Ok(None) => {}
            Ok(Some(outcome)) => tell(outcome),
            Err(error) => tracing::error!("reading the published releases: {error}"),
        }
    }
}

fn tell(outcome: Result<Vec<Refusal>, IndexFault>) {
    match outcome {
        Ok(refusals) => refusals.iter().for_each(|refusal| tracing::error!("{refusal}")),
        Err(fault) => tracing::error!("what was published before is still served: {fault}"),
    }
}

/// The whole table of routes: what there is, and who may ask for it.
pub fn routes(probe: Probe, watched: Option<Watched>) -> Vec<Route<State>> {
    let mut routes = api::routes();
    routes.extend(feeds::routes());
    routes.extend(page::routes());
    routes.extend(records::routes());
    routes.extend(imports::routes());
    routes.extend(releases::routes());
    routes.extend(health::routes(probe, watched));
    records::with_document(routes)
}

/// Once a minute at most, and for each key and login at most once an hour: what requests only note in memory.
async fn note_use_from_time_to_time(gate: Gate, store: Store, uploads: Uploads, now: fn() -> Timestamp) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        uploads.remove_old(now());
        note_use(gate.clone(), store.clone(), SignedDuration::from_hours(1)).await;
    }
}

async fn note_use(gate: Gate, store: Store, older_than: SignedDuration) {
    match tokio::task::spawn_blocking(move || gate.note_use(&store, older_than)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!("when keys were last used could not be noted: {error}"),
        Err(error) => tracing::error!("noting when keys were last used: {error}"),
    }
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
