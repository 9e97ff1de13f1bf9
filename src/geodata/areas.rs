//! Reads areas from GeoJSON: our own files, and foreign ones whose id and name stand in other properties.

use std::collections::HashMap;
use std::io::BufRead;

use geojson::{Feature, JsonObject, feature};
use jiff::civil::Date;
use serde_json::{Number, Value};

use super::isolated::isolated;
use super::outline::{Defect, GivenCrs, REDRAW, UNJUDGED, defect, polygons};
use super::validity::overlaps;
use super::{DeclaredCrs, FeatureStream, Problem, Spot};
use crate::domain::{Area, AreaType, Certainty, Id, Names};

/// How a foreign file is to be read. The default reads our own files.
#[derive(Clone, Debug, Default)]
pub struct AreaOptions<'a> {
    /// Property with the id (`--area-id`); otherwise [`ID_PROPERTIES`] and the id of the feature are tried.
    pub id_property: Option<String>,
    /// Property with the name (`--area-name`); otherwise `name_sv`, `name_en` and [`NAME_PROPERTIES`] are tried,
    /// and an area without any is called by its id.
    pub name_property: Option<String>,
    /// Set of areas that do not say theirs; `areas` when absent. The stem of the file name is a good one.
    pub set: Option<String>,
    /// What the coordinates are.
    pub crs: GivenCrs<'a>,
}

/// What was read.
#[derive(Debug)]
pub struct AreasRead {
    /// Areas without any problem, in order of first appearance; none when the file as a whole is wrong.
    pub areas: Vec<Area>,
    /// Ids that more than one feature had, with the number of features that became one area.
    pub merged: Vec<(Id, usize)>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// Features in the file, wrong ones included.
    pub features: u64,
}

/// Properties tried for the id, in this order.
pub const ID_PROPERTIES: [&str; 5] = ["id", "Id", "ID", "kod", "regsokod"];

/// Properties tried for the name, in this order.
pub const NAME_PROPERTIES: [&str; 4] = ["name", "Name", "namn", "regsonamn"];

/// Reads areas. `file` is the name used in problems and as the source of areas that name none.
///
/// Features with the same id become one area of several polygons. Areas without these properties are
/// `official`, `residential`, without residents and without dates. Memory grows with the outlines.
pub fn read_areas(file: &str, input: impl BufRead, options: &AreaOptions) -> AreasRead {
    let declared = match options.crs {
        GivenCrs::Unsaid => DeclaredCrs::MustBeDegrees,
        GivenCrs::Degrees | GivenCrs::Metres(_) => DeclaredCrs::Overridden,
    };
    let mut stream = FeatureStream::new(file, input, declared);
    let mut collector = Collector { file, options, found: Vec::new(), by_id: HashMap::new(), problems: Vec::new() };
    for item in &mut stream {
        match item {
            Ok((number, feature)) => collector.feature(number, feature),
            Err(problem) => collector.problems.push(problem),
        }
    }
    let features = stream.features_seen();
    if features == 0 && collector.problems.is_empty() {
        collector.report(Spot::File, None, None, "the file has no features", "at least one area is needed");
    }
    collector.finish(features)
}

/// An area in the making.
struct Found {
    area: Area,
    /// Polygons with the feature each came from.
    parts: Vec<(u64, geo::Polygon<f64>)>,
    features: Vec<u64>,
    is_broken: bool,
}

struct Collector<'a> {
    file: &'a str,
    options: &'a AreaOptions<'a>,
    found: Vec<Found>,
    by_id: HashMap<Id, usize>,
    problems: Vec<Problem>,
}

impl Collector<'_> {
    fn report(&mut self, spot: Spot, column: Option<&str>, value: Option<String>, reason: &str, hint: &str) {
        self.problems.push(Problem {
            file: self.file.to_string(),
            spot,
            column: column.map(str::to_string),
            value: value.map(|text| text.chars().take(80).collect()),
            reason: reason.to_string(),
            hint: hint.to_string(),
        });
    }

    fn feature(&mut self, number: u64, feature: Feature) {
        let before = self.problems.len();
        let properties = feature.properties.unwrap_or_default();
        let outline = match &feature.geometry {
            Some(geometry) => polygons(&geometry.value, self.options.crs),
            None => Err(vec![Defect {
                reason: "has no geometry".to_string(),
                value: None,
                hint: "an area is a Polygon or MultiPolygon".to_string(),
            }]),
        };
        let id = self.id(number, &properties, feature.id.as_ref());
        let parts = outline.unwrap_or_else(|defects| {
            for Defect { reason, value, hint } in defects {
                self.report(Spot::Feature(number), None, value, &reason, &hint);
            }
            Vec::new()
        });
        let Some(id) = id else { return };
        let area = self.area(number, id, &properties);
        let is_broken = self.problems.len() > before;
        let parts = parts.into_iter().map(|polygon| (number, polygon));
        match self.by_id.get(&area.id).copied() {
            None => {
                self.by_id.insert(area.id.clone(), self.found.len());
                self.found.push(Found { area, parts: parts.collect(), features: vec![number], is_broken });
            }
            Some(index) => {
                let differing = difference(&self.found[index].area, &area);
                if let Some((property, value)) = differing {
                    let reason = format!(
                        "area '{}' is also feature {}, which has another {property}",
                        area.id, self.found[index].features[0]
                    );
                    let hint = "features of one area must agree; change the id or the property";
                    self.report(Spot::Feature(number), Some(property), Some(value), &reason, hint);
                }
                let found = &mut self.found[index];
                found.parts.extend(parts);
                found.features.push(number);
                found.is_broken |= is_broken || self.problems.len() > before;
            }
        }
    }

    fn id(&mut self, number: u64, properties: &JsonObject, feature_id: Option<&feature::Id>) -> Option<Id> {
        let (property, text) = match &self.options.id_property {
            Some(property) => (property.as_str(), properties.get(property).and_then(as_text)),
            None => {
                let found = ID_PROPERTIES.iter().find_map(|name| Some((*name, as_text(properties.get(*name)?)?)));
                match (found, feature_id) {
                    (Some((name, text)), _) => (name, Some(text)),
                    (None, Some(feature::Id::String(text))) => ("id", Some(text.clone())),
                    (None, Some(feature::Id::Number(id))) => ("id", Some(number_text(id))),
                    (None, None) => ("id", None),
                }
            }
        };
        let Some(text) = text else {
            let reason = match &self.options.id_property {
                Some(property) => format!("has no property '{property}'"),
                None => "has no id".to_string(),
            };
            let present = properties.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let present = if present.is_empty() { "none".to_string() } else { present };
            let hint = format!("name the property that holds the id with --area-id; properties here: {present}");
            self.report(Spot::Feature(number), None, None, &reason, &hint);
            return None;
        };
        match Id::new(&text) {
            Ok(id) => Some(id),
            Err(_) => {
                let hint = "1 to 128 characters out of A-Z, a-z, 0-9, '.', '_' and '-' are accepted";
                self.report(Spot::Feature(number), Some(property), Some(text), "is not a valid id", hint);
                None
            }
        }
    }

    /// The properties as an area with an empty outline; what cannot be read is reported.
    fn area(&mut self, number: u64, id: Id, properties: &JsonObject) -> Area {
        let text = |name: &str| properties.get(name).and_then(as_text);
        let name = match &self.options.name_property {
            Some(property) => text(property),
            None => NAME_PROPERTIES.iter().find_map(|name| text(name)),
        };
        if let (Some(property), None) = (&self.options.name_property, &name) {
            let present = properties.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let hint = format!("name the property that holds the name with --area-name; properties here: {present}");
            self.report(Spot::Feature(number), None, None, &format!("has no property '{property}'"), &hint);
        }
        let own = |name: &str| if self.options.name_property.is_some() { None } else { text(name) };
        let (sv, en) = (own("name_sv"), own("name_en"));
        let any = || name.clone().unwrap_or_else(|| id.to_string());
        Area {
            names: Names {
                sv: sv.clone().or_else(|| en.clone()).unwrap_or_else(any),
                en: en.or(sv).unwrap_or_else(any),
            },
            set: text("set").or_else(|| self.options.set.clone()).unwrap_or_else(|| "areas".to_string()),
            area_type: self
                .parsed(number, properties, "area_type", AreaType::from_code, "residential and non_residential")
                .unwrap_or(AreaType::Residential),
            residents: self.parsed(number, properties, "residents", |t| t.parse().ok(), "whole numbers from 0 on"),
            valid_from: self.parsed(number, properties, "valid_from", date, DATES),
            valid_to: self.parsed(number, properties, "valid_to", date, DATES),
            source: text("source").unwrap_or_else(|| self.file.to_string()),
            certainty: self
                .parsed(number, properties, "certainty", Certainty::from_code, "official, assumed and placeholder")
                .unwrap_or(Certainty::Official),
            how_drawn: text("how_drawn").unwrap_or_default(),
            outline: geo::MultiPolygon(vec![]),
            id,
        }
    }

    fn parsed<T>(
        &mut self,
        number: u64,
        properties: &JsonObject,
        property: &str,
        parse: impl Fn(&str) -> Option<T>,
        accepted: &str,
    ) -> Option<T> {
        let text = properties.get(property).and_then(as_text)?;
        let value = parse(&text);
        if value.is_none() {
            let hint = format!("{accepted} are accepted");
            self.report(Spot::Feature(number), Some(property), Some(text), "cannot be read", &hint);
        }
        value
    }

    fn finish(mut self, features: u64) -> AreasRead {
        for index in 0..self.found.len() {
            let found = &mut self.found[index];
            let (numbers, parts): (Vec<u64>, Vec<_>) = std::mem::take(&mut found.parts).into_iter().unzip();
            let id = found.area.id.clone();
            let unjudged = || vec![(0, 0, defect(UNJUDGED.to_string(), None, REDRAW))];
            let pairs =
                if found.is_broken { Vec::new() } else { isolated(|| overlaps(&parts)).unwrap_or_else(unjudged) };
            found.is_broken |= !pairs.is_empty();
            found.area.outline = geo::MultiPolygon(parts);
            for (_, later, defect) in pairs {
                let reason = format!("area '{id}': {}", defect.reason);
                self.report(Spot::Feature(numbers[later]), None, defect.value, &reason, &defect.hint);
            }
        }
        let whole_file_is_wrong = self.problems.iter().any(|problem| !matches!(problem.spot, Spot::Feature(_)));
        let good = self.found.into_iter().filter(|found| !found.is_broken && !whole_file_is_wrong);
        let (mut areas, mut merged) = (Vec::new(), Vec::new());
        for found in good {
            if found.features.len() > 1 {
                merged.push((found.area.id.clone(), found.features.len()));
            }
            areas.push(found.area);
        }
        AreasRead { areas, merged, problems: self.problems, features }
    }
}

const DATES: &str = "dates such as 2025-01-01";

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// Text of a property; numbers become text, empty texts and null are absent.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_string()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number_text(number)),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// A number as an id: `1713` and `1713.0` are the same.
fn number_text(number: &Number) -> String {
    match number.as_f64() {
        // Up to 2^53 every whole number is exact, and Rust prints floats without an exponent.
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

/// The first property in which two features of one area differ, with the value of the second.
fn difference(a: &Area, b: &Area) -> Option<(&'static str, String)> {
    let text = |value: Option<String>| value.unwrap_or_else(|| "none".to_string());
    let values = |area: &Area| {
        [
            ("name", area.names.sv.clone()),
            ("name_en", area.names.en.clone()),
            ("set", area.set.clone()),
            ("area_type", area.area_type.code().to_string()),
            ("residents", text(area.residents.map(|n| n.to_string()))),
            ("valid_from", text(area.valid_from.map(|day| day.to_string()))),
            ("valid_to", text(area.valid_to.map(|day| day.to_string()))),
            ("source", area.source.clone()),
            ("certainty", area.certainty.code().to_string()),
            ("how_drawn", area.how_drawn.clone()),
        ]
    };
    values(a).into_iter().zip(values(b)).find(|(a, b)| a.1 != b.1).map(|(_, b)| b)
}
