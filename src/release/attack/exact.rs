//! Where constraints form cycles: linear programming over the part that is left when all trees are taken off.
//!
//! Whatever hangs on a variable of that core is bounded exactly by propagation once the variable is. On the core each hidden
//! count is made as small and as large as the constraints let it be; results are rounded inwards, for counts are whole.
//! Every solution is a table that fits, so it also says for all other counts which values they can take: a count whose
//! bounds have been seen needs no program of its own. In a part with more variables than the strength allows, the
//! variables around the count take part and the others count with their bounds: wider than need be, and still true.

use std::collections::VecDeque;

use hashbrown::HashMap;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use rayon::prelude::*;

use super::Strength;
use super::system::{Bounds, Interval, OPEN, System};

/// Numerical slack of a solution, counts.
const SLACK: f64 = 1e-5;

/// An upper bound is looked for so far above the lower one; beyond, a count is as good as free.
const FAR: i64 = 64;

/// How hidden counts were bounded.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) on_trees: usize,
    pub(super) by_program: usize,
    pub(super) by_neighbourhood: usize,
    pub(super) by_propagation: usize,
}

/// Narrows the bounds of hidden counts as far as the strength asks. With `free` given, a count that can be 0 and that
/// much more is left where it is: nothing will be found of it.
pub(super) fn tighten(
    system: &System,
    bounds: &mut Bounds,
    hidden: &[u32],
    strength: Strength,
    free: Option<i64>,
) -> Told {
    let mut told = Told::default();
    let core = core(system);
    let on_core: Vec<u32> = hidden.iter().copied().filter(|v| core[*v as usize]).collect();
    told.on_trees = hidden.len() - on_core.len();
    let Strength::Exact { max_variables } = strength else {
        told.by_propagation = on_core.len();
        return told;
    };
    let mut is_hidden = vec![false; system.variables()];
    let mut is_done = is_hidden.clone();
    on_core.iter().for_each(|v| is_hidden[*v as usize] = true);
    let mut parts = Vec::new();
    for variable in &on_core {
        if is_done[*variable as usize] {
            continue;
        }
        let part = around(system, &core, *variable, max_variables.max(1));
        // Of a part that was cut off somewhere, those near the middle; the others get a part of their own.
        let inner = if part.is_all { part.variables.len() } else { part.variables.len().div_ceil(2) };
        let asked: Vec<u32> = part.variables[..inner]
            .iter()
            .copied()
            .filter(|v| is_hidden[*v as usize] && !std::mem::replace(&mut is_done[*v as usize], true))
            .collect();
        parts.push((part, asked));
    }
    // Each part starts from the same bounds, so the answer does not depend on how many cores there are.
    let before: &Bounds = bounds;
    let solved: Vec<Option<Vec<(u32, Interval)>>> =
        parts.par_iter().map(|(part, asked)| solve(system, before, &part.variables, asked, free)).collect();
    let mut touched = Vec::new();
    for ((part, asked), narrowed) in parts.iter().zip(solved) {
        let count = match narrowed {
            Some(_) if part.is_all => &mut told.by_program,
            Some(_) => &mut told.by_neighbourhood,
            None => &mut told.by_propagation,
        };
        *count += asked.len();
        for (variable, new) in narrowed.into_iter().flatten() {
            let why = system.of(variable).iter().copied().min_by_key(|c| system.members(*c).len());
            let old = std::mem::replace(&mut bounds.intervals[variable as usize], new);
            let because = &mut bounds.because[variable as usize];
            if new.low > old.low {
                because[0] = why.unwrap_or(u32::MAX);
            }
            if new.high < old.high {
                because[1] = why.unwrap_or(u32::MAX);
            }
            touched.extend(system.of(variable));
        }
    }
    touched.sort_unstable();
    touched.dedup();
    system.continue_from(bounds, &touched);
    told
}

/// A part of the core, the nearest variables first.
struct Part {
    variables: Vec<u32>,
    is_all: bool,
}

/// What lies around a variable, at most so many. Sums of very many are not followed: what lies on their other side says
/// little, and would take the place of what lies near.
fn around(system: &System, core: &[bool], variable: u32, most: usize) -> Part {
    let mut seen: hashbrown::HashSet<u32> = hashbrown::HashSet::from_iter([variable]);
    let mut variables = vec![variable];
    let mut waiting = VecDeque::from([variable]);
    let mut long: Vec<u32> = Vec::new();
    while let Some(at) = waiting.pop_front() {
        for constraint in system.of(at) {
            let members = system.members(*constraint);
            if members.len() > most.div_ceil(4).max(2) {
                long.push(*constraint);
                continue;
            }
            for member in members.iter().filter(|member| core[**member as usize]) {
                if seen.insert(*member) {
                    if variables.len() == most {
                        return Part { variables, is_all: false };
                    }
                    variables.push(*member);
                    waiting.push_back(*member);
                }
            }
        }
    }
    // The part is everything when no long sum leads out of it.
    let leads_out = |constraint: &u32| {
        system.members(*constraint).iter().any(|member| core[*member as usize] && !seen.contains(member))
    };
    let is_all = !long.iter().any(leads_out);
    Part { variables, is_all }
}

/// A constraint over the part: coefficients, and what the sum lies between.
struct Row {
    terms: Vec<(usize, f64)>,
    low: Option<f64>,
    high: Option<f64>,
}

/// Those asked variables that get narrower bounds over the part; none when no table fits or the numbers fail.
fn solve(
    system: &System,
    bounds: &Bounds,
    part: &[u32],
    asked: &[u32],
    free: Option<i64>,
) -> Option<Vec<(u32, Interval)>> {
    let number: HashMap<u32, usize> = part.iter().enumerate().map(|(at, v)| (*v, at)).collect();
    let rows = rows(system, bounds, part, &number);
    let mut seen = vec![(f64::INFINITY, f64::NEG_INFINITY); part.len()];
    let all: Vec<usize> = asked.iter().map(|v| number[v]).collect();
    const SIDES: [OptimizationDirection; 2] = [OptimizationDirection::Minimize, OptimizationDirection::Maximize];
    for direction in SIDES {
        note(&mut seen, &optimum(bounds, part, &rows, &all, direction)?);
    }
    let mut narrowed = Vec::new();
    for variable in asked {
        let at = number[variable];
        let old = bounds.intervals[*variable as usize];
        let mut new = old;
        for (side, direction) in SIDES.into_iter().enumerate() {
            let (least, most) = seen[at];
            let is_seen = if side == 0 { least <= old.low as f64 + SLACK } else { most >= old.high as f64 - SLACK };
            let is_free = free.is_some_and(|free| least <= SLACK && most - least >= free as f64 - SLACK);
            if is_seen || is_free {
                continue;
            }
            let values = optimum(bounds, part, &rows, &[at], direction)?;
            note(&mut seen, &values);
            if side == 0 {
                new.low = new.low.max((values[at] - SLACK).ceil() as i64);
            } else if values[at] < (old.low + FAR) as f64 - SLACK {
                new.high = new.high.min((values[at] + SLACK).floor() as i64);
            }
        }
        if new != old {
            narrowed.push((*variable, new));
        }
    }
    Some(narrowed)
}

fn note(seen: &mut [(f64, f64)], values: &[f64]) {
    for (seen, value) in seen.iter_mut().zip(values) {
        *seen = (seen.0.min(*value), seen.1.max(*value));
    }
}

/// Constraints with at least two variables of the part; the other members count with their bounds.
fn rows(system: &System, bounds: &Bounds, part: &[u32], number: &HashMap<u32, usize>) -> Vec<Row> {
    let mut constraints: Vec<u32> = part.iter().flat_map(|v| system.of(*v)).copied().collect();
    constraints.sort_unstable();
    constraints.dedup();
    let mut rows = Vec::new();
    for constraint in constraints.into_iter().filter(|c| !bounds.contradictions.contains(c)) {
        let (mut terms, mut low, mut high) = (Vec::new(), 0, 0);
        for (place, member) in system.members(constraint).iter().enumerate() {
            let sign = if place == 0 { 1 } else { -1 };
            match number.get(member) {
                Some(at) => terms.push((*at, f64::from(sign))),
                None => {
                    let of = bounds.intervals[*member as usize];
                    low += if sign > 0 { of.low } else { -of.high };
                    high += if sign > 0 { of.high } else { -of.low };
                }
            }
        }
        // Parent less children is nothing, or not less than nothing; what is outside the part takes its share.
        let low_of = (high < OPEN / 2).then_some(-high as f64);
        let high_of = (system.is_whole(constraint) && low > -OPEN / 2).then_some(-low as f64);
        if terms.len() > 1 && (low_of.is_some() || high_of.is_some()) {
            rows.push(Row { terms, low: low_of, high: high_of });
        }
    }
    rows
}

/// A table that makes the sum of the `wanted` least or most.
fn optimum(
    bounds: &Bounds,
    part: &[u32],
    rows: &[Row],
    wanted: &[usize],
    direction: OptimizationDirection,
) -> Option<Vec<f64>> {
    let mut problem = Problem::new(direction);
    let mut weights = vec![0.0; part.len()];
    wanted.iter().for_each(|at| weights[*at] = 1.0);
    let variables: Vec<Variable> = part
        .iter()
        .zip(&weights)
        .map(|(variable, weight)| {
            let of = bounds.intervals[*variable as usize];
            let high = if of.high < OPEN {
                of.high as f64
            } else if *weight > 0.0 {
                (of.low + FAR) as f64
            } else {
                f64::INFINITY
            };
            problem.add_var(*weight, (of.low as f64, high))
        })
        .collect();
    for row in rows {
        let terms = || row.terms.iter().map(|(at, sign)| (variables[*at], *sign)).collect::<Vec<_>>();
        match (row.low, row.high) {
            (Some(low), Some(high)) if low >= high => problem.add_constraint(terms(), ComparisonOp::Eq, low),
            (low, high) => {
                if let Some(low) = low {
                    problem.add_constraint(terms(), ComparisonOp::Ge, low);
                }
                if let Some(high) = high {
                    problem.add_constraint(terms(), ComparisonOp::Le, high);
                }
            }
        }
    }
    let solution = problem.solve().ok()?.into_solution().ok()?;
    Some(variables.iter().map(|variable| solution.var_value(*variable)).collect())
}
/// Which variables lie on cycles, or between them, or in a sum with such: what is left when whatever hangs by one link
/// is taken off, again and again.
fn core(system: &System) -> Vec<bool> {
    let mut degree: Vec<usize> = (0..system.variables() as u32).map(|v| system.of(v).len()).collect();
    let mut size: Vec<usize> = (0..system.len() as u32).map(|c| system.members(c).len()).collect();
    let mut is_in = vec![true; degree.len()];
    let mut is_off = vec![false; size.len()];
    let mut waiting: Vec<u32> = (0..system.variables() as u32).filter(|v| degree[*v as usize] <= 1).collect();
    while let Some(variable) = waiting.pop() {
        if !std::mem::replace(&mut is_in[variable as usize], false) {
            continue;
        }
        for constraint in system.of(variable) {
            size[*constraint as usize] -= 1;
            if is_off[*constraint as usize] || size[*constraint as usize] > 1 {
                continue;
            }
            is_off[*constraint as usize] = true;
            for other in system.members(*constraint).iter().filter(|v| is_in[**v as usize]) {
                degree[*other as usize] -= 1;
                if degree[*other as usize] <= 1 {
                    waiting.push(*other);
                }
            }
        }
    }
    // What hangs on a sum that stays is bound by several of its members at once, so it stays too.
    for constraint in (0..system.len() as u32).filter(|c| !is_off[*c as usize]) {
        for member in system.members(constraint) {
            is_in[*member as usize] = true;
        }
    }
    is_in
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::system::tests::small;
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        // Rows and columns of a table are a network, whose corners are whole numbers: the hull of the program is the
        // hull of the tables.
        #[test]
        fn on_the_cycles_of_a_two_way_table_programs_give_what_trying_every_table_gives(small in small(true)) {
            let system = small.system();
            let mut bounds = system.propagate(&small.starts);
            let all: Vec<u32> = (0..small.starts.len() as u32).collect();
            let told = tighten(&system, &mut bounds, &all, Strength::Exact { max_variables: 20 }, None);
            prop_assert_eq!((told.on_trees, told.by_program), (0, 8));
            prop_assert_eq!(bounds.intervals, small.hull());
        }

        #[test]
        fn a_neighbourhood_is_never_narrower_than_the_tables_there_are(small in small(true), most in 1usize..4) {
            let system = small.system();
            let mut bounds = system.propagate(&small.starts);
            let all: Vec<u32> = (0..small.starts.len() as u32).collect();
            let told = tighten(&system, &mut bounds, &all, Strength::Exact { max_variables: most }, None);
            prop_assert_eq!(told.by_program, 0);
            for (bound, hull) in bounds.intervals.iter().zip(small.hull()) {
                prop_assert!(bound.low <= hull.low && hull.high <= bound.high);
            }
        }

        #[test]
        fn on_trees_programs_over_everything_give_what_propagation_gives(small in small(false)) {
            let system = small.system();
            let bounds = system.propagate(&small.starts);
            let all: Vec<u32> = (0..small.starts.len() as u32).collect();
            let start = Bounds { intervals: small.starts.clone(), ..bounds.clone() };
            let mut by_program = small.starts.clone();
            for (variable, narrowed) in solve(&system, &start, &all, &all, None).expect("the truth fits") {
                by_program[variable as usize] = narrowed;
            }
            prop_assert_eq!(by_program, bounds.intervals);
        }
    }

    #[test]
    fn a_cycle_that_propagation_cannot_see_through_is_seen_through() {
        // a + b = 1 and b + c = 1, so a = c, and a + c is 0 or 1, so both are 0. Each sum alone leaves 0 to 1.
        let unit = Interval { low: 0, high: 1 };
        let is = |n| Interval { low: n, high: n };
        let system = System::new(6, &[(3, vec![0, 1], true), (4, vec![1, 2], true), (5, vec![0, 2], true)]);
        let mut bounds = system.propagate(&[unit, unit, unit, is(1), is(1), unit]);
        assert_eq!(bounds.intervals[0], unit);
        tighten(&system, &mut bounds, &[0], Strength::Exact { max_variables: 10 }, None);
        assert_eq!((bounds.intervals[0], bounds.intervals[1]), (is(0), is(1)));
    }
}
