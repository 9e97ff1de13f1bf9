//! Sends the classes and holds the service to what is promised.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::case::{Case, Class, Input};
use crate::measured::Reader;
use crate::service::{Service, program};
use crate::{FILES, REQUESTS, skip};

/// Memory above the start that one file may take.
const MOST_KIB: u64 = 64 * 1024;
/// 99 in 100 answers of a release program come within this.
const P99: Duration = Duration::from_millis(250);
/// Without `LAGESBILD_FAULTS=full` one file in this many is sent; a prime, so that every kind of a class comes by.
const SAMPLE: usize = 7;

fn is_full() -> bool {
    std::env::var_os("LAGESBILD_FAULTS").is_some_and(|value| value == "full")
}

/// The numbers of the cases of a class in this run.
fn numbers(class: &Class) -> Vec<usize> {
    // `LAGESBILD_CORPUS=class:number` sends one again.
    if let Ok(only) = std::env::var("LAGESBILD_CORPUS") {
        let (name, number) = only.split_once(':').unwrap_or((only.as_str(), ""));
        return match number.parse() {
            _ if name != class.name => Vec::new(),
            Ok(number) => vec![number],
            Err(_) => (0..class.count).collect(),
        };
    }
    (0..class.count).step_by(if is_full() { 1 } else { SAMPLE }).collect()
}

/// What a class showed.
#[derive(Default)]
struct Shown {
    sent: usize,
    statuses: BTreeMap<String, usize>,
    took: Vec<(Duration, usize)>,
    peak: (u64, usize),
    faults: Vec<String>,
}

impl Shown {
    fn add(&mut self, at: usize, status: String, took: Duration, peak_kib: Option<u64>) {
        self.sent += 1;
        *self.statuses.entry(status).or_default() += 1;
        self.took.push((took, at));
        self.peak = self.peak.max((peak_kib.unwrap_or(0), at));
    }

    fn fault(&mut self, class: &Class, at: usize, case: &Case, what: &str) {
        let name = class.name;
        self.faults.push(format!("{name} {at} ({:.100}): {what}", case.what));
    }

    fn told(&self, name: &str) -> String {
        let slowest = self.took.iter().max().copied().unwrap_or_default();
        let statuses: Vec<String> = self.statuses.iter().map(|(status, n)| format!("{n} x {status}")).collect();
        format!(
            "{name}: {} files; {}; slowest {} ms (number {}); most memory {:.1} MiB above the start (number {})",
            self.sent,
            statuses.join(", "),
            slowest.0.as_millis(),
            slowest.1,
            self.peak.0 as f64 / 1024.0,
            self.peak.1
        )
    }
}

fn send_class(class: &Class) -> Shown {
    let mut shown = Shown::default();
    let mut service = Service::start();
    for at in numbers(class) {
        let case = class.case(at);
        service.reset_peak();
        let answer = service.send(&uploaded(&case.input));
        let peak = service.peak_above_start_kib();
        shown.add(at, answer.status.map_or("closed".to_string(), |s| s.to_string()), answer.took, peak);
        if answer.status.is_some_and(|status| status >= 500 && status != 503) {
            shown.fault(class, at, &case, &format!("answered {}", answer.text));
        }
        let is_whole = matches!(&case.input, Input::Request { body, .. } if body.len() < 2 << 20);
        if answer.status.is_none() && is_whole {
            shown.fault(class, at, &case, "no answer");
        }
        if peak.is_some_and(|peak| peak > MOST_KIB) {
            shown.fault(class, at, &case, &format!("{} KiB above the start", peak.unwrap_or(0)));
            // What is not given back must not be held against the next file.
            service = Service::start();
        }
        if !service.is_alive() {
            shown.fault(class, at, &case, "the service does not answer any more");
            service = Service::start();
        }
    }
    shown.faults.extend(service.panics());
    shown
}

/// Tells what was seen, and fails with everything that must not be.
fn settle(shown: &[(&str, Shown)]) {
    for (name, shown) in shown {
        eprintln!("{}", shown.told(name));
    }
    let mut took: Vec<Duration> =
        shown.iter().flat_map(|(_, shown)| shown.took.iter().map(|(took, _)| *took)).collect();
    took.sort_unstable();
    let p99 = took.get(took.len() * 99 / 100).copied().unwrap_or_default();
    let (path, is_named) = program();
    eprintln!("{} files, 99 in 100 within {} ms by {}", took.len(), p99.as_millis(), path.display());
    let faults: Vec<&String> = shown.iter().flat_map(|(_, shown)| &shown.faults).collect();
    assert!(faults.is_empty(), "{} faults:\n{:#?}", faults.len(), faults);
    assert!(!is_named || !is_full() || p99 <= P99, "99 in 100 within {} ms", p99.as_millis());
}

#[test]
fn requests_of_every_class_are_answered_below_500_and_the_service_goes_on() {
    let shown: Vec<(&str, Shown)> = REQUESTS.iter().map(|class| (class.name, send_class(class))).collect();
    settle(&shown);
}

/// A file as it is sent for a dry run; a request as it is. Like a page of the service itself: in local mode a program
/// without a key may send JSON alone.
fn uploaded(input: &Input) -> Input {
    let Input::File { name, content } = input else { return input.clone() };
    let media_type = match *name {
        "in.csv" => "text/csv",
        "in.geojson" => "application/geo+json",
        "in.gpkg" => "application/geopackage+sqlite3",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    Input::Request {
        method: "POST",
        path: "/api/imports?into=observations&dry_run=true".to_string(),
        lines: vec![format!("Content-Type: {media_type}"), "Sec-Fetch-Site: same-origin".to_string()],
        body: content.clone(),
    }
}

#[test]
fn files_of_every_class_are_answered_below_500_when_they_are_uploaded() {
    let service = Service::start();
    let list = Input::Request { method: "GET", path: "/api/imports".into(), lines: Vec::new(), body: Vec::new() };
    if service.send(&list).status == Some(404) {
        skip::skip("this program takes no uploads");
        return;
    }
    drop(service);
    let shown: Vec<(&str, Shown)> = FILES.iter().map(|class| (class.name, send_class(class))).collect();
    settle_files(&shown);
}

fn read_class(class: &Class) -> Shown {
    let mut shown = Shown::default();
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut reader = Reader::start();
    for at in numbers(class) {
        let case = class.case(at);
        let Input::File { name, content } = &case.input else { panic!("{} {at} is no file", class.name) };
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        let Some(read) = reader.read(&path) else {
            shown.fault(class, at, &case, "the process ended");
            reader = Reader::start();
            continue;
        };
        let said = if read.said.contains(" rows") && read.said.contains(" of ") { "read" } else { "refused" };
        shown.add(at, said.to_string(), read.took, read.above_start_kib);
        if read.above_start_kib.is_some_and(|peak| peak > MOST_KIB) {
            let above = read.above_start_kib.unwrap_or(0);
            shown.fault(class, at, &case, &format!("{above} KiB above the start: {}", read.said));
            reader = Reader::start();
        }
    }
    shown
}

#[test]
fn files_of_every_class_are_read_or_refused_within_64_mib() {
    let shown: Vec<(&str, Shown)> = FILES.iter().map(|class| (class.name, read_class(class))).collect();
    settle_files(&shown);
}

/// As [`settle`], but reading a file is a job and has no time of an answer.
fn settle_files(shown: &[(&str, Shown)]) {
    for (name, shown) in shown {
        eprintln!("{}", shown.told(name));
    }
    let faults: Vec<&String> = shown.iter().flat_map(|(_, shown)| &shown.faults).collect();
    assert!(faults.is_empty(), "{} faults:\n{:#?}", faults.len(), faults);
}

#[test]
fn the_command_reads_or_refuses_the_same_files_without_a_panic() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let run = |args: &[&str]| {
        let mut command = Command::new(program().0);
        command.args(args).current_dir(folder.path()).env_clear().env("USER", "corpus").stdin(Stdio::null());
        command.output().expect("starts")
    };
    assert!(run(&["init", "d.gpkg"]).status.success());
    let step = if is_full() { 3 } else { 25 };
    let mut faults = Vec::new();
    for class in FILES {
        for at in numbers(class).into_iter().chain([class.count - 1]).step_by(step) {
            let case = class.case(at);
            let Input::File { name, content } = &case.input else { continue };
            std::fs::write(folder.path().join(name), content).expect("written");
            let output = run(&["import", name, "--into", "observations", "--data", "d.gpkg", "--dry-run"]);
            let said = String::from_utf8_lossy(&output.stderr);
            // 0 all rows, 1 refused, 2 not understood, 3 some rows: all of them said by the program itself.
            if output.status.code().is_none_or(|code| code > 3) || said.contains("panicked") {
                faults.push(format!("{} {at} ({:.100}): {:?} {said:.500}", class.name, case.what, output.status));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{:#?}", faults.len(), faults);
}
