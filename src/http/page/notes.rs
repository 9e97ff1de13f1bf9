//! What stands around the numbers: banners, the period, what the page can say, where it comes from.

use maud::{Markup, html};

use super::numbers::days;
use super::sentence::{begins_inside_comparison, missing_days};
use super::texts::{self, Lang};
use super::view::{Known, View};
use crate::domain::Counted;
use crate::spatial::DataClass;
use crate::wire::SOFTWARE;

/// Made-up data and old data are said before anything else.
pub(super) fn banners(view: &View<'_>, stale_after_days: u32) -> Markup {
    let lang = view.request.lang;
    let age = view.newest.and_then(|day| Some((day, day.until(view.request.today).ok()?.get_days())));
    let stale = age.filter(|(_, days)| i64::from(*days) > i64::from(stale_after_days));
    html! {
        @if view.snapshot.facts().data_class == DataClass::Synthetic {
            p.banner.synthetic { (texts::SYNTHETIC.of(lang)) }
        }
        @if let Some((day, age)) = stale {
            p.banner.stale { (texts::STALE.with(lang, &[("date", &day.to_string()), ("days", &age.to_string())])) }
        }
    }
}

/// The days the page covers, those compared with, and what is missing of them.
pub(super) fn period(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    let today = view.request.today;
    let first = view.extent_days.map(|(first, _)| first);
    let said = |text: texts::Text, period: &crate::domain::Period| {
        let (first, last) = (period.start().to_string(), period.last_day().to_string());
        text.with(lang, &[("first", &first), ("last", &last), ("days", &period.days().to_string())])
    };
    let remaining =
        view.density.period.as_ref().and_then(|p| today.until(p.last_day()).ok()).map_or(0, |s| s.get_days());
    let late = first.filter(|first| {
        let start = view.density.period.as_ref().map(crate::domain::Period::start);
        view.known == Known::Yes && start.is_some_and(|start| missing_days(start, *first))
    });
    html! {
        p.period {
            @match &view.density.period {
                Some(period) => (said(texts::PERIOD, period)),
                None => { (texts::NO_PERIOD.of(lang)) " " },
            }
            @match &view.density.comparison {
                Some(period) => (said(texts::COMPARED, period)),
                None => (texts::NOT_COMPARED.of(lang)),
            }
        }
        @if remaining > 0 {
            p.caution { (texts::PERIOD_NOT_OVER.with(lang, &[("days", &remaining.to_string())])) }
        }
        @if let Some(first) = late {
            p.caution { (texts::DATA_BEGIN_IN_PERIOD.with(lang, &[("date", &first.to_string())])) }
        } @else if let Some(first) = first.filter(|_| begins_inside_comparison(view)) {
            p.caution { (texts::DATA_BEGIN_LATER.with(lang, &[("date", &first.to_string())])) }
        }
    }
}

/// What can be done about an empty page.
pub(super) fn empty_help(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    let of = view.request.params.filter.of.code();
    let filtered = view.request.given.iter().any(|(name, _)| name != "lang" && name != "of" && name != "set");
    html! {
        @if view.known == Known::EmptyFile {
            p { (texts::EMPTY_FILE_HOW.of(lang)) " " code { "lagesbild import FIL.csv --into " (of) } }
        } @else if view.density.total.value() <= 0.0 && filtered {
            p { a href=(view.request.url_cleared()) { (texts::CLEAR_ALL.of(lang)) } }
        }
    }
}

/// What the numbers can and cannot say.
pub(super) fn limits(lang: Lang) -> Markup {
    let lines = [
        texts::LIMIT_REPORTED,
        texts::LIMIT_WORK,
        texts::LIMIT_INTERVAL,
        texts::LIMIT_CHANGE,
        texts::LIMIT_OUTLINE,
        texts::LIMIT_DENSITY,
    ];
    html! {
        section aria-labelledby="limits-heading" {
            h2 id="limits-heading" { (texts::LIMITS.of(lang)) }
            ul { @for line in lines { li { (line.of(lang)) } } }
        }
    }
}

/// Method, data, revision and program.
pub(super) fn about(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    let facts = view.snapshot.facts();
    let data = match view.extent_days {
        None => texts::ABOUT_DATA_NONE.of(lang).to_string(),
        Some((first, last)) => {
            let text = match facts.data_class {
                DataClass::Real => texts::ABOUT_DATA_REAL,
                DataClass::Synthetic => texts::ABOUT_DATA_SYNTHETIC,
            };
            text.with(lang, &[("first", &first.to_string()), ("last", &last.to_string())])
        }
    };
    let records: u64 = Counted::ALL.iter().map(|of| view.snapshot.table(*of).len() as u64).sum();
    let mut sources: Vec<&str> = Vec::new();
    for line in &view.density.lines {
        let source = view.snapshot.areas().area(line.area).source.as_str();
        if !source.is_empty() && !sources.contains(&source) {
            sources.push(source);
        }
    }
    let period = view.density.period.as_ref().map_or_else(|| texts::NO_PERIOD.of(lang).to_string(), days);
    html! {
        section aria-labelledby="about-heading" {
            h2 id="about-heading" { (texts::ABOUT.of(lang)) }
            dl.facts {
                dt { (texts::ABOUT_METHOD.of(lang)) } dd { (texts::ABOUT_METHOD_TEXT.of(lang)) }
                dt { (texts::FIELD_PERIOD.of(lang)) } dd { (period) }
                dt { (texts::ABOUT_DATA.of(lang)) } dd { (data) " (" (super::numbers::whole(records, lang)) ")" }
                @if !sources.is_empty() {
                    dt { (texts::ABOUT_OUTLINES.of(lang)) }
                    @for source in sources { dd lang=[(lang != Lang::Sv).then_some("sv")] { (source) } }
                }
                dt { (texts::ABOUT_PLANE.of(lang)) } dd { (view.snapshot.plane()) ", " (facts.time_zone) }
                dt { (texts::ABOUT_REVISION.of(lang)) } dd { (view.snapshot.revision()) }
                dt { (texts::ABOUT_MADE.of(lang)) } dd { (view.request.today) }
                dt { (texts::ABOUT_SOFTWARE.of(lang)) } dd { (SOFTWARE) }
            }
        }
    }
}
