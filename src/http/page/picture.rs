//! `/lagesbild`: the situation picture of a period, on screen and on paper.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

use super::layout::Shell;
use super::login::in_lang;
use super::paper;
use super::records::lang_of;
use super::see_other;
use super::texts::Lang;
use super::week::PaperForm;
use crate::domain::{Period, Role};
use crate::followup::picture::{Picture, PictureParams, picture};
use crate::http::State;
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::http::state::computed;
use crate::spatial::Snapshot;
use crate::text::lang::{Text, texts};
use crate::text::paper::{Paper, markdown};
use crate::wire::followup::picture::picture_json;
use crate::wire::followup::picture_paper::picture_paper;

texts! {
    CHOOSE: "Välj period", "Choose a period";
    SHOW: "Visa", "Show";
    G_WEEK: "Vecka", "Week";
    G_MONTH: "Månad", "Month";
    G_QUARTER: "Kvartal", "Quarter";
    G_TERTIAL: "Tertial", "Tertial";
    G_HALF: "Halvår", "Half-year";
    G_YEAR: "År", "Year";
    G_OTHER: "Annan period", "Another period";
    O_WEEK: "vecka {n}, {year}", "week {n}, {year}";
    O_QUARTER: "kvartal {n}, {year}", "quarter {n}, {year}";
    O_TERTIAL: "tertial {n}, {year}", "tertial {n}, {year}";
    O_HALF: "halvår {n}, {year}", "half-year {n}, {year}";
    AREAS: "Områden", "Areas";
    OTHER_FORMS: "Samma bild i andra former", "The same picture in other forms";
    AS_MARKDOWN: "text (Markdown)", "text (Markdown)";
    AS_JSON: "JSON", "JSON";
}

const PERIOD: Param = Param::query(
    "period",
    "the days of the picture",
    "2025, 2025-H1, 2025-T1, 2025-Q1, 2025-03, 2025-W09 or 2025-03-01/2025-03-31; default the month before",
);
const SET: Param = Param::query("set", "the set of areas", "a set of the data file; default its first");
const LANG: Param = Param::query("lang", "language of the page", "sv (default) or en");
const FORM: Param = Param::query("f", "form of the answer", "html (default), json or md");

/// The page and the same for programs.
pub(super) fn routes() -> Vec<Route<State>> {
    let read = Access::Role(Role::Reader);
    let page = vec![PERIOD, SET, paper::AS_OF, LANG, FORM];
    vec![
        Route::get("/lagesbild", read, "The situation picture of a period", page, page_of),
        Route::get(
            "/api/situation-picture",
            read,
            "The situation picture of a period",
            vec![PERIOD, SET, paper::AS_OF],
            api,
        ),
    ]
}

/// What is asked for.
#[derive(Clone, Debug)]
struct Asked {
    /// As it was written; none is the month before.
    period_text: Option<String>,
    period: Period,
    set: Option<String>,
    /// As it was written; none is today.
    as_of: Option<Date>,
    today: Date,
}

impl Asked {
    fn read(call: &Call<State>, snapshot: &Snapshot) -> Result<Self, Problem> {
        let invalid = |param: &Param, value: &str, reason: &str| Problem::InvalidParameter {
            parameter: param.name.to_string(),
            value: value.chars().take(120).collect(),
            reason: reason.to_string(),
            accepted: param.accepted.to_string(),
        };
        let today = call.state.today(snapshot);
        let given =
            |param: &Param| Ok::<_, Problem>(call.pairs.one(param.name)?.map(str::trim).filter(|v| !v.is_empty()));
        let period_text = given(&PERIOD)?;
        let period = match period_text {
            None => month_before(today),
            Some(text) => Period::parse(text).map_err(|_| invalid(&PERIOD, text, "it is no period"))?,
        };
        let sets = snapshot.areas().sets();
        let set = given(&SET)?;
        if let Some(set) = set.filter(|set| !sets.contains(set)) {
            return Err(Problem::InvalidParameter {
                parameter: SET.name.to_string(),
                value: set.chars().take(120).collect(),
                reason: "the data file has no such set".to_string(),
                accepted: sets.join(", "),
            });
        }
        let as_of = match given(&paper::AS_OF)? {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| invalid(&paper::AS_OF, text, "it is no date"))?),
        };
        // The first set is meant when none is named.
        let set = set.filter(|set| sets.first() != Some(set)).map(str::to_string);
        Ok(Self { period_text: period_text.map(str::to_string), period, set, as_of, today })
    }

    fn params(&self) -> PictureParams {
        PictureParams { set: self.set.clone(), ..PictureParams::default() }
    }

    /// The query of the canonical URL: nothing empty, no defaults, in one order.
    fn query(&self, lang: Lang, form: Option<&str>) -> String {
        let lang = (lang != Lang::default()).then(|| ("lang", lang.code().to_string()));
        let set = self.set.clone().map(|set| ("set", set));
        let period = self.period_text.clone().map(|period| ("period", period));
        let as_of = self.as_of.map(|day| ("as_of", day.to_string()));
        let form = form.map(|form| ("f", form.to_string()));
        let pairs =
            [lang, set, period, as_of, form].into_iter().flatten().map(|(name, value)| (name.to_string(), value));
        Pairs::from(pairs.collect::<Vec<_>>()).to_query()
    }

    fn url(&self, lang: Lang, form: Option<&str>) -> String {
        match self.query(lang, form).as_str() {
            "" => "/lagesbild".to_string(),
            query => format!("/lagesbild?{query}"),
        }
    }
}

/// The last whole month before a day.
pub(super) fn month_before(today: Date) -> Period {
    let end = today.first_of_month();
    // A month has days, so there is a period; the first month of the calendar has none before it.
    Period::new(end.saturating_sub(1.month()), end).unwrap_or_else(|| Period::twelve_months_to(today))
}

async fn page_of(call: Call<State>) -> Answer {
    let snapshot = call.state.store.snapshot();
    let lang = lang_of(&call)?;
    let form = PaperForm::of(&call)?;
    let asked = Asked::read(&call, &snapshot)?;
    let form_word = match form {
        PaperForm::Html => None,
        PaperForm::Json => Some("json"),
        PaperForm::Markdown => Some("md"),
    };
    if call.query != asked.query(lang, form_word) {
        return see_other(&asked.url(lang, form_word));
    }
    answer(&call, snapshot, asked, form, lang).await
}

async fn api(call: Call<State>) -> Answer {
    let snapshot = call.state.store.snapshot();
    let asked = Asked::read(&call, &snapshot)?;
    answer(&call, snapshot, asked, PaperForm::Json, Lang::default()).await
}

async fn answer(
    call: &Call<State>,
    snapshot: std::sync::Arc<Snapshot>,
    asked: Asked,
    form: PaperForm,
    lang: Lang,
) -> Answer {
    let state = call.state.clone();
    let request = format!("situation-picture {asked:?} {form:?} {lang:?}");
    computed(call, snapshot, request, form.label(lang), move |snapshot| {
        let book = state.books.at(&state.store, snapshot)?;
        let params = asked.params();
        let picture = picture(snapshot, &book, &asked.period, asked.as_of.unwrap_or(asked.today), &params);
        if form == PaperForm::Json {
            let json = picture_json(snapshot, &book, &picture, &params);
            return serde_json::to_vec(&json).map_err(|error| Problem::Internal(error.to_string()));
        }
        let paper = picture_paper(snapshot, &book, &picture, lang);
        if form == PaperForm::Markdown {
            return Ok(markdown(&paper).into_bytes());
        }
        Ok(html_page(snapshot, &asked, &picture, &paper, lang).into_string().into_bytes())
    })
    .await
}

fn html_page(snapshot: &Snapshot, asked: &Asked, picture: &Picture, paper: &Paper, lang: Lang) -> Markup {
    let url_in = |lang: Lang| asked.url(lang, None);
    let main = html! {
        p.on-screen { a href="#period-heading" { (CHOOSE.of(lang)) } }
        (paper::main(paper))
        (period_form(snapshot, asked, picture, lang))
        p.on-screen {
            (OTHER_FORMS.of(lang)) ": "
            a href=(asked.url(lang, Some("md"))) { (AS_MARKDOWN.of(lang)) } " · "
            a href=(asked.url(lang, Some("json"))) { (AS_JSON.of(lang)) }
        }
    };
    Shell { lang, title: &paper.title, url_in: &url_in, home: in_lang("/", lang) }.around(&main)
}

fn period_form(snapshot: &Snapshot, asked: &Asked, picture: &Picture, lang: Lang) -> Markup {
    let groups = choices(asked.today, lang);
    let now = asked.period_text.clone().unwrap_or_else(|| groups[1].1[0].0.clone());
    let is_listed = groups.iter().any(|(_, options)| options.iter().any(|(value, _)| *value == now));
    let sets = snapshot.areas().sets();
    html! {
        form.on-screen method="get" action="/lagesbild" aria-labelledby="period-heading" {
            h2 id="period-heading" { (CHOOSE.of(lang)) }
            @if lang != Lang::default() { input type="hidden" name="lang" value=(lang.code()); }
            @if sets.len() > 1 {
                p.field {
                    label for="p-set" { (AREAS.of(lang)) }
                    select id="p-set" name="set" {
                        @for set in &sets {
                            option value=(set) selected[*set == picture.density.set] { (super::texts::set(set, lang)) }
                        }
                    }
                }
            }
            p.field {
                label for="p-period" { (CHOOSE.of(lang)) }
                select id="p-period" name="period" {
                    @if !is_listed {
                        optgroup label=(G_OTHER.of(lang)) { option value=(now) selected { (now) } }
                    }
                    @for (group, options) in &groups {
                        optgroup label=(group) {
                            @for (value, text) in options { option value=(value) selected[*value == now] { (text) } }
                        }
                    }
                }
            }
            p.field { button type="submit" { (SHOW.of(lang)) } }
        }
    }
}

/// The last few periods of each length, the newest first; the first of each but the week is under way or just over.
fn choices(today: Date, lang: Lang) -> Vec<(String, Vec<(String, String)>)> {
    let weeks = (1..=6).map(|back| {
        let week = today.saturating_sub((7 * back).days()).iso_week_date();
        let (n, year) = (week.week().to_string(), week.year().to_string());
        (format!("{year}-W{:02}", week.week()), O_WEEK.with(lang, &[("n", &n), ("year", &year)]))
    });
    let months = (1..=12).map(|back| {
        let month = today.first_of_month().saturating_sub(back.months());
        let text = format!("{:04}-{:02}", month.year(), month.month());
        (text.clone(), text)
    });
    let parts = |letter: char, months: i32, text: Text, shown: i32| -> Vec<(String, String)> {
        let part = |back: i32| {
            let per_year = 12 / months;
            let at = i32::from(today.year()) * per_year + (i32::from(today.month()) - 1) / months - back;
            let (year, n) = (at.div_euclid(per_year).to_string(), (at.rem_euclid(per_year) + 1).to_string());
            (format!("{year}-{letter}{n}"), text.with(lang, &[("n", &n), ("year", &year)]))
        };
        (0..shown).map(part).collect()
    };
    let years = (0..3).map(|back| (today.year() - back).to_string()).map(|year| (year.clone(), year));
    let named = |text: Text, options: Vec<(String, String)>| (text.of(lang).to_string(), options);
    vec![
        named(G_WEEK, weeks.collect()),
        named(G_MONTH, months.collect()),
        named(G_QUARTER, parts('Q', 3, O_QUARTER, 5)),
        named(G_TERTIAL, parts('T', 4, O_TERTIAL, 4)),
        named(G_HALF, parts('H', 6, O_HALF, 4)),
        named(G_YEAR, years.collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn the_choices_are_the_last_periods_of_each_length() {
        let today: Date = "2026-01-04".parse().expect("a date");
        let groups = choices(today, Lang::Sv);
        let values = |i: usize| groups[i].1.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>();
        // The fourth of January 2026 is a Sunday: the week before is week 52.
        assert_eq!(values(0)[..2], ["2025-W52", "2025-W51"]);
        assert_eq!(values(1)[..2], ["2025-12", "2025-11"]);
        assert_eq!(values(2), ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1"]);
        assert_eq!(values(3), ["2026-T1", "2025-T3", "2025-T2", "2025-T1"]);
        assert_eq!(values(4), ["2026-H1", "2025-H2", "2025-H1", "2024-H2"]);
        assert_eq!(values(5), ["2026", "2025", "2024"]);
        for (value, _) in groups.iter().flat_map(|(_, options)| options) {
            assert!(Period::parse(value).is_ok(), "{value}");
        }
        assert_eq!(month_before(today).to_string(), "2025-12-01/2025-12-31");
        assert_eq!(month_before("2026-03-31".parse().expect("a date")).to_string(), "2026-02-01/2026-02-28");
    }
}
