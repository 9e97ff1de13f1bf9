//! Query parameters as an ordered list of decoded pairs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::problem::Problem;

/// Most pairs in one query.
pub const MAX_PAIRS: usize = 100;

/// All but the unreserved characters and those a query may hold as they are.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b'/').remove(b':');

/// The (name, value) pairs of a query in the order given, repeated names kept, pairs with an empty value left out:
/// forms send empty fields, and an empty value means absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Reads the part of a URL after `?`.
    ///
    /// `+` is a space and `%XX` a byte; bytes that are not UTF-8 and more than [`MAX_PAIRS`] pairs are refused.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        Self::parse_at_most(query, MAX_PAIRS)
    }

    /// The same for a form with more fields, such as one for every column of a file.
    pub fn parse_at_most(query: &str, most: usize) -> Result<Self, Problem> {
        let written: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        if written.len() > most {
            let count = written.len();
            return Err(Problem::Malformed(format!("the query has {count} parameters; accepted: at most {most}")));
        }
        let mut pairs = Vec::with_capacity(written.len());
        for pair in written {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name, pair)?, decode(value, pair)?);
            if !value.is_empty() {
                pairs.push((name, value));
            }
        }
        Ok(Self(pairs))
    }

    /// All pairs in the order given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The pairs as the part of a URL after `?`, in the order given. Commas, slashes and colons stay readable.
    pub fn to_query(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
        self.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
    }

    /// Every value of a name, in the order given.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(n, _)| *n == name).map(|(_, value)| value)
    }

    /// The value of a name that may be given once; a second, different one is refused.
    pub fn one(&self, name: &str) -> Result<Option<&str>, Problem> {
        let mut values = self.iter().filter(|(n, _)| *n == name).map(|(_, value)| value);
        let first = values.next();
        match values.find(|value| Some(*value) != first) {
            None => Ok(first),
            Some(second) => Err(Problem::InvalidParameter {
                parameter: name.to_string(),
                value: second.to_string(),
                reason: format!("it was already given as '{}'", first.unwrap_or_default()),
                accepted: "one value".to_string(),
            }),
        }
    }
}

impl From<Vec<(String, String)>> for Pairs {
    /// Pairs that are decoded already, such as those of a form in a body; empty values are left out.
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }
}

fn decode(text: &str, pair: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(|decoded| decoded.into_owned())
        .map_err(|_| Problem::Malformed(format!("the query part '{pair}' is not UTF-8 after percent-decoding")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        Pairs::parse(query).expect("valid").0
    }

    #[test]
    fn pairs_keep_their_order_and_repetitions_and_are_decoded() {
        let expected = [("area", "a b"), ("kind", "å&="), ("area", "c")];
        let expected: Vec<(String, String)> = expected.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        assert_eq!(pairs("area=a+b&kind=%C3%A5%26%3D&&area=c"), expected);
    }

    #[test]
    fn a_written_query_reads_back_as_the_same_pairs() {
        let pairs = Pairs::parse("datetime=2025-01-01/..&text=a%2Bb+%26%20%C3%A5&area=a,b").expect("valid");
        assert_eq!(pairs.to_query(), "datetime=2025-01-01/..&text=a%2Bb%20%26%20%C3%A5&area=a,b");
        assert_eq!(Pairs::parse(&pairs.to_query()), Ok(pairs));
    }

    #[test]
    fn empty_values_are_absent() {
        assert_eq!(pairs("from=&to&=").len(), 0);
        assert_eq!(pairs("from=&to=2025-01-01").len(), 1);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        for query in ["a=%FF", "%C3=1", "a=%C3%28"] {
            assert!(matches!(Pairs::parse(query), Err(Problem::Malformed(_))), "{query}");
        }
    }

    #[test]
    fn one_hundred_pairs_are_accepted_and_one_more_is_not() {
        assert_eq!(pairs(&vec!["a=1"; 100].join("&")).len(), 100);
        assert!(Pairs::parse(&vec!["a="; 101].join("&")).is_err());
    }

    #[test]
    fn a_name_for_one_value_refuses_a_second_different_one() {
        let pairs = Pairs::parse("a=1&b=2&a=1&b=3").expect("valid");
        assert_eq!(pairs.one("a"), Ok(Some("1")));
        assert_eq!(pairs.one("c"), Ok(None));
        assert!(matches!(pairs.one("b"), Err(Problem::InvalidParameter { value, .. }) if value == "3"));
    }
}
