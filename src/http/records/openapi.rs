//! The interface as an OpenAPI 3.0 document, made from the table of routes.

use std::sync::{Arc, OnceLock};

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::answer::{self, GEOJSON, JSON, OPENAPI};
use super::{FORM, who};
use crate::domain::Collection;
use crate::http::State;
use crate::http::problem::MEDIA_TYPE;
use crate::http::route::{Param, Place, Route};
use crate::wire::SOFTWARE;
use crate::wire::records::schema;

/// The table of routes with one more: the document that describes all of them.
pub(in crate::http) fn with_document(mut routes: Vec<Route<State>>) -> Vec<Route<State>> {
    let given: Arc<OnceLock<Value>> = Arc::default();
    let shared = Arc::clone(&given);
    routes.push(who::reads(
        "/api/openapi.json",
        "This interface as an OpenAPI 3.0 document",
        vec![FORM],
        move |call| {
            let given = Arc::clone(&shared);
            async move { answer::json(&call, given.get().unwrap_or(&Value::Null), OPENAPI) }
        },
    ));
    // Made of the table with itself in it; nobody asks before the table is served.
    let _ = given.set(document(&routes));
    routes
}

/// Where the interface begins. Paths in the document count from here: QGIS looks for `/collections/{c}/items`.
const SERVER: &str = "/api";

/// The document of a table of routes; paths under `/api` only.
fn document<S>(routes: &[Route<S>]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let below = |path: &'static str| match path.strip_prefix(SERVER)? {
        "" => Some("/"),
        rest => Some(rest).filter(|rest| rest.starts_with('/')),
    };
    for (route, path) in routes.iter().filter_map(|route| Some((route, below(route.path)?))) {
        let path = paths.entry(path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    let schemas: Map<String, Value> =
        Collection::ALL.into_iter().map(|c| (c.code().to_string(), plain(schema(c)))).collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "lagesbild", "version": SOFTWARE.rsplit(' ').next().unwrap_or_default(),
            "description": "Situation picture: density by area, layers, and the records they are made from"},
        "servers": [{"url": SERVER}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            // Where some clients look for the largest page.
            "parameters": {"limit": {
                "name": "limit", "in": "query", "required": false, "style": "form", "explode": false,
                "description": "most records of a page",
                "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
            }},
            "responses": {"problem": {
                "description": "Why the request cannot be answered as asked (RFC 9457)",
                "content": {MEDIA_TYPE: {"schema": {"type": "object", "properties": {
                    "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                    "detail": {"type": "string"}, "request_id": {"type": "string"},
                }}}},
            }},
        },
    })
}

/// OpenAPI 3.0 does not know the word that names the draft.
fn plain(mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.remove("$schema");
    }
    schema
}

fn operation<S>(route: &Route<S>) -> Value {
    let collection = collection_of(route.path);
    let parameters: Vec<Value> = route.params.iter().map(parameter).collect();
    let mut operation = json!({
        "summary": route.summary,
        "operationId": operation_id(&route.method, route.path),
        "parameters": parameters,
        "responses": responses(route, collection),
    });
    if let Some(collection) = collection {
        operation["tags"] = json!([collection.code()]);
        let reference = json!({"$ref": format!("#/components/schemas/{}", collection.code())});
        let content = match route.method {
            Method::POST | Method::PUT => Some(json!({GEOJSON: {"schema": reference}, JSON: {"schema": reference}})),
            Method::PATCH => Some(json!({"application/merge-patch+json": {"schema": {"type": "object"}}})),
            _ => None,
        };
        if let Some(content) = content {
            operation["requestBody"] = json!({"required": true, "content": content});
        }
    }
    operation
}

fn collection_of(path: &str) -> Option<Collection> {
    path.strip_prefix("/api/collections/")?.split('/').next().and_then(Collection::from_code)
}

fn operation_id(method: &Method, path: &str) -> String {
    let path = path.trim_start_matches('/').replace(['/', '-'], ".").replace(['{', '}'], "");
    format!("{}.{path}", method.as_str().to_ascii_lowercase())
}

fn parameter(param: &Param) -> Value {
    let (place, required) = match param.place {
        Place::Path => ("path", true),
        Place::Query => ("query", false),
    };
    if param.name == "limit" {
        return json!({"$ref": "#/components/parameters/limit"});
    }
    let style = if param.place == Place::Path { "simple" } else { "form" };
    json!({
        "name": param.name, "in": place, "required": required, "style": style, "explode": false,
        "description": format!("{}: {}", param.description, param.accepted), "schema": {"type": "string"},
    })
}

fn responses<S>(route: &Route<S>, collection: Option<Collection>) -> Value {
    let problem = json!({"$ref": "#/components/responses/problem"});
    let is_item = route.path.ends_with("/items/{id}");
    let media_type = if is_item || route.path.ends_with("/items") { GEOJSON } else { JSON };
    let content = match collection {
        Some(collection) if is_item => {
            json!({media_type: {"schema": {"$ref": format!("#/components/schemas/{}", collection.code())}}})
        }
        _ => json!({media_type: {"schema": {"type": "object"}}}),
    };
    let ok = json!({"description": "The answer", "content": content});
    let (success, more): (&[&str], &[&str]) = match route.method {
        Method::POST => (&["201"], &["403", "409", "413", "415", "422", "507"]),
        Method::PUT => {
            (&["200", "201", "204"], &["403", "404", "409", "410", "412", "413", "415", "422", "428", "507"])
        }
        Method::PATCH => (&["200", "204"], &["403", "404", "409", "410", "412", "413", "415", "422", "428", "507"]),
        Method::DELETE => (&["204"], &["403", "404", "409", "410", "412", "422", "428", "507"]),
        _ if is_item => (&["200", "304"], &["404", "406", "410"]),
        _ => (&["200"], &["404", "406", "410", "422"]),
    };
    let mut responses = Map::new();
    for status in success {
        let answer =
            if matches!(*status, "204" | "304") { json!({"description": "Done; nothing to show"}) } else { ok.clone() };
        responses.insert((*status).to_string(), answer);
    }
    for status in more.iter().chain(&["400", "500", "503", "504"]) {
        responses.insert((*status).to_string(), problem.clone());
    }
    responses.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere_and_every_operation_has_its_own_id() {
        let document = document(&crate::http::records::routes());
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
        let mut ids: Vec<&str> = text.split("\"operationId\":\"").skip(1).filter_map(|r| r.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        // Seven operations on records and two descriptions of each collection, three beginnings.
        let expected = 9 * Collection::ALL.len() + 3;
        assert_eq!((ids.len(), all), (expected, expected));
        for word in ["\"$schema\"", "\"const\"", "\"type\":["] {
            assert!(!text.contains(word), "{word} is no word of OpenAPI 3.0");
        }
    }
}
