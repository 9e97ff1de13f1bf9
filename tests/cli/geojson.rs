//! What every GeoJSON file of this program must be: RFC 7946, with provenance.

use std::collections::HashSet;

use serde_json::Value;

/// Checks a FeatureCollection of polygons and gives the number of its features. All positions must
/// lie in `bbox` (west, south, east, north), which swapped coordinates would not.
pub(crate) fn check(layer: &Value, bbox: [f64; 4]) -> usize {
    assert_eq!(layer["type"], "FeatureCollection");
    assert!(layer.get("crs").is_none(), "RFC 7946 has no crs member");
    let features = layer["features"].as_array().expect("a list");
    let mut ids = HashSet::new();
    for feature in features {
        assert_eq!(feature["type"], "Feature");
        let id = &feature["id"];
        assert!(id.is_string() && ids.insert(id.to_string()), "the id {id} is missing or there twice");
        assert!(feature["properties"].is_object());
        let coordinates = &feature["geometry"]["coordinates"];
        let polygons = match feature["geometry"]["type"].as_str() {
            Some("Polygon") => std::slice::from_ref(coordinates),
            Some("MultiPolygon") => coordinates.as_array().expect("polygons"),
            other => panic!("{id} is a {other:?}"),
        };
        for polygon in polygons {
            for (number, ring) in polygon.as_array().expect("rings").iter().enumerate() {
                check_ring(ring, number == 0, bbox, id);
            }
        }
    }
    check_provenance(&layer["provenance"]);
    features.len()
}

fn check_ring(ring: &Value, is_outer: bool, [west, south, east, north]: [f64; 4], id: &Value) {
    let positions: Vec<[f64; 2]> = ring
        .as_array()
        .expect("positions")
        .iter()
        .map(|at| [0, 1].map(|i| at[i].as_f64().expect("a number")))
        .collect();
    assert!(positions.len() >= 4 && positions.first() == positions.last(), "a ring of {id} is not closed");
    for [lon, lat] in &positions {
        assert!((west..=east).contains(lon) && (south..=north).contains(lat), "{id}: {lon}, {lat}");
    }
    // Right-hand rule: outer rings anticlockwise, holes clockwise. Relative to the first position,
    // so that small cells are not lost in large coordinates.
    let [x0, y0] = positions[0];
    let cross = |pair: &[[f64; 2]]| (pair[0][0] - x0) * (pair[1][1] - y0) - (pair[1][0] - x0) * (pair[0][1] - y0);
    let area: f64 = positions.windows(2).map(cross).sum();
    assert!(if is_outer { area > 0.0 } else { area < 0.0 }, "a ring of {id} runs the wrong way");
}

/// Every member of the contract is there; whether its value is right, other tests say.
pub(crate) fn check_provenance(provenance: &Value) {
    let members = |value: &Value, wanted: &[&str]| {
        for member in wanted {
            assert!(value.get(member).is_some_and(|v| !v.is_null()), "'{member}' is missing in {provenance:#}");
        }
    };
    members(
        provenance,
        &[
            "method",
            "parameters",
            "unit",
            "period",
            "time_zone",
            "plane",
            "filters",
            "records",
            "revision",
            "data_class",
            "request_sha256",
            "software",
        ],
    );
    members(&provenance["period"], &["start", "end", "days"]);
    members(
        &provenance["records"],
        &["used", "outside", "on_border", "without_position", "too_coarse", "precision_unknown", "uncertain_time"],
    );
    let hash = provenance["request_sha256"].as_str().expect("text");
    assert!(hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");
}
