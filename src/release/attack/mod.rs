//! The attacker: takes everything that is public and tries to compute what is hidden.

use crate::domain::{Id, Period};

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
