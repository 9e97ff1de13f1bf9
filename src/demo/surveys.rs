//! Survey waves: one a year, on the last day of its window.

use jiff::civil::Date;
use rand::RngExt;

use super::draw::{Purpose, stream};
use super::scene::swing;
use super::{Demo, plus_days};
use crate::domain::{Id, Period, Survey, SurveyResult};

/// The waves that ended on a day.
pub(super) fn of_day(demo: &Demo, date: Date) -> Vec<Survey> {
    let surveys = demo.scene.profile.surveys.iter().enumerate();
    let wave = |(index, spec): (usize, &super::profile::SurveySpec)| {
        let (first, last) = spec.window.in_year(date.year());
        let period = Period::new(first, plus_days(last, 1)).filter(|_| last == date)?;
        let mut rng = stream(demo.plan.seed, Purpose::Survey, i64::from(date.year()), index);
        let mut count = |n: u32, share: f64| (0..n).map(|_| u32::from(rng.random_bool(share))).sum::<u32>();
        let answered = count(spec.asked, spec.answered_share);
        let unsafe_count = count(answered, spec.unsafe_share * swing(date.year(), spec.yearly_swing));
        Some(Survey {
            dont_go_there: None,
            dont_know: None,
            id: Id::new(&format!("{}-{}", spec.id, date.year())).ok()?,
            wave: date.year().to_string(),
            area: Some(spec.area.clone()),
            question_sv: spec.question_sv.clone(),
            question_en: spec.question_en.clone(),
            respondents: spec.respondents.clone(),
            answer_scale: spec.answer_scale.clone(),
            unsafe_answers: spec.unsafe_answers.clone(),
            period,
            result: SurveyResult::Counts { asked: spec.asked, answered, unsafe_count },
            source: spec.source.clone(),
        })
    };
    surveys.filter_map(wave).collect()
}
