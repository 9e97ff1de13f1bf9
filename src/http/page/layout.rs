//! The shell of every page: head, skip link, header with languages, main, footer. And the style sheet.

use std::sync::OnceLock;

use maud::{DOCTYPE, Markup, html};
use sha2::{Digest, Sha256};

use super::texts::{self, Lang, Text};
use crate::wire::SOFTWARE;

/// The style sheet as it is served.
pub(super) const STYLE: &str = include_str!("style.css");

/// The file name of the style sheet: it changes with its bytes, so browsers may keep it for ever.
pub(super) fn style_name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let hash = Sha256::digest(STYLE.as_bytes());
        let digits: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("style-{digits}.css")
    })
}

/// Pages of the follow-up that the foot of every page leads to.
const FOLLOW_UP: [(&str, Text); 8] = [
    ("/utgavor", texts::RELEASES),
    ("/inventeringar", texts::INVENTORIES),
    ("/moten", texts::MEETINGS),
    ("/forsenade-atgarder", texts::OVERDUE),
    ("/atgarder", texts::ACTION_LIST),
    ("/rapporterade-antal", texts::COUNT_LIST),
    ("/inbokat", texts::BOOKING_LIST),
    ("/trygghetsmatningar", texts::SURVEY_LIST),
];

/// What differs between pages.
pub(super) struct Shell<'a> {
    pub(super) lang: Lang,
    pub(super) title: &'a str,
    /// The same page in a language.
    pub(super) url_in: &'a dyn Fn(Lang) -> String,
    /// Where the name of the site leads.
    pub(super) home: String,
}

impl Shell<'_> {
    /// The whole page around its main content.
    pub(super) fn around(&self, main: &Markup) -> Markup {
        let lang = self.lang;
        html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light";
                    title { (self.title) " – " (texts::SITE.of(lang)) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href={ "/assets/" (style_name()) };
                }
                body {
                    a.skip href="#main" { (texts::SKIP.of(lang)) }
                    header.site {
                        a.name href=(self.home) { (texts::SITE.of(lang)) }
                        nav aria-label=(texts::ACCOUNT_AND_LANGUAGE.of(lang)) {
                            ul {
                                @for (path, text) in [("/lofte", texts::PROMISES), ("/vecka", texts::WEEK), ("/lagesbild", texts::PICTURE)] {
                                    li { a href=(super::login::in_lang(path, lang)) { (text.of(lang)) } }
                                }
                                li { a href=(super::login::in_lang("/import", lang)) { (texts::IMPORT.of(lang)) } }
                                li { a href=(super::login::in_lang("/account", lang)) { (texts::ACCOUNT.of(lang)) } }
                                @for (other, name) in [(Lang::Sv, "Svenska"), (Lang::En, "English")] {
                                    li {
                                        a href=((self.url_in)(other)) lang=(other.code()) hreflang=(other.code())
                                            aria-current=[(other == lang).then_some("true")] { (name) }
                                    }
                                }
                            }
                        }
                    }
                    main id="main" tabindex="-1" { (main) }
                    footer.site {
                        p {
                            a href=(super::login::in_lang("/iakttagelser/ny", lang)) { (texts::NEW_OBSERVATION.of(lang)) } " · "
                            a href=(super::login::in_lang("/iakttagelser", lang)) { (texts::OBSERVATION_LIST.of(lang)) } " · "
                            a href=(super::login::in_lang("/genomfort/ny", lang)) { (texts::NEW_ACTIVITY.of(lang)) } " · "
                            a href=(super::login::in_lang("/genomfort", lang)) { (texts::ACTIVITY_LIST.of(lang)) }
                        }
                        p {
                            @for (path, text) in FOLLOW_UP {
                                a href=(super::login::in_lang(path, lang)) { (text.of(lang)) } " · "
                            }
                            a href=(super::login::in_lang("/lofte.atom", lang)) { (texts::FEED_CHANGES.of(lang)) } " · "
                            a href=(super::login::in_lang("/kalender.ics", lang)) { (texts::FEED_CALENDAR.of(lang)) }
                        }
                        p {
                            (texts::FOR_PROGRAMS.of(lang)) ": "
                            a href="/api" { "/api" } " · "
                            a href="/api/promises" { "/api/promises" } " · "
                            a href="/api/areas/summary" { "/api/areas/summary" } " · "
                            a href="/api/layers/grid" { "/api/layers/grid" } " · "
                            a href="/api/layers/kde" { "/api/layers/kde" } " · "
                            a href="/api/layers/hex" { "/api/layers/hex" }
                        }
                        p { (SOFTWARE) }
                    }
                }
            }
        }
    }
}
