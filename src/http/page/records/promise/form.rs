//! The rows as a form.

use maud::{Markup, html};
use serde_json::Value;

use super::super::filled::Fields;
use super::super::texts as t;
use super::pledge;
use super::rows::{EMPTY_ROWS, rows_of};
use crate::domain::Term;
use crate::http::page::texts::{self, Lang, Text};
use crate::spatial::Snapshot;
use crate::wire::records::BadMember;

/// What the form is made of.
pub(in super::super) struct RowsForm<'a> {
    pub(in super::super) lang: Lang,
    pub(in super::super) snapshot: &'a Snapshot,
    /// Where it is sent.
    pub(in super::super) action: String,
    /// Where "cancel" leads.
    pub(in super::super) back: String,
    pub(in super::super) fields: &'a Fields,
    /// The document that is changed.
    pub(in super::super) stored: Option<&'a Value>,
    pub(in super::super) bad: &'a [BadMember],
    pub(in super::super) problem: Option<Text>,
    pub(in super::super) hidden: Vec<(&'static str, String)>,
}

/// Codes with labels.
type Options = Vec<(String, String)>;

impl RowsForm<'_> {
    pub(in super::super) fn render(&self) -> Markup {
        let lang = self.lang;
        let of_list = |list: &str| self.stored.and_then(|d| d[list].as_array()).map_or(0, Vec::len);
        let rows = |list: &str, prefix: &str, least: usize| rows_of(self.fields, self.stored, list, prefix).max(least);
        html! {
            (self.summary())
            form.record method="post" action=(self.action) novalidate {
                input type="hidden" name="rows" value="1";
                @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
                (self.text("head-sv", t::P_TITLE, true))
                (self.text("head-en", t::P_TITLE_EN, false))
                (self.input("head-signed", t::P_SIGNED, "date", true))
                (self.input("head-first", t::P_FIRST, "date", true))
                (self.input("head-last", t::P_LAST, "date", true))
                (self.text("head-source", t::P_SOURCE, false))
                h2 { (t::P_PARTIES.of(lang)) }
                @for at in 0..rows("parties", "party", EMPTY_ROWS) { (self.party(at, at < of_list("parties"))) }
                h2 { (t::P_PROMISES.of(lang)) }
                @for at in 0..rows("promises", "promise", EMPTY_ROWS) { (self.promise(at, at < of_list("promises"))) }
                h2 { (t::P_COMMITMENTS.of(lang)) }
                p { (t::P_COMMITMENTS_LEAD.of(lang)) }
                @for at in 0..rows("commitments", "commitment", of_list("commitments") + EMPTY_ROWS) {
                    (self.commitment(at, at < of_list("commitments")))
                }
                p.field {
                    button type="submit" { (t::P_SAVE.of(lang)) }
                    " " a href=(self.back) { (t::CANCEL.of(lang)) }
                }
            }
        }
    }

    fn summary(&self) -> Markup {
        let lang = self.lang;
        if self.bad.is_empty() && self.problem.is_none() {
            return html! {};
        }
        html! {
            div.caution.errors role="alert" tabindex="-1" id="errors" autofocus {
                h2 { (t::ERRORS.of(lang)) }
                @if let Some(problem) = self.problem { p { (problem.of(lang)) } }
                @if !self.bad.is_empty() {
                    p { (t::ERRORS_LEAD.of(lang)) }
                    ul {
                        @for bad in self.bad {
                            @let name = bad.pointer.rsplit('/').next().unwrap_or_default();
                            li { a href={ "#f-" (name) } { (self.row_name(name)) (self.told(bad)) } }
                        }
                    }
                }
            }
        }
    }

    /// `Utlovad aktivitet 5 – `, for a problem of a row.
    fn row_name(&self, name: &str) -> String {
        let mut parts = name.split('-');
        let row = match parts.next() {
            Some("party") => t::P_PARTY,
            Some("promise") => t::P_PROMISE,
            Some("commitment") => t::P_COMMITMENT,
            _ => return String::new(),
        };
        let number = parts.next().and_then(|at| at.parse::<usize>().ok()).map_or(0, |at| at + 1);
        format!("{} {number} – ", row.of(self.lang))
    }

    fn told(&self, bad: &BadMember) -> String {
        if bad.reason == "is used by a commitment" {
            return t::P_E_USED.with(self.lang, &[("title", &bad.accepted)]);
        }
        t::of_problem(&bad.pointer, &bad.reason, &bad.accepted, self.lang)
    }

    /// Problems of exactly this field or row.
    fn errors(&self, name: &str) -> Markup {
        let errors: Vec<String> = self
            .bad
            .iter()
            .filter(|bad| bad.pointer == format!("/properties/{name}"))
            .map(|bad| self.told(bad))
            .collect();
        html! {
            @if !errors.is_empty() {
                strong.error id={ "f-" (name) "-error" } { @for error in &errors { span { (error) " " } } }
            }
        }
    }

    fn is_wrong(&self, name: &str) -> bool {
        self.bad.iter().any(|bad| bad.pointer == format!("/properties/{name}"))
    }

    fn value(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn text(&self, name: &str, label: Text, required: bool) -> Markup {
        self.input(name, label, "text", required)
    }

    fn quote(&self, name: &str) -> Markup {
        html! {
            p.field {
                label for={ "f-" (name) } { (t::P_QUOTE.of(self.lang)) " " small { (t::OPTIONAL.of(self.lang)) } }
                textarea id={ "f-" (name) } name=(name) rows="2" autocomplete="off" { (self.value(name)) }
            }
        }
    }

    fn input(&self, name: &str, label: Text, kind: &str, required: bool) -> Markup {
        let wrong = self.is_wrong(name);
        html! {
            p.field.wrong[wrong] {
                label for={ "f-" (name) } {
                    (label.of(self.lang)) @if !required { " " small { (t::OPTIONAL.of(self.lang)) } }
                }
                (self.errors(name))
                input id={ "f-" (name) } name=(name) type=(kind) value=(self.value(name)) autocomplete="off"
                    aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then(|| format!("f-{name}-error"))];
            }
        }
    }

    /// One of the options, or several.
    fn choice(&self, name: &str, label: Text, none: Text, options: Options, several: bool) -> Markup {
        let chosen: Vec<&str> = self.value(name).lines().collect();
        let wrong = self.is_wrong(name);
        let lost: Vec<&str> =
            chosen.iter().copied().filter(|value| options.iter().all(|(code, _)| code != value)).collect();
        html! {
            p.field.wrong[wrong] {
                label for={ "f-" (name) } { (label.of(self.lang)) }
                (self.errors(name))
                select id={ "f-" (name) } name=(name) multiple[several] size=[several.then_some("4")]
                    aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then(|| format!("f-{name}-error"))] {
                    @if !several { option value="" selected[chosen.is_empty()] { (none.of(self.lang)) } }
                    @for (code, label) in &options {
                        option value=(code) selected[chosen.contains(&code.as_str())] { (label) }
                    }
                    @for value in lost { option value=(value) selected { (value) } }
                }
                @if several { small { (t::P_SEVERAL.of(self.lang)) } }
            }
        }
    }

    fn row(&self, prefix: &str, name: Text, at: usize, is_stored: bool, fields: &Markup) -> Markup {
        let lang = self.lang;
        let title = self.value(&format!("{prefix}-sv"));
        let remove = format!("{prefix}-remove");
        html! {
            fieldset id={ "f-" (prefix) } tabindex="-1" {
                legend { (name.of(lang)) " " (at + 1) @if !title.is_empty() { ": " (title) } }
                (self.errors(prefix))
                (fields)
                @if is_stored {
                    (self.errors(&remove))
                    p.field {
                        label.choice for={ "f-" (remove) } {
                            input id={ "f-" (remove) } type="checkbox" name=(remove) value="1"
                                checked[!self.value(&remove).is_empty()];
                            " " (t::P_REMOVE.of(lang))
                        }
                    }
                }
            }
        }
    }

    fn party(&self, at: usize, is_stored: bool) -> Markup {
        let prefix = format!("party-{at}");
        let fields = html! {
            (self.choice(&format!("{prefix}-role"), t::P_ROLE, t::CHOOSE, self.terms(&self.snapshot.vocabulary().roles), false))
            (self.text(&format!("{prefix}-organisation"), t::P_ORGANISATION, true))
            (self.text(&format!("{prefix}-signed_as"), t::P_SIGNED_AS, false))
        };
        self.row(&prefix, t::P_PARTY, at, is_stored, &fields)
    }

    fn promise(&self, at: usize, is_stored: bool) -> Markup {
        let prefix = format!("promise-{at}");
        let fields = html! {
            (self.titles(&prefix))
            (self.choice(&format!("{prefix}-areas"), t::P_AREAS, t::NOT_SAID, self.areas(""), true))
        };
        self.row(&prefix, t::P_PROMISE, at, is_stored, &fields)
    }

    fn titles(&self, prefix: &str) -> Markup {
        html! {
            (self.text(&format!("{prefix}-sv"), t::P_TITLE, true))
            (self.text(&format!("{prefix}-en"), t::P_TITLE_EN, false))
            (self.quote(&format!("{prefix}-quote")))
        }
    }

    fn commitment(&self, at: usize, is_stored: bool) -> Markup {
        let (lang, prefix) = (self.lang, format!("commitment-{at}"));
        let stored = self.stored.map_or(&Value::Null, |document| &document["commitments"][at]["pledge"]);
        let name = |field: &str| format!("{prefix}-{field}");
        let words = |list: &[(&str, Text)]| -> Options {
            list.iter().map(|(code, text)| ((*code).to_string(), text.of(lang).to_string())).collect()
        };
        let what = words(&[("count", t::P_COUNT), ("more", t::P_MORE), ("safety", t::P_SAFETY)]);
        let per = words(&[
            ("calendar_year", t::P_CALENDAR_YEAR),
            ("twelve_months", t::P_TWELVE_MONTHS),
            ("whole_period", t::P_WHOLE_PERIOD),
        ]);
        let mut places = words(&[("municipality", t::P_MUNICIPALITY), ("none", t::P_NO_PLACE)]);
        places.extend(self.areas("area:"));
        let vocabulary = self.snapshot.vocabulary();
        let fields = html! {
            (self.titles(&prefix))
            @if pledge::is_plain(stored) {
                (self.choice(&name("what"), t::P_WHAT, t::CHOOSE, what, false))
                (self.choice(&name("kind"), t::P_KIND, t::P_KIND_NONE, self.terms(&vocabulary.kinds), false))
                div.dates {
                    (self.text(&name("n"), t::P_AT_LEAST, false))
                    (self.choice(&name("per"), t::P_PER, t::P_CALENDAR_YEAR_USUAL, per, false))
                }
                (self.choice(&name("roles"), t::P_ROLES, t::NOT_SAID, self.terms(&vocabulary.roles), true))
                (self.choice(&name("place"), t::P_PLACE, t::CHOOSE, places, false))
            } @else {
                p { (t::P_UNUSUAL.of(lang)) }
            }
        };
        self.row(&prefix, t::P_COMMITMENT, at, is_stored, &fields)
    }

    fn terms(&self, terms: &[Term]) -> Options {
        terms.iter().map(|term| (term.code.clone(), texts::term(term, self.lang).to_string())).collect()
    }

    fn areas(&self, before: &str) -> Options {
        let areas = self.snapshot.areas().areas().iter();
        areas.map(|area| (format!("{before}{}", area.id), texts::bare_area(area, self.lang).to_string())).collect()
    }
}
