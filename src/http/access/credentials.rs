//! What a request brings to say who sends it.

use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

use crate::domain::Role;
use crate::http::problem::Problem;
use crate::settings::AccessSettings;
use crate::store::Token;

/// The query parameter for a personal key, on reads.
pub const KEY_PARAMETER: &str = "key";

/// The cookie of a login over TLS: browsers take it only with `Secure`, without `Domain`, for the whole host.
const SECURE_COOKIE: &str = "__Host-lagesbild";
/// The cookie of a login without TLS, which `__Host-` would forbid.
const PLAIN_COOKIE: &str = "lagesbild";

/// A credential as it was sent; whether it is right is for others to say.
#[derive(Debug)]
pub(super) enum Given {
    Key {
        text: String,
        in_query: bool,
    },
    /// `None` when the cookie holds no token.
    Session(Option<Token>),
    /// `roles` is `None` where no header for them is set up.
    Proxy {
        user: String,
        roles: Option<Vec<Role>>,
    },
}

/// The name of the session cookie.
pub(in crate::http) fn cookie_name(is_https: bool) -> &'static str {
    if is_https { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// Takes the one credential of a request; a key is taken out of the query. Two are refused.
pub(super) fn take(
    parts: &mut Parts,
    settings: &AccessSettings,
    is_https: bool,
    is_from_proxy: bool,
) -> Result<Option<Given>, Problem> {
    let from_query = take_key(parts)?.map(|text| Given::Key { text, in_query: true });
    let from_header = bearer(&parts.headers)?.map(|text| Given::Key { text, in_query: false });
    let from_cookie = cookie(&parts.headers, cookie_name(is_https))?.map(|text| Given::Session(Token::from_hex(&text)));
    let from_proxy = if is_from_proxy { proxy(&parts.headers, settings)? } else { None };
    let mut all = [from_query, from_header, from_cookie, from_proxy].into_iter().flatten();
    match (all.next(), all.next()) {
        (_, Some(_)) => {
            Err(Problem::Malformed("the request says in two ways who sends it; one is accepted".to_string()))
        }
        (Some(Given::Key { in_query: true, .. }), None) if !matches!(parts.method, Method::GET | Method::HEAD) => {
            let text = "a key in the address is accepted with GET and HEAD; send it as 'Authorization: Bearer lb_...'";
            Err(Problem::Malformed(text.to_string()))
        }
        (given, None) => Ok(given),
    }
}

/// Takes `key` out of the query, so that it reaches no log, no redirect and no answer.
fn take_key(parts: &mut Parts) -> Result<Option<String>, Problem> {
    let Some(query) = parts.uri.query() else { return Ok(None) };
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let is_key = |pair: &&str| decoded(pair.split_once('=').map_or(*pair, |(name, _)| name)) == KEY_PARAMETER;
    let (keys, others): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_key);
    let values: Vec<String> =
        keys.iter().filter_map(|pair| pair.split_once('=')).map(|(_, value)| decoded(value)).collect();
    if keys.is_empty() {
        return Ok(None);
    }
    let rest = others.join("&");
    let path = parts.uri.path();
    let kept = if rest.is_empty() { path.to_string() } else { format!("{path}?{rest}") };
    let kept: PathAndQuery =
        kept.parse().map_err(|_| Problem::Malformed("the address cannot be read without its key".to_string()))?;
    let mut uri = std::mem::take(&mut parts.uri).into_parts();
    uri.path_and_query = Some(kept);
    parts.uri = Uri::from_parts(uri)
        .map_err(|_| Problem::Malformed("the address cannot be read without its key".to_string()))?;
    match values.as_slice() {
        [] => Ok(Some(String::new())),
        [one] => Ok(Some(one.clone())),
        _ => Err(Problem::Malformed("the address has several keys; one is accepted".to_string())),
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (first, second) = (lines.next(), lines.next());
    if second.is_some() {
        return Err(Problem::Malformed("the request has several Authorization headers".to_string()));
    }
    let Some(line) = first else { return Ok(None) };
    let other = || Problem::Unauthenticated {
        detail: "Authorization is accepted as 'Bearer lb_...' only".to_string(),
        is_login_next: false,
    };
    let (scheme, key) = line.to_str().ok().and_then(|line| line.split_once(' ')).ok_or_else(other)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(key.trim().to_string())) } else { Err(other()) }
}

pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Result<Option<String>, Problem> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(n, _)| *n == name).map(|(_, value)| value.to_string());
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(Problem::Malformed("the request has several cookies of this name".to_string())),
        (one, None) => Ok(one),
    }
}

fn proxy(headers: &HeaderMap, settings: &AccessSettings) -> Result<Option<Given>, Problem> {
    let one = |name: &String| -> Result<Option<String>, Problem> {
        let mut lines = headers.get_all(name.as_str()).iter();
        match (lines.next(), lines.next()) {
            (_, Some(_)) => Err(Problem::Malformed(format!("the request has several headers '{name}'"))),
            (None, None) => Ok(None),
            (Some(line), None) => {
                let text =
                    line.to_str().map_err(|_| Problem::Malformed(format!("the header '{name}' is not ASCII text")))?;
                Ok(Some(text.trim().to_string()))
            }
        }
    };
    let Some(user) =
        settings.proxy_user_header.as_ref().map(one).transpose()?.flatten().filter(|user| !user.is_empty())
    else {
        return Ok(None);
    };
    let roles = match &settings.proxy_roles_header {
        None => None,
        // Other words are groups that mean something elsewhere.
        Some(name) => Some(one(name)?.unwrap_or_default().split([',', ';', ' ']).filter_map(Role::from_code).collect()),
    };
    Ok(Some(Given::Proxy { user, roles }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn taken(uri: &str) -> (Result<Option<String>, Problem>, String) {
        let (mut parts, ()) = Request::builder().uri(uri).body(()).expect("valid").into_parts();
        let key = take_key(&mut parts);
        (key, parts.uri.to_string())
    }

    #[test]
    fn a_key_is_taken_out_of_the_query_however_its_name_is_written() {
        for (uri, key, rest) in [
            ("/api?key=lb_1", Some("lb_1"), "/api"),
            ("/api?a=1&key=lb_1&b=%C3%A5", Some("lb_1"), "/api?a=1&b=%C3%A5"),
            ("/api?k%65y=lb_1&a=1", Some("lb_1"), "/api?a=1"),
            ("http://localhost/api?key=lb_1", Some("lb_1"), "http://localhost/api"),
            ("/api?key", Some(""), "/api"),
            ("/api?key=", Some(""), "/api"),
            ("/api?keys=1&a=key", None, "/api?keys=1&a=key"),
            ("/api", None, "/api"),
        ] {
            assert_eq!(taken(uri), (Ok(key.map(str::to_string)), rest.to_string()), "{uri}");
        }
        let (twice, rest) = taken("/api?key=lb_1&key=lb_2&a=1");
        assert!(matches!(twice, Err(Problem::Malformed(_))) && rest == "/api?a=1");
    }
}
