//! What organisations report besides records: that nothing happened, and how people answered.

use jiff::civil::Date;

use super::{Id, Period};

/// One organisation's word for one week: `n` records handed in, 0 is "nothing to report".
///
/// So that silence and nothing are different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Unique among reports.
    pub id: Id,
    /// Who reports.
    pub organisation: String,
    /// The ISO week, Monday to Sunday.
    pub week: Period,
    /// The area it is about, or the whole municipality.
    pub area: Option<Id>,
    /// Number of records.
    pub n: u32,
    /// When it was reported.
    pub reported_on: Date,
}

/// What a survey wave found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SurveyResult {
    /// Counted answers; `unsafe_count <= answered <= asked`.
    Counts {
        /// People asked.
        asked: u32,
        /// People who answered the question.
        answered: u32,
        /// Answers that mean unsafe.
        unsafe_count: u32,
    },
    /// A published share.
    Share {
        /// Share of answers that mean unsafe, 0 to 1.
        unsafe_share: f64,
        /// People who answered.
        answered: u32,
        /// Half width of the published interval, when given.
        margin: Option<f64>,
    },
}

/// One wave of a survey of perceived safety.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Unique among surveys.
    pub id: Id,
    /// Name of the wave.
    pub wave: String,
    /// The area asked about.
    pub area: Option<Id>,
    /// The question in Swedish, as asked.
    pub question_sv: String,
    /// The question in English.
    pub question_en: String,
    /// Who answered: residents, visitors, all.
    pub respondents: String,
    /// The answers to choose from.
    pub answer_scale: String,
    /// Which of them mean unsafe.
    pub unsafe_answers: String,
    /// When it was asked.
    pub period: Period,
    /// What it found.
    pub result: SurveyResult,
    /// Who made it.
    pub source: String,
}
