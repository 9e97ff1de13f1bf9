//! Conditional answers: the tag is known before anything is computed.
//!
//! A computed answer is a pure function of what is in its [`AnswerKey`]. So the hash of the key is a strong tag
//! (RFC 9110, 8.8.3), and a client that has the answer already is told so without computing it.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use sha2::{Digest, Sha256};

use super::coding::Coding;
use super::problem::Problem;
use crate::domain::Role;

/// Everything the bytes of an answer depend on, but the content coding.
#[derive(Clone, Debug)]
pub struct AnswerKey<'a> {
    /// Revision of the snapshot; the data file's identity belongs in `request` where one service has several.
    pub revision: u64,
    /// Path and parameters in one canonical spelling, all defaults resolved.
    pub request: &'a str,
    /// The media type as sent in `Content-Type`.
    pub media_type: &'static str,
    /// The language as sent in `Content-Language`, `sv` or `en`.
    pub language: &'static str,
    /// Roles of the one who asks.
    pub roles: &'a [Role],
    /// Today's local date where the answer depends on it.
    pub today: Option<jiff::civil::Date>,
    /// Version of the code; a new build must give a new text.
    pub code: &'a str,
}

/// What an answer may vary with; the same on every answer.
const VARIES_WITH: &str = "accept, accept-encoding, accept-language";
/// Kept by the asker alone, and asked for again each time: a tag makes that cheap.
const KEPT: &str = "private, no-cache";
/// Longer bodies are compressed off the async threads.
const INLINE_UP_TO_BYTES: usize = 32 * 1024;

impl AnswerKey<'_> {
    /// The strong tag of the answer in this coding, quotes included: SHA-256 over all parts, each after its length
    /// so that no two keys run together.
    pub fn tag(&self, coding: Coding) -> String {
        let mut roles: Vec<String> = self.roles.iter().map(|role| format!("{role:?}")).collect();
        roles.sort_unstable();
        roles.dedup();
        let parts = [
            self.revision.to_string(),
            self.request.to_string(),
            self.media_type.to_string(),
            self.language.to_string(),
            roles.join(","),
            self.today.map_or_else(String::new, |day| day.to_string()),
            self.code.to_string(),
            coding.code().to_string(),
        ];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("\"{digits}\"")
    }
}

/// Answers 304 if the client has the answer, else computes, codes and tags it. For GET and HEAD.
///
/// `compute` is not called for a 304. A [`Problem`] it gives has no tag.
pub async fn answer<F>(headers: &HeaderMap, key: &AnswerKey<'_>, compute: F) -> Result<Response, Problem>
where
    F: AsyncFnOnce() -> Result<Vec<u8>, Problem>,
{
    let coding = Coding::negotiate(headers)?;
    let tag = key.tag(coding);
    if is_known(headers, &tag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        set_validators(response.headers_mut(), &tag);
        return Ok(response);
    }
    let body = compute().await?;
    let (used, body) = if coding == Coding::Identity || body.len() <= INLINE_UP_TO_BYTES {
        coding.encode(body)
    } else {
        tokio::task::spawn_blocking(move || coding.encode(body))
            .await
            .map_err(|error| Problem::Internal(format!("compressing: {error}")))?
    };
    let mut response = Response::new(Body::from(body));
    set_validators(response.headers_mut(), &tag);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(key.media_type));
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(key.language));
    if used == Coding::Gzip {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}

/// Whether `If-None-Match` names this tag: a list over one or more lines, `*` for any, weak tags compared as strong
/// ones (weak comparison, RFC 9110, 13.1.2).
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .any(|line| line.trim() == "*" || tags(line).any(|given| given == tag))
}

/// The tags of one line, quotes included, without weak prefixes. Commas inside quotes do not separate.
fn tags(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let start = rest.find('"')?;
        let length = rest[start + 1..].find('"')? + 2;
        let tag = &rest[start..start + length];
        rest = &rest[start + length..];
        Some(tag)
    })
}

fn set_validators(headers: &mut HeaderMap, tag: &str) {
    headers.insert(ETAG, HeaderValue::from_str(tag).expect("a tag is hexadecimal digits in quotes"));
    headers.insert(VARY, HeaderValue::from_static(VARIES_WITH));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(KEPT));
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: AnswerKey<'_> = AnswerKey {
        revision: 7,
        request: "/api/areas/summary?period=2025",
        media_type: "application/json",
        language: "sv",
        roles: &[Role::Reader],
        today: None,
        code: "0.1.0",
    };

    #[test]
    fn every_part_of_the_key_changes_the_tag() {
        let today = jiff::civil::date(2026, 3, 1);
        let others = [
            AnswerKey { revision: 8, ..KEY },
            AnswerKey { request: "/api/areas/summary?period=2024", ..KEY },
            AnswerKey { media_type: "text/csv", ..KEY },
            AnswerKey { language: "en", ..KEY },
            AnswerKey { roles: &[Role::Reader, Role::Editor], ..KEY },
            AnswerKey { today: Some(today), ..KEY },
            AnswerKey { code: "0.1.1", ..KEY },
        ];
        let tag = KEY.tag(Coding::Identity);
        assert_eq!(tag, KEY.clone().tag(Coding::Identity));
        assert_ne!(tag, KEY.tag(Coding::Gzip));
        for other in others {
            assert_ne!(tag, other.tag(Coding::Identity), "{other:?}");
        }
        let (one, other) = ([Role::Reader, Role::Editor], [Role::Editor, Role::Reader, Role::Editor]);
        let by_roles = |roles| AnswerKey { roles, ..KEY }.tag(Coding::Identity);
        assert_eq!(by_roles(&one[..]), by_roles(&other[..]), "order of roles does not count");
    }

    #[test]
    fn if_none_match_takes_lists_stars_and_weak_tags() {
        let known = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(IF_NONE_MATCH, HeaderValue::from_str(line).expect("header"));
            }
            is_known(&headers, "\"abc\"")
        };
        for lines in [
            &["\"abc\""][..],
            &["W/\"abc\""],
            &["\"x\", \"abc\""],
            &["\"x,y\",W/\"abc\""],
            &["*"],
            &["\"x\"", "\"abc\""],
        ] {
            assert!(known(lines), "{lines:?}");
        }
        for lines in [&[][..], &["\"abcd\""], &["abc"], &["\"x\", \"y\""], &["\"abc"], &["\"*\""], &[""]] {
            assert!(!known(lines), "{lines:?}");
        }
    }
}
