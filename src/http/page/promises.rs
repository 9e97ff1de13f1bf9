//! `/lofte`: where the promises stand, and what every status rests on.

use maud::{Markup, html};

use super::login::in_lang;
use super::paper::{AS_OF, Asked, FORM, LANG, respond};
use crate::domain::Role;
use crate::followup::ledger::ledger;
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::text::lang::{Lang, Text, texts};
use crate::wire::followup::commitment_paper::commitment_paper;
use crate::wire::followup::ledger_paper::ledger_paper;

texts! {
    TEXTS: "Löftenas text och alla ändringar", "The text of the promises and every change";
    NEW_PROMISE: "Nytt löfte", "New promise";
    WORK: "Lägg in genomfört arbete", "Record work done";
    COUNT: "Lägg in ett rapporterat antal", "Record a reported count";
    BOOK: "Boka ett datum", "Book a date";
    COMMENT: "Kommentera", "Comment";
}

const READ: Access = Access::Role(Role::Reader);

pub(super) fn routes() -> Vec<Route<State>> {
    let document = Param::path("document", "id of the promise document", "an id");
    let commitment = Param::path("commitment", "id of the commitment in it", "an id");
    let one = vec![document, commitment, LANG, FORM, AS_OF];
    vec![
        Route::get("/lofte", READ, "Where the promises stand", vec![LANG, FORM, AS_OF], all),
        Route::get("/lofte/{document}/{commitment}", READ, "One commitment with its evidence", one, self::one),
    ]
}

async fn all(call: Call<State>) -> Answer {
    let asked = Asked::read(&call, "/lofte".to_string())?;
    let (as_of, lang) = (asked.as_of, asked.lang);
    respond(
        &call,
        asked,
        "promises",
        move |_, book| Ok(ledger_paper(book, &ledger(book, as_of), lang)),
        move |_| links(&[(TEXTS, "/loften"), (NEW_PROMISE, "/loften/ny")], lang),
    )
    .await
}

async fn one(call: Call<State>) -> Answer {
    let (document, commitment) = (call.path_value("document").to_string(), call.path_value("commitment").to_string());
    let asked = Asked::read(&call, format!("/lofte/{document}/{commitment}"))?;
    let (as_of, lang) = (asked.as_of, asked.lang);
    respond(
        &call,
        asked,
        "commitment",
        move |_, book| {
            let paper = commitment_paper(book, &ledger(book, as_of), &document, &commitment, lang);
            paper.ok_or_else(|| Problem::NotFound(format!("commitment '{commitment}' in promise '{document}'")))
        },
        move |_| {
            let more = [
                (WORK, "/genomfort/ny"),
                (COUNT, "/rapporterade-antal/ny"),
                (BOOK, "/inbokat/ny"),
                (COMMENT, "/kommentarer/ny"),
            ];
            links(&more, lang)
        },
    )
    .await
}

/// Where to go from here; not on paper.
fn links(links: &[(Text, &str)], lang: Lang) -> Markup {
    html! {
        p.on-screen {
            @for (i, (text, path)) in links.iter().enumerate() {
                @if i > 0 { " · " }
                a href=(in_lang(path, lang)) { (text.of(lang)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
