//! A stop lets running requests end, but not for ever.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use lagesbild::http::route::RequestLimits;
use lagesbild::http::server::Limits;

use crate::server::{Reply, head, limits, request_limits, start, start_with, until};

#[test]
fn a_running_request_is_finished_and_no_new_connection_is_taken() {
    let mut server = start();
    let mut running = server.connect();
    running.write_all(head("GET /slow?ms=700", &["Host: localhost"]).as_bytes()).expect("sent");
    until("it runs", || server.state.begun.load(Ordering::SeqCst) == 1);
    let stopped = Instant::now();
    server.tell_stop();
    until("the port is closed", || TcpStream::connect(server.address).is_err());
    let reply = Reply::read(&mut running);
    assert_eq!((reply.status, reply.body.as_slice()), (200, b"done".as_slice()));
    server.join();
    assert!(stopped.elapsed() < limits().drain_timeout, "waited for the drain limit");
}

#[test]
fn connections_without_a_request_do_not_hold_the_stop_up() {
    let slow = Duration::from_secs(15);
    let mut server = start_with(Limits { header_timeout: slow, drain_timeout: slow, ..limits() }, request_limits());
    let _never_asked = server.connect();
    let mut asked = server.connect();
    asked.write_all(head("GET /things/a", &["Host: localhost"]).as_bytes()).expect("sent");
    assert!(asked.read(&mut [0; 1024]).expect("answered") > 0);
    until("both are open", || server.connections.open() == 2);
    let stopped = Instant::now();
    server.tell_stop();
    server.join();
    assert!(stopped.elapsed() < Duration::from_secs(5), "took {:?}", stopped.elapsed());
}

#[test]
fn a_request_that_outlasts_the_drain_limit_is_cut() {
    let limits = Limits { drain_timeout: Duration::from_millis(300), ..limits() };
    let mut server = start_with(limits, RequestLimits { request_timeout: Duration::from_secs(60), ..request_limits() });
    let mut running = server.connect();
    running.write_all(head("GET /slow?ms=60000", &["Host: localhost"]).as_bytes()).expect("sent");
    until("it runs", || server.state.begun.load(Ordering::SeqCst) == 1);
    let stopped = Instant::now();
    server.tell_stop();
    server.join();
    assert!(stopped.elapsed() < Duration::from_secs(5), "took {:?}", stopped.elapsed());
    let mut rest = Vec::new();
    // A cut is a close or a reset; neither is an answer.
    let _ = running.read_to_end(&mut rest);
    assert_eq!(rest.len(), 0);
}
