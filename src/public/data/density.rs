//! `density.geojson`: the classes of density as surfaces made of squares. Computed from public squares and nothing else.

use serde_json::{Value, json};

use super::grid::{plane, ring};
use super::{item, object};
use crate::domain::Plane;
use crate::public::files::{data_class, provenance};
use crate::public::method;
use crate::release::Release;
use crate::release::statistics::Density;

pub(in crate::public) fn geojson(release: &Release, density: &Density) -> Vec<u8> {
    let members = [
        ("type", json!("FeatureCollection")),
        ("release", json!(release.edition.number)),
        ("period", json!(release.edition.period.word())),
        ("density", method::density(density)),
        ("data_class", json!(data_class(release))),
        ("provenance", provenance(release)),
    ];
    object(&members, &[("features", features(density, plane(release).as_ref()))])
}

/// One surface for each class, the lowest first. A function of the density alone, so that whoever computes it from the
/// published squares gets the same bytes.
pub(in crate::public) fn features(density: &Density, plane: Option<&Plane>) -> Vec<String> {
    let classes = density.cells.iter().map(|cell| cell.class).max().unwrap_or(0);
    let feature = |class: u8| {
        let cells = density.cells.iter().filter(|cell| cell.class == class);
        let rings: Vec<Value> = cells.map(|cell| json!([ring(plane, [cell.x_m, cell.y_m], density.cell_m)])).collect();
        let (low, high) = limits(density, class);
        item(&json!({
            "type": "Feature", "id": format!("class-{class}"),
            "properties": {"class": class, "low_per_km2": low, "high_per_km2": high},
            "geometry": {"type": "MultiPolygon", "coordinates": rings},
        }))
    };
    (1..=classes).map(feature).collect()
}

/// The limits of a class per km²; the highest has no upper limit.
fn limits(density: &Density, class: u8) -> (Option<f64>, Option<f64>) {
    let at = usize::from(class);
    (
        at.checked_sub(1).and_then(|below| density.breaks_per_km2.get(below).copied()),
        density.breaks_per_km2.get(at).copied(),
    )
}
