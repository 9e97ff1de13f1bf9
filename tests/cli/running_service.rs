//! A service that runs: others may read its file, nobody else may write it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::{Folder, ogrinfo};

/// Stopped at the end of the test, also when it fails.
pub(crate) struct Service(pub(crate) Child);

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_second_writer_is_refused_while_the_service_runs_and_readers_are_not() {
    let folder = Folder::with_data();
    folder.import("id,datum,lon,lat\n1,2025-03-01,14.69,57.65\n", &[]).ok();
    let mut command = folder.command(&["serve", "--data", "d.gpkg", "--listen", "127.0.0.1:0"]);
    let mut service = Service(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts"));
    let mut line = String::new();
    BufReader::new(service.0.stdout.take().expect("piped")).read_line(&mut line).expect("says its address");
    let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_string();

    let mut stream = TcpStream::connect(&address).expect("connects");
    write!(stream, "GET /api/areas/summary HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"total\":{\"count\":1"), "{answer}");

    folder.import("id,datum\n2,2025-03-02\n", &[]).code(1).says(&[
        "d.gpkg",
        "is being written by another lagesbild",
        "stop it",
    ]);
    folder.run(&["serve", "--data", "d.gpkg", "--listen", "127.0.0.1:0"]).code(1).says(&["another lagesbild"]);
    assert_eq!(folder.records(), 1);
    folder.run(&["export", "observations", "--data", "d.gpkg"]).ok();
    let said = ogrinfo(&folder.path("d.gpkg"), &["-al", "-so"]);
    assert!(said.is_none_or(|said| said.contains("Layer name: observations") && !said.contains("Warning")));

    drop(service);
    folder.import("id,datum\n2,2025-03-02\n", &[]).ok();
    assert_eq!(folder.records(), 2);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let folder = Folder::with_data();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound").to_string();
    folder.run(&["serve", "--data", "d.gpkg", "--listen", &address]).code(1).says(&["listen on", &address]);
}
