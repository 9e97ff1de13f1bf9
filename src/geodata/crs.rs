//! Coordinates of input files: degrees, or metres of a national grid, and what foreign numbers look like.
//!
//! `x` is the easting and `y` the northing here, always; in RT 90 the letters mean the opposite, so
//! headings that name RT 90 are read that way round (see `columns.rs`). Conversion is by
//! [`Plane`]; the datum shift of RT 90 is the seven-parameter one, good to some decimetres.

use super::values::Fault;
use crate::domain::{LonLat, Plane, PlaneError};

/// The reference system of the input.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum InputCrs {
    /// Longitude and latitude. ETRS89 and SWEREF 99 degrees count as the same: they differ by less than a metre.
    Degrees,
    /// Easting and northing in metres.
    Metres(Box<Plane>),
}

impl InputCrs {
    /// The system of an EPSG code; `None` means degrees.
    pub(crate) fn from_epsg(epsg: Option<u16>) -> Result<Self, PlaneError> {
        match epsg {
            None | Some(4326 | 4258 | 4619) => Ok(Self::Degrees),
            Some(epsg) => Plane::from_epsg(epsg).map(|plane| Self::Metres(Box::new(plane))),
        }
    }

    /// The position of two numbers, easting or longitude first.
    pub(crate) fn position(&self, x: f64, y: f64, carrier: Carrier) -> Result<LonLat, Fault> {
        match self {
            Self::Degrees => position_in_degrees(x, y, carrier),
            Self::Metres(plane) => position_in_plane(plane, x, y, carrier),
        }
    }
}

/// What carries two numbers: it decides how the user can put swapped ones right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Two columns, which can be mapped.
    Columns,
    /// A geometry, in which the order is fixed.
    Geometry,
}

/// The position of longitude and latitude, or what the numbers look like instead.
pub(crate) fn position_in_degrees(x: f64, y: f64, carrier: Carrier) -> Result<LonLat, Fault> {
    LonLat::new(x, y).map_err(|_| {
        let accepted = "longitude -180 to 180 and latitude -90 to 90 degrees are accepted";
        Fault::new("not a position in degrees", looks_like(x, y, carrier).unwrap_or(accepted))
    })
}

/// The position of easting and northing in a plane, or what the numbers look like instead.
pub(crate) fn position_in_plane(plane: &Plane, x: f64, y: f64, carrier: Carrier) -> Result<LonLat, Fault> {
    let outside = || {
        let hint = match looks_like(x, y, carrier) {
            Some(hint) => hint.to_string(),
            None if LonLat::new(x, y).is_ok() => "these look like degrees; leave --crs out".to_string(),
            None => format!("easting and northing in metres of {plane} are accepted"),
        };
        Fault::new(format!("not a position in {plane}"), hint)
    };
    if !x.is_finite() || !y.is_finite() {
        return Err(outside());
    }
    let at = plane.to_lonlat(x, y).map_err(|_| outside())?;
    // Far outside its zone a projection gives some numbers or other. Going back shows it.
    let [back_x, back_y] = plane.to_plane(at).map_err(|_| outside())?;
    // 0, 0 is the mark of "no coordinates" in many programs; it is no place in any Swedish grid.
    let closes = (back_x - x).abs() < 1.0 && (back_y - y).abs() < 1.0;
    let swedish_but_foreign = is_swedish(plane.epsg()) && !(54.0..=70.5).contains(&at.lat());
    if closes && !swedish_but_foreign { Ok(at) } else { Err(outside()) }
}

/// Whether a code is one of the grids of Sweden: SWEREF 99 TM and zones, RT 90.
fn is_swedish(epsg: u16) -> bool {
    matches!(epsg, 3006..=3018 | 3019..=3024 | 2400)
}

/// What numbers that are no degrees look like, with the flag or mapping that would read them.
///
/// `x` is what stands where a longitude or easting should, `y` the other. The ranges are those of
/// Sweden in each system, rounded outwards; local zones have false easting 150,000 m.
fn looks_like(x: f64, y: f64, carrier: Carrier) -> Option<&'static str> {
    let in_sweden = |northing: f64| (6_100_000.0..=7_700_000.0).contains(&northing);
    let grid = |easting: f64, northing: f64| -> Option<usize> {
        if !in_sweden(northing) {
            None
        } else if (250_000.0..=950_000.0).contains(&easting) {
            Some(0)
        } else if (50_000.0..250_000.0).contains(&easting) {
            Some(1)
        } else if (1_200_000.0..=1_900_000.0).contains(&easting) {
            Some(2)
        } else {
            None
        }
    };
    const AS_IS: [&str; 3] = [
        "looks like SWEREF 99 TM; use --crs EPSG:3006",
        "looks like a local SWEREF 99 zone; use --crs EPSG:3007 to EPSG:3018 (12 00 is 3007, 13 30 3008, 15 00 3009, 16 30 3010, 18 00 3011, 14 15 3012, 15 45 3013, 17 15 3014, 18 45 3015, 20 15 3016, 21 45 3017, 23 15 3018)",
        "looks like RT 90; use --crs EPSG:3021 (2.5 gon V)",
    ];
    const SWAPPED_COLUMNS: [&str; 3] = [
        "looks like SWEREF 99 TM with northing and easting swapped; use --crs EPSG:3006 with --map x=EASTING_COLUMN --map y=NORTHING_COLUMN",
        "looks like a local SWEREF 99 zone with northing and easting swapped; use --crs EPSG:3007 to EPSG:3018 with --map x=EASTING_COLUMN --map y=NORTHING_COLUMN",
        "looks like RT 90, where X is the northing; use --crs EPSG:3021 with --map x=Y_COLUMN --map y=X_COLUMN",
    ];
    const SWAPPED_GEOMETRY: [&str; 3] = [
        "looks like SWEREF 99 TM with the northing first; swap the numbers and use --crs EPSG:3006",
        "looks like a local SWEREF 99 zone with the northing first; swap the numbers and use --crs EPSG:3007 to EPSG:3018",
        "looks like RT 90 with the northing first; swap the numbers and use --crs EPSG:3021",
    ];
    if let Some(kind) = grid(x, y) {
        return Some(AS_IS[kind]);
    }
    if let Some(kind) = grid(y, x) {
        return Some(match carrier {
            Carrier::Columns => SWAPPED_COLUMNS[kind],
            Carrier::Geometry => SWAPPED_GEOMETRY[kind],
        });
    }
    if (1_200_000.0..=2_800_000.0).contains(&x) && (7_400_000.0..=11_000_000.0).contains(&y) {
        return Some("looks like Web Mercator; use --crs EPSG:3857");
    }
    if (100_000.0..=1_000_000.0).contains(&x) && (1_000.0..=10_000_000.0).contains(&y) {
        return Some("looks like metres, perhaps UTM; use --crs EPSG:n");
    }
    if (-90.0..=90.0).contains(&x) && (-180.0..=180.0).contains(&y) && y.abs() > 90.0 {
        return Some(swapped_degrees(carrier));
    }
    if x.abs() > 1_000.0 || y.abs() > 1_000.0 {
        return Some("looks like metres of some plane; use --crs EPSG:n");
    }
    None
}

/// What to say when longitude and latitude seem to stand in each other's place.
pub(crate) fn swapped_degrees(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Columns => {
            "longitude and latitude look swapped; use --map lon=... --map lat=... with the right columns"
        }
        Carrier::Geometry => "longitude and latitude look swapped; longitude comes first in a geometry",
    }
}

/// Where the areas of the data file are, to notice swapped degrees. Sweden when there are none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    min: [f64; 2],
    max: [f64; 2],
}

impl Home {
    pub(crate) fn of<'a>(outlines: impl Iterator<Item = &'a geo::MultiPolygon<f64>>) -> Self {
        use geo::BoundingRect;
        let boxes = outlines.filter_map(geo::MultiPolygon::bounding_rect);
        let joined = boxes.map(|b| (b.min(), b.max())).reduce(|(a, b), (c, d)| {
            (geo::coord! { x: a.x.min(c.x), y: a.y.min(c.y) }, geo::coord! { x: b.x.max(d.x), y: b.y.max(d.y) })
        });
        match joined {
            Some((min, max)) => Self { min: [min.x, min.y], max: [max.x, max.y] },
            None => Self { min: [10.5, 55.0], max: [24.5, 69.5] },
        }
    }

    /// Whether the position lies far away while the same numbers the other way round lie here.
    pub(crate) fn looks_swapped(&self, at: LonLat) -> bool {
        const NEAR_DEG: f64 = 0.5;
        const FAR_DEG: f64 = 5.0;
        self.is_within(at.lat(), at.lon(), NEAR_DEG) && !self.is_within(at.lon(), at.lat(), FAR_DEG)
    }

    fn is_within(&self, x: f64, y: f64, margin_deg: f64) -> bool {
        (self.min[0] - margin_deg..=self.max[0] + margin_deg).contains(&x)
            && (self.min[1] - margin_deg..=self.max[1] + margin_deg).contains(&y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_grids_and_utm_agree_with_gdal() {
        // gdaltransform (GDAL 3.6, PROJ 9.1) of 14.694735 57.651359 and 18.0686 59.3293 from CRS84.
        // RT 90: GDAL uses the grid-free seven-parameter shift too; 0.5 m covers choice of variant.
        let nassjo = (14.694735, 57.651359);
        let stockholm = (18.0686, 59.3293);
        for (epsg, x, y, (lon, lat), tolerance_m) in [
            (3006, 481_781.024_469_592, 6_389_936.951_650_57, nassjo, 0.001),
            (3009, 131_773.733_963_176, 6_392_493.949_230_27, nassjo, 0.001),
            (3012, 176_553.453_722_859, 6_392_539.993_043_76, nassjo, 0.001),
            (3021, 1_433_698.975_182_16, 6_392_364.889_843_09, nassjo, 0.5),
            (3021, 1_628_832.573_286_29, 6_580_908.598_121_37, stockholm, 0.5),
            (3022, 1_500_783.788_618_14, 6_578_719.156_815_52, stockholm, 0.5),
            (32633, 674_571.866_447_019, 6_580_743.008_454_2, stockholm, 0.001),
        ] {
            let crs = InputCrs::from_epsg(Some(epsg)).expect("known");
            let at = crs.position(x, y, Carrier::Columns).expect("inside");
            let north_m = (at.lat() - lat) * 111_400.0;
            let east_m = (at.lon() - lon) * 111_400.0 * lat.to_radians().cos();
            assert!(north_m.hypot(east_m) < tolerance_m, "EPSG:{epsg}: {north_m} m north, {east_m} m east");
        }
    }

    #[test]
    fn every_swedish_zone_is_known_and_degrees_need_no_conversion() {
        for epsg in (3006..=3018).chain(3021..=3022).chain([32632, 32633, 32634, 26916]) {
            assert!(matches!(InputCrs::from_epsg(Some(epsg)), Ok(InputCrs::Metres(_))), "EPSG:{epsg}");
        }
        assert_eq!(InputCrs::from_epsg(Some(4326)), Ok(InputCrs::Degrees));
        assert!(InputCrs::from_epsg(Some(1)).is_err());
    }

    #[test]
    fn foreign_numbers_are_recognised() {
        let hint = |x, y| InputCrs::Degrees.position(x, y, Carrier::Columns).expect_err("foreign").hint.to_string();
        assert!(hint(481_781.0, 6_389_937.0).contains("EPSG:3006"));
        assert!(hint(131_774.0, 6_392_494.0).contains("EPSG:3007 to EPSG:3018"));
        assert!(hint(1_433_699.0, 6_392_365.0).contains("EPSG:3021"));
        assert!(hint(6_392_365.0, 1_433_699.0).contains("X is the northing"));
        assert!(hint(6_389_937.0, 481_781.0).contains("swapped"));
        assert!(hint(448_000.0, 4_630_000.0).contains("UTM"));
        assert!(hint(41.9, -187.6).contains("degrees are accepted"));
        assert!(hint(57.6, 114.7).contains("swapped"));
    }

    #[test]
    fn metres_outside_the_grid_are_refused() {
        let tm = InputCrs::from_epsg(Some(3006)).expect("known");
        let refused = |x, y, carrier| tm.position(x, y, carrier).expect_err("outside").hint.into_owned();
        assert!(refused(14.69, 57.65, Carrier::Columns).contains("look like degrees"));
        assert!(refused(6_389_937.0, 481_781.0, Carrier::Columns).contains("swapped; use --crs EPSG:3006 with --map"));
        assert!(refused(6_389_937.0, 481_781.0, Carrier::Geometry).contains("northing first; swap the numbers"));
        for (x, y) in [(0.0, 0.0), (f64::NAN, 1.0), (1e12, 1e12)] {
            assert!(tm.position(x, y, Carrier::Geometry).is_err(), "{x}, {y}");
        }
    }

    #[test]
    fn swapped_degrees_are_noticed_against_the_areas() {
        let sweden = Home::of(std::iter::empty());
        let at = |lon, lat| LonLat::new(lon, lat).expect("valid");
        assert!(sweden.looks_swapped(at(57.65, 14.69)));
        assert!(!sweden.looks_swapped(at(14.69, 57.65)) && !sweden.looks_swapped(at(0.0, 0.0)));
        let chicago = geo::MultiPolygon(vec![geo::Rect::new((-87.9, 41.6), (-87.5, 42.0)).to_polygon()]);
        let chicago = Home::of(std::iter::once(&chicago));
        assert!(chicago.looks_swapped(at(41.8, -87.6)) && !chicago.looks_swapped(at(-87.6, 41.8)));
    }
}
