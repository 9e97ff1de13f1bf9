//! What a generated municipality is like, as its profile says it. The form of `demo.json`.
//!
//! Reading checks the form only; [`super::Demo::new`] checks that it fits the areas and places.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::DemoError;
use crate::domain::{Id, Source};

/// What a generated municipality is like: where, how often, when, who, and in which words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoProfile {
    pub(super) rhythms: BTreeMap<String, Rhythm>,
    /// Later strata avoid the areas of earlier ones, so an observation counts in one stratum.
    pub(super) strata: Vec<StratumSpec>,
    pub(super) organisations: Vec<OrganisationSpec>,
    pub(super) work: Vec<WorkSpec>,
    pub(super) surveys: Vec<SurveySpec>,
    /// Sentences by category.
    pub(super) texts: BTreeMap<String, Sentences>,
    /// Share of observations that felt safe.
    pub(super) safe_share: f64,
    /// Share of observations that do not say how it felt.
    pub(super) unsaid_share: f64,
    /// What comes after meetings and inventories.
    pub(super) follow_up: FollowUpSpec,
}

/// What is done about points, decided at meetings, booked, reported as numbers and said about promises.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FollowUpSpec {
    /// The organisation that reports numbers.
    pub(super) police: String,
    /// Who takes on actions.
    pub(super) owners: Vec<String>,
    /// What is to be done, by category.
    pub(super) measures: BTreeMap<String, String>,
    pub(super) why_not: Vec<String>,
    /// What meetings decide.
    pub(super) decisions: Vec<String>,
    pub(super) priorities: Vec<PrioritySpec>,
    pub(super) booked: BookedSpec,
    pub(super) booked_check: BookedSpec,
    /// To what everybody is invited, in the order of their days.
    #[serde(default)]
    pub(super) invitations: Vec<BookedSpec>,
    pub(super) reported: ReportedSpec,
    pub(super) comments: Vec<CommentSpec>,
}

/// Something to put first in a week.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PrioritySpec {
    pub(super) area: String,
    pub(super) text: String,
}

/// A date that is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BookedSpec {
    pub(super) kind: String,
    pub(super) area: Option<String>,
    pub(super) title: Option<String>,
}

/// A number reported for each of the last months.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportedSpec {
    pub(super) kind: String,
    pub(super) area: String,
    pub(super) n: u32,
}

/// What a party says about a commitment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommentSpec {
    pub(super) promise: String,
    pub(super) commitment: String,
    pub(super) party: String,
    pub(super) text: String,
}

impl DemoProfile {
    /// Reads JSON text. An unknown key is an error, and every error names its line and column.
    pub fn from_json(text: &str) -> Result<Self, DemoError> {
        serde_json::from_str(text).map_err(|error| DemoError::Unreadable(error.to_string()))
    }
}

/// Weights of the hours of a day, the weekdays (Monday first) and the months.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rhythm {
    pub(super) hours: [f64; 24],
    pub(super) weekdays: [f64; 7],
    pub(super) months: [f64; 12],
}

/// A part of the municipality with its own rate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StratumSpec {
    pub(super) name: String,
    /// Weights by area id.
    #[serde(deserialize_with = "weights_by_id")]
    pub(super) areas: Vec<(Id, f64)>,
    pub(super) observations_per_year: f64,
    /// Odd years have this share more, even years this share less: a real change from one year to
    /// the next that depends on the date alone.
    #[serde(default)]
    pub(super) yearly_swing: f64,
    pub(super) rhythm: String,
    /// Spots in each area that draw most of its observations.
    pub(super) spots: usize,
    /// Standard deviation of the distance from a spot, in metres along each axis.
    pub(super) scatter_m: f64,
    /// Share of observations that have the name of a place only.
    pub(super) place_name_share: f64,
    /// Share of positions that come from an address.
    pub(super) address_share: f64,
    /// Entries of the place register that observations here name.
    #[serde(default, deserialize_with = "ids")]
    pub(super) places: Vec<Id>,
    /// Names no register entry knows.
    #[serde(default)]
    pub(super) texts_without_place: Vec<String>,
    /// Their share among the names.
    #[serde(default)]
    pub(super) text_without_place_share: f64,
    pub(super) coarse: Option<CoarseSpec>,
    /// Weights by category.
    pub(super) categories: BTreeMap<String, f64>,
}

/// A point that stands for the whole municipality.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoarseSpec {
    pub(super) share: f64,
    pub(super) lon: f64,
    pub(super) lat: f64,
    pub(super) precision_m: f64,
}

/// Who hands in observations.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationSpec {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(deserialize_with = "sources")]
    pub(super) sources: Vec<Source>,
    pub(super) weight: f64,
    /// Strata it is active in; all when absent.
    pub(super) strata: Option<Vec<String>>,
    /// Months it is active in (1 to 12); all when absent.
    pub(super) months: Option<Vec<i8>>,
    /// Share of weeks it reports; it sends no weekly reports when absent.
    pub(super) reports_weekly: Option<f64>,
}

/// A kind of work that is done again and again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkSpec {
    pub(super) id: String,
    pub(super) kind: String,
    /// Where; work without a stratum has no place.
    pub(super) stratum: Option<String>,
    pub(super) timing: Timing,
    /// Weights of the weekdays, for work by the week.
    pub(super) weekdays: Option<[f64; 7]>,
    /// First and last hour in which it begins.
    pub(super) start_hours: [i8; 2],
    /// Shortest and longest.
    pub(super) minutes: [u32; 2],
    /// As `Participant::parse_list` reads it; the first leads.
    pub(super) actors: String,
    #[serde(default)]
    pub(super) modes: Vec<String>,
    pub(super) shapes: Vec<ShapeSpec>,
    /// An empty text is work without a noted result.
    pub(super) results: Vec<String>,
    /// Whether occurrences carry an operation id.
    #[serde(default)]
    pub(super) numbered: bool,
    /// Share of occurrences with a second unit under the same operation id.
    #[serde(default)]
    pub(super) second_unit_share: f64,
    pub(super) findings: Option<FindingsSpec>,
}

/// When work is done. Every form is a function of seed and date.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Timing {
    /// So many a year, each near the middle of its equal part of the year.
    EvenPerYear(u16),
    /// One on a working day of each window, `MM-DD/MM-DD`, both included.
    Windows(Vec<Window>),
    /// So many a week on average.
    PerWeek(f64),
}

/// Where an activity says it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ShapeSpec {
    Point,
    Line,
    Ground,
    Area,
    None,
}

/// Observations made while the work is done.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FindingsSpec {
    pub(super) mean: f64,
    /// Id of the organisation that hands them in.
    pub(super) reporter: String,
    pub(super) categories: BTreeMap<String, f64>,
}

/// A survey asked once a year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SurveySpec {
    pub(super) id: String,
    #[serde(deserialize_with = "id")]
    pub(super) area: Id,
    pub(super) question_sv: String,
    pub(super) question_en: String,
    pub(super) respondents: String,
    pub(super) answer_scale: String,
    pub(super) unsafe_answers: String,
    pub(super) window: Window,
    pub(super) asked: u32,
    pub(super) answered_share: f64,
    pub(super) unsafe_share: f64,
    #[serde(default)]
    pub(super) yearly_swing: f64,
    pub(super) source: String,
}

/// Sentences of one category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentences {
    pub(super) r#unsafe: Vec<String>,
    #[serde(default)]
    pub(super) safe: Vec<String>,
}

/// A run of days that comes back every year, `MM-DD/MM-DD`, both included.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Window {
    first: (i8, i8),
    last: (i8, i8),
}

impl Window {
    /// First and last day in a year.
    pub(super) fn in_year(self, year: i16) -> (Date, Date) {
        let day = |(month, day)| Date::new(year, month, day).expect("checked when it was read; 29 February is refused");
        (day(self.first), day(self.last))
    }

    /// Whether a date lies in the window of its year.
    pub(super) fn contains(self, date: Date) -> bool {
        (self.first..=self.last).contains(&(date.month(), date.day()))
    }
}

impl TryFrom<String> for Window {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let day = |part: &str| {
            let (month, day) = part.split_once('-')?;
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            // A common year, so that the day exists in every year.
            Date::new(2025, month, day).ok().map(|_| (month, day))
        };
        text.split_once('/')
            .and_then(|(first, last)| Some(Self { first: day(first)?, last: day(last)? }))
            .filter(|window| window.first <= window.last)
            .ok_or_else(|| format!("'{text}' is no run of days; accepted: MM-DD/MM-DD within one year, not 02-29"))
    }
}

fn id<'de, D: Deserializer<'de>>(input: D) -> Result<Id, D::Error> {
    Id::new(&String::deserialize(input)?).map_err(D::Error::custom)
}

fn ids<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Id>, D::Error> {
    Vec::<String>::deserialize(input)?.iter().map(|text| Id::new(text).map_err(D::Error::custom)).collect()
}

fn weights_by_id<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<(Id, f64)>, D::Error> {
    let weights = BTreeMap::<String, f64>::deserialize(input)?;
    weights.into_iter().map(|(text, weight)| Ok((Id::new(&text).map_err(D::Error::custom)?, weight))).collect()
}

fn sources<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Source>, D::Error> {
    let known = || Source::ALL.map(Source::code).join(", ");
    let source = |code: &String| {
        Source::from_code(code).ok_or_else(|| D::Error::custom(format!("source '{code}' is not one of {}", known())))
    };
    Vec::<String>::deserialize(input)?.iter().map(source).collect()
}
