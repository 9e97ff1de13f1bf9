//! The first page of a release: what is here, the map, and what can be taken from it.

use maud::html;

use super::follow_up::dates;
use super::shell::Shell;
use crate::public::context::{Context, View};
use crate::public::embed::{figure, path};
use crate::public::picture::title;
use crate::public::sentence::sentence;
use crate::text::lang::texts;

texts! {
    TITLE: "Löften, arbete och åtgärder", "Promises, work and actions";
    PROMISES: "Läs om löftena", "Read about the promises";
    STATISTICS: "Läs om iakttagelserna", "Read about the reports";
    MAP: "Områdena", "The areas";
    USE: "Visa det här på en annan webbplats", "Show this on another site";
    USE_NOTE: "Allt här får visas av alla. Ange källan.", "Everybody may show what is here. Name the source.";
    PICTURES: "Bilder: {title}", "Pictures: {title}";
    WIDE: "bred bild, PNG", "wide picture, PNG";
    SQUARE: "fyrkantig bild, PNG", "square picture, PNG";
    DRAWING: "SVG", "SVG";
    FRAME: "sida att bädda in", "page to embed";
    TEXTS: "Texter att klistra in", "Texts to paste";
    WITH_FORM: "med rubriker och tabell", "with headings and a table";
    PLAIN: "bara text", "text only";
    ALT: "text till bilderna", "text for the pictures";
}

/// The page.
pub(super) fn page(context: &Context<'_>) -> String {
    let lang = context.lang;
    let first = sentence(context, View::Promises);
    let code = lang.code();
    let main = html! {
        h1 { (TITLE.of(lang)) }
        p.lead { (first) }
        p { a href=(context.page("lofte")) { (PROMISES.of(lang)) } }
        @if context.release.statistics.is_some() {
            p.lead { (sentence(context, View::Statistics)) }
            p { a href=(context.page("statistik")) { (STATISTICS.of(lang)) } }
        }
        p { (dates(context)) }
        h2 { (MAP.of(lang)) }
        p { (sentence(context, View::Map)) }
        (figure(context, View::Map, ""))
        h2 id="visa" { (USE.of(lang)) }
        p { (USE_NOTE.of(lang)) }
        ul {
            @for view in View::of(context.release) {
                @let stem = format!("picture/{}-{code}", view.code());
                li {
                    (PICTURES.with(lang, &[("title", &title(context, *view))])) ": "
                    a href={ (stem) "-1200x675.png" } { (WIDE.of(lang)) } ", "
                    a href={ (stem) "-640x640.png" } { (SQUARE.of(lang)) } ", "
                    a href={ (stem) ".svg" } { (DRAWING.of(lang)) } ", "
                    a href=(path(*view, lang)) { (FRAME.of(lang)) }
                }
            }
            li {
                (TEXTS.of(lang)) ": "
                a href={ "cms/" (code) "/text.html" } { (WITH_FORM.of(lang)) } ", "
                a href={ "cms/" (code) "/text.txt" } { (PLAIN.of(lang)) } ", "
                a href={ "cms/" (code) "/alt.txt" } { (ALT.of(lang)) }
            }
        }
        (super::log::section(context))
    };
    Shell { stem: "index", title: TITLE.of(lang), sentence: &first, view: View::Promises }.around(context, &main)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
