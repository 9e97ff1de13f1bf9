//! Statements of one or more releases as unknown counts: one variable for each place, category and period.

use hashbrown::HashMap;

use super::system::{Interval, OPEN};
use super::{Category, Claims, Place, Shown};
use crate::domain::Period;

/// A cell by the numbers of its place, category and period.
pub(super) type Cell = (u32, u32, u32);

/// First day and the day after the last, counted from year 1.
pub(super) type Days = (i32, i32);

/// What a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number is shown.
    Shown,
    /// "Under the least", with its most in the natural reading.
    Hidden(i64),
    /// Nothing is said, or nothing any more.
    Silent,
    /// A count that nobody states: a quarter made of months, a part of a square.
    Derived,
}

/// A variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variable {
    pub(super) kind: Kind,
    /// What is stated; [`Interval::ANY`] for hidden ones.
    pub(super) stated: Interval,
    /// The statement: which claims, which of them.
    pub(super) at: Option<(u32, u32)>,
    pub(super) cell: Option<Cell>,
}

/// Everything stated, each cell once.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) places: Vec<Place>,
    pub(super) categories: Vec<Category>,
    pub(super) periods: Vec<Days>,
    pub(super) variables: Vec<Variable>,
    pub(super) by_cell: HashMap<Cell, u32>,
    /// What was stated of cells that are stated more than once, in order.
    repeated: HashMap<u32, Vec<Variable>>,
    place_numbers: HashMap<Place, u32>,
    category_numbers: HashMap<Category, u32>,
    period_numbers: HashMap<Days, u32>,
}

/// What a statement says of a count.
pub(super) fn interval(shown: Shown, least: u32, round_to: u32) -> (Kind, Interval) {
    match shown {
        Shown::About(number) => {
            let v = i64::from(number);
            let half = i64::from(round_to / 2);
            // A number that obeys the form was rounded; any other is taken at its word.
            let rounded = round_to > 0 && number.is_multiple_of(round_to) && number >= least;
            let stated = if rounded {
                Interval { low: (v - half).max(i64::from(least)), high: v + i64::from(round_to.saturating_sub(1) / 2) }
            } else {
                Interval { low: v, high: v }
            };
            (Kind::Shown, stated)
        }
        Shown::UnderLeast => (Kind::Hidden(i64::from(least.saturating_sub(1))), Interval::ANY),
        Shown::NotDivided => (Kind::Silent, Interval::ANY),
    }
}

/// Days of a period.
pub(super) fn days(period: &Period) -> Days {
    let day = |date: jiff::civil::Date| {
        let (year, of_year) = (i32::from(date.year()) - 1, i32::from(date.day_of_year()));
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
    };
    (day(period.start()), day(period.end()))
}

impl Pool {
    /// Of all claims together. A cell that two of them state has what both say when that is possible, for it is
    /// unchanged then; otherwise the later one holds, and the earlier is attacked alone.
    pub(super) fn new(claims: &[(usize, &Claims)]) -> Self {
        let mut pool = Self::default();
        for (number, claims) in claims {
            for (index, statement) in claims.statements.iter().enumerate() {
                let place = pool.place(&statement.place);
                let category = pool.category(&statement.category);
                let period = pool.period(days(&statement.period));
                let cell = (place, category, period);
                let (kind, stated) = interval(statement.shown, claims.least, claims.round_to);
                let new = Variable { kind, stated, at: Some((*number as u32, index as u32)), cell: Some(cell) };
                match pool.by_cell.get(&cell) {
                    None => {
                        pool.by_cell.insert(cell, pool.variables.len() as u32);
                        pool.variables.push(new);
                    }
                    Some(at) => {
                        let old = &mut pool.variables[*at as usize];
                        pool.repeated.entry(*at).or_insert_with(|| vec![*old]).push(new);
                        *old = joined(*old, new);
                    }
                }
            }
        }
        pool
    }

    /// Every statement with its variable.
    pub(super) fn statements(&self) -> impl Iterator<Item = ((u32, u32), u32)> {
        let once = self.variables.iter().enumerate().filter_map(|(at, variable)| Some((variable.at?, at as u32)));
        let repeated = self.repeated.iter().flat_map(|(at, all)| all.iter().filter_map(|v| Some((v.at?, *at))));
        once.chain(repeated)
    }

    /// Takes one statement of a variable back.
    pub(super) fn withdraw(&mut self, variable: u32, at: (u32, u32)) {
        let silent = |of: Variable| Variable { kind: Kind::Silent, stated: Interval::ANY, ..of };
        let now = &mut self.variables[variable as usize];
        match self.repeated.get_mut(&variable) {
            None => *now = silent(*now),
            Some(all) => {
                for one in all.iter_mut().filter(|one| one.at == Some(at)) {
                    *one = silent(*one);
                }
                *now = all[1..].iter().fold(all[0], |a, b| joined(a, *b));
            }
        }
    }

    /// The number of a place.
    pub(super) fn place(&mut self, place: &Place) -> u32 {
        number(&mut self.place_numbers, &mut self.places, place)
    }

    /// The number of a category.
    pub(super) fn category(&mut self, category: &Category) -> u32 {
        number(&mut self.category_numbers, &mut self.categories, category)
    }

    /// The number of a period.
    pub(super) fn period(&mut self, period: Days) -> u32 {
        number(&mut self.period_numbers, &mut self.periods, &period)
    }

    /// The variable of a place, category and period, if there is one.
    pub(super) fn find(&self, place: &Place, category: &Category, period: Days) -> Option<u32> {
        let cell = (
            *self.place_numbers.get(place)?,
            *self.category_numbers.get(category)?,
            *self.period_numbers.get(&period)?,
        );
        self.by_cell.get(&cell).copied()
    }

    /// The variable of a cell; a derived one where nothing is stated.
    pub(super) fn cell(&mut self, cell: Cell) -> u32 {
        if let Some(at) = self.by_cell.get(&cell) {
            return *at;
        }
        let at = self.derived(Some(cell));
        self.by_cell.insert(cell, at);
        at
    }

    /// A variable that nobody states.
    pub(super) fn derived(&mut self, cell: Option<Cell>) -> u32 {
        self.variables.push(Variable { kind: Kind::Derived, stated: Interval::ANY, at: None, cell });
        self.variables.len() as u32 - 1
    }
}

fn number<T: Clone + Eq + std::hash::Hash>(numbers: &mut HashMap<T, u32>, all: &mut Vec<T>, of: &T) -> u32 {
    if let Some(at) = numbers.get(of) {
        return *at;
    }
    all.push(of.clone());
    numbers.insert(of.clone(), all.len() as u32 - 1);
    all.len() as u32 - 1
}

/// Two statements of one cell. The later keeps its name; a number stays shown when one of them shows it.
fn joined(old: Variable, new: Variable) -> Variable {
    let natural = |v: Variable| match v.kind {
        Kind::Hidden(most) => Interval { low: 0, high: most },
        _ => v.stated,
    };
    let Some(both) = natural(old).and(natural(new)) else { return new };
    match (old.kind, new.kind) {
        (_, Kind::Silent | Kind::Derived) => old,
        (Kind::Silent | Kind::Derived, _) => new,
        (Kind::Hidden(a), Kind::Hidden(b)) => Variable { kind: Kind::Hidden(a.min(b)), ..new },
        // A hidden count that another release shows: hidden still, and known to be what both say.
        (Kind::Hidden(_), _) => Variable { kind: old.kind, stated: both, ..old },
        (_, Kind::Hidden(_)) => Variable { stated: both, ..new },
        _ => Variable { stated: both, ..new },
    }
}

/// What a variable starts with in one of the two readings of "under the least".
pub(super) fn start(variable: &Variable, is_natural: bool) -> Interval {
    match variable.kind {
        Kind::Hidden(most) if is_natural => Interval { low: variable.stated.low, high: variable.stated.high.min(most) },
        _ => Interval { low: variable.stated.low, high: variable.stated.high.min(OPEN) },
    }
}
