//! Clients that are slow, silent, many or too talkative.

use std::io::{ErrorKind, Read, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use lagesbild::http::route::RequestLimits;
use lagesbild::http::server::Limits;

use crate::server::{BIG_BYTES, PATIENCE, Reply, head, limits, request_limits, start, start_with, until};

#[test]
fn a_client_that_drips_its_header_is_cut_at_the_header_deadline() {
    let server = start_with(Limits { header_timeout: Duration::from_secs(1), ..limits() }, request_limits());
    let mut stream = server.connect();
    let began = Instant::now();
    stream.write_all(b"GET /pairs HTTP/1.1\r\nHost: localhost\r\nX-Drip: ").expect("sent");
    stream.set_read_timeout(Some(Duration::from_millis(50))).expect("set");
    loop {
        assert!(began.elapsed() < PATIENCE, "never cut");
        // A failed write is how a client notices a cut too.
        if stream.write_all(b"x").is_err() {
            break;
        }
        match stream.read(&mut [0; 64]) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            _ => break,
        }
    }
    assert!(began.elapsed() >= Duration::from_millis(900), "cut after {:?}", began.elapsed());
    until("the connection is gone", || server.connections.open() == 0);
}

#[test]
fn a_client_that_says_nothing_is_cut_too_before_and_after_a_request() {
    let server = start_with(Limits { header_timeout: Duration::from_secs(1), ..limits() }, request_limits());
    let mut silent = server.connect();
    let mut kept = server.connect();
    kept.write_all(head("GET /things/a", &["Host: localhost"]).as_bytes()).expect("sent");
    for stream in [&mut silent, &mut kept] {
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("closed by the server");
    }
}

#[test]
fn a_client_that_stops_reading_is_cut() {
    let server = start_with(Limits { write_timeout: Duration::from_secs(1), ..limits() }, request_limits());
    let mut stream = server.connect();
    stream.write_all(head("GET /big", &["Host: localhost"]).as_bytes()).expect("sent");
    until("the connection is open", || server.connections.open() == 1);
    until("the connection is cut", || server.connections.open() == 0);
    let mut rest = Vec::new();
    // Whether the end is a reset or a close, it is not the whole answer.
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.len() < BIG_BYTES, "everything arrived");
}

#[test]
fn a_client_that_reads_slowly_but_steadily_gets_everything() {
    let server = start_with(Limits { write_timeout: Duration::from_secs(1), ..limits() }, request_limits());
    let mut stream = server.connect();
    stream.write_all(head("GET /big", &["Host: localhost", "Connection: close"]).as_bytes()).expect("sent");
    let (began, mut total, mut buffer) = (Instant::now(), 0, vec![0; 4 << 20]);
    loop {
        let mut chunk = 0;
        while chunk < buffer.len() {
            match stream.read(&mut buffer[chunk..]).expect("not cut") {
                0 => break,
                n => chunk += n,
            }
        }
        total += chunk;
        if chunk < buffer.len() {
            break;
        }
        std::thread::sleep(Duration::from_millis(150));
    }
    assert!(total > BIG_BYTES, "{total} bytes");
    assert!(began.elapsed() > Duration::from_secs(2), "too fast to show anything");
}

#[test]
fn past_the_limit_a_connection_waits_until_another_is_closed() {
    let server = start_with(Limits { max_connections: 1, ..limits() }, request_limits());
    let mut first = server.connect();
    first.write_all(head("GET /things/a", &["Host: localhost"]).as_bytes()).expect("sent");
    assert!(first.read(&mut [0; 1024]).expect("answered") > 0);

    let mut second = server.connect();
    second.write_all(head("GET /things/b", &["Host: localhost", "Connection: close"]).as_bytes()).expect("sent");
    second.set_read_timeout(Some(Duration::from_millis(300))).expect("set");
    let refused = second.read(&mut [0; 1024]).expect_err("no answer yet");
    assert!(matches!(refused.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{refused}");
    assert_eq!(server.connections.open(), 1);

    drop(first);
    second.set_read_timeout(Some(PATIENCE)).expect("set");
    let reply = Reply::read(&mut second);
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"b".as_slice()));
}

#[test]
fn a_body_at_the_limit_is_read_and_one_byte_more_is_413() {
    let server = start();
    let post = |lines: &[&str], body: &[u8]| {
        let mut all = vec!["Content-Type: application/json"];
        all.extend(lines);
        server.ask_with_body("POST /body", &all, body)
    };
    let reply = post(&["Content-Length: 1000"], &[b'1'; 1000]);
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"1000".as_slice()));
    // Announced too large: refused without reading a byte.
    let refused = post(&["Content-Length: 1001"], b"");
    assert_eq!((refused.status, refused.json()["type"].as_str()), (413, Some("urn:lagesbild:problem:body-too-large")));
    assert_eq!(refused.json()["detail"], "a body may have at most 1000 bytes");
    // Not announced: refused when it has grown too large.
    let mut chunks = b"1f4\r\n".to_vec();
    for part in [&[b'1'; 500][..], b"\r\n1f5\r\n", &[b'1'; 501], b"\r\n0\r\n\r\n"] {
        chunks.extend_from_slice(part);
    }
    assert_eq!(post(&["Transfer-Encoding: chunked"], &chunks).status, 413);
}

#[test]
fn a_body_that_stalls_is_408_at_the_limit_of_silence() {
    let requests = RequestLimits {
        idle_timeout: Duration::from_millis(300),
        body_timeout: Duration::from_secs(600),
        ..request_limits()
    };
    let server = start_with(limits(), requests);
    let lines = ["Content-Type: application/json", "Content-Length: 900"];
    let stalled = server.ask_with_body("POST /body", &lines, b"{");
    assert_eq!((stalled.status, stalled.json()["title"].as_str()), (408, Some("Request body too slow")));
}

#[test]
fn a_body_that_drips_is_408_at_the_limit_for_the_whole_body() {
    let requests = RequestLimits {
        idle_timeout: Duration::from_secs(600),
        body_timeout: Duration::from_secs(1),
        ..request_limits()
    };
    let server = start_with(limits(), requests);
    let mut stream = server.connect();
    let lines = ["Host: localhost", "Connection: close", "Content-Type: application/json", "Content-Length: 900"];
    stream.write_all(head("POST /body", &lines).as_bytes()).expect("sent");
    let mut drip = stream.try_clone().expect("cloned");
    let dripping = std::thread::spawn(move || {
        for _ in 0..800 {
            std::thread::sleep(Duration::from_millis(50));
            if drip.write_all(b"1").is_err() {
                break;
            }
        }
    });
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("answered");
    assert_eq!(&answer, b"HTTP/1.1 408");
    stream.shutdown(std::net::Shutdown::Both).expect("closed for the dripping clone too");
    dripping.join().expect("no panic");
}

#[test]
fn a_header_that_is_too_large_or_has_too_many_lines_is_431() {
    let server = start();
    let large = format!("X-Large: {}", "x".repeat(20_000));
    assert_eq!(server.ask("GET /pairs", &[&large]).status, 431);
    let many: Vec<String> = (0..200).map(|i| format!("X-{i}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(server.ask("GET /pairs", &many).status, 431);
}

#[test]
fn work_of_a_client_that_left_the_queue_is_never_begun_and_a_full_queue_is_503() {
    let server = start();
    let ask = head("GET /heavy", &["Host: localhost", "Connection: close"]);
    let mut first = server.connect();
    first.write_all(ask.as_bytes()).expect("sent");
    until("the first has begun", || server.state.begun.load(Ordering::SeqCst) == 1);
    let mut second = server.connect();
    second.write_all(ask.as_bytes()).expect("sent");
    until("the second waits", || server.state.heavy.waiting() == 1);

    let third = server.ask("GET /heavy", &[]);
    assert_eq!((third.status, third.header("retry-after")), (503, Some("5")));

    drop(second);
    until("the second has left the queue", || server.state.heavy.waiting() == 0);
    server.state.gate.open();
    assert_eq!(Reply::read(&mut first).status, 200);
    assert_eq!(server.ask("GET /heavy", &[]).status, 200);
    assert_eq!(server.state.begun.load(Ordering::SeqCst), 2, "the second was begun");
}

#[test]
fn an_answer_that_is_not_ready_in_time_is_504() {
    let requests = RequestLimits { request_timeout: Duration::from_millis(200), ..request_limits() };
    let server = start_with(limits(), requests);
    let late = server.ask("GET /slow?ms=60000", &[]);
    assert_eq!((late.status, late.json()["type"].as_str()), (504, Some("urn:lagesbild:problem:too-late")));
    assert_eq!(server.ask("GET /slow?ms=1", &[]).status, 200);
}
