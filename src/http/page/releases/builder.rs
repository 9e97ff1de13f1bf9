//! `/utgavor/{n}/badda-in`: how it looks on another site, and what to copy, in the order in which to try it.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use maud::{Markup, html};

use super::entry;
use crate::domain::Role;
use crate::http::State;
use crate::http::page::layout::Shell;
use crate::http::page::login::{LANG, in_lang, lang_of, private_page};
use crate::http::problem::Problem;
use crate::http::publishing::policy_of;
use crate::http::records::blocking;
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::public::codes::{Shown, iframe, iframe_with_script, link, picture_link};
use crate::public::shelf::Which;
use crate::text::lang::{Lang, texts};

texts! {
    TITLE: "Bädda in utgåva {n}", "Embed release {n}";
    LEAD: "Välj vad som ska visas. Kopiera sedan det första sättet nedan som er webbplats tar emot.",
        "Choose what to show. Then copy the first way below that your site takes.";
    NOT_PUBLIC: "Utgåvan är inte offentlig ännu. Det du kopierar fungerar när den är publicerad.",
        "The release is not public yet. What you copy works once it is published.";
    VIEW: "Vad som visas", "What is shown";
    V_PROMISES: "Löftena", "The promises";
    V_MAP: "Kartan", "The map";
    V_STATISTICS: "Statistiken", "The statistics";
    TEXT_LANG: "Språk i det som visas", "Language of what is shown";
    NEWEST: "Alltid den senaste utgåvan", "Always the newest release";
    THIS: "Den här utgåvan, för alltid", "This release, for ever";
    SHOW: "Visa", "Show";
    LOOKS: "Så ser det ut", "How it looks";
    AT: "{n} bildpunkter bred", "{n} pixels wide";
    W_PASTE: "1. Klistra in text och bild", "1. Paste text and picture";
    W_PASTE_HOW: "Öppna texten, markera allt och klistra in. Ladda upp bilden med texten som bildbeskrivning.",
        "Open the text, select all and paste. Upload the picture with the text as its description.";
    W_TEXT: "Text att klistra in", "Text to paste";
    W_PLAIN: "Samma som ren text", "The same as plain text";
    W_ALT: "Beskrivning av bilderna", "Description of the pictures";
    W_WIDE: "Bild 1200 × 675", "Picture 1200 × 675";
    W_SQUARE: "Bild 640 × 640", "Picture 640 × 640";
    W_LINK: "2. Länk, eller bild med länk", "2. Link, or picture with link";
    W_FRAME: "3. Ram utan skript", "3. Frame without script";
    W_FRAME_HOW: "Fungerar bara på sidor som utgåvans regler tillåter: {hosts}. Den lagrar inget hos läsaren.",
        "Works only on the sites that the rules of the release allow: {hosts}. It stores nothing at the reader.";
    W_SCRIPT: "4. Ram som följer innehållets höjd", "4. Frame that follows the height of its content";
    W_SCRIPT_HOW: "Som ovan, med ett litet skript på er sida.", "As above, with a small script on your page.";
    W_MAP: "5. Interaktiv karta", "5. Interactive map";
    W_MAP_HOW: "Kommer med ramarna: läsaren öppnar den med en knapp. Utan skript eller grafik visas den vanliga kartan.",
        "Comes with the frames: the reader opens it with a button. Without scripts or graphics the plain map is shown.";
    CODE: "Kod att kopiera: {what}", "Code to copy: {what}";
    NO_HOSTS: "ingen ännu", "none yet";
}

/// Widths in pixels at which it is shown.
const WIDTHS_PX: [u32; 3] = [320, 480, 768];

const VIEW_PARAM: Param = Param::query("view", "what is shown", "lofte (default), karta or statistik");
const TEXT_PARAM: Param = Param::query("text", "language of what is shown", "sv (default) or en");
const WHICH_PARAM: Param = Param::query("which", "which release the code names", "this (default) or current");

pub(super) fn routes() -> Vec<Route<State>> {
    let number = Param::path("number", "number of a release", "a whole number");
    vec![Route::get(
        "/utgavor/{number}/badda-in",
        Access::Role(Role::Reader),
        "How a release looks on other sites, and what to copy",
        [number, LANG, VIEW_PARAM, TEXT_PARAM, WHICH_PARAM],
        builder,
    )]
}

/// A choice from a short list; a parameter that is not there is the first.
fn choice<'a>(call: &Call<State>, param: &Param, accepted: &[&'a str]) -> Result<&'a str, Problem> {
    let Some(value) = call.pairs.one(param.name)? else { return Ok(accepted[0]) };
    accepted.iter().find(|word| **word == value).copied().ok_or_else(|| Problem::InvalidParameter {
        parameter: param.name.to_string(),
        value: value.chars().take(40).collect(),
        reason: "it is none of these".to_string(),
        accepted: accepted.join(", "),
    })
}

async fn builder(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let entry = entry(&call).await?;
    let number = entry.new.number;
    let folder = call.state.shelf.folder().to_path_buf();
    let (policy, paths) = blocking(move || {
        let policy = policy_of(&folder).map_err(|error| Problem::Conflict(error.to_string()))?;
        let read = crate::public::read::folder(&folder.join(number.to_string())).map_err(|problems| {
            let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Problem::Conflict(format!("release {number} is not whole: {}", text.join("; ")))
        })?;
        Ok((policy, read.files().keys().cloned().collect::<Vec<String>>()))
    })
    .await?;
    let views: Vec<&str> = ["lofte", "karta", "statistik"]
        .into_iter()
        .filter(|view| paths.iter().any(|path| *path == format!("embed/sv/{view}.html")))
        .collect();
    let view = choice(&call, &VIEW_PARAM, &views)?;
    let text_lang = Lang::from_code(choice(&call, &TEXT_PARAM, &["sv", "en"])?).unwrap_or_default();
    let which = choice(&call, &WHICH_PARAM, &["this", "current"])?;
    let which = if which == "this" { Which::Number(number) } else { Which::Current };
    let site = policy.publisher.site.as_str();
    let shown = Shown { site, which, lang: text_lang, view, height_px: None };
    let files = format!("/utgavor/{number}/fil");
    let alt = format!("{files}/cms/{}/alt.txt", text_lang.code());
    let path = format!("/utgavor/{number}/badda-in");
    let hosts =
        if policy.allowed_hosts.is_empty() { NO_HOSTS.of(lang).to_string() } else { policy.allowed_hosts.join(", ") };
    let title = TITLE.with(lang, &[("n", &number.to_string())]);
    let page = html! {
        h1 { (title) }
        p.lead { (LEAD.of(lang)) }
        @if !entry.is_public() { p.caution { (NOT_PUBLIC.of(lang)) } }
        (choices(&path, &views, view, text_lang, which, lang))
        h2 { (LOOKS.of(lang)) }
        @for width in WIDTHS_PX {
            (preview(&files, &shown, width, lang))
        }
        h2 { (W_PASTE.of(lang)) }
        p { (W_PASTE_HOW.of(lang)) }
        ul {
            li { a href={ (files) "/cms/" (text_lang.code()) "/text.html" } { (W_TEXT.of(lang)) } }
            li { a href={ (files) "/cms/" (text_lang.code()) "/text.txt" } { (W_PLAIN.of(lang)) } }
            li { a href={ (files) "/picture/" (view) "-" (text_lang.code()) "-1200x675.png" } { (W_WIDE.of(lang)) } }
            li { a href={ (files) "/picture/" (view) "-" (text_lang.code()) "-640x640.png" } { (W_SQUARE.of(lang)) } }
            li { a href=(alt) { (W_ALT.of(lang)) } }
        }
        h2 { (W_LINK.of(lang)) }
        (code("link", &link(&shown), W_LINK.of(lang), lang))
        (code("picture", &picture_link(&shown, shown.title()), W_LINK.of(lang), lang))
        h2 { (W_FRAME.of(lang)) }
        p { (W_FRAME_HOW.with(lang, &[("hosts", &hosts)])) }
        (code("frame", &iframe(&shown), W_FRAME.of(lang), lang))
        h2 { (W_SCRIPT.of(lang)) }
        p { (W_SCRIPT_HOW.of(lang)) }
        (code("script", &iframe_with_script(&shown), W_SCRIPT.of(lang), lang))
        h2 { (W_MAP.of(lang)) }
        p { (W_MAP_HOW.of(lang)) }
    };
    let query = format!(
        "view={view}&text={}&which={}",
        text_lang.code(),
        if which == Which::Current { "current" } else { "this" }
    );
    let url_in = |lang: Lang| match lang {
        Lang::Sv => format!("{path}?{query}"),
        Lang::En => format!("{path}?{query}&lang=en"),
    };
    let shell = Shell { lang, title: &title, url_in: &url_in, home: in_lang("/", lang) };
    let mut response = private_page(StatusCode::OK, lang, &shell.around(&page));
    // The one page that holds frames: of its own origin.
    let policy = format!("{}; frame-src 'self'", crate::http::guard::CONTENT_SECURITY);
    let policy = HeaderValue::from_str(&policy).map_err(|error| Problem::Internal(error.to_string()))?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn choices(path: &str, views: &[&str], view: &str, text_lang: Lang, which: Which, lang: Lang) -> Markup {
    let named = |view: &str| match view {
        "karta" => V_MAP,
        "statistik" => V_STATISTICS,
        _ => V_PROMISES,
    };
    html! {
        form.record method="get" action=(path) {
            @if lang == Lang::En { input type="hidden" name="lang" value="en"; }
            label for="view" { (VIEW.of(lang)) }
            select id="view" name="view" {
                @for one in views { option value=(one) selected[*one == view] { (named(one).of(lang)) } }
            }
            label for="text" { (TEXT_LANG.of(lang)) }
            select id="text" name="text" {
                @for (one, name) in [(Lang::Sv, "Svenska"), (Lang::En, "English")] {
                    option value=(one.code()) selected[one == text_lang] { (name) }
                }
            }
            label for="which" { "URL" }
            select id="which" name="which" {
                option value="this" selected[which != Which::Current] { (THIS.of(lang)) }
                option value="current" selected[which == Which::Current] { (NEWEST.of(lang)) }
            }
            button type="submit" { (SHOW.of(lang)) }
        }
    }
}

fn preview(files: &str, shown: &Shown<'_>, width_px: u32, lang: Lang) -> Markup {
    let said = AT.with(lang, &[("n", &width_px.to_string())]);
    html! {
        h3 { (said) }
        div.scroll role="region" tabindex="0" aria-label=(said) {
            iframe src={ (files) "/embed/" (shown.lang.code()) "/" (shown.view) ".html" } title={ (shown.title()) ", " (said) }
                width=(width_px) height="640" loading="lazy" {}
        }
    }
}

fn code(id: &str, text: &str, what: &str, lang: Lang) -> Markup {
    let id = format!("code-{id}");
    html! {
        label for=(id) { (CODE.with(lang, &[("what", what)])) }
        textarea id=(id) class="code" readonly rows="5" { (text) }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_is_whole_in_both_languages() {
        assert_eq!(crate::text::lang::faults(super::ALL), Vec::<String>::new());
    }
}
