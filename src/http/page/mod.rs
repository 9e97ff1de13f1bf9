//! Pages for people, made by the program and complete without JavaScript.
//!
//! A request is read and completed with defaults (`request`), sent to its canonical URL when it was written
//! otherwise, computed once (`view`), and written: `sentence`, `map`, `table`, `form`, in the shell of `layout`,
//! with the words of `texts`.

mod account;
mod colours;
mod error;
mod form;
mod import;
mod inventory;
mod layout;
mod login;
mod map;
mod meeting;
mod notes;
mod numbers;
#[cfg(feature = "oidc")]
mod oidc;
mod overdue;
pub mod paper;
mod picture;
mod promises;
mod records;
mod releases;
mod request;
mod sentence;
mod small_form;
mod table;
mod texts;
mod view;
mod week;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::State;
use super::problem::Problem;
use super::route::{Access, Answer, Call, Param, Route};
use super::state::{Form, computed, params};
use crate::domain::Role;
use layout::Shell;
use request::PageRequest;
use texts::Lang;
use view::View;

pub(super) use error::problem_as_page;

/// The routes of the pages.
pub fn routes() -> Vec<Route<State>> {
    let file = Param::path("file", "name of a file the pages load", "the name a page gives");
    let mut routes = vec![
        Route::get("/", Access::Role(Role::Reader), "Density by area as a page", params(request::WORDS), front),
        Route::get("/assets/{file}", Access::Public, "Style sheet and script of the pages", [file], asset),
    ];
    routes.extend(login::routes());
    #[cfg(feature = "oidc")]
    routes.extend(oidc::routes());
    routes.extend(account::routes());
    routes.extend(records::routes());
    routes.extend(import::routes());
    routes.extend(promises::routes());
    routes.extend(week::routes());
    routes.extend(inventory::routes());
    routes.extend(picture::routes());
    routes.extend(overdue::routes());
    routes.extend(meeting::routes());
    routes.extend(releases::routes());
    routes
}

async fn front(call: Call<State>) -> Answer {
    let snapshot = call.state.store.snapshot();
    let today = call.state.today(&snapshot);
    let request = request::read(&call.pairs, &snapshot, today)?;
    if call.query != request.query() {
        return see_other(&request.url_in(request.lang));
    }
    let limits = call.state.limits;
    let stale_after_days = call.state.stale_after_days;
    let canonical = format!("page {today} {stale_after_days} {limits:?} {request:?}");
    let form = Form { media_type: "text/html; charset=utf-8", language: request.lang.code() };
    computed(&call, snapshot, canonical, form, move |snapshot| {
        let view = View::new(snapshot, &request, limits);
        Ok(page(&view, stale_after_days).into_string().into_bytes())
    })
    .await
}

fn see_other(url: &str) -> Answer {
    let location = HeaderValue::from_str(url).map_err(|error| Problem::Internal(format!("redirect: {error}")))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

async fn asset(call: Call<State>) -> Answer {
    let file = call.path_value("file");
    let (text, media_type) = match file {
        name if name == layout::style_name() => (layout::STYLE, "text/css; charset=utf-8"),
        name if name == records::script_name() => (records::SCRIPT, "text/javascript; charset=utf-8"),
        _ => return Err(Problem::NotFound(format!("file '{file}'"))),
    };
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

fn page(view: &View<'_>, stale_after_days: u32) -> Markup {
    let request: &PageRequest = view.request;
    let lang = request.lang;
    let heading = texts::heading(request.params.filter.of).of(lang);
    let title = match &view.density.period {
        Some(period) => format!("{heading}, {}", numbers::days(period)),
        None => heading.to_string(),
    };
    let url_in = |lang: Lang| request.url_in(lang);
    let shell = Shell { lang, title: &title, url_in: &url_in, home: request.url_cleared() };
    shell.around(&html! {
        (notes::banners(view, stale_after_days))
        div.columns {
            div.results {
                h1 { (heading) ": " (texts::set(&view.density.set, lang)) }
                (notes::period(view))
                @for (i, sentence) in sentence::sentences(view).iter().enumerate() {
                    p.lead[i == 0] { (sentence) }
                }
                (notes::empty_help(view))
                p.jump {
                    a href="#filters" { (texts::TO_FILTERS.of(lang)) } " · "
                    a href="#table-heading" { (texts::TO_TABLE.of(lang)) }
                }
                (form::selected(view))
                (map::section(view))
                (table::section(view))
                (notes::limits(lang))
                (notes::about(view))
            }
            aside aria-labelledby="filters-heading" { (form::filters(view)) }
        }
    })
}
