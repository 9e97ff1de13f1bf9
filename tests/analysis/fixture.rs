//! Small snapshots made by hand.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lagesbild::domain::{
    Area, AreaType, Certainty, Feeling, Filter, Id, LonLat, Names, Plane, Source, TimeCertainty, Vocabulary, When,
};
use lagesbild::spatial::{AreaSet, Columns, DataClass, FileFacts, Frame, Row, Snapshot};

/// A rectangle in degrees as an area.
pub(crate) fn area(id: &str, set: &str, [west, south, east, north]: [f64; 4]) -> Area {
    let outline = geo::Rect::new((west, south), (east, north)).to_polygon();
    Area {
        id: Id::new(id).expect("valid id"),
        names: Names { sv: id.to_string(), en: id.to_string() },
        set: set.to_string(),
        area_type: AreaType::Residential,
        residents: Some(500),
        valid_from: None,
        valid_to: None,
        source: "test".to_string(),
        certainty: Certainty::Official,
        how_drawn: String::new(),
        outline: geo::MultiPolygon(vec![outline]),
    }
}

/// A record before it is in columns.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) at: Option<(f64, f64)>,
    pub(crate) when: When,
    pub(crate) precision_m: Option<f64>,
    pub(crate) area: Option<&'static str>,
}

/// The second of an instant written in text.
pub(crate) fn second(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("instant").as_second()
}

/// A record at noon UTC of a day.
pub(crate) fn at_noon(day: &str, lon: f64, lat: f64) -> Record {
    let when = When::instant(second(&format!("{day}T12:00:00Z")));
    Record { at: Some((lon, lat)), when, precision_m: Some(5.0), area: None }
}

impl Record {
    pub(crate) fn precise_to(self, precision_m: f64) -> Self {
        Self { precision_m: Some(precision_m), ..self }
    }

    pub(crate) fn between(self, start: &str, end: &str) -> Self {
        let when = When::interval(second(start), second(end), TimeCertainty::Interval).expect("in order");
        Self { when, ..self }
    }

    pub(crate) fn only_in(self, area: &'static str) -> Self {
        Self { at: None, area: Some(area), ..self }
    }

    pub(crate) fn nowhere(self) -> Self {
        Self { at: None, area: None, ..self }
    }
}

/// A snapshot in SWEREF 99 TM and Swedish time.
pub(crate) fn snapshot(areas: Vec<Area>, records: &[Record]) -> Snapshot {
    let facts = FileFacts {
        plane: Plane::from_epsg(3006).expect("known"),
        time_zone: "Europe/Stockholm".to_string(),
        zone: TimeZone::get("Europe/Stockholm").expect("bundled"),
        data_class: DataClass::Real,
        identity: String::new(),
    };
    let areas = AreaSet::new(areas);
    let mut observations = Columns::with_capacity(records.len());
    for (i, record) in records.iter().enumerate() {
        observations.push(&Row {
            id: &format!("o{i}"),
            at: record.at.map(|(lon, lat)| LonLat::new(lon, lat).expect("valid")),
            when: record.when,
            term: 0,
            source: Some(Source::Citizen),
            feeling: Some(Feeling::Unsafe),
            precision_m: record.precision_m,
            area: record.area.and_then(|id| areas.find(&Id::new(id).expect("valid id"))),
            reporter: None,
        });
    }
    let frame = Frame {
        facts: Arc::new(facts),
        areas: Arc::new(areas),
        places: Arc::default(),
        vocabulary: Arc::new(Vocabulary::seed()),
    };
    Snapshot::new(1, frame, observations, Columns::default())
}

/// A filter that lets everything through.
pub(crate) fn everything() -> Filter {
    Filter::default()
}
