//! Lists of records, page by page.
//!
//! A page names the first id after which it begins and the revision it is of, so that what is written between two
//! pages neither loses nor doubles a record.

use std::collections::BinaryHeap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{self, GEOJSON};
use super::paths::{Paths, base_url};
use super::problem::of_store;
use super::reason::{REASON, reason_of};
use super::select::{is_in_box, is_in_window};
use super::{FORM, who};
use crate::domain::{BBox, Collection, Filter, Id, Record, TimeRule, TimeWindow};
use crate::http::State;
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call, Param};
use crate::http::state::params;
use crate::spatial::{Query, Snapshot};
use crate::store::{AuditAction, Store};
use crate::wire::records::{Shown, to_feature};
use crate::wire::{FILTER_WORDS, Word, Words, read_filter};

const LIMIT: Param = Param::query("limit", "most records of a page", "1 to 1000, default 100; more is 1000");
const AFTER: Param = Param::query("after", "the id after which the page begins", "as a next link has it");
pub(super) const ASOF: Param = Param::query("asof", "the revision asked about", "a revision, default the newest");
const DEFAULT_LIMIT: usize = 100;
const MOST: usize = 1_000;
/// Records read at a time where all of a collection are looked at.
const CHUNK: usize = 1_000;

/// Filter words that mean nothing for a list.
const NOT_FOR_LISTS: [&str; 3] = ["of", "compare", "time"];

/// The filter words of a list.
fn words_of(collection: Collection) -> Vec<Word> {
    let is_for = |word: &&Word| match collection {
        Collection::Observations => word.name != "kind",
        Collection::Activities => !["category", "source", "feeling"].contains(&word.name),
        _ => ["bbox", "datetime"].contains(&word.name),
    };
    FILTER_WORDS.iter().filter(|word| !NOT_FOR_LISTS.contains(&word.name)).filter(is_for).copied().collect()
}

/// The parameters of a list.
pub(super) fn parameters(collection: Collection) -> Vec<Param> {
    let mut list = vec![LIMIT, AFTER, ASOF, FORM, REASON];
    list.extend(params(&[&words_of(collection)]));
    list
}

/// What a list is asked for.
struct Asked {
    limit: usize,
    after: Option<String>,
    asof: Option<u64>,
    reason: Option<String>,
    selection: Selection,
}

/// Which records.
#[derive(Clone, Debug, Default)]
struct Selection {
    /// For the two collections that are in snapshots.
    filter: Option<Filter>,
    bbox: Option<BBox>,
    window: Option<TimeWindow>,
}

impl Selection {
    fn is_everything(&self) -> bool {
        self.filter.is_none() && self.bbox.is_none() && self.window.is_none()
    }
}

/// `GET .../items`
pub(super) async fn items(call: Call<State>, collection: Collection) -> Answer {
    let asof = asof_of(&call.pairs)?;
    let store = call.state.store.clone();
    let snapshot = {
        let store = store.clone();
        // Without a revision: the newest, which is there already.
        match asof {
            None => store.snapshot(),
            Some(_) => call.state.heavy.run(move || snapshot_at(&store, asof)).await??,
        }
    };
    let asked = read(&call, collection, &snapshot, asof)?;
    let (base, pairs, actor) = (base_url(&call), call.pairs.clone(), who::actor(&call));
    let now = (call.state.now)();
    let value = call
        .state
        .heavy
        .run(move || {
            if let Some(reason) = &asked.reason {
                let after = asked.after.as_deref().map(|id| format!(" after '{id}'")).unwrap_or_default();
                let subject = format!("{} items, at most {}{after}", collection.code(), asked.limit);
                store.note(&actor, AuditAction::Read, &subject, Some(reason)).map_err(of_store)?;
            }
            let page = page(&store, &snapshot, collection, &asked)?;
            if page.has_next && asked.asof.is_none() && store.snapshot().revision() == snapshot.revision() {
                // Held for the pages to come; should it be gone then, it is put together again.
                let _ = store.snapshot_at(snapshot.revision());
            }
            Ok::<Value, Problem>(written(&page, &snapshot, collection, &asked, &pairs, &base, now))
        })
        .await??;
    answer::json(&call, &value, GEOJSON)
}

/// The revision of the `asof` parameter.
pub(in crate::http) fn asof_of(pairs: &Pairs) -> Result<Option<u64>, Problem> {
    let Some(text) = pairs.one("asof")? else { return Ok(None) };
    let revision = text.parse().ok().filter(|revision| *revision > 0);
    revision.map(Some).ok_or_else(|| invalid("asof", text, "it is no revision", "a whole number from 1 on"))
}

/// The snapshot of a revision; the newest without one.
pub(in crate::http) fn snapshot_at(store: &Store, asof: Option<u64>) -> Result<Arc<Snapshot>, Problem> {
    let newest = store.snapshot();
    match asof {
        Some(revision) if revision > newest.revision() => Err(invalid(
            "asof",
            &revision.to_string(),
            "there is no such revision",
            &format!("1 to {}", newest.revision()),
        )),
        Some(revision) if revision != newest.revision() => store.snapshot_at(revision).map_err(of_store),
        _ => Ok(newest),
    }
}

fn invalid(parameter: &str, value: &str, reason: &str, accepted: &str) -> Problem {
    Problem::InvalidParameter {
        parameter: parameter.to_string(),
        value: value.to_string(),
        reason: reason.to_string(),
        accepted: accepted.to_string(),
    }
}

fn read(call: &Call<State>, collection: Collection, snapshot: &Snapshot, asof: Option<u64>) -> Result<Asked, Problem> {
    let limit = match call.pairs.one("limit")? {
        None => DEFAULT_LIMIT,
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit >= 1 => limit.min(MOST),
            _ => return Err(invalid("limit", text, "it is no such number", LIMIT.accepted)),
        },
    };
    let after = call.pairs.one("after")?.map(|text| {
        let id = Id::new(text).map(|id| id.to_string());
        id.map_err(|error| invalid("after", text, &error.to_string(), "the id of a record"))
    });
    let after = after.transpose()?;
    let known = words_of(collection);
    let given = call.pairs.iter().filter(|(name, _)| known.iter().any(|word| word.name == *name));
    let mut given: Vec<(String, String)> = given.map(|(name, value)| (name.to_string(), flat(name, value))).collect();
    let selection = if given.is_empty() {
        Selection::default()
    } else {
        given.push(("of".to_string(), collection.counted().unwrap_or_default().code().to_string()));
        let words = Words::new(given, &[FILTER_WORDS])?;
        let mut filter = read_filter(&words, snapshot, call.state.today(snapshot))?.filter;
        // A list selects by touch: with its share above 0 a record is in.
        filter.time = TimeRule::Aoristic;
        let bbox = filter.bbox;
        let window = Some(filter.window).filter(|window| *window != TimeWindow::default());
        match collection {
            // Lines and polygons are looked at whole, not by their representative point.
            Collection::Activities => Selection { filter: Some(Filter { bbox: None, ..filter }), bbox, window: None },
            Collection::Observations => Selection { filter: Some(filter), bbox: None, window: None },
            _ => Selection { filter: None, bbox, window },
        }
    };
    Ok(Asked { limit, after, asof, reason: reason_of(&call.pairs)?, selection })
}

/// A box of six numbers has heights that nothing here has: they are left out.
fn flat(name: &str, value: &str) -> String {
    match (name, value.split(',').collect::<Vec<_>>().as_slice()) {
        ("bbox", [west, south, _, east, north, _]) => [*west, south, east, north].join(","),
        _ => value.to_string(),
    }
}

/// A page of records.
struct Page {
    records: Vec<(Record, u64)>,
    matched: usize,
    has_next: bool,
}

fn page(store: &Store, snapshot: &Snapshot, collection: Collection, asked: &Asked) -> Result<Page, Problem> {
    let at = snapshot.revision();
    let after = asked.after.as_deref();
    match (collection.counted(), &asked.selection) {
        (Some(of), selection) if selection.is_everything() => {
            let mut records = store.page(collection, at, after, asked.limit + 1).map_err(of_store)?;
            let has_next = records.len() > asked.limit;
            records.truncate(asked.limit);
            Ok(Page { records, matched: snapshot.table(of).len(), has_next })
        }
        (Some(_), Selection { filter: Some(filter), bbox: None, .. }) => {
            let (ids, matched, has_next) = first_ids(snapshot, filter, after, asked.limit);
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            let records = store.records(collection, &ids, at).map_err(of_store)?;
            Ok(Page { records, matched, has_next })
        }
        (Some(_), Selection { filter: Some(filter), .. }) => {
            let (ids, ..) = first_ids(snapshot, filter, None, usize::MAX - 1);
            let chunks = ids.chunks(CHUNK).map(|ids| {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                store.records(collection, &ids, at).map_err(of_store)
            });
            looked_at(chunks, snapshot, asked)
        }
        _ => {
            let mut last: Option<String> = None;
            let mut is_over = false;
            let chunks = std::iter::from_fn(|| {
                if is_over {
                    return None;
                }
                let chunk = store.page(collection, at, last.as_deref(), CHUNK).map_err(of_store);
                let ids = chunk.as_ref().map(|c| (c.len(), c.last().map(|(record, _)| record.id().to_string())));
                (is_over, last) = ids.map_or((true, None), |(n, last)| (n < CHUNK, last));
                Some(chunk)
            });
            looked_at(chunks, snapshot, asked)
        }
    }
}

/// The first matching ids after an id, how many match in all, and whether more follow.
fn first_ids(snapshot: &Snapshot, filter: &Filter, after: Option<&str>, limit: usize) -> (Vec<String>, usize, bool) {
    let mut first: BinaryHeap<String> = BinaryHeap::new();
    let (mut matched, mut following) = (0, 0);
    Query::new(filter, snapshot).scan(|columns, row, _| {
        matched += 1;
        let id = columns.id(row);
        if after.is_none_or(|after| id > after) {
            following += 1;
            if first.len() < limit {
                first.push(id.to_string());
            } else if first.peek().is_some_and(|last| id < last.as_str()) {
                first.pop();
                first.push(id.to_string());
            }
        }
    });
    let ids = first.into_sorted_vec();
    let has_next = following > ids.len();
    (ids, matched, has_next)
}

/// Every record is looked at; those of the page are kept. `chunks` come in the order of ids.
fn looked_at(
    chunks: impl Iterator<Item = Result<Vec<(Record, u64)>, Problem>>,
    snapshot: &Snapshot,
    asked: &Asked,
) -> Result<Page, Problem> {
    let mut page = Page { records: Vec::new(), matched: 0, has_next: false };
    let selection = &asked.selection;
    for chunk in chunks {
        for (record, revision) in chunk? {
            let is_in = selection.bbox.as_ref().is_none_or(|bbox| is_in_box(&record, bbox))
                && selection.window.is_none_or(|window| is_in_window(&record, window, snapshot.zone()));
            if !is_in {
                continue;
            }
            page.matched += 1;
            if asked.after.as_deref().is_none_or(|after| record.id().as_str() > after) {
                if page.records.len() < asked.limit {
                    page.records.push((record, revision));
                } else {
                    page.has_next = true;
                }
            }
        }
    }
    Ok(page)
}

fn written(
    page: &Page,
    snapshot: &Snapshot,
    collection: Collection,
    asked: &Asked,
    pairs: &Pairs,
    base: &str,
    now: Timestamp,
) -> Value {
    let shown = Shown::new(snapshot.zone(), snapshot.places(), asked.reason.is_some());
    let features: Vec<Value> =
        page.records.iter().map(|(record, revision)| to_feature(record, *revision, &shown)).collect();
    let paths = Paths::of(collection);
    let url = |query: String| {
        let query = if query.is_empty() { query } else { format!("?{query}") };
        format!("{base}{}{query}", paths.items)
    };
    let mut links = vec![
        json!({"rel": "self", "type": GEOJSON, "href": url(pairs.to_query())}),
        json!({"rel": "collection", "type": answer::JSON, "href": format!("{base}{}", paths.collection)}),
    ];
    if page.has_next
        && let Some((last, _)) = page.records.last()
    {
        let kept = pairs.iter().filter(|(name, _)| !["after", "asof"].contains(name));
        let mut next: Vec<(String, String)> = kept.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        next.push(("after".to_string(), last.id().to_string()));
        next.push(("asof".to_string(), snapshot.revision().to_string()));
        links.push(json!({"rel": "next", "type": GEOJSON, "href": url(Pairs::from(next).to_query())}));
    }
    json!({
        "type": "FeatureCollection",
        "features": features,
        "numberMatched": page.matched,
        "numberReturned": page.records.len(),
        "timeStamp": now.to_string(),
        "revision": snapshot.revision(),
        "data_class": snapshot.facts().data_class.code(),
        "links": links,
    })
}
