//! All areas of a data file, ready to be asked which of them a position belongs to.

use std::collections::HashMap;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::membership::{OutlineIndex, Side};
use crate::domain::{Area, Id, LonLat};
use geo::BoundingRect;

/// Position of an area in its [`AreaSet`].
pub type AreaIndex = u16;

/// Areas with their sizes and edge indexes. Immutable; shared by snapshots until areas change.
#[derive(Debug, Default)]
pub struct AreaSet {
    areas: Vec<Area>,
    area_km2: Vec<f64>,
    outlines: Vec<OutlineIndex>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, AreaIndex>>,
    by_id: HashMap<Id, AreaIndex>,
}

impl AreaSet {
    /// Prepares areas with unique ids, in the order given. Keeps at most 65,535.
    pub fn new(areas: Vec<Area>) -> Self {
        let areas: Vec<Area> = areas.into_iter().take(usize::from(AreaIndex::MAX)).collect();
        let index_of = |i: usize| i as AreaIndex; // in range by the line above
        let boxes = areas.iter().enumerate().filter_map(|(i, area)| {
            let bounds = area.outline.bounding_rect()?;
            let corners = Rectangle::from_corners([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y]);
            Some(GeomWithData::new(corners, index_of(i)))
        });
        Self {
            area_km2: areas.iter().map(Area::area_km2).collect(),
            outlines: areas.iter().map(|area| OutlineIndex::new(&area.outline)).collect(),
            tree: RTree::bulk_load(boxes.collect()),
            by_id: areas.iter().enumerate().map(|(i, area)| (area.id.clone(), index_of(i))).collect(),
            areas,
        }
    }

    /// The areas in order.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// One area.
    pub fn area(&self, index: AreaIndex) -> &Area {
        &self.areas[usize::from(index)]
    }

    /// Geodesic size in km².
    pub fn area_km2(&self, index: AreaIndex) -> f64 {
        self.area_km2[usize::from(index)]
    }

    /// The radius in metres of a disc as large as the area: what a position must be finer than.
    pub fn radius_m(&self, index: AreaIndex) -> f64 {
        (self.area_km2(index) * 1e6 / std::f64::consts::PI).sqrt()
    }

    /// Where the area with this id is.
    pub fn find(&self, id: &Id) -> Option<AreaIndex> {
        self.by_id.get(id).copied()
    }

    /// The sets in order of first appearance.
    pub fn sets(&self) -> Vec<&str> {
        let mut sets: Vec<&str> = Vec::new();
        for area in &self.areas {
            if !sets.contains(&area.set.as_str()) {
                sets.push(&area.set);
            }
        }
        sets
    }

    /// The areas a position is inside of or on the border of, by rising index.
    pub fn membership(&self, at: LonLat) -> Membership {
        let mut found = Membership::default();
        self.among(&self.near(&[at.lon()], &[at.lat()]), at.lon(), at.lat(), &mut found);
        found
    }

    /// The areas whose bounding box meets that of the positions, rising; NaN is no position.
    pub(super) fn near(&self, lons: &[f64], lats: &[f64]) -> Vec<AreaIndex> {
        let extremes = |values: &[f64]| {
            // min and max of f64 leave NaN aside.
            values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
        };
        let ((west, east), (south, north)) = (extremes(lons), extremes(lats));
        if west > east {
            return Vec::new();
        }
        let envelope = AABB::from_corners([west, south], [east, north]);
        let mut near: Vec<AreaIndex> = self.tree.locate_in_envelope_intersecting(&envelope).map(|a| a.data).collect();
        near.sort_unstable();
        near
    }

    /// Adds to `found` which of the `near` areas hold a position.
    pub(super) fn among(&self, near: &[AreaIndex], lon: f64, lat: f64, found: &mut Membership) {
        for area in near {
            match self.outlines[usize::from(*area)].side(lon, lat) {
                Side::Inside => found.inside.push(*area),
                Side::Border => found.border.push(*area),
                Side::Outside => {}
            }
        }
    }
}

/// The areas one record belongs to. Most records share one of a few memberships, so records hold
/// a number and [`Memberships`] holds these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Membership {
    /// Inside of, or assigned to by area id; rising.
    pub inside: Vec<AreaIndex>,
    /// On the border of; rising.
    pub border: Vec<AreaIndex>,
}

/// The distinct memberships of a snapshot; number 0 is "in no area".
#[derive(Clone, Debug)]
pub struct Memberships {
    list: Vec<Membership>,
    numbers: HashMap<Membership, u32>,
}

impl Default for Memberships {
    fn default() -> Self {
        Self { list: vec![Membership::default()], numbers: HashMap::from([(Membership::default(), 0)]) }
    }
}

impl Memberships {
    /// All distinct memberships; a record's number is a position in this list.
    pub fn list(&self) -> &[Membership] {
        &self.list
    }

    /// The number of a membership, added when new.
    pub fn number(&mut self, membership: &Membership) -> u32 {
        if let Some(number) = self.numbers.get(membership) {
            return *number;
        }
        let number = self.list.len() as u32; // one record each at most, and records are fewer than 2^32
        self.list.push(membership.clone());
        self.numbers.insert(membership.clone(), number);
        number
    }
}
