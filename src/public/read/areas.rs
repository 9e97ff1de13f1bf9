//! `areas.geojson`: outlines, and the reports of each area by period.

use std::collections::BTreeMap;

use geo::{Coord, LineString, MapCoords, MultiPolygon, Polygon};
use serde_json::Value;

use super::statistics::statement;
use super::{Problems, PublicFolder, ReadProblem};
use crate::domain::{Id, LonLat, Plane};
use crate::release::attack::{Category, Place, Statement};

const PATH: &str = "data/areas.geojson";

/// Members that a feature may have.
const MEMBERS: [&str; 7] = ["id", "name_sv", "name_en", "certainty", "actions", "deeds", "reports"];

/// Outlines in the plane; the reports must be those of the statements.
pub(super) fn read(
    folder: &PublicFolder,
    plane: Option<&Plane>,
    statements: &[Statement],
    found: &mut Vec<ReadProblem>,
) -> Vec<(Id, MultiPolygon<f64>)> {
    let mut areas = Vec::new();
    let Some(file) = folder.json(PATH, found) else { return areas };
    let mut problems = Problems::of(PATH);
    let stated: BTreeMap<(&Id, String), &Statement> = statements
        .iter()
        .filter(|s| s.category == Category::NotSensitive)
        .filter_map(|s| match &s.place {
            Place::Area(id) => Some(((id, s.period.word()), s)),
            _ => None,
        })
        .collect();
    let mut n_reports = 0;
    for (n, feature) in features(&file, &mut problems).iter().enumerate() {
        let properties = &feature["properties"];
        let id = match Id::new(properties["id"].as_str().unwrap_or_default()) {
            Ok(id) => id,
            Err(error) => {
                problems.say(Some(format!("feature {}", n + 1)), error.to_string());
                continue;
            }
        };
        let at = || Some(id.to_string());
        for member in properties.as_object().into_iter().flatten().map(|(name, _)| name) {
            if !MEMBERS.contains(&member.as_str()) {
                problems.say(at(), format!("the member '{member}' is none that a public area has"));
            }
        }
        for (period, report) in properties["reports"].as_object().into_iter().flatten() {
            n_reports += 1;
            match read_report(id.as_str(), period, report) {
                Err(text) => problems.say(at(), text),
                Ok(read) if stated.get(&(&id, period.clone())) != Some(&&read) => {
                    problems.say(at(), format!("the reports of {period} are not those of data/statistics.csv"));
                }
                Ok(_) => {}
            }
        }
        match (outline(&feature["geometry"]), plane) {
            (None, _) => problems.say(at(), "its geometry is no Polygon or MultiPolygon in degrees"),
            (Some(degrees), Some(plane)) => areas.push((id, in_plane(plane, &degrees))),
            (Some(degrees), None) => areas.push((id, degrees)),
        }
    }
    if n_reports != stated.len() {
        let text = format!("{n_reports} numbers of reports; data/statistics.csv has {}", stated.len());
        problems.say(None, text);
    }
    for statement in statements {
        if let Place::Area(id) = &statement.place
            && areas.iter().all(|(known, _)| known != id)
        {
            problems.say(Some(id.to_string()), "it has numbers, and no outline");
        }
    }
    found.extend(problems.found);
    areas
}

/// The features of a collection.
pub(super) fn features<'a>(file: &'a Value, problems: &mut Problems<'_>) -> &'a [Value] {
    match file["features"].as_array() {
        Some(features) => features,
        None => {
            problems.say(None, "the file has no list of features");
            &[]
        }
    }
}

fn read_report(id: &str, period: &str, report: &Value) -> Result<Statement, String> {
    let members = report.as_object().filter(|members| members.len() == 2);
    let count = match members.and_then(|members| members.get("count")) {
        Some(Value::Null) => None,
        Some(count) => {
            Some(count.as_u64().and_then(|n| u32::try_from(n).ok()).ok_or_else(|| format!("{count} is no count"))?)
        }
        None => return Err(format!("the reports of {period} are not a count and how it is shown")),
    };
    statement(id, "not_sensitive", period, count, report["shown"].as_str().unwrap_or_default())
}

/// A GeoJSON geometry as polygons.
fn outline(geometry: &Value) -> Option<MultiPolygon<f64>> {
    let point = |at: &Value| Some(Coord { x: at.get(0)?.as_f64()?, y: at.get(1)?.as_f64()? });
    let ring = |ring: &Value| ring.as_array()?.iter().map(point).collect::<Option<Vec<_>>>().map(LineString);
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array()?.iter().map(ring).collect::<Option<Vec<_>>>()?.into_iter();
        Some(Polygon::new(rings.next()?, rings.collect()))
    };
    let coordinates = geometry.get("coordinates")?;
    let polygons = match geometry.get("type")?.as_str()? {
        "Polygon" => vec![polygon(coordinates)?],
        "MultiPolygon" => coordinates.as_array()?.iter().map(polygon).collect::<Option<Vec<_>>>()?,
        _ => return None,
    };
    let are_degrees = polygons.iter().flat_map(|p| &p.exterior().0).all(|c| LonLat::new(c.x, c.y).is_ok());
    (!polygons.is_empty() && are_degrees).then_some(MultiPolygon(polygons))
}

fn in_plane(plane: &Plane, degrees: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    degrees.map_coords(|c| {
        let metres = LonLat::new(c.x, c.y).ok().and_then(|at| plane.to_plane(at).ok());
        metres.map_or(c, |[x, y]| Coord { x, y })
    })
}
