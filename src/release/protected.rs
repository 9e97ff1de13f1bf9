//! Values that may leave the house.

use jiff::civil::Date;

use super::deeds::FollowUp;
use super::policy::Policy;
use super::statistics::Statistics;
use crate::domain::{Certainty, Id, Names, Period};

/// A value that went through the rules. There is one constructor, and only [`super`] can call it; it can be read and
/// not changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Protected<T> {
    value: T,
}

impl<T> Protected<T> {
    pub(super) fn of(value: T) -> Self {
        Self { value }
    }

    /// What may be shown.
    pub fn get(&self) -> &T {
        &self.value
    }
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Monthly: deeds only.
    FollowUp,
    /// Of a closed period: reports, and the deeds at its end.
    Statistics,
}

impl Stream {
    /// Both.
    pub const ALL: [Self; 2] = [Self::FollowUp, Self::Statistics];

    /// The word used in files, commands and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::FollowUp => "follow-up",
            Self::Statistics => "statistics",
        }
    }

    /// Reads it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.code() == code)
    }
}

/// What a release is, beside its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    /// Its number; never used again.
    pub number: u32,
    /// Which stream.
    pub stream: Stream,
    /// The closed period.
    pub period: Period,
    /// The day it is meant for: what was reported until then is in it.
    pub published_on: Date,
    /// The release of which it is the one revision.
    pub revision_of: Option<u32>,
    /// Releases that were published before, by number: what the page of changes lists.
    pub earlier: Vec<Earlier>,
    /// Whether its data is made up.
    pub synthetic: bool,
    /// Code of the metric plane, such as 3006: squares are in it.
    pub plane_epsg: u32,
    /// Name and version of the program.
    pub software: String,
    /// The rules it was made with.
    pub policy: Policy,
    /// The public areas, by id.
    pub areas: Vec<PublicArea>,
}

/// A release of before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub number: u32,
    /// Its stream.
    pub stream: Stream,
    /// Its period.
    pub period: Period,
    /// When it was published.
    pub published_on: Date,
    /// The release it revised.
    pub revision_of: Option<u32>,
    /// When it was withdrawn, and why.
    pub withdrawn: Option<(Date, String)>,
    /// What was wrong in its texts: day, and the words in both languages.
    pub corrections: Vec<(Date, Names)>,
}

/// An area that everybody may know.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicArea {
    /// Its id.
    pub id: Id,
    /// Its names.
    pub names: Names,
    /// How certain its outline is.
    pub certainty: Certainty,
    /// The outline in degrees, CRS84.
    pub outline: geo::MultiPolygon<f64>,
    /// The outline in the plane, metres: for pictures.
    pub outline_m: geo::MultiPolygon<f64>,
}

/// All that a release says.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// What it is.
    pub edition: Edition,
    /// Deeds.
    pub follow_up: FollowUp,
    /// Reports; none in the follow-up stream.
    pub statistics: Option<Statistics>,
}
