//! `lagesbild init`: a new data file.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::ToSpan;
use jiff::civil::Date;

use super::answer::Done;
use super::{Usage, local_actor, plane_of};
use crate::domain::{Area, Id, Period, Plane, PromiseDocument, StoredPromise, Vocabulary};
use crate::geodata::{
    AreaOptions, GivenCrs, Problem, default_place, read_areas, read_promises, unknown_references, write_promises,
};
use crate::spatial::DataClass;
use crate::store::{DataFile, NewFile};

/// Make a new data file.
#[derive(Debug, clap::Args)]
pub(super) struct InitArgs {
    /// The file to make; it must not exist.
    file: PathBuf,
    /// The metric plane, an EPSG code.
    #[arg(long, default_value = "EPSG:3006", value_name = "EPSG:n")]
    plane: String,
    /// The zone of local days.
    #[arg(long, default_value = "Europe/Stockholm", value_name = "ZONE")]
    time_zone: String,
    /// Who answers for the data: municipality or police.
    #[arg(long, default_value = "municipality")]
    controller: String,
    /// GeoJSON polygons to count in, instead of the places of Nässjö.
    #[arg(long, value_name = "FILE.geojson")]
    areas: Option<PathBuf>,
    /// Property with the id of an area.
    #[arg(long, value_name = "PROPERTY", requires = "areas")]
    area_id: Option<String>,
    /// Property with the name of an area.
    #[arg(long, value_name = "PROPERTY", requires = "areas")]
    area_name: Option<String>,
    /// The system the areas are in, when they are not degrees: EPSG:3006, EPSG:3007-3018, RT 90, UTM.
    #[arg(long, value_name = "EPSG:n", requires = "areas")]
    crs: Option<String>,
    /// Promises to follow, instead of those of Nässjö.
    #[arg(long, value_name = "FILE.json")]
    promises: Option<PathBuf>,
}

pub(super) fn run(args: &InitArgs) -> anyhow::Result<Done> {
    let plane = plane_of("--plane", &args.plane)?;
    let areas_crs = AreasCrs::of(args.crs.as_deref())?;
    if !["municipality", "police"].contains(&args.controller.as_str()) {
        return Err(Usage(format!("--controller '{}': municipality or police is accepted", args.controller)).into());
    }
    jiff::tz::TimeZone::get(&args.time_zone).map_err(|e| {
        Usage(format!(
            "--time-zone: '{}' is not a time zone ({e}); accepted: IANA names such as Europe/Stockholm",
            args.time_zone
        ))
    })?;
    let mut new = default_file(DataClass::Real)?;
    new.plane = plane;
    new.time_zone.clone_from(&args.time_zone);
    new.controller.clone_from(&args.controller);
    if let Some(path) = &args.areas {
        new.areas = areas_of(path, args, &areas_crs)?;
        // The default places and promises belong to the default areas.
        new.places.clear();
        new.promises.clear();
    }
    if let Some(path) = &args.promises {
        new.promises = promises_of(path, &new)?;
    }
    let (areas, promises) = (new.areas.len(), new.promises.len());
    DataFile::create(&args.file, &new, &local_actor(None))?;
    eprintln!(
        "{}: made with {areas} areas and {promises} promises; plane {}, days of {}",
        args.file.display(),
        new.plane,
        new.time_zone
    );
    Ok(Done::Ok)
}

fn areas_of(path: &Path, args: &InitArgs, crs: &AreasCrs) -> anyhow::Result<Vec<Area>> {
    let file = File::open(path).with_context(|| format!("{}", path.display()))?;
    let set = path.file_stem().map(|s| s.to_string_lossy().into_owned());
    let options =
        AreaOptions { id_property: args.area_id.clone(), name_property: args.area_name.clone(), set, crs: crs.given() };
    let read = read_areas(&path.display().to_string(), BufReader::new(file), &options);
    if !read.problems.is_empty() {
        return Err(listed(&read.problems));
    }
    for (id, parts) in &read.merged {
        eprintln!("{}: {parts} features share the id {id} and become one area", path.display());
    }
    eprintln!("{}: {} features, {} areas", path.display(), read.features, read.areas.len());
    Ok(read.areas)
}

/// What `--crs` says of the coordinates of areas.
pub(super) enum AreasCrs {
    Unsaid,
    Degrees,
    Metres(Box<Plane>),
}

impl AreasCrs {
    pub(super) fn of(text: Option<&str>) -> Result<Self, Usage> {
        match text.map(|text| (text, Plane::parse_epsg(text))) {
            None => Ok(Self::Unsaid),
            // WGS 84, ETRS89 and SWEREF 99 in degrees differ by less than a metre.
            Some((_, Ok(4326 | 4258 | 4619))) => Ok(Self::Degrees),
            Some((text, _)) => plane_of("--crs", text).map(|plane| Self::Metres(Box::new(plane))),
        }
    }

    pub(super) fn given(&self) -> GivenCrs<'_> {
        match self {
            Self::Unsaid => GivenCrs::Unsaid,
            Self::Degrees => GivenCrs::Degrees,
            Self::Metres(plane) => GivenCrs::Metres(plane),
        }
    }
}

/// All problems as one error.
pub(super) fn listed(problems: &[Problem]) -> anyhow::Error {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("{}", lines.join("\n"))
}

/// The file that is made when none is named: the places and promises compiled in.
pub(super) fn default_file(data_class: DataClass) -> anyhow::Result<NewFile> {
    let place = default_place();
    Ok(NewFile {
        plane: Plane::from_epsg(Plane::DEFAULT_EPSG)?,
        time_zone: "Europe/Stockholm".to_string(),
        // Generated records belong to nobody, whatever source they are made to have.
        legal_basis: (data_class == DataClass::Synthetic).then(|| "generated records of no real person".to_string()),
        controller: "municipality".to_string(),
        data_class,
        areas: place.areas,
        places: place.places,
        vocabulary: Vocabulary::seed(),
        promises: place.promises.iter().map(stored).collect(),
    })
}

fn promises_of(path: &Path, new: &NewFile) -> anyhow::Result<Vec<StoredPromise>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    let name = path.display().to_string();
    let read = read_promises(&name, &text);
    let mut problems = read.problems;
    problems.extend(unknown_references(&name, &read.documents, &new.areas, &new.vocabulary));
    if problems.is_empty() { Ok(read.documents.iter().map(stored).collect()) } else { Err(listed(&problems)) }
}

/// The default promises as if they had been signed again for these days: for generated data only.
pub(super) fn renewed_promises(period: &Period) -> Vec<StoredPromise> {
    let renewed = |document: &PromiseDocument| {
        let mut head = document.head().clone();
        let last_year = period.last_day().year();
        head.id = Id::new(&format!("demo-{}-{last_year}", period.start().year())).unwrap_or(head.id);
        head.names.sv.push_str(&format!(" (påhittad förnyelse {}-{last_year})", period.start().year()));
        head.names.en.push_str(&format!(" (invented renewal {}-{last_year})", period.start().year()));
        head.signed = period.start();
        head.period = period.clone();
        PromiseDocument::new(head, document.promises().to_vec(), document.commitments().to_vec()).ok()
    };
    default_place().promises.iter().filter_map(renewed).map(|document| stored(&document)).collect()
}

/// The promises that show every status in a demo: one around the last day, one of last year, one of next year.
pub(super) fn demo_promises(last_day: Date) -> Vec<StoredPromise> {
    let read = read_promises("demo-promises.json", include_str!("../../geodata/nassjo/demo-promises.json"));
    let month = last_day.first_of_month();
    let year = |n: i16| Date::new(last_day.year().saturating_add(n), 1, 1).unwrap_or(last_day);
    let placed = |document: &PromiseDocument| {
        let mut head = document.head().clone();
        let (start, end) = match head.id.as_str() {
            "demo-last-year" => (year(-1), year(0)),
            "demo-next-year" => (year(1), year(2)),
            _ => (month.saturating_sub(3.months()), month.saturating_add(3.months())),
        };
        head.period = Period::new(start, end)?;
        // A promise is signed before it begins, and not after the last day.
        head.signed = start.min(last_day);
        PromiseDocument::new(head, document.promises().to_vec(), document.commitments().to_vec()).ok()
    };
    read.documents.iter().filter_map(placed).map(|document| stored(&document)).collect()
}

/// A signed document as the store keeps it.
fn stored(document: &PromiseDocument) -> StoredPromise {
    let head = document.head();
    StoredPromise {
        id: head.id.clone(),
        text_sv: head.names.sv.clone(),
        text_en: head.names.en.clone(),
        period: head.period.clone(),
        json: write_promises(std::slice::from_ref(document)),
    }
}
