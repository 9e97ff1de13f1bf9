//! `statistics.json` and `statistics.csv`: every public number of reports, one after the other.

use serde::Serialize;
use serde_json::{Value, json};

use super::{csv_bytes, item, object};
use crate::public::figures::{category_names, category_word, place_names, place_word, shown_word};
use crate::public::files::{data_class, provenance};
use crate::public::method;
use crate::release::Release;
use crate::release::statistics::Statistics;

#[derive(Serialize)]
struct Figure<'a> {
    place: String,
    category: &'a str,
    period: String,
    count: Option<u32>,
    shown: &'static str,
}

pub(super) fn json(release: &Release, statistics: &Statistics) -> Vec<u8> {
    let figures = statistics.figures.iter().map(|s| {
        let (count, shown) = shown_word(s.shown);
        item(&Figure {
            place: place_word(&s.place),
            category: category_word(&s.category),
            period: s.period.word(),
            count,
            shown,
        })
    });
    let policy = &release.edition.policy;
    let members = [
        ("release", json!(release.edition.number)),
        ("period", json!(release.edition.period.word())),
        ("unit", json!("reports")),
        ("rounded_to", json!(policy.round_to)),
        ("under", json!(policy.least_reports)),
        ("levels_m", json!(statistics.levels_m)),
        ("grid", json!(method::grid(statistics))),
        ("left_out", Value::from(method::left_out(statistics))),
        ("data_class", json!(data_class(release))),
        ("provenance", provenance(release)),
    ];
    object(&members, &[("figures", figures.collect())])
}

pub(in crate::public) const HEAD: [&str; 9] = [
    "place",
    "place_name_sv",
    "place_name_en",
    "category",
    "category_name_sv",
    "category_name_en",
    "period",
    "count",
    "shown",
];

pub(super) fn csv(release: &Release, statistics: &Statistics) -> Vec<u8> {
    let rows = statistics.figures.iter().map(|s| {
        let (place, category) = (place_names(release, &s.place), category_names(statistics, &s.category));
        let (count, shown) = shown_word(s.shown);
        vec![
            place_word(&s.place),
            place.sv,
            place.en,
            category_word(&s.category).to_string(),
            category.sv,
            category.en,
            s.period.word(),
            count.map_or_else(String::new, |n| n.to_string()),
            shown.to_string(),
        ]
    });
    csv_bytes(&HEAD, rows, b',')
}
