//! X2: differences of two public counts that are known to be some, and too few.

use hashbrown::{HashMap, HashSet};

use super::findings::{Siege, because_of, finding, range, words};
use super::pool::Kind;
use super::squares::is_in_place;
use super::system::{Bounds, Interval, OPEN};
use super::{By, Category, Claims, Finding, Place, Rule};

/// All differences inside one set of claims.
pub(super) fn findings(siege: &Siege, bounds: &Bounds, claims: &[Claims], found: &mut Vec<Finding>) {
    rests(siege, bounds, claims, found);
    derived(siege, bounds, claims, found);
    contained(siege, bounds, claims, found);
}

fn least(claims: &[Claims]) -> u32 {
    claims.iter().map(|claims| claims.least).min().unwrap_or(0)
}

/// What is left of each whole when all its shown parts are taken away.
fn rests(siege: &Siege, bounds: &Bounds, claims: &[Claims], found: &mut Vec<Finding>) {
    let least = least(claims);
    for constraint in 0..siege.system.len() as u32 {
        let members = siege.system.members(constraint);
        let whole = bounds.intervals[members[0] as usize];
        let kind = |v: u32| siege.pool.variables[v as usize].kind;
        if whole.high >= OPEN || matches!(kind(members[0]), Kind::Hidden(_)) {
            continue;
        }
        let mut rest = whole;
        let (mut shown, mut hidden) = (0, None);
        for child in &members[1..] {
            if kind(*child) == Kind::Shown {
                rest.low -= bounds.intervals[*child as usize].high;
                rest.high -= bounds.intervals[*child as usize].low;
                shown += 1;
            } else {
                hidden = hidden.or(siege.at(*child));
            }
        }
        let has_rest = shown + 1 < members.len() || !siege.system.is_whole(constraint);
        let through = siege.through(constraint);
        let Some(at) = hidden.or(through.first().copied()) else { continue };
        if shown > 0 && has_rest && rest.is_few(least) {
            let by = siege.relations.by[constraint as usize];
            let text = format!(
                "{}: what is left of the whole without its shown parts is {}, {}",
                words(&claims[at.0], at.1),
                range(rest),
                because_of(by)
            );
            found.push(finding(Rule::X2, by, at, through, rest, text));
        }
    }
}

/// Counts that nobody states and that follow all the same: parts of squares, months together.
fn derived(siege: &Siege, bounds: &Bounds, claims: &[Claims], found: &mut Vec<Finding>) {
    let least = least(claims);
    for (variable, of) in siege.pool.variables.iter().enumerate() {
        let interval = bounds.intervals[variable];
        let constraint = bounds.because[variable][0];
        if of.kind != Kind::Derived || !interval.is_few(least) || constraint == u32::MAX {
            continue;
        }
        let (by, through) = (siege.relations.by[constraint as usize], siege.through(constraint));
        let Some(at) = through.last().copied() else { continue };
        let text = format!(
            "{}: a part that is not stated can only be {}, {}",
            words(&claims[at.0], at.1),
            range(interval),
            because_of(by)
        );
        found.push(finding(Rule::X2, by, at, through, interval, text));
    }
}

/// All pairs of shown counts of which one contains the other.
fn contained(siege: &Siege, bounds: &Bounds, claims: &[Claims], found: &mut Vec<Finding>) {
    let pool = &siege.pool;
    let least = least(claims);
    let mut around: HashMap<u32, Vec<u32>> = HashMap::new();
    for (place, container) in &siege.relations.inside {
        around.entry(*place).or_default().push(*container);
    }
    for constraint in 0..siege.system.len() as u32 {
        if siege.relations.by[constraint as usize] == By::Squares {
            let members = siege.system.members(constraint);
            let place = |v: u32| pool.variables[v as usize].cell.map(|cell| cell.0);
            let Some(container) = place(members[0]) else { continue };
            for child in members[1..].iter().filter_map(|v| place(*v)) {
                around.entry(child).or_default().push(container);
            }
        }
    }
    let category_holds = categories(siege);
    let period_holds = |a: u32, b: u32| {
        let (a, b) = (pool.periods[a as usize], pool.periods[b as usize]);
        a.0 <= b.0 && b.1 <= a.1
    };
    let n_categories = pool.categories.len() as u32;
    let n_periods = pool.periods.len() as u32;
    for (inner, of) in pool.variables.iter().enumerate().filter(|(_, of)| of.kind == Kind::Shown) {
        let Some((place, category, period)) = of.cell else { continue };
        let inside = bounds.intervals[inner];
        for place in containers(place, &around) {
            for category in (0..n_categories).filter(|c| category_holds(*c, category)) {
                for period in (0..n_periods).filter(|p| period_holds(*p, period)) {
                    let Some(outer) = pool.by_cell.get(&(place, category, period)) else { continue };
                    if *outer == inner as u32 || pool.variables[*outer as usize].kind != Kind::Shown {
                        continue;
                    }
                    let outside = bounds.intervals[*outer as usize];
                    let difference = Interval { low: outside.low - inside.high, high: outside.high - inside.low };
                    let (Some(at), Some(whole)) = (siege.at(inner as u32), siege.at(*outer)) else { continue };
                    if difference.is_few(least) {
                        let text = format!(
                            "{}: {} has {} more",
                            words(&claims[at.0], at.1),
                            words(&claims[whole.0], whole.1),
                            range(difference)
                        );
                        found.push(finding(Rule::X2, By::Contained, at, vec![whole, at], difference, text));
                    }
                }
            }
        }
    }
}

/// A place and everything around it.
fn containers(place: u32, around: &HashMap<u32, Vec<u32>>) -> Vec<u32> {
    let mut all = vec![place];
    let mut seen: HashSet<u32> = HashSet::from_iter([place]);
    let mut at = 0;
    while at < all.len() {
        for container in around.get(&all[at]).into_iter().flatten() {
            if seen.insert(*container) {
                all.push(*container);
            }
        }
        at += 1;
    }
    all
}

/// Whether the first category holds the second, itself included.
fn categories(siege: &Siege) -> impl Fn(u32, u32) -> bool {
    let pool = &siege.pool;
    let below: HashSet<u32> = pool
        .by_cell
        .keys()
        .filter(|(place, ..)| pool.places[*place as usize] != Place::Municipality)
        .map(|(_, category, _)| *category)
        .collect();
    move |a, b| {
        let (outer, inner) = (&pool.categories[a as usize], &pool.categories[b as usize]);
        match (outer, inner) {
            (Category::All, _) => true,
            (Category::NotSensitive, Category::NotSensitive) => true,
            (Category::NotSensitive, Category::One(_)) => below.contains(&b),
            (a, b) => a == b,
        }
    }
}

/// Counts of one cell in two releases whose difference is small and not zero, where one of them is hidden.
pub(super) fn between_releases(alone: &[Siege], bounds: &[Bounds], claims: &[Claims], found: &mut Vec<Finding>) {
    let least = least(claims);
    for (later, siege) in alone.iter().enumerate().skip(1) {
        for earlier in 0..later {
            let before = &alone[earlier];
            for (variable, of) in before.pool.variables.iter().enumerate() {
                let (Some((place, category, period)), Some(old_at)) = (of.cell, before.at(variable as u32)) else {
                    continue;
                };
                let cell = siege.pool.find(
                    &before.pool.places[place as usize],
                    &before.pool.categories[category as usize],
                    before.pool.periods[period as usize],
                );
                let Some(now) = cell.filter(|now| siege.at(*now).is_some()) else { continue };
                let kinds = [of.kind, siege.pool.variables[now as usize].kind];
                if !kinds.iter().any(|kind| matches!(kind, Kind::Hidden(_))) || kinds.contains(&Kind::Silent) {
                    continue;
                }
                let (old, new) = (bounds[earlier].intervals[variable], bounds[later].intervals[now as usize]);
                let more = Interval { low: new.low - old.high, high: new.high - old.low };
                let fewer = Interval { low: -more.high, high: -more.low };
                for (difference, word) in [(more, "more"), (fewer, "fewer")] {
                    if difference.is_few(least) {
                        let at = siege.at(now).unwrap_or(old_at);
                        let text = format!(
                            "{}: {} {word} than in release {}",
                            words(&claims[at.0], at.1),
                            range(difference),
                            claims[earlier].release
                        );
                        found.push(finding(Rule::X2, By::Releases, at, vec![old_at, at], difference, text));
                    }
                }
            }
        }
    }
}

/// Squares that are not of the one nested grid: one finding for each size.
pub(super) fn grid(number: usize, claims: &Claims) -> Vec<Finding> {
    let mut first: HashMap<u32, usize> = HashMap::new();
    let mut astray: HashMap<u32, (usize, usize)> = HashMap::new();
    for (index, statement) in claims.statements.iter().enumerate() {
        if let Place::Square { cell_m, x_m, y_m } = statement.place {
            first.entry(cell_m).or_insert(index);
            if !is_in_place(cell_m, x_m, y_m) {
                astray.entry(cell_m).or_insert((index, 0)).1 += 1;
            }
        }
    }
    let nothing = Interval::ANY;
    let mut found: Vec<Finding> = astray
        .iter()
        .map(|(cell_m, (index, n))| {
            let why = format!(
                "{}: the corners of {n} squares of {cell_m} m are no whole multiples of it, so they overlap the squares of the one grid",
                words(claims, *index)
            );
            finding(Rule::X2, By::Squares, (number, *index), vec![], nothing, why)
        })
        .collect();
    let mut sizes: Vec<(u32, usize)> = first.into_iter().filter(|(size, _)| *size > 0).collect();
    sizes.sort_unstable();
    for (i, (small, _)) in sizes.iter().enumerate() {
        for (large, index) in sizes[i + 1..].iter().filter(|(large, _)| !large.is_multiple_of(*small)) {
            let why = format!("{}: squares of {large} m and of {small} m are not nested", words(claims, *index));
            found.push(finding(Rule::X2, By::Squares, (number, *index), vec![], nothing, why));
        }
    }
    found
}
