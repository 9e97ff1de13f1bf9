//! Forms of a meeting: a decision becomes an action about it, and what comes first becomes a priority of a week.

use maud::html;
use serde_json::{Value, json};

use super::texts as t;
use super::{LIST, id_of, meeting_of};
use crate::domain::{Collection, Id, Period};
use crate::followup::agenda::MeetingDate;
use crate::followup::week::{week_name, week_of};
use crate::http::State;
use crate::http::page::records::filled::Fields;
use crate::http::page::records::send::{Refused, keep_all, retry_key};
use crate::http::page::records::{lang_of, pairs_of};
use crate::http::page::see_other;
use crate::http::page::small_form::{Field, Input, SmallForm, areas, no_such, sent, told, value};
use crate::http::problem::Problem;
use crate::http::records::{blocking, new_id, who};
use crate::http::route::{Answer, Call};
use crate::store::{Expect, Operation};
use crate::text::lang::{Lang, Text};
use crate::wire::followup::say::{href, week_path};
use crate::wire::records::{BadMember, Context, from_feature};

const DECISION: [&str; 5] = ["text", "owner_organisation", "due", "recheck", "area"];
const PRIORITY: [&str; 4] = ["week", "text", "owner_organisation", "area"];

/// Why a form is shown again: problems of members, or of the whole.
type Bad = (Vec<BadMember>, Option<Text>);

/// The meeting, which must have been held: decisions belong to what took place.
async fn held(call: &Call<State>) -> Result<MeetingDate, Problem> {
    let id = id_of(call)?;
    let meeting = meeting_of(call, &id, call.state.today(&call.state.store.snapshot())).await?;
    if meeting.is_held { Ok(meeting) } else { Err(no_such("meeting that was held", id.as_str())) }
}

/// Reads a record and keeps it.
async fn keep(
    call: &Call<State>,
    what: &str,
    fields: &Fields,
    collection: Collection,
    feature: Value,
) -> Result<Result<(), Bad>, Problem> {
    let retry = retry_key(what, fields)?;
    let (store, actor) = (call.state.store.clone(), who::actor(call));
    blocking(move || {
        let snapshot = store.snapshot();
        let areas = snapshot.areas().areas();
        let context = Context::new(snapshot.zone(), areas, snapshot.places(), snapshot.vocabulary());
        let record = match from_feature(collection, &feature, &context) {
            Err(bad) => return Ok(Err((bad, None))),
            Ok(record) => record,
        };
        match keep_all(&store, &actor, vec![Operation::Put { record, expect: Expect::New }], retry)? {
            Ok(_) => Ok(Ok(())),
            Err(Refused::Members(bad)) => Ok(Err((bad, None))),
            Err(Refused::Whole(text)) => Ok(Err((Vec::new(), Some(text)))),
        }
    })
    .await
}

/// `GET /moten/{id}/nytt-beslut`
pub(super) async fn decision_form(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let meeting = held(&call).await?;
    decision_page(&call, lang, &meeting, &Fields::new(), (Vec::new(), None))
}

/// `POST /moten/{id}/nytt-beslut`
pub(super) async fn keep_decision(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let meeting = held(&call).await?;
    let fields = sent(&pairs_of(&call)?, &DECISION);
    let id = new_id()?;
    let feature = json!({"type": "Feature", "id": id.as_str(), "geometry": null, "properties": {
        "text": value(&fields, "text"),
        "owner_organisation": value(&fields, "owner_organisation"),
        "status": "not_started",
        "due": value(&fields, "due"),
        "recheck": value(&fields, "recheck"),
        "area": value(&fields, "area"),
        "about": meeting.id.as_str(),
    }});
    match keep(&call, &format!("decision/{}", meeting.id), &fields, Collection::Actions, feature).await? {
        Ok(()) => see_other(&href(&format!("{LIST}/{}", meeting.id), lang)),
        Err(bad) => decision_page(&call, lang, &meeting, &fields, bad),
    }
}

fn field(name: &'static str, label: Text, hint: Option<Text>, required: bool, input: Input) -> Field {
    Field { name, label, hint, required, input }
}

/// The organisations that took part, as suggestions for an owner.
fn organisations(meeting: &MeetingDate) -> Vec<String> {
    meeting.actors.iter().filter_map(|actor| actor.organisation.clone()).collect()
}

fn decision_page(
    call: &Call<State>,
    lang: Lang,
    meeting: &MeetingDate,
    fields: &Fields,
    (bad, problem): Bad,
) -> Answer {
    let snapshot = call.state.store.snapshot();
    let of_decision = vec![
        field("text", t::WHAT, Some(t::WHAT_HINT), true, Input::Text),
        field("owner_organisation", t::OWNER, None, true, Input::Line(organisations(meeting))),
        field("due", t::DUE, None, false, Input::Day),
        field("recheck", t::RECHECK, None, false, Input::Day),
        field("area", t::AREA, None, false, Input::Choice(areas(&snapshot, lang))),
    ];
    SmallForm {
        lang,
        path: &format!("{LIST}/{}/nytt-beslut", meeting.id),
        back: &format!("{LIST}/{}", meeting.id),
        heading: t::DECISION_HEADING.with(lang, &[("day", &meeting.day.to_string())]),
        lead: html! { p { (t::DECISION_LEAD.of(lang)) } },
        parts: vec![(t::DECISION_PART, of_decision)],
        button: t::SAVE_DECISION,
        fields,
        wrong: told(&bad, lang, str::to_string),
        problem,
    }
    .page(call)
}

/// The weeks a priority may be for: that of the meeting and the two after.
fn weeks(meeting: &MeetingDate) -> [Period; 3] {
    [0, 7, 14].map(|days| week_of(meeting.day.saturating_add(jiff::Span::new().days(days))))
}

/// A meeting early in the week speaks of that week, a later one of the next.
fn likely_week(meeting: &MeetingDate) -> Period {
    let [own, next, _] = weeks(meeting);
    if meeting.day.weekday().to_monday_zero_offset() <= 1 { own } else { next }
}

/// `GET /moten/{id}/ny-prioritering`
pub(super) async fn priority_form(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let meeting = held(&call).await?;
    let mut fields = Fields::new();
    fields.insert("week".to_string(), week_name(&likely_week(&meeting)));
    priority_page(&call, lang, &meeting, &fields, (Vec::new(), None))
}

/// `POST /moten/{id}/ny-prioritering`
pub(super) async fn keep_priority(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let meeting = held(&call).await?;
    let fields = sent(&pairs_of(&call)?, &PRIORITY);
    let week = fields.get("week").and_then(|text| Period::parse(text).ok());
    let rank = next_rank(&call, week.as_ref()).await?;
    let id: Id = new_id()?;
    let feature = json!({"type": "Feature", "id": id.as_str(), "geometry": null, "properties": {
        "week": value(&fields, "week"),
        "rank": rank,
        "text": value(&fields, "text"),
        "owner_organisation": value(&fields, "owner_organisation"),
        "area": value(&fields, "area"),
        "decided_on": meeting.day.to_string(),
    }});
    match keep(&call, &format!("priority/{}", meeting.id), &fields, Collection::Priorities, feature).await? {
        Ok(()) => see_other(&href(&week.map_or_else(|| "/vecka".to_string(), |week| week_path(&week)), lang)),
        Err(bad) => priority_page(&call, lang, &meeting, &fields, bad),
    }
}

/// The place after the last of a week.
async fn next_rank(call: &Call<State>, week: Option<&Period>) -> Result<u32, Problem> {
    let (state, week) = (call.state.clone(), week.cloned());
    blocking(move || {
        let book = state.books.at(&state.store, &state.store.snapshot())?;
        let of_week = book.priorities.iter().filter(|priority| Some(&priority.week) == week.as_ref());
        Ok(of_week.map(|priority| priority.rank).max().unwrap_or(0).saturating_add(1))
    })
    .await
}

fn priority_page(
    call: &Call<State>,
    lang: Lang,
    meeting: &MeetingDate,
    fields: &Fields,
    (bad, problem): Bad,
) -> Answer {
    let snapshot = call.state.store.snapshot();
    let week = |week: &Period| (week_name(week), format!("{} ({week})", week_name(week)));
    let of_priority = vec![
        field("week", t::WEEK, None, true, Input::Choice(weeks(meeting).iter().map(week).collect())),
        field("text", t::PRIORITY_WHAT, Some(t::WHAT_HINT), true, Input::Text),
        field("owner_organisation", t::PRIORITY_OWNER, None, false, Input::Line(organisations(meeting))),
        field("area", t::AREA, None, false, Input::Choice(areas(&snapshot, lang))),
    ];
    SmallForm {
        lang,
        path: &format!("{LIST}/{}/ny-prioritering", meeting.id),
        back: &format!("{LIST}/{}", meeting.id),
        heading: t::PRIORITY_HEADING.of(lang).to_string(),
        lead: html! { p { (t::PRIORITY_LEAD.of(lang)) } },
        parts: vec![(t::PRIORITY_PART, of_priority)],
        button: t::SAVE_PRIORITY,
        fields,
        wrong: told(&bad, lang, str::to_string),
        problem,
    }
    .page(call)
}
