//! The interface for programs, through a real service on a free port and a small data file.

mod areas;
mod changes;
mod layers;
mod protocol;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use lagesbild::domain::{
    Actor, Area, AreaType, Certainty, Id, Location, LonLat, Names, Observation, Plane, Shape, Vocabulary, When,
};
use lagesbild::settings::{Sources, resolve};
use lagesbild::spatial::DataClass;
use lagesbild::store::{Change, DataFile, NewFile, Store};
use serde_json::Value;
use tokio::sync::oneshot;

/// Longer than anything here should take, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A square of 0.01 degrees by its south-western corner.
fn square(id: &str, lon: f64, lat: f64) -> Area {
    Area {
        id: Id::new(id).expect("id"),
        names: Names { sv: id.to_string(), en: id.to_string() },
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

/// An observation on a day of March 2025, in category `buller`.
pub(crate) fn observation(id: &str, at: Option<(f64, f64)>, day: i8) -> Observation {
    let zone = jiff::tz::TimeZone::get("Europe/Stockholm").expect("bundled");
    let noon = jiff::civil::date(2025, 3, day).at(12, 0, 0, 0).to_zoned(zone).expect("exists");
    Observation {
        id: Id::new(id).expect("id"),
        category: "buller".to_string(),
        feeling: None,
        when: When::instant(noon.timestamp().as_second()),
        location: Location {
            shape: at.map(|(lon, lat)| Shape::Point(LonLat::new(lon, lat).expect("valid"))),
            ..Location::default()
        },
        source: None,
        severity: None,
        inventory: None,
        photo: None,
        reporter_key: None,
        text: None,
        kept: Vec::new(),
    }
}

/// Three in the west, one in the east, one on their common border, one far away, one without position.
pub(crate) fn seven() -> Vec<Observation> {
    [
        Some((14.601, 57.701)),
        Some((14.602, 57.702)),
        Some((14.603, 57.703)),
        Some((14.615, 57.705)),
        Some((14.61, 57.705)),
        Some((14.9, 57.9)),
        None,
    ]
    .into_iter()
    .zip(1_i8..)
    .map(|(at, n)| observation(&format!("o{n}"), at, n))
    .collect()
}

pub(crate) fn change(observations: Vec<Observation>) -> Change {
    Change { what: "test".to_string(), observations, ..Change::default() }
}

pub(crate) fn actor() -> Actor {
    Actor::local("tester")
}

/// Makes a data file with two squares side by side and no records.
pub(crate) fn data_file(folder: &Path) -> PathBuf {
    let path = folder.join("d.gpkg");
    let new = NewFile {
        plane: Plane::from_epsg(Plane::DEFAULT_EPSG).expect("known"),
        time_zone: "Europe/Stockholm".to_string(),
        controller: "municipality".to_string(),
        legal_basis: None,
        data_class: DataClass::Real,
        areas: vec![square("west", 14.60, 57.70), square("east", 14.61, 57.70)],
        places: Vec::new(),
        vocabulary: Vocabulary::seed(),
        promises: Vec::new(),
    };
    DataFile::create(&path, &new, &actor()).expect("made");
    path
}

/// A running service; it stops when dropped.
pub(crate) struct Service {
    address: SocketAddr,
    /// The store it serves.
    pub(crate) store: Store,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Taken away after the service has stopped.
    folder: Option<tempfile::TempDir>,
}

impl Service {
    /// Serves the seven records.
    pub(crate) fn of_seven() -> Self {
        Self::of(seven())
    }

    /// Serves these records.
    pub(crate) fn of(records: Vec<Observation>) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = data_file(folder.path());
        DataFile::open(&path).and_then(|mut file| file.commit(&actor(), &change(records))).expect("committed");
        let mut service = Self::open(&path);
        service.folder = Some(folder);
        service
    }

    /// Serves a file.
    pub(crate) fn open(path: &Path) -> Self {
        let store = Store::open(path).expect("opens");
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
        Self { address, store, stop: Some(stop), thread: Some(thread), folder: None }
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[])
    }

    pub(crate) fn ask(&self, method: &str, path: &str, lines: &[&str]) -> Reply {
        let mut stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        let more: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        Reply::read(&mut stream)
    }

    /// The JSON of a path that must answer 200.
    pub(crate) fn json(&self, path: &str) -> Value {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
        reply.json()
    }

    /// The problem of a path that must answer with this status.
    pub(crate) fn problem(&self, path: &str, status: u16) -> Value {
        let reply = self.get(path);
        assert_eq!(reply.status, status, "{path}: {}", String::from_utf8_lossy(&reply.body));
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        let problem = reply.json();
        assert_eq!(problem["status"], status);
        problem
    }
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
        drop(self.folder.take());
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

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}
