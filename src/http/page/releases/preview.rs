//! Files of a release before it is public, for those who build and publish it.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Response;

use super::entry;
use crate::domain::Role;
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::records::blocking;
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::public::media_type;

/// Its own pages may frame it, and the interactive map may run; nothing of another origin.
const CONTENT_SECURITY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; \
                                connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
                                frame-ancestors 'self'";

pub(super) fn routes() -> Vec<Route<State>> {
    let number = Param::path("number", "number of a release", "a whole number");
    let file = Param::path("file", "a file of the release", "a path in the manifest");
    vec![Route::get(
        "/utgavor/{number}/fil/{*file}",
        Access::Role(Role::Reader),
        "A file of a release, public or not",
        [number, file, super::LANG],
        preview,
    )]
}

async fn preview(call: Call<State>) -> Answer {
    let number = entry(&call).await?.new.number;
    let path = call.path_value("file").to_string();
    let folder = call.state.shelf.folder().join(number.to_string());
    // A file is looked up in what the manifest lists: no path of a request reaches the disk.
    let media = media_type(&path);
    let bytes = blocking(move || {
        let read = crate::public::read::folder(&folder).map_err(|problems| {
            let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Problem::Conflict(format!("release {number} is not whole: {}", text.join("; ")))
        })?;
        let found = read.files().get(&path).cloned();
        found.ok_or_else(|| Problem::NotFound(format!("file '{path}' in release {number}")))
    })
    .await?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY));
    Ok(response)
}
