//! What handlers share, and how a computed answer is given.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::access::Gate;
use super::etag::{self, AnswerKey};
use super::followup::Books;
use super::health::DataStatus;
use super::heavy::Heavy;
use super::problem::Problem;
use super::route::{Answer, Call, Param};
use super::uploads::Uploads;
use crate::domain::{Counted, local_date};
use crate::public::shelf::Shelf;
use crate::spatial::Snapshot;
use crate::store::Store;
use crate::wire::json_limits::JsonLimits;
use crate::wire::layers::LayerLimits;
use crate::wire::{BadWord, Word, Words};

/// What handlers share. Cloning copies pointers.
#[derive(Clone, Debug)]
pub struct State {
    /// Where snapshots come from.
    pub store: Store,
    /// Turns for computations.
    pub heavy: Heavy,
    /// What one answer may cost.
    pub limits: LayerLimits,
    /// What a body of records may ask for.
    pub json: JsonLimits,
    /// Age of the newest record, in days, from which pages warn.
    pub stale_after_days: u32,
    /// The clock; tests hand in another.
    pub now: fn() -> Timestamp,
    /// Who may come in; holds the people as they are now.
    pub gate: Gate,
    /// Files that were sent and not yet imported.
    pub uploads: Uploads,
    /// What is published; to be read again after something was published or withdrawn.
    pub shelf: Shelf,
    /// The book of the follow-up at the newest revision asked for.
    pub books: Books,
    /// Version of the code, different for every build: part of every tag.
    pub build: Arc<str>,
}

impl State {
    /// Today in the zone of the data file.
    pub fn today(&self, snapshot: &Snapshot) -> Date {
        local_date((self.now)().as_second(), snapshot.zone())
    }

    /// What `/readyz` and `/metrics` say about the data. Cheap but for one pass over the start times.
    pub fn data_status(&self) -> DataStatus {
        let snapshot = self.store.snapshot();
        let newest = Counted::ALL.iter().filter_map(|of| snapshot.extent_in_time(*of)).map(|(_, last)| last).max();
        let age = newest.map(|last| ((self.now)().as_second() - last).div_euclid(86_400).max(0));
        DataStatus {
            not_ready: self.store.failure().map(|_| "nothing is written: writing to the disk failed".to_string()),
            revision: snapshot.revision(),
            records: Counted::ALL.iter().map(|of| snapshot.table(*of).len() as u64).sum(),
            data_age_days: age,
            stale: age.is_some_and(|days| days > i64::from(self.stale_after_days)),
        }
    }
}

/// How an answer is labelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) media_type: &'static str,
    pub(super) language: &'static str,
}

/// Gives an answer that is a pure function of the snapshot and `request`: 304 before any work when
/// the client has it, otherwise `compute` on a thread for heavy work.
///
/// `request` holds the path and every parameter with its default resolved, and today's date when
/// the answer depends on it.
pub(super) async fn computed<F>(
    call: &Call<State>,
    snapshot: Arc<Snapshot>,
    request: String,
    form: Form,
    compute: F,
) -> Answer
where
    F: FnOnce(&Snapshot) -> Result<Vec<u8>, Problem> + Send + 'static,
{
    let heavy = call.state.heavy.clone();
    // Two data files may be at the same revision number, and publishing is no revision.
    let request = format!("{} {:?} {request}", snapshot.facts().identity, call.state.books.publications());
    answer_with(call, snapshot.revision(), &request, form, async move || heavy.run(move || compute(&snapshot)).await?)
        .await
}

async fn answer_with<F>(call: &Call<State>, revision: u64, request: &str, form: Form, compute: F) -> Answer
where
    F: AsyncFnOnce() -> Result<Vec<u8>, Problem>,
{
    let key = AnswerKey {
        revision,
        request,
        media_type: form.media_type,
        language: form.language,
        roles: &call.actor.roles,
        today: None,
        code: &call.state.build,
    };
    etag::answer(&call.headers, &key, compute).await
}

/// The words of a call, checked against the tables of its route.
pub(super) fn words(call: &Call<State>, tables: &[&[Word]]) -> Result<Words, Problem> {
    let pairs = call.pairs.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    Words::new(pairs, tables).map_err(Problem::from)
}

/// Word tables as parameters of a route.
pub(super) fn params(tables: &[&[Word]]) -> Vec<Param> {
    tables.iter().flat_map(|words| words.iter()).map(|w| Param::query(w.name, w.meaning, w.accepted)).collect()
}

impl From<BadWord> for Problem {
    fn from(bad: BadWord) -> Self {
        Self::InvalidParameter { parameter: bad.name, value: bad.value, reason: bad.reason, accepted: bad.accepted }
    }
}
