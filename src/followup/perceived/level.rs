//! A promised level of perceived safety: which waves show it, and what they say.

use jiff::civil::Date;

use super::{Audience, Fault, Question, Series, Verdict, Wave, WaveChange, change, series};
use crate::domain::{Id, Period, Respondents};
use crate::followup::Book;

/// Why a promised level can or cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelReason {
    /// A larger share feels safe than in the baseline.
    Higher,
    /// A smaller share feels safe than in the baseline.
    Lower,
    /// The two waves agree with no change; a change of so many percent units would have shown.
    TooSmallToSee {
        /// In percent units, rounded up.
        smallest_points: u32,
    },
    /// No survey asked these people about this place.
    NoSurvey,
    /// No baseline is named, and no wave was made before the promise began.
    NoBaseline,
    /// A baseline is named, and no wave was made in it.
    BaselineWithoutData,
    /// There is a baseline, and no later wave to the same question in the days of the promise.
    NothingAfterBaseline,
    /// One of the waves has too few answers.
    TooFewAnswers,
}

impl LevelReason {
    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Higher => "more_feel_safe",
            Self::Lower => "fewer_feel_safe",
            Self::TooSmallToSee { .. } => "change_too_small_to_see",
            Self::NoSurvey => "no_survey",
            Self::NoBaseline => "no_survey_before",
            Self::BaselineWithoutData => "baseline_without_survey",
            Self::NothingAfterBaseline => "no_survey_after",
            Self::TooFewAnswers => "too_few_answers",
        }
    }
}

/// A promised level of perceived safety: the wave it is compared with, the wave now, and what can be said.
#[derive(Clone, Debug, PartialEq)]
pub struct PerceivedLevel {
    /// The question both waves asked.
    pub question: Option<Question>,
    /// The wave compared with.
    pub baseline: Option<Wave>,
    /// The latest wave inside the promise and after the baseline.
    pub latest: Option<Wave>,
    /// The latest against the baseline.
    pub change: Option<WaveChange>,
    /// What can be said, or why nothing can.
    pub reason: LevelReason,
    /// Other questions that were put to the same people about the same place; never compared with this one.
    pub other_questions: Vec<Question>,
    /// Surveys of these people about this place that cannot be right.
    pub left_out: Vec<(Id, Fault)>,
}

/// How a promised level stands on a day.
///
/// `area` none is the whole municipality. The baseline is the last wave begun in the `baseline` period; when none is
/// named, the last wave that was over before the promise began. The latest is the last wave of the same question
/// that was begun in `period`, after the baseline, and is over on `as_of`. When several questions were asked, the one that can say most
/// is taken (both waves with enough answers, then both waves, then a baseline, then the latest), and the others are
/// named. Pure; cost: as [`series`].
pub fn since(
    book: &Book,
    area: Option<&Id>,
    respondents: Respondents,
    baseline: Option<&Period>,
    period: &Period,
    as_of: Date,
    audience: Audience,
) -> PerceivedLevel {
    let asked: Vec<Series> = series(book, as_of, audience)
        .into_iter()
        .filter(|s| s.question.area.as_ref() == area && s.question.respondents() == Some(respondents))
        .collect();
    let left_out = asked.iter().flat_map(|series| series.left_out.iter().cloned()).collect();
    let begun_in = |wave: &Wave, days: &Period| days.start() <= wave.period.start() && wave.period.start() < days.end();
    let pair_of = |series: &Series| {
        let is_baseline = |wave: &&Wave| match baseline {
            Some(named) => begun_in(wave, named),
            None => wave.period.end() <= period.start(),
        };
        let before = series.waves.iter().rev().find(is_baseline).cloned();
        let is_latest = |wave: &&Wave| {
            begun_in(wave, period) && before.as_ref().is_none_or(|before| before.period.end() <= wave.period.start())
        };
        (before.clone(), series.waves.iter().rev().find(is_latest).cloned())
    };
    let says = |(before, latest): &(Option<Wave>, Option<Wave>)| {
        let enough = |wave: &Option<Wave>| wave.as_ref().is_some_and(|wave| wave.exact.is_some());
        let end = latest.as_ref().or(before.as_ref()).map(|wave| wave.period.end());
        (enough(before) && enough(latest), before.is_some() && latest.is_some(), before.is_some(), end)
    };
    let mut pairs: Vec<_> = asked.iter().map(|series| (series.question.clone(), pair_of(series))).collect();
    // Stable, so that questions which say as much stay in their order.
    pairs.sort_by_key(|(_, pair)| std::cmp::Reverse(says(pair)));
    let mut pairs = pairs.into_iter();
    let Some((question, (before, latest))) = pairs.next() else {
        return PerceivedLevel {
            question: None,
            baseline: None,
            latest: None,
            change: None,
            reason: LevelReason::NoSurvey,
            other_questions: Vec::new(),
            left_out,
        };
    };
    let change = latest.as_ref().zip(before.as_ref()).map(|(latest, before)| change(latest, before, audience));
    let reason = match (&before, &change) {
        (_, Some(change)) => match change.verdict {
            Verdict::Higher => LevelReason::Higher,
            Verdict::Lower => LevelReason::Lower,
            Verdict::NoEvidence => LevelReason::TooSmallToSee { smallest_points: change.smallest_points },
            Verdict::NotEnoughAnswers => LevelReason::TooFewAnswers,
        },
        (Some(_), None) => LevelReason::NothingAfterBaseline,
        (None, _) if baseline.is_some() => LevelReason::BaselineWithoutData,
        (None, _) => LevelReason::NoBaseline,
    };
    PerceivedLevel {
        question: Some(question),
        baseline: before,
        latest,
        change,
        reason,
        other_questions: pairs.map(|(question, _)| question).collect(),
        left_out,
    }
}
