//! Dates that are set and of which nothing has come yet.

use std::collections::HashSet;

use jiff::civil::Date;

use super::Book;
use crate::domain::{Booking, Id, Period};

/// The bookings that were open on a day, by start: made by then, not called off, and without an activity by then.
/// What came of a booking closes it from its day on, and no longer when it was taken back.
pub fn open_bookings(book: &Book, as_of: Date) -> Vec<&Booking> {
    let until = Period::spanning(Date::MIN, as_of);
    let named: HashSet<&Id> = book.bookings.iter().filter_map(|booking| booking.activity.as_ref()).collect();
    let mut kinds: HashSet<&str> = book.bookings.iter().map(|booking| booking.kind.as_str()).collect();
    if named.is_empty() {
        // Every commitment asks, and mostly no booking names an activity: then none need be looked for.
        kinds.clear();
    }
    let deeds = until.iter().flat_map(|until| kinds.iter().flat_map(move |kind| book.deeds_of(kind, until)));
    let done: HashSet<&Id> = deeds.map(|deed| &deed.id).filter(|id| named.contains(id)).collect();
    let is_open = |booking: &&Booking| {
        !booking.cancelled
            && booking.booked_on <= as_of
            && !booking.activity.as_ref().is_some_and(|activity| done.contains(activity))
    };
    book.bookings.iter().filter(is_open).collect()
}
