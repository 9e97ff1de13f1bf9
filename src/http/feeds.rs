//! Feeds for people of the service: `/lofte.atom` and `/kalender.ics`. Readers of feeds send their key in the address.

use jiff::ToSpan;

use super::State;
use super::problem::Problem;
use super::records::of_store;
use super::route::{Access, Answer, Call, Param, Route};
use super::state::{Form, computed};
use crate::domain::{Action, Booking, Collection, Id, Role, local_date};
use crate::store::Store;
use crate::text::lang::Lang;
use crate::wire::followup::feeds::{DAYS_BACK, Revised, atom, calendar};

const READ: Access = Access::Role(Role::Reader);
const LANG: Param = Param::query("lang", "language of the feed", "sv (default) or en");

pub(super) fn routes() -> Vec<Route<State>> {
    vec![
        Route::get("/lofte.atom", READ, "Changes of status of the last 90 days, as Atom", vec![LANG], changes),
        Route::get("/kalender.ics", READ, "Meetings and due dates, as iCalendar", vec![LANG], dates),
    ]
}

fn lang_of(call: &Call<State>) -> Result<Lang, Problem> {
    match call.pairs.one(LANG.name)? {
        None => Ok(Lang::default()),
        Some(code) => Lang::from_code(code).ok_or_else(|| Problem::InvalidParameter {
            parameter: LANG.name.to_string(),
            value: code.to_string(),
            reason: "it is no language of these feeds".to_string(),
            accepted: LANG.accepted.to_string(),
        }),
    }
}

async fn changes(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let snapshot = call.state.store.snapshot();
    let today = call.state.today(&snapshot);
    let (store, books) = (call.state.store.clone(), call.state.books.clone());
    let form = Form { media_type: "application/atom+xml; charset=utf-8", language: lang.code() };
    computed(&call, snapshot, format!("atom {today}"), form, move |snapshot| {
        let book = books.at(&store, snapshot)?;
        Ok(atom(&book, today, lang, "").into_bytes())
    })
    .await
}

async fn dates(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let snapshot = call.state.store.snapshot();
    let today = call.state.today(&snapshot);
    let (store, books) = (call.state.store.clone(), call.state.books.clone());
    let form = Form { media_type: "text/calendar; charset=utf-8", language: lang.code() };
    computed(&call, snapshot, format!("calendar {today}"), form, move |snapshot| {
        let book = books.at(&store, snapshot)?;
        let first = today.saturating_sub(DAYS_BACK.days());
        let is_recent = |booking: &&Booking| local_date(booking.when.end_s(), &book.zone) >= first;
        let bookings: Vec<(Booking, Revised)> = book
            .bookings
            .iter()
            .filter(is_recent)
            .map(|booking| Ok((booking.clone(), revised(&store, Collection::Bookings, &booking.id)?)))
            .collect::<Result<_, Problem>>()?;
        let is_dated = |action: &&Action| action.due.max(action.recheck).is_some_and(|day| day >= first);
        let actions: Vec<(Action, Revised)> = book
            .actions
            .iter()
            .filter(is_dated)
            .map(|action| Ok((action.clone(), revised(&store, Collection::Actions, &action.id)?)))
            .collect::<Result<_, Problem>>()?;
        Ok(calendar(&book, &bookings, &actions, lang).into_bytes())
    })
    .await
}

fn revised(store: &Store, collection: Collection, id: &Id) -> Result<Revised, Problem> {
    let versions = store.versions(collection, id).map_err(of_store)?;
    let times = u32::try_from(versions.len().saturating_sub(1)).unwrap_or(u32::MAX);
    Ok(Revised { times, at: versions.last().map(|version| version.at).unwrap_or_default() })
}
