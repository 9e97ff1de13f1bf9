//! What can go wrong with records, beyond what can go wrong with any request.

use axum::http::StatusCode;
use serde::Serialize;

use crate::http::problem::Problem;
use crate::store::StoreError;
use crate::wire::records::BadMember;

/// A record that cannot be given, taken or changed.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordProblem {
    /// Members that cannot be taken.
    Members(Vec<BadMember>),
    /// Understood, but it cannot be done as asked.
    NotDoable(String),
    /// There was a record, and there is none any more.
    Gone(String),
    /// It contradicts what is there.
    Conflict(String),
    /// A reported count of days that another one covers.
    OverlappingCount(BadMember),
    /// Another version is current than the one the request was made for.
    Stale(String),
    /// A change without saying which version it changes.
    NoPrecondition,
    /// The disk is full.
    DiskFull,
    /// Not now: why, and when to try again, in seconds.
    Later(&'static str, u32),
}

/// Problems of members told in one answer.
const MOST_TOLD: usize = 100;

/// A problem of one member, as the answer has it.
#[derive(Serialize)]
pub(in crate::http) struct Told<'a> {
    pointer: &'a str,
    detail: &'a str,
    value: &'a str,
    accepted: &'a str,
}

impl RecordProblem {
    /// Status, code and title.
    pub(in crate::http) fn row(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Members(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid-record", "Invalid record"),
            Self::NotDoable(_) => (StatusCode::UNPROCESSABLE_ENTITY, "not-doable", "Cannot be done"),
            Self::Gone(_) => (StatusCode::GONE, "gone", "Gone"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict", "Conflict"),
            Self::OverlappingCount(_) => {
                (StatusCode::CONFLICT, "overlapping-count", "The same work would be counted twice")
            }
            Self::Stale(_) => (StatusCode::PRECONDITION_FAILED, "stale", "Changed meanwhile"),
            Self::NoPrecondition => {
                (StatusCode::PRECONDITION_REQUIRED, "precondition-required", "Precondition required")
            }
            Self::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "disk-full", "Disk full"),
            Self::Later(..) => (StatusCode::SERVICE_UNAVAILABLE, "later", "Not now"),
        }
    }

    /// The sentence for the client.
    pub(in crate::http) fn detail(&self) -> String {
        match self {
            Self::Members(bad) if bad.len() == 1 => {
                let bad = &bad[0];
                let at = if bad.pointer.is_empty() { "the record" } else { &bad.pointer };
                format!("{at} {}; accepted: {}", bad.reason, bad.accepted)
            }
            Self::OverlappingCount(bad) => {
                format!("the reported count '{}' {}; accepted: {}", bad.value, bad.reason, bad.accepted)
            }
            Self::Members(bad) => format!("{} members cannot be taken; errors lists them", bad.len()),
            Self::NotDoable(text) | Self::Gone(text) | Self::Conflict(text) | Self::Stale(text) => text.clone(),
            Self::NoPrecondition => "say which version you change: If-Match with the ETag of the record; \
                                     If-None-Match: * for a PUT that makes a new one"
                .to_string(),
            Self::DiskFull => "the disk is full: nothing of this was kept".to_string(),
            Self::Later(why, retry_after_s) => format!("{why}; try again in {retry_after_s} s"),
        }
    }

    /// When to try again, in seconds.
    pub(in crate::http) fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Later(_, seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// The members that cannot be taken, at most a hundred.
    pub(in crate::http) fn errors(&self) -> Option<Vec<Told<'_>>> {
        let bad = match self {
            Self::Members(bad) => bad.as_slice(),
            Self::OverlappingCount(bad) => std::slice::from_ref(bad),
            _ => return None,
        };
        let first = bad.iter().take(MOST_TOLD);
        Some(
            first
                .map(|bad| Told {
                    pointer: &bad.pointer,
                    detail: &bad.reason,
                    value: &bad.value,
                    accepted: &bad.accepted,
                })
                .collect(),
        )
    }
}

impl From<RecordProblem> for Problem {
    fn from(problem: RecordProblem) -> Self {
        Self::Record(problem)
    }
}

impl From<Vec<BadMember>> for Problem {
    fn from(bad: Vec<BadMember>) -> Self {
        Self::Record(RecordProblem::Members(bad))
    }
}

/// The member that says why an overlapping count is refused; `None` for every other error.
pub(in crate::http) fn overlapping(error: &StoreError) -> Option<BadMember> {
    let StoreError::OverlappingCount { id, other, first, last } = error else { return None };
    Some(BadMember {
        pointer: "/properties/period_start".to_string(),
        value: id.clone(),
        reason: format!("overlaps '{other}' ({first} to {last}), which is of the same organisation, kind and area"),
        accepted: format!("change or withdraw '{other}', or report a period it does not cover"),
    })
}

/// What the client reads of an error of the store: no paths, no words of SQLite.
pub(in crate::http) fn of_store(error: StoreError) -> Problem {
    let text = error.to_string();
    if let Some(bad) = overlapping(&error) {
        return RecordProblem::OverlappingCount(bad).into();
    }
    match error {
        StoreError::Stale { .. } => RecordProblem::Stale(text).into(),
        StoreError::DuplicateId { collection, id } => {
            RecordProblem::Conflict(format!("{collection} '{id}' exists already; PUT with If-Match changes it")).into()
        }
        StoreError::UnknownId { collection, id } => Problem::NotFound(format!("'{id}' in {collection}")),
        StoreError::RepeatedId { .. } | StoreError::KeyReused { .. } | StoreError::Invitation(_) => {
            RecordProblem::NotDoable(text).into()
        }
        StoreError::KeyInFlight { .. } => RecordProblem::Conflict(text).into(),
        StoreError::Purged { .. } | StoreError::PurgedSince { .. } => RecordProblem::Gone(text).into(),
        StoreError::NoSuchRevision { revision, newest } => Problem::InvalidParameter {
            parameter: "asof".to_string(),
            value: revision.to_string(),
            reason: "there is no such revision".to_string(),
            accepted: format!("1 to {newest}"),
        },
        StoreError::Rebuilding => RecordProblem::Later("another earlier revision is being put together", 5).into(),
        StoreError::Failed { .. } | StoreError::NotWritten { .. } => {
            tracing::error!("{text}");
            RecordProblem::Later("writing to the disk failed, so nothing is written until it is mended", 60).into()
        }
        StoreError::Busy { .. } => RecordProblem::Later("another program holds the data file", 2).into(),
        StoreError::DiskFull { .. } => RecordProblem::DiskFull.into(),
        StoreError::OtherController { .. } => Problem::Forbidden(text),
        _ => Problem::Internal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_the_store_has_its_status_and_tells_no_path() {
        let path = std::path::PathBuf::from("/secret/d.gpkg");
        let (collection, id) = ("observations", "o1".to_string());
        let rows = [
            (StoreError::Stale { collection, id: id.clone(), current: 7 }, 412, None),
            (StoreError::DuplicateId { collection, id: id.clone() }, 409, None),
            (StoreError::UnknownId { collection, id: id.clone() }, 404, None),
            (StoreError::RepeatedId { collection, id: id.clone() }, 422, None),
            (StoreError::KeyReused { key: "k".to_string() }, 422, None),
            (StoreError::KeyInFlight { key: "k".to_string() }, 409, None),
            (StoreError::Purged { collection, id, on: jiff::civil::date(2026, 1, 1) }, 410, None),
            (StoreError::NoSuchRevision { revision: 9, newest: 7 }, 400, None),
            (StoreError::DiskFull { path: path.clone() }, 507, None),
            (
                StoreError::OverlappingCount {
                    id: "c2".to_string(),
                    other: "c1".to_string(),
                    first: jiff::civil::date(2026, 5, 1),
                    last: jiff::civil::date(2026, 5, 31),
                },
                409,
                None,
            ),
            (StoreError::Rebuilding, 503, Some("5")),
            (StoreError::Failed { path: path.clone(), why: "EIO".to_string() }, 503, Some("60")),
            (StoreError::NotWritten { path: path.clone() }, 503, Some("60")),
            (StoreError::Busy { path: path.clone() }, 503, Some("2")),
            (StoreError::ReadOnly { path }, 500, None),
        ];
        for (error, status, retry_after) in rows {
            let told = error.to_string();
            let problem = of_store(error);
            assert!(!problem.detail().contains("secret"), "{told}");
            let answer = problem.answer(None);
            let header = answer.headers().get(axum::http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
            assert_eq!((answer.status().as_u16(), header), (status, retry_after), "{told}");
        }
    }
}
