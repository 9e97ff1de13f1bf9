//! `/public/...` over real connections, from release folders made by hand.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use flate2::read::GzDecoder;
use jiff::civil::date;
use lagesbild::http::public::Site;
use lagesbild::public::shelf::{Entry, Index, Shelf, write_index};
use sha2::{Digest, Sha256};

use crate::server::{Reply, Server, head, start_public, until};

const PAGE: &str = "<!DOCTYPE html><html lang=\"sv\"><title>L\u{f6}ften &amp; svar</title><p>L\u{f6}ften</p></html>";
const PICTURE: &[u8] = b"\x89PNG picture";
const HOSTS: [&str; 2] = ["https://polisen.se", "http://localhost:8000"];

struct Town {
    folder: tempfile::TempDir,
    shelf: Shelf,
    server: Server,
}

fn entry(number: u32, day: i8) -> Entry {
    Entry {
        number,
        stream: "follow-up".to_string(),
        period: "2026-09".to_string(),
        published_on: date(2026, 11, day),
        withdrawn_on: None,
        reason: None,
        content_sha256: None,
    }
}

fn index(releases: Vec<Entry>) -> Index {
    Index { releases, allowed_hosts: HOSTS.map(str::to_string).to_vec(), site: "https://lb.example/public/".into() }
}

fn files(number: u32) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let html = "text/html; charset=utf-8";
    let mut files = vec![
        ("index.html", PAGE.replace("svar", &format!("svar {number}")).into_bytes(), html),
        ("embed/sv/lofte.html", PAGE.repeat(20).into_bytes(), html),
        ("embed/sv/karta.html", PAGE.as_bytes().to_vec(), html),
        ("embed/en/lofte.html", PAGE.as_bytes().to_vec(), html),
        ("data/areas.geojson", b"{\"type\":\"FeatureCollection\",\"features\":[]}".to_vec(), "application/geo+json"),
        ("picture/lofte-sv-1200x675.png", PICTURE.to_vec(), "image/png"),
        ("cms/sv/alt.txt", "Tre \"l\u{f6}ften\" av fyra\n".as_bytes().to_vec(), "text/plain; charset=utf-8"),
        ("assets/release-0a1b.css", b"body{margin:0}".repeat(50), "text/css; charset=utf-8"),
    ];
    if number == 1 {
        files.push(("statistik.html", PAGE.as_bytes().to_vec(), html));
    }
    if number == 3 {
        // More than the sockets on both sides hold.
        files.push(("picture/big.png", vec![7; 16 << 20], "image/png"));
    }
    files
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_release(folder: &Path, number: u32) {
    let folder = folder.join(number.to_string());
    let mut files = files(number);
    files.sort();
    let mut lines = String::new();
    let listed: Vec<_> = files
        .iter()
        .map(|(path, bytes, media_type)| {
            let place = folder.join(path);
            fs::create_dir_all(place.parent().expect("below the folder")).expect("made");
            fs::write(place, bytes).expect("written");
            lines.push_str(&format!("{path} {}\n", hash(bytes)));
            serde_json::json!({ "path": path, "bytes": bytes.len(), "sha256": hash(bytes), "media_type": media_type })
        })
        .collect();
    let manifest = serde_json::json!({ "release": number, "files": listed, "content_sha256": hash(lines.as_bytes()) });
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("written");
}

fn town(is_alone: bool) -> Town {
    let folder = tempfile::tempdir().expect("folder");
    write_release(folder.path(), 1);
    write_release(folder.path(), 2);
    write_index(folder.path(), &index(vec![entry(1, 1), entry(2, 2)])).expect("written");
    let (shelf, refusals) = Shelf::open(folder.path()).expect("opens");
    assert_eq!(refusals, []);
    Town { server: start_public(Site::new(shelf.clone()), is_alone), shelf, folder }
}

impl Town {
    fn get(&self, path: &str, lines: &[&str]) -> Reply {
        self.server.ask(&format!("GET {path}"), lines)
    }
}

fn ancestors(reply: &Reply) -> String {
    let policy = reply.header("content-security-policy").expect("a policy");
    policy.split_once("frame-ancestors ").expect("said").1.to_string()
}

#[test]
fn a_file_comes_with_its_tag_and_may_be_kept_for_an_hour() {
    let town = town(false);
    let reply = town.get("/public/r/1/embed/sv/karta.html", &[]);
    assert_eq!((reply.status, reply.body.as_slice()), (200, PAGE.as_bytes()));
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(reply.header("etag"), Some(format!("\"{}\"", hash(PAGE.as_bytes())).as_str()));
    assert_eq!(reply.header("cache-control"), Some("public, max-age=3600"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(reply.header("vary"), Some("accept-encoding"));
    assert!(reply.header("permissions-policy").expect("said").contains("geolocation=()"));
    assert_eq!((reply.header("set-cookie"), reply.header("x-request-id")), (None, None));
    let policy = reply.header("content-security-policy").expect("a policy");
    for part in
        ["default-src 'none'", "script-src 'self'", "worker-src 'self'", "form-action 'none'", "base-uri 'none'"]
    {
        assert!(policy.split("; ").any(|given| given == part), "{part} in {policy}");
    }
}

#[test]
fn only_what_has_its_hash_in_its_name_is_kept_for_longer_than_a_withdrawal_may_take() {
    let town = town(false);
    for path in ["", "index.html", "data/areas.geojson", "picture/lofte-sv-1200x675.png", "manifest.json"] {
        let kept = town.get(&format!("/public/r/1/{path}"), &[]);
        assert_eq!(kept.header("cache-control"), Some("public, max-age=3600"), "{path}");
        let tag = format!("If-None-Match: {}", kept.header("etag").expect("tag"));
        let same = town.get(&format!("/public/r/1/{path}"), &[&tag]);
        assert_eq!((same.status, same.header("cache-control")), (304, Some("public, max-age=3600")), "{path}");
    }
    let asset = "assets/release-0a1b.css";
    let (numbered, newest) =
        (town.get(&format!("/public/r/1/{asset}"), &[]), town.get(&format!("/public/current/{asset}"), &[]));
    assert_eq!(numbered.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(newest.header("cache-control"), Some("public, max-age=300"));
}

#[test]
fn only_embeds_may_be_framed_and_only_by_the_hosts_that_are_allowed() {
    let town = town(false);
    for path in ["/public/r/1/embed/sv/lofte.html", "/public/current/embed/en/lofte.html"] {
        assert_eq!(ancestors(&town.get(path, &[])), "'self' https://polisen.se http://localhost:8000", "{path}");
    }
    for path in ["/public/", "/public/r/1/", "/public/r/1/data/areas.geojson", "/public/r/1/nothing", "/public/x"] {
        assert_eq!(ancestors(&town.get(path, &[])), "'none'", "{path}");
    }
}

#[test]
fn data_style_and_pictures_are_readable_from_every_origin_and_pages_are_not() {
    let town = town(false);
    for path in ["data/areas.geojson", "assets/release-0a1b.css", "picture/lofte-sv-1200x675.png", "manifest.json"] {
        let reply = town.get(&format!("/public/r/1/{path}"), &["Origin: null"]);
        assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"), "{path}");
    }
    for path in ["index.html", "embed/sv/lofte.html"] {
        let reply = town.get(&format!("/public/r/1/{path}"), &["Origin: https://evil.example"]);
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
    }
}

#[test]
fn current_names_the_release_it_shows_and_is_kept_for_five_minutes() {
    let town = town(false);
    let reply = town.get("/public/current/index.html", &[]);
    assert_eq!(reply.header("content-location"), Some("../r/2/index.html"));
    assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(reply.body, town.get("/public/r/2/index.html", &[]).body);
    let older = town.get("/public/current/statistik.html", &[]);
    assert_eq!(older.header("content-location"), Some("../r/1/statistik.html"));
    let deep = town.get("/public/current/embed/sv/lofte.html", &[]);
    assert_eq!(deep.header("content-location"), Some("../../../r/2/embed/sv/lofte.html"));
}

#[test]
fn gzip_is_another_body_under_another_tag_and_both_tags_give_304() {
    let town = town(false);
    let path = "/public/r/1/embed/sv/lofte.html";
    let plain = town.get(path, &[]);
    let coded = town.get(path, &["Accept-Encoding: br, gzip"]);
    assert_eq!(coded.header("content-encoding"), Some("gzip"));
    let mut back = Vec::new();
    GzDecoder::new(coded.body.as_slice()).read_to_end(&mut back).expect("gzip");
    assert_eq!(back, plain.body);
    assert!(coded.body.len() * 4 < plain.body.len());
    let (tag, coded_tag) = (plain.header("etag").expect("tag"), coded.header("etag").expect("tag"));
    assert_ne!(tag, coded_tag);
    for (tag, accepts) in [(tag, "identity"), (coded_tag, "gzip")] {
        let lines = [format!("If-None-Match: \"x\", {tag}"), format!("Accept-Encoding: {accepts}")];
        let reply = town.get(path, &[&lines[0], &lines[1]]);
        assert_eq!((reply.status, reply.body.len()), (304, 0), "{accepts}");
        assert_eq!(reply.header("etag"), Some(tag));
        assert_eq!(reply.header("cache-control"), plain.header("cache-control"));
    }
    assert_eq!(town.get(path, &["If-None-Match: \"x\""]).status, 200);
    let picture = town.get("/public/r/1/picture/lofte-sv-1200x675.png", &["Accept-Encoding: gzip"]);
    assert_eq!((picture.header("content-encoding"), picture.body.as_slice()), (None, PICTURE));
    // Who accepts nothing that there is still gets the page.
    assert_eq!(town.get(path, &["Accept-Encoding: identity;q=0"]).status, 200);
}

#[test]
fn head_says_what_get_would_and_other_methods_say_what_there_is() {
    let town = town(false);
    for path in ["/public/r/1/index.html", "/public/r/1/nothing", "/public/"] {
        let (get, reply) = (town.get(path, &[]), town.server.ask(&format!("HEAD {path}"), &[]));
        assert_eq!((reply.status, reply.body.len()), (get.status, 0), "{path}");
        assert_eq!(reply.header("content-length"), Some(get.body.len().to_string().as_str()), "{path}");
        assert_eq!(reply.header("etag"), get.header("etag"));
    }
    assert_eq!(town.server.ask("OPTIONS /public/r/1/index.html", &[]).status, 204);
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE"] {
        let reply = town.server.ask(&format!("{method} /public/r/1/index.html"), &["Content-Length: 0"]);
        assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{method}");
    }
}

#[test]
fn nothing_outside_of_the_manifests_can_be_reached() {
    let town = town(false);
    fs::write(town.folder.path().join("1/secret.html"), "secret").expect("written");
    for path in [
        "/public/r/1/secret.html",
        "/public/r/1/../published.json",
        "/public/r/1/%2e%2e/published.json",
        "/public/r/1/..%2fpublished.json",
        "/public/published.json",
        "/public/r/../published.json",
        "/public/r/1//etc/passwd",
        "/public/r/01/index.html",
        "/public/r/+1/index.html",
        "/public/r/4294967297/index.html",
        "/public/r/1/index.html/",
        "/public/r/1/INDEX.HTML",
        "/public/current/../../x",
        "/public/r/1/index.html%00",
        "/public/r//index.html",
    ] {
        let reply = town.get(path, &[]);
        assert_eq!(reply.status, 404, "{path}");
        let text = String::from_utf8(reply.body).expect("text");
        assert!(text.contains("<h1>Sidan finns inte</h1>") && text.contains("There is no such page"), "{path}: {text}");
    }
}

#[test]
fn an_unknown_view_says_so_in_the_frame_and_in_its_language() {
    let town = town(false);
    for (path, lang, says, views) in [
        ("/public/current/embed/sv/kartta.html", "sv", "Vyn ”kartta” finns inte", "karta, lofte"),
        ("/public/r/1/embed/en/kartta.html", "en", "There is no view “kartta”", "lofte"),
        ("/public/r/77/embed/sv/karta.html", "sv", "Vyn ”karta” finns inte", ""),
        ("/public/r/1/embed/de/karta.html", "sv", "Vyn ”karta” finns inte", "karta, lofte"),
    ] {
        let reply = town.get(path, &[]);
        assert_eq!(reply.status, 404);
        assert_eq!(ancestors(&reply), "'self' https://polisen.se http://localhost:8000", "{path}");
        let text = String::from_utf8(reply.body).expect("text");
        assert!(text.contains(&format!("<html lang=\"{lang}\">")) && text.contains(says), "{path}: {text}");
        assert!(text.contains(views), "{path}: {text}");
    }
    let reply = town.get("/public/current/embed/sv/%3Cscript%3Ealert(1)%3C/script%3E.html", &[]);
    assert!(!String::from_utf8(reply.body).expect("text").contains("<script"));
}

#[test]
fn a_withdrawn_release_is_gone_and_says_why_also_in_a_frame() {
    let town = town(false);
    let withdrawn =
        Entry { withdrawn_on: Some(date(2026, 11, 9)), reason: Some("fel m\u{e5}nad <1>".to_string()), ..entry(2, 2) };
    write_index(town.folder.path(), &index(vec![entry(1, 1), withdrawn])).expect("written");
    assert_eq!(town.shelf.reload().expect("reads"), []);
    for path in ["/public/r/2/", "/public/r/2/embed/sv/lofte.html", "/public/r/2/data/areas.geojson"] {
        let reply = town.get(path, &[]);
        assert_eq!((reply.status, reply.header("etag")), (410, None), "{path}");
        let text = String::from_utf8(reply.body.clone()).expect("text");
        assert!(text.contains("Utgåva 2 drogs tillbaka 2026-11-09. Skäl: fel månad &lt;1&gt;"), "{text}");
        assert_eq!(ancestors(&reply).starts_with("'self'"), path.contains("embed"), "{path}");
    }
    assert_eq!(town.get("/public/current/index.html", &[]).header("content-location"), Some("../r/1/index.html"));
    let front = String::from_utf8(town.get("/public/", &[]).body).expect("text");
    assert!(front.contains("href=\"r/1/index.html\"") && !front.contains("href=\"r/2/"), "{front}");
    assert!(front.contains("drogs tillbaka"), "{front}");
    let english = String::from_utf8(town.get("/public/?lang=en", &[]).body).expect("text");
    assert!(english.contains("was withdrawn on 2026-11-09"), "{english}");
}

#[test]
fn a_folder_without_its_slash_leads_to_the_one_with_it() {
    let town = town(false);
    for (path, to) in [("/public", "public/"), ("/public/current", "current/"), ("/public/r/2", "2/")] {
        let reply = town.get(path, &[]);
        assert_eq!((reply.status, reply.header("location")), (308, Some(to)), "{path}");
    }
    assert_eq!(town.get("/public/r/2/", &[]).body, town.get("/public/r/2/index.html", &[]).body);
}

#[test]
fn no_answer_depends_on_who_asks() {
    let town = town(false);
    let asked = ["Cookie: lagesbild=00", "Authorization: Bearer x", "Referer: https://polisen.se/", "X-Request-Id: a"];
    for path in ["/public/", "/public/r/1/index.html", "/public/current/embed/sv/lofte.html", "/public/r/9/x"] {
        let (plain, other) = (town.get(path, &[]), town.get(path, &asked));
        assert_eq!(without_date(&plain.head), without_date(&other.head), "{path}");
        assert_eq!(plain.body, other.body, "{path}");
    }
    // Any name may stand for what is public; the rest of the service answers for its own names alone.
    let lines = ["Host: elsewhere.example", "Connection: close"];
    assert_eq!(town.server.exchange(&head("GET /public/", &lines), b"").status, 200);
    assert_eq!(town.server.exchange(&head("GET /pairs", &lines), b"").status, 421);
}

fn without_date(head: &str) -> Vec<&str> {
    head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect()
}

#[test]
fn oembed_describes_own_pages_and_says_why_it_describes_no_other() {
    let town = town(false);
    let ask = |query: &str| town.get(&format!("/public/oembed?{query}"), &[]);
    let said = ask("url=https%3A%2F%2Flb.example%2Fpublic%2Fcurrent%2Findex.html&format=json&maxwidth=640").json();
    assert_eq!(said["type"], "rich");
    assert_eq!(said["title"], "L\u{f6}ften & svar 2");
    assert_eq!((said["width"].as_u64(), said["height"].as_u64()), (Some(640), Some(360)));
    assert_eq!(
        said["html"],
        "<a href=\"https://lb.example/public/current/index.html\"><img src=\"https://lb.example/public/current/picture/\
         lofte-sv-1200x675.png\" alt=\"Tre &quot;l\u{f6}ften&quot; av fyra\" width=\"640\" height=\"360\"></a>"
    );
    let english = ask("url=https://lb.example/public/r/1/embed/en/lofte.html").json();
    assert_eq!(english["type"], "link", "there is no English picture");
    for (query, status, says) in [
        ("", 400, "'url' is required; accepted: an address of a published page"),
        ("url=https://elsewhere.example/public/r/1/", 400, "it is no address of this site"),
        ("url=https://lb.example/public/r/9/index.html", 400, "there is no such page"),
        ("url=https://lb.example/public/r/1/manifest.json", 400, "it is no page"),
        ("url=https://lb.example/public/r/1/&format=xml", 400, "accepted: json"),
        ("url=https://lb.example/public/r/1/&maxwidth=0", 400, "a whole number from 1"),
        ("url=https://lb.example/public/r/1/&maxwith=3", 400, "did you mean 'maxwidth'?"),
    ] {
        let reply = ask(query);
        assert_eq!(reply.status, status, "{query}");
        let detail = reply.json()["detail"].as_str().expect("said").to_string();
        assert!(detail.contains(says), "{query}: {detail}");
    }
}

#[test]
fn a_crowd_of_the_public_leaves_connections_to_the_service() {
    // 37 of 50 connections may be answering the public.
    let town = town(false);
    write_release(town.folder.path(), 3);
    write_index(town.folder.path(), &index(vec![entry(1, 1), entry(3, 3)])).expect("written");
    assert_eq!(town.shelf.reload().expect("reads"), []);
    let ask = |path: &str| {
        let mut stream = town.server.connect();
        stream.write_all(head(&format!("GET {path}"), &["Host: localhost"]).as_bytes()).expect("sent");
        stream
    };
    let begin = |path: &str| {
        let mut stream = ask(path);
        let mut bytes = [0; 15];
        stream.read_exact(&mut bytes).expect("answers");
        assert_eq!(&bytes, b"HTTP/1.1 200 OK", "{path}");
        stream
    };
    let kept: Vec<_> = (0..18).map(|_| begin("/public/r/1/index.html")).collect();
    // Half of the places are held by connections that may ask more: others are answered and leave at once.
    for _ in 0..3 {
        let reply = Reply::read(&mut ask("/public/r/1/index.html"));
        assert_eq!((reply.status, reply.header("connection")), (200, Some("close")));
    }
    until("they have left", || town.server.connections.open() == 18);
    // Those who do not take their answer hold their places until they are cut.
    let slow: Vec<_> = (0..19).map(|_| begin("/public/r/3/picture/big.png")).collect();
    let reply = town.get("/public/r/1/embed/sv/karta.html", &[]);
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("5")));
    assert_eq!((reply.header("cache-control"), reply.header("connection")), (Some("no-store"), Some("close")));
    assert!(reply.body.len() < 200 && ancestors(&reply).starts_with("'self'"));
    for _ in 0..5 {
        assert_eq!(town.get("/pairs", &[]).status, 200, "the service answers");
    }
    drop((slow, kept));
    until("the crowd is gone", || town.get("/public/r/1/index.html", &[]).status == 200);
}

#[test]
fn a_listener_for_what_is_public_has_nothing_else() {
    let town = town(true);
    assert_eq!(town.get("/public/r/1/index.html", &[]).status, 200);
    for path in ["/pairs", "/tagged", "/", "/assets/x"] {
        assert_eq!(town.get(path, &[]).status, 404, "{path}");
    }
    let mut stream = town.server.connect();
    let kept = head("GET /public/r/1/index.html", &["Host: localhost"]);
    stream.write_all(kept.repeat(2).as_bytes()).expect("sent");
    let mut bytes = [0; 15];
    stream.read_exact(&mut bytes).expect("answers");
    assert_eq!(&bytes, b"HTTP/1.1 200 OK");
}
