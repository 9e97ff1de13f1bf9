//! Pages of a release: complete without script, in Swedish and English.

mod about;
mod access;
pub(super) mod follow_up;
mod index;
pub(super) mod log;
mod shell;
pub(super) mod statistics;
pub(super) mod table;
pub(super) mod unknown;

use super::context::{Context, page_path};
use super::{Assets, Files};
use crate::release::Release;
use crate::text::lang::Lang;

/// Adds the pages.
pub(super) fn put(files: &mut Files, release: &Release, assets: &Assets) {
    for lang in Lang::ALL {
        let context = Context { release, lang, assets };
        files.put(page_path("index", lang), index::page(&context));
        files.put(page_path("lofte", lang), follow_up::page(&context));
        files.put(page_path("om", lang), about::page(&context));
        files.put(page_path("tillganglighet", lang), access::page(&context));
        if let Some(page) = statistics::page(&context) {
            files.put(page_path("statistik", lang), page);
        }
    }
}

/// A text as the value of a query (RFC 3986): all but letters, digits and `-._~` escaped.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
