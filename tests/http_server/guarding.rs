//! Local mode over the wire: foreign hosts, foreign pages, headers of every answer, and what the log may hold.

use std::io::Write;
use std::sync::{Arc, Mutex};

use crate::server::{head, start, until};

#[test]
fn a_foreign_host_name_is_421_whatever_the_path() {
    let server = start();
    for path in ["/pairs", "/healthz", "/nothing"] {
        let lines = ["Host: rebound.example", "Connection: close"];
        assert_eq!(server.exchange(&head(&format!("GET {path}"), &lines), b"").status, 421, "{path}");
    }
    let absolute = server.ask("GET http://rebound.example/pairs", &[]);
    assert_eq!(absolute.status, 421, "the name in the request line counts");
    assert_eq!(server.exchange(&head("GET /pairs", &["Connection: close"]), b"").status, 400);
    let port = format!("Host: 127.0.0.1:{}", server.address.port());
    assert_eq!(server.exchange(&head("GET /pairs", &[&port, "Connection: close"]), b"").status, 200);
}

#[test]
fn a_form_of_a_foreign_page_changes_nothing() {
    let server = start();
    let post = |lines: &[&str]| {
        let mut all = vec!["Content-Length: 2"];
        all.extend(lines);
        server.ask_with_body("POST /body", &all, b"{}").status
    };
    assert_eq!(post(&["Content-Type: application/x-www-form-urlencoded", "Origin: http://foreign.example"]), 403);
    assert_eq!(post(&["Content-Type: application/json", "Origin: http://foreign.example"]), 403);
    assert_eq!(post(&["Content-Type: text/plain"]), 403);
    assert_eq!(post(&["Content-Type: application/x-www-form-urlencoded", "Origin: http://localhost"]), 200);
    assert_eq!(post(&["Content-Type: application/json"]), 200);
}

#[test]
fn every_answer_has_the_security_headers_and_no_cookie() {
    let server = start();
    let foreign = head("GET /", &["Host: rebound.example", "Connection: close"]);
    let replies = [
        server.ask("GET /pairs", &[]),
        server.ask("GET /nothing", &[]),
        server.ask("GET /panic", &[]),
        server.ask("OPTIONS /pairs", &[]),
        server.ask("GET /tagged", &["If-None-Match: *"]),
        server.exchange(&foreign, b""),
    ];
    for reply in replies {
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        assert!(reply.header("x-request-id").is_some());
        assert_eq!(reply.header("set-cookie"), None);
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_log_has_the_template_and_the_inside_but_no_query_or_path_value() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let text = || String::from_utf8(log.0.lock().expect("not poisoned").clone()).expect("text");
    let server = start();
    server.ask("GET /things/canary-path?canary-name=canary-value", &["X-Request-Id: log-1", "Cookie: canary=1"]);
    server.ask("GET /internal", &["X-Request-Id: log-2"]);
    until("both are logged", || text().matches("request_id=log-2").count() == 2);
    let text = text();
    let line = text.lines().find(|line| line.contains("request_id=log-1")).expect("logged");
    for part in ["method=GET", "route=/things/{id}", "status=400", "ms=", "bytes="] {
        assert!(line.contains(part), "{part} is missing in {line}");
    }
    assert!(text.lines().any(|l| l.contains("ERROR") && l.contains("log-2") && l.contains("secret of the inside")));
    assert!(!text.contains("canary"), "{text}");
}
