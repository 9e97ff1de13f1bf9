//! A client that keeps its connection and says exactly what it is told.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than any answer should take.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Client {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends a request and reads its answer. After an error it is not known whether the request was done.
    pub(crate) fn send(&mut self, method: &str, path: &str, lines: &[&str], body: &[u8]) -> io::Result<Answer> {
        let answer = self.try_send(method, path, lines, body);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    fn try_send(&mut self, method: &str, path: &str, lines: &[&str], body: &[u8]) -> io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                stream.set_nodelay(true)?;
                none.insert(BufReader::new(stream))
            }
        };
        let more: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{more}Content-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.get_mut().write_all(&[head.as_bytes(), body].concat())?;
        let answer = Answer::read(stream, method)?;
        if answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            self.stream = None;
        }
        Ok(answer)
    }

    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, &[], b"")
    }
}

impl Answer {
    fn read(stream: &mut BufReader<TcpStream>, method: &str) -> io::Result<Self> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::UnexpectedEof, what.to_string());
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| broken("no status line"))?;
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(broken("the header ends early"));
            }
            match line.trim_end().split_once(": ") {
                Some((name, value)) => head.push((name.to_ascii_lowercase(), value.to_string())),
                None if line.trim_end().is_empty() => break,
                None => return Err(broken("a header line without a colon")),
            }
        }
        let mut answer = Self { status, head, body: Vec::new() };
        if method == "HEAD" || matches!(status, 204 | 304) {
            return Ok(answer);
        }
        if answer.header("transfer-encoding").is_some() {
            return Err(broken("chunked answers are not read here"));
        }
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        answer.body = vec![0; length.ok_or_else(|| broken("no length"))?];
        stream.read_exact(&mut answer.body)?;
        Ok(answer)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON: {}", self.text()))
    }

    /// Whether it says that the change is kept.
    pub(crate) fn is_acknowledgement(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The revision an acknowledgement names: in the tag of a record, or in the place of a batch.
    pub(crate) fn revision(&self) -> Option<u64> {
        let of_tag = || self.header("etag")?.trim_matches('"').rsplit_once('.')?.1.parse().ok();
        let of_batch = || self.header("location")?.split_once("?asof=")?.1.parse().ok();
        of_tag().or_else(of_batch)
    }

    /// The id of the record that was made.
    pub(crate) fn id(&self) -> Option<String> {
        Some(self.header("etag")?.trim_matches('"').rsplit_once('.')?.0.to_string())
    }
}
