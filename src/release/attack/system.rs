//! Unknown counts and what binds them: `parent = children` or `parent >= children`, every coefficient one.
//!
//! Bounds are passed along until nothing moves (Davis 1987, "Constraint propagation with interval labels"). All
//! bounds are whole numbers. Where the constraints form a tree this is exact: each variable's interval is the set of
//! values it takes in some solution, because each constraint alone lets every value of its interval be completed, and
//! in a tree no two completions meet. On cycles it can be too wide, never too narrow; [`super::exact`] is for those.
//!
//! Constraints lie one after another in one list of variables, the parent first, and each variable knows its
//! constraints the same way, so a pass walks memory forwards. Cost: a few visits of each constraint.

/// Above every count: no upper bound.
pub(super) const OPEN: i64 = 1 << 40;

/// Visits of a constraint, on average, after which propagation stops where it is: wider than need be, and still true.
const VISITS: usize = 64;

/// Whole numbers from `low` to `high`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Interval {
    /// No knowledge.
    pub(super) const ANY: Self = Self { low: 0, high: OPEN };

    /// What both say; none when they contradict each other.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let both = Self { low: self.low.max(other.low), high: self.high.min(other.high) };
        (both.low <= both.high).then_some(both)
    }

    /// Whether it lies inside 1 to 9: some, and too few (`least - 1`).
    pub(super) fn is_few(self, least: u32) -> bool {
        self.low >= 1 && self.high < i64::from(least)
    }
}

/// The constraints. Variables are numbers from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct System {
    /// Variables of all constraints, parent first.
    members: Vec<u32>,
    /// Where each constraint begins in `members`; one more at the end.
    starts: Vec<u32>,
    /// Whether children make up the parent, or only part of it.
    whole: Vec<bool>,
    /// Constraints of each variable, and where they begin.
    of_variable: Vec<u32>,
    of_starts: Vec<u32>,
}

/// A fixpoint.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// By variable.
    pub(super) intervals: Vec<Interval>,
    /// The constraint that last moved each variable's lower and upper bound; `u32::MAX` where none did.
    pub(super) because: Vec<[u32; 2]>,
    /// Constraints that contradict what the others say; they were left out.
    pub(super) contradictions: Vec<u32>,
    /// Whether nothing moved any more.
    pub(super) settled: bool,
}

impl System {
    /// From constraints: parent, children, whether they are the whole of it.
    pub(super) fn new(variables: usize, constraints: &[(u32, Vec<u32>, bool)]) -> Self {
        let mut system = Self { starts: vec![0], ..Self::default() };
        for (parent, children, whole) in constraints {
            system.members.push(*parent);
            system.members.extend(children);
            system.starts.push(system.members.len() as u32);
            system.whole.push(*whole);
        }
        let mut count = vec![0u32; variables + 1];
        for member in &system.members {
            count[*member as usize + 1] += 1;
        }
        for at in 1..count.len() {
            count[at] += count[at - 1];
        }
        system.of_starts.clone_from(&count);
        system.of_variable = vec![0; system.members.len()];
        for constraint in 0..system.len() {
            for at in system.starts[constraint]..system.starts[constraint + 1] {
                let place = &mut count[system.members[at as usize] as usize];
                system.of_variable[*place as usize] = constraint as u32;
                *place += 1;
            }
        }
        system
    }

    /// How many constraints.
    pub(super) fn len(&self) -> usize {
        self.whole.len()
    }

    /// How many variables.
    pub(super) fn variables(&self) -> usize {
        self.of_starts.len() - 1
    }

    /// Parent, then children.
    pub(super) fn members(&self, constraint: u32) -> &[u32] {
        let at = constraint as usize;
        &self.members[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Whether its children are the whole of the parent.
    pub(super) fn is_whole(&self, constraint: u32) -> bool {
        self.whole[constraint as usize]
    }

    /// Constraints a variable is in.
    pub(super) fn of(&self, variable: u32) -> &[u32] {
        let at = variable as usize;
        &self.of_variable[self.of_starts[at] as usize..self.of_starts[at + 1] as usize]
    }

    /// Passes bounds along until nothing moves. A constraint that cannot hold is left out and named.
    pub(super) fn propagate(&self, start: &[Interval]) -> Bounds {
        let mut bounds = Bounds {
            intervals: start.to_vec(),
            because: vec![[u32::MAX; 2]; start.len()],
            contradictions: Vec::new(),
            settled: true,
        };
        let all: Vec<u32> = (0..self.len() as u32).rev().collect();
        self.continue_from(&mut bounds, &all);
        bounds
    }

    /// The same, after the bounds of some variables were narrowed: `touched` are the constraints to look at first.
    pub(super) fn continue_from(&self, bounds: &mut Bounds, touched: &[u32]) {
        let mut waiting = vec![false; self.len()];
        let mut out = vec![false; self.len()];
        for constraint in &bounds.contradictions {
            out[*constraint as usize] = true;
        }
        let mut now: Vec<u32> = touched.to_vec();
        let mut next = Vec::new();
        let mut budget = VISITS * self.len().max(16);
        let mut moved = Vec::new();
        while !now.is_empty() {
            for constraint in now.drain(..) {
                waiting[constraint as usize] = false;
                if out[constraint as usize] {
                    continue;
                }
                if budget == 0 {
                    bounds.settled = false;
                    return;
                }
                budget -= 1;
                moved.clear();
                if !self.tighten(constraint, bounds, &mut moved) {
                    out[constraint as usize] = true;
                    bounds.contradictions.push(constraint);
                    continue;
                }
                for variable in &moved {
                    for other in self.of(*variable) {
                        if *other != constraint && !waiting[*other as usize] {
                            waiting[*other as usize] = true;
                            next.push(*other);
                        }
                    }
                }
            }
            std::mem::swap(&mut now, &mut next);
        }
    }

    /// One constraint; false when it cannot hold. One look is enough: its own bounds do not feed back to it.
    fn tighten(&self, constraint: u32, bounds: &mut Bounds, moved: &mut Vec<u32>) -> bool {
        let members = self.members(constraint);
        let whole = self.is_whole(constraint);
        let (parent, children) = (members[0], &members[1..]);
        let (mut low, mut high) = (0, 0);
        for child in children {
            let of = bounds.intervals[*child as usize];
            low += of.low;
            high += of.high;
        }
        let old = bounds.intervals[parent as usize];
        let most = if whole { high.min(OPEN) } else { OPEN };
        let Some(new) = old.and(Interval { low, high: most }) else { return false };
        if new.low > old.low {
            bounds.because[parent as usize][0] = constraint;
        }
        if new.high < old.high {
            bounds.because[parent as usize][1] = constraint;
        }
        if new != old {
            bounds.intervals[parent as usize] = new;
            moved.push(parent);
        }
        // What others leave for each child, with the sums as they were: a child's own part is taken off again.
        for child in children {
            let of = bounds.intervals[*child as usize];
            if new.high < OPEN && new.high - (low - of.low) < of.high {
                bounds.intervals[*child as usize].high = new.high - (low - of.low);
                bounds.because[*child as usize][1] = constraint;
                moved.push(*child);
            }
            if whole && new.low - (high - of.high) > of.low {
                bounds.intervals[*child as usize].low = new.low - (high - of.high);
                bounds.because[*child as usize][0] = constraint;
                moved.push(*child);
            }
        }
        true
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A small system with the table it was made from, which always fits it.
    #[derive(Clone, Debug)]
    pub(in super::super) struct Small {
        pub(in super::super) constraints: Vec<(u32, Vec<u32>, bool)>,
        pub(in super::super) starts: Vec<Interval>,
        pub(in super::super) truth: Vec<i64>,
    }

    impl Small {
        pub(in super::super) fn system(&self) -> System {
            System::new(self.starts.len(), &self.constraints)
        }

        /// The least and most of each variable over all whole-number tables, by trying every one.
        pub(in super::super) fn hull(&self) -> Vec<Interval> {
            let mut hull = vec![Interval { low: OPEN, high: -1 }; self.starts.len()];
            let mut table: Vec<i64> = self.starts.iter().map(|start| start.low).collect();
            loop {
                let holds = self.constraints.iter().all(|(parent, children, whole)| {
                    let sum: i64 = children.iter().map(|c| table[*c as usize]).sum();
                    if *whole { sum == table[*parent as usize] } else { sum <= table[*parent as usize] }
                });
                if holds {
                    for (hull, value) in hull.iter_mut().zip(&table) {
                        *hull = Interval { low: hull.low.min(*value), high: hull.high.max(*value) };
                    }
                }
                let Some(at) = (0..table.len()).find(|at| table[*at] < self.starts[*at].high) else { return hull };
                table[at] += 1;
                for (value, start) in table.iter_mut().zip(&self.starts).take(at) {
                    *value = start.low;
                }
            }
        }
    }

    /// Leaves are drawn, totals follow: a tree, or with `is_cyclic` rows and columns of one table.
    pub(in super::super) fn small(is_cyclic: bool) -> impl Strategy<Value = Small> {
        let leaf = prop::collection::vec(0..4i64, 4);
        let slack = prop::collection::vec((0..3i64, 0..3i64), 9);
        (leaf, slack, prop::collection::vec(any::<bool>(), 4)).prop_map(move |(leaf, slack, whole)| {
            let sum = |of: &[u32], more: bool| of.iter().map(|v| leaf[*v as usize]).sum::<i64>() + i64::from(!more);
            let (mut constraints, mut truth) = (Vec::new(), leaf.clone());
            let groups: &[&[u32]] = if is_cyclic { &[&[0, 1], &[2, 3], &[0, 2], &[1, 3]] } else { &[&[0, 1], &[2, 3]] };
            for (group, whole) in groups.iter().zip(&whole) {
                constraints.push((truth.len() as u32, group.to_vec(), *whole));
                truth.push(sum(group, *whole));
            }
            if !is_cyclic {
                constraints.push((6, vec![4, 5], whole[2]));
                truth.push(truth[4] + truth[5] + i64::from(!whole[2]));
            }
            let interval = |(value, (below, above)): (&i64, &(i64, i64))| Interval {
                low: (value - below).max(0),
                high: value + above,
            };
            let starts = truth.iter().zip(&slack).map(interval).collect();
            Small { constraints, starts, truth }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn on_trees_propagation_gives_what_trying_every_table_gives(small in small(false)) {
            let bounds = small.system().propagate(&small.starts);
            prop_assert_eq!(bounds.intervals, small.hull());
            prop_assert!(bounds.settled && bounds.contradictions.is_empty());
        }

        #[test]
        fn on_cycles_propagation_is_never_narrower_than_the_tables_there_are(small in small(true)) {
            let bounds = small.system().propagate(&small.starts);
            for ((bound, hull), truth) in bounds.intervals.iter().zip(small.hull()).zip(&small.truth) {
                prop_assert!(bound.low <= hull.low && hull.high <= bound.high);
                prop_assert!(bound.low <= *truth && *truth <= bound.high);
            }
        }
    }

    #[test]
    fn what_the_parts_leave_is_passed_on_and_its_reason_named() {
        // 100 (98 to 102) = 40 + 40 (38 to 42 each) + hidden; hidden = two more hidden ones.
        let any = Interval::ANY;
        let about = |v: i64| Interval { low: v - 2, high: v + 2 };
        let system = System::new(6, &[(0, vec![1, 2, 3], true), (3, vec![4, 5], true)]);
        let bounds = system.propagate(&[about(100), about(40), about(40), any, any, any]);
        assert_eq!(bounds.intervals[3], Interval { low: 14, high: 26 });
        assert_eq!(bounds.intervals[4], Interval { low: 0, high: 26 });
        assert_eq!((bounds.because[3], bounds.because[4]), ([0, 0], [u32::MAX, 1]));
    }

    #[test]
    fn a_constraint_that_cannot_hold_is_left_out_and_named() {
        let about = |v: i64| Interval { low: v - 2, high: v + 2 };
        let few = Interval { low: 0, high: 9 };
        let system = System::new(4, &[(0, vec![1, 2], true), (3, vec![2], false)]);
        let bounds = system.propagate(&[about(100), about(40), few, about(5)]);
        assert_eq!(bounds.contradictions, [0]);
        assert_eq!(bounds.intervals[2], Interval { low: 0, high: 7 });
    }
}
