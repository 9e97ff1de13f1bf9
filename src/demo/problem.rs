//! Why a demo cannot be generated.

use std::fmt;

/// Something in the profile that does not fit: where, what, and what is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoProblem {
    /// Where in the profile: `strata.runneryd.areas`.
    pub at: String,
    /// The value found there.
    pub value: String,
    /// What is accepted.
    pub accepted: String,
}

impl fmt::Display for DemoProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: '{}' does not fit; accepted: {}", self.at, self.value, self.accepted)
    }
}

/// Why a demo cannot be generated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DemoError {
    /// The profile is not JSON of the expected form; the text names line and column.
    #[error("the demo profile cannot be read: {0}")]
    Unreadable(String),
    /// The profile does not fit the areas, the places or the vocabulary; every problem is listed.
    #[error("the demo profile does not fit: {}", list(.0))]
    Misfit(Vec<DemoProblem>),
}

fn list(problems: &[DemoProblem]) -> String {
    problems.iter().map(DemoProblem::to_string).collect::<Vec<_>>().join("; ")
}
