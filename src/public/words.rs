//! Numbers, days, statuses and reasons as sentences that everybody can read.

use jiff::civil::Date;

use super::figures::place_names;
use crate::domain::{Certainty, Names, Period};
use crate::release::attack::{Place, Shown};
use crate::release::deeds::{Known, PublicCommitment, Why};
use crate::release::policy::Policy;
use crate::release::{LevelReason, Release, Rule, Status};
use crate::text::lang::{Lang, texts};
use crate::text::paper::Mark;

texts! {
    REACHED: "Målet är nått: {done} av minst {target}.", "The target is reached: {done} of at least {target}.";
    OVER: "Tiden är slut. Det blev {done} av {target}.", "The time is over. It came to {done} of {target}.";
    NOT_BEGUN: "Tiden har inte börjat. Den börjar {date}.", "The time has not begun. It begins on {date}.";
    BOOKED: "Hittills är {done} av {target} gjort. Nästa datum är bokat.", "So far {done} of {target} are done. The next date is booked.";
    NO_DATE: "Hittills är {done} av {target} gjort. Halva tiden har gått och inget nytt datum är bokat.",
        "So far {done} of {target} are done. Half the time is gone and no new date is booked.";
    EARLY_NONE: "Inget är gjort än. Mindre än halva tiden har gått.", "Nothing is done yet. Less than half the time is gone.";
    EARLY_SOME: "Hittills är {done} av {target} gjort. Mindre än halva tiden har gått.", "So far {done} of {target} are done. Less than half the time is gone.";
    PACE_NONE: "Inget är gjort än, och så här tidigt behövs inget.", "Nothing is done yet, and this early nothing is needed.";
    PACE_ON: "Hittills är {done} av {target} gjort. För att hålla takten behövs {pace} nu.", "So far {done} of {target} are done. To keep the pace {pace} are needed now.";
    PACE_BEHIND: "Hittills är {done} av {target} gjort. För att hålla takten hade {pace} behövts nu.", "So far {done} of {target} are done. To keep the pace {pace} would be needed now.";
    ALL_MET: "Tiden är slut och målet nåddes i varje del.", "The time is over and the target was reached in every part.";
    ONE_MISSED: "Tiden är slut. Målet nåddes inte i en av delarna.", "The time is over. The target was not reached in one of the parts.";
    SOME_MISSED: "Tiden är slut. Målet nåddes inte i {n} av delarna.", "The time is over. The target was not reached in {n} of the parts.";
    NO_BASELINE: "Löftet säger inte vad vi ska jämföra med. Vi mäter från början, och än finns för lite att visa.",
        "The promise does not say what to compare with. We measure from the start, and so far there is too little to show.";
    START: "Löftet säger inte vad vi ska jämföra med. De första 8 veckorna är början på mätningen. Därför svarar vi varken ja eller nej.",
        "The promise does not say what to compare with. The first 8 weeks are the start of measurement. So we answer neither yes nor no.";
    HIGHER: "Nivån är högre än den som löftet jämför med.", "The level is higher than the one the promise compares with.";
    NOT_HIGHER: "Nivån är inte högre än den som löftet jämför med.", "The level is not higher than the one the promise compares with.";
    NOTHING_AFTER: "Inget har mätts efter den tid som löftet jämför med.", "Nothing was measured after the time the promise compares with.";
    SAFER: "En större andel känner sig trygga än i den mätning vi jämför med.", "A larger share feel safe than in the survey we compare with.";
    LESS_SAFE: "En mindre andel känner sig trygga än i den mätning vi jämför med.", "A smaller share feel safe than in the survey we compare with.";
    TOO_SMALL: "Svaren visar ingen säker ändring. Så få svar kan bara visa en ändring på minst {n} procentenheter.",
        "The answers show no certain change. So few answers can only show a change of at least {n} percentage points.";
    NO_SURVEY: "Ingen har frågat dem som löftet gäller hur tryggt det känns.", "Nobody has asked those whom the promise is about how safe it feels.";
    NO_WAVE_BEFORE: "Det finns ingen mätning från tiden före löftet.", "There is no survey from before the promise.";
    NO_WAVE_NAMED: "Den tid som löftet jämför med har ingen mätning.", "The time the promise compares with has no survey.";
    NO_WAVE_AFTER: "Ingen har ställt samma fråga igen än.", "Nobody has asked the same question again yet.";
    FEW_ANSWERS: "För få har svarat för att vi ska kunna jämföra.", "Too few have answered for us to compare.";
    PUBLISHED_IN_TIME: "Uppföljningen har kommit ut inom den tid som lovats.", "The follow-up came out within the time that was promised.";
    PUBLISHED_LATE: "Det gick längre tid mellan två utgåvor än vad som lovats.", "The time between two releases was longer than was promised.";
    PUBLISHED_ANY: "Uppföljningen har kommit ut. Löftet säger inte hur ofta den ska komma.", "The follow-up has come out. The promise does not say how often it should.";
    NOT_MEASURABLE: "Texten går inte att mäta.", "The text cannot be measured.";
    NOTHING_PROMISED: "Löftet nämner platsen men lovar inget arbete där.", "The promise names the place but promises no work there.";

    T_NUMBER: "minst {n}", "at least {n}";
    T_MORE: "mer än före", "more than before";
    T_SAFER: "att fler känner sig trygga", "that more people feel safe";
    T_PUBLISH: "visa uppföljningen", "show the follow-up";
    T_PUBLISH_DAYS: "visa uppföljningen minst en gång på {n} dagar", "show the follow-up at least once in {n} days";
    T_NONE: "inget tal", "no number";
    D_REPORTED: "{done}, varav {n} enligt rapporterat antal", "{done}, of which {n} by reported number";
    D_LED: "{n} anges som underrättelsebaserade", "{n} stated as intelligence-led";
    D_MINUTES: "{n} minuter i veckan", "{n} minutes a week";
    D_TIMES: "{n} gånger i veckan", "{n} times a week";
    D_LEVEL: "nu: {now}; före: {before}", "now: {now}; before: {before}";
    D_PUBLISHED: "{n} gånger; längsta uppehåll {days} dagar", "{n} times; longest gap {days} days";
    D_PUBLISHED_ONE: "1 gång; längsta uppehåll {days} dagar", "once; longest gap {days} days";
    D_SURVEYS: "se mätningarna", "see the surveys";
    NOT_KNOWN: "inte känt", "not known";
    UNDER: "under {n}", "under {n}";
    UNDER_LONG: "under {n} (eller för få dagar eller anmälare)", "under {n} (or too few days or reporters)";
    NOT_DIVIDED: "inte uppdelat", "not divided";
    C_OFFICIAL: "fastställd", "official";
    C_ASSUMED: "antagen", "assumed";
    C_PLACEHOLDER: "inte känd, ritad som platshållare", "not known, drawn as a placeholder";
    P_HALF: "halvåret {n} {year}", "half {n} of {year}";
    P_QUARTER: "kvartal {n} {year}", "quarter {n} of {year}";
    P_DAYS: "{first} – {last}", "{first} – {last}";
}

const MONTHS: [(&str, &str); 12] = [
    ("januari", "January"),
    ("februari", "February"),
    ("mars", "March"),
    ("april", "April"),
    ("maj", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augusti", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
];

/// A name in a language; the Swedish one when there is no other.
pub(super) fn name(names: &Names, lang: Lang) -> &str {
    let name = lang.pick(&names.sv, &names.en);
    if name.trim().is_empty() { &names.sv } else { name }
}

/// A whole number with groups of three: `1 250` with a space that does not break, `1,250` in English.
pub(super) fn whole(n: u32, lang: Lang) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push_str(lang.pick("\u{a0}", ","));
        }
        out.push(digit);
    }
    out
}

/// A level: a whole number from ten on, one decimal below, `8,3` in Swedish.
fn level(value: f64, lang: Lang) -> String {
    // Levels are minutes or times in a week: far below what a u32 holds.
    let rounded = value.round() as u32;
    if value >= 9.95 || value <= 0.0 {
        return whole(rounded, lang);
    }
    let text = format!("{value:.1}");
    lang.pick(text.replace('.', ","), text)
}

/// A day as both languages write it.
pub(super) fn date(day: Date) -> String {
    day.to_string()
}

/// A period as people say it: `2025`, `halvåret 1 2025`, `kvartal 3 2025`, `oktober 2026`, or its first and last day.
pub(super) fn days(period: &Period, lang: Lang) -> String {
    let word = period.word();
    let year = period.start().year().to_string();
    let numbered = |text: crate::text::lang::Text, n: &str| text.with(lang, &[("n", n), ("year", &year)]);
    match word.get(4..).map(|rest| (rest.get(..2), rest.get(2..))) {
        Some((None, None)) => year,
        Some((Some("-H"), Some(n))) => numbered(P_HALF, n),
        Some((Some("-Q"), Some(n))) => numbered(P_QUARTER, n),
        _ if word.len() == 7 => {
            let at = usize::try_from(period.start().month() - 1).unwrap_or(0).min(11);
            format!("{} {year}", lang.pick(MONTHS[at].0, MONTHS[at].1))
        }
        _ => {
            let (first, last) = (date(period.start()), date(period.last_day()));
            P_DAYS.with(lang, &[("first", &first), ("last", &last)])
        }
    }
}

/// The word of a status.
pub(super) fn status_word(status: Status, lang: Lang) -> &'static str {
    let (sv, en) = status.words();
    lang.pick(sv, en)
}

/// A status as sign and word.
pub(super) fn mark(status: Status, lang: Lang) -> Mark {
    Mark { code: status.code(), sign: status.sign(), word: status_word(status, lang) }
}

/// How certain an outline is.
pub(super) fn certainty(certainty: Certainty, lang: Lang) -> &'static str {
    match certainty {
        Certainty::Official => C_OFFICIAL,
        Certainty::Assumed => C_ASSUMED,
        Certainty::Placeholder => C_PLACEHOLDER,
    }
    .of(lang)
}

/// A public number of reports in the words of a table cell; nothing said is not known.
pub(super) fn shown(shown: Option<Shown>, policy: &Policy, lang: Lang) -> String {
    match shown {
        Some(Shown::About(n)) => whole(n, lang),
        Some(Shown::UnderLeast) => UNDER.with(lang, &[("n", &policy.least_reports.to_string())]),
        Some(Shown::NotDivided) => NOT_DIVIDED.of(lang).to_string(),
        None => NOT_KNOWN.of(lang).to_string(),
    }
}

/// The hidden band with all of its reasons, for legends.
pub(super) fn under_long(policy: &Policy, lang: Lang) -> String {
    UNDER_LONG.with(lang, &[("n", &policy.least_reports.to_string())])
}

/// What is not divided.
pub(super) fn not_divided(lang: Lang) -> &'static str {
    NOT_DIVIDED.of(lang)
}

/// The name of a place.
pub(super) fn place(release: &Release, place: &Place, lang: Lang) -> String {
    let names = place_names(release, place);
    name(&names, lang).to_string()
}

/// What was promised, in the words of a table cell.
pub(super) fn target(commitment: &PublicCommitment, lang: Lang) -> String {
    match &commitment.known {
        Known::Number { target, .. } => T_NUMBER.with(lang, &[("n", &whole(*target, lang))]),
        Known::Level { .. } => T_MORE.of(lang).to_string(),
        Known::Perceived => T_SAFER.of(lang).to_string(),
        Known::Published { at_most_days: Some(n), .. } => T_PUBLISH_DAYS.with(lang, &[("n", &n.to_string())]),
        Known::Published { .. } => T_PUBLISH.of(lang).to_string(),
        Known::Nothing => T_NONE.of(lang).to_string(),
    }
}

/// What is done, in the words of a table cell.
pub(super) fn done(commitment: &PublicCommitment, lang: Lang) -> String {
    match &commitment.known {
        Known::Number { done, reported, intelligence_led, .. } => {
            let n = whole(*done, lang);
            let mut text =
                if *reported > 0 { D_REPORTED.with(lang, &[("done", &n), ("n", &whole(*reported, lang))]) } else { n };
            if let Some(led) = intelligence_led.filter(|_| *done > 0) {
                text.push_str("; ");
                text.push_str(&D_LED.with(lang, &[("n", &whole(led, lang))]));
            }
            text
        }
        Known::Level { now, before, in_minutes } => {
            let text = if *in_minutes { D_MINUTES } else { D_TIMES };
            let said = |value: Option<f64>| {
                value.map_or(NOT_KNOWN.of(lang).to_string(), |value| text.with(lang, &[("n", &level(value, lang))]))
            };
            D_LEVEL.with(lang, &[("now", &said(*now)), ("before", &said(*before))])
        }
        Known::Perceived => D_SURVEYS.of(lang).to_string(),
        Known::Published { times, longest_gap_days, .. } => {
            let text = if *times == 1 { D_PUBLISHED_ONE } else { D_PUBLISHED };
            let (n, days) = (whole(*times, lang), longest_gap_days.to_string());
            text.with(lang, &[("n", &n), ("days", &days)])
        }
        Known::Nothing => "–".to_string(),
    }
}

/// What the days gone by ask for, in the words of a table cell; a dash where nothing can.
pub(super) fn pace(commitment: &PublicCommitment, lang: Lang) -> String {
    match &commitment.known {
        Known::Number { pace: Some(pace), .. } => whole(*pace, lang),
        _ => "–".to_string(),
    }
}

/// Why a commitment has its status, in a sentence or two.
pub(super) fn why(commitment: &PublicCommitment, lang: Lang) -> String {
    let text = match &commitment.why {
        Why::Rule(rule) => return rule_of(commitment, *rule, lang),
        Why::AllOver { missed: 0 } => ALL_MET,
        // Numbers that fall short are those of the part that missed.
        Why::AllOver { missed: 1 } if is_short(&commitment.known) => {
            return rule_of(commitment, Rule::PeriodOver, lang);
        }
        Why::AllOver { missed: 1 } => ONE_MISSED,
        Why::AllOver { missed } => return SOME_MISSED.with(lang, &[("n", &missed.to_string())]),
        Why::NoBaseline => NO_BASELINE,
        Why::StartOfMeasurement => START,
        Why::LevelHigher => HIGHER,
        Why::LevelNotHigher => NOT_HIGHER,
        Why::NothingAfterBaseline => NOTHING_AFTER,
        Why::Perceived(LevelReason::TooSmallToSee { smallest_points }) => {
            return TOO_SMALL.with(lang, &[("n", &smallest_points.to_string())]);
        }
        Why::Perceived(LevelReason::Higher) => SAFER,
        Why::Perceived(LevelReason::Lower) => LESS_SAFE,
        Why::Perceived(LevelReason::NoSurvey) => NO_SURVEY,
        Why::Perceived(LevelReason::NoBaseline) => NO_WAVE_BEFORE,
        Why::Perceived(LevelReason::BaselineWithoutData) => NO_WAVE_NAMED,
        Why::Perceived(LevelReason::NothingAfterBaseline) => NO_WAVE_AFTER,
        Why::Perceived(LevelReason::TooFewAnswers) => FEW_ANSWERS,
        Why::PublishedInTime => PUBLISHED_IN_TIME,
        Why::PublishedLate => PUBLISHED_LATE,
        Why::PublishedWithoutInterval => PUBLISHED_ANY,
        Why::NotMeasurable => NOT_MEASURABLE,
        Why::NothingPromised => NOTHING_PROMISED,
    };
    text.of(lang).to_string()
}

/// Whether less is done than was promised.
fn is_short(known: &Known) -> bool {
    matches!(known, Known::Number { target, done, .. } if done < target)
}

fn rule_of(commitment: &PublicCommitment, rule: Rule, lang: Lang) -> String {
    let Known::Number { target, done, pace, period, .. } = &commitment.known else {
        // A rule about a number comes with one; without, the status stands alone.
        return String::new();
    };
    let text = match (rule, commitment.status) {
        (Rule::TargetReached, _) => REACHED,
        (Rule::PeriodOver, _) => OVER,
        (Rule::PeriodNotBegun, _) => NOT_BEGUN,
        (Rule::DateBooked, _) => BOOKED,
        (Rule::HalfGoneWithoutDate, _) => NO_DATE,
        (Rule::BeforeHalf, Status::NotStarted) => EARLY_NONE,
        (Rule::BeforeHalf, _) => EARLY_SOME,
        (Rule::Pace, Status::NotStarted) => PACE_NONE,
        (Rule::Pace, Status::OnPace) => PACE_ON,
        (Rule::Pace, _) => PACE_BEHIND,
    };
    let [target, done, pace] = [*target, *done, pace.unwrap_or(0)].map(|n| whole(n, lang));
    text.with(lang, &[("done", &done), ("target", &target), ("pace", &pace), ("date", &date(period.start()))])
}

/// Words one after the other: `a, b och c`.
pub(super) fn listed(words: &[String], lang: Lang) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {} {last}", rest.join(", "), lang.pick("och", "and")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::test_release::follow_up_release;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn numbers_and_periods_are_written_as_people_write_them() {
        assert_eq!((whole(0, Lang::Sv), whole(1_250, Lang::Sv)), ("0".into(), "1\u{a0}250".into()));
        assert_eq!(whole(1_234_567, Lang::En), "1,234,567");
        assert_eq!(
            (level(8.25, Lang::Sv), level(0.0, Lang::Sv), level(840.5, Lang::En)),
            ("8,2".into(), "0".into(), "841".into())
        );
        let said = |word: &str| days(&Period::parse(word).expect("a period"), Lang::Sv);
        assert_eq!(
            ["2025", "2025-H1", "2025-Q3", "2026-10", "2026-01-01/2026-10-31"].map(said),
            ["2025", "halvåret 1 2025", "kvartal 3 2025", "oktober 2026", "2026-01-01 – 2026-10-31"]
        );
    }

    #[test]
    fn every_reason_is_a_sentence_with_every_place_filled() {
        let release = follow_up_release();
        for commitment in &release.get().follow_up.promises[0].commitments {
            for lang in Lang::ALL {
                let said = why(commitment, lang);
                assert!(said.ends_with('.') && !said.contains(['{', '}']), "{said:?}");
                for cell in [target(commitment, lang), done(commitment, lang), pace(commitment, lang)] {
                    assert!(!cell.is_empty() && !cell.contains(['{', '}']), "{cell:?}");
                }
            }
        }
    }

    #[test]
    fn hidden_not_divided_and_unknown_are_three_words() {
        let policy = crate::release::test_release::policy();
        let said = |s| shown(s, &policy, Lang::Sv);
        assert_eq!(
            [said(Some(Shown::UnderLeast)), said(Some(Shown::NotDivided)), said(None)],
            ["under 10", "inte uppdelat", "inte känt"]
        );
    }
}
