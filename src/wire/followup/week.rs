//! The week page as a paper of two printed pages, and as JSON.
//!
//! Lists have a length so that the page stays on two sheets of A4; what does not fit is counted and linked, never
//! left out without a word. The JSON has everything.

mod actions;
mod json;
mod news;
mod texts;

use jiff::civil::Date;

use super::say::{self, link};
use super::words::mark;
use crate::domain::{Period, Term};
use crate::followup::Book;
use crate::followup::status::Status;
use crate::followup::week::{DAYS_AHEAD, WeekPage};
use crate::text::lang::{Lang, Text};
use crate::text::paper::{Block, Inline, Line, Paper, Table, line};
use texts as t;

pub use json::json;

/// The longest lists of the paper.
const MOST_DATES: usize = 4;
const MOST_PROMISES: usize = 9;
const MOST_NAMES: usize = 3;
/// Letters of a text in a list.
const MOST_LETTERS: usize = 64;

/// What a paper needs besides the page.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// Labels of kinds, roles and areas.
    pub book: &'a Book,
    /// Labels of categories, in the order of the snapshot's table.
    pub categories: &'a [Term],
    /// The language.
    pub lang: Lang,
    /// Whether the data is made up.
    pub synthetic: bool,
    /// The day under way, whatever day the page is for: actions stand as they do then.
    pub today: Date,
}

/// The page of a week as a paper.
pub fn paper(page: &WeekPage, making: Making<'_>) -> Paper {
    let lang = making.lang;
    let week = say::week_number(&page.week);
    let year = page.week.start().iso_week_date().year().to_string();
    let mut blocks = Vec::new();
    if making.today >= page.week.end() {
        blocks.push(Block::note(t::PAST_WEEK.of(lang)));
    }
    if page.is_empty_file {
        blocks.push(Block::Note(line(t::EMPTY_FILE.of(lang))));
        blocks.push(Block::List(first_steps(lang)));
    }
    blocks.extend(news::news(page, lang));
    blocks.extend(news::repeated(page, making));
    blocks.extend(actions::actions(page, lang));
    blocks.extend(actions::decisions(page, making));
    blocks.extend(dates(page, making));
    blocks.extend(promises(page, lang));
    blocks.extend(reports(page, lang));
    Paper {
        lang,
        title: t::TITLE.with(lang, &[("week", &week), ("year", &year)]),
        lead: vec![
            line(t::MADE.with(lang, &[("week", &week), ("day", &page.as_of.to_string())])),
            line(summary(page, lang)),
        ],
        blocks,
        synthetic: making.synthetic,
    }
}

/// One line of what stands out.
fn summary(page: &WeekPage, lang: Lang) -> String {
    let n = page.news.total.observations as usize;
    let days = page.news.period.days().to_string();
    let new = if n == 0 {
        t::NEW_NONE.with(lang, &[("days", &days)])
    } else {
        let observations = say::counted(n, t::OBSERVATION.of(lang), t::OBSERVATIONS.of(lang));
        t::NEW_SOME.with(lang, &[("n", &observations), ("days", &days)])
    };
    let counted = |n: usize, one: Text, many: Text| {
        if n == 1 { one.of(lang).to_string() } else { many.with(lang, &[("n", &n.to_string())]) }
    };
    let overdue = page.owners.iter().map(|owner| owner.overdue).sum();
    let mut says = vec![new];
    says.push(if overdue == 0 { t::LATE_NONE.of(lang).into() } else { counted(overdue, t::LATE_ONE, t::LATE_SOME) });
    let (behind, missed) = (page.promises.with_status(Status::Behind), page.promises.with_status(Status::Missed));
    if behind > 0 {
        says.push(counted(behind, t::BEHIND_ONE, t::BEHIND_SOME));
    }
    if missed > 0 {
        says.push(counted(missed, t::MISSED_ONE, t::MISSED_SOME));
    }
    if behind + missed == 0 {
        says.push(t::BEHIND_NONE.of(lang).to_string());
    }
    says.join(" ")
}

/// What to do first with an empty file.
pub(super) fn first_steps(lang: Lang) -> Vec<Line> {
    let steps = [
        (t::START_IMPORT, "/import"),
        (t::START_OBSERVATION, "/iakttagelser/ny"),
        (t::START_MEETING, "/genomfort/ny"),
        (t::START_ACTION, "/atgarder/ny"),
        (t::START_BOOKING, "/inbokat/ny"),
    ];
    steps.into_iter().map(|(text, path)| vec![link(path, text.of(lang), lang)]).collect()
}

fn heading(text: Text, id: &str, lang: Lang) -> Block {
    Block::Heading { level: 2, text: text.of(lang).to_string(), id: id.to_string() }
}

fn days_of(period: &Period) -> [(&'static str, String); 3] {
    [
        ("first", period.start().to_string()),
        ("last", period.last_day().to_string()),
        ("days", period.days().to_string()),
    ]
}

fn with(text: Text, lang: Lang, values: &[(&'static str, String)]) -> String {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text.with(lang, &values)
}

fn reported(page: &WeekPage, lang: Lang) -> String {
    let reports = &page.reports;
    let (k, m) = (reports.reported().to_string(), reports.organisations.len().to_string());
    t::REPORTED.with(lang, &[("k", &k), ("m", &m), ("week", &say::week_number(&reports.week))])
}

fn dates(page: &WeekPage, making: Making<'_>) -> Vec<Block> {
    let lang = making.lang;
    let ahead = Period::new(page.week.start(), page.week.start().saturating_add(jiff::Span::new().days(DAYS_AHEAD)));
    let values = days_of(ahead.as_ref().unwrap_or(&page.week));
    let mut blocks = vec![heading(t::DATES, "inbokat", lang)];
    if page.dates.is_empty() {
        let says = Inline::text(with(t::DATES_NONE, lang, &values));
        blocks.push(Block::Para(vec![says, link("/inbokat/ny", t::BOOK.of(lang), lang)]));
        return blocks;
    }
    let rows = page.dates.iter().take(MOST_DATES).map(|date| {
        let booking = &date.booking;
        let mut what = vec![say::term(&making.book.kinds, &booking.kind, lang)];
        what.extend(booking.area.as_ref().map(|area| say::area(making.book, area, lang)));
        what.extend(booking.title.as_deref().map(cut));
        vec![
            line(say::weekday(date.day, lang)),
            vec![link(&format!("/inbokat/{}", booking.id), what.join(", "), lang)],
            line(cut(&say::actors(making.book, &booking.actors, lang))),
        ]
    });
    blocks.push(Block::Table(Table {
        caption: with(t::DATES_CAPTION, lang, &values),
        head: [t::DAY, t::WHAT, t::WHO].map(|text| text.of(lang).to_string()).into(),
        numeric: vec![true, false, false],
        rows: rows.collect(),
    }));
    if page.dates.len() > MOST_DATES {
        let more = t::DATES_MORE.with(lang, &[("n", &(page.dates.len() - MOST_DATES).to_string())]);
        blocks.push(Block::Para(vec![Inline::text(more), link("/inbokat", t::SEE_LIST.of(lang), lang)]));
    }
    blocks
}

fn promises(page: &WeekPage, lang: Lang) -> Vec<Block> {
    let promises = &page.promises;
    let number = |n: Option<u32>| line(n.map_or_else(|| "–".to_string(), |n| n.to_string()));
    let mut blocks = vec![heading(t::PROMISES, "loften", lang)];
    let mut after = Vec::new();
    if promises.lines.is_empty() {
        after.push(Inline::text(t::PROMISES_NONE.of(lang)));
    } else {
        let rows = promises.lines.iter().take(MOST_PROMISES).map(|promise| {
            vec![
                vec![link(
                    &format!("/lofte/{}/{}", promise.document, promise.commitment),
                    cut(say::name(&promise.names, lang)),
                    lang,
                )],
                line(promise.period.last_day().to_string()),
                number(promise.number.map(|number| number.done)),
                number(promise.number.map(|number| number.target)),
                number(promise.number.and_then(|number| number.pace)),
                vec![mark(promise.status, lang)],
            ]
        });
        blocks.push(Block::Table(Table {
            caption: t::PROMISES_CAPTION.of(lang).to_string(),
            head: [t::COMMITMENT, t::UNTIL, t::DONE, t::TARGET, t::PACE, t::STANDING]
                .map(|text| text.of(lang).to_string())
                .into(),
            numeric: vec![false, true, true, true, true, false],
            rows: rows.collect(),
        }));
    }
    if promises.lines.len() > MOST_PROMISES {
        after.push(Inline::text(
            t::PROMISES_MORE.with(lang, &[("n", &(promises.lines.len() - MOST_PROMISES).to_string())]),
        ));
    }
    if promises.without_number > 0 {
        after.push(Inline::text(t::PROMISES_REST.with(lang, &[("n", &promises.without_number.to_string())])));
    }
    if promises.older_promises > 0 {
        after.push(Inline::text(t::PROMISES_OLD.with(lang, &[("n", &promises.older_promises.to_string())])));
    }
    after.push(link("/lofte", t::SEE_PROMISES.of(lang), lang));
    blocks.push(Block::Para(after));
    blocks
}

fn reports(page: &WeekPage, lang: Lang) -> Vec<Block> {
    let reports = &page.reports;
    let title = t::REPORTS.with(lang, &[("week", &say::week_number(&reports.week))]);
    let mut blocks = vec![Block::Heading { level: 2, text: title, id: "rapporter".to_string() }];
    let form = link("/veckorapporter/ny", t::WRITE_REPORT.of(lang), lang);
    if reports.organisations.is_empty() {
        blocks.push(Block::Para(vec![Inline::text(t::REPORTS_NOBODY.of(lang)), form]));
        return blocks;
    }
    blocks.push(Block::para(
        t::REPORTED_SHORT
            .with(lang, &[("k", &reports.reported().to_string()), ("m", &reports.organisations.len().to_string())]),
    ));
    let missing: Vec<String> = reports.missing().map(str::to_string).collect();
    let mut lines = vec![if missing.is_empty() {
        line(t::MISSING_NONE.of(lang))
    } else {
        // Those who are missing are all named, however many.
        vec![
            Inline::Strong(format!("{}{}.", t::MISSING.of(lang), missing.join("; "))),
            Inline::text(format!("{} ", t::MISSING_MEANING.of(lang))),
            form,
        ]
    }];
    let names = |wanted: &dyn Fn(u32) -> bool, told: &dyn Fn(&str, u32) -> String| -> Vec<String> {
        let reported = reports.organisations.iter().filter_map(|o| o.n.map(|n| (o.organisation.as_str(), n)));
        reported.filter(|(_, n)| wanted(*n)).map(|(name, n)| told(name, n)).collect()
    };
    let something = names(&|n| n > 0, &|name, n| t::N_RECORDS.with(lang, &[("name", name), ("n", &n.to_string())]));
    let nothing = names(&|n| n == 0, &|name, _| name.to_string());
    for (text, names) in [(t::NOTHING, nothing), (t::SOMETHING, something)] {
        if !names.is_empty() {
            lines.push(line(text.with(lang, &[("names", &say::some_of(&names, MOST_NAMES, lang))])));
        }
    }
    blocks.push(Block::List(lines));
    blocks
}

/// A text of a list at its longest; the whole one is a click away.
fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_LETTERS {
        return text.to_string();
    }
    let short: String = text.chars().take(MOST_LETTERS - 1).collect();
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests;
