//! A data file and a service for one test, and a client that does not follow redirects.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use lagesbild::domain::{Actor, Plane, Vocabulary};
use lagesbild::geodata::default_place;
use lagesbild::http::service;
use lagesbild::settings::{Sources, resolve};
use lagesbild::spatial::DataClass;
use lagesbild::store::{DataFile, NewFile, Store};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Monday morning of week 48 in Nässjö, whatever the clock says.
fn now() -> Timestamp {
    "2026-11-23T07:00:00Z".parse().expect("an instant")
}

/// A data file with the places of Nässjö and no records.
pub(crate) fn new_file(path: &Path) {
    let place = default_place();
    let new = NewFile {
        plane: Plane::from_epsg(3006).expect("known"),
        time_zone: "Europe/Stockholm".to_string(),
        controller: "municipality".to_string(),
        legal_basis: None,
        data_class: DataClass::Real,
        areas: place.areas,
        places: place.places,
        vocabulary: Vocabulary::seed(),
        promises: Vec::new(),
    };
    drop(DataFile::create(path, &new, &Actor::local("test")).expect("made"));
}

/// Runs a command of the program; gives what it wrote.
pub(crate) fn command(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lagesbild")).args(arguments).output().expect("runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {told}");
    String::from_utf8(output.stdout).expect("text")
}

/// A data file of generated records until the Sunday before week 48.
pub(crate) fn demo_file(path: &Path) {
    command(&["demo", path.to_str().expect("text"), "--today", "2026-11-22"]);
}

pub(crate) struct Server {
    address: SocketAddr,
    pub(crate) path: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _folder: TempDir,
}

impl Server {
    /// On a file without records.
    pub(crate) fn empty() -> Self {
        Self::on(new_file)
    }

    /// On a file that `make` makes.
    pub(crate) fn on(make: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.gpkg");
        make(&path);
        let store = Store::open(&path).expect("opens");
        let nowhere = Sources { folder: PathBuf::from("/nowhere"), ..Sources::default() };
        let settings = resolve(&nowhere).expect("defaults").settings;
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("runtime").block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                tell.send(listener.local_addr().expect("bound")).expect("the test waits");
                let shutdown = async {
                    // An error means the test is over: stop as well.
                    let _ = stopped.await;
                };
                service::run(listener, &settings, store, now, shutdown).await.expect("serves");
            });
        });
        let address = told.recv_timeout(Duration::from_secs(60)).expect("the service starts");
        Self { address, path, stop: Some(stop), thread: Some(thread), _folder: folder }
    }

    fn agent() -> ureq::Agent {
        ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks as a browser does.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.get_with(path, "accept", "text/html")
    }

    pub(crate) fn get_with(&self, path: &str, name: &str, value: &str) -> Reply {
        Reply::of(Self::agent().get(self.url(path)).header(name, value).call().expect("an answer"))
    }

    /// The text of a page that must be there.
    pub(crate) fn page(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text()
    }

    /// Sends a form as a browser of this machine does.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let origin = format!("http://{}", self.address);
        let request = Self::agent().post(self.url(path)).header("origin", &origin).header("accept", "text/html");
        Reply::of(request.send_form(fields.iter().copied()).expect("an answer"))
    }

    /// Makes a record that must be taken.
    pub(crate) fn record(&self, collection: &str, id: &str, properties: &Value) {
        let feature = json!({"type": "Feature", "id": id, "geometry": null, "properties": properties});
        let url = self.url(&format!("/api/collections/{collection}/items"));
        let request = Self::agent().post(url).header("content-type", "application/geo+json");
        let reply = Reply::of(request.send(feature.to_string()).expect("an answer"));
        assert_eq!(reply.status, 201, "{collection} {id}: {}", reply.text());
    }

    /// The properties of a record.
    pub(crate) fn properties(&self, collection: &str, id: &str) -> Value {
        let text = self.page(&format!("/api/collections/{collection}/items/{id}"));
        serde_json::from_str::<Value>(&text).expect("JSON")["properties"].clone()
    }

    /// How many records a collection has.
    pub(crate) fn count(&self, collection: &str) -> usize {
        let text = self.page(&format!("/api/collections/{collection}/items?limit=1000"));
        serde_json::from_str::<Value>(&text).expect("JSON")["features"].as_array().map_or(0, Vec::len)
    }

    /// Opens a form, fills it in and sends it with its key.
    pub(crate) fn fill(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let key = key_of(&self.page(path));
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("key", key.as_str())]).collect();
        self.post(path, &fields)
    }
}

/// The key that a form carries.
pub(crate) fn key_of(page: &str) -> String {
    let from = page.find("name=\"key\" value=\"").expect("a key") + 18;
    page[from..].split('"').next().expect("quoted").to_string()
}

impl Drop for Server {
    fn drop(&mut self) {
        // The service may have ended by itself; then there is nobody to tell.
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn of(mut response: ureq::http::Response<ureq::Body>) -> Self {
        let body = response.body_mut().read_to_vec().expect("a body");
        let headers = response.headers().iter();
        let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().expect("text").to_string())).collect();
        Self { status: response.status().as_u16(), headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What a reader sees of a page: its `main` without tags, spaces and line breaks as one space.
pub(crate) fn words(page: &str) -> String {
    let main = page.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or(page);
    let mut out = String::new();
    let mut in_tag = true; // the rest of the opening tag
    for c in main.chars() {
        match c {
            '<' => {
                in_tag = true;
                out.push(' ');
            }
            '>' if in_tag => in_tag = false,
            c if !in_tag => out.push(c),
            _ => {}
        }
    }
    let plain = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
