//! Login through OpenID Connect, against a small provider on this machine that can be told to lie.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use lagesbild::domain::Role;
use lagesbild::store::DataFile;
use openidconnect::core::{CoreHmacKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{PATIENCE, Reply, Service, add_people, now, operator};

/// Of this test alone: see the first line of the file.
const KEY: &str = include_str!("oidc-test-key.pem");
const SECRET: &str = "the-secret-of-the-client";
const CODE: &str = "a-code-that-nobody-guesses";

/// What the provider puts into its next token.
#[derive(Clone)]
struct Plan {
    /// Claims that replace or remove (null) those of an honest token.
    claims: Value,
    algorithm: &'static str,
    kid: &'static str,
    /// The kid of the published key.
    published: &'static str,
}

impl Default for Plan {
    fn default() -> Self {
        Self { claims: json!({}), algorithm: "RS256", kid: "k1", published: "k1" }
    }
}

struct Provider {
    address: SocketAddr,
    plan: Arc<Mutex<Plan>>,
}

impl Provider {
    fn on(listener: TcpListener) -> Self {
        let address = listener.local_addr().expect("bound");
        let plan = Arc::new(Mutex::new(Plan::default()));
        let shared = plan.clone();
        // Ends with the process: the tests of one file are few.
        std::thread::spawn(move || {
            let mut begun: HashMap<String, String> = HashMap::new();
            for stream in listener.incoming() {
                answer(&mut stream.expect("a connection"), address, &shared, &mut begun);
            }
        });
        Self { address, plan }
    }

    fn new() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").expect("a free port"))
    }

    fn says(&self, plan: Plan) {
        *self.plan.lock().expect("not poisoned") = plan;
    }

    /// The address that the provider sends a browser back to.
    fn authorize(&self, location: &str) -> String {
        let path = location.strip_prefix(&format!("http://{}", self.address)).expect("the way to the provider");
        let reply = plain(self.address, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        assert_eq!(reply.status, 302, "{}", reply.body);
        let back = reply.header("location").expect("a way back");
        back.strip_prefix("http://localhost").expect("to the service").to_string()
    }
}

fn plain(address: SocketAddr, request: &str) -> Reply {
    let mut stream = TcpStream::connect(address).expect("connects");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    stream.write_all(request.as_bytes()).expect("sent");
    Reply::read(&mut stream)
}

fn pairs(query: &str) -> HashMap<String, String> {
    let decode = |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into();
    query.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (decode(k), decode(v))).collect()
}

fn base64url(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |chunk: &[u8]| {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digit = move |i: usize| char::from(digits[(bits >> (18 - 6 * i)) as usize & 63]);
        (0..=chunk.len()).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

fn answer(stream: &mut TcpStream, address: SocketAddr, plan: &Mutex<Plan>, begun: &mut HashMap<String, String>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let (head, body) = loop {
        let n = stream.read(&mut buffer).expect("readable");
        bytes.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if n == 0 {
            return;
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            break (head.to_string(), body.to_string());
        }
    };
    let target = head.split(' ').nth(1).expect("a target").to_string();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let plan = plan.lock().expect("not poisoned").clone();
    let issuer = format!("http://{address}");
    let (status, line, body) = match path {
        "/.well-known/openid-configuration" => {
            let described = json!({
                "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/jwks"),
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                // It offers what must not be accepted.
                "id_token_signing_alg_values_supported": ["RS256", "RS384", "HS256", "none"],
            });
            (200, String::new(), described)
        }
        "/jwks" => (200, String::new(), json!({"keys": [rsa_key(plan.published).as_verification_key()]})),
        "/authorize" => {
            let asked = pairs(query);
            assert_eq!(asked["response_type"], "code");
            assert_eq!(asked["client_id"], "lagesbild");
            assert_eq!(asked["code_challenge_method"], "S256");
            assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
            let code = format!("{CODE}-{}", begun.len());
            let back = format!("Location: {}?code={code}&state={}\r\n", asked["redirect_uri"], asked["state"]);
            begun.insert(format!("{code} challenge"), asked["code_challenge"].clone());
            begun.insert(code, asked["nonce"].clone());
            (302, back, json!({}))
        }
        "/token" => {
            let asked = pairs(&body);
            let challenge = base64url(&Sha256::digest(asked["code_verifier"].as_bytes()));
            let is_ours = begun.remove(&format!("{} challenge", asked["code"])) == Some(challenge);
            let basic = "Basic bGFnZXNiaWxkOnRoZS1zZWNyZXQtb2YtdGhlLWNsaWVudA==";
            let knows = head.lines().any(|line| line.split_once(": ").is_some_and(|(_, value)| value == basic));
            let back = asked["redirect_uri"] == "http://localhost/login/oidc/callback";
            match begun.remove(&asked["code"]) {
                Some(nonce) if is_ours && knows && back => {
                    let token = token(&plan, &issuer, &nonce);
                    let given = json!({"access_token": "an-access-token", "token_type": "Bearer", "id_token": token});
                    (200, String::new(), given)
                }
                _ => (400, String::new(), json!({"error": "invalid_grant"})),
            }
        }
        _ => (404, String::new(), json!({})),
    };
    let body = body.to_string();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
    stream.write_all(format!("{head}\r\n{line}Connection: close\r\n\r\n{body}").as_bytes()).expect("sent");
}

fn rsa_key(kid: &str) -> CoreRsaPrivateSigningKey {
    let pem = &KEY[KEY.find("-----").expect("a key")..];
    CoreRsaPrivateSigningKey::from_pem(pem, Some(JsonWebKeyId::new(kid.to_string()))).expect("a key")
}

fn token(plan: &Plan, issuer: &str, nonce: &str) -> String {
    let second = now().as_second();
    let mut claims = json!({
        "iss": issuer, "aud": "lagesbild", "sub": "s-1", "preferred_username": "Editor", "nonce": nonce,
        "iat": second, "exp": second + 300,
    });
    let all: &mut Map<String, Value> = claims.as_object_mut().expect("an object");
    all.extend(plan.claims.as_object().expect("an object").clone());
    all.retain(|_, value| !value.is_null());
    let header = match plan.algorithm {
        "none" => json!({"alg": "none"}),
        algorithm => json!({"alg": algorithm, "kid": plan.kid}),
    };
    let signed = [header, claims].map(|part| base64url(part.to_string().as_bytes())).join(".");
    let bytes = signed.as_bytes();
    let signature = match plan.algorithm {
        "RS256" => rsa_key("k1").sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, bytes),
        "RS384" => rsa_key("k1").sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384, bytes),
        "HS256" => CoreHmacKey::new(SECRET.as_bytes()).sign(&CoreJwsSigningAlgorithm::HmacSha256, bytes),
        _ => Ok(Vec::new()),
    };
    format!("{signed}.{}", base64url(&signature.expect("signed")))
}

fn service(provider: SocketAddr, more: &[(&str, &str)]) -> (Service, tempfile::TempDir) {
    service_with(provider, more, |_| ())
}

fn service_with(
    provider: SocketAddr,
    more: &[(&str, &str)],
    prepare: impl FnOnce(&mut DataFile),
) -> (Service, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let file = folder.path().join("secret");
    std::fs::write(&file, format!("{SECRET}\n")).expect("written");
    let (issuer, file) = (format!("http://{provider}"), file.display().to_string());
    let flags = [("oidc_issuer", issuer.as_str()), ("oidc_client_id", "lagesbild"), ("oidc_client_secret_file", &file)];
    let (service, ()) = Service::with(&[&flags, more].concat(), prepare);
    (service, folder)
}

/// Begins a login, as soon as the service knows its provider: where the browser is sent, and its cookie.
fn begin(service: &Service, path: &str) -> (String, String) {
    let since = Instant::now();
    loop {
        let reply = service.ask(&format!("GET {path}"), &[]);
        if reply.status == 303 {
            let set = reply.header("set-cookie").expect("a cookie").to_string();
            for part in ["; HttpOnly", "; SameSite=Lax", "; Max-Age=600"] {
                assert!(set.contains(part), "{part} in {set}");
            }
            let cookie = format!("Cookie: {}", set.split(';').next().expect("a value"));
            return (reply.header("location").expect("a way").to_string(), cookie);
        }
        assert_eq!((reply.status, reply.header("set-cookie")), (503, None), "{}", reply.body);
        assert!(since.elapsed() < PATIENCE, "the provider is never known");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// A whole login: the answer to the way back.
fn log_in(service: &Service, provider: &Provider, path: &str) -> Reply {
    let (location, cookie) = begin(service, path);
    service.ask(&format!("GET {}", provider.authorize(&location)), &[&cookie])
}

fn session_of(reply: &Reply) -> String {
    let lines = reply.head.lines().filter_map(|line| line.split_once(": "));
    let mut sets = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).map(|(_, value)| value);
    let set = sets.find(|set| set.starts_with("lagesbild=")).expect("a session");
    format!("Cookie: {}", set.split(';').next().expect("a value"))
}

#[track_caller]
fn is_refused(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{}", reply.body);
    assert!(!reply.head.contains("lagesbild=") && reply.header("location").is_none(), "{}", reply.head);
    assert!(!reply.body.contains(CODE) && !reply.body.contains(SECRET), "{}", reply.body);
    assert!(reply.head.contains("lagesbild-oidc=; "), "the cookie of the login is taken back: {}", reply.head);
}

#[test]
fn a_login_through_the_provider_becomes_an_ordinary_session() {
    let provider = Provider::new();
    let (service, _secret) = service(provider.address, &[]);
    let page = service.ask("GET /login?to=/account", &["Accept: text/html"]);
    assert!(page.body.contains("Logga in med kommunens konto") && page.body.contains("/login/oidc?"), "{}", page.body);
    let (location, cookie) = begin(&service, "/login/oidc?to=/account");
    let back = provider.authorize(&location);
    let reply = service.ask(&format!("GET {back}"), &[&cookie]);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/account")), "{}", reply.body);
    let session = session_of(&reply);
    let account = service.ask("GET /account", &[&session]);
    assert!(account.status == 200 && account.body.contains("editor"), "{}", account.body);
    assert_eq!(service.post_form("/account/keys", &[&session], "scope=read&days=30").status, 403, "without the token");
    let csrf = account.body.split("name=\"csrf\" value=\"").nth(1).expect("a form token")[..64].to_string();
    assert_eq!(service.post_form("/logout", &[&session], &format!("csrf={csrf}")).status, 303);
    assert_eq!(service.ask("GET /readyz", &[&session]).status, 401);
    // The same way back a second time, with and without what belonged to it.
    is_refused(&service.ask(&format!("GET {back}"), &[&cookie]), 400);
    is_refused(&service.ask(&format!("GET {back}"), &[]), 400);
    let kept = service.stop_and_read();
    for secret in [SECRET, CODE, "an-access-token", session.trim_start_matches("Cookie: lagesbild=")] {
        assert!(!kept.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} is kept");
    }
}

#[test]
fn a_state_that_is_wrong_or_of_another_browser_logs_nobody_in() {
    let provider = Provider::new();
    let (service, _secret) = service(provider.address, &[]);
    let (location, cookie) = begin(&service, "/login/oidc");
    let (_, other) = begin(&service, "/login/oidc");
    let back = provider.authorize(&location);
    let (before, state) = back.split_once("state=").expect("a state");
    let wrong = format!("{before}state={}", "0".repeat(state.len()));
    is_refused(&service.ask(&format!("GET {wrong}"), &[&cookie]), 400);
    is_refused(&service.ask(&format!("GET {}", before.trim_end_matches('&')), &[&cookie]), 400);
    is_refused(&service.ask(&format!("GET {back}"), &[&other]), 400);
    is_refused(&service.ask(&format!("GET {back}"), &[&cookie]), 400);
    // Of another issuer (RFC 9207), and an answer that is an error.
    for (more, status) in [("&iss=https%3A%2F%2Fevil.example", 400), ("&error=access_denied", 401)] {
        let (location, cookie) = begin(&service, "/login/oidc");
        let back = provider.authorize(&location);
        is_refused(&service.ask(&format!("GET {back}{more}"), &[&cookie]), status);
    }
    assert_eq!(log_in(&service, &provider, "/login/oidc").status, 303);
}

#[test]
fn a_code_that_the_provider_does_not_know_logs_nobody_in() {
    let provider = Provider::new();
    let (service, _secret) = service(provider.address, &[]);
    let (location, cookie) = begin(&service, "/login/oidc");
    let back = provider.authorize(&location).replace(CODE, "another-code");
    is_refused(&service.ask(&format!("GET {back}"), &[&cookie]), 401);
}

#[test]
fn a_token_that_is_not_for_this_login_is_refused() {
    let provider = Provider::new();
    let (service, _secret) = service(provider.address, &[]);
    let second = now().as_second();
    let claims = |claims: Value| Plan { claims, ..Plan::default() };
    let lies = [
        ("nonce", claims(json!({"nonce": "0".repeat(64)}))),
        ("no nonce", claims(json!({"nonce": null}))),
        ("audience", claims(json!({"aud": "another"}))),
        ("two audiences", claims(json!({"aud": ["lagesbild", "another"]}))),
        ("authorized party", claims(json!({"azp": "another"}))),
        ("issuer", claims(json!({"iss": "http://127.0.0.1:1"}))),
        ("expired", claims(json!({"exp": second - 61}))),
        ("of the future", claims(json!({"iat": second + 61}))),
        ("not yet", claims(json!({"nbf": second + 61}))),
        ("none", Plan { algorithm: "none", ..Plan::default() }),
        ("the shared secret", Plan { algorithm: "HS256", ..Plan::default() }),
        ("another signature", Plan { algorithm: "RS384", ..Plan::default() }),
        ("another key", Plan { kid: "k2", ..Plan::default() }),
        ("no name", claims(json!({"preferred_username": "Anna Ek"}))),
    ];
    for (what, plan) in lies {
        provider.says(plan);
        let reply = log_in(&service, &provider, "/login/oidc");
        assert_eq!(reply.status, 401, "{what}: {}", reply.body);
        is_refused(&reply, 401);
    }
    // Clocks may be a minute apart.
    for near in [json!({"exp": second - 50, "iat": second - 350}), json!({"iat": second + 50, "nbf": second + 50})] {
        provider.says(claims(near));
        assert_eq!(log_in(&service, &provider, "/login/oidc").status, 303);
    }
}

#[test]
fn somebody_without_a_role_is_told_whom_to_ask() {
    let provider = Provider::new();
    let (service, _secret) = service(provider.address, &[]);
    provider.says(Plan { claims: json!({"preferred_username": "stranger"}), ..Plan::default() });
    let reply = log_in(&service, &provider, "/login/oidc?lang=en");
    is_refused(&reply, 403);
    assert!(reply.body.contains("Ask whoever runs the service") && reply.body.contains("stranger"), "{}", reply.body);
}

#[test]
fn groups_of_the_provider_give_the_roles() {
    let provider = Provider::new();
    let groups = [("oidc_roles_claim", "groups"), ("oidc_roles", "lb-read=reader,lb-write=editor")];
    let (service, _secret) = service(provider.address, &groups);
    let as_member = |name: &str, groups: Value| {
        let claims = json!({"preferred_username": name, "groups": groups});
        provider.says(Plan { claims, ..Plan::default() });
        log_in(&service, &provider, "/login/oidc")
    };
    let reply = as_member("new", json!(["lb-read", "other"]));
    assert_eq!(reply.status, 303, "{}", reply.body);
    let session = session_of(&reply);
    assert_eq!(service.ask("GET /iakttagelser", &[&session]).status, 200);
    assert_eq!(service.ask("GET /iakttagelser/ny", &[&session]).status, 403, "a reader writes nothing");
    let reply = as_member("new", json!(["lb-write"]));
    assert_eq!(service.ask("GET /iakttagelser/ny", &[&session_of(&reply)]).status, 200);
    for nothing in [json!([]), json!(["admin", "editor"]), json!(null)] {
        is_refused(&as_member("stranger", nothing.clone()), 403);
        is_refused(&as_member("editor", nothing), 403);
    }
}

#[test]
fn a_provider_that_is_down_stops_no_other_login_and_is_asked_again() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = port.local_addr().expect("bound");
    drop(port);
    let (service, _secret) = service(address, &[]);
    let reply = service.ask("GET /login/oidc", &[]);
    assert_eq!((reply.status, reply.header("retry-after")), (503, Some("30")), "{}", reply.body);
    assert_eq!(service.ask("GET /healthz", &[]).status, 200);
    let password = crate::PASSWORD.replace(' ', "+").replace('ä', "%C3%A4");
    assert_eq!(service.post_form("/login", &[], &format!("name=editor&password={password}")).status, 303);
    let provider = Provider::on(TcpListener::bind(address).expect("still free"));
    assert_eq!(log_in(&service, &provider, "/login/oidc").status, 303);
}

#[test]
fn the_way_back_leads_to_no_other_place() {
    let provider = Provider::new();
    let (service, _secret) = service(provider.address, &[]);
    for elsewhere in ["//evil.example", "/%5Cevil.example", "https://evil.example/", "evil", "/%0D%0AX:1", "/%09/evil"]
    {
        let reply = log_in(&service, &provider, &format!("/login/oidc?to={elsewhere}"));
        assert_eq!((reply.status, reply.header("location")), (303, Some("/")), "{elsewhere}");
    }
    // The address to come back to is made of a name of this service alone.
    let reply = service.send("GET /login/oidc", &["Host: evil.example"], "");
    assert_eq!((reply.status, reply.header("location")), (421, None));
}

#[test]
fn where_people_log_in_through_a_provider_nobody_is_let_in_unasked() {
    let provider = Provider::new();
    let issuer = format!("http://{}", provider.address);
    let flags = [("oidc_issuer", issuer.as_str()), ("oidc_client_id", "lagesbild")];
    let (service, ()) = Service::at(now, &flags, |_| ());
    assert_eq!(service.ask("GET /readyz", &[]).status, 401);
    let (other, ()) = Service::at(now, &[], add_people);
    assert_eq!(other.ask("GET /login/oidc", &[]).status, 404, "not set up");
    assert!(!other.ask("GET /login", &[]).body.contains("/login/oidc"));
}

#[test]
fn beyond_loopback_a_provider_is_enough_to_start() {
    use lagesbild::http::access::{StartRefused, check_start};
    let start = |flags: &[(&str, &str)]| {
        let issuer = [("oidc_issuer", "https://login.example.se"), ("hosts", "lb.example.se")];
        let settings = crate::start::settings(&[&issuer, flags].concat());
        check_start("0.0.0.0:8080".parse().expect("an address"), &settings, &lagesbild::store::People::default())
    };
    let id = ("oidc_client_id", "lagesbild");
    assert_eq!(start(&[id]), Ok(()));
    assert_eq!(start(&[]), Err(StartRefused::OidcWithoutClient));
    for half in [("oidc_roles_claim", "groups"), ("oidc_roles", "a=reader")] {
        assert_eq!(start(&[id, half]), Err(StartRefused::OidcRolesIncomplete));
    }
    assert_eq!(start(&[id, ("oidc_roles_claim", "groups"), ("oidc_roles", "a=reader")]), Ok(()));
}

#[test]
fn a_revoked_account_stays_out_whatever_the_groups_say() {
    let provider = Provider::new();
    let groups = [("oidc_roles_claim", "groups"), ("oidc_roles", "lb-read=reader")];
    let (service, _secret) = service_with(provider.address, &groups, |file| {
        file.add_user(&operator(), "gone", &[Role::Admin], None, now()).expect("added");
        file.revoke_user(&operator(), "gone", now()).expect("revoked");
    });
    let claims = json!({"preferred_username": "gone", "groups": ["lb-read"]});
    provider.says(Plan { claims, ..Plan::default() });
    is_refused(&log_in(&service, &provider, "/login/oidc"), 403);
}
