//! Every way a request can fail, and the one table that turns it into an answer (RFC 9457).
//!
//! What a client reads is made here. [`Problem::Internal`] carries text for the log alone; its answer says nothing but
//! the request id under which the log knows more.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::records::{RecordProblem, Told};

/// A request that cannot be answered as asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The query has a parameter that this path does not take.
    UnknownParameter {
        /// Its name.
        parameter: String,
        /// Its value.
        value: String,
        /// The known name most like it.
        nearest: Option<String>,
        /// Names this path takes.
        accepted: Vec<String>,
    },
    /// A parameter has a value that is not accepted.
    InvalidParameter {
        /// Its name.
        parameter: String,
        /// Its value.
        value: String,
        /// Why not, as a sentence without a full stop.
        reason: String,
        /// What is accepted.
        accepted: String,
    },
    /// A parameter that must be there is not.
    MissingParameter {
        /// Its name.
        parameter: String,
        /// What is accepted.
        accepted: String,
    },
    /// The request itself is malformed.
    Malformed(String),
    /// Nobody, or nobody known, asks.
    Unauthenticated {
        /// What is wrong or missing.
        detail: String,
        /// Whether logging in is the way on; not so for a wrong key.
        is_login_next: bool,
    },
    /// Too many wrong passwords; the next may be tried later.
    TooManyAttempts {
        /// When to try again, in seconds.
        retry_after_s: u32,
    },
    /// The asker may not do this, or the request could come from a foreign page.
    Forbidden(String),
    /// Nothing is here: what was looked for.
    NotFound(String),
    /// The path exists, but not for this method.
    MethodNotAllowed {
        /// As asked.
        method: String,
        /// Methods of this path, as in the `Allow` header.
        allow: String,
    },
    /// What is there does not allow it; the text says what would.
    Conflict(String),
    /// No representation fits the `Accept...` headers; holds what there is.
    NotAcceptable(String),
    /// The body did not arrive in time.
    BodyTooSlow,
    /// The body is larger than accepted.
    BodyTooLarge {
        /// Largest accepted body in bytes.
        limit_bytes: usize,
    },
    /// The body is in a format this path does not read; holds what it reads.
    UnsupportedMediaType(String),
    /// The request was sent to a host name this service does not answer for.
    Misdirected(String),
    /// Answering would cost more than the service does in one request; refused before work.
    TooCostly {
        /// The parameter to change.
        parameter: String,
        /// Its value, given or automatic.
        value: String,
        /// What would have been done, with the limit.
        reason: String,
        /// A value that would be accepted.
        accepted: String,
    },
    /// A record that cannot be given, taken or changed.
    Record(RecordProblem),
    /// Something failed that is not the client's doing: text for the log only.
    Internal(String),
    /// Too much work is waiting.
    Overloaded {
        /// When to try again, in seconds.
        retry_after_s: u32,
    },
    /// The service cannot answer now: why.
    Unavailable(String),
    /// The answer was not ready within the time limit.
    TooLate,
}

/// The media type of every problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

impl Problem {
    /// The table: status, code (the end of `type`) and title.
    fn row(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::UnknownParameter { .. } => (StatusCode::BAD_REQUEST, "unknown-parameter", "Unknown parameter"),
            Self::InvalidParameter { .. } => (StatusCode::BAD_REQUEST, "invalid-parameter", "Invalid parameter"),
            Self::MissingParameter { .. } => (StatusCode::BAD_REQUEST, "missing-parameter", "Missing parameter"),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed", "Malformed request"),
            Self::Unauthenticated { .. } => (StatusCode::UNAUTHORIZED, "unauthenticated", "Who asks is not known"),
            Self::TooManyAttempts { .. } => (StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden", "Forbidden"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict", "Conflict"),
            Self::MethodNotAllowed { .. } => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed")
            }
            Self::NotAcceptable(_) => (StatusCode::NOT_ACCEPTABLE, "not-acceptable", "Not acceptable"),
            Self::BodyTooSlow => (StatusCode::REQUEST_TIMEOUT, "body-too-slow", "Request body too slow"),
            Self::BodyTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "Request body too large"),
            Self::UnsupportedMediaType(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Unsupported media type")
            }
            Self::Misdirected(_) => (StatusCode::MISDIRECTED_REQUEST, "misdirected", "Misdirected request"),
            Self::TooCostly { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "too-costly", "Too costly"),
            Self::Record(problem) => problem.row(),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
            Self::Overloaded { .. } => (StatusCode::SERVICE_UNAVAILABLE, "overloaded", "Overloaded"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Unavailable"),
            Self::TooLate => (StatusCode::GATEWAY_TIMEOUT, "too-late", "Time limit reached"),
        }
    }

    /// Status of the answer.
    pub fn status(&self) -> StatusCode {
        self.row().0
    }

    /// The sentence for the client; for [`Problem::Internal`] one that tells nothing.
    pub fn detail(&self) -> String {
        match self {
            Self::UnknownParameter { parameter, nearest: Some(nearest), .. } => {
                format!("'{parameter}' is not a parameter of this path; did you mean '{nearest}'?")
            }
            Self::UnknownParameter { parameter, nearest: None, .. } => {
                format!("'{parameter}' is not a parameter of this path")
            }
            Self::InvalidParameter { parameter, value, reason, accepted } => {
                format!("'{parameter}' is '{value}': {reason}; accepted: {accepted}")
            }
            Self::MissingParameter { parameter, accepted } => {
                format!("'{parameter}' is required; accepted: {accepted}")
            }
            Self::TooCostly { reason, accepted, parameter, .. } => {
                format!("{reason}; would be accepted: '{parameter}' {accepted}")
            }
            Self::Malformed(text)
            | Self::Forbidden(text)
            | Self::Conflict(text)
            | Self::Misdirected(text)
            | Self::Unavailable(text) => text.clone(),
            Self::Unauthenticated { detail, .. } => detail.clone(),
            Self::TooManyAttempts { retry_after_s } => {
                format!("too many wrong passwords; try again in {retry_after_s} s")
            }
            Self::NotFound(what) => format!("there is no {what}"),
            Self::MethodNotAllowed { method, allow } => format!("{method} is not possible here; accepted: {allow}"),
            Self::NotAcceptable(offer) => format!("available: {offer}"),
            Self::UnsupportedMediaType(read) => format!("accepted: {read}"),
            Self::BodyTooSlow => "the body did not arrive in time".to_string(),
            Self::BodyTooLarge { limit_bytes } => format!("a body may have at most {limit_bytes} bytes"),
            Self::Record(problem) => problem.detail(),
            Self::Internal(_) => "something went wrong here; the log has it under this request id".to_string(),
            Self::Overloaded { retry_after_s } => {
                format!("too many computations are waiting; try again in {retry_after_s} s")
            }
            Self::TooLate => "the answer was not ready within the time limit".to_string(),
        }
    }

    /// The answer, naming the request id when there is one.
    pub fn answer(&self, request_id: Option<&str>) -> Response {
        let (status, code, title) = self.row();
        let (parameter, value, accepted) = self.members();
        let body = Wire {
            r#type: format!("urn:lagesbild:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: self.detail(),
            parameter,
            value,
            accepted,
            errors: if let Self::Record(problem) = self { problem.errors() } else { None },
            request_id,
        };
        let json = serde_json::to_vec(&body).expect("texts and numbers always become JSON");
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        match self {
            Self::MethodNotAllowed { allow, .. } => {
                let allow = HeaderValue::from_str(allow).expect("method names are tokens");
                headers.insert(ALLOW, allow);
            }
            // A browser opens no box for this scheme; programs see which one is meant.
            Self::Unauthenticated { is_login_next, .. } => {
                let challenge = match is_login_next {
                    true => "Bearer realm=\"lagesbild\"",
                    false => "Bearer realm=\"lagesbild\", error=\"invalid_token\"",
                };
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
            }
            Self::Overloaded { retry_after_s } | Self::TooManyAttempts { retry_after_s } => {
                headers.insert(RETRY_AFTER, HeaderValue::from(*retry_after_s));
            }
            Self::Record(problem) => {
                headers.extend(problem.retry_after_s().map(|seconds| (RETRY_AFTER, HeaderValue::from(seconds))));
            }
            _ => {}
        }
        response.extensions_mut().insert(self.clone());
        response
    }

    fn members(&self) -> (Option<&str>, Option<&str>, Option<Accepted<'_>>) {
        match self {
            Self::UnknownParameter { parameter, value, accepted, .. } => {
                (Some(parameter), Some(value), Some(Accepted::Names(accepted)))
            }
            Self::InvalidParameter { parameter, value, accepted, .. }
            | Self::TooCostly { parameter, value, accepted, .. } => {
                (Some(parameter), Some(value), Some(Accepted::Words(accepted)))
            }
            Self::MissingParameter { parameter, accepted } => (Some(parameter), None, Some(Accepted::Words(accepted))),
            Self::MethodNotAllowed { allow, .. } => (None, None, Some(Accepted::Words(allow))),
            Self::NotAcceptable(offer) | Self::UnsupportedMediaType(offer) => {
                (None, None, Some(Accepted::Words(offer)))
            }
            _ => (None, None, None),
        }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Told<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Accepted<'a> {
    Words(&'a str),
    Names(&'a [String]),
}

/// The answer keeps the problem as an extension, so that an outer layer can name the request id, log what
/// is internal, or show a page instead.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.answer(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn json(problem: Problem) -> serde_json::Value {
        let response = problem.answer(Some("abc"));
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.expect("in memory");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[tokio::test]
    async fn a_problem_names_parameter_value_and_what_is_accepted() {
        let wire = json(Problem::UnknownParameter {
            parameter: "categroy".to_string(),
            value: "x".to_string(),
            nearest: Some("category".to_string()),
            accepted: vec!["category".to_string(), "kind".to_string()],
        })
        .await;
        let expected = serde_json::json!({
            "type": "urn:lagesbild:problem:unknown-parameter", "title": "Unknown parameter", "status": 400,
            "detail": "'categroy' is not a parameter of this path; did you mean 'category'?",
            "parameter": "categroy", "value": "x", "accepted": ["category", "kind"], "request_id": "abc",
        });
        assert_eq!(wire, expected);
    }

    #[tokio::test]
    async fn internals_are_not_in_the_answer() {
        let wire = json(Problem::Internal("SELECT failed at /secret/path".to_string())).await;
        assert_eq!(wire["status"], 500);
        assert!(!wire.to_string().contains("secret"), "{wire}");
    }

    #[test]
    fn overload_says_when_to_try_again_and_405_what_is_allowed() {
        let response = Problem::Overloaded { retry_after_s: 3 }.into_response();
        assert_eq!((response.status().as_u16(), response.headers()[RETRY_AFTER].as_bytes()), (503, b"3".as_slice()));
        let refused = Problem::MethodNotAllowed { method: "PUT".to_string(), allow: "GET, HEAD".to_string() };
        assert_eq!(refused.into_response().headers()[ALLOW], "GET, HEAD");
    }
}
