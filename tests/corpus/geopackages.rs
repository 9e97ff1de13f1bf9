//! GeoPackages with flipped bytes: an SQLite file from elsewhere is a file from elsewhere.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::case::{Case, Dice, RngExt, file};
use crate::service::program;

/// A GeoPackage of some observations, as our own export writes it.
fn good() -> &'static [u8] {
    static GOOD: OnceLock<Vec<u8>> = OnceLock::new();
    GOOD.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        let run = |args: &[&str]| {
            let mut command = Command::new(program().0);
            command.args(args).current_dir(folder.path()).env_clear().env("USER", "corpus").stdin(Stdio::null());
            let output = command.output().expect("starts");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        let rows: String = (0..60).map(|n| format!("g{n},2025-03-01,14.69,57.65,lighting\n")).collect();
        std::fs::write(folder.path().join("in.csv"), format!("id,datum,lon,lat,kategori\n{rows}")).expect("written");
        run(&["init", "d.gpkg"]);
        run(&["import", "in.csv", "--into", "observations", "--data", "d.gpkg"]);
        run(&["export", "observations", "--data", "d.gpkg", "--format", "gpkg", "--output", "o.gpkg"]);
        std::fs::read(folder.path().join("o.gpkg")).expect("read")
    })
}

pub(crate) fn make(at: usize, dice: &mut Dice) -> Case {
    let mut bytes = good().to_vec();
    let length = bytes.len();
    let what = match at % 6 {
        0 => {
            (0..dice.random_range(1..40))
                .for_each(|_| bytes[dice.random_range(100..length)] ^= dice.random_range(1..=255_u8));
            "flipped bytes"
        }
        1 => {
            bytes[dice.random_range(16..68)] ^= dice.random_range(1..=255_u8);
            "a bent header"
        }
        2 => {
            bytes.truncate(dice.random_range(100..length));
            "cut short"
        }
        3 => {
            let from = dice.random_range(1..length / 4096) * 4096;
            bytes[from..from + 4096].fill(dice.random());
            "a page of one byte"
        }
        4 => {
            // Text of the schema: names of tables, columns and types.
            let from = dice.random_range(100..8_000_usize.min(length));
            (from..(from + 12).min(length)).for_each(|at| bytes[at] = b'A' + bytes[at] % 26);
            "a bent schema"
        }
        _ => {
            let to = dice.random_range(0..length - 4096);
            let from = dice.random_range(0..length - 4096);
            bytes.copy_within(from..from + 4096, to);
            "bytes in another place"
        }
    };
    file(what, "in.gpkg", bytes)
}
