//! Observations.

use serde_json::Value;

use super::reading::Reading;
use super::writing::Parts;
use super::{Shown, geometry, located, writing};
use crate::domain::{Feeling, Observation, Record, Source};

pub(super) fn write(record: &Observation, shown: &Shown) -> Parts {
    let texts = [("text", &record.text), ("photo", &record.photo), ("reporter_key", &record.reporter_key)];
    let mut members = located::write(record.when, &record.location, &record.kept, &texts, shown);
    members.insert("category".into(), record.category.clone().into());
    members.insert("feeling".into(), record.feeling.map_or(Value::Null, |f| f.code().into()));
    members.insert("source".into(), record.source.map_or(Value::Null, |s| s.code().into()));
    members.insert("severity".into(), record.severity.into());
    members.insert("inventory".into(), writing::id(record.inventory.as_ref()));
    (geometry::of_shape(record.location.shape.as_ref()), members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let category = reading.term("category", &reading.context.vocabulary.categories);
    let feeling = reading.word("feeling", Feeling::from_code);
    let when = located::when(reading);
    let location = located::location(reading, true);
    let source = reading.word("source", Source::from_code);
    let severity = reading.whole("severity").and_then(|n| u8::try_from(n).ok());
    let inventory = reading.reference("inventory");
    let photo = reading.text("photo");
    let text = reading.text("text");
    let reporter_key = reading.key("reporter_key");
    let kept = located::kept(reading);
    Some(Record::Observation(Observation {
        id: id?,
        category: category?,
        feeling,
        when: when?,
        location,
        source,
        severity,
        inventory,
        photo,
        text,
        reporter_key,
        kept,
    }))
}
