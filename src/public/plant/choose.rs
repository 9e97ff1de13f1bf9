//! Where a leak is put.

use std::collections::BTreeMap;

use geo::BoundingRect;

use super::{Change, Plant};
use crate::domain::Period;
use crate::release::attack::{Category, Claims, Place, Rule, Shown, Statement, Strength, attack};

/// What the hidden parts of the spoilt total are together: each of them is then known to less than five numbers.
const LEFT: u32 = 3;

pub(super) fn choose(claims: &Claims, plant: Plant) -> Option<Change> {
    match plant {
        Plant::UnroundedMargin => margin(claims),
        Plant::ShownZero => zero(claims),
        Plant::ShiftedGrid => Some(grid(claims)),
    }
}

/// What the statements are after a change.
pub(super) fn changed(statements: &[Statement], change: &Change) -> Vec<Statement> {
    let mut statements = statements.to_vec();
    for (at, shown) in &change.shown {
        statements[*at].shown = *shown;
    }
    for (at, moved) in &change.moved {
        statements[*at] = moved.clone();
    }
    statements.extend(change.added.iter().cloned());
    statements
}

/// The first hidden number, not of a square where there is another; else the last one that says nothing.
fn zero(claims: &Claims) -> Option<Change> {
    let hidden = |is_square: bool| {
        claims
            .statements
            .iter()
            .position(|s| s.shown == Shown::UnderLeast && matches!(s.place, Place::Square { .. }) == is_square)
    };
    let silent = || claims.statements.iter().rposition(|s| s.shown == Shown::NotDivided);
    let at = hidden(false).or_else(|| hidden(true)).or_else(silent).unwrap_or(claims.statements.len() - 1);
    Some(Change { shown: vec![(at, Shown::About(0))], ..Change::default() })
}

/// A total with its parts, without rounding, so that little is left for the hidden ones. Tried in the order of the
/// statements until the attack narrows a count that stays hidden.
fn margin(claims: &Claims) -> Option<Change> {
    let mut totals: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, total) in claims.statements.iter().enumerate() {
        if matches!(total.category, Category::One(_)) || matches!(total.place, Place::Square { .. }) {
            continue;
        }
        let parts = |is_part: &dyn Fn(&Statement) -> bool| {
            let of_place = |s: &Statement| s.place == total.place && s != total && is_part(s);
            let all = claims.statements.iter().enumerate();
            all.filter(|(_, s)| of_place(s)).map(|(at, _)| at).collect::<Vec<_>>()
        };
        let periods = parts(&|s| s.category == total.category && is_inside(&s.period, &total.period));
        let categories = parts(&|s| matches!(s.category, Category::One(_)) && s.period == total.period);
        totals.extend([periods, categories].into_iter().filter(|parts| parts.len() > 1).map(|parts| (at, parts)));
    }
    let works = |change: &Change| {
        let spoilt = Claims { statements: changed(&claims.statements, change), ..claims.clone() };
        let outcome = attack(&[spoilt], Strength::Propagate);
        outcome.findings.iter().any(|finding| finding.rule == Rule::X1)
    };
    let spoil = |(at, parts): &(usize, Vec<usize>)| spoilt_total(claims, *at, parts);
    totals.iter().flat_map(spoil).find(works)
}

fn is_inside(part: &Period, whole: &Period) -> bool {
    part != whole && whole.start() <= part.start() && part.end() <= whole.end()
}

/// The total and its shown parts exactly, with [`LEFT`] for the hidden ones: first as they are, then with all parts
/// hidden, then with all but the first of them.
fn spoilt_total(claims: &Claims, at: usize, parts: &[usize]) -> Vec<Change> {
    let step = i64::from(claims.round_to.max(1));
    let shown = |at: usize| claims.statements[at].shown;
    let number = |at: usize| match shown(at) {
        Shown::About(number) => Some(i64::from(number)),
        _ => None,
    };
    let exactly = |total: i64, of: &[(usize, i64)]| -> Option<Change> {
        let about = |n: i64| u32::try_from(n).ok().map(Shown::About);
        let mut change = Change { shown: vec![(at, about(total)?)], ..Change::default() };
        for (at, n) in of {
            change.shown.push((*at, about(*n)?));
        }
        Some(change)
    };
    let hidden = parts.iter().filter(|part| shown(**part) == Shown::UnderLeast).count();
    let is_divided = parts.iter().all(|part| shown(*part) != Shown::NotDivided);
    let left = i64::from(LEFT);
    let mut changes = Vec::new();
    if hidden > 0 && is_divided {
        // One more in each part, and the total moved as far as its rounding lets it.
        let numbers: Vec<(usize, i64)> = parts.iter().filter_map(|part| Some((*part, number(*part)? + 1))).collect();
        let sum: i64 = numbers.iter().map(|(_, n)| n).sum();
        let total = number(at).unwrap_or(sum + left);
        let spare = total - sum - left;
        // Two to either side of every number round to it.
        let most = numbers.len() as i64 * (step / 2) + step / 2;
        if spare.abs() <= most {
            let mut rest = spare;
            let numbers: Vec<(usize, i64)> = numbers
                .iter()
                .map(|(part, n)| {
                    let by = rest.clamp(-(step / 2) - 1, step / 2 - 1);
                    rest -= by;
                    (*part, n + by)
                })
                .collect();
            let sum: i64 = numbers.iter().map(|(_, n)| n).sum();
            changes.extend(exactly(sum + left, &numbers));
        }
    }
    let hide = |change: Change, from: usize| Change {
        shown: change.shown.into_iter().chain(parts[from..].iter().map(|part| (*part, Shown::UnderLeast))).collect(),
        ..Change::default()
    };
    match number(at) {
        // A small total is shown after all.
        None => changes.extend(exactly(left, &[]).map(|change| hide(change, 0))),
        Some(total) => {
            let total = total + 1;
            changes.extend(exactly(total, &[(parts[0], total - left)]).map(|change| hide(change, 1)));
        }
    }
    changes
}

/// The squares of the finest size, moved by half of it; four hidden ones on the first area where there is no grid.
fn grid(claims: &Claims) -> Change {
    let size = |s: &Statement| match s.place {
        Place::Square { cell_m, .. } => Some(cell_m),
        _ => None,
    };
    let Some(finest) = claims.statements.iter().filter_map(size).min() else { return new_grid(claims) };
    let moved = |s: &Statement| match s.place {
        Place::Square { cell_m, x_m, y_m } if cell_m == finest => {
            let half = i64::from(cell_m / 2);
            let place = Place::Square { cell_m, x_m: x_m + half, y_m: y_m + half };
            Some(Statement { place, ..s.clone() })
        }
        _ => None,
    };
    let all = claims.statements.iter().enumerate();
    Change { moved: all.filter_map(|(at, s)| Some((at, moved(s)?))).collect(), ..Change::default() }
}

fn new_grid(claims: &Claims) -> Change {
    const CELL_M: u32 = 500;
    let size = i64::from(CELL_M);
    let low =
        claims.areas.iter().find_map(|(_, outline)| outline.bounding_rect()).map_or([0.0, 0.0], |r| r.min().into());
    let [x, y] = low.map(|metres: f64| (metres / f64::from(CELL_M)).floor() as i64 * size + size / 2);
    // The longest period there is.
    let mut periods: BTreeMap<i64, &Period> = BTreeMap::new();
    for statement in &claims.statements {
        periods.insert(statement.period.days(), &statement.period);
    }
    let square = |period: &Period, dx: i64, dy: i64| Statement {
        place: Place::Square { cell_m: CELL_M, x_m: x + dx * size, y_m: y + dy * size },
        category: Category::NotSensitive,
        period: period.clone(),
        shown: Shown::UnderLeast,
    };
    let added = periods
        .last_key_value()
        .map(|(_, period)| [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(dx, dy)| square(period, dx, dy)).to_vec());
    Change { added: added.unwrap_or_default(), ..Change::default() }
}
