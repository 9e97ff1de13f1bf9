//! Survey waves.

use serde_json::Value;

use super::reading::Reading;
use super::writing::{Parts, id, period, properties};
use crate::domain::{Record, Survey, SurveyResult};

pub(super) fn write(survey: &Survey) -> Parts {
    let (asked, answered, unsafe_count, share, margin, weighted) = match survey.result {
        SurveyResult::Counts { asked, answered, unsafe_count } => {
            (Some(asked), answered, Some(unsafe_count), None, None, None)
        }
        SurveyResult::Share { unsafe_share, answered, margin, weighted } => {
            (None, answered, None, Some(unsafe_share), margin, weighted)
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
        ("weighted", weighted.into()),
        ("dont_know", survey.dont_know.into()),
        ("dont_go_there", survey.dont_go_there.into()),
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
    let (dont_know, dont_go_there) = (reading.whole("dont_know"), reading.whole("dont_go_there"));
    let result = result(reading);
    if let Some(SurveyResult::Counts { asked, answered, .. }) = result
        && answered <= asked
    {
        check_apart(reading, asked, answered, dont_know, dont_go_there);
    }
    let source = reading.text("source");
    Some(Record::Survey(Survey {
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
        dont_know,
        dont_go_there,
        source: source?,
    }))
}

/// Who answered, who does not know and who does not go there are three groups of those who were asked.
fn check_apart(
    reading: &mut Reading<'_>,
    asked: u32,
    answered: u32,
    dont_know: Option<u32>,
    dont_go_there: Option<u32>,
) {
    let apart = u64::from(dont_know.unwrap_or(0)) + u64::from(dont_go_there.unwrap_or(0));
    let sum = u64::from(answered) + apart;
    if sum <= u64::from(asked) {
        return;
    }
    let name = if dont_know.is_some() { "dont_know" } else { "dont_go_there" };
    let parts = [("answered", Some(answered)), ("dont_know", dont_know), ("dont_go_there", dont_go_there)];
    let parts =
        parts.into_iter().filter_map(|(name, n)| Some(format!("{name} {}", n?))).collect::<Vec<_>>().join(" + ");
    let reason = format!("more answers than asked: {parts} = {sum}, asked {asked}");
    reading.report(name, &reason, format!("together at most {}", asked.saturating_sub(answered)));
}

/// Counted answers, or a published share: one of the two.
fn result(reading: &mut Reading<'_>) -> Option<SurveyResult> {
    let (asked, answered, unsafe_count) = (reading.whole("asked"), reading.whole("answered"), reading.whole("unsafe"));
    let (share, margin) = (reading.number("unsafe_share"), reading.number("margin"));
    let weighted = reading.flag("weighted");
    let has = |reading: &Reading<'_>, name: &str| reading.value(name).is_some();
    let counted = has(reading, "asked") || has(reading, "unsafe");
    let published = ["unsafe_share", "margin", "weighted"].into_iter().find(|name| has(reading, name));
    match (counted, published) {
        (true, Some(name)) => {
            let accepted = "asked and unsafe, or unsafe_share with margin and weighted";
            reading.report(name, "stands together with asked or unsafe", accepted);
            None
        }
        (true, None) => {
            for name in ["asked", "unsafe"] {
                if !has(reading, name) {
                    reading.report(name, "is missing", "asked and unsafe together, or unsafe_share");
                }
            }
            let (asked, answered, unsafe_count) = (asked?, answered?, unsafe_count?);
            if answered > asked {
                let reason = format!("more answers than asked: answered {answered}, asked {asked}");
                reading.report("answered", &reason, format!("at most {asked}"));
            }
            if unsafe_count > answered {
                let reason = format!("more unsafe answers than answers: unsafe {unsafe_count}, answered {answered}");
                reading.report("unsafe", &reason, format!("at most {answered}"));
            }
            Some(SurveyResult::Counts { asked, answered, unsafe_count })
        }
        (false, _) => {
            if !has(reading, "unsafe_share") {
                reading.report("unsafe_share", "is missing", "asked and unsafe together, or unsafe_share");
            }
            Some(SurveyResult::Share { unsafe_share: share?, answered: answered?, margin, weighted })
        }
    }
}
