//! Actions by owner, decisions of the last meeting, and what comes first in the week.

use super::news::{MOST_AREAS, MOST_REPEATED};
use super::{Block, Inline, Line, MOST_DATES, MOST_PROMISES, Making, Table, cut, heading, line, texts as t};
use crate::domain::Priority;
use crate::followup::overdue::WaitingAction;
use crate::followup::week::WeekPage;
use crate::text::lang::Lang;
use crate::wire::followup::say::{self, link};

/// The longest lists.
const MOST_ACTIONS: usize = 12;
const LEAST_ACTIONS: usize = 4;
/// Rows of all lists together that two sheets hold, when rows take two lines.
const ROWS: usize = 30;
const MOST_OWNERS: usize = 5;
const MOST_DECISIONS: usize = 4;
const MOST_PRIORITIES: usize = 3;

/// Actions that fit beside the other lists.
fn most_actions(page: &WeekPage) -> usize {
    let others = [
        page.news.areas.len().min(MOST_AREAS) + 3,
        page.repeated.found.places.len().min(MOST_REPEATED),
        page.decisions.len().min(MOST_DECISIONS),
        page.priorities.len().min(MOST_PRIORITIES),
        page.dates.len().min(MOST_DATES),
        page.promises.lines.len().min(MOST_PROMISES),
    ];
    ROWS.saturating_sub(others.iter().sum()).clamp(LEAST_ACTIONS, MOST_ACTIONS)
}

pub(super) fn actions(page: &WeekPage, lang: Lang) -> Vec<Block> {
    let mut blocks = vec![heading(t::ACTIONS, "atgarder", lang)];
    let all: Vec<&WaitingAction> = page.owners.iter().flat_map(|owner| &owner.actions).collect();
    if all.is_empty() {
        let new = link("/atgarder/ny", t::NEW_ACTION.of(lang), lang);
        blocks.push(Block::Para(vec![Inline::text(format!("{} ", t::ACTIONS_NONE.of(lang))), new]));
        return blocks;
    }
    let open = all.iter().filter(|waiting| waiting.is_open).count().to_string();
    let overdue = all.iter().filter(|waiting| waiting.days_overdue.is_some()).count().to_string();
    let recheck = all.iter().filter(|waiting| waiting.recheck_days.is_some()).count().to_string();
    blocks
        .push(Block::para(t::ACTIONS_SUM.with(lang, &[("open", &open), ("overdue", &overdue), ("recheck", &recheck)])));

    // What is late comes first, then what is to be looked at again, then what is due next.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|i| {
        let waiting = all[*i];
        (
            waiting.days_overdue.is_none(),
            waiting.recheck_days.is_none(),
            waiting.action.due.is_none(),
            waiting.action.due,
        )
    });
    let shown: std::collections::BTreeSet<usize> = order.into_iter().take(most_actions(page)).collect();
    let (mut rows, mut left, mut next) = (Vec::new(), Vec::new(), 0);
    for owner in &page.owners {
        let mut left_of_owner = 0;
        for waiting in &owner.actions {
            if shown.contains(&next) {
                rows.push(vec![
                    line(cut(&owner.owner)),
                    vec![link(&format!("/atgarder/{}", waiting.action.id), cut(&waiting.action.text), lang)],
                    line(say::due(&waiting.action, lang)),
                    say::standing(&waiting.action, Some(waiting), lang),
                ]);
            } else {
                left_of_owner += 1;
            }
            next += 1;
        }
        if left_of_owner > 0 {
            left.push(format!("{} {left_of_owner}", owner.owner));
        }
    }
    blocks.push(Block::Table(Table {
        caption: t::ACTIONS_CAPTION.of(lang).to_string(),
        head: [t::OWNER, t::ACTION, t::DUE, t::STANDING].map(|text| text.of(lang).to_string()).into(),
        // Numbers and days do not break.
        numeric: vec![false, false, true, false],
        rows,
    }));
    if !left.is_empty() {
        let n = (all.len() - shown.len()).to_string();
        let more = t::ACTIONS_MORE.with(lang, &[("n", &n), ("owners", &say::some_of(&left, MOST_OWNERS, lang))]);
        blocks.push(Block::Para(vec![Inline::text(more), link(say::OVERDUE_PATH, t::ACTIONS_ALL.of(lang), lang)]));
    }
    blocks
}

pub(super) fn decisions(page: &WeekPage, making: Making<'_>) -> Vec<Block> {
    let lang = making.lang;
    let mut blocks = vec![heading(t::DECISIONS, "beslut", lang)];
    let week = say::week_number(&page.week);
    if page.priorities.is_empty() {
        let says = t::PRIORITIES_NONE.with(lang, &[("week", &week)]);
        blocks
            .push(Block::Para(vec![Inline::text(says), link("/prioriteringar/ny", t::CHOOSE_PRIORITY.of(lang), lang)]));
    } else {
        blocks.push(Block::para(t::PRIORITIES_LEAD.with(lang, &[("week", &week)])));
        let mut lines: Vec<Line> = page.priorities.iter().take(MOST_PRIORITIES).map(|p| priority(p, making)).collect();
        if page.priorities.len() > MOST_PRIORITIES {
            let n = (page.priorities.len() - MOST_PRIORITIES).to_string();
            lines.push(vec![link("/prioriteringar", t::MORE_PRIORITIES.with(lang, &[("n", &n)]), lang)]);
        }
        blocks.push(Block::List(lines));
    }
    match &page.back.last_meeting {
        None if page.decisions.is_empty() => {
            let says = Inline::text(t::DECISIONS_NO_MEETING.of(lang));
            blocks.push(Block::Para(vec![says, link("/genomfort/ny", t::WRITE_MEETING.of(lang), lang)]));
        }
        Some(meeting) if page.decisions.is_empty() => {
            let says = t::DECISIONS_NONE.with(lang, &[("meeting", &meeting.day.to_string())]);
            let form = link(&format!("/moten/{}", meeting.id), t::WRITE_DECISION.of(lang), lang);
            blocks.push(Block::Para(vec![Inline::text(says), form]));
        }
        _ => {
            let rows = page.decisions.iter().take(MOST_DECISIONS).map(|decision| {
                vec![
                    vec![link(&format!("/atgarder/{}", decision.action.id), cut(&decision.action.text), lang)],
                    vec![link(&format!("/moten/{}", decision.meeting.id), decision.meeting.day.to_string(), lang)],
                    line(cut(&decision.action.owner_organisation)),
                    line(say::due(&decision.action, lang)),
                    say::standing(&decision.action, decision.waiting.as_ref(), lang),
                ]
            });
            blocks.push(Block::Table(Table {
                caption: t::DECISIONS_CAPTION.of(lang).to_string(),
                head: [t::DECISION, t::MEETING_DAY, t::OWNER, t::DUE, t::STANDING]
                    .map(|text| text.of(lang).to_string())
                    .into(),
                numeric: vec![false, true, false, true, false],
                rows: rows.collect(),
            }));
            if page.decisions.len() > MOST_DECISIONS {
                let n = (page.decisions.len() - MOST_DECISIONS).to_string();
                let meeting = &page.decisions[0].meeting.id;
                let more = Inline::text(t::DATES_MORE.with(lang, &[("n", &n)]));
                blocks.push(Block::Para(vec![more, link(&format!("/moten/{meeting}"), t::SEE_LIST.of(lang), lang)]));
            }
        }
    }
    blocks
}

fn priority(priority: &Priority, making: Making<'_>) -> Line {
    let lang = making.lang;
    let mut beside: Vec<String> = Vec::new();
    beside.extend(priority.area.as_ref().map(|area| say::area(making.book, area, lang)));
    beside.extend(priority.owner_organisation.clone());
    let text = t::PRIORITY.with(lang, &[("rank", &priority.rank.to_string()), ("text", &cut(&priority.text))]);
    if beside.is_empty() { line(text) } else { line(format!("{text} ({})", beside.join(", "))) }
}
