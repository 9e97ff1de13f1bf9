//! Many clients change the same records, each saying which version it changes: no change is overwritten unseen, and
//! what they were told fits one order of events.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::ledger::{Entry, Ledger, Outcome, Request};
use crate::service::{How, Service};
use crate::{Finding, Folder, OBSERVATIONS, alone, count, seeded, tell};

const CLIENTS: u64 = 8;
const RECORDS: usize = 3;

/// One thing a client did to one record, with the time between question and answer.
#[derive(Clone, Debug)]
struct Event {
    record: usize,
    from: Instant,
    to: Instant,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// It read this revision.
    Read(u64),
    /// It made `made` out of `of`.
    Changed { of: u64, made: u64 },
    /// Its change of `of` was refused as stale.
    Refused { of: u64 },
}

#[test]
fn of_conflicting_edits_none_is_overwritten_unseen_and_the_history_is_linearisable() {
    let _alone = alone();
    let edits = count("EDITS", 600, 10_000);
    let begun = Instant::now();
    let done = conflicting_edits(&How::default(), 1, edits);
    let (kept, refused) = done.unwrap_or_else(|finding| panic!("seed 1: {finding}"));
    let took = begun.elapsed().as_secs_f64();
    tell(&format!(
        "conflicting edits: {} by {CLIENTS} clients on {RECORDS} records, {kept} kept, {refused} refused as stale, \
         {took:.0} s; 0 lost updates, linearisable",
        kept + refused
    ));
    assert!(refused > 0 && kept > 0, "there was no conflict");
}

/// Gives how many edits were kept and how many refused.
pub(crate) fn conflicting_edits(how: &How, seed: u64, edits: usize) -> Result<(usize, usize), Finding> {
    let folder = Folder::new();
    let data = folder.data();
    let service = Service::try_start(&data, how)?;
    let mut client = service.client();
    let mut ledger = Ledger::default();
    let mut records = Vec::new();
    for number in 0..RECORDS {
        let (entry, answer) = Request::post(&format!("first{number}")).send(&mut client);
        let made = answer.and_then(|answer| Some((answer.id()?, answer.revision()?)));
        records.push(made.ok_or_else(|| format!("a record could not be made: {entry:?}"))?);
        ledger.0.push(entry);
    }
    let each = edits.div_ceil(usize::try_from(CLIENTS).expect("small"));
    let done: Vec<(Vec<Entry>, Vec<Event>)> = std::thread::scope(|scope| {
        let one = |number: u64| {
            let (service, records) = (&service, &records);
            scope.spawn(move || edit(service, records, number, each, seed ^ number))
        };
        let threads: Vec<_> = (0..CLIENTS).map(one).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    service.stop();
    let mut events = Vec::new();
    for (entries, seen) in done {
        ledger.0.extend(entries);
        events.extend(seen);
    }
    // A refused edit left nothing.
    ledger.compare(&data)?;
    for (record, (id, first)) in records.iter().enumerate() {
        let events: Vec<&Event> = events.iter().filter(|event| event.record == record).collect();
        check_order(&events, *first)?;
        check_chain(&data, id, *first, &events)?;
    }
    let refused = events.iter().filter(|event| matches!(event.what, What::Refused { .. })).count();
    Ok((events.iter().filter(|event| matches!(event.what, What::Changed { .. })).count(), refused))
}

fn edit(service: &Service, records: &[(String, u64)], name: u64, edits: usize, seed: u64) -> (Vec<Entry>, Vec<Event>) {
    let mut client = service.client();
    let mut random = seeded(seed);
    let (mut entries, mut events) = (Vec::new(), Vec::new());
    for number in 0..edits {
        let record = random.random_range(0..records.len());
        let id = &records[record].0;
        let from = Instant::now();
        let read = client.get(&format!("{OBSERVATIONS}/{id}")).expect("answered");
        let of = read.revision().unwrap_or_else(|| panic!("{} {}", read.status, read.text()));
        events.push(Event { record, from, to: Instant::now(), what: What::Read(of) });
        if random.random_bool(0.5) {
            // Somebody else may be faster.
            std::thread::sleep(Duration::from_micros(random.random_range(0..3_000)));
        }
        let from = Instant::now();
        let (entry, answer) = Request::put(&format!("c{name}n{number}"), id, of).send(&mut client);
        let what = match (entry.outcome, answer.map(|answer| answer.status)) {
            (Outcome::Kept(made), _) => What::Changed { of, made },
            (_, Some(412)) => What::Refused { of },
            other => panic!("an edit was answered {other:?}"),
        };
        events.push(Event { record, from, to: Instant::now(), what });
        entries.push(entry);
    }
    (entries, events)
}

/// A record behaves as one cell with compare-and-set. Its revisions order the changes, so it is enough that no event
/// contradicts the clock: what had been answered before an event began is not younger than what the event saw.
fn check_order(events: &[&Event], first: u64) -> Result<(), Finding> {
    let mut by_end: Vec<&&Event> = events.iter().collect();
    by_end.sort_by_key(|event| event.to);
    let mut by_begin: Vec<&&Event> = events.iter().collect();
    by_begin.sort_by_key(|event| event.from);
    let (mut newest_known, mut ended) = (first, by_end.iter().peekable());
    for event in by_begin {
        while let Some(before) = ended.next_if(|before| before.to < event.from) {
            let shown = match before.what {
                What::Read(revision) => revision,
                What::Changed { made, .. } => made,
                What::Refused { of } => of,
            };
            newest_known = newest_known.max(shown);
        }
        match event.what {
            What::Read(revision) if revision < newest_known => {
                return Err(format!("revision {revision} was read after {newest_known} had been told"));
            }
            What::Changed { of, .. } if of < newest_known => {
                return Err(format!("LOST UPDATE: {of} was changed after {newest_known} had been told"));
            }
            What::Changed { of, made } if made <= of => return Err(format!("{made} was made of {of}")),
            _ => {}
        }
    }
    let begun = |revision: u64| {
        events.iter().find_map(|event| match event.what {
            What::Changed { made, .. } if made == revision => Some(event.from),
            _ => None,
        })
    };
    for event in events {
        match event.what {
            What::Read(revision) if begun(revision).is_some_and(|begun| begun > event.to) => {
                return Err(format!("revision {revision} was read before anybody had made it"));
            }
            What::Refused { of } => {
                let is_stale = |other: &&&Event| {
                    matches!(other.what, What::Changed { of: theirs, .. } if theirs == of) && other.from <= event.to
                };
                if events.iter().find(is_stale).is_none() {
                    return Err(format!("a change of revision {of} was refused as stale, and it was current"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The versions of a record are the acknowledged changes, each made of the one before.
fn check_chain(data: &Path, id: &str, first: u64, events: &[&Event]) -> Result<(), Finding> {
    let mut made_of: HashMap<u64, u64> = HashMap::new();
    for event in events {
        if let What::Changed { of, made } = event.what
            && made_of.insert(made, of).is_some()
        {
            return Err(format!("two changes were acknowledged as revision {made}"));
        }
    }
    let store = lagesbild::store::Store::open(data).map_err(|error| error.to_string())?;
    let id = lagesbild::domain::Id::new(id).map_err(|error| error.to_string())?;
    let versions = store.versions(lagesbild::domain::Collection::Observations, &id).map_err(|e| e.to_string())?;
    let revisions: Vec<u64> = versions.iter().map(|version| version.revision).collect();
    if revisions.first() != Some(&first) || revisions.len() != made_of.len() + 1 {
        let (there, told) = (revisions.len(), made_of.len());
        return Err(format!("{id} has {there} versions, and {told} changes were acknowledged"));
    }
    for pair in revisions.windows(2) {
        match made_of.get(&pair[1]) {
            Some(of) if *of == pair[0] => {}
            of => return Err(format!("LOST UPDATE: {} follows {} and was made of {of:?}", pair[1], pair[0])),
        }
    }
    Ok(())
}
