//! The records of a collection, page by page: those that are counted by time, the newest first, others by id.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use super::paths::{Pages, in_lang};
use super::texts as t;
use super::{lang_of, respond, shell, show};
use crate::domain::{Collection, Counted, Filter};
use crate::http::State;
use crate::http::page::texts::Lang;
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::records::of_store;
use crate::http::route::{Answer, Call};
use crate::spatial::{Query, Snapshot};
use crate::store::Store;
use crate::wire::records::{Shown, to_feature};

/// Records on a page.
const ON_A_PAGE: usize = 50;

/// Records to show, and where the next page begins.
struct Listed {
    features: Vec<Value>,
    next: Option<String>,
}

/// `GET /...`
pub(super) async fn list(call: Call<State>, collection: Collection) -> Answer {
    let lang = lang_of(&call)?;
    let after = call.pairs.one("after")?.map(str::to_string);
    let (store, snapshot) = (call.state.store.clone(), call.state.store.snapshot());
    let from = after.clone();
    let page = call
        .state
        .heavy
        .run(move || {
            let listed = match collection.counted() {
                Some(of) => newest(&store, &snapshot, of, from.as_deref())?,
                None => by_id(&store, &snapshot, collection, from.as_deref())?,
            };
            Ok::<Markup, Problem>(page(collection, lang, &snapshot, &listed, from.as_deref()))
        })
        .await??;
    respond(StatusCode::OK, lang, &page)
}

/// The newest by start, from one on: `SECOND.ID` names where.
fn newest(store: &Store, snapshot: &Snapshot, of: Counted, after: Option<&str>) -> Result<Listed, Problem> {
    let from: Option<(i64, &str)> = after.and_then(|text| {
        let (second, id) = text.split_once('.')?;
        Some((second.parse().ok()?, id))
    });
    let mut found: BinaryHeap<Reverse<(i64, String)>> = BinaryHeap::new();
    let filter = Filter { of, ..Filter::default() };
    Query::new(&filter, snapshot).scan(|columns, row, _| {
        let at = (columns.start_s[row], columns.id(row));
        let is_wanted = from.is_none_or(|from| at < from)
            && (found.len() <= ON_A_PAGE || found.peek().is_some_and(|Reverse((s, id))| at > (*s, id.as_str())));
        if is_wanted {
            found.push(Reverse((at.0, at.1.to_string())));
            if found.len() > ON_A_PAGE + 1 {
                found.pop();
            }
        }
    });
    // The smallest of reversed ones is the newest.
    let mut sorted: Vec<(i64, String)> = found.into_sorted_vec().into_iter().map(|Reverse(at)| at).collect();
    let has_next = sorted.len() > ON_A_PAGE;
    sorted.truncate(ON_A_PAGE);
    let ids: Vec<&str> = sorted.iter().map(|(_, id)| id.as_str()).collect();
    let records = store.records(of.into(), &ids, snapshot.revision()).map_err(of_store)?;
    let shown = Shown::new(snapshot.zone(), snapshot.places(), false);
    let features = records.iter().map(|(record, revision)| to_feature(record, *revision, &shown)).collect();
    let next = sorted.last().filter(|_| has_next).map(|(second, id)| format!("{second}.{id}"));
    Ok(Listed { features, next })
}

fn by_id(store: &Store, snapshot: &Snapshot, collection: Collection, after: Option<&str>) -> Result<Listed, Problem> {
    let mut records = store.page(collection, snapshot.revision(), after, ON_A_PAGE + 1).map_err(of_store)?;
    let has_next = records.len() > ON_A_PAGE;
    records.truncate(ON_A_PAGE);
    let next = records.last().filter(|_| has_next).map(|(record, _)| record.id().to_string());
    let shown = Shown::new(snapshot.zone(), snapshot.places(), false);
    let features = records.iter().map(|(record, revision)| to_feature(record, *revision, &shown)).collect();
    Ok(Listed { features, next })
}

fn page(collection: Collection, lang: Lang, snapshot: &Snapshot, listed: &Listed, after: Option<&str>) -> Markup {
    let pages = Pages::of(collection);
    let title = t::names(collection).0.of(lang);
    let at = |after: &str| Pairs::from(vec![("after".to_string(), after.to_string())]).to_query();
    let here = |lang: Lang| in_lang(pages.list, lang, &after.map(at).unwrap_or_default());
    let lead = match collection.counted() {
        Some(of) => t::COUNTED.with(lang, &[("n", &snapshot.table(of).len().to_string())]),
        None => t::LISTED.of(lang).to_string(),
    };
    let main = html! {
        h1 { (title) }
        p { a href=(in_lang(pages.new, lang, "")) { (super::texts::heading_of_new(collection, lang)) } }
        @if listed.features.is_empty() { p { (t::NONE_YET.of(lang)) } } @else { p.period { (lead) } }
        ul.records {
            @for feature in &listed.features {
                @let id = feature["id"].as_str().unwrap_or_default();
                li {
                    @if let Some(start) = feature["properties"]["start_local"].as_str() {
                        span.count { (show::local(start)) } " "
                    }
                    a href=(in_lang(&Pages::with_id(pages.one, id), lang, "")) { (show::title(collection, feature, snapshot, lang)) }
                    @if collection.counted().is_some() {
                        " " span.count { (show::whereabouts(collection, feature, snapshot, lang)) }
                    }
                }
            }
        }
        p {
            @if after.is_some() { a href=(in_lang(pages.list, lang, "")) { (t::FIRST_PAGE.of(lang)) } " · " }
            @if let Some(next) = &listed.next {
                @let label = if collection.counted().is_some() { t::OLDER } else { t::NEXT };
                a rel="next" href=(in_lang(pages.list, lang, &at(next))) { (label.of(lang)) }
            }
        }
    };
    shell(lang, title, here, &main)
}
