//! One commitment as a paper: its words, its evidence, what does not count and why, how it is read.

use super::ledger_paper as t;
use super::picture_surveys::limits;
use super::words::{self, date, days, name};
use crate::domain::Id;
use crate::followup::Book;
use crate::followup::evidence::{Item, LeftOut, Why};
use crate::followup::ledger::{Ledger, Stretch};
use crate::followup::level::Level;
use crate::followup::perceived::{PerceivedLevel, Wave};
use crate::text::lang::Lang;
use crate::text::paper::{Block, Inline, Line, Paper, Table, line};
use crate::wire::figures::{decimal, percent};

/// One commitment with its words, its evidence and how it is read. `None` when there is no such commitment.
pub fn commitment_paper(book: &Book, ledger: &Ledger, document: &str, commitment: &str, lang: Lang) -> Option<Paper> {
    let found = ledger.documents.iter().find(|d| d.document.head().id.as_str() == document)?;
    let row = found.rows.iter().find(|row| row.commitment.id.as_str() == commitment)?;
    let mut paper = t::paper(book, lang, name(&row.commitment.names, lang).to_string());
    paper.lead.push(vec![
        words::mark(row.status, lang),
        Inline::text(format!(". {}", words::reason(row, ledger.as_of, lang))),
    ]);
    let blocks = &mut paper.blocks;
    let head = found.document.head();
    let back = format!("/lofte{}#{}", lang.pick("", "?lang=en"), head.id);
    blocks.push(Block::Para(vec![
        Inline::link(back, t::BACK.of(lang)),
        Inline::text(format!(
            " · {} · {}",
            name(&head.names, lang),
            t::AS_OF.with(lang, &[("date", &date(ledger.as_of))])
        )),
    ]));
    blocks.push(Block::para(t::WORDS.with(lang, &[("quote", &row.commitment.quote)])));
    t::notes(blocks, book, &row.notices, lang);
    for stretch in row.stretches.iter().rev() {
        stretch_blocks(blocks, stretch, lang);
    }
    if let Some(level) = &row.level {
        level_blocks(blocks, level, lang);
    }
    if let Some(level) = &row.perceived {
        perceived_blocks(blocks, level, lang);
    }
    if !row.comments.is_empty() {
        blocks.push(Block::heading(2, t::COMMENTS.of(lang)));
        let comment = |comment: &crate::domain::Comment| {
            let party = head.parties.iter().find(|party| party.id == comment.party);
            let party = party.map_or(comment.party.as_str(), |party| party.organisation.as_str());
            line(t::COMMENT.with(lang, &[("party", party), ("date", &date(comment.on)), ("text", &comment.text)]))
        };
        blocks.push(Block::List(row.comments.iter().map(comment).collect()));
        blocks.push(Block::para(t::COMMENT_NOTE.of(lang)));
    }
    if !row.commitment.readings.is_empty() {
        blocks.push(Block::heading(2, t::READINGS.of(lang)));
        let mut lines = Vec::new();
        for reading in &row.commitment.readings {
            lines.push(line(
                t::READING.with(lang, &[("quote", &reading.quote), ("chosen", name(&reading.chosen, lang))]),
            ));
            let others = reading.alternatives.iter();
            lines.extend(others.map(|other| line(t::OTHER_READING.with(lang, &[("text", name(&other.text, lang))]))));
        }
        blocks.push(Block::List(lines));
    }
    Some(paper)
}

fn stretch_blocks(blocks: &mut Vec<Block>, stretch: &Stretch, lang: Lang) {
    let (done, target) = (stretch.done.to_string(), stretch.target.to_string());
    let period = days(&stretch.period);
    blocks.push(Block::heading(2, t::STRETCH.with(lang, &[("period", &period), ("done", &done), ("target", &target)])));
    let mut said = vec![
        words::mark(stretch.status, lang),
        Inline::text(format!(". {} ", words::rule_of(stretch, stretch.rule, lang))),
    ];
    if stretch.pace.is_none() && !stretch.clock.is_over() {
        said.push(Inline::text(t::NO_PACE.of(lang)));
    }
    if let Some(n) = stretch.one_per_day {
        said.push(Inline::text(format!(" {}", t::PER_DAY.with(lang, &[("n", &n.to_string())]))));
    }
    if let Some(led) = stretch.intelligence_led.filter(|led| led.unknown > 0 && stretch.done > 0) {
        said.push(Inline::text(format!(" {}", t::LED_UNKNOWN.with(lang, &[("n", &led.unknown.to_string())]))));
    }
    blocks.push(Block::Para(said));
    if !stretch.booked.is_empty() {
        let booked: Vec<String> = stretch.booked.iter().map(|(_, day)| date(*day)).collect();
        blocks.push(Block::para(t::BOOKED.with(lang, &[("days", &booked.join(", "))])));
    }
    let mut rows: Vec<Vec<Line>> = stretch.items.iter().map(|item| item_row(item, lang)).collect();
    for part in &stretch.counts {
        let values = [
            ("organisation", part.organisation.clone()),
            ("n", part.n.to_string()),
            ("by", part.reported_by.clone()),
            ("on", date(part.reported_on)),
            ("counted", part.counted.to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let href = format!("/rapporterade-antal/{}{}", part.count, lang.pick("", "?lang=en"));
        rows.push(vec![
            line(days(&part.period)),
            vec![Inline::link(href, part.count.as_str())],
            line(t::COUNT.with(lang, &values)),
        ]);
    }
    if rows.is_empty() {
        blocks.push(Block::para(t::NO_EVIDENCE.of(lang)));
    } else {
        blocks.push(Block::Table(Table {
            caption: t::EVIDENCE.of(lang).to_string(),
            head: [t::H_DAY, t::H_SOURCE, t::H_NOTE].map(|text| text.of(lang).to_string()).to_vec(),
            numeric: vec![false; 3],
            rows,
        }));
    }
    if !stretch.left_out.is_empty() {
        let row = |left: &LeftOut| {
            let why = match left.why {
                Why::OtherArea => t::WHY_AREA,
                Why::OnBorder => t::WHY_BORDER,
                Why::ActorMissing => t::WHY_ACTOR,
            };
            vec![line(date(left.day)), vec![activity_link(&left.activity, lang)], line(why.of(lang))]
        };
        blocks.push(Block::Table(Table {
            caption: t::LEFT_OUT.of(lang).to_string(),
            head: [t::H_DAY, t::H_SOURCE, t::H_WHY].map(|text| text.of(lang).to_string()).to_vec(),
            numeric: vec![false; 3],
            rows: stretch.left_out.iter().map(row).collect(),
        }));
    }
}

fn item_row(item: &Item, lang: Lang) -> Vec<Line> {
    let mut links = Vec::new();
    for (n, activity) in item.activities.iter().enumerate() {
        links.extend((n > 0).then(|| Inline::text(", ")));
        links.push(activity_link(activity, lang));
    }
    let mut notes = vec![t::ONE_BY_ONE.of(lang).to_string()];
    if item.days.len() > 1 {
        notes.push(t::SEVERAL_DAYS.with(lang, &[("n", &item.days.len().to_string())]));
    }
    match item.intelligence_led {
        Some(true) => notes.push(t::LED_YES.of(lang).to_string()),
        Some(false) => notes.push(t::LED_NO.of(lang).to_string()),
        None => {}
    }
    if let Some(count) = &item.within_count {
        notes.push(t::WITHIN.with(lang, &[("count", count.as_str())]));
    }
    vec![line(date(item.day)), links, line(notes.join(", "))]
}

fn activity_link(activity: &Id, lang: Lang) -> Inline {
    Inline::link(format!("/genomfort/{activity}{}", lang.pick("", "?lang=en")), activity.as_str())
}

fn level_blocks(blocks: &mut Vec<Block>, level: &Level, lang: Lang) {
    let now = t::per_week(level, level.now, lang);
    let now_period = level.now_period.as_ref().map(days);
    let text = match (&level.baseline, now_period) {
        (Some(baseline), now_period) => {
            let before = t::per_week(level, baseline.amount, lang);
            let text = if baseline.named { t::LEVEL } else { t::LEVEL_START };
            let not_known = t::NOT_KNOWN.of(lang);
            let (now, now_period) = match &now_period {
                Some(period) => (now.as_str(), period.as_str()),
                None => (not_known, not_known),
            };
            let before_period = days(&baseline.period);
            let values =
                [("now", now), ("now_period", now_period), ("before", &before), ("before_period", &before_period)];
            text.with(lang, &values)
        }
        (None, Some(period)) => t::LEVEL_NOW.with(lang, &[("now", &now), ("now_period", &period)]),
        (None, None) => return,
    };
    blocks.push(Block::para(text));
    if level.now.without_minutes > 0 {
        blocks.push(Block::para(t::UNKNOWN_MINUTES.with(lang, &[("n", &level.now.without_minutes.to_string())])));
    }
}

fn perceived_blocks(blocks: &mut Vec<Block>, level: &PerceivedLevel, lang: Lang) {
    let Some(question) = &level.question else { return };
    blocks.push(Block::heading(2, t::SURVEYS.of(lang)));
    blocks.push(Block::para(t::QUESTION.with(lang, &[("question", lang.pick(&question.sv, &question.en))])));
    let row = |(which, wave): (crate::text::lang::Text, &Wave)| {
        let share = wave.feels_safe.map_or_else(
            || t::TOO_FEW.of(lang).to_string(),
            |share| {
                let (low, high) = limits(share.interval, lang);
                let value = percent(share.value, lang);
                t::SHARE.with(lang, &[("value", &value), ("low", &low), ("high", &high)])
            },
        );
        vec![
            line(format!("{}: {}", which.of(lang), wave.name)),
            line(days(&wave.period)),
            line(wave.answered.to_string()),
            line(share),
        ]
    };
    let waves = [(t::BEFORE, level.baseline.as_ref()), (t::LATEST, level.latest.as_ref())];
    let rows: Vec<Vec<Line>> = waves.into_iter().filter_map(|(which, wave)| Some(row((which, wave?)))).collect();
    if !rows.is_empty() {
        blocks.push(Block::Table(Table {
            caption: t::SURVEY_CAPTION.of(lang).to_string(),
            head: [t::H_WAVE, t::H_WHEN, t::H_ANSWERS, t::H_SAFE].map(|text| text.of(lang).to_string()).to_vec(),
            numeric: vec![false, false, true, false],
            rows,
        }));
    }
    if let Some(change) = &level.change {
        let mut said = t::VISIBLE.with(lang, &[("n", &change.smallest_points.to_string())]);
        if let Some(difference) = change.feels_safe {
            let points = |v: f64| decimal(v * 100.0, 1, lang);
            let [value, low, high] = [difference.value, difference.interval.low, difference.interval.high].map(points);
            let difference = t::DIFFERENCE.with(lang, &[("value", &value), ("low", &low), ("high", &high)]);
            said = format!("{difference} {said}");
        }
        blocks.push(Block::para(said));
    }
    if !level.other_questions.is_empty() {
        let n = level.other_questions.len().to_string();
        blocks.push(Block::para(t::OTHER_QUESTIONS.with(lang, &[("n", &n)])));
    }
}
