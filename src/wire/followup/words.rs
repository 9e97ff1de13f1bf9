//! Reasons and notices as sentences. Plain words: a coordinator reads them aloud at a meeting.

use jiff::ToSpan;
use jiff::civil::Date;

pub use super::say::{area, name};
use crate::domain::{Id, Period};
use crate::followup::Book;
use crate::followup::ledger::{Reason, Row, Stretch};
use crate::followup::notice::Notice;
use crate::followup::perceived::LevelReason;
use crate::followup::status::{Rule, Status};
use crate::text::lang::{Lang, Text, texts};
use crate::text::paper::{Inline, Mark};

texts! {
    REACHED: "Målet är nått: {done}, lovat minst {target}.", "The target is reached: {done}, promised at least {target}.";
    OVER: "Tiden är slut. Det blev {done} av {target}.", "The time is over. It came to {done} of {target}.";
    NOT_BEGUN: "Tiden börjar {date}.", "The time begins on {date}.";
    BOOKED: "Gjort hittills: {done} av {target}. Nästa datum är bokat: {date}.", "Done so far: {done} of {target}. The next date is booked: {date}.";
    NO_DATE: "Gjort hittills: {done} av {target}. Halva tiden har gått och inget nytt datum är bokat. Boka ett datum.",
        "Done so far: {done} of {target}. Half the time is gone and no new date is booked. Book a date.";
    EARLY_NONE: "Inget är gjort än. Mindre än halva tiden har gått.", "Nothing is done yet. Less than half the time is gone.";
    EARLY_SOME: "Gjort hittills: {done} av {target}. Mindre än halva tiden har gått.", "Done so far: {done} of {target}. Less than half the time is gone.";
    PACE_NONE: "Inget är gjort än, och så här tidigt behövs inget.", "Nothing is done yet, and this early nothing is needed.";
    PACE_ON: "Gjort hittills: {done} av {target}. För att hålla takten behövs {pace} nu.", "Done so far: {done} of {target}. To keep the pace {pace} are needed now.";
    PACE_BEHIND: "Gjort hittills: {done} av {target}. Men för att hålla takten behövs {pace} nu.", "Done so far: {done} of {target}. But to keep the pace {pace} are needed now.";
    ALL_MET: "Tiden är slut och målet nåddes i varje del.", "The time is over and the target was reached in every part.";
    SOME_MISSED: "Tiden är slut. Målet nåddes inte i {n} av {of} delar.", "The time is over. The target was not reached in {n} of {of} parts.";
    NO_BASELINE: "Löftet säger inte vad ökningen ska jämföras med. Efter 8 veckor med uppgifter visar vi dem som mätningens början. Nu finns {n}.",
        "The promise does not say what the rise is compared with. After 8 weeks with records we show them as the start of measurement. There are {n} now.";
    START: "Löftet säger inte vad ökningen ska jämföras med. De första 8 veckorna med uppgifter är mätningens början. Därför sägs varken ja eller nej.",
        "The promise does not say what the rise is compared with. The first 8 weeks with records are the start of measurement. So neither yes nor no is said.";
    BASE_EMPTY: "Tiden som löftet jämför med har inga uppgifter. Läs in dem, så går det att mäta.",
        "The time that the promise compares with has no records. Import them, and it can be measured.";
    HIGHER: "Nivån är högre än den som löftet jämför med.", "The level is higher than the one the promise compares with.";
    NOT_HIGHER: "Nivån är inte högre än den som löftet jämför med.", "The level is not higher than the one the promise compares with.";
    NOTHING_AFTER: "Inget har mätts efter den tid som löftet jämför med.", "Nothing was measured after the time the promise compares with.";
    TOO_SMALL: "Svaren visar ingen säker ändring. Med så många svar syns bara en ändring på minst {n} procentenheter.",
        "The answers show no certain change. With this many answers only a change of at least {n} percentage points is seen.";
    FEW_ANSWERS: "Det behövs minst 20 svar i varje mätning.", "It takes at least 20 answers in each survey.";
    NO_SURVEY: "Ingen har mätt hur tryggt det känns för dem som löftet gäller.", "Nobody has asked those whom the promise is about how safe it feels.";
    NO_WAVE_BEFORE: "Det finns ingen mätning från tiden före löftet att jämföra med.", "There is no survey from before the promise to compare with.";
    NO_WAVE_NAMED: "Tiden som löftet jämför med har ingen mätning. Läs in den.", "The time the promise compares with has no survey. Import it.";
    NO_WAVE_AFTER: "Det finns ingen senare mätning med samma fråga än.", "There is no later survey with the same question yet.";
    SAFER: "En större andel känner sig trygga än i den mätning som vi jämför med.", "A larger share feel safe than in the survey we compare with.";
    LESS_SAFE: "En mindre andel känner sig trygga än i den mätning som vi jämför med.", "A smaller share feel safe than in the survey we compare with.";
    NEVER_PUBLISHED: "Löftet säger inte hur ofta. Ingen utgåva är publicerad ännu.", "The promise does not say how often. No release has been published yet.";
    PUBLISHED: "Publicerat {n} gånger, senast {date}. Löftet säger inte hur ofta.", "Published {n} times, last on {date}. The promise does not say how often.";
    IN_TIME: "Publicerat {n} gånger. Längsta uppehållet är {days} dagar.", "Published {n} times. The longest gap is {days} days.";
    LATE: "Publicerat {n} gånger. Längsta uppehållet är {days} dagar, och det är längre än utlovat.", "Published {n} times. The longest gap is {days} days, which is longer than promised.";
    NOT_MEASURABLE: "Texten går inte att mäta.", "The text cannot be measured.";
    NOTHING_PROMISED: "Löftet nämner platsen, men ingen aktivitet är lovad här.", "The promise names the place, but no activity is promised here.";

    N_UNREADABLE: "Löftet {id} går inte att läsa: {what}. Rätta det under Löften.", "The promise {id} cannot be read: {what}. Mend it under Promises.";
    N_OVERLAP: "Samma arbete räknas också i {other}, {period}. Det är rätt om båda löftena gäller; annars korta det ena.",
        "The same work also counts in {other}, {period}. That is right if both promises hold; if not, shorten one.";
    N_UNKNOWN_AREA: "Området {area} finns inte i filen. Läs in dess gräns eller ändra löftet.", "The area {area} is not in the file. Import its outline or change the promise.";
    N_REPLACED: "Gränsen för {area} gäller {validity}, inte hela löftets tid. {newer}Bestäm vilken gräns som ska räknas och ändra löftet.",
        "The outline of {area} holds {validity}, not for all of the promise. {newer}Decide which outline counts and change the promise.";
    N_REPLACED_NEWER: "Nyare gräns: {ids}. ", "Newer outline: {ids}. ";
    N_BASE: "Det finns inga uppgifter från {period}, som löftet jämför med. Läs in dem.", "There are no records from {period}, which the promise compares with. Import them.";
    N_BEGINS: "Löftet börjar gälla {date}. Det som görs före räknas inte.", "The promise holds from {date}. What is done before does not count.";
    N_NOBODY: "{id} säger inte vilka som var med och räknas därför inte. Skriv in deltagarna.", "{id} does not say who took part, so it does not count. Add who took part.";
    N_CONTRADICTS: "Det rapporterade antalet {id} säger {n}, men {items} är inlagda en och en. Vi räknar {items}. Fråga den som rapporterade.",
        "The reported count {id} says {n}, but {items} are recorded one by one. We count {items}. Ask who reported.";
    N_PARTLY: "Det rapporterade antalet {id} ligger delvis utanför löftets tid och räknas inte. Be om ett antal för hela månader inom tiden.",
        "The reported count {id} lies partly outside the time of the promise and does not count. Ask for a number of whole months within it.";
    N_NO_ACTORS: "Det rapporterade antalet {id} säger inte att alla var med som ska vara med, och räknas inte. Fyll i deltagarna.",
        "The reported count {id} does not say that everybody took part who must, and does not count. Fill in who took part.";
    N_COUNTS_OVERLAP: "De rapporterade antalen {id} och {other} gäller samma tid. Vi räknar {id}. Ta bort eller ändra det ena.",
        "The reported counts {id} and {other} are for the same time. We count {id}. Withdraw or change one.";
    N_WITHIN: "Det rapporterade antalet {id} gäller ett område. Det ingår i {other}, som gäller hela kommunen, och räknas inte en gång till.",
        "The reported count {id} is for an area. It is among {other}, for the whole municipality, and does not count again.";
    N_COMMENT: "Kommentaren {id} hör inte till någon utlovad aktivitet och part i filen. Rätta den, så syns den.",
        "The comment {id} belongs to no commitment and party in the file. Mend it, and it is shown.";
    N_ANSWERS: "Trygghetsmätningen {id} har fler svar än tillfrågade och visas inte. Rätta talen.", "The survey {id} has more answers than people asked and is not shown. Mend the numbers.";
    N_BOOKING: "Det bokade datumet {date} ({id}) har passerat, men inget genomfört arbete är kopplat till det. Lägg in arbetet eller avboka.",
        "The booked date {date} ({id}) is gone, but no work done is tied to it. Record the work or call it off.";
}

/// The word of a status.
pub fn status_word(status: Status, lang: Lang) -> &'static str {
    let (sv, en) = status.words();
    lang.pick(sv, en)
}

/// A status as it stands in a line: sign and word.
pub fn mark(status: Status, lang: Lang) -> Inline {
    Inline::Mark(Mark { code: status.code(), sign: status.sign(), word: status_word(status, lang) })
}

/// A day as both languages write it.
pub fn date(date: Date) -> String {
    date.to_string()
}

/// A period as `2025-01-01 – 2025-12-31`; a whole year as `2025`, a whole month as `2025-03`, one day as itself.
pub fn days(period: &Period) -> String {
    let (start, end) = (period.start(), period.end());
    if start.day_of_year() == 1 && end == start.saturating_add(1.year()) {
        start.year().to_string()
    } else if start.day() == 1 && end == start.saturating_add(1.month()) {
        start.strftime("%Y-%m").to_string()
    } else if period.days() == 1 {
        period.start().to_string()
    } else {
        format!("{} – {}", period.start(), period.last_day())
    }
}

/// Why a row has its status.
pub fn reason(row: &Row, as_of: Date, lang: Lang) -> String {
    match &row.reason {
        Reason::Rule(rule) => match row.current(as_of) {
            Some(stretch) => rule_of(stretch, *rule, lang),
            // A level whose time has not begun has no stretch.
            None => NOT_BEGUN.of(lang).replace(" {date}", lang.pick(" senare", " later")),
        },
        Reason::AllOver { missed: 0 } if row.stretches.len() > 1 => ALL_MET.of(lang).to_string(),
        Reason::AllOver { .. } if row.stretches.len() == 1 => {
            row.stretches.iter().map(|stretch| rule_of(stretch, stretch.rule, lang)).collect()
        }
        Reason::AllOver { missed } => {
            SOME_MISSED.with(lang, &[("n", &missed.to_string()), ("of", &row.stretches.len().to_string())])
        }
        Reason::NoBaseline { weeks_logged } => NO_BASELINE.with(lang, &[("n", &weeks_logged.to_string())]),
        Reason::StartOfMeasurement => START.of(lang).to_string(),
        Reason::BaselineWithoutData => BASE_EMPTY.of(lang).to_string(),
        Reason::LevelHigher => HIGHER.of(lang).to_string(),
        Reason::LevelNotHigher => NOT_HIGHER.of(lang).to_string(),
        Reason::NothingAfterBaseline => NOTHING_AFTER.of(lang).to_string(),
        Reason::Perceived(reason) => perceived(*reason, lang),
        Reason::NeverPublished => NEVER_PUBLISHED.of(lang).to_string(),
        Reason::PublishedWithoutInterval => published(row, PUBLISHED, lang),
        Reason::PublishedInTime => published(row, IN_TIME, lang),
        Reason::PublishedLate => published(row, LATE, lang),
        Reason::NotMeasurable => NOT_MEASURABLE.of(lang).to_string(),
        Reason::NothingPromised => NOTHING_PROMISED.of(lang).to_string(),
    }
}

fn published(row: &Row, text: Text, lang: Lang) -> String {
    let Some(found) = row.published else { return String::new() };
    let last = found.last.map_or_else(|| "–".to_string(), date);
    let (n, days) = (found.times.to_string(), found.longest_gap_days.to_string());
    text.with(lang, &[("n", &n), ("days", &days), ("date", &last)])
}

fn perceived(reason: LevelReason, lang: Lang) -> String {
    match reason {
        LevelReason::Higher => SAFER.of(lang).to_string(),
        LevelReason::Lower => LESS_SAFE.of(lang).to_string(),
        LevelReason::TooSmallToSee { smallest_points } => TOO_SMALL.with(lang, &[("n", &smallest_points.to_string())]),
        LevelReason::NoSurvey => NO_SURVEY.of(lang).to_string(),
        LevelReason::NoBaseline => NO_WAVE_BEFORE.of(lang).to_string(),
        LevelReason::BaselineWithoutData => NO_WAVE_NAMED.of(lang).to_string(),
        LevelReason::NothingAfterBaseline => NO_WAVE_AFTER.of(lang).to_string(),
        LevelReason::TooFewAnswers => FEW_ANSWERS.of(lang).to_string(),
    }
}

/// Why a stretch has its status.
pub fn rule_of(stretch: &Stretch, rule: Rule, lang: Lang) -> String {
    let text = match (rule, stretch.status) {
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
    let day = match rule {
        Rule::DateBooked => stretch.booked.first().map_or(stretch.period.start(), |(_, day)| *day),
        _ => stretch.period.start(),
    };
    let pace = stretch.pace.unwrap_or(0).to_string();
    let (done, target) = (stretch.done.to_string(), stretch.target.to_string());
    text.with(lang, &[("done", &done), ("target", &target), ("pace", &pace), ("date", &date(day))])
}

/// The word of a reason in JSON.
pub fn reason_code(reason: &Reason) -> &'static str {
    match reason {
        Reason::Rule(rule) => rule.code(),
        Reason::AllOver { .. } => "all_over",
        Reason::NoBaseline { .. } => "no_baseline",
        Reason::StartOfMeasurement => "start_of_measurement",
        Reason::BaselineWithoutData => "baseline_without_data",
        Reason::LevelHigher => "level_higher",
        Reason::LevelNotHigher => "level_not_higher",
        Reason::NothingAfterBaseline => "nothing_after_baseline",
        Reason::Perceived(reason) => reason.code(),
        Reason::NeverPublished => "never_published",
        Reason::PublishedWithoutInterval => "published_without_interval",
        Reason::PublishedInTime => "published_in_time",
        Reason::PublishedLate => "published_late",
        Reason::NotMeasurable => "not_measurable",
        Reason::NothingPromised => "nothing_promised",
    }
}

/// The word of a notice in JSON.
pub fn notice_code(notice: &Notice) -> &'static str {
    match notice {
        Notice::UnreadablePromise { .. } => "unreadable_promise",
        Notice::OverlappingPromises { .. } => "overlapping_promises",
        Notice::UnknownArea { .. } => "unknown_area",
        Notice::AreaReplaced { .. } => "area_replaced",
        Notice::BaselineWithoutData { .. } => "baseline_without_data",
        Notice::PeriodNotBegun { .. } => "period_not_begun",
        Notice::WithoutParticipants { .. } => "without_participants",
        Notice::CountContradictsItems { .. } => "count_contradicts_items",
        Notice::CountPartlyOutside { .. } => "count_partly_outside",
        Notice::CountWithoutActors { .. } => "count_without_actors",
        Notice::CountWithinAnother { .. } => "count_within_another",
        Notice::CommentWithoutPlace { .. } => "comment_without_place",
        Notice::OverlappingCounts { .. } => "overlapping_counts",
        Notice::MoreAnswersThanAsked { .. } => "more_answers_than_asked",
        Notice::BookingWithoutActivity { .. } => "booking_without_activity",
    }
}

/// What should be looked at, and what to do.
pub fn notice(book: &Book, notice: &Notice, lang: Lang) -> String {
    let one = |text: crate::text::lang::Text, id: &Id| text.with(lang, &[("id", id.as_str())]);
    match notice {
        Notice::UnreadablePromise { promise, what } => {
            N_UNREADABLE.with(lang, &[("id", promise.as_str()), ("what", what)])
        }
        Notice::OverlappingPromises { other: (document, _), period, .. } => {
            let named = book.promises.iter().find(|other| other.head().id == *document);
            let other = named.map_or_else(|| document.to_string(), |d| name(&d.head().names, lang).to_string());
            N_OVERLAP.with(lang, &[("other", &other), ("period", &days(period))])
        }
        Notice::UnknownArea { area } => N_UNKNOWN_AREA.with(lang, &[("area", area.as_str())]),
        Notice::AreaReplaced { area: id, valid_from, valid_to, newer } => {
            let from = valid_from.map(|day| format!("{} {day}", lang.pick("från", "from")));
            let to = valid_to.map(|day| format!("{} {day}", lang.pick("till", "to")));
            let validity = from.into_iter().chain(to).collect::<Vec<_>>().join(" ");
            let ids = newer.iter().map(Id::as_str).collect::<Vec<_>>().join(", ");
            let newer = if ids.is_empty() { String::new() } else { N_REPLACED_NEWER.with(lang, &[("ids", &ids)]) };
            N_REPLACED.with(lang, &[("area", &area(book, id, lang)), ("validity", &validity), ("newer", &newer)])
        }
        Notice::BaselineWithoutData { baseline } => N_BASE.with(lang, &[("period", &days(baseline))]),
        Notice::PeriodNotBegun { begins } => N_BEGINS.with(lang, &[("date", &date(*begins))]),
        Notice::WithoutParticipants { activity } => one(N_NOBODY, activity),
        Notice::CountContradictsItems { count, n, items } => {
            N_CONTRADICTS.with(lang, &[("id", count.as_str()), ("n", &n.to_string()), ("items", &items.to_string())])
        }
        Notice::CountPartlyOutside { count } => one(N_PARTLY, count),
        Notice::CountWithoutActors { count } => one(N_NO_ACTORS, count),
        Notice::CountWithinAnother { count, whole } => {
            N_WITHIN.with(lang, &[("id", count.as_str()), ("other", whole.as_str())])
        }
        Notice::CommentWithoutPlace { comment } => one(N_COMMENT, comment),
        Notice::OverlappingCounts { count, left_out } => {
            N_COUNTS_OVERLAP.with(lang, &[("id", count.as_str()), ("other", left_out.as_str())])
        }
        Notice::MoreAnswersThanAsked { survey } => one(N_ANSWERS, survey),
        Notice::BookingWithoutActivity { booking, day } => {
            N_BOOKING.with(lang, &[("id", booking.as_str()), ("date", &date(*day))])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
