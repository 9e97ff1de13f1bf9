//! What other programs need: the documents, and GDAL itself.

use lagesbild::domain::Collection;
use std::process::Command;

use serde_json::{Value, json};

use crate::skip::skip;
use crate::{OBSERVATIONS, Service, observation};

#[test]
fn the_landing_page_leads_to_everything() {
    let service = Service::start();
    let landing = service.json("/api?f=json");
    let links = landing["links"].as_array().expect("links");
    assert!(links.iter().all(|link| link["type"].is_string() && link["href"].is_string()));
    for rel in ["self", "service-desc", "conformance", "data"] {
        let link = links.iter().find(|link| link["rel"] == rel).expect(rel);
        let href = link["href"].as_str().expect("text");
        assert!(href.starts_with(&format!("http://{}/api", service.address)), "{href}");
        assert_eq!(service.get(&href[href.find("/api").expect("a path")..]).status, 200);
    }
    let collections = service.json("/api/collections");
    let list = collections["collections"].as_array().expect("a list");
    assert_eq!(list.len(), Collection::ALL.len());
    for collection in list {
        let id = collection["id"].as_str().expect("text");
        assert_eq!(collection["itemType"], "feature");
        assert_eq!(service.json(&format!("/api/collections/{id}")), *collection);
        assert_eq!(
            service.get(&format!("/api/collections/{id}/items")).header("content-type"),
            Some("application/geo+json")
        );
    }
    let classes = service.json("/api/conformance");
    assert!(classes["conformsTo"].as_array().is_some_and(|list| list.len() == 4));
}

#[test]
fn the_openapi_document_lists_every_path_and_its_parameters() {
    let service = Service::start();
    let reply = service.get("/api/openapi.json");
    assert_eq!(reply.header("content-type"), Some("application/vnd.oai.openapi+json;version=3.0"));
    let document = reply.json();
    assert_eq!(document["openapi"], "3.0.3");
    assert_eq!(document["components"]["parameters"]["limit"]["schema"]["maximum"], 1000);
    assert_eq!(document["servers"][0]["url"], "/api");
    for path in document["paths"].as_object().expect("paths").keys().filter(|path| !path.contains('{')) {
        let asked = format!("/api{}", path.trim_end_matches('/'));
        assert_ne!(service.send("OPTIONS", &asked, &[], b"").status, 404, "{asked}");
    }
    let items = &document["paths"]["/collections/observations/items"];
    let names: Vec<&str> =
        items["get"]["parameters"].as_array().expect("a list").iter().filter_map(|p| p["name"].as_str()).collect();
    for name in ["bbox", "datetime", "category", "asof", "f"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(items["post"]["requestBody"].is_object());
    assert!(document["paths"]["/openapi.json"]["get"].is_object() && document["paths"]["/areas/summary"].is_object());
}

#[test]
fn gdal_pages_through_a_collection_and_asks_by_box() {
    if Command::new("ogrinfo").arg("--version").output().is_err() {
        return skip("ogrinfo is not installed; GDAL could not be asked");
    }
    let service = Service::start();
    let features: Vec<Value> = (0..250)
        .map(|i| {
            let mut feature = observation(&format!("o{i:03}"), (i % 28) as u8 + 1);
            if i >= 200 {
                feature["geometry"]["coordinates"] = json!([14.9, 57.9]);
            }
            if i == 249 {
                feature["properties"]["severity"] = json!(5);
            }
            feature
        })
        .collect();
    let reply = service.change("POST", OBSERVATIONS, &[], &json!({"type": "FeatureCollection", "features": features}));
    assert_eq!(reply.status, 201, "{}", reply.text());
    let ogrinfo = |more: &[&str]| {
        let source = format!("OAPIF:http://{}/api", service.address);
        let output = Command::new("ogrinfo")
            .args(["-ro", "-q"])
            .args(more)
            .arg(source)
            .arg("observations")
            .output()
            .expect("runs");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && !text.contains("ERROR"), "{text}");
        text
    };
    let all = ogrinfo(&["-al"]);
    assert_eq!(all.matches("OGRFeature(").count(), 250, "{}", all.chars().take(2_000).collect::<String>());
    assert!(all.contains("o249") && all.contains("severity") && all.contains("POINT (14.601 57.701)"));
    let boxed = ogrinfo(&["-al", "-spat", "14.8", "57.8", "15.0", "58.0"]);
    assert_eq!(boxed.matches("OGRFeature(").count(), 50);
    let layers = Command::new("ogrinfo")
        .args(["-ro", "-so", &format!("OAPIF:http://{}/api", service.address)])
        .output()
        .expect("runs");
    let layers = String::from_utf8_lossy(&layers.stdout).to_string();
    assert!(["observations", "areas", "reported-counts"].iter().all(|name| layers.contains(name)), "{layers}");
}
