//! The statement of accessibility, with the parts that the Swedish agency DIGG asks for (law 2018:1937, regulation
//! MDFFS 2019:2): who, what, how far it conforms, what does not, what to do about it, supervision, tests, dates.

use maud::html;

use super::shell::Shell;
use crate::public::context::{Context, View};
use crate::public::words::date;
use crate::text::lang::texts;

texts! {
    TITLE: "Tillgänglighet för de här sidorna", "Accessibility of these pages";
    OWNER: "{publisher} står bakom de här sidorna. Vi vill att alla ska kunna läsa dem. Här står hur sidorna följer lagen om tillgänglighet till digital offentlig service, vilka brister vi känner till och hur du säger till om fler.",
        "{publisher} is behind these pages. We want everybody to be able to read them. This is how the pages follow the Swedish law on accessibility of digital public service, which faults we know of, and how you tell us about more.";
    HOW: "Hur tillgängliga är sidorna?", "How accessible are the pages?";
    PARTLY: "Vi vet att delar av sidorna inte är helt tillgängliga. Se bristerna nedan.", "We know that parts of the pages are not fully accessible. See the faults below.";
    HELP: "Om du inte kan använda en del av sidorna", "If you cannot use a part of the pages";
    HELP_TEXT: "Skriv till oss, så skickar vi uppgifterna på ett sätt som passar dig.", "Write to us, and we will send you the data in a way that suits you.";
    CONTACT: "Skriv till {publisher}", "Write to {publisher}";
    REPORT: "Berätta om en brist", "Tell us about a fault";
    REPORT_TEXT: "Vi vill bli bättre. Hittar du något som inte står här, eller följer sidorna inte lagen, så hör av dig.",
        "We want to do better. If you find something that is not listed here, or the pages do not follow the law, tell us.";
    SUPERVISION: "Tillsyn", "Supervision";
    SUPERVISION_TEXT: "Myndigheten för digital förvaltning, Digg, ser till att lagen följs. Är du inte nöjd med vårt svar kan du anmäla det till Digg.",
        "The Agency for Digital Government, Digg, sees to it that the law is followed. If you are not content with our answer you can report it to Digg.";
    DIGG: "Anmäl till Digg (digg.se/tdosanmalan)", "Report to Digg (digg.se/tdosanmalan)";
    TECHNICAL: "Teknisk information", "Technical information";
    CONFORMS: "Sidorna är delvis förenliga med lagen. Grunden är standarden EN 301 549 och WCAG 2.1, nivå AA.", "The pages conform partly with the law. The basis is the standard EN 301 549 and WCAG 2.1, level AA.";
    FAULTS: "Innehåll som inte är tillgängligt", "Content that is not accessible";
    F_SMALL: "Namnen i kartans bild blir små på en smal skärm. Samma namn och tal står i listan under kartan.", "The names in the picture of the map become small on a narrow screen. The same names and numbers are in the list below the map.";
    F_PICTURES: "Bilderna som kan laddas ner är bilder av text. Samma text finns på sidan och som fil.", "The pictures to download are pictures of text. The same text is on the page and in a file.";
    F_LANGUAGE: "Löftets ord och parternas kommentarer finns bara på svenska.", "The words of the promise and the comments by the parties are in Swedish only.";
    F_INTERACTIVE: "Den interaktiva kartan är ett tillägg. Den kräver skript och kan vara svår för den som använder skärmläsare. Tabellen har samma uppgifter.",
        "The interactive map is an addition. It needs scripts and can be hard for those who use a screen reader. The table has the same data.";
    TESTS: "Så har vi testat", "How we have tested";
    TESTS_TEXT: "Sidorna testas med program varje gång de ändras: kontraster, rubriker, tabeller, bredd från 320 punkter och att allt fungerar utan skript. Vi har också gått igenom dem själva.",
        "The pages are tested with programs each time they change: contrasts, headings, tables, widths from 320 pixels, and that all works without scripts. We have also gone through them ourselves.";
    TESTED: "Senaste bedömningen gjordes {date}.", "The last assessment was made on {date}.";
    PUBLISHED: "Den här utgåvan publicerades {date}, och då uppdaterades redogörelsen.", "This release was published on {date}, when this statement was updated.";
}

/// The page.
pub(super) fn page(context: &Context<'_>) -> String {
    let lang = context.lang;
    let edition = &context.release.edition;
    let publisher = &edition.policy.publisher;
    let named = [("publisher", context.publisher())];
    let owner = OWNER.with(lang, &named);
    let main = html! {
        h1 { (TITLE.of(lang)) }
        p { (owner) }
        h2 { (HOW.of(lang)) }
        p { (PARTLY.of(lang)) }
        h2 { (HELP.of(lang)) }
        p { (HELP_TEXT.of(lang)) }
        p { a href=(publisher.contact) { (CONTACT.with(lang, &named)) } }
        h2 { (REPORT.of(lang)) }
        p { (REPORT_TEXT.of(lang)) }
        p { a href=(publisher.contact) { (CONTACT.with(lang, &named)) } }
        h2 { (SUPERVISION.of(lang)) }
        p { (SUPERVISION_TEXT.of(lang)) }
        p { a href="https://www.digg.se/tdosanmalan" { (DIGG.of(lang)) } }
        h2 { (TECHNICAL.of(lang)) }
        p { (CONFORMS.of(lang)) }
        h3 { (FAULTS.of(lang)) }
        ul { @for fault in [F_SMALL, F_PICTURES, F_LANGUAGE, F_INTERACTIVE] { li { (fault.of(lang)) } } }
        h2 { (TESTS.of(lang)) }
        p { (TESTS_TEXT.of(lang)) }
        p { (TESTED.with(lang, &[("date", &date(publisher.accessibility_tested_on))])) }
        p { (PUBLISHED.with(lang, &[("date", &date(edition.published_on))])) }
    };
    let sentence = PARTLY.of(lang);
    Shell { stem: "tillganglighet", title: TITLE.of(lang), sentence, view: View::Promises }.around(context, &main)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
