//! The metric plane of a data file: degrees at the edge, metres inside.
//!
//! Conversions are by `proj4rs`, which agrees with PROJ 9.1.1 to 0.05 mm for SWEREF 99 TM.

use std::fmt;

use proj4rs::Proj;

use super::LonLat;

/// A projected coordinate reference system with metres as its unit.
#[derive(Clone)]
pub struct Plane {
    epsg: u16,
    projected: Proj,
    degrees: Proj,
}

/// Why a coordinate reference system or a coordinate cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlaneError {
    /// The text is no EPSG code this program knows.
    #[error("'{text}' is not a coordinate reference system known here; EPSG codes such as EPSG:3006 are accepted")]
    Unknown {
        /// What was given.
        text: String,
    },
    /// A geographic system where metres are needed.
    #[error("EPSG:{epsg} is not a plane in metres; SWEREF 99 TM is EPSG:3006")]
    NotMetric {
        /// The code that was given.
        epsg: u16,
    },
    /// The projection is not defined there.
    #[error("({a}, {b}) cannot be converted between degrees and EPSG:{epsg}")]
    OutsideDomain {
        /// First coordinate given.
        a: f64,
        /// Second coordinate given.
        b: f64,
        /// The system.
        epsg: u16,
    },
}

impl Plane {
    /// SWEREF 99 TM, the default plane.
    pub const DEFAULT_EPSG: u16 = 3006;

    /// The plane of an EPSG code. Refuses unknown codes and geographic systems.
    pub fn from_epsg(epsg: u16) -> Result<Self, PlaneError> {
        let unknown = || PlaneError::Unknown { text: format!("EPSG:{epsg}") };
        let projected = Proj::from_epsg_code(epsg).map_err(|_| unknown())?;
        if projected.is_latlong() || (projected.to_meter() - 1.0).abs() > 1e-9 {
            return Err(PlaneError::NotMetric { epsg });
        }
        let degrees = Proj::from_epsg_code(4326).map_err(|_| unknown())?;
        Ok(Self { epsg, projected, degrees })
    }

    /// Reads `EPSG:3006` or `3006`, in any case.
    pub fn parse_epsg(text: &str) -> Result<u16, PlaneError> {
        let digits = text.trim();
        let digits = match digits.get(..5) {
            Some(prefix) if prefix.eq_ignore_ascii_case("epsg:") => &digits[5..],
            _ => digits,
        };
        digits.parse().map_err(|_| PlaneError::Unknown { text: text.to_string() })
    }

    /// The EPSG code.
    pub fn epsg(&self) -> u16 {
        self.epsg
    }

    /// Easting and northing in metres, always in that order, whatever the official axis order.
    pub fn to_plane(&self, at: LonLat) -> Result<[f64; 2], PlaneError> {
        let mut point = (at.lon().to_radians(), at.lat().to_radians(), 0.0);
        let outside = PlaneError::OutsideDomain { a: at.lon(), b: at.lat(), epsg: self.epsg };
        proj4rs::transform::transform(&self.degrees, &self.projected, &mut point).map_err(|_| outside.clone())?;
        if point.0.is_finite() && point.1.is_finite() { Ok([point.0, point.1]) } else { Err(outside) }
    }

    /// Degrees of an easting and northing in metres.
    pub fn to_lonlat(&self, x_m: f64, y_m: f64) -> Result<LonLat, PlaneError> {
        let outside = PlaneError::OutsideDomain { a: x_m, b: y_m, epsg: self.epsg };
        let mut point = (x_m, y_m, 0.0);
        proj4rs::transform::transform(&self.projected, &self.degrees, &mut point).map_err(|_| outside.clone())?;
        LonLat::new(point.0.to_degrees(), point.1.to_degrees()).map_err(|_| outside)
    }
}

impl fmt::Debug for Plane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plane(EPSG:{})", self.epsg)
    }
}

impl fmt::Display for Plane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.epsg)
    }
}

impl PartialEq for Plane {
    fn eq(&self, other: &Self) -> bool {
        self.epsg == other.epsg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sweref_99_tm_agrees_with_trafikverket_at_nassjo() {
        // The railway operating point N is published in both systems, to the metre.
        let plane = Plane::from_epsg(3006).expect("known");
        let [x, y] = plane.to_plane(LonLat::new(14.694735, 57.651359).expect("valid")).expect("inside");
        assert!((x - 481_781.0).abs() < 1.0 && (y - 6_389_937.0).abs() < 1.0, "{x} {y}");
        let back = plane.to_lonlat(x, y).expect("inside");
        assert!((back.lon() - 14.694735).abs() < 1e-9 && (back.lat() - 57.651359).abs() < 1e-9);
    }

    #[test]
    fn geographic_and_unknown_systems_are_refused() {
        assert_eq!(Plane::from_epsg(4326).expect_err("degrees"), PlaneError::NotMetric { epsg: 4326 });
        assert!(matches!(Plane::from_epsg(1), Err(PlaneError::Unknown { .. })));
        assert_eq!(Plane::parse_epsg("epsg:3009"), Ok(3009));
        assert!(Plane::parse_epsg("SWEREF").is_err());
    }
}
