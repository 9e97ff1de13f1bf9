//! A file as it is served: its bytes, coded once, and what never changes about it.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderValue;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::folder::hex;

/// Who may show a file, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page of its own: in no frame.
    Page,
    /// A page for frames: in those of the allowed hosts.
    Embed,
    /// Data, pictures, style and scripts: readable from every origin, as a sandboxed frame has none of ours.
    Open,
}

impl Kind {
    /// Of a path inside a release.
    pub(super) fn of(path: &str) -> Self {
        match path.ends_with(".html") {
            true if path.starts_with("embed/") => Self::Embed,
            true => Self::Page,
            false => Self::Open,
        }
    }
}

/// A file of a release in memory.
#[derive(Debug)]
pub struct File {
    /// Its bytes.
    pub plain: Bytes,
    /// The same coded as gzip, where that is shorter.
    pub gzip: Option<Bytes>,
    /// `Content-Type`.
    pub media_type: HeaderValue,
    /// Strong tag: the SHA-256 of the bytes in quotes.
    pub tag: HeaderValue,
    /// Strong tag of the gzip coding, another than [`File::tag`] as the bytes are others (RFC 9110, 8.8.1).
    pub gzip_tag: HeaderValue,
    /// Who may show it.
    pub kind: Kind,
}

/// Files by content, so that what several releases have, such as the scripts, is coded and held once.
#[derive(Default)]
pub(super) struct Pool(HashMap<(String, String, bool), Arc<File>>);

impl Pool {
    /// The file of this path and content.
    pub(super) fn file(&mut self, path: &str, bytes: Vec<u8>, media_type: &str) -> Result<Arc<File>, String> {
        let hash = hex(&Sha256::digest(&bytes));
        let kind = Kind::of(path);
        let key = (hash, media_type.to_string(), kind == Kind::Embed);
        if let Some(file) = self.0.get(&key) {
            return Ok(Arc::clone(file));
        }
        let header = |text: &str| HeaderValue::from_str(text).map_err(|_| format!("'{text}' is no value of a header"));
        let file = File {
            gzip: coded(&bytes, media_type),
            media_type: header(media_type)?,
            tag: header(&format!("\"{}\"", key.0))?,
            gzip_tag: header(&format!("\"{}-gzip\"", key.0))?,
            plain: bytes.into(),
            kind,
        };
        let file = Arc::new(file);
        self.0.insert(key, Arc::clone(&file));
        Ok(file)
    }
}

/// As small as it gets: this is done once and sent often. Pictures are coded already.
fn coded(bytes: &[u8], media_type: &str) -> Option<Bytes> {
    let is_coded_already = media_type.starts_with("image/") && !media_type.contains("svg");
    if is_coded_already {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::best());
    encoder.write_all(bytes).expect("writing to memory cannot fail");
    let coded = encoder.finish().expect("writing to memory cannot fail");
    (coded.len() < bytes.len()).then(|| coded.into())
}
