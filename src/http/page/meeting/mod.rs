//! Collaboration meetings: the list, one with its decisions, the agenda, and forms for a decision and for what
//! comes first in a week.

mod send;
mod texts;

use axum::http::Method;
use jiff::civil::Date;
use maud::{Markup, html};

use super::login::in_lang;
use super::paper::{AS_OF, Asked, FORM, LANG, respond};
use super::small_form::no_such;
use crate::domain::Id;
use crate::followup::Book;
use crate::followup::agenda::{MeetingDate, agenda, all_meetings, find_meeting};
use crate::followup::ledger::ledger;
use crate::followup::week::{Meeting, decisions};
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::records::{blocking, who};
use crate::http::route::{Answer, Call, Param, Route};
use crate::text::lang::Lang;
use crate::wire::followup::agenda::{list_paper, meeting_paper, paper};
use texts as t;

const LIST: &str = "/moten";

pub(super) fn routes() -> Vec<Route<State>> {
    let id = Param::path("id", "id of the meeting, held or booked", "id of an activity or a booking of that kind");
    let paper = vec![id, LANG, FORM, AS_OF];
    let form = vec![id, LANG];
    let (get, post) = (Method::GET, Method::POST);
    vec![
        who::reads(LIST, "Collaboration meetings, held and booked", vec![LANG, FORM, AS_OF], list),
        who::reads("/moten/{id}", "A meeting with its decisions", paper.clone(), one),
        who::reads("/moten/{id}/dagordning", "The agenda of a meeting, for printing", paper, agenda_page),
        who::writes(get.clone(), "/moten/{id}/nytt-beslut", "A form for a decision", form.clone(), send::decision_form),
        who::writes(
            post.clone(),
            "/moten/{id}/nytt-beslut",
            "Keeps a decision as an action",
            form.clone(),
            send::keep_decision,
        ),
        who::writes(
            get,
            "/moten/{id}/ny-prioritering",
            "A form for what comes first",
            form.clone(),
            send::priority_form,
        ),
        who::writes(post, "/moten/{id}/ny-prioritering", "Keeps what comes first in a week", form, send::keep_priority),
    ]
}

/// `GET /moten`
async fn list(call: Call<State>) -> Answer {
    let asked = Asked::read(&call, LIST.to_string())?;
    let (as_of, lang) = (asked.as_of, asked.lang);
    let make = move |_: &_, book: &std::sync::Arc<Book>| Ok(list_paper(book, &all_meetings(book, as_of), as_of, lang));
    respond(&call, asked, "meetings", make, |_| html! {}).await
}

/// The id in the path; what cannot be one names nothing.
fn id_of(call: &Call<State>) -> Result<Id, Problem> {
    let text = call.path_value("id");
    Id::new(text).map_err(|_| no_such("meeting", text))
}

/// The meeting in the path, as the newest book has it on a day.
async fn meeting_of(call: &Call<State>, id: &Id, as_of: Date) -> Result<MeetingDate, Problem> {
    let (state, id) = (call.state.clone(), id.clone());
    blocking(move || {
        let book = state.books.at(&state.store, &state.store.snapshot())?;
        find_meeting(&book, &id, as_of).ok_or_else(|| no_such("meeting", id.as_str()))
    })
    .await
}

/// `GET /moten/{id}`
async fn one(call: Call<State>) -> Answer {
    let id = id_of(&call)?;
    let asked = Asked::read(&call, format!("{LIST}/{id}"))?;
    let meeting = meeting_of(&call, &id, asked.as_of).await?;
    let (as_of, lang, may_write) = (asked.as_of, asked.lang, who::may_write(&call));
    let is_held = meeting.is_held;
    let links = links(&meeting.id, lang, may_write, is_held);
    let make = move |_: &_, book: &std::sync::Arc<Book>| {
        let held = Meeting { id: meeting.id.clone(), day: meeting.day };
        let decisions = if meeting.is_held { decisions(book, &[held], as_of) } else { Vec::new() };
        Ok(meeting_paper(book, &meeting, &decisions, as_of, lang))
    };
    respond(&call, asked, &format!("meeting {may_write}"), make, move |_| links).await
}

/// What can be done with a meeting.
fn links(id: &Id, lang: Lang, may_write: bool, is_held: bool) -> Markup {
    let at = |rest: &str| in_lang(&format!("{LIST}/{id}{rest}"), lang);
    let record = if is_held { format!("/genomfort/{id}") } else { format!("/inbokat/{id}") };
    html! {
        div.on-screen {
            @if may_write && is_held {
                p {
                    a.button href=(at("/nytt-beslut")) { (t::NEW_DECISION.of(lang)) }
                    a.button href=(at("/ny-prioritering")) { (t::NEW_PRIORITY.of(lang)) }
                }
            }
            p.downloads {
                a href=(in_lang(&record, lang)) { (t::RECORD.of(lang)) } " · "
                a href=(in_lang(LIST, lang)) { (t::ALL_OF_THEM.of(lang)) }
            }
        }
    }
}

/// `GET /moten/{id}/dagordning`
async fn agenda_page(call: Call<State>) -> Answer {
    let id = id_of(&call)?;
    let asked = Asked::read(&call, format!("{LIST}/{id}/dagordning"))?;
    let (as_of, lang) = (asked.as_of, asked.lang);
    let make = move |_: &_, book: &std::sync::Arc<Book>| {
        let agenda = agenda(book, &ledger(book, as_of), &id, as_of).ok_or_else(|| no_such("meeting", id.as_str()))?;
        Ok(paper(book, &agenda, lang))
    };
    respond(&call, asked, "agenda", make, |_| html! {}).await
}
