//! A small town with two neighbouring squares, a ring with a hole and a few records.

use std::path::PathBuf;

use geo::{MultiPolygon, wkt};
use jiff::civil::Date;
use lagesbild::domain::{
    Activity, Actor, Area, AreaType, Certainty, Feeling, Id, Location, LonLat, Names, Observation, Participant, Place,
    Plane, Shape, Source, TimeCertainty, Vocabulary, When,
};
use lagesbild::spatial::DataClass;
use lagesbild::store::{ImportNote, NewFile, StoreError};
use tempfile::TempDir;

/// 2026-06-01T08:00:00Z, a Monday.
pub(crate) const MONDAY_EIGHT: i64 = 1_780_300_800;

/// A folder of its own and the path of a data file in it.
pub(crate) fn empty_folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("town.gpkg");
    (folder, path)
}

pub(crate) fn actor() -> Actor {
    Actor::local("test")
}

pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect("a valid id")
}

pub(crate) fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).expect("a position")
}

/// Two squares that share the border at 14.70, and a ring whose hole is [14.64, 14.66] squared around 57.65.
pub(crate) fn areas() -> Vec<Area> {
    vec![
        area("west", wkt!(MULTIPOLYGON(((14.60 57.60,14.70 57.60,14.70 57.70,14.60 57.70,14.60 57.60))))),
        area("east", wkt!(MULTIPOLYGON(((14.70 57.60,14.80 57.60,14.80 57.70,14.70 57.70,14.70 57.60))))),
        area(
            "ring",
            wkt!(MULTIPOLYGON(((14.62 57.62,14.68 57.62,14.68 57.68,14.62 57.68,14.62 57.62),
                (14.64 57.64,14.64 57.66,14.66 57.66,14.66 57.64,14.64 57.64)))),
        ),
    ]
}

pub(crate) fn area(name: &str, outline: MultiPolygon<f64>) -> Area {
    Area {
        id: id(name),
        names: Names { sv: format!("Området {name}"), en: format!("The {name}") },
        set: "promise".into(),
        area_type: AreaType::Residential,
        residents: Some(1200),
        valid_from: Some(Date::constant(2019, 4, 25)),
        valid_to: None,
        source: "drawn for a test".into(),
        certainty: Certainty::Assumed,
        how_drawn: "by hand".into(),
        outline,
    }
}

pub(crate) fn places() -> Vec<Place> {
    vec![
        Place {
            id: id("station"),
            name: "Resecentrum".into(),
            aliases: vec!["Järnvägsstationen".into(), "Spår 1".into()],
            at: Some(at(14.6947, 57.6513)),
            precision_m: Some(50.0),
            area: Some(id("west")),
            source: "test".into(),
        },
        Place {
            id: id("somewhere"),
            name: "Någonstans i öster".into(),
            aliases: vec![],
            at: None,
            precision_m: None,
            area: Some(id("east")),
            source: "test".into(),
        },
    ]
}

pub(crate) fn new_file() -> NewFile {
    NewFile {
        plane: Plane::from_epsg(3006).expect("SWEREF 99 TM"),
        time_zone: "Europe/Stockholm".into(),
        controller: "municipality".into(),
        legal_basis: Some("samverkan".into()),
        data_class: DataClass::Real,
        areas: areas(),
        places: places(),
        vocabulary: Vocabulary::seed(),
        promises: vec![],
    }
}

/// A plain observation at a point, `hours` after the Monday.
pub(crate) fn observation(name: &str, lon: f64, lat: f64, hours: i64) -> Observation {
    Observation {
        id: id(name),
        category: "lighting".into(),
        feeling: None,
        when: When::instant(MONDAY_EIGHT + hours * 3600),
        location: Location { shape: Some(Shape::Point(at(lon, lat))), ..Location::default() },
        source: None,
        severity: None,
        inventory: None,
        photo: None,
        reporter_key: None,
        text: None,
        kept: vec![],
    }
}

/// An observation that says everything.
pub(crate) fn full_observation(name: &str) -> Observation {
    Observation {
        feeling: Some(Feeling::Unsafe),
        when: When::interval(MONDAY_EIGHT, MONDAY_EIGHT + 7200, TimeCertainty::Ambiguous).expect("two hours"),
        location: Location {
            shape: Some(Shape::Point(at(14.65, 57.63))),
            precision_m: Some(12.5),
            place: Some(id("station")),
            area: Some(id("west")),
            place_text: Some("vid 'spår 1'; \"trappan\"".into()),
        },
        source: Some(Source::PoliceInitiated),
        severity: Some(4),
        inventory: Some(id("act")),
        photo: Some("IMG_0412.jpg".into()),
        reporter_key: Some("k5f0c2".into()),
        text: Some("trasig lampa \u{1f4a1}\nandra raden".into()),
        kept: vec![("Ärende".into(), "17".into()), ("Ärende".into(), "".into())],
        ..observation(name, 0.0, 0.0, 0)
    }
}

/// An activity that says everything, along a line.
pub(crate) fn full_activity(name: &str) -> Activity {
    let line = wkt!(LINESTRING(14.61 57.61,14.63 57.61));
    Activity {
        id: id(name),
        kind: "safety_walk".into(),
        when: When::interval(MONDAY_EIGHT, MONDAY_EIGHT + 3 * 3600, TimeCertainty::Interval).expect("three hours"),
        location: Location {
            shape: Some(Shape::Line(geo::MultiLineString(vec![line]))),
            precision_m: None,
            place: None,
            area: None,
            place_text: None,
        },
        actors: vec![
            Participant { role: "police".into(), organisation: Some("Lokalpolisområde Höglandet".into()) },
            Participant { role: "municipality".into(), organisation: None },
        ],
        mode: Some("foot".into()),
        minutes: Some(180.0),
        result: Some("två lampor".into()),
        operation_id: Some("op-1".into()),
        intelligence_led: Some(true),
        text: Some("kväll".into()),
        kept: vec![("a".into(), "b".into())],
    }
}

pub(crate) fn note(sha256: &str) -> ImportNote {
    ImportNote { file: "points.csv".into(), sha256: sha256.into(), id_prefix: String::new(), update: false }
}

/// Checks that an error says all of these.
pub(crate) fn says(error: &StoreError, parts: &[&str]) {
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{text:?} does not say {part:?}");
    }
}
