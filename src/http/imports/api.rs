//! `/api/imports`: a file as the body of a request, the answer as JSON.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::choices::{Choices, TARGETS};
use super::work::{Checked, Hindrance, Sent, Unreadable, check, import, of_import};
use crate::domain::{Collection, Plane, Role};
use crate::geodata::{Encoding, Field, Format, Problem as RowProblem, ReadSummary, Spot, masked};
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::records::{RecordProblem, of_store};
use crate::http::route::{Access, Answer, Call, Param, Route};
use crate::store::ImportEntry;
use crate::wire::records::BadMember;

const FORMATS: [(&str, Format); 5] = [
    ("csv", Format::Csv),
    ("xlsx", Format::Xlsx),
    ("geojson", Format::GeoJson),
    ("gpkg", Format::GeoPackage),
    ("polisen-events", Format::PolisenEvents),
];

/// Media types with the format they mean; the content decides where they mean none.
const MEDIA_TYPES: [(&str, Option<Format>); 7] = [
    ("text/csv", Some(Format::Csv)),
    ("application/geo+json", Some(Format::GeoJson)),
    ("application/json", None),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Some(Format::Xlsx)),
    ("application/geopackage+sqlite3", Some(Format::GeoPackage)),
    ("application/octet-stream", None),
    ("text/plain", None),
];

pub(in crate::http) fn routes() -> Vec<Route<State>> {
    let editor = Access::Role(Role::Editor);
    let into = "observations, activities, places, surveys, reported-counts, actions or reports";
    let params = vec![
        Param::query("into", "what the rows are", into),
        Param::query("dry_run", "only say what would happen", "true or false (default)"),
        Param::query("format", "the format", "csv, xlsx, geojson, gpkg or polisen-events"),
        Param::query("profile", "what rows hold beside their record", "safety-walk"),
        Param::query("name", "name of the file for the log", "up to 200 letters"),
        Param::query("map", "reads a field from a column; may be given several times", "FIELD=COLUMN"),
        Param::query("keep", "keeps a column; may be given several times", "a heading"),
        Param::query("crs", "system of the coordinates", "EPSG:3006 and others, as on the command line"),
        Param::query("sheet", "sheet of a workbook", "its name"),
        Param::query("layer", "layer of a GeoPackage", "its name"),
        Param::query("redact", "replace what looks personal instead of refusing the row", "true or false (default)"),
    ];
    let id = Param::path("id", "number of the import", "a number that /api/imports lists");
    vec![
        Route::get("/api/imports", editor, "All imports, the newest first", [], list),
        Route::new(Method::POST, "/api/imports", editor, "Imports a file, or says what would happen", params, post)
            .upload(),
        Route::new(Method::POST, "/api/imports/{id}/undo", editor, "Undoes an import", [id], undo)
            .body_limit(1024)
            .upload(),
    ]
}

fn answer(status: StatusCode, value: &Value) -> Answer {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn list(call: Call<State>) -> Answer {
    let store = call.state.store.clone();
    let imports = call.state.heavy.run(move || store.imports()).await?.map_err(of_store)?;
    let entries: Vec<Value> = imports.iter().map(entry).collect();
    answer(StatusCode::OK, &json!({ "imports": entries }))
}

fn entry(import: &ImportEntry) -> Value {
    json!({
        "id": import.import_id, "at": import.at_utc, "file": masked(&import.file), "into": import.collection,
        "rows": import.rows, "accepted": import.accepted, "refused": import.rejected,
        "revision": import.revision, "undone_revision": import.undone_revision,
    })
}

async fn undo(call: Call<State>) -> Answer {
    let Ok(id) = call.path_value("id").parse::<i64>() else {
        return Err(Problem::NotFound("import of this number".to_string()));
    };
    let (store, actor) = (call.state.store.clone(), call.actor.clone());
    let undone = call.state.heavy.run(move || store.undo(&actor, id)).await?.map_err(of_import)?;
    let changed: Vec<&str> = undone.changed_since.iter().map(|id| id.as_str()).collect();
    let value = json!({
        "id": id, "revision": undone.revision, "into": undone.collection.code(), "withdrawn": undone.withdrawn,
        "restored": undone.restored, "changed_since": changed,
    });
    answer(StatusCode::OK, &value)
}

fn invalid(parameter: &str, value: &str, reason: &str, accepted: &str) -> Problem {
    Problem::InvalidParameter {
        parameter: parameter.to_string(),
        value: value.to_string(),
        reason: reason.to_string(),
        accepted: accepted.to_string(),
    }
}

fn flag(call: &Call<State>, name: &str) -> Result<bool, Problem> {
    match call.pairs.one(name)? {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(invalid(name, other, "it is neither", "true or false")),
    }
}

/// What the query says, and the format that it or the content type says.
fn choices_of(call: &Call<State>) -> Result<(Choices, Option<Format>), Problem> {
    let codes: Vec<&str> = TARGETS.iter().map(|target| target.code()).collect();
    let Some(into) = call.pairs.one("into")? else {
        return Err(Problem::MissingParameter { parameter: "into".to_string(), accepted: codes.join(", ") });
    };
    let target = Collection::from_code(into).filter(|target| TARGETS.contains(target));
    let target =
        target.ok_or_else(|| invalid("into", into, "files of it are not read over HTTP", &codes.join(", ")))?;
    let mut choices = Choices::new(target);
    let said = match call.pairs.one("format")? {
        Some(word) => {
            let found = FORMATS.iter().find(|(code, _)| *code == word).map(|(_, format)| *format);
            let words: Vec<&str> = FORMATS.iter().map(|(code, _)| *code).collect();
            Some(found.ok_or_else(|| invalid("format", word, "it is no format", &words.join(", ")))?)
        }
        None => of_content_type(call)?,
    };
    choices.is_polisen_events = said == Some(Format::PolisenEvents);
    choices.is_safety_walk = match call.pairs.one("profile")? {
        None => false,
        Some("safety-walk") => true,
        Some(other) => return Err(invalid("profile", other, "it is no profile", "safety-walk")),
    };
    for pair in call.pairs.all("map") {
        let split = pair.split_once('=').and_then(|(field, column)| Some((Field::from_code(field)?, column)));
        let Some((field, column)) = split else {
            return Err(invalid("map", pair, "it does not name a field and a column", "FIELD=COLUMN"));
        };
        choices.map.push((field, column.to_string()));
    }
    choices.keep = call.pairs.all("keep").map(str::to_string).collect();
    choices.sheet = call.pairs.one("sheet")?.map(str::to_string);
    choices.layer = call.pairs.one("layer")?.map(str::to_string);
    choices.redact = flag(call, "redact")?;
    if let Some(text) = call.pairs.one("crs")? {
        let epsg = Plane::parse_epsg(text).map_err(|error| invalid("crs", text, &error.to_string(), "EPSG:3006"))?;
        choices.crs = Some(epsg);
    }
    Ok((choices, said))
}

fn of_content_type(call: &Call<State>) -> Result<Option<Format>, Problem> {
    let given = call.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let found = MEDIA_TYPES.iter().find(|(known, _)| *known == media_type).map(|(_, format)| *format);
    found.ok_or_else(|| {
        let known: Vec<&str> = MEDIA_TYPES.iter().map(|(known, _)| *known).collect();
        Problem::UnsupportedMediaType(known.join(", "))
    })
}

async fn post(call: Call<State>) -> Answer {
    let dry_run = flag(&call, "dry_run")?;
    let (choices, said) = choices_of(&call)?;
    let name: String = call.pairs.one("name")?.unwrap_or("file sent by a program").chars().take(200).collect();
    if call.body.is_empty() {
        return Err(Problem::Malformed("the body is the file; it is empty".to_string()));
    }
    let (uploads, store, actor) = (call.state.uploads.clone(), call.state.store.clone(), call.actor.clone());
    let (body, now) = (call.body.clone(), (call.state.now)());
    let done = call.state.heavy.run(move || {
        // On disk for as long as this takes: readers of workbooks and databases go back and forth.
        let staged = uploads.stage_for_a_moment(&actor.id, &name, &body, choices.clone(), now)?;
        drop(body);
        let sent = Sent { file: staged.file(), name: &name, rejects: None, max_rows: uploads.max_rows() };
        if let Some(said) = said {
            let found = super::work::inspect(sent, &choices).map_err(unreadable)?.format();
            if found != said {
                return Err(not_doable(format!("the content is {}, not {}", found.name(), said.name())));
            }
        }
        let snapshot = store.snapshot();
        let checked = check(sent, &choices, &snapshot, &store, !dry_run)?.map_err(unreadable)?;
        let mut value = report(&checked);
        value["into"] = choices.into.code().into();
        value["dry_run"] = dry_run.into();
        if dry_run {
            return Ok((StatusCode::OK, value));
        }
        if let Some(before) = &checked.before {
            return Err(RecordProblem::Conflict(format!(
                "this content was imported already (import {}, {}); undo that import first",
                before.import_id, before.at_utc
            ))
            .into());
        }
        if let Some(hindrance) = checked.hindrance {
            return Err(hindered(hindrance, &checked));
        }
        let outcome = import(checked, &name, &choices, &store, &actor)?;
        value["id"] = outcome.import_id.into();
        value["revision"] = outcome.revision.into();
        Ok((StatusCode::CREATED, value))
    });
    let (status, value) = done.await??;
    answer(status, &value)
}

fn not_doable(text: String) -> Problem {
    RecordProblem::NotDoable(text).into()
}

/// Every reason as a member of the problem, the place in the file as the pointer.
fn members(problems: &[RowProblem]) -> Problem {
    let told = problems.iter().map(|problem| BadMember {
        pointer: format!("{}{}", place(&problem.spot), problem.column.as_deref().map_or(String::new(), masked_part)),
        reason: masked(&problem.reason),
        value: masked(problem.value.as_deref().unwrap_or_default()),
        accepted: masked(&problem.hint),
    });
    RecordProblem::Members(told.collect()).into()
}

fn masked_part(column: &str) -> String {
    format!("/{}", masked(column))
}

fn unreadable(unreadable: Unreadable) -> Problem {
    members(&unreadable.problems)
}

fn hindered(hindrance: Hindrance, checked: &Checked) -> Problem {
    match hindrance {
        Hindrance::Broken => members(checked.preview.broken.as_slice()),
        Hindrance::NothingUsable if checked.refused.is_empty() => not_doable("the file has no rows".to_string()),
        Hindrance::NothingUsable => members(&checked.refused),
        Hindrance::Generated => {
            not_doable("generated records and records of this world are never mixed in a data file".to_string())
        }
    }
}

fn place(spot: &Spot) -> String {
    match spot {
        Spot::File => String::new(),
        Spot::Line(line) => format!("/lines/{line}"),
        Spot::Feature(number) => format!("/features/{number}"),
    }
}

fn report(checked: &Checked) -> Value {
    let preview = &checked.preview;
    let encoding = preview.encoding.map(|encoding| match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Windows1252 => "Windows-1252",
    });
    let columns: Vec<Value> = preview
        .columns
        .iter()
        .map(|column| {
            let fields: Vec<&str> = column.fields.iter().map(|field| field.code()).collect();
            json!({ "heading": masked(&column.heading), "fields": fields, "kept": column.is_kept, "samples": column.samples })
        })
        .collect();
    let refused: Vec<Value> = checked.refused.iter().map(row_problem).collect();
    json!({
        "format": preview.format, "encoding": encoding, "delimiter": preview.delimiter.map(String::from),
        "decimal_comma": preview.decimal_comma, "part": masked(&preview.part), "epsg": preview.epsg,
        "time_sample": preview.time_sample, "columns": columns, "summary": summary(&preview.summary),
        "duplicate_ids": preview.duplicate_ids.iter().map(|(id, _)| masked(id)).collect::<Vec<_>>(),
        "refused": refused, "broken": preview.broken.as_ref().map(row_problem),
        "imported_before": checked.before.as_ref().map(entry),
    })
}

fn row_problem(problem: &RowProblem) -> Value {
    let (line, feature) = match problem.spot {
        Spot::File => (None, None),
        Spot::Line(line) => (Some(line), None),
        Spot::Feature(number) => (None, Some(number)),
    };
    json!({
        "line": line, "feature": feature, "column": problem.column.as_deref().map(masked), "value": problem.value.as_deref().map(masked),
        "reason": masked(&problem.reason), "accepted": masked(&problem.hint),
    })
}

fn summary(summary: &ReadSummary) -> Value {
    let counted = |pairs: &[(String, u64)]| -> Vec<Value> {
        pairs.iter().map(|(text, n)| json!({ "text": masked(text), "rows": n })).collect()
    };
    json!({
        "rows": summary.rows, "accepted": summary.accepted, "refused": summary.rejected,
        "personal_data": summary.personal_data, "ambiguous_times": summary.ambiguous_times,
        "whole_days": summary.whole_days, "without_position": summary.without_position,
        "area_only": summary.area_only, "at_zero_zero": summary.at_zero_zero,
        "dropped_columns": summary.dropped_columns.iter().map(|text| masked(text)).collect::<Vec<_>>(),
        "unmatched_places": counted(&summary.unmatched_places), "unmatched_areas": counted(&summary.unmatched_areas),
        "new_categories": counted(&summary.new_categories), "new_roles": counted(&summary.new_roles),
    })
}
