//! Where collections are. One literal path each: some clients find collections in the API document by their paths.

use crate::domain::Collection;
use crate::http::State;
use crate::http::route::Call;

/// The paths of one collection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paths {
    pub(super) collection: &'static str,
    pub(super) schema: &'static str,
    pub(super) items: &'static str,
    pub(super) item: &'static str,
    pub(super) versions: &'static str,
}

macro_rules! below {
    ($code:literal) => {
        Paths {
            collection: concat!("/api/collections/", $code),
            schema: concat!("/api/collections/", $code, "/schema"),
            items: concat!("/api/collections/", $code, "/items"),
            item: concat!("/api/collections/", $code, "/items/{id}"),
            versions: concat!("/api/collections/", $code, "/items/{id}/versions"),
        }
    };
}

impl Paths {
    pub(super) fn of(collection: Collection) -> Self {
        match collection {
            Collection::Areas => below!("areas"),
            Collection::Places => below!("places"),
            Collection::Activities => below!("activities"),
            Collection::Observations => below!("observations"),
            Collection::Surveys => below!("surveys"),
            Collection::ReportedCounts => below!("reported-counts"),
            Collection::Actions => below!("actions"),
            Collection::Reports => below!("reports"),
            Collection::Promises => below!("promises"),
            Collection::Bookings => below!("bookings"),
            Collection::Comments => below!("comments"),
            Collection::Priorities => below!("priorities"),
        }
    }

    /// The path of one record.
    pub(super) fn of_item(self, id: &str) -> String {
        format!("{}/{id}", self.items)
    }
}

/// How the service is called from outside, such as `http://127.0.0.1:8080`: links are absolute, because some
/// clients do not resolve them.
pub(super) fn base_url(call: &Call<State>) -> String {
    let header = |name: &str| call.headers.get(name).and_then(|value| value.to_str().ok());
    // Both only change links in the answer to the one who sent them.
    let scheme = if header("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    format!("{scheme}://{}", header("host").unwrap_or("localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collection_has_its_own_word_in_its_paths() {
        for collection in Collection::ALL {
            let paths = Paths::of(collection);
            assert_eq!(paths.collection, format!("/api/collections/{}", collection.code()));
            assert_eq!(paths.of_item("x"), format!("/api/collections/{}/items/x", collection.code()));
        }
    }
}
