//! Reads and writes promise documents (`promises.json`): every problem with its place in the file.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::promise_form::{
    CommitmentForm, DocumentForm, FileForm, PartyForm, PledgeForm, PromiseForm, ReadingForm, ids, pledge, to_json,
};
use super::{Problem, Spot};
use crate::domain::{Area, Commitment, Party, Promise, PromiseDocument, PromiseHead, Reading, Term, Vocabulary};

/// What was read. With any problem, only the documents without one are there.
#[derive(Debug)]
pub struct PromisesRead {
    /// Whole documents, in the order of the file.
    pub documents: Vec<PromiseDocument>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

/// Reads promise documents from JSON. `file` is the name used in problems.
///
/// Every document, party, promise, commitment, pledge and reading is read by itself, so mistakes in
/// several of them are reported together; within one of them the first is reported.
pub fn read_promises(file: &str, text: &str) -> PromisesRead {
    let mut reader = Reader { file, problems: Vec::new() };
    let documents = match serde_json::from_str::<FileForm>(text) {
        Err(error) => {
            reader.problems.push(unreadable(file, &error));
            Vec::new()
        }
        Ok(form) => {
            let documents = form.documents.into_iter().enumerate();
            documents.filter_map(|(i, value)| reader.document(&format!("documents[{i}]"), value)).collect()
        }
    };
    PromisesRead { documents, problems: reader.problems }
}

/// The documents as JSON that [`read_promises`] reads back to the same values.
pub fn write_promises(documents: &[PromiseDocument]) -> String {
    to_json(documents)
}

/// References to areas, kinds and roles that the data file does not have, and document ids used twice.
pub fn unknown_references(
    file: &str,
    documents: &[PromiseDocument],
    areas: &[Area],
    vocabulary: &Vocabulary,
) -> Vec<Problem> {
    let mut reader = Reader { file, problems: Vec::new() };
    let area_ids: BTreeSet<&str> = areas.iter().map(|area| area.id.as_str()).collect();
    let codes = |terms: &'static str, table: &[Term]| {
        (terms, table.iter().map(|term| term.code.clone()).collect::<BTreeSet<_>>())
    };
    let (kinds, roles) = (codes("kind", &vocabulary.kinds), codes("role", &vocabulary.roles));
    let accepted = |known: &BTreeSet<String>| known.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut document_ids = BTreeSet::new();
    for document in documents {
        let id = &document.head().id;
        if !document_ids.insert(id.clone()) {
            reader.report(id.as_str(), "a document id is used twice", "each document needs an id of its own");
        }
        let mut area = |at: String, area: &str| {
            if !area_ids.contains(area) {
                let known = area_ids.iter().copied().collect::<Vec<_>>().join(", ");
                reader.report(&at, &format!("area '{area}' does not exist"), &format!("areas: {known}"));
            }
        };
        for promise in document.promises() {
            promise.areas.iter().for_each(|id_of_area| area(format!("{id}/{}", promise.id), id_of_area.as_str()));
        }
        for commitment in document.commitments() {
            if let Some(id_of_area) = commitment.pledge.area() {
                area(format!("{id}/{}", commitment.id), id_of_area.as_str());
            }
        }
        let mut term = |at: String, (what, known): &(&str, BTreeSet<String>), code: &str| {
            if !known.contains(code) {
                reader.report(
                    &at,
                    &format!("{what} '{code}' does not exist"),
                    &format!("{what}s: {}", accepted(known)),
                );
            }
        };
        for party in &document.head().parties {
            term(format!("{id}/{}", party.id), &roles, &party.role);
        }
        for commitment in document.commitments() {
            let at = || format!("{id}/{}", commitment.id);
            commitment.pledge.kind().into_iter().for_each(|kind| term(at(), &kinds, kind));
            let required = commitment.pledge.actors().iter().flat_map(|rule| rule.any_of());
            required.for_each(|role| term(at(), &roles, role));
        }
    }
    reader.problems
}

fn unreadable(file: &str, error: &serde_json::Error) -> Problem {
    Problem {
        file: file.to_string(),
        spot: if error.line() > 0 { Spot::Line(error.line() as u64) } else { Spot::File },
        column: None,
        value: None,
        reason: format!("cannot be read as promises: {error}"),
        hint: "an object {\"documents\": [...]} is accepted; docs/promises.md describes it".to_string(),
    }
}

struct Reader<'a> {
    file: &'a str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn report(&mut self, at: &str, reason: &str, hint: &str) {
        self.problems.push(Problem {
            file: self.file.to_string(),
            spot: Spot::File,
            column: Some(at.to_string()),
            value: None,
            reason: reason.to_string(),
            hint: hint.to_string(),
        });
    }

    fn form<T: DeserializeOwned>(&mut self, at: &str, value: Value) -> Option<T> {
        match serde_json::from_value(value) {
            Ok(form) => Some(form),
            Err(error) => {
                self.report(at, &error.to_string(), "docs/promises.md describes every member");
                None
            }
        }
    }

    /// Reads each element; the problems of all of them are kept.
    fn list<T>(&mut self, at: &str, values: Vec<Value>, read: impl Fn(&mut Self, &str, Value) -> Option<T>) -> Vec<T> {
        let elements = values.into_iter().enumerate();
        elements.filter_map(|(i, value)| read(self, &format!("{at}[{i}]"), value)).collect()
    }

    fn readings(&mut self, at: &str, values: Vec<Value>) -> Vec<Reading> {
        self.list(at, values, |reader, at, value| reader.form::<ReadingForm>(at, value).map(Reading::from))
    }

    /// `None` when anything in the document is wrong; the problems say what.
    fn document(&mut self, at: &str, value: Value) -> Option<PromiseDocument> {
        let before = self.problems.len();
        let form: DocumentForm = self.form(at, value)?;
        let party = |reader: &mut Self, at: &str, value| reader.form::<PartyForm>(at, value).map(Party::from);
        let promise = |reader: &mut Self, at: &str, value| reader.form::<PromiseForm>(at, value).map(Promise::from);
        let head = PromiseHead {
            id: form.id.0,
            names: form.names.into(),
            signed: form.signed,
            period: form.period.0,
            source: form.source,
            parties: self.list(&format!("{at}.parties"), form.parties, party),
            readings: self.readings(&format!("{at}.readings"), form.readings),
        };
        let promises = self.list(&format!("{at}.promises"), form.promises, promise);
        let commitments = self.list(&format!("{at}.commitments"), form.commitments, Self::commitment);
        if self.problems.len() > before {
            return None; // references into what could not be read would only be reported as missing
        }
        match PromiseDocument::new(head, promises, commitments) {
            Ok(document) => Some(document),
            Err(wrong) => {
                wrong.iter().for_each(|problem| self.report(at, &problem.to_string(), ""));
                None
            }
        }
    }

    fn commitment(&mut self, at: &str, value: Value) -> Option<Commitment> {
        let form: CommitmentForm = self.form(at, value)?;
        let readings = self.readings(&format!("{at}.readings"), form.readings);
        let at = format!("{at}.pledge");
        let pledge = match pledge(self.form::<PledgeForm>(&at, form.pledge)?) {
            Ok(pledge) => pledge,
            Err(reason) => {
                self.report(&at, &reason, "");
                return None;
            }
        };
        Some(Commitment {
            id: form.id.0,
            names: form.names.into(),
            quote: form.quote,
            promises: ids(form.promises),
            promises_basis: form.promises_basis,
            responsible: ids(form.responsible),
            pledge,
            readings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: &str = include_str!("../../geodata/nassjo/promises.json");

    #[test]
    fn the_promise_of_nassjo_survives_writing_and_reading() {
        let read = read_promises("promises.json", DEFAULT);
        assert_eq!(read.problems, []);
        let again = read_promises("again", &write_promises(&read.documents));
        assert_eq!(again.problems, []);
        assert_eq!(again.documents, read.documents);
    }

    #[test]
    fn mistakes_in_several_commitments_are_reported_together_with_their_place() {
        let bad = DEFAULT
            .replace("\"at_least\": 15, \"per\": \"calendar_year\"", "\"at_least\": 0, \"per\": \"calendar_year\"")
            .replace("\"id\": \"uppfoljning\"", "\"id\": \"upp följning\"")
            .replace("\"any_of\": [\"municipality\"] }", "\"any_of\": [] }");
        let read = read_promises("p.json", &bad);
        assert!(read.documents.is_empty());
        let problems: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 3, "{problems:#?}");
        assert!(problems[0].starts_with("p.json:documents[0].commitments[4].pledge: invalid value: integer `0`"));
        assert!(problems[1].contains("commitments[5].pledge: an actor has an empty list any_of"));
        assert!(problems[2].contains("commitments[10]: id 'upp följning' is not valid"), "{}", problems[2]);
    }

    #[test]
    fn a_misspelt_member_and_broken_json_are_refused() {
        let misspelt = DEFAULT.replacen("\"at_most_days\"", "\"at_most_day\"", 1);
        let read = read_promises("p.json", &misspelt);
        assert!(read.problems[0].to_string().contains("unknown field `at_most_day`"), "{:?}", read.problems);
        let read = read_promises("p.json", "{\"documents\": [\n");
        assert_eq!(read.problems[0].spot, Spot::Line(2));
    }

    #[test]
    fn references_to_areas_kinds_and_roles_that_do_not_exist_are_listed() {
        let read = read_promises("p.json", &DEFAULT.replace("safety_inventory", "inventory"));
        let problems = unknown_references("p.json", &read.documents, &[], &Vocabulary::seed());
        // Three areas in two promises, eight commitments about an area, two with the unknown kind.
        let about = |what: &str| problems.iter().filter(|p| p.reason.starts_with(what)).count();
        assert_eq!((about("area"), about("kind 'inventory'"), about("role")), (11, 2, 0), "{problems:#?}");
        assert!(problems.iter().any(|p| p.hint.contains("safety_walk")));
    }
}
