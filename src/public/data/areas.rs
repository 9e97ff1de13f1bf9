//! `areas.geojson`: the public areas with their deeds, and in statistics releases their reports.

use geojson::GeometryValue;
use serde_json::{Map, Value, json};

use super::{item, object};
use crate::domain::Id;
use crate::public::figures::shown_word;
use crate::public::files::{data_class, provenance};
use crate::release::Release;
use crate::release::attack::{Category, Place};

pub(super) fn geojson(release: &Release) -> Vec<u8> {
    let feature = |area: &crate::release::PublicArea| {
        let mut properties = json!({
            "id": area.id.as_str(), "name_sv": area.names.sv, "name_en": area.names.en,
            "certainty": area.certainty.code(),
        });
        if let Some(members) = properties.as_object_mut() {
            if let Some(row) = release.follow_up.areas.iter().find(|row| row.area.as_ref() == Some(&area.id)) {
                let a = row.actions;
                let actions = json!({
                    "done": a.done, "under_way": a.under_way, "not_started": a.not_started, "not_done": a.not_done,
                });
                let deed = |deed: &crate::release::deeds::KindDeeds| {
                    (deed.kind.clone(), json!({"items": deed.items, "reported": deed.reported}))
                };
                members.insert("actions".into(), actions);
                members.insert("deeds".into(), row.done.iter().map(deed).collect::<Map<_, _>>().into());
            }
            if release.statistics.is_some() {
                members.insert("reports".into(), reports(release, &area.id));
            }
        }
        let geometry = GeometryValue::from(&area.outline);
        item(&json!({"type": "Feature", "id": area.id.as_str(), "properties": properties, "geometry": geometry}))
    };
    let members = [
        ("type", json!("FeatureCollection")),
        ("release", json!(release.edition.number)),
        ("period", json!(release.edition.period.word())),
        ("deeds_period", json!(release.follow_up.deeds_period.word())),
        ("data_class", json!(data_class(release))),
        ("provenance", provenance(release)),
    ];
    object(&members, &[("features", release.edition.areas.iter().map(feature).collect())])
}

/// Reports of an area by period, all categories that are counted below the municipality together.
fn reports(release: &Release, area: &Id) -> Value {
    let figures = release.statistics.iter().flat_map(|statistics| &statistics.figures);
    let of_area = figures
        .filter(|s| s.category == Category::NotSensitive && matches!(&s.place, Place::Area(other) if other == area));
    let member = |s: &crate::release::attack::Statement| {
        let (count, shown) = shown_word(s.shown);
        (s.period.word(), json!({"count": count, "shown": shown}))
    };
    of_area.map(member).collect::<Map<_, _>>().into()
}
