use std::collections::BTreeMap;

use geo::{Area as _, BooleanOps, Contains, Winding};
use lagesbild::domain::{Area, AreaType, Certainty, Id, Place};
use lagesbild::geodata::{AreaOptions, default_place, read_areas, write_areas};

fn area<'a>(areas: &'a [Area], id: &str) -> &'a Area {
    areas.iter().find(|area| area.id.as_str() == id).expect("the area exists")
}

#[test]
fn the_three_places_of_the_promise_say_how_certain_they_are() {
    let place = default_place();
    let promise: Vec<_> = place.areas.iter().filter(|area| area.set == "promise").collect();
    let facts: Vec<_> = promise.iter().map(|a| (a.id.as_str(), a.certainty, a.area_type)).collect();
    assert_eq!(
        facts,
        [
            ("resecentrum", Certainty::Assumed, AreaType::NonResidential),
            ("runneryd", Certainty::Assumed, AreaType::Residential),
            ("sporthallen", Certainty::Placeholder, AreaType::NonResidential),
        ]
    );
    for area in promise {
        assert!(area.residents.is_none() && area.valid_from.is_some(), "{}", area.id);
        assert!(!area.source.is_empty() && !area.how_drawn.is_empty(), "{}", area.id);
    }
    let hall = area(&place.areas, "sporthallen");
    assert!(hall.how_drawn.contains("ingen koordinat") && hall.source.contains("ingen koordinat"));
    // A square of 200 m: 0.04 km².
    assert!((hall.area_km2() - 0.04).abs() < 0.001, "{}", hall.area_km2());
}

#[test]
fn the_travel_centre_covers_tracks_platforms_and_street_side_and_straddles_two_statistical_areas() {
    let place = default_place();
    let centre = area(&place.areas, "resecentrum");
    for (what, lon, lat) in [
        ("Trafikverket's point, the tracks", 14.694735, 57.651359),
        ("Samtrafiken's point, the platforms", 14.693983, 57.652443),
        ("Järnvägsgatan 26, the street side", 14.694811, 57.652329),
    ] {
        assert!(centre.outline.contains(&geo::Point::new(lon, lat)), "{what} is outside");
    }
    let whole = centre.outline.unsigned_area();
    let shares: BTreeMap<&str, f64> = place
        .areas
        .iter()
        .filter(|area| area.set == "regso")
        .map(|area| (area.id.as_str(), area.outline.intersection(&centre.outline).unsigned_area() / whole))
        .filter(|(_, share)| *share > 1e-6)
        .collect();
    assert_eq!(shares.keys().copied().collect::<Vec<_>>(), ["0682R007", "0682R012"]);
    assert!(shares.values().all(|share| *share > 0.25), "{shares:?}");
}

#[test]
fn runneryd_is_the_statistical_area_0682r013() {
    let place = default_place();
    assert_eq!(area(&place.areas, "runneryd").outline, area(&place.areas, "0682R013").outline);
    assert_eq!(area(&place.areas, "runneryd").valid_from, Some(jiff::civil::date(2025, 1, 1)));
}

#[test]
fn areas_survive_writing_and_reading_to_the_last_bit() {
    let areas = default_place().areas;
    let read = read_areas("again", write_areas(&areas).as_bytes(), &AreaOptions::default());
    assert_eq!(read.problems, []);
    assert_eq!((read.areas.len(), read.features), (16, 16));
    assert_eq!(read.areas, areas);
}

#[test]
fn an_area_of_several_polygons_with_a_hole_survives_writing_and_reading() {
    let mut area = default_place().areas.remove(0);
    let square = |x: f64, size: f64| geo::Rect::new((x, 1.0), (x + size, 1.0 + size)).to_polygon();
    let mut with_hole = square(1.0, 3.0);
    with_hole.interiors_push(geo::Rect::new((2.0, 2.0), (3.0, 3.0)).to_polygon().exterior().clone());
    area.outline = geo::orient::Orient::orient(
        &geo::MultiPolygon(vec![with_hole, square(10.0, 1.0)]),
        geo::orient::Direction::Default,
    );
    let read = read_areas("again", write_areas(std::slice::from_ref(&area)).as_bytes(), &AreaOptions::default());
    assert_eq!(read.problems, []);
    assert_eq!(read.areas, [area]);
}

#[test]
fn the_files_follow_rfc_7946() {
    for (name, text) in [
        ("areas.geojson", include_str!("../../geodata/nassjo/areas.geojson")),
        ("regso.geojson", include_str!("../../geodata/nassjo/regso.geojson")),
    ] {
        assert!(text.len() < 200_000, "{name} has {} bytes", text.len());
        let file: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert!(file.get("crs").is_none(), "RFC 7946 has no crs");
        for area in read_areas(name, text.as_bytes(), &AreaOptions::default()).areas {
            for polygon in &area.outline {
                assert!(polygon.exterior().is_ccw(), "{}", area.id);
                assert!(polygon.interiors().iter().all(Winding::is_cw), "{}", area.id);
                let numbers = polygon.exterior().0.iter().flat_map(|at| [at.x, at.y]);
                for number in numbers {
                    let decimals = number.to_string().split_once('.').map_or(0, |(_, d)| d.len());
                    assert!(decimals <= 6, "{}: {number}", area.id);
                }
            }
        }
    }
}

#[test]
fn every_place_name_is_known_once_and_points_lie_in_their_area() {
    let place = default_place();
    let mut seen: BTreeMap<String, Id> = BTreeMap::new();
    for entry in &place.places {
        for name in std::iter::once(&entry.name).chain(&entry.aliases) {
            let other = seen.insert(Place::key(name), entry.id.clone());
            assert_eq!(other, None, "'{name}' stands twice");
        }
        assert!(!entry.source.is_empty());
        assert_eq!(entry.at.is_some(), entry.precision_m.is_some(), "{}", entry.id);
        if let Some(id) = &entry.area {
            let area = area(&place.areas, id.as_str());
            assert!(entry.at.is_none_or(|at| area.outline.contains(&at.coord())), "{}", entry.id);
        }
    }
    assert_eq!(seen.get(&Place::key("Resecentrum, spår 1")).map(Id::as_str), Some("resecentrum"));
    let hall = place.places.iter().find(|p| p.id.as_str() == "sporthallen").expect("an entry");
    assert!(hall.at.is_none(), "no coordinate of the sports hall is known");
}
