//! `/api/releases`: what was released, and building, publishing and withdrawing. Pages do the same through here.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::State;
use super::problem::Problem;
use super::publishing::{
    Order, PublishingError, clear_unregistered, index_of, make, may_be_shown, policy_of, public_before, publish_rule,
    write_checked,
};
use super::records::blocking;
use super::route::{Access, Answer, Call, Param, Route};
use crate::domain::{Actor, Period, Role};
use crate::followup::Book;
use crate::public::{assets, shelf};
use crate::release::Stream;
use crate::store::{ReleaseEntry, ReleaseRefused, StoreError};

const PUBLISHER: Access = Access::Role(Role::Publisher);
const JSON_BYTES: usize = 16 * 1024;
/// A release of a million records with its pictures takes some ten seconds; a slow machine a few times that.
pub(in crate::http) const BUILD_LIMIT: Duration = Duration::from_secs(120);

/// The routes.
pub fn routes() -> Vec<Route<State>> {
    let number = Param::path("number", "number of a release", "a whole number");
    let build_summary = "Builds and checks a release: {period, stream?, published_on?}";
    vec![
        Route::get("/api/releases", Access::Role(Role::Reader), "All releases, public or not", [], list),
        Route::new(Method::POST, "/api/releases", PUBLISHER, build_summary, [], build)
            .body_limit(JSON_BYTES)
            .takes_up_to(BUILD_LIMIT),
        Route::new(
            Method::POST,
            "/api/releases/{number}/publish",
            PUBLISHER,
            "Makes a release public",
            [number],
            publish,
        )
        .body_limit(JSON_BYTES),
        Route::new(
            Method::POST,
            "/api/releases/{number}/withdraw",
            PUBLISHER,
            "Withdraws a release: {reason}",
            [number],
            withdraw,
        )
        .body_limit(JSON_BYTES),
        Route::new(
            Method::POST,
            "/api/releases/{number}/corrections",
            PUBLISHER,
            "Logs a correction of texts: {sv, en}",
            [number],
            correct,
        )
        .body_limit(JSON_BYTES),
    ]
}

async fn list(call: Call<State>) -> Answer {
    let entries = entries(&call.state).await?;
    answer(StatusCode::OK, &json!({"releases": entries.iter().map(release_json).collect::<Vec<_>>()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuildBody {
    period: String,
    stream: Option<String>,
    published_on: Option<Date>,
}

async fn build(call: Call<State>) -> Answer {
    let body: BuildBody = read(&call)?;
    let order = order(&call.state, &body.period, body.stream.as_deref(), body.published_on)?;
    let entry = build_release(&call.state, call.actor.clone(), order).await?;
    answer(StatusCode::CREATED, &release_json(&entry))
}

async fn publish(call: Call<State>) -> Answer {
    let entry = publish_release(&call.state, call.actor.clone(), number(&call)?).await?;
    answer(StatusCode::OK, &release_json(&entry))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithdrawBody {
    reason: String,
}

async fn withdraw(call: Call<State>) -> Answer {
    let body: WithdrawBody = read(&call)?;
    let entry = withdraw_release(&call.state, call.actor.clone(), number(&call)?, body.reason).await?;
    answer(StatusCode::OK, &release_json(&entry))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectBody {
    sv: String,
    en: String,
}

async fn correct(call: Call<State>) -> Answer {
    let body: CorrectBody = read(&call)?;
    let (store, actor, now, number) =
        (call.state.store.clone(), call.actor.clone(), (call.state.now)(), number(&call)?);
    let entry = blocking(move || {
        let done = store.with_writer(move |file| file.correct_release(&actor, number, &body.sv, &body.en, now));
        done.map_err(of_store)
    })
    .await?;
    answer(StatusCode::OK, &release_json(&entry))
}

fn read<T: for<'de> Deserialize<'de>>(call: &Call<State>) -> Result<T, Problem> {
    serde_json::from_slice(&call.body).map_err(|error| Problem::Malformed(format!("the body cannot be read: {error}")))
}

/// The number in the path.
pub(in crate::http) fn number(call: &Call<State>) -> Result<u32, Problem> {
    let text = call.path_value("number");
    text.parse().map_err(|_| Problem::NotFound(format!("release '{text}'")))
}

fn answer(status: StatusCode, value: &Value) -> Answer {
    let mut response = Response::new(Body::from(format!("{value:#}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A release as JSON.
pub fn release_json(entry: &ReleaseEntry) -> Value {
    let new = &entry.new;
    json!({
        "number": new.number, "stream": new.stream, "period": new.period, "published_on": new.published_on,
        "revision_of": new.revision_of, "content_sha256": new.content_sha256,
        "built": {"by": entry.built_by, "at": entry.built_at},
        "published": entry.published.as_ref().map(|(by, at)| json!({"by": by, "at": at})),
        "withdrawn": entry.withdrawn.as_ref().map(|(by, at, reason)| json!({"by": by, "at": at, "reason": reason})),
        "corrections": entry.corrections.iter().map(|correction| json!({
            "on": correction.on, "by": correction.by, "sv": correction.text_sv, "en": correction.text_en,
        })).collect::<Vec<_>>(),
        "files": format!("/public/r/{}/", new.number),
    })
}

/// All releases by number.
pub(in crate::http) async fn entries(state: &State) -> Result<Vec<ReleaseEntry>, Problem> {
    let store = state.store.clone();
    blocking(move || store.releases().map_err(of_store)).await
}

/// What somebody asks for, read from words. Without a day it is to be public today.
pub(in crate::http) fn order(
    state: &State,
    period: &str,
    stream: Option<&str>,
    published_on: Option<Date>,
) -> Result<Order, Problem> {
    let invalid = |parameter: &str, value: &str, reason: String, accepted: &str| Problem::InvalidParameter {
        parameter: parameter.to_string(),
        value: value.chars().take(80).collect(),
        reason,
        accepted: accepted.to_string(),
    };
    let read = Period::parse(period);
    let period =
        read.map_err(|error| invalid("period", period, error.to_string(), "a month, quarter, half-year or year"))?;
    let stream = match stream.filter(|stream| !stream.is_empty()) {
        None => None,
        Some(code) => Some(
            Stream::from_code(code)
                .ok_or_else(|| invalid("stream", code, "it is no stream".to_string(), "follow-up or statistics"))?,
        ),
    };
    let today = state.today(&state.store.snapshot());
    Ok(Order { stream, period, today, published_on: published_on.unwrap_or(today), addresses: None })
}

/// Builds, checks, writes and registers a release.
pub(in crate::http) async fn build_release(state: &State, actor: Actor, order: Order) -> Result<ReleaseEntry, Problem> {
    let (service, now) = (state.clone(), (state.now)());
    let work = move || {
        let store = &service.store;
        let (releases, snapshot) = (service.shelf.folder(), store.snapshot());
        let book: Book = Book::clone(&*service.books.at(store, &snapshot)?);
        let entries = store.releases().map_err(of_store)?;
        let made = make(releases, &snapshot, book, &entries, &order, &assets::built()).map_err(of_publishing)?;
        store.may_register(&made.new).map_err(of_store)?;
        clear_unregistered(releases, &entries, made.new.number).map_err(of_publishing)?;
        let folder = releases.join(made.new.number.to_string());
        write_checked(&made, &folder, &public_before(releases, &entries, made.new.number)).map_err(of_publishing)?;
        let new = made.new.clone();
        let registered = store.with_writer(move |file| file.register_release(&actor, &new, now)).map_err(of_store);
        if registered.is_err() {
            // Another was registered meanwhile under this number: the folder belongs to nobody.
            std::fs::remove_dir_all(&folder).map_err(|error| Problem::Internal(error.to_string()))?;
        }
        registered
    };
    state.heavy.run(work).await?
}

/// Publishes a release and puts it on the shelf.
pub(in crate::http) async fn publish_release(
    state: &State,
    actor: Actor,
    number: u32,
) -> Result<ReleaseEntry, Problem> {
    let (service, now) = (state.clone(), (state.now)());
    blocking(move || {
        let releases = service.shelf.folder();
        let rule = publish_rule(&policy_of(releases).map_err(of_publishing)?);
        may_be_shown(releases, &service.store.releases().map_err(of_store)?, number).map_err(of_publishing)?;
        let done = service.store.with_writer(move |file| file.publish_release(&actor, number, now, &rule));
        let entry = done.map_err(of_store)?;
        show(&service)?;
        Ok(entry)
    })
    .await
}

/// Withdraws a release and takes it off the shelf.
pub(in crate::http) async fn withdraw_release(
    state: &State,
    actor: Actor,
    number: u32,
    reason: String,
) -> Result<ReleaseEntry, Problem> {
    let (service, now) = (state.clone(), (state.now)());
    blocking(move || {
        let done = service.store.with_writer(move |file| file.withdraw_release(&actor, number, &reason, now));
        let entry = done.map_err(of_store)?;
        show(&service)?;
        Ok(entry)
    })
    .await
}

/// Makes the shelf what the registry says: after every change, and when the service starts, in case it could not be
/// written when something was published or withdrawn.
pub(in crate::http) fn show(state: &State) -> Result<(), Problem> {
    let entries = state.store.releases().map_err(of_store)?;
    let folder = state.shelf.folder();
    let index = index_of(folder, &entries, state.store.snapshot().zone());
    shelf::write_index(folder, &index).map_err(|error| Problem::Unavailable(error.to_string()))?;
    let refusals = state.shelf.reload().map_err(|fault| Problem::Internal(fault.to_string()))?;
    refusals.iter().for_each(|refusal| tracing::error!("{refusal}"));
    Ok(())
}

fn of_store(error: StoreError) -> Problem {
    match error {
        StoreError::Release(ReleaseRefused::Unknown { number }) => Problem::NotFound(format!("release '{number}'")),
        StoreError::Release(why @ ReleaseRefused::NotAPublisher { .. }) => Problem::Forbidden(why.to_string()),
        StoreError::Release(why) => Problem::Conflict(why.to_string()),
        error => super::records::of_store(error),
    }
}

fn of_publishing(error: PublishingError) -> Problem {
    match error {
        PublishingError::Refused(why) => Problem::Conflict(why.to_string()),
        PublishingError::Leaks(_) | PublishingError::Unreadable { .. } | PublishingError::Policy { .. } => {
            Problem::Conflict(error.to_string())
        }
        PublishingError::Store(error) => of_store(error),
        PublishingError::Io { .. } => Problem::Unavailable(error.to_string()),
    }
}
