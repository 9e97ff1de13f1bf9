//! What everybody may see: from a snapshot, a closed period and a policy to [`Protected`] values.
//!
//! Two kinds of number (design section 7). *Deeds* are what authorities promised to account for: exact, zero shown,
//! for a whole area or the municipality, 30 days after they ended. *Reports* are what people saw and answered: they
//! obey the rules P1 to P9 of `docs/publishing.md`, and a release is finished only when the [`attack`] that tries to
//! take hidden numbers back finds nothing.
//!
//! Pure: no files, clock, network or chance. [`Protected`] has one constructor, in here, and `public` writes nothing
//! that is not inside one.

pub mod attack;
pub mod build;
mod count;
pub mod deeds;
pub mod density;
mod follow_up;
pub mod levels;
pub mod policy;
mod protect;
mod protected;
pub mod statistics;
#[cfg(test)]
pub(crate) mod test_release;
#[cfg(test)]
mod tests;

pub use crate::followup::level::Amount;
pub use crate::followup::perceived::{LevelReason, Verdict};
pub use crate::followup::status::{Rule, Status};
pub use protected::{Earlier, Edition, Protected, PublicArea, Release, Stream};

/// What is wrong with a request for a release.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    /// The days are not over, or the wait after them is not.
    #[error(
        "{period} is not closed: it ends {last_day}, and {what} are public no earlier than {earliest}; accepted: a day from {earliest} on"
    )]
    NotClosed {
        /// As asked.
        period: String,
        /// Its last day.
        last_day: jiff::civil::Date,
        /// What would be in it.
        what: &'static str,
        /// The first day it may be public.
        earliest: jiff::civil::Date,
    },
    /// The period is not one that the stream has.
    #[error("{period} is no period of a {stream} release; accepted: {accepted}")]
    WrongPeriod {
        /// As asked.
        period: String,
        /// The stream.
        stream: &'static str,
        /// Which periods it has.
        accepted: &'static str,
    },
    /// There are no areas of the set that the policy names.
    #[error("the policy publishes the area set '{set}', and the data file has no such area; it has: {known}")]
    NoSuchSet {
        /// As the policy says.
        set: String,
        /// The sets there are.
        known: String,
    },
    /// The areas are not those of the releases before.
    #[error(
        "the areas of the set '{set}' ({ids}) are not those of release {release}. Public areas are frozen, because two \
         outlines of one place give the difference between them; accepted: the areas as they were"
    )]
    AreasChanged {
        /// The last release.
        release: u32,
        /// The set.
        set: String,
        /// Ids there are now.
        ids: String,
    },
    /// A revision under other rules would be a difference of what they count.
    #[error(
        "release {release} was made with another '{member}' in the policy, and a revision keeps it; accepted: {was}"
    )]
    RulesChanged {
        /// The release that is revised.
        release: u32,
        /// Which member.
        member: &'static str,
        /// As it was.
        was: String,
    },
    /// Taking divisions away did not help: nothing is released.
    #[error("numbers that are hidden could be computed from what would be public: {}", .findings.join("; "))]
    NotProtected {
        /// What the attack finds.
        findings: Vec<String>,
    },
    /// The policy is below the floor.
    #[error(transparent)]
    Policy(#[from] policy::BelowFloor),
}
