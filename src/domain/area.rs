//! Areas: named polygons that records are counted in.

use jiff::civil::Date;

use super::Id;

/// A name in both languages of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

/// How well the outline of an area is known.
///
/// Assumed and placeholder outlines are never ranked per km², and every answer says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// Published by an authority.
    Official,
    /// Drawn by us from published facts; the true border may differ.
    Assumed,
    /// Stands where the true position is not known.
    Placeholder,
}

impl Certainty {
    /// All values, best first.
    pub const ALL: [Self; 3] = [Self::Official, Self::Assumed, Self::Placeholder];

    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Assumed => "assumed",
            Self::Placeholder => "placeholder",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }
}

/// Whether people live in an area; without residents a rate per resident means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AreaType {
    /// People live there.
    Residential,
    /// A station, a sports hall, a park.
    NonResidential,
}

impl AreaType {
    /// The word used in files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Residential => "residential",
            Self::NonResidential => "non_residential",
        }
    }

    /// Reads the word used in files.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Residential, Self::NonResidential].into_iter().find(|t| t.code() == code)
    }
}

/// A named polygon. `outline` is valid (checked where it is read) and in degrees, longitude first.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Unique in the data file, over all sets.
    pub id: Id,
    /// What pages call it.
    pub names: Names,
    /// The set it is shown with: `promise`, `regso`, ...
    pub set: String,
    /// Residential or not.
    pub area_type: AreaType,
    /// Residents, when known.
    pub residents: Option<u32>,
    /// First day the outline is valid, when known.
    pub valid_from: Option<Date>,
    /// Day after the last valid day, when it has ended.
    pub valid_to: Option<Date>,
    /// Who says so.
    pub source: String,
    /// How well the outline is known.
    pub certainty: Certainty,
    /// How the outline was drawn, in words.
    pub how_drawn: String,
    /// One or more polygons, CRS84.
    pub outline: geo::MultiPolygon<f64>,
}

impl Area {
    /// Area of the outline on the GRS80/WGS84 ellipsoid, in km². Rates divide by this.
    pub fn area_km2(&self) -> f64 {
        use geo::GeodesicArea;
        self.outline.geodesic_area_unsigned() / 1e6
    }
}
