//! The accept loop: deadlines for header and writing, a limit on connections, a graceful stop.
//!
//! Written here because `axum::serve` cannot set a header timeout, and no layer above the connection sees a client
//! that stops reading its answer.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::public::{self, Places, Site, Visit};

/// What answers the requests of a listener.
#[derive(Clone, Debug)]
pub enum App {
    /// The service, without anything public.
    Service(Router),
    /// The service, and before it the public site, which passes no layer of the router.
    Both(Router, Site),
    /// The public site and nothing else: it has no way to the rest.
    Site(Site),
}

impl App {
    async fn respond(self, request: Request<Incoming>, visit: Visit) -> Result<Response, Infallible> {
        let is_public = public::is_public(request.uri().path());
        match self {
            // Nobody but the public asks here: there is nobody to keep places for.
            Self::Site(site) => Ok(site.answer(request.method(), request.uri(), request.headers())),
            Self::Both(_, site) if is_public => Ok(visit.answer(&site, &request)),
            Self::Both(router, _) | Self::Service(router) => {
                visit.leave();
                router.oneshot(request).await
            }
        }
    }
}

impl From<Router> for App {
    fn from(router: Router) -> Self {
        Self::Service(router)
    }
}

/// Who is at the other end of the connection of a request; in the extensions of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// What connections may take. Requests have limits of their own, see [`super::route::RequestLimits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at a time, at least 1. Further ones are not accepted: they wait in the backlog of the
    /// operating system and are served when a place is free, which the header timeout makes sure of. Where public
    /// requests come in on the same listener, three quarters of them at most may be answering those.
    pub max_connections: usize,
    /// From connecting, or from the end of the answer before, until a header is complete. A connection kept alive
    /// without a request is closed after this time.
    pub header_timeout: Duration,
    /// Longest time in which a client takes nothing of its answer.
    pub write_timeout: Duration,
    /// For requests that run when the service is told to stop; after it they are cut.
    pub drain_timeout: Duration,
}

/// Bytes of the largest request header; larger ones get 431.
const HEADER_LIMIT_BYTES: usize = 16 * 1024;
/// Most header lines of a request; more get 431.
const HEADER_LINES: usize = 100;
/// Accepting fails when the process has no free file descriptor. Trying again at once would only burn a core.
const PAUSE_AFTER_ACCEPT_ERROR: Duration = Duration::from_millis(200);

/// How many connections are open; clones share the count.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<AtomicUsize>);

impl Connections {
    /// Open at this moment.
    pub fn open(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn enter(&self) -> Open {
        self.0.fetch_add(1, Ordering::Relaxed);
        Open(Arc::clone(&self.0))
    }
}

struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Serves `app` until `shutdown` is ready, then stops accepting, lets running requests end within the drain
/// limit and closes the rest. Errors of single connections are logged, not returned.
pub async fn serve(
    listener: TcpListener,
    app: impl Into<App>,
    limits: &Limits,
    connections: &Connections,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let app = app.into();
    let places = Arc::new(Semaphore::new(limits.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
    let public_places = Places::of(limits.max_connections);
    let (stop, stopped) = watch::channel(());
    let mut tasks = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
            Ok((place, accept(&listener).await))
        };
        let (place, (stream, peer)) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            next = next => next.map_err(|error: io::Error| error)?,
        };
        let (app, limits, stopped, open) = (app.clone(), *limits, stopped.clone(), connections.enter());
        let visit = public_places.visit();
        tasks.spawn(async move {
            converse(stream, peer, app, visit, limits, stopped).await;
            drop((place, open));
        });
        while tasks.try_join_next().is_some() {}
    }
    drop(listener);
    // Every conversation holds a receiver, so this reaches those that are running.
    let _ = stop.send(());
    drain(tasks, limits.drain_timeout).await;
    Ok(())
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client was gone before we came to it: its affair.
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!("accepting a connection: {error}; pausing");
                tokio::time::sleep(PAUSE_AFTER_ACCEPT_ERROR).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// One connection from its first byte to its end.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    app: App,
    visit: Visit,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) {
    // Small answers must not wait for more bytes; a failure here costs only that.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_timeout));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        app.clone().respond(request, visit.clone())
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(HEADER_LIMIT_BYTES)
        .max_headers(HEADER_LINES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("connection ended early: {error}");
    }
}

async fn drain(mut tasks: JoinSet<()>, limit: Duration) {
    let all = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(limit, all).await.is_err() {
        tracing::warn!(connections = tasks.len(), "requests still running after the drain limit were cut");
        tasks.shutdown().await;
    }
}
