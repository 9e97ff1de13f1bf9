//! A disk that fails once: `strace` lets the N-th write, sync or cut give EIO, and everything after it succeed again.
//!
//! What is on the disk cannot be known after that. So no change is acknowledged any more until a restart, reads go
//! on, and what was acknowledged before is there. Trying again would be hoping.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::ledger::{Entry, Ledger};
use crate::recording::is_of_database;
use crate::service::{How, Service};
use crate::{Finding, Folder, OBSERVATIONS, alone, count, has, tell};

const WRITERS: u64 = 4;
/// Longer than it takes the slowest run here to come to its N-th call.
const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Debug, Default)]
struct Tally {
    runs: usize,
    /// Errors that struck the data file or its log.
    struck: usize,
    /// Errors that struck the index of the log, which is no part of what is kept.
    struck_index: usize,
    /// Errors that struck the folder: SQLite overlooks them, so the store has synced it itself at the start.
    struck_folder: usize,
    /// Services that did not start.
    ended: usize,
    /// Runs that never came to the N-th call.
    not_reached: usize,
    acknowledged: usize,
}

#[test]
fn after_an_error_of_the_disk_nothing_is_acknowledged_and_reads_go_on() {
    let _alone = alone();
    if !has("strace", "errors of writing and syncing were not tried") {
        return;
    }
    let most = count("DISK_ERRORS", 0, 200);
    let begun = Instant::now();
    let mut tally = Tally::default();
    // strace counts the calls of each thread: the first ones are those of the start, later ones of the writer.
    for (call, few) in [("fsync,fdatasync", &[1, 3, 4, 9][..]), ("pwrite64", &[2, 40, 75]), ("ftruncate", &[1, 3])] {
        // A file is cut only at a start and at a stop.
        let most = if call == "ftruncate" { most.min(3) } else { most };
        let moments =
            if most == 0 { few.to_vec() } else { (1..=most).step_by(count("DISK_ERRORS_STEP", 1, 1)).collect() };
        for moment in moments {
            one_error(call, moment, &mut tally)
                .unwrap_or_else(|finding| panic!("{call} number {moment}, after {tally:?}: {finding}"));
            if moment.is_multiple_of(25) {
                tell(&format!("errors of the disk, so far to {call} number {moment}: {tally:?}"));
            }
        }
    }
    tell(&format!(
        "errors of the disk: {tally:?} in {:.0} s; none acknowledged after one",
        begun.elapsed().as_secs_f64()
    ));
    assert!(tally.struck > 0 && tally.acknowledged > 0, "{tally:?}");
}

fn one_error(call: &str, moment: usize, tally: &mut Tally) -> Result<(), Finding> {
    let folder = Folder::new();
    let (data, log) = (folder.data(), folder.path("strace.log"));
    let inject = format!("inject={call}:error=EIO:when={moment}");
    let log_name = log.display().to_string();
    let words =
        ["strace", "-D", "-f", "--seccomp-bpf", "-y", "-o", &log_name, "-e", &format!("trace={call}"), "-e", &inject];
    let how = How { wrapper: words.map(str::to_string).to_vec(), ..How::default() };
    tally.runs += 1;
    let mut ledger = Ledger::default();
    match Service::try_start(&data, &how) {
        // An error during the start may end it.
        Err(_) => tally.ended += 1,
        Ok(mut service) => {
            let reached = write_until_refused(&service, moment, &mut ledger);
            tally.acknowledged += ledger.kept();
            match struck(&log) {
                None => tally.not_reached += 1,
                Some(path) if Path::new(&path) == data.parent().expect("a folder") => tally.struck_folder += 1,
                Some(path) if is_of_database(&path) => {
                    tally.struck += 1;
                    if !reached {
                        return Err(format!("{path} was struck, and everything went on being acknowledged"));
                    }
                    if service.ended().is_none() {
                        stays_read_only(&service)?;
                    }
                }
                // Nothing that is kept was struck: the request fails, and writing may go on.
                Some(_) => tally.struck_index += 1,
            }
            service.kill();
        }
    }
    let service = Service::try_start(&data, &How::default())?;
    ledger.compare(&data)?;
    let again = ledger.send_again(&mut service.client())?;
    let kept = ledger.compare(&data)?;
    crate::ledger::check_served(&mut service.client(), kept.current)?;
    assert!(again <= ledger.0.len());
    service.kill();
    Ok(())
}

/// Clients write until one of them is refused or not answered; gives whether that happened.
fn write_until_refused(service: &Service, moment: usize, ledger: &mut Ledger) -> bool {
    let until = Instant::now() + PATIENCE.min(Duration::from_millis(1_500 + 100 * moment as u64));
    let written: Vec<(Vec<Entry>, bool)> = std::thread::scope(|scope| {
        let one = |writer: u64| {
            let mut client = service.client();
            scope.spawn(move || {
                let mut entries = Vec::new();
                for number in 0.. {
                    let request = crate::ledger::Request::post(&format!("e{writer}n{number}"));
                    let (entry, _) = request.send(&mut client);
                    let is_refused = !entry.is_kept();
                    entries.push(entry);
                    if is_refused || Instant::now() > until {
                        return (entries, is_refused);
                    }
                    if number % 25 == 24 {
                        // Time for the log to be moved into the file now and then.
                        std::thread::sleep(Duration::from_millis(550));
                    }
                }
                unreachable!("numbers do not end")
            })
        };
        let threads: Vec<_> = (0..WRITERS).map(one).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let refused = written.iter().any(|(_, is_refused)| *is_refused);
    ledger.0.extend(written.into_iter().flat_map(|(entries, _)| entries));
    refused
}

/// What file the injected error struck, when it did.
fn struck(log: &Path) -> Option<String> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let line = text.lines().find(|line| line.contains("(INJECTED)"))?;
    if let Some((_, rest)) = line.split_once('<').filter(|_| !line.contains("resumed>")) {
        return Some(rest.split('>').next().unwrap_or_default().to_string());
    }
    // The first half of the call stands earlier, under the same thread.
    let thread = line.split(' ').next().unwrap_or_default();
    let begun = text
        .lines()
        .take_while(|other| *other != line)
        .filter(|other| other.split(' ').next() == Some(thread) && other.contains("<unfinished ...>"));
    let path = begun.last()?.split_once('<')?.1.split('>').next().unwrap_or_default();
    Some(path.to_string())
}

/// Writes are answered 503, again and again; reads are answered.
fn stays_read_only(service: &Service) -> Result<(), Finding> {
    let mut client = service.client();
    for number in 0..5 {
        let (entry, answer) = crate::ledger::Request::post(&format!("after{number}")).send(&mut client);
        match answer {
            Some(answer) if answer.status == 503 => {}
            other => return Err(format!("a write after the error: {:?} {other:?}", entry.outcome)),
        }
    }
    for path in [&format!("{OBSERVATIONS}?limit=1"), "/api/areas/summary", "/healthz"] {
        let status = client.get(path).map_err(|error| format!("{path}: {error}"))?.status;
        if status != 200 {
            return Err(format!("{path} after the error: {status}"));
        }
    }
    Ok(())
}
