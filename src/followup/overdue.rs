//! Actions that wait: open and overdue ones and those to be looked at again, by the organisation that owns them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Book;
use crate::domain::{Action, ActionStatus, organisation_key};

/// What an owner organisation has before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerActions {
    /// The organisation, as its first action spells it.
    pub owner: String,
    /// Open actions whose due day is gone.
    pub overdue: usize,
    /// All open actions, the overdue ones included.
    pub open: usize,
    /// Overdue first (longest first), then by due day, those without a day last; closed ones that are to be looked
    /// at again come after the open ones.
    pub actions: Vec<WaitingAction>,
}

/// An action that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingAction {
    /// The action.
    pub action: Action,
    /// Whether it is still to be done.
    pub is_open: bool,
    /// Days since its due day, when it is open and that day is gone: 1 on the day after.
    pub days_overdue: Option<i64>,
    /// Days since it was to be looked at again: 0 on that day. `None` when no such day has come.
    pub recheck_days: Option<i64>,
}

/// Whether an action is still to be done.
pub fn is_open(status: ActionStatus) -> bool {
    match status {
        ActionStatus::NotStarted | ActionStatus::Planned | ActionStatus::Started => true,
        ActionStatus::Done | ActionStatus::NotDone => false,
    }
}

/// Days from one local day to a later one; negative when it is earlier.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

impl WaitingAction {
    /// The action on a day; `None` when it waits for nobody: closed, and not to be looked at (again) yet.
    pub fn of(action: &Action, as_of: Date) -> Option<Self> {
        let is_open = is_open(action.status);
        let days_overdue = action.due.map(|due| days_between(due, as_of)).filter(|days| is_open && *days > 0);
        let recheck_days = action.recheck.map(|day| days_between(day, as_of)).filter(|days| *days >= 0);
        (is_open || recheck_days.is_some()).then(|| Self {
            action: action.clone(),
            is_open,
            days_overdue,
            recheck_days,
        })
    }
}

/// All waiting actions on a day by owner: owners with the most overdue first, then by name. One pass and a sort.
///
/// The book holds actions as they are now, so a day in the past moves only the comparison with due days.
pub fn waiting_actions(book: &Book, as_of: Date) -> Vec<OwnerActions> {
    let mut owners: BTreeMap<String, OwnerActions> = BTreeMap::new();
    for action in &book.actions {
        let Some(waiting) = WaitingAction::of(action, as_of) else { continue };
        let owner = owners.entry(organisation_key(&action.owner_organisation)).or_insert_with(|| OwnerActions {
            owner: action.owner_organisation.clone(),
            overdue: 0,
            open: 0,
            actions: Vec::new(),
        });
        owner.overdue += usize::from(waiting.days_overdue.is_some());
        owner.open += usize::from(waiting.is_open);
        owner.actions.push(waiting);
    }
    let mut owners: Vec<OwnerActions> = owners.into_values().collect();
    for owner in &mut owners {
        // The book's order is by due day and id, so the oldest is first and the sort keeps the rest.
        owner.actions.sort_by_key(|waiting| !waiting.is_open);
    }
    owners.sort_by_key(|owner| std::cmp::Reverse(owner.overdue));
    owners
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::followup::test_book::{action, book, day};

    #[test]
    fn an_action_is_overdue_from_the_day_after_its_due_day() {
        let due = Action { due: Some(day("2026-11-20")), ..action("a", "Kommunen") };
        let on = |today: &str| WaitingAction::of(&due, day(today)).expect("open").days_overdue;
        assert_eq!(
            (on("2026-11-19"), on("2026-11-20"), on("2026-11-21"), on("2026-12-20")),
            (None, None, Some(1), Some(30))
        );
    }

    #[test]
    fn a_closed_action_waits_only_from_its_day_of_looking_again() {
        let done = Action { status: ActionStatus::Done, due: Some(day("2026-01-01")), ..action("a", "Kommunen") };
        assert_eq!(WaitingAction::of(&done, day("2026-11-22")), None);
        let again = Action { recheck: Some(day("2026-11-22")), ..done };
        assert_eq!(WaitingAction::of(&again, day("2026-11-21")), None);
        let waiting = WaitingAction::of(&again, day("2026-11-24")).expect("to be looked at");
        assert_eq!((waiting.is_open, waiting.days_overdue, waiting.recheck_days), (false, None, Some(2)));
    }

    #[test]
    fn owners_with_most_overdue_come_first_and_spellings_are_one_owner() {
        let late = |id: &str, owner: &str| Action { due: Some(day("2026-11-01")), ..action(id, owner) };
        let closed = Action { status: ActionStatus::NotDone, why_not: Some("Dyrt".into()), ..late("e", "Polisen") };
        let book = book().actions([
            action("a", "Polisen"),
            late("b", "Nässjö kommun"),
            Action { due: Some(day("2026-10-01")), ..action("c", "nässjö  kommun") },
            late("d", "Polisen"),
            closed,
        ]);
        let owners = waiting_actions(&book.build(), day("2026-11-22"));
        let short: Vec<_> = owners.iter().map(|o| (o.owner.as_str(), o.overdue, o.open)).collect();
        assert_eq!(short, [("nässjö  kommun", 2, 2), ("Polisen", 1, 2)]);
        let ids: Vec<&str> = owners[0].actions.iter().map(|w| w.action.id.as_str()).collect();
        assert_eq!(ids, ["c", "b"]);
        let polisen: Vec<&str> = owners[1].actions.iter().map(|w| w.action.id.as_str()).collect();
        assert_eq!(polisen, ["d", "a"]);
    }
}
