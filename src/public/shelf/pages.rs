//! Small pages of the shelf itself: what is published, that something is not here, that a release was withdrawn.
//!
//! They bring their style with them, so they look the same at every depth and in every frame.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::file::Kind;
use super::index::{Entry, Index};
use super::{Stock, Which, rules};
use crate::text::lang::{Lang, Text};

const STYLE: &str = "body{margin:0;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;\
                     overflow-wrap:anywhere}h1{font-size:1.25rem;margin:0 0 .5rem}p,ul{margin:.5rem 0;max-width:40rem}\
                     a{color:#0b5394}@media (forced-colors:active){a{color:LinkText}}";

const PUBLISHED: Text = Text::new("Publicerade utgåvor", "Published releases");
const NOTHING: Text = Text::new("Inget är publicerat ännu.", "Nothing has been published yet.");
const RELEASE: Text = Text::new(
    "Utgåva {number}: {stream} {period}, publicerad {day}",
    "Release {number}: {stream} {period}, published {day}",
);
const FOLLOW_UP: Text = Text::new("uppföljning", "follow-up");
const STATISTICS: Text = Text::new("statistik", "statistics");
const WITHDRAWN: Text = Text::new("Utgåva {number} drogs tillbaka {day}.", "Release {number} was withdrawn on {day}.");
const REASON: Text = Text::new("Skäl: {reason}", "Reason: {reason}");
const NEWEST: Text = Text::new("Till den senaste utgåvan", "To the newest release");
const NO_PAGE: Text = Text::new("Sidan finns inte", "There is no such page");
const NO_PAGE_TEXT: Text = Text::new(
    "Adressen leder inte till något som är publicerat.",
    "The address does not lead to anything that is published.",
);
const NO_VIEW: Text = Text::new("Vyn ”{view}” finns inte", "There is no view “{view}”");
const NO_VIEW_TEXT: Text = Text::new(
    "Den här rutan skulle visa en vy som inte finns. Be den som ansvarar för sidan att kontrollera koden för inbäddning.",
    "This frame was to show a view that does not exist. Ask those responsible for the page to check the embed code.",
);
const VIEWS: Text = Text::new("Vyer som finns: {views}.", "Views there are: {views}.");
const OTHER_LANG: Text = Text::new("In English", "På svenska");

/// Who may show a page of the shelf itself at this path, and its content security policy: its own style by its hash,
/// nothing else.
pub fn policy(path: &str, index: &Index) -> (Kind, String) {
    let hash = base64(&Sha256::digest(STYLE));
    let rest = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    let kind = if embed_of(path).is_some() { Kind::Embed } else { Kind::Page };
    (kind, rules::policy(&rest, kind, &index.allowed_hosts))
}

pub(super) fn front(stock: &Stock, lang: Lang) -> String {
    let withdrawn = stock.index().releases.iter().filter(|entry| entry.withdrawn_on.is_some());
    let title = PUBLISHED.of(lang);
    let body = html! {
        h1 { (title) }
        @if stock.index().releases.is_empty() { p { (NOTHING.of(lang)) } }
        ul {
            @for entry in stock.served() {
                li { a href=(index_of(entry, lang)) { (release(entry, lang)) } }
            }
            @for entry in withdrawn { li { (withdrawal(entry, lang)) } }
        }
        @let other = lang.pick(Lang::En, Lang::Sv);
        p { a href=(format!("?lang={}", other.code())) lang=(other.code()) { (OTHER_LANG.of(lang)) } }
    };
    page(lang, title, &body)
}

pub(super) fn missing(stock: &Stock, path: &str) -> String {
    let Some(asked) = embed_of(path) else {
        let home = home(path);
        return in_both(NO_PAGE.sv, &|lang| {
            html! {
                h1 { (NO_PAGE.of(lang)) }
                p { (NO_PAGE_TEXT.of(lang)) }
                p { a href=(home) { (PUBLISHED.of(lang)) } }
            }
        });
    };
    let shown: String = asked.view.trim_end_matches(".html").chars().take(60).collect();
    let body = |lang: Lang| {
        let views = stock.views(asked.which, lang).join(", ");
        html! {
            h1 { (NO_VIEW.with(lang, &[("view", &shown)])) }
            p {
                (NO_VIEW_TEXT.of(lang))
                @if !views.is_empty() { " " (VIEWS.with(lang, &[("views", &views)])) }
            }
        }
    };
    match asked.lang {
        Some(lang) => page(lang, &NO_VIEW.with(lang, &[("view", &shown)]), &body(lang)),
        None => in_both(&NO_VIEW.with(Lang::Sv, &[("view", &shown)]), &body),
    }
}

pub(super) fn withdrawn(path: &str, entry: &Entry) -> String {
    let asked = embed_of(path);
    let home = home(path);
    let body = |lang: Lang| {
        html! {
            h1 { (withdrawal(entry, lang)) }
            // A frame that followed the link would show a page that is not for frames.
            @if asked.is_none() { p { a href=(home) { (PUBLISHED.of(lang)) } } }
            @else { p { a href=(home) target="_blank" rel="noopener" { (NEWEST.of(lang)) } } }
        }
    };
    match asked.as_ref().and_then(|asked| asked.lang) {
        Some(lang) => page(lang, &withdrawal(entry, lang), &body(lang)),
        None => in_both(&withdrawal(entry, Lang::Sv), &body),
    }
}

fn withdrawal(entry: &Entry, lang: Lang) -> String {
    let (number, day) = (entry.number.to_string(), entry.withdrawn_on.map(|day| day.to_string()).unwrap_or_default());
    let said = WITHDRAWN.with(lang, &[("number", &number), ("day", &day)]);
    match &entry.reason {
        Some(reason) => format!("{said} {}", REASON.with(lang, &[("reason", reason)])),
        None => said,
    }
}

fn release(entry: &Entry, lang: Lang) -> String {
    let stream = match entry.stream.as_str() {
        "follow-up" => FOLLOW_UP.of(lang),
        "statistics" => STATISTICS.of(lang),
        other => other,
    };
    let (number, day) = (entry.number.to_string(), entry.published_on.to_string());
    RELEASE.with(lang, &[("number", &number), ("stream", stream), ("period", &entry.period), ("day", &day)])
}

fn index_of(entry: &Entry, lang: Lang) -> String {
    format!("r/{}/{}", entry.number, lang.pick("index.html", "index.en.html"))
}

fn in_both(title: &str, body: &dyn Fn(Lang) -> Markup) -> String {
    page(Lang::Sv, title, &html! { (body(Lang::Sv)) section lang="en" { (body(Lang::En)) } })
}

fn page(lang: Lang, title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    }
    .into_string()
}

/// What a path of a page for frames asks for.
struct Asked<'a> {
    which: Which,
    lang: Option<Lang>,
    view: &'a str,
}

/// Reads `/public/r/{n}/embed/{lang}/{view}` and `/public/current/embed/{lang}/{view}`.
fn embed_of(path: &str) -> Option<Asked<'_>> {
    let rest = path.strip_prefix("/public/")?;
    let (which, rest) = match rest.strip_prefix("current/") {
        Some(rest) => (Which::Current, rest),
        None => {
            let (number, rest) = rest.strip_prefix("r/")?.split_once('/')?;
            // A number that is none still asks for a page for frames.
            (Which::Number(number.parse().unwrap_or(u32::MAX)), rest)
        }
    };
    let (lang, view) = rest.strip_prefix("embed/")?.split_once('/')?;
    Some(Asked { which, lang: Lang::from_code(lang), view })
}

/// The way from a path up to `/public/`, without an absolute path, as a proxy may have put another in front.
fn home(path: &str) -> String {
    let depth = path.trim_start_matches('/').matches('/').count().saturating_sub(1);
    if depth == 0 { "./".to_string() } else { "../".repeat(depth.min(16)) }
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | three.get(at).map_or(0, |byte| usize::from(*byte)));
        let sign = move |at: usize| match at <= three.len() {
            true => char::from(SIGNS[bits >> (18 - 6 * at) & 63]),
            false => '=',
        };
        (0..4).map(sign).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn the_way_home_follows_the_depth_of_the_path() {
        assert_eq!(home("/public/x"), "./");
        assert_eq!(home("/public/r/1/embed/sv/x.html"), "../../../../");
        assert_eq!(home("/elsewhere"), "./");
    }
}
