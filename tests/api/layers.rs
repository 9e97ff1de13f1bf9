//! `/api/layers/...`: values, limits, and that neither a stray point nor a box changes a number.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lagesbild::analysis::kernel::{Bandwidth, Kernel};
use lagesbild::analysis::surface::{KernelParams, kernel_surface};
use lagesbild::domain::Filter;
use serde_json::Value;

use crate::{Service, observation, seven};

fn features(layer: &Value) -> &Vec<Value> {
    layer["features"].as_array().expect("a list")
}

fn values(layer: &Value, name: &str) -> BTreeMap<String, f64> {
    let one = |f: &Value| (f["id"].as_str().expect("an id").to_string(), f["properties"][name].as_f64().expect(name));
    features(layer).iter().map(one).collect()
}

#[test]
fn a_grid_and_hexagons_count_every_record_with_a_position() {
    let service = Service::of_seven();
    let grid = service.json("/api/layers/grid?cell_m=500");
    let hex = service.json("/api/layers/hex?resolution=8");
    for layer in [&grid, &hex] {
        assert!((values(layer, "count").values().sum::<f64>() - 6.0).abs() < 1e-9);
        let records = &layer["provenance"]["records"];
        assert_eq!((&records["used"], &records["without_position"]), (&6.into(), &1.into()));
    }
    for feature in features(&grid) {
        let properties = &feature["properties"];
        let (x, y) = (properties["x_m"].as_f64().expect("x_m"), properties["y_m"].as_f64().expect("y_m"));
        // The id is the lower left corner of the cell, whose sides lie on whole multiples of 500 m.
        assert_eq!(feature["id"], format!("{:.0}{:07.0}", x - 250.0, y - 250.0));
        assert!((x - 250.0).rem_euclid(500.0).abs() < 1e-6 && (y - 250.0).rem_euclid(500.0).abs() < 1e-6);
    }
    assert_eq!(grid["provenance"]["parameters"]["cell_m"], 500.0);
}

#[test]
fn a_kernel_density_is_what_the_function_computes() {
    let service = Service::of_seven();
    let layer = service.json("/api/layers/kde?cell_m=50&bandwidth_m=400&kernel=epanechnikov");
    let params = KernelParams {
        kernel: Kernel::from_code("epanechnikov").expect("known"),
        bandwidth: Bandwidth::new(400.0).expect("positive"),
        cell_m: 50.0,
        bbox: None,
        cost_limit: u64::MAX,
    };
    let surface = kernel_surface(&service.store.snapshot(), &Filter::default(), &params).expect("computed");
    let expected: Vec<f64> = surface.per_km2.iter().copied().filter(|value| *value > 0.0).collect();
    let given: Vec<f64> =
        features(&layer).iter().map(|f| f["properties"]["density_per_km2"].as_f64().expect("a number")).collect();
    assert!(!given.is_empty() && given == expected);
}

#[test]
fn a_value_at_a_cell_centre_is_the_same_number_whatever_the_box() {
    let service = Service::of_seven();
    let density = |bbox: &str| {
        values(&service.json(&format!("/api/layers/kde?cell_m=75&bandwidth_m=300{bbox}")), "density_per_km2")
    };
    let whole = density("");
    let part = density("&bbox=14.600,57.699,14.606,57.706");
    let other = density("&bbox=14.602,57.701,14.63,57.72");
    assert!(part.len() > 20 && other.len() > 20 && part.len() < whole.len());
    // The sums of a row run in another order when the row begins elsewhere: the last digits may differ.
    let is_same = |a: f64, b: f64| (a - b).abs() <= 1e-12 * a.abs().max(1e-3);
    for (id, value) in part.iter().chain(&other) {
        // Cells of a box may reach beyond the extent of the areas.
        if let Some(in_whole) = whole.get(id) {
            assert!(is_same(*value, *in_whole), "cell {id}: {value} and {in_whole}");
        }
    }
    let shared = part.iter().filter(|(id, value)| other.get(*id).is_some_and(|v| is_same(*v, **value)));
    assert!(shared.count() > 10);
}

#[test]
fn too_much_work_is_refused_before_it_is_begun_with_what_would_be_accepted() {
    let service = Service::of_seven();
    let begun = Instant::now();
    let problem = service.problem("/api/layers/kde?cell_m=1&bbox=12,56,18,60", 422);
    service.problem("/api/layers/kde?cell_m=1&bandwidth_m=1000000&bbox=-180,-90,180,90", 422);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(problem["parameter"], "cell_m");
    let accepted = problem["accepted"].to_string();
    let cell_m = accepted.split("cell_m=").nth(1).and_then(|rest| rest.split(' ').next()).expect("a cell size");
    let reply = service.get(&format!("/api/layers/kde?cell_m={cell_m}&bbox=12,56,18,60"));
    assert_eq!(reply.status, 200, "cell_m={cell_m} was named as accepted");
}

#[test]
fn a_stray_point_at_zero_zero_changes_no_other_number_and_costs_nothing() {
    let plain = Service::of_seven();
    let stray = Service::of(seven().into_iter().chain([observation("stray", Some((0.0, 0.0)), 9)]).collect());
    let begun = Instant::now();
    let kde = "/api/layers/kde?cell_m=75&bandwidth_m=300";
    assert_eq!(values(&stray.json(kde), "density_per_km2"), values(&plain.json(kde), "density_per_km2"));
    let grid = "/api/layers/grid?cell_m=25";
    let (before, after) = (values(&plain.json(grid), "count"), values(&stray.json(grid), "count"));
    assert!(after.len() <= before.len() + 1 && before.iter().all(|(id, n)| after.get(id) == Some(n)));
    let summary = stray.json("/api/areas/summary");
    assert_eq!((&summary["areas"][0]["count"], &summary["rest"]["count"]), (&3.into(), &3.into()));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
