//! Rows of survey waves.

use super::fields::Field;
use super::followup_rows::{area_of, parse_count, required};
use super::periods::period_of_row;
use super::records::Row;
use super::register::AreaNames;
use super::values::{Fault, parse_flag, parse_number};
use crate::domain::{Id, Record, Survey, SurveyResult};

/// A survey wave: counts of answers, or a published share.
pub(crate) fn survey(row: &mut Row<'_>, id: Option<Id>, areas: &AreaNames, comma: bool) -> Option<Record> {
    let wave = required(row, Field::Wave);
    let area = area_of(row, areas);
    let period = period_of_row(row, "2025, 2025-10, 2025-Q4 and 2025-09-01/2025-10-15 are accepted");
    let answered = row.required_cell(Field::Answered).and_then(|cell| row.check(Field::Answered, parse_count(cell)));
    let dont_know = row.optional(Field::DontKnow, parse_count);
    let dont_go_there = row.optional(Field::DontGoThere, parse_count);
    let result = survey_result(row, answered, [dont_know, dont_go_there], comma);
    let text = |row: &mut Row<'_>, field| row.text(field).unwrap_or_default();
    let question_sv = required(row, Field::QuestionSv);
    let survey = Survey {
        id: id?,
        wave: wave.unwrap_or_default(),
        area: area?,
        question_sv: question_sv?,
        question_en: text(row, Field::QuestionEn),
        respondents: text(row, Field::Respondents),
        answer_scale: text(row, Field::AnswerScale),
        unsafe_answers: text(row, Field::UnsafeAnswers),
        period: period?,
        result: result?,
        dont_know,
        dont_go_there,
        source: text(row, Field::Source),
    };
    Some(Record::Survey(survey))
}

fn survey_result(
    row: &mut Row<'_>,
    answered: Option<u32>,
    apart: [Option<u32>; 2],
    comma: bool,
) -> Option<SurveyResult> {
    let share = row.cell(Field::UnsafeShare);
    if !share.is_empty() {
        let unsafe_share = row.check(Field::UnsafeShare, parse_share(share, comma));
        let margin = row.optional(Field::Margin, |cell| parse_share(cell, comma));
        let weighted = row.optional(Field::Weighted, parse_flag);
        return Some(SurveyResult::Share { unsafe_share: unsafe_share?, answered: answered?, margin, weighted });
    }
    let asked = row.required_cell(Field::Asked).and_then(|cell| row.check(Field::Asked, parse_count(cell)));
    let unsafe_count =
        row.required_cell(Field::UnsafeCount).and_then(|cell| row.check(Field::UnsafeCount, parse_count(cell)));
    let (asked, answered, unsafe_count) = (asked?, answered?, unsafe_count?);
    if unsafe_count > answered || answered > asked {
        let reason = format!("{unsafe_count} unsafe of {answered} answers of {asked} asked");
        row.faults.push((Field::UnsafeCount, Fault::new(reason, "unsafe at most answered, answered at most asked")));
        return None;
    }
    let all = u64::from(answered) + apart.into_iter().flatten().map(u64::from).sum::<u64>();
    if all > u64::from(asked) {
        let field = if apart[0].is_some() { Field::DontKnow } else { Field::DontGoThere };
        let reason = format!("more answers than asked: {all} with those who do not know or go there, asked {asked}");
        row.faults.push((field, Fault::new(reason, "answered, dont_know and dont_go_there at most asked together")));
        return None;
    }
    if !row.cell(Field::Weighted).is_empty() {
        let fault = Fault::new("stands beside counts", "weighted is accepted beside a published unsafe_share");
        row.faults.push((Field::Weighted, fault));
        return None;
    }
    Some(SurveyResult::Counts { asked, answered, unsafe_count })
}

/// A share as 0.25, 25 % or 0,25.
fn parse_share(text: &str, comma: bool) -> Result<f64, Fault> {
    let (number, divisor) = match text.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text, 1.0),
    };
    let share = parse_number(number, comma)? / divisor;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err(Fault::new("not a share", "0 to 1, or 0 % to 100 %, is accepted"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read() {
        assert_eq!((parse_share("25 %", true), parse_share("0,25", true)), (Ok(0.25), Ok(0.25)));
        assert!(parse_share("25", true).is_err() && parse_share("-0.1", true).is_err());
    }
}
