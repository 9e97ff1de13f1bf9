//! A server for one test, its routes, and a client that says exactly what it is told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use lagesbild::domain::Role;
use lagesbild::http::access;
use lagesbild::http::etag::{self, AnswerKey};
use lagesbild::http::health::{self, DataStatus, Watched};
use lagesbild::http::heavy::Heavy;
use lagesbild::http::metrics::Metrics;
use lagesbild::http::problem::Problem;
use lagesbild::http::public::Site;
use lagesbild::http::route::{Access, Call, Param, RequestLimits, Route};
use lagesbild::http::server::{App, Connections, Limits};
use tokio::sync::oneshot;

/// Longer than anything here should take, also on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const BIG_BYTES: usize = 64 << 20;

#[derive(Clone)]
pub(crate) struct State {
    pub(crate) computed: Arc<AtomicUsize>,
    pub(crate) begun: Arc<AtomicUsize>,
    pub(crate) heavy: Heavy,
    pub(crate) gate: Arc<Gate>,
}

/// Holds heavy work until the test opens it.
#[derive(Default)]
pub(crate) struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    pub(crate) fn open(&self) {
        *self.open.lock().expect("not poisoned") = true;
        self.opened.notify_all();
    }

    fn wait(&self) {
        let open = self.open.lock().expect("not poisoned");
        let _ = self.opened.wait_timeout_while(open, PATIENCE, |open| !*open).expect("not poisoned");
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) state: State,
    pub(crate) connections: Connections,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) fn limits() -> Limits {
    Limits {
        max_connections: 50,
        header_timeout: Duration::from_secs(5),
        write_timeout: Duration::from_secs(5),
        drain_timeout: Duration::from_secs(10),
    }
}

pub(crate) fn request_limits() -> RequestLimits {
    RequestLimits {
        body_bytes: 1000,
        body_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(2),
        request_timeout: Duration::from_secs(10),
    }
}

pub(crate) fn start() -> Server {
    start_with(limits(), request_limits())
}

pub(crate) fn start_with(limits: Limits, requests: RequestLimits) -> Server {
    let state =
        State { computed: Arc::default(), begun: Arc::default(), heavy: Heavy::new(1, 1), gate: Arc::default() };
    let connections = Connections::default();
    let metrics = Metrics::new();
    let watched =
        Watched { metrics: metrics.clone(), connections: connections.clone(), heavy: state.heavy.clone(), site: None };
    let status = || DataStatus { revision: 17, records: 300, data_age_days: Some(2), ..DataStatus::default() };
    let mut routes = routes();
    routes.extend(health::routes(Arc::new(status), Some(watched)));
    let app = lagesbild::http::app(routes, &state, requests, &access::Gate::local(), Some(metrics));
    serve(App::from(app), limits, state, connections)
}

/// Starts a service with what is public before it, or what is public alone.
pub(crate) fn start_public(site: Site, is_alone: bool) -> Server {
    let state =
        State { computed: Arc::default(), begun: Arc::default(), heavy: Heavy::new(1, 1), gate: Arc::default() };
    let router = lagesbild::http::app(routes(), &state, request_limits(), &access::Gate::local(), None);
    let app = if is_alone { App::Site(site) } else { App::Both(router, site) };
    serve(app, limits(), state, Connections::default())
}

fn serve(app: App, limits: Limits, state: State, connections: Connections) -> Server {
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel();
    let counted = connections.clone();
    let thread = std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            tell.send(listener.local_addr().expect("bound")).expect("the test waits");
            let shutdown = async {
                // An error means the test is over: stop as well.
                let _ = stopped.await;
            };
            lagesbild::http::server::serve(listener, app, &limits, &counted, shutdown).await.expect("serves");
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
    });
    let address = told.recv_timeout(PATIENCE).expect("the server starts");
    Server { address, state, connections, stop: Some(stop), thread: Some(thread) }
}

impl Server {
    /// Tells the server to stop.
    pub(crate) fn tell_stop(&mut self) {
        self.stop.take().expect("told once").send(()).expect("the server listens for it");
    }

    /// Waits until `serve` has returned, at most `PATIENCE`.
    pub(crate) fn join(&mut self) {
        until("the server ends", || self.thread.as_ref().is_some_and(JoinHandle::is_finished));
        self.thread.take().expect("joined once").join().expect("the server did not panic");
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream.set_write_timeout(Some(PATIENCE)).expect("set");
        stream
    }

    /// Sends a request with these lines after `Host` and reads the answer to its end.
    pub(crate) fn ask(&self, request_line: &str, lines: &[&str]) -> Reply {
        self.ask_with_body(request_line, lines, b"")
    }

    pub(crate) fn ask_with_body(&self, request_line: &str, lines: &[&str], body: &[u8]) -> Reply {
        let mut all = vec!["Host: localhost", "Connection: close"];
        all.extend(lines);
        self.exchange(&head(request_line, &all), body)
    }

    /// Sends these bytes and reads to the end.
    pub(crate) fn exchange(&self, head: &str, body: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).expect("sent");
        stream.write_all(body).expect("sent");
        Reply::read(&mut stream)
    }
}

pub(crate) fn head(request_line: &str, lines: &[&str]) -> String {
    format!("{request_line} HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n"))
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the server answers and closes");
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a header");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("ASCII");
        let status = head.split(' ').nth(1).expect("status").parse().expect("number");
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    /// The one value of a header; panics when it is there twice.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .filter_map(|(n, value)| n.eq_ignore_ascii_case(name).then_some(value));
        let first = found.next();
        assert!(found.next().is_none(), "{name} is there twice:\n{}", self.head);
        first
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

pub(crate) fn until(what: &str, condition: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "waited too long until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn routes() -> Vec<Route<State>> {
    let area = Param::query("area", "Areas", "ids of areas");
    let category = Param::query("category", "Categories", "codes of categories");
    let ms = Param::query("ms", "How long", "milliseconds");
    let id = Param::path("id", "Id of a thing", "an id");
    vec![
        Route::get("/pairs", Access::Public, "Says the pairs back", [area, category], async |call: Call<State>| {
            let pairs: Vec<(String, String)> = call.pairs.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
            Ok(axum::Json(pairs).into_response())
        }),
        Route::get("/things/{id}", Access::Public, "Says the id back", [id], async |call: Call<State>| {
            Ok(call.path_value("id").to_string().into_response())
        }),
        Route::get("/tagged", Access::Public, "A computed answer", [area], async |call: Call<State>| {
            let request = format!("/tagged?{}", call.pairs.to_query());
            let key = AnswerKey {
                revision: 17,
                request: &request,
                media_type: "text/plain; charset=utf-8",
                language: "sv",
                roles: &[Role::Reader],
                today: None,
                code: "1",
            };
            let computed = Arc::clone(&call.state.computed);
            etag::answer(&call.headers, &key, async move || {
                computed.fetch_add(1, Ordering::SeqCst);
                Ok(b"lagesbild ".repeat(10_000))
            })
            .await
        }),
        Route::get("/panic", Access::Public, "Panics", [], async |_| panic!("secret of the inside")),
        Route::get("/heavy-panic", Access::Public, "Panics on its own thread", [], async |call: Call<State>| {
            call.state.heavy.run(|| -> Response { panic!("secret of the inside") }).await
        }),
        Route::get("/internal", Access::Public, "Fails", [], async |_| {
            Err(Problem::Internal("secret of the inside".to_string()))
        }),
        Route::get("/slow", Access::Public, "Takes its time", [ms], async |call: Call<State>| {
            let ms = call.pairs.one("ms")?.and_then(|ms| ms.parse().ok()).unwrap_or(0);
            call.state.begun.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(ms)).await;
            Ok("done".into_response())
        }),
        Route::get("/big", Access::Public, "Many bytes", [], async |_| Ok(vec![7_u8; BIG_BYTES].into_response())),
        Route::get("/heavy", Access::Public, "Waits for the gate", [], async |call: Call<State>| {
            let (begun, gate) = (Arc::clone(&call.state.begun), Arc::clone(&call.state.gate));
            let work = move || {
                begun.fetch_add(1, Ordering::SeqCst);
                gate.wait();
            };
            call.state.heavy.run(work).await.map(|()| "done".into_response())
        }),
        Route::new(
            Method::POST,
            "/body",
            Access::Role(Role::Editor),
            "Says the length back",
            [],
            async |call: Call<State>| Ok(call.body.len().to_string().into_response()),
        ),
    ]
}
