//! The page of one record: its values, its history, and what can be done with it.

use axum::http::StatusCode;
use maud::{Markup, html};
use serde_json::Value;

use super::paths::{Pages, in_lang};
use super::texts as t;
use super::{lang_of, respond, shell, show};
use crate::domain::{Collection, Id};
use crate::http::State;
use crate::http::page::texts::Lang;
use crate::http::problem::Problem;
use crate::http::records::{api_path, blocking, id_of, new_id, not_there, note_reading, of_store, reason_of, who};
use crate::http::route::{Answer, Call};
use crate::spatial::Snapshot;
use crate::store::{Found, Version};
use crate::wire::records::{Shown, members, to_feature};

/// What the page shows.
struct View {
    collection: Collection,
    id: Id,
    lang: Lang,
    found: Found,
    /// The current version.
    feature: Option<Value>,
    versions: Vec<Version>,
    shows_text: bool,
    may_write: bool,
    key: String,
    csrf: Option<String>,
}

/// `GET /.../{id}`
pub(super) async fn one(call: Call<State>, collection: Collection) -> Answer {
    let lang = lang_of(&call)?;
    let id = id_of(&call, collection)?;
    let reason = reason_of(&call.pairs)?;
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let may_write = who::may_write(&call);
    let (key, csrf) = (new_id()?.to_string(), who::csrf_token(&call));
    let snapshot = call.state.store.snapshot();
    let shown = Shown::new(snapshot.zone(), snapshot.places(), reason.is_some());
    let view = blocking(move || {
        let found = store.found(collection, &id, None).map_err(of_store)?;
        if found == Found::Never {
            return Err(not_there(collection, id.as_str()));
        }
        note_reading(&store, &actor, collection, &id, reason.as_deref())?;
        let feature = match &found {
            Found::Current { record, revision } => Some(to_feature(record, *revision, &shown)),
            _ => None,
        };
        let versions = store.versions(collection, &id).map_err(of_store)?;
        Ok::<View, Problem>(View {
            collection,
            id,
            lang,
            found,
            feature,
            versions,
            shows_text: reason.is_some(),
            may_write,
            key,
            csrf,
        })
    })
    .await?;
    let status = if view.feature.is_some() { StatusCode::OK } else { StatusCode::GONE };
    respond(status, lang, &view.page(&snapshot))
}

/// Whether the place in words is only the name of the place.
fn says_place_again(feature: &Value, snapshot: &Snapshot) -> bool {
    let properties = &feature["properties"];
    let place = snapshot.places().iter().find(|place| properties["place"] == place.id.as_str());
    place.is_some_and(|place| properties["place_text"] == place.name.as_str())
}

impl View {
    fn path(&self, template: &str, lang: Lang) -> String {
        in_lang(&Pages::with_id(template, self.id.as_str()), lang, "")
    }

    fn page(&self, snapshot: &Snapshot) -> Markup {
        let (lang, pages) = (self.lang, Pages::of(self.collection));
        let (many, one) = t::names(self.collection);
        let title =
            self.feature.as_ref().map_or(self.id.to_string(), |f| show::title(self.collection, f, snapshot, lang));
        let main = html! {
            p { a href=(in_lang(pages.list, lang, "")) { (many.of(lang)) } }
            h1 { (one.of(lang)) ": " (title) }
            @match &self.found {
                Found::Withdrawn { reason, .. } => p.caution { (t::WITHDRAWN.with(lang, &[("reason", reason)])) },
                Found::Purged { on } => p.caution { (t::PURGED.with(lang, &[("date", &on.to_string())])) },
                _ => (html! {}),
            }
            @if let Some(feature) = &self.feature {
                (self.values(feature, snapshot))
                (self.free_text(feature))
                @if self.may_write { p { a href=(self.path(pages.edit, lang)) { (t::EDIT.of(lang)) } } }
            }
            (self.history(snapshot))
            @if let (Found::Current { revision, .. }, true) = (&self.found, self.may_write) { (self.withdrawing(*revision)) }
            p { a href=(api_path(self.collection, self.id.as_str())) { (t::AS_JSON.of(lang)) } }
        };
        shell(lang, &title, |lang| self.path(pages.one, lang), &main)
    }

    fn values(&self, feature: &Value, snapshot: &Snapshot) -> Markup {
        let lang = self.lang;
        let listed =
            members(self.collection).iter().filter(|m| !m.read_only || self.collection == Collection::Promises);
        html! {
            dl.facts {
                @let is_told = |name: &str| !(name == "revision" || name == "place_text" && says_place_again(feature, snapshot));
                @for member in listed.filter(|member| is_told(member.name)) {
                    @if let Some(words) = show::in_words(member, feature, snapshot, lang) {
                        dt { (lang.pick(member.sv, member.en)) } dd { (words) }
                    }
                }
                @if let Some(position) = show::position(feature, lang) {
                    dt { (t::POSITION.of(lang)) } dd { (position) }
                }
                dt { (t::ID.of(lang)) } dd { code { (self.id) } }
            }
        }
    }

    fn free_text(&self, feature: &Value) -> Markup {
        let lang = self.lang;
        if self.shows_text || feature["properties"]["has_free_text"] != true {
            return html! {};
        }
        html! {
            details {
                summary { (t::FREE_TEXT.of(lang)) }
                form method="get" action=(Pages::with_id(Pages::of(self.collection).one, self.id.as_str())) {
                    @if lang != Lang::default() { input type="hidden" name="lang" value=(lang.code()); }
                    p.field {
                        label for="f-reason-text" { (t::FREE_TEXT_WHY.of(lang)) }
                        input id="f-reason-text" name="free_text_reason" required minlength="3" maxlength="200" autocomplete="off";
                    }
                    button type="submit" { (t::FREE_TEXT_SHOW.of(lang)) }
                }
            }
        }
    }

    fn history(&self, snapshot: &Snapshot) -> Markup {
        let lang = self.lang;
        html! {
            section aria-labelledby="history-heading" {
                h2 id="history-heading" { (t::HISTORY.of(lang)) }
                table {
                    thead { tr {
                        @for head in [t::H_REVISION, t::H_WHEN, t::H_WHO, t::H_WHAT, t::H_ENDED] { th scope="col" { (head.of(lang)) } }
                    } }
                    tbody {
                        @for version in self.versions.iter().rev() {
                            tr {
                                th.number scope="row" { (version.revision) }
                                td.words data-label=(t::H_WHEN.of(lang)) {
                                    (version.at.to_zoned(snapshot.zone().clone()).strftime("%Y-%m-%d %H:%M"))
                                }
                                td.words data-label=(t::H_WHO.of(lang)) { (version.actor) }
                                td.words data-label=(t::H_WHAT.of(lang)) { (version.what) }
                                td.words data-label=(t::H_ENDED.of(lang)) {
                                    @if let Some(day) = version.purged_on { (t::PURGED.with(lang, &[("date", &day.to_string())])) " " }
                                    @match &version.ended {
                                        None => (t::CURRENT.of(lang)),
                                        Some((revision, reason)) => (t::ENDED.with(lang, &[("revision", &revision.to_string()), ("reason", reason)])),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn withdrawing(&self, revision: u64) -> Markup {
        let lang = self.lang;
        html! {
            details {
                summary { (t::WITHDRAW.of(lang)) }
                form method="post" action=(self.path(Pages::of(self.collection).withdraw, lang)) {
                    input type="hidden" name="key" value=(self.key);
                    input type="hidden" name="tag" value=(revision);
                    @if let Some(token) = &self.csrf { input type="hidden" name="csrf" value=(token); }
                    p { (t::WITHDRAW_NOTE.of(lang)) }
                    p.field {
                        label for="f-reason" { (t::WITHDRAW_WHY.of(lang)) }
                        input id="f-reason" name="reason" required minlength="3" maxlength="500" autocomplete="off";
                    }
                    button type="submit" { (t::WITHDRAW.of(lang)) }
                }
            }
        }
    }
}
