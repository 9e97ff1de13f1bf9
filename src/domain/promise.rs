//! Promises: what authorities signed, and the parts of it that can be followed up.
//!
//! A document holds promises (what is hoped for) and commitments (what is to be done or shown). The
//! words of the source stay beside every part, with our reading of them and the readings we did not
//! choose, so that a reader can disagree with us and see what would change.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::pledge::{Pledge, Target};
use super::{Id, Names, Period};

/// Whether the source says something or we concluded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The words of the source say so.
    Text,
    /// Our reading; the source can be read otherwise.
    OurReading,
}

impl Basis {
    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::OurReading => "our_reading",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Text, Self::OurReading].into_iter().find(|b| b.code() == code)
    }
}

/// A way to read words that we did not choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The reading in words.
    pub text: Names,
    /// What would be counted instead, where it is a matter of counting.
    pub target: Option<Target>,
}

/// Words of the source that can be read in more than one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The words.
    pub quote: String,
    /// How we read them.
    pub chosen: Names,
    /// How else they can be read.
    pub alternatives: Vec<Alternative>,
}

/// One row of the follow-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Unique in the document.
    pub id: Id,
    /// What pages call it.
    pub names: Names,
    /// The words of the source.
    pub quote: String,
    /// The promises it serves; several when it serves several.
    pub promises: Vec<Id>,
    /// Whether the source says which promise it serves.
    pub promises_basis: Basis,
    /// Ids of the parties that are to do it.
    pub responsible: Vec<Id>,
    /// What exactly.
    pub pledge: Pledge,
    /// Words in it that can be read in more than one way.
    pub readings: Vec<Reading>,
}

/// What was promised: the aim, without numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Unique in the document.
    pub id: Id,
    /// What pages call it.
    pub names: Names,
    /// The words of the source.
    pub quote: String,
    /// The areas it names.
    pub areas: Vec<Id>,
}

/// One of those who signed. The office that signed, never the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Unique in the document.
    pub id: Id,
    /// Role code.
    pub role: String,
    /// The organisation.
    pub organisation: String,
    /// The office of the one who signed, as the source writes it.
    pub signed_as: String,
}

/// What a document says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseHead {
    /// Unique in the data file.
    pub id: Id,
    /// Its title.
    pub names: Names,
    /// Day of signing.
    pub signed: Date,
    /// The days for which it holds.
    pub period: Period,
    /// Where the text was read.
    pub source: String,
    /// Those who signed.
    pub parties: Vec<Party>,
    /// Words that concern the whole document and can be read in more than one way.
    pub readings: Vec<Reading>,
}

/// A signed document with its promises and commitments; references inside it hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseDocument {
    head: PromiseHead,
    promises: Vec<Promise>,
    commitments: Vec<Commitment>,
}

/// Why parts do not make a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocument {
    /// Two parties, promises or commitments have the same id.
    #[error("{what} id '{id}' is used twice")]
    DuplicateId {
        /// `party`, `promise` or `commitment`.
        what: &'static str,
        /// The id.
        id: Id,
    },
    /// A commitment refers to something the document does not have.
    #[error("commitment '{commitment}' refers to {what} '{id}', which the document does not have")]
    Unknown {
        /// The commitment.
        commitment: Id,
        /// `promise` or `party`.
        what: &'static str,
        /// The missing id.
        id: Id,
    },
    /// A document without promises or without commitments promises nothing.
    #[error("a document needs at least one {what}")]
    Empty {
        /// `promise` or `commitment`.
        what: &'static str,
    },
}

impl PromiseDocument {
    /// Checks that ids are unique and that references lead somewhere; lists everything that is wrong.
    pub fn new(
        head: PromiseHead,
        promises: Vec<Promise>,
        commitments: Vec<Commitment>,
    ) -> Result<Self, Vec<InvalidDocument>> {
        let mut wrong = Vec::new();
        let parties = unique("party", head.parties.iter().map(|p| &p.id), &mut wrong);
        let known = unique("promise", promises.iter().map(|p| &p.id), &mut wrong);
        unique("commitment", commitments.iter().map(|c| &c.id), &mut wrong);
        for (what, is_empty) in [("promise", promises.is_empty()), ("commitment", commitments.is_empty())] {
            if is_empty {
                wrong.push(InvalidDocument::Empty { what });
            }
        }
        for commitment in &commitments {
            let mut refer = |what, ids: &[Id], known: &BTreeSet<Id>| {
                let missing = ids.iter().filter(|id| !known.contains(*id));
                let unknown =
                    |id: &Id| InvalidDocument::Unknown { commitment: commitment.id.clone(), what, id: id.clone() };
                wrong.extend(missing.map(unknown));
            };
            refer("promise", &commitment.promises, &known);
            refer("party", &commitment.responsible, &parties);
        }
        if wrong.is_empty() { Ok(Self { head, promises, commitments }) } else { Err(wrong) }
    }

    /// What it says about itself.
    pub fn head(&self) -> &PromiseHead {
        &self.head
    }

    /// The promises, in the order of the source.
    pub fn promises(&self) -> &[Promise] {
        &self.promises
    }

    /// The rows of the follow-up, in the order of the file.
    pub fn commitments(&self) -> &[Commitment] {
        &self.commitments
    }

    /// The stretches in which a target holds; see [`super::Counting::windows`].
    pub fn windows(&self, target: &Target) -> Vec<Period> {
        target.per.windows(&self.head.period)
    }
}

fn unique<'a>(what: &'static str, ids: impl Iterator<Item = &'a Id>, wrong: &mut Vec<InvalidDocument>) -> BTreeSet<Id> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id.clone()) {
            wrong.push(InvalidDocument::DuplicateId { what, id: id.clone() });
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn everything_that_is_wrong_with_a_document_is_listed() {
        let id = |text: &str| Id::new(text).expect("valid");
        let names = || Names { sv: "x".into(), en: "x".into() };
        let head = PromiseHead {
            id: id("d"),
            names: names(),
            signed: date(2019, 4, 25),
            period: Period::parse("2019").expect("a period"),
            source: String::new(),
            parties: vec![],
            readings: vec![],
        };
        let promise = Promise { id: id("p"), names: names(), quote: String::new(), areas: vec![] };
        let commitment = Commitment {
            id: id("c"),
            names: names(),
            quote: String::new(),
            promises: vec![id("q")],
            promises_basis: Basis::OurReading,
            responsible: vec![id("police")],
            pledge: Pledge::NotMeasurable { reason: names() },
            readings: vec![],
        };
        let wrong = PromiseDocument::new(head, vec![promise.clone(), promise], vec![commitment]).expect_err("refused");
        assert_eq!(
            wrong.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "promise id 'p' is used twice",
                "commitment 'c' refers to promise 'q', which the document does not have",
                "commitment 'c' refers to party 'police', which the document does not have",
            ]
        );
    }
}
