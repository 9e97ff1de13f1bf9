//! A full disk: writes are refused with 507 at once, reads go on, and when there is room again so do writes, without
//! a restart.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::ledger::{Ledger, Request, check_served};
use crate::service::{How, Service};
use crate::{Finding, OBSERVATIONS, alone, count, new_file, skip, tell};

/// Bytes that are freed again.
const BALLAST: usize = 1 << 20;
/// To the answer that the disk is full.
const AT_ONCE: Duration = Duration::from_secs(1);

/// A small disk in memory, unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None`, said aloud, where nothing may be mounted.
    fn of(kib: usize) -> Option<Self> {
        let folder = tempfile::tempdir().expect("temporary folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"]).arg(folder.path());
        match mount.output() {
            Ok(output) if output.status.success() => Some(Self(folder)),
            other => {
                let why =
                    other.map_or_else(|e| e.to_string(), |o| String::from_utf8_lossy(&o.stderr).trim().to_string());
                skip::skip(&format!("a small disk cannot be mounted ({why}): a full disk was not tried"));
                None
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // A lazy one works also while a file is still open.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

#[test]
fn on_a_full_disk_writes_are_refused_at_once_reads_go_on_and_room_is_enough_to_write_again() {
    let _alone = alone();
    let sizes = count("DISK_SIZES", 2, 20);
    let begun = Instant::now();
    let (mut slowest, mut acknowledged) = (Duration::ZERO, 0);
    for number in 0..sizes {
        // From hardly more than the empty file to some thousands of records.
        let kib = 2_600 + number * 977;
        let Some(disk) = SmallDisk::of(kib) else { return };
        let (took, kept) = fill(&disk, number).unwrap_or_else(|finding| panic!("{kib} KiB: {finding}"));
        slowest = slowest.max(took);
        acknowledged += kept;
    }
    tell(&format!(
        "full disk: {sizes} sizes, {acknowledged} records acknowledged, slowest 507 after {} ms, {:.0} s in all; reads \
         went on, writes again after room was made; lost 0",
        slowest.as_millis(),
        begun.elapsed().as_secs_f64()
    ));
}

/// Gives the longest time to a 507, and how many records were acknowledged.
fn fill(disk: &SmallDisk, number: usize) -> Result<(Duration, usize), Finding> {
    let (data, ballast) = (disk.path("d.gpkg"), disk.path("ballast"));
    new_file(&data);
    std::fs::write(&ballast, vec![1; BALLAST]).map_err(|error| format!("ballast: {error}"))?;
    let service = Service::try_start(&data, &How::default())?;
    let mut client = service.client();
    let mut ledger = Ledger::default();
    let (mut slowest, mut refused) = (Duration::ZERO, 0);
    for n in 0.. {
        let key = format!("d{number}n{n}");
        let request = if n % 2 == 0 { Request::batch(&key, 200) } else { Request::post(&key) };
        let asked = Instant::now();
        let (entry, answer) = request.send(&mut client);
        let is_kept = entry.is_kept();
        ledger.0.push(entry);
        if is_kept {
            continue;
        }
        let took = asked.elapsed();
        slowest = slowest.max(took);
        match answer.map(|answer| answer.status) {
            Some(507) if took < AT_ONCE => refused += 1,
            other => return Err(format!("a write on a full disk: {other:?} after {took:?}")),
        }
        for path in [&format!("{OBSERVATIONS}?limit=1"), "/api/areas/summary", "/healthz"] {
            let status = client.get(path).map_err(|error| format!("{path}: {error}"))?.status;
            if status != 200 {
                return Err(format!("{path} on a full disk: {status}"));
            }
        }
        if refused == 6 {
            break;
        }
    }
    let before = ledger.kept_records();
    std::fs::remove_file(&ballast).map_err(|error| format!("ballast: {error}"))?;
    let (entry, answer) = Request::batch(&format!("d{number}room"), 20).send(&mut client);
    if !entry.is_kept() {
        return Err(format!("after room was made: {answer:?}"));
    }
    ledger.0.push(entry);
    // What was refused was not kept, also not in part.
    let kept = ledger.compare(&data)?;
    if kept.versions != ledger.kept_records() {
        return Err(format!("{} versions are kept, {} were acknowledged", kept.versions, ledger.kept_records()));
    }
    check_served(&mut client, kept.current)?;
    service.kill();
    again(&data, &ledger)?;
    Ok((slowest, before))
}

/// After a restart it is all there as well.
fn again(data: &Path, ledger: &Ledger) -> Result<(), Finding> {
    let service = Service::try_start(data, &How::default())?;
    let kept = ledger.compare(data)?;
    check_served(&mut service.client(), kept.current)?;
    service.stop();
    ledger.compare(data).map(|_| ())
}
