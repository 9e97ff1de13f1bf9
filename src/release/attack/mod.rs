//! The attacker: takes everything that is public and tries to compute what is hidden.
//!
//! Each shown number says that a count lies within the rounding, each "under 10" that it lies in 0 to 9 (the natural
//! reading) or anywhere at all (too few days or reporters hide a large count too); both are tried. What binds the
//! counts is plain arithmetic: months make quarters, categories make totals, four squares make one, areas and squares
//! share parts. From that follow
//!
//! - **X1**: a hidden count known to less than five numbers, or known not to be zero;
//! - **X2**: a difference of two public counts that is known to be 1 to 9, also of a release and its revision, and a
//!   grid that is not the one nested grid;
//! - **Form**: leaks that need no arithmetic, such as a zero or a number that was not rounded.
//!
//! After Dalenius' and Cox's suppression audits; see `docs/publishing.md`. What it assumes beyond the numbers: a square
//! that is not listed holds no report, the categories of a place are all there are, and a part of less than a square
//! metre holds nothing.

mod areas;
mod differencing;
mod exact;
mod findings;
mod form;
mod overlay;
mod pool;
mod relations;
mod squares;
mod system;
#[cfg(test)]
mod tests;

use crate::domain::{Id, Period};
pub use findings::Attack;

/// Where a public number belongs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The whole municipality, with and without position.
    Municipality,
    /// A public area.
    Area(Id),
    /// A square of the grid by its lower left corner in the plane.
    Square {
        /// Side, metres.
        cell_m: u32,
        /// Easting of the lower left corner, metres.
        x_m: i64,
        /// Northing of the lower left corner, metres.
        y_m: i64,
    },
}

/// Which reports it counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// All.
    All,
    /// All but the sensitive ones: what is counted below the municipality.
    NotSensitive,
    /// One category.
    One(String),
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    /// About so many: a multiple of the rounding, from the threshold on.
    About(u32),
    /// Under the threshold, zero included; or too few days or reporters.
    UnderLeast,
    /// Not divided: a larger place has the number.
    NotDivided,
}

/// One public number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// Where.
    pub place: Place,
    /// What.
    pub category: Category,
    /// When.
    pub period: Period,
    /// How many.
    pub shown: Shown,
}

/// All that one release states.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// Its number.
    pub release: u32,
    /// Its numbers.
    pub statements: Vec<Statement>,
    /// Its areas, in the plane of the squares (metres).
    pub areas: Vec<(Id, geo::MultiPolygon<f64>)>,
    /// Counts below this are hidden.
    pub least: u32,
    /// Shown numbers are multiples of this.
    pub round_to: u32,
}

/// How hard it tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Bounds passed along to the fixpoint: exact where the constraints form trees.
    Propagate,
    /// And linear programming where they form cycles, on parts of at most so many variables around each hidden count.
    Exact {
        /// Variables of one program; one of 400 takes some tens of milliseconds, one of 1,000 some hundreds.
        max_variables: usize,
    },
}

impl Strength {
    /// What a release is held against when it is built, and what `release check` does.
    pub const USUAL: Self = Self::Exact { max_variables: 400 };
}

/// Which test found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Interval of a hidden count.
    X1,
    /// Differences.
    X2,
    /// Form.
    Form,
}

/// What kind of sum gave it: what to leave out so that it goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum By {
    /// The number by itself.
    Itself,
    /// Shorter periods of one place and category.
    Periods,
    /// Categories of one place and period.
    Categories,
    /// Squares in a square, or in the municipality.
    Squares,
    /// Areas in the municipality, or areas that overlap.
    Areas,
    /// Squares and parts of squares in an area.
    SquaresOfArea,
    /// Parts of areas in a square.
    AreasOfSquare,
    /// Two places of which one contains the other, or two periods, or two categories.
    Contained,
    /// Another release.
    Releases,
}

/// A hidden count that is not hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which test.
    pub rule: Rule,
    /// Which kind of sum.
    pub by: By,
    /// The statement it is about: number of the claims, number in them.
    pub at: (usize, usize),
    /// Statements that gave it, the whole before its parts. A whole or part that nobody states is missing here.
    pub through: Vec<(usize, usize)>,
    /// The least it can be.
    pub low: u32,
    /// The most it can be; none without limit.
    pub high: Option<u32>,
    /// The same in words.
    pub text: String,
}

impl Finding {
    /// Whether it is about claims of this number, or made with what they state.
    pub fn concerns(&self, claims: usize) -> bool {
        self.at.0 == claims || self.through.iter().any(|(number, _)| *number == claims)
    }
}

/// What the attack found, and how hard it tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Everything found: X1, X2, Form, then by statement.
    pub findings: Vec<Finding>,
    /// Hidden counts attacked.
    pub hidden: usize,
    /// Of them, bounded exactly because their constraints form a tree.
    pub on_trees: usize,
    /// Of them, bounded by linear programming over all that bears on them.
    pub by_program: usize,
    /// Of them, bounded by linear programming over their neighbourhood.
    pub by_neighbourhood: usize,
    /// Of them, bounded by propagation alone although they lie on cycles.
    pub by_propagation: usize,
    /// Constraints.
    pub constraints: usize,
    /// Constraints that the natural reading contradicts: some of their "under 10" must be of few days or reporters.
    pub contradictions: usize,
    /// Whether propagation came to its end.
    pub settled: bool,
}

impl std::fmt::Display for Outcome {
    /// How hard was tried and what was found, in a line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let limit = if self.settled { "" } else { "; propagation was stopped before its end" };
        write!(
            f,
            "{} found; {} hidden numbers attacked through {} sums ({} exactly on trees, {} by linear programming, {} by \
             linear programming in their neighbourhood, {} by propagation alone){limit}",
            self.findings.len(),
            self.hidden,
            self.constraints,
            self.on_trees,
            self.by_program,
            self.by_neighbourhood,
            self.by_propagation,
        )
    }
}

/// Attacks releases: the newest last, earlier ones before it. Each alone, and all together.
pub fn attack(claims: &[Claims], strength: Strength) -> Outcome {
    Attack::new(claims, strength).run()
}
