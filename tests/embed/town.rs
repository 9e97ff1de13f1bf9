//! The public site of a town with a release, and two sites that show its embeds: one that may, one that may not.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::date;
use lagesbild::http::public::Site;
use lagesbild::http::server::{self, App, Connections, Limits};
use lagesbild::public::codes::{Shown, iframe, iframe_with_script};
use lagesbild::public::shelf::{Entry, Index, Shelf, Which, write_index};
use lagesbild::public::{assets, media_type, sha256};
use lagesbild::text::lang::Lang;

pub(crate) struct Town {
    service: SocketAddr,
    listed: SocketAddr,
    unlisted: SocketAddr,
    pub(crate) release: u32,
    pub(crate) views: Vec<String>,
    /// Whether the program was built with the scripts of `web/`.
    pub(crate) has_scripts: bool,
    _folder: tempfile::TempDir,
}

impl Town {
    /// A town with the release in the folder that `LAGESBILD_RELEASE` names, else with that of the demo for 2025.
    pub(crate) fn of_the_program() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let release = match std::env::var_os("LAGESBILD_RELEASE").map(PathBuf::from) {
            Some(given) => take_over(&given, folder.path()),
            None => take_over(&build(folder.path()), folder.path()),
        };
        Self::on(folder, release)
    }

    /// A town with a release that has squares, which that of the demo has too few reports for.
    pub(crate) fn with_squares() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let release = make(folder.path());
        Self::on(folder, release)
    }

    fn on(folder: tempfile::TempDir, release: u32) -> Self {
        let views = views(&folder.path().join(release.to_string()));
        let has_scripts = assets::built().iter().next().is_some();
        if !has_scripts {
            crate::skip::skip("the program was built without npm: the interactive map was not looked at");
        }
        let [public, listed, unlisted] = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
        let [service, listed_at, unlisted_at] =
            [&public, &listed, &unlisted].map(|listener| listener.local_addr().expect("bound"));
        let index = Index {
            releases: vec![entry(release)],
            allowed_hosts: vec![format!("http://localhost:{}", listed_at.port())],
            site: format!("http://{service}/public/"),
        };
        write_index(folder.path(), &index).expect("written");
        let (shelf, refusals) = Shelf::open(folder.path()).expect("opens");
        assert_eq!(refusals, []);
        std::thread::spawn(move || serve(public, Site::new(shelf)));
        for host in [listed, unlisted] {
            let site = index.site.clone();
            std::thread::spawn(move || host_pages(&host, &site, release));
        }
        Self { service, listed: listed_at, unlisted: unlisted_at, release, views, has_scripts, _folder: folder }
    }

    pub(crate) fn service(&self) -> String {
        format!("http://{}", self.service)
    }

    // Another name, so that a browser takes the hosts for other sites and not only for other ports.
    pub(crate) fn listed(&self) -> String {
        format!("http://localhost:{}", self.listed.port())
    }

    pub(crate) fn unlisted(&self) -> String {
        format!("http://localhost:{}", self.unlisted.port())
    }
}

fn entry(number: u32) -> Entry {
    Entry {
        number,
        stream: "follow-up".to_string(),
        period: "2026-10".to_string(),
        published_on: date(2026, 11, 1),
        withdrawn_on: None,
        reason: None,
        content_sha256: None,
    }
}

fn serve(listener: TcpListener, site: Site) {
    let limits = Limits {
        max_connections: 200,
        header_timeout: Duration::from_secs(30),
        write_timeout: Duration::from_secs(30),
        drain_timeout: Duration::from_secs(1),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    runtime.block_on(async {
        listener.set_nonblocking(true).expect("set");
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        let connections = Connections::default();
        server::serve(listener, App::Site(site), &limits, &connections, std::future::pending()).await.expect("serves");
    });
}

/// A site of its own: `/{how}/{lang}/{view}` is a page with the code of an embed.
fn host_pages(listener: &TcpListener, site: &str, release: u32) {
    for stream in listener.incoming().flatten() {
        let site = site.to_string();
        // Browsers open connections ahead and leave them silent.
        std::thread::spawn(move || answer(stream, &site, release));
    }
}

fn answer(mut stream: TcpStream, site: &str, release: u32) {
    let mut head = Vec::new();
    let mut bytes = [0; 4096];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut bytes) {
            Ok(0) | Err(_) => return,
            Ok(count) => head.extend_from_slice(&bytes[..count]),
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let page = match parts[..] {
        [how, lang, view] => host_page(site, release, how, Lang::from_code(lang).unwrap_or_default(), view),
        _ => "<!DOCTYPE html><title>host</title>".to_string(),
    };
    let length = page.len();
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{page}"
    );
}

fn host_page(site: &str, release: u32, how: &str, lang: Lang, view: &str) -> String {
    let height_px = (how == "tall").then_some(1900);
    let shown = Shown { site, which: Which::Number(release), lang, view, height_px };
    let sandboxed = |sandbox: &str| iframe(&shown).replace("<iframe ", &format!("<iframe sandbox=\"{sandbox}\" "));
    let code = match how {
        "script" => iframe_with_script(&shown),
        "sandbox-none" => sandboxed(""),
        "sandbox-scripts" => sandboxed("allow-scripts"),
        "sandbox-both" => sandboxed("allow-scripts allow-same-origin"),
        _ => iframe(&shown),
    };
    // Frames that are far down are loaded late; here they are always in sight.
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><link rel=\"icon\" href=\"data:,\"><title>Host</title><main>{code}</main>",
        lang.code()
    )
}

fn views(release: &Path) -> Vec<String> {
    let entries = fs::read_dir(release.join("embed/sv")).expect("embeds");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().strip_suffix(".html").map(str::to_string);
    let mut views: Vec<String> = entries.flatten().filter_map(name).collect();
    views.sort();
    views
}

/// Builds the release of the demo for 2025 as the manual says, and gives its folder.
fn build(folder: &Path) -> PathBuf {
    let (data, release) = (folder.join("demo.gpkg"), folder.join("release-1"));
    let run = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lagesbild"));
        // What tests are told in the environment is no setting of the program.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LAGESBILD_")) {
            command.env_remove(name);
        }
        let output = command.args(words).current_dir(folder).output().expect("the program runs");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["demo", data.to_str().expect("text"), "--today", "2026-11-22"]);
    let (data, to) = (data.to_str().expect("text"), release.to_str().expect("text"));
    run(&["release", "build", "--data", data, "--period", "2025", "-o", to]);
    release
}

/// Copies a release of the program under its number.
fn take_over(given: &Path, folder: &Path) -> u32 {
    let manifest = fs::read(given.join("manifest.json")).expect("LAGESBILD_RELEASE is the folder of a release");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    let number = manifest["release"].as_u64().expect("a number") as u32;
    let to = folder.join(number.to_string());
    let mut waiting = vec![PathBuf::new()];
    while let Some(below) = waiting.pop() {
        fs::create_dir_all(to.join(&below)).expect("made");
        for entry in fs::read_dir(given.join(&below)).expect("a folder").flatten() {
            let path = below.join(entry.file_name());
            if entry.path().is_dir() {
                waiting.push(path);
            } else {
                fs::copy(entry.path(), to.join(&path)).expect("copied");
            }
        }
    }
    number
}

const STYLE: &str = "body{margin:0;font:1rem/1.5 sans-serif;overflow-wrap:anywhere}main{padding:.5rem}\
                     svg{display:block;width:100%;max-width:45rem}a{display:inline-block;min-height:44px}\
                     summary{min-height:44px}th,td{text-align:left}";

/// A small release in the form of those of the program, with its scripts.
fn make(folder: &Path) -> u32 {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let areas = [("a", "Åsbyn", "Åsbyn East", [3, 1, 0, 0]), ("b", "Öster", "East", [0, 12, 2, 0])];
    for lang in Lang::ALL {
        for view in ["karta", "statistik"] {
            files.push((format!("embed/{}/{view}.html", lang.code()), embed(lang, view, &areas).into_bytes()));
        }
    }
    let squares: Vec<serde_json::Value> = [(Some(15), "about"), (Some(40), "about"), (None, "under_10")]
        .into_iter()
        .enumerate()
        .map(|(at, (count, shown))| {
            let west = 14.6 + 0.02 * at as f64;
            let ring = [[west, 57.6], [west + 0.02, 57.6], [west + 0.02, 57.61], [west, 57.61], [west, 57.6]];
            serde_json::json!({
                "type": "Feature", "id": format!("square-1000-{at}000-0"),
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {"cell_m": 1000, "count": count, "shown": shown, "period": "2025"},
            })
        })
        .collect();
    let grid = serde_json::json!({"type": "FeatureCollection", "features": squares});
    files.push(("data/grid-1000m.geojson".to_string(), grid.to_string().into_bytes()));
    let features: Vec<serde_json::Value> = areas
        .iter()
        .enumerate()
        .map(|(at, (id, sv, en, [done, under_way, not_started, not_done]))| {
            let west = 14.6 + 0.1 * at as f64;
            let ring = [[west, 57.6], [west + 0.08, 57.6], [west + 0.08, 57.7], [west, 57.7], [west, 57.6]];
            serde_json::json!({
                "type": "Feature", "id": id, "geometry": {"type": "Polygon", "coordinates": [ring]},
                "properties": {
                    "id": id, "name_sv": sv, "name_en": en, "deeds": {},
                    "actions": {"done": done, "under_way": under_way, "not_started": not_started, "not_done": not_done},
                },
            })
        })
        .collect();
    let collection = serde_json::json!({"type": "FeatureCollection", "features": features});
    files.push(("data/areas.geojson".to_string(), collection.to_string().into_bytes()));
    files.push(("assets/release-1.css".to_string(), STYLE.as_bytes().to_vec()));
    files.extend(assets::built().iter().map(|(name, bytes)| (format!("assets/{name}"), bytes.to_vec())));
    files.sort();
    let folder = folder.join("1");
    let mut lines = String::new();
    let mut listed = Vec::new();
    for (path, bytes) in &files {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().expect("below the folder")).expect("made");
        fs::write(place, bytes).expect("written");
        lines.push_str(&format!("{path} {}\n", sha256(bytes)));
        listed.push(serde_json::json!({
            "path": path, "bytes": bytes.len(), "sha256": sha256(bytes), "media_type": media_type(path),
        }));
    }
    let content = sha256(lines.as_bytes());
    let manifest = serde_json::json!({"release": 1, "files": listed, "content_sha256": content});
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("written");
    1
}

fn embed(lang: Lang, view: &str, areas: &[(&str, &str, &str, [u32; 4])]) -> String {
    let names: Vec<&str> = assets::built().iter().map(|(name, _)| name).collect();
    let scripts: String = ["resize-", "embed-"]
        .iter()
        .filter_map(|stem| names.iter().find(|name| name.starts_with(stem)))
        .map(|name| format!("<script type=\"module\" src=\"../../assets/{name}\"></script>"))
        .collect();
    let rows: String = areas
        .iter()
        .map(|(id, sv, en, [done, under_way, not_started, not_done])| {
            let cell = |of: &str, count: &u32| format!("<td data-of=\"{of}\" data-count=\"{count}\">{count}</td>");
            format!(
                "<tr data-place=\"{id}\"><th scope=\"row\">{}</th>{}{}{}{}</tr>",
                lang.pick(sv, en),
                cell("done", done),
                cell("under_way", under_way),
                cell("not_started", not_started),
                cell("not_done", not_done)
            )
        })
        .collect();
    let grids = if view == "statistik" { "../../data/grid-1000m.geojson" } else { "" };
    let figure = format!(
        "<figure data-map=\"{view}\" data-areas=\"../../data/areas.geojson\" data-grids=\"{grids}\"><svg role=\"img\" viewBox=\"0 0 90 40\" \
             aria-label=\"Karta\"><rect width=\"90\" height=\"40\" fill=\"#46307e\"/></svg></figure>"
    );
    format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>{view}</title><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"../../assets/release-1.css\">{scripts}</head><body><main><h1>{view}</h1>\
         <p>Sedan i våras har tre av fyra löften hållits, och ett är på väg att hållas i tid.</p>{figure}<details>\
         <summary>Tabell</summary><table><caption>Åtgärder</caption><thead><tr><th scope=\"col\">Område</th>\
         <th scope=\"col\">a</th><th scope=\"col\">b</th><th scope=\"col\">c</th><th scope=\"col\">d</th></tr></thead>\
         <tbody>{rows}</tbody></table></details><p><a href=\"../../index.html\">Hela sidan</a></p></main></body></html>",
        lang.code()
    )
}
