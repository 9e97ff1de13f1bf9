//! Where a row is: coordinates, geometry, place register, area, in that order.

use std::collections::HashMap;

use super::crs::{Carrier, Home, InputCrs, swapped_degrees};
use super::fields::Field;
use super::geometry::{parse_geometry, shape_of};
use super::register::{AreaNames, Register};
use super::terms::MAX_DISTINCT;
use super::values::{Fault, parse_amount, parse_number};
use crate::domain::{Id, Location, LonLat, Place, Shape};

/// The cells of a row that say where; trimmed, blank ones empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PlaceCells<'a> {
    pub(crate) x: &'a str,
    pub(crate) y: &'a str,
    pub(crate) geometry: &'a str,
    pub(crate) place: &'a str,
    pub(crate) place_id: &'a str,
    pub(crate) address: &'a str,
    pub(crate) area: &'a str,
    pub(crate) precision_m: &'a str,
}

/// Where a row is, and what the summary wants to know about it.
#[derive(Debug, Default)]
pub(crate) struct PlaceOfRow {
    pub(crate) location: Location,
    /// At exactly 0, 0.
    pub(crate) at_zero: bool,
    /// A place text that the register does not know.
    pub(crate) unmatched_place: bool,
    /// An area text that names no area.
    pub(crate) unmatched_area: bool,
}

/// A fault and the field it is in.
pub(crate) type FieldFault = (Field, Fault);

/// Everything needed to find where rows are.
pub(crate) struct Locator {
    pub(crate) crs: InputCrs,
    pub(crate) home: Home,
    pub(crate) register: Register,
    pub(crate) areas: AreaNames,
    /// Decimal comma allowed.
    pub(crate) comma: bool,
    /// The fields that `x` and `y` of [`PlaceCells`] come from.
    pub(crate) axes: (Field, Field),
    pub(crate) points_only: bool,
    found: HashMap<Box<str>, Option<Id>>,
}

impl Locator {
    pub(crate) fn new(crs: InputCrs, home: Home, register: Register, areas: AreaNames, comma: bool) -> Self {
        let axes = (Field::Lon, Field::Lat);
        Self { crs, home, register, areas, comma, axes, points_only: true, found: HashMap::new() }
    }

    /// Finds the place of a row. A row without any place is *without position*, which is no fault.
    pub(crate) fn locate(
        &mut self,
        cells: &PlaceCells<'_>,
        feature: Option<&geo::Geometry<f64>>,
    ) -> Result<PlaceOfRow, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let mut row = PlaceOfRow::default();
        if !cells.x.is_empty() || !cells.y.is_empty() {
            match self.point_of_numbers(cells.x, cells.y) {
                Ok((at, at_zero)) => {
                    row.location.shape = Some(Shape::Point(at));
                    row.at_zero = at_zero;
                }
                Err(found) => faults.extend(found),
            }
        } else if feature.is_some() || !cells.geometry.is_empty() {
            match self.shape_of_geometry(cells.geometry, feature) {
                Ok(shape) => {
                    row.at_zero = matches!(&shape, Shape::Point(at) if is_zero(at.lon(), at.lat()));
                    row.location.shape = Some(shape);
                }
                Err(found) => faults.extend(found.into_iter().map(|fault| (Field::Geometry, fault))),
            }
        }
        if !cells.precision_m.is_empty() {
            match parse_amount(cells.precision_m, self.comma) {
                Ok(precision_m) => row.location.precision_m = Some(precision_m),
                Err(fault) => faults.push((Field::PrecisionM, fault)),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        self.add_register_entry(cells, &mut row);
        if row.location.shape.is_none() && !cells.area.is_empty() {
            match self.areas.find(cells.area) {
                Some(id) => row.location.area = Some(id.clone()),
                None => row.unmatched_area = true,
            }
        }
        Ok(row)
    }

    fn point_of_numbers(&self, x_text: &str, y_text: &str) -> Result<(LonLat, bool), Vec<FieldFault>> {
        let (x_field, y_field) = self.axes;
        let number = |field: Field, text: &str| match text {
            "" => Err((field, Fault::new("one coordinate is missing", "give both or none"))),
            _ => parse_number(text, self.comma).map_err(|fault| (field, fault)),
        };
        let (x, y) = match (number(x_field, x_text), number(y_field, y_text)) {
            (Ok(x), Ok(y)) => (x, y),
            (x, y) => return Err(x.err().into_iter().chain(y.err()).collect()),
        };
        let at = self.crs.position(x, y, Carrier::Columns).map_err(|fault| vec![(x_field, fault)])?;
        self.check_home(at, Carrier::Columns).map_err(|fault| vec![(x_field, fault)])?;
        Ok((at, is_zero(x, y)))
    }

    fn shape_of_geometry(&self, text: &str, feature: Option<&geo::Geometry<f64>>) -> Result<Shape, Vec<Fault>> {
        let parsed = match feature {
            Some(_) => None,
            None => Some(parse_geometry(text).map_err(|fault| vec![fault])?),
        };
        // One of the two is there: the caller checked.
        let Some(geometry) = feature.or(parsed.as_ref()) else { return Err(Vec::new()) };
        let shape = shape_of(geometry, &self.crs, self.points_only)?;
        if let Shape::Point(at) = shape {
            self.check_home(at, Carrier::Geometry).map_err(|fault| vec![fault])?;
        }
        Ok(shape)
    }

    fn check_home(&self, at: LonLat, carrier: Carrier) -> Result<(), Fault> {
        if self.crs == InputCrs::Degrees && self.home.looks_swapped(at) {
            return Err(Fault::new("far from every area, but near them the other way round", swapped_degrees(carrier)));
        }
        Ok(())
    }

    /// Keeps the text as written, and takes position, precision and area from the register when the
    /// row has none of its own.
    fn add_register_entry(&mut self, cells: &PlaceCells<'_>, row: &mut PlaceOfRow) {
        row.location.place_text = match (cells.place, cells.address) {
            ("", "") => None,
            (text, "") | ("", text) => Some(text.to_string()),
            (place, address) => Some(format!("{place}, {address}")),
        };
        let by_id = Id::new(cells.place_id).ok().and_then(|id| self.register.get(&id));
        let has_shape = row.location.shape.is_some();
        let entry = match by_id {
            Some(entry) => Some(entry.clone()),
            None if has_shape => None,
            None => self.find(cells.place).or_else(|| self.find(cells.address)),
        };
        match entry {
            Some(entry) => take_entry(&entry, &mut row.location),
            None => row.unmatched_place = !has_shape && row.location.place_text.is_some(),
        }
    }

    fn find(&mut self, text: &str) -> Option<Place> {
        if text.is_empty() {
            return None;
        }
        if !self.found.contains_key(text) {
            let id = self.register.find(text).map(|place| place.id.clone());
            if self.found.len() >= MAX_DISTINCT {
                return id.and_then(|id| self.register.get(&id).cloned());
            }
            self.found.insert(text.into(), id);
        }
        let id = self.found.get(text)?.as_ref()?;
        self.register.get(id).cloned()
    }
}

fn take_entry(entry: &Place, location: &mut Location) {
    location.place = Some(entry.id.clone());
    if location.shape.is_some() {
        return;
    }
    match entry.at {
        Some(at) => {
            location.shape = Some(Shape::Point(at));
            location.precision_m = location.precision_m.or(entry.precision_m);
        }
        None => location.area = entry.area.clone(),
    }
}

fn is_zero(x: f64, y: f64) -> bool {
    x == 0.0 && y == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: &str, name: &str, at: Option<(f64, f64)>, area: Option<&str>) -> Place {
        Place {
            id: Id::new(id).expect("id"),
            name: name.to_string(),
            aliases: Vec::new(),
            at: at.map(|(lon, lat)| LonLat::new(lon, lat).expect("valid")),
            precision_m: Some(80.0),
            area: area.map(|a| Id::new(a).expect("id")),
            source: String::new(),
        }
    }

    fn locator() -> Locator {
        let places = [
            place("rc", "Resecentrum", Some((14.695, 57.652)), None),
            place("rv", "Runneryd centrum", None, Some("runneryd")),
        ];
        Locator::new(
            InputCrs::Degrees,
            Home::of(std::iter::empty()),
            Register::new(&places),
            AreaNames::default(),
            true,
        )
    }

    #[test]
    fn coordinates_win_over_the_register_and_the_register_over_nothing() {
        let mut locator = locator();
        let mut at = |cells: PlaceCells<'_>| locator.locate(&cells, None).expect("located");
        let own = at(PlaceCells { x: "14,7", y: "57,6", place: "Resecentrum", ..PlaceCells::default() }).location;
        assert_eq!(
            (own.shape, own.place, own.precision_m),
            (Some(Shape::Point(LonLat::new(14.7, 57.6).expect("valid"))), None, None)
        );
        let register = at(PlaceCells { place: "Resecentrum, spår 1", ..PlaceCells::default() }).location;
        assert_eq!(register.shape, Some(Shape::Point(LonLat::new(14.695, 57.652).expect("valid"))));
        assert_eq!((register.precision_m, register.place_text.as_deref()), (Some(80.0), Some("Resecentrum, spår 1")));
        let area = at(PlaceCells { address: "Runneryd centrum 3", ..PlaceCells::default() }).location;
        assert_eq!((area.shape, area.area.map(|a| a.to_string())), (None, Some("runneryd".to_string())));
        let unknown = at(PlaceCells { place: "Torget", area: "Norr", ..PlaceCells::default() });
        assert!(unknown.unmatched_place && unknown.unmatched_area && unknown.location.shape.is_none());
        assert_eq!(at(PlaceCells::default()).location, Location::default());
    }

    #[test]
    fn every_wrong_coordinate_of_a_row_is_told() {
        let mut locator = locator();
        let mut faults = |x, y, precision_m| {
            let found =
                locator.locate(&PlaceCells { x, y, precision_m, ..PlaceCells::default() }, None).expect_err("faults");
            found.into_iter().map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(faults("NaN", "inf", "-1"), [Field::Lon, Field::Lat, Field::PrecisionM]);
        assert_eq!(faults("14.7", "", ""), [Field::Lat]);
        assert_eq!(faults("57.65", "14.69", ""), [Field::Lon]);
        assert_eq!(faults("481781", "6389937", ""), [Field::Lon]);
    }

    #[test]
    fn zero_zero_is_a_position_but_is_noticed() {
        let row = locator().locate(&PlaceCells { x: "0", y: "0.0", ..PlaceCells::default() }, None).expect("accepted");
        assert!(row.at_zero && row.location.shape.is_some());
    }
}
