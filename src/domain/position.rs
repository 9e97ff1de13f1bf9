//! Longitude and latitude.

/// A position in degrees, longitude first (CRS84). Always finite and in range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

/// Numbers that are no position on Earth.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "longitude {lon}, latitude {lat} is not a position: longitude -180 to 180 and latitude -90 to 90 degrees are accepted"
)]
pub struct InvalidPosition {
    /// What was given as longitude.
    pub lon: f64,
    /// What was given as latitude.
    pub lat: f64,
}

impl LonLat {
    /// Checks the ranges; NaN and infinities are refused, because they would break the index.
    pub fn new(lon: f64, lat: f64) -> Result<Self, InvalidPosition> {
        if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) {
            Ok(Self { lon, lat })
        } else {
            Err(InvalidPosition { lon, lat })
        }
    }

    /// Longitude in degrees east.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude in degrees north.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// The same position as a `geo` coordinate (x = longitude, y = latitude).
    pub fn coord(self) -> geo::Coord<f64> {
        geo::Coord { x: self.lon, y: self.lat }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_closed_and_non_finite_numbers_are_refused() {
        assert!(LonLat::new(-180.0, 90.0).is_ok());
        for (lon, lat) in [(180.1, 0.0), (0.0, -90.01), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(LonLat::new(lon, lat).is_err());
        }
    }
}
