//! What a page is asked for: the words of its URL read strictly, completed with defaults, and written back in one
//! spelling.

use jiff::ToSpan;
use jiff::civil::Date;

use super::texts::Lang;
use crate::analysis::area_density::AreaDensityParams;
use crate::domain::{Counted, HourMask, Period, Source, Term, TimeRule};
use crate::http::params::Pairs;
use crate::spatial::Snapshot;
use crate::wire::{BadWord, FILTER_WORDS, Word, Words, areas};

/// The parameters of the page besides those of a table.
pub(super) const PAGE_WORDS: &[Word] =
    &[Word { name: "lang", meaning: "language of the page", accepted: "sv (default) or en" }];

/// All parameters of the page.
pub(super) const WORDS: &[&[Word]] = &[FILTER_WORDS, areas::AREA_WORDS, PAGE_WORDS];

/// The order of parameters in a canonical URL.
const ORDER: [&str; 17] = [
    "lang", "set", "of", "period", "datetime", "from", "to", "compare", "category", "kind", "source", "feeling",
    "area", "bbox", "hours", "weekdays", "time",
];

/// A page that can be made.
#[derive(Clone, Debug)]
pub(super) struct PageRequest {
    pub(super) lang: Lang,
    pub(super) today: Date,
    /// What is computed, complete with defaults.
    pub(super) params: AreaDensityParams,
    /// What is in the canonical URL: nothing empty, no defaults, in [`ORDER`].
    pub(super) given: Vec<(String, String)>,
    /// The same question for `/api/areas/summary`, where nothing is left to defaults.
    api: Vec<(String, String)>,
}

/// Reads the pairs of a URL.
///
/// A form sends every field, so what cannot hold together there gives way: own dates outrank the list of periods,
/// and a written `of` drops what does not apply to it.
pub(super) fn read(pairs: &Pairs, snapshot: &Snapshot, today: Date) -> Result<PageRequest, BadWord> {
    let all: Vec<(String, String)> = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let words = Words::new(all.iter().cloned(), WORDS)?;
    let lang = words.choice("lang", &["sv", "en"], Lang::from_code)?.unwrap_or_default();
    let has = |name: &str| !words.many(name).is_empty();
    let of = words.choice("of", &["observations", "activities"], Counted::from_code)?;
    let foreign: &[&str] = match of {
        Some(Counted::Observations) => &["kind"],
        Some(Counted::Activities) => &["category", "source", "feeling"],
        None => &[],
    };
    let own_dates = has("from") || has("to");
    let kept = |name: &str| name != "lang" && !foreign.contains(&name) && !(own_dates && name == "period");
    let mut asked: Vec<(String, String)> = all.iter().filter(|(name, _)| kept(name)).cloned().collect();
    let timed = ["period", "datetime", "from", "to"].iter().any(|name| has(name));
    if !timed {
        asked.push(("period".to_string(), Period::twelve_months_to(today).to_string()));
    }
    let words = Words::new(asked, areas::WORDS)?;
    let mut params = areas::read(&words, snapshot, if has("compare") { today } else { Date::MAX })?;
    // A period that is not over is shown whole and not compared, unless somebody asks: then up to today.
    if params.compare.is_none() {
        params.compare = params.period.as_ref().filter(|p| p.last_day() <= today).map(Period::before);
    }
    let given = canonical(&words, &params, snapshot, lang, timed)?;
    let api = api_pairs(&given, &params);
    Ok(PageRequest { lang, today, params, given, api })
}

fn canonical(
    words: &Words,
    params: &AreaDensityParams,
    snapshot: &Snapshot,
    lang: Lang,
    timed: bool,
) -> Result<Vec<(String, String)>, BadWord> {
    let filter = &params.filter;
    let first_set = snapshot.areas().sets().first().map(ToString::to_string);
    let in_table_order = |terms: &[Term], codes: &[String]| {
        let known = terms.iter().map(|term| term.code.clone());
        known.filter(|code| codes.contains(code)).collect::<Vec<_>>().join(",")
    };
    let vocabulary = snapshot.vocabulary();
    let mut given = Vec::new();
    for name in ORDER {
        let value = match name {
            "lang" => (lang != Lang::default()).then(|| lang.code().to_string()),
            "set" => params.set.clone().filter(|set| Some(set) != first_set.as_ref()),
            "of" => (filter.of != Counted::default()).then(|| filter.of.code().to_string()),
            "time" => (filter.time != TimeRule::default()).then(|| filter.time.code().to_string()),
            "period" if !timed => None,
            "compare" => words.one(name)?.filter(|text| *text != "previous").map(str::to_string),
            "category" => Some(in_table_order(&vocabulary.categories, &filter.categories)),
            "kind" => Some(in_table_order(&vocabulary.kinds, &filter.kinds)),
            "source" => {
                let sources = Source::ALL.iter().filter(|s| filter.sources.contains(s)).map(|s| s.code());
                Some(sources.collect::<Vec<_>>().join(","))
            }
            "weekdays" => {
                let days = HourMask::WEEKDAYS.into_iter().filter(|day| words.many(name).contains(day));
                Some(days.collect::<Vec<_>>().join(","))
            }
            "feeling" | "area" => Some(words.many(name).join(",")),
            _ => words.one(name)?.map(str::to_string),
        };
        given.extend(value.filter(|v| !v.is_empty()).map(|value| (name.to_string(), value)));
    }
    Ok(given)
}

fn api_pairs(given: &[(String, String)], params: &AreaDensityParams) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> =
        given.iter().filter(|(name, _)| !matches!(name.as_str(), "lang" | "set" | "compare")).cloned().collect();
    let timed = pairs.iter().any(|(name, _)| matches!(name.as_str(), "period" | "datetime" | "from" | "to"));
    if let (Some(period), false) = (&params.period, timed) {
        pairs.push(("period".into(), period.to_string()));
    }
    pairs.extend(params.compare.as_ref().map(|compare| ("compare".into(), compare.to_string())));
    pairs.extend(params.set.clone().map(|set| ("set".into(), set)));
    pairs
}

impl PageRequest {
    /// The query of the canonical URL.
    pub(super) fn query(&self) -> String {
        Pairs::from(self.given.clone()).to_query()
    }

    /// The URL of the same page in a language.
    pub(super) fn url_in(&self, lang: Lang) -> String {
        let lang_pair = (lang != Lang::default()).then(|| ("lang".to_string(), lang.code().to_string()));
        let others = self.given.iter().filter(|(name, _)| name != "lang").cloned();
        url("/", lang_pair.into_iter().chain(others).collect())
    }

    /// The URL of the page without one parameter.
    pub(super) fn url_without(&self, name: &str) -> String {
        url("/", self.given.iter().filter(|(n, _)| n != name).cloned().collect())
    }

    /// The URL of the page with no parameter but the language.
    pub(super) fn url_cleared(&self) -> String {
        url("/", self.given.iter().filter(|(n, _)| n == "lang").cloned().collect())
    }

    /// The URL of the same table for programs, in a form.
    pub(super) fn table_url(&self, form: &str) -> String {
        let form = ("f".to_string(), form.to_string());
        url("/api/areas/summary", self.api.iter().cloned().chain([form]).collect())
    }

    /// The URL of the layer in the map for programs; `more` are the parameters of the layer.
    pub(super) fn layer_url(&self, more: &[(&str, String)]) -> String {
        let of_tables = ["compare", "set", "bbox"];
        let filter = self.api.iter().filter(|(name, _)| !of_tables.contains(&name.as_str())).cloned();
        let more = more.iter().map(|(name, value)| ((*name).to_string(), value.clone()));
        url("/api/layers/kde", filter.chain(more).collect())
    }

    /// The value of a parameter in the URL; empty when it is not there.
    pub(super) fn value(&self, name: &str) -> &str {
        self.given.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// What stands in the list of periods: value and what it is.
    pub(super) fn presets(&self, years: std::ops::RangeInclusive<i16>) -> Presets {
        let today = self.today;
        let to_today = |start: Date| Period::spanning(start, today).map(|period| period.to_string());
        let year_start = Date::new(today.year(), 1, 1).ok();
        Presets {
            this_year: year_start.and_then(to_today),
            days: [28_i32, 90].map(|n| (n, to_today(today.saturating_sub((n - 1).days())))),
            years: years.rev().filter(|year| *year < today.year()).map(|year| year.to_string()).collect(),
        }
    }

    /// The same days a year before the period, when it has whole days.
    pub(super) fn same_days_last_year(&self) -> Option<Period> {
        let period = self.params.period.as_ref()?;
        Period::new(period.start().saturating_sub(1.year()), period.end().saturating_sub(1.year()))
    }
}

/// Values of the list of periods.
pub(super) struct Presets {
    pub(super) this_year: Option<String>,
    pub(super) days: [(i32, Option<String>); 2],
    pub(super) years: Vec<String>,
}

fn url(path: &str, pairs: Vec<(String, String)>) -> String {
    let query = Pairs::from(pairs).to_query();
    if query.is_empty() { path.to_string() } else { format!("{path}?{query}") }
}
