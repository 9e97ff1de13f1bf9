//! The form for a point with its action: one button, one request, one revision.

use maud::html;
use serde_json::{Value, json};

use super::texts as t;
use super::{LIST, id_of, making};
use crate::domain::{Collection, Feeling, Id, Record};
use crate::followup::Deed;
use crate::followup::protocol::is_inventory;
use crate::http::State;
use crate::http::page::records::filled::Fields;
use crate::http::page::records::send::{Refused, keep_all, retry_key};
use crate::http::page::records::{lang_of, pairs_of};
use crate::http::page::see_other;
use crate::http::page::small_form::{Field, Input, SmallForm, areas, no_such, sent, terms, told, value};
use crate::http::problem::Problem;
use crate::http::records::{blocking, new_id, who};
use crate::http::route::{Answer, Call};
use crate::store::{Expect, Operation};
use crate::text::lang::{Lang, Text};
use crate::wire::followup::protocol::title;
use crate::wire::followup::say::href;
use crate::wire::records::{BadMember, Context, from_feature};

/// The fields of the form; those of the action begin with `action_`.
const FIELDS: [&str; 11] = [
    "category",
    "feeling",
    "place",
    "area",
    "start",
    "text",
    "photo",
    "action_text",
    "action_owner_organisation",
    "action_due",
    "action_recheck",
];

/// An inventory as its form needs it: its title, day and area, and the organisations that took part.
struct About {
    title: String,
    day: String,
    area: Option<String>,
    organisations: Vec<String>,
}

async fn about(call: &Call<State>, id: &Id, lang: Lang) -> Result<About, Problem> {
    let (state, id) = (call.state.clone(), id.clone());
    blocking(move || {
        let snapshot = state.store.snapshot();
        let book = state.books.at(&state.store, &snapshot)?;
        let deed: Option<&Deed> = book.deeds.iter().find(|deed| deed.id == id && is_inventory(deed));
        let deed = deed.ok_or_else(|| no_such("inventory", id.as_str()))?;
        let area = deed.membership.inside.first().map(|index| book.areas.area(*index).id.to_string());
        Ok(About {
            title: title(deed, making(&snapshot, &book, lang)),
            day: deed.day.to_string(),
            area,
            organisations: deed.actors.iter().filter_map(|actor| actor.organisation.clone()).collect(),
        })
    })
    .await
}

/// `GET /inventeringar/{id}/ny-punkt`
pub(super) async fn empty(call: Call<State>) -> Answer {
    let (lang, id) = (lang_of(&call)?, id_of(&call)?);
    let about = about(&call, &id, lang).await?;
    let mut fields = Fields::new();
    fields.insert("start".to_string(), about.day.clone());
    fields.extend(about.area.clone().map(|area| ("area".to_string(), area)));
    form(&call, lang, &id, &about, &fields, Vec::new(), None)
}

/// `POST /inventeringar/{id}/ny-punkt`
pub(super) async fn keep(call: Call<State>) -> Answer {
    let (lang, id) = (lang_of(&call)?, id_of(&call)?);
    let about = about(&call, &id, lang).await?;
    let fields = sent(&pairs_of(&call)?, &FIELDS);
    let retry = retry_key(&format!("point/{id}"), &fields)?;
    let point = new_id()?;
    let features = [Some(point_feature(&fields, &point, &id)), action_feature(&fields, &point)];
    let (store, actor) = (call.state.store.clone(), who::actor(&call));
    let kept = blocking(move || {
        let snapshot = store.snapshot();
        let areas = snapshot.areas().areas();
        let context = Context::new(snapshot.zone(), areas, snapshot.places(), snapshot.vocabulary());
        let (mut records, mut bad) = (Vec::new(), Vec::new());
        for (feature, (collection, prefix)) in
            features.into_iter().zip([(Collection::Observations, ""), (Collection::Actions, "action_")])
        {
            match feature.map(|feature| from_feature(collection, &feature, &context)) {
                None => {}
                Some(Ok(record)) => records.push(record),
                Some(Err(problems)) => bad.extend(problems.into_iter().map(|problem| (prefix, problem))),
            }
        }
        if !bad.is_empty() {
            return Ok(Err((bad, None)));
        }
        // The action lies where its point lies, as an import of a protocol has it.
        if let [Record::Observation(point), Record::Action(action)] = records.as_mut_slice() {
            action.area = point.location.area.clone();
        }
        let operations = records.into_iter().map(|record: Record| Operation::Put { record, expect: Expect::New });
        match keep_all(&store, &actor, operations.collect(), retry)? {
            Ok(_) => Ok(Ok(())),
            Err(Refused::Members(problems)) => Ok(Err((problems.into_iter().map(|p| ("", p)).collect(), None))),
            Err(Refused::Whole(text)) => Ok(Err((Vec::new(), Some(text)))),
        }
    })
    .await?;
    match kept {
        Ok(()) => see_other(&href(&format!("{LIST}/{id}"), lang)),
        Err((bad, problem)) => {
            let wrong = bad.iter().flat_map(|(prefix, problem): &(&str, BadMember)| {
                told(std::slice::from_ref(problem), lang, |member| format!("{prefix}{member}"))
            });
            form(&call, lang, &id, &about, &fields, wrong.collect(), problem)
        }
    }
}

fn point_feature(fields: &Fields, point: &Id, inventory: &Id) -> Value {
    // A place gives the area as well; an area that was chosen beforehand must not contradict it.
    let area = if fields.contains_key("place") { Value::Null } else { value(fields, "area") };
    json!({"type": "Feature", "id": point.as_str(), "geometry": null, "properties": {
        "category": value(fields, "category"),
        "feeling": value(fields, "feeling"),
        "start": value(fields, "start"),
        "source": "inventory",
        "place": value(fields, "place"),
        "area": area,
        "text": value(fields, "text"),
        "photo": value(fields, "photo"),
        "inventory": inventory.as_str(),
    }})
}

/// The action, when anything is said of it; it is named after its point, as an import names it.
fn action_feature(fields: &Fields, point: &Id) -> Option<Value> {
    let says = ["action_text", "action_owner_organisation", "action_due", "action_recheck"];
    if !says.iter().any(|name| fields.contains_key(*name)) {
        return None;
    }
    Some(json!({"type": "Feature", "id": format!("{point}-a"), "geometry": null, "properties": {
        "text": value(fields, "action_text"),
        "owner_organisation": value(fields, "action_owner_organisation"),
        "status": "not_started",
        "due": value(fields, "action_due"),
        "recheck": value(fields, "action_recheck"),
        "about": point.as_str(),
    }}))
}

fn form(
    call: &Call<State>,
    lang: Lang,
    id: &Id,
    about: &About,
    fields: &Fields,
    wrong: Vec<(String, String)>,
    problem: Option<Text>,
) -> Answer {
    let snapshot = call.state.store.snapshot();
    let field = |name, label, hint, required, input| Field { name, label, hint, required, input };
    let feelings = [(Feeling::Unsafe, t::UNSAFE), (Feeling::Safe, t::SAFE)];
    let feelings = feelings.map(|(feeling, text)| (feeling.code().to_string(), text.of(lang).to_string()));
    let places = snapshot.places().iter().map(|place| place.name.clone()).collect();
    let categories = terms(&snapshot.vocabulary().categories, lang);
    let point = vec![
        field("category", t::CATEGORY, None, true, Input::Choice(categories)),
        field("feeling", t::FEELING, None, false, Input::Radio(feelings.into())),
        field("place", t::PLACE, Some(t::PLACE_HINT), false, Input::Line(places)),
        field("area", t::AREA, None, false, Input::Choice(areas(&snapshot, lang))),
        field("start", t::START, None, true, Input::Day),
        field("text", t::TEXT, Some(t::TEXT_HINT), false, Input::Text),
        field("photo", t::PHOTO, Some(t::PHOTO_HINT), false, Input::Line(Vec::new())),
    ];
    let action = vec![
        field("action_text", t::WHAT, Some(t::WHAT_HINT), false, Input::Text),
        field("action_owner_organisation", t::OWNER, None, false, Input::Line(about.organisations.clone())),
        field("action_due", t::DUE, None, false, Input::Day),
        field("action_recheck", t::RECHECK, None, false, Input::Day),
    ];
    SmallForm {
        lang,
        path: &format!("{LIST}/{id}/ny-punkt"),
        back: &format!("{LIST}/{id}"),
        heading: t::HEADING.with(lang, &[("title", &about.title)]),
        lead: html! { p { (t::LEAD.of(lang)) } },
        parts: vec![(t::PART_POINT, point), (t::PART_ACTION, action)],
        button: t::SAVE,
        fields,
        wrong,
        problem,
    }
    .page(call)
}
