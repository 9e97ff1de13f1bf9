//! The week page as JSON, whole: nothing is cut.

use serde_json::{Value, json};

use crate::domain::{Action, Names, Period};
use crate::followup::overdue::WaitingAction;
use crate::followup::week::{BackBegins, PlaceNews, TermCount, WeekPage, week_name};

/// The page of a week:
///
/// `{week, first, last, as_of, looking_back: {first, last, days, begins, last_meeting}, new: {set, areas: [{id, names,
/// observations, ...}], rest, without_position, total, last_days}, actions: [{owner, open, overdue, actions}],
/// repeated_places: {rule, places}, decisions, priorities, dates, promises: {lines, without_number, older_promises}, reports: {week, reported, of,
/// organisations: [{organisation, n}], missing}}`. `n` null is silence, 0 is "nothing to report". `done` and `target`
/// of a promise are null where a level is to be raised instead.
pub fn json(page: &WeekPage) -> Value {
    let news = &page.news;
    let meeting = page.back.last_meeting.as_ref();
    let areas = news.areas.iter().map(|(id, names, place)| {
        let mut value = place_json(place);
        value["id"] = id.as_str().into();
        value["names"] = names_json(names);
        value
    });
    let owners = page.owners.iter().map(|owner| {
        json!({
            "owner": owner.owner,
            "open": owner.open,
            "overdue": owner.overdue,
            "actions": owner.actions.iter().map(|waiting| action_json(&waiting.action, Some(waiting))).collect::<Value>(),
        })
    });
    let decisions = page.decisions.iter().map(|decision| {
        let mut value = action_json(&decision.action, decision.waiting.as_ref());
        value["meeting"] = json!({"id": decision.meeting.id.as_str(), "day": decision.meeting.day.to_string()});
        value
    });
    let repeated = &page.repeated;
    let places = repeated.found.places.iter().zip(&repeated.open_actions).map(|(place, open)| {
        json!({
            "name": place.name,
            "coordinates": [place.centre.lon(), place.centre.lat()],
            "n": place.n,
            "first": place.first.to_string(),
            "last": place.last.to_string(),
            "observations": place.ids,
            "open_actions": open,
        })
    });
    let priorities = page.priorities.iter().map(|priority| {
        json!({
            "id": priority.id.as_str(),
            "rank": priority.rank,
            "text": priority.text,
            "area": priority.area.as_ref().map(|area| area.as_str()),
            "owner_organisation": priority.owner_organisation,
            "decided_on": priority.decided_on.to_string(),
        })
    });
    let dates = page.dates.iter().map(|date| {
        json!({
            "id": date.booking.id.as_str(),
            "day": date.day.to_string(),
            "kind": date.booking.kind,
            "title": date.booking.title,
            "area": date.booking.area.as_ref().map(|area| area.as_str()),
            "activity": date.booking.activity.as_ref().map(|activity| activity.as_str()),
        })
    });
    let promises = page.promises.lines.iter().map(|line| {
        json!({
            "document": line.document.as_str(),
            "commitment": line.commitment.as_str(),
            "names": names_json(&line.names),
            "first": line.period.start().to_string(),
            "last": line.period.last_day().to_string(),
            "done": line.number.map(|number| number.done),
            "target": line.number.map(|number| number.target),
            "pace": line.number.and_then(|number| number.pace),
            "status": line.status.code(),
        })
    });
    let organisations = page.reports.organisations.iter().map(|organisation| {
        json!({"organisation": organisation.organisation, "n": organisation.n, "is_party": organisation.is_party})
    });
    json!({
        "week": week_name(&page.week),
        "first": page.week.start().to_string(),
        "last": page.week.last_day().to_string(),
        "as_of": page.as_of.to_string(),
        "is_empty_file": page.is_empty_file,
        "looking_back": {
            "first": page.back.period.start().to_string(),
            "last": page.back.period.last_day().to_string(),
            "days": page.back.period.days(),
            "begins": begins(page.back.begins),
            "last_meeting": meeting.map(|m| json!({"id": m.id.as_str(), "day": m.day.to_string()})),
        },
        "new": {
            "set": news.set,
            "last_days": days_json(&news.last_days),
            "areas": areas.collect::<Value>(),
            "rest": place_json(&news.rest),
            "without_position": place_json(&news.without_position),
            "total": place_json(&news.total),
        },
        "repeated_places": {
            "rule": {
                "least": repeated.params.least,
                "radius_m": repeated.params.radius_m,
                "days": repeated.params.days,
                "coarsest_m": repeated.params.coarsest_m,
            },
            "first": repeated.found.period.start().to_string(),
            "last": repeated.found.period.last_day().to_string(),
            "places": places.collect::<Value>(),
        },
        "actions": owners.collect::<Value>(),
        "decisions": decisions.collect::<Value>(),
        "priorities": priorities.collect::<Value>(),
        "dates": dates.collect::<Value>(),
        "promises": {
            "lines": promises.collect::<Value>(),
            "without_number": page.promises.without_number,
            "older_promises": page.promises.older_promises,
        },
        "reports": {
            "week": week_name(&page.reports.week),
            "reported": page.reports.reported(),
            "of": page.reports.organisations.len(),
            "organisations": organisations.collect::<Value>(),
            "missing": page.reports.missing().collect::<Value>(),
        },
    })
}

fn begins(begins: BackBegins) -> &'static str {
    match begins {
        BackBegins::WeekOfLastMeeting => "week_of_last_meeting",
        BackBegins::MostDaysBack => "most_days_back",
        BackBegins::NoMeeting => "no_meeting",
    }
}

fn names_json(names: &Names) -> Value {
    json!({"sv": names.sv, "en": names.en})
}

fn days_json(period: &Period) -> Value {
    json!({"first": period.start().to_string(), "last": period.last_day().to_string()})
}

fn place_json(place: &PlaceNews) -> Value {
    let terms = |counts: &[TermCount]| -> Value {
        counts.iter().map(|count| json!({"code": count.term.code, "n": count.n})).collect()
    };
    json!({
        "observations": place.observations,
        "observations_last_days": place.observations_last_days,
        "categories": terms(&place.categories),
        "activities": place.activities,
        "kinds": terms(&place.kinds),
    })
}

/// An action with how it waits.
pub(in crate::wire::followup) fn action_json(action: &Action, waiting: Option<&WaitingAction>) -> Value {
    json!({
        "id": action.id.as_str(),
        "text": action.text,
        "owner_organisation": action.owner_organisation,
        "about": action.about.as_ref().map(|about| about.as_str()),
        "area": action.area.as_ref().map(|area| area.as_str()),
        "due": action.due.map(|day| day.to_string()),
        "status": action.status.code(),
        "why_not": action.why_not,
        "recheck": action.recheck.map(|day| day.to_string()),
        "days_overdue": waiting.and_then(|waiting| waiting.days_overdue),
        "recheck_days": waiting.and_then(|waiting| waiting.recheck_days),
    })
}
