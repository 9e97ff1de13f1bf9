//! What comes after meetings and inventories: points tied to their inventory, actions, bookings, priorities,
//! numbers reported by the month, comments.

use jiff::ToSpan;
use jiff::civil::Date;
use rand::RngExt;

use super::draw::{Purpose, day_number, one_of, stream};
use super::profile::BookedSpec;
use super::{Demo, clock, plus_days};
use crate::domain::{
    Action, ActionStatus, Activity, Booking, Comment, Feeling, Id, Observation, Participant, Period, Priority,
    ReportedCount, Source, When,
};

/// What depends on the last day of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FollowUp {
    /// Dates that are set.
    pub bookings: Vec<Booking>,
    /// For the week of the last day and the next.
    pub priorities: Vec<Priority>,
    /// For the three whole months before the last day.
    pub reported_counts: Vec<ReportedCount>,
    /// Two weeks before the last day.
    pub comments: Vec<Comment>,
}

/// Kinds of work that bring points.
const WITH_POINTS: [&str; 2] = ["safety_inventory", "safety_walk"];

/// Ties the points of a day to the inventory or walk of that day.
pub(super) fn tie_points(observations: &mut [Observation], activities: &[Activity]) {
    let walks: Vec<&Activity> = activities.iter().filter(|a| WITH_POINTS.contains(&a.kind.as_str())).collect();
    let points = observations.iter_mut().filter(|o| o.source == Some(Source::Inventory));
    for (n, point) in points.enumerate() {
        // On the rare day with two of them, the points are dealt out in turn.
        point.inventory = walks.get(n % walks.len().max(1)).map(|walk| walk.id.clone());
    }
}

/// The actions that follow from a day: one for each unsafe point, and what its meetings decided.
pub(super) fn actions(demo: &Demo, date: Date, observations: &[Observation], activities: &[Activity]) -> Vec<Action> {
    let spec = &demo.scene.profile.follow_up;
    let points = observations.iter().filter(|o| o.inventory.is_some() && o.feeling == Some(Feeling::Unsafe));
    let of_points = points.filter_map(|point| {
        let text = spec.measures.get(&point.category).or_else(|| spec.measures.get("other"))?;
        let area = activities.iter().find(|a| Some(&a.id) == point.inventory.as_ref())?.location.area.clone();
        Some((point.id.clone(), text.clone(), area))
    });
    let meetings = activities.iter().filter(|a| a.kind == spec.booked.kind);
    let of_meetings = meetings.flat_map(|meeting| {
        let texts = spec.decisions.iter().take(2);
        texts.map(|text| (meeting.id.clone(), text.clone(), None)).collect::<Vec<_>>()
    });
    let all = of_points.chain(of_meetings).enumerate();
    all.filter_map(|(n, (about, text, area))| action(demo, date, n, about, text, area)).collect()
}

fn action(demo: &Demo, date: Date, n: usize, about: Id, text: String, area: Option<Id>) -> Option<Action> {
    let spec = &demo.scene.profile.follow_up;
    let mut rng = stream(demo.plan.seed, Purpose::Action, day_number(date), n);
    let status = match rng.random::<f64>() {
        drawn if drawn < 0.76 => ActionStatus::Done,
        drawn if drawn < 0.84 => ActionStatus::NotDone,
        drawn if drawn < 0.90 => ActionStatus::Started,
        drawn if drawn < 0.95 => ActionStatus::Planned,
        _ => ActionStatus::NotStarted,
    };
    let due = plus_days(date, rng.random_range(30..=120));
    Some(Action {
        id: Id::new(&format!("atg{:08}-{:02}", day_number(date), n + 1)).ok()?,
        about: Some(about),
        text,
        owner_organisation: one_of(&spec.owners, &mut rng).clone(),
        due: Some(due),
        status,
        why_not: (status == ActionStatus::NotDone).then(|| one_of(&spec.why_not, &mut rng).clone()),
        recheck: (status == ActionStatus::Done).then(|| plus_days(due, 90)),
        area,
    })
}

pub(super) fn as_of(demo: &Demo) -> FollowUp {
    let spec = &demo.scene.profile.follow_up;
    let today = demo.plan.today;
    let set_on = plus_days(today, -20);
    let area = |id: &str| Id::new(id).ok();
    let book = |spec: &BookedSpec, id: &str, days: i32, hour: i8, actors: &str| {
        let start = clock::wall_time(workday(plus_days(today, days)), hour, 0, &demo.plan.zone);
        let when = When::interval(start.start_s(), start.start_s() + 5400, crate::domain::TimeCertainty::Interval);
        Some(Booking {
            id: Id::new(id).ok()?,
            kind: spec.kind.clone(),
            when: when.unwrap_or(start),
            area: spec.area.as_deref().and_then(area),
            actors: Participant::parse_list(actors),
            title: spec.title.clone(),
            booked_on: set_on,
            cancelled: false,
            activity: None,
            invitation: false,
        })
    };
    let bookings = [
        book(&spec.booked, "bokat-mote", 9, 10, "police:Polisen; municipality:Kommunen"),
        book(&spec.booked_check, "bokad-kontroll", 12, 10, "police:Polisen"),
    ];
    // Evenings, a week from each other.
    let invitations = (1..).zip(&spec.invitations).map(|(n, invited)| {
        let booking = book(invited, &format!("inbjudan-{n}"), 9 + 7 * n, 18, "municipality:Kommunen; police:Polisen");
        booking.map(|booking| Booking { invitation: true, ..booking })
    });
    let monday = plus_days(today, -i32::from(today.weekday().to_monday_zero_offset()));
    let weeks = [monday, plus_days(monday, 7)];
    let mut priorities = Vec::new();
    for (week, monday) in weeks.into_iter().enumerate() {
        for (rank, priority) in (1..).zip(&spec.priorities) {
            let id = Id::new(&format!("prio-{monday}-{rank}"));
            let (Ok(id), Some(days)) = (id, Period::new(monday, plus_days(monday, 7))) else { continue };
            // Next week's order is decided in this week's meeting, and it is shorter.
            if week == 0 || rank <= 2 {
                priorities.push(Priority {
                    id,
                    week: days,
                    rank,
                    area: area(&priority.area),
                    text: priority.text.clone(),
                    owner_organisation: spec.owners.first().cloned(),
                    decided_on: plus_days(monday, -7),
                });
            }
        }
    }
    let first_of_month = today.first_of_month();
    let reported_counts = (1..=3_i32).rev().filter_map(|back| {
        let period = Period::new(
            first_of_month.saturating_sub(back.months()),
            first_of_month.saturating_sub((back - 1).months()),
        )?;
        Some(ReportedCount {
            id: Id::new(&format!("antal-{}", period.start())).ok()?,
            organisation: spec.police.clone(),
            kind: spec.reported.kind.clone(),
            area: area(&spec.reported.area),
            n: spec.reported.n,
            intelligence_led: None,
            actors: Vec::new(),
            reported_by: spec.police.clone(),
            reported_on: period.end(),
            period,
        })
    });
    let comments = (1..).zip(&spec.comments).filter_map(|(n, comment)| {
        Some(Comment {
            id: Id::new(&format!("kommentar-{n}")).ok()?,
            promise: Id::new(&comment.promise).ok()?,
            commitment: Id::new(&comment.commitment).ok()?,
            party: Id::new(&comment.party).ok()?,
            text: comment.text.clone(),
            on: plus_days(today, -14),
        })
    });
    FollowUp {
        bookings: bookings.into_iter().chain(invitations).flatten().collect(),
        priorities,
        reported_counts: reported_counts.collect(),
        comments: comments.collect(),
    }
}

/// The day itself, or the Monday after a weekend.
fn workday(date: Date) -> Date {
    let offset = i32::from(date.weekday().to_monday_zero_offset());
    if offset >= 5 { plus_days(date, 7 - offset) } else { date }
}
