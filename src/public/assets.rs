//! What pages need beside themselves: the style sheet, and the scripts that make them more than complete.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::files::sha256;

/// The style of every page of a release, embeds too.
pub const STYLE: &str = include_str!("release.css");

/// Compiled web assets by name. A name holds the hash of the bytes, so that it may be kept for ever; pages are complete
/// without any of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    by_name: BTreeMap<&'static str, &'static [u8]>,
}

impl Assets {
    /// Takes names and bytes, as the build made them.
    pub fn new(assets: impl IntoIterator<Item = (&'static str, &'static [u8])>) -> Self {
        Self { by_name: assets.into_iter().collect() }
    }

    /// All, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static [u8])> {
        self.by_name.iter().map(|(name, bytes)| (*name, *bytes))
    }

    /// The one whose name is `{stem}-HASH.{end}`.
    pub(super) fn named(&self, stem: &str, end: &str) -> Option<&'static str> {
        let is_it = |name: &&&'static str| {
            let hash = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
            hash.and_then(|rest| rest.strip_suffix(end))
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_alphanumeric()))
        };
        self.by_name.keys().find(is_it).copied()
    }
}

/// What the build compiled into the program: nothing where it had no npm.
pub fn built() -> Assets {
    const BUILT: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));
    Assets::new(BUILT.iter().copied())
}

/// The file name of [`STYLE`]: it changes with its bytes.
pub fn style_name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| format!("release-{}.css", &sha256(STYLE.as_bytes())[..12]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_by_its_stem_whatever_its_hash() {
        let assets = Assets::new([("embed-0a1b.js", &b"x"[..]), ("embed-map-77.js", b"y"), ("resize-2.js", b"z")]);
        assert_eq!(assets.named("embed", "js"), Some("embed-0a1b.js"));
        assert_eq!(assets.named("resize", "js"), Some("resize-2.js"));
        assert_eq!(assets.named("embed", "css"), None);
    }
}
