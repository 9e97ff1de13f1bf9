//! The power goes at a random moment: everything acknowledged before is there, and the file opens and is whole.
//!
//! A service is recorded while clients write to it, it is killed, started again, told again. From the recording the
//! disk is worked out as it may be at any moment, see [`crate::disk`], and opened.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::disk::Disk;
use crate::ledger::{Entry, Kept, Ledger};
use crate::recording::{self, Event};
use crate::service::{How, Service};
use crate::{Finding, Folder, alone, count, has, seeded, tell};

const WRITERS: u64 = 3;
const MOMENTS_OF_A_RUN: usize = 50;

#[test]
fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let _alone = alone();
    if !has("strace", "what the disk holds after a power loss was not tried") {
        return;
    }
    let seeds = count("POWER_SEEDS", 24, 500);
    let begun = Instant::now();
    let (mut tried, mut run, mut acknowledged) = (0, 0, 0);
    while tried < seeds {
        let moments = MOMENTS_OF_A_RUN.min(seeds - tried);
        let done = lose_power(&How::default(), run, moments, Duration::from_millis(700));
        acknowledged += done.unwrap_or_else(|finding| panic!("run {run}: {finding}"));
        tried += moments;
        run += 1;
    }
    let took = begun.elapsed().as_secs_f64();
    tell(&format!(
        "power loss: {tried} seeds over {run} recorded runs, {acknowledged} acknowledgements looked for, {took:.0} s; \
         0 lost, every image opened"
    ));
    assert!(acknowledged > 0);
}

/// Records one run and looks at as many moments of it. Gives how many acknowledgements were looked for.
pub(crate) fn lose_power(how: &How, run: u64, moments: usize, writing: Duration) -> Result<usize, Finding> {
    let folder = Folder::new();
    let data = folder.data();
    let before = std::fs::read(&data).expect("readable");
    let (events, ledger) = record(how, &folder, run, writing)?;
    let told = told_at(&events, &ledger);
    let mut random = seeded(run);
    // Any moment, and as often one right after an acknowledgement; the last one is the end.
    let first = events.iter().position(|event| matches!(event, Event::Write { .. })).unwrap_or(0);
    let mut after_telling: Vec<usize> = told.values().map(|(at, _)| at + 1).collect();
    after_telling.sort_unstable();
    after_telling.dedup();
    let mut moment = || match random.random_bool(0.5) && !after_telling.is_empty() {
        true => after_telling[random.random_range(0..after_telling.len())],
        false => random.random_range(first..=events.len()),
    };
    let mut chosen: Vec<usize> = (1..moments).map(|_| moment()).chain([events.len()]).collect();
    chosen.sort_unstable();
    let mut disk = Disk::with(&data, before);
    let (mut followed, mut looked_for) = (0, 0);
    for (number, moment) in chosen.into_iter().enumerate() {
        for event in &events[followed..moment] {
            disk.follow(event);
        }
        followed = moment;
        let seed = run * 1_000 + number as u64;
        let image = tempfile::tempdir().expect("temporary folder");
        disk.after_power_loss(&mut seeded(seed), image.path());
        looked_for += check(&image.path().join("d.gpkg"), &told, moment).map_err(|finding| {
            let last: Vec<String> = events[moment.saturating_sub(25)..moment].iter().map(Event::in_short).collect();
            format!("seed {seed}, event {moment} of {}: {finding}\nbefore: {}", events.len(), last.join("\n"))
        })?;
    }
    Ok(looked_for)
}

/// A service is written to, killed, started, asked again for what it had not answered, written to, stopped in order,
/// started, written to and killed: all of it one recording.
fn record(how: &How, folder: &Folder, run: u64, writing: Duration) -> Result<(Vec<Event>, Ledger), Finding> {
    let data = folder.data();
    let mut ledger = Ledger::default();
    let mut events = Vec::new();
    for part in 0..3 {
        let log: PathBuf = folder.path(&format!("strace{part}.log"));
        let recorded = How { wrapper: recording::wrapper(&log), ..how.clone() };
        let service = Service::try_start(&data, &recorded)?;
        let process = service.id();
        ledger.send_again(&mut service.client())?;
        if part == 1 {
            ledger.0.extend(write_for(&service, writing, &format!("p{run}o{part}"), run));
            service.stop();
        } else {
            ledger.0.extend(write_until_killed(service, writing, &format!("p{run}o{part}"), run));
        }
        let before = events.len();
        events.extend(recording::read(&log, process, before));
    }
    Ok((events, ledger))
}

fn write_until_killed(service: Service, writing: Duration, name: &str, seed: u64) -> Vec<Entry> {
    std::thread::scope(|scope| {
        let one = |writer: u64| {
            let (client, name) = (service.client(), format!("{name}w{writer}"));
            scope.spawn(move || crate::kill::write(client, &name, 5, seed ^ writer, || ()))
        };
        let writers: Vec<_> = (0..WRITERS).map(one).collect();
        std::thread::sleep(writing);
        service.kill();
        writers.into_iter().flat_map(|writer| writer.join().expect("no panic")).collect()
    })
}

fn write_for(service: &Service, writing: Duration, name: &str, seed: u64) -> Vec<Entry> {
    let until = Instant::now() + writing;
    let mut client = service.client();
    let mut entries = Vec::new();
    let mut random = seeded(seed);
    for number in 0.. {
        if Instant::now() > until {
            break;
        }
        let key = format!("{name}n{number}");
        let request = match random.random_range(0..2) {
            0 => crate::ledger::Request::post(&key),
            _ => crate::ledger::Request::batch(&key, 5),
        };
        let (entry, _) = request.send(&mut client);
        entries.push(entry);
    }
    entries
}

/// The event by which each mark was acknowledged first.
fn told_at(events: &[Event], ledger: &Ledger) -> HashMap<String, (usize, u64)> {
    // Several requests may share a revision only if one was sent again; a revision is one request.
    let by_revision: HashMap<u64, &Entry> = ledger
        .0
        .iter()
        .filter_map(|entry| match entry.outcome {
            crate::ledger::Outcome::Kept(revision) => Some((revision, entry)),
            _ => None,
        })
        .collect();
    let mut told = HashMap::new();
    for (moment, event) in events.iter().enumerate() {
        let Event::Told { bytes } = event else { continue };
        let text = String::from_utf8_lossy(bytes);
        let is_acknowledgement = text.starts_with("HTTP/1.1 2");
        let number = |after: &str, mark: &str| -> Option<u64> {
            let rest = text.split_once(after)?.1.lines().next()?;
            rest.trim_end_matches('"').rsplit_once(mark)?.1.trim().parse().ok()
        };
        let revision = number("etag: ", ".").or_else(|| number("location: ", "?asof="));
        let Some(revision) = revision.filter(|_| is_acknowledgement) else { continue };
        let Some(entry) = by_revision.get(&revision) else { continue };
        for mark in &entry.request.marks {
            told.entry(mark.clone()).or_insert((moment, revision));
        }
    }
    told
}

/// Opens an image and looks for everything acknowledged before that moment. Gives how much that was.
fn check(data: &Path, told: &HashMap<String, (usize, u64)>, moment: usize) -> Result<usize, Finding> {
    // As the service opens it: with the log, which it recovers.
    let store = lagesbild::store::Store::open(data).map_err(|error| format!("does not open: {error}"))?;
    drop(store);
    let kept = Kept::read(data)?;
    let mut looked_for = 0;
    for (mark, (_, revision)) in told.iter().filter(|(_, (at, _))| *at < moment) {
        looked_for += 1;
        match kept.revisions.get(mark).map(Vec::as_slice) {
            Some([only]) if only == revision => {}
            found => return Err(format!("LOST: {mark} was acknowledged as revision {revision}, there is {found:?}")),
        }
    }
    Ok(looked_for)
}
