//! `/vecka/{week}`: what the Monday meeting prints.

use jiff::civil::Date;
use maud::html;

use super::layout::Shell;
use super::login::in_lang;
use super::paper::{self, AS_OF};
use super::records::lang_of;
use super::see_other;
use super::texts::Lang;
use crate::domain::Period;
use crate::followup::ledger::ledger;
use crate::followup::week::{WeekPage, is_week, week_name, week_of, week_page};
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::records::who;
use crate::http::route::{Answer, Call, Param, Route};
use crate::http::state::{Form, computed};
use crate::spatial::{DataClass, Snapshot};
use crate::text::lang::texts;
use crate::text::paper::markdown;
use crate::wire::followup::week::{self as wire, Making};

texts! {
    BEFORE: "Vecka {week}", "Week {week}";
    AFTER: "Vecka {week}", "Week {week}";
    WEEKS: "Andra veckor", "Other weeks";
    AS_MARKDOWN: "Som text (Markdown)", "As text (Markdown)";
    AS_JSON: "Som JSON", "As JSON";
    OTHER_FORMS: "I andra former", "In other forms";
}

const LANG: Param = Param::query("lang", "language of the page", "sv (default) or en");
const FORM: Param = Param::query("f", "form of the answer", "html (default), json or md");

/// The forms of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaperForm {
    Html,
    Json,
    Markdown,
}

impl PaperForm {
    /// The form asked for by `f`.
    pub(super) fn of(call: &Call<State>) -> Result<Self, Problem> {
        match call.pairs.one(FORM.name)? {
            None | Some("html") => Ok(Self::Html),
            Some("json") => Ok(Self::Json),
            Some("md") => Ok(Self::Markdown),
            Some(other) => Err(Problem::InvalidParameter {
                parameter: FORM.name.to_string(),
                value: other.to_string(),
                reason: "it is no form of this page".to_string(),
                accepted: FORM.accepted.to_string(),
            }),
        }
    }

    /// How an answer in it is labelled.
    pub(super) fn label(self, lang: Lang) -> Form {
        let media_type = match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Markdown => "text/markdown; charset=utf-8",
        };
        Form { media_type, language: lang.code() }
    }
}

pub(super) fn routes() -> Vec<Route<State>> {
    let week = Param::path("week", "the ISO week of the meeting", "a week such as 2026-W48");
    vec![
        who::reads("/vecka", "The page of the week under way", vec![LANG], now),
        who::reads(
            "/vecka/{week}",
            "What the weekly meeting needs, on two printed pages",
            vec![week, LANG, FORM, AS_OF],
            one,
        ),
    ]
}

/// `GET /vecka`
async fn now(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let today = call.state.today(&call.state.store.snapshot());
    see_other(&in_lang(&path(&week_of(today)), lang))
}

fn path(week: &Period) -> String {
    format!("/vecka/{}", week_name(week))
}

fn week_in(text: &str) -> Result<Period, Problem> {
    let week = Period::parse(text).ok().filter(is_week);
    week.ok_or_else(|| Problem::InvalidParameter {
        parameter: "week".to_string(),
        value: text.chars().take(40).collect(),
        reason: "it is no ISO week".to_string(),
        accepted: "a week such as 2026-W48".to_string(),
    })
}

/// The day a page of a week speaks of: the one asked for, else today or the last day of a week that is over.
fn as_of(call: &Call<State>, week: &Period, today: Date) -> Result<Date, Problem> {
    let Some(text) = call.pairs.one(AS_OF.name)? else { return Ok(today.min(week.last_day())) };
    text.parse().map_err(|_| Problem::InvalidParameter {
        parameter: AS_OF.name.to_string(),
        value: text.chars().take(40).collect(),
        reason: "it is no date".to_string(),
        accepted: AS_OF.accepted.to_string(),
    })
}

/// `GET /vecka/{week}`
async fn one(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let form = PaperForm::of(&call)?;
    let week = week_in(call.path_value("week"))?;
    let snapshot = call.state.store.snapshot();
    let today = call.state.today(&snapshot);
    let as_of = as_of(&call, &week, today)?;
    let given = call.pairs.one(AS_OF.name)?.map(|_| as_of);
    let state = call.state.clone();
    let request = format!("week {week} {as_of} {given:?} {today} {form:?}");
    computed(&call, snapshot, request, form.label(lang), move |snapshot| {
        let book = state.books.at(&state.store, snapshot)?;
        let page = week_page(snapshot, &book, &ledger(&book, as_of), &week, as_of);
        if form == PaperForm::Json {
            return Ok(format!("{:#}\n", wire::json(&page)).into_bytes());
        }
        let paper = wire::paper(
            &page,
            Making {
                book: &book,
                categories: &snapshot.vocabulary().categories,
                lang,
                synthetic: is_synthetic(snapshot),
                today,
            },
        );
        if form == PaperForm::Markdown {
            return Ok(markdown(&paper).into_bytes());
        }
        Ok(html_page(&page, &paper, given, lang).into_bytes())
    })
    .await
}

/// Whether the data is made up.
pub(super) fn is_synthetic(snapshot: &Snapshot) -> bool {
    snapshot.facts().data_class == DataClass::Synthetic
}

/// The page; its links to itself carry the day that was given.
fn html_page(page: &WeekPage, paper: &crate::text::paper::Paper, given: Option<Date>, lang: Lang) -> String {
    let here = path(&page.week);
    let of_day = |url: String, more: String| {
        let query = given.map(|day| format!("as_of={day}")).into_iter().chain((!more.is_empty()).then_some(more));
        let query: Vec<String> = query.collect();
        let separator = if url.contains('?') { "&" } else { "?" };
        if query.is_empty() { url } else { format!("{url}{separator}{}", query.join("&")) }
    };
    let url_in = |lang: Lang| of_day(in_lang(&here, lang), String::new());
    let at = |days: i64| week_of(page.week.start().saturating_add(jiff::Span::new().days(days)));
    let neighbour = |week: &Period, text: crate::text::lang::Text| {
        text.with(lang, &[("week", &week.start().iso_week_date().week().to_string())])
    };
    let (before, after) = (at(-7), at(7));
    let form = |form: &str| of_day(in_lang(&here, lang), format!("f={form}"));
    let main = html! {
        (paper::main(paper))
        nav.on-screen aria-label=(WEEKS.of(lang)) {
            p {
                a rel="prev" href=(in_lang(&path(&before), lang)) { "← " (neighbour(&before, BEFORE)) } " · "
                a rel="next" href=(in_lang(&path(&after), lang)) { (neighbour(&after, AFTER)) " →" }
            }
        }
        p.on-screen {
            (OTHER_FORMS.of(lang)) ": "
            a href=(form("md")) { (AS_MARKDOWN.of(lang)) } " · " a href=(form("json")) { (AS_JSON.of(lang)) }
        }
    };
    Shell { lang, title: &paper.title, url_in: &url_in, home: in_lang("/", lang) }.around(&main).into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn only_iso_weeks_are_weeks() {
        assert_eq!(week_in("2026-W48").expect("a week").to_string(), "2026-11-23/2026-11-29");
        for bad in ["2026-W54", "2026-11", "2026-11-23/2026-11-29x", "48", ""] {
            assert!(week_in(bad).is_err(), "{bad} was accepted");
        }
        assert!(week_in("2026-11-23/2026-11-29").is_ok(), "the same week in other words");
    }
}
