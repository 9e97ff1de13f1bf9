//! Undoing an import: asked first, done after.

use axum::http::StatusCode;
use maud::html;

use super::texts as t;
use super::{shell, token_field};
use crate::geodata::masked;
use crate::http::State;
use crate::http::imports::of_import;
use crate::http::page::login::{fields, in_lang, lang_of, private_page};
use crate::http::problem::Problem;
use crate::http::records::of_store;
use crate::http::route::{Answer, Call};

fn id_of(call: &Call<State>) -> Result<i64, Problem> {
    let id = call.path_value("id").parse::<i64>();
    id.map_err(|_| Problem::NotFound("import of this number".to_string()))
}

/// `GET /import/angra/{id}`
pub(super) async fn ask(call: Call<State>) -> Answer {
    let (lang, id) = (lang_of(&call)?, id_of(&call)?);
    let store = call.state.store.clone();
    let imports = call.state.heavy.run(move || store.imports()).await?.map_err(of_store)?;
    let import = imports.into_iter().find(|import| import.import_id == id);
    let import = import.ok_or_else(|| Problem::NotFound("import of this number".to_string()))?;
    let title = t::UNDO_TITLE.with(lang, &[("id", &id.to_string())]);
    let path = format!("/import/angra/{id}");
    let main = html! {
        h1 { (title) }
        @if import.undone_revision.is_some() { p { (t::UNDONE.of(lang)) "." } } @else {
            p { (t::UNDO_TEXT.with(lang, &[("n", &import.accepted.to_string()), ("file", &masked(&import.file))])) }
            form.record method="post" action=(in_lang(&path, lang)) {
                (token_field(&call))
                button type="submit" { (t::UNDO_BUTTON.of(lang)) }
                a href=(in_lang("/import", lang)) { (t::BACK.of(lang)) }
            }
        }
    };
    Ok(private_page(StatusCode::OK, lang, &shell(lang, &title, &path, &main)))
}

/// `POST /import/angra/{id}`
pub(super) async fn undo(call: Call<State>) -> Answer {
    let (lang, id) = (lang_of(&call)?, id_of(&call)?);
    fields(&call, &[])?;
    let (store, actor) = (call.state.store.clone(), call.actor.clone());
    let undone = call.state.heavy.run(move || store.undo(&actor, id)).await?.map_err(of_import)?;
    let title = t::UNDONE_TITLE.with(lang, &[("id", &id.to_string())]);
    let (withdrawn, restored) = (undone.withdrawn.to_string(), undone.restored.to_string());
    let main = html! {
        h1 { (title) }
        p role="status" { (t::UNDONE_TEXT.with(lang, &[("withdrawn", &withdrawn), ("restored", &restored)])) }
        @if !undone.changed_since.is_empty() {
            p.caution { (t::UNDONE_CHANGED.with(lang, &[("n", &undone.changed_since.len().to_string())])) }
        }
        p { a href=(in_lang("/import", lang)) { (t::BACK.of(lang)) } }
    };
    Ok(private_page(StatusCode::OK, lang, &shell(lang, &title, "/import", &main)))
}
