//! Another town, and profiles that do not fit.

use super::*;

/// A town of one square kilometre or so, far from Nässjö.
fn square(west: f64, side: f64) -> MultiPolygon<f64> {
    polygon![(x: west, y: 10.0), (x: west + side, y: 10.0), (x: west + side, y: 10.0 + side), (x: west, y: 10.0 + side)]
        .into()
}

fn small_profile() -> serde_json::Value {
    serde_json::json!({
        "rhythms": { "even": { "hours": (vec![1; 24]), "weekdays": (vec![1; 7]), "months": (vec![1; 12]) } },
        "strata": [
            { "name": "inner", "areas": { "inner": 1 }, "observations_per_year": 100, "rhythm": "even", "spots": 2,
              "scatter_m": 10, "place_name_share": 0, "address_share": 0, "categories": { "other": 1 } },
            { "name": "rest", "areas": { "outer": 1 }, "observations_per_year": 100, "rhythm": "even", "spots": 0,
              "scatter_m": 0, "place_name_share": 0, "address_share": 0, "categories": { "other": 1 } }
        ],
        "organisations": [{ "id": "all", "name": "Alla", "sources": ["citizen"], "weight": 1 }],
        "work": [], "surveys": [],
        "texts": { "other": { "unsafe": ["Mörkt."], "safe": ["Ljust."] } },
        "safe_share": 0.5, "unsaid_share": 0,
        "follow_up": {
            "police": "Polisen", "owners": ["Alla"], "measures": {}, "why_not": ["Pengar saknas."], "decisions": [], "priorities": [],
            "booked": { "kind": "other" }, "booked_check": { "kind": "other" },
            "reported": { "kind": "other", "area": "inner", "n": 1 }, "comments": []
        }
    })
}

fn small_demo(profile: &serde_json::Value) -> Result<Demo, DemoError> {
    let town = [area("inner", "a", square(20.0, 0.005)), area("outer", "b", square(20.0, 0.01))];
    DemoProfile::from_json(&profile.to_string())
        .and_then(|read| Demo::new(DemoPlan::new(date("2026-11-22"), TimeZone::UTC), read, &town, &[]))
}

#[test]
fn another_town_needs_only_another_profile_and_the_rest_stays_out_of_the_inner_area() {
    let all = small_demo(&small_profile()).expect("fits").all();
    let inner = square(20.0, 0.005);
    let inside = |o: &&crate::domain::Observation| {
        let at = o.location.shape.as_ref().and_then(Shape::representative_point).expect("a point");
        inner.contains(&Point(at.coord()))
    };
    // Half of the observations; about 283 of 567, deviation 12.
    let (n, all) = (all.observations.iter().filter(inside).count(), all.observations.len());
    assert!((n as f64 - all as f64 / 2.0).abs() < 60.0, "{n} of {all}");
}

#[test]
fn every_misfit_of_a_profile_is_listed_with_its_place_and_value() {
    let mut profile = small_profile();
    profile["strata"][0]["areas"] = serde_json::json!({ "nowhere": 1 });
    profile["strata"][1]["rhythm"] = "waltz".into();
    profile["follow_up"]["invitations"] = serde_json::json!([{ "kind": "presence", "area": "moon" }]);
    profile["strata"][1]["address_share"] = 1.5.into();
    profile["strata"][1]["categories"] = serde_json::json!({ "ghosts": 1 });
    let Err(DemoError::Misfit(problems)) = small_demo(&profile) else { panic!("it was accepted") };
    let found: Vec<(&str, &str)> = problems.iter().map(|p| (p.at.as_str(), p.value.as_str())).collect();
    for expected in [
        ("strata.inner.areas", "nowhere"),
        ("strata.rest.rhythm", "waltz"),
        ("strata.rest.address_share", "1.5"),
        ("strata.rest.categories", "ghosts"),
        ("follow_up.invitations", "presence"),
        ("follow_up.invitations", "moon"),
    ] {
        assert!(found.contains(&expected), "{expected:?} not in {found:?}");
    }
}

#[test]
fn a_profile_of_another_form_is_refused_with_line_and_column() {
    let refused = |text: &str| DemoProfile::from_json(text).expect_err("refused").to_string();
    assert!(refused("{").contains("line 1 column 1"));
    let mut unknown = small_profile();
    unknown["colour"] = "red".into();
    assert!(refused(&unknown.to_string()).contains("colour"));
    let mut window = small_profile();
    let leap = serde_json::json!([{ "id": "w", "kind": "other", "timing": { "windows": ["02-29/03-01"] },
        "start_hours": [9, 9], "minutes": [5, 5], "actors": "police", "shapes": ["none"], "results": [""] }]);
    window["work"] = leap;
    assert!(refused(&window.to_string()).contains("02-29/03-01"));
}

#[test]
fn the_rest_of_an_area_that_is_wholly_taken_is_refused() {
    let mut profile = small_profile();
    profile["strata"][0]["areas"] = serde_json::json!({ "outer": 1 });
    profile["strata"][1]["areas"] = serde_json::json!({ "inner": 1 });
    let text = small_demo(&profile).expect_err("refused").to_string();
    assert!(text.contains("strata.rest.areas: 'inner'"), "{text}");
}
