//! Pages where people bring in files: choose one, see what it would give, import it, undo it.
//!
//! Nothing is kept before the button is pressed, and everything works without a script. What was sent waits on disk
//! under a name only its sender's address has; see `http/uploads.rs`.

mod form;
mod preview;
mod sent;
mod texts;
mod undo;

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use maud::{Markup, html};

use super::layout::Shell;
use super::login::{FORM_BYTES, LANG, in_lang, lang_of, private_page};
use super::records::paths::Pages;
use super::texts::Lang;
use crate::domain::{Collection, Role};
use crate::geodata::masked;
use crate::http::State;
use crate::http::access::csrf;
use crate::http::problem::Problem;
use crate::http::records::of_store;
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::http::uploads::{StageState, Staged};
use crate::store::ImportEntry;
use texts as t;

/// What the form of a preview may send: a choice for each of 512 columns, and places.
const CHOICES_BYTES: usize = 512 * 1024;

pub(super) fn routes() -> Vec<Route<State>> {
    let editor = Access::Role(Role::Editor);
    let token = Param::path("token", "names a file that was sent", "as the address of the preview has it");
    let id = Param::path("id", "number of an import", "a number that /import lists");
    let post = Method::POST;
    vec![
        Route::get("/import", editor, "Choose a file to import, and earlier imports", [LANG], start),
        Route::new(post.clone(), "/import", editor, "Takes a file to look at", [LANG], sent::take).upload(),
        Route::get("/import/{token}", editor, "What a file would give, or has given", [token, LANG], one).upload(),
        Route::new(
            post.clone(),
            "/import/{token}",
            editor,
            "Changes how a file is read, or imports it",
            [token, LANG],
            form::post,
        )
        .body_limit(CHOICES_BYTES)
        .upload(),
        Route::get("/import/{token}/avvisade.csv", editor, "The rows of a file that are refused", [token], rejects),
        Route::get("/import/angra/{id}", editor, "Asks whether to undo an import", [id, LANG], undo::ask),
        Route::new(post, "/import/angra/{id}", editor, "Undoes an import", [id, LANG], undo::undo)
            .body_limit(FORM_BYTES)
            .upload(),
    ]
}

fn shell(lang: Lang, title: &str, path: &str, main: &Markup) -> Markup {
    let url_in = |lang: Lang| in_lang(path, lang);
    Shell { lang, title, url_in: &url_in, home: in_lang("/", lang) }.around(main)
}

/// The hidden field that forms of this caller carry; it stands first.
fn token_field(call: &Call<State>) -> Markup {
    html! { @if let Some(token) = call.csrf_token() { input type="hidden" name=(csrf::FIELD) value=(token); } }
}

/// The file of the token in the path, if the caller sent it.
fn staged(call: &Call<State>) -> Result<std::sync::Arc<Staged>, Problem> {
    let token = call.path_value("token");
    let found = call.state.uploads.find(token, &call.actor.id, (call.state.now)());
    found.ok_or_else(|| Problem::NotFound("file of yours that waits here".to_string()))
}

async fn start(call: Call<State>) -> Answer {
    start_page(&call, StatusCode::OK, None).await
}

/// The page with the form for a file, perhaps with what was wrong with the one before.
async fn start_page(call: &Call<State>, status: StatusCode, wrong: Option<Markup>) -> Answer {
    let lang = lang_of(call)?;
    let store = call.state.store.clone();
    let imports = call.state.heavy.run(move || store.imports()).await?.map_err(of_store)?;
    let limits = &call.state.uploads;
    let hint = t::FILE_HINT.with(
        lang,
        &[
            ("mb", &(limits.limit_bytes() / 1_048_576).to_string()),
            ("rows", &super::numbers::whole(limits.max_rows(), lang)),
        ],
    );
    let main = html! {
        h1 { (t::TITLE.of(lang)) }
        @if let Some(wrong) = wrong { (wrong) }
        p { (t::LEAD.of(lang)) }
        form.record method="post" enctype="multipart/form-data" action=(in_lang("/import", lang)) {
            (token_field(call))
            p.field {
                label for="f-into" { (t::INTO.of(lang)) }
                select id="f-into" name="into" {
                    @for (code, text) in sent::TARGETS { option value=(code) { (text.of(lang)) } }
                }
            }
            p.field {
                label for="f-file" { (t::FILE.of(lang)) }
                input id="f-file" name="file" type="file" required aria-describedby="f-file-hint"
                    accept=".csv,.txt,.tsv,.xlsx,.geojson,.json,.gpkg";
                small id="f-file-hint" { (hint) " " (t::PERSONAL_HINT.of(lang)) }
            }
            button type="submit" { (t::LOOK.of(lang)) }
        }
        (earlier(call, &imports, lang))
    };
    Ok(private_page(status, lang, &shell(lang, t::TITLE.of(lang), "/import", &main)))
}

fn earlier(call: &Call<State>, imports: &[ImportEntry], lang: Lang) -> Markup {
    let mine = call.state.uploads.done_by(&call.actor.id);
    let rejects_of = |import: &ImportEntry| {
        mine.iter()
            .find(|staged| matches!(staged.stage().state, StageState::Done(done) if done.import_id == import.import_id))
            .filter(|_| import.rejected > 0)
            .map(|staged| format!("/import/{}/avvisade.csv", staged.token))
    };
    html! {
        section aria-labelledby="earlier-heading" {
            h2 id="earlier-heading" { (t::EARLIER.of(lang)) }
            @if imports.is_empty() { p { (t::NONE_YET.of(lang)) } } @else {
                table {
                    thead { tr {
                        @for head in [t::H_NUMBER, t::H_FILE, t::H_WHEN, t::H_INTO, t::H_ROWS, t::UNDO] { th scope="col" { (head.of(lang)) } }
                    } }
                    tbody {
                        @for import in imports {
                            tr {
                                td.number { (import.import_id) }
                                th scope="row" { (masked(&import.file)) }
                                td.words data-label=(t::H_WHEN.of(lang)) { (local(call, &import.at_utc)) }
                                td.words data-label=(t::H_INTO.of(lang)) { (words_of_table(&import.collection).of(lang)) }
                                td.words data-label=(t::H_ROWS.of(lang)) {
                                    span {
                                        (t::ROWS_OF.with(lang, &[("accepted", &import.accepted.to_string()), ("rows", &import.rows.to_string())]))
                                        @if let Some(path) = rejects_of(import) { br; a href=(path) { (t::REJECTS.of(lang)) } }
                                    }
                                }
                                td.words data-label=(t::UNDO.of(lang)) {
                                    @if import.undone_revision.is_some() { (t::UNDONE.of(lang)) } @else {
                                        a href=(in_lang(&format!("/import/angra/{}", import.import_id), lang)) {
                                            (t::UNDO.of(lang)) span.hidden { " " (import.import_id) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the table of an import is called; one that files no longer go to by its own name.
fn words_of_table(table: &str) -> super::texts::Text {
    let collection = Collection::ALL.into_iter().find(|collection| collection.table() == table);
    match collection {
        Some(Collection::Areas) => super::texts::Text::new("Områden", "Areas"),
        Some(collection) => t::target(collection),
        None => t::H_INTO,
    }
}

/// A moment of the log as local time.
fn local(call: &Call<State>, at_utc: &str) -> String {
    let zone = call.state.store.snapshot().zone().clone();
    let moment = at_utc.parse::<jiff::Timestamp>().map(|moment| moment.to_zoned(zone));
    moment.map_or_else(|_| at_utc.to_string(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

async fn one(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let staged = staged(&call)?;
    match staged.stage().state {
        StageState::Waiting => preview::show(&call, &staged, None).await,
        StageState::Importing => Ok(importing(&staged, lang)),
        StageState::Done(done) => Ok(private_page(StatusCode::OK, lang, &result(&staged, &done, lang))),
    }
}

fn importing(staged: &Staged, lang: Lang) -> Response {
    let path = format!("/import/{}", staged.token);
    let title = t::IMPORTING.of(lang);
    let main = html! {
        h1 { (title) }
        p { (t::IMPORTING_TEXT.of(lang)) }
        p { a href=(in_lang(&path, lang)) { (t::RELOAD.of(lang)) } }
    };
    let mut response = private_page(StatusCode::OK, lang, &shell(lang, title, &path, &main));
    response.headers_mut().insert("refresh", HeaderValue::from_static("3"));
    response
}

fn result(staged: &Staged, done: &crate::http::imports::Outcome, lang: Lang) -> Markup {
    let n = |n: u64| n.to_string();
    let counts = done.counts;
    let main = html! {
        h1 { (t::DONE.of(lang)) }
        p.lead role="status" {
            (t::DONE_LEAD.with(lang, &[("accepted", &n(counts.accepted)), ("rows", &n(counts.rows)), ("rejected", &n(counts.rejected))]))
        }
        dl.facts {
            dt { (t::H_FILE.of(lang)) } dd { (masked(&staged.file_name)) }
            dt { (t::H_INTO.of(lang)) } dd { (t::target(done.collection).of(lang)) }
            dt { (t::DONE_NUMBER.of(lang)) } dd { (done.import_id) }
            dt { (t::DONE_REVISION.of(lang)) } dd { (done.revision) }
        }
        @if !done.remembered.is_empty() {
            p { (t::REMEMBERED.with(lang, &[("list", &masked(&done.remembered.join(", ")))])) }
        }
        @if !done.not_remembered.is_empty() {
            p.caution { (t::NOT_REMEMBERED.with(lang, &[("list", &masked(&done.not_remembered.join(", ")))])) }
        }
        @if counts.rejected > 0 {
            p { a href={ "/import/" (staged.token) "/avvisade.csv" } { (t::REJECTS.of(lang)) } br; small { (t::REJECTS_NOTE.of(lang)) } }
        }
        p {
            a href=(in_lang(Pages::of(done.collection).list, lang)) { (t::SEE.of(lang)) } " · "
            a href=(in_lang("/import", lang)) { (t::ONE_MORE.of(lang)) } " · "
            a href=(in_lang(&format!("/import/angra/{}", done.import_id), lang)) { (t::UNDO.of(lang)) }
        }
    };
    shell(lang, t::DONE.of(lang), &format!("/import/{}", staged.token), &main)
}

/// `GET /import/{token}/avvisade.csv`
async fn rejects(call: Call<State>) -> Answer {
    let staged = staged(&call)?;
    let read = call.state.heavy.run(move || std::fs::read(staged.rejects())).await?;
    let bytes = read.map_err(|_| Problem::NotFound("refused row here".to_string()))?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"avvisade-rader.csv\""));
    headers.insert(axum::http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
