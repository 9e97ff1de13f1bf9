//! What every request that changes records says about itself: its body, its key, how it is to be read.

use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::paths::base_url;
use super::problem::RecordProblem;
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::route::{Call, Param};
use crate::store::RetryKey;
use crate::wire::json_limits;
use crate::wire::records::BadMember;

pub(super) const REDACT: Param = Param::query(
    "redact",
    "puts [...] where a text looks like personal data",
    "true or false (default: such a text is refused)",
);
pub(super) const NEW_TERMS: Param = Param::query(
    "new_terms",
    "adds categories, kinds and roles that the tables do not have",
    "true or false (default: they are refused)",
);
pub(super) const WITHDRAW_REASON: Param =
    Param::query("reason", "why the record is withdrawn; required", "3 to 500 letters");

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) retry: Option<RetryKey>,
    pub(super) redact: bool,
    pub(super) new_terms: bool,
    /// `Prefer: return=minimal`.
    pub(super) minimal: bool,
    pub(super) base: String,
    pub(super) vertices_of_geometry: usize,
}

impl Incoming {
    /// `what` names method and collection.
    pub(super) fn read(call: &Call<State>, what: &str) -> Result<Self, Problem> {
        Ok(Self {
            retry: retry_key(call, what)?,
            redact: flag(call, REDACT)?,
            new_terms: flag(call, NEW_TERMS)?,
            minimal: prefers_minimal(call),
            base: base_url(call),
            vertices_of_geometry: call.state.json.vertices_of_geometry,
        })
    }

    /// The body as JSON of one of these media types.
    pub(super) fn json(&self, call: &Call<State>, media_types: &[&str]) -> Result<Value, Problem> {
        let given = call.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let given = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !media_types.contains(&given.as_str()) {
            return Err(Problem::UnsupportedMediaType(media_types.join(", ")));
        }
        json_limits::check(&call.body, &call.state.json).map_err(|much| RecordProblem::NotDoable(much.to_string()))?;
        serde_json::from_slice(&call.body).map_err(|error| Problem::Malformed(format!("the body is not JSON: {error}")))
    }
}

fn flag(call: &Call<State>, param: Param) -> Result<bool, Problem> {
    match call.pairs.one(param.name)? {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(Problem::InvalidParameter {
            parameter: param.name.to_string(),
            value: other.to_string(),
            reason: "it is neither true nor false".to_string(),
            accepted: param.accepted.to_string(),
        }),
    }
}

fn prefers_minimal(call: &Call<State>) -> bool {
    let lines = call.headers.get_all(HeaderName::from_static("prefer")).iter().filter_map(|line| line.to_str().ok());
    let mut wishes = lines.flat_map(|line| line.split([',', ';'])).map(str::trim);
    wishes.any(|wish| wish.eq_ignore_ascii_case("return=minimal"))
}

/// The key of a request that may be sent again, with a hash of everything it asks for.
fn retry_key(call: &Call<State>, what: &str) -> Result<Option<RetryKey>, Problem> {
    let name = HeaderName::from_static("idempotency-key");
    let mut values = call.headers.get_all(&name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    let is_key = (1..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_key || values.next().is_some() {
        let text = "Idempotency-Key takes one value of 1 to 128 visible ASCII characters";
        return Err(Problem::Malformed(text.to_string()));
    }
    Ok(Some(RetryKey { key: key.to_string(), request_sha256: hash_of(call, what) }))
}

/// Each part after its length, so that no two requests run together.
fn hash_of(call: &Call<State>, what: &str) -> String {
    let precondition = |name: &'static str| {
        let lines = call.headers.get_all(HeaderName::from_static(name)).iter();
        lines.flat_map(|line| line.as_bytes().iter().copied().chain([b'\n'])).collect::<Vec<u8>>()
    };
    let path = call.path.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let parts = [
        what.as_bytes().to_vec(),
        path.into_bytes(),
        call.pairs.to_query().into_bytes(),
        precondition("if-match"),
        precondition("if-none-match"),
        call.body.to_vec(),
    ];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(&part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The Features of a body, and whether it was a batch.
pub(super) fn features_of(body: Value, most: usize) -> Result<(Vec<Value>, bool), Problem> {
    if body.get("type") != Some(&Value::from("FeatureCollection")) {
        return Ok((vec![body], false));
    }
    let Value::Object(mut members) = body else { return Ok((vec![body], false)) };
    let bad = |reason: &str, accepted: String| {
        let bad =
            BadMember { pointer: "/features".to_string(), value: String::new(), reason: reason.to_string(), accepted };
        Problem::from(RecordProblem::Members(vec![bad]))
    };
    match members.remove("features") {
        Some(Value::Array(features)) if features.is_empty() => Err(bad("is empty", "at least one Feature".to_string())),
        Some(Value::Array(features)) if features.len() > most => {
            let reason = format!("has {} Features", features.len());
            Err(bad(&reason, format!("at most {most} in one request; import takes larger files")))
        }
        Some(Value::Array(features)) => Ok((features, true)),
        _ => Err(bad("is not a list", "a list of Features".to_string())),
    }
}

/// A reason for withdrawing, as the history keeps it.
pub(in crate::http) fn reason_in_words(reason: &str) -> Result<String, Problem> {
    let letters = reason.chars().count();
    if crate::geodata::rules::is_personal(reason) {
        return Err(Problem::InvalidParameter {
            parameter: WITHDRAW_REASON.name.to_string(),
            value: "[...]".to_string(),
            reason: "it looks like data about a person, and every reader sees a reason".to_string(),
            accepted: WITHDRAW_REASON.accepted.to_string(),
        });
    }
    if (3..=500).contains(&letters) && !reason.chars().any(char::is_control) {
        return Ok(reason.to_string());
    }
    Err(Problem::InvalidParameter {
        parameter: WITHDRAW_REASON.name.to_string(),
        value: reason.chars().take(80).collect(),
        reason: format!("it has {letters} letters"),
        accepted: WITHDRAW_REASON.accepted.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn features_are_taken_to_the_limit_and_refused_one_above_and_a_thousand_times_above() {
        let batch = |count: usize| json!({"type": "FeatureCollection", "features": vec![json!({}); count]});
        assert_eq!(features_of(batch(20), 20).map(|(features, is_batch)| (features.len(), is_batch)), Ok((20, true)));
        assert!(features_of(batch(21), 20).is_err() && features_of(batch(20_000), 20).is_err());
    }
}
