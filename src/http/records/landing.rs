//! Where clients begin: what there is, what it conforms to, which collections.

use serde_json::{Value, json};

use super::FORM;
use super::answer::{self, GEOJSON, JSON, OPENAPI, SCHEMA};
use super::paths::{Paths, base_url};
use super::who;
use crate::domain::{Collection, Filter};
use crate::http::State;
use crate::http::problem::Problem;
use crate::http::route::{Answer, Call, Route};
use crate::spatial::{Query, Snapshot};
use crate::wire::records::schema;

/// What is truly met. Not named: writing (Part 4), because a withdrawal needs a reason here; tiles and CQL2.
const CONFORMS_TO: [&str; 4] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
];
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

pub(super) fn routes() -> Vec<Route<State>> {
    let mut routes = vec![
        who::reads("/api", "Where programs begin", vec![FORM], landing),
        who::reads("/api/conformance", "Standards that are met", vec![FORM], conformance),
        who::reads("/api/collections", "All collections of records", vec![FORM], collections),
    ];
    for collection in Collection::ALL {
        let paths = Paths::of(collection);
        routes.push(who::reads(paths.collection, "One collection", vec![FORM], move |call| one(call, collection)));
        routes.push(who::reads(paths.schema, "JSON Schema of a record", vec![FORM], move |call| {
            of_schema(call, collection)
        }));
    }
    routes
}

/// The `f` parameter, which some clients put on every request.
fn check_form(call: &Call<State>) -> Result<(), Problem> {
    match call.pairs.one(FORM.name)? {
        None | Some("json" | "geojson") => Ok(()),
        Some(other) => Err(Problem::InvalidParameter {
            parameter: FORM.name.to_string(),
            value: other.to_string(),
            reason: "there is no such form of this answer".to_string(),
            accepted: FORM.accepted.to_string(),
        }),
    }
}

async fn landing(call: Call<State>) -> Answer {
    check_form(&call)?;
    let base = base_url(&call);
    let link = |rel: &str, media_type: &str, path: &str, title: &str| json!({"rel": rel, "type": media_type, "href": format!("{base}{path}"), "title": title});
    let value = json!({
        "title": "lagesbild",
        "description": "Situation picture: areas, places, work done, observations, surveys, promises",
        "links": [
            link("self", JSON, "/api", "This document"),
            link("service-desc", OPENAPI, "/api/openapi.json", "The interface as an OpenAPI 3.0 document"),
            link("conformance", JSON, "/api/conformance", "Standards that are met"),
            link("data", JSON, "/api/collections", "All collections of records"),
            link("http://www.opengis.net/def/rel/ogc/1.0/conformance", JSON, "/api/conformance", "Standards that are met"),
            link("http://www.opengis.net/def/rel/ogc/1.0/data", JSON, "/api/collections", "All collections of records"),
        ],
    });
    answer::json(&call, &value, JSON)
}

async fn conformance(call: Call<State>) -> Answer {
    check_form(&call)?;
    answer::json(&call, &json!({"conformsTo": CONFORMS_TO}), JSON)
}

async fn collections(call: Call<State>) -> Answer {
    check_form(&call)?;
    let (base, snapshot) = (base_url(&call), call.state.store.snapshot());
    let extents = call.state.heavy.run(move || described_all(&snapshot, &base)).await?;
    let base = base_url(&call);
    let links = json!([{"rel": "self", "type": JSON, "href": format!("{base}/api/collections")}]);
    answer::json(&call, &json!({"links": links, "collections": extents}), JSON)
}

fn described_all(snapshot: &Snapshot, base: &str) -> Vec<Value> {
    Collection::ALL.into_iter().map(|collection| described(collection, snapshot, base)).collect()
}

async fn one(call: Call<State>, collection: Collection) -> Answer {
    check_form(&call)?;
    let (base, snapshot) = (base_url(&call), call.state.store.snapshot());
    let value = call.state.heavy.run(move || described(collection, &snapshot, &base)).await?;
    answer::json(&call, &value, JSON)
}

async fn of_schema(call: Call<State>, collection: Collection) -> Answer {
    check_form(&call)?;
    answer::json(&call, &schema(collection), SCHEMA)
}

fn described(collection: Collection, snapshot: &Snapshot, base: &str) -> Value {
    let (title, description) = names(collection);
    let paths = Paths::of(collection);
    let link = |rel: &str, media_type: &str, path: &str| json!({"rel": rel, "type": media_type, "href": format!("{base}{path}")});
    let mut value = json!({
        "id": collection.code(),
        "title": title,
        "description": description,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link("self", JSON, paths.collection),
            link("items", GEOJSON, paths.items),
            link("describedby", SCHEMA, paths.schema),
        ],
    });
    if let Some(extent) = extent(collection, snapshot) {
        value["extent"] = extent;
    }
    value
}

/// Where and when the records are, for the collections a snapshot knows. The extent holds every record.
fn extent(collection: Collection, snapshot: &Snapshot) -> Option<Value> {
    let mut boxed: Option<[f64; 4]> = None;
    let mut widen = |lon: f64, lat: f64| {
        boxed =
            Some(boxed.map_or([lon, lat, lon, lat], |b| [b[0].min(lon), b[1].min(lat), b[2].max(lon), b[3].max(lat)]));
    };
    let of_areas = |widen: &mut dyn FnMut(f64, f64)| {
        use geo::BoundingRect;
        for area in snapshot.areas().areas() {
            if let Some(rect) = area.outline.bounding_rect() {
                widen(rect.min().x, rect.min().y);
                widen(rect.max().x, rect.max().y);
            }
        }
    };
    let mut interval = json!([null, null]);
    match collection {
        Collection::Areas => of_areas(&mut widen),
        Collection::Places => {
            snapshot.places().iter().filter_map(|place| place.at).for_each(|at| widen(at.lon(), at.lat()));
        }
        Collection::Observations => {
            let of = collection.counted()?;
            Query::new(&Filter::default(), snapshot).scan(|columns, row, _| {
                if columns.has_position(row) {
                    widen(columns.lon[row], columns.lat[row]);
                }
            });
            let text = |second: i64| jiff::Timestamp::from_second(second).map_or(Value::Null, |t| t.to_string().into());
            if let Some((first, _)) = snapshot.extent_in_time(of) {
                // Open at the end: an interval that starts last need not end last.
                interval = json!([text(first), null]);
            }
        }
        // Lines and polygons reach beyond the points a snapshot knows: no extent is better than one too small.
        _ => return None,
    }
    let boxed = boxed?;
    Some(json!({
        "spatial": {"bbox": [boxed], "crs": CRS84},
        "temporal": {"interval": [interval], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"},
    }))
}

/// Title and description.
pub(super) fn names(collection: Collection) -> (&'static str, &'static str) {
    match collection {
        Collection::Areas => ("Områden", "Named polygons that records are counted in"),
        Collection::Places => ("Platser", "The place register"),
        Collection::Activities => ("Genomfört arbete", "Work that was done"),
        Collection::Observations => ("Iakttagelser", "Things seen or felt"),
        Collection::Surveys => ("Trygghetsmätningar", "Waves of surveys of perceived safety"),
        Collection::ReportedCounts => ("Rapporterade antal", "Work that is reported as a number only"),
        Collection::Actions => ("Åtgärder", "What is to be done about a point"),
        Collection::Reports => ("Veckorapporter", "Weekly words of organisations, nothing to report included"),
        Collection::Promises => ("Medborgarlöften", "Promises with their documents"),
        Collection::Bookings => ("Inbokat", "Dates set for work to come; they count nothing"),
        Collection::Comments => ("Kommentarer", "What parties say in public about commitments"),
        Collection::Priorities => ("Prioriteringar", "What the weekly meeting puts first in a week"),
    }
}
