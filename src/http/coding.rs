//! Content coding: gzip when the client accepts it, chosen before anything is computed.

use std::io::Write;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::problem::Problem;

/// How the bytes of an answer are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As they are.
    Identity,
    /// gzip.
    Gzip,
}

/// Shorter bodies stay as they are even for clients that accept gzip: the coding would not save a packet.
const GZIP_FROM_BYTES: usize = 512;

impl Coding {
    /// The word of this coding in `Content-Encoding` and in tags.
    pub fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
        }
    }

    /// The coding for a client (RFC 9110, 12.5.3): gzip if it is accepted and not less welcome than identity.
    /// A client that accepts neither gets 406.
    pub fn negotiate(headers: &HeaderMap) -> Result<Self, Problem> {
        let lines: Vec<&str> =
            headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
        let line = lines.join(",");
        let weight_of = |wanted: &[&str]| {
            let items = line.split(',').filter_map(weighted);
            items.filter(|(name, _)| wanted.iter().any(|w| name.eq_ignore_ascii_case(w))).map(|(_, q)| q).next()
        };
        let others = weight_of(&["*"]);
        let gzip = weight_of(&["gzip", "x-gzip"]).or(others).unwrap_or(0.0);
        let identity = weight_of(&["identity"]).or(others.filter(|q| *q <= 0.0));
        match identity {
            _ if gzip > 0.0 && identity.is_none_or(|identity| gzip >= identity) => Ok(Self::Gzip),
            Some(identity) if identity <= 0.0 => Err(Problem::NotAcceptable("gzip and identity as coding".to_string())),
            _ => Ok(Self::Identity),
        }
    }

    /// The bytes in this coding, with the coding that was used: short bodies stay identity.
    /// The same bytes always give the same bytes.
    pub fn encode(self, body: Vec<u8>) -> (Self, Vec<u8>) {
        if self == Self::Identity || body.len() < GZIP_FROM_BYTES {
            return (Self::Identity, body);
        }
        let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::new(5));
        encoder.write_all(&body).expect("writing to memory cannot fail");
        (Self::Gzip, encoder.finish().expect("writing to memory cannot fail"))
    }
}

/// `name;q=0.5` as name and weight; a weight that is no number counts as 0.
fn weighted(item: &str) -> Option<(&str, f64)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    Some((name, weight.map_or(1.0, |q| q.trim().parse().unwrap_or(0.0))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn the_coding_follows_accept_encoding() {
        let negotiated = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(line).expect("header"));
            Coding::negotiate(&headers).map_err(|problem| problem.status().as_u16())
        };
        for line in ["gzip", "br, GZIP;q=0.8", "x-gzip", "*", "gzip;q=0.5, identity;q=0.5", "identity;q=0, *"] {
            assert_eq!(negotiated(line), Ok(Coding::Gzip), "{line}");
        }
        for line in ["", "br", "gzip;q=0", "gzip;q=0.1, identity", "gzip;q=x", "gzip;q=0, *"] {
            assert_eq!(negotiated(line), Ok(Coding::Identity), "{line}");
        }
        for line in ["identity;q=0", "*;q=0", "br, identity;q=0, gzip;q=0"] {
            assert_eq!(negotiated(line), Err(406), "{line}");
        }
        assert_eq!(Coding::negotiate(&HeaderMap::new()), Ok(Coding::Identity));
    }

    #[test]
    fn gzip_reads_back_and_short_bodies_stay_as_they_are() {
        let long = b"lagesbild ".repeat(100);
        let (used, coded) = Coding::Gzip.encode(long.clone());
        assert_eq!(used, Coding::Gzip);
        let mut back = Vec::new();
        GzDecoder::new(coded.as_slice()).read_to_end(&mut back).expect("gzip");
        assert_eq!(back, long);
        assert_eq!(Coding::Gzip.encode(long).1, coded, "same bytes give same bytes");
        assert_eq!(Coding::Gzip.encode(b"short".to_vec()), (Coding::Identity, b"short".to_vec()));
    }
}
