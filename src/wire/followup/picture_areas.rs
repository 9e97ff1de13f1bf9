//! Tables of the situation picture: observations, categories, hours, work and actions by area.

use super::picture_paper::marked;
use super::words::{date, days, name};
use crate::analysis::area_density::{Comparison, Count};
use crate::analysis::area_profile::Rhythm;
use crate::analysis::change::Verdict;
use crate::domain::{Action, Certainty, Term};
use crate::followup::Book;
use crate::followup::picture::{AreaPart, Picture, Stage};
use crate::followup::tasks::Tasks;
use crate::followup::work::Work;
use crate::spatial::Snapshot;
use crate::text::lang::{Lang, Text, texts};
use crate::text::paper::{Block, Inline, Line, Table, line};
use crate::wire::figures::{count, decimal, range, short, whole};

texts! {
    AREAS: "Områdena", "The areas";
    NUMBERS: "Iakttagelser per område {period}, jämfört med {before}", "Observations by area {period}, compared with {before}";
    H_AREA: "Område", "Area";
    H_N: "Antal", "Number";
    H_KM2: "Per km²", "Per km²";
    H_RANK: "Ordning", "Order";
    H_BEFORE: "Före", "Before";
    H_CHANGE: "Ändring", "Change";
    H_VISIBLE: "Syns från, procent", "Seen from, per cent";
    REST: "Resten av kommunen", "Rest of the municipality";
    NOWHERE: "Utan läge", "Without position";
    RANK: "{low}–{high} av {of}", "{low}–{high} of {of}";
    RANK_ONE: "{low} av {of}", "{low} of {of}";
    NO_RANK: "jämförs inte", "not compared";
    HIGHER: "fler", "more";
    LOWER: "färre", "fewer";
    NO_EVIDENCE: "ingen säker", "none certain";
    TOO_FEW: "för få", "too few";
    BEGIN: "går inte att jämföra", "cannot be compared";
    PERCENT: " ({sign}{n} procent)", " ({sign}{n} per cent)";
    VISIBLE_BOTH: "−{down} eller +{up}", "−{down} or +{up}";
    VISIBLE_UP: "+{up}", "+{up}";
    READ_RANK: "Ordningen gäller antal per km². Den är ett spann, för flera områden kan ligga lika. Antagna gränser får ingen plats i ordningen.",
        "The order is by number per km². It is a range, because several areas may lie alike. Assumed outlines have no place in the order.";
    READ_VISIBLE: "Syns från är den minsta ändring som så få uppgifter kan visa.", "Seen from is the smallest change that this few records can show.";

    WHAT: "Vad det gäller och när", "What it is about and when";
    WHAT_CAPTION: "De vanligaste kategorierna och tiderna", "The most common categories and times";
    H_TERMS: "Vanligast", "Most common";
    H_WHEN: "När", "When";
    WHEN_TOO_FEW: "för få för att visa tider", "too few to show times";
    WHEN_MOST: "flest {day} kl. {from}–{to} ({n} av {of})", "most on {day} {from}–{to} ({n} of {of})";
    WHEN_HALF: "flest kl. {from}–{to} på {day} ({n} av {of})", "most at {from}–{to} on {day} ({n} of {of})";
    WHOLE_FILE: "Alla iakttagelser", "All observations";
    NOTHING: "inget", "nothing";
    UNKNOWN_NUMBER: "inte känt", "not known";

    WORK: "Genomfört arbete", "Work done";
    WORK_CAPTION: "Arbete som har börjat under perioden. En insats med flera enheter är en.", "Work begun in the period. An operation of several units is one.";
    H_KIND: "Slag", "Kind";
    H_TIMES: "Inlagt", "Recorded";
    H_MINUTES: "Minuter", "Minutes";
    H_REPORTED: "Rapporterat antal", "Reported number";
    WORK_NONE: "Inget genomfört arbete är inlagt för perioden. Det säger inget om vad som har gjorts.",
        "No work done is recorded for the period. That says nothing about what was done.";
    MINUTES_PART: "{n} (okänt för {without})", "{n} (not known for {without})";
    WORK_APART: "Inlagt och rapporterat kan vara samma arbete. Därför räknas de inte ihop.", "Recorded and reported may be the same work. So they are not added up.";
    ELSEWHERE: "Övrigt", "Elsewhere";

    ACTIONS: "Åtgärder", "Actions";
    ACTIONS_CAPTION: "Åtgärder per område, läget {date}", "Actions by area, as of {date}";
    H_OPEN: "Öppna", "Open";
    H_OVERDUE: "Försenade", "Overdue";
    H_DONE: "Klara", "Done";
    H_NOT_DONE: "Blir inte av", "Not to be done";
    NO_ACTIONS: "Inga åtgärder är inlagda.", "No actions are recorded.";
    LATE: "Försenade åtgärder", "Overdue actions";
    LATE_LINE: "{owner}: {text} Skulle vara klar {due}.", "{owner}: {text} It was due {due}.";
    MORE_LATE: "Ytterligare {n} är försenade.", "Another {n} are overdue.";
    REFUSED: "Åtgärder som inte blir av", "Actions that will not be done";
    REFUSED_LINE: "{owner}: {text} Skäl: {why}", "{owner}: {text} Reason: {why}";
    NO_WHY: "inget är angivet", "none is given";
}

/// Most lines of a list of actions.
const LISTED: usize = 20;

fn head(texts: &[Text], lang: Lang) -> Vec<String> {
    texts.iter().map(|text| text.of(lang).to_string()).collect()
}

/// The sections about the areas.
pub(super) fn area_blocks(blocks: &mut Vec<Block>, snapshot: &Snapshot, book: &Book, picture: &Picture, lang: Lang) {
    blocks.push(Block::Heading { level: 2, text: AREAS.of(lang).to_string(), id: "areas".into() });
    if picture.stage != Stage::NotBegun {
        blocks.push(Block::Table(numbers(snapshot, picture, lang)));
        blocks.push(Block::para(READ_RANK.of(lang)));
        blocks.push(Block::para(READ_VISIBLE.of(lang)));
    }
    if picture.is_known() && picture.density.total.value() > 0.0 {
        blocks.push(Block::heading(3, WHAT.of(lang)));
        blocks.push(Block::Table(what(snapshot, picture, lang)));
    }
    blocks.push(Block::heading(3, WORK.of(lang)));
    work_blocks(blocks, snapshot, book, picture, lang);
}

fn numbers(snapshot: &Snapshot, picture: &Picture, lang: Lang) -> Table {
    let density = &picture.density;
    let ranked = density.lines.iter().filter(|line| line.rank.is_ok()).count();
    let known = picture.is_known();
    let counted = |n: Count| match (known, n.interval()) {
        (false, _) => UNKNOWN_NUMBER.of(lang).to_string(),
        (true, Some(interval)) => format!("{} ({})", count(n, lang), range(interval, lang)),
        (true, None) => count(n, lang),
    };
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for area in &density.lines {
        // Nobody knows how large a place is whose outline is only a mark.
        let sized = known && snapshot.areas().area(area.area).certainty != Certainty::Placeholder;
        let per_km2 = area.per_km2().filter(|_| sized).map_or_else(String::new, |(value, interval)| {
            interval.map_or_else(|| short(value, lang), |i| format!("{} ({})", short(value, lang), range(i, lang)))
        });
        let rank = match area.rank {
            _ if !known => String::new(),
            Err(_) => NO_RANK.of(lang).to_string(),
            Ok(rank) => {
                let values = [("low", rank.low), ("high", rank.high), ("of", ranked)].map(|(n, v)| (n, v.to_string()));
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                if rank.low == rank.high { RANK_ONE.with(lang, &values) } else { RANK.with(lang, &values) }
            }
        };
        let name = marked(snapshot, area.area, lang);
        rows.push(row([name, counted(area.count), per_km2, rank], area.change.as_ref(), lang));
    }
    for (text, n, change) in [
        (REST, density.rest.count, &density.rest.change),
        (NOWHERE, density.without_position.count, &density.without_position.change),
    ] {
        let cells = [text.of(lang).to_string(), counted(n), String::new(), String::new()];
        rows.push(row(cells, change.as_ref(), lang));
    }
    let before = density.comparison.as_ref().map_or_else(String::new, days);
    Table {
        caption: NUMBERS.with(lang, &[("period", &days(&picture.period)), ("before", &before)]),
        head: head(&[H_AREA, H_N, H_KM2, H_RANK, H_BEFORE, H_CHANGE, H_VISIBLE], lang),
        numeric: vec![false, true, true, false, true, false, false],
        rows,
    }
}

fn row(cells: [String; 4], change: Option<&Comparison>, lang: Lang) -> Vec<Line> {
    let mut row: Vec<Line> = cells.into_iter().map(line).collect();
    let Some(comparison) = change else {
        row.extend([Vec::new(), Vec::new(), Vec::new()]);
        return row;
    };
    row.push(line(whole(comparison.n_before, lang)));
    row.push(line(changed(comparison, lang)));
    row.push(line(visible(comparison, lang)));
    row
}

/// The direction, with a percentage where both sides carry one.
fn changed(comparison: &Comparison, lang: Lang) -> String {
    let word = match comparison.verdict() {
        Verdict::Higher => HIGHER,
        Verdict::Lower => LOWER,
        Verdict::NoEvidence => NO_EVIDENCE,
        Verdict::NotEnoughData if comparison.data_begin_inside => BEGIN,
        Verdict::NotEnoughData => TOO_FEW,
    };
    let mut text = word.of(lang).to_string();
    let is_direction = matches!(comparison.verdict(), Verdict::Higher | Verdict::Lower);
    if let Some(percent) = comparison.change.percent.filter(|_| is_direction) {
        let sign = if percent < 0.0 { "−" } else { "+" };
        text.push_str(&PERCENT.with(lang, &[("sign", sign), ("n", &decimal(percent.abs(), 0, lang))]));
    }
    text
}

fn visible(comparison: &Comparison, lang: Lang) -> String {
    if comparison.data_begin_inside {
        return String::new();
    }
    let shift = comparison.change.smallest_visible;
    // Away from no change, so that what is printed does show.
    let up = shift.increase.map(|ratio| decimal(((ratio - 1.0) * 100.0).ceil(), 0, lang));
    let down = shift.decrease.map(|ratio| decimal(((1.0 - ratio) * 100.0).ceil(), 0, lang));
    match (down, up) {
        (Some(down), Some(up)) => VISIBLE_BOTH.with(lang, &[("down", &down), ("up", &up)]),
        (_, Some(up)) => VISIBLE_UP.with(lang, &[("up", &up)]),
        _ => String::new(),
    }
}

fn what(snapshot: &Snapshot, picture: &Picture, lang: Lang) -> Table {
    let terms = |counts: &[(u16, u64)]| most_common(&snapshot.vocabulary().categories, counts, lang);
    let total = vec![line(WHOLE_FILE.of(lang)), line(terms(&picture.terms)), Vec::new()];
    let of = |part: &AreaPart| {
        let when = when(&part.profile.rhythm, lang);
        vec![line(marked(snapshot, part.area, lang)), line(terms(&part.profile.terms)), line(when)]
    };
    Table {
        caption: WHAT_CAPTION.of(lang).to_string(),
        head: head(&[H_AREA, H_TERMS, H_WHEN], lang),
        numeric: vec![false; 3],
        rows: picture.areas.iter().map(of).chain([total]).collect(),
    }
}

/// The four most common with their numbers.
pub(super) fn most_common(table: &[Term], counts: &[(u16, u64)], lang: Lang) -> String {
    const SHOWN: usize = 4;
    let shown = counts.iter().take(SHOWN).filter_map(|(term, n)| {
        let term = table.get(usize::from(*term))?;
        Some(format!("{} {}", lang.pick(&term.sv, &term.en).to_lowercase(), whole(*n, lang)))
    });
    let text = shown.collect::<Vec<_>>().join(", ");
    if text.is_empty() { NOTHING.of(lang).to_string() } else { text }
}

/// The fullest cell of a rhythm that is fine enough to have one; the first of equals.
fn when(rhythm: &Rhythm, lang: Lang) -> String {
    if rhythm.columns == 1 {
        return WHEN_TOO_FEW.of(lang).to_string();
    }
    let mut most = (0, 0, 0);
    for (row, cells) in rhythm.counts.iter().enumerate() {
        for (column, n) in cells.iter().enumerate() {
            if *n > most.2 {
                most = (row, column, *n);
            }
        }
    }
    let of: u64 = rhythm.counts.iter().flatten().sum();
    let from = most.0 * rhythm.hours_per_row;
    let day = if rhythm.columns == 7 {
        let sv = ["måndagar", "tisdagar", "onsdagar", "torsdagar", "fredagar", "lördagar", "söndagar"];
        let en = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
        lang.pick(sv, en)[most.1]
    } else {
        lang.pick(["vardagar", "helger"], ["weekdays", "weekends"])[most.1]
    };
    let values = [
        ("day", day.to_string()),
        ("from", format!("{from:02}")),
        ("to", format!("{:02}", from + rhythm.hours_per_row)),
        ("n", whole(most.2, lang)),
        ("of", whole(of, lang)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if rhythm.columns == 7 { WHEN_MOST.with(lang, &values) } else { WHEN_HALF.with(lang, &values) }
}

fn work_blocks(blocks: &mut Vec<Block>, snapshot: &Snapshot, book: &Book, picture: &Picture, lang: Lang) {
    let cells = |area: &str, work: &Work| {
        let kind = book.kind(&work.kind);
        let (minutes, without) = (decimal(work.minutes, 0, lang), whole(work.without_minutes, lang));
        let minutes = match work.without_minutes {
            _ if work.items == 0 => String::new(),
            0 => minutes,
            _ if work.minutes <= 0.0 => UNKNOWN_NUMBER.of(lang).to_string(),
            _ => MINUTES_PART.with(lang, &[("n", &minutes), ("without", &without)]),
        };
        let reported = if work.reported == 0 { String::new() } else { whole(work.reported, lang) };
        let name = lang.pick(kind.sv, kind.en);
        [area.to_string(), name, whole(work.items, lang), minutes, reported].map(line).to_vec()
    };
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for part in &picture.areas {
        let area = name(&snapshot.areas().area(part.area).names, lang);
        rows.extend(part.work.iter().map(|work| cells(area, work)));
    }
    rows.extend(picture.work_elsewhere.iter().map(|work| cells(ELSEWHERE.of(lang), work)));
    if rows.is_empty() {
        blocks.push(Block::para(WORK_NONE.of(lang)));
        return;
    }
    blocks.push(Block::Table(Table {
        caption: WORK_CAPTION.of(lang).to_string(),
        head: head(&[H_AREA, H_KIND, H_TIMES, H_MINUTES, H_REPORTED], lang),
        numeric: vec![false, false, true, true, true],
        rows,
    }));
    blocks.push(Block::para(WORK_APART.of(lang)));
}

/// The section about actions.
pub(super) fn actions(blocks: &mut Vec<Block>, snapshot: &Snapshot, picture: &Picture, lang: Lang) {
    blocks.push(Block::Heading { level: 2, text: ACTIONS.of(lang).to_string(), id: "actions".into() });
    if picture.tasks.total() == 0 {
        blocks.push(Block::para(NO_ACTIONS.of(lang)));
        return;
    }
    let row = |area: String, tasks: &Tasks| {
        let numbers = [tasks.open.len(), tasks.overdue.len(), tasks.done, tasks.not_done.len()];
        let mut cells = vec![line(area)];
        cells.extend(numbers.map(|n| line(whole(n as u64, lang))));
        cells
    };
    let parts = picture.areas.iter().map(|part| row(marked(snapshot, part.area, lang), &part.tasks));
    let elsewhere = row(ELSEWHERE.of(lang).to_string(), &picture.tasks_elsewhere);
    blocks.push(Block::Table(Table {
        caption: ACTIONS_CAPTION.with(lang, &[("date", &date(picture.as_of))]),
        head: head(&[H_AREA, H_OPEN, H_OVERDUE, H_DONE, H_NOT_DONE], lang),
        numeric: vec![false, true, true, true, true],
        rows: parts.chain([elsewhere]).collect(),
    }));
    let sentence = |text: &str| {
        let text = text.trim();
        if text.ends_with(['.', '!', '?']) { text.to_string() } else { format!("{text}.") }
    };
    let late = |action: &Action| {
        let due = action.due.map_or_else(String::new, date);
        let (owner, text) = (&action.owner_organisation, sentence(&action.text));
        line(LATE_LINE.with(lang, &[("owner", owner), ("text", &text), ("due", &due)]))
    };
    let refused = |action: &Action| {
        let why = sentence(action.why_not.as_deref().unwrap_or(NO_WHY.of(lang)));
        let (owner, text) = (&action.owner_organisation, sentence(&action.text));
        line(REFUSED_LINE.with(lang, &[("owner", owner), ("text", &text), ("why", &why)]))
    };
    if !picture.tasks.overdue.is_empty() {
        blocks.push(Block::heading(3, LATE.of(lang)));
        blocks.push(Block::List(picture.tasks.overdue.iter().take(LISTED).map(late).collect()));
        let more = picture.tasks.overdue.len().saturating_sub(LISTED);
        if more > 0 {
            blocks.push(Block::Para(vec![Inline::text(MORE_LATE.with(lang, &[("n", &more.to_string())]))]));
        }
    }
    if !picture.tasks.not_done.is_empty() {
        blocks.push(Block::heading(3, REFUSED.of(lang)));
        blocks.push(Block::List(picture.tasks.not_done.iter().take(LISTED).map(refused).collect()));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_say_everything() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
