//! Papers as HTML: inside a page of the service, or as one file of their own.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::layout::STYLE;
use crate::wire::lang::Lang;
use crate::wire::paper::{Block, Inline, Line, Paper, Table, sign, status_word, synthetic_note};

/// What stands inside `main`.
pub(super) fn main(paper: &Paper) -> Markup {
    let lang = paper.lang;
    html! {
        @if paper.synthetic { p.banner { (synthetic_note(lang)) } }
        h1 { (paper.title) }
        @for lead in &paper.lead { p.lead { (inlines(lead, lang)) } }
        (blocks(&paper.blocks, lang))
    }
}

/// Blocks alone, for pages that put a form between them.
pub(super) fn blocks(blocks: &[Block], lang: Lang) -> Markup {
    html! { @for block in blocks { (self::block(block, lang)) } }
}

fn block(block: &Block, lang: Lang) -> Markup {
    match block {
        Block::Heading { level, text, id } => {
            let id = (!id.is_empty()).then_some(id.as_str());
            match level {
                0..=2 => html! { h2 id=[id] { (text) } },
                3 => html! { h3 id=[id] { (text) } },
                _ => html! { h4 id=[id] { (text) } },
            }
        }
        Block::Para(line) => html! { p { (inlines(line, lang)) } },
        Block::Note(line) => html! { p.caution { (inlines(line, lang)) } },
        Block::List(lines) => html! { ul { @for line in lines { li { (inlines(line, lang)) } } } },
        Block::Table(table) => self::table(table, lang),
        Block::PageBreak => html! { div.page-break {} },
    }
}

fn table(table: &Table, lang: Lang) -> Markup {
    let is_number = |i: usize| table.numeric.get(i).copied().unwrap_or(false);
    html! {
        // A wide table scrolls by itself, with the keyboard too.
        div.scroll role="region" tabindex="0" aria-label=(table.caption) {
            table.paper {
                caption { (table.caption) }
                thead { tr { @for (i, head) in table.head.iter().enumerate() { th scope="col" .number[is_number(i)] { (head) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (i, cell) in row.iter().enumerate() {
                                @if i == 0 { th scope="row" .number[is_number(0)] { (inlines(cell, lang)) } }
                                @else { td .number[is_number(i)] data-label=[table.head.get(i)] { (inlines(cell, lang)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn inlines(line: &Line, lang: Lang) -> Markup {
    html! {
        @for inline in line {
            @match inline {
                Inline::Text(text) => { (text) },
                Inline::Strong(text) => { strong { (text) } },
                Inline::Link { href, text } => { a href=(href) { (text) } },
                Inline::Status(status) => {
                    span class={ "status status-" (status.code()) } {
                        span aria-hidden="true" { (sign(*status)) } " " (status_word(*status, lang))
                    }
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
