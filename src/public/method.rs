//! How the numbers were made, for programs: the method of a release as JSON.

use serde_json::{Value, json};

use crate::release::Release;
use crate::release::statistics::{Density, GridNote, LeftOut, Statistics};

/// The method of a release. Units are in the names.
pub(super) fn of(release: &Release) -> Value {
    let policy = &release.edition.policy;
    let deeds = json!({
        "what": "exact numbers of work, actions and commitments; zero is shown",
        "days": release.follow_up.deeds_period.word(),
        "wait_days": policy.deeds_wait_days,
    });
    let Some(statistics) = &release.statistics else {
        return json!({"deeds": deeds});
    };
    let reports = json!({
        "what": "reports, rounded; under the least number, days or reporters they are one band with zero",
        "rounded_to": policy.round_to, "under": policy.least_reports, "least_days": policy.least_days,
        "least_reporters": policy.least_reporters, "wait_days": policy.reports_wait_days,
        "plane": format!("EPSG:{}", release.edition.plane_epsg),
        "grid": grid(statistics), "density": statistics.density.as_ref().map(density),
    });
    json!({"deeds": deeds, "reports": reports})
}

/// The word for what became of the grid.
pub(super) fn grid(statistics: &Statistics) -> &'static str {
    match statistics.grid {
        GridNote::Released => "released",
        GridNote::TooFewLocated { .. } => "too_few_located",
        GridNote::NoLevelFixed => "no_level_fixed",
        GridNote::PeriodTooShort => "period_too_short",
        GridNote::NothingLeft => "nothing_left",
    }
}

/// What the attack took away, as words with their place.
pub(super) fn left_out(statistics: &Statistics) -> Vec<Value> {
    let one = |left: &LeftOut| match left {
        LeftOut::Months => json!({"what": "months", "place": "municipality"}),
        LeftOut::Quarters(area) => json!({"what": "quarters", "place": area.as_str()}),
        LeftOut::Categories(area) => json!({"what": "categories", "place": area.as_str()}),
        LeftOut::MunicipalityCategories => json!({"what": "categories", "place": "municipality"}),
        LeftOut::Area(area) => json!({"what": "area", "place": area.as_str()}),
        LeftOut::LargestSquare => json!({"what": "square"}),
        LeftOut::Squares { cell_m, n } => json!({"what": "squares", "cell_m": cell_m, "n": n}),
    };
    statistics.left_out.iter().map(one).collect()
}

/// The formula and the parameters of the density.
pub(super) fn density(density: &Density) -> Value {
    json!({
        "formula": "density(u) = sum over squares of count * K(|u - centre| / bandwidth_m) / bandwidth_m^2, per km2; \
                    a square without a number counts as hidden_as",
        "cell_m": density.cell_m, "bandwidth_m": density.bandwidth_m, "kernel": density.kernel,
        "hidden_as": density.hidden_as, "breaks_per_km2": density.breaks_per_km2,
    })
}
