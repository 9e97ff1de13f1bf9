//! Features of a GeoJSON file as rows: properties are columns, the geometry stands beside them.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;
use geojson::{Feature, FeatureReader, JsonValue};

use super::problem::{Problem, Spot};
use super::source_file::SourceFile;

/// Features whose properties make the columns; a property that appears only later is listed as dropped.
const SAMPLE: usize = 1000;
/// Properties that are listed when they appear only later.
const MAX_LATE: usize = 1000;

type Features = Box<dyn Iterator<Item = Result<Feature, geojson::Error>> + Send>;

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
    number: u64,
    is_empty: bool,
    read: Arc<AtomicU64>,
    file: String,
}

/// The column of the rejects file that holds the geometry.
pub(crate) const GEOMETRY: &str = "geometry";

impl GeoJsonRows {
    /// Opens the file and takes the columns from its first features.
    pub(crate) fn open(source: &SourceFile) -> Result<Self, Problem> {
        let file = source.name();
        let (mut headings, mut has_feature_id) = (Vec::<String>::new(), false);
        let is_empty = has_no_features(source.sample());
        let (sample, _) = features(source)?;
        for (number, feature) in (1..).zip(sample.take(SAMPLE)) {
            let feature = feature.map_err(|error| broken(file, number, &error))?;
            has_feature_id |= feature.id.is_some();
            for key in feature.properties.iter().flatten().map(|(key, _)| key) {
                if !headings.contains(key) {
                    headings.push(key.clone());
                }
            }
        }
        has_feature_id &= !headings.iter().any(|h| h.eq_ignore_ascii_case("id"));
        if has_feature_id {
            headings.insert(0, "id".to_string());
        }
        let (features, read) = features(source)?;
        Ok(Self {
            features,
            headings,
            has_feature_id,
            row: StringRecord::new(),
            geometry: None,
            geometry_text: String::new(),
            late: BTreeSet::new(),
            number: 0,
            is_empty,
            read,
            file: file.to_string(),
        })
    }

    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// Whether the collection has no features at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// The properties of the feature that was read last.
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

    /// Reads the next feature; its number, counted from 1, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<u64>, Problem> {
        let Some(feature) = self.features.next() else { return Ok(None) };
        self.number += 1;
        let feature = feature.map_err(|error| broken(&self.file, self.number, &error))?;
        self.row.clear();
        let properties = feature.properties.as_ref();
        for (at, heading) in self.headings.iter().enumerate() {
            if at == 0 && self.has_feature_id {
                self.row.push_field(&feature_id(&feature));
            } else {
                let value = properties.and_then(|p| p.get(heading));
                self.row.push_field(&value.map_or_else(String::new, property_text));
            }
        }
        if properties.is_some_and(|p| p.len() + usize::from(self.has_feature_id) > 0) {
            let is_late = |key: &&String| !self.headings.contains(key) && self.late.len() < MAX_LATE;
            let late: Vec<String> =
                properties.into_iter().flatten().map(|(key, _)| key).filter(is_late).cloned().collect();
            self.late.extend(late);
        }
        self.geometry_text = feature.geometry.as_ref().map_or_else(String::new, ToString::to_string);
        self.geometry = match feature.geometry {
            Some(geometry) => {
                Some(geo::Geometry::try_from(geometry).map_err(|error| broken(&self.file, self.number, &error))?)
            }
            None => None,
        };
        Ok(Some(self.number))
    }
}

/// The feature reader takes an empty list for a broken feature; such a collection fits into the sample.
fn has_no_features(sample: &str) -> bool {
    sample.parse::<geojson::FeatureCollection>().is_ok_and(|collection| collection.features.is_empty())
}

fn features(source: &SourceFile) -> Result<(Features, Arc<AtomicU64>), Problem> {
    if has_no_features(source.sample()) {
        return Ok((Box::new(std::iter::empty()), Arc::new(AtomicU64::new(source.bytes()))));
    }
    let (text, read) = source.open_text().map_err(|error| Problem {
        file: source.name().to_string(),
        spot: Spot::File,
        column: None,
        value: None,
        reason: format!("cannot be read: {error}"),
        hint: "check the name and the rights".to_string(),
    })?;
    Ok((Box::new(FeatureReader::from_reader(BufReader::new(text)).features()), read))
}

fn broken(file: &str, number: u64, error: &geojson::Error) -> Problem {
    Problem {
        file: file.to_string(),
        spot: Spot::Feature(number),
        column: None,
        value: None,
        reason: format!("not a GeoJSON feature: {error}"),
        hint: "a FeatureCollection of features with geometry and properties is accepted".to_string(),
    }
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
