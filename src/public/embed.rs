//! Embeds: a sentence, a map or the statuses, a legend, a table that opens, the source. Prebuilt, at most 40 kB
//! compressed, complete without script; nothing is stored and nothing comes from another origin.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets::style_name;
use super::context::{Context, View, page_path};
use super::files::Files;
use super::map::{self, Sign, swatch};
use super::page::table::{Cell, Key, Row, table};
use super::page::{follow_up, statistics};
use super::picture::{progress, source, title};
use super::sentence::sentence;
use super::words::{done, name, target};
use crate::release::deeds::PublicCommitment;
use crate::text::lang::{Lang, texts};
use crate::text::paper::synthetic_note;

texts! {
    TABLE: "Visa uppgifterna som tabell", "Show the data as a table";
    MORE: "Hela sidan", "The whole page";
    H_WHAT: "Utlovad aktivitet", "Commitment";
    H_TARGET: "Mål", "Target";
    H_DONE: "Gjort", "Done";
    H_STATUS: "Läge", "Status";
    DENSITY: "Karta över tätheten av iakttagelser per km²", "Map of the density of reports per km²";
    CAPTION: "Löftena", "The promises";
}

/// Adds the embed of a view.
pub(super) fn put(files: &mut Files, context: &Context<'_>, view: View) {
    files.put(path(view, context.lang), page(context, view));
}

/// Where an embed is.
pub(super) fn path(view: View, lang: Lang) -> String {
    format!("embed/{}/{}.html", lang.code(), view.code())
}

fn page(context: &Context<'_>, view: View) -> String {
    let lang = context.lang;
    let other = lang.pick(Lang::En, Lang::Sv);
    let (title, sentence) = (title(context, view), sentence(context, view));
    let stem = match view {
        View::Promises => "lofte",
        View::Map => "index",
        View::Statistics => "statistik",
    };
    let resize = context.assets.named("resize", "js");
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (context.publisher()) }
                link rel="icon" href="data:,";
                link rel="stylesheet" href={ "../../assets/" (style_name()) };
                @if let Some(script) = resize { script defer src={ "../../assets/" (script) } {} }
            }
            body.embed data-release=(context.release.edition.number) data-view=(view.code()) data-lang=(lang.code()) {
                main {
                    @if context.release.edition.synthetic { p.banner { (synthetic_note(lang)) } }
                    h1 { (title) }
                    p.lead { (sentence) }
                    @if view == View::Promises { (statuses(context)) } @else { (figure(context, view, "../../")) }
                    details {
                        summary { (TABLE.of(lang)) }
                        @match view {
                            View::Promises => (promise_table(context)),
                            View::Map => { (follow_up::work(context)) (follow_up::actions(context)) },
                            View::Statistics => (statistics::tables(context)),
                        }
                    }
                    p.source {
                        (source(context)) " · "
                        a href={ "../../" (page_path(stem, lang)) } target="_top" { (MORE.of(lang)) } " · "
                        a href={ "../" (other.code()) "/" (view.code()) ".html" } lang=(other.code()) hreflang=(other.code()) {
                            (other.pick("Svenska", "English"))
                        }
                    }
                }
            }
        }
    }
    .into_string()
}

/// The map with its legend, or why there is none. The script of the interactive map takes what it shows
/// from the files that `data-areas` and `data-grids` name; `root` leads from the page to the root of the release.
pub(super) fn figure(context: &Context<'_>, view: View, root: &str) -> Markup {
    let drawing = map::draw(context, view, None);
    let note = map::note(context, view);
    let script = context.assets.named("embed", "js");
    let title_id = format!("{}-title", view.code());
    let text_id = format!("{}-text", view.code());
    html! {
        @if let Some(note) = note { p { (note) } }
        @if let Some(drawing) = drawing {
            // Apart from the map, which the interactive one hides: legends need the patterns too.
            svg.patterns width="0" height="0" aria-hidden="true" focusable="false" { (PreEscaped(map::defs())) }
            figure.map data-map=(view.code()) data-areas={ (root) "data/areas.geojson" }
                data-grids=[grids_of(context, view, root)] {
                svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (drawing.w) " " (drawing.h) } role="img"
                    aria-labelledby={ (title_id) " " (text_id) } {
                    title id=(title_id) { (title(context, view)) }
                    desc id=(text_id) { (sentence(context, view)) }
                    (PreEscaped(drawing.body))
                }
                figcaption { (legend(&map::legend(context, view))) }
            }
            @if let Some(script) = script { script type="module" src={ (root) "assets/" (script) } {} }
        }
    }
}

/// Addresses of the squares that the map shows, the largest size first; none where it shows areas alone.
fn grids_of(context: &Context<'_>, view: View, root: &str) -> Option<String> {
    let statistics = context.release.statistics.as_ref().filter(|_| map::has_squares(context.release, view))?;
    let urls: Vec<String> =
        statistics.levels_m.iter().map(|cell_m| format!("{root}data/grid-{cell_m}m.geojson")).collect();
    Some(urls.join(" "))
}

/// The classes of density as a map of their own, for the page of statistics.
pub(super) fn density_figure(context: &Context<'_>) -> Markup {
    let Some((drawing, entries)) = map::draw_density(context) else { return html! {} };
    html! {
        figure.map {
            svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (drawing.w) " " (drawing.h) } role="img"
                aria-labelledby="density-title" {
                title id="density-title" { (DENSITY.of(context.lang)) }
                (PreEscaped(drawing.body))
            }
            figcaption { (legend(&entries)) }
        }
    }
}

fn legend(entries: &[map::Entry]) -> Markup {
    html! {
        ul.legend {
            @for entry in entries {
                li {
                    @match entry.sign {
                        Sign::Number(n) => { span.number { (n) } },
                        Sign::Surface(fill) => {
                            svg viewBox="0 0 36 24" width="36" height="24" aria-hidden="true" { (PreEscaped(swatch(fill))) }
                        },
                        Sign::None => { span.number aria-hidden="true" { "–" } },
                    }
                    span { (entry.text) }
                }
            }
        }
    }
}

fn all<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a PublicCommitment> {
    context.release.follow_up.promises.iter().flat_map(|promise| &promise.commitments)
}

fn statuses(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    html! {
        ul.states {
            @for c in all(context) {
                li {
                    (follow_up::status(c.status, lang)) " – " (name(&c.names, lang))
                    @if let Some(said) = progress(c, lang) { small { (said) } }
                }
            }
        }
    }
}

fn promise_table(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    let row = |c: &PublicCommitment| Row {
        key: Key { commitment: Some(c.id.to_string()), ..Key::default() },
        cells: vec![
            Cell::words(name(&c.names, lang)),
            Cell::words(target(c, lang)),
            Cell::words(done(c, lang)),
            Cell::words(follow_up::status(c.status, lang)),
        ],
    };
    let rows: Vec<Row> = all(context).map(row).collect();
    let head = [H_WHAT, H_TARGET, H_DONE, H_STATUS].map(|text| text.of(lang));
    table(CAPTION.of(lang), &head, &rows)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::public::Assets;
    use crate::release::test_release::{
        empty_release, follow_up_release, nothing_reported_release, statistics_release,
    };

    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(ALL), Vec::<String>::new());
    }

    #[test]
    fn an_embed_is_small_and_bears_the_strictest_content_policy() {
        let assets = Assets::default();
        for release in [follow_up_release(), statistics_release(), nothing_reported_release(), empty_release()] {
            for lang in Lang::ALL {
                for view in View::of(release.get()) {
                    let html = page(&Context { release: release.get(), lang, assets: &assets }, *view);
                    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                    gzip.write_all(html.as_bytes()).expect("a vector");
                    let size = gzip.finish().expect("a vector").len();
                    assert!(size <= 40_000, "{view:?}: {size}");
                    assert!(
                        !html.contains(" style=") && !html.contains("<style") && !html.contains("<script"),
                        "{view:?}"
                    );
                    assert!(!html.contains(" onclick") && !html.contains("src=\"http") && !html.contains("url(http"));
                }
            }
        }
    }
}
