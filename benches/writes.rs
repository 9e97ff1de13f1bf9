//! Durable writes through the running service while a million records are loaded and others read.
//!
//! `cargo bench --bench writes [-- SECONDS]`. Starts `lagesbild serve` on a generated file of a million records, lets
//! 8 and then 64 writers send one observation at a time (each acknowledged only when it is on the disk), two readers
//! ask for the table of areas meanwhile, and every writer reads its own record back after every twentieth write.
//! Client and service share the machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const RECORDS: &str = "1000000";

fn main() {
    // Cargo adds --bench to the arguments.
    let seconds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(20);
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let path = folder.path().join("million.gpkg");
    let made = Command::new(env!("CARGO_BIN_EXE_lagesbild"))
        .args(["demo", path.to_str().expect("UTF-8"), "--today", "2026-11-22", "--size", RECORDS])
        .stderr(Stdio::null())
        .status()
        .expect("runs");
    assert!(made.success(), "the demo file is made");
    let service = Service::start(&path);
    for writers in [1, 8, 64] {
        round(&service.address, writers, Duration::from_secs(seconds));
    }
}

/// The service as a child; killed when dropped.
struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start(path: &Path) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        drop(listener);
        let begin = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_lagesbild"))
            .args(["serve", "--listen", &address, "--data", path.to_str().expect("UTF-8")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        while TcpStream::connect(&address).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(60), "the service answers within a minute");
            std::thread::sleep(Duration::from_millis(10));
        }
        println!("ready with {RECORDS} records after {:.2} s", begin.elapsed().as_secs_f64());
        Self { child, address }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn round(address: &str, writers: usize, length: Duration) {
    let stop = AtomicBool::new(false);
    let reads = AtomicU64::new(0);
    let begin = Instant::now();
    let mut latencies: Vec<Duration> = std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut client = Client::connect(address);
                let mut month = 0;
                while !stop.load(Ordering::Relaxed) {
                    month = month % 12 + 1;
                    let path = format!("/api/areas/summary?period=2025-{month:02}");
                    assert_eq!(client.ask("GET", &path, None).0, 200);
                    reads.fetch_add(1, Ordering::Relaxed);
                    // A person who looks, not a load test of reading.
                    std::thread::sleep(Duration::from_millis(50));
                }
            });
        }
        let threads: Vec<_> =
            (0..writers).map(|writer| scope.spawn(move || write(address, writers, writer, begin, length))).collect();
        let all = threads.into_iter().flat_map(|thread| thread.join().expect("a writer ends")).collect();
        stop.store(true, Ordering::Relaxed);
        all
    });
    let elapsed = begin.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at = |share: f64| latencies[((latencies.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{writers:>2} writers: {:>6.0} durable writes/s; median {:.1} ms, p99 {:.1} ms, worst {:.1} ms; {} tables of areas read meanwhile",
        latencies.len() as f64 / elapsed,
        at(0.5),
        at(0.99),
        at(1.0),
        reads.load(Ordering::Relaxed)
    );
}

fn write(address: &str, writers: usize, writer: usize, begin: Instant, length: Duration) -> Vec<Duration> {
    let mut client = Client::connect(address);
    let mut latencies = Vec::new();
    for n in 0_u64.. {
        if begin.elapsed() > length {
            break;
        }
        let id = format!("w{writers}-{writer}-{n}");
        let body = format!(
            r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"Point","coordinates":[14.69{},57.65]}},"properties":{{"category":"lighting","start":"2026-11-01T12:00:00Z"}}}}"#,
            n % 10
        );
        let sent = Instant::now();
        let (status, answer) = client.ask("POST", "/api/collections/observations/items", Some(&body));
        latencies.push(sent.elapsed());
        assert_eq!(status, 201, "{answer}");
        if n % 20 == 0 {
            let (status, answer) = client.ask("GET", &format!("/api/collections/observations/items/{id}"), None);
            assert!(status == 200 && answer.contains(&id), "what was acknowledged is read: {status} {answer}");
        }
    }
    latencies
}

/// One kept connection.
struct Client {
    host: String,
    stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("connects");
        stream.set_nodelay(true).expect("sets");
        Self { host: address.to_string(), stream: BufReader::new(stream) }
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> (u16, String) {
        let body = body.unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).expect("sends");
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("answers");
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status line");
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a header");
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}
