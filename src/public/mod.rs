//! The files of a release, for everybody: pages, embeds, pictures, texts to paste, data.
//!
//! Everything is made from a [`Protected`] release and nothing else: this part knows no data file, no snapshot and no
//! clock, so that what is not in the release cannot come out. The same release gives the same bytes.
//!
//! Paths are fixed (`docs/publishing.md`). Swedish is the default, `.en` before the end of a name is English. Links
//! inside are relative, so a folder works on any web server under any path; absolute addresses (feed, link card) begin
//! with the publisher's site as the policy has it.

pub mod assets;
mod cms;
pub mod codes;
mod context;
mod data;
mod embed;
pub mod export;
mod feed;
mod figures;
mod files;
pub mod headers;
mod map;
mod method;
pub mod oembed;
mod page;
mod picture;
pub mod plant;
pub mod read;
mod sentence;
pub mod shelf;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub use assets::Assets;
pub use files::{Files, MANIFEST, media_type, sha256};
pub use write::write_folder;

use context::{Context, View};

use crate::release::{Protected, Release};
use crate::text::lang::Lang;

/// All files of a release, the manifest among them.
///
/// Cost: in proportion to the number of squares; the pictures take about a second each without optimisation.
pub fn files(release: &Protected<Release>, assets: &Assets) -> Files {
    let release = release.get();
    let mut files = Files::default();
    page::put(&mut files, release, assets);
    for lang in Lang::ALL {
        let context = Context { release, lang, assets };
        cms::put(&mut files, &context);
        for view in View::of(release) {
            embed::put(&mut files, &context, *view);
            picture::put(&mut files, &context, *view);
        }
    }
    data::put(&mut files, release);
    files.put("feed.atom", feed::atom(release));
    for (name, bytes) in assets.iter() {
        files.put(format!("assets/{name}"), bytes);
    }
    files.put(format!("assets/{}", assets::style_name()), assets::STYLE);
    files.seal(release);
    files
}
