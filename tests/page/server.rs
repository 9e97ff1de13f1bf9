//! A data file and a server for one test, and a client that does not follow redirects.

use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lagesbild::domain::{Activity, Actor, Id, Location, LonLat, Observation, Plane, Shape, Vocabulary, When};
use lagesbild::geodata::default_place;
use lagesbild::http::service;
use lagesbild::settings::{Sources, resolve};
use lagesbild::spatial::DataClass;
use lagesbild::store::{Change, DataFile, NewFile, Store};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Noon in Nässjö on 2026-06-30, whatever the clock says.
fn now() -> Timestamp {
    "2026-06-30T10:00:00Z".parse().expect("an instant")
}

pub(crate) struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _folder: TempDir,
}

/// The travel centre is at about (14.694, 57.652), Runneryd at about (14.70, 57.665).
pub(crate) const TRAVEL_CENTRE: (f64, f64) = (14.6945, 57.6518);
/// Far from every place of the promise, inside the municipality.
pub(crate) const ELSEWHERE: (f64, f64) = (14.95, 57.70);

pub(crate) fn observation(number: usize, at: Option<(f64, f64)>, day: &str) -> Observation {
    let zone = TimeZone::get("Europe/Stockholm").expect("bundled");
    Observation {
        id: Id::new(&format!("o{number}")).expect("id"),
        category: if number.is_multiple_of(2) { "lighting" } else { "disorder" }.to_string(),
        feeling: None,
        when: When::whole_day(day.parse().expect("a date"), &zone),
        location: Location {
            shape: at.map(|(lon, lat)| Shape::Point(LonLat::new(lon, lat).expect("position"))),
            precision_m: at.map(|_| 10.0),
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

/// `n` observations of this year: of every ten, six at the travel centre, two elsewhere, two without position. One
/// more a day of two years ago, so that both periods of the default comparison are covered.
pub(crate) fn observations(n: usize) -> Vec<Observation> {
    let mut list: Vec<Observation> = (0..n)
        .map(|i| {
            let at = match i % 10 {
                0..6 => Some(TRAVEL_CENTRE),
                6..8 => Some(ELSEWHERE),
                _ => None,
            };
            observation(i, at, &format!("2026-{:02}-{:02}", 1 + i % 6, 1 + i % 28))
        })
        .collect();
    if n > 0 {
        list.push(observation(100_000, Some(ELSEWHERE), "2024-01-15"));
    }
    list
}

impl Server {
    pub(crate) fn with(observations: Vec<Observation>) -> Self {
        Self::start(DataClass::Real, observations, Vec::new())
    }

    pub(crate) fn start(data_class: DataClass, observations: Vec<Observation>, activities: Vec<Activity>) -> Self {
        Self::start_with(data_class, observations, activities, |_| ())
    }

    /// With what `prepare` does to the data file before the service opens it.
    pub(crate) fn start_with(
        data_class: DataClass,
        observations: Vec<Observation>,
        activities: Vec<Activity>,
        prepare: impl FnOnce(&mut DataFile),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.gpkg");
        let place = default_place();
        let new = NewFile {
            plane: Plane::from_epsg(3006).expect("known"),
            time_zone: "Europe/Stockholm".to_string(),
            controller: "municipality".to_string(),
            legal_basis: None,
            data_class,
            areas: place.areas,
            places: place.places,
            vocabulary: Vocabulary::seed(),
            promises: Vec::new(),
        };
        let actor = Actor::local("test");
        let mut file = DataFile::create(&path, &new, &actor).expect("made");
        let change = Change { observations, activities, ..Change::default() };
        file.commit(&actor, &change).expect("kept");
        prepare(&mut file);
        drop(file);
        let store = Store::open(&path).expect("opens");
        let settings = resolve(&Sources::default()).expect("defaults").settings;
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
        let address = told.recv_timeout(Duration::from_secs(30)).expect("the server starts");
        Self { address, stop: Some(stop), thread: Some(thread), _folder: folder }
    }

    /// Asks as a browser does and does not follow redirects.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
        let mut request = agent.get(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::read(request.call().expect("an answer"))
    }

    /// Sends a form as a page of the service does.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let agent: ureq::Agent =
            ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
        let request = agent.post(format!("http://{}{path}", self.address));
        let request = request.header("origin", format!("http://{}", self.address)).header("accept", "text/html");
        Self::read(request.send_form(fields.iter().copied()).expect("an answer"))
    }

    fn read(mut response: ureq::http::Response<ureq::Body>) -> Reply {
        let text = response.body_mut().read_to_string().expect("text");
        let headers = response.headers().iter();
        let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().expect("text").to_string())).collect();
        Reply { status: response.status().as_u16(), headers, text }
    }

    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        serde_json::from_str(&reply.text).expect("JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may have ended by itself; then there is nobody to tell.
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
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The text a reader sees: without tags, character references of maud turned back.
    pub(crate) fn words(&self) -> String {
        plain(&self.text)
    }

    /// The cells of every row in the body of the table, as words.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let body = between(&self.text, "<tbody", "</tbody>").expect("a table");
        body.split("<tr")
            .skip(1)
            .map(|row| {
                let starts = row.match_indices("<t").map(|(at, _)| at).filter(|at| !row[*at..].starts_with("<tr"));
                starts
                    .map(|at| {
                        let cell = &row[at..];
                        let open = cell.find('>').expect("closed") + 1;
                        let close = cell.find("</t").expect("ended");
                        plain(&cell[open..close])
                    })
                    .collect()
            })
            .collect()
    }

    /// The link whose text is this.
    pub(crate) fn link(&self, text: &str) -> String {
        let end = self.text.find(&format!(">{text}</a>")).unwrap_or_else(|| panic!("no link '{text}'"));
        let start = self.text[..end].rfind("href=\"").expect("a link") + 6;
        self.text[start..].split('"').next().expect("quoted").replace("&amp;", "&")
    }
}

pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let from = text.find(start)?;
    let to = from + text[from..].find(end)?;
    Some(&text[from..to])
}

/// What is left without tags.
pub(crate) fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => out.push(c),
            _ => {}
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&").trim().to_string()
}
