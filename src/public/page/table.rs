//! Tables of pages. Rows and cells say in attributes what they show, so that programs read the same as people.

use maud::{Markup, html};

use crate::public::figures::{category_word, place_word, shown_word};
use crate::release::attack::{Shown, Statement};

/// What a row is about.
#[derive(Default)]
pub(in crate::public) struct Key {
    /// The word of a place.
    pub(in crate::public) place: Option<String>,
    /// The word of a category of reports.
    pub(in crate::public) category: Option<String>,
    /// The word of a period.
    pub(in crate::public) period: Option<String>,
    /// The id of a commitment.
    pub(in crate::public) commitment: Option<String>,
}

impl Key {
    /// Of a row about a place.
    pub(in crate::public) fn place(word: &str) -> Self {
        Self { place: Some(word.to_string()), ..Self::default() }
    }

    /// Of a row that is one public number of reports.
    pub(in crate::public) fn of(statement: &Statement) -> Self {
        Self {
            place: Some(place_word(&statement.place)),
            category: Some(category_word(&statement.category).to_string()),
            period: Some(statement.period.word()),
            commitment: None,
        }
    }
}

/// A cell.
pub(in crate::public) struct Cell {
    content: Markup,
    numeric: bool,
    count: Option<u32>,
    shown: Option<&'static str>,
    name: Option<String>,
}

impl Cell {
    /// Words.
    pub(in crate::public) fn words(content: impl maud::Render) -> Self {
        Self { content: html! { (content) }, numeric: false, count: None, shown: None, name: None }
    }

    /// A number known exactly; `name` says of what.
    pub(in crate::public) fn exact(n: u32, name: &str, content: impl maud::Render) -> Self {
        let name = Some(name.to_string());
        Self { content: html! { (content) }, numeric: true, count: Some(n), shown: Some("exact"), name }
    }

    /// A number in words, to the right.
    pub(in crate::public) fn number(content: impl maud::Render) -> Self {
        Self { numeric: true, ..Self::words(content) }
    }

    /// A public number of reports with its words.
    pub(in crate::public) fn reports(shown: Option<Shown>, words: String) -> Self {
        let (count, word) = shown.map_or((None, None), |shown| {
            let (count, word) = shown_word(shown);
            (count, Some(word))
        });
        Self { content: html! { (words) }, numeric: true, count, shown: word, name: None }
    }
}

/// A row: its first cell is its heading.
pub(in crate::public) struct Row {
    /// What it is about.
    pub(in crate::public) key: Key,
    /// As many as headings.
    pub(in crate::public) cells: Vec<Cell>,
}

/// A table that scrolls by itself where it is wide, with the keyboard too.
pub(in crate::public) fn table(caption: &str, head: &[&str], rows: &[Row]) -> Markup {
    let is_number = |i: usize| !rows.is_empty() && rows.iter().all(|row| row.cells.get(i).is_some_and(|c| c.numeric));
    html! {
        div.scroll role="region" tabindex="0" aria-label=(caption) {
            table {
                caption { (caption) }
                thead { tr { @for (i, head) in head.iter().enumerate() { th scope="col" .n[is_number(i)] { (head) } } } }
                tbody {
                    @for row in rows {
                        tr data-place=[&row.key.place] data-category=[&row.key.category]
                            data-period=[&row.key.period] data-commitment=[&row.key.commitment] {
                            @for (i, cell) in row.cells.iter().enumerate() {
                                @if i == 0 { th scope="row" { (cell.content) } }
                                @else {
                                    td .n[cell.numeric] data-label=[head.get(i)] data-count=[cell.count]
                                        data-shown=[cell.shown] data-of=[&cell.name] { (cell.content) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
