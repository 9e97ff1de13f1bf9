//! Requests per second of a public file of 2 kB, over real connections, with the generator on the same machine.
//!
//! `cargo bench --bench public`. The target is 20,000 per second on two cores. `SECONDS` and `CONNECTIONS` change how
//! long and how wide; connections are kept open, and each waits for its answer before it asks again.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::civil::date;
use lagesbild::http::public::Site;
use lagesbild::http::server::{self, App, Connections, Limits};
use lagesbild::public::sha256;
use lagesbild::public::shelf::{Entry, Index, Shelf, write_index};

const FILE: &str = "embed/sv/lofte.html";
const BYTES: usize = 2048;

fn main() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (seconds, connections) = (number("SECONDS", 5), number("CONNECTIONS", 64));
    let folder = tempfile::tempdir().expect("a folder");
    let address = serve(folder.path());
    for (name, path) in [("of a release", format!("r/1/{FILE}")), ("current", format!("current/{FILE}"))] {
        let (per_s, p99) = load(address, &format!("/public/{path}"), Duration::from_secs(seconds), connections);
        println!(
            "{name}: {per_s:.0} requests/s, 99 % within {:.2} ms, {connections} connections",
            p99.as_secs_f64() * 1e3
        );
    }
}

/// A shelf with one release of one file, on a free port.
fn serve(folder: &std::path::Path) -> SocketAddr {
    // Text that gzip cannot shorten much; the generator asks for it uncoded.
    let body: String = (0..BYTES).map(|i| char::from(b'a' + (i * 7919 % 26) as u8)).collect();
    let place = folder.join("1").join(FILE);
    std::fs::create_dir_all(place.parent().expect("below")).expect("made");
    std::fs::write(&place, &body).expect("written");
    let hash = sha256(body.as_bytes());
    let manifest = serde_json::json!({
        "release": 1, "content_sha256": sha256(format!("{FILE} {hash}\n").as_bytes()),
        "files": [{"path": FILE, "bytes": BYTES, "sha256": hash, "media_type": "text/html; charset=utf-8"}],
    });
    std::fs::write(folder.join("1/manifest.json"), manifest.to_string()).expect("written");
    let entry = Entry {
        number: 1,
        stream: "follow-up".to_string(),
        period: "2026-10".to_string(),
        published_on: date(2026, 11, 1),
        withdrawn_on: None,
        reason: None,
        content_sha256: None,
    };
    let hosts = vec!["https://polisen.se".to_string()];
    write_index(folder, &Index { releases: vec![entry], allowed_hosts: hosts, site: String::new() }).expect("written");
    let (shelf, refusals) = Shelf::open(folder).expect("opens");
    assert_eq!(refusals, []);
    let limits = Limits {
        max_connections: 1024,
        header_timeout: Duration::from_secs(5),
        write_timeout: Duration::from_secs(8),
        drain_timeout: Duration::from_secs(1),
    };
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            tell.send(listener.local_addr().expect("bound")).expect("the bench waits");
            let app = App::Site(Site::new(shelf));
            server::serve(listener, app, &limits, &Connections::default(), std::future::pending())
                .await
                .expect("serves");
        });
    });
    told.recv().expect("starts")
}

fn load(address: SocketAddr, path: &str, time: Duration, connections: u64) -> (f64, Duration) {
    let (stop, answers) = (AtomicBool::new(false), AtomicU64::new(0));
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let started = Instant::now();
    let mut waits: Vec<Duration> = std::thread::scope(|scope| {
        let asks: Vec<_> =
            (0..connections).map(|_| scope.spawn(|| ask(address, request.as_bytes(), &stop, &answers))).collect();
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        asks.into_iter().flat_map(|ask| ask.join().expect("asks")).collect()
    });
    let per_s = answers.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64();
    waits.sort_unstable();
    (per_s, waits.get(waits.len() * 99 / 100).copied().unwrap_or_default())
}

/// Asks until told to stop; gives the time of each answer.
fn ask(address: SocketAddr, request: &[u8], stop: &AtomicBool, answers: &AtomicU64) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.set_nodelay(true).expect("set");
    let mut bytes = vec![0; 16 * 1024];
    let (mut waits, mut length) = (Vec::new(), 0);
    while !stop.load(Ordering::Relaxed) {
        let asked = Instant::now();
        stream.write_all(request).expect("sent");
        let mut read = 0;
        // Every answer is as long as the first.
        while length == 0 || read < length {
            read += stream.read(&mut bytes[read..]).expect("answers");
            if length == 0 {
                length = length_of(&bytes[..read]);
            }
        }
        assert!(bytes.starts_with(b"HTTP/1.1 200"), "another answer");
        answers.fetch_add(1, Ordering::Relaxed);
        waits.push(asked.elapsed());
    }
    waits
}

/// Bytes of a whole answer, or 0 while its head has not come.
fn length_of(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |end| end + 4 + BYTES)
}
