//! Releases of a running service: two people, and nothing public that moves while records change (X5).

use serde_json::{Value, json};

use crate::{OBSERVATIONS, Service};

const JSON: &str = "Content-Type: application/json";
const OWN_PAGE: [&str; 2] = ["Sec-Fetch-Site: same-origin", "Content-Type: application/x-www-form-urlencoded"];

/// A service whose policy publishes the squares of the test.
fn service() -> Service {
    let service = Service::start();
    let policy = include_str!("../../geodata/nassjo/release.toml")
        .replace("area_set = \"promise\"", "area_set = \"squares\"")
        .replace("municipality_set = \"regso\"", "municipality_set = \"squares\"");
    let mut folder = service.store.path().as_os_str().to_os_string();
    folder.push(".releases");
    std::fs::create_dir_all(&folder).expect("made");
    std::fs::write(std::path::Path::new(&folder).join("policy.toml"), policy).expect("written");
    service
}

fn report(id: &str, day: usize, text: &str) -> Value {
    let (month, day) = (day / 28 % 12 + 1, day % 28 + 1);
    json!({"type": "Feature", "id": id, "geometry": {"type": "Point", "coordinates": [14.603, 57.703]},
        "properties": {"category": "lighting", "start": format!("2024-{month:02}-{day:02}T12:00"), "text": text}})
}

fn batch(features: Vec<Value>) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

fn published() -> Service {
    let service = service();
    let seen = batch((0..40).map(|n| report(&format!("r{n}"), n * 7, "Lampan är trasig")).collect());
    assert_eq!(service.change("POST", OBSERVATIONS, &[], &seen).status, 201);
    let built = service.send("POST", "/api/releases", &[JSON], br#"{"period": "2024"}"#);
    assert_eq!(built.status, 201, "{}", built.text());
    let same = service.send("POST", "/api/releases/1/publish", &[JSON], b"{}");
    assert_eq!(same.status, 409, "{}", same.text());
    assert!(same.text().contains("somebody else"), "{}", same.text());
    assert_eq!(service.get("/public/r/1/lofte.html").status, 404, "a release that is not published is not there");
    let other = service.send("POST", "/utgavor/1/publicera", &OWN_PAGE, b"as=Bo");
    assert_eq!(other.status, 303, "{}", other.text());
    service
}

/// Every public answer: status, headers but the date, bytes.
fn public(service: &Service) -> Vec<(String, u16, Vec<String>, Vec<u8>)> {
    let manifest = service.json("/public/r/1/manifest.json");
    let files = manifest["files"].as_array().expect("files");
    let mut paths: Vec<String> =
        ["/public/", "/public/r/1/manifest.json", "/public/r/1/no-such-page.html", "/public/r/2/"]
            .map(String::from)
            .to_vec();
    for file in files {
        let path = file["path"].as_str().expect("a path");
        paths.extend([format!("/public/r/1/{path}"), format!("/public/current/{path}")]);
    }
    let answer = |path: String| {
        let reply = service.get(&path);
        let headers = reply.head.lines().filter(|line| !line.to_lowercase().starts_with("date:"));
        (path, reply.status, headers.map(String::from).collect(), reply.body.clone())
    };
    paths.into_iter().map(answer).collect()
}

#[test]
fn nothing_public_moves_while_records_change() {
    let changes = if std::env::var_os("LAGESBILD_FULL").is_some() { 10_000 } else { 1_000 };
    let service = published();
    let before = public(&service);
    assert!(before.len() > 80, "{} answers", before.len());
    for from in (0..changes).step_by(500) {
        let more = (from..from + 500).map(|n| report(&format!("new{n}"), n, &format!("hemlig text {n}"))).collect();
        assert_eq!(service.change("POST", OBSERVATIONS, &[], &batch(more)).status, 201);
    }
    for n in 0..40 {
        let gone = service.send("DELETE", &format!("{OBSERVATIONS}/r{n}?reason=test"), &[JSON, "If-Match: *"], b"");
        assert_eq!(gone.status, 204, "{}", gone.text());
    }
    for (was, is) in before.iter().zip(public(&service)) {
        assert_eq!(*was, is, "{}", was.0);
    }
}

#[test]
fn a_withdrawn_release_says_so_and_is_gone() {
    let service = published();
    assert_eq!(service.get("/public/current/embed/sv/lofte.html").status, 200);
    let gone = service.send("POST", "/utgavor/1/dra-in", &OWN_PAGE, b"as=Bo&reason=Fel+%C3%A5r");
    assert_eq!(gone.status, 303, "{}", gone.text());
    let frame = service.get("/public/r/1/embed/sv/lofte.html");
    assert_eq!(frame.status, 410);
    assert!(frame.text().contains("Fel år"), "{}", frame.text());
    assert_eq!(service.get("/public/current/lofte.html").status, 404);
    let listed = service.json("/api/releases");
    assert_eq!(listed["releases"][0]["withdrawn"]["reason"], "Fel år");
}

#[test]
fn what_cannot_be_built_says_what_can() {
    let service = service();
    let build = |body: &str| service.send("POST", "/api/releases", &[JSON], body.as_bytes());
    let open = build(r#"{"period": "2025"}"#);
    assert_eq!(open.status, 409);
    assert!(open.text().contains("2026-01-30"), "{}", open.text());
    assert_eq!(build(r#"{"period": "2024-05-01/2024-05-02"}"#).status, 409);
    assert_eq!(build(r#"{"period": "last year"}"#).status, 400);
    assert_eq!(build(r#"{"period": "2024", "colour": "red"}"#).status, 400);
    assert_eq!(service.send("POST", "/api/releases/7/publish", &[JSON], b"{}").status, 404);
    for page in ["/utgavor", "/utgavor?lang=en"] {
        assert_eq!(service.get(page).status, 200);
    }
}

#[test]
fn the_page_to_embed_shows_what_to_copy() {
    let service = published();
    for view in ["lofte", "karta", "statistik"] {
        let page = service.get(&format!("/utgavor/1/badda-in?view={view}"));
        assert_eq!(page.status, 200);
        let text = page.text();
        for part in
            ["&lt;iframe", "width=\"320\"", "width=\"480\"", "width=\"768\"", "/cms/sv/text.html", "https://polisen.se"]
        {
            assert!(text.contains(part), "{view}: {part}");
        }
        assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("frame-src 'self'")));
    }
    assert_eq!(service.get("/utgavor/1/badda-in?view=allt").status, 400);
    assert_eq!(service.get("/utgavor/1/fil/embed/sv/karta.html").status, 200);
    assert_eq!(service.get("/utgavor/1/fil/../published.json").status, 404);
}
