//! Forms that were sent: make, change, withdraw.

use std::time::Duration;

use axum::http::StatusCode;
use maud::html;
use sha2::{Digest, Sha256};

use super::filled::{self, Fields};
use super::offered::offered;
use super::paths::{Pages, in_lang};
use super::texts as t;
use super::{At, Draft, forms, lang_of, new_page, pairs_of, promise, respond, shell};
use crate::domain::{Actor, Collection, Id, Record};
use crate::http::State;
use crate::http::page::see_other;
use crate::http::page::texts::{Lang, Text};
use crate::http::problem::Problem;
use crate::http::records::{blocking, current, id_of, new_id, of_store, overlapping, reason_in_words, who};
use crate::http::route::{Answer, Call};
use crate::store::{Expect, Found, Operation, Receipt, RetryKey, Store, StoreError, WriteRequest};
use crate::wire::records::{BadMember, Context, Shown, from_feature, keep_withheld, to_feature};

/// How often a form sent twice at once waits for its twin, and how long each time.
const WAITS: u32 = 50;
const WAIT: Duration = Duration::from_millis(100);

/// Why a form is shown again.
pub(in crate::http::page) enum Refused {
    Members(Vec<BadMember>),
    Whole(Text),
}

/// `POST /.../ny`
pub(super) async fn make(call: Call<State>, collection: Collection) -> Answer {
    let lang = lang_of(&call)?;
    let pairs = pairs_of(&call)?;
    let mut fields = filled::of_pairs(collection, &pairs);
    let rows = promise::of_pairs(&pairs).filter(|_| collection == Collection::Promises);
    let read = rows.as_ref().map(|rows| promise::to_document(rows, None));
    if let Some(read) = &read {
        fields.insert("document".to_string(), read.document.to_string());
    }
    let mut feature = filled::to_feature(collection, &fields, None);
    if feature.get("id").is_none() {
        feature["id"] = new_id()?.as_str().into();
    }
    let retry = retry_key(collection.code(), &fields)?;
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let kept = blocking(move || {
        let snapshot = store.snapshot();
        let areas = snapshot.areas().areas();
        let context = Context::new(snapshot.zone(), areas, snapshot.places(), snapshot.vocabulary());
        match taken(collection, &feature, &context, read.as_ref()) {
            Err(bad) => Ok(Err(Refused::Members(bad))),
            Ok(record) => keep(&store, &actor, Operation::Put { record, expect: Expect::New }, retry),
        }
    })
    .await?;
    match kept {
        Ok(receipt) => to_record(&receipt, lang),
        Err(refused) => {
            let snapshot = call.state.store.snapshot();
            let (bad, problem) = parts(refused);
            let offered = offered(&call, collection, lang).await?;
            if rows.is_some() {
                fields.remove("document");
            }
            let draft = Draft { fields, rows, offered, bad, problem };
            let page = new_page(&call, collection, lang, &snapshot, &draft)?;
            respond(StatusCode::UNPROCESSABLE_ENTITY, lang, &page)
        }
    }
}

/// `GET /.../{id}/andra`
pub(super) async fn open(call: Call<State>, collection: Collection) -> Answer {
    let lang = lang_of(&call)?;
    let (id, store) = (id_of(&call, collection)?, call.state.store.clone());
    let of = id.clone();
    let (record, revision) =
        blocking(move || current(store.found(collection, &of, None).map_err(of_store)?, collection, &of)).await?;
    let snapshot = call.state.store.snapshot();
    let stored = to_feature(&record, revision, &Shown::new(snapshot.zone(), snapshot.places(), false));
    let mut fields = filled::of_feature(collection, &stored);
    fields.insert("tag".to_string(), revision.to_string());
    let draft = Draft { fields, offered: offered(&call, collection, lang).await?, ..Draft::default() };
    edit_page(&call, collection, lang, &id, &draft, &stored)
}

fn edit_page(
    call: &Call<State>,
    collection: Collection,
    lang: Lang,
    id: &Id,
    draft: &Draft,
    stored: &serde_json::Value,
) -> Answer {
    let pages = Pages::of(collection);
    let at = |template: &str, lang: Lang| in_lang(&Pages::with_id(template, id.as_str()), lang, "");
    let is_fine = draft.bad.is_empty() && draft.problem.is_none();
    let status = if is_fine { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let snapshot = call.state.store.snapshot();
    let tag = draft.fields.get("tag").cloned().unwrap_or_default();
    let of = At { action: at(pages.edit, lang), back: at(pages.one, lang), tag: Some(tag) };
    let forms = forms(call, collection, lang, &snapshot, draft, Some(stored), &of)?;
    let heading = format!("{} {}", t::EDIT.of(lang), t::names(collection).1.of(lang).to_lowercase());
    let main = html! { h1 { (heading) } (forms) };
    respond(status, lang, &shell(lang, &heading, |lang| at(pages.edit, lang), &main))
}

/// The record of a Feature; problems of a promise that came in rows are those of its rows.
fn taken(
    collection: Collection,
    feature: &serde_json::Value,
    context: &Context<'_>,
    read: Option<&promise::Read>,
) -> Result<Record, Vec<BadMember>> {
    match read {
        Some(read) if !read.bad.is_empty() => Err(read.bad.clone()),
        Some(read) => from_feature(collection, feature, context).map_err(|bad| read.in_rows(bad)),
        None => from_feature(collection, feature, context),
    }
}

/// `POST /.../{id}/andra`
pub(super) async fn change(call: Call<State>, collection: Collection) -> Answer {
    let lang = lang_of(&call)?;
    let id = id_of(&call, collection)?;
    let pairs = pairs_of(&call)?;
    let mut fields = filled::of_pairs(collection, &pairs);
    let rows = promise::of_pairs(&pairs).filter(|_| collection == Collection::Promises);
    let revision = revision_of(&fields)?;
    let said: Fields = fields.clone().into_iter().chain(rows.clone().unwrap_or_default()).collect();
    let retry = retry_key(&format!("{}/{id}", collection.code()), &said)?;
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let (mut sent, in_rows, of) = (fields.clone(), rows.clone(), id.clone());
    let (kept, shown) = blocking(move || {
        let snapshot = store.snapshot();
        // As it was when the form was opened: that is what the fields are compared with.
        let found = store.found(collection, &of, Some(revision.min(snapshot.revision()))).map_err(of_store)?;
        let (record, at) = current(found, collection, &of)?;
        let full = to_feature(&record, at, &Shown::new(snapshot.zone(), snapshot.places(), true));
        let shown = to_feature(&record, at, &Shown::new(snapshot.zone(), snapshot.places(), false));
        let read = in_rows.map(|rows| promise::to_document(&rows, Some(&full["properties"]["document"])));
        if let Some(read) = &read {
            sent.insert("document".to_string(), read.document.to_string());
        }
        let mut feature = filled::to_feature(collection, &sent, Some(&full));
        keep_withheld(collection, &mut feature, &full);
        let areas = snapshot.areas().areas();
        let context = Context::new(snapshot.zone(), areas, snapshot.places(), snapshot.vocabulary()).knowing(&record);
        let kept = match taken(collection, &feature, &context, read.as_ref()) {
            Err(bad) => Err(Refused::Members(bad)),
            Ok(record) => keep(&store, &actor, Operation::Put { record, expect: Expect::Revision(revision) }, retry)?,
        };
        Ok((kept, shown))
    })
    .await?;
    match kept {
        Ok(receipt) => to_record(&receipt, lang),
        Err(refused) => {
            let (bad, problem) = parts(refused);
            if rows.is_some() {
                // The form beside it shows the document as it was.
                let before = filled::of_feature(collection, &shown);
                fields.extend(before);
            }
            let offered = offered(&call, collection, lang).await?;
            let draft = Draft { fields, rows, offered, bad, problem };
            edit_page(&call, collection, lang, &id, &draft, &shown)
        }
    }
}

/// `POST /.../{id}/ta-tillbaka`
pub(super) async fn withdraw(call: Call<State>, collection: Collection) -> Answer {
    let lang = lang_of(&call)?;
    let id = id_of(&call, collection)?;
    let pairs = pairs_of(&call)?;
    let mut fields = filled::of_pairs(collection, &pairs);
    let Some(reason) = pairs.one("reason")?.map(str::trim) else {
        let accepted = "why the record is withdrawn, in words".to_string();
        return Err(Problem::MissingParameter { parameter: "reason".to_string(), accepted });
    };
    let reason = reason_in_words(reason)?;
    fields.insert("reason".to_string(), reason.clone());
    let revision = revision_of(&fields)?;
    let retry = retry_key(&format!("{}/{id}/withdraw", collection.code()), &fields)?;
    let (store, actor, of) = (call.state.store.clone(), who::actor(&call), id.clone());
    let kept = blocking(move || {
        let operation = Operation::Withdraw { collection, id: of.clone(), reason, expect: Expect::Revision(revision) };
        match keep(&store, &actor, operation, retry) {
            // Withdrawn meanwhile: the page of the record says so.
            Err(Problem::NotFound(_)) => match store.found(collection, &of, None).map_err(of_store)? {
                Found::Withdrawn { .. } => Ok(None),
                other => current(other, collection, &of).map(|_| None),
            },
            other => other.map(Some),
        }
    })
    .await?;
    match kept {
        Some(Err(refused)) => {
            let (_, problem) = parts(refused);
            let text = problem.unwrap_or(t::STALE).of(lang);
            let back = in_lang(&Pages::with_id(Pages::of(collection).one, id.as_str()), lang, "");
            let main =
                html! { h1 { (t::ERRORS.of(lang)) } p.caution role="alert" { (text) } p { a href=(back) { (id) } } };
            let page = shell(lang, t::ERRORS.of(lang), |lang| in_lang(&back, lang, ""), &main);
            respond(StatusCode::PRECONDITION_FAILED, lang, &page)
        }
        _ => see_other(&in_lang(Pages::of(collection).list, lang, "")),
    }
}

fn parts(refused: Refused) -> (Vec<BadMember>, Option<Text>) {
    match refused {
        Refused::Members(bad) => (bad, None),
        Refused::Whole(text) => (Vec::new(), Some(text)),
    }
}

fn to_record(receipt: &Receipt, lang: Lang) -> Answer {
    let Some((collection, id)) = receipt.records.first() else {
        return Err(Problem::Internal("a receipt without a record".to_string()));
    };
    see_other(&in_lang(&Pages::with_id(Pages::of(*collection).one, id.as_str()), lang, ""))
}

fn revision_of(fields: &Fields) -> Result<u64, Problem> {
    let tag = fields.get("tag").and_then(|tag| tag.parse().ok());
    tag.ok_or_else(|| Problem::Malformed("the form does not say which version it changes".to_string()))
}

/// The key of a form with a hash of what it says. A form without a key is not ours.
pub(in crate::http::page) fn retry_key(what: &str, fields: &Fields) -> Result<RetryKey, Problem> {
    let key =
        fields.get("key").filter(|key| (1..=64).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric()));
    let key = key.ok_or_else(|| Problem::Malformed("the form has no key; load the page again".to_string()))?;
    let mut hash = Sha256::new();
    hash.update(what.as_bytes());
    for (name, value) in fields.iter().filter(|(name, _)| *name != "csrf") {
        for part in [name, value] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    let request_sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(RetryKey { key: format!("form.{key}"), request_sha256 })
}

/// Keeps an operation. A form that was sent twice at once gets the answer of the first.
fn keep(
    store: &Store,
    actor: &Actor,
    operation: Operation,
    retry: RetryKey,
) -> Result<Result<Receipt, Refused>, Problem> {
    keep_all(store, actor, vec![operation], retry)
}

/// Keeps operations together, as one revision; see [`keep`].
pub(in crate::http::page) fn keep_all(
    store: &Store,
    actor: &Actor,
    operations: Vec<Operation>,
    retry: RetryKey,
) -> Result<Result<Receipt, Refused>, Problem> {
    let request = WriteRequest { what: String::new(), operations, retry: Some(retry) };
    let mut waits = 0;
    loop {
        return match store.write(actor, request.clone()) {
            Ok(receipt) => Ok(Ok(receipt)),
            Err(StoreError::KeyInFlight { .. }) if waits < WAITS => {
                waits += 1;
                std::thread::sleep(WAIT);
                continue;
            }
            Err(StoreError::KeyReused { .. }) => Ok(Err(Refused::Whole(t::SENT))),
            Err(StoreError::Stale { .. }) => Ok(Err(Refused::Whole(t::STALE))),
            Err(StoreError::DuplicateId { .. }) => Ok(Err(Refused::Whole(t::TAKEN))),
            Err(StoreError::OtherController { .. }) => Ok(Err(Refused::Whole(t::OTHER_CONTROLLER))),
            Err(other) => match overlapping(&other) {
                Some(bad) => Ok(Err(Refused::Members(vec![bad]))),
                None => Err(of_store(other)),
            },
        };
    }
}
