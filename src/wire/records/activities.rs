//! Activities.

use serde_json::Value;

use super::reading::Reading;
use super::writing::Parts;
use super::{Shown, actors, geometry, located};
use crate::domain::{Activity, Record};

pub(super) fn write(record: &Activity, shown: &Shown) -> Parts {
    let texts = [("text", &record.text), ("result", &record.result)];
    let mut members = located::write(record.when, &record.location, &record.kept, &texts, shown);
    members.insert("kind".into(), record.kind.clone().into());
    members.insert("actors".into(), actors::write(&record.actors));
    members.insert("mode".into(), record.mode.clone().into());
    members.insert("minutes".into(), record.minutes.map_or(Value::Null, located::number));
    members.insert("operation_id".into(), record.operation_id.clone().into());
    members.insert("intelligence_led".into(), record.intelligence_led.into());
    (geometry::of_shape(record.location.shape.as_ref()), members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let kind = reading.term("kind", &reading.context.vocabulary.kinds);
    let when = located::when(reading);
    let location = located::location(reading, false);
    let actors = actors::read(reading);
    let mode = reading.text("mode");
    let minutes = reading.number("minutes");
    let result = reading.text("result");
    let operation_id = reading.text("operation_id");
    let intelligence_led = reading.flag("intelligence_led");
    let text = reading.text("text");
    let kept = located::kept(reading);
    Some(Record::Activity(Activity {
        id: id?,
        kind: kind?,
        when: when?,
        location,
        actors,
        mode,
        minutes,
        result,
        operation_id,
        intelligence_led,
        text,
        kept,
    }))
}
