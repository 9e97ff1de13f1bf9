//! Perceived safety in words: one table per question.

use super::words::{area, days};
use crate::analysis::poisson::Interval;
use crate::followup::Book;
use crate::followup::perceived::{Audience, Basis, Fault, Series, Verdict, Wave};
use crate::followup::picture::Picture;
use crate::text::lang::{Lang, texts};
use crate::text::paper::{Block, Line, Table, line};
use crate::wire::figures::{decimal, percent, whole};

texts! {
    SURVEYS: "Hur trygga folk känner sig", "How safe people feel";
    NONE: "Ingen trygghetsmätning är inlagd. Hur trygga folk känner sig är inte känt.", "No survey is recorded. How safe people feel is not known.";
    MUNICIPALITY: "Hela kommunen", "The whole municipality";
    QUESTION: "Frågan: ”{question}” Svarande: {who}. Otrygg är den som svarar {answers}.", "The question: “{question}” Respondents: {who}. Unsafe is who answers {answers}.";
    QUESTION_BARE: "Frågan: ”{question}” Svarande: {who}.", "The question: “{question}” Respondents: {who}.";
    CAPTION: "Mätningar: {area}", "Surveys: {area}";
    H_WAVE: "Mätning", "Survey";
    H_ASKED: "Frågade (svarade)", "Asked (replied)";
    H_ANSWERED: "Svar", "Answers";
    H_APART: "Vet inte / går inte dit", "Don't know / don't go there";
    H_SAFE: "Känner sig trygga", "Feel safe";
    H_UNSAFE: "Otrygga", "Unsafe";
    H_CHANGE: "Ändring, procentenheter", "Change, percentage points";
    H_VISIBLE: "Syns från", "Seen from";
    H_WHEN: "Tid", "Time";
    ASKED_RATE: "{n} ({rate} %)", "{n} ({rate} %)";
    NOT_KNOWN: "inte känt", "not known";
    HIDDEN: "visas inte, under {least} svar", "not shown, below {least} answers";
    SHARE: "{value} % ({low}–{high})", "{value} % ({low}–{high})";
    PLAIN_SHARE: "{value} %", "{value} %";
    FIRST: "första mätningen", "first survey";
    HIGHER: "fler trygga: {change}", "more feel safe: {change}";
    LOWER: "färre trygga: {change}", "fewer feel safe: {change}";
    NO_EVIDENCE: "ingen säker: {change}", "none certain: {change}";
    TOO_FEW: "för få svar", "too few answers";
    POINTS: "{sign}{n} ({low} – {high})", "{sign}{n} ({low} – {high})";
    OTHERS: "Det finns {n} frågor till om samma område. Svar på olika frågor jämförs aldrig.", "There are {n} more questions about the same area. Answers to different questions are never compared.";
    OTHER: "Det finns en fråga till om samma område. Svar på olika frågor jämförs aldrig.", "There is one more question about the same area. Answers to different questions are never compared.";
    LEFT_MORE: "Mätningen {id} har fler svar än tillfrågade och visas inte. Rätta talen.", "The survey {id} has more answers than people asked and is not shown. Mend the numbers.";
    LEFT_UNSAFE: "Mätningen {id} har fler otrygga svar än svar och visas inte. Rätta talen.", "The survey {id} has more unsafe answers than answers and is not shown. Mend the numbers.";
    LEFT_SHARE: "Mätningen {id} har en andel som inte ligger mellan 0 och 1 och visas inte. Rätta talet.", "The survey {id} has a share that is not from 0 to 1 and is not shown. Mend the number.";
    B_MARGIN: "{wave} är en publicerad andel med sin egen felmarginal{weighted}.", "{wave} is a published share with its own margin{weighted}.";
    B_BARE: "{wave} är en publicerad andel utan felmarginal{weighted}. Intervallet är räknat på antalet svar.", "{wave} is a published share without a margin{weighted}. The interval is computed from the number of answers.";
    WEIGHTED: ", viktad", ", weighted";
    UNWEIGHTED: ", inte viktad", ", not weighted";
    WEIGHT_UNKNOWN: ", om den är viktad är inte känt", ", whether it is weighted is not known";
    READ: "Syns från är den minsta ändring i procentenheter som så många svar kan visa.", "Seen from is the smallest change in percentage points that this many answers can show.";
    APART: "Känslan av trygghet mäts för sig. Den säger inget om vad en viss aktivitet har lett till.", "The feeling of safety is measured by itself. It says nothing about what a certain activity has led to.";
}

/// The section about surveys.
pub(super) fn survey_blocks(blocks: &mut Vec<Block>, book: &Book, picture: &Picture, lang: Lang) {
    blocks.push(Block::Heading { level: 2, text: SURVEYS.of(lang).to_string(), id: "surveys".into() });
    if picture.surveys.is_empty() {
        blocks.push(Block::para(NONE.of(lang)));
        return;
    }
    for series in &picture.surveys {
        series_blocks(blocks, book, series, lang);
    }
    blocks.push(Block::para(READ.of(lang)));
    blocks.push(Block::para(APART.of(lang)));
}

fn series_blocks(blocks: &mut Vec<Block>, book: &Book, series: &Series, lang: Lang) {
    let question = &series.question;
    let place = question.area.as_ref().map_or_else(|| MUNICIPALITY.of(lang).to_string(), |id| area(book, id, lang));
    blocks.push(Block::heading(3, place.clone()));
    // An imported wave may lack the translation.
    let asked = if question.en.is_empty() { &question.sv } else { lang.pick(&question.sv, &question.en) };
    let or = lang.pick(" eller ", " or ");
    let answers = question.unsafe_answers.split(';').map(str::trim).collect::<Vec<_>>().join(or);
    let values = [
        ("question", asked.as_str()),
        ("who", respondents(&question.respondents, lang)),
        ("answers", answers.as_str()),
    ];
    let text = if question.unsafe_answers.is_empty() { QUESTION_BARE } else { QUESTION };
    blocks.push(Block::para(text.with(lang, &values)));
    if !series.waves.is_empty() {
        let heads = [H_WAVE, H_WHEN, H_ASKED, H_ANSWERED, H_APART, H_SAFE, H_UNSAFE, H_CHANGE, H_VISIBLE];
        blocks.push(Block::Table(Table {
            caption: CAPTION.with(lang, &[("area", &place)]),
            head: heads.map(|text| text.of(lang).to_string()).to_vec(),
            numeric: vec![false, false, true, true, true, true, true, false, true],
            rows: series.waves.iter().map(|wave| cells(wave, lang)).collect(),
        }));
    }
    for wave in &series.waves {
        let text = match wave.basis {
            Basis::Counted => continue,
            Basis::PublishedMargin { .. } => B_MARGIN,
            Basis::PublishedWithoutMargin { .. } => B_BARE,
        };
        let weighted = match wave.basis.weighted() {
            Some(true) => WEIGHTED,
            Some(false) => UNWEIGHTED,
            None => WEIGHT_UNKNOWN,
        };
        blocks.push(Block::para(text.with(lang, &[("wave", &wave.name), ("weighted", weighted.of(lang))])));
    }
    for (survey, fault) in &series.left_out {
        let text = match fault {
            Fault::MoreAnswersThanAsked => LEFT_MORE,
            Fault::MoreUnsafeThanAnswered => LEFT_UNSAFE,
            Fault::NoShare => LEFT_SHARE,
        };
        blocks.push(Block::note(text.with(lang, &[("id", survey.as_str())])));
    }
    match series.other_questions {
        0 => {}
        1 => blocks.push(Block::para(OTHER.of(lang))),
        n => blocks.push(Block::para(OTHERS.with(lang, &[("n", &n.to_string())]))),
    }
}

fn respondents(code: &str, lang: Lang) -> &str {
    match code {
        "all" => lang.pick("alla", "all"),
        "residents" => lang.pick("boende", "residents"),
        "visitors" => lang.pick("besökare", "visitors"),
        "" => NOT_KNOWN.of(lang),
        other => other,
    }
}

fn cells(wave: &Wave, lang: Lang) -> Vec<Line> {
    let not_known = || NOT_KNOWN.of(lang).to_string();
    let number = |n: Option<u32>| n.map_or_else(not_known, |n| whole(u64::from(n), lang));
    let asked = match (wave.asked, wave.response_rate()) {
        (Some(asked), Some(rate)) => {
            ASKED_RATE.with(lang, &[("n", &whole(u64::from(asked), lang)), ("rate", &percent(rate, lang))])
        }
        _ => not_known(),
    };
    let apart = match (wave.dont_know, wave.dont_go_there) {
        (None, None) => not_known(),
        (know, go) => format!("{} / {}", number(know), number(go)),
    };
    let safe = wave.feels_safe.map_or_else(
        || HIDDEN.with(lang, &[("least", &Audience::Internal.least_answers().to_string())]),
        |share| {
            let (low, high) = limits(share.interval, lang);
            SHARE.with(lang, &[("value", &percent(share.value, lang)), ("low", &low), ("high", &high)])
        },
    );
    let unsafe_share = wave
        .feels_unsafe()
        .map_or_else(String::new, |share| PLAIN_SHARE.with(lang, &[("value", &percent(share.value, lang))]));
    let (changed, points) = match &wave.change {
        None => (FIRST.of(lang).to_string(), wave.smallest_points),
        Some(change) => {
            let text = match change.verdict {
                Verdict::Higher => HIGHER,
                Verdict::Lower => LOWER,
                Verdict::NoEvidence => NO_EVIDENCE,
                Verdict::NotEnoughAnswers => TOO_FEW,
            };
            let said = change.feels_safe.map_or_else(String::new, |found| {
                // With a decimal, for the shares beside it are rounded and their difference may seem another.
                let points = |share: f64| decimal(share * 100.0, 1, lang);
                let (low, high) = (points(found.interval.low), points(found.interval.high));
                let sign = if found.value > 0.0 { "+" } else { "" };
                let value = points(found.value);
                POINTS.with(lang, &[("sign", sign), ("n", &value), ("low", &low), ("high", &high)])
            });
            (text.with(lang, &[("change", &said)]), change.smallest_points)
        }
    };
    let visible = points.to_string();
    [
        wave.name.clone(),
        days(&wave.period),
        asked,
        whole(u64::from(wave.answered), lang),
        apart,
        safe,
        unsafe_share,
        changed,
        visible,
    ]
    .map(line)
    .to_vec()
}

/// Limits in whole percent, outwards.
pub(super) fn limits(interval: Interval, lang: Lang) -> (String, String) {
    (decimal((interval.low * 100.0).floor(), 0, lang), decimal((interval.high * 100.0).ceil(), 0, lang))
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_say_everything() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
