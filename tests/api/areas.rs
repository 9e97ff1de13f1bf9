//! `/api/areas/...`: the shapes of the contract, and the numbers of the functions.

use lagesbild::wire::{Words, areas};

use crate::Service;

fn members(value: &serde_json::Value, wanted: &[&str]) {
    for member in wanted {
        assert!(value.get(member).is_some(), "'{member}' is missing in {value:#}");
    }
}

#[test]
fn the_summary_has_every_member_of_the_contract_and_counts_each_record_once() {
    let service = Service::of_seven();
    let summary = service.json("/api/areas/summary?period=2025-03");
    members(&summary, &["period", "comparison", "areas", "rest", "without_position", "provenance"]);
    let west = &summary["areas"][0];
    members(
        west,
        &[
            "id",
            "name",
            "set",
            "area_km2",
            "certainty",
            "count",
            "count_low",
            "count_high",
            "per_km2",
            "per_km2_low",
            "per_km2_high",
            "per_day",
            "per_1000_residents",
            "rank_low",
            "rank_high",
            "change",
            "reason",
        ],
    );
    assert_eq!((&west["id"], &west["count"]), (&"west".into(), &3.into()));
    assert_eq!((&summary["areas"][1]["count"], &summary["rest"]["count"]), (&1.into(), &2.into()));
    assert_eq!((&summary["rest"]["on_border"], &summary["without_position"]["count"]), (&1.into(), &1.into()));
    assert_eq!(summary["period"]["days"], 31);
    let near = |value: &serde_json::Value, wanted: f64| (value.as_f64().expect("a number") - wanted).abs() < 1e-9;
    // 3 records in 31 days, and of 2000 residents.
    assert!(near(&west["per_day"], 3.0 / 31.0) && near(&west["per_1000_residents"], 1.5), "{west}");
    let km2 = west["area_km2"].as_f64().expect("a number");
    assert!(near(&west["per_km2"], 3.0 / km2));
    // What is not asked for is null with a reason, never 0.
    assert!(west["change"].is_null() && west["reason"]["change"] == "no_comparison");
}

#[test]
fn the_answer_is_what_the_function_computes_in_every_form() {
    let service = Service::of_seven();
    let snapshot = service.store.snapshot();
    let pairs = [("period", "2025-03"), ("compare", "previous")].map(|(n, v)| (n.to_string(), v.to_string()));
    let params =
        areas::read(&Words::new(pairs, areas::WORDS).expect("known"), &snapshot, "2025-04-01".parse().expect("a date"))
            .expect("read");
    let query = "/api/areas/summary?period=2025-03&compare=previous";
    assert_eq!(service.json(query), areas::summary(&snapshot, &params));
    assert_eq!(service.json(&format!("{query}&f=geojson")), areas::geojson(&snapshot, &params));
    let csv = service.get(&format!("{query}&f=csv"));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let density = lagesbild::analysis::area_density::area_density(&snapshot, &params);
    assert_eq!(String::from_utf8(csv.body).expect("UTF-8"), areas::csv(&snapshot, &density).expect("written"));
    let one = service.json("/api/areas/west/summary?period=2025-03&compare=previous");
    assert_eq!((&one["count"], &one["change"]["verdict"]), (&3.into(), &"not_enough_data".into()));
    members(&one, &["period", "comparison", "provenance"]);
    let geojson = service.get(&format!("{query}&f=geojson"));
    assert_eq!(geojson.header("content-type"), Some("application/geo+json"));
}

#[test]
fn what_cannot_be_meant_is_refused_with_the_parameter_the_value_and_what_is_accepted() {
    let service = Service::of_seven();
    for (path, parameter, value, part) in [
        ("/api/areas/summary?perod=2025", "perod", "2025", "did you mean 'period'"),
        ("/api/areas/summary?period=2025-13", "period", "2025-13", "2025-Q1"),
        ("/api/areas/summary?category=bullr", "category", "bullr", "did you mean 'buller'"),
        ("/api/areas/summary?area=wset", "area", "wset", "did you mean 'west'"),
        ("/api/areas/summary?f=jsn", "f", "jsn", "did you mean 'json'"),
        ("/api/areas/summary?compare=2024", "compare", "2024", "needs a period"),
        ("/api/areas/summary?period=2025&datetime=2025-01-01/..", "period", "2025", "together with datetime"),
        ("/api/areas/west/summary?f=csv", "f", "csv", "not a parameter"),
        ("/api/layers/kde?kernel=quartik", "kernel", "quartik", "did you mean 'quartic'"),
        ("/api/layers/kde?bandwidth_m=NaN", "bandwidth_m", "NaN", "a number from 1"),
        ("/api/layers/grid?cell_m=-5", "cell_m", "-5", "a number from 1"),
        ("/api/layers/grid?period=2025&compare=2024", "compare", "2024", "does not apply"),
        ("/api/layers/hex?cell_m=100", "cell_m", "100", "not a parameter"),
    ] {
        let problem = service.problem(path, 400);
        assert_eq!((&problem["parameter"], &problem["value"]), (&parameter.into(), &value.into()), "{path}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(part)), "{path}: {problem:#}");
        assert!(!problem["accepted"].is_null(), "{path}: {problem:#}");
    }
    assert!(service.problem("/api/areas/nowhere/summary", 404)["detail"].as_str().expect("text").contains("nowhere"));
    service.problem("/api/layers/contour", 404);
    // Forms send what is empty: the same as absent.
    assert_eq!(service.json("/api/areas/summary?period=&category=")["total"]["count"], 7);
}
