//! Records over HTTP, through a real service on a free port and a small data file.

mod batches;
mod clients;
mod forms;
mod history;
mod overlaps;
mod paging;
mod releases;
mod retries;
mod round_trips;
#[path = "../support/skip.rs"]
mod skip;
mod strictness;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use lagesbild::domain::{Actor, Area, AreaType, Certainty, Id, LonLat, Names, Place, Plane, Vocabulary};
use lagesbild::settings::{Sources, resolve};
use lagesbild::spatial::DataClass;
use lagesbild::store::{DataFile, NewFile, Store};
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// Longer than anything here should take, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
pub(crate) const OBSERVATIONS: &str = "/api/collections/observations/items";

fn square(id: &str, lon: f64, lat: f64) -> Area {
    Area {
        id: Id::new(id).expect("id"),
        names: Names { sv: format!("Området {id}"), en: format!("Area {id}") },
        set: "squares".to_string(),
        area_type: AreaType::Residential,
        residents: Some(2000),
        valid_from: None,
        valid_to: None,
        source: "drawn for this test".to_string(),
        certainty: Certainty::Official,
        how_drawn: String::new(),
        outline: geo::MultiPolygon(vec![geo::Rect::new((lon, lat), (lon + 0.01, lat + 0.01)).to_polygon()]),
    }
}

/// A running service on a data file with two areas, one place and no records; it stops when dropped.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Service {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("d.gpkg");
        let new = NewFile {
            plane: Plane::from_epsg(Plane::DEFAULT_EPSG).expect("known"),
            time_zone: "Europe/Stockholm".to_string(),
            controller: "municipality".to_string(),
            legal_basis: None,
            data_class: DataClass::Real,
            areas: vec![square("west", 14.60, 57.70), square("east", 14.61, 57.70)],
            places: vec![Place {
                id: Id::new("rc").expect("id"),
                name: "Resecentrum".to_string(),
                aliases: vec!["stationen".to_string()],
                at: Some(LonLat::new(14.605, 57.705).expect("valid")),
                precision_m: Some(80.0),
                area: None,
                source: "drawn for this test".to_string(),
            }],
            vocabulary: Vocabulary::seed(),
            promises: Vec::new(),
        };
        drop(DataFile::create(&path, &new, &Actor::local("tester")).expect("made"));
        let store = Store::open(&path).expect("opens");
        let nowhere = Sources { folder: PathBuf::from("/nowhere"), ..Sources::default() };
        let settings = resolve(&nowhere).expect("defaults").settings;
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let served = store.clone();
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
                let now = || "2025-04-01T10:00:00Z".parse::<Timestamp>().expect("a time");
                lagesbild::http::service::run(listener, &settings, served, now, shutdown).await.expect("serves");
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        let address = told.recv_timeout(PATIENCE).expect("the service starts");
        Self { address, store, stop: Some(stop), thread: Some(thread), _folder: folder }
    }

    /// Sends a request with header lines and a body.
    pub(crate) fn send(&self, method: &str, path: &str, lines: &[&str], body: &[u8]) -> Reply {
        send(self.address, method, path, lines, body)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    /// The JSON of a path that must answer 200.
    pub(crate) fn json(&self, path: &str) -> Value {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    /// Sends JSON as GeoJSON.
    pub(crate) fn change(&self, method: &str, path: &str, lines: &[&str], body: &Value) -> Reply {
        let lines: Vec<&str> = lines.iter().copied().chain(["Content-Type: application/geo+json"]).collect();
        self.send(method, path, &lines, body.to_string().as_bytes())
    }

    /// Posts a record that must be taken; gives its tag.
    pub(crate) fn made(&self, path: &str, feature: &Value) -> String {
        let reply = self.change("POST", path, &[], feature);
        assert_eq!(reply.status, 201, "{path}: {}", reply.text());
        reply.header("etag").expect("a tag").to_string()
    }
}

pub(crate) fn send(address: SocketAddr, method: &str, path: &str, lines: &[&str], body: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    let more: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}{length}\r\n");
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(body).expect("sent");
    Reply::read(&mut stream)
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the service panicked");
        }
    }
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the service answers and closes");
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a header");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("ASCII");
        let status = head.split(' ').nth(1).expect("status").parse().expect("number");
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        pairs.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON: {}", self.text()))
    }

    /// The pointers of the members a problem names.
    pub(crate) fn pointers(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["pointer"].as_str().expect("text").to_string()).collect()
    }
}

/// An observation on a day of March 2025 in the western square.
pub(crate) fn observation(id: &str, day: u8) -> Value {
    json!({"type": "Feature", "id": id, "geometry": {"type": "Point", "coordinates": [14.601, 57.701]},
        "properties": {"category": "lighting", "start": format!("2025-03-{day:02}T12:00")}})
}
