//! From true counts to numbers everybody may see (P1 to P5, P7, P9).
//!
//! A number is shown when enough reports, days and reporters stand behind it, rounded on its own; otherwise it is one
//! band with zero. Then the [`attack`](super::attack) is made on what would be published. Where it narrows a hidden
//! number, a *division* is taken away: the squares inside a square, the quarters or categories of an area, the months
//! of the municipality. This is repeated until nothing is found. The finer product always goes first. Which is taken away
//! follows from the numbers as they would have been published, so it tells a little about them, and nothing about what
//! a band hides.

use std::collections::{BTreeMap, BTreeSet};

use super::attack::{Attack, Category, Claims, Finding, Place, Shown, Statement, Strength};
use super::count::{Counts, Tally};
use super::policy::Policy;
use super::protected::PublicArea;
use super::statistics::LeftOut;
use crate::domain::{Id, Period};

/// Numbers that stand and fall together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Division {
    /// Squares inside one square of the next larger published size, with all that is inside them. The finest first.
    Squares {
        /// Size of the squares inside.
        cell_m: u32,
        /// Lower left corner of the square around them.
        around: [i64; 2],
    },
    /// A square of the largest size by itself.
    Square([i64; 2]),
    /// Categories of an area.
    AreaCategories(Id),
    /// Quarters of an area.
    AreaQuarters(Id),
    /// Months of the municipality.
    Months,
    /// Categories of the municipality.
    Categories,
    /// An area as a whole.
    Area(Id),
}

/// What came of it.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    /// In the order of [`super::statistics::Statistics::figures`].
    pub(super) figures: Vec<Statement>,
    /// What was taken away.
    pub(super) left_out: Vec<LeftOut>,
    /// What the attack still finds: nothing, or the release must not be made.
    pub(super) remaining: Vec<Finding>,
}

/// What a release is protected under.
#[derive(Clone, Copy, Debug)]
pub(super) struct Under<'a> {
    /// The rules.
    pub(super) policy: &'a Policy,
    /// The public areas.
    pub(super) areas: &'a [PublicArea],
    /// The closed period.
    pub(super) period: &'a Period,
    /// Sizes of squares.
    pub(super) levels_m: &'a [u32],
    /// What was published earlier: all of it passes together.
    pub(super) before: &'a [Claims],
    /// Number of the release.
    pub(super) release: u32,
}

/// Protects counts. `withheld` are divisions that go before anything else is asked (too few addresses). Cost: a few
/// attacks by propagation, one exact.
pub(super) fn protect(counts: &Counts, withheld: BTreeSet<Division>, under: Under<'_>) -> Guarded {
    let Under { policy, areas, period, levels_m, before, release } = under;
    let figures = counts.cells.iter().map(|((place, category, period), tally)| Statement {
        place: place.clone(),
        category: category.clone(),
        period: period.clone(),
        shown: shown(tally, policy),
    });
    let outlines = areas.iter().map(|area| (area.id.clone(), area.outline_m.clone())).collect();
    let mut claims: Vec<Claims> = before.to_vec();
    claims.push(Claims {
        release,
        statements: figures.collect(),
        areas: outlines,
        least: policy.least_reports,
        round_to: policy.round_to,
    });
    let ours = claims.len() - 1;
    let mut gone: BTreeSet<Division> = BTreeSet::new();
    let mut next = withheld;
    let mut remaining = Vec::new();
    // First by propagation, which is quick and finds most; then as hard as the check tries.
    for strength in [Strength::Propagate, Strength::USUAL] {
        let mut hidden = withdraw(&mut claims[ours].statements, &next, period, levels_m);
        gone.append(&mut next);
        let attacked = claims.clone();
        let mut attack = Attack::new(&attacked, strength);
        loop {
            hidden.iter().for_each(|at| attack.withdraw((ours, *at)));
            let outcome = attack.run();
            let statements = &claims[ours].statements;
            let found =
                outcome.findings.iter().filter_map(|finding| to_withdraw(statements, ours, finding, period, levels_m));
            next = found.filter(|division| !gone.contains(division)).collect();
            if next.is_empty() {
                // What earlier releases give away by themselves is out, and no reason to say nothing more.
                remaining = outcome.findings.into_iter().filter(|finding| finding.concerns(ours)).collect();
                break;
            }
            hidden = withdraw(&mut claims[ours].statements, &next, period, levels_m);
            gone.append(&mut next);
        }
    }
    let figures = claims.pop().map(|claims| claims.statements).unwrap_or_default();
    Guarded { figures, left_out: left_out(&gone, levels_m), remaining }
}

/// What is shown of a number by itself.
fn shown(tally: &Tally, policy: &Policy) -> Shown {
    if !tally.is_shown(policy) {
        return Shown::UnderLeast;
    }
    let step = policy.round_to.max(1);
    Shown::About((tally.count + step / 2) / step * step)
}

/// The division that a statement belongs to; none for the municipality's total.
fn division(statement: &Statement, period: &Period, levels_m: &[u32]) -> Option<Division> {
    match (&statement.place, &statement.category) {
        (Place::Municipality, Category::One(_)) => Some(Division::Categories),
        (Place::Municipality, _) => (statement.period != *period).then_some(Division::Months),
        (Place::Area(id), Category::One(_)) => Some(Division::AreaCategories(id.clone())),
        (Place::Area(id), _) if statement.period != *period => Some(Division::AreaQuarters(id.clone())),
        (Place::Area(id), _) => Some(Division::Area(id.clone())),
        (Place::Square { cell_m, x_m, y_m }, _) => {
            let larger = levels_m.iter().copied().filter(|level| level > cell_m).min();
            Some(match larger {
                None => Division::Square([*x_m, *y_m]),
                Some(larger) => Division::Squares { cell_m: *cell_m, around: around(larger, [*x_m, *y_m]) },
            })
        }
    }
}

fn around(cell_m: u32, corner: [i64; 2]) -> [i64; 2] {
    let size = i64::from(cell_m);
    corner.map(|low| low.div_euclid(size) * size)
}

/// Of the numbers that a finding is made from, the finest division that is still there.
fn to_withdraw(
    ours_stated: &[Statement],
    ours: usize,
    finding: &Finding,
    period: &Period,
    levels_m: &[u32],
) -> Option<Division> {
    let of_ours = finding.through.iter().chain([&finding.at]).filter(|(claim, _)| *claim == ours);
    let statements = of_ours.map(|(_, at)| &ours_stated[*at]);
    let still_there = statements.filter(|statement| statement.shown != Shown::NotDivided);
    let divisions = still_there.filter_map(|statement| division(statement, period, levels_m));
    // Squares sort first, the finest of them first: see the order of [`Division`].
    divisions.min()
}

/// Turns the numbers of divisions, and squares inside their squares, into "not divided". Gives those that turned.
fn withdraw(
    statements: &mut [Statement],
    divisions: &BTreeSet<Division>,
    period: &Period,
    levels_m: &[u32],
) -> Vec<usize> {
    let mut turned = Vec::new();
    if divisions.is_empty() {
        return turned;
    }
    // Squares around which a size is withdrawn, by that size of the larger square.
    let mut closed: BTreeMap<u32, BTreeSet<[i64; 2]>> = BTreeMap::new();
    for division in divisions {
        match division {
            Division::Squares { cell_m, around } => {
                if let Some(larger) = levels_m.iter().copied().filter(|level| level > cell_m).min() {
                    closed.entry(larger).or_default().insert(*around);
                }
            }
            Division::Square(corner) => {
                if let Some(largest) = levels_m.iter().copied().max() {
                    closed.entry(largest).or_default().insert(*corner);
                }
            }
            _ => {}
        }
    }
    for (at, statement) in statements.iter_mut().enumerate() {
        let goes = match &statement.place {
            Place::Square { cell_m, x_m, y_m } => {
                let corner = [*x_m, *y_m];
                let inside = closed
                    .iter()
                    .any(|(larger, squares)| larger > cell_m && squares.contains(&around(*larger, corner)));
                inside || division(statement, period, levels_m).is_some_and(|division| divisions.contains(&division))
            }
            Place::Area(id) if divisions.contains(&Division::Area(id.clone())) => true,
            _ => division(statement, period, levels_m).is_some_and(|division| divisions.contains(&division)),
        };
        if goes && statement.shown != Shown::NotDivided {
            statement.shown = Shown::NotDivided;
            turned.push(at);
        }
    }
    turned
}

/// Squares with fewer addresses than they must have, and with one at least: they are merged with the square around
/// them (P9).
pub(super) fn too_few_addresses(
    addresses: &super::levels::Addresses,
    policy: &Policy,
    levels_m: &[u32],
) -> BTreeSet<Division> {
    let mut divisions = BTreeSet::new();
    for cell_m in levels_m {
        let larger = levels_m.iter().copied().filter(|level| level > cell_m).min();
        for (corner, n) in addresses.by_square(*cell_m) {
            if n > 0 && n < policy.least_addresses {
                divisions.insert(match larger {
                    None => Division::Square(corner),
                    Some(larger) => Division::Squares { cell_m: *cell_m, around: around(larger, corner) },
                });
            }
        }
    }
    divisions
}

fn left_out(gone: &BTreeSet<Division>, levels_m: &[u32]) -> Vec<LeftOut> {
    let mut squares: BTreeMap<u32, u32> = BTreeMap::new();
    let mut others = Vec::new();
    for division in gone {
        match division {
            Division::Squares { cell_m, .. } => {
                let larger = levels_m.iter().copied().filter(|level| level > cell_m).min().unwrap_or(*cell_m);
                *squares.entry(larger).or_insert(0) += 1;
            }
            Division::Square(_) => others.push(LeftOut::LargestSquare),
            Division::AreaCategories(id) => others.push(LeftOut::Categories(id.clone())),
            Division::AreaQuarters(id) => others.push(LeftOut::Quarters(id.clone())),
            Division::Months => others.push(LeftOut::Months),
            Division::Categories => others.push(LeftOut::MunicipalityCategories),
            Division::Area(id) => others.push(LeftOut::Area(id.clone())),
        }
    }
    squares.into_iter().rev().map(|(cell_m, n)| LeftOut::Squares { cell_m, n }).chain(others).collect()
}
