//! The page where people log in, and the way out.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use jiff::SignedDuration;
use maud::{Markup, html};

use super::layout::Shell;
use super::texts::{Lang, Text};
use crate::domain::Role;
use crate::http::State;
use crate::http::access::{Credential, Visit, cookie_name, csrf};
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::store::{PasswordHash, StoreError, check_name};

const TITLE: Text = Text::new("Logga in", "Log in");
const NAME: Text = Text::new("Användarnamn", "User name");
const PASSWORD: Text = Text::new("Lösenord", "Password");
const WRONG: Text = Text::new(
    "Namnet eller lösenordet stämmer inte. Försök igen.",
    "The name or the password is not right. Try again.",
);
const WITHOUT_ACCOUNTS: Text = Text::new(
    "Ingen har ett konto här. Den som sköter tjänsten lägger till konton.",
    "Nobody has an account here. Whoever runs the service adds accounts.",
);

/// What a form of ours may send at most.
pub(super) const FORM_BYTES: usize = 16 * 1024;

pub(super) const LANG: Param = Param::query("lang", "language of the page", "sv or en");

pub(super) fn routes() -> Vec<Route<State>> {
    let to = Param::query("to", "where to go after the login", "a path of this service");
    vec![
        Route::get("/login", Access::Public, "The page to log in", [LANG, to], login),
        Route::new(Method::POST, "/login", Access::Public, "Logs in", [LANG], log_in).body_limit(FORM_BYTES),
        Route::new(Method::POST, "/logout", Access::Role(Role::Reader), "Logs out", [LANG], log_out)
            .body_limit(FORM_BYTES),
    ]
}

pub(super) fn lang_of(call: &Call<State>) -> Result<Lang, Problem> {
    match call.pairs.one("lang")? {
        None => Ok(Lang::default()),
        Some(code) => Lang::from_code(code).ok_or_else(|| Problem::InvalidParameter {
            parameter: "lang".to_string(),
            value: code.to_string(),
            reason: "it is no language of these pages".to_string(),
            accepted: "sv or en".to_string(),
        }),
    }
}

/// The address of a page of ours in a language.
pub(super) fn in_lang(path: &str, lang: Lang) -> String {
    if lang == Lang::default() { path.to_string() } else { format!("{path}?lang={}", lang.code()) }
}

/// The fields of a form, of which only `accepted` may be there.
pub(super) fn fields(call: &Call<State>, accepted: &[&str]) -> Result<Pairs, Problem> {
    // The reader of addresses tells what it cannot read; here that could be a password.
    let unreadable = || Problem::Malformed("the form cannot be read".to_string());
    let text = std::str::from_utf8(&call.body).map_err(|_| unreadable())?;
    let fields = Pairs::parse(text).map_err(|_| unreadable())?;
    if fields.iter().all(|(name, _)| name == csrf::FIELD || accepted.contains(&name)) {
        Ok(fields)
    } else {
        Err(Problem::Malformed(format!("the form has other fields than {}", accepted.join(", "))))
    }
}

/// A page of which nobody keeps a copy.
pub(super) fn private_page(status: StatusCode, lang: Lang, page: &Markup) -> Response {
    let mut response = Response::new(Body::from(page.0.clone()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The path to go on to, if it is one of ours: `//host` and `/\host` lead elsewhere.
pub(super) fn local_path(text: Option<&str>) -> Option<&str> {
    let is_ours = |text: &&str| {
        let rest = text.strip_prefix('/');
        rest.is_some_and(|rest| !rest.starts_with(['/', '\\']))
            && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
    };
    text.filter(is_ours)
}

async fn login(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let to = local_path(call.pairs.one("to")?).unwrap_or("/").to_string();
    Ok(private_page(StatusCode::OK, lang, &page(&call, lang, &to, false)))
}

fn page(call: &Call<State>, lang: Lang, to: &str, is_wrong: bool) -> Markup {
    let title = TITLE.of(lang);
    let with_to = |lang: Lang| {
        let pairs = [("lang", lang.code()), ("to", to)].map(|(name, value)| (name.to_string(), value.to_string()));
        format!("/login?{}", Pairs::from(pairs.to_vec()).to_query())
    };
    let shell = Shell { lang, title, url_in: &with_to, home: in_lang("/", lang) };
    #[cfg(feature = "oidc")]
    let (has_provider, provider) = (call.state.gate.oidc().is_some(), super::oidc::button(call, lang, to));
    #[cfg(not(feature = "oidc"))]
    let (has_provider, provider) = (false, html! {});
    shell.around(&html! {
        h1 { (title) }
        @if !has_provider && call.state.gate.people().is_without_accounts() { p.caution { (WITHOUT_ACCOUNTS.of(lang)) } }
        @if is_wrong { p.caution role="alert" id="wrong" { (WRONG.of(lang)) } }
        (provider)
        form method="post" action=(in_lang("/login", lang)) {
            input type="hidden" name="to" value=(to);
            p.field {
                label for="f-name" { (NAME.of(lang)) }
                input id="f-name" name="name" required autocomplete="username" autocapitalize="none" spellcheck="false"
                    aria-describedby=[is_wrong.then_some("wrong")];
            }
            p.field {
                label for="f-password" { (PASSWORD.of(lang)) }
                input id="f-password" name="password" type="password" required autocomplete="current-password"
                    aria-describedby=[is_wrong.then_some("wrong")];
            }
            button type="submit" { (title) }
        }
    })
}

async fn log_in(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let form = fields(&call, &["name", "password", "to"])?;
    let to = local_path(form.one("to")?).map_or_else(|| in_lang("/", lang), str::to_string);
    let name = form.one("name")?.unwrap_or_default().trim().to_lowercase();
    let password = form.one("password")?.unwrap_or_default().to_string();
    if !is_right(&call, &name, password).await? {
        let mut response = private_page(StatusCode::UNAUTHORIZED, lang, &page(&call, lang, &to, true));
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"lagesbild\""));
        return Ok(response);
    }
    let former = match &call.visit.by {
        Credential::Session(digest) => Some(*digest),
        _ => None,
    };
    let gate = call.state.gate.clone();
    let (lifetime, now) = (gate.session_lifetime(), gate.now());
    let begin = change(&call, move |file| file.begin_session(&name, former.as_ref(), lifetime, now)).await?;
    let mut response = see_other(&to)?;
    set_cookie(&mut response, &call.visit, &begin.to_hex(), lifetime)?;
    Ok(response)
}

/// Whether name and password are right. A name that is not there takes as long as one that is.
pub(super) async fn is_right(call: &Call<State>, name: &str, password: String) -> Result<bool, Problem> {
    let gate = &call.state.gate;
    let (client, now) = (call.visit.client, gate.now());
    // What is no name at all is counted as one and the same.
    let counted = if check_name(name).is_ok() { name } else { "" };
    // Counted before it is tried: otherwise many at the same time would all be allowed.
    gate.attempts(|attempts| {
        attempts.check(counted, client, now).map(|()| attempts.count_failed(counted, client, now))
    })
    .map_err(|wait| Problem::TooManyAttempts { retry_after_s: u32::try_from(wait.as_secs()).unwrap_or(60).max(1) })?;
    let people = gate.people();
    let user = people.people().users.get(name).filter(|user| user.revoked.is_none());
    let (hash, is_known) = match user.and_then(|user| user.password.clone()) {
        Some(hash) => (hash, true),
        None => (PasswordHash::of_nobody().clone(), false),
    };
    let _turn = gate.hashing().acquire().await.map_err(|_| Problem::Internal("no turn for a password".to_string()))?;
    let matches = tokio::task::spawn_blocking(move || hash.matches(&password));
    let is_right = matches.await.map_err(|error| Problem::Internal(format!("password: {error}")))? && is_known;
    if is_right {
        gate.attempts(|attempts| attempts.take_back(counted, client, now));
    }
    Ok(is_right)
}

async fn log_out(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let mut response = see_other(&in_lang("/login", lang))?;
    if let Credential::Session(digest) = call.visit.by {
        let actor = call.actor.clone();
        change(&call, move |file| file.end_session(&actor, &digest)).await?;
        set_cookie(&mut response, &call.visit, "", SignedDuration::ZERO)?;
    }
    Ok(response)
}

/// Changes people off the async threads.
pub(super) async fn change<T: Send + 'static>(
    call: &Call<State>,
    work: impl FnOnce(&mut crate::store::DataFile) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let (gate, store) = (call.state.gate.clone(), call.state.store.clone());
    let done = tokio::task::spawn_blocking(move || gate.change(&store, work)).await;
    match done.map_err(|error| Problem::Internal(format!("people: {error}")))? {
        Ok(done) => Ok(done),
        Err(StoreError::People(why)) => Err(Problem::Malformed(why)),
        Err(error @ (StoreError::Busy { .. } | StoreError::DiskFull { .. })) => {
            Err(Problem::Unavailable(error.to_string()))
        }
        Err(error) => Err(Problem::Internal(error.to_string())),
    }
}

pub(super) fn see_other(path: &str) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(path).map_err(|error| Problem::Internal(format!("redirect: {error}")))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

pub(super) fn set_cookie(
    response: &mut Response,
    visit: &Visit,
    value: &str,
    lifetime: SignedDuration,
) -> Result<(), Problem> {
    add_cookie(response, visit, cookie_name(visit.is_https), value, lifetime)
}

pub(super) fn add_cookie(
    response: &mut Response,
    visit: &Visit,
    name: &str,
    value: &str,
    lifetime: SignedDuration,
) -> Result<(), Problem> {
    let secure = if visit.is_https { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", lifetime.as_secs());
    let cookie = HeaderValue::from_str(&cookie).map_err(|error| Problem::Internal(format!("cookie: {error}")))?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_gone_on_to() {
        for good in ["/", "/?period=2025", "/account?lang=en", "/a//b"] {
            assert_eq!(local_path(Some(good)), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "account",
            "/a\r\nSet-Cookie: x",
            "/\t/x",
            "/å",
        ] {
            assert_eq!(local_path(Some(bad)), None, "{bad}");
        }
    }
}
