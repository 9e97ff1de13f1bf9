//! The running program, and a client that sends what it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::case::{Input, bases, items};

/// Longer than any answer may take, also of a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// The program under test: `LAGESBILD_BIN`, else the one built with the tests.
pub(crate) fn program() -> (PathBuf, bool) {
    match std::env::var_os("LAGESBILD_BIN") {
        // From here: the program runs in folders of its own.
        Some(path) => (std::path::absolute(path).expect("a path"), true),
        None => (PathBuf::from(env!("CARGO_BIN_EXE_lagesbild")), false),
    }
}

/// A service as a process of its own on a data file of its own; stopped when dropped.
pub(crate) struct Service {
    child: Child,
    address: String,
    start_kib: u64,
    log: PathBuf,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// `None`: the connection was closed without one.
    pub(crate) status: Option<u16>,
    pub(crate) text: String,
    pub(crate) took: Duration,
}

impl Service {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let (program, _) = program();
        let run = |args: &[&str]| {
            let mut command = Command::new(&program);
            command.args(args).current_dir(folder.path()).env_clear().env("USER", "corpus").stdin(Stdio::null());
            command
        };
        let made = run(&["init", "d.gpkg"]).output().expect("starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let log = folder.path().join("log");
        let mut child = run(&["serve", "--data", "d.gpkg", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).expect("made"))
            .spawn()
            .expect("starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("says its address");
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_string();
        let mut service = Self { child, address, start_kib: 0, log, _folder: folder };
        for (collection, base) in bases() {
            let lines = vec!["Content-Type: application/geo+json".to_string()];
            let body = base.to_string().into_bytes();
            let answer = service.send(&Input::Request { method: "POST", path: items(collection), lines, body });
            assert_eq!(answer.status, Some(201), "{}", answer.text);
        }
        service.start_kib = service.status("VmRSS");
        service
    }

    pub(crate) fn is_alive(&self) -> bool {
        let path = "/healthz".to_string();
        let answer = self.send(&Input::Request { method: "GET", path, lines: Vec::new(), body: Vec::new() });
        answer.status == Some(200)
    }

    /// Sends it and reads to the end.
    pub(crate) fn send(&self, input: &Input) -> Answer {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream.set_write_timeout(Some(PATIENCE)).expect("set");
        // A service that has said no already does not read the rest: no failure here.
        match input {
            Input::Raw(bytes) => {
                let _ = stream.write_all(bytes);
                let _ = stream.shutdown(std::net::Shutdown::Write);
            }
            Input::Request { method, path, lines, body } => {
                let more: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
                let host = &self.address;
                let length = body.len();
                let head = format!(
                    "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}Content-Length: {length}\r\n\r\n"
                );
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
            }
            Input::File { .. } => unreachable!("files go through the upload"),
        }
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let took = begun.elapsed();
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(bytes.len());
        let status = std::str::from_utf8(&bytes[..end]).ok().and_then(|head| head.split(' ').nth(1)?.parse().ok());
        Answer { status, text: String::from_utf8_lossy(&bytes).chars().take(2_000).collect(), took }
    }

    /// Forgets the highest memory so far.
    pub(crate) fn reset_peak(&self) {
        reset_peak(self.child.id());
    }

    /// The highest memory since the last reset above that at the start, in KiB; `None` where the system does not say.
    pub(crate) fn peak_above_start_kib(&self) -> Option<u64> {
        let peak = self.status("VmHWM");
        (peak > 0).then(|| peak.saturating_sub(self.start_kib))
    }

    fn status(&self, name: &str) -> u64 {
        status(&self.child.id().to_string(), name)
    }

    /// Panics that the log tells of, outside `geo`, whose panics are caught where geometries are read.
    pub(crate) fn panics(&self) -> Vec<String> {
        panics(&self.log)
    }
}

fn panics(log: &Path) -> Vec<String> {
    let log = std::fs::read_to_string(log).unwrap_or_default();
    let lines = log.lines().filter(|line| line.contains("panicked at") && !line.contains("/geo-"));
    lines.map(str::to_string).collect()
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A number of `/proc/PID/status` in KiB; 0 where there is none.
pub(crate) fn status(process: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// 5 resets the high-water mark (Linux, Documentation/filesystems/proc.rst).
pub(crate) fn reset_peak(process: u32) {
    let _ = std::fs::write(format!("/proc/{process}/clear_refs"), "5");
}
