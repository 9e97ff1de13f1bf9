//! `/forsenade-atgarder`: what waits, by owner. The path is apart from `/atgarder/{id}`, so that it hides no action.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use maud::html;

use super::login::in_lang;
use super::paper::{AS_OF, Asked, LANG, respond};
use crate::followup::overdue::waiting_actions;
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::records::{blocking, who};
use crate::http::route::{Answer, Call, Param, Route};
use crate::text::lang::texts;
use crate::wire::followup::overdue::{csv, paper};
use crate::wire::followup::say::OVERDUE_PATH;

texts! {
    AS_CSV: "Som tabell (CSV)", "As a table (CSV)";
    ALL_ACTIONS: "Alla åtgärder", "All actions";
}

const FORM: Param = Param::query("f", "form of the answer", "html (default), md or csv");

pub(super) fn routes() -> Vec<Route<State>> {
    vec![who::reads(OVERDUE_PATH, "Open and late actions by owner", vec![LANG, FORM, AS_OF], list)]
}

async fn list(call: Call<State>) -> Answer {
    if call.pairs.one(FORM.name)? == Some("csv") {
        return sheet(call).await;
    }
    let asked = Asked::read(&call, OVERDUE_PATH.to_string())?;
    let (as_of, lang, may_write) = (asked.as_of, asked.lang, who::may_write(&call));
    let csv_path = format!("{OVERDUE_PATH}?f=csv&as_of={as_of}");
    let all = in_lang("/atgarder", lang);
    respond(
        &call,
        asked,
        &format!("overdue {may_write}"),
        move |_, book| Ok(paper(book, &waiting_actions(book, as_of), as_of, lang, may_write)),
        move |_| {
            html! { p.downloads { a href=(csv_path) { (AS_CSV.of(lang)) } " · " a href=(all) { (ALL_ACTIONS.of(lang)) } } }
        },
    )
    .await
}

async fn sheet(call: Call<State>) -> Answer {
    let as_of = match call.pairs.one(AS_OF.name)? {
        None => call.state.today(&call.state.store.snapshot()),
        Some(text) => text.parse().map_err(|_| Problem::InvalidParameter {
            parameter: AS_OF.name.to_string(),
            value: text.chars().take(40).collect(),
            reason: "it is no date".to_string(),
            accepted: AS_OF.accepted.to_string(),
        })?,
    };
    let state = call.state.clone();
    let bytes = blocking(move || {
        let snapshot = state.store.snapshot();
        let book = state.books.at(&state.store, &snapshot)?;
        csv(&waiting_actions(&book, as_of)).map_err(|error| Problem::Internal(error.to_string()))
    })
    .await?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"forsenade-atgarder.csv\""));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
