//! The filters as a form: the same names as in URLs, one button, nothing that needs a script.

use maud::{Markup, html};

use super::numbers::whole;
use super::request::PageRequest;
use super::texts::{self, Lang};
use super::view::View;
use crate::domain::{Counted, Feeling, HourMask, Source};

/// Parameters that have no field but are kept when the form is sent.
const CARRIED: [&str; 4] = ["datetime", "area", "bbox", "time"];

/// The form.
pub(super) fn filters(view: &View<'_>) -> Markup {
    let request = view.request;
    let lang = request.lang;
    let of = request.params.filter.of;
    html! {
        form id="filters" method="get" action="/" aria-labelledby="filters-heading" {
            h2 id="filters-heading" { (texts::FILTERS.of(lang)) }
            @if lang != Lang::default() { input type="hidden" name="lang" value=(lang.code()); }
            @for name in CARRIED {
                @if !request.value(name).is_empty() { input type="hidden" name=(name) value=(request.value(name)); }
            }
            fieldset {
                legend { (texts::FIELD_OF.of(lang)) }
                @for choice in Counted::ALL {
                    label.choice {
                        input type="radio" name="of" value=(choice.code()) checked[choice == of];
                        " " (super::table::capital(texts::records(choice).of(lang)))
                    }
                }
            }
            @let sets = view.snapshot.areas().sets();
            @if sets.len() > 1 {
                p.field {
                    label for="f-set" { (texts::FIELD_SET.of(lang)) }
                    select id="f-set" name="set" {
                        @for set in sets {
                            option value=(set) selected[request.params.set.as_deref() == Some(set)] { (texts::set(set, lang)) }
                        }
                    }
                }
            }
            (time_fields(view))
            (choices(view))
            p.field {
                label for="f-hours" { (texts::FIELD_HOURS.of(lang)) }
                input id="f-hours" name="hours" value=(request.value("hours")) inputmode="numeric" autocomplete="off"
                    aria-describedby="f-hours-hint";
                small id="f-hours-hint" { (texts::FIELD_HOURS_HINT.of(lang)) }
            }
            fieldset.days {
                legend { (texts::FIELD_WEEKDAYS.of(lang)) }
                @for (code, label) in HourMask::WEEKDAYS.into_iter().zip(texts::WEEKDAYS) {
                    label.choice {
                        input type="checkbox" name="weekdays" value=(code) checked[is_listed(request, "weekdays", code)];
                        " " (label.of(lang))
                    }
                }
            }
            p.field {
                button type="submit" { (texts::SHOW.of(lang)) }
                " " a href=(request.url_cleared()) { (texts::CLEAR_ALL.of(lang)) }
            }
        }
    }
}

fn time_fields(view: &View<'_>) -> Markup {
    let request = view.request;
    let lang = request.lang;
    let years = view
        .extent_days
        .map_or(request.today.year()..=request.today.year(), |(first, last)| first.year()..=last.year());
    let presets = request.presets(years);
    let (from, to) = (request.value("from"), request.value("to"));
    let own = !from.is_empty() || !to.is_empty() || !request.value("datetime").is_empty();
    let year = request.today.year().to_string();
    let mut options: Vec<(String, String)> = Vec::new();
    if own {
        options.push((String::new(), texts::PERIOD_OWN.of(lang).to_string()));
    }
    options.push((String::new(), texts::PERIOD_DEFAULT.of(lang).to_string()));
    options.extend(presets.this_year.map(|value| (value, texts::PERIOD_THIS_YEAR.with(lang, &[("year", &year)]))));
    for (n, value) in presets.days {
        options.extend(value.map(|value| (value, texts::PERIOD_DAYS.with(lang, &[("n", &n.to_string())]))));
    }
    options.extend(presets.years.into_iter().map(|year| (year.clone(), year)));
    add_unlisted(&mut options, request.value("period"));
    let period = request.value("period").to_string();
    let mut compare_options = vec![(String::new(), texts::COMPARE_DEFAULT.of(lang).to_string())];
    if let Some(last_year) = request.same_days_last_year() {
        let differs = request.params.period.as_ref().is_some_and(|p| p.before() != last_year);
        if differs {
            compare_options.push((last_year.to_string(), texts::COMPARE_LAST_YEAR.of(lang).to_string()));
        }
    }
    add_unlisted(&mut compare_options, request.value("compare"));
    html! {
        p.field {
            label for="f-period" { (texts::FIELD_PERIOD.of(lang)) }
            select id="f-period" name="period" {
                @for (i, (value, label)) in options.iter().enumerate() {
                    option value=(value) selected[*value == period && (!period.is_empty() || i == 0)] { (label) }
                }
            }
        }
        div.dates {
            p.field {
                label for="f-from" { (texts::FIELD_FROM.of(lang)) }
                input id="f-from" type="date" name="from" value=(from) aria-describedby="f-dates-hint";
            }
            p.field {
                label for="f-to" { (texts::FIELD_TO.of(lang)) }
                input id="f-to" type="date" name="to" value=(to) aria-describedby="f-dates-hint";
            }
            small id="f-dates-hint" { (texts::FIELD_DATES_HINT.of(lang)) }
        }
        p.field {
            label for="f-compare" { (texts::FIELD_COMPARE.of(lang)) }
            select id="f-compare" name="compare" {
                @for (value, label) in &compare_options {
                    option value=(value) selected[value == request.value("compare")] { (label) }
                }
            }
        }
    }
}

/// A value from the URL that no preset has stays a choice, so that sending the form keeps it.
fn add_unlisted(options: &mut Vec<(String, String)>, value: &str) {
    if !value.is_empty() && !options.iter().any(|(v, _)| v == value) {
        options.push((value.to_string(), value.replace('/', " – ")));
    }
}

fn choices(view: &View<'_>) -> Markup {
    let lang = view.request.lang;
    let (name, label, terms) = match view.request.params.filter.of {
        Counted::Observations => ("category", texts::FIELD_CATEGORY, &view.snapshot.vocabulary().categories),
        Counted::Activities => ("kind", texts::FIELD_KIND, &view.snapshot.vocabulary().kinds),
    };
    let mut rows: Vec<Choice> = terms
        .iter()
        .zip(&view.choices.terms)
        .map(|(term, n)| Choice { code: term.code.clone(), label: texts::term(term, lang).to_string(), n: *n })
        .collect();
    let sources = Source::ALL.into_iter().zip(&view.choices.sources).map(|(source, n)| Choice {
        code: source.code().to_string(),
        label: texts::source(source).of(lang).to_string(),
        n: *n,
    });
    let feelings = [Feeling::Unsafe, Feeling::Safe].into_iter().zip(&view.choices.feelings).map(|(feeling, n)| {
        Choice { code: feeling.code().to_string(), label: texts::feeling(feeling).of(lang).to_string(), n: *n }
    });
    // Imports may add hundreds of terms: those without records go last, in the order of the table.
    rows.sort_by_key(|choice| choice.n == 0);
    html! {
        (checkboxes(view.request, name, label, &rows))
        (checkboxes(view.request, "source", texts::FIELD_SOURCE, &sources.collect::<Vec<_>>()))
        (checkboxes(view.request, "feeling", texts::FIELD_FEELING, &feelings.collect::<Vec<_>>()))
    }
}

struct Choice {
    code: String,
    label: String,
    n: u64,
}

fn checkboxes(request: &PageRequest, name: &str, label: texts::Text, rows: &[Choice]) -> Markup {
    let hint = format!("f-{name}-hint");
    html! {
        @if !rows.is_empty() {
            fieldset aria-describedby=(hint) {
                legend { (label.of(request.lang)) }
                small id=(hint) { (texts::COUNTS_HINT.of(request.lang)) }
                @for choice in rows {
                    label.choice {
                        input type="checkbox" name=(name) value=(choice.code) checked[is_listed(request, name, &choice.code)];
                        " " (choice.label) " " span.count { "(" (whole(choice.n, request.lang)) ")" }
                    }
                }
            }
        }
    }
}

fn is_listed(request: &PageRequest, name: &str, code: &str) -> bool {
    request.value(name).split(',').any(|listed| listed == code)
}

/// What is selected beyond the defaults, each with a link that takes it back.
pub(super) fn selected(view: &View<'_>) -> Markup {
    let request = view.request;
    let lang = request.lang;
    let labels = [
        ("set", texts::FIELD_SET),
        ("of", texts::FIELD_OF),
        ("period", texts::FIELD_PERIOD),
        ("datetime", texts::FIELD_DATETIME),
        ("from", texts::FIELD_FROM),
        ("to", texts::FIELD_TO),
        ("compare", texts::FIELD_COMPARE),
        ("category", texts::FIELD_CATEGORY),
        ("kind", texts::FIELD_KIND),
        ("source", texts::FIELD_SOURCE),
        ("feeling", texts::FIELD_FEELING),
        ("area", texts::FIELD_AREA),
        ("bbox", texts::FIELD_BBOX),
        ("hours", texts::FIELD_HOURS),
        ("weekdays", texts::FIELD_WEEKDAYS),
        ("time", texts::FIELD_TIME),
    ];
    let given: Vec<_> = labels.into_iter().filter(|(name, _)| !request.value(name).is_empty()).collect();
    html! {
        @if !given.is_empty() {
            div.selected {
                h2 { (texts::FILTERED_BY.of(lang)) }
                ul {
                    @for (name, label) in given {
                        li {
                            (label.of(lang)) ": " b { (in_words(view, name)) } " "
                            a href=(request.url_without(name)) {
                                (texts::REMOVE.of(lang)) span.hidden { " " (label.of(lang)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn in_words(view: &View<'_>, name: &str) -> String {
    let lang = view.request.lang;
    let vocabulary = view.snapshot.vocabulary();
    let word = |code: &str| -> Option<String> {
        let term = |terms: &[crate::domain::Term]| {
            terms.iter().find(|term| term.code == code).map(|term| texts::term(term, lang).to_string())
        };
        match name {
            "category" => term(&vocabulary.categories),
            "kind" => term(&vocabulary.kinds),
            "of" => Counted::from_code(code).map(|of| texts::records(of).of(lang).to_string()),
            "set" => Some(texts::set(code, lang)),
            "source" => Source::from_code(code).map(|source| texts::source(source).of(lang).to_string()),
            "feeling" => Feeling::from_code(code).map(|feeling| texts::feeling(feeling).of(lang).to_string()),
            "weekdays" => {
                let day = HourMask::WEEKDAYS.iter().position(|day| *day == code)?;
                Some(texts::WEEKDAYS[day].of(lang).to_string())
            }
            "area" => {
                let mut areas = view.snapshot.areas().areas().iter();
                areas.find(|area| area.id.as_str() == code).map(|area| texts::area(area, lang))
            }
            _ => None,
        }
    };
    let values = view.request.value(name).split(',');
    values.map(|code| word(code).unwrap_or_else(|| code.to_string())).collect::<Vec<_>>().join(", ")
}
