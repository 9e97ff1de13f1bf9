//! What exactly was committed to: numbers and when they hold, who must take part, levels, duties.

use std::num::NonZeroU32;

use jiff::ToSpan;

use super::{Id, Names, Participant, Period};

/// The stretches of time a target is to be reached in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counting {
    /// Once in each calendar year the document's period touches. A year that is only partly inside
    /// keeps the whole target: it is not reduced in proportion.
    CalendarYear,
    /// Once in each twelve months from the first day of the period; the last stretch may be shorter.
    TwelveMonths,
    /// Once in the whole period.
    WholePeriod,
}

impl Counting {
    /// All values.
    pub const ALL: [Self; 3] = [Self::CalendarYear, Self::TwelveMonths, Self::WholePeriod];

    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::CalendarYear => "calendar_year",
            Self::TwelveMonths => "twelve_months",
            Self::WholePeriod => "whole_period",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// The stretches of `period` in which the target holds, in order. Together they are `period`:
    /// what was done before the first day or after the last counts in none.
    pub fn windows(self, period: &Period) -> Vec<Period> {
        let mut windows = Vec::new();
        let mut start = period.start();
        let mut turn = 0;
        while start < period.end() {
            turn += 1;
            let next = match self {
                Self::CalendarYear => start.last_of_year().saturating_add(1.day()),
                // From the first day each time, so that 29 February does not drift to the 28th.
                Self::TwelveMonths => period.start().saturating_add((12 * turn).months()),
                Self::WholePeriod => period.end(),
            };
            let end = next.min(period.end());
            windows.extend(Period::new(start, end));
            if end <= start {
                break; // the end of jiff's calendar, year 9999
            }
            start = end;
        }
        windows
    }
}

/// A number to reach, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// At least so many.
    pub at_least: NonZeroU32,
    /// In each of these stretches.
    pub per: Counting,
}

/// What is counted as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CountBy {
    /// Each activity.
    Activity,
    /// Activities with the same `operation_id` are one; an activity without one is one.
    Operation,
}

impl CountBy {
    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Operation => "operation",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Activity, Self::Operation].into_iter().find(|c| c.code() == code)
    }
}

/// Somebody who must have taken part for an activity to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorRule {
    any_of: Vec<String>,
    leads: bool,
}

impl ActorRule {
    /// One of these role codes must be among the actors; `None` when the list is empty.
    ///
    /// `leads` says that the source names this actor as the one who carries the activity out. It is
    /// shown, not tested: records do not say who led.
    pub fn new(any_of: Vec<String>, leads: bool) -> Option<Self> {
        (!any_of.is_empty()).then_some(Self { any_of, leads })
    }

    /// Role codes, any one of which is enough.
    pub fn any_of(&self) -> &[String] {
        &self.any_of
    }

    /// Whether the source names this actor as the one who carries it out.
    pub fn leads(&self) -> bool {
        self.leads
    }

    /// Whether one of the accepted roles took part. Only the role code decides: a guard is never
    /// police, and a housing company counts as property owner when it is recorded as one.
    pub fn is_met_by(&self, actors: &[Participant]) -> bool {
        actors.iter().any(|actor| self.any_of.contains(&actor.role))
    }
}

/// Where a commitment is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PledgePlace {
    /// In this area.
    Area(Id),
    /// Anywhere in the municipality.
    Municipality,
    /// The source names no place and none is needed (meetings).
    None,
}

/// Who is asked about a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Respondents {
    /// Everybody who was asked.
    All,
    /// Those who live there.
    Residents,
    /// Those who are there without living there.
    Visitors,
}

impl Respondents {
    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Residents => "residents",
            Self::Visitors => "visitors",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::All, Self::Residents, Self::Visitors].into_iter().find(|r| r.code() == code)
    }
}

/// What a level is measured by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How much of a kind of activity there is (minutes where recorded, otherwise times).
    Activity {
        /// Code in the kind table.
        kind: String,
        /// Who must have taken part.
        actors: Vec<ActorRule>,
    },
    /// The share who feel safe, from surveys.
    PerceivedSafety {
        /// Whose feeling is meant.
        respondents: Respondents,
    },
}

/// What exactly was committed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pledge {
    /// A number of activities of a kind.
    Activities {
        /// Code in the kind table.
        kind: String,
        /// What is counted as one.
        count_by: CountBy,
        /// How many, how often.
        target: Target,
        /// Every rule must be met.
        actors: Vec<ActorRule>,
        /// Where.
        place: PledgePlace,
    },
    /// A level to raise.
    Raise {
        /// What is measured.
        measure: Measure,
        /// Where.
        place: PledgePlace,
        /// What it is compared with; absent when the source names nothing.
        baseline: Option<Period>,
    },
    /// Something to be published again and again.
    Publish {
        /// Where it is to appear.
        channel: String,
        /// Longest gap in days; absent when the source names none ("kontinuerligt").
        at_most_days: Option<NonZeroU32>,
    },
    /// Promised, but nothing can show whether it was kept.
    NotMeasurable {
        /// Why not.
        reason: Names,
    },
    /// A place a promise names, for which no activity was promised. Shown so that silence is seen.
    NothingPromised {
        /// The place.
        area: Id,
        /// What the row says.
        reason: Names,
    },
}

impl Pledge {
    /// The area it is about, when it is about one.
    pub fn area(&self) -> Option<&Id> {
        match self {
            Self::Activities { place: PledgePlace::Area(area), .. }
            | Self::Raise { place: PledgePlace::Area(area), .. }
            | Self::NothingPromised { area, .. } => Some(area),
            _ => None,
        }
    }

    /// The kind of activity it counts, when it counts one.
    pub fn kind(&self) -> Option<&str> {
        match self {
            Self::Activities { kind, .. } | Self::Raise { measure: Measure::Activity { kind, .. }, .. } => Some(kind),
            _ => None,
        }
    }

    /// The actors it requires.
    pub fn actors(&self) -> &[ActorRule] {
        match self {
            Self::Activities { actors, .. } | Self::Raise { measure: Measure::Activity { actors, .. }, .. } => actors,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(counting: Counting, period: &str) -> Vec<String> {
        let period = Period::parse(period).expect("a period");
        counting.windows(&period).iter().map(|w| format!("{}/{}", w.start(), w.last_day())).collect()
    }

    #[test]
    fn a_calendar_year_that_begins_before_the_signing_is_cut_at_the_signing() {
        let period = "2019-04-25/2020-12-31";
        assert_eq!(windows(Counting::CalendarYear, period), ["2019-04-25/2019-12-31", "2020-01-01/2020-12-31"]);
        assert_eq!(windows(Counting::TwelveMonths, period), ["2019-04-25/2020-04-24", "2020-04-25/2020-12-31"]);
        assert_eq!(windows(Counting::WholePeriod, period), [period]);
    }

    #[test]
    fn twelve_months_from_a_leap_day_do_not_drift() {
        let expected =
            ["2020-02-29/2021-02-27", "2021-02-28/2022-02-27", "2022-02-28/2023-02-27", "2023-02-28/2024-02-28"];
        assert_eq!(windows(Counting::TwelveMonths, "2020-02-29/2024-02-28"), expected);
    }

    #[test]
    fn a_guard_is_not_police_and_a_housing_company_recorded_as_owner_is_an_owner() {
        let police = ActorRule::new(vec!["police".into()], false).expect("not empty");
        let owner = ActorRule::new(vec!["property_owner".into()], false).expect("not empty");
        let actors = Participant::parse_list("ordningsvakt:Bevakning AB; property_owner:Linden");
        assert!(!police.is_met_by(&actors));
        assert!(owner.is_met_by(&actors));
        assert_eq!(ActorRule::new(Vec::new(), true), None);
    }
}
