//! Words of a table (categories, kinds, roles) and tallies that cannot grow without end.

use std::collections::HashMap;

use super::personal;
use super::values::Fault;
use crate::domain::{Term, Vocabulary};

/// Distinct values a tally or cache remembers; a column of free text must not fill the memory.
pub(crate) const MAX_DISTINCT: usize = 10_000;
/// Letters of a new code.
const MAX_LETTERS: usize = 100;

/// Counts texts, at most [`MAX_DISTINCT`] different ones; later new ones are counted together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    counts: HashMap<String, u64>,
    beyond: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, text: &str) {
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if self.counts.len() < MAX_DISTINCT {
            self.counts.insert(text.to_string(), 1);
        } else {
            self.beyond += 1;
        }
    }

    /// Most frequent first, then by text. What went beyond the limit stands last as `(other values)`.
    pub(crate) fn by_frequency(&self) -> Vec<(String, u64)> {
        let mut list: Vec<(String, u64)> = self.counts.iter().map(|(text, count)| (text.clone(), *count)).collect();
        list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        if self.beyond > 0 {
            list.push(("(other values)".to_string(), self.beyond));
        }
        list
    }
}

/// Matches texts with the codes and labels of one table and collects the new ones.
pub(crate) struct TermMatcher {
    terms: Vec<Term>,
    /// Text as written -> position in `codes`.
    seen: HashMap<Box<str>, usize>,
    /// Lower case of new codes -> position in `codes`: "Gatan" and "gatan" are one.
    new_by_lower: HashMap<String, usize>,
    codes: Vec<(String, bool)>,
    strict: bool,
    what: &'static str,
}

impl TermMatcher {
    /// `what` names the table in problems; `strict` refuses what is not in it.
    pub(crate) fn new(terms: &[Term], strict: bool, what: &'static str) -> Self {
        Self {
            terms: terms.to_vec(),
            seen: HashMap::new(),
            new_by_lower: HashMap::new(),
            codes: Vec::new(),
            strict,
            what,
        }
    }

    /// The code of a text and whether it is new to the table. An empty text is `other`.
    ///
    /// A new text is kept as it was first written, whatever the case of later ones.
    pub(crate) fn code(&mut self, text: &str) -> Result<(&str, bool), Fault> {
        let text = if text.is_empty() { "other" } else { text };
        let at = match self.seen.get(text) {
            Some(at) => *at,
            None => self.remember(text)?,
        };
        let (code, is_new) = &self.codes[at];
        Ok((code, *is_new))
    }

    fn remember(&mut self, text: &str) -> Result<usize, Fault> {
        if self.codes.len() >= MAX_DISTINCT {
            return Err(Fault::new(
                format!("more than {MAX_DISTINCT} different values in the {} column", self.what),
                "this looks like free text; --map says which column is meant",
            ));
        }
        let at = if let Some(term) = Vocabulary::find(&self.terms, text) {
            self.codes.push((term.code.clone(), false));
            self.codes.len() - 1
        } else {
            let lower = text.to_lowercase();
            match self.new_by_lower.get(&lower) {
                Some(at) => *at,
                None => {
                    self.check_new(text)?;
                    self.codes.push((text.to_string(), true));
                    self.new_by_lower.insert(lower, self.codes.len() - 1);
                    self.codes.len() - 1
                }
            }
        };
        if self.seen.len() < MAX_DISTINCT {
            self.seen.insert(text.into(), at);
        }
        Ok(at)
    }

    fn check_new(&self, text: &str) -> Result<(), Fault> {
        if self.strict {
            let nearest = self.terms.iter().min_by_key(|t| strsim::levenshtein(&t.code, &text.to_lowercase()));
            let hint = nearest.map_or(String::new(), |t| format!("did you mean {}? ", t.code));
            let codes: Vec<&str> = self.terms.iter().map(|t| t.code.as_str()).collect();
            return Err(Fault::new(format!("unknown {}", self.what), format!("{hint}accepted: {}", codes.join(", "))));
        }
        if text.chars().count() > MAX_LETTERS {
            let reason = format!("the {} is longer than {MAX_LETTERS} letters", self.what);
            return Err(Fault::new(reason, "this looks like free text; --map says which column is meant"));
        }
        if personal::is_found(text) {
            return Err(personal_fault());
        }
        Ok(())
    }
}

/// What is said of a value that looks like data about a person.
pub(crate) fn personal_fault() -> Fault {
    Fault::new(
        "looks like personal data",
        "take it out of the file, or import with --redact, which puts [...] in its place",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_codes_and_new_words_keep_their_first_spelling() {
        let mut categories = TermMatcher::new(&Vocabulary::seed().categories, false, "category");
        assert_eq!(categories.code("BELYSNING"), Ok(("lighting", false)));
        assert_eq!(categories.code(""), Ok(("other", false)));
        assert_eq!(categories.code("Cykelstöld"), Ok(("Cykelstöld", true)));
        assert_eq!(categories.code("cykelstöld"), Ok(("Cykelstöld", true)));
        assert!(categories.code(&"x".repeat(101)).is_err() && categories.code("Åke 070-123 45 67").is_err());
    }

    #[test]
    fn a_strict_table_refuses_with_the_nearest_code() {
        let mut categories = TermMatcher::new(&Vocabulary::seed().categories, true, "category");
        assert!(categories.code("vandalims").expect_err("refused").hint.contains("did you mean vandalism"));
        assert!(categories.code("Stöld").is_ok());
    }

    #[test]
    fn a_tally_counts_by_frequency_and_stops_growing() {
        let mut tally = Tally::default();
        for i in 0..MAX_DISTINCT + 5 {
            tally.add(&format!("plats {i:05}"));
        }
        tally.add("plats 00007");
        let list = tally.by_frequency();
        assert_eq!(list[0], ("plats 00007".to_string(), 2));
        assert_eq!((list.len(), list.last()), (MAX_DISTINCT + 1, Some(&("(other values)".to_string(), 5))));
    }
}
