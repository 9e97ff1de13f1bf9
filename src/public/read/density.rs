//! X3: the published density follows from the published squares, to the byte.

use super::{Problems, PublicFolder, ReadProblem};
use crate::domain::Plane;
use crate::public::data::density_features;
use crate::public::method;
use crate::release::attack::{Place, Statement};
use crate::release::density::density;

const PATH: &str = "data/density.geojson";

pub(super) fn check(
    folder: &PublicFolder,
    plane: Option<&Plane>,
    statements: &[Statement],
    found: &mut Vec<ReadProblem>,
) {
    let squares: Vec<Statement> =
        statements.iter().filter(|s| matches!(s.place, Place::Square { .. })).cloned().collect();
    let mut problems = Problems::of(PATH);
    match (density(&squares), folder.files.get(PATH)) {
        (None, None) => {}
        (None, Some(_)) => problems.say(None, "a density is there, and no published square to compute it from"),
        (Some(_), None) => problems.say(None, "the file is missing: the published squares give a density"),
        (Some(density), Some(bytes)) => {
            let text = String::from_utf8_lossy(bytes);
            // The list of features is the last member of the file: one feature to a line.
            let wanted = density_features(&density, plane).join(",\n");
            let features = text.split_once("\"features\": [").map(|(_, rest)| rest);
            let same = features.is_some_and(|features| features.trim() == format!("{wanted}\n]\n}}").trim());
            if !same {
                problems.say(None, "its surfaces are not those that the published squares give");
            }
            let said = folder.json(PATH, &mut problems.found);
            if said.is_some_and(|said| said["density"] != method::density(&density)) {
                problems.say(Some("density".into()), "its parameters are not those that the published squares give");
            }
        }
    }
    found.extend(problems.found);
}
