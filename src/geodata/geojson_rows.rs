//! Features of a GeoJSON file as rows: properties are columns, the geometry stands beside them.

use std::collections::BTreeSet;
use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;
use geojson::{Feature, JsonValue};

use super::csv_rows::NextRow;
use super::geojson_stream::{DeclaredCrs, FeatureStream};
use super::personal;
use super::problem::{Problem, Spot};
use super::source_file::SourceFile;

/// Features whose properties make the columns; a property that appears only later is listed as dropped.
const SAMPLE: usize = 1000;
/// Properties that are listed when they appear only later.
const MAX_LATE: usize = 1000;
/// Problems that are told of a file in whose sample no feature can be read.
const MAX_TOLD: usize = 20;

type Features = FeatureStream<BufReader<Box<dyn Read + Send>>>;

/// Reads features; the current one stays until the next is asked for.
pub(crate) struct GeoJsonRows {
    features: Features,
    headings: Vec<String>,
    /// Whether the first column is the feature's own `id` member.
    has_feature_id: bool,
    row: StringRecord,
    geometry: Option<geo::Geometry<f64>>,
    geometry_text: String,
    late: BTreeSet<String>,
    is_empty: bool,
    read: Arc<AtomicU64>,
}

/// The column of the rejects file that holds the geometry.
pub(crate) const GEOMETRY: &str = "geometry";

impl GeoJsonRows {
    /// Opens the file and takes the columns from its first features.
    ///
    /// Errors: what concerns the whole file and stands before them, or, when none of them can be read,
    /// what is wrong with each.
    pub(crate) fn open(source: &SourceFile, declared_crs: DeclaredCrs) -> Result<Self, Vec<Problem>> {
        let (mut headings, mut has_feature_id) = (Vec::<String>::new(), false);
        let (mut has_feature, mut problems) = (false, Vec::new());
        let (mut sample, _) = features(source, declared_crs)?;
        for feature in sample.by_ref().take(SAMPLE) {
            match feature {
                Ok((_, feature)) => {
                    has_feature = true;
                    has_feature_id |= feature.id.is_some();
                    for (key, _) in feature.properties.iter().flatten() {
                        if !headings.contains(key) {
                            headings.push(key.clone());
                        }
                    }
                }
                Err(problem) if matches!(problem.spot, Spot::Feature(_)) => problems.push(clean(problem)),
                Err(problem) => return Err(vec![problem]),
            }
        }
        if !has_feature && !problems.is_empty() {
            problems.truncate(MAX_TOLD);
            return Err(problems);
        }
        has_feature_id &= !headings.iter().any(|h| h.eq_ignore_ascii_case("id"));
        if has_feature_id {
            headings.insert(0, "id".to_string());
        }
        let is_empty = sample.features_seen() == 0;
        let (features, read) = features(source, declared_crs)?;
        Ok(Self {
            features,
            headings,
            has_feature_id,
            row: StringRecord::new(),
            geometry: None,
            geometry_text: String::new(),
            late: BTreeSet::new(),
            is_empty,
            read,
        })
    }

    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Whether the collection has no features at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// The properties of the feature that was read last; blank when it could not be read.
    pub(crate) fn row(&self) -> &StringRecord {
        &self.row
    }

    /// Its geometry.
    pub(crate) fn geometry(&self) -> Option<&geo::Geometry<f64>> {
        self.geometry.as_ref()
    }

    /// Its geometry as GeoJSON text, for the rejects.
    pub(crate) fn geometry_text(&self) -> &str {
        &self.geometry_text
    }

    /// Properties that appeared only after the columns were settled.
    pub(crate) fn late(&self) -> impl Iterator<Item = &String> {
        self.late.iter()
    }

    /// Bytes of the file taken so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Reads the next feature. One that is wrong is misshapen, and reading goes on after it; an error
    /// concerns the whole file.
    pub(crate) fn next(&mut self) -> Result<NextRow, Problem> {
        self.row.clear();
        self.geometry = None;
        self.geometry_text.clear();
        let (number, feature) = match self.features.next() {
            None => return Ok(NextRow::End),
            Some(Ok(numbered)) => numbered,
            Some(Err(problem)) if matches!(problem.spot, Spot::Feature(_)) => {
                self.headings.iter().for_each(|_| self.row.push_field(""));
                return Ok(NextRow::Misshapen(clean(problem)));
            }
            Some(Err(problem)) => return Err(problem),
        };
        self.take_properties(&feature);
        if let Some(geometry) = feature.geometry {
            self.geometry_text = geometry.to_string();
            match geo::Geometry::try_from(geometry) {
                Ok(geometry) => self.geometry = Some(geometry),
                Err(error) => return Ok(NextRow::Misshapen(self.no_geometry(number, &error))),
            }
        }
        Ok(NextRow::Row(number))
    }

    fn take_properties(&mut self, feature: &Feature) {
        let properties = feature.properties.as_ref();
        for (at, heading) in self.headings.iter().enumerate() {
            if at == 0 && self.has_feature_id {
                self.row.push_field(&feature_id(feature));
            } else {
                let value = properties.and_then(|p| p.get(heading));
                self.row.push_field(&value.map_or_else(String::new, property_text));
            }
        }
        for (key, _) in properties.into_iter().flatten() {
            if self.late.len() < MAX_LATE && !self.headings.contains(key) {
                self.late.insert(key.clone());
            }
        }
    }

    fn no_geometry(&self, number: u64, error: &geojson::Error) -> Problem {
        Problem {
            file: self.features.file().to_string(),
            spot: Spot::Feature(number),
            column: Some(GEOMETRY.to_string()),
            value: Some(self.geometry_text.chars().take(80).collect()),
            reason: format!("not a geometry: {error}"),
            hint: "points, lines and polygons of GeoJSON are accepted".to_string(),
        }
    }
}

/// The parser's words may quote a value; it must not be one about a person.
fn clean(mut problem: Problem) -> Problem {
    problem.reason = personal::redacted(&problem.reason).into_owned();
    problem
}

fn features(source: &SourceFile, declared_crs: DeclaredCrs) -> Result<(Features, Arc<AtomicU64>), Vec<Problem>> {
    let (text, read) = source.open_text().map_err(|error| {
        vec![Problem {
            file: source.name().to_string(),
            spot: Spot::File,
            column: None,
            value: None,
            reason: format!("cannot be read: {error}"),
            hint: "check the name and the rights".to_string(),
        }]
    })?;
    let text = BufReader::with_capacity(64 * 1024, text);
    Ok((FeatureStream::new(source.name(), text, declared_crs), read))
}

fn feature_id(feature: &Feature) -> String {
    match &feature.id {
        Some(geojson::feature::Id::String(text)) => text.clone(),
        Some(geojson::feature::Id::Number(number)) => number.to_string(),
        None => String::new(),
    }
}

/// A property as a cell: text as it is, lists of plain values by `;`, anything deeper as JSON.
fn property_text(value: &JsonValue) -> String {
    match value {
        JsonValue::Null => String::new(),
        JsonValue::String(text) => text.clone(),
        JsonValue::Array(items) if items.iter().all(|i| !i.is_array() && !i.is_object()) => {
            items.iter().map(property_text).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
