//! What another site learns of an address of ours, for its preview (oEmbed 1.0, <https://oembed.com>).
//!
//! Sites that ask are seldom those that may show our pages in a frame. So the answer is a picture with a link, which
//! works everywhere, and no frame.

use maud::html;
use serde::Serialize;

use super::shelf::{Found, Stock, Which};
use crate::text::lang::Lang;

/// Size of the picture, pixels.
const PICTURE: (u32, u32) = (1200, 675);
/// Seconds for which the answer may be kept.
const CACHE_AGE_S: u32 = 300;

/// The answer to who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    version: &'static str,
    r#type: &'static str,
    title: String,
    provider_url: String,
    cache_age: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_height: Option<u32>,
}

/// Which addresses can be described, in words.
pub fn accepted(stock: &Stock) -> String {
    format!("an address of a published page, such as {}current/lofte.html", stock.index().site)
}

/// Describes one of our own pages; the picture fits into the size, in pixels, and keeps its shape. Any other address is
/// refused with the reason.
pub fn describe(
    stock: &Stock,
    url: &str,
    max_width: Option<u32>,
    max_height: Option<u32>,
) -> Result<Description, &'static str> {
    let site = stock.index().site.as_str();
    let rest = url.strip_prefix(site).filter(|_| !site.is_empty()).ok_or("it is no address of this site")?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (which, path) = released(rest).ok_or("it is no address of a release")?;
    let number = match stock.find(which, path) {
        Found::File(_, _) if !(path.is_empty() || path.ends_with(".html")) => return Err("it is no page"),
        Found::File(_, number) => number,
        Found::Withdrawn(_) => return Err("the release was withdrawn"),
        Found::Missing => return Err("there is no such page"),
    };
    let lang = if path.ends_with(".en.html") || path.starts_with("embed/en/") { Lang::En } else { Lang::Sv };
    let text = |path: &str| match stock.find(Which::Number(number), path) {
        Found::File(file, _) => String::from_utf8(file.plain.to_vec()).ok(),
        _ => None,
    };
    let title = text(if path.is_empty() { "index.html" } else { path }).as_deref().and_then(title_of);
    let title = title.unwrap_or_else(|| url.to_string());
    let alt =
        text(&format!("cms/{}/alt.txt", lang.code())).map_or_else(|| title.clone(), |text| text.trim().to_string());
    let picture = picture_of(path, lang);
    let folder = &url[..site.len() + rest.len() - path.len()];
    let Found::File(..) = stock.find(Which::Number(number), &picture) else {
        return Ok(link(title, site));
    };
    let picture = format!("{folder}{picture}");
    let (width, height) = fitted(max_width, max_height);
    let shown = html! {
        a href=(url) { img src=(picture) alt=(alt) width=(width) height=(height); }
    };
    Ok(Description {
        r#type: "rich",
        html: Some(shown.into_string()),
        width: Some(width),
        height: Some(height),
        thumbnail_url: Some(picture),
        thumbnail_width: Some(PICTURE.0),
        thumbnail_height: Some(PICTURE.1),
        ..link(title, site)
    })
}

fn link(title: String, site: &str) -> Description {
    Description {
        version: "1.0",
        r#type: "link",
        title,
        provider_url: site.to_string(),
        cache_age: CACHE_AGE_S,
        html: None,
        width: None,
        height: None,
        thumbnail_url: None,
        thumbnail_width: None,
        thumbnail_height: None,
    }
}

/// `current/...` and `r/{n}/...`.
fn released(rest: &str) -> Option<(Which, &str)> {
    if let Some(path) = rest.strip_prefix("current/") {
        return Some((Which::Current, path));
    }
    let (number, path) = rest.strip_prefix("r/")?.split_once('/')?;
    Some((Which::Number(number.parse().ok()?), path))
}

/// The picture of the view that a page shows; of pages without one that of the promises.
fn picture_of(path: &str, lang: Lang) -> String {
    let name = path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
    let view = if ["karta", "statistik"].contains(&name) { name } else { "lofte" };
    format!("picture/{view}-{}-{}x{}.png", lang.code(), PICTURE.0, PICTURE.1)
}

fn fitted(max_width: Option<u32>, max_height: Option<u32>) -> (u32, u32) {
    let by_height = max_height.map(|height| u64::from(height) * u64::from(PICTURE.0) / u64::from(PICTURE.1));
    let width = u64::from(PICTURE.0).min(max_width.map_or(u64::MAX, u64::from)).min(by_height.unwrap_or(u64::MAX));
    let height = width * u64::from(PICTURE.1) / u64::from(PICTURE.0);
    // Both are at most those of the picture.
    (width.max(1) as u32, height.max(1) as u32)
}

/// What stands in `<title>`, with the references that the program itself writes resolved.
fn title_of(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    let plain = title.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    Some(plain.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_fits_into_the_size_and_keeps_its_shape() {
        assert_eq!(fitted(None, None), (1200, 675));
        assert_eq!(fitted(Some(640), None), (640, 360));
        assert_eq!(fitted(Some(640), Some(90)), (160, 90));
        assert_eq!(fitted(Some(5000), Some(5000)), (1200, 675));
        assert_eq!(fitted(Some(1), Some(1)), (1, 1));
    }

    #[test]
    fn a_title_is_read_as_it_is_shown() {
        assert_eq!(title_of("<html><title> A &amp; B &lt;3 </title>"), Some("A & B <3".to_string()));
        assert_eq!(title_of("<html>"), None);
    }
}
