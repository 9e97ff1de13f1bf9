//! The place a new data file starts with: the files of `geodata/nassjo`, compiled into the binary.

use serde::Deserialize;

use super::{AreaOptions, Problem, Spot, read_areas, read_promises};
use crate::domain::{Area, Id, LonLat, Place, PromiseDocument};

const AREAS: &str = include_str!("../../geodata/nassjo/areas.geojson");
const STATISTICAL_AREAS: &str = include_str!("../../geodata/nassjo/regso.geojson");
const PROMISES: &str = include_str!("../../geodata/nassjo/promises.json");
const PLACES: &str = include_str!("../../geodata/nassjo/places.json");

/// Everything a new data file knows.
#[derive(Clone, Debug)]
pub struct DefaultPlace {
    /// The areas of the promise, then the statistical areas that cover the municipality.
    pub areas: Vec<Area>,
    /// The signed documents.
    pub promises: Vec<PromiseDocument>,
    /// The place register.
    pub places: Vec<Place>,
}

/// Reads the compiled-in files. They are checked by the tests, so nothing can be wrong with them here.
pub fn default_place() -> DefaultPlace {
    let areas =
        [("areas.geojson", AREAS), ("regso.geojson", STATISTICAL_AREAS)].into_iter().flat_map(|(file, text)| {
            let read = read_areas(file, text.as_bytes(), &AreaOptions::default());
            assert_eq!(read.problems, [], "a compiled-in file is wrong");
            read.areas
        });
    let promises = read_promises("promises.json", PROMISES);
    assert_eq!(promises.problems, [], "a compiled-in file is wrong");
    let (places, problems) = read_places("places.json", PLACES);
    assert_eq!(problems, [], "a compiled-in file is wrong");
    DefaultPlace { areas: areas.collect(), promises: promises.documents, places }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesForm {
    places: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceForm {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    precision_m: Option<f64>,
    area: Option<String>,
    source: String,
}

/// Reads a place register from JSON: the places without a problem, and every problem.
pub fn read_places(file: &str, text: &str) -> (Vec<Place>, Vec<Problem>) {
    let problem = |column: Option<String>, reason: String| Problem {
        file: file.to_string(),
        spot: Spot::File,
        column,
        value: None,
        reason,
        hint: "geodata/nassjo/places.json is an example".to_string(),
    };
    let form: PlacesForm = match serde_json::from_str(text) {
        Ok(form) => form,
        Err(error) => return (Vec::new(), vec![problem(None, format!("cannot be read as places: {error}"))]),
    };
    let (mut places, mut problems) = (Vec::new(), Vec::new());
    for (index, value) in form.places.into_iter().enumerate() {
        let read = serde_json::from_value::<PlaceForm>(value).map_err(|error| error.to_string()).and_then(place);
        match read {
            Ok(place) => places.push(place),
            Err(reason) => problems.push(problem(Some(format!("places[{index}]")), reason)),
        }
    }
    (places, problems)
}

fn place(form: PlaceForm) -> Result<Place, String> {
    let at = match (form.lon, form.lat) {
        (Some(lon), Some(lat)) => Some(LonLat::new(lon, lat).map_err(|error| error.to_string())?),
        (None, None) => None,
        _ => return Err("lon and lat belong together".to_string()),
    };
    let area = form.area.map(|id| Id::new(&id)).transpose().map_err(|error| error.to_string())?;
    if at.is_none() && area.is_none() {
        return Err("a place needs lon and lat, or an area".to_string());
    }
    if form.precision_m.is_some_and(|metres| !(metres > 0.0 && metres.is_finite())) {
        return Err("precision_m is a number of metres above 0".to_string());
    }
    Ok(Place {
        id: Id::new(&form.id).map_err(|error| error.to_string())?,
        name: form.name,
        aliases: form.aliases,
        at,
        precision_m: form.precision_m,
        area,
        source: form.source,
    })
}
