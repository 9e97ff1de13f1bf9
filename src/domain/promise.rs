//! Promises: what authorities signed, and the parts of it that can be followed up.
//!
//! A document holds promises (what is hoped for) and commitments (what is to be done or shown). The
//! words of the source stay beside every part, with our reading of them and the readings we did not
//! choose, so that a reader can disagree with us and see what would change.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Id, Names, Participant, Period};

/// Whether the source says something or we concluded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The words of the source say so.
    Text,
    /// Our reading; the source can be read otherwise.
    OurReading,
}

impl Basis {
    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::OurReading => "our_reading",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Text, Self::OurReading].into_iter().find(|b| b.code() == code)
    }
}

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

/// A way to read words that we did not choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The reading in words.
    pub text: Names,
    /// What would be counted instead, where it is a matter of counting.
    pub target: Option<Target>,
}

/// Words of the source that can be read in more than one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The words.
    pub quote: String,
    /// How we read them.
    pub chosen: Names,
    /// How else they can be read.
    pub alternatives: Vec<Alternative>,
}

/// One row of the follow-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Unique in the document.
    pub id: Id,
    /// What pages call it.
    pub names: Names,
    /// The words of the source.
    pub quote: String,
    /// The promises it serves; several when it serves several.
    pub promises: Vec<Id>,
    /// Whether the source says which promise it serves.
    pub promises_basis: Basis,
    /// Ids of the parties that are to do it.
    pub responsible: Vec<Id>,
    /// What exactly.
    pub pledge: Pledge,
    /// Words in it that can be read in more than one way.
    pub readings: Vec<Reading>,
}

/// What was promised: the aim, without numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Unique in the document.
    pub id: Id,
    /// What pages call it.
    pub names: Names,
    /// The words of the source.
    pub quote: String,
    /// The areas it names.
    pub areas: Vec<Id>,
}

/// One of those who signed. The office that signed, never the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Unique in the document.
    pub id: Id,
    /// Role code.
    pub role: String,
    /// The organisation.
    pub organisation: String,
    /// The office of the one who signed, as the source writes it.
    pub signed_as: String,
}

/// What a document says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseHead {
    /// Unique in the data file.
    pub id: Id,
    /// Its title.
    pub names: Names,
    /// Day of signing.
    pub signed: Date,
    /// The days for which it holds.
    pub period: Period,
    /// Where the text was read.
    pub source: String,
    /// Those who signed.
    pub parties: Vec<Party>,
    /// Words that concern the whole document and can be read in more than one way.
    pub readings: Vec<Reading>,
}

/// A signed document with its promises and commitments; references inside it hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseDocument {
    head: PromiseHead,
    promises: Vec<Promise>,
    commitments: Vec<Commitment>,
}

/// Why parts do not make a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocument {
    /// Two parties, promises or commitments have the same id.
    #[error("{what} id '{id}' is used twice")]
    DuplicateId {
        /// `party`, `promise` or `commitment`.
        what: &'static str,
        /// The id.
        id: Id,
    },
    /// A commitment refers to something the document does not have.
    #[error("commitment '{commitment}' refers to {what} '{id}', which the document does not have")]
    Unknown {
        /// The commitment.
        commitment: Id,
        /// `promise` or `party`.
        what: &'static str,
        /// The missing id.
        id: Id,
    },
    /// A document without promises or without commitments promises nothing.
    #[error("a document needs at least one {what}")]
    Empty {
        /// `promise` or `commitment`.
        what: &'static str,
    },
}

impl PromiseDocument {
    /// Checks that ids are unique and that references lead somewhere; lists everything that is wrong.
    pub fn new(
        head: PromiseHead,
        promises: Vec<Promise>,
        commitments: Vec<Commitment>,
    ) -> Result<Self, Vec<InvalidDocument>> {
        let mut wrong = Vec::new();
        let parties = unique("party", head.parties.iter().map(|p| &p.id), &mut wrong);
        let known = unique("promise", promises.iter().map(|p| &p.id), &mut wrong);
        unique("commitment", commitments.iter().map(|c| &c.id), &mut wrong);
        for (what, is_empty) in [("promise", promises.is_empty()), ("commitment", commitments.is_empty())] {
            if is_empty {
                wrong.push(InvalidDocument::Empty { what });
            }
        }
        for commitment in &commitments {
            let mut refer = |what, ids: &[Id], known: &BTreeSet<Id>| {
                let missing = ids.iter().filter(|id| !known.contains(*id));
                let unknown =
                    |id: &Id| InvalidDocument::Unknown { commitment: commitment.id.clone(), what, id: id.clone() };
                wrong.extend(missing.map(unknown));
            };
            refer("promise", &commitment.promises, &known);
            refer("party", &commitment.responsible, &parties);
        }
        if wrong.is_empty() { Ok(Self { head, promises, commitments }) } else { Err(wrong) }
    }

    /// What it says about itself.
    pub fn head(&self) -> &PromiseHead {
        &self.head
    }

    /// The promises, in the order of the source.
    pub fn promises(&self) -> &[Promise] {
        &self.promises
    }

    /// The rows of the follow-up, in the order of the file.
    pub fn commitments(&self) -> &[Commitment] {
        &self.commitments
    }

    /// The stretches in which a target holds; see [`Counting::windows`].
    pub fn windows(&self, target: &Target) -> Vec<Period> {
        target.per.windows(&self.head.period)
    }
}

fn unique<'a>(what: &'static str, ids: impl Iterator<Item = &'a Id>, wrong: &mut Vec<InvalidDocument>) -> BTreeSet<Id> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id.clone()) {
            wrong.push(InvalidDocument::DuplicateId { what, id: id.clone() });
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

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

    #[test]
    fn everything_that_is_wrong_with_a_document_is_listed() {
        let id = |text: &str| Id::new(text).expect("valid");
        let names = || Names { sv: "x".into(), en: "x".into() };
        let head = PromiseHead {
            id: id("d"),
            names: names(),
            signed: date(2019, 4, 25),
            period: Period::parse("2019").expect("a period"),
            source: String::new(),
            parties: vec![],
            readings: vec![],
        };
        let promise = Promise { id: id("p"), names: names(), quote: String::new(), areas: vec![] };
        let commitment = Commitment {
            id: id("c"),
            names: names(),
            quote: String::new(),
            promises: vec![id("q")],
            promises_basis: Basis::OurReading,
            responsible: vec![id("police")],
            pledge: Pledge::NotMeasurable { reason: names() },
            readings: vec![],
        };
        let wrong = PromiseDocument::new(head, vec![promise.clone(), promise], vec![commitment]).expect_err("refused");
        assert_eq!(
            wrong.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "promise id 'p' is used twice",
                "commitment 'c' refers to promise 'q', which the document does not have",
                "commitment 'c' refers to party 'police', which the document does not have",
            ]
        );
    }
}
