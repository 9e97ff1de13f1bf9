//! A form for a record of any collection, made from its table of members.

use maud::{Markup, html};

use super::filled::{Fields, GeometryField, fielded};
use super::offered::Offered;
use super::place_map;
use super::texts as t;
use crate::domain::{Collection, Term};
use crate::http::page::texts::{self, Lang, Text};
use crate::spatial::Snapshot;
use crate::wire::records::{BadMember, Kind, Member};

/// What a form is made of.
pub(super) struct Form<'a> {
    pub(super) collection: Collection,
    pub(super) lang: Lang,
    pub(super) snapshot: &'a Snapshot,
    /// Where it is sent.
    pub(super) action: String,
    /// Where "cancel" leads.
    pub(super) back: String,
    pub(super) fields: &'a Fields,
    /// Values to choose from where they are known.
    pub(super) offered: &'a Offered,
    pub(super) geometry: GeometryField,
    /// Problems of what was sent.
    pub(super) bad: &'a [BadMember],
    /// A problem of the whole.
    pub(super) problem: Option<Text>,
    /// Hidden fields.
    pub(super) hidden: Vec<(&'static str, String)>,
    /// Whether there is free text that is not shown.
    pub(super) keeps_text: bool,
}

impl Form<'_> {
    pub(super) fn render(&self) -> Markup {
        let lang = self.lang;
        let rare = |member: &&&Member| !member.first;
        let members: Vec<&Member> = fielded(self.collection).collect();
        let opened = members.iter().filter(rare).any(|member| !self.errors_of(member.name).is_empty())
            || !self.errors_of("lon").is_empty();
        let save = if self.hidden.iter().any(|(name, _)| *name == "tag") { t::SAVE_CHANGES } else { t::SAVE };
        html! {
            (self.summary())
            form.record method="post" action=(self.action) novalidate {
                @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
                @for member in members.iter().filter(|member| member.first) { (self.field(member)) }
                @if self.geometry == GeometryField::Text { (self.geometry_text()) }
                @let rest: Vec<&&Member> = members.iter().filter(rare).collect();
                @if !rest.is_empty() || self.geometry == GeometryField::Point {
                    details open[opened] {
                        summary { (t::MORE.of(lang)) }
                        @if self.geometry == GeometryField::Point { (self.position()) }
                        @for member in rest { (self.field(member)) }
                    }
                }
                p.field {
                    button type="submit" { (save.of(lang)) }
                    " " a href=(self.back) { (t::CANCEL.of(lang)) }
                }
            }
        }
    }

    /// Every problem, each with a link to its field.
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
                            @let name = field_of(bad, self.geometry);
                            @let label = self.label_of(name);
                            li { a href={ "#f-" (name) } { @if !label.is_empty() { (label) " – " } (told(bad, lang)) } }
                        }
                    }
                }
            }
        }
    }

    fn label_of(&self, name: &str) -> &'static str {
        match name {
            "lon" => t::POSITION.of(self.lang),
            "geometry" => t::GEOMETRY.of(self.lang),
            _ => fielded(self.collection).find(|m| m.name == name).map_or("", |m| self.lang.pick(m.sv, m.en)),
        }
    }

    fn errors_of(&self, name: &str) -> Vec<String> {
        let of_field = self.bad.iter().filter(|bad| field_of(bad, self.geometry) == name);
        of_field.map(|bad| told(bad, self.lang)).collect()
    }

    fn value(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    fn field(&self, member: &Member) -> Markup {
        let lang = self.lang;
        let (name, label) = (member.name, lang.pick(member.sv, member.en));
        let errors = self.errors_of(name);
        if let (Kind::Word(choices), "feeling") = (member.kind, name) {
            return html! {
                fieldset id={ "f-" (name) } tabindex="-1" aria-describedby=[described(name, None, &errors)] {
                    legend { (label) " " small { (t::OPTIONAL.of(lang)) } }
                    (error_list(name, &errors))
                    @for choice in choices {
                        label.choice {
                            input type="radio" name=(name) value=(choice.code) checked[self.value(name) == choice.code];
                            " " (lang.pick(choice.sv, choice.en))
                        }
                    }
                    label.choice {
                        input type="radio" name=(name) value="" checked[self.value(name).is_empty()];
                        " " (t::NOT_SAID.of(lang))
                    }
                }
            };
        }
        let hint = self.hint(member);
        if member.kind == Kind::Time {
            return self.moment(member, hint.as_deref(), &errors);
        }
        html! {
            p.field.wrong[!errors.is_empty()] {
                label for={ "f-" (name) } {
                    (label)
                    @if !member.required { " " small { (t::OPTIONAL.of(lang)) } }
                }
                (error_list(name, &errors))
                (self.input(member, described(name, hint.as_deref(), &errors), !errors.is_empty()))
                @if let Some(hint) = &hint { small id={ "f-" (name) "-hint" } { (hint) } }
            }
        }
    }

    /// A date with a time of day beside it: a time that is not known is left empty.
    fn moment(&self, member: &Member, hint: Option<&str>, errors: &[String]) -> Markup {
        let lang = self.lang;
        let (name, label) = (member.name, lang.pick(member.sv, member.en));
        let (date, time) = self.value(name).split_once(['T', ' ']).unwrap_or((self.value(name), ""));
        let describedby = described(name, hint, errors);
        let invalid = (!errors.is_empty()).then_some("true");
        html! {
            fieldset.wrong[!errors.is_empty()] {
                legend { (label) @if !member.required { " " small { (t::OPTIONAL.of(lang)) } } }
                (error_list(name, errors))
                div.dates {
                    p.field {
                        label for={ "f-" (name) } { (t::DATE.of(lang)) }
                        input id={ "f-" (name) } name=(name) type="date" value=(date) required[member.required]
                            aria-describedby=[describedby.as_deref()] aria-invalid=[invalid];
                    }
                    p.field {
                        label for={ "f-" (name) "_time" } { (t::TIME.of(lang)) }
                        input id={ "f-" (name) "_time" } name={ (name) "_time" } type="time" value=(time)
                            aria-describedby=[describedby.as_deref()] aria-invalid=[invalid];
                    }
                    @if let Some(hint) = hint { small id={ "f-" (name) "-hint" } { (hint) } }
                }
            }
        }
    }

    fn hint(&self, member: &Member) -> Option<String> {
        let lang = self.lang;
        let text = match (member.kind, member.name) {
            (_, "text" | "place_text" | "result") if member.free => {
                let kept = if self.keeps_text { format!("{} ", t::HINT_KEPT_TEXT.of(lang)) } else { String::new() };
                return Some(format!("{kept}{}", t::PRIVACY.of(lang)));
            }
            (Kind::Text, _) if [Collection::Actions, Collection::Priorities].contains(&self.collection) => t::PRIVACY,
            (Kind::Brief(most), _) => {
                let most = t::HINT_BRIEF.with(lang, &[("n", &most.to_string())]);
                return Some(format!("{most} {}", t::PRIVACY.of(lang)));
            }
            (Kind::Time, "start") => t::HINT_TIME,
            (Kind::Time, _) => t::HINT_END,
            (Kind::Place, _) => t::HINT_PLACE,
            (Kind::Area, _) if self.geometry == GeometryField::Point => t::HINT_AREA,
            (Kind::Names, _) => t::HINT_NAMES,
            (Kind::Week, _) => t::HINT_WEEK,
            (Kind::Actors, _) => {
                let roles: Vec<&str> = self.snapshot.vocabulary().roles.iter().map(|r| r.code.as_str()).collect();
                return Some(t::HINT_ACTORS.with(lang, &[("roles", &roles.join(", "))]));
            }
            _ => return None,
        };
        Some(text.of(lang).to_string())
    }

    fn input(&self, member: &Member, describedby: Option<String>, is_wrong: bool) -> Markup {
        let name = member.name;
        let id = format!("f-{name}");
        let value = self.value(name);
        let invalid = is_wrong.then_some("true");
        let plain = |kind: &str, mode: Option<&str>| {
            html! {
                input id=(id) name=(name) type=(kind) value=(value) inputmode=[mode] required[member.required]
                    autocomplete="off" aria-describedby=[describedby.as_deref()] aria-invalid=[invalid];
            }
        };
        let area_of_text = |rows: u8| {
            html! {
                textarea id=(id) name=(name) rows=(rows) required[member.required] autocomplete="off"
                    aria-describedby=[describedby.as_deref()] aria-invalid=[invalid] { (value) }
            }
        };
        match member.kind {
            Kind::Text | Kind::Brief(_) => area_of_text(4),
            Kind::Document => area_of_text(12),
            Kind::Actors | Kind::Names => area_of_text(3),
            Kind::Date => plain("date", None),
            Kind::Whole(..) => plain("text", Some("numeric")),
            Kind::Number(..) => plain("text", Some("decimal")),
            Kind::Place => html! {
                input id=(id) name=(name) value=(value) list="places" autocomplete="off"
                    aria-describedby=[describedby.as_deref()] aria-invalid=[invalid];
                datalist id="places" { @for place in self.snapshot.places() { option value=(place.name) {} } }
            },
            Kind::Reference if self.offered.contains_key(name) => html! {
                select id=(id) name=(name) required[member.required] aria-describedby=[describedby.as_deref()]
                    aria-invalid=[invalid] {
                    option value="" selected[value.is_empty()] { (t::CHOOSE.of(self.lang)) }
                    (self.groups(name, value))
                }
            },
            Kind::Category | Kind::ActivityKind | Kind::Area | Kind::Word(_) | Kind::Flag => html! {
                select id=(id) name=(name) required[member.required] aria-describedby=[describedby.as_deref()]
                    aria-invalid=[invalid] {
                    option value="" selected[value.is_empty()] {
                        (if member.required { t::CHOOSE.of(self.lang) } else { t::NOT_SAID.of(self.lang) })
                    }
                    @for (code, label) in self.options(member.kind, value) {
                        option value=(code) selected[code == value] { (label) }
                    }
                }
            },
            _ => plain("text", None),
        }
    }

    /// What is offered, under its headings; a value that is none of it stays one.
    fn groups(&self, name: &str, value: &str) -> Markup {
        let groups = self.offered.get(name).map(Vec::as_slice).unwrap_or_default();
        let options = |options: &[(String, String)]| {
            html! { @for (code, label) in options { option value=(code) selected[code == value] { (label) } } }
        };
        let is_there = groups.iter().flat_map(|group| &group.options).any(|(code, _)| code == value);
        html! {
            @for group in groups {
                @if group.heading.is_empty() { (options(&group.options)) }
                @else { optgroup label=(group.heading) { (options(&group.options)) } }
            }
            @if !value.is_empty() && !is_there { option value=(value) selected { (value) } }
        }
    }

    /// Codes with labels; a value that is none of them stays one, so that it is not lost.
    fn options(&self, kind: Kind, value: &str) -> Vec<(String, String)> {
        let lang = self.lang;
        let terms = |terms: &[Term]| {
            terms.iter().map(|term| (term.code.clone(), texts::term(term, lang).to_string())).collect()
        };
        let mut options: Vec<(String, String)> = match kind {
            Kind::Category => terms(&self.snapshot.vocabulary().categories),
            Kind::ActivityKind => terms(&self.snapshot.vocabulary().kinds),
            Kind::Area => {
                let areas = self.snapshot.areas().areas().iter();
                areas.map(|area| (area.id.to_string(), texts::bare_area(area, lang).to_string())).collect()
            }
            Kind::Flag => [("true", t::YES), ("false", t::NO)]
                .map(|(code, text)| (code.to_string(), text.of(lang).to_string()))
                .into(),
            Kind::Word(choices) => {
                choices.iter().map(|c| (c.code.to_string(), lang.pick(c.sv, c.en).to_string())).collect()
            }
            _ => Vec::new(),
        };
        if !value.is_empty() && options.iter().all(|(code, _)| code != value) {
            options.push((value.to_string(), value.to_string()));
        }
        options
    }

    fn position(&self) -> Markup {
        let lang = self.lang;
        let errors = self.errors_of("lon");
        html! {
            fieldset.wrong[!errors.is_empty()] {
                legend { (t::POSITION.of(lang)) " " small { (t::OPTIONAL.of(lang)) } }
                (error_list("lon", &errors))
                div.dates {
                    @for (name, label) in [("lon", t::LON), ("lat", t::LAT)] {
                        p.field {
                            label for={ "f-" (name) } { (label.of(lang)) }
                            input id={ "f-" (name) } name=(name) value=(self.value(name)) inputmode="decimal"
                                autocomplete="off" aria-describedby=[described("position", Some(""), &[])]
                                aria-invalid=[(!errors.is_empty()).then_some("true")];
                        }
                    }
                    small id="f-position-hint" { (t::HINT_POSITION.of(lang)) }
                }
                (place_map::markup(self.snapshot, lang))
            }
        }
    }

    fn geometry_text(&self) -> Markup {
        let lang = self.lang;
        let errors = self.errors_of("geometry");
        html! {
            p.field.wrong[!errors.is_empty()] {
                label for="f-geometry" { (t::GEOMETRY.of(lang)) }
                (error_list("geometry", &errors))
                textarea id="f-geometry" name="geometry" rows="6" autocomplete="off" spellcheck="false"
                    aria-describedby=[described("geometry", Some(""), &errors)] { (self.value("geometry")) }
                small id="f-geometry-hint" { (t::HINT_GEOMETRY.of(lang)) }
            }
        }
    }
}

fn told(bad: &BadMember, lang: Lang) -> String {
    t::of_problem(&bad.pointer, &bad.reason, &bad.accepted, lang)
}

/// The field a problem belongs to.
fn field_of(bad: &BadMember, geometry: GeometryField) -> &str {
    match bad.pointer.strip_prefix("/properties/") {
        Some(rest) => rest.split('/').next().unwrap_or_default(),
        None if bad.pointer.starts_with("/geometry") && geometry == GeometryField::Point => "lon",
        None => bad.pointer.trim_start_matches('/').split('/').next().unwrap_or_default(),
    }
}

fn described(name: &str, hint: Option<&str>, errors: &[String]) -> Option<String> {
    let hint = hint.map(|_| format!("f-{name}-hint"));
    let error = (!errors.is_empty()).then(|| format!("f-{name}-error"));
    let both: Vec<String> = error.into_iter().chain(hint).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn error_list(name: &str, errors: &[String]) -> Markup {
    html! {
        @if !errors.is_empty() {
            strong.error id={ "f-" (name) "-error" } {
                @for error in errors { span { (error) " " } }
            }
        }
    }
}
