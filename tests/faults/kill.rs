//! `kill -9` at random moments while eight clients write, and while a file is imported.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::client::Client;
use crate::ledger::{Entry, Ledger, Outcome, Request, check_served};
use crate::service::{How, Service};
use crate::{Finding, Folder, alone, count, program, seeded, tell};

const WRITERS: u64 = 8;
/// Rounds on one data file, so that comparing does not grow with all that went before.
const ROUNDS_OF_A_FILE: usize = 25;
const IMPORT_ROWS: usize = 500;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) rounds: usize,
    /// Requests acknowledged before the process was killed.
    pub(crate) acknowledged: usize,
    /// Versions of records in them.
    pub(crate) records: usize,
    /// Requests sent again after the restart.
    pub(crate) sent_again: usize,
    pub(crate) imports_killed: usize,
    pub(crate) imports_finished: usize,
}

#[test]
fn what_was_acknowledged_survives_kill_9_and_nothing_is_kept_twice_or_by_half() {
    let _alone = alone();
    let rounds = count("KILL_ROUNDS", 6, 1_000);
    let records = count("KILL_BATCH", 20, 100);
    let begun = Instant::now();
    let mut tally = Tally::default();
    let mut file = 0;
    while tally.rounds < rounds {
        let of_this_file = ROUNDS_OF_A_FILE.min(rounds - tally.rounds);
        file += 1;
        rounds_on_one_file(&How::default(), file, of_this_file, records, true, &mut tally)
            .unwrap_or_else(|finding| panic!("seed {file}, after {tally:?}: {finding}"));
        tell(&format!("kill -9, so far: {tally:?} in {:.0} s", begun.elapsed().as_secs_f64()));
    }
    tell(&format!("kill -9: {tally:?} in {:.0} s; lost 0, doubled 0, half 0", begun.elapsed().as_secs_f64()));
    assert!(tally.acknowledged > 0 && tally.imports_killed + tally.imports_finished > 0, "{tally:?}");
}

/// Some rounds on a new data file.
pub(crate) fn rounds_on_one_file(
    how: &How,
    seed: u64,
    rounds: usize,
    batch: usize,
    with_imports: bool,
    tally: &mut Tally,
) -> Result<(), Finding> {
    let folder = Folder::new();
    let data = folder.data();
    let mut random = seeded(seed);
    let mut ledger = Ledger::default();
    let mut imports = Imports::new(&folder);
    for round in 0..rounds {
        let service = Service::try_start(&data, how)?;
        let moment = Duration::from_millis(random.random_range(5..=500));
        // Every other time the moment is counted from the first answer, so that slow machines come to answers too.
        let after_answer = round % 2 == 1;
        let name = format!("f{seed}r{round}");
        let entries = write_until_killed(service, moment, after_answer, &name, batch, random.random());
        let written = Ledger(entries);
        tally.acknowledged += written.kept();
        tally.records += written.kept_records();
        ledger.0.extend(written.0);
        if with_imports {
            imports.one(&data, random.random_range(0.0..1.1), tally)?;
        }
        let service = Service::try_start(&data, how)?;
        let mut client = service.client();
        tally.sent_again += ledger.send_again(&mut client)?;
        let kept = ledger.compare(&data)?;
        imports.compare(&kept.imported)?;
        check_served(&mut client, kept.current)?;
        tally.rounds += 1;
        // Every other time it ends in order, which moves the log into the file.
        if round % 2 == 0 { service.kill() } else { service.stop() }
    }
    Ok(())
}

/// Eight clients write until the service is killed at that moment.
fn write_until_killed(
    service: Service,
    moment: Duration,
    after_answer: bool,
    name: &str,
    batch: usize,
    seed: u64,
) -> Vec<Entry> {
    let (answered, first_answer) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (client, name, answered) = (service.client(), format!("{name}w{writer}"), answered.clone());
                let tell = move || {
                    // Only the first one is waited for.
                    let _ = answered.send(());
                };
                scope.spawn(move || write(client, &name, batch, seed ^ writer, tell))
            })
            .collect();
        if after_answer {
            first_answer.recv_timeout(Duration::from_secs(30)).expect("somebody is answered");
        }
        std::thread::sleep(moment);
        service.kill();
        writers.into_iter().flat_map(|writer| writer.join().expect("no panic")).collect()
    })
}

/// One client: batches, new records, new versions of its own records, until an answer does not come.
pub(crate) fn write(
    mut client: Client,
    name: &str,
    batch: usize,
    seed: u64,
    mut after_each: impl FnMut(),
) -> Vec<Entry> {
    let mut random = seeded(seed);
    let mut entries: Vec<Entry> = Vec::new();
    let mut own: Option<(String, u64)> = None;
    for number in 0.. {
        let key = format!("{name}n{number}");
        let request = match (random.random_range(0..10), &own) {
            (0..3, Some((id, revision))) => Request::put(&key, id, *revision),
            (0..5, _) => Request::post(&key),
            _ => Request::batch(&key, batch),
        };
        let (entry, answer) = request.send(&mut client);
        after_each();
        if let (Some(answer), Outcome::Kept(revision)) = (&answer, entry.outcome)
            && let Some(id) = answer.id()
        {
            own = Some((id, revision));
        }
        let goes_on = entry.is_kept();
        entries.push(entry);
        if !goes_on {
            break;
        }
    }
    entries
}

/// Imports by a process of their own, some of which are killed.
struct Imports {
    folder: PathBuf,
    /// How long one takes when nobody kills it.
    takes: Duration,
    /// Prefixes of ids with whether the import said that it was kept.
    made: Vec<(String, bool)>,
}

impl Imports {
    fn new(folder: &Folder) -> Self {
        Self { folder: folder.path("."), takes: Duration::from_millis(400), made: Vec::new() }
    }

    /// Imports a file and kills the process after that share of the usual time.
    fn one(&mut self, data: &Path, share: f64, tally: &mut Tally) -> Result<(), Finding> {
        let prefix = format!("import{}", self.made.len());
        let rows = (0..IMPORT_ROWS).map(|row| format!("{row},2025-03-01 12:00,14.69,57.65,lighting\n"));
        let file = self.folder.join(format!("{prefix}.csv"));
        std::fs::write(&file, format!("id,datum,lon,lat,kategori\n{}", rows.collect::<String>())).expect("written");
        let mut command = Command::new(program());
        command.arg("import").arg(&file).args(["--into", "observations", "--update", "--id-prefix"]);
        command.arg(format!("{prefix}.")).arg("--data").arg(data).env_clear().env("USER", "tester");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let until = self.takes.mul_f64(share);
        let ended = loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                self.takes = begun.elapsed();
                break Some(status);
            }
            if begun.elapsed() >= until && !self.made.is_empty() {
                break None;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let is_kept = match ended {
            Some(status) if !status.success() => return Err(format!("import {prefix} ended with {status}")),
            Some(_) => {
                tally.imports_finished += 1;
                true
            }
            None => {
                child.kill().map_err(|error| error.to_string())?;
                // It may have finished between the two.
                let status = child.wait().map_err(|error| error.to_string())?;
                tally.imports_killed += usize::from(!status.success());
                tally.imports_finished += usize::from(status.success());
                status.success()
            }
        };
        self.made.push((prefix, is_kept));
        Ok(())
    }

    fn compare(&self, found: &std::collections::HashMap<String, usize>) -> Result<(), Finding> {
        for (prefix, is_kept) in &self.made {
            match (found.get(prefix).copied().unwrap_or(0), is_kept) {
                (IMPORT_ROWS, _) | (0, false) => {}
                (0, true) => return Err(format!("LOST: {prefix} had said that it was kept")),
                (some, _) => return Err(format!("HALF: {some} of {IMPORT_ROWS} rows of {prefix}")),
            }
        }
        Ok(())
    }
}
