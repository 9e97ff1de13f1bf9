//! No foreign web page speaks for a person: not with this machine, not with a login, not behind a proxy.
//!
//! A page on the internet can make a browser send requests to loopback or into a network. Two doors are closed here: a foreign name
//! that resolves to this machine (DNS rebinding) fails the `Host` check, and a form or script of a foreign page
//! that would change something fails the origin check.

use std::net::IpAddr;

use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::problem::Problem;

/// Refuses a request for a name that is not one of this service: `hosts`, and from this machine the loopback names.
pub fn check_host(request: &Parts, hosts: &[String], peer_is_local: bool) -> Result<(), Problem> {
    let host = host_of(request)?;
    let is_ours = hosts.iter().any(|ours| ours.eq_ignore_ascii_case(without_port(host)));
    if is_ours || (peer_is_local && is_loopback_host(host)) {
        return Ok(());
    }
    Err(Problem::Misdirected(format!(
        "this service does not answer for '{host}': from this machine it is localhost, 127.0.0.0/8 and [::1], from \
         elsewhere what the setting 'hosts' names"
    )))
}

/// Refuses a change that a foreign page could have sent. `scheme` is that of the address in the browser.
pub fn check_origin(request: &Parts, scheme: &str) -> Result<(), Problem> {
    if is_own(&request.headers, host_of(request)?, scheme) {
        Ok(())
    } else {
        Err(Problem::Forbidden(
            "a request that changes something must come from a page of this service, or be sent by a program \
             without Origin header and with a JSON content type or a personal key"
                .to_string(),
        ))
    }
}

/// The host asked for: of the request line when it names one (it then outranks the header), else of `Host`.
pub(super) fn host_of(request: &Parts) -> Result<&str, Problem> {
    let mut hosts = request.headers.get_all(HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return Err(Problem::Malformed("the request has several Host headers".to_string()));
    }
    match (request.uri.authority(), first) {
        (Some(authority), _) => Ok(authority.as_str()),
        (None, Some(host)) => {
            host.to_str().map_err(|_| Problem::Malformed("the Host header is not ASCII text".to_string()))
        }
        (None, None) => Err(Problem::Malformed("the request has no Host header".to_string())),
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

fn is_loopback_host(host: &str) -> bool {
    let name = without_port(host);
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse().map(IpAddr::V6).ok(),
        None => name.parse().map(IpAddr::V4).ok(),
    };
    address.is_some_and(|ip| ip.to_canonical().is_loopback())
}

/// Whether an unsafe request is of our own page or of a program.
///
/// Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with the forms of our own pages, so `null`
/// is decided by `Sec-Fetch-Site`, which no script can set.
fn is_own(headers: &HeaderMap, host: &str, scheme: &str) -> bool {
    let fetch_site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let from_here = fetch_site == Some(b"same-origin");
    match headers.get(ORIGIN).map(HeaderValue::as_bytes) {
        Some(b"null") => from_here,
        Some(origin) => {
            let own = format!("{scheme}://{host}");
            origin.eq_ignore_ascii_case(own.as_bytes()) && (fetch_site.is_none() || from_here)
        }
        None => from_here || (fetch_site.is_none() && is_json(headers)),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let media_type = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

/// What a page of ours may load: style and pictures of its own origin, no script, no frame around it.
/// Style attributes count as inline style and are blocked; SVG presentation attributes are not.
pub const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                                    base-uri 'none'; frame-ancestors 'none'";

/// Sets the security headers of every answer; a stricter or wider policy set by a handler stays.
pub fn protect(headers: &mut HeaderMap) {
    let rows: [(HeaderName, &'static str); 4] = [
        (CONTENT_SECURITY_POLICY, CONTENT_SECURITY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in rows {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn verdict(method: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder().method(method).uri("/api");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("valid request").into_parts();
        let host = check_host(&parts, &["lb.example".to_string()], true);
        let origin = || if method == "GET" { Ok(()) } else { check_origin(&parts, "http") };
        match host.and_then(|()| origin()) {
            Ok(()) => 200,
            Err(problem) => problem.status().as_u16(),
        }
    }

    #[test]
    fn only_names_and_addresses_of_this_machine_are_hosts() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.8.9.10:1", "[::1]", "[::1]:8080"] {
            assert_eq!(verdict("GET", &[("host", host)]), 200, "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "10.0.0.1",
            "[::2]:80",
            "0.0.0.0",
            "::1",
            "",
            "localhost:80:80",
            "user@localhost",
        ] {
            assert_eq!(verdict("GET", &[("host", host)]), 421, "{host}");
        }
        assert_eq!(verdict("GET", &[]), 400);
        assert_eq!(verdict("GET", &[("host", "localhost"), ("host", "evil.example")]), 400);
    }

    #[test]
    fn a_foreign_authority_in_the_request_line_outranks_the_host_header() {
        let request = Request::builder().uri("http://evil.example/api").header("host", "localhost");
        let (parts, ()) = request.body(()).expect("valid").into_parts();
        assert!(matches!(check_host(&parts, &[], true), Err(Problem::Misdirected(_))));
    }

    #[test]
    fn from_elsewhere_only_the_names_that_are_set_are_hosts() {
        let verdict = |host: &str, peer_is_local: bool| {
            let (parts, ()) = Request::builder().uri("/").header("host", host).body(()).expect("valid").into_parts();
            check_host(&parts, &["lb.example".to_string(), "[2001:db8::1]".to_string()], peer_is_local).is_ok()
        };
        for host in ["lb.example", "LB.example:8443", "[2001:db8::1]:80"] {
            assert!(verdict(host, false) && verdict(host, true), "{host}");
        }
        for host in ["localhost", "127.0.0.1:8080", "lb.example.evil", "xlb.example", "[2001:db8::2]", "10.0.0.1"] {
            assert!(!verdict(host, false), "{host}");
        }
        assert!(verdict("localhost", true));
    }

    #[test]
    fn a_change_needs_our_own_page_or_a_program_that_sends_json() {
        let host = ("host", "localhost:8080");
        let json = ("content-type", "application/json; charset=utf-8");
        let form = ("content-type", "application/x-www-form-urlencoded");
        let own = ("origin", "http://localhost:8080");
        let same = ("sec-fetch-site", "same-origin");
        for allowed in [
            vec![host, own, form],
            vec![host, ("origin", "null"), same, form],
            vec![host, same, form],
            vec![host, json],
            vec![host, ("content-type", "application/geo+json")],
        ] {
            assert_eq!(verdict("POST", &allowed), 200, "{allowed:?}");
        }
        for refused in [
            vec![host, form],
            vec![host],
            vec![host, ("content-type", "text/plain")],
            vec![host, ("origin", "null"), json],
            vec![host, ("origin", "http://localhost:9090"), json],
            vec![host, ("origin", "http://evil.example"), json, same],
            vec![host, ("sec-fetch-site", "cross-site"), json],
            vec![host, own, ("sec-fetch-site", "cross-site"), form],
            vec![host, ("sec-fetch-site", "same-site"), json],
        ] {
            assert_eq!(verdict("POST", &refused), 403, "{refused:?}");
        }
    }
}
