//! What was sent, what was answered, and whether the data file agrees.
//!
//! Every version of a record that a request makes carries a mark of its own in its text, so that each can be found
//! again: acknowledged ones exactly once and at the revision that was named, others not at all.

use std::collections::HashMap;
use std::path::Path;

use lagesbild::store::verify_audit;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::{Finding, OBSERVATIONS};

/// A change that may be sent again.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) key: String,
    method: &'static str,
    path: String,
    if_match: Option<String>,
    body: String,
    /// Marks of the versions it makes.
    pub(crate) marks: Vec<String>,
}

impl Request {
    /// A new record, whose id the service chooses.
    pub(crate) fn post(key: &str) -> Self {
        let marks = vec![key.to_string()];
        Self {
            key: key.to_string(),
            method: "POST",
            path: OBSERVATIONS.to_string(),
            if_match: None,
            body: feature(&marks[0]).to_string(),
            marks,
        }
    }

    /// New records, all or nothing.
    pub(crate) fn batch(key: &str, records: usize) -> Self {
        let marks: Vec<String> = (0..records).map(|i| format!("{key}i{i}")).collect();
        let features: Vec<Value> = marks.iter().map(|mark| feature(mark)).collect();
        let body = json!({"type": "FeatureCollection", "features": features}).to_string();
        Self { body, marks, ..Self::post(key) }
    }

    /// A new version of a record.
    pub(crate) fn put(key: &str, id: &str, revision: u64) -> Self {
        let (path, if_match) = (format!("{OBSERVATIONS}/{id}"), Some(format!("If-Match: \"{id}.{revision}\"")));
        Self { method: "PUT", path, if_match, ..Self::post(key) }
    }

    /// Sends it; what counts of the answer is kept with it.
    pub(crate) fn send(self, client: &mut Client) -> (Entry, Option<Answer>) {
        let answer = self.ask(client).ok();
        let outcome = match &answer {
            None => Outcome::Unanswered,
            Some(answer) if answer.is_acknowledgement() => match answer.revision() {
                Some(revision) => Outcome::Kept(revision),
                None => Outcome::Refused(answer.status),
            },
            Some(answer) => Outcome::Refused(answer.status),
        };
        (Entry { request: self, outcome }, answer)
    }

    /// Sends it, for the first time or again.
    pub(crate) fn ask(&self, client: &mut Client) -> std::io::Result<Answer> {
        let key = format!("Idempotency-Key: {}", self.key);
        let mut lines = vec![key.as_str(), "Content-Type: application/geo+json", "Prefer: return=minimal"];
        lines.extend(self.if_match.as_deref());
        client.send(self.method, &self.path, &lines, self.body.as_bytes())
    }
}

fn feature(mark: &str) -> Value {
    json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [14.69, 57.65]},
        "properties": {"category": "lighting", "start": "2025-03-01T12:00", "text": mark}})
}

/// What became of a request, as far as its sender knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Acknowledged, as this revision.
    Kept(u64),
    /// Answered with another status: nothing was promised.
    Refused(u16),
    /// No answer: it may be kept or not.
    Unanswered,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) request: Request,
    pub(crate) outcome: Outcome,
}

impl Entry {
    pub(crate) fn is_kept(&self) -> bool {
        matches!(self.outcome, Outcome::Kept(_))
    }
}

/// Everything that was sent to one data file.
#[derive(Debug, Default)]
pub(crate) struct Ledger(pub(crate) Vec<Entry>);

impl Ledger {
    /// Requests that were acknowledged.
    pub(crate) fn kept(&self) -> usize {
        self.0.iter().filter(|entry| entry.is_kept()).count()
    }

    /// Versions of records in them.
    pub(crate) fn kept_records(&self) -> usize {
        self.0.iter().filter(|entry| entry.is_kept()).map(|entry| entry.request.marks.len()).sum()
    }

    /// Sends everything that was not acknowledged again, with its key, as a client does after a lost answer. All of
    /// it must be taken now. Gives how many there were.
    pub(crate) fn send_again(&mut self, client: &mut Client) -> Result<usize, Finding> {
        let mut again = 0;
        for entry in self.0.iter_mut().filter(|entry| !entry.is_kept()) {
            let answer = entry.request.ask(client).map_err(|error| format!("{}: {error}", entry.request.key))?;
            match answer.revision().filter(|_| answer.is_acknowledgement()) {
                Some(revision) => entry.outcome = Outcome::Kept(revision),
                None => return Err(format!("{} sent again: {} {}", entry.request.key, answer.status, answer.text())),
            }
            again += 1;
        }
        Ok(again)
    }

    /// Compares with the data file: every acknowledged version is there once and at its revision, a request is there
    /// whole or not at all, and nothing is there that was not sent.
    pub(crate) fn compare(&self, data: &Path) -> Result<Kept, Finding> {
        let kept = Kept::read(data)?;
        let mut known = 0;
        for Entry { request, outcome } in &self.0 {
            let found: Vec<&[u64]> =
                request.marks.iter().map(|mark| kept.revisions.get(mark).map_or(&[][..], Vec::as_slice)).collect();
            known += found.iter().map(|revisions| revisions.len()).sum::<usize>();
            if let Some(at) = found.iter().position(|revisions| revisions.len() > 1) {
                return Err(format!("DOUBLED: {} stands at revisions {:?}", request.marks[at], found[at]));
            }
            let there = found.iter().filter(|revisions| revisions.len() == 1).count();
            if let Outcome::Kept(revision) = outcome {
                if there < request.marks.len() {
                    return Err(format!(
                        "LOST: {} was acknowledged as revision {revision}, {there} of {} records are there",
                        request.key,
                        request.marks.len()
                    ));
                }
                if let Some(other) = found.iter().find(|revisions| revisions[0] != *revision) {
                    return Err(format!("{} was acknowledged as {revision} and stands at {}", request.key, other[0]));
                }
            } else if there != 0 && there != request.marks.len() {
                return Err(format!("HALF: {there} of {} records of {}", request.marks.len(), request.key));
            }
        }
        if known != kept.versions {
            return Err(format!("{} versions carry marks, {known} of them were sent", kept.versions));
        }
        Ok(kept)
    }
}

/// What a data file holds of observations.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Revisions of the versions with a mark.
    pub(crate) revisions: HashMap<String, Vec<u64>>,
    /// Versions with a mark.
    pub(crate) versions: usize,
    /// Current rows, imported ones too.
    pub(crate) current: usize,
    /// Current rows without a mark, by the first two letters of their id: those of imports.
    pub(crate) imported: HashMap<String, usize>,
}

impl Kept {
    /// Reads it, and checks that the file is whole: SQLite's own check, both indexes, the chain of the audit log.
    pub(crate) fn read(data: &Path) -> Result<Self, Finding> {
        let at = |what: &'static str| move |error: rusqlite::Error| format!("DAMAGED, {what}: {error}");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(data, flags).map_err(at("opening"))?;
        connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(at("opening"))?;
        let verdict: String =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).map_err(at("integrity_check"))?;
        if verdict != "ok" {
            return Err(format!("DAMAGED: integrity_check says {verdict}"));
        }
        let mut kept = Self::default();
        let both = "SELECT id, text, revision, 1 FROM observations UNION ALL
             SELECT id, json_extract(record, '$.text'), from_revision, 0 FROM lagesbild_history WHERE collection = 'observations'";
        let mut statement = connection.prepare(both).map_err(at("reading"))?;
        let mut rows = statement.query([]).map_err(at("reading"))?;
        while let Some(row) = rows.next().map_err(at("reading"))? {
            let read =
                (row.get::<_, String>(0), row.get::<_, Option<String>>(1), row.get::<_, i64>(2), row.get::<_, bool>(3));
            let (Ok(id), Ok(mark), Ok(revision), Ok(is_current)) = read else {
                return Err("DAMAGED: a row cannot be read".to_string());
            };
            kept.current += usize::from(is_current);
            match mark {
                Some(mark) => {
                    kept.versions += 1;
                    kept.revisions.entry(mark).or_default().push(revision.unsigned_abs());
                }
                None => {
                    let prefix = id.split('.').next().unwrap_or_default().to_string();
                    *kept.imported.entry(prefix).or_default() += 1;
                }
            }
        }
        let count = |sql: &'static str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(at(sql));
        let with_geometry = count("SELECT count(*) FROM observations WHERE geom NOTNULL")?;
        let indexed = count(
            "SELECT count(*) FROM rtree_observations_geom AS r JOIN observations AS o ON o.fid = r.id WHERE geom NOTNULL",
        )?;
        let in_index = count("SELECT count(*) FROM rtree_observations_geom")?;
        if (indexed, in_index) != (with_geometry, with_geometry) {
            return Err(format!("INDEX: {in_index} entries, {indexed} of them of {with_geometry} records"));
        }
        let report = verify_audit(data, None).map_err(|error| format!("DAMAGED: {error}"))?;
        if let Some(fault) = report.faults.first() {
            return Err(format!("AUDIT: {fault}"));
        }
        Ok(kept)
    }
}

/// Asks the running service how many records lie in a box that holds them all: what was acknowledged is seen, also
/// through the index.
pub(crate) fn check_served(client: &mut Client, current: usize) -> Result<(), Finding> {
    let path = format!("{OBSERVATIONS}?limit=1&bbox=14,57,16,59");
    let answer = client.get(&path).map_err(|error| format!("{path}: {error}"))?;
    let matched = answer.json()["numberMatched"].as_u64();
    if matched == Some(current as u64) {
        return Ok(());
    }
    Err(format!("NOT SEEN: {current} records are kept, the service shows {matched:?}"))
}
