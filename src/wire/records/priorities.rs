//! What the weekly meeting puts first.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, date, id, properties, week};
use crate::domain::{Priority, Record};

pub(super) fn write(priority: &Priority) -> Parts {
    let members = properties([
        ("week", week(&priority.week)),
        ("rank", priority.rank.into()),
        ("area", id(priority.area.as_ref())),
        ("text", priority.text.clone().into()),
        ("owner_organisation", priority.owner_organisation.clone().into()),
        ("decided_on", date(Some(priority.decided_on))),
    ]);
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let week = reading.week("week");
    let rank = reading.whole("rank");
    let area = reading.area();
    let text = reading.text("text");
    let owner_organisation = reading.text("owner_organisation");
    let decided_on = reading.date("decided_on");
    Some(Record::Priority(Priority {
        id: id?,
        week: week?,
        rank: rank?,
        area,
        text: text?,
        owner_organisation,
        decided_on: decided_on?,
    }))
}
