//! Name-value pairs of a request, read strictly.

use std::fmt;

use crate::nearest::nearest;

/// A parameter that a request may have: its name, what it means, what is accepted.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Name on the command line, in URLs and in forms.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What is accepted.
    pub accepted: &'static str,
}

/// A parameter that cannot be used: 400 over HTTP, exit code 2 on the command line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct BadWord {
    /// The parameter.
    pub name: String,
    /// The value given.
    pub value: String,
    /// What is wrong.
    pub reason: String,
    /// What is accepted.
    pub accepted: String,
}

impl fmt::Display for BadWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_str() {
            // An automatic value has no text.
            "" => write!(f, "{}: {}; accepted: {}", self.name, self.reason, self.accepted),
            value => write!(f, "{}: '{value}' {}; accepted: {}", self.name, self.reason, self.accepted),
        }
    }
}

impl BadWord {
    /// A value that is refused.
    pub fn new(name: &str, value: &str, reason: &str, accepted: impl Into<String>) -> Self {
        let value = value.chars().take(120).collect();
        Self { name: name.to_string(), value, reason: reason.to_string(), accepted: accepted.into() }
    }
}

/// The pairs of one request in the order given. An empty value is absent, as forms send it.
#[derive(Clone, Debug, Default)]
pub struct Words(Vec<(String, String)>);

impl Words {
    /// Takes the pairs and refuses names that are not among `known`.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>, known: &[&[Word]]) -> Result<Self, BadWord> {
        let pairs: Vec<(String, String)> = pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        let names: Vec<&str> = known.iter().flat_map(|words| words.iter().map(|w| w.name)).collect();
        for (name, value) in &pairs {
            if !names.contains(&name.as_str()) {
                let reason = match nearest(name, names.iter().copied()) {
                    Some(near) => format!("is given to an unknown parameter; did you mean '{near}'?"),
                    None => "is given to an unknown parameter".to_string(),
                };
                return Err(BadWord::new(name, value, &reason, names.join(", ")));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of a parameter that may stand once.
    pub fn one(&self, name: &str) -> Result<Option<&str>, BadWord> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim());
        let first = values.next();
        match values.next() {
            Some(second) => Err(BadWord::new(name, second, "is a second value", "one value")),
            None => Ok(first),
        }
    }

    /// The values of a parameter that is a comma list, may be repeated, or both. Without repeats.
    pub fn many(&self, name: &str) -> Vec<&str> {
        let mut list: Vec<&str> = Vec::new();
        for value in self.0.iter().filter(|(n, _)| n == name).flat_map(|(_, value)| value.split(',')) {
            let value = value.trim();
            if !value.is_empty() && !list.contains(&value) {
                list.push(value);
            }
        }
        list
    }

    /// A finite number within `[low, high]`.
    pub fn number(&self, name: &str, low: f64, high: f64) -> Result<Option<f64>, BadWord> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(number) if (low..=high).contains(&number) => Ok(Some(number)),
            _ => Err(BadWord::new(name, text, "is not usable", format!("a number from {low} to {high}"))),
        }
    }

    /// A choice: `read` knows the accepted codes.
    pub fn choice<T>(
        &self,
        name: &str,
        accepted: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, BadWord> {
        self.one(name)?.map(|text| read(text).ok_or_else(|| unknown(name, text, accepted))).transpose()
    }

    /// A list of choices.
    pub fn choices<T>(
        &self,
        name: &str,
        accepted: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, BadWord> {
        self.many(name).into_iter().map(|text| read(text).ok_or_else(|| unknown(name, text, accepted))).collect()
    }
}

/// A value that is not among those accepted, with the nearest one.
pub(super) fn unknown(name: &str, value: &str, accepted: &[&str]) -> BadWord {
    let reason = match nearest(value, accepted.iter().copied()) {
        Some(near) => format!("is not known; did you mean '{near}'?"),
        None => "is not known".to_string(),
    };
    let mut list = accepted.iter().take(40).copied().collect::<Vec<_>>().join(", ");
    if accepted.len() > 40 {
        list.push_str(&format!(", ... ({} in all)", accepted.len()));
    }
    BadWord::new(name, value, &reason, list)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Word] =
        &[Word { name: "category", meaning: "", accepted: "" }, Word { name: "period", meaning: "", accepted: "" }];

    fn words(pairs: &[(&str, &str)]) -> Result<Words, BadWord> {
        Words::new(pairs.iter().map(|(n, v)| (n.to_string(), v.to_string())), &[KNOWN])
    }

    #[test]
    fn lists_may_be_written_with_commas_or_repeated() {
        let words = words(&[("category", "a, b"), ("category", "c,a"), ("period", "")]).expect("known");
        assert_eq!(words.many("category"), ["a", "b", "c"]);
        assert_eq!(words.one("period"), Ok(None));
    }

    #[test]
    fn unknown_names_and_second_values_are_refused() {
        let bad = words(&[("catgory", "a")]).expect_err("unknown");
        assert!(bad.to_string().contains("did you mean 'category'"), "{bad}");
        assert!(words(&[("period", "2025"), ("period", "2024")]).expect("known").one("period").is_err());
    }
}
