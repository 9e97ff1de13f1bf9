//! The way to the provider and back, for people who log in through OpenID Connect.

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::SignedDuration;
use maud::{Markup, html};

use super::layout::Shell;
use super::login::{LANG, add_cookie, change, in_lang, lang_of, local_path, private_page, see_other, set_cookie};
use super::texts::{Lang, Text};
use crate::domain::Actor;
use crate::http::State;
use crate::http::access::oidc::{CALLBACK, Entry, Goal, LIFETIME, Oidc, Person, Unproved, cookie_name};
use crate::http::access::{Credential, Visit};
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::route::{Access, Answer, Call, Param, Route};

const BUTTON: Text = Text::new("Logga in med kommunens konto", "Log in with your organisation");
const OR: Text = Text::new("Eller med ett konto som bara finns här:", "Or with an account that exists only here:");
const TITLE: Text = Text::new("Inloggningen gick inte", "The login did not work");
const AGAIN: Text = Text::new("Till inloggningen", "To the login page");
const DOWN: Text = Text::new(
    "Inloggningstjänsten svarar inte just nu. Försök igen om en stund. Resten av tjänsten fungerar som vanligt.",
    "The login provider does not answer right now. Try again in a while. Everything else works as usual.",
);
const STRAY: Text = Text::new(
    "Inloggningen hör inte till den här webbläsaren, har redan använts eller tog längre än tio minuter. Börja om.",
    "The login does not belong to this browser, was used before, or took longer than ten minutes. Begin again.",
);
const DENIED: Text = Text::new(
    "Inloggningstjänsten släppte inte in dig, eller så avbröt du inloggningen.",
    "The login provider did not let you in, or you cancelled the login.",
);
const UNPROVED: Text = Text::new(
    "Inloggningstjänstens svar gick inte att lita på. Den som sköter tjänsten ser varför i loggen, under numret nedan.",
    "The answer of the login provider cannot be trusted. Whoever runs the service sees why in the log, under the \
     number below.",
);
const WITHOUT_ROLE: Text = Text::new(
    "Vi vet vem du är, men du har ingen behörighet här. Be den som sköter tjänsten om det, och uppge \
     namnet {name}.",
    "We know who you are, but you have no role here. Ask whoever runs the service for one, and give \
     the name {name}.",
);
const REQUEST: Text = Text::new("Nummer i loggen", "Number in the log");

/// What providers add to the way back besides `code` and `state`; none of it is used but `error` and `iss`.
const ADDED: [&str; 9] =
    ["error", "error_description", "error_uri", "iss", "session_state", "scope", "client_info", "authuser", "prompt"];

pub(super) fn routes() -> Vec<Route<State>> {
    let to = Param::query("to", "where to go after the login", "a path of this service");
    let from_provider = ["code", "state"].into_iter().chain(ADDED);
    let params: Vec<Param> = from_provider.map(|name| Param::query(name, "said by the provider", "text")).collect();
    vec![
        Route::get("/login/oidc", Access::Public, "Begins a login through OpenID Connect", [LANG, to], begin),
        Route::get(CALLBACK, Access::Public, "Ends a login through OpenID Connect", params, end),
    ]
}

/// The way to the provider on the page to log in; nothing where none is set up. A link, because pages of ours send
/// forms only to this service (`form-action`).
pub(super) fn button(call: &Call<State>, lang: Lang, to: &str) -> Markup {
    let pairs = [("lang", lang.code()), ("to", to)].map(|(name, value)| (name.to_string(), value.to_string()));
    let url = format!("/login/oidc?{}", Pairs::from(pairs.to_vec()).to_query());
    html! {
        @if call.state.gate.oidc().is_some() {
            p { a.button href=(url) { (BUTTON.of(lang)) } }
            p { (OR.of(lang)) }
        }
    }
}

fn provider(call: &Call<State>) -> Result<&Oidc, Problem> {
    call.state.gate.oidc().ok_or_else(|| Problem::NotFound("login through OpenID Connect here".to_string()))
}

async fn begin(call: Call<State>) -> Answer {
    let oidc = provider(&call)?;
    let lang = lang_of(&call)?;
    let to = local_path(call.pairs.one("to")?).map_or_else(|| in_lang("/", lang), str::to_string);
    let visit = &call.visit;
    let base = format!("{}://{}", if visit.is_https { "https" } else { "http" }, visit.brought.host);
    let goal = Goal { to, lang: lang.code() };
    let Some(begun) = oidc.begin(&base, goal, visit.client, call.state.gate.now())? else {
        return Ok(failed(&call, StatusCode::SERVICE_UNAVAILABLE, lang, DOWN.of(lang)));
    };
    let mut response = see_other(&begun.url)?;
    bind(&mut response, visit, &begun.browser.to_hex(), LIFETIME)?;
    Ok(response)
}

async fn end(call: Call<State>) -> Answer {
    let mut response = finish(&call).await?;
    // Of no more use, whatever became of the login.
    bind(&mut response, &call.visit, "", SignedDuration::ZERO)?;
    Ok(response)
}

async fn finish(call: &Call<State>) -> Answer {
    let (oidc, now) = (provider(call)?, call.state.gate.now());
    // A parameter given twice is as good as none, and its value is told to nobody.
    let one = |name: &str| call.pairs.one(name).ok().flatten();
    let returned = oidc.returned(one("state"), call.visit.brought.browser.as_ref(), one("iss"), now);
    let Some(returned) = returned else {
        let lang = Lang::default();
        return Ok(failed(call, StatusCode::BAD_REQUEST, lang, STRAY.of(lang)));
    };
    let goal = returned.goal().clone();
    let lang = Lang::from_code(goal.lang).unwrap_or_default();
    let Some(code) = one("code").filter(|_| one("error").is_none()) else {
        return Ok(failed(call, StatusCode::UNAUTHORIZED, lang, DENIED.of(lang)));
    };
    match oidc.person(returned, code.to_string(), now).await {
        Ok(person) => enter(call, person, &goal.to, lang).await,
        Err(why) => {
            tracing::warn!(request_id = %call.request_id, "a login through OpenID Connect failed: {why}");
            Ok(match why {
                Unproved::Unreachable(_) => failed(call, StatusCode::SERVICE_UNAVAILABLE, lang, DOWN.of(lang)),
                _ => failed(call, StatusCode::UNAUTHORIZED, lang, UNPROVED.of(lang)),
            })
        }
    }
}

/// Begins a session of the account, which is made or changed where the groups of the person say so.
async fn enter(call: &Call<State>, person: Person, to: &str, lang: Lang) -> Answer {
    let gate = &call.state.gate;
    let Some(entry) = person.entry(gate.people().people().users.get(&person.name)) else {
        tracing::info!(request_id = %call.request_id, "somebody without a role here logged in through OpenID Connect");
        let text = WITHOUT_ROLE.with(lang, &[("name", &person.name)]);
        return Ok(failed(call, StatusCode::FORBIDDEN, lang, &text));
    };
    let former = match &call.visit.by {
        Credential::Session(digest) => Some(*digest),
        _ => None,
    };
    let (lifetime, now) = (gate.session_lifetime(), gate.now());
    let begun = change(call, move |file| {
        let name = &person.name;
        // The log says that nobody here gave these roles.
        let actor = Actor::verified(name, Vec::new());
        match &entry {
            Entry::AsIs => {}
            Entry::Changed(roles) => file.set_roles(&actor, name, roles)?,
            Entry::New(roles) => file.add_user(&actor, name, roles, None, now)?,
        }
        file.begin_session(name, former.as_ref(), lifetime, now)
    });
    let mut response = see_other(local_path(Some(to)).unwrap_or("/"))?;
    set_cookie(&mut response, &call.visit, &begun.await?.to_hex(), lifetime)?;
    Ok(response)
}

fn bind(response: &mut Response, visit: &Visit, value: &str, lifetime: SignedDuration) -> Result<(), Problem> {
    add_cookie(response, visit, cookie_name(visit.is_https), value, lifetime)
}

fn failed(call: &Call<State>, status: StatusCode, lang: Lang, text: &str) -> Response {
    let login = |lang: Lang| in_lang("/login", lang);
    let shell = Shell { lang, title: TITLE.of(lang), url_in: &login, home: in_lang("/", lang) };
    let page = shell.around(&html! {
        h1 { (TITLE.of(lang)) }
        p.caution role="alert" { (text) }
        dl.facts { dt { (REQUEST.of(lang)) } dd { code { (call.request_id) } } }
        p { a href=(login(lang)) { (AGAIN.of(lang)) } }
    });
    let mut response = private_page(status, lang, &page);
    let headers = response.headers_mut();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"lagesbild\""));
    }
    response
}
