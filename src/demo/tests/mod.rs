//! The real places of Nässjö, for the tests beside this file.

mod counts;
mod laws;
mod misfits;

use std::collections::{BTreeMap, BTreeSet};

use geo::{Contains, Coord, MultiPolygon, Point, Validation, polygon};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::*;
use crate::domain::{
    AreaType, Certainty, Feeling, HourMask, Id, Location, LonLat, Names, Shape, Source, SurveyResult, TimeCertainty,
    Vocabulary, local_date,
};

const PROFILE: &str = include_str!("../../../geodata/nassjo/demo.json");

fn zone() -> TimeZone {
    TimeZone::get("Europe/Stockholm").expect("bundled")
}

fn date(text: &str) -> Date {
    text.parse().expect("date")
}

fn profile() -> DemoProfile {
    DemoProfile::from_json(PROFILE).expect("the profile in geodata is readable")
}

fn area(id: &str, set: &str, outline: MultiPolygon<f64>) -> Area {
    Area {
        id: Id::new(id).expect("id"),
        names: Names { sv: id.into(), en: id.into() },
        set: set.into(),
        area_type: AreaType::Residential,
        residents: None,
        valid_from: None,
        valid_to: None,
        source: String::new(),
        certainty: Certainty::Assumed,
        how_drawn: String::new(),
        outline,
    }
}

fn areas() -> Vec<Area> {
    let files =
        [include_str!("../../../geodata/nassjo/areas.geojson"), include_str!("../../../geodata/nassjo/regso.geojson")];
    let features = files.map(|text| text.parse::<geojson::FeatureCollection>().expect("GeoJSON").features);
    let area_of = |feature: geojson::Feature| {
        let property = |name: &str| feature.property(name).and_then(|v| v.as_str()).expect("a text").to_string();
        let outline = match geo::Geometry::try_from(feature.geometry.clone().expect("geometry")).expect("readable") {
            geo::Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
            geo::Geometry::MultiPolygon(outline) => outline,
            other => panic!("{other:?}"),
        };
        area(&property("id"), &property("set"), outline)
    };
    features.into_iter().flatten().map(area_of).collect()
}

fn places() -> Vec<Place> {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../../../geodata/nassjo/places.json")).expect("JSON");
    let place_of = |entry: &serde_json::Value| {
        let text = |name: &str| entry[name].as_str().map(str::to_string);
        let aliases = entry["aliases"].as_array().expect("a list").iter();
        let at = entry["lon"].as_f64().zip(entry["lat"].as_f64());
        Place {
            id: Id::new(&text("id").expect("id")).expect("id"),
            name: text("name").expect("name"),
            aliases: aliases.map(|alias| alias.as_str().expect("a text").to_string()).collect(),
            at: at.map(|(lon, lat)| LonLat::new(lon, lat).expect("valid")),
            precision_m: entry["precision_m"].as_f64(),
            area: text("area").map(|id| Id::new(&id).expect("id")),
            source: String::new(),
        }
    };
    file["places"].as_array().expect("a list").iter().map(place_of).collect()
}

fn plan(today: &str, seed: u64) -> DemoPlan {
    DemoPlan { seed, ..DemoPlan::new(date(today), zone()) }
}

fn demo(plan: DemoPlan) -> Demo {
    Demo::new(plan, profile(), &areas(), &places()).expect("the profile fits the places in geodata")
}

fn records(today: &str, seed: u64) -> Records {
    demo(plan(today, seed)).all()
}

fn year_of(when: crate::domain::When) -> i16 {
    local_date(when.start_s(), &zone()).year()
}

fn is_in(location: &Location, area: &Area) -> bool {
    match location.shape.as_ref().map(|shape| shape.representative_point().expect("not degenerate")) {
        Some(at) => area.outline.contains(&Point(at.coord())),
        None => location.area.as_ref() == Some(&area.id),
    }
}

/// Observations of a year in an area, as area tables count them.
fn in_area(records: &Records, year: i16, area: &Area) -> usize {
    records.observations.iter().filter(|o| year_of(o.when) == year && is_in(&o.location, area)).count()
}
