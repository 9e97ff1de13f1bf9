//! A paper: what a meeting prints and reads, in one language, free of any form.
//!
//! A week page, a protocol, an agenda, a situation picture and the ledger are papers. HTML and Markdown are made
//! from the same blocks, so that nothing is said in one and not in the other.

use super::lang::Lang;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Text that stands out.
    Strong(String),
    /// Text that leads somewhere.
    Link {
        /// Where to: a path of the service or `#id`.
        href: String,
        /// What it says.
        text: String,
    },
    /// A status: a sign and a word, never a colour alone.
    Mark(Mark),
}

/// A sign with a word; the code is for styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it is, in code.
    pub code: &'static str,
    /// What is seen without colour, and not read out.
    pub sign: &'static str,
    /// What it says.
    pub word: &'static str,
}

impl Inline {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A link.
    pub fn link(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Link { href: href.into(), text: text.into() }
    }
}

/// A line or a cell.
pub type Line = Vec<Inline>;

/// A line of plain text.
pub fn line(text: impl Into<String>) -> Line {
    vec![Inline::text(text)]
}

/// A part of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading; the title is level 1.
    Heading {
        /// 2 to 4.
        level: u8,
        /// What it says.
        text: String,
        /// Where links may lead; empty for none.
        id: String,
    },
    /// A paragraph.
    Para(Line),
    /// A list.
    List(Vec<Line>),
    /// A table.
    Table(Table),
    /// Something to take care with; it stands out in print too.
    Note(Line),
    /// What follows begins on a new page.
    PageBreak,
}

impl Block {
    /// A heading without an id.
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into(), id: String::new() }
    }

    /// A paragraph of plain text.
    pub fn para(text: impl Into<String>) -> Self {
        Self::Para(line(text))
    }

    /// A note of plain text.
    pub fn note(text: impl Into<String>) -> Self {
        Self::Note(line(text))
    }
}

/// A table whose first column names the row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Headings, one per column.
    pub head: Vec<String>,
    /// Columns of numbers, which stand to the right.
    pub numeric: Vec<bool>,
    /// Rows of cells, as many as headings.
    pub rows: Vec<Vec<Line>>,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The language of all of it.
    pub lang: Lang,
    /// The title.
    pub title: String,
    /// What stands first and large: one sentence each.
    pub lead: Vec<Line>,
    /// The rest.
    pub blocks: Vec<Block>,
    /// Whether the data is made up: said at the top, also in print.
    pub synthetic: bool,
}

/// What a paper of made-up data says first.
pub fn synthetic_note(lang: Lang) -> &'static str {
    lang.pick(
        "Påhittade uppgifter. De visar hur tjänsten fungerar och säger inget om verkligheten.",
        "Made-up data. It shows how the service works and says nothing about reality.",
    )
}

/// The text of a line, without form.
pub fn plain(line: &[Inline]) -> String {
    let piece = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Strong(text) | Inline::Link { text, .. } => text.clone(),
        Inline::Mark(mark) => format!("{} {}", mark.sign, mark.word),
    };
    line.iter().map(piece).collect()
}

/// The whole paper as plain sentences, for tests of readability: table cells and headings are no sentences and are
/// left out, paragraphs, notes and list items are in.
pub fn prose(paper: &Paper) -> String {
    let mut text = String::new();
    let mut say = |line: &Line| {
        text.push_str(plain(line).trim());
        text.push('\n');
    };
    paper.lead.iter().for_each(&mut say);
    for block in &paper.blocks {
        match block {
            Block::Para(line) | Block::Note(line) => say(line),
            Block::List(lines) => lines.iter().for_each(&mut say),
            Block::Heading { .. } | Block::Table(_) | Block::PageBreak => {}
        }
    }
    text
}

/// GitHub-flavoured Markdown. Word processors that read it (or pandoc) make a document of it.
pub fn markdown(paper: &Paper) -> String {
    let lang = paper.lang;
    let mut out = format!("# {}\n\n", escaped(&paper.title));
    if paper.synthetic {
        out.push_str(&format!("> **{}**\n\n", escaped(synthetic_note(lang))));
    }
    for lead in &paper.lead {
        out.push_str(&format!("**{}**\n\n", escaped(&plain(lead))));
    }
    for block in &paper.blocks {
        match block {
            Block::Heading { level, text, .. } => {
                out.push_str(&format!("{} {}\n\n", "#".repeat(usize::from(*level).clamp(2, 6)), escaped(text)));
            }
            Block::Para(line) => out.push_str(&format!("{}\n\n", marked(line))),
            Block::Note(line) => out.push_str(&format!("> {}\n\n", marked(line))),
            Block::List(lines) => {
                lines.iter().for_each(|line| out.push_str(&format!("- {}\n", marked(line))));
                out.push('\n');
            }
            Block::Table(table) => out.push_str(&table_markdown(table)),
            Block::PageBreak => out.push_str("---\n\n"),
        }
    }
    out
}

fn table_markdown(table: &Table) -> String {
    let mut out = String::new();
    if !table.caption.is_empty() {
        out.push_str(&format!("*{}*\n\n", escaped(&table.caption)));
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&row(table.head.iter().map(|head| escaped(head)).collect()));
    let is_number = |i: usize| table.numeric.get(i).copied().unwrap_or(false);
    out.push_str(&row((0..table.head.len()).map(|i| if is_number(i) { "---:" } else { "---" }.to_string()).collect()));
    for cells in &table.rows {
        out.push_str(&row(cells.iter().map(|cell| marked(cell)).collect()));
    }
    out.push('\n');
    out
}

fn marked(line: &[Inline]) -> String {
    let piece = |inline: &Inline| match inline {
        Inline::Text(text) => escaped(text),
        Inline::Strong(text) => format!("**{}**", escaped(text)),
        // A paper is read away from the service, so paths of it would lead nowhere.
        Inline::Link { text, .. } => escaped(text),
        Inline::Mark(mark) => format!("{} **{}**", mark.sign, mark.word),
    };
    line.iter().map(piece).collect()
}

/// Text that Markdown takes as it is: also inside a cell of a table.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_has_everything_and_nothing_breaks_out_of_a_cell() {
        let paper = Paper {
            lang: Lang::Sv,
            title: "Vecka 48".into(),
            lead: vec![line("Ett löfte är efter plan.")],
            blocks: vec![
                Block::heading(2, "Löften"),
                Block::Table(Table {
                    caption: "Läget".into(),
                    head: vec!["Vad".into(), "Gjort".into()],
                    numeric: vec![false, true],
                    rows: vec![vec![
                        line("a | b\n<c>"),
                        vec![Inline::Mark(Mark { code: "behind", sign: "▼", word: "efter plan" })],
                    ]],
                }),
                Block::note("Se *upp*."),
            ],
            synthetic: true,
        };
        let expected = "# Vecka 48\n\n> **Påhittade uppgifter. De visar hur tjänsten fungerar och säger inget om verkligheten.**\n\n\
            **Ett löfte är efter plan.**\n\n## Löften\n\n*Läget*\n\n| Vad | Gjort |\n| --- | ---: |\n\
            | a \\| b \\<c\\> | ▼ **efter plan** |\n\n> Se \\*upp\\*.\n\n";
        assert_eq!(markdown(&paper), expected);
        assert_eq!(prose(&paper), "Ett löfte är efter plan.\nSe *upp*.\n");
    }
}
