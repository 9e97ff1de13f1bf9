//! Accounts and keys on the command line, then a service that asks for them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::running_service::Service;
use crate::{Folder, Ran};

/// Runs a command with a line on standard input.
fn with_input(folder: &Folder, args: &[&str], line: &str) -> Ran {
    let name = "password.txt";
    folder.write(name, line);
    let mut command = folder.command(args);
    command.stdin(std::fs::File::open(folder.path(name)).expect("there"));
    Ran::of(command, args)
}

fn status(address: &str, lines: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connects");
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{lines}\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer.split(' ').nth(1).expect("a status").to_string()
}

#[test]
fn accounts_and_keys_are_made_listed_and_revoked_and_the_service_asks_for_them() {
    let folder = Folder::with_data();
    let data = ["--data", "d.gpkg"];
    let args = |args: &[&'static str]| [args, &data].concat();
    let add = args(&["user", "add", "anna", "--role", "editor,publisher", "--password-stdin"]);
    with_input(&folder, &add, "too short\n").code(1).says(&["9 characters", "12 to 128"]);
    with_input(&folder, &add, "korrekt häst batteri\n").ok().says(&["anna: added"]);
    with_input(&folder, &add, "korrekt häst batteri\n").code(1).says(&["already"]);
    folder.run(&args(&["user", "add", "bo", "--role", "boss", "--no-password"])).code(2).says(&["boss", "reader"]);
    folder.run(&args(&["user", "add", "bo", "--role", "reader", "--no-password"])).ok();
    folder.run(&args(&["user", "add", "eva", "--role", "reader"])).code(2).says(&["--password-stdin"]);
    let list = folder.run(&args(&["user", "list"])).ok().out;
    let rows: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.iter().any(|row| row.starts_with(&["anna", "editor,publisher", "yes"])), "{list}");
    assert!(rows.iter().any(|row| row.starts_with(&["bo", "reader", "no"])), "{list}");

    folder.run(&args(&["key", "add", "bo", "--scope", "write"])).code(1).says(&["bo", "editor"]);
    folder.run(&args(&["key", "add", "bo", "--scope", "read", "--expires", "soon"])).code(2).says(&["90d"]);
    let key =
        folder.run(&args(&["key", "add", "bo", "--scope", "read", "--label", "QGIS"])).ok().out.trim().to_string();
    let listed = folder.run(&args(&["key", "list"])).ok().out;
    assert!(key.len() == 76 && listed.contains(&key[..11]) && listed.contains("in use") && listed.contains("QGIS"));
    assert!(!listed.contains(&key[12..]));

    let mut command = folder.command(&["serve", "--data", "d.gpkg", "--listen", "127.0.0.1:0"]);
    let mut service = Service(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts"));
    let mut line = String::new();
    BufReader::new(service.0.stdout.take().expect("piped")).read_line(&mut line).expect("says its address");
    let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_string();
    assert_eq!(status(&address, ""), "401", "there are accounts: loopback alone opens nothing");
    assert_eq!(status(&address, &format!("Authorization: Bearer {key}\r\n")), "200");
    folder.run(&args(&["user", "revoke", "bo"])).code(1).says(&["while the service is stopped", "/account"]);
    folder.run(&args(&["user", "list"])).ok();
    drop(service);

    let prefix = key[3..11].to_string();
    folder.run(&["key", "revoke", &prefix, "--data", "d.gpkg"]).ok();
    folder.run(&["key", "revoke", &prefix, "--data", "d.gpkg"]).code(1).says(&["no key", &prefix]);
    assert!(folder.run(&args(&["key", "list"])).ok().out.contains("revoked"));
    folder.run(&args(&["user", "revoke", "anna"])).ok();
    folder.run(&args(&["user", "roles", "anna", "--role", "admin"])).code(1).says(&["anna"]);
}

#[test]
fn beyond_loopback_the_service_does_not_start_without_people_or_a_name() {
    let folder = Folder::with_data();
    let serve = ["serve", "--data", "d.gpkg", "--listen", "0.0.0.0:0"];
    folder.run(&serve).code(1).says(&["0.0.0.0:0", "only loopback", "lagesbild user add"]);
    folder.run(&["user", "add", "bo", "--role", "reader", "--no-password", "--data", "d.gpkg"]).ok();
    folder.run(&serve).code(1).says(&["0.0.0.0:0", "hosts"]);
}
