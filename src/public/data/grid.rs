//! `grid-{cell_m}m.geojson`: the squares of one size. Every square that reaches the municipality is there, so that no
//! hole can mean zero.

use serde_json::{Value, json};

use super::{item, object, rounded};
use crate::domain::Plane;
use crate::public::figures::{place_word, shown_word, squares};
use crate::public::files::{data_class, provenance};
use crate::release::Release;
use crate::release::attack::Place;
use crate::release::statistics::Statistics;

pub(super) fn geojson(release: &Release, statistics: &Statistics, cell_m: u32) -> Vec<u8> {
    let plane = plane(release);
    let features = squares(statistics, cell_m).map(|([x_m, y_m], period, shown)| {
        let word = place_word(&Place::Square { cell_m, x_m, y_m });
        // Most releases have one period of squares; another of the same square needs another id.
        let is_whole = *period == release.edition.period;
        let id = if is_whole { word } else { format!("{word}-{}", period.word()) };
        let (count, shown) = shown_word(shown);
        let properties = json!({
            "cell_m": cell_m, "x_m": x_m, "y_m": y_m, "count": count, "shown": shown, "period": period.word(),
        });
        let geometry = json!({"type": "Polygon", "coordinates": [ring(plane.as_ref(), [x_m, y_m], cell_m)]});
        item(&json!({"type": "Feature", "id": id, "properties": properties, "geometry": geometry}))
    });
    let members = [
        ("type", json!("FeatureCollection")),
        ("release", json!(release.edition.number)),
        ("rounded_to", json!(release.edition.policy.round_to)),
        ("under", json!(release.edition.policy.least_reports)),
        ("data_class", json!(data_class(release))),
        ("provenance", provenance(release)),
    ];
    object(&members, &[("features", features.collect())])
}

/// The plane of the release; none when its code is not known here, which a release never has.
pub(super) fn plane(release: &Release) -> Option<Plane> {
    u16::try_from(release.edition.plane_epsg).ok().and_then(|epsg| Plane::from_epsg(epsg).ok())
}

/// The corners of a square in degrees, counter-clockwise from the lower left, the first again at the end.
pub(in crate::public) fn ring(plane: Option<&Plane>, [x_m, y_m]: [i64; 2], cell_m: u32) -> Vec<Value> {
    let side = i64::from(cell_m);
    let corners = [[0, 0], [side, 0], [side, side], [0, side], [0, 0]];
    let corner = |[dx, dy]: [i64; 2]| {
        // Squares of a municipality lie well inside the domain of their plane.
        let at = plane?.to_lonlat((x_m + dx) as f64, (y_m + dy) as f64).ok()?;
        Some(json!([rounded(at.lon()), rounded(at.lat())]))
    };
    corners.into_iter().filter_map(corner).collect()
}
