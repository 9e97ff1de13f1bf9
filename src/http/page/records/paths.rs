//! Where the pages of records are, in Swedish.

use crate::domain::Collection;
use crate::http::page::texts::Lang;

/// The paths of the pages of one collection.
#[derive(Clone, Copy, Debug)]
pub(in crate::http::page) struct Pages {
    pub(in crate::http::page) list: &'static str,
    pub(super) new: &'static str,
    pub(super) one: &'static str,
    pub(super) edit: &'static str,
    pub(super) withdraw: &'static str,
}

macro_rules! below {
    ($word:literal) => {
        Pages {
            list: concat!("/", $word),
            new: concat!("/", $word, "/ny"),
            one: concat!("/", $word, "/{id}"),
            edit: concat!("/", $word, "/{id}/andra"),
            withdraw: concat!("/", $word, "/{id}/ta-tillbaka"),
        }
    };
}

impl Pages {
    pub(in crate::http::page) fn of(collection: Collection) -> Self {
        match collection {
            Collection::Areas => below!("omraden"),
            Collection::Places => below!("platser"),
            Collection::Activities => below!("genomfort"),
            Collection::Observations => below!("iakttagelser"),
            Collection::Surveys => below!("trygghetsmatningar"),
            Collection::ReportedCounts => below!("rapporterade-antal"),
            Collection::Actions => below!("atgarder"),
            Collection::Reports => below!("veckorapporter"),
            Collection::Promises => below!("loften"),
            Collection::Bookings => below!("inbokat"),
            Collection::Comments => below!("kommentarer"),
            Collection::Priorities => below!("prioriteringar"),
        }
    }

    /// The path of a page about one record.
    pub(super) fn with_id(template: &str, id: &str) -> String {
        template.replace("{id}", id)
    }
}

/// The address of a page in a language, with more parameters.
pub(super) fn in_lang(path: &str, lang: Lang, more: &str) -> String {
    let lang = if lang == Lang::default() { String::new() } else { format!("lang={}", lang.code()) };
    match [lang.as_str(), more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&") {
        query if query.is_empty() => path.to_string(),
        query => format!("{path}?{query}"),
    }
}
