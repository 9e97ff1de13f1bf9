//! What answers say: parameters, tags, codings, problems, health.

use std::io::Read;
use std::sync::atomic::Ordering;

use flate2::read::GzDecoder;

use crate::server::{start, until};

#[test]
fn an_ordinary_client_gets_an_answer() {
    let server = start();
    let url = format!("http://{}/pairs?area=a+b&category=%C3%A5&area=&area=c", server.address);
    let mut reply = ureq::get(&url).call().expect("200");
    let body = reply.body_mut().read_to_string().expect("text");
    assert_eq!(body, r#"[["area","a b"],["category","å"],["area","c"]]"#);
}

#[test]
fn an_unknown_parameter_is_400_with_its_name_value_nearest_name_and_what_is_accepted() {
    let server = start();
    let reply = server.ask("GET /pairs?area=a&categroy=b%20c", &["X-Request-Id: job-7"]);
    assert_eq!((reply.status, reply.header("content-type")), (400, Some("application/problem+json")));
    let expected = serde_json::json!({
        "type": "urn:lagesbild:problem:unknown-parameter", "title": "Unknown parameter", "status": 400,
        "detail": "'categroy' is not a parameter of this path; did you mean 'category'?",
        "parameter": "categroy", "value": "b c", "accepted": ["area", "category"], "request_id": "job-7",
    });
    assert_eq!(reply.json(), expected);
    assert_eq!(reply.header("x-request-id"), Some("job-7"));
    assert_eq!(server.ask("GET /pairs?categroy=", &[]).status, 200, "an empty value is absent");
    assert_eq!(server.ask("GET /pairs?area=%FF", &[]).status, 400);
    assert_eq!(server.ask("GET /healthz?f=json", &[]).status, 400);
}

#[test]
fn path_values_are_decoded_and_bad_utf8_is_400() {
    let server = start();
    assert_eq!(server.ask("GET /things/a%20%C3%A5", &[]).body, "a å".as_bytes());
    let bad = server.ask("GET /things/%FF", &[]);
    assert_eq!((bad.status, bad.json()["title"].as_str()), (400, Some("Malformed request")));
}

#[test]
fn a_known_tag_is_answered_304_without_computing() {
    let server = start();
    let computed = || server.state.computed.load(Ordering::SeqCst);
    let first = server.ask("GET /tagged?area=a", &[]);
    assert_eq!((first.status, first.body.len(), computed()), (200, 100_000, 1));
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    assert_eq!(first.header("vary"), Some("accept, accept-encoding, accept-language"));
    let tag = first.header("etag").expect("tagged").to_string();

    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_string()] {
        let again = server.ask("GET /tagged?area=a", &[&format!("If-None-Match: {known}")]);
        assert_eq!((again.status, again.body.len(), computed()), (304, 0, 1), "{known}");
        assert_eq!(again.header("etag"), Some(tag.as_str()));
        assert_eq!(again.header("vary"), first.header("vary"));
    }
    let other = server.ask("GET /tagged?area=b", &[&format!("If-None-Match: {tag}")]);
    assert_eq!((other.status, computed()), (200, 2));
    assert_ne!(other.header("etag"), Some(tag.as_str()));
}

#[test]
fn gzip_and_identity_have_the_same_text_and_different_tags() {
    let server = start();
    let plain = server.ask("GET /tagged", &[]);
    let coded = server.ask("GET /tagged", &["Accept-Encoding: br, gzip"]);
    assert_eq!((plain.header("content-encoding"), coded.header("content-encoding")), (None, Some("gzip")));
    assert!(coded.body.len() < 1000, "{} bytes", coded.body.len());
    let mut text = Vec::new();
    GzDecoder::new(coded.body.as_slice()).read_to_end(&mut text).expect("gzip");
    assert_eq!(text, plain.body);
    let (plain_tag, coded_tag) = (plain.header("etag").expect("tag"), coded.header("etag").expect("tag"));
    assert_ne!(plain_tag, coded_tag);
    let crossed = server.ask("GET /tagged", &["Accept-Encoding: gzip", &format!("If-None-Match: {plain_tag}")]);
    assert_eq!(crossed.status, 200, "the tag of one coding does not stand for the other");
    let same = server.ask("GET /tagged", &["Accept-Encoding: gzip", &format!("If-None-Match: {coded_tag}")]);
    assert_eq!(same.status, 304);
    assert_eq!(server.ask("GET /tagged", &["Accept-Encoding: identity;q=0"]).status, 406);
}

#[test]
fn head_has_the_header_of_get_and_no_body() {
    let server = start();
    let (get, head) = (server.ask("GET /tagged", &[]), server.ask("HEAD /tagged", &[]));
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["content-length", "content-type", "etag", "vary", "content-language", "x-content-type-options"] {
        assert!(get.header(name).is_some(), "{name}");
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    assert_eq!(head.header("content-length"), Some("100000"));
}

#[test]
fn other_methods_are_405_with_allow_and_options_says_the_same() {
    let server = start();
    let refused = server.ask("DELETE /things/a", &["Content-Type: application/json"]);
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
    assert_eq!(refused.json()["accepted"], "GET, HEAD, OPTIONS");
    let options = server.ask("OPTIONS /body", &[]);
    assert_eq!((options.status, options.header("allow"), options.body.len()), (204, Some("OPTIONS, POST"), 0));
}

#[test]
fn an_unknown_path_is_a_404_problem_with_a_request_id() {
    let server = start();
    let reply = server.ask("GET /nothing/here", &[]);
    assert_eq!((reply.status, reply.header("content-type")), (404, Some("application/problem+json")));
    assert_eq!(reply.json()["request_id"].as_str(), reply.header("x-request-id"));
    assert_eq!(reply.header("x-request-id").map(str::len), Some(32));
}

#[test]
fn panics_and_internal_errors_are_500_without_a_word_of_the_inside() {
    let server = start();
    for path in ["/panic", "/heavy-panic", "/internal"] {
        let reply = server.ask(&format!("GET {path}"), &[]);
        assert_eq!((reply.status, reply.header("content-type")), (500, Some("application/problem+json")), "{path}");
        assert_eq!(reply.json()["title"], "Internal error");
        assert!(!String::from_utf8_lossy(&reply.body).contains("secret"), "{path}");
        assert!(reply.header("x-content-type-options").is_some(), "{path}");
    }
    assert_eq!(server.ask("GET /things/a", &[]).status, 200, "the service goes on");
}

#[test]
fn health_readiness_and_metrics_answer() {
    let server = start();
    assert_eq!(server.ask("GET /healthz", &[]).json(), serde_json::json!({ "live": true }));
    let ready = server.ask("GET /readyz", &[]);
    let expected = serde_json::json!({ "revision": 17, "records": 300, "data_age_days": 2, "stale": false });
    assert_eq!((ready.json(), ready.header("cache-control")), (expected, Some("no-store")));
    server.ask("GET /things/one", &[]);
    server.ask("GET /things/two", &[]);
    server.ask("GET /secret-path", &[]);
    until("all connections are closed", || server.connections.open() == 0);
    let text = String::from_utf8(server.ask("GET /metrics", &[]).body).expect("text");
    for line in [
        r#"lagesbild_http_requests_total{route="/things/{id}",method="GET",status="200"} 2"#,
        r#"lagesbild_http_requests_total{route="unmatched",method="GET",status="404"} 1"#,
        r#"lagesbild_http_request_duration_seconds_count{route="/things/{id}"} 2"#,
        "lagesbild_http_connections 1",
        "lagesbild_snapshot_revision 17",
        "lagesbild_snapshot_records 300",
    ] {
        assert!(text.lines().any(|l| l == line), "missing {line} in\n{text}");
    }
    assert!(!text.contains("secret-path"));
}
