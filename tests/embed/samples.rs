//! The samples for other web servers, in those servers: what they send is what our own service sends.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lagesbild::public::headers::{apache, iis, nginx};
use lagesbild::public::shelf::{CONTENT_SECURITY, Kind, PERMISSIONS, policy};

use crate::skip::skip;

const HOSTS: [&str; 2] = ["https://polisen.se", "http://localhost:8000"];

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Politely: a killed server would leave its workers behind.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn hosts() -> Vec<String> {
    HOSTS.map(str::to_string).to_vec()
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|path| path.exists());
    if found.is_none() {
        skip(&format!("no {name} is installed: its sample of headers was not tried"));
    }
    found
}

/// A release as a server finds it.
fn release(folder: &Path) {
    for (path, text) in [
        ("index.html", "<!DOCTYPE html><title>a</title>"),
        ("embed/sv/karta.html", "<!DOCTYPE html><title>b</title>"),
        ("data/areas.geojson", "{}"),
        ("assets/release-0a.css", "body{}"),
        ("picture/karta-sv.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("feed.atom", "<feed/>"),
    ] {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().expect("below")).expect("made");
        fs::write(place, text).expect("written");
    }
    // Servers may run as another user.
    #[cfg(unix)]
    for path in [folder.to_path_buf(), folder.parent().expect("above").to_path_buf()] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("set");
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound").port()
}

fn start(command: &mut Command, port: u16) -> Running {
    let running =
        Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts"));
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "the server does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    running
}

/// The head of the answer, in lines.
fn head(port: u16, path: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connects");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("answers");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.split("\r\n\r\n").next().unwrap_or_default().lines().map(str::to_string).collect()
}

fn check(server: &str, port: u16) {
    let framed = policy(CONTENT_SECURITY, Kind::Embed, &hosts());
    let alone = policy(CONTENT_SECURITY, Kind::Page, &hosts());
    let (now, ever) = ("public, max-age=300", "public, max-age=31536000, immutable");
    for (path, media_type, policy, origin, cache) in [
        ("/lagesbild/index.html", "text/html", &alone, None, now),
        ("/lagesbild/", "text/html", &alone, None, now),
        ("/lagesbild/embed/sv/karta.html", "text/html", &framed, None, now),
        ("/lagesbild/data/areas.geojson", "application/geo+json", &alone, Some("*"), now),
        ("/lagesbild/picture/karta-sv.svg", "image/svg+xml", &alone, Some("*"), now),
        ("/lagesbild/assets/release-0a.css", "text/css", &alone, Some("*"), ever),
        ("/lagesbild/feed.atom", "application/atom+xml", &alone, Some("*"), now),
    ] {
        let head = head(port, path);
        assert!(head[0].contains(" 200 "), "{server} {path}: {}", head[0]);
        let values = |name: &str| -> Vec<String> {
            let pairs = head.iter().filter_map(|line| line.split_once(": "));
            pairs.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_string()).collect()
        };
        assert!(values("content-type")[0].starts_with(media_type), "{server} {path}: {:?}", values("content-type"));
        for (name, value) in [
            ("content-security-policy", policy.as_str()),
            ("cache-control", cache),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("permissions-policy", PERMISSIONS),
            ("cross-origin-resource-policy", "cross-origin"),
        ] {
            assert_eq!(values(name), [value], "{server} {path} {name}");
        }
        assert_eq!(values("access-control-allow-origin").first().map(String::as_str), origin, "{server} {path}");
    }
    let missing = head(port, "/lagesbild/embed/sv/nothing.html");
    assert!(missing[0].contains(" 404 "), "{}", missing[0]);
    assert!(missing.iter().any(|line| line.contains("frame-ancestors 'self' https://polisen.se")), "{missing:?}");
}

#[test]
fn nginx_sends_what_our_service_sends() {
    let Some(nginx_program) = program("nginx") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    release(&files);
    let sample = nginx(&hosts());
    // As the sample says: the first part into `http`, the second without `#` into `server`.
    let (maps, location) = sample.split_once("# location").expect("two parts");
    let location: String = format!("# location{location}").lines().map(|line| format!("{}\n", &line[2..])).collect();
    let location = location.replace("/srv/lagesbild/", &format!("{}/", files.display()));
    let (port, place) = (free_port(), folder.path().display().to_string());
    let user = if nginx_runs_as_root() { "user root;\n" } else { "" };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {place}/{name};\n"))
        .collect();
    let text = format!(
        "{user}daemon off;\npid {place}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{maps}\n\
         server {{\nlisten 127.0.0.1:{port};\n{location}}}\n}}\n"
    );
    let settings = folder.path().join("nginx.conf");
    fs::write(&settings, text).expect("written");
    let _running = start(Command::new(nginx_program).arg("-p").arg(&place).arg("-c").arg(&settings), port);
    check("nginx", port);
}

fn nginx_runs_as_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

#[test]
fn apache_sends_what_our_service_sends() {
    let Some(apache_program) = program("apache2") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files/lagesbild");
    release(&files);
    fs::write(files.join(".htaccess"), apache(&hosts())).expect("written");
    let (port, place) = (free_port(), folder.path().display().to_string());
    #[cfg(unix)]
    for path in [folder.path().to_path_buf(), folder.path().join("files")] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("set");
    }
    let modules: String = ["mpm_event", "authz_core", "mime", "dir", "headers"]
        .iter()
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
        .collect();
    let user = if nginx_runs_as_root() { "User www-data\nGroup www-data\n" } else { "" };
    let text = format!(
        "{modules}{user}ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {place}/pid\nDefaultRuntimeDir {place}\n\
         ErrorLog {place}/errors\nTypesConfig /etc/mime.types\nDirectoryIndex index.html\nDocumentRoot {place}/files\n\
         <Directory {place}/files>\nAllowOverride FileInfo\nRequire all granted\n</Directory>\n"
    );
    let settings = folder.path().join("apache.conf");
    fs::write(&settings, text).expect("written");
    let _running = start(Command::new(apache_program).arg("-f").arg(&settings).arg("-DFOREGROUND"), port);
    check("apache", port);
}

/// IIS runs on Windows alone: here only that its sample is well-formed XML, read by another program.
#[test]
fn the_sample_for_iis_is_well_formed() {
    let Some(python) = program("python3") else { return };
    let script = "import sys, xml.etree.ElementTree as t; r = t.fromstring(sys.stdin.buffer.read()); \
                  print(len(r.findall('.//customHeaders/add')), len(r.findall('location')))";
    let mut child =
        Command::new(python).args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
    child.stdin.take().expect("piped").write_all(iis(&hosts()).as_bytes()).expect("sent");
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success());
    // Five headers for all, one for embeds, and one each for assets, data and pictures.
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "9 4");
}
