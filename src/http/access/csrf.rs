//! Forms carry a token that only pages of ours know, so a foreign page cannot send them in somebody's name.
//!
//! It is asked for where a browser says by itself who sends a request: with the cookie of a login, and behind a proxy
//! that names the user. It is derived from what the caller already holds, so nothing more is kept.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use percent_encoding::percent_decode;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Credential, Visit, is_unsafe};
use crate::http::problem::Problem;
use crate::store::Token;

/// The hidden field of forms. In a form sent as `multipart/form-data` it must be the first field.
pub const FIELD: &str = "csrf";
/// The header for requests that are no form.
pub const HEADER: &str = "x-csrf-token";

/// The token of a login. It says nothing about the token in the cookie.
pub fn of_session(token: &Token) -> String {
    digest(&["lagesbild form", &token.to_hex()])
}

/// The token of a name that a proxy vouches for.
pub(super) fn of_name(secret: &Token, name: &str) -> String {
    let secret = secret.to_hex();
    digest(&["lagesbild form of", &secret, name, &secret])
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses a change that does not carry the token of its caller.
pub(in crate::http) async fn check(visit: &Visit, parts: &Parts, body: &Bytes) -> Result<(), Problem> {
    let is_asked = matches!(visit.by, Credential::Session(_) | Credential::Proxy) && is_unsafe(&parts.method);
    let Some(wanted) = visit.csrf.as_ref().filter(|_| is_asked) else { return Ok(()) };
    let given = match parts.headers.get(HEADER) {
        Some(header) => header.to_str().ok().map(str::to_string),
        None => in_form(parts, body).await,
    };
    if given.is_some_and(|given| given.as_bytes().ct_eq(wanted.as_bytes()).into()) {
        return Ok(());
    }
    Err(Problem::Forbidden(format!(
        "the form is from before this login or not from a page of this service: load the page again; a program sends \
         the token as the header {HEADER}, or uses a personal key"
    )))
}

async fn in_form(parts: &Parts, body: &Bytes) -> Option<String> {
    let content_type = parts.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "application/x-www-form-urlencoded" => {
            let mut pairs = body.split(|byte| *byte == b'&');
            let value = pairs.find_map(|pair| pair.strip_prefix(b"csrf="))?;
            percent_decode(value).decode_utf8().ok().map(std::borrow::Cow::into_owned)
        }
        "multipart/form-data" => {
            let boundary = multer::parse_boundary(content_type).ok()?;
            // The body is in memory: nothing is waited for. Only the first field is read.
            let mut form = multer::Multipart::new(Body::from(body.clone()).into_data_stream(), boundary);
            let field = form.next_field().await.ok()??;
            if field.name() == Some(FIELD) { field.text().await.ok() } else { None }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn visit(by: Credential, token: &Token) -> Visit {
        Visit {
            by,
            client: None,
            is_https: false,
            csrf: Some(of_session(token)),
            #[cfg(feature = "oidc")]
            brought: Default::default(),
        }
    }

    async fn verdict(visit: &Visit, headers: &[(&str, &str)], body: &str) -> bool {
        let mut request = Request::builder().method("POST").uri("/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("valid").into_parts();
        check(visit, &parts, &Bytes::from(body.to_string())).await.is_ok()
    }

    #[tokio::test]
    async fn the_token_is_found_in_both_kinds_of_form_and_in_the_header() {
        let token = Token::random();
        let (good, bad) = (of_session(&token), of_session(&Token::random()));
        let visit = visit(Credential::Session(token.digest()), &token);
        let form = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let json = ("content-type", "application/json");
        let parts = ("content-type", "multipart/form-data; boundary=cut");
        let multipart = |fields: &[(&str, &str)]| {
            let one = |(name, value): &(&str, &str)| {
                format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            fields.iter().map(one).collect::<String>() + "--cut--\r\n"
        };
        assert!(verdict(&visit, &[form], &format!("a=1&csrf={good}&b=2")).await);
        assert!(verdict(&visit, &[parts], &multipart(&[("csrf", &good), ("file", "x")])).await);
        assert!(verdict(&visit, &[json, (HEADER, &good)], "{}").await);
        for (headers, body) in [
            (vec![form], "a=1".to_string()),
            (vec![form], format!("csrf={bad}")),
            (vec![form], format!("csrf={}", &good[1..])),
            (vec![form], format!("xcsrf={good}")),
            (vec![json], format!("{{\"csrf\":\"{good}\"}}")),
            (vec![json, (HEADER, &bad)], String::new()),
            (vec![form, (HEADER, &bad)], format!("csrf={good}")),
            (vec![parts], multipart(&[("file", "x"), ("csrf", &good)])),
            (vec![parts], multipart(&[("csrf", &bad)])),
            (vec![parts], "nonsense".to_string()),
            (vec![], String::new()),
        ] {
            assert!(!verdict(&visit, &headers, &body).await, "{headers:?} {body}");
        }
    }

    #[tokio::test]
    async fn keys_and_local_mode_need_no_token() {
        let token = Token::random();
        for by in [Credential::Local, Credential::Key("12345678".to_string()), Credential::Nobody] {
            assert!(verdict(&visit(by, &token), &[], "").await);
        }
        assert!(!verdict(&visit(Credential::Proxy, &token), &[], "").await);
    }
}
