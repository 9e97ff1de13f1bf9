//! Actions.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, date, id, properties};
use crate::domain::{Action, ActionStatus, Record};

pub(super) fn write(action: &Action) -> Parts {
    let members = properties([
        ("about", id(action.about.as_ref())),
        ("text", action.text.clone().into()),
        ("owner_organisation", action.owner_organisation.clone().into()),
        ("due", date(action.due)),
        ("status", action.status.code().into()),
        ("why_not", action.why_not.clone().into()),
        ("recheck", date(action.recheck)),
        ("area", id(action.area.as_ref())),
    ]);
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let about = reading.reference("about");
    let text = reading.text("text");
    let owner_organisation = reading.text("owner_organisation");
    let due = reading.date("due");
    let status = reading.word("status", ActionStatus::from_code);
    let why_not = reading.text("why_not");
    match (status, &why_not) {
        (Some(ActionStatus::NotDone), None) if reading.value("why_not").is_none() => {
            reading.report("why_not", "is missing", "a reason, because status is not_done");
        }
        (Some(other), Some(_)) if other != ActionStatus::NotDone => {
            reading.report("why_not", "stands with another status than not_done", "null");
        }
        _ => {}
    }
    let recheck = reading.date("recheck");
    let area = reading.area();
    Some(Record::Action(Action {
        id: id?,
        about,
        text: text?,
        owner_organisation: owner_organisation?,
        due,
        status: status?,
        why_not,
        recheck,
        area,
    }))
}
