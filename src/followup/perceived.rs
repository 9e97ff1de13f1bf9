//! Perceived safety: what surveys found, wave by wave, and whether it has changed.
//!
//! * *Feels safe* is everybody who answered the question and did not give an answer that means unsafe. "Don't know" and
//!   "don't go there" are no answers to it; they are shown apart.
//! * Waves are compared only when area, question, respondents, answer scale and the answers that mean unsafe are all
//!   the same. Anything else is another question, and two questions are never compared.
//! * Intervals are Wilson's, changes are Newcombe's (see [`proportion`](crate::analysis::proportion)). A published
//!   share that comes with a margin keeps that margin; one without gets the interval of as many plain answers, and
//!   [`Basis`] says so.
//! * Below [`Audience::least_answers`] nothing about the answers is given, only how many there were.
//! * What a wave found is no measure of what anybody did: nothing here compares it with activity.

use jiff::civil::Date;

use super::Book;
use crate::analysis::proportion::{Difference, Share, difference, smallest_visible_shift};
use crate::domain::{Id, Period, Respondents, Survey, SurveyResult};

mod level;

pub use level::{LevelReason, PerceivedLevel, since};

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// People of the service.
    Internal,
    /// Everybody: more answers are needed, and shares are whole percent with limits rounded outwards.
    Public,
}

impl Audience {
    /// Answers from which a share is given.
    pub fn least_answers(self) -> u32 {
        match self {
            Self::Internal => 20,
            Self::Public => 50,
        }
    }

    fn shown(self, share: Share) -> Share {
        match self {
            Self::Internal => share,
            Self::Public => {
                let mut interval = share.interval;
                interval.low = (interval.low * 100.0).floor() / 100.0;
                interval.high = (interval.high * 100.0).ceil() / 100.0;
                Share { value: (share.value * 100.0).round() / 100.0, interval }
            }
        }
    }
}

/// What makes two waves comparable: all of it must be equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Question {
    /// The area asked about; none is the whole municipality.
    pub area: Option<Id>,
    /// The question in Swedish, as asked.
    pub sv: String,
    /// The question in English; a translation, so it does not tell questions apart.
    pub en: String,
    /// Who answered, as recorded.
    pub respondents: String,
    /// The answers to choose from.
    pub answer_scale: String,
    /// Which of them mean unsafe.
    pub unsafe_answers: String,
}

impl Question {
    fn of(survey: &Survey) -> Self {
        Self {
            area: survey.area.clone(),
            sv: survey.question_sv.clone(),
            en: survey.question_en.clone(),
            respondents: survey.respondents.clone(),
            answer_scale: survey.answer_scale.clone(),
            unsafe_answers: survey.unsafe_answers.clone(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        let key = |q: &Self| {
            (q.area.clone(), q.sv.clone(), q.respondents.clone(), q.answer_scale.clone(), q.unsafe_answers.clone())
        };
        key(self) == key(other)
    }

    /// Whose feeling it is about, when the word is known.
    pub fn respondents(&self) -> Option<Respondents> {
        match self.respondents.trim().to_lowercase().as_str() {
            "all" | "alla" => Some(Respondents::All),
            "residents" | "boende" | "invånare" => Some(Respondents::Residents),
            "visitors" | "besökare" => Some(Respondents::Visitors),
            _ => None,
        }
    }
}

/// What a share rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Answers counted by those who report them.
    Counted,
    /// A published share with the margin its publisher gives.
    PublishedMargin {
        /// Whether answers were weighted, when said.
        weighted: Option<bool>,
    },
    /// A published share without a margin: the interval is that of as many plain answers, and too narrow for weighted
    /// ones.
    PublishedWithoutMargin {
        /// Whether answers were weighted, when said.
        weighted: Option<bool>,
    },
}

impl Basis {
    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::PublishedMargin { .. } => "published_with_margin",
            Self::PublishedWithoutMargin { .. } => "published_without_margin",
        }
    }

    /// Whether answers were weighted, when it is known. Counted answers are not.
    pub fn weighted(self) -> Option<bool> {
        match self {
            Self::Counted => Some(false),
            Self::PublishedMargin { weighted } | Self::PublishedWithoutMargin { weighted } => weighted,
        }
    }
}

/// What can be said about a change of the share who feel safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A larger share feels safe.
    Higher,
    /// A smaller share feels safe.
    Lower,
    /// The answers agree with no change, and with any change inside the interval.
    NoEvidence,
    /// One of the waves has too few answers.
    NotEnoughAnswers,
}

impl Verdict {
    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NoEvidence => "no_evidence",
            Self::NotEnoughAnswers => "not_enough_answers",
        }
    }
}

/// A later wave against an earlier one of the same question.
#[derive(Clone, Debug, PartialEq)]
pub struct WaveChange {
    /// The earlier wave.
    pub before: Id,
    /// Its name.
    pub before_name: String,
    /// Share who feel safe, later minus earlier, with Newcombe's interval; none below the least number of answers.
    pub feels_safe: Option<Difference>,
    /// What can be said.
    pub verdict: Verdict,
    /// The smallest change that these two waves would show in 80 of 100 repetitions, in percent units, rounded up.
    pub smallest_points: u32,
}

/// One wave.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    /// The survey.
    pub survey: Id,
    /// Name of the wave.
    pub name: String,
    /// When it was asked.
    pub period: Period,
    /// Who made it.
    pub source: String,
    /// People asked, when known.
    pub asked: Option<u32>,
    /// People who answered the question.
    pub answered: u32,
    /// Those who do not know; not among `answered`.
    pub dont_know: Option<u32>,
    /// Those who do not go there; not among `answered`.
    pub dont_go_there: Option<u32>,
    /// What the shares rest on.
    pub basis: Basis,
    /// Share who feel safe, 0 to 1; none below the least number of answers.
    pub feels_safe: Option<Share>,
    /// The smallest change that another wave of this size would show, in percent units, rounded up.
    pub smallest_points: u32,
    /// Against the wave before in the same series; none for the first.
    pub change: Option<WaveChange>,
    exact: Option<Share>,
    effective_n: u64,
}

impl Wave {
    /// Share who feel unsafe.
    pub fn feels_unsafe(&self) -> Option<Share> {
        self.feels_safe.map(Share::complement)
    }

    /// Those who replied at all as a share of those asked; none when it is not known how many were.
    pub fn response_rate(&self) -> Option<f64> {
        let replied = f64::from(self.answered)
            + f64::from(self.dont_know.unwrap_or(0))
            + f64::from(self.dont_go_there.unwrap_or(0));
        self.asked.filter(|asked| *asked > 0).map(|asked| replied / f64::from(asked))
    }
}

/// Why a wave is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More people replied than were asked.
    MoreAnswersThanAsked,
    /// More unsafe answers than answers.
    MoreUnsafeThanAnswered,
    /// A share that is not from 0 to 1, or a margin that is negative.
    NoShare,
}

impl Fault {
    /// The word used in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::MoreAnswersThanAsked => "more_answers_than_asked",
            Self::MoreUnsafeThanAnswered => "more_unsafe_than_answered",
            Self::NoShare => "no_share",
        }
    }
}

/// All waves of one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The question.
    pub question: Question,
    /// By first day and id.
    pub waves: Vec<Wave>,
    /// Waves that cannot be right.
    pub left_out: Vec<(Id, Fault)>,
    /// Other questions about the same area; never compared with this one.
    pub other_questions: usize,
}

/// The waves that were over on a day, by area (municipality first) and question. Pure; cost: the surveys squared at
/// worst, and they are few.
pub fn series(book: &Book, as_of: Date, audience: Audience) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for survey in book.surveys.iter().filter(|survey| survey.period.last_day() <= as_of) {
        let question = Question::of(survey);
        let at = all.iter().position(|series| series.question.is_same(&question)).unwrap_or_else(|| {
            all.push(Series { question, waves: Vec::new(), left_out: Vec::new(), other_questions: 0 });
            all.len() - 1
        });
        match wave(survey, audience) {
            Ok(mut wave) => {
                // People asked in overlapping days may be the same, so only waves that were over count as earlier.
                let before = all[at].waves.iter().rev().find(|earlier| earlier.period.end() <= wave.period.start());
                wave.change = before.map(|before| change(&wave, before, audience));
                all[at].waves.push(wave);
            }
            Err(fault) => all[at].left_out.push((survey.id.clone(), fault)),
        }
    }
    all.sort_by(|a, b| a.question.cmp(&b.question));
    let areas: Vec<Option<Id>> = all.iter().map(|series| series.question.area.clone()).collect();
    for series in &mut all {
        series.other_questions = areas.iter().filter(|area| **area == series.question.area).count() - 1;
    }
    all
}

fn wave(survey: &Survey, audience: Audience) -> Result<Wave, Fault> {
    let replied = |answered: u32| {
        u64::from(answered) + u64::from(survey.dont_know.unwrap_or(0)) + u64::from(survey.dont_go_there.unwrap_or(0))
    };
    let (asked, answered, basis, unsafe_share) = match survey.result {
        SurveyResult::Counts { asked, answered, unsafe_count } => {
            if unsafe_count > answered {
                return Err(Fault::MoreUnsafeThanAnswered);
            }
            if replied(answered) > u64::from(asked) {
                return Err(Fault::MoreAnswersThanAsked);
            }
            let share = Share::counted(u64::from(unsafe_count), u64::from(answered));
            (Some(asked), answered, Basis::Counted, share)
        }
        SurveyResult::Share { unsafe_share, answered, margin, weighted } => {
            let (basis, share) = match margin {
                Some(margin) => (Basis::PublishedMargin { weighted }, Share::with_margin(unsafe_share, margin)),
                None => (
                    Basis::PublishedWithoutMargin { weighted },
                    // 1 stands in for no answers: whether the share is one at all is what is asked here.
                    Share::of_answers(unsafe_share, u64::from(answered.max(1))),
                ),
            };
            (None, answered, basis, Some(share.ok_or(Fault::NoShare)?))
        }
    };
    let enough = answered >= audience.least_answers();
    let exact = unsafe_share.filter(|_| enough).map(Share::complement);
    let effective_n = effective_answers(survey, answered);
    Ok(Wave {
        survey: survey.id.clone(),
        name: survey.wave.clone(),
        period: survey.period.clone(),
        source: survey.source.clone(),
        asked,
        answered,
        dont_know: survey.dont_know,
        dont_go_there: survey.dont_go_there,
        basis,
        feels_safe: exact.map(|share| audience.shown(share)),
        // A share that is not shown must not show through here: one half stands for it.
        smallest_points: points(effective_n, exact.map_or(0.5, |share| share.value), effective_n),
        change: None,
        exact,
        effective_n,
    })
}

/// Answers of a plain sample that would be as sure: what a published margin says, otherwise the answers themselves.
fn effective_answers(survey: &Survey, answered: u32) -> u64 {
    match survey.result {
        SurveyResult::Share { unsafe_share: p, margin: Some(margin), .. } if margin > 0.0 && p > 0.0 && p < 1.0 => {
            // margin = 1.96 √(p (1 - p) / n); a margin finer than the answers allow is not believed.
            let n = 1.959_963_984_540_054_f64.powi(2) * p * (1.0 - p) / (margin * margin);
            (n.min(f64::from(answered)) as u64).max(1)
        }
        _ => u64::from(answered),
    }
}

fn points(later_n: u64, earlier: f64, earlier_n: u64) -> u32 {
    smallest_visible_shift(later_n, earlier, earlier_n).map_or(100, |shift| shift.percent_units())
}

fn change(later: &Wave, earlier: &Wave, audience: Audience) -> WaveChange {
    let found = later.exact.zip(earlier.exact).map(|(later, earlier)| difference(later, earlier));
    let verdict = match found {
        None => Verdict::NotEnoughAnswers,
        Some(found) if !found.is_finding() => Verdict::NoEvidence,
        Some(found) if found.value > 0.0 => Verdict::Higher,
        Some(_) => Verdict::Lower,
    };
    let feels_safe = found.map(|found| match audience {
        Audience::Internal => found,
        Audience::Public => {
            // What readers get when they subtract the shares they see.
            let shown = |wave: &Wave| wave.feels_safe.map_or(0.0, |share| share.value);
            let mut interval = found.interval;
            interval.low = (interval.low * 100.0).floor() / 100.0;
            interval.high = (interval.high * 100.0).ceil() / 100.0;
            Difference { value: shown(later) - shown(earlier), interval }
        }
    });
    let before = if later.exact.is_some() { earlier.exact } else { None };
    WaveChange {
        before: earlier.survey.clone(),
        before_name: earlier.name.clone(),
        feels_safe,
        verdict,
        smallest_points: points(later.effective_n, before.map_or(0.5, |share| share.value), earlier.effective_n),
    }
}

#[cfg(test)]
mod tests;
