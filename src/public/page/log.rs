//! The log of releases: what was published before, what was corrected, what was withdrawn and why.

use maud::{Markup, html};

use super::table::{Cell, Key, Row, table};
use crate::public::context::Context;
use crate::public::words::{date, days};
use crate::release::{Earlier, Stream};
use crate::text::lang::{Lang, texts};

texts! {
    TITLE: "Tidigare utgåvor", "Releases before";
    INTRO: "En utgåva ändras aldrig. Blir något fel kommer en ny, och den gamla står kvar i listan.", "A release is never changed. When something is wrong a new one comes, and the old one stays in the list.";
    NONE: "Det här är den första utgåvan.", "This is the first release.";
    CAPTION: "Utgåvor före den här, den senaste först", "Releases before this one, the newest first";
    H_N: "Utgåva", "Release";
    H_WHAT: "Innehåll", "Content";
    H_PERIOD: "Gäller", "For";
    H_DATE: "Publicerad", "Published";
    H_NOTE: "Anmärkning", "Note";
    FOLLOW_UP: "uppföljning", "follow-up";
    STATISTICS: "statistik", "statistics";
    REVISES: "rättar utgåva {n}", "corrects release {n}";
    CORRECTED: "rättad text {date}: {text}", "text corrected {date}: {text}";
    WITHDRAWN: "indragen {date}: {why}", "withdrawn {date}: {why}";
}

/// The section, with a heading of level 2.
pub(in crate::public) fn section(context: &Context<'_>) -> Markup {
    let lang = context.lang;
    let rows: Vec<Row> = context.release.edition.earlier.iter().rev().map(|earlier| row(earlier, lang)).collect();
    let head = [H_N, H_WHAT, H_PERIOD, H_DATE, H_NOTE].map(|text| text.of(lang));
    html! {
        section {
            h2 id="utgavor" { (TITLE.of(lang)) }
            p { (INTRO.of(lang)) @if rows.is_empty() { " " (NONE.of(lang)) } }
            @if !rows.is_empty() { (table(CAPTION.of(lang), &head, &rows)) }
        }
    }
}

/// The word of a stream.
pub(in crate::public) fn stream(stream: Stream, lang: Lang) -> &'static str {
    match stream {
        Stream::FollowUp => FOLLOW_UP.of(lang),
        Stream::Statistics => STATISTICS.of(lang),
    }
}

fn row(earlier: &Earlier, lang: Lang) -> Row {
    let revises = earlier.revision_of.map(|n| REVISES.with(lang, &[("n", &n.to_string())]));
    let withdrawn =
        earlier.withdrawn.as_ref().map(|(day, why)| WITHDRAWN.with(lang, &[("date", &date(*day)), ("why", why)]));
    let corrected = earlier
        .corrections
        .iter()
        .map(|(day, text)| CORRECTED.with(lang, &[("date", &date(*day)), ("text", lang.pick(&text.sv, &text.en))]));
    let notes: Vec<String> = revises.into_iter().chain(corrected).chain(withdrawn).collect();
    let note = if notes.is_empty() { "–".to_string() } else { notes.join("; ") };
    let cells = vec![
        Cell::words(earlier.number),
        Cell::words(stream(earlier.stream, lang)),
        Cell::words(days(&earlier.period, lang)),
        Cell::words(date(earlier.published_on)),
        Cell::words(note),
    ];
    Row { key: Key::default(), cells }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
