use std::sync::Arc;

use jiff::tz::TimeZone;

use super::*;
use crate::domain::{Plane, Record, Vocabulary};
use crate::followup::BookBuilder;
use crate::spatial::{AreaSet, DataClass, FileFacts, Frame};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn id(text: &str) -> Id {
    Id::new(text).expect("an id")
}

fn book(surveys: Vec<Survey>) -> Book {
    let frame = Frame {
        facts: Arc::new(FileFacts {
            plane: Plane::from_epsg(3006).expect("SWEREF 99 TM"),
            time_zone: "Europe/Stockholm".into(),
            zone: TimeZone::get("Europe/Stockholm").expect("bundled"),
            data_class: DataClass::Synthetic,
            identity: "test".into(),
        }),
        areas: Arc::new(AreaSet::default()),
        places: Arc::default(),
        vocabulary: Arc::new(Vocabulary::seed()),
    };
    let mut builder = BookBuilder::new(&frame, 1);
    surveys.into_iter().for_each(|survey| builder.record(Record::Survey(survey)));
    builder.finish()
}

/// A wave asked in September of a year.
fn counts(year: i16, asked: u32, answered: u32, unsafe_count: u32) -> Survey {
    Survey {
        id: id(&format!("s{year}")),
        wave: year.to_string(),
        area: Some(id("torget")),
        question_sv: "Hur trygg är du?".into(),
        question_en: "How safe are you?".into(),
        respondents: "all".into(),
        answer_scale: "trygg; otrygg".into(),
        unsafe_answers: "otrygg".into(),
        period: Period::parse(&format!("{year}-09")).expect("a month"),
        result: SurveyResult::Counts { asked, answered, unsafe_count },
        dont_know: None,
        dont_go_there: None,
        source: "Kommunen".into(),
    }
}

fn one(surveys: Vec<Survey>, audience: Audience) -> Series {
    let mut all = series(&book(surveys), day("2026-11-22"), audience);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn a_wave_carries_the_share_who_feel_safe_with_wilsons_interval() {
    // 41 of 160 unsafe: 0.25625, 0.19487 to 0.32906 (reference file); so 0.74375 feel safe.
    let series = one(vec![counts(2025, 400, 160, 41)], Audience::Internal);
    let wave = &series.waves[0];
    let safe = wave.feels_safe.expect("enough answers");
    assert!((safe.value - 0.743_75).abs() < 1e-12);
    assert!((safe.interval.low - 0.670_944_182_600_573_4).abs() < 1e-9);
    assert!((wave.feels_unsafe().expect("the same").interval.low - 0.194_874_202_746_682_2).abs() < 1e-9);
    assert!((wave.response_rate().expect("400 were asked") - 0.4).abs() < 1e-12);
    assert_eq!(wave.change, None);
    // Of 160 and 160 the formula gives 0.123 upwards. Downwards, by hand at 0.1465: (1.95996 √(2 x 0.6705 x 0.3295)
    // + 0.84162 √(0.74375 x 0.25625 + 0.59725 x 0.40275)) / √160 = 0.1466. So 15 percent units show either way.
    assert_eq!(wave.smallest_points, 15);
}

#[test]
fn a_change_is_newcombes_and_speaks_of_those_who_feel_safe() {
    // 62 of 171 unsafe before, 41 of 160 after: -0.1063 unsafe, -0.2027 to -0.0065 (reference file).
    let series = one(vec![counts(2024, 400, 171, 62), counts(2025, 400, 160, 41)], Audience::Internal);
    let change = series.waves[1].change.as_ref().expect("there is a wave before");
    let found = change.feels_safe.expect("enough answers");
    assert!((found.value - 0.106_323_099_415_204_68).abs() < 1e-9);
    assert!((found.interval.low - 0.006_493_049_587_159_336).abs() < 1e-9);
    assert!((found.interval.high - 0.202_727_218_733_088_9).abs() < 1e-9);
    assert_eq!((change.verdict, change.before.as_str()), (Verdict::Higher, "s2024"));
    let back = one(vec![counts(2024, 400, 160, 41), counts(2025, 400, 171, 62)], Audience::Internal);
    assert_eq!(back.waves[1].change.as_ref().map(|c| c.verdict), Some(Verdict::Lower));
    let same = one(vec![counts(2024, 400, 160, 41), counts(2025, 400, 160, 45)], Audience::Internal);
    let same = same.waves[1].change.clone().expect("a wave before");
    assert_eq!(same.verdict, Verdict::NoEvidence);
    assert!(same.smallest_points >= 12, "{same:?}");
}

#[test]
fn nothing_is_given_below_twenty_answers_and_below_fifty_in_public() {
    let nineteen = one(vec![counts(2024, 400, 160, 41), counts(2025, 60, 19, 5)], Audience::Internal);
    let wave = &nineteen.waves[1];
    assert_eq!((wave.feels_safe, wave.feels_unsafe(), wave.answered), (None, None, 19));
    let change = wave.change.as_ref().expect("there is a wave before");
    assert_eq!((change.feels_safe, change.verdict), (None, Verdict::NotEnoughAnswers));
    assert!(change.smallest_points > 30);
    assert!(one(vec![counts(2025, 60, 20, 5)], Audience::Internal).waves[0].feels_safe.is_some());

    assert_eq!(one(vec![counts(2025, 60, 49, 5)], Audience::Public).waves[0].feels_safe, None);
    // 45 of 50: 0.9, Wilson 0.786 to 0.957, outwards 0.78 to 0.96.
    let fifty = one(vec![counts(2025, 60, 50, 5)], Audience::Public).waves[0].feels_safe.expect("50 answers");
    assert!((fifty.value - 0.9).abs() < 1e-12 && (fifty.interval.low - 0.78).abs() < 1e-12);
    assert!((fifty.interval.high - 0.96).abs() < 1e-12);
}

#[test]
fn no_answers_at_all_are_a_wave_without_a_share() {
    let wave = &one(vec![counts(2025, 60, 0, 0)], Audience::Internal).waves[0];
    assert_eq!((wave.feels_safe, wave.answered, wave.smallest_points), (None, 0, 100));
}

#[test]
fn two_questions_are_never_compared_and_the_series_says_so() {
    let mut other = counts(2025, 400, 160, 41);
    other.question_sv = "Hur otrygg är du på kvällen?".into();
    let all = series(&book(vec![counts(2024, 400, 171, 62), other]), day("2026-11-22"), Audience::Internal);
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|s| s.waves.len() == 1 && s.waves[0].change.is_none() && s.other_questions == 1));
    // Whatever differs makes another question, except the translation.
    let change = |alter: fn(&mut Survey)| {
        let mut survey = counts(2025, 400, 160, 41);
        alter(&mut survey);
        series(&book(vec![counts(2024, 400, 171, 62), survey]), day("2026-11-22"), Audience::Internal).len()
    };
    assert_eq!(change(|s| s.respondents = "residents".into()), 2);
    assert_eq!(change(|s| s.answer_scale = "1-10".into()), 2);
    assert_eq!(change(|s| s.unsafe_answers = "otrygg; vet inte".into()), 2);
    assert_eq!(change(|s| s.area = None), 2);
    assert_eq!(change(|s| s.question_en = "Are you safe?".into()), 1);
}

#[test]
fn waves_that_cannot_be_right_are_named_and_the_rest_stays() {
    let mut silent = counts(2023, 100, 90, 9);
    silent.dont_know = Some(11);
    let mut share = counts(2022, 0, 0, 0);
    share.result = SurveyResult::Share { unsafe_share: 1.2, answered: 90, margin: None, weighted: None };
    let series = one(
        vec![share, silent, counts(2024, 50, 51, 4), counts(2025, 100, 60, 61), counts(2026, 100, 60, 6)],
        Audience::Internal,
    );
    let faults: Vec<(&str, Fault)> = series.left_out.iter().map(|(id, fault)| (id.as_str(), *fault)).collect();
    let expected = [
        ("s2022", Fault::NoShare),
        ("s2023", Fault::MoreAnswersThanAsked),
        ("s2024", Fault::MoreAnswersThanAsked),
        ("s2025", Fault::MoreUnsafeThanAnswered),
    ];
    assert_eq!(faults, expected);
    assert_eq!((series.waves.len(), series.waves[0].change.is_none()), (1, true));
}

#[test]
fn a_published_share_keeps_its_margin_and_one_without_gets_that_of_plain_answers() {
    let published = |year, margin, weighted| {
        let mut survey = counts(year, 0, 0, 0);
        survey.result = SurveyResult::Share { unsafe_share: 0.25, answered: 160, margin, weighted };
        survey
    };
    let series = one(vec![published(2024, Some(0.1), Some(true)), published(2025, None, None)], Audience::Internal);
    let [with, without] = &series.waves[..] else { panic!("two waves") };
    assert_eq!(with.basis, Basis::PublishedMargin { weighted: Some(true) });
    let safe = with.feels_safe.expect("a share");
    assert!((safe.interval.low - 0.65).abs() < 1e-12 && (safe.interval.high - 0.85).abs() < 1e-12);
    assert_eq!(without.basis.weighted(), None);
    let plain = Share::counted(120, 160).expect("answers");
    assert!((without.feels_safe.expect("a share").interval.low - plain.interval.low).abs() < 1e-9);
    // A margin of 10 % at 25 % is that of 72 plain answers, so less shows than 160 would.
    assert!(with.smallest_points > without.smallest_points);
    assert_eq!((with.asked, with.response_rate()), (None, None));
}

#[test]
fn a_wave_that_is_not_over_is_not_known_and_overlapping_waves_are_not_compared() {
    let all = series(&book(vec![counts(2025, 100, 60, 6)]), day("2025-09-29"), Audience::Internal);
    assert!(all.is_empty());
    let mut other = counts(2025, 100, 60, 6);
    other.id = id("again");
    other.period = Period::parse("2025-09-15/2025-10-15").expect("days");
    let series = one(vec![counts(2025, 100, 60, 6), other], Audience::Internal);
    assert!(series.waves.iter().all(|wave| wave.change.is_none()));
}

fn level(surveys: Vec<Survey>, baseline: Option<&str>) -> PerceivedLevel {
    let period = |text: &str| Period::parse(text).expect("a period");
    let baseline = baseline.map(period);
    let promise = period("2025-01-01/2026-12-31");
    let (area, today) = (id("torget"), day("2026-11-22"));
    since(&book(surveys), Some(&area), Respondents::All, baseline.as_ref(), &promise, today, Audience::Internal)
}

#[test]
fn a_level_is_the_latest_wave_of_the_promise_against_its_baseline() {
    let surveys = || vec![counts(2023, 400, 160, 41), counts(2024, 400, 171, 62), counts(2026, 400, 160, 41)];
    let unnamed = level(surveys(), None);
    assert_eq!(unnamed.reason, LevelReason::Higher);
    let survey = |wave: &Option<Wave>| wave.as_ref().map(|wave| wave.survey.to_string());
    assert_eq!((survey(&unnamed.baseline), survey(&unnamed.latest)), (Some("s2024".into()), Some("s2026".into())));
    let named = level(surveys(), Some("2023"));
    assert_eq!(survey(&named.baseline), Some("s2023".into()));
    assert!(matches!(named.reason, LevelReason::TooSmallToSee { smallest_points: 10..=20 }), "{:?}", named.reason);
    assert_eq!(level(surveys(), Some("2020")).reason, LevelReason::BaselineWithoutData);
}

#[test]
fn a_level_that_cannot_be_judged_says_why() {
    assert_eq!(level(Vec::new(), None).reason, LevelReason::NoSurvey);
    let mut residents = counts(2026, 400, 160, 41);
    residents.respondents = "residents".into();
    assert_eq!(level(vec![residents], None).reason, LevelReason::NoSurvey);
    assert_eq!(level(vec![counts(2026, 400, 160, 41)], None).reason, LevelReason::NoBaseline);
    assert_eq!(level(vec![counts(2024, 400, 160, 41)], None).reason, LevelReason::NothingAfterBaseline);
    let few = level(vec![counts(2024, 400, 160, 41), counts(2026, 40, 12, 4)], None);
    assert_eq!(few.reason, LevelReason::TooFewAnswers);
    let wrong = level(vec![counts(2024, 5, 160, 41)], None);
    assert_eq!((wrong.reason, wrong.left_out.len()), (LevelReason::NoBaseline, 1));
    // A wave inside a named baseline that reaches into the promise is not its own successor.
    let inside = level(vec![counts(2025, 400, 160, 41)], Some("2025"));
    assert_eq!(inside.reason, LevelReason::NothingAfterBaseline);
}

#[test]
fn of_several_questions_the_one_that_can_say_most_is_taken_and_the_others_are_named() {
    let evening = |year| {
        let mut survey = counts(year, 400, 160, 41);
        (survey.id, survey.question_sv) = (id(&format!("e{year}")), "Aftonfrågan?".into());
        survey
    };
    let level = level(vec![evening(2026), counts(2024, 400, 171, 62), counts(2026, 400, 160, 41)], None);
    assert_eq!(level.reason, LevelReason::Higher);
    assert_eq!(level.question.map(|q| q.sv), Some("Hur trygg är du?".to_string()));
    assert_eq!(level.other_questions.len(), 1);
}
