//! Inventories and walks: the list, one with its points and actions, the printed protocol, the sheet, and a form that
//! takes a point with its action at once.

mod point;
mod sheet;
mod texts;

use axum::http::Method;
use maud::{Markup, html};

use super::login::in_lang;
use super::paper::{AS_OF, Asked, FORM, LANG, respond};
use super::small_form::no_such;
use crate::domain::{Id, Observation};
use crate::followup::Book;
use crate::followup::protocol::{Protocol, inventories, protocol};
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::records::{of_store, who};
use crate::http::route::{Answer, Call, Param, Route};
use crate::spatial::{DataClass, Snapshot};
use crate::store::Store;
use crate::text::lang::Lang;
use crate::wire::followup::protocol::{Making, list_paper, paper};
use texts as t;

const LIST: &str = "/inventeringar";

pub(super) fn routes() -> Vec<Route<State>> {
    let id = Param::path("id", "id of the inventory or walk", "id of an activity of that kind");
    let free_text = Param::query("free_text_reason", "asks for free text and says why", "3 to 200 letters");
    let paper = vec![id, LANG, FORM, AS_OF];
    let sheet = vec![id, free_text];
    vec![
        who::reads(LIST, "Inventories and walks", vec![LANG, FORM, AS_OF], list),
        who::reads("/inventeringar/{id}", "An inventory with its points and actions", paper.clone(), one),
        who::reads("/inventeringar/{id}/protokoll", "The protocol of an inventory, for printing", paper, printed),
        who::reads("/inventeringar/{id}/protokoll.xlsx", "The points as a workbook", sheet.clone(), sheet::workbook),
        who::reads("/inventeringar/{id}/protokoll.csv", "The points as CSV", sheet, sheet::csv),
        who::writes(Method::GET, "/inventeringar/{id}/ny-punkt", "A form for a point", vec![id, LANG], point::empty),
        who::writes(
            Method::POST,
            "/inventeringar/{id}/ny-punkt",
            "Keeps a point with its action",
            vec![id, LANG],
            point::keep,
        ),
    ]
}

/// What papers of a snapshot are made with.
fn making<'a>(snapshot: &'a Snapshot, book: &'a Book, lang: Lang) -> Making<'a> {
    Making {
        book,
        categories: &snapshot.vocabulary().categories,
        places: snapshot.places(),
        lang,
        synthetic: snapshot.facts().data_class == DataClass::Synthetic,
    }
}

/// `GET /inventeringar`
async fn list(call: Call<State>) -> Answer {
    let asked = Asked::read(&call, LIST.to_string())?;
    let (as_of, lang, store) = (asked.as_of, asked.lang, call.state.store.clone());
    let make = move |snapshot: &Snapshot, book: &std::sync::Arc<Book>| {
        let points = store.points_by_inventory(snapshot.revision()).map_err(of_store)?;
        let points_of = |id: &Id| points.get(id).map(Vec::as_slice).unwrap_or_default();
        let lines = inventories(book, points_of, as_of);
        Ok(list_paper(&lines, making(snapshot, book, lang)))
    };
    respond(&call, asked, "inventories", make, |_| html! {}).await
}

/// The id in the path; what cannot be one names nothing.
fn id_of(call: &Call<State>) -> Result<Id, Problem> {
    let text = call.path_value("id");
    Id::new(text).map_err(|_| no_such("inventory", text))
}

/// The points of an inventory at a revision, in the order of its protocol.
fn points_of(store: &Store, id: &Id, revision: u64) -> Result<Vec<Observation>, Problem> {
    let points = store.points_of(id, revision).map_err(of_store)?;
    Ok(points.into_iter().map(|(point, _)| point).collect())
}

fn protocol_of(
    store: &Store,
    snapshot: &Snapshot,
    book: &Book,
    id: &Id,
    as_of: jiff::civil::Date,
) -> Result<Protocol, Problem> {
    let points = points_of(store, id, snapshot.revision())?;
    protocol(book, id, &points, as_of).ok_or_else(|| no_such("inventory", id.as_str()))
}

/// `GET /inventeringar/{id}`
async fn one(call: Call<State>) -> Answer {
    let id = id_of(&call)?;
    let lang = Asked::read(&call, String::new())?.lang;
    let may_write = who::may_write(&call);
    let around = move |id: &Id| links(id, lang, may_write);
    shown(call, id.clone(), format!("{LIST}/{id}"), move |_| around(&id)).await
}

/// `GET /inventeringar/{id}/protokoll`
async fn printed(call: Call<State>) -> Answer {
    let id = id_of(&call)?;
    shown(call, id.clone(), format!("{LIST}/{id}/protokoll"), |_| html! {}).await
}

async fn shown(
    call: Call<State>,
    id: Id,
    path: String,
    around: impl FnOnce(&crate::text::paper::Paper) -> Markup + Send + 'static,
) -> Answer {
    let asked = Asked::read(&call, path)?;
    let (as_of, lang, store) = (asked.as_of, asked.lang, call.state.store.clone());
    let make = move |snapshot: &Snapshot, book: &std::sync::Arc<Book>| {
        let protocol = protocol_of(&store, snapshot, book, &id, as_of)?;
        Ok(paper(&protocol, making(snapshot, book, lang)))
    };
    respond(&call, asked, "inventory", make, around).await
}

/// What can be done with an inventory.
fn links(id: &Id, lang: Lang, may_write: bool) -> Markup {
    let at = |rest: &str| in_lang(&format!("{LIST}/{id}{rest}"), lang);
    html! {
        div.on-screen {
            @if may_write { p { a.button href=(at("/ny-punkt")) { (t::NEW_POINT.of(lang)) } } }
            p.downloads {
                a href=(at("/protokoll")) { (t::PRINT.of(lang)) } " · "
                a href={ (LIST) "/" (id) "/protokoll.xlsx" } { (t::WORKBOOK.of(lang)) } " · "
                a href={ (LIST) "/" (id) "/protokoll.csv" } { (t::CSV.of(lang)) } " · "
                a href=(in_lang(&format!("/genomfort/{id}"), lang)) { (t::RECORD.of(lang)) } " · "
                a href=(in_lang(LIST, lang)) { (t::ALL_OF_THEM.of(lang)) }
            }
        }
    }
}
