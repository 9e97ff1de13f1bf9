//! The page where people see who they are here, and make and revoke their own keys.
//!
//! Only somebody who has logged in, or whom a proxy names, changes something here: with a key one could make
//! a better one.

use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::layout::Shell;
use super::login::{FORM_BYTES, LANG, change, fields, in_lang, is_right, lang_of, private_page, see_other};
use super::texts::{Lang, Text};
use crate::domain::Role;
use crate::http::State;
use crate::http::access::{Credential, View, csrf};
use crate::http::problem::Problem;
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::store::{Key, KeyScope, NewKey, PasswordHash};

const TITLE: Text = Text::new("Mitt konto", "My account");
const YOU_ARE: Text = Text::new("Du är {name} med rollen {roles}.", "You are {name} with the role {roles}.");
const LOCAL: Text = Text::new(
    "Tjänsten kör på den här datorn för den som sitter vid den. Inget konto behövs.",
    "The service runs on this computer for whoever sits at it. No account is needed.",
);
const LOG_OUT: Text = Text::new("Logga ut", "Log out");
const KEYS: Text = Text::new("Mina nycklar", "My keys");
const KEYS_HELP: Text = Text::new(
    "En nyckel låter ett program, till exempel QGIS, läsa eller skriva i ditt namn.",
    "A key lets a program, such as QGIS, read or write in your name.",
);
const NO_KEYS: Text = Text::new("Du har inga nycklar.", "You have no keys.");
const KEY: Text = Text::new("Nyckel", "Key");
const LABEL: Text = Text::new("Till vad", "What for");
const SCOPE: Text = Text::new("Får", "May");
const EXPIRES: Text = Text::new("Gäller till", "Valid until");
const USED: Text = Text::new("Senast använd", "Last used");
const NEVER: Text = Text::new("aldrig", "never");
const REVOKE: Text = Text::new("Återkalla", "Revoke");
const REVOKED: Text = Text::new("återkallad", "revoked");
const EXPIRED: Text = Text::new("har gått ut", "expired");
const NEW_KEY: Text = Text::new("Ny nyckel", "New key");
const DAYS: Text = Text::new("Gäller i så många dagar", "Valid for so many days");
const MAKE: Text = Text::new("Gör en nyckel", "Make a key");
const SHOWN_ONCE: Text = Text::new(
    "Kopiera nyckeln nu. Den visas bara den här gången och kan inte hämtas igen.",
    "Copy the key now. It is shown only this time and cannot be fetched again.",
);
const PASSWORD: Text = Text::new("Byt lösenord", "Change password");
const OLD: Text = Text::new("Nuvarande lösenord", "Current password");
const NEW: Text = Text::new("Nytt lösenord, 12 till 128 tecken", "New password, 12 to 128 characters");
const SCOPES: [(KeyScope, Text); 3] = [
    (KeyScope::Read, Text::new("läsa", "read")),
    (KeyScope::Write, Text::new("läsa och skriva", "read and write")),
    (KeyScope::Publish, Text::new("läsa och ge ut", "read and publish")),
];
const ROLES: [(Role, Text); 4] = [
    (Role::Reader, Text::new("läsare", "reader")),
    (Role::Editor, Text::new("redaktör", "editor")),
    (Role::Publisher, Text::new("utgivare", "publisher")),
    (Role::Admin, Text::new("administratör", "admin")),
];

pub(super) fn routes() -> Vec<Route<State>> {
    let me = Access::Role(Role::Reader);
    let prefix = Param::path("prefix", "the part of a key after lb_", "eight hexadecimal digits");
    let post = Method::POST;
    vec![
        Route::get("/account", me, "Who one is here, and one's own keys", [LANG], account),
        Route::new(post.clone(), "/account/keys", me, "Makes a key", [LANG], make_key).body_limit(FORM_BYTES),
        Route::new(post.clone(), "/account/keys/{prefix}/revoke", me, "Revokes a key", [LANG, prefix], revoke_key)
            .body_limit(FORM_BYTES),
        Route::new(post, "/account/password", me, "Changes the password", [LANG], new_password).body_limit(FORM_BYTES),
    ]
}

async fn account(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    Ok(private_page(StatusCode::OK, lang, &page(&call, lang, None)))
}

/// Changes of an account need the person.
fn check_in_person(call: &Call<State>) -> Result<(), Problem> {
    match call.visit.by {
        Credential::Session(_) | Credential::Proxy => Ok(()),
        _ => Err(Problem::Forbidden(
            "this needs a login; a key or this machine alone has no account to change".to_string(),
        )),
    }
}

async fn make_key(call: Call<State>) -> Answer {
    check_in_person(&call)?;
    let lang = lang_of(&call)?;
    let form = fields(&call, &["label", "scope", "days"])?;
    let bad = |name: &str, value: &str, accepted: &str| Problem::InvalidParameter {
        parameter: name.to_string(),
        value: value.to_string(),
        reason: "it is not accepted".to_string(),
        accepted: accepted.to_string(),
    };
    let scope = form.one("scope")?.unwrap_or("read");
    let days = form.one("days")?.unwrap_or("90");
    let new = NewKey {
        user: call.actor.id.clone(),
        label: form.one("label")?.unwrap_or_default().trim().to_string(),
        scope: KeyScope::from_code(scope).ok_or_else(|| bad("scope", scope, "read, write or publish"))?,
        lifetime: days
            .parse::<i64>()
            .ok()
            .filter(|days| (1..=3650).contains(days))
            .map(|days| SignedDuration::from_hours(24 * days))
            .ok_or_else(|| bad("days", days, "1 to 3650"))?,
    };
    let (actor, now) = (call.actor.clone(), call.state.gate.now());
    let key = change(&call, move |file| file.add_key(&actor, &new, now)).await?;
    Ok(private_page(StatusCode::CREATED, lang, &page(&call, lang, Some(&key))))
}

async fn revoke_key(call: Call<State>) -> Answer {
    check_in_person(&call)?;
    let lang = lang_of(&call)?;
    fields(&call, &[])?;
    let (actor, now, prefix) = (call.actor.clone(), call.state.gate.now(), call.path_value("prefix").to_string());
    change(&call, move |file| file.revoke_key(&actor, &prefix, Some(&actor.id), now)).await?;
    see_other(&in_lang("/account", lang))
}

async fn new_password(call: Call<State>) -> Answer {
    check_in_person(&call)?;
    let lang = lang_of(&call)?;
    let form = fields(&call, &["old", "new"])?;
    let (old, new) = (form.one("old")?.unwrap_or_default(), form.one("new")?.unwrap_or_default().to_string());
    if !is_right(&call, &call.actor.id, old.to_string()).await? {
        return Err(Problem::Forbidden("the current password is not right".to_string()));
    }
    let actor = call.actor.clone();
    // All logins end with the old password, this one too.
    change(&call, move |file| {
        let hash = PasswordHash::of(&new, &actor.id)?;
        file.set_password(&actor, &actor.id, &hash)
    })
    .await?;
    see_other(&in_lang("/login", lang))
}

fn page(call: &Call<State>, lang: Lang, made: Option<&str>) -> Markup {
    let title = TITLE.of(lang);
    let url_in = |lang: Lang| in_lang("/account", lang);
    let shell = Shell { lang, title, url_in: &url_in, home: in_lang("/", lang) };
    let view = call.state.gate.people();
    let name = call.actor.id.as_str();
    let roles: Vec<&str> =
        ROLES.iter().filter(|(role, _)| call.actor.roles.contains(role)).map(|(_, text)| text.of(lang)).collect();
    let in_person = check_in_person(call).is_ok();
    let account = view.people().users.get(name).filter(|_| in_person);
    let token = html! {
        @if let Some(token) = call.csrf_token() { input type="hidden" name=(csrf::FIELD) value=(token); }
    };
    shell.around(&html! {
        h1 { (title) }
        p { (YOU_ARE.with(lang, &[("name", name), ("roles", &roles.join(", "))])) }
        @if call.visit.by == Credential::Local { p { (LOCAL.of(lang)) } }
        @if let Some(key) = made {
            div.caution role="status" { p { (SHOWN_ONCE.of(lang)) } p { code { (key) } } }
        }
        @if matches!(call.visit.by, Credential::Session(_)) {
            form method="post" action=(in_lang("/logout", lang)) {
                (token)
                button type="submit" { (LOG_OUT.of(lang)) }
            }
        }
        @if let Some(account) = account {
            (keys(call, &view, lang, &token))
            (new_key(&account.roles, lang, &token))
            @if account.password.is_some() {
                h2 { (PASSWORD.of(lang)) }
                form method="post" action=(in_lang("/account/password", lang)) {
                    (token)
                    p.field {
                        label for="f-old" { (OLD.of(lang)) }
                        input id="f-old" name="old" type="password" required autocomplete="current-password";
                    }
                    p.field {
                        label for="f-new" { (NEW.of(lang)) }
                        input id="f-new" name="new" type="password" required minlength="12" maxlength="128"
                            autocomplete="new-password";
                    }
                    button type="submit" { (PASSWORD.of(lang)) }
                }
            }
        }
    })
}

fn keys(call: &Call<State>, view: &View, lang: Lang, token: &Markup) -> Markup {
    let mut own: Vec<&Key> = view.people().keys.values().filter(|key| key.user == call.actor.id).collect();
    own.sort_by(|a, b| (b.added, &a.prefix).cmp(&(a.added, &b.prefix)));
    let now = call.state.gate.now();
    let day = |moment: Timestamp| moment.to_zoned(call.state.store.snapshot().zone().clone()).date().to_string();
    let scope = |key: &Key| SCOPES.iter().find(|(s, _)| *s == key.scope).map_or("", |(_, text)| text.of(lang));
    html! {
        h2 { (KEYS.of(lang)) }
        p { (KEYS_HELP.of(lang)) }
        @if own.is_empty() { p { (NO_KEYS.of(lang)) } }
        @for key in own {
            h3 { (KEY.of(lang)) " " code { "lb_" (key.prefix) } }
            dl.facts {
                @if !key.label.is_empty() { dt { (LABEL.of(lang)) } dd { (key.label) } }
                dt { (SCOPE.of(lang)) } dd { (scope(key)) }
                dt { (EXPIRES.of(lang)) }
                dd {
                    (day(key.expires))
                    @if key.revoked.is_some() { ", " (REVOKED.of(lang)) }
                    @else if key.expires <= now { ", " (EXPIRED.of(lang)) }
                }
                dt { (USED.of(lang)) }
                dd { @if let Some(used) = view.key_last_used(&key.prefix) { (day(used)) } @else { (NEVER.of(lang)) } }
            }
            @if key.revoked.is_none() && key.expires > now {
                form method="post" action=(in_lang(&format!("/account/keys/{}/revoke", key.prefix), lang)) {
                    (token)
                    button type="submit" { (REVOKE.of(lang)) " lb_" (key.prefix) }
                }
            }
        }
    }
}

fn new_key(roles: &[Role], lang: Lang, token: &Markup) -> Markup {
    html! {
        h2 { (NEW_KEY.of(lang)) }
        form method="post" action=(in_lang("/account/keys", lang)) {
            (token)
            p.field {
                label for="f-label" { (LABEL.of(lang)) }
                input id="f-label" name="label" maxlength="100" autocomplete="off";
            }
            p.field {
                label for="f-scope" { (SCOPE.of(lang)) }
                select id="f-scope" name="scope" {
                    @for (scope, text) in SCOPES {
                        @if scope.of(roles).contains(&scope.role()) { option value=(scope.code()) { (text.of(lang)) } }
                    }
                }
            }
            p.field {
                label for="f-days" { (DAYS.of(lang)) }
                input id="f-days" name="days" value="90" inputmode="numeric" autocomplete="off";
            }
            button type="submit" { (MAKE.of(lang)) }
        }
    }
}
