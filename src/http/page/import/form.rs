//! The form of a preview: what each column is, which places are meant, and the buttons.

use std::sync::Arc;

use axum::http::header::CONTENT_TYPE;
use maud::{Markup, html};

use super::preview;
use super::staged;
use super::texts as t;
use crate::domain::{Id, Plane};
use crate::geodata::{Ambiguous, Field, PreviewColumn, Register, masked};
use crate::http::State;
use crate::http::imports::{Choices, ColumnChoice, PlaceChoice, Sent, check, import};
use crate::http::page::login::{in_lang, lang_of, see_other};
use crate::http::page::texts::{Lang, Text};
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call};
use crate::http::uploads::{StageState, Staged};
use crate::spatial::Snapshot;

/// Place names that are asked for at once; the most frequent ones.
const PLACES: usize = 40;
/// Fields of a form: a choice for each of 512 columns, and places.
const MOST_FIELDS: usize = 1_000;

/// A column as the form shows it.
pub(super) struct Column {
    heading: String,
    samples: Vec<String>,
    pub(super) choice: ColumnChoice,
}

pub(super) fn columns_of(columns: &[PreviewColumn]) -> Vec<Column> {
    let of = |column: &PreviewColumn| Column {
        heading: masked(&column.heading),
        samples: column.samples.clone(),
        choice: match (column.fields.first(), column.is_kept) {
            (Some(field), _) => ColumnChoice::Field(*field),
            (None, true) => ColumnChoice::Keep,
            (None, false) => ColumnChoice::Drop,
        },
    };
    columns.iter().map(of).collect()
}

/// Columns of a file that cannot be read as it is chosen now.
pub(super) fn unguessed(headings: &[String], choices: &Choices) -> Vec<Column> {
    let of = |(at, heading): (usize, &String)| Column {
        heading: masked(heading),
        samples: Vec::new(),
        choice: preview::chosen(choices, at),
    };
    headings.iter().enumerate().map(of).collect()
}

/// What the form is made of.
pub(super) struct Choosing<'a> {
    pub(super) lang: Lang,
    pub(super) action: String,
    pub(super) token: Markup,
    pub(super) version: u64,
    pub(super) choices: Choices,
    pub(super) snapshot: &'a Snapshot,
    pub(super) columns: Vec<Column>,
    pub(super) unmatched: &'a [(String, u64)],
    /// Rows with what looks personal.
    pub(super) personal: u64,
    /// Rows that can be imported; none when nothing can.
    pub(super) importable: Option<u64>,
    pub(super) format: &'a str,
}

const FORM: &str = "choices";

impl Choosing<'_> {
    fn import_button(&self) -> Markup {
        let lang = self.lang;
        html! {
            @if let Some(n) = self.importable {
                button type="submit" name="do" value="import" form=(FORM) {
                    @if n == 1 { (t::IMPORT_ONE.of(lang)) } @else { (t::IMPORT.with(lang, &[("n", &n.to_string())])) }
                }
            }
        }
    }

    /// The buttons above everything, for files that need no choices.
    pub(super) fn at_once(&self) -> Markup {
        html! {
            p {
                (self.import_button())
                button.second type="submit" name="do" value="cancel" form=(FORM) { (t::CANCEL.of(self.lang)) }
            }
        }
    }

    pub(super) fn render(&self) -> Markup {
        let lang = self.lang;
        let action = in_lang(&self.action, lang);
        html! {
            form id=(FORM) method="post" action=(action) {
                (self.token)
                input type="hidden" name="version" value=(self.version);
                h2 { (t::CHOICES.of(lang)) }
                // The first button is the one that Enter presses.
                button.hidden type="submit" name="do" value="preview" tabindex="-1" aria-hidden="true" { (t::AGAIN.of(lang)) }
                (self.places())
                (self.personal())
                (self.columns())
                (self.others())
                p.field {
                    button type="submit" name="do" value="preview" { (t::AGAIN.of(lang)) }
                }
                p.field {
                    (self.import_button())
                    button.second type="submit" name="do" value="cancel" { (t::CANCEL.of(lang)) }
                }
            }
        }
    }

    fn columns(&self) -> Markup {
        let lang = self.lang;
        let chosen: Vec<Field> = self.columns.iter().filter_map(|column| field_of(column.choice)).collect();
        let twice = chosen.iter().enumerate().find(|(i, field)| chosen[..*i].contains(field)).map(|(_, field)| *field);
        html! {
            @if !self.columns.is_empty() {
                fieldset aria-describedby="columns-hint" {
                    legend { (t::COLUMNS.of(lang)) }
                    small id="columns-hint" { (t::COLUMNS_HINT.of(lang)) }
                    @if let Some(field) = twice {
                        strong.error { (t::TWICE.with(lang, &[("field", t::field(field, lang))])) }
                    }
                    div.columns-of-file {
                        @for (at, column) in self.columns.iter().enumerate() {
                            p.field {
                                label for={ "col-" (at) } {
                                    @if column.heading.is_empty() { (t::NO_HEADING.of(lang)) } @else { (column.heading) }
                                }
                                select id={ "col-" (at) } name={ "col-" (at) }
                                    aria-describedby=[(!column.samples.is_empty()).then(|| format!("col-{at}-hint"))] {
                                    @for (code, label, choice) in self.options() {
                                        option value=(code) selected[choice == column.choice] { (label) }
                                    }
                                }
                                @if !column.samples.is_empty() {
                                    small id={ "col-" (at) "-hint" } {
                                        (t::EXAMPLE.with(lang, &[("list", &column.samples.join(", "))]))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn options(&self) -> impl Iterator<Item = (&'static str, &'static str, ColumnChoice)> {
        let lang = self.lang;
        let fields = Field::all().filter(|field| self.choices.has_field(*field));
        [("drop", t::DROP.of(lang), ColumnChoice::Drop), ("keep", t::KEEP.of(lang), ColumnChoice::Keep)]
            .into_iter()
            .chain(fields.map(move |field| (field.code(), t::field(field, lang), ColumnChoice::Field(field))))
    }

    fn places(&self) -> Markup {
        let lang = self.lang;
        let is_listed = |text: &str| self.choices.places.iter().any(|choice| choice.text == text);
        let open = self.unmatched.iter().filter(|(text, _)| !is_listed(text) && !text.contains("[...]"));
        let open: Vec<&(String, u64)> = open.take(PLACES).collect();
        if open.is_empty() && self.choices.places.is_empty() {
            return html! {};
        }
        let chosen = self.choices.places.iter().map(|choice| {
            let is_wrong = choice.place.is_none();
            (choice.text.as_str(), None, choice.written.as_str(), choice.remember, is_wrong)
        });
        let rows = chosen.chain(open.into_iter().map(|(text, n)| (text.as_str(), Some(*n), "", true, false)));
        html! {
            fieldset aria-describedby="places-hint" {
                legend { (t::PLACES.of(lang)) }
                small id="places-hint" { (t::PLACES_HINT.of(lang)) }
                datalist id="places" { @for place in self.snapshot.places() { option value=(place.name) {} } }
                div.columns-of-file {
                    @for (at, (text, n, written, remember, is_wrong)) in rows.enumerate() {
                        div.field.wrong[is_wrong] {
                            input type="hidden" name={ "place-text-" (at) } value=(text);
                            label for={ "place-" (at) } {
                                (masked(text))
                                @if let Some(n) = n { " " small { "(" @if n == 1 { (t::PLACE_ROW.of(lang)) } @else { (t::PLACE_ROWS.with(lang, &[("n", &n.to_string())])) } ")" } }
                            }
                            @if is_wrong { strong.error id={ "place-" (at) "-error" } { (t::PLACE_UNKNOWN.of(lang)) } }
                            input id={ "place-" (at) } name={ "place-" (at) } value=(written) list="places" autocomplete="off"
                                aria-invalid=[is_wrong.then_some("true")]
                                aria-describedby=[is_wrong.then(|| format!("place-{at}-error"))];
                            label.choice {
                                input type="checkbox" name={ "remember-" (at) } value="1" checked[remember];
                                " " (t::REMEMBER.of(lang)) span.hidden { ": " (masked(text)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn personal(&self) -> Markup {
        let lang = self.lang;
        html! {
            fieldset {
                legend { (t::PERSONAL.of(lang)) }
                small {
                    @if self.personal == 0 { (t::PERSONAL_NONE.of(lang)) }
                    @else { (t::PERSONAL_FOUND.with(lang, &[("n", &self.personal.to_string())])) }
                }
                @for (code, text, is_it) in [("refuse", t::REFUSE, false), ("redact", t::REDACT, true)] {
                    label.choice {
                        input type="radio" name="personal" value=(code) checked[self.choices.redact == is_it];
                        " " (text.of(lang))
                    }
                }
            }
        }
    }

    fn others(&self) -> Markup {
        let lang = self.lang;
        let choices = &self.choices;
        let text = |name: &str, label: Text, value: &str, hint: Option<Text>| {
            html! {
                p.field {
                    label for={ "f-" (name) } { (label.of(lang)) }
                    input id={ "f-" (name) } name=(name) value=(value) autocomplete="off"
                        aria-describedby=[hint.map(|_| format!("f-{name}-hint"))];
                    @if let Some(hint) = hint { small id={ "f-" (name) "-hint" } { (hint.of(lang)) } }
                }
            }
        };
        let select = |name: &str, label: Text, options: Vec<(&str, Text, bool)>| {
            html! {
                p.field {
                    label for={ "f-" (name) } { (label.of(lang)) }
                    select id={ "f-" (name) } name=(name) {
                        @for (code, label, is_it) in options { option value=(code) selected[is_it] { (label.of(lang)) } }
                    }
                }
            }
        };
        let crs = choices.crs.map(|epsg| epsg.to_string()).unwrap_or_default();
        let delimiters = DELIMITERS.map(|(code, label, byte)| (code, label, choices.delimiter == byte)).to_vec();
        let ways = AMBIGUOUS.map(|(way, label)| (way.code(), label, choices.ambiguous == way)).to_vec();
        let is = |format: &str| self.format == format || self.format.is_empty();
        html! {
            div.columns-of-file {
                (text("crs", t::CRS, &crs, Some(t::CRS_HINT)))
                @if is("Excel workbook") { (text("sheet", t::SHEET, choices.sheet.as_deref().unwrap_or_default(), None)) }
                @if is("GeoPackage") { (text("layer", t::LAYER, choices.layer.as_deref().unwrap_or_default(), None)) }
                @if is("CSV") { (select("delimiter", t::DELIMITER, delimiters)) }
                @if choices.into.counted().is_some() { (select("ambiguous", t::AMBIGUOUS, ways)) }
            }
        }
    }
}

const DELIMITERS: [(&str, Text, Option<u8>); 5] = [
    ("found", t::BY_ITSELF, None),
    ("semicolon", t::SEMICOLON, Some(b';')),
    ("comma", t::COMMA, Some(b',')),
    ("tab", t::TAB, Some(b'\t')),
    ("bar", t::BAR, Some(b'|')),
];

const AMBIGUOUS: [(Ambiguous, Text); 4] = [
    (Ambiguous::Interval, t::A_INTERVAL),
    (Ambiguous::Reject, t::A_REJECT),
    (Ambiguous::Earlier, t::A_EARLIER),
    (Ambiguous::Later, t::A_LATER),
];

fn field_of(choice: ColumnChoice) -> Option<Field> {
    match choice {
        ColumnChoice::Field(field) => Some(field),
        _ => None,
    }
}

/// `POST /import/{token}`
pub(super) async fn post(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let given = call.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !given.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(Problem::UnsupportedMediaType("application/x-www-form-urlencoded".to_string()));
    }
    let unreadable = || Problem::Malformed("the form cannot be read".to_string());
    let text = std::str::from_utf8(&call.body).map_err(|_| unreadable())?;
    let fields = Pairs::parse_at_most(text, MOST_FIELDS).map_err(|_| unreadable())?;
    let staged = staged(&call)?;
    let here = in_lang(&format!("/import/{}", staged.token), lang);
    let what = fields.one("do")?.unwrap_or("preview");
    // What is imported or being imported is not imported again: a second press sees what became of the first.
    let stage = staged.stage();
    if !matches!(stage.state, StageState::Waiting) {
        return see_other(&here);
    }
    if what == "cancel" {
        call.state.uploads.forget(&staged.token);
        return see_other(&in_lang("/import", lang));
    }
    let version: Option<u64> = fields.one("version")?.and_then(|version| version.parse().ok());
    let choices = read(&fields, &stage.choices, &call.state.store.snapshot())?;
    let is_as_seen = choices == stage.choices && version == Some(stage.version);
    if what != "import" || !is_as_seen {
        if choices != stage.choices {
            staged.change(|stage| {
                stage.choices = choices;
                stage.version += 1;
            });
        }
        return match what {
            "import" => preview::show(&call, &staged, Some(t::CHANGED)).await,
            _ => see_other(&here),
        };
    }
    if !begin(&staged) {
        return see_other(&here);
    }
    let under_way = UnderWay(Arc::clone(&staged));
    let (store, actor) = (call.state.store.clone(), call.actor.clone());
    let max_rows = call.state.uploads.max_rows();
    // Once begun it runs to its end, whether or not the browser still waits.
    let imported = call.state.heavy.run(move || {
        let of = &under_way.0;
        let sent = Sent { file: of.file(), name: &of.file_name, rejects: Some(of.rejects()), max_rows };
        let snapshot = store.snapshot();
        let Ok(checked) = check(sent, &choices, &snapshot, &store, true)? else { return Ok(false) };
        if checked.hindrance.is_some() || checked.before.is_some() {
            return Ok(false);
        }
        let outcome = import(checked, &of.file_name, &choices, &store, &actor)?;
        of.change(|stage| stage.state = StageState::Done(outcome));
        of.remove_file();
        Ok::<bool, Problem>(true)
    });
    imported.await??;
    // Also when it could not be done: the preview says why.
    see_other(&here)
}

/// Marks a waiting file as being imported; false when another press was first.
fn begin(staged: &Staged) -> bool {
    staged.change(|stage| {
        let is_first = matches!(stage.state, StageState::Waiting);
        if is_first {
            stage.state = StageState::Importing;
        }
        is_first
    })
}

/// Lets the file wait again when the import ends without having been done: by a panic, or because it never got its
/// turn.
struct UnderWay(Arc<Staged>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.change(|stage| {
            if matches!(stage.state, StageState::Importing) {
                stage.state = StageState::Waiting;
            }
        });
    }
}

/// What the form says, over what was chosen before.
fn read(fields: &Pairs, before: &Choices, snapshot: &Snapshot) -> Result<Choices, Problem> {
    let mut choices = before.clone();
    let mut columns = Vec::new();
    while let Some(code) = fields.one(&format!("col-{}", columns.len()))? {
        columns.push(match code {
            "drop" => ColumnChoice::Drop,
            "keep" => ColumnChoice::Keep,
            code => {
                let field = Field::from_code(code).filter(|field| before.has_field(*field));
                ColumnChoice::Field(field.ok_or_else(|| Problem::Malformed(format!("'{code}' is no field")))?)
            }
        });
    }
    choices.columns = Some(columns).filter(|columns| !columns.is_empty()).or_else(|| before.columns.clone());
    choices.places = places(fields, snapshot)?;
    choices.redact = fields.one("personal")? == Some("redact");
    choices.crs = match fields.one("crs")?.map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(Plane::parse_epsg(text).map_err(|error| Problem::InvalidParameter {
            parameter: "crs".to_string(),
            value: text.chars().take(40).collect(),
            reason: error.to_string(),
            accepted: "3006".to_string(),
        })?),
    };
    let named =
        |name: &str| -> Result<Option<String>, Problem> { Ok(fields.one(name)?.map(|text| text.trim().to_string())) };
    (choices.sheet, choices.layer) = (named("sheet")?, named("layer")?);
    let delimiter = fields.one("delimiter")?.unwrap_or("found");
    choices.delimiter = DELIMITERS.iter().find(|(code, ..)| *code == delimiter).and_then(|(_, _, byte)| *byte);
    let way = fields.one("ambiguous")?.unwrap_or_default();
    choices.ambiguous = Ambiguous::ALL.into_iter().find(|known| known.code() == way).unwrap_or_default();
    // Another sheet has other columns; in another system other columns may be meant.
    let is_another = (&choices.sheet, &choices.layer, choices.delimiter, choices.crs)
        != (&before.sheet, &before.layer, before.delimiter, before.crs);
    if is_another && choices.columns == before.columns {
        choices.columns = None;
    }
    Ok(choices)
}

fn places(fields: &Pairs, snapshot: &Snapshot) -> Result<Vec<PlaceChoice>, Problem> {
    let register = Register::new(snapshot.places());
    let mut places = Vec::new();
    for at in 0.. {
        let Some(text) = fields.one(&format!("place-text-{at}"))? else { break };
        let Some(written) = fields.one(&format!("place-{at}"))?.map(str::trim).filter(|text| !text.is_empty()) else {
            continue;
        };
        let place: Option<Id> = register.find(written).map(|place| place.id.clone());
        let remember = fields.one(&format!("remember-{at}"))?.is_some();
        places.push(PlaceChoice { text: text.to_string(), written: written.to_string(), place, remember });
    }
    Ok(places)
}
