//! What is new, by place.

use super::{Block, Inline, Line, Making, Table, days_of, heading, line, reported, texts as t, with};
use crate::followup::week::{BackBegins, PlaceNews, TermCount, WeekPage};
use crate::text::lang::Lang;
use crate::wire::followup::say::{self, href};

/// The longest lists.
pub(super) const MOST_AREAS: usize = 6;
const MOST_TERMS: usize = 3;
pub(super) const MOST_REPEATED: usize = 3;

pub(super) fn news(page: &WeekPage, lang: Lang) -> Vec<Block> {
    let mut values = days_of(&page.back.period).to_vec();
    values.push(("meeting", page.back.last_meeting.as_ref().map(|m| m.day.to_string()).unwrap_or_default()));
    let back = match page.back.begins {
        BackBegins::WeekOfLastMeeting => t::BACK_MEETING,
        BackBegins::MostDaysBack => t::BACK_MOST,
        BackBegins::NoMeeting => t::BACK_NONE,
    };
    let mut says = with(back, lang, &values);
    if !page.reports.organisations.is_empty() {
        says.push(' ');
        says.push_str(&reported(page, lang));
    }
    let news = &page.news;
    let last_days = news.last_days.days().to_string();
    let whole = page.back.period == news.last_days;
    let mut head =
        vec![t::PLACE, t::OBSERVATIONS_HEAD].into_iter().map(|text| text.of(lang).to_string()).collect::<Vec<_>>();
    if !whole {
        head.push(t::OF_THEM.with(lang, &[("days", &last_days)]));
    }
    head.extend([t::ABOUT_WHAT, t::WORK].map(|text| text.of(lang).to_string()));
    let row = |name: Inline, place: &PlaceNews| {
        let mut cells = vec![vec![name], line(place.observations.to_string())];
        if !whole {
            cells.push(line(place.observations_last_days.to_string()));
        }
        cells.extend([line(terms(&place.categories, lang)), line(terms(&place.kinds, lang))]);
        cells
    };
    let mut rows: Vec<Vec<Line>> = news
        .areas
        .iter()
        .take(MOST_AREAS)
        .map(|(_, names, place)| row(Inline::text(say::name(names, lang)), place))
        .collect();
    if news.areas.len() > MOST_AREAS {
        let more = Inline::link(
            href("/", lang),
            say::AND_MORE.with(lang, &[("n", &(news.areas.len() - MOST_AREAS).to_string())]),
        );
        let mut cells = vec![vec![Inline::text(format!("{}: ", t::MORE_AREAS.of(lang))), more]];
        cells.resize(head.len(), Line::new());
        rows.push(cells);
    }
    for (name, place) in [(t::REST, &news.rest), (t::WITHOUT, &news.without_position), (t::ALL_PLACES, &news.total)] {
        rows.push(row(Inline::text(name.of(lang)), place));
    }
    let numeric = if whole { vec![false, true, false, false] } else { vec![false, true, true, false, false] };
    let caption = with(t::NEWS_CAPTION, lang, &days_of(&news.period));
    vec![heading(t::NEWS, "nytt", lang), Block::para(says), Block::Table(Table { caption, head, numeric, rows })]
}

/// Categories or kinds with their numbers: the most frequent, and the rest in one.
fn terms(counts: &[TermCount], lang: Lang) -> String {
    if counts.is_empty() {
        return "–".to_string();
    }
    // One more fits in place of "other".
    let most = if counts.len() == MOST_TERMS + 1 { MOST_TERMS + 1 } else { MOST_TERMS };
    let one = |count: &TermCount| format!("{} {}", lang.pick(&count.term.sv, &count.term.en).to_lowercase(), count.n);
    let mut texts: Vec<String> = counts.iter().take(most).map(one).collect();
    let rest: u64 = counts.iter().skip(most).map(|count| count.n).sum();
    if rest > 0 {
        texts.push(t::OTHER_TERMS.with(lang, &[("n", &rest.to_string())]));
    }
    texts.join(", ")
}

/// Places with several observations, and the rule they were found by.
pub(super) fn repeated(page: &WeekPage, making: Making<'_>) -> Vec<Block> {
    let lang = making.lang;
    let (repeated, places) = (&page.repeated, &page.repeated.found.places);
    let values = [
        ("least", repeated.params.least.to_string()),
        ("radius", repeated.params.radius_m.to_string()),
        ("first", repeated.found.period.start().to_string()),
        ("last", repeated.found.period.last_day().to_string()),
    ];
    let mut blocks = vec![heading(t::REPEATED, "aterkommer", lang)];
    let rule = with(t::REPEATED_RULE, lang, &values);
    if places.is_empty() {
        blocks.push(Block::para(format!("{} {rule}", t::REPEATED_NONE.of(lang))));
        return blocks;
    }
    blocks.push(Block::para(rule));
    let rows = places.iter().zip(&repeated.open_actions).take(MOST_REPEATED).map(|(place, open)| {
        let name = place.name.clone().unwrap_or_else(|| t::NEAR.with(lang, &[("at", &place.coordinates())]));
        let days = if place.first == place.last {
            place.first.to_string()
        } else {
            format!("{} – {}", place.first, place.last)
        };
        let term = |(number, n): &(u16, u64)| {
            making.categories.get(usize::from(*number)).map(|term| TermCount { term: term.clone(), n: *n })
        };
        let counts: Vec<TermCount> = place.terms.iter().filter_map(term).collect();
        vec![
            line(name),
            line(place.n.to_string()),
            line(days),
            line(terms(&counts, lang)),
            line(if *open == 0 { t::NONE.of(lang).to_string() } else { open.to_string() }),
        ]
    });
    blocks.push(Block::Table(Table {
        caption: t::REPEATED_CAPTION.of(lang).to_string(),
        head: [t::PLACE, t::OBSERVATIONS_HEAD, t::DAYS, t::ABOUT_WHAT, t::OPEN_ACTIONS]
            .map(|x| x.of(lang).to_string())
            .into(),
        numeric: vec![false, true, true, false, false],
        rows: rows.collect(),
    }));
    if places.len() > MOST_REPEATED {
        let more = t::DATES_MORE.with(lang, &[("n", &(places.len() - MOST_REPEATED).to_string())]);
        blocks.push(Block::Para(vec![Inline::text(more), say::link("/lagesbild", t::SEE_PICTURE.of(lang), lang)]));
    }
    blocks
}
