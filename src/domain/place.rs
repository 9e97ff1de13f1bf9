//! Places: the register that turns text such as "Resecentrum, spår 1" into a point.

use super::{Id, LonLat};

/// An entry of the place register.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Unique in the data file.
    pub id: Id,
    /// The usual name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Where it is; absent when only the area is known.
    pub at: Option<LonLat>,
    /// How far the true position of something "at" this place may be from `at`, in metres.
    pub precision_m: Option<f64>,
    /// The area it belongs to, when it has no point.
    pub area: Option<Id>,
    /// Who says so.
    pub source: String,
}

impl Place {
    /// The key under which names are compared: lower case, punctuation as blanks, single blanks.
    ///
    /// "Resecentrum,  Spår 1" and "resecentrum spår 1" have the same key.
    pub fn key(text: &str) -> String {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ignore_case_blanks_and_punctuation_but_not_letters() {
        assert_eq!(Place::key(" Resecentrum,  SPÅR 1."), "resecentrum spår 1");
        assert_ne!(Place::key("Spar 1"), Place::key("Spår 1"));
        assert_eq!(Place::key("  ,; "), "");
    }
}
