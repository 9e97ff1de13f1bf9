//! What is asked about: the same filter for tables, layers and lists.

use super::{Feeling, HourMask, Id, LonLat, Source, TimeWindow};

/// The two collections whose records are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Things seen or felt.
    #[default]
    Observations,
    /// Work done.
    Activities,
}

impl Counted {
    /// Both, in the order pages show them.
    pub const ALL: [Self; 2] = [Self::Observations, Self::Activities];

    /// The word used in URLs, files and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Observations => "observations",
            Self::Activities => "activities",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }
}

/// How a record with an uncertain time is counted in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeRule {
    /// Once, where its interval starts.
    #[default]
    Start,
    /// With the share of its interval that lies inside (Ratcliffe 2000).
    Aoristic,
}

impl TimeRule {
    /// The word used in URLs and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Aoristic => "aoristic",
        }
    }
}

/// A box in degrees; one that crosses the antimeridian has `west > east`. Edges belong to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BBox {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

/// Numbers that are no box.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("'{text}' is not a box; accepted: west,south,east,north in degrees, such as 14.68,57.64,14.72,57.67")]
pub struct InvalidBBox {
    /// What was given.
    pub text: String,
}

impl BBox {
    /// Reads `west,south,east,north`.
    pub fn parse(text: &str) -> Result<Self, InvalidBBox> {
        let invalid = || InvalidBBox { text: text.to_string() };
        let numbers: Vec<f64> =
            text.split(',').map(|n| n.trim().parse()).collect::<Result<_, _>>().map_err(|_| invalid())?;
        let [west, south, east, north] = numbers[..] else { return Err(invalid()) };
        LonLat::new(west, south).and(LonLat::new(east, north)).map_err(|_| invalid())?;
        if south > north { Err(invalid()) } else { Ok(Self { west, south, east, north }) }
    }

    /// Whether a position lies inside or on the edge.
    pub fn contains(&self, lon: f64, lat: f64) -> bool {
        let in_longitude = if self.west <= self.east {
            self.west <= lon && lon <= self.east
        } else {
            lon >= self.west || lon <= self.east
        };
        in_longitude && self.south <= lat && lat <= self.north
    }
}

/// Within a list the values are alternatives, between lists all must hold; an empty list holds always.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Observations or activities.
    pub of: Counted,
    /// Time window, already in seconds.
    pub window: TimeWindow,
    /// Category codes of observations.
    pub categories: Vec<String>,
    /// Kind codes of activities.
    pub kinds: Vec<String>,
    /// Sources of observations.
    pub sources: Vec<Source>,
    /// Feelings of observations.
    pub feelings: Vec<Feeling>,
    /// Union of areas: a record in two of them counts once.
    pub areas: Vec<Id>,
    /// Box on the coordinates as given.
    pub bbox: Option<BBox>,
    /// Local hours of the week.
    pub hours: Option<HourMask>,
    /// How uncertain times are counted.
    pub time: TimeRule,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_may_cross_the_antimeridian() {
        let across = BBox::parse("170,-20,-170,20").expect("box");
        assert!(across.contains(175.0, 0.0) && across.contains(-175.0, 20.0) && !across.contains(0.0, 0.0));
        for bad in ["1,2,3", "1,2,3,x", "1,5,2,3", "181,0,182,1", "1,2,3,NaN"] {
            assert!(BBox::parse(bad).is_err(), "{bad}");
        }
    }
}
