//! Bookings.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{self, Parts, date, id, properties};
use super::{Shown, actors, located};
use crate::domain::{Booking, INVITATION_KINDS, Record};

pub(super) fn write(booking: &Booking, shown: &Shown) -> Parts {
    let mut members = properties([
        ("kind", booking.kind.clone().into()),
        ("title", booking.title.clone().into()),
        ("area", id(booking.area.as_ref())),
        ("actors", actors::write(&booking.actors)),
        ("booked_on", date(Some(booking.booked_on))),
        ("cancelled", booking.cancelled.into()),
        ("activity", id(booking.activity.as_ref())),
        ("invitation", booking.invitation.into()),
    ]);
    members.extend(writing::when(booking.when, &shown.zone).map(|(name, value)| (name.to_string(), value)));
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let kind = reading.term("kind", &reading.context.vocabulary.kinds);
    let when = located::when(reading);
    let title = reading.text("title");
    let area = reading.area();
    let actors = actors::read(reading);
    let booked_on = reading.date("booked_on");
    let cancelled = reading.flag("cancelled").unwrap_or(false);
    let activity = reading.reference("activity");
    let invitation = reading.flag("invitation").unwrap_or(false);
    if let Some(Err(refused)) = kind.as_deref().map(|kind| Booking::check_invitation(kind, invitation)) {
        reading.report(
            "invitation",
            &refused.to_string(),
            format!("false, or a kind out of {}", INVITATION_KINDS.join(", ")),
        );
    }
    Some(Record::Booking(Booking {
        id: id?,
        kind: kind?,
        when: when?,
        area,
        actors,
        title,
        booked_on: booked_on?,
        cancelled,
        activity,
        invitation,
    }))
}
