//! The id under which one request can be found in the log.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that carries the id in and out.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Id of one request: what the client sent, if it is 1 to 64 characters out of `A-Z a-z 0-9 . _ -`, else 32 random
/// hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id for a request with these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let sane = |text: &&str| {
            (1..=64).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        };
        let mut values = headers.get_all(HEADER).iter();
        match (values.next().and_then(|value| value.to_str().ok()).filter(sane), values.next()) {
            (Some(given), None) => Self(given.into()),
            _ => Self(format!("{:032x}", rand::random::<u128>()).into()),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a header value.
    pub fn header_value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("the alphabet of ids is a part of what headers may hold")
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(values: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_str(value).expect("header value"));
        }
        RequestId::of(&headers).to_string()
    }

    #[test]
    fn a_sane_id_is_kept_and_any_other_is_replaced() {
        assert_eq!(id(&["job-7.b_2"]), "job-7.b_2");
        for strange in [&[][..], &[""], &["a b"], &["<x>"], &["a", "b"], &["x".repeat(65).as_str()]] {
            let made = id(strange);
            assert!(made.len() == 32 && made.bytes().all(|b| b.is_ascii_hexdigit()), "{strange:?} gave {made}");
        }
        assert_ne!(id(&[]), id(&[]));
    }
}
