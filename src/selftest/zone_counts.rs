//! Fixture `zone_counts`: points inside and on the border of zones that may overlap.

use std::collections::BTreeMap;

use geo::{Area, Coord, LineString, MultiPolygon, Polygon};

use super::comparison::Comparison;
use super::fixture::Part;
use crate::spatial::{OutlineIndex, Side};

pub(super) fn run(case: &Part, comparison: &mut Comparison) -> Result<(), String> {
    let input = case.part("input")?;
    let points = input.part("points_xy")?.pairs()?;
    let mut touched = vec![false; points.len()];
    let mut zones: BTreeMap<&str, Zone> = BTreeMap::new();
    for (name, exterior) in input.part("zones_exterior")?.members()? {
        // A hole belongs to the zone named before the first underscore.
        let letter = name.split('_').next().unwrap_or(name);
        let hole = input.optional(&format!("hole_of_{letter}"));
        let holes = hole.map(|hole| ring(&hole)).transpose()?.into_iter().collect();
        let outline = MultiPolygon::new(vec![Polygon::new(ring(&exterior)?, holes)]);
        let index = OutlineIndex::new(&outline);
        let mut zone = Zone { area_km2: outline.unsigned_area() / 1e6, interior: 0, border: 0 };
        for (&[x, y], touched) in points.iter().zip(&mut touched) {
            match index.side(x, y) {
                Side::Inside => zone.interior += 1,
                Side::Border => zone.border += 1,
                Side::Outside => continue,
            }
            *touched = true;
        }
        zones.insert(name, zone);
    }

    let value = |of: fn(&Zone) -> f64| move |zone: &Zone| of(zone);
    for (name, of) in [
        ("interior", value(|zone| zone.interior as f64)),
        ("closed", value(|zone| zone.closed())),
        ("area_km2", value(|zone| zone.area_km2)),
        ("closed_density_per_km2", value(|zone| zone.closed() / zone.area_km2)),
    ] {
        let Some(expected) = comparison.take(name) else { continue };
        let members = expected.members()?;
        if members.len() != zones.len() {
            comparison.differs(format!("{name} names {} zones where {} are given", members.len(), zones.len()));
        }
        for (zone, expected) in members {
            comparison.value(&format!("{name}.{zone}"), expected.value, zones.get(zone).map(of), None);
        }
    }
    comparison.number("outside_every_zone", Some(touched.iter().filter(|touched| !**touched).count() as f64));
    Ok(())
}

struct Zone {
    area_km2: f64,
    interior: u64,
    border: u64,
}

impl Zone {
    fn closed(&self) -> f64 {
        (self.interior + self.border) as f64
    }
}

fn ring(part: &Part) -> Result<LineString<f64>, String> {
    Ok(LineString::new(part.pairs()?.into_iter().map(Coord::from).collect()))
}
