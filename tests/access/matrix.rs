//! Role x route x method, made from the table of routes: a route that is added is asked here too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::Method;
use axum::response::IntoResponse;
use lagesbild::domain::Role;
use lagesbild::http::access::{Gate, csrf};
use lagesbild::http::health::{self, DataStatus, Watched};
use lagesbild::http::heavy::Heavy;
use lagesbild::http::metrics::Metrics;
use lagesbild::http::route::{Access, Call, RequestLimits, Route};
use lagesbild::http::server::{Connections, Peer};
use lagesbild::http::{State, public, service};
use lagesbild::settings::{Sources, resolve};
use lagesbild::store::{DataFile, KeyScope, Token};
use tower::ServiceExt;

use crate::{Service, cookie, csrf_line, session};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

fn table() -> Vec<(Method, &'static str, Access)> {
    let probe: health::Probe = Arc::new(DataStatus::default);
    let watched =
        Watched { metrics: Metrics::new(), connections: Connections::default(), heavy: Heavy::new(1, 1), site: None };
    let routes: Vec<Route<State>> = service::routes(probe, Some(watched));
    routes.iter().map(|route| (route.method.clone(), route.path, route.access)).collect()
}

#[test]
fn the_public_reaches_the_allow_list_and_nothing_else() {
    let public: BTreeSet<String> = table()
        .into_iter()
        .filter(|(_, _, access)| *access == Access::Public)
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let allowed = ["GET /assets/{file}", "GET /healthz", "GET /login", "POST /login"];
    let of_oidc = ["GET /login/oidc", "GET /login/oidc/callback"].into_iter().filter(|_| cfg!(feature = "oidc"));
    assert_eq!(public, allowed.into_iter().chain(of_oidc).map(str::to_string).collect::<BTreeSet<String>>());
}

#[test]
fn every_role_on_every_route_with_every_method_gets_what_the_table_says() {
    let table = table();
    let mut by_path: BTreeMap<&str, Vec<(Method, Access)>> = BTreeMap::new();
    for (method, path, access) in table {
        by_path.entry(path).or_default().push((method, access));
    }
    let people: Vec<(&str, &[Role])> = vec![
        ("nobody", &[]),
        ("reader", &[Role::Reader]),
        ("editor", &[Role::Editor]),
        ("publisher", &[Role::Publisher]),
        ("admin", &[Role::Admin]),
        ("both", &[Role::Editor, Role::Publisher]),
    ];
    // A login of its own for every change: one of them logs out.
    let logins_each = by_path.len() * 4 + 1;
    let (service, logins) = Service::with(&[], |file| {
        let names = people.iter().map(|(name, _)| *name).filter(|name| *name != "nobody");
        names
            .map(|name| (name.to_string(), (0..logins_each).map(|_| session(file, name)).collect::<Vec<Token>>()))
            .collect::<BTreeMap<_, _>>()
    });
    let (mut cells, mut faults) = (0, Vec::new());
    for (name, roles) in &people {
        let mut fresh = logins.get(*name).into_iter().flatten();
        let reading = fresh.next();
        for (path, routes) in &by_path {
            let asked = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
            let asked = asked.collect::<Vec<_>>().join("/");
            for method in METHODS {
                let is_read = ["GET", "HEAD", "OPTIONS"].contains(&method);
                let login = if is_read { reading } else { fresh.next() };
                let mut lines = vec!["Content-Type: application/json".to_string()];
                lines.extend(login.map(cookie));
                lines.extend(login.map(csrf_line));
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                let status = service.ask(&format!("{method} {asked}"), &lines).status;
                let effective = if method == "HEAD" { "GET" } else { method };
                let access = routes.iter().find(|(m, _)| m.as_str() == effective).map(|(_, access)| *access);
                let may = |asked: Role| roles.iter().any(|role| role.includes(asked));
                let as_expected = match access {
                    _ if method == "OPTIONS" => status == 204,
                    None => status == 405,
                    // The page for people leads to the login instead of saying 401.
                    Some(Access::Role(_)) if roles.is_empty() && *path == "/" => status == 303,
                    Some(Access::Role(_)) if roles.is_empty() => status == 401,
                    Some(Access::Role(role)) if !may(role) => status == 403,
                    // Let in: what the route then says of an empty request is another matter.
                    Some(_) => status < 500 && ![401, 403, 405].contains(&status) || is_wrong_password(path, status),
                };
                cells += 1;
                if !as_expected {
                    faults.push(format!("{name} {method} {path}: {status}, asks for {access:?}"));
                }
            }
        }
    }
    assert_eq!(cells, people.len() * by_path.len() * METHODS.len());
    assert!(faults.is_empty(), "{} of {cells} cells:\n{}", faults.len(), faults.join("\n"));
}

/// What is public is answered before the table of routes: the same for everybody, and nothing but reading.
#[test]
fn public_paths_answer_everybody_alike_and_take_nothing() {
    assert!(table().iter().all(|(_, path, _)| !public::is_public(path)), "the table has a public path");
    let (service, login) = Service::with(&[], |file| session(file, "admin"));
    let own = [cookie(&login), csrf_line(&login), "Content-Type: application/json".to_string()];
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    for path in public::PATHS {
        let asked = path.replace("{number}", "1").replace("{path}", "x");
        for method in METHODS {
            let line = format!("{method} {asked}");
            let (nobody, admin) = (service.ask(&line, &own[2..]), service.ask(&line, &own));
            let expected: &[u16] = match method {
                "GET" | "HEAD" => &[200, 400, 404],
                "OPTIONS" => &[204],
                _ => &[405],
            };
            assert!(expected.contains(&nobody.status), "{line}: {}", nobody.status);
            assert_eq!((nobody.status, &nobody.body), (admin.status, &admin.body), "{line}");
            assert_eq!(nobody.header("set-cookie"), None, "{line}");
        }
    }
}

/// These two are let in and then say that the empty password is wrong.
fn is_wrong_password(path: &str, status: u16) -> bool {
    (path == "/login" && status == 401) || (path == "/account/password" && status == 403)
}

/// A table with a route for every role and method, so that roles no route asks for yet are asked for here.
fn made_up() -> Vec<Route<()>> {
    let answer = async |call: Call<()>| Ok(call.actor.id.into_response());
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let paths = [
        ("/reader", Role::Reader),
        ("/editor", Role::Editor),
        ("/publisher", Role::Publisher),
        ("/admin", Role::Admin),
    ];
    let routes = paths.into_iter().flat_map(|(path, role)| {
        let methods = methods.clone().into_iter();
        methods.map(move |method| Route::new(method, path, Access::Role(role), "A route", [], answer))
    });
    let small = Route::new(Method::POST, "/small", Access::Public, "A small body", [], answer).body_limit(10);
    let large = Route::new(Method::POST, "/large", Access::Public, "A large body", [], answer).body_limit(10_000);
    routes.chain([small, large]).collect()
}

#[tokio::test]
async fn a_reader_writes_nothing_and_a_key_may_what_its_scope_says() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let mut file = DataFile::open(&crate::empty_file(folder.path())).expect("opens");
    crate::add_people(&mut file);
    type Line<'a> = (&'a str, Vec<Role>, Vec<(&'a str, String)>);
    let mut lines: Vec<Line<'_>> = vec![("nobody", vec![], vec![])];
    for name in ["reader", "editor", "publisher", "admin", "both"] {
        let token = session(&mut file, name);
        let roles = Role::ALL.into_iter().filter(|role| role.code() == name).collect::<Vec<_>>();
        let roles = if name == "both" { vec![Role::Editor, Role::Publisher] } else { roles };
        let cookie = ("cookie", format!("lagesbild={}", token.to_hex()));
        lines.push((name, roles, vec![cookie, ("x-csrf-token", csrf::of_session(&token))]));
    }
    for (owner, scope, roles) in [
        ("admin", KeyScope::Read, vec![Role::Reader]),
        ("admin", KeyScope::Write, vec![Role::Editor]),
        ("admin", KeyScope::Publish, vec![Role::Publisher]),
        ("both", KeyScope::Write, vec![Role::Editor]),
        ("reader", KeyScope::Read, vec![Role::Reader]),
    ] {
        let key = crate::key(&mut file, owner, scope);
        lines.push(("key", roles, vec![("authorization", format!("Bearer {key}"))]));
    }
    let in_query = crate::key(&mut file, "admin", KeyScope::Write);
    let sources = Sources { folder: "/nowhere".into(), ..Sources::default() };
    let settings = resolve(&sources).expect("defaults").settings.access;
    let gate = Gate::new(settings, true, file.people().expect("read"), crate::now);
    let second = std::time::Duration::from_secs(1);
    let limits =
        RequestLimits { body_bytes: 1000, body_timeout: second, idle_timeout: second, request_timeout: second };
    let app = lagesbild::http::app(made_up(), &(), limits, &gate, None);
    let ask = |method: &str, uri: &str, headers: &[(&str, String)], body: usize| {
        let mut request = Request::builder().method(method).uri(uri).header("host", "localhost");
        request = request.header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(Body::from(vec![b' '; body])).expect("valid");
        request.extensions_mut().insert(Peer(([127, 0, 0, 1], 5000).into()));
        let app = app.clone();
        async move { app.oneshot(request).await.expect("answers").status().as_u16() }
    };
    let mut cells = 0;
    for (name, roles, headers) in &lines {
        for asked in Role::ALL {
            let path = format!("/{}", asked.code());
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
                let expected = match roles.iter().any(|role| role.includes(asked)) {
                    true => 200,
                    false if roles.is_empty() => 401,
                    false => 403,
                };
                assert_eq!(ask(method, &path, headers, 0).await, expected, "{name} {roles:?} {method} {path}");
                cells += 1;
            }
            assert_eq!(ask("OPTIONS", &path, headers, 0).await, 204);
            assert_eq!(ask("TRACE", &path, headers, 0).await, 405);
        }
    }
    assert_eq!(cells, 11 * 4 * 6);
    // In an address a key only reads, whatever its scope.
    assert_eq!(ask("GET", &format!("/reader?key={in_query}"), &[], 0).await, 200);
    assert_eq!(ask("GET", &format!("/editor?key={in_query}"), &[], 0).await, 403);
    assert_eq!(ask("DELETE", &format!("/editor?key={in_query}"), &[], 0).await, 400);
    // A route may take a smaller or a larger body than the service.
    for (path, bytes, expected) in
        [("/small", 10, 200), ("/small", 11, 413), ("/large", 10_000, 200), ("/large", 10_001, 413)]
    {
        assert_eq!(ask("POST", path, &[], bytes).await, expected, "{path} {bytes}");
    }
}
