//! The protocol of an inventory or walk as a paper, and the list of them.
//!
//! No signatures and no persons: who took part is told by role and organisation. Free text and pictures stay on the
//! pages of the points.

mod texts;

use super::say::{self, link};
use crate::domain::{Area, Feeling, Place, Term};
use crate::followup::protocol::{InventoryLine, Point, Protocol, ProtocolAction};
use crate::followup::{Book, Deed};
use crate::text::lang::{Lang, Text};
use crate::text::paper::{Block, Inline, Line, Paper, Table, line};
use texts as t;

/// What papers of inventories need besides them.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// Labels of kinds, roles and areas.
    pub book: &'a Book,
    /// Labels of categories.
    pub categories: &'a [Term],
    /// The place register.
    pub places: &'a [Place],
    /// The language.
    pub lang: Lang,
    /// Whether the data is made up.
    pub synthetic: bool,
}

/// The path of the page of an inventory or walk.
pub fn path(deed: &Deed) -> String {
    format!("/inventeringar/{}", deed.id)
}

fn heading(text: Text, id: &str, lang: Lang) -> Block {
    Block::Heading { level: 2, text: text.of(lang).to_string(), id: id.to_string() }
}

fn head(texts: &[Text], lang: Lang) -> Vec<String> {
    texts.iter().map(|text| text.of(lang).to_string()).collect()
}

/// The areas an activity lies in, by name: those of the first set of the file, else the first of another.
fn areas_of(deed: &Deed, making: Making<'_>) -> String {
    let areas = || deed.membership.inside.iter().map(|index| making.book.areas.area(*index));
    let first_set = making.book.areas.sets().first().map(ToString::to_string);
    let of_set: Vec<&Area> = areas().filter(|area| Some(&area.set) == first_set.as_ref()).collect();
    let shown = if of_set.is_empty() { areas().take(1).collect() } else { of_set };
    shown.iter().map(|area| say::name(&area.names, making.lang)).collect::<Vec<_>>().join(", ")
}

/// The title of an inventory or walk.
pub fn title(deed: &Deed, making: Making<'_>) -> String {
    let kind = say::term(&making.book.kinds, &deed.kind, making.lang);
    let (day, area) = (deed.day.to_string(), areas_of(deed, making));
    if area.is_empty() {
        t::TITLE.with(making.lang, &[("kind", &kind), ("day", &day)])
    } else {
        t::TITLE_AT.with(making.lang, &[("kind", &kind), ("day", &day), ("area", &area)])
    }
}

/// The protocol as a paper.
pub fn paper(protocol: &Protocol, making: Making<'_>) -> Paper {
    let lang = making.lang;
    let mut blocks = participants(&protocol.deed, making);
    blocks.extend(points(protocol, making));
    blocks.extend(actions(protocol, lang));
    blocks.extend(next(protocol, making));
    Paper {
        lang,
        title: title(&protocol.deed, making),
        lead: vec![line(lead(protocol, lang))],
        blocks,
        synthetic: making.synthetic,
    }
}

fn lead(protocol: &Protocol, lang: Lang) -> String {
    let points = &protocol.points;
    let feels = |feeling| points.iter().filter(|point| point.feeling == Some(feeling)).count().to_string();
    let mut says = if points.is_empty() {
        t::LEAD_NONE.of(lang).to_string()
    } else {
        let n = points.len().to_string();
        t::LEAD.with(lang, &[("n", &n), ("unsafe", &feels(Feeling::Unsafe)), ("safe", &feels(Feeling::Safe))])
    };
    let open = protocol.actions.iter().filter(|a| a.waiting.as_ref().is_some_and(|w| w.is_open)).count();
    let late = protocol.actions.iter().filter(|a| a.waiting.as_ref().is_some_and(|w| w.days_overdue.is_some())).count();
    if open > 0 {
        let n = open.to_string();
        says.push(' ');
        says.push_str(&t::LEAD_ACTIONS.with(lang, &[("n", &n), ("late", &late.to_string())]));
    }
    format!("{says} {}", t::AS_OF.with(lang, &[("day", &protocol.as_of.to_string())]))
}

fn participants(deed: &Deed, making: Making<'_>) -> Vec<Block> {
    let lang = making.lang;
    let mut blocks = vec![heading(t::WHO, "deltagare", lang)];
    if deed.actors.is_empty() {
        blocks.push(Block::Note(nobody(deed, lang)));
        return blocks;
    }
    let mut organisations: Vec<String> = deed
        .actors
        .iter()
        .map(|actor| {
            let role = say::term(&making.book.roles, &actor.role, lang);
            match &actor.organisation {
                Some(organisation) if organisation.to_lowercase() == role.to_lowercase() => role,
                Some(organisation) => format!("{organisation} ({})", role.to_lowercase()),
                None => t::NO_ORGANISATION.with(lang, &[("role", &role)]),
            }
        })
        .collect();
    organisations.sort_unstable();
    blocks.push(Block::List(organisations.into_iter().map(line).collect()));
    blocks
}

/// What to do about an inventory that names nobody.
fn nobody(deed: &Deed, lang: Lang) -> Line {
    let form = format!("/genomfort/{}/andra", deed.id);
    vec![Inline::text(t::NOBODY.of(lang)), link(&form, t::ADD_WHO.of(lang), lang)]
}

fn points(protocol: &Protocol, making: Making<'_>) -> Vec<Block> {
    let lang = making.lang;
    let mut blocks = vec![heading(t::POINTS, "punkter", lang)];
    if protocol.points.is_empty() {
        blocks.push(Block::para(t::POINTS_NONE.of(lang)));
        return blocks;
    }
    let rows = protocol.points.iter().map(|point| {
        let mut what = say::term(making.categories, &point.category, lang);
        if let Some(day) = point.other_day {
            what = t::ON_DAY.with(lang, &[("what", &what), ("day", &day.to_string())]);
        }
        let feels = match point.feeling {
            Some(Feeling::Unsafe) => t::UNSAFE,
            Some(Feeling::Safe) => t::SAFE,
            None => t::NOT_SAID,
        };
        vec![
            line(point.number.to_string()),
            vec![link(&format!("/iakttagelser/{}", point.id), what, lang)],
            line(feels.of(lang)),
            line(place_of(point, making)),
            line(if point.has_photo { t::YES } else { t::NO }.of(lang)),
        ]
    });
    blocks.push(Block::Table(Table {
        caption: t::POINTS_CAPTION.of(lang).to_string(),
        head: head(&[t::NUMBER, t::ABOUT, t::FEELS, t::PLACE, t::PHOTO], lang),
        numeric: vec![true, false, false, false, false],
        rows: rows.collect(),
    }));
    if protocol.points.iter().any(|point| point.has_text || point.has_photo) {
        blocks.push(Block::para(t::TEXT_INTERNAL.of(lang)));
    }
    blocks
}

/// Where a point is: its place, else its area, else that only a map shows it.
fn place_of(point: &Point, making: Making<'_>) -> String {
    let place = point.place.as_ref().and_then(|id| making.places.iter().find(|place| place.id == *id));
    let area = point.area.as_ref().map(|area| say::area(making.book, area, making.lang));
    match (place, area) {
        (Some(place), Some(area)) if place.name != area => format!("{}, {area}", place.name),
        (Some(place), _) => place.name.clone(),
        (None, Some(area)) => area,
        (None, None) if point.has_position => t::ONLY_POSITION.of(making.lang).to_string(),
        (None, None) => t::WITHOUT.of(making.lang).to_string(),
    }
}

fn actions(protocol: &Protocol, lang: Lang) -> Vec<Block> {
    let mut blocks = vec![heading(t::ACTIONS, "atgarder", lang)];
    if protocol.actions.is_empty() {
        blocks.push(Block::para(t::ACTIONS_NONE.of(lang)));
        return blocks;
    }
    let row = |action: &ProtocolAction| {
        vec![
            line(action.point.map_or_else(|| t::WHOLE.of(lang).to_string(), |number| number.to_string())),
            say::action_link(&action.action, lang),
            line(action.action.owner_organisation.clone()),
            line(say::due(&action.action, lang)),
            say::standing(&action.action, action.waiting.as_ref(), lang),
            line(action.action.recheck.map_or_else(|| "–".to_string(), |day| day.to_string())),
        ]
    };
    blocks.push(Block::Table(Table {
        caption: t::ACTIONS_CAPTION.of(lang).to_string(),
        head: head(&[t::POINT, t::ACTION, t::OWNER, t::DUE, t::STANDING, t::RECHECK], lang),
        numeric: vec![false, false, false, true, false, true],
        rows: protocol.actions.iter().map(row).collect(),
    }));
    blocks
}

/// What each owner has before it, what is looked at again, and the next dates.
fn next(protocol: &Protocol, making: Making<'_>) -> Vec<Block> {
    let lang = making.lang;
    let open = || protocol.actions.iter().filter(|action| action.waiting.as_ref().is_some_and(|w| w.is_open));
    let mut owners: Vec<&str> = open().map(|action| action.action.owner_organisation.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut lines: Vec<Line> = Vec::new();
    for owner in owners {
        let of_owner: Vec<&ProtocolAction> = open().filter(|a| a.action.owner_organisation == owner).collect();
        let late = of_owner.iter().filter(|a| a.waiting.as_ref().is_some_and(|w| w.days_overdue.is_some())).count();
        if late > 0 {
            let n = late.to_string();
            lines.push(line(t::NEXT_LATE.with(lang, &[("owner", owner), ("n", &n)])));
        }
        let left = of_owner.len() - late;
        if left > 0 {
            let n = say::counted(left, t::OPEN_ONE.of(lang), t::OPEN_MANY.of(lang));
            let due = of_owner.iter().filter_map(|a| a.action.due).filter(|due| *due >= protocol.as_of).min();
            lines.push(line(match due {
                Some(day) => t::NEXT_DUE.with(lang, &[("owner", owner), ("n", &n), ("day", &day.to_string())]),
                None => t::NEXT_OPEN.with(lang, &[("owner", owner), ("n", &n)]),
            }));
        }
    }
    for action in &protocol.actions {
        if let Some(day) = action.action.recheck.filter(|day| *day >= protocol.as_of) {
            let values = [("day", day.to_string()), ("action", action.action.text.clone())];
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            lines.push(line(t::NEXT_RECHECK.with(lang, &values)));
        }
    }
    for (day, booking) in &protocol.next_dates {
        let mut what = vec![say::term(&making.book.kinds, &booking.kind, lang).to_lowercase()];
        what.extend(booking.area.as_ref().map(|area| say::area(making.book, area, lang)));
        lines.push(line(t::NEXT_DATE.with(lang, &[("day", &day.to_string()), ("what", &what.join(", "))])));
    }
    let mut blocks = vec![heading(t::NEXT, "harnast", lang)];
    if lines.is_empty() {
        let form = link("/inbokat/ny", t::BOOK.of(lang), lang);
        blocks.push(Block::Para(vec![Inline::text(t::NEXT_NOTHING.of(lang)), form]));
    } else {
        blocks.push(Block::List(lines));
    }
    blocks
}

/// All inventories and walks as a paper.
pub fn list_paper(lines: &[InventoryLine<'_>], making: Making<'_>) -> Paper {
    let lang = making.lang;
    let mut blocks = Vec::new();
    let nameless: Vec<&InventoryLine<'_>> = lines.iter().filter(|line| line.deed.actors.is_empty()).collect();
    if !nameless.is_empty() {
        let n = say::counted(nameless.len(), t::LIST_NOBODY_ONE.of(lang), t::LIST_NOBODY_MANY.of(lang));
        blocks.push(Block::note(t::LIST_NOBODY.with(lang, &[("n", &n)])));
        let named = nameless.iter().map(|inventory| {
            let form = link(&format!("/genomfort/{}/andra", inventory.deed.id), t::ADD_WHO.of(lang), lang);
            vec![Inline::text(format!("{}. ", title(inventory.deed, making))), form]
        });
        blocks.push(Block::List(named.collect()));
    }
    let write = link("/genomfort/ny", t::LIST_WRITE.of(lang), lang);
    let import = link("/import", t::LIST_IMPORT.of(lang), lang);
    if lines.is_empty() {
        blocks.push(Block::Para(vec![Inline::text(t::LIST_NONE.of(lang)), write, Inline::text(" · "), import]));
    } else {
        blocks.push(Block::Table(list_table(lines, making)));
        blocks.push(Block::Para(vec![write, Inline::text(" · "), import]));
    }
    let lead = vec![line(t::LIST_LEAD.with(lang, &[("n", &lines.len().to_string())]))];
    Paper { lang, title: t::LIST_TITLE.of(lang).to_string(), lead, blocks, synthetic: making.synthetic }
}

fn list_table(lines: &[InventoryLine<'_>], making: Making<'_>) -> Table {
    let lang = making.lang;
    let row = |inventory: &InventoryLine<'_>| {
        let deed = inventory.deed;
        let members = say::actors(making.book, &deed.actors, lang);
        let (open, n, late) =
            (inventory.open.to_string(), inventory.actions.to_string(), inventory.overdue.to_string());
        let waits = match (inventory.actions, inventory.overdue) {
            (0, _) => "–".to_string(),
            (_, 0) => t::OPEN_OF.with(lang, &[("open", &open), ("n", &n)]),
            _ => t::OPEN_AND_LATE.with(lang, &[("open", &open), ("n", &n), ("late", &late)]),
        };
        vec![
            vec![link(&path(deed), deed.day.to_string(), lang)],
            line(say::term(&making.book.kinds, &deed.kind, lang)),
            line(areas_of(deed, making)),
            if members.is_empty() { vec![Inline::Strong(t::MEMBERS_NONE.of(lang).to_string())] } else { line(members) },
            line(inventory.points.to_string()),
            line(waits),
        ]
    };
    Table {
        caption: t::LIST_CAPTION.of(lang).to_string(),
        head: head(&[t::DAY, t::KIND, t::AREA, t::MEMBERS, t::POINTS, t::ACTIONS_OPEN], lang),
        numeric: vec![true, false, false, false, true, false],
        rows: lines.iter().map(row).collect(),
    }
}
