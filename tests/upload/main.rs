//! Files that people and programs send: through a real service on a free port, people in a data file.

mod hostile;
mod pages;
mod programs;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lagesbild::domain::{Actor, Area, AreaType, Certainty, Id, LonLat, Names, Place, Plane, Role, Vocabulary};
use lagesbild::http::access::csrf;
use lagesbild::settings::{Sources, resolve};
use lagesbild::spatial::DataClass;
use lagesbild::store::{DataFile, KeyScope, NewFile, NewKey, Store, Token};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tokio::sync::oneshot;

/// Longer than anything here should take, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

fn place(id: &str, name: &str, lon: f64, lat: f64) -> Place {
    Place {
        id: Id::new(id).expect("id"),
        name: name.to_string(),
        aliases: Vec::new(),
        at: Some(LonLat::new(lon, lat).expect("valid")),
        precision_m: Some(80.0),
        area: None,
        source: "drawn for this test".to_string(),
    }
}

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
        outline: geo::MultiPolygon(vec![geo::Rect::new((lon, lat), (lon + 0.05, lat + 0.05)).to_polygon()]),
    }
}

/// The one who is logged in.
pub(crate) struct Person {
    pub(crate) token: Token,
}

impl Person {
    fn cookie(&self) -> String {
        format!("Cookie: lagesbild={}", self.token.to_hex())
    }

    pub(crate) fn csrf(&self) -> String {
        csrf::of_session(&self.token)
    }
}

/// A running service with two editors and a reader; it stops when dropped.
pub(crate) struct Service {
    address: SocketAddr,
    pub(crate) store: Store,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) anna: Person,
    pub(crate) bo: Person,
    pub(crate) reader: Person,
    pub(crate) key: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(flags: &[(&str, &str)]) -> Self {
        Self::prepared(flags, |_| ())
    }

    /// `prepare` gets the folder of the data file before the service starts.
    pub(crate) fn prepared(flags: &[(&str, &str)], prepare: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        prepare(folder.path());
        let path = folder.path().join("d.gpkg");
        let new = NewFile {
            plane: Plane::from_epsg(Plane::DEFAULT_EPSG).expect("known"),
            time_zone: "Europe/Stockholm".to_string(),
            controller: "municipality".to_string(),
            legal_basis: None,
            data_class: DataClass::Real,
            areas: vec![square("west", 14.65, 57.63), square("east", 14.70, 57.63)],
            places: vec![
                place("resecentrum", "Resecentrum", 14.695, 57.652),
                place("stortorget", "Stortorget", 14.690, 57.655),
            ],
            vocabulary: Vocabulary::seed(),
            promises: Vec::new(),
        };
        let operator = Actor::local("operator");
        let mut file = DataFile::create(&path, &new, &operator).expect("made");
        let hours = SignedDuration::from_hours(12);
        for (name, role) in [("anna", Role::Editor), ("bo", Role::Editor), ("reader", Role::Reader)] {
            file.add_user(&operator, name, &[role], None, now()).expect("added");
        }
        let mut person = |name: &str| Person { token: file.begin_session(name, None, hours, now()).expect("begun") };
        let (anna, bo, reader) = (person("anna"), person("bo"), person("reader"));
        let new_key =
            NewKey { user: "anna".to_string(), label: String::new(), scope: KeyScope::Write, lifetime: hours };
        let key = file.add_key(&operator, &new_key, now()).expect("made");
        drop(file);
        let store = Store::open(&path).expect("opens");
        let flags = flags.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let sources = Sources { folder: PathBuf::from("/nowhere"), flags, ..Sources::default() };
        let settings = resolve(&sources).expect("settings").settings;
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
                lagesbild::http::service::run(listener, &settings, served, now, shutdown).await.expect("serves");
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        let address = told.recv_timeout(PATIENCE).expect("the service starts");
        Self { address, store, folder, anna, bo, reader, key, stop: Some(stop), thread: Some(thread) }
    }

    /// Files that wait on disk.
    pub(crate) fn waiting(&self) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(self.folder.path().join("d.gpkg.uploads"));
        folder.into_iter().flatten().map(|entry| entry.expect("readable").path()).collect()
    }

    pub(crate) fn send(&self, line: &str, lines: &[String], body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        let more: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n"
        );
        // The service may answer and close before it has read all of it.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        Reply::read(&mut stream)
    }

    pub(crate) fn get(&self, person: &Person, path: &str) -> Reply {
        self.send(&format!("GET {path}"), &[person.cookie(), "Accept: text/html".to_string()], b"")
    }

    pub(crate) fn page(&self, person: &Person, path: &str) -> String {
        let reply = self.get(person, path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text()
    }

    /// Sends a file as the form does.
    pub(crate) fn upload(&self, person: &Person, into: &str, name: &str, bytes: &[u8]) -> Reply {
        self.upload_with(person, &[("csrf", &person.csrf()), ("into", into)], name, bytes)
    }

    pub(crate) fn upload_with(&self, person: &Person, fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Reply {
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(
                format!("--cut\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend(bytes);
        body.extend(b"\r\n--cut--\r\n");
        let lines = [
            person.cookie(),
            "Origin: http://localhost".to_string(),
            "Accept: text/html".to_string(),
            "Content-Type: multipart/form-data; boundary=cut".to_string(),
        ];
        self.send("POST /import", &lines, &body)
    }

    /// Sends a file that is taken, and gives where its preview is.
    pub(crate) fn taken(&self, person: &Person, into: &str, name: &str, bytes: &[u8]) -> String {
        let reply = self.upload(person, into, name, bytes);
        assert_eq!(reply.status, 303, "{}", reply.text());
        reply.header("location").expect("a location").to_string()
    }

    pub(crate) fn post(&self, person: &Person, path: &str, pairs: &[(&str, &str)]) -> Reply {
        let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body = pairs.iter().map(|(name, value)| format!("{}={}", name, escape(value))).collect::<Vec<_>>();
        let lines = [
            person.cookie(),
            "Origin: http://localhost".to_string(),
            "Accept: text/html".to_string(),
            "Content-Type: application/x-www-form-urlencoded".to_string(),
        ];
        self.send(&format!("POST {path}"), &lines, body.join("&").as_bytes())
    }

    /// Presses a button on the page of a preview as it stands there, after writing these fields over.
    pub(crate) fn press(&self, person: &Person, path: &str, button: &str, over: &[(&str, &str)]) -> Reply {
        let page = self.get(person, path).text();
        let mut fields = fields_of(&page);
        for (name, value) in over {
            fields.retain(|(known, _)| known != name);
            if !value.is_empty() {
                fields.push((name.to_string(), value.to_string()));
            }
        }
        fields.push(("do".to_string(), button.to_string()));
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(person, path, &pairs)
    }
}

/// The fields of the one form of choices on a page, as a browser would send them.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form id=\"choices\"").nth(1).unwrap_or_else(|| panic!("no form: {page}"));
    let form = form.split("</form>").next().expect("a form");
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
        Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
    };
    let mut fields = Vec::new();
    let mut select: Option<String> = None;
    for tag in form.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()) {
        let value = || attribute(tag, "value").unwrap_or_default();
        if tag.starts_with("input") {
            let kind = attribute(tag, "type").unwrap_or_default();
            let is_sent = !matches!(kind.as_str(), "checkbox" | "radio") || tag.contains(" checked");
            if let (Some(name), true) = (attribute(tag, "name"), is_sent && !value().is_empty()) {
                fields.push((name, value()));
            }
        } else if tag.starts_with("select") {
            select = attribute(tag, "name");
        } else if tag.starts_with("option")
            && tag.contains(" selected")
            && let Some(name) = &select
        {
            fields.push((name.clone(), value()));
        }
    }
    fields
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
    body: Vec<u8>,
}

impl Reply {
    fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        // A service that closes before it has read all of the request resets the connection.
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a header");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("ASCII");
        let status = head.split(' ').nth(1).expect("status").parse().expect("number");
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        pairs.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON: {}", self.text()))
    }
}

/// A protocol as an officer keeps it: a title above, date and time in two columns, place names, two bad rows.
pub(crate) fn protocol() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("hh:mm");
    sheet.write(0, 0, "Trygghetsvandring mars 2025").expect("written");
    for (column, heading) in (0..).zip(["Löpnr", "Datum", "Klockslag", "Plats", "Kategori", "Beskrivning", "Väder"]) {
        sheet.write(2, column, heading).expect("written");
    }
    let rows = [
        (1, Some((2025, 3, 1)), Some((21, 30)), "Resecentrum", "Belysning", "Lampan är trasig"),
        (2, Some((2025, 3, 1)), Some((22, 5)), "Tunneln vid Linden", "Belysning", "Mörkt <b>här</b>"),
        (3, Some((2025, 3, 2)), None, "Tunneln vid Linden", "Nedskräpning", ""),
        (4, None, Some((9, 0)), "Stortorget", "Klotter", "Datum saknas"),
        (5, Some((2025, 3, 3)), Some((8, 15)), "Stortorget", "Ordningsstörning", "Ring 070-123 45 67"),
    ];
    for (row, (number, day, clock, place, category, text)) in (3..).zip(rows) {
        sheet.write(row, 0, number).expect("written");
        if let Some((y, m, d)) = day {
            sheet.write_with_format(row, 1, ExcelDateTime::from_ymd(y, m, d).expect("day"), &date).expect("written");
        }
        if let Some((h, m)) = clock {
            let clock = ExcelDateTime::from_hms(h, m, 0).expect("time");
            sheet.write_with_format(row, 2, &clock, &time).expect("written");
        }
        for (column, cell) in [(3, place), (4, category), (5, text), (6, "regn")] {
            sheet.write(row, column, cell).expect("written");
        }
    }
    workbook.save_to_buffer().expect("saved")
}
