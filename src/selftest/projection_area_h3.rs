//! Fixture `projection_area_h3`: the plane, areas on it and on the ellipsoid, and H3 cells.

use geo::{Area, Centroid, Euclidean, GeodesicArea, Length, LineString, Polygon};

use super::comparison::Comparison;
use super::fixture::Part;
use crate::analysis::hexagon::hexagon_of;
use crate::domain::{LonLat, Plane};

pub(super) fn run(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let input = case.part("input")?;
    if input.optional("ring_lonlat").is_some() { polygon(&input, comparison) } else { points(&input, comparison) }
}

fn points(input: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let at = input.part("lonlat")?.pairs()?;
    let plane = plane()?;
    if let Some(expected) = comparison.take("east_north") {
        let expected = same_length(&expected, at.len())?;
        for (i, (&at, expected)) in at.iter().zip(&expected).enumerate() {
            let metres = plane.to_plane(lonlat(at)?).map_err(|error| error.to_string())?;
            coordinates(&format!("east_north[{i}]"), metres, expected, comparison)?;
        }
    }
    if let Some(expected) = comparison.take("h3") {
        let expected = same_length(&expected, at.len())?;
        for (i, (&at, cells)) in at.iter().zip(&expected).enumerate() {
            for (resolution, cell) in cells.members()? {
                let number: u8 = resolution.parse().map_err(|_| format!("h3[{i}]: '{resolution}' is no resolution"))?;
                let computed = hexagon_of(lonlat(at)?, number).map_err(|error| error.to_string())?;
                comparison.equal(&format!("h3[{i}].{resolution}"), cell.text()?, &computed);
            }
        }
    }
    Ok(())
}

fn polygon(input: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let plane = plane()?;
    let (mut degrees, mut metres) = (Vec::new(), Vec::new());
    for at in input.part("ring_lonlat")?.pairs()? {
        let at = lonlat(at)?;
        degrees.push(at.coord());
        metres.push(geo::Coord::from(plane.to_plane(at).map_err(|error| error.to_string())?));
    }
    let degrees = Polygon::new(LineString::new(degrees), vec![]);
    let metres = Polygon::new(LineString::new(metres), vec![]);

    comparison.number("planar_area_m2", Some(metres.unsigned_area()));
    comparison.number("planar_perimeter_m", Some(Euclidean.length(metres.exterior())));
    comparison.number("geodesic_area_m2", Some(degrees.geodesic_area_unsigned()));
    comparison.number("geodesic_perimeter_m", Some(degrees.geodesic_perimeter()));
    if let Some(expected) = comparison.take("centroid_east_north") {
        let centroid = metres.centroid().ok_or("input.ring_lonlat has no centroid: a ring is accepted")?;
        coordinates("centroid_east_north", [centroid.x(), centroid.y()], &expected, comparison)?;
    }
    Ok(())
}

/// Easting and northing, each within the file's tolerance and within a millimetre.
fn coordinates(name: &str, computed: [f64; 2], expected: &Part, comparison: &mut Comparison) -> Result<(), String> {
    for (i, (part, (value, computed))) in
        expected.items()?.iter().zip(expected.exactly::<2>()?.into_iter().zip(computed)).enumerate()
    {
        comparison.value(&format!("{name}[{i}]"), part.value, Some(computed), None);
        if (value - computed).abs() > 0.001 {
            comparison.differs(format!("{name}[{i}]: {computed} is more than 1 mm from {value}"));
        }
    }
    Ok(())
}

fn same_length<'a>(expected: &Part<'a>, n: usize) -> Result<Vec<Part<'a>>, String> {
    let items = expected.items()?;
    if items.len() == n { Ok(items) } else { Err(format!("{} members for {n} positions", items.len())) }
}

fn plane() -> Result<Plane, String> {
    Plane::from_epsg(Plane::DEFAULT_EPSG).map_err(|error| error.to_string())
}

fn lonlat([lon, lat]: [f64; 2]) -> Result<LonLat, String> {
    LonLat::new(lon, lat).map_err(|error| error.to_string())
}
