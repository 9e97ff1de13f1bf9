//! What the fields of a comment may be: promises, their commitments and parties, as the data file has them.

use std::collections::BTreeMap;

use crate::domain::Collection;
use crate::followup::Book;
use crate::http::State;
use crate::http::page::texts::Lang;
use crate::http::problem::Problem;
use crate::http::route::Call;

/// Codes with labels under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) heading: String,
    pub(super) options: Vec<(String, String)>,
}

/// By the name of the field. A field without an entry is typed.
pub(super) type Offered = BTreeMap<&'static str, Vec<Group>>;

/// What is offered in the form of a collection; nothing for most, and nothing while there is no promise.
pub(super) async fn offered(call: &Call<State>, collection: Collection, lang: Lang) -> Result<Offered, Problem> {
    if collection != Collection::Comments {
        return Ok(Offered::new());
    }
    let (books, store) = (call.state.books.clone(), call.state.store.clone());
    let book = call.state.heavy.run(move || books.at(&store, &store.snapshot())).await??;
    Ok(of_book(&book, lang))
}

/// The newest promise first.
fn of_book(book: &Book, lang: Lang) -> Offered {
    let documents = || book.promises.iter().rev();
    if book.promises.is_empty() {
        return Offered::new();
    }
    let title = |document: &crate::domain::PromiseDocument| {
        let names = &document.head().names;
        lang.pick(names.sv.clone(), names.en.clone())
    };
    let promises = documents().map(|document| (document.head().id.to_string(), title(document))).collect();
    let group = |document, options| Group { heading: title(document), options };
    let commitments = documents().map(|document| {
        let options = document.commitments().iter();
        let label = |names: &crate::domain::Names| lang.pick(names.sv.clone(), names.en.clone());
        group(document, options.map(|c| (c.id.to_string(), label(&c.names))).collect())
    });
    let parties = documents().map(|document| {
        let options = document.head().parties.iter();
        group(document, options.map(|party| (party.id.to_string(), party.organisation.clone())).collect())
    });
    Offered::from([
        ("promise", vec![Group { heading: String::new(), options: promises }]),
        ("commitment", commitments.collect()),
        ("party", parties.collect()),
    ])
}
