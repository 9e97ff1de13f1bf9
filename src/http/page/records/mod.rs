//! Pages about records: lists, one record with its history, and forms that make, change and withdraw.
//!
//! Everything works without a script. A form carries an Idempotency-Key, so that sending it twice makes one record,
//! and the revision it was opened at, so that nobody overwrites what they have not seen.

pub(super) mod filled;
mod form;
mod list;
mod offered;
mod one;
pub(super) mod paths;
pub(super) mod place_map;
mod promise;
pub(super) mod send;
pub(super) mod show;
pub(super) mod texts;

use std::sync::OnceLock;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::layout::Shell;
use super::texts::{Lang, Text};
use crate::domain::{Collection, local_date};
use crate::http::State;
use crate::http::guard::CONTENT_SECURITY;
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::records::{new_id, who};
use crate::http::route::{Answer, Call, Param, Route};
use crate::spatial::Snapshot;
use crate::wire::records::BadMember;
use filled::{Fields, GeometryField};
use offered::{Offered, offered};
use paths::{Pages, in_lang};

const LANG: Param = Param::query("lang", "language of the page", "sv (default) or en");
const REASON: Param = Param::query("free_text_reason", "asks for free text and says why", "3 to 200 letters");

/// The script of the forms as it is served.
pub(super) const SCRIPT: &str = include_str!("place.js");

/// The file name of the script: it changes with its bytes.
pub(super) fn script_name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let digits: String = Sha256::digest(SCRIPT).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("place-{digits}.js")
    })
}

pub(super) fn routes() -> Vec<Route<State>> {
    let id = Param::path("id", "id of the record", "1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-'");
    let after = Param::query("after", "where the page begins", "as the link of the page before has it");
    let mut routes = Vec::new();
    for collection in Collection::ALL {
        let pages = Pages::of(collection);
        routes.extend([
            who::reads(pages.list, "Records as a page", vec![LANG, after], move |call| list::list(call, collection)),
            who::reads(pages.one, "A record with its history", vec![id, LANG, REASON], move |call| {
                one::one(call, collection)
            }),
            who::writes(Method::GET, pages.new, "A form for a new record", vec![LANG], move |call| {
                empty(call, collection)
            }),
            who::writes(Method::POST, pages.new, "Makes a record from a form", vec![LANG], move |call| {
                send::make(call, collection)
            }),
            who::writes(Method::GET, pages.edit, "A form to change a record", vec![id, LANG], move |call| {
                send::open(call, collection)
            }),
            who::writes(Method::POST, pages.edit, "Changes a record from a form", vec![id, LANG], move |call| {
                send::change(call, collection)
            }),
            who::writes(Method::POST, pages.withdraw, "Withdraws a record", vec![id, LANG], move |call| {
                send::withdraw(call, collection)
            }),
        ]);
    }
    routes
}

pub(in crate::http::page) fn lang_of(call: &Call<State>) -> Result<Lang, Problem> {
    match call.pairs.one(LANG.name)? {
        None => Ok(Lang::default()),
        Some(code) => Lang::from_code(code).ok_or_else(|| Problem::InvalidParameter {
            parameter: LANG.name.to_string(),
            value: code.to_string(),
            reason: "it is no language of these pages".to_string(),
            accepted: LANG.accepted.to_string(),
        }),
    }
}

/// Fields of one form: a promise has eight in each of its rows.
const MOST_FIELDS: usize = 2_000;

/// The fields of a form in the body.
pub(in crate::http::page) fn pairs_of(call: &Call<State>) -> Result<Pairs, Problem> {
    let unreadable = || Problem::Malformed("the form cannot be read".to_string());
    let given = call.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !given.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(Problem::UnsupportedMediaType("application/x-www-form-urlencoded".to_string()));
    }
    let text = std::str::from_utf8(&call.body).map_err(|_| unreadable())?;
    Pairs::parse_at_most(text, MOST_FIELDS).map_err(|_| unreadable())
}

/// `GET /.../ny`
async fn empty(call: Call<State>, collection: Collection) -> Answer {
    let lang = lang_of(&call)?;
    let snapshot = call.state.store.snapshot();
    let mut fields = Fields::new();
    let now = (call.state.now)().to_zoned(snapshot.zone().clone());
    if collection.counted().is_some() {
        fields.insert("start".to_string(), now.strftime("%Y-%m-%dT%H:%M").to_string());
    }
    let today = local_date((call.state.now)().as_second(), snapshot.zone()).to_string();
    // Only the fields of the form are shown: each collection has at most one of these.
    for name in ["reported_on", "booked_on", "said_on", "decided_on"] {
        fields.insert(name.to_string(), today.clone());
    }
    let offered = offered(&call, collection, lang).await?;
    let draft = Draft { fields, offered, ..Draft::default() };
    let page = new_page(&call, collection, lang, &snapshot, &draft)?;
    respond(StatusCode::OK, lang, &page)
}

/// What a form shows.
#[derive(Default)]
struct Draft {
    fields: Fields,
    /// The fields of a promise in rows, when that form was sent.
    rows: Option<Fields>,
    offered: Offered,
    bad: Vec<BadMember>,
    problem: Option<Text>,
}

/// The page with the form for a new record.
fn new_page(
    call: &Call<State>,
    collection: Collection,
    lang: Lang,
    snapshot: &Snapshot,
    draft: &Draft,
) -> Result<Markup, Problem> {
    let pages = Pages::of(collection);
    let heading = texts::heading_of_new(collection, lang);
    let is_fine = draft.bad.is_empty() && draft.problem.is_none();
    let title = if is_fine { heading.clone() } else { format!("{}: {heading}", texts::ERRORS.of(lang)) };
    let at = At { action: in_lang(pages.new, lang, ""), back: in_lang(pages.list, lang, ""), tag: None };
    let forms = forms(call, collection, lang, snapshot, draft, None, &at)?;
    Ok(shell(lang, &title, |lang| in_lang(pages.new, lang, ""), &html! { h1 { (heading) } (forms) }))
}

/// Where a form is sent, where it leads back to, which version it changes.
struct At {
    action: String,
    back: String,
    tag: Option<String>,
}

/// The form of a record; a promise has one in rows, and the one with its document beside it.
fn forms(
    call: &Call<State>,
    collection: Collection,
    lang: Lang,
    snapshot: &Snapshot,
    draft: &Draft,
    stored: Option<&Value>,
    at: &At,
) -> Result<Markup, Problem> {
    // Each form has a key of its own: sending one is not sending the other.
    let hidden = |is_sent: bool| -> Result<Vec<(&'static str, String)>, Problem> {
        let key = match draft.fields.get("key").filter(|_| is_sent) {
            Some(key) => key.clone(),
            None => new_id()?.to_string(),
        };
        let mut hidden = vec![("key", key)];
        hidden.extend(at.tag.clone().map(|tag| ("tag", tag)));
        hidden.extend(who::csrf_token(call).map(|token| ("csrf", token)));
        Ok(hidden)
    };
    let is_in_rows = draft.rows.is_some();
    let form = form::Form {
        collection,
        lang,
        snapshot,
        action: at.action.clone(),
        back: at.back.clone(),
        fields: &draft.fields,
        offered: &draft.offered,
        geometry: GeometryField::of(collection, stored),
        bad: if is_in_rows { &[] } else { &draft.bad },
        problem: draft.problem.filter(|_| !is_in_rows),
        hidden: hidden(!is_in_rows)?,
        keeps_text: stored.is_some_and(|stored| stored["properties"]["has_free_text"] == true),
    };
    if collection != Collection::Promises {
        return Ok(form.render());
    }
    let document = stored.map(|stored| &stored["properties"]["document"]);
    let is_wrong = !draft.bad.is_empty() || draft.problem.is_some();
    let shown = document.map(promise::of_document).unwrap_or_default();
    let rows = promise::RowsForm {
        lang,
        snapshot,
        action: at.action.clone(),
        back: at.back.clone(),
        fields: draft.rows.as_ref().unwrap_or(&shown),
        stored: document,
        bad: if is_in_rows { &draft.bad } else { &[] },
        problem: draft.problem.filter(|_| is_in_rows),
        hidden: hidden(is_in_rows)?,
    };
    Ok(html! {
        (rows.render())
        details open[is_wrong && !is_in_rows] { summary { (texts::P_JSON.of(lang)) } (form.render()) }
    })
}

/// A page in the shell of all pages.
pub(in crate::http::page) fn shell(lang: Lang, title: &str, url_in: impl Fn(Lang) -> String, main: &Markup) -> Markup {
    let url_in: &dyn Fn(Lang) -> String = &url_in;
    Shell { lang, title, url_in, home: in_lang("/", lang, "") }.around(&html! {
        (main)
        script src={ "/assets/" (script_name()) } defer {}
    })
}

/// A page that nobody keeps a copy of, and that may load our script.
pub(in crate::http::page) fn respond(status: StatusCode, lang: Lang, page: &Markup) -> Answer {
    let mut response = Response::new(Body::from(page.0.clone()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let policy = HeaderValue::from_str(&format!("{CONTENT_SECURITY}; script-src 'self'"));
    headers.insert(CONTENT_SECURITY_POLICY, policy.map_err(|error| Problem::Internal(error.to_string()))?);
    Ok(response)
}
