//! Which activities and reported counts are evidence for a commitment, and why others are not.

use jiff::civil::Date;

use crate::domain::{Id, Period};

/// One thing that counts: an activity, or an operation of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The activities, by start.
    pub activities: Vec<Id>,
    /// The day it counts on: that of its first activity.
    pub day: Date,
    /// Local days on which its activities began.
    pub days: Vec<Date>,
    /// Whether it is stated as intelligence-led.
    pub intelligence_led: Option<bool>,
    /// The reported count that includes it, when one does.
    pub within_count: Option<Id>,
}

/// A reported count that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountPart {
    /// The reported count.
    pub count: Id,
    /// Whose work.
    pub organisation: String,
    /// The month or quarter.
    pub period: Period,
    /// What it says.
    pub n: u32,
    /// What it adds to the activities that are recorded one by one: `n` less those, at least 0.
    pub counted: u32,
    /// Who reported it, and when.
    pub reported_by: String,
    /// When.
    pub reported_on: Date,
}

/// Why an activity of the kind does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// It lies in another place.
    OtherArea,
    /// It lies on the border of the area: it belongs to none.
    OnBorder,
    /// Somebody who must take part did not.
    ActorMissing,
}

impl Why {
    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherArea => "other_area",
            Self::OnBorder => "on_border",
            Self::ActorMissing => "actor_missing",
        }
    }
}

/// An activity that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The activity.
    pub activity: Id,
    /// Its day.
    pub day: Date,
    /// Why.
    pub why: Why,
}
