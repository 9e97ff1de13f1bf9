//! Faults the service must survive: a real `lagesbild serve` as a child process, clients that keep a ledger of what
//! was acknowledged, and a comparison of the ledger with the data file afterwards.
//!
//! Acknowledged means kept: lost 0, doubled 0, half a change 0. Results with dates are in `docs/reliability.md`.
//!
//! A short round runs with the other tests. `LAGESBILD_FAULTS=full` runs the long one (`.ci/full`), and
//! `LAGESBILD_BIN` names another program to try, such as the release build. Every random choice comes from a seed,
//! which is told when something is found. What these tests start they end by its process id, also when they fail.

mod client;
mod clock;
mod disk;
mod disk_errors;
mod disk_full;
mod edits;
mod kill;
mod ledger;
mod planted;
mod power_loss;
mod recording;
mod retries;
mod service;
#[path = "../support/skip.rs"]
mod skip;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

pub(crate) const OBSERVATIONS: &str = "/api/collections/observations/items";

/// Something that must not be, in words, with the seed that shows it again.
pub(crate) type Finding = String;

/// Whether the long round was asked for.
pub(crate) fn is_full() -> bool {
    std::env::var("LAGESBILD_FAULTS").is_ok_and(|size| size == "full")
}

/// How many: in the short round, in the long one; `LAGESBILD_FAULTS_<NAME>` overrules both.
pub(crate) fn count(name: &str, short: usize, full: usize) -> usize {
    let asked = std::env::var(format!("LAGESBILD_FAULTS_{name}")).ok();
    asked.map_or(if is_full() { full } else { short }, |text| text.parse().expect("a whole number"))
}

/// The program under test.
pub(crate) fn program() -> PathBuf {
    let named = std::env::var_os("LAGESBILD_BIN").map(PathBuf::from);
    let program = named.unwrap_or_else(|| env!("CARGO_BIN_EXE_lagesbild").into());
    // It is started in folders of its own.
    std::path::absolute(&program).unwrap_or(program)
}

pub(crate) fn seeded(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// One fault at a time: they compete for two cores, and moments matter.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says a figure of this run, for `docs/reliability.md`; seen with `--nocapture`.
pub(crate) fn tell(figure: &str) {
    eprintln!("FAULTS: {figure}");
}

/// A folder with a new data file `d.gpkg` of the places of Nässjö, without records.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        new_file(&folder.path().join("d.gpkg"));
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("d.gpkg")
    }
}

/// Copies a data file without records to this place; the first is made by `lagesbild init`.
pub(crate) fn new_file(at: &Path) {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = EMPTY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        let made = Command::new(program()).args(["init", "d.gpkg"]).current_dir(folder.path()).output();
        let made = made.expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        std::fs::read(folder.path().join("d.gpkg")).expect("made")
    });
    std::fs::write(at, bytes).expect("written");
}

/// Whether a program of the system is there; says so when it is not.
pub(crate) fn has(command: &str, for_what: &str) -> bool {
    let there = Command::new(command).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        skip::skip(&format!("{command} is not installed: {for_what}"));
    }
    there
}
