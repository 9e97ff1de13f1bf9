//! Logging in and out, and forms that a foreign page sends.

use lagesbild::domain::Role;
use lagesbild::store::{KeyScope, PasswordHash};

use crate::{PASSWORD, Reply, Service, cookie, csrf_line, key, now, operator, session};

fn form(name: &str, password: &str) -> String {
    format!("name={name}&password={}&to=%2Faccount", password.replace(' ', "+").replace('ä', "%C3%A4"))
}

fn cookie_of(reply: &Reply) -> String {
    let set = reply.header("set-cookie").expect("a cookie");
    format!("Cookie: {}", set.split(';').next().expect("a value"))
}

#[test]
fn who_logs_in_gets_a_cookie_that_opens_and_logging_out_ends_it() {
    let (service, ()) = Service::with(&[], |_| ());
    let page = service.ask("GET /login", &["Accept: text/html"]);
    assert!(page.status == 200 && page.body.contains("<form method=\"post\"") && page.body.contains("Logga in"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let reply = service.post_form("/login", &[], &form("Editor", PASSWORD));
    assert_eq!((reply.status, reply.header("location")), (303, Some("/account")), "{}", reply.body);
    let set = reply.header("set-cookie").expect("a cookie");
    for part in ["lagesbild=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=43200"] {
        assert!(set.contains(part), "{part} in {set}");
    }
    let login = cookie_of(&reply);
    let account = service.ask("GET /account", &[&login]);
    assert!(account.status == 200 && account.body.contains("editor"), "{}", account.body);
    let token = account.body.split("name=\"csrf\" value=\"").nth(1).expect("a form token")[..64].to_string();
    let made = service.post_form("/account/keys", &[&login], &format!("csrf={token}&scope=write&days=30&label=QGIS"));
    assert_eq!(made.status, 201, "{}", made.body);
    let key = made.body.split("<code>lb_").nth(1).expect("shown").split('<').next().expect("its end");
    let line = format!("Authorization: Bearer lb_{key}");
    assert_eq!(service.ask("GET /readyz", &[&line]).status, 200);
    assert!(!service.ask("GET /account", &[&login]).body.contains(key), "shown once");
    let revoke = format!("/account/keys/{}/revoke", &key[..8]);
    assert_eq!(service.post_form(&revoke, &[&login], &format!("csrf={token}")).status, 303);
    assert_eq!(service.ask("GET /readyz", &[&line]).status, 401);
    let out = service.post_form("/logout", &[&login], &format!("csrf={token}"));
    assert!(out.status == 303 && out.header("set-cookie").is_some_and(|set| set.contains("Max-Age=0")));
    assert_eq!(service.ask("GET /readyz", &[&login]).status, 401);
}

#[test]
fn a_wrong_password_and_an_unknown_name_look_the_same_and_take_alike_long() {
    let (service, ()) = Service::with(&[], |_| ());
    let mut shapes = Vec::new();
    // An account without a password, one that is not there, one with another password, no name at all.
    for name in ["editor", "reader", "nobody-here", "å%2F"] {
        let begun = std::time::Instant::now();
        let reply = service.post_form("/login", &[], &form(name, "wrong password here"));
        assert_eq!((reply.status, reply.header("set-cookie")), (401, None), "{name}");
        shapes.push((reply.body, begun.elapsed()));
    }
    assert!(shapes.iter().all(|(body, _)| *body == shapes[0].0));
    let fastest = shapes.iter().map(|(_, took)| *took).min().expect("four");
    // Hashing takes tens of milliseconds; not hashing would take less than one.
    assert!(fastest > std::time::Duration::from_millis(5), "{fastest:?}");
}

#[test]
fn after_five_wrong_passwords_the_right_one_must_wait_too() {
    let (service, ()) = Service::with(&[], |_| ());
    for _ in 0..5 {
        assert_eq!(service.post_form("/login", &[], &form("editor", "wrong password here")).status, 401);
    }
    let reply = service.post_form("/login", &[], &form("editor", PASSWORD));
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("900")));
    assert_eq!(reply.header("set-cookie"), None);
    assert_eq!(service.post_form("/login", &[], &form("admin", "wrong password here")).status, 401, "another name");
}

#[test]
fn a_session_planted_before_the_login_is_worth_nothing_after_it() {
    let (service, planted) = Service::with(&[], |file| session(file, "reader"));
    let planted_line = cookie(&planted);
    let unknown = format!("Cookie: lagesbild={}", "ab".repeat(32));
    for before in [&planted_line, &unknown] {
        let reply = service.post_form("/login", &[before], &form("editor", PASSWORD));
        assert_eq!(reply.status, 303, "{}", reply.body);
        let after = cookie_of(&reply);
        assert_ne!(&after, before, "a new token");
        assert_eq!(service.ask("GET /readyz", &[&after]).status, 200);
        assert_eq!(service.ask("GET /readyz", &[before]).status, 401, "the old one has ended");
    }
}

#[test]
fn a_new_password_ends_every_login() {
    let (service, (other, mine)) = Service::with(&[], |file| (session(file, "editor"), session(file, "editor")));
    let (login, csrf) = (cookie(&mine), csrf_line(&mine));
    let old = PASSWORD.replace(' ', "+").replace('ä', "%C3%A4");
    let change = |old: &str, new: &str| {
        service.post_form("/account/password", &[&login, &csrf], &format!("old={old}&new={new}")).status
    };
    assert_eq!(change("wrong+password+here", "a+new+long+password"), 403);
    assert_eq!(change(&old, "short"), 400);
    assert_eq!(service.ask("GET /readyz", &[&login]).status, 200, "nothing has changed yet");
    assert_eq!(change(&old, "a+new+long+password"), 303);
    assert_eq!(service.ask("GET /readyz", &[&login]).status, 401);
    assert_eq!(service.ask("GET /readyz", &[&cookie(&other)]).status, 401);
    assert_eq!(service.post_form("/login", &[], &form("editor", PASSWORD)).status, 401);
    assert_eq!(service.post_form("/login", &[], &form("editor", "a new long password")).status, 303);
}

#[test]
fn a_form_without_the_token_of_the_login_changes_nothing() {
    let (service, (mine, other)) = Service::with(&[], |file| (session(file, "editor"), session(file, "reader")));
    let login = cookie(&mine);
    let foreign_token = csrf_line(&other);
    let post = |lines: &[&str], body: &str| {
        service.post_form("/account/keys", &[&[login.as_str()], lines].concat(), body).status
    };
    assert_eq!(post(&[], "scope=read"), 403, "no token");
    assert_eq!(post(&[], "scope=read&csrf=0"), 403, "a wrong token");
    assert_eq!(post(&[&foreign_token], "scope=read"), 403, "the token of another login");
    assert_eq!(post(&[&csrf_line(&mine)], "scope=read"), 201);
    // The right token from a foreign page: the origin speaks against it.
    let token = csrf_line(&mine);
    let send = |lines: &[&str]| {
        let all =
            [&["Host: localhost", "Content-Type: application/x-www-form-urlencoded", &login, &token], lines].concat();
        service.send("POST /account/keys", &all, "scope=read").status
    };
    for foreign in [
        &["Origin: http://evil.example"][..],
        &["Origin: https://localhost"],
        &["Origin: null"],
        &["Origin: http://localhost", "Sec-Fetch-Site: cross-site"],
        &["Sec-Fetch-Site: same-site"],
        &[],
    ] {
        assert_eq!(send(foreign), 403, "{foreign:?}");
    }
    assert_eq!(send(&["Origin: null", "Sec-Fetch-Site: same-origin"]), 201);
}

#[test]
fn a_foreign_page_logs_nobody_in() {
    let (service, ()) = Service::with(&[], |_| ());
    let send = |lines: &[&str]| {
        let all = [&["Host: localhost", "Content-Type: application/x-www-form-urlencoded"], lines].concat();
        service.send("POST /login", &all, &form("editor", PASSWORD)).status
    };
    assert_eq!(send(&["Origin: http://evil.example"]), 403);
    assert_eq!(send(&["Sec-Fetch-Site: cross-site"]), 403);
    assert_eq!(send(&[]), 403, "a form that does not say where it is from");
    assert_eq!(send(&["Origin: http://localhost"]), 303);
}

#[test]
fn a_page_leads_to_the_login_and_back_and_never_elsewhere() {
    let (service, ()) = Service::with(&[], |_| ());
    let reply = service.ask("GET /account?lang=en", &["Accept: text/html"]);
    let location = reply.header("location").expect("a redirect").to_string();
    assert_eq!((reply.status, location.as_str()), (303, "/login?lang=en&to=/account%3Flang%3Den"));
    let page = service.ask(&format!("GET {location}"), &["Accept: text/html"]);
    assert!(page.body.contains("value=\"/account?lang=en\"") && page.body.contains("Log in"), "{}", page.body);
    assert_eq!(service.ask("GET /api/areas/summary", &["Accept: text/html"]).status, 401, "programs get a problem");
    let elsewhere =
        service.post_form("/login", &[], &form("editor", PASSWORD).replace("%2Faccount", "%2F%2Fevil.example"));
    assert_eq!((elsewhere.status, elsewhere.header("location")), (303, Some("/")));
}

#[test]
fn behind_a_proxy_with_tls_the_cookie_is_bound_to_the_host() {
    let flags = [("proxy_addresses", "127.0.0.1"), ("hosts", "lb.example.se")];
    let (service, ()) = Service::with(&flags, |_| ());
    let host = "Host: lb.example.se";
    let proto = "X-Forwarded-Proto: https";
    let send = |origin: &str| {
        let lines = [host, proto, origin, "Content-Type: application/x-www-form-urlencoded"];
        service.send("POST /login", &lines, &form("editor", PASSWORD))
    };
    assert_eq!(send("Origin: http://lb.example.se").status, 403, "a page without TLS is another page");
    let reply = send("Origin: https://lb.example.se");
    let set = reply.header("set-cookie").expect("a cookie");
    assert!(set.starts_with("__Host-lagesbild=") && set.ends_with("; Secure") && !set.contains("Domain"), "{set}");
    let login = cookie_of(&reply);
    assert_eq!(service.send("GET /readyz", &[host, proto, &login], "").status, 200);
    let plain = login.replace("__Host-", "");
    assert_eq!(service.send("GET /readyz", &[host, proto, &plain], "").status, 401, "planted without TLS");
}

#[test]
fn people_behind_a_proxy_need_the_token_of_a_form_too() {
    let here = [("proxy_user_header", "X-Remote-User"), ("proxy_addresses", "127.0.0.1")];
    let (service, ()) = Service::with(&here, |_| ());
    let user = "X-Remote-User: editor";
    let page = service.ask("GET /account", &[user]);
    let token = page.body.split("name=\"csrf\" value=\"").nth(1).expect("a form token")[..64].to_string();
    assert_eq!(service.post_form("/account/keys", &[user], "scope=read").status, 403);
    assert_eq!(service.post_form("/account/keys", &[user], &format!("scope=read&csrf={token}")).status, 201);
    let other = "X-Remote-User: reader";
    assert_eq!(service.post_form("/account/keys", &[other], &format!("scope=read&csrf={token}")).status, 403);
}

#[test]
fn nobody_revokes_the_key_of_another() {
    let (service, (mine, theirs)) = Service::with(&[], |file| {
        file.add_user(&operator(), "eve", &[Role::Admin], None::<&PasswordHash>, now()).expect("added");
        (session(file, "eve"), key(file, "editor", KeyScope::Read))
    });
    let revoke = format!("/account/keys/{}/revoke", &theirs[3..11]);
    assert_eq!(service.post_form(&revoke, &[&cookie(&mine), &csrf_line(&mine)], "").status, 400);
    assert_eq!(service.ask("GET /readyz", &[&format!("Authorization: Bearer {theirs}")]).status, 200);
}
