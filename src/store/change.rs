//! What a request wants changed, and how it is done inside a transaction.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::audit::{self, AuditAction, Entry};
use super::data_file::ensure_term;
use super::versions::{self, Content};
use super::{StoreError, overlap, planted, rtree};
use crate::domain::{Activity, Actor, Booking, Collection, Counted, Id, Observation, Record, Report, Source, Survey};

/// What must be there for an operation to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expect {
    /// Whatever is there.
    #[default]
    Any,
    /// No current version of this id.
    New,
    /// Exactly this version.
    Revision(u64),
}

/// One thing to be done to one record.
// Nearly every value is the large one, so a box would only cost.
#[expect(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// The record becomes the current version of its id.
    Put {
        /// The new version.
        record: Record,
        /// What it replaces.
        expect: Expect,
    },
    /// The current version ends and none follows.
    Withdraw {
        /// Collection of the record.
        collection: Collection,
        /// Its id.
        id: Id,
        /// Why, in words.
        reason: String,
        /// What is withdrawn.
        expect: Expect,
    },
}

impl Operation {
    /// Puts a record whatever is there.
    pub fn put(record: Record) -> Self {
        Self::Put { record, expect: Expect::Any }
    }

    /// Collection and id it is about.
    pub fn subject(&self) -> (Collection, &Id) {
        match self {
            Self::Put { record, .. } => (record.collection(), record.id()),
            Self::Withdraw { collection, id, .. } => (*collection, id),
        }
    }
}

/// The name under which a request may be sent again without being done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryKey {
    /// Chosen by the client; unique for the actor.
    pub key: String,
    /// Hash of method, path and body: the same key with another request is refused.
    pub request_sha256: String,
}

/// One revision to be: everything in it is kept, or nothing.
#[derive(Clone, Debug, Default)]
pub struct WriteRequest {
    /// What it is, for the log; empty for a plain list of the records.
    pub what: String,
    /// A record may stand in a request only once.
    pub operations: Vec<Operation>,
    /// For requests that may be sent again.
    pub retry: Option<RetryKey>,
}

/// What was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The revision.
    pub revision: u64,
    /// Its records in the order of the operations.
    pub records: Vec<(Collection, Id)>,
    /// Whether it had been kept by an earlier request with the same key.
    pub replayed: bool,
}

/// Records to put whatever is there, and ids to withdraw: the plain form of a [`WriteRequest`].
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What it is, for the log.
    pub what: String,
    /// Observations; one with a known id replaces the current version.
    pub observations: Vec<Observation>,
    /// Activities; one with a known id replaces the current version.
    pub activities: Vec<Activity>,
    /// Records taken back, with the reason.
    pub withdrawn: Vec<(Counted, Id, String)>,
    /// Weekly reports of organisations; ids must be new.
    pub reports: Vec<Report>,
    /// Survey waves; ids must be new.
    pub surveys: Vec<Survey>,
}

impl From<Change> for WriteRequest {
    fn from(change: Change) -> Self {
        let new = |record| Operation::Put { record, expect: Expect::New };
        let withdraw = |(collection, id, reason): (Counted, Id, String)| Operation::Withdraw {
            collection: collection.into(),
            id,
            reason,
            expect: Expect::Any,
        };
        let observations = change.observations.into_iter().map(Record::Observation).map(Operation::put);
        let activities = change.activities.into_iter().map(Record::Activity).map(Operation::put);
        let reports = change.reports.into_iter().map(Record::Report).map(new);
        let surveys = change.surveys.into_iter().map(Record::Survey).map(new);
        let withdrawn = change.withdrawn.into_iter().map(withdraw);
        let operations = withdrawn.chain(observations).chain(activities).chain(reports).chain(surveys).collect();
        Self { what: change.what, operations, retry: None }
    }
}

/// Whose records a file may hold.
#[derive(Clone, Debug)]
pub(super) struct Controller {
    /// `municipality` or `police`.
    pub(super) controller: String,
    /// The rule that allows records of the other's source class, when one was named.
    pub(super) legal_basis: Option<String>,
}

impl Controller {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let meta = |key: &str| {
            connection
                .prepare_cached("SELECT value FROM lagesbild_meta WHERE key = ?1")?
                .query_row([key], |row| row.get::<_, String>(0))
                .optional()
        };
        Ok(Self { controller: meta("controller")?.unwrap_or_default(), legal_basis: meta("legal_basis")? })
    }

    /// Refuses a record of the other controller's source class, and an invitation to what is not announced.
    pub(super) fn check(&self, record: &Record) -> Result<(), StoreError> {
        if let Record::Booking(booking) = record {
            Booking::check_invitation(&booking.kind, booking.invitation)?;
        }
        let Record::Observation(Observation { source: Some(source), .. }) = record else { return Ok(()) };
        let owner = match source {
            Source::PoliceReport | Source::PoliceInitiated => "police",
            Source::MunicipalReport => "municipality",
            Source::Citizen | Source::Survey | Source::Inventory | Source::Feed => return Ok(()),
        };
        if owner == self.controller || self.legal_basis.is_some() {
            return Ok(());
        }
        Err(StoreError::OtherController { source_class: source.code(), controller: self.controller.clone() })
    }
}

/// Does a request inside the caller's transaction: all of it, or an error and the caller undoes it.
///
/// The actor's key is asked first: a request that was kept before is answered and not done again.
pub(super) fn apply(
    connection: &Connection,
    actor: &Actor,
    request: &WriteRequest,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Receipt, StoreError> {
    if let Some(receipt) = kept_before(connection, actor, request, wrap)? {
        return Ok(receipt);
    }
    check_ids_once(&request.operations)?;
    let controller = Controller::read(connection).map_err(wrap)?;
    let revision = audit::newest_revision(connection).map_err(wrap)? + 1;
    let mut content = Content::default();
    let mut touched: HashSet<Collection> = HashSet::new();
    let mut known: HashSet<(&str, &str)> = HashSet::new();
    // What ends goes first, so that a new record may take its place.
    let (ending, putting): (Vec<_>, Vec<_>) =
        request.operations.iter().partition(|operation| matches!(operation, Operation::Withdraw { .. }));
    for operation in ending.into_iter().chain(putting) {
        let (collection, id) = operation.subject();
        let (expect, reason) = match operation {
            Operation::Put { expect, .. } => (*expect, "replaced"),
            Operation::Withdraw { expect, reason, .. } => (*expect, reason.as_str()),
        };
        check_expected(connection, collection, id, expect, wrap)?;
        // What is expected to be new was found not to be there.
        let ended = match expect {
            Expect::New => None,
            Expect::Any | Expect::Revision(_) => {
                versions::end(connection, collection, id.as_str(), revision, reason, &mut content).map_err(wrap)?
            }
        };
        match operation {
            Operation::Withdraw { .. } if ended.is_none() => {
                return Err(StoreError::UnknownId { collection: collection.code(), id: id.to_string() });
            }
            Operation::Withdraw { .. } => {}
            Operation::Put { record, .. } => {
                controller.check(record)?;
                for (table, code) in super::terms_of(record) {
                    if !known.contains(&(table, code)) {
                        ensure_term(connection, table, code).map_err(wrap)?;
                        known.insert((table, code));
                    }
                }
                versions::put(connection, record, None, revision, &mut content).map_err(wrap)?;
            }
        }
        touched.insert(collection);
    }
    // When all of them stand: counts of one request may change places.
    for operation in &request.operations {
        if let Operation::Put { record, .. } = operation {
            overlap::check(connection, record, wrap)?;
        }
    }
    for collection in touched.into_iter().filter(|collection| collection.has_geometry()) {
        rtree::refresh_extent(connection, collection.table()).map_err(wrap)?;
    }
    let subject = subject(request);
    let entry = Entry {
        action: AuditAction::Write,
        subject: &subject,
        reason: None,
        revision: Some(revision),
        import_id: None,
        content_sha256: Some(&content.sha256()),
    };
    audit::append(connection, actor, &entry).map_err(wrap)?;
    let records: Vec<(Collection, Id)> = request
        .operations
        .iter()
        .map(|operation| {
            let (collection, id) = operation.subject();
            (collection, id.clone())
        })
        .collect();
    remember(connection, actor, request, revision, &records).map_err(wrap)?;
    Ok(Receipt { revision: revision.unsigned_abs(), records, replayed: false })
}

fn subject(request: &WriteRequest) -> String {
    if !request.what.is_empty() {
        return request.what.clone();
    }
    let one = |operation: &Operation| {
        let (collection, id) = operation.subject();
        format!("{}/{id}", collection.code())
    };
    match request.operations.as_slice() {
        [] => "nothing".to_string(),
        [only] => one(only),
        [first, rest @ ..] => format!("{} and {} more", one(first), rest.len()),
    }
}

/// A revision has one version of a record.
fn check_ids_once(operations: &[Operation]) -> Result<(), StoreError> {
    let mut seen = HashSet::with_capacity(operations.len());
    for operation in operations {
        let (collection, id) = operation.subject();
        if !seen.insert((collection, id)) {
            return Err(StoreError::RepeatedId { collection: collection.code(), id: id.to_string() });
        }
    }
    Ok(())
}

fn check_expected(
    connection: &Connection,
    collection: Collection,
    id: &Id,
    expect: Expect,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<(), StoreError> {
    if expect == Expect::Any {
        return Ok(());
    }
    let current = versions::current_revision(connection, collection.table(), id.as_str()).map_err(wrap)?;
    let (name, id) = (collection.code(), id.to_string());
    match (expect, current.map(i64::unsigned_abs)) {
        (Expect::New, Some(_)) => Err(StoreError::DuplicateId { collection: name, id }),
        (Expect::Revision(_), None) => Err(StoreError::UnknownId { collection: name, id }),
        (Expect::Revision(asked), Some(current)) if asked != current && !planted::is("ignore-if-match") => {
            Err(StoreError::Stale { collection: name, id, current })
        }
        _ => Ok(()),
    }
}

fn kept_before(
    connection: &Connection,
    actor: &Actor,
    request: &WriteRequest,
    wrap: &dyn Fn(rusqlite::Error) -> StoreError,
) -> Result<Option<Receipt>, StoreError> {
    let Some(retry) = request.retry.as_ref().filter(|_| !planted::is("forget-key")) else { return Ok(None) };
    let kept: Option<(String, i64, String)> = connection
        .prepare_cached("SELECT request_sha256, revision, records FROM lagesbild_retry WHERE actor = ?1 AND key = ?2")
        .and_then(|mut s| {
            s.query_row([&actor.id, &retry.key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
        })
        .map_err(wrap)?;
    let Some((sha256, revision, records)) = kept else { return Ok(None) };
    if sha256 != retry.request_sha256 {
        return Err(StoreError::KeyReused { key: retry.key.clone() });
    }
    let listed: Vec<(String, String)> = serde_json::from_str(&records).unwrap_or_default();
    let records = listed.iter().filter_map(|(c, id)| Some((Collection::from_code(c)?, Id::new(id).ok()?))).collect();
    Ok(Some(Receipt { revision: revision.unsigned_abs(), records, replayed: true }))
}

fn remember(
    connection: &Connection,
    actor: &Actor,
    request: &WriteRequest,
    revision: i64,
    records: &[(Collection, Id)],
) -> rusqlite::Result<()> {
    let Some(retry) = &request.retry else { return Ok(()) };
    let listed: Vec<(&str, &str)> = records.iter().map(|(c, id)| (c.code(), id.as_str())).collect();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO lagesbild_retry VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ','now'), ?4, ?5)",
        )?
        .execute(params![
            actor.id,
            retry.key,
            retry.request_sha256,
            revision,
            serde_json::to_string(&listed).unwrap_or_default()
        ])
        .map(|_| ())
}
