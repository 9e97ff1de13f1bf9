//! How the actions stand on a day: open, overdue, done, not done and why.
//!
//! Actions carry no history here: their status is that of the book. Only what is overdue depends on the day.

use std::collections::HashMap;

use jiff::civil::Date;

use super::Book;
use super::overdue::is_open;
use crate::domain::{Action, ActionStatus, Id};
use crate::spatial::AreaIndex;

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

/// The actions whose areas `belongs` accepts. An action lies in the area it names, otherwise in those of the
/// inventory or meeting it came from; with neither it lies in none.
pub fn tasks(book: &Book, as_of: Date, belongs: impl Fn(&[AreaIndex]) -> bool) -> Tasks {
    let mut tasks = Tasks::default();
    let about: HashMap<&Id, Option<&super::Deed>> = deeds_by_id(book);
    for action in &book.actions {
        let areas: Vec<AreaIndex> = match &action.area {
            Some(area) => book.areas.find(area).into_iter().collect(),
            None => {
                let deed = action.about.as_ref().and_then(|id| about.get(id).copied().flatten());
                deed.map_or_else(Vec::new, |deed| deed.membership.inside.clone())
            }
        };
        if !belongs(&areas) {
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

/// The activities that actions are about; the ids of observations are not among activities.
fn deeds_by_id(book: &Book) -> HashMap<&Id, Option<&super::Deed>> {
    let mut wanted: HashMap<&Id, Option<&super::Deed>> = HashMap::new();
    for action in book.actions.iter().filter(|action| action.area.is_none()) {
        if let Some(about) = &action.about {
            wanted.insert(about, None);
        }
    }
    if !wanted.is_empty() {
        for deed in &book.deeds {
            if let Some(place) = wanted.get_mut(&deed.id) {
                *place = Some(deed);
            }
        }
    }
    wanted
}
