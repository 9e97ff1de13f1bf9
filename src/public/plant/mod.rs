//! Releases spoilt on purpose: shows that the attack finds a leak when there is one.
//!
//! A spoilt copy is a release whose files all agree and whose manifest is right: nothing but the attack can tell.

mod choose;
mod spoil;
#[cfg(test)]
mod tests;

use super::read::{PublicFolder, ReadProblem};
use super::{Files, MANIFEST};
use crate::release::attack::{Rule, Shown, Statement};

/// What is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plant {
    /// A total and its parts without rounding: what is hidden among them follows.
    UnroundedMargin,
    /// A zero instead of "under 10".
    ShownZero,
    /// The finest grid half a square further; a grid of its own where there is none.
    ShiftedGrid,
}

impl Plant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::UnroundedMargin, Self::ShownZero, Self::ShiftedGrid];

    /// The word used on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnroundedMargin => "unrounded-margin",
            Self::ShownZero => "shown-zero",
            Self::ShiftedGrid => "shifted-grid",
        }
    }

    /// Reads it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plant| plant.code() == code)
    }

    /// The rule that must find it.
    pub fn found_by(self) -> Rule {
        match self {
            Self::UnroundedMargin => Rule::X1,
            Self::ShownZero => Rule::Form,
            Self::ShiftedGrid => Rule::X2,
        }
    }
}

/// Other words for some statements, and statements that are added.
#[derive(Clone, Debug, Default, PartialEq)]
struct Change {
    /// What else is said, by number of the statement.
    shown: Vec<(usize, Shown)>,
    /// Another place, by number of the statement.
    moved: Vec<(usize, Statement)>,
    added: Vec<Statement>,
}

/// Why a release cannot be spoilt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSpoilt {
    /// It states no numbers of reports.
    #[error("release {release} is a {stream} release and states no numbers of reports; accepted: a statistics release")]
    NoNumbers {
        /// Its number.
        release: u32,
        /// Its stream.
        stream: String,
    },
    /// It is not whole.
    #[error("the release is not whole: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    NotWhole(Vec<ReadProblem>),
    /// There is no place where the leak would be one.
    #[error("release {release} has no number that could be spoilt like this")]
    NoPlace {
        /// Its number.
        release: u32,
    },
}

/// The files of the release with a leak in them. The pictures keep what they show. Cost: some attacks by propagation.
pub fn plant(folder: &PublicFolder, plant: Plant) -> Result<Files, NotSpoilt> {
    let claims = folder.claims().map_err(NotSpoilt::NotWhole)?;
    let release = claims.release;
    if claims.statements.is_empty() {
        return Err(NotSpoilt::NoNumbers { release, stream: folder.manifest().stream.clone() });
    }
    let change = choose::choose(&claims, plant).ok_or(NotSpoilt::NoPlace { release })?;
    let mut files = Files::default();
    for (path, bytes) in spoil::spoil(folder, &claims, &change) {
        files.put(path, bytes);
    }
    let manifest = spoil::manifest(&files, folder);
    files.put(MANIFEST, manifest);
    Ok(files)
}
