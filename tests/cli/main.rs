//! The program as people run it: real files in a folder of their own, exit codes, and the words that matter.

mod areas;
mod bad_input;
mod chicago;
mod exports;
mod followup;
mod geojson;
mod import;
#[path = "../support/lix.rs"]
mod lix;
mod manual;
mod operation;
mod people;
mod picture;
mod release;
mod round_trip;
mod running_service;
mod settings;
#[path = "../support/skip.rs"]
mod skip;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder for one test, in which the program runs.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("temporary folder"))
    }

    /// A folder with an empty data file `d.gpkg` of the places of Nässjö.
    pub(crate) fn with_data() -> Self {
        let folder = Self::new();
        folder.run(&["init", "d.gpkg"]).ok();
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names of everything in the folder.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("readable");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lagesbild"));
        command.args(args).current_dir(self.0.path()).env_clear().env("USER", "tester").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args), args)
    }

    /// Imports a CSV as observations of `d.gpkg`.
    pub(crate) fn import(&self, csv: &str, more: &[&str]) -> Ran {
        self.write("in.csv", csv);
        let mut args = vec!["import", "in.csv", "--into", "observations", "--data", "d.gpkg"];
        args.extend(more);
        self.run(&args)
    }

    /// Records in `d.gpkg`, counted by the table of areas.
    pub(crate) fn records(&self) -> u64 {
        let json = self.run(&["areas", "--data", "d.gpkg", "--format", "json"]).ok().json();
        json["total"]["count"].as_u64().expect("a whole number")
    }
}

/// What a run gave.
pub(crate) struct Ran {
    what: String,
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(mut command: Command, args: &[&str]) -> Self {
        let output = command.output().expect("the program starts");
        Self {
            what: args.join(" "),
            code: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Ended with this code.
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "lagesbild {}\n{}{}", self.what, self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    pub(crate) fn ok(self) -> Self {
        self.code(0)
    }

    /// Said all of this on standard error.
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "lagesbild {}: '{word}' is not in\n{}", self.what, self.err);
        }
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A column of a CSV by the id in its first column.
pub(crate) fn column(csv: &str, name: &str) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let at = reader.headers().expect("headings").iter().position(|h| h == name).expect("the column");
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[0].to_string(), row[at].to_string())).collect()
}

/// What `ogrinfo` says about a file, or `None`, said aloud, when it is not installed.
pub(crate) fn ogrinfo(path: &Path, args: &[&str]) -> Option<String> {
    match Command::new("ogrinfo").arg("-ro").args(args).arg(path).output() {
        Ok(output) => {
            let text =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success(), "{text}");
            Some(text)
        }
        Err(_) => {
            skip::skip("ogrinfo (Debian: gdal-bin) is not installed; nothing was read back by GDAL");
            None
        }
    }
}
