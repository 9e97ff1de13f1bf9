//! What parties say about commitments.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, date, id, properties};
use crate::domain::{Comment, Record};

pub(super) fn write(comment: &Comment) -> Parts {
    let members = properties([
        ("promise", id(Some(&comment.promise))),
        ("commitment", id(Some(&comment.commitment))),
        ("party", id(Some(&comment.party))),
        ("text", comment.text.clone().into()),
        ("said_on", date(Some(comment.on))),
    ]);
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let promise = reading.reference("promise");
    let commitment = reading.reference("commitment");
    let party = reading.reference("party");
    let text = reading.text("text");
    let on = reading.date("said_on");
    Some(Record::Comment(Comment {
        id: id?,
        promise: promise?,
        commitment: commitment?,
        party: party?,
        text: text?,
        on: on?,
    }))
}
