//! Texts to paste: a few headings, paragraphs, a table and a list, without style or script, under 300 words. They keep
//! their form in a word processor and in the editor of a web site.

use maud::{Markup, html};

use super::context::{Context, View};
use super::data::csv_bytes;
use super::files::Files;
use super::page::{follow_up, unknown};
use super::sentence::sentence;
use super::words::{date, done, mark, name, target};
use crate::release::deeds::PublicCommitment;
use crate::text::lang::{Lang, texts};
use crate::text::paper::{Block, Inline, Line, Paper, Table, line, plain, synthetic_note};

texts! {
    TITLE: "Så går det med löftena", "How the promises are going";
    COMMITMENTS: "Läget", "Status";
    CAPTION: "Utlovade aktiviteter", "Commitments";
    H_WHAT: "Aktivitet", "Commitment";
    H_TARGET: "Mål", "Target";
    H_DONE: "Gjort", "Done";
    H_STATUS: "Läge", "Status";
    MORE: "Tabellen visar {n} av {of}. Alla finns på sidan om löftena.", "The table shows {n} of {of}. All are on the page of the promises.";
    INVITE: "Kom och var med", "Come and take part";
    INVITED: "{day}: {kind}, {area}", "{day}: {kind}, {area}";
    SOURCE: "Källa: {publisher}, utgåva {n}, {date}. Mer: {url}", "Source: {publisher}, release {n}, {date}. More: {url}";
    ALT_PROMISES: "Lista med läget för utlovade aktiviteter. {sentence}", "List with the status of commitments. {sentence}";
    ALT_MAP: "Karta över områdena i löftet. {sentence} Siffror för varje område finns i tabellen.", "Map of the areas in the promise. {sentence} Numbers for each area are in the table.";
    ALT_STATISTICS: "Karta över antalet iakttagelser. {sentence} Samma tal finns i tabellen.", "Map of the number of reports. {sentence} The same numbers are in the table.";
    H_AREA: "Område", "Area";
    H_KIND: "Vad", "What";
    H_N: "Inlagt en och en", "Recorded one by one";
    H_REPORTED: "Rapporterat som antal", "Reported as a number";
    H_PERIOD: "Tid", "Time";
    H_CATEGORY: "Kategori", "Category";
    H_REPORTS: "Iakttagelser", "Reports";
}

/// Words that a text to paste may have, and one less than the issue asks for.
const MOST_WORDS: usize = 299;

/// Adds the texts.
pub(super) fn put(files: &mut Files, context: &Context<'_>) {
    let folder = format!("cms/{}", context.lang.code());
    let paper = paper(context);
    files.put(format!("{folder}/text.html"), html_of(&paper));
    files.put(format!("{folder}/text.txt"), text_of(&paper));
    files.put(format!("{folder}/alt.txt"), alternatives(context));
    for view in View::of(context.release) {
        files.put(format!("{folder}/{}.csv", view.code()), csv(context, *view));
    }
}

/// What a picture of a view shows, for those who do not see it.
pub(super) fn alternative(context: &Context<'_>, view: View) -> String {
    let text = match view {
        View::Promises => ALT_PROMISES,
        View::Map => ALT_MAP,
        View::Statistics => ALT_STATISTICS,
    };
    text.with(context.lang, &[("sentence", &sentence(context, view))])
}

fn alternatives(context: &Context<'_>) -> String {
    let line = |view: &View| format!("{}: {}\n", view.code(), alternative(context, *view));
    View::of(context.release).iter().map(line).collect()
}

/// As many rows as fit into the words, and how many there are.
fn paper(context: &Context<'_>) -> Paper {
    let n = context.release.follow_up.promises.iter().map(|promise| promise.commitments.len()).sum();
    let fits = |rows: &usize| words(&with_rows(context, *rows, n)) <= MOST_WORDS;
    let rows = (0..=n).rev().find(fits).unwrap_or(0);
    with_rows(context, rows, n)
}

/// Words of a paper as word processors count them: what stands between blanks.
fn words(paper: &Paper) -> usize {
    text_of(paper).split_whitespace().count()
}

fn with_rows(context: &Context<'_>, rows: usize, of: usize) -> Paper {
    let lang = context.lang;
    let edition = &context.release.edition;
    let follow_up = &context.release.follow_up;
    let mut blocks = vec![Block::para(follow_up::dates(context))];
    if of > 0 {
        blocks.push(Block::heading(2, COMMITMENTS.of(lang)));
        let all = follow_up.promises.iter().flat_map(|promise| &promise.commitments);
        blocks.push(Block::Table(Table {
            caption: CAPTION.of(lang).to_string(),
            head: [H_WHAT, H_TARGET, H_DONE, H_STATUS].map(|text| text.of(lang).to_string()).to_vec(),
            numeric: vec![false; 4],
            rows: all.take(rows).map(|commitment| row(commitment, lang)).collect(),
        }));
        if rows < of {
            blocks.push(Block::para(MORE.with(lang, &[("n", &rows.to_string()), ("of", &of.to_string())])));
        }
    }
    blocks.push(Block::para(sentence(context, View::Map)));
    if context.release.statistics.is_some() {
        blocks.push(Block::para(sentence(context, View::Statistics)));
    }
    if !follow_up.invitations.is_empty() {
        let invited = |i: &crate::release::deeds::Invitation| {
            let area = i.area.as_ref().map_or_else(|| context.publisher(), |area| name(area, lang));
            line(INVITED.with(lang, &[("day", &date(i.day)), ("kind", name(&i.kind, lang)), ("area", area)]))
        };
        blocks.push(Block::heading(2, INVITE.of(lang)));
        blocks.push(Block::List(follow_up.invitations.iter().take(3).map(invited).collect()));
    }
    blocks.push(Block::heading(2, unknown::title(lang)));
    blocks.push(Block::List(unknown::lines(context).into_iter().take(4).map(line).collect()));
    let url = context.absolute(&context.page("lofte"));
    let (n, day) = (edition.number.to_string(), date(edition.published_on));
    let source = [("publisher", context.publisher()), ("n", &n), ("date", &day), ("url", &url)];
    blocks.push(Block::para(SOURCE.with(lang, &source)));
    Paper {
        lang,
        title: TITLE.of(lang).to_string(),
        lead: vec![line(sentence(context, View::Promises))],
        blocks,
        synthetic: edition.synthetic,
    }
}

fn row(commitment: &PublicCommitment, lang: Lang) -> Vec<Line> {
    vec![
        line(name(&commitment.names, lang)),
        line(target(commitment, lang)),
        line(done(commitment, lang)),
        vec![Inline::Mark(mark(commitment.status, lang))],
    ]
}

/// Headings, paragraphs, lists and tables as bare elements: what editors keep when something is pasted.
fn html_of(paper: &Paper) -> String {
    let lines = |lines: &[Line]| html! { ul { @for line in lines { li { (plain(line)) } } } };
    let block = |block: &Block| -> Markup {
        match block {
            Block::Heading { level: 0..=2, text, .. } => html! { h2 { (text) } },
            Block::Heading { text, .. } => html! { h3 { (text) } },
            Block::Para(line) | Block::Note(line) => html! { p { (plain(line)) } },
            Block::List(list) => lines(list),
            Block::Table(table) => html! {
                table {
                    caption { (table.caption) }
                    thead { tr { @for head in &table.head { th scope="col" { (head) } } } }
                    tbody {
                        @for row in &table.rows {
                            tr { @for (i, cell) in row.iter().enumerate() {
                                @if i == 0 { th scope="row" { (plain(cell)) } } @else { td { (plain(cell)) } }
                            } }
                        }
                    }
                }
            },
            Block::PageBreak => html! {},
        }
    };
    let body = html! {
        h1 { (paper.title) }
        @if paper.synthetic { p { (synthetic_note(paper.lang)) } }
        @for lead in &paper.lead { p { (plain(lead)) } }
        @for part in &paper.blocks { (block(part)) }
    };
    // The mark of order says that it is UTF-8 where the file is opened from a disk, which nothing else in it could. A
    // line for each element: the file is read by people too.
    format!("\u{feff}{}\n", body.into_string().replace("><", ">\n<"))
}

/// The same without any form: a table is one line per row.
fn text_of(paper: &Paper) -> String {
    let mut out = format!("{}\n\n", paper.title);
    if paper.synthetic {
        out.push_str(&format!("{}\n\n", synthetic_note(paper.lang)));
    }
    paper.lead.iter().for_each(|lead| out.push_str(&format!("{}\n\n", plain(lead))));
    for block in &paper.blocks {
        match block {
            Block::Heading { text, .. } => out.push_str(&format!("{text}\n\n")),
            Block::Para(line) | Block::Note(line) => out.push_str(&format!("{}\n\n", plain(line))),
            Block::List(lines) => {
                lines.iter().for_each(|line| out.push_str(&format!("- {}\n", plain(line))));
                out.push('\n');
            }
            Block::Table(table) => {
                for row in &table.rows {
                    let cells = row.iter().zip(&table.head).skip(1);
                    let said: Vec<String> = cells.map(|(cell, head)| format!("{head}: {}", plain(cell))).collect();
                    out.push_str(&format!(
                        "- {} ({})\n",
                        row.first().map(|cell| plain(cell)).unwrap_or_default(),
                        said.join("; ")
                    ));
                }
                out.push('\n');
            }
            Block::PageBreak => {}
        }
    }
    out
}

/// The table of a view for a spreadsheet: in Swedish with semicolons and a mark of order, as Excel there expects.
fn csv(context: &Context<'_>, view: View) -> Vec<u8> {
    let lang = context.lang;
    let (head, rows) = match view {
        View::Promises => promise_rows(context),
        View::Map => deed_rows(context),
        View::Statistics => report_rows(context),
    };
    let head: Vec<&str> = head.iter().map(|text| text.of(lang)).collect();
    let bytes = csv_bytes(&head, rows, lang.pick(b';', b','));
    lang.pick([b"\xef\xbb\xbf".as_slice(), &bytes].concat(), bytes.clone())
}

type Sheet = (Vec<crate::text::lang::Text>, Vec<Vec<String>>);

fn promise_rows(context: &Context<'_>) -> Sheet {
    let lang = context.lang;
    let all = context.release.follow_up.promises.iter().flat_map(|promise| &promise.commitments);
    let row = |c: &PublicCommitment| {
        let status = mark(c.status, lang).word.to_string();
        vec![name(&c.names, lang).to_string(), target(c, lang), done(c, lang), status]
    };
    (vec![H_WHAT, H_TARGET, H_DONE, H_STATUS], all.map(row).collect())
}

fn deed_rows(context: &Context<'_>) -> Sheet {
    use super::data::deeds::{ACTION_STATUS, of_status};
    let lang = context.lang;
    let rows = context.release.follow_up.areas.iter().flat_map(|area| {
        let place = name(&area.names, lang).to_string();
        let actions = ACTION_STATUS.into_iter().zip(of_status(area));
        let actions =
            actions.map(|((_, sv, en), n)| (format!("{}: {}", ACTION.of(lang), lang.pick(sv, en)), n, String::new()));
        let work =
            area.done.iter().map(|deed| (name(&deed.names, lang).to_string(), deed.items, deed.reported.to_string()));
        work.chain(actions)
            .map(move |(what, n, reported)| vec![place.clone(), what, n.to_string(), reported])
            .collect::<Vec<_>>()
    });
    (vec![H_AREA, H_KIND, H_N, H_REPORTED], rows.collect())
}

fn report_rows(context: &Context<'_>) -> Sheet {
    use super::figures::category_names;
    use super::words::{days, place, shown};
    use crate::release::attack::{Place, Shown};
    let lang = context.lang;
    let policy = &context.release.edition.policy;
    let Some(statistics) = &context.release.statistics else { return (Vec::new(), Vec::new()) };
    let figures = statistics.figures.iter().filter(|s| !matches!(s.place, Place::Square { .. }));
    let row = |s: &crate::release::attack::Statement| {
        let count = match s.shown {
            // A spreadsheet counts with it, so no space stands in it.
            Shown::About(n) => n.to_string(),
            hidden => shown(Some(hidden), policy, lang),
        };
        let category = category_names(statistics, &s.category);
        vec![place(context.release, &s.place, lang), name(&category, lang).to_string(), days(&s.period, lang), count]
    };
    (vec![H_AREA, H_CATEGORY, H_PERIOD, H_REPORTS], figures.map(row).collect())
}

const ACTION: crate::text::lang::Text = crate::text::lang::Text::new("åtgärd", "action");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::public::Assets;
    use crate::release::test_release::{empty_release, follow_up_release, statistics_release};

    fn made(release: &crate::release::Protected<crate::release::Release>, lang: Lang) -> Files {
        let assets = Assets::default();
        let mut files = Files::default();
        put(&mut files, &Context { release: release.get(), lang, assets: &assets });
        files
    }

    fn text(files: &Files, path: &str) -> String {
        String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).to_vec()).expect("UTF-8")
    }

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn a_text_to_paste_has_under_300_words_and_only_plain_elements() {
        for release in [follow_up_release(), statistics_release(), empty_release()] {
            for lang in Lang::ALL {
                let files = made(&release, lang);
                let html = text(&files, &format!("cms/{}/text.html", lang.code()));
                let mut bare = String::new();
                for part in html.split('<').skip(1) {
                    let (tag, after) = part.split_once('>').expect("a tag ends");
                    let element = tag.trim_start_matches('/').split(' ').next().expect("a name");
                    let allowed =
                        ["h1", "h2", "h3", "p", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td"];
                    assert!(allowed.contains(&element), "{tag}");
                    assert!(!tag.contains("class") && !tag.contains("style") && !tag.contains("data-"), "{tag}");
                    bare.push_str(after);
                    bare.push(' ');
                }
                for read in [bare, text(&files, &format!("cms/{}/text.txt", lang.code()))] {
                    let n = read.split_whitespace().count();
                    assert!((40..300).contains(&n), "{n} words: {read}");
                }
            }
        }
    }

    #[test]
    fn a_table_that_is_cut_says_so() {
        let text = text(&made(&follow_up_release(), Lang::Sv), "cms/sv/text.txt");
        assert!(text.contains(" av 28. Alla finns på sidan om löftena."), "{text}");
    }

    #[test]
    fn each_view_has_a_text_for_those_who_do_not_see_it() {
        let alt = text(&made(&statistics_release(), Lang::En), "cms/en/alt.txt");
        assert_eq!(alt.lines().count(), 3);
        assert!(alt.contains(
            "karta: Map of the areas in the promise. Actions in the whole municipality on 2026-11-23: 4 done, 4 open"
        ));
    }

    #[test]
    fn swedish_spreadsheets_get_semicolons_and_english_ones_commas() {
        let sv = text(&made(&statistics_release(), Lang::Sv), "cms/sv/statistik.csv");
        assert!(sv.starts_with("\u{feff}Område;Kategori;Tid;Iakttagelser\n"), "{sv}");
        assert!(sv.contains("Hela kommunen;Alla;2025;1250\n") && sv.contains("Runneryd;klotter;2025;inte uppdelat\n"));
        let en = text(&made(&statistics_release(), Lang::En), "cms/en/karta.csv");
        assert!(en.starts_with("Area,What,Recorded one by one,Reported as a number\n"), "{en}");
        assert!(en.contains("Runneryd,targeted operation,1250,0\n") && en.contains("Runneryd,action: done,0,\n"));
    }
}
