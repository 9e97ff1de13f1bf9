//! A short form of its own fields, for pages that make several records with one button.
//!
//! It carries an Idempotency-Key and the token of its caller like the forms of records, shows every problem at its
//! field and in a summary, and keeps what was written.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::records::filled::Fields;
use super::records::texts::of_problem;
use super::records::{respond, shell};
use crate::domain::Term;
use crate::http::State;
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::records::{new_id, who};
use crate::http::route::{Answer, Call};
use crate::spatial::Snapshot;
use crate::text::lang::{Lang, Text, texts};
use crate::wire::records::BadMember;

texts! {
    OPTIONAL: "(frivilligt)", "(optional)";
    NOT_SAID: "Inte angivet", "Not said";
    CHOOSE: "Välj ...", "Choose ...";
    CANCEL: "Avbryt", "Cancel";
    ERRORS: "Det gick inte att spara", "It could not be saved";
    ERRORS_LEAD: "Rätta det här och försök igen. Det du skrev finns kvar.",
        "Mend this and try again. What you wrote is still there.";
}

/// How a field is filled in.
pub(super) enum Input {
    /// A line, with suggestions when there are any.
    Line(Vec<String>),
    /// Several lines.
    Text,
    /// A day.
    Day,
    /// One of these: code and label.
    Choice(Vec<(String, String)>),
    /// One of these or nothing, all seen at once: code and label.
    Radio(Vec<(String, String)>),
}

/// A field of a form.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: Text,
    pub(super) hint: Option<Text>,
    pub(super) required: bool,
    pub(super) input: Input,
}

/// A form in parts, each with its heading.
pub(super) struct SmallForm<'a> {
    pub(super) lang: Lang,
    /// Path of the page and of where it is sent.
    pub(super) path: &'a str,
    /// Path of "cancel".
    pub(super) back: &'a str,
    pub(super) heading: String,
    /// What stands under the heading.
    pub(super) lead: Markup,
    pub(super) parts: Vec<(Text, Vec<Field>)>,
    pub(super) button: Text,
    pub(super) fields: &'a Fields,
    /// Problems: the name of the field and what is wrong with it.
    pub(super) wrong: Vec<(String, String)>,
    pub(super) problem: Option<Text>,
}

/// The codes and labels of a table of terms.
pub(super) fn terms(terms: &[Term], lang: Lang) -> Vec<(String, String)> {
    terms.iter().map(|term| (term.code.clone(), lang.pick(&term.sv, &term.en).clone())).collect()
}

/// The ids and names of the areas.
pub(super) fn areas(snapshot: &Snapshot, lang: Lang) -> Vec<(String, String)> {
    let areas = snapshot.areas().areas().iter();
    areas.map(|area| (area.id.to_string(), lang.pick(&area.names.sv, &area.names.en).clone())).collect()
}

/// The texts of the fields that were sent; others are not read.
pub(super) fn sent(pairs: &Pairs, names: &[&str]) -> Fields {
    let known = |name: &str| names.contains(&name) || ["key", "csrf"].contains(&name);
    let sent = pairs.iter().filter(|(name, value)| known(name) && !value.trim().is_empty());
    sent.map(|(name, value)| (name.to_string(), value.trim().replace("\r\n", "\n"))).collect()
}

/// Problems of a record as problems of fields: `field_of` names the field of a member.
pub(super) fn told(bad: &[BadMember], lang: Lang, field_of: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let one = |bad: &BadMember| {
        let member = bad.pointer.rsplit("/properties/").next().unwrap_or_default();
        let member = member.trim_start_matches('/').split('/').next().unwrap_or_default();
        (field_of(member), of_problem(&bad.pointer, &bad.reason, &bad.accepted, lang))
    };
    bad.iter().map(one).collect()
}

impl SmallForm<'_> {
    /// The page with the form. 422 when something is wrong with what was sent.
    pub(super) fn page(&self, call: &Call<State>) -> Answer {
        let lang = self.lang;
        let is_refused = !self.wrong.is_empty() || self.problem.is_some();
        let key = match self.fields.get("key") {
            Some(key) => key.clone(),
            None => new_id()?.to_string(),
        };
        let in_lang = |path: &str, lang: Lang| crate::wire::followup::say::href(path, lang);
        let main = html! {
            h1 { (self.heading) }
            (self.lead)
            (self.summary())
            form.record method="post" action=(in_lang(self.path, lang)) novalidate {
                input type="hidden" name="key" value=(key);
                @if let Some(token) = who::csrf_token(call) { input type="hidden" name="csrf" value=(token); }
                @for (heading, fields) in &self.parts {
                    h2 { (heading.of(lang)) }
                    @for field in fields { (self.field(field)) }
                }
                p.field {
                    button type="submit" { (self.button.of(lang)) }
                    " " a href=(in_lang(self.back, lang)) { (CANCEL.of(lang)) }
                }
            }
        };
        let title = if is_refused { format!("{}: {}", ERRORS.of(lang), self.heading) } else { self.heading.clone() };
        let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        respond(status, lang, &shell(lang, &title, |lang| in_lang(self.path, lang), &main))
    }

    fn summary(&self) -> Markup {
        let lang = self.lang;
        if self.wrong.is_empty() && self.problem.is_none() {
            return html! {};
        }
        html! {
            div.caution.errors role="alert" tabindex="-1" id="errors" autofocus {
                h2 { (ERRORS.of(lang)) }
                @if let Some(problem) = self.problem { p { (problem.of(lang)) } }
                @if !self.wrong.is_empty() {
                    p { (ERRORS_LEAD.of(lang)) }
                    ul {
                        @for (name, what) in &self.wrong {
                            li { a href={ "#f-" (name) } { (self.label_of(name)) " – " (what) } }
                        }
                    }
                }
            }
        }
    }

    fn label_of(&self, name: &str) -> &'static str {
        let mut fields = self.parts.iter().flat_map(|(_, fields)| fields);
        fields.find(|field| field.name == name).map_or("", |field| field.label.of(self.lang))
    }

    fn value(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn field(&self, field: &Field) -> Markup {
        let (lang, name) = (self.lang, field.name);
        let wrong: Vec<&str> = self.wrong.iter().filter(|(n, _)| n == name).map(|(_, what)| what.as_str()).collect();
        let errors = html! {
            @if !wrong.is_empty() { strong.error id={ "f-" (name) "-error" } { (wrong.join(" ")) } }
        };
        let optional = html! { @if !field.required { " " small { (OPTIONAL.of(lang)) } } };
        if let Input::Radio(choices) = &field.input {
            return html! {
                fieldset.wrong[!wrong.is_empty()] id={ "f-" (name) } tabindex="-1" {
                    legend { (field.label.of(lang)) (optional) }
                    (errors)
                    @for (code, label) in choices {
                        label.choice {
                            input type="radio" name=(name) value=(code) checked[self.value(name) == code]; " " (label)
                        }
                    }
                    label.choice {
                        input type="radio" name=(name) value="" checked[self.value(name).is_empty()]; " " (NOT_SAID.of(lang))
                    }
                }
            };
        }
        html! {
            p.field.wrong[!wrong.is_empty()] {
                label for={ "f-" (name) } { (field.label.of(lang)) (optional) }
                (errors)
                (self.input(field, !wrong.is_empty()))
                @if let Some(hint) = field.hint { small id={ "f-" (name) "-hint" } { (hint.of(lang)) } }
            }
        }
    }

    fn input(&self, field: &Field, is_wrong: bool) -> Markup {
        let (name, value) = (field.name, self.value(field.name));
        let id = format!("f-{name}");
        let invalid = is_wrong.then_some("true");
        let described: Vec<String> = [(is_wrong, "error"), (field.hint.is_some(), "hint")]
            .into_iter()
            .filter(|(is, _)| *is)
            .map(|(_, part)| format!("f-{name}-{part}"))
            .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        match &field.input {
            Input::Line(suggestions) => html! {
                input id=(id) name=(name) value=(value) autocomplete="off" required[field.required]
                    list=[(!suggestions.is_empty()).then(|| format!("{name}-list"))]
                    aria-describedby=[described] aria-invalid=[invalid];
                @if !suggestions.is_empty() {
                    datalist id={ (name) "-list" } { @for text in suggestions { option value=(text) {} } }
                }
            },
            Input::Text => html! {
                textarea id=(id) name=(name) rows="3" autocomplete="off" required[field.required]
                    aria-describedby=[described] aria-invalid=[invalid] { (value) }
            },
            Input::Day => html! {
                input id=(id) name=(name) type="date" value=(value) required[field.required]
                    aria-describedby=[described] aria-invalid=[invalid];
            },
            Input::Choice(choices) => html! {
                select id=(id) name=(name) required[field.required] aria-describedby=[described] aria-invalid=[invalid] {
                    option value="" selected[value.is_empty()] {
                        (if field.required { CHOOSE } else { NOT_SAID }.of(self.lang))
                    }
                    @for (code, label) in choices { option value=(code) selected[code == value] { (label) } }
                }
            },
            Input::Radio(_) => html! {},
        }
    }
}

/// The one value of a field, for a Feature; null when it is empty.
pub(super) fn value(fields: &Fields, name: &str) -> serde_json::Value {
    fields.get(name).map_or(serde_json::Value::Null, |text| text.as_str().into())
}

/// An address of a page that does not exist.
pub(super) fn no_such(what: &str, id: &str) -> Problem {
    Problem::NotFound(format!("{what} '{id}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }
}
