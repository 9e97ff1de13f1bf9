//! Answers of records: JSON in the form the client asked for, tags, headers.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LOCATION, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

use super::problem::RecordProblem;
use crate::domain::Id;
use crate::http::State;
use crate::http::coding::Coding;
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call};

pub(super) const JSON: &str = "application/json";
pub(super) const GEOJSON: &str = "application/geo+json";
pub(super) const SCHEMA: &str = "application/schema+json";
pub(super) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// The tag of a version, quotes included.
pub(super) fn tag_of(id: &Id, revision: u64) -> String {
    format!("\"{id}.{revision}\"")
}

/// JSON that may be compressed and is asked for again each time.
pub(super) fn json(call: &Call<State>, value: &Value, media_type: &'static str) -> Answer {
    let coding = Coding::negotiate(&call.headers)?;
    let bytes = serde_json::to_vec(value).map_err(|error| Problem::Internal(error.to_string()))?;
    let (used, bytes) = coding.encode(bytes);
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if used == Coding::Gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}

/// JSON that is never compressed: its tag is that of a version, and the same in every coding.
pub(super) fn json_as_it_is(value: &Value, media_type: &'static str) -> Answer {
    let bytes = serde_json::to_vec(value).map_err(|error| Problem::Internal(error.to_string()))?;
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

/// What a request that changed something is answered with.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) status: StatusCode,
    pub(super) location: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) body: Option<(Value, &'static str)>,
    /// Whether the client asked for a short answer.
    pub(super) minimal: bool,
}

impl Done {
    pub(super) fn answer(self) -> Answer {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        if let Some((value, media_type)) = self.body.filter(|_| !self.minimal) {
            let bytes = serde_json::to_vec(&value).map_err(|error| Problem::Internal(error.to_string()))?;
            *response.body_mut() = Body::from(bytes);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        } else if self.status == StatusCode::OK {
            *response.status_mut() = StatusCode::NO_CONTENT;
        }
        let headers = response.headers_mut();
        let text = |value: String| HeaderValue::from_str(&value).map_err(|error| Problem::Internal(error.to_string()));
        if let Some(location) = self.location {
            headers.insert(LOCATION, text(location)?);
        }
        if let Some(tag) = self.tag {
            headers.insert(ETAG, text(tag)?);
        }
        if self.minimal {
            headers.insert(HeaderName::from_static("preference-applied"), HeaderValue::from_static("return=minimal"));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        Ok(response)
    }
}

/// Which version a change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Precondition {
    /// `If-None-Match: *`: there must be none.
    New,
    /// `If-Match: *`: whatever is there, but something.
    Present,
    /// `If-Match` with tags: one of these revisions. Tags of other records and weak ones never match.
    Revisions(Vec<u64>),
}

impl Precondition {
    /// Reads the headers; without any of the two a change is refused with 428.
    pub(super) fn read(headers: &HeaderMap, id: &Id) -> Result<Self, Problem> {
        let lines = |name: HeaderName| -> Result<Vec<String>, Problem> {
            let text = |value: &HeaderValue| value.to_str().map(str::to_string);
            let read: Result<Vec<_>, _> = headers.get_all(&name).iter().map(text).collect();
            read.map_err(|_| Problem::Malformed(format!("the header {name} is not ASCII text")))
        };
        let (matching, none) = (lines(IF_MATCH)?, lines(IF_NONE_MATCH)?);
        if !none.is_empty() {
            if !matching.is_empty() || none.iter().any(|line| line.trim() != "*") {
                let text = "for a change, If-None-Match takes * alone and not together with If-Match";
                return Err(Problem::Malformed(text.to_string()));
            }
            return Ok(Self::New);
        }
        if matching.is_empty() {
            return Err(RecordProblem::NoPrecondition.into());
        }
        if matching.iter().any(|line| line.trim() == "*") {
            return Ok(Self::Present);
        }
        let tags = matching.iter().flat_map(|line| line.split(',')).map(str::trim);
        let revision = |tag: &str| {
            let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
            let (of, revision) = inner.rsplit_once('.')?;
            revision.parse().ok().filter(|_| of == id.as_str())
        };
        Ok(Self::Revisions(tags.filter_map(revision).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> Result<Precondition, u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("header"));
        }
        Precondition::read(&headers, &Id::new("a.b").expect("id")).map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn preconditions_name_a_version_of_this_record() {
        let one = |tag: &str| read(&[("if-match", tag)]);
        assert_eq!(one("\"a.b.7\""), Ok(Precondition::Revisions(vec![7])));
        assert_eq!(one("\"a.b.7\", \"a.b.9\""), Ok(Precondition::Revisions(vec![7, 9])));
        for other in ["W/\"a.b.7\"", "\"a.7\"", "\"other.7\"", "\"a.b.x\"", "a.b.7", "\"\""] {
            assert_eq!(one(other), Ok(Precondition::Revisions(vec![])), "{other}");
        }
        assert_eq!(one("*"), Ok(Precondition::Present));
        assert_eq!(read(&[("if-none-match", "*")]), Ok(Precondition::New));
        assert_eq!(read(&[]), Err(428));
        assert_eq!(read(&[("if-none-match", "\"a.b.7\"")]), Err(400));
        assert_eq!(read(&[("if-none-match", "*"), ("if-match", "\"a.b.7\"")]), Err(400));
    }
}
