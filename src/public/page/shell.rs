//! The shell of every page: head with link card, skip link, header with languages, main, footer.

use maud::{DOCTYPE, Markup, html};

use crate::public::assets::style_name;
use crate::public::context::{Context, View, page_path};
use crate::text::lang::{Lang, texts};
use crate::text::paper::synthetic_note;

texts! {
    SKIP: "Hoppa till innehållet", "Skip to content";
    NAV: "Sidor och språk", "Pages and language";
    HOME: "Översikt", "Overview";
    PROMISES: "Löftena", "The promises";
    STATISTICS: "Statistik", "Statistics";
    ABOUT: "Om uppgifterna", "About the data";
    ACCESS: "Tillgänglighet", "Accessibility";
    FEED: "Nya utgåvor (Atom)", "New releases (Atom)";
    RELEASE: "Utgåva {n}, publicerad {date}, gäller {period}.", "Release {n}, published {date}, for {period}.";
    REVISION: "Den här utgåvan rättar utgåva {n}.", "This release corrects release {n}.";
    CONTACT: "Hittar du ett fel? Skriv till oss.", "Have you found a fault? Write to us.";
}

/// Which page it is.
pub(super) struct Shell<'a> {
    /// Its path without language and end, such as `lofte`.
    pub(super) stem: &'static str,
    /// Its title.
    pub(super) title: &'a str,
    /// One sentence about what it says, for the link card.
    pub(super) sentence: &'a str,
    /// Whose picture goes with it.
    pub(super) view: View,
}

impl Shell<'_> {
    /// The whole page.
    pub(super) fn around(&self, context: &Context<'_>, main: &Markup) -> String {
        let lang = context.lang;
        let edition = &context.release.edition;
        let stems = [("index", HOME), ("lofte", PROMISES), ("statistik", STATISTICS), ("om", ABOUT)];
        let pages = stems.into_iter().filter(|(stem, _)| *stem != "statistik" || context.release.statistics.is_some());
        let about = RELEASE.with(
            lang,
            &[
                ("n", &edition.number.to_string()),
                ("date", &edition.published_on.to_string()),
                ("period", &context.period()),
            ],
        );
        html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " – " (context.publisher()) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href={ "assets/" (style_name()) };
                    (self.card(context))
                }
                body {
                    a.skip href="#main" { (SKIP.of(lang)) }
                    header.site {
                        a.name href=(context.page("index")) { (context.publisher()) }
                        nav aria-label=(NAV.of(lang)) {
                            ul {
                                @for (stem, text) in pages {
                                    li { a href=(context.page(stem)) aria-current=[(stem == self.stem).then_some("page")] { (text.of(lang)) } }
                                }
                                @let other = lang.pick(Lang::En, Lang::Sv);
                                li {
                                    a href=(page_path(self.stem, other)) lang=(other.code()) hreflang=(other.code()) {
                                        (other.pick("Svenska", "English"))
                                    }
                                }
                            }
                        }
                    }
                    main id="main" tabindex="-1" {
                        @if edition.synthetic { p.banner { (synthetic_note(lang)) } }
                        (main)
                    }
                    footer.site {
                        p {
                            (about)
                            @if let Some(n) = edition.revision_of { " " (REVISION.with(lang, &[("n", &n.to_string())])) }
                        }
                        p {
                            a href=(context.page("tillganglighet")) { (ACCESS.of(lang)) } " · "
                            a href="feed.atom" { (FEED.of(lang)) } " · "
                            a href=(edition.policy.publisher.contact) { (CONTACT.of(lang)) }
                        }
                    }
                }
            }
        }
        .into_string()
    }

    /// What other sites show of a link to the page.
    fn card(&self, context: &Context<'_>) -> Markup {
        let lang = context.lang;
        let url = context.absolute(&context.page(self.stem));
        let image = format!("picture/{}-{}-1200x675.png", self.view.code(), lang.code());
        let site = &context.release.edition.policy.publisher.site;
        let address = super::percent_encoded(&url);
        html! {
            meta name="description" content=(self.sentence);
            meta property="og:type" content="website";
            meta property="og:title" content=(self.title);
            meta property="og:description" content=(self.sentence);
            meta property="og:url" content=(url);
            meta property="og:site_name" content=(context.publisher());
            meta property="og:locale" content=(lang.pick("sv_SE", "en_GB"));
            meta property="og:image" content=(context.absolute(&image));
            meta property="og:image:width" content="1200";
            meta property="og:image:height" content="675";
            meta property="og:image:alt" content=(self.sentence);
            meta name="twitter:card" content="summary_large_image";
            @for other in Lang::ALL {
                link rel="alternate" hreflang=(other.code()) href=(page_path(self.stem, other));
            }
            link rel="alternate" type="application/atom+xml" title=(FEED.of(lang)) href="feed.atom";
            link rel="alternate" type="application/json+oembed" title=(self.title)
                href={ (site) "oembed?format=json&url=" (address) };
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
