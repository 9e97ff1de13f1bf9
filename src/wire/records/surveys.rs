//! Survey waves.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, id, period, properties};
use crate::domain::{Record, Survey, SurveyResult};

pub(super) fn write(survey: &Survey) -> Parts {
    let (asked, answered, unsafe_count, share, margin) = match survey.result {
        SurveyResult::Counts { asked, answered, unsafe_count } => {
            (Some(asked), answered, Some(unsafe_count), None, None)
        }
        SurveyResult::Share { unsafe_share, answered, margin, weighted: _ } => {
            (None, answered, None, Some(unsafe_share), margin)
        }
    };
    let mut members = properties([
        ("wave", survey.wave.clone().into()),
        ("area", id(survey.area.as_ref())),
        ("question_sv", survey.question_sv.clone().into()),
        ("question_en", survey.question_en.clone().into()),
        ("respondents", survey.respondents.clone().into()),
        ("answer_scale", survey.answer_scale.clone().into()),
        ("unsafe_answers", survey.unsafe_answers.clone().into()),
        ("asked", asked.into()),
        ("answered", answered.into()),
        ("unsafe", unsafe_count.into()),
        ("unsafe_share", share.into()),
        ("margin", margin.into()),
        ("source", survey.source.clone().into()),
    ]);
    members.extend(period(&survey.period).map(|(name, value)| (name.to_string(), value)));
    (Value::Null, members)
}

pub(super) fn read(reading: &mut Reading<'_>) -> Option<Record> {
    let id = reading.id();
    let wave = reading.text("wave");
    let area = reading.area();
    let (question_sv, question_en) = (reading.text("question_sv"), reading.text("question_en"));
    let respondents =
        reading.word("respondents", |word| ["residents", "visitors", "all"].contains(&word).then(|| word.to_string()));
    let answer_scale = reading.text_or_empty("answer_scale");
    let unsafe_answers = reading.text_or_empty("unsafe_answers");
    let period = reading.period();
    let result = result(reading);
    let source = reading.text("source");
    Some(Record::Survey(Survey {
        dont_go_there: None,
        dont_know: None,
        id: id?,
        wave: wave?,
        area,
        question_sv: question_sv?,
        question_en: question_en?,
        respondents: respondents?,
        answer_scale,
        unsafe_answers,
        period: period?,
        result: result?,
        source: source?,
    }))
}

/// Counted answers, or a published share: one of the two.
fn result(reading: &mut Reading<'_>) -> Option<SurveyResult> {
    let (asked, answered, unsafe_count) = (reading.whole("asked"), reading.whole("answered"), reading.whole("unsafe"));
    let (share, margin) = (reading.number("unsafe_share"), reading.number("margin"));
    let has = |reading: &Reading<'_>, name: &str| reading.value(name).is_some();
    let counted = has(reading, "asked") || has(reading, "unsafe");
    let published = has(reading, "unsafe_share") || has(reading, "margin");
    match (counted, published) {
        (true, true) => {
            let name = if has(reading, "unsafe_share") { "unsafe_share" } else { "margin" };
            reading.report(
                name,
                "stands together with asked or unsafe",
                "asked and unsafe, or unsafe_share and margin",
            );
            None
        }
        (true, false) => {
            for name in ["asked", "unsafe"] {
                if !has(reading, name) {
                    reading.report(name, "is missing", "asked and unsafe together, or unsafe_share");
                }
            }
            let (asked, answered, unsafe_count) = (asked?, answered?, unsafe_count?);
            if answered > asked {
                reading.report("answered", "is more than asked", format!("at most {asked}"));
            }
            if unsafe_count > answered {
                reading.report("unsafe", "is more than answered", format!("at most {answered}"));
            }
            Some(SurveyResult::Counts { asked, answered, unsafe_count })
        }
        (false, _) => {
            if !has(reading, "unsafe_share") {
                reading.report("unsafe_share", "is missing", "asked and unsafe together, or unsafe_share");
            }
            Some(SurveyResult::Share { unsafe_share: share?, answered: answered?, margin, weighted: None })
        }
    }
}
