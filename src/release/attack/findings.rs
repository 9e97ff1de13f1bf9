//! The attack as a whole: which systems are solved, in which readings, and what counts as found.

use hashbrown::{HashMap, HashSet};

use super::pool::{Kind, Pool, start};
use super::relations::{self, Relations};
use super::system::{Bounds, Interval, OPEN, System};
use super::{By, Category, Claims, Finding, Outcome, Place, Rule, Shown, Strength, differencing, exact, form};

/// Hidden counts of which the most and the least differ by less than this are found (X1).
const LEAST_SPREAD: i64 = 5;

/// How often contradictions of the natural reading are looked for: each time at least one count leaves it.
const PASSES: usize = 64;

/// Releases under attack. Statements can be withdrawn, and the attack run again without building anything again:
/// what is withdrawn is neither known nor hidden any more.
#[derive(Debug)]
pub struct Attack<'a> {
    claims: &'a [Claims],
    strength: Strength,
    /// Each claims alone, then all together where there are several.
    sieges: Vec<Siege>,
    withdrawn: HashSet<(usize, usize)>,
}

/// One set of claims with everything that binds its counts.
#[derive(Debug)]
pub(super) struct Siege {
    pub(super) pool: Pool,
    pub(super) relations: Relations,
    pub(super) system: System,
    by_statement: HashMap<(u32, u32), u32>,
}

impl Siege {
    fn new(claims: &[(usize, &Claims)]) -> Self {
        let mut pool = Pool::new(claims);
        let (relations, system) = relations::build(&mut pool, claims);
        let by_statement = pool.statements().collect();
        Self { pool, relations, system, by_statement }
    }

    /// Statements of a constraint, the parent first.
    pub(super) fn through(&self, constraint: u32) -> Vec<(usize, usize)> {
        let stated = self.system.members(constraint).iter().filter_map(|v| self.at(*v));
        stated.collect()
    }

    /// The statement of a variable.
    pub(super) fn at(&self, variable: u32) -> Option<(usize, usize)> {
        self.pool.variables[variable as usize].at.map(|(claims, index)| (claims as usize, index as usize))
    }
}

impl<'a> Attack<'a> {
    /// Builds what binds the counts. Cost: a second for a hundred thousand statements.
    pub fn new(claims: &'a [Claims], strength: Strength) -> Self {
        let all: Vec<(usize, &Claims)> = claims.iter().enumerate().collect();
        let mut sieges: Vec<Siege> = all.iter().map(|one| Siege::new(&[*one])).collect();
        if all.len() > 1 {
            sieges.push(Siege::new(&all));
        }
        Self { claims, strength, sieges, withdrawn: HashSet::new() }
    }

    /// Takes a statement back, as if it said "not divided".
    pub fn withdraw(&mut self, at: (usize, usize)) {
        self.withdrawn.insert(at);
        for siege in &mut self.sieges {
            if let Some(variable) = siege.by_statement.get(&(at.0 as u32, at.1 as u32)) {
                siege.pool.withdraw(*variable, (at.0 as u32, at.1 as u32));
            }
        }
    }

    /// Attacks. Cost: see [`Strength`].
    pub fn run(&self) -> Outcome {
        let mut outcome = Outcome { settled: true, ..Outcome::default() };
        let mut alone = Vec::new();
        for siege in &self.sieges {
            for is_natural in [true, false] {
                let (bounds, is_whole) = self.solve(siege, is_natural, &mut outcome);
                self.narrow(siege, &bounds, &mut outcome.findings);
                differencing::findings(siege, &bounds, self.claims, &mut outcome.findings);
                if is_natural {
                    alone.push(bounds);
                    // The natural reading knows all that the other knows, and more, unless it had to leave sums out.
                    if is_whole {
                        break;
                    }
                }
            }
        }
        differencing::between_releases(&self.sieges[..self.claims.len()], &alone, self.claims, &mut outcome.findings);
        for (number, claims) in self.claims.iter().enumerate() {
            outcome.findings.extend(differencing::grid(number, claims));
            let is_withdrawn = |index| self.withdrawn.contains(&(number, index));
            outcome.findings.extend(form::findings(number, claims, is_withdrawn));
        }
        outcome.findings.sort_by(|a, b| (a.rule, a.at, a.by, &a.through).cmp(&(b.rule, b.at, b.by, &b.through)));
        // The natural reading comes first and is the narrower one.
        outcome.findings.dedup_by(|b, a| (a.rule, a.at, a.by) == (b.rule, b.at, b.by) && a.through == b.through);
        outcome
    }

    /// Bounds of every count in one reading, and whether every sum took part in them.
    fn solve(&self, siege: &Siege, is_natural: bool, outcome: &mut Outcome) -> (Bounds, bool) {
        let mut natural: Vec<bool> = siege.pool.variables.iter().map(|_| is_natural).collect();
        let mut bounds;
        let mut contradictions = HashSet::new();
        let mut pass = 0;
        loop {
            let starts: Vec<Interval> = siege
                .pool
                .variables
                .iter()
                .zip(&natural)
                .map(|(variable, natural)| start(variable, *natural))
                .collect();
            bounds = siege.system.propagate(&starts);
            pass += 1;
            let mut has_changed = false;
            for constraint in &bounds.contradictions {
                contradictions.insert(*constraint);
                for variable in blamed(siege, &bounds, &natural, *constraint) {
                    natural[variable as usize] = false;
                    has_changed = true;
                }
            }
            if !has_changed || pass == PASSES {
                break;
            }
        }
        let hidden: Vec<u32> = (0..siege.pool.variables.len() as u32)
            .filter(|v| matches!(siege.pool.variables[*v as usize].kind, Kind::Hidden(_)))
            .collect();
        let told = exact::tighten(&siege.system, &mut bounds, &hidden, self.strength, Some(LEAST_SPREAD));
        outcome.settled &= bounds.settled;
        if is_natural {
            outcome.hidden += hidden.len();
            outcome.constraints += siege.system.len();
            outcome.contradictions += contradictions.len();
            outcome.on_trees += told.on_trees;
            outcome.by_program += told.by_program;
            outcome.by_neighbourhood += told.by_neighbourhood;
            outcome.by_propagation += told.by_propagation;
        }
        let has_failed = self.strength != Strength::Propagate && told.by_propagation > 0;
        let is_whole = bounds.contradictions.is_empty() && !has_failed;
        (bounds, is_whole)
    }

    /// X1.
    fn narrow(&self, siege: &Siege, bounds: &Bounds, found: &mut Vec<Finding>) {
        for (variable, of) in siege.pool.variables.iter().enumerate() {
            let interval = bounds.intervals[variable];
            let is_found = interval.high - interval.low < LEAST_SPREAD || interval.low >= 1;
            let (Kind::Hidden(_), Some(at), true) = (of.kind, siege.at(variable as u32), is_found) else { continue };
            let side = usize::from(interval.low == 0);
            let because = bounds.because[variable];
            let constraint = if because[side] == u32::MAX { because[1 - side] } else { because[side] };
            let (by, through) = match constraint {
                u32::MAX => (By::Releases, Vec::new()),
                _ => (siege.relations.by[constraint as usize], siege.through(constraint)),
            };
            let text = format!(
                "{}: hidden, and it can only be {}, {}",
                words(&self.claims[at.0], at.1),
                range(interval),
                because_of(by)
            );
            found.push(finding(Rule::X1, by, at, through, interval, text));
        }
    }
}

/// The hidden counts whose natural reading a contradiction speaks against: those in it, or else those that moved the
/// bounds of what is in it.
fn blamed(siege: &Siege, bounds: &Bounds, natural: &[bool], constraint: u32) -> Vec<u32> {
    let mut seen: HashSet<u32> = HashSet::from_iter([constraint]);
    let mut layer = vec![constraint];
    while !layer.is_empty() {
        let members: Vec<u32> = layer.iter().flat_map(|c| siege.system.members(*c)).copied().collect();
        let is_hidden =
            |v: &u32| natural[*v as usize] && matches!(siege.pool.variables[*v as usize].kind, Kind::Hidden(_));
        let hidden: Vec<u32> = members.iter().copied().filter(is_hidden).collect();
        if !hidden.is_empty() {
            return hidden;
        }
        let causes = members.iter().flat_map(|v| bounds.because[*v as usize]).filter(|cause| *cause != u32::MAX);
        layer = causes.filter(|cause| seen.insert(*cause)).collect();
    }
    Vec::new()
}

/// A finding with its interval.
pub(super) fn finding(
    rule: Rule,
    by: By,
    at: (usize, usize),
    through: Vec<(usize, usize)>,
    interval: Interval,
    text: String,
) -> Finding {
    let whole = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let high = (interval.high < OPEN).then(|| whole(interval.high));
    Finding { rule, by, at, through, low: whole(interval.low.max(0)), high, text }
}

/// `3`, `3 to 5` or `at least 3`.
pub(super) fn range(interval: Interval) -> String {
    match interval {
        Interval { low, high } if high >= OPEN => format!("at least {low}"),
        Interval { low, high } if low == high => low.to_string(),
        Interval { low, high } => format!("{low} to {high}"),
    }
}

/// The kind of sum in words.
pub(super) fn because_of(by: By) -> &'static str {
    match by {
        By::Itself => "by itself",
        By::Periods => "from the shorter and longer periods of the same place",
        By::Categories => "from the categories and totals of the same place",
        By::Squares => "from the squares in the larger square",
        By::Areas => "from the areas of the municipality",
        By::SquaresOfArea => "from the squares in the area",
        By::AreasOfSquare => "from the areas in the square",
        By::Contained => "from a place, period or category that contains it",
        By::Releases => "from another release",
    }
}

/// A statement in words.
pub(super) fn words(claims: &Claims, index: usize) -> String {
    let statement = &claims.statements[index];
    let place = match &statement.place {
        Place::Municipality => "the municipality".to_string(),
        Place::Area(id) => format!("area {id}"),
        Place::Square { cell_m, x_m, y_m } => format!("square-{cell_m}-{x_m}-{y_m}"),
    };
    let category = match &statement.category {
        Category::All => "all",
        Category::NotSensitive => "not_sensitive",
        Category::One(code) => code,
    };
    let shown = match statement.shown {
        Shown::About(number) => format!("about {number}"),
        Shown::UnderLeast => format!("under {}", claims.least),
        Shown::NotDivided => "not divided".to_string(),
    };
    format!("release {}, {place}, {category}, {} ({shown})", claims.release, statement.period.word())
}
