//! Sixteen at once send the same request with the same key, before and after a `kill -9`: it is done once.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use rand::RngExt;

use crate::client::Client;
use crate::ledger::{Entry, Ledger, Outcome, Request};
use crate::service::{How, Service};
use crate::{Finding, Folder, alone, count, seeded, tell};

const AT_ONCE: usize = 16;
/// Keys between two kills.
const KEYS_OF_A_RUN: usize = 40;

#[test]
fn sixteen_parallel_retries_with_one_key_make_one_record_also_across_a_restart() {
    let _alone = alone();
    let requests = count("RETRIES", 16 * 60, 100_000);
    let begun = Instant::now();
    let done = retry_across_restarts(&How::default(), 1, requests.div_ceil(AT_ONCE));
    let (requests, restarts) = done.unwrap_or_else(|finding| panic!("seed 1: {finding}"));
    let took = begun.elapsed().as_secs_f64();
    tell(&format!("retries: {requests} requests, {AT_ONCE} at once, {restarts} restarts, {took:.0} s; 0 duplicates"));
}

/// Gives how many requests were sent and how often the service was started again.
pub(crate) fn retry_across_restarts(how: &How, seed: u64, keys: usize) -> Result<(usize, usize), Finding> {
    let folder = Folder::new();
    let data = folder.data();
    let mut random = seeded(seed);
    let mut service = Service::try_start(&data, how)?;
    let (mut sent, mut restarts) = (0, 0);
    let mut ledger = Ledger::default();
    let mut left = keys;
    while left > 0 {
        let run = left.min(KEYS_OF_A_RUN);
        left -= run;
        // The last key of a run is under way when the service is killed, or has just been answered.
        for number in 0..run - 1 {
            let request = Request::post(&format!("k{left}n{number}"));
            let answers = at_once(&service, &request, None);
            sent += AT_ONCE;
            ledger.0.push(judged(request, &answers)?);
        }
        let request = Request::post(&format!("k{left}last"));
        let moment = Duration::from_micros(random.random_range(0..20_000));
        let before = at_once(&service, &request, Some((moment, service.id())));
        service.kill();
        service = Service::try_start(&data, how)?;
        restarts += 1;
        let after = at_once(&service, &request, None);
        sent += 2 * AT_ONCE;
        let all: Vec<_> = before.into_iter().chain(after).collect();
        ledger.0.push(judged(request, &all)?);
    }
    ledger.compare(&data)?;
    Ok((sent, restarts))
}

/// What sixteen clients were answered; with a moment, the process is killed then.
fn at_once(service: &Service, request: &Request, killed: Option<(Duration, u32)>) -> Vec<Option<(u16, Option<u64>)>> {
    let mut clients: Vec<Client> = (0..AT_ONCE).map(|_| service.client()).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = clients
            .iter_mut()
            .map(|client| {
                scope.spawn(move || {
                    let answer = request.ask(client).ok()?;
                    Some((answer.status, answer.revision()))
                })
            })
            .collect();
        if let Some((moment, id)) = killed {
            std::thread::sleep(moment);
            let killed = std::process::Command::new("kill").args(["-9", &id.to_string()]).status();
            assert!(killed.expect("kill is there").success());
        }
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// Every acknowledgement names the same revision; all else is "under way" or no answer.
fn judged(request: Request, answers: &[Option<(u16, Option<u64>)>]) -> Result<Entry, Finding> {
    let told = answers.iter().flatten();
    if let Some(other) = told.clone().find(|(status, _)| ![201, 409].contains(status)) {
        return Err(format!("{} was answered {other:?}", request.key));
    }
    let revisions: HashSet<u64> = told.filter(|(status, _)| *status == 201).filter_map(|(_, r)| *r).collect();
    match revisions.len() {
        1 => Ok(Entry { request, outcome: Outcome::Kept(revisions.into_iter().next().expect("one")) }),
        0 => Err(format!("{} was never acknowledged: {answers:?}", request.key)),
        _ => Err(format!("DOUBLED: {} was acknowledged as revisions {revisions:?}", request.key)),
    }
}
