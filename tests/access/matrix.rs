//! Role x route x method, made from the table of routes: a route that is added is asked here too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::Method;
use lagesbild::domain::Role;
use lagesbild::http::health::{self, DataStatus, Watched};
use lagesbild::http::heavy::Heavy;
use lagesbild::http::metrics::Metrics;
use lagesbild::http::route::Access;
use lagesbild::http::server::Connections;
use lagesbild::http::{State, service};
use lagesbild::store::Token;

use crate::{Service, cookie, csrf_line, session};

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

fn table() -> Vec<(Method, &'static str, Access)> {
    let probe: health::Probe = Arc::new(DataStatus::default);
    let watched = Watched { metrics: Metrics::new(), connections: Connections::default(), heavy: Heavy::new(1, 1) };
    let routes: Vec<lagesbild::http::route::Route<State>> = service::routes(probe, Some(watched));
    routes.iter().map(|route| (route.method.clone(), route.path, route.access)).collect()
}

#[test]
fn the_public_reaches_the_allow_list_and_nothing_else() {
    let public: BTreeSet<String> = table()
        .into_iter()
        .filter(|(_, _, access)| *access == Access::Public)
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let allowed = ["GET /assets/{file}", "GET /healthz", "GET /login", "POST /login"].map(str::to_string);
    assert_eq!(public, BTreeSet::from(allowed));
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

/// These two are let in and then say that the empty password is wrong.
fn is_wrong_password(path: &str, status: u16) -> bool {
    (path == "/login" && status == 401) || (path == "/account/password" && status == 403)
}
