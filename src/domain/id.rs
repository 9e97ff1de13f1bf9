//! Identifiers of records, areas and places.

use std::fmt;

/// An id: 1 to 128 characters out of `A-Z a-z 0-9 . _ -`.
///
/// The narrow alphabet keeps ids the same in URLs, file names, CSV and SQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(Box<str>);

/// A text that cannot be an [`Id`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("id '{text}' is not valid: 1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-' are accepted")]
pub struct InvalidId {
    /// The refused text, cut to 140 characters.
    pub text: String,
}

impl Id {
    /// Checks and keeps `text`.
    pub fn new(text: &str) -> Result<Self, InvalidId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if (1..=128).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidId { text: text.chars().take(140).collect() })
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_accept_their_alphabet_and_nothing_else() {
        for good in ["0682R013", "resecentrum", "a.b_c-d", &"x".repeat(128)] {
            assert_eq!(Id::new(good).expect("valid").as_str(), good);
        }
        for bad in ["", "a b", "å", "a/b", "x\n", &"x".repeat(129)] {
            assert!(Id::new(bad).is_err(), "{bad:?} was accepted");
        }
    }
}
