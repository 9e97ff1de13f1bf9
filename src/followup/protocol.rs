//! The protocol of a safety inventory or walk: who took part, what was found, what is to be done.

use std::collections::HashMap;

use jiff::civil::Date;

use super::bookings::open_bookings;
use super::overdue::{WaitingAction, is_open};
use super::{Book, Deed};
use crate::domain::{Action, Feeling, Id, Observation, local_date};

/// The kinds of activity that have points.
pub const INVENTORY_KINDS: [&str; 2] = ["safety_inventory", "safety_walk"];

/// Booked dates that a protocol shows.
const NEXT_DATES: usize = 3;

/// Whether an activity is an inventory or a walk.
pub fn is_inventory(deed: &Deed) -> bool {
    INVENTORY_KINDS.contains(&&*deed.kind)
}

/// An inventory or walk in a list.
#[derive(Clone, Debug)]
pub struct InventoryLine<'a> {
    /// The activity.
    pub deed: &'a Deed,
    /// Its points.
    pub points: usize,
    /// Actions about it or one of its points.
    pub actions: usize,
    /// Of them, still to be done.
    pub open: usize,
    /// Of them, overdue.
    pub overdue: usize,
}

/// Inventories and walks until a day, the newest first. `points_of` gives the ids of the points of one.
pub fn inventories<'a>(book: &'a Book, points_of: impl Fn(&Id) -> &'a [Id], as_of: Date) -> Vec<InventoryLine<'a>> {
    let held = book.deeds.iter().rev().filter(|deed| is_inventory(deed) && deed.day <= as_of);
    let mut by_about: HashMap<&Id, Vec<&Action>> = HashMap::new();
    for action in &book.actions {
        if let Some(about) = &action.about {
            by_about.entry(about).or_default().push(action);
        }
    }
    let line = |deed: &'a Deed| {
        let points = points_of(&deed.id);
        let about = std::iter::once(&deed.id).chain(points);
        let actions: Vec<&Action> = about.filter_map(|id| by_about.get(id)).flatten().copied().collect();
        let waiting = actions.iter().filter_map(|action| WaitingAction::of(action, as_of));
        InventoryLine {
            deed,
            points: points.len(),
            open: actions.iter().filter(|action| is_open(action.status)).count(),
            overdue: waiting.filter(|waiting| waiting.days_overdue.is_some()).count(),
            actions: actions.len(),
        }
    };
    held.map(line).collect()
}

/// A point of an inventory, without its free text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The observation.
    pub id: Id,
    /// Its number in the protocol, from 1.
    pub number: usize,
    /// Code in the category table.
    pub category: String,
    /// Whether it feels safe or unsafe, when said.
    pub feeling: Option<Feeling>,
    /// Its local day, when it is another than that of the inventory.
    pub other_day: Option<Date>,
    /// Entry of the place register.
    pub place: Option<Id>,
    /// The area it is said to lie in, or the first it lies in by its position.
    pub area: Option<Id>,
    /// Whether it has a position.
    pub has_position: bool,
    /// Whether a picture of it is kept somewhere.
    pub has_photo: bool,
    /// Whether there is free text about it.
    pub has_text: bool,
}

/// An action of a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolAction {
    /// The action.
    pub action: Action,
    /// The number of its point; `None` when it is about the inventory as a whole.
    pub point: Option<usize>,
    /// How it waits; `None` when it is closed.
    pub waiting: Option<WaitingAction>,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// The inventory or walk.
    pub deed: Deed,
    /// The day it is made for.
    pub as_of: Date,
    /// Points by start and id.
    pub points: Vec<Point>,
    /// Actions about it and its points: by point, those about the whole last; then as the book has them.
    pub actions: Vec<ProtocolAction>,
    /// The next dates for inventories, walks and meetings from the day on that were open then.
    pub next_dates: Vec<(Date, crate::domain::Booking)>,
}

/// The protocol of an activity with its points. `None` when there is no such inventory or walk.
pub fn protocol(book: &Book, inventory: &Id, points: &[Observation], as_of: Date) -> Option<Protocol> {
    let deed = book.deeds.iter().find(|deed| deed.id == *inventory && is_inventory(deed))?.clone();
    let points: Vec<Point> =
        points.iter().zip(1..).map(|(point, number)| point_of(book, &deed, point, number)).collect();
    let numbers: HashMap<&Id, usize> = points.iter().map(|point| (&point.id, point.number)).collect();
    let mut actions: Vec<ProtocolAction> = Vec::new();
    for action in &book.actions {
        let Some(about) = &action.about else { continue };
        let point = numbers.get(about).copied();
        if point.is_some() || *about == deed.id {
            actions.push(ProtocolAction { action: action.clone(), point, waiting: WaitingAction::of(action, as_of) });
        }
    }
    actions.sort_by_key(|action| (action.point.is_none(), action.point));
    Some(Protocol { next_dates: next_dates(book, as_of), deed, as_of, points, actions })
}

/// The next dates of inventories, walks and meetings.
fn next_dates(book: &Book, as_of: Date) -> Vec<(Date, crate::domain::Booking)> {
    let is_wanted = |kind: &str| INVENTORY_KINDS.contains(&kind) || kind == super::week::MEETING_KIND;
    let ahead = open_bookings(book, as_of).into_iter().filter(|booking| is_wanted(&booking.kind));
    let dated = ahead.map(|booking| (local_date(booking.when.start_s(), &book.zone), booking.clone()));
    dated.filter(|(day, _)| *day >= as_of).take(NEXT_DATES).collect()
}

fn point_of(book: &Book, deed: &Deed, point: &Observation, number: usize) -> Point {
    let at = point.location.shape.as_ref().and_then(crate::domain::Shape::representative_point);
    let by_position = at.and_then(|at| book.areas.membership(at).inside.first().copied());
    let by_position = by_position.map(|index| book.areas.area(index).id.clone());
    let day = local_date(point.when.start_s(), &book.zone);
    Point {
        id: point.id.clone(),
        number,
        category: point.category.clone(),
        feeling: point.feeling,
        other_day: Some(day).filter(|day| *day != deed.day),
        place: point.location.place.clone(),
        area: point.location.area.clone().or(by_position),
        has_position: at.is_some(),
        has_photo: point.photo.is_some(),
        has_text: point.text.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ActionStatus, Location, LonLat, Shape};
    use crate::followup::test_book::{action, activity, book, booking, day, id, noon};

    fn point(id_text: &str, lon: Option<f64>, area: Option<&str>) -> Observation {
        Observation {
            id: id(id_text),
            category: "lighting".into(),
            feeling: Some(Feeling::Unsafe),
            when: noon("2026-10-01"),
            location: Location {
                shape: lon.map(|lon| Shape::Point(LonLat::new(lon, 57.65).expect("in range"))),
                area: area.map(id),
                ..Location::default()
            },
            source: None,
            severity: None,
            inventory: Some(id("inv")),
            photo: Some("IMG_1.jpg".into()),
            reporter_key: None,
            text: None,
            kept: Vec::new(),
        }
    }

    fn about(id_text: &str, about: &str) -> Action {
        Action { about: Some(id(about)), ..action(id_text, "Kommunen") }
    }

    fn made() -> Book {
        let made = book()
            .activities([
                activity("inv", "safety_inventory", "2026-10-01", "police:Polisen"),
                activity("walk", "safety_walk", "2026-10-05", ""),
                activity("later", "safety_walk", "2026-12-05", ""),
                activity("other", "presence", "2026-10-06", ""),
            ])
            .actions([
                about("whole", "inv"),
                Action { due: Some(day("2026-10-10")), ..about("late", "p2") },
                Action { status: ActionStatus::Done, ..about("done", "p1") },
                about("foreign", "elsewhere"),
            ])
            .bookings([
                booking("gone", "safety_walk", "2026-11-01"),
                booking("next", "safety_inventory", "2026-11-23"),
                crate::domain::Booking {
                    booked_on: day("2026-11-24"),
                    ..booking("unknown", "safety_walk", "2026-11-25")
                },
                booking("traffic", "traffic_check", "2026-11-24"),
                booking("meeting", "collaboration_meeting", "2026-12-01"),
            ]);
        made.build()
    }

    #[test]
    fn a_protocol_has_its_points_and_the_actions_about_them_and_the_whole() {
        let points = [point("p1", Some(14.65), None), point("p2", None, Some("east")), point("p3", None, None)];
        let protocol = protocol(&made(), &id("inv"), &points, day("2026-11-23")).expect("an inventory");
        let short: Vec<_> = protocol
            .points
            .iter()
            .map(|p| (p.number, p.area.as_ref().map(Id::as_str), p.has_position, p.has_photo))
            .collect();
        assert_eq!(short, [(1, Some("west"), true, true), (2, Some("east"), false, true), (3, None, false, true)]);
        let actions: Vec<_> =
            protocol.actions.iter().map(|a| (a.action.id.as_str(), a.point, a.waiting.is_some())).collect();
        assert_eq!(actions, [("done", Some(1), false), ("late", Some(2), true), ("whole", None, true)]);
        // From the day on: the date of the day itself is still ahead, a traffic check is none of these.
        let dates: Vec<_> = protocol.next_dates.iter().map(|(_, booking)| booking.id.as_str()).collect();
        assert_eq!(dates, ["next", "meeting"]);
        assert!(super::protocol(&made(), &id("other"), &[], day("2026-11-23")).is_none(), "presence has no protocol");
    }

    #[test]
    fn inventories_are_listed_newest_first_with_what_waits() {
        let (book, ids) = (made(), vec![id("p1"), id("p2")]);
        let points_of = |inventory: &Id| if inventory.as_str() == "inv" { ids.as_slice() } else { &[] };
        let lines = inventories(&book, points_of, day("2026-11-23"));
        let short: Vec<_> = lines
            .iter()
            .map(|line| {
                (line.deed.id.as_str(), line.points, line.actions, line.open, line.overdue, line.deed.actors.len())
            })
            .collect();
        assert_eq!(short, [("walk", 0, 0, 0, 0, 0), ("inv", 2, 3, 2, 1, 1)]);
    }
}
