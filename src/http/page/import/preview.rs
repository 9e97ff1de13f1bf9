//! What a file would give: how it was read, its first rows, what is wrong, and the choices.

use std::sync::Arc;

use axum::http::StatusCode;
use maud::{Markup, html};

use super::form::{self, Choosing};
use super::texts as t;
use super::{sent, shell, token_field};
use crate::domain::local_date;
use crate::geodata::{Encoding, PreviewRow, masked};
use crate::http::State;
use crate::http::imports::{Checked, Choices, ColumnChoice, Hindrance, SHOWN_REFUSED, Sent, check};
use crate::http::page::login::{lang_of, private_page};
use crate::http::page::numbers::whole;
use crate::http::page::records::{place_map, show};
use crate::http::page::texts::{Lang, Text};
use crate::http::route::{Answer, Call};
use crate::http::uploads::Staged;
use crate::spatial::Snapshot;
use crate::wire::records::{Shown, to_feature};

/// Rows in the table.
const ROWS: usize = 10;
/// Different texts in a list on the page.
const LISTED: usize = 20;

/// The preview, or what is wrong with the file as a whole; `problem` says why it was not imported just now.
pub(super) async fn show(call: &Call<State>, staged: &Arc<Staged>, problem: Option<Text>) -> Answer {
    let lang = lang_of(call)?;
    let stage = staged.stage();
    let (store, snapshot) = (call.state.store.clone(), call.state.store.snapshot());
    let (of, choices, on, max_rows) =
        (Arc::clone(staged), stage.choices.clone(), Arc::clone(&snapshot), call.state.uploads.max_rows());
    let checked = call.state.heavy.run(move || {
        let sent = Sent { file: of.file(), name: &of.file_name, rejects: Some(of.rejects()), max_rows };
        check(sent, &choices, &on, &store, false)
    });
    let path = format!("/import/{}", staged.token);
    let title = t::PREVIEW.with(lang, &[("file", &masked(&staged.file_name))]);
    let mut choosing = Choosing {
        lang,
        action: path.clone(),
        token: token_field(call),
        version: stage.version,
        choices: stage.choices,
        snapshot: &snapshot,
        columns: Vec::new(),
        unmatched: &[],
        personal: 0,
        importable: None,
        format: "",
    };
    let (status, main) = match checked.await?? {
        Ok(checked) => {
            choosing.columns = form::columns_of(&checked.preview.columns);
            if choosing.choices.columns.is_none() {
                // What was guessed is from now on what is chosen, so that pressing Import changes nothing.
                let guessed: Vec<ColumnChoice> = choosing.columns.iter().map(|column| column.choice).collect();
                staged.change(|stage| {
                    if stage.version == choosing.version {
                        stage.choices.columns.get_or_insert(guessed);
                    }
                });
            }
            let summary = &checked.preview.summary;
            choosing.unmatched = &summary.unmatched_places;
            choosing.personal = summary.personal_data;
            choosing.format = checked.preview.format;
            let can = checked.hindrance.is_none() && checked.before.is_none();
            choosing.importable = can.then_some(summary.accepted);
            let view = View { checked: &checked, snapshot: &snapshot, lang, token: &staged.token };
            let status = if problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            (status, view.around(call, &title, problem, &choosing))
        }
        Err(unreadable) => {
            choosing.columns = form::unguessed(&unreadable.headings, &choosing.choices);
            let main = html! {
                h1 { (title) }
                (sent::unreadable(&unreadable.problems, lang))
                (choosing.render())
            };
            (StatusCode::UNPROCESSABLE_ENTITY, main)
        }
    };
    Ok(private_page(status, lang, &shell(lang, &title, &path, &main)))
}

struct View<'a> {
    checked: &'a Checked,
    snapshot: &'a Snapshot,
    lang: Lang,
    token: &'a str,
}

impl View<'_> {
    fn around(&self, call: &Call<State>, title: &str, problem: Option<Text>, choosing: &Choosing<'_>) -> Markup {
        let lang = self.lang;
        let summary = &self.checked.preview.summary;
        let refused = match summary.rejected {
            0 => t::NONE_REFUSED.of(lang).to_string(),
            1 => t::REFUSED_ONE.of(lang).to_string(),
            n => t::REFUSED_N.with(lang, &[("n", &whole(n, lang))]),
        };
        let can =
            t::CAN.with(lang, &[("accepted", &whole(summary.accepted, lang)), ("rows", &whole(summary.rows, lang))]);
        html! {
            h1 { (title) }
            @if let Some(problem) = problem { p.caution role="alert" { (problem.of(lang)) } }
            @if let (Some(hindrance), None) = (self.checked.hindrance, &self.checked.before) { p.caution role="alert" { (hindered(hindrance).of(lang)) } }
            @if let Some(before) = &self.checked.before {
                p.caution role="alert" {
                    (t::BEFORE.with(lang, &[("at", &super::local(call, &before.at_utc)), ("id", &before.import_id.to_string())]))
                    " " a href=(super::in_lang(&format!("/import/angra/{}", before.import_id), lang)) { (t::UNDO.of(lang)) }
                }
            }
            p.lead { (can) " " (refused) }
            p { (t::NOTHING_KEPT.of(lang)) }
            (choosing.at_once())
            (self.refused())
            (self.found())
            (self.noted())
            (self.rows())
            (self.map())
            (choosing.render())
        }
    }

    fn found(&self) -> Markup {
        let lang = self.lang;
        let preview = &self.checked.preview;
        let day = |second: i64| local_date(second, self.snapshot.zone()).to_string();
        let span = preview.summary.first_start_s.zip(preview.summary.last_start_s);
        let mut facts: Vec<(Text, String)> = vec![(t::D_FORMAT, t::of_reader(preview.format, lang))];
        if let Some(encoding) = preview.encoding {
            let name = match encoding {
                Encoding::Utf8 => "UTF-8",
                Encoding::Windows1252 => "Windows-1252",
            };
            facts.push((t::D_ENCODING, name.to_string()));
        }
        if let Some(delimiter) = preview.delimiter {
            let shown = if delimiter == '\t' { t::TAB.of(lang).to_string() } else { delimiter.to_string() };
            facts.push((t::D_DELIMITER, shown));
        }
        if let Some(comma) = preview.decimal_comma {
            facts.push((t::D_DECIMAL, if comma { t::D_COMMA } else { t::D_POINT }.of(lang).to_string()));
        }
        if !preview.part.is_empty() {
            facts.push((t::D_PART, t::of_reader(&masked(&preview.part), lang)));
        }
        let crs = preview.epsg.map_or_else(|| t::D_DEGREES.of(lang).to_string(), |epsg| format!("EPSG:{epsg}"));
        facts.push((t::D_CRS, crs));
        if let Some(sample) = &preview.time_sample {
            facts.push((t::D_TIME, sample.clone()));
            facts.push((t::D_ZONE, self.snapshot.facts().time_zone.clone()));
        }
        if let Some((first, last)) = span {
            facts.push((t::D_SPAN, format!("{} – {}", day(first), day(last))));
        }
        html! {
            section aria-labelledby="found-heading" {
                h2 id="found-heading" { (t::FOUND.of(lang)) }
                dl.facts { @for (name, value) in facts { dt { (name.of(lang)) } dd { (value) } } }
            }
        }
    }

    fn noted(&self) -> Markup {
        let lang = self.lang;
        let summary = &self.checked.preview.summary;
        let counts = [
            (t::N_AMBIGUOUS, summary.ambiguous_times),
            (t::N_DAYS, summary.whole_days),
            (t::N_NOWHERE, summary.without_position),
            (t::N_AREA, summary.area_only),
            (t::N_ZERO, summary.at_zero_zero),
        ];
        let counted = counts.into_iter().filter(|(_, n)| *n > 0);
        let mut notes: Vec<String> = counted.map(|(text, n)| text.with(lang, &[("n", &whole(n, lang))])).collect();
        let dropped: Vec<(String, u64)> = summary
            .dropped_columns
            .iter()
            .filter(|heading| !heading.is_empty() && *heading != "data_class")
            .map(|heading| (heading.clone(), 0))
            .collect();
        for (text, pairs) in [
            (t::N_NEW, &summary.new_categories),
            (t::N_ROLES, &summary.new_roles),
            (t::N_AREAS, &summary.unmatched_areas),
            (t::N_DUPLICATES, &self.checked.preview.duplicate_ids),
            (t::N_LOOKS, &summary.looks_like),
            (t::N_DROPPED, &dropped),
        ] {
            if !pairs.is_empty() {
                notes.push(text.with(lang, &[("list", &listed(pairs, lang))]));
            }
        }
        html! {
            @if !notes.is_empty() {
                section aria-labelledby="noted-heading" {
                    h2 id="noted-heading" { (t::NOTED.of(lang)) }
                    ul { @for note in notes { li { (note) } } }
                }
            }
        }
    }

    fn rows(&self) -> Markup {
        let lang = self.lang;
        let preview = &self.checked.preview;
        html! {
            section aria-labelledby="rows-heading" {
                h2 id="rows-heading" { (t::FIRST_ROWS.of(lang)) }
                table {
                    thead { tr { th scope="col" { (t::H_ROW.of(lang)) } th scope="col" { (t::H_READ_AS.of(lang)) } } }
                    tbody {
                        @for row in preview.rows.iter().take(ROWS) {
                            tr.refused[row.records.is_empty()] {
                                th scope="row" { (t::spot(&row.spot, lang)) }
                                td { (self.read_as(row)) }
                            }
                        }
                    }
                }
                details {
                    summary { (t::DETAILS.of(lang)) }
                    div.wide role="region" aria-label=(t::SCROLL.of(lang)) tabindex="0" {
                        table {
                            thead { tr {
                                th scope="col" { (t::H_ROW.of(lang)) }
                                @for column in &preview.columns { th scope="col" { (masked(&column.heading)) } }
                            } }
                            tbody {
                                @for row in preview.rows.iter().take(ROWS) {
                                    tr.refused[row.records.is_empty()] {
                                        th scope="row" { (t::spot(&row.spot, lang)) }
                                        @for (column, cell) in preview.columns.iter().zip(&row.cells) {
                                            td.words data-label=(masked(&column.heading)) { (cut(cell)) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What a row becomes, in the words of the pages of records; or that it is refused, and why.
    fn read_as(&self, row: &PreviewRow) -> Markup {
        let lang = self.lang;
        let shown = Shown::new(self.snapshot.zone(), self.snapshot.places(), false);
        html! {
            @if row.records.is_empty() { strong { (t::IS_REFUSED.of(lang)) } }
            @for problem in &row.problems {
                @let (reason, is_english) = t::reason(problem, lang);
                ": " span lang=[is_english.then_some("en")] { (reason) }
            }
            @for (i, record) in row.records.iter().enumerate() {
                @let feature = to_feature(record, 0, &shown);
                @let collection = record.collection();
                @if i > 0 { br; }
                @if let Some(start) = feature["properties"]["start_local"].as_str() {
                    @if feature["properties"]["time_certainty"] == "whole_day" { (&start[..start.len().min(10)]) }
                    @else { (show::local(start)) }
                    " "
                }
                (show::title(collection, &feature, self.snapshot, lang))
                @if collection.has_geometry() {
                    ", " (show::whereabouts(collection, &feature, self.snapshot, lang))
                }
            }
        }
    }

    fn map(&self) -> Markup {
        let lang = self.lang;
        if self.checked.points.is_empty() {
            return html! {};
        }
        let drawn = place_map::with_points(self.snapshot, &self.checked.points, t::MAP_LABEL.of(lang), lang);
        html! {
            @if let Some((drawing, outside)) = drawn {
                section aria-labelledby="map-heading" {
                    h2 id="map-heading" { (t::MAP.of(lang)) }
                    div.point-map { (drawing) }
                    p.note {
                        (t::MAP_TEXT.with(lang, &[
                            ("n", &(self.checked.points.len() - outside).to_string()), ("outside", &outside.to_string()),
                        ]))
                    }
                }
            }
        }
    }

    fn refused(&self) -> Markup {
        let lang = self.lang;
        let refused = &self.checked.refused;
        html! {
            @if !refused.is_empty() {
                section aria-labelledby="refused-heading" {
                    h2 id="refused-heading" { (t::REFUSED.of(lang)) }
                    @if self.checked.preview.summary.rejected > SHOWN_REFUSED as u64 {
                        p { (t::REFUSED_FIRST.with(lang, &[("n", &SHOWN_REFUSED.to_string())])) }
                    }
                    ul {
                        @for problem in refused {
                            @let (reason, is_english) = t::reason(problem, lang);
                            li {
                                (t::spot(&problem.spot, lang))
                                @if let Some(column) = &problem.column { ", " strong { (masked(column)) } }
                                @if let Some(value) = &problem.value { " " code { (masked(value)) } }
                                ": " span lang=[is_english.then_some("en")] { (reason) }
                            }
                        }
                    }
                    p { a href={ "/import/" (self.token) "/avvisade.csv" } { (t::REJECTS.of(lang)) } br;
                        small { (t::REJECTS_NOTE.of(lang)) } }
                }
            }
        }
    }
}

fn hindered(hindrance: Hindrance) -> Text {
    match hindrance {
        Hindrance::Broken => t::H_BROKEN,
        Hindrance::NothingUsable => t::H_UNUSABLE,
        Hindrance::Generated => t::H_GENERATED,
    }
}

fn cut(cell: &str) -> String {
    if cell.chars().count() > 120 { cell.chars().take(119).chain(['…']).collect() } else { cell.to_string() }
}

/// The first texts with how often they stand, and how many more there are.
fn listed(pairs: &[(String, u64)], lang: Lang) -> String {
    let one = |(text, n): &(String, u64)| {
        let text = cut(&masked(text));
        if *n > 0 { format!("{text} ({})", whole(*n, lang)) } else { text }
    };
    let mut words = pairs.iter().take(LISTED).map(one).collect::<Vec<_>>().join(", ");
    if pairs.len() > LISTED {
        words.push(' ');
        words.push_str(&t::AND_MORE.with(lang, &[("n", &(pairs.len() - LISTED).to_string())]));
    }
    words
}

/// What is chosen for a file whose columns cannot be settled.
pub(super) fn chosen(choices: &Choices, at: usize) -> ColumnChoice {
    choices.columns.as_ref().and_then(|columns| columns.get(at)).copied().unwrap_or(ColumnChoice::Drop)
}
