//! How the actions stand on a day: open, overdue, done, not done and why.
//!
//! Actions carry no history here: their status is that of the book. Only what is overdue depends on the day.

use std::collections::HashMap;

use jiff::civil::Date;

use super::Book;
use super::overdue::is_open;
use crate::domain::{Action, ActionStatus, Filter};
use crate::spatial::{AreaIndex, Query, Snapshot};

/// Actions, each list by due day (none last) and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tasks {
    /// Not begun, planned or under way, the overdue among them.
    pub open: Vec<Action>,
    /// Open, and due before the day.
    pub overdue: Vec<Action>,
    /// Done.
    pub done: usize,
    /// They will not be done; each says why.
    pub not_done: Vec<Action>,
}

impl Tasks {
    /// All of them.
    pub fn total(&self) -> usize {
        self.open.len() + self.done + self.not_done.len()
    }
}

/// Whether it should have been done before a day. On the due day itself it is not late.
pub fn is_overdue(action: &Action, as_of: Date) -> bool {
    is_open(action.status) && action.due.is_some_and(|due| due < as_of)
}

/// The areas of every action, in the order of the book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Homes(Vec<Vec<AreaIndex>>);

/// An action lies in the area it names, otherwise in those of the observation, inventory or meeting it is about; with
/// neither it lies in none. Cost: one pass over activities and observations when an action names no area.
pub fn homes(snapshot: &Snapshot, book: &Book) -> Homes {
    let mut wanted: HashMap<&str, Vec<AreaIndex>> = HashMap::new();
    for action in book.actions.iter().filter(|action| action.area.is_none()) {
        wanted.extend(action.about.as_ref().map(|about| (about.as_str(), Vec::new())));
    }
    if !wanted.is_empty() {
        Query::new(&Filter::default(), snapshot).scan(|columns, row, _| {
            if let Some(areas) = wanted.get_mut(columns.id(row)) {
                areas.clone_from(&snapshot.memberships().list()[columns.membership[row] as usize].inside);
            }
        });
        // An activity with the id of an observation is what an inventory or a meeting is called by.
        for deed in &book.deeds {
            if let Some(areas) = wanted.get_mut(deed.id.as_str()) {
                areas.clone_from(&deed.membership.inside);
            }
        }
    }
    let home = |action: &Action| match (&action.area, &action.about) {
        (Some(area), _) => book.areas.find(area).into_iter().collect(),
        (None, Some(about)) => wanted.get(about.as_str()).cloned().unwrap_or_default(),
        (None, None) => Vec::new(),
    };
    Homes(book.actions.iter().map(home).collect())
}

/// The actions whose areas `belongs` accepts.
pub fn tasks(book: &Book, homes: &Homes, as_of: Date, belongs: impl Fn(&[AreaIndex]) -> bool) -> Tasks {
    let mut tasks = Tasks::default();
    for (action, areas) in book.actions.iter().zip(&homes.0) {
        if !belongs(areas) {
            continue;
        }
        match action.status {
            ActionStatus::Done => tasks.done += 1,
            ActionStatus::NotDone => tasks.not_done.push(action.clone()),
            ActionStatus::NotStarted | ActionStatus::Planned | ActionStatus::Started => {
                if is_overdue(action, as_of) {
                    tasks.overdue.push(action.clone());
                }
                tasks.open.push(action.clone());
            }
        }
    }
    tasks
}
