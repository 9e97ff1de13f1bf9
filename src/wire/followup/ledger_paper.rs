//! The ledger of promises as papers: all of it, and one commitment with its evidence.

use super::words::{self, date, days, name};
use crate::domain::{Id, Measure, Pledge};
use crate::followup::Book;
use crate::followup::ledger::{DocumentLedger, Ledger, Row, Stretch};
use crate::followup::level::{Amount, Level};
use crate::followup::status::Status;
use crate::spatial::DataClass;
use crate::text::lang::{Lang, texts};
use crate::text::paper::{Block, Inline, Line, Paper, Table, line};

texts! {
    TITLE: "Löftena", "The promises";
    EMPTY: "Det finns inget löfte i filen ännu. Lägg in ett under Löften.", "There is no promise in the file yet. Add one under Promises.";
    AS_OF: "Läget den {date}.", "As of {date}.";
    SUMMARY: "{status}: {n}", "{status}: {n}";
    RULE: "Läget räknas fram ur det som är inlagt. Ingen kan sätta det för hand.", "The status is computed from what is recorded. Nobody can set it by hand.";
    ACTIVITY_ONLY: "Att arbetet är gjort säger inget om hur trygg en plats är eller känns. Det mäts för sig.",
        "That the work is done says nothing about how safe a place is or feels. That is measured by itself.";
    FACTS: "Gäller {period}. Undertecknat {signed} av {parties}.", "Holds {period}. Signed {signed} by {parties}.";
    CAPTION: "Vad som är lovat och vad som är gjort", "What is promised and what is done";
    H_WHAT: "Utlovad aktivitet", "Commitment";
    H_PROMISED: "Lovat", "Promised";
    H_DONE: "Gjort", "Done";
    H_STATUS: "Läge", "Status";
    H_WHY: "Varför", "Why";
    AT_LEAST: "minst {n}, {period}", "at least {n}, {period}";
    MORE: "mer än före", "more than before";
    PUBLISH: "publicera uppföljningen", "publish the follow-up";
    NOTHING: "ingen aktivitet", "no activity";
    NO_NUMBER: "inget tal", "no number";
    DONE_PARTS: "{done} ({items} inlagda en och en, {reported} rapporterade som antal)", "{done} ({items} recorded one by one, {reported} reported as a number)";
    LED: ", varav {yes} anges som underrättelsebaserade", ", of which {yes} stated as intelligence-led";
    LED_UNKNOWN: "För {n} av dem har ingen sagt om de är underrättelsebaserade.", "For {n} of them nobody has said whether they are intelligence-led.";
    PER_DAY: "Räknas varje kväll för sig blir det {n}.", "If each evening counts by itself it is {n}.";
    PER_WEEK_MINUTES: "{n} minuter i veckan", "{n} minutes a week";
    PER_WEEK_TIMES: "{n} gånger i veckan", "{n} times a week";
    LEVEL: "Nu {now} ({now_period}). Före: {before} ({before_period}).", "Now {now} ({now_period}). Before: {before} ({before_period}).";
    LEVEL_START: "Mätningens början: {before} ({before_period}). Därefter {now}.", "Start of measurement: {before} ({before_period}). Since then {now}.";
    LEVEL_NOW: "Hittills {now} ({now_period}).", "So far {now} ({now_period}).";
    UNKNOWN_MINUTES: "{n} av dem säger inte hur många minuter.", "{n} of them do not say how many minutes.";
    NOT_KNOWN: "inte känt", "not known";
    TIMES: "{n} utgåvor", "{n} releases";
    LOOK: "Att se över", "To look at";
    COMMENT: "{party}, {date}: {text}", "{party}, {date}: {text}";
    COMMENTS: "Parternas kommentarer", "Comments by the parties";
    COMMENT_NOTE: "En kommentar ändrar inte läget.", "A comment does not change the status.";
    WORDS: "Löftets ord: ”{quote}”", "The words of the promise: “{quote}” (Swedish)";
    READING: "”{quote}” läser vi så: {chosen}", "We read “{quote}” like this: {chosen}";
    OTHER_READING: "Kan också läsas: {text}", "Can also be read: {text}";
    READINGS: "Så läser vi texten", "How we read the text";
    STRETCH: "{period}: {done} av minst {target}", "{period}: {done} of at least {target}";
    NO_PACE: "Så små tal har ingen takt. I stället visas om ett datum är bokat.", "Numbers this small have no pace. Whether a date is booked is shown instead.";
    EVIDENCE: "Det som räknas", "What counts";
    H_DAY: "Dag", "Day";
    H_SOURCE: "Uppgift", "Record";
    H_NOTE: "Anmärkning", "Note";
    NO_EVIDENCE: "Inget som räknas är inlagt för tiden.", "Nothing that counts is recorded for the time.";
    ONE_BY_ONE: "inlagt", "recorded";
    SEVERAL_DAYS: "samma beslut, {n} kvällar", "one decision, {n} evenings";
    WITHIN: "ingår i {count}", "among {count}";
    LED_YES: "anges som underrättelsebaserad", "stated as intelligence-led";
    LED_NO: "anges som inte underrättelsebaserad", "stated as not intelligence-led";
    COUNT: "{organisation} rapporterade {n} ({by}, {on}); {counted} räknas utöver det som är inlagt en och en",
        "{organisation} reported {n} ({by}, {on}); {counted} count beyond what is recorded one by one";
    LEFT_OUT: "Det som inte räknas", "What does not count";
    WHY_AREA: "på annan plats", "in another place";
    WHY_BORDER: "precis på områdets gräns", "exactly on the border of the area";
    WHY_ACTOR: "någon som ska vara med var inte med", "somebody who must take part did not";
    BOOKED: "Bokade datum: {days}.", "Booked dates: {days}.";
    BACK: "Alla löften", "All promises";
    SURVEYS: "Trygghetsmätningar", "Surveys of perceived safety";
    QUESTION: "Frågan: ”{question}”", "The question: “{question}”";
    SURVEY_CAPTION: "Andel som känner sig trygga, av dem som svarade", "Share who feel safe, of those who answered";
    H_WAVE: "Mätning", "Survey";
    H_WHEN: "Tid", "When";
    H_ANSWERS: "Svar", "Answers";
    H_SAFE: "Känner sig trygga", "Feel safe";
    BEFORE: "Före", "Before";
    LATEST: "Senast", "Latest";
    SHARE: "{value} % (95 % intervall {low}–{high} %)", "{value} % (95 % interval {low}–{high} %)";
    TOO_FEW: "för få svar", "too few answers";
    DIFFERENCE: "Ändringen är {value} procentenheter (95 % intervall {low} till {high}).", "The change is {value} percentage points (95 % interval {low} to {high}).";
    VISIBLE: "Med så många svar syns en ändring på minst {n} procentenheter.", "With this many answers a change of at least {n} percentage points is seen.";
    OTHER_QUESTIONS: "Andra frågor om samma plats: {n}. De jämförs aldrig med den här.", "Other questions about the same place: {n}. They are never compared with this one.";
}

/// Where the page of a commitment is.
pub fn commitment_path(document: &Id, commitment: &Id, lang: Lang) -> String {
    format!("/lofte/{document}/{commitment}{}", lang.pick("", "?lang=en"))
}

pub(super) fn paper(book: &Book, lang: Lang, title: String) -> Paper {
    let synthetic = book.facts.data_class == DataClass::Synthetic;
    Paper { lang, title, lead: Vec::new(), blocks: Vec::new(), synthetic }
}

/// All promises: those that hold on the day first, then those to come, then those that are over, the newest first.
pub fn ledger_paper(book: &Book, ledger: &Ledger, lang: Lang) -> Paper {
    let mut paper = paper(book, lang, TITLE.of(lang).to_string());
    if ledger.documents.is_empty() {
        paper.lead.push(line(EMPTY.of(lang)));
    }
    notes(&mut paper.blocks, book, &ledger.notices, lang);
    paper.blocks.push(Block::para(format!(
        "{} {} {}",
        AS_OF.with(lang, &[("date", &date(ledger.as_of))]),
        RULE.of(lang),
        ACTIVITY_ONLY.of(lang)
    )));
    let mut documents: Vec<&DocumentLedger> = ledger.documents.iter().collect();
    documents.sort_by_key(|document| {
        let period = &document.document.head().period;
        let is_over = period.end() <= ledger.as_of;
        // Those that are over come last, the newest of them first.
        let age = if is_over { period.start().until(ledger.as_of).map_or(0, |span| span.get_days()) } else { 0 };
        (is_over, age, period.start())
    });
    for document in documents {
        document_blocks(&mut paper.blocks, book, document, ledger, lang);
    }
    paper
}

fn document_blocks(blocks: &mut Vec<Block>, book: &Book, document: &DocumentLedger, ledger: &Ledger, lang: Lang) {
    let head = document.document.head();
    blocks.push(Block::Heading { level: 2, text: name(&head.names, lang).to_string(), id: head.id.to_string() });
    let parties = head.parties.iter().map(|party| party.organisation.as_str()).collect::<Vec<_>>();
    let facts = [
        ("period", days(&head.period)),
        ("signed", date(head.signed)),
        ("parties", parties.join(lang.pick(" och ", " and "))),
    ];
    let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    blocks.push(Block::para(FACTS.with(lang, &facts)));
    blocks.push(Block::Para(summary(&document.rows, lang)));
    notes(blocks, book, &document.notices, lang);
    let row = |row: &Row| {
        let href = commitment_path(&head.id, &row.commitment.id, lang);
        vec![
            vec![Inline::link(href, name(&row.commitment.names, lang))],
            line(promised(row, ledger, lang)),
            line(done(row, ledger, lang)),
            vec![words::mark(row.status, lang)],
            line(words::reason(row, ledger.as_of, lang)),
        ]
    };
    blocks.push(Block::Table(Table {
        caption: CAPTION.of(lang).to_string(),
        head: [H_WHAT, H_PROMISED, H_DONE, H_STATUS, H_WHY].map(|text| text.of(lang).to_string()).to_vec(),
        numeric: vec![false; 5],
        rows: document.rows.iter().map(row).collect(),
    }));
    // The same said of several commitments is said once.
    let mut said: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in &document.rows {
        for notice in &row.notices {
            let text = words::notice(book, notice, lang);
            match said.iter_mut().find(|(other, _)| *other == text) {
                Some((_, rows)) => rows.push(row),
                None => said.push((text, vec![row])),
            }
        }
    }
    let link = |row: &Row| {
        Inline::link(commitment_path(&head.id, &row.commitment.id, lang), name(&row.commitment.names, lang))
    };
    let look: Vec<Line> = said
        .into_iter()
        .map(|(text, rows)| {
            let mut line: Line = Vec::new();
            for (i, row) in rows.into_iter().enumerate() {
                line.extend((i > 0).then(|| Inline::text(", ")));
                line.push(link(row));
            }
            line.push(Inline::text(format!(": {text}")));
            line
        })
        .collect();
    if !look.is_empty() {
        blocks.push(Block::heading(3, LOOK.of(lang)));
        blocks.push(Block::List(look));
    }
}

pub(super) fn summary(rows: &[Row], lang: Lang) -> Line {
    let count = |status: Status| rows.iter().filter(|row| row.status == status).count();
    let mut said = Vec::new();
    for status in Status::ALL {
        if count(status) > 0 {
            let word = words::status_word(status, lang);
            said.push(SUMMARY.with(lang, &[("status", word), ("n", &count(status).to_string())]));
        }
    }
    let mut text = said.join(" · ");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    vec![Inline::Strong(text)]
}

pub(super) fn notes(blocks: &mut Vec<Block>, book: &Book, notices: &[crate::followup::notice::Notice], lang: Lang) {
    blocks.extend(notices.iter().map(|notice| Block::note(words::notice(book, notice, lang))));
}

/// What is promised, in the words of a table cell.
pub(super) fn promised(row: &Row, ledger: &Ledger, lang: Lang) -> String {
    match (&row.commitment.pledge, row.current(ledger.as_of)) {
        (Pledge::Activities { .. }, Some(stretch)) => {
            AT_LEAST.with(lang, &[("n", &stretch.target.to_string()), ("period", &days(&stretch.period))])
        }
        (Pledge::Raise { .. }, _) => MORE.of(lang).to_string(),
        (Pledge::Publish { .. }, _) => PUBLISH.of(lang).to_string(),
        (Pledge::NothingPromised { .. }, _) => NOTHING.of(lang).to_string(),
        _ => NO_NUMBER.of(lang).to_string(),
    }
}

/// What is done, in the words of a table cell. A number that is not known is said to be so.
pub fn done(row: &Row, ledger: &Ledger, lang: Lang) -> String {
    if let Some(stretch) = row.current(ledger.as_of) {
        return done_in(stretch, lang);
    }
    match (&row.commitment.pledge, &row.level) {
        (Pledge::Raise { measure: Measure::Activity { .. }, .. }, Some(level)) => match &level.now_period {
            Some(_) => per_week(level, level.now, lang),
            None => NOT_KNOWN.of(lang).to_string(),
        },
        (Pledge::Publish { .. }, _) => {
            let times = row.published.map_or(0, |published| published.times);
            TIMES.with(lang, &[("n", &times.to_string())])
        }
        (Pledge::NothingPromised { .. } | Pledge::NotMeasurable { .. }, _) => "–".to_string(),
        _ => NOT_KNOWN.of(lang).to_string(),
    }
}

fn done_in(stretch: &Stretch, lang: Lang) -> String {
    let (items, reported) = stretch.parts();
    let mut text = if reported > 0 {
        let parts = [("done", stretch.done), ("items", items), ("reported", reported)].map(|(n, v)| (n, v.to_string()));
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        DONE_PARTS.with(lang, &parts)
    } else {
        stretch.done.to_string()
    };
    if let Some(led) = stretch.intelligence_led.filter(|led| stretch.done > 0 && led.yes + led.no > 0) {
        text.push_str(&LED.with(lang, &[("yes", &led.yes.to_string())]));
    }
    text
}

pub(super) fn per_week(level: &Level, amount: Amount, lang: Lang) -> String {
    let (text, value) = if level.in_minutes {
        (PER_WEEK_MINUTES, amount.minutes_per_week())
    } else {
        (PER_WEEK_TIMES, amount.times_per_week())
    };
    let places = usize::from(value > 0.0 && value < 10.0);
    let rounded = format!("{value:.places$}");
    text.with(lang, &[("n", &lang.pick(rounded.replace('.', ","), rounded))])
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
