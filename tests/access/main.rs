//! Who may do what: through a real service on a free port, and people in a data file.

mod credentials;
mod forms;
mod matrix;
#[cfg(feature = "oidc")]
mod oidc;
mod people;
mod secrets;
mod start;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lagesbild::domain::{Actor, Plane, Role, Vocabulary};
use lagesbild::http::access::csrf;
use lagesbild::settings::{Sources, resolve};
use lagesbild::spatial::DataClass;
use lagesbild::store::{DataFile, KeyScope, NewFile, NewKey, PasswordHash, Store, Token};
use tokio::sync::oneshot;

/// Longer than anything here should take, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const PASSWORD: &str = "korrekt häst batteri";

pub(crate) fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("a time")
}

pub(crate) fn operator() -> Actor {
    Actor::local("operator")
}

/// A data file without records and people.
pub(crate) fn empty_file(folder: &Path) -> PathBuf {
    let path = folder.join("d.gpkg");
    let new = NewFile {
        plane: Plane::from_epsg(Plane::DEFAULT_EPSG).expect("known"),
        time_zone: "Europe/Stockholm".to_string(),
        controller: "municipality".to_string(),
        legal_basis: None,
        data_class: DataClass::Real,
        areas: Vec::new(),
        places: Vec::new(),
        vocabulary: Vocabulary::seed(),
        promises: Vec::new(),
    };
    DataFile::create(&path, &new, &operator()).expect("made");
    path
}

/// Accounts named after their role (and `both`, editor and publisher), the editor with a password.
pub(crate) fn add_people(file: &mut DataFile) {
    let hash = PasswordHash::of(PASSWORD, "editor").expect("accepted");
    for role in Role::ALL {
        let hash = (role == Role::Editor).then_some(&hash);
        file.add_user(&operator(), role.code(), &[role], hash, now()).expect("added");
    }
    file.add_user(&operator(), "both", &[Role::Editor, Role::Publisher], None, now()).expect("added");
}

pub(crate) fn key(file: &mut DataFile, user: &str, scope: KeyScope) -> String {
    let lifetime = SignedDuration::from_hours(24);
    let new = NewKey { user: user.to_string(), label: String::new(), scope, lifetime };
    file.add_key(&operator(), &new, now()).expect("made")
}

pub(crate) fn session(file: &mut DataFile, user: &str) -> Token {
    file.begin_session(user, None, SignedDuration::from_hours(12), now()).expect("begun")
}

/// The header lines of somebody who has logged in, for reading.
pub(crate) fn cookie(token: &Token) -> String {
    format!("Cookie: lagesbild={}", token.to_hex())
}

/// The header line with the form token of a login.
pub(crate) fn csrf_line(token: &Token) -> String {
    format!("X-Csrf-Token: {}", csrf::of_session(token))
}

/// A running service; it stops when dropped.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) path: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Service {
    /// Serves a file with the usual people; `more` prepares it further and gives what the test wants of it.
    pub(crate) fn with<T>(flags: &[(&str, &str)], more: impl FnOnce(&mut DataFile) -> T) -> (Self, T) {
        Self::at(now, flags, |file| {
            add_people(file);
            more(file)
        })
    }

    /// Serves a file that is prepared by `prepare` under a clock.
    pub(crate) fn at<T>(
        clock: fn() -> Timestamp,
        flags: &[(&str, &str)],
        prepare: impl FnOnce(&mut DataFile) -> T,
    ) -> (Self, T) {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = empty_file(folder.path());
        let wanted = prepare(&mut DataFile::open(&path).expect("opens"));
        let store = Store::open(&path).expect("opens");
        let flags = flags.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let sources = Sources { folder: PathBuf::from("/nowhere"), flags, ..Sources::default() };
        let settings = resolve(&sources).expect("settings").settings;
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
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
                lagesbild::http::service::run(listener, &settings, store, clock, shutdown).await.expect("serves");
            });
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        let address = told.recv_timeout(PATIENCE).expect("the service starts");
        (Self { address, path, stop: Some(stop), thread: Some(thread), _folder: folder }, wanted)
    }

    /// Sends a request with these header lines after `Host: localhost`.
    pub(crate) fn ask(&self, line: &str, lines: &[&str]) -> Reply {
        self.send(line, &[&["Host: localhost"], lines].concat(), "")
    }

    /// Sends a form of one of our own pages.
    pub(crate) fn post_form(&self, path: &str, lines: &[&str], body: &str) -> Reply {
        let own = ["Host: localhost", "Origin: http://localhost", "Content-Type: application/x-www-form-urlencoded"];
        self.send(&format!("POST {path}"), &[&own, lines].concat(), body)
    }

    pub(crate) fn send(&self, line: &str, lines: &[&str], body: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        let more: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let head = format!("{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n{more}\r\n", body.len());
        // The service may answer and close before it has read all of it.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        Reply::read(&mut stream)
    }

    /// Stops the service and gives the bytes of everything that lies beside its data file.
    pub(crate) fn stop_and_read(mut self) -> Vec<u8> {
        self.stop();
        let folder = std::fs::read_dir(self.path.parent().expect("a folder")).expect("readable");
        folder.flat_map(|entry| std::fs::read(entry.expect("readable").path()).expect("readable")).collect()
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the service panicked");
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the service answers and closes");
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a header");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("ASCII");
        let status = head.split(' ').nth(1).expect("status").parse().expect("number");
        Self { status, head, body: String::from_utf8_lossy(&bytes[end + 4..]).into_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        pairs.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}
