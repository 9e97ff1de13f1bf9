//! What every path does: methods, codings, validators, probes.

use std::io::Read;

use crate::Service;

const SUMMARY: &str = "/api/areas/summary?period=2025-03";

#[test]
fn head_is_get_without_the_body_and_other_methods_are_refused() {
    let service = Service::of_seven();
    let (get, head) = (service.get(SUMMARY), service.ask("HEAD", SUMMARY, &[]));
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["content-type", "content-length", "etag", "vary"] {
        assert!(get.header(name).is_some() && get.header(name) == head.header(name), "{name}");
    }
    let post = service.ask("POST", SUMMARY, &["Content-Type: application/json", "Content-Length: 0"]);
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
}

#[test]
fn gzip_holds_the_same_bytes() {
    let service = Service::of_seven();
    let (plain, packed) = (service.get(SUMMARY), service.ask("GET", SUMMARY, &["Accept-Encoding: gzip"]));
    assert_eq!((packed.status, packed.header("content-encoding")), (200, Some("gzip")));
    assert!(packed.body.len() < plain.body.len() && packed.header("etag") != plain.header("etag"));
    let mut body = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut body).expect("gzip");
    assert_eq!(body, plain.body);
}

#[test]
fn a_known_tag_is_answered_304_until_something_is_written() {
    let service = Service::of_seven();
    let tag = service.get(SUMMARY).header("etag").expect("a tag").to_string();
    let again = |tag: &str| service.ask("GET", SUMMARY, &[&format!("If-None-Match: {tag}")]);
    let known = again(&tag);
    assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(tag.as_str())));
    // The same request with its defaults written out is the same request.
    let spelled = service.get(&format!("{SUMMARY}&of=observations&time=start&set=squares&f=json"));
    assert_eq!(spelled.header("etag"), Some(tag.as_str()));
    let change = crate::change(vec![crate::observation("new", Some((14.604, 57.704)), 20)]);
    service.store.commit(&crate::actor(), change).expect("committed");
    let changed = again(&tag);
    assert_eq!((changed.status, &changed.json()["areas"][0]["count"]), (200, &4.into()));
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[test]
fn probes_say_that_the_service_lives_which_data_it_has_and_how_old_it_is() {
    let service = Service::of_seven();
    service.json(SUMMARY);
    assert_eq!(service.json("/healthz")["live"], true);
    let ready = service.json("/readyz");
    let revision = service.store.snapshot().revision();
    assert_eq!((&ready["revision"], &ready["records"]), (&revision.into(), &7.into()));
    // The newest record is of 7 March noon, local time; the clock of this test stands at 1 April 10:00 UTC.
    assert_eq!((&ready["data_age_days"], &ready["stale"]), (&24.into(), &true.into()));
    let metrics = String::from_utf8(service.get("/metrics").body).expect("text");
    assert!(metrics.contains("/api/areas/summary") && metrics.contains(&format!(" {revision}\n")), "{metrics}");
    assert_eq!(service.problem("/api/nothing", 404)["title"], "Not found");
}
