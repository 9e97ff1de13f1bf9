//! A file as a browser sends it.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use maud::{Markup, html};

use super::start_page;
use super::texts as t;
use crate::domain::Collection;
use crate::geodata::Problem as RowProblem;
use crate::http::State;
use crate::http::access::csrf;
use crate::http::imports::{Choices, Sent, TARGETS as COLLECTIONS, inspect};
use crate::http::page::login::{in_lang, lang_of, see_other};
use crate::http::page::texts::{Lang, Text};
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call};

const WALK: &str = "safety-walk";
const POLISEN: &str = "polisen-events";

/// What the rows of a file can be, as the form lists them.
pub(super) const TARGETS: [(&str, Text); 9] = [
    ("observations", t::T_OBSERVATIONS),
    ("activities", t::T_ACTIVITIES),
    (WALK, t::T_WALK),
    ("surveys", t::T_SURVEYS),
    ("reported-counts", t::T_COUNTS),
    ("actions", t::T_ACTIONS),
    ("reports", t::T_REPORTS),
    ("places", t::T_PLACES),
    (POLISEN, t::T_POLISEN),
];

/// Letters of a file name that are kept.
const NAME_LETTERS: usize = 120;

struct Form {
    into: String,
    name: String,
    bytes: Bytes,
}

/// `POST /import`
pub(super) async fn take(call: Call<State>) -> Answer {
    let lang = lang_of(&call)?;
    let form = read(&call).await?;
    let choices = choices_of(&form.into)?;
    if form.bytes.is_empty() {
        let wrong = html! { p.caution role="alert" { (t::NO_FILE.of(lang)) } };
        return start_page(&call, StatusCode::UNPROCESSABLE_ENTITY, Some(wrong)).await;
    }
    let limit_bytes = call.state.uploads.limit_bytes();
    if form.bytes.len() > limit_bytes {
        return Err(Problem::BodyTooLarge { limit_bytes });
    }
    let (uploads, actor, now) = (call.state.uploads.clone(), call.actor.id.clone(), (call.state.now)());
    let kept = call.state.heavy.run(move || {
        let staged = uploads.stage_for_a_moment(&actor, &form.name, &form.bytes, choices.clone(), now)?;
        let sent = Sent { file: staged.file(), name: &form.name, rejects: None, max_rows: uploads.max_rows() };
        // What is no file of ours is told at once and not kept.
        Ok::<_, Problem>(match inspect(sent, &choices) {
            Ok(_) => Ok(uploads.keep(staged, now)),
            Err(unreadable) => Err(unreadable.problems),
        })
    });
    match kept.await?? {
        Ok(staged) => see_other(&in_lang(&format!("/import/{}", staged.token), lang)),
        Err(problems) => start_page(&call, StatusCode::UNPROCESSABLE_ENTITY, Some(unreadable(&problems, lang))).await,
    }
}

/// Why a file as a whole cannot be read.
pub(super) fn unreadable(problems: &[RowProblem], lang: Lang) -> Markup {
    html! {
        div.caution.errors role="alert" {
            h2 { (t::CANNOT_READ.of(lang)) }
            ul {
                @for problem in problems {
                    @let (reason, is_english) = t::reason(problem, lang);
                    li lang=[is_english.then_some("en")] {
                        @if let Some(column) = &problem.column { strong { (crate::geodata::masked(column)) } ": " }
                        (reason)
                    }
                }
            }
        }
    }
}

fn choices_of(into: &str) -> Result<Choices, Problem> {
    let collection = match into {
        WALK | POLISEN => Some(Collection::Observations),
        code => Collection::from_code(code).filter(|collection| COLLECTIONS.contains(collection)),
    };
    let collection = collection.ok_or_else(|| Problem::InvalidParameter {
        parameter: "into".to_string(),
        value: into.chars().take(80).collect(),
        reason: "files of it are not read here".to_string(),
        accepted: TARGETS.map(|(code, _)| code).join(", "),
    })?;
    let mut choices = Choices::new(collection);
    choices.is_safety_walk = into == WALK;
    choices.is_polisen_events = into == POLISEN;
    Ok(choices)
}

async fn read(call: &Call<State>) -> Result<Form, Problem> {
    let given = call.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary =
        multer::parse_boundary(given).map_err(|_| Problem::UnsupportedMediaType("multipart/form-data".to_string()))?;
    let unreadable = |_| Problem::Malformed("the form cannot be read".to_string());
    // The body is in memory: nothing is waited for.
    let mut parts = multer::Multipart::new(Body::from(call.body.clone()).into_data_stream(), boundary);
    let mut form = Form { into: "observations".to_string(), name: String::new(), bytes: Bytes::new() };
    while let Some(field) = parts.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("into") => form.into = field.text().await.map_err(unreadable)?,
            Some("file") => {
                form.name = plain_name(field.file_name().unwrap_or_default());
                form.bytes = field.bytes().await.map_err(unreadable)?;
            }
            Some(csrf::FIELD) => {}
            _ => return Err(Problem::Malformed("the form has other fields than into and file".to_string())),
        }
    }
    Ok(form)
}

/// The last part of a name, without what would not show: it is only ever shown and logged, never opened.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).take(NAME_LETTERS).collect();
    if shown.trim().is_empty() { "fil".to_string() } else { shown.trim().to_string() }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_file_name_is_its_last_part_without_what_does_not_show() {
        for (sent, shown) in [
            ("C:\\Users\\anna\\vandring.xlsx", "vandring.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nb.csv", "ab.csv"),
            ("", "fil"),
            ("mapp/", "fil"),
        ] {
            assert_eq!(plain_name(sent), shown);
        }
        assert_eq!(plain_name(&"å".repeat(500)).chars().count(), 120);
    }
}
