//! Where the follow-up gets its book from: the records of a data file at one revision.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use super::problem::Problem;
use super::publishing::published_on;
use super::records::of_store;
use crate::domain::{Collection, Record, StoredPromise};
use crate::followup::{Book, BookBuilder};
use crate::geodata::read_promises;
use crate::public::shelf::Shelf;
use crate::spatial::Snapshot;
use crate::store::{Reader, Store, StoreError, releases_of};

/// The collections a book is made of.
fn collections() -> impl Iterator<Item = Collection> {
    let others = [Collection::Areas, Collection::Places, Collection::Observations];
    Collection::ALL.into_iter().filter(move |collection| !others.contains(collection))
}

/// Records read at a time.
const AT_A_TIME: usize = 5_000;

/// The book of a data file as it is at this moment, for the command line. Reads every activity once: about 5 µs each.
pub fn read_book(path: &Path) -> Result<Book, StoreError> {
    let reader = Reader::open(path)?;
    let mut builder = BookBuilder::new(reader.frame(), reader.revision()?);
    for collection in collections() {
        reader.each(collection, |record| {
            add(&mut builder, record);
            Ok::<(), StoreError>(())
        })?;
    }
    for entry in releases_of(path)?.iter().filter(|entry| entry.published.is_some()) {
        builder.publication(published_on(entry, &reader.frame().facts.zone));
    }
    Ok(builder.finish())
}

fn book_at(store: &Store, snapshot: &Snapshot) -> Result<Book, StoreError> {
    let mut builder = BookBuilder::new(snapshot.frame(), snapshot.revision());
    for collection in collections() {
        let mut after: Option<String> = None;
        loop {
            let page = store.page(collection, snapshot.revision(), after.as_deref(), AT_A_TIME)?;
            let is_last = page.len() < AT_A_TIME;
            after = page.last().map(|(record, _)| record.id().to_string());
            page.into_iter().for_each(|(record, _)| add(&mut builder, record));
            if is_last {
                break;
            }
        }
    }
    Ok(builder.finish())
}

fn add(builder: &mut BookBuilder, record: Record) {
    match record {
        Record::Promise(promise) => add_promise(builder, promise),
        record => builder.record(record),
    }
}

fn add_promise(builder: &mut BookBuilder, promise: StoredPromise) {
    let read = read_promises(promise.id.as_str(), &promise.json);
    match read.documents.into_iter().next() {
        Some(document) => builder.promise(document),
        None => {
            let what: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
            builder.unreadable_promise(promise.id, what.join("; "));
        }
    }
}

/// A book with the revision and the publications it was asked for at.
type Kept = (u64, Vec<Date>, Arc<Book>);

/// The newest book asked for, kept until another revision is asked for or something is published. Cloning copies
/// pointers.
#[derive(Clone, Debug)]
pub struct Books {
    kept: Arc<Mutex<Option<Kept>>>,
    shelf: Shelf,
}

impl Books {
    /// None yet. Days of publication are those of the shelf.
    pub fn new(shelf: Shelf) -> Self {
        Self { kept: Arc::default(), shelf }
    }

    /// Days on which releases were published, rising; also of those that were withdrawn since.
    pub fn publications(&self) -> Vec<Date> {
        let mut days: Vec<Date> =
            self.shelf.stock().index().releases.iter().map(|release| release.published_on).collect();
        days.sort_unstable();
        days
    }

    /// The book at the revision of a snapshot. Blocks while it is made; call it where heavy work is done.
    pub fn at(&self, store: &Store, snapshot: &Snapshot) -> Result<Arc<Book>, Problem> {
        let publications = self.publications();
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((revision, then, book)) = kept
            && revision == snapshot.revision()
            && then == publications
        {
            return Ok(book);
        }
        let mut book = book_at(store, snapshot).map_err(of_store)?;
        book.publications.clone_from(&publications);
        let book = Arc::new(book);
        let kept = (snapshot.revision(), publications, Arc::clone(&book));
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(book)
    }
}
