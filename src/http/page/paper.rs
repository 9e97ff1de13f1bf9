//! Papers as HTML: inside a page of the service, or as one file of their own.

use std::sync::Arc;

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::layout::{STYLE, Shell};
use super::login::in_lang;
use crate::followup::Book;
use crate::http::State;
use crate::http::params::Pairs;
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call, Param};
use crate::http::state::{Form, computed};
use crate::spatial::Snapshot;
use crate::text::lang::{Lang, Text};
use crate::text::paper::markdown;
use crate::text::paper::{Block, Inline, Line, Paper, Table, synthetic_note};

/// What stands inside `main`.
pub(super) fn main(paper: &Paper) -> Markup {
    let lang = paper.lang;
    html! {
        @if paper.synthetic { p.banner { (synthetic_note(lang)) } }
        h1 { (paper.title) }
        @for lead in &paper.lead { p.lead { (inlines(lead)) } }
        (blocks(&paper.blocks))
    }
}

/// Blocks alone, for pages that put a form between them.
pub(super) fn blocks(blocks: &[Block]) -> Markup {
    html! { @for block in blocks { (self::block(block)) } }
}

fn block(block: &Block) -> Markup {
    match block {
        Block::Heading { level, text, id } => {
            let id = (!id.is_empty()).then_some(id.as_str());
            match level {
                0..=2 => html! { h2 id=[id] { (text) } },
                3 => html! { h3 id=[id] { (text) } },
                _ => html! { h4 id=[id] { (text) } },
            }
        }
        Block::Para(line) => html! { p { (inlines(line)) } },
        Block::Note(line) => html! { p.caution { (inlines(line)) } },
        Block::List(lines) => html! { ul { @for line in lines { li { (inlines(line)) } } } },
        Block::Table(table) => self::table(table),
        Block::PageBreak => html! { div.page-break {} },
    }
}

/// Rows up to which a table stays on one sheet.
const SHORT_ROWS: usize = 8;

fn table(table: &Table) -> Markup {
    let is_number = |i: usize| table.numeric.get(i).copied().unwrap_or(false);
    html! {
        // A wide table scrolls by itself, with the keyboard too.
        div.scroll role="region" tabindex="0" aria-label=(table.caption) {
            table.paper.short[table.rows.len() <= SHORT_ROWS] {
                caption { (table.caption) }
                thead { tr { @for (i, head) in table.head.iter().enumerate() { th scope="col" .number[is_number(i)] { (head) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (i, cell) in row.iter().enumerate() {
                                @if i == 0 { th scope="row" .number[is_number(0)] { (inlines(cell)) } }
                                @else { td .number[is_number(i)] data-label=[table.head.get(i)] { (inlines(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn inlines(line: &Line) -> Markup {
    html! {
        @for inline in line {
            @match inline {
                Inline::Text(text) => { (text) },
                Inline::Strong(text) => { strong { (text) } },
                Inline::Link { href, text } => { a href=(href) { (text) } },
                Inline::Mark(mark) => {
                    span class={ "status status-" (mark.code) } { span aria-hidden="true" { (mark.sign) } " " (mark.word) }
                },
            }
        }
    }
}

/// One file that needs nothing else, for the command line: it prints on A4 and opens in word processors.
pub fn standalone(paper: &Paper) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(paper.lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (paper.title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (main(&without_links(paper))) } }
        }
    };
    page.into_string()
}

/// Links to paths of the service lead nowhere in a file of its own.
fn without_links(paper: &Paper) -> Paper {
    let plain = |line: &mut Line| {
        for inline in line.iter_mut() {
            if let Inline::Link { href, text } = inline
                && !href.starts_with('#')
            {
                *inline = Inline::Text(std::mem::take(text));
            }
        }
    };
    let mut paper = paper.clone();
    paper.lead.iter_mut().for_each(plain);
    for block in &mut paper.blocks {
        match block {
            Block::Para(line) | Block::Note(line) => plain(line),
            Block::List(lines) => lines.iter_mut().for_each(plain),
            Block::Table(table) => table.rows.iter_mut().flatten().for_each(plain),
            Block::Heading { .. } | Block::PageBreak => {}
        }
    }
    paper
}

/// Parameters that every page of a paper has.
pub(super) const LANG: Param = Param::query("lang", "language of the page", "sv (default) or en");
/// The form of the paper.
pub(super) const FORM: Param = Param::query("f", "form of the answer", "html (default), md");
/// The day it is for.
pub(super) const AS_OF: Param = Param::query(
    "as_of",
    "the day it is for: what was done later is left out",
    "a date such as 2025-03-01, default today",
);

const MARKDOWN: Text = Text::new("Samma sida som text (Markdown)", "The same page as text (Markdown)");

/// What is asked of a page that is a paper.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) lang: Lang,
    pub(super) as_of: Date,
    /// The path, without a query.
    pub(super) path: String,
    /// Parameters besides the language and the form, as they were given.
    given: Vec<(String, String)>,
    is_markdown: bool,
}

impl Asked {
    /// Reads language, form and day of a call; `path` is that of the page.
    pub(super) fn read(call: &Call<State>, path: String) -> Result<Self, Problem> {
        let invalid = |param: &Param, value: &str, reason: &str| Problem::InvalidParameter {
            parameter: param.name.to_string(),
            value: value.to_string(),
            reason: reason.to_string(),
            accepted: param.accepted.to_string(),
        };
        let lang = match call.pairs.one(LANG.name)? {
            None => Lang::default(),
            Some(code) => {
                Lang::from_code(code).ok_or_else(|| invalid(&LANG, code, "it is no language of these pages"))?
            }
        };
        let is_markdown = match call.pairs.one(FORM.name)? {
            None | Some("html") => false,
            Some("md") => true,
            Some(other) => return Err(invalid(&FORM, other, "it is no form of this page")),
        };
        let as_of = match call.pairs.one(AS_OF.name)? {
            None => call.state.today(&call.state.store.snapshot()),
            Some(text) => text.parse().map_err(|_| invalid(&AS_OF, text, "it is no date"))?,
        };
        let is_kept = |(name, value): &(&str, &str)| ![LANG.name, FORM.name].contains(name) && !value.is_empty();
        let given =
            call.pairs.iter().filter(is_kept).map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Ok(Self { lang, as_of, path, given, is_markdown })
    }

    /// The page in a language.
    pub(super) fn url_in(&self, lang: Lang) -> String {
        self.url(lang, None)
    }

    fn url(&self, lang: Lang, form: Option<&str>) -> String {
        let form = form.map(|form| (FORM.name.to_string(), form.to_string()));
        let lang = (lang != Lang::default()).then(|| (LANG.name.to_string(), lang.code().to_string()));
        let query =
            Pairs::from(lang.into_iter().chain(self.given.iter().cloned()).chain(form).collect::<Vec<_>>()).to_query();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

/// Answers with a paper as a page or as Markdown: 304 before any work when the client has it. `around` adds what
/// stands on the page and not on paper, such as forms; `request` names everything else the paper depends on.
pub(super) async fn respond<F, G>(call: &Call<State>, asked: Asked, request: &str, make: F, around: G) -> Answer
where
    F: FnOnce(&Snapshot, &Arc<Book>) -> Result<Paper, Problem> + Send + 'static,
    G: FnOnce(&Paper) -> Markup + Send + 'static,
{
    let snapshot = call.state.store.snapshot();
    let media_type = if asked.is_markdown { "text/markdown; charset=utf-8" } else { "text/html; charset=utf-8" };
    let form = Form { media_type, language: asked.lang.code() };
    // Forms carry a token of the caller, so pages of two callers differ.
    let token = call.csrf_token().unwrap_or_default();
    let canonical = format!("paper {request} {asked:?} {token}");
    let (store, books) = (call.state.store.clone(), call.state.books.clone());
    computed(call, snapshot, canonical, form, move |snapshot| {
        let book = books.at(&store, snapshot)?;
        let paper = make(snapshot, &book)?;
        if asked.is_markdown {
            return Ok(markdown(&paper).into_bytes());
        }
        let url_in = |lang: Lang| asked.url_in(lang);
        let shell = Shell { lang: asked.lang, title: &paper.title, url_in: &url_in, home: in_lang("/", asked.lang) };
        let page = html! {
            (main(&paper))
            (around(&paper))
            p.downloads { a href=(asked.url(asked.lang, Some("md"))) { (MARKDOWN.of(asked.lang)) } }
        };
        Ok(shell.around(&page).into_string().into_bytes())
    })
    .await
}
