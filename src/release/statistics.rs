//! Reports as everybody may see them.

use super::attack::Statement;
use crate::domain::{Names, Period};

/// Sizes of squares, metres: one grid, each size nested in the next (P3).
pub const LEVELS_M: [u32; 4] = [250, 500, 1_000, 2_000];

/// The statistics of a closed period.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Every public number: the municipality, its months and categories; the areas, their quarters and categories;
    /// squares. In this order, then by place, category and period.
    pub figures: Vec<Statement>,
    /// Names of the categories that appear: code and names.
    pub categories: Vec<(String, Names)>,
    /// Sizes of squares that are in it, the coarsest first.
    pub levels_m: Vec<u32>,
    /// Why there is no grid, or why it is not finer.
    pub grid: GridNote,
    /// What the attack made the release leave out.
    pub left_out: Vec<LeftOut>,
    /// Density from the published squares.
    pub density: Option<Density>,
}

/// About the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridNote {
    /// It is there.
    Released,
    /// Too few located reports in the year.
    TooFewLocated {
        /// So many are needed.
        least: u32,
    },
    /// The year before had too few to fix a size, and the policy names none.
    NoLevelFixed,
    /// The period is too short for any size.
    PeriodTooShort,
    /// Protection left nothing of it.
    NothingLeft,
}

/// A division that was taken away because numbers could have been computed from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// Months of the municipality.
    Months,
    /// Quarters of an area.
    Quarters(crate::domain::Id),
    /// Categories of an area.
    Categories(crate::domain::Id),
    /// Categories of the municipality.
    MunicipalityCategories,
    /// An area as a whole.
    Area(crate::domain::Id),
    /// A square of the largest size.
    LargestSquare,
    /// Squares inside squares: the size of the larger, and how many of them were not divided.
    Squares {
        /// Size of the undivided squares.
        cell_m: u32,
        /// How many.
        n: u32,
    },
}

/// A surface computed from published squares and nothing else (P6).
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// Size of the squares it is computed from, metres.
    pub cell_m: u32,
    /// Reach of the kernel, metres: at least two squares.
    pub bandwidth_m: u32,
    /// Name of the kernel.
    pub kernel: &'static str,
    /// What a square without a number counts as.
    pub hidden_as: f64,
    /// Lower limits of the classes, reports per km2 in the period: class 1 begins at the first.
    pub breaks_per_km2: Vec<f64>,
    /// Squares with their class from 0, those of class 0 left out: lower left corner in metres.
    pub cells: Vec<DensityCell>,
}

/// A square of the surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DensityCell {
    /// Lower left corner, metres.
    pub x_m: i64,
    /// Lower left corner, metres.
    pub y_m: i64,
    /// Class: 1 is the lowest that is drawn.
    pub class: u8,
}

/// The statistics period's word for pages: a whole year, half or quarter.
pub fn is_statistics_period(period: &Period) -> bool {
    let (start, last) = (period.start(), period.last_day());
    let months = i32::from(last.month()) - i32::from(start.month()) + 1;
    let is_whole = start.day() == 1 && last == last.last_of_month() && start.year() == last.year();
    is_whole && matches!(months, 3 | 6 | 12) && (i32::from(start.month()) - 1) % months == 0
}
