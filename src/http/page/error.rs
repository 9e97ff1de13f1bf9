//! What a person sees when a page cannot be shown: the same shell, the reason in words, what would be accepted.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use maud::{Markup, html};

use super::layout::Shell;
use super::login::{in_lang, see_other};
use super::texts::{self, Lang, Text};
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::request_id::HEADER;

/// Paths that answer programs: their problems stay JSON.
const FOR_PROGRAMS: [&str; 5] = ["/api", "/public", "/healthz", "/readyz", "/metrics"];

/// An outer layer: shows a page instead of a problem to those who asked for a page, and the way to log in to those
/// who have to.
pub(in crate::http) async fn problem_as_page(request: Request, next: Next) -> Response {
    let wanted = wants_page(&request);
    let lang = Pairs::parse(request.uri().query().unwrap_or_default())
        .ok()
        .and_then(|pairs| pairs.iter().find(|(name, _)| *name == "lang").and_then(|(_, code)| Lang::from_code(code)))
        .unwrap_or_default();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = request.uri().path_and_query().map_or("/", PathAndQuery::as_str).to_string();
    let response = next.run(request).await;
    match response.extensions().get::<Problem>().cloned() {
        // Without a key in the address: one that is wrong is no reason to log in.
        Some(Problem::Unauthenticated { is_login_next: true, .. }) if wanted && is_read => {
            to_login(response, &asked, lang)
        }
        Some(problem) if wanted => as_page(response, &problem, lang),
        _ => response,
    }
}

fn to_login(response: Response, asked: &str, lang: Lang) -> Response {
    let lang_pair = (lang != Lang::default()).then(|| ("lang".to_string(), lang.code().to_string()));
    let pairs = lang_pair.into_iter().chain([("to".to_string(), asked.to_string())]).collect::<Vec<_>>();
    match see_other(&format!("/login?{}", Pairs::from(pairs).to_query())) {
        Ok(mut redirect) => {
            let (parts, _) = response.into_parts();
            for (name, value) in parts.headers.iter().filter(|(name, _)| !is_about_the_body(name)) {
                redirect.headers_mut().insert(name, value.clone());
            }
            redirect
        }
        Err(_) => response,
    }
}

fn is_about_the_body(name: &HeaderName) -> bool {
    [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_LANGUAGE, WWW_AUTHENTICATE].contains(name)
}

/// The front page is always a page; elsewhere those get one who ask for HTML.
fn wants_page(request: &Request) -> bool {
    let path = request.uri().path();
    let is_under =
        |prefix: &&str| path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let asks =
        request.headers().get_all(ACCEPT).iter().any(|line| line.to_str().is_ok_and(|l| l.contains("text/html")));
    !FOR_PROGRAMS.iter().any(is_under) && (path == "/" || asks)
}

fn as_page(mut response: Response, problem: &Problem, lang: Lang) -> Response {
    let id = response.headers().get(HEADER).and_then(|id| id.to_str().ok()).unwrap_or_default().to_string();
    let page = page(problem, lang, &id).into_string();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    headers.remove(CONTENT_LENGTH);
    *response.body_mut() = Body::from(page);
    response
}

fn page(problem: &Problem, lang: Lang, request_id: &str) -> Markup {
    let status = problem.status();
    let heading = match status {
        StatusCode::NOT_FOUND => texts::ERROR_NOT_FOUND,
        s if s.is_server_error() => texts::ERROR_SERVER,
        StatusCode::BAD_REQUEST => texts::ERROR_REQUEST,
        _ => texts::ERROR_TITLE,
    };
    let home = |lang: Lang| if lang == Lang::default() { "/".to_string() } else { format!("/?lang={}", lang.code()) };
    let shell = Shell { lang, title: heading.of(lang), url_in: &home, home: home(lang) };
    shell.around(&html! {
        h1 { (heading.of(lang)) }
        p {
            @if let Problem::BodyTooLarge { limit_bytes } = problem {
                (texts::ERROR_TOO_LARGE.with(lang, &[("limit", &limit_bytes.to_string())]))
            } @else { (explanation(problem).of(lang)) }
            @if let Some(near) = nearest_to(problem) { " " (texts::ERROR_NEAREST.with(lang, &[("near", &near)])) }
        }
        dl.facts {
            (details(problem, lang))
            dt { (texts::ERROR_STATUS.of(lang)) } dd { (status.as_u16()) }
            dt { (texts::ERROR_REQUEST_ID.of(lang)) } dd { code { (request_id) } }
        }
        @if status == StatusCode::UNAUTHORIZED { p { a href=(in_lang("/login", lang)) { (texts::LOG_IN.of(lang)) } } }
        p { a href=(home(lang)) { (texts::HOME.of(lang)) } }
    })
}

fn explanation(problem: &Problem) -> Text {
    match problem {
        Problem::UnknownParameter { .. } => texts::ERROR_UNKNOWN_PARAMETER,
        Problem::InvalidParameter { reason, .. } if reason.contains("unknown parameter") => {
            texts::ERROR_UNKNOWN_PARAMETER
        }
        Problem::InvalidParameter { .. } | Problem::MissingParameter { .. } => texts::ERROR_INVALID_PARAMETER,
        Problem::TooCostly { .. } => texts::ERROR_TOO_COSTLY,
        Problem::Malformed(_) => texts::ERROR_MALFORMED,
        Problem::NotFound(_) => texts::ERROR_NOT_FOUND_TEXT,
        Problem::Unauthenticated { .. } => texts::ERROR_LOGIN,
        Problem::Forbidden(_) => texts::ERROR_FORBIDDEN,
        Problem::TooManyAttempts { .. } => texts::ERROR_ATTEMPTS,
        Problem::Overloaded { .. } | Problem::TooLate => texts::ERROR_BUSY,
        Problem::Internal(_) | Problem::Unavailable(_) => texts::ERROR_SERVER_TEXT,
        _ => texts::ERROR_OTHER,
    }
}

fn details(problem: &Problem, lang: Lang) -> Markup {
    let (parameter, value, reason, accepted) = match problem {
        Problem::UnknownParameter { parameter, value, accepted, .. } => {
            (parameter, value.as_str(), None, accepted.join(", "))
        }
        Problem::InvalidParameter { parameter, value, reason, accepted } => {
            let accepted = accepted_words(parameter, accepted, lang);
            (parameter, value.as_str(), Some(reason_words(reason).of(lang)), accepted)
        }
        Problem::TooCostly { parameter, value, accepted, .. } => (parameter, value.as_str(), None, accepted.clone()),
        Problem::MissingParameter { parameter, accepted } => {
            (parameter, "", None, accepted_words(parameter, accepted, lang))
        }
        _ => return html! {},
    };
    html! {
        dt { (texts::ERROR_PARAMETER.of(lang)) } dd { code { (parameter) } }
        @if !value.is_empty() { dt { (texts::ERROR_VALUE.of(lang)) } dd { code { (value) } } }
        @if let Some(reason) = reason { dt { (texts::ERROR_REASON.of(lang)) } dd { (reason) } }
        @if !accepted.is_empty() { dt { (texts::ERROR_ACCEPTED.of(lang)) } dd { (accepted) } }
    }
}

/// Problems are written in English for programs; these are the same reasons for people.
fn reason_words(reason: &str) -> Text {
    let rows = [
        ("second value", texts::REASON_SECOND),
        ("already given", texts::REASON_SECOND),
        ("together with", texts::REASON_TOGETHER),
        ("needs a period", texts::REASON_NEEDS_PERIOD),
        ("does not apply", texts::REASON_NOT_APPLY),
        ("before from", texts::REASON_BEFORE),
        ("not known", texts::REASON_UNKNOWN),
    ];
    rows.into_iter().find(|(part, _)| reason.contains(part)).map_or(texts::REASON_FORM, |(_, text)| text)
}

/// What a parameter takes, in the language of the page; codes are the same in both.
fn accepted_words(parameter: &str, codes: &str, lang: Lang) -> String {
    let text = match parameter {
        "from" | "to" => texts::ACCEPT_DATE,
        "datetime" => texts::ACCEPT_DATETIME,
        "period" => texts::ACCEPT_PERIOD,
        "compare" => texts::ACCEPT_COMPARE,
        "hours" => texts::ACCEPT_HOURS,
        "bbox" => texts::ACCEPT_BBOX,
        _ => return codes.to_string(),
    };
    text.of(lang).to_string()
}

fn nearest_to(problem: &Problem) -> Option<String> {
    match problem {
        Problem::UnknownParameter { nearest, .. } => nearest.clone(),
        Problem::InvalidParameter { reason, .. } => {
            let rest = reason.split_once("did you mean '")?.1;
            rest.split_once('\'').map(|(near, _)| near.to_string())
        }
        _ => None,
    }
}
