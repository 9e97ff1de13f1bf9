//! `/public/...`: published files for everybody.
//!
//! These paths are answered before anything else of the service sees the request, from a [`Shelf`] alone: no data
//! file, no login, no cookie, no log of who asked. What an answer says depends on the path, on
//! `Accept-Encoding` and `If-None-Match`, and on nothing else of the request.

mod counts;
mod places;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;

use super::coding::Coding;
use super::etag::is_known;
use super::params::Pairs;
use super::problem::Problem;
use crate::public::oembed;
use crate::public::shelf::{File, Found, Kind, Shelf, Stock, Which, page_policy};
use crate::text::lang::Lang;

pub use counts::Counts;
pub use places::{Places, Visit};

/// The public site: a shelf, and how often it answered what.
#[derive(Clone, Debug)]
pub struct Site {
    shelf: Shelf,
    counts: Counts,
}

/// The paths that are answered here, as templates; all for everybody, GET and HEAD only.
pub const PATHS: [&str; 4] = ["/public/", "/public/r/{number}/{path}", "/public/current/{path}", "/public/oembed"];

/// The name of an asset has the hash of its content, so what was fetched once is never asked for again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A release never changes, but it may be withdrawn: an hour later nobody is shown it any more.
const FOR_AN_HOUR: &str = "public, max-age=3600";
/// Five minutes after a new release everybody sees it.
const FOR_NOW: &str = "public, max-age=300";

/// Seconds after which asking again makes sense: a file is sent in less.
const RETRY_AFTER_S: &str = "5";

const METHODS: &str = "GET, HEAD, OPTIONS";
const HTML: &str = "text/html; charset=utf-8";

/// Whether a path is answered here.
pub fn is_public(path: &str) -> bool {
    path.strip_prefix("/public").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Site {
    /// A site that serves this shelf.
    pub fn new(shelf: Shelf) -> Self {
        Self { shelf, counts: Counts::default() }
    }

    /// What is served.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// How often it answered what.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The answer to a request, without waiting for anything. A path that is not public is one that does not exist.
    pub fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
        let mut response = match *method {
            Method::GET | Method::HEAD => self.get(uri, headers),
            Method::OPTIONS => self.allowed(StatusCode::NO_CONTENT),
            _ => self.allowed(StatusCode::METHOD_NOT_ALLOWED),
        };
        if *method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        self.counts.add(response.status());
        response
    }

    /// The answer where more connections ask than may be answered at a time.
    pub fn too_many(&self, uri: &Uri) -> Response {
        let text = "För många frågar just nu. Försök igen om några sekunder.\n\
                    Too many are asking. Try again in a few seconds.\n";
        let mut response = page(&self.shelf.stock(), uri.path(), StatusCode::SERVICE_UNAVAILABLE, text.to_string());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        self.counts.add(response.status());
        response
    }

    fn get(&self, uri: &Uri, headers: &HeaderMap) -> Response {
        let stock = self.shelf.stock();
        let path = uri.path();
        match place(path) {
            Place::In(which, inner) => match stock.find(which, inner) {
                Found::File(file, number) => served(&stock, file, headers, which, number, inner),
                Found::Withdrawn(entry) => page(&stock, path, StatusCode::GONE, stock.withdrawn_page(path, entry)),
                Found::Missing => page(&stock, path, StatusCode::NOT_FOUND, stock.missing_page(path)),
            },
            Place::Front => front(&stock, uri),
            Place::Oembed => match said_of(&stock, uri) {
                Ok(json) => answer_in_json(&stock, json),
                Err(problem) => refused(&stock, &problem),
            },
            Place::Beside(location) => moved(&stock, &location),
            Place::Nowhere => page(&stock, path, StatusCode::NOT_FOUND, stock.missing_page(path)),
        }
    }

    fn allowed(&self, status: StatusCode) -> Response {
        let headers = self.shelf.stock().rules().headers(Kind::Open).clone();
        let mut response = bare(status, headers, Bytes::new());
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(METHODS));
        response
    }
}

enum Place<'a> {
    Front,
    Oembed,
    In(Which, &'a str),
    /// A folder without its slash: links on its page would lead astray. Holds where it is from here.
    Beside(String),
    Nowhere,
}

fn place(path: &str) -> Place<'_> {
    let Some(rest) = path.strip_prefix("/public/") else {
        return if path == "/public" { Place::Beside("public/".to_string()) } else { Place::Nowhere };
    };
    match rest.split_once('/') {
        None if rest.is_empty() => Place::Front,
        None if rest == "oembed" => Place::Oembed,
        None if rest == "current" => Place::Beside("current/".to_string()),
        Some(("current", inner)) => Place::In(Which::Current, inner),
        Some(("r", rest)) => match rest.split_once('/') {
            Some((digits, inner)) => number(digits).map_or(Place::Nowhere, |n| Place::In(Which::Number(n), inner)),
            None => number(rest).map_or(Place::Nowhere, |n| Place::Beside(format!("{n}/"))),
        },
        _ => Place::Nowhere,
    }
}

/// A number in its one spelling, so that every file has one address.
fn number(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|number: &u32| number.to_string() == digits)
}

fn served(stock: &Stock, file: &File, asked: &HeaderMap, which: Which, number: u32, path: &str) -> Response {
    let coding = match file.gzip {
        // Who accepts neither gets it as it is: an unreadable answer tells more than none.
        Some(_) => Coding::negotiate(asked).unwrap_or(Coding::Identity),
        None => Coding::Identity,
    };
    let (bytes, tag) = match (&file.gzip, coding) {
        (Some(gzip), Coding::Gzip) => (gzip, &file.gzip_tag),
        _ => (&file.plain, &file.tag),
    };
    let mut headers = stock.rules().headers(file.kind).clone();
    headers.insert(ETAG, tag.clone());
    let cached = match which {
        Which::Number(_) if path.starts_with("assets/") => FOR_EVER,
        Which::Number(_) => FOR_AN_HOUR,
        Which::Current => {
            // From here up to the folder that `current` is in, and down to the release.
            let up = "../".repeat(path.matches('/').count() + 1);
            let place = HeaderValue::from_str(&format!("{up}r/{number}/{path}")).expect("paths of files are plain");
            headers.insert(CONTENT_LOCATION, place);
            FOR_NOW
        }
    };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
    if asked.contains_key(IF_NONE_MATCH) && tag.to_str().is_ok_and(|tag| is_known(asked, tag)) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.headers_mut() = headers;
        return response;
    }
    headers.insert(CONTENT_TYPE, file.media_type.clone());
    if coding == Coding::Gzip {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    bare(StatusCode::OK, headers, bytes.clone())
}

/// A page of the shelf itself, in a frame where the path is that of an embed.
fn page(stock: &Stock, path: &str, status: StatusCode, html: String) -> Response {
    let (kind, policy) = page_policy(path, stock.index());
    let mut headers = stock.rules().headers(kind).clone();
    let policy = HeaderValue::from_str(&policy).expect("allowed hosts are plain origins");
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(HTML));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_NOW));
    bare(status, headers, html.into())
}

fn front(stock: &Stock, uri: &Uri) -> Response {
    let pairs = Pairs::parse(uri.query().unwrap_or_default()).unwrap_or_default();
    let asked = pairs.iter().find(|(name, _)| *name == "lang");
    let lang = asked.and_then(|(_, code)| Lang::from_code(code)).unwrap_or_default();
    let mut response = page(stock, uri.path(), StatusCode::OK, stock.front_page(lang));
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
    response
}

fn said_of(stock: &Stock, uri: &Uri) -> Result<Vec<u8>, Problem> {
    const NAMES: [&str; 4] = ["url", "format", "maxwidth", "maxheight"];
    let pairs = Pairs::parse(uri.query().unwrap_or_default())?;
    if let Some((name, value)) = pairs.iter().find(|(name, _)| !NAMES.contains(name)) {
        return Err(Problem::UnknownParameter {
            parameter: name.to_string(),
            value: value.to_string(),
            nearest: crate::nearest::nearest(name, NAMES).map(str::to_string),
            accepted: NAMES.map(str::to_string).to_vec(),
        });
    }
    let wrong = |parameter: &str, value: &str, reason: &str, accepted: &str| Problem::InvalidParameter {
        parameter: parameter.to_string(),
        value: value.to_string(),
        reason: reason.to_string(),
        accepted: accepted.to_string(),
    };
    if let Some(format) = pairs.one("format")?.filter(|format| *format != "json") {
        return Err(wrong("format", format, "there is no other", "json"));
    }
    let most = |name: &'static str| match pairs.one(name)? {
        None => Ok(None),
        Some(text) => match text.parse::<u32>() {
            Ok(pixels) if pixels > 0 => Ok(Some(pixels)),
            _ => Err(wrong(name, text, "it is no number of pixels", "a whole number from 1")),
        },
    };
    let (width, height) = (most("maxwidth")?, most("maxheight")?);
    let missing = || Problem::MissingParameter { parameter: "url".to_string(), accepted: oembed::accepted(stock) };
    let url = pairs.one("url")?.ok_or_else(missing)?;
    let said = oembed::describe(stock, url, width, height)
        .map_err(|reason| wrong("url", url, reason, &oembed::accepted(stock)))?;
    serde_json::to_vec(&said).map_err(|error| Problem::Internal(error.to_string()))
}

fn answer_in_json(stock: &Stock, json: Vec<u8>) -> Response {
    let mut headers = stock.rules().headers(Kind::Open).clone();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_NOW));
    bare(StatusCode::OK, headers, json.into())
}

fn refused(stock: &Stock, problem: &Problem) -> Response {
    let mut response = problem.answer(None);
    response.headers_mut().extend(stock.rules().headers(Kind::Open).clone());
    response
}

fn moved(stock: &Stock, location: &str) -> Response {
    let mut headers = stock.rules().headers(Kind::Page).clone();
    headers.insert(LOCATION, HeaderValue::from_str(location).expect("digits and letters"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_NOW));
    bare(StatusCode::PERMANENT_REDIRECT, headers, Bytes::new())
}

/// An answer that says how long it is, so that HEAD says it too.
fn bare(status: StatusCode, mut headers: HeaderMap, body: Bytes) -> Response {
    if status != StatusCode::NO_CONTENT {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
