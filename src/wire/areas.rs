//! Density by area, as JSON, CSV and GeoJSON.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::filter::{Asked, FILTER_WORDS, read_filter};
use super::provenance::period_json;
use super::words::unknown;
use super::{BadWord, Provenance, Word, Words};
use crate::analysis::area_density::{
    AreaDensity, AreaDensityParams, AreaLine, Comparison, Count, Unranked, area_density,
};
use crate::analysis::area_profile::area_profile;
use crate::domain::{Counted, Filter};
use crate::spatial::Snapshot;
use crate::spreadsheet::armed;

/// The parameters of a table besides the filter.
pub const AREA_WORDS: &[Word] = &[Word {
    name: "set",
    meaning: "the set of areas in the table",
    accepted: "a set of the data file; default: its first",
}];

/// All parameters of a table.
pub const WORDS: &[&[Word]] = &[FILTER_WORDS, AREA_WORDS];

/// Reads a request for a table.
pub fn read(words: &Words, snapshot: &Snapshot, today: Date) -> Result<AreaDensityParams, BadWord> {
    let Asked { filter, period, compare } = read_filter(words, snapshot, today)?;
    let sets = snapshot.areas().sets();
    let set = words.choice("set", &sets, |text| sets.contains(&text).then(|| text.to_string()))?;
    let set = match (set, sets.first()) {
        (Some(set), _) => Some(set),
        (None, Some(first)) => Some((*first).to_string()),
        (None, None) => None,
    };
    Ok(AreaDensityParams { filter, period, compare, set })
}

/// Computes and writes a table as one JSON object.
pub fn summary(snapshot: &Snapshot, params: &AreaDensityParams) -> Value {
    let density = area_density(snapshot, params);
    summary_of(snapshot, params, &density)
}

/// The JSON object of a computed table.
pub fn summary_of(snapshot: &Snapshot, params: &AreaDensityParams, density: &AreaDensity) -> Value {
    let days = density.period.as_ref().map(crate::domain::Period::days);
    json!({
        "period": period_json(density.period.as_ref()),
        "comparison": period_json(density.comparison.as_ref()),
        "set": density.set,
        "areas": density.lines.iter().map(|line| area_json(snapshot, line, days)).collect::<Vec<_>>(),
        "rest": {
            "count": number(density.rest.count), "expected_count": expected(density.rest.count), "count_low": low(density.rest.count), "count_high": high(density.rest.count),
            "per_day": per_day(density.rest.count, days), "on_border": density.rest.on_border,
            "outside_every_area": density.rest.outside, "change": change_json(density.rest.change.as_ref()),
        },
        "without_position": {
            "count": number(density.without_position.count),
            "expected_count": expected(density.without_position.count), "count_low": low(density.without_position.count),
            "count_high": high(density.without_position.count), "too_coarse": density.without_position.too_coarse,
            "change": change_json(density.without_position.change.as_ref()),
        },
        "total": {"count": number(density.total), "expected_count": expected(density.total), "count_low": low(density.total), "count_high": high(density.total)},
        "provenance": provenance(snapshot, params, density),
    })
}

fn provenance(snapshot: &Snapshot, params: &AreaDensityParams, density: &AreaDensity) -> Provenance {
    let parameters = json!({
        "set": density.set,
        "sets": snapshot.areas().sets(),
        "confidence": 0.95,
        "interval": "Garwood exact Poisson",
        "comparison": period_json(density.comparison.as_ref()),
    });
    let method = ("area_density", "records per km² in the period");
    let filter = counted(snapshot, params);
    Provenance::new(snapshot, method, parameters, density.period.as_ref(), &filter, density.records)
}

/// The filter with the window of the period.
fn counted(snapshot: &Snapshot, params: &AreaDensityParams) -> Filter {
    let window = params.period.as_ref().map_or(params.filter.window, |period| period.window(snapshot.zone()));
    Filter { window, ..params.filter.clone() }
}

/// One area as JSON; undefined members are null and say why in `reason`.
pub fn area_json(snapshot: &Snapshot, line: &AreaLine, days: Option<i64>) -> Value {
    let area = snapshot.areas().area(line.area);
    let mut reason = Map::new();
    let mut because = |member: &str, why: &str| {
        reason.insert(member.to_string(), Value::String(why.to_string()));
    };
    let per_km2 = line.per_km2();
    if per_km2.is_none() {
        because("per_km2", "the outline has no size");
    }
    if line.per_1000_residents().is_none() {
        because("per_1000_residents", "residents_unknown_or_not_residential");
    }
    if days.is_none() {
        because("per_day", "no_period");
    }
    if matches!(line.count, Count::Expected(_)) {
        because("count", "see_expected_count");
        because("count_low", "expected_counts_have_no_exact_interval");
    }
    if let Err(why) = line.rank {
        because("rank_low", unranked_code(why));
    }
    if line.change.is_none() {
        because("change", "no_comparison");
    }
    let interval = per_km2.and_then(|(_, interval)| interval);
    json!({
        "id": area.id.as_str(),
        "name": area.names.sv,
        "name_en": area.names.en,
        "set": area.set,
        "area_type": area.area_type.code(),
        "area_km2": line.area_km2,
        "certainty": area.certainty.code(),
        "source": area.source,
        "count": number(line.count),
        "expected_count": expected(line.count),
        "count_low": low(line.count),
        "count_high": high(line.count),
        "per_km2": per_km2.map(|(value, _)| value),
        "per_km2_low": interval.map(|i| i.low),
        "per_km2_high": interval.map(|i| i.high),
        "per_day": per_day(line.count, days),
        "per_1000_residents": line.per_1000_residents(),
        "rank_low": line.rank.ok().map(|r| r.low),
        "rank_high": line.rank.ok().map(|r| r.high),
        "on_border": line.on_border,
        "too_coarse": line.too_coarse,
        "change": change_json(line.change.as_ref()),
        "reason": reason,
    })
}

/// One area with its numbers, for `/api/areas/{id}/summary`.
pub fn one_summary(snapshot: &Snapshot, params: &AreaDensityParams, id: &str) -> Result<Value, BadWord> {
    let ids: Vec<&str> = snapshot.areas().areas().iter().map(|a| a.id.as_str()).collect();
    let area = snapshot.areas().areas().iter().find(|a| a.id.as_str() == id).ok_or_else(|| unknown("id", id, &ids))?;
    let params = AreaDensityParams { set: Some(area.set.clone()), ..params.clone() };
    let density = area_density(snapshot, &params);
    let days = density.period.as_ref().map(crate::domain::Period::days);
    let line = density.lines.iter().find(|l| snapshot.areas().area(l.area).id.as_str() == id);
    let mut answer = line.map_or(Value::Null, |line| area_json(snapshot, line, days));
    if let Value::Object(members) = &mut answer {
        let profile = area_profile(snapshot, &counted(snapshot, &params), &area.id);
        let terms = match params.filter.of {
            Counted::Observations => &snapshot.vocabulary().categories,
            Counted::Activities => &snapshot.vocabulary().kinds,
        };
        let series =
            profile.series.iter().map(|(month, n)| json!({"month": month.strftime("%Y-%m").to_string(), "count": n}));
        let categories = profile.terms.iter().filter_map(|(term, n)| {
            let term = terms.get(usize::from(*term))?;
            Some(json!({"code": term.code, "name": term.sv, "name_en": term.en, "count": n}))
        });
        members.insert("series".into(), series.collect());
        members.insert("categories".into(), categories.collect());
        members.insert(
            "rhythm".into(),
            json!({
                "hours_per_row": profile.rhythm.hours_per_row, "columns": profile.rhythm.columns,
                "counts": profile.rhythm.counts, "uncertain_time": profile.rhythm.uncertain_time,
            }),
        );
        members.insert("period".into(), period_json(density.period.as_ref()));
        members.insert("comparison".into(), period_json(density.comparison.as_ref()));
        members.insert("provenance".into(), json!(provenance(snapshot, &params, &density)));
    }
    Ok(answer)
}

fn unranked_code(why: Unranked) -> &'static str {
    match why {
        Unranked::OutlineNotOfficial => "outline_not_official",
        Unranked::NoInterval => "expected_counts_have_no_exact_interval",
        Unranked::AloneInSet => "nothing_to_rank_against",
    }
}

/// Whole records; null under the aoristic rule.
fn number(count: Count) -> Option<u64> {
    match count {
        Count::Whole { n, .. } => Some(n),
        Count::Expected(_) => None,
    }
}

/// The expected number under the aoristic rule; null otherwise.
fn expected(count: Count) -> Option<f64> {
    match count {
        Count::Whole { .. } => None,
        Count::Expected(value) => Some(value),
    }
}

fn low(count: Count) -> Option<f64> {
    count.interval().map(|interval| interval.low)
}

fn high(count: Count) -> Option<f64> {
    count.interval().map(|interval| interval.high)
}

fn per_day(count: Count, days: Option<i64>) -> Option<f64> {
    days.filter(|d| *d > 0).map(|d| count.value() / d as f64)
}

fn change_json(comparison: Option<&Comparison>) -> Value {
    // An infinite ratio has no JSON number: null, and a reason says so.
    let finite = |v: f64| v.is_finite().then_some(v);
    let Some(comparison) = comparison else { return Value::Null };
    let change = &comparison.change;
    let mut reason: Vec<String> = change.reasons.iter().map(ToString::to_string).collect();
    if comparison.data_begin_inside {
        reason.insert(0, "the data begin inside the comparison period, so the earlier count is too low".to_string());
    }
    if change.rate_ratio.is_some_and(f64::is_infinite) || change.interval.is_some_and(|i| i.high.is_infinite()) {
        reason.push("a ratio or limit that is null here although another member is known is infinite".to_string());
    }
    json!({
        "count_before": comparison.n_before,
        "rate_ratio": change.rate_ratio.and_then(finite),
        "low": change.interval.and_then(|i| finite(i.low)),
        "high": change.interval.and_then(|i| finite(i.high)),
        "p_value": change.p_value,
        "percent": change.percent,
        "verdict": comparison.verdict().code(),
        "smallest_visible_change": {
            "increase_ratio": change.smallest_visible.increase,
            "decrease_ratio": change.smallest_visible.decrease,
        },
        "reason": reason,
    })
}

/// The table as CSV: one row per area, then the rest and those without position.
pub fn csv(snapshot: &Snapshot, density: &AreaDensity) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "id",
        "name",
        "set",
        "certainty",
        "area_km2",
        "count",
        "count_low",
        "count_high",
        "per_km2",
        "per_km2_low",
        "per_km2_high",
        "rank_low",
        "rank_high",
        "on_border",
        "too_coarse",
        "count_before",
        "rate_ratio",
        "rate_ratio_low",
        "rate_ratio_high",
        "verdict",
        "visible_increase_ratio",
        "visible_decrease_ratio",
        "period_start",
        "period_end",
        "data_class",
    ])?;
    let (first, last) = density
        .period
        .as_ref()
        .map_or_else(Default::default, |period| (period.start().to_string(), period.last_day().to_string()));
    let context = [first, last, snapshot.facts().data_class.code().to_string()];
    let text = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let rank = |value: Option<usize>| value.map_or_else(String::new, |v| v.to_string());
    for line in &density.lines {
        let area = snapshot.areas().area(line.area);
        let (value, interval) = line.per_km2().map_or((None, None), |(v, i)| (Some(v), i));
        let mut row = vec![
            area.id.to_string(),
            armed(&area.names.sv).into_owned(),
            armed(&area.set).into_owned(),
            area.certainty.code().to_string(),
            line.area_km2.to_string(),
            line.count.value().to_string(),
            text(low(line.count)),
            text(high(line.count)),
            text(value),
            text(interval.map(|i| i.low)),
            text(interval.map(|i| i.high)),
            rank(line.rank.ok().map(|r| r.low)),
            rank(line.rank.ok().map(|r| r.high)),
            line.on_border.to_string(),
            line.too_coarse.to_string(),
        ];
        row.extend(change_cells(line.change.as_ref()));
        row.extend(context.clone());
        writer.write_record(&row)?;
    }
    let ends = [
        ("rest", "Resten", density.rest.count, density.rest.on_border, 0, &density.rest.change),
        (
            "without_position",
            "Utan läge",
            density.without_position.count,
            0,
            density.without_position.too_coarse,
            &density.without_position.change,
        ),
    ];
    for (id, name, count, on_border, too_coarse, change) in ends {
        let mut row: Vec<String> =
            vec![id.into(), name.into(), String::new(), String::new(), String::new(), count.value().to_string()];
        row.extend([text(low(count)), text(high(count))]);
        row.extend(std::iter::repeat_n(String::new(), 5));
        row.extend([on_border.to_string(), too_coarse.to_string()]);
        row.extend(change_cells(change.as_ref()));
        row.extend(context.clone());
        writer.write_record(&row)?;
    }
    let bytes = writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn change_cells(comparison: Option<&Comparison>) -> [String; 7] {
    let text = |value: Option<f64>| value.filter(|v| v.is_finite()).map_or_else(String::new, |v| v.to_string());
    comparison.map_or_else(Default::default, |comparison| {
        let change = &comparison.change;
        [
            comparison.n_before.to_string(),
            text(change.rate_ratio),
            text(change.interval.map(|i| i.low)),
            text(change.interval.map(|i| i.high)),
            comparison.verdict().code().to_string(),
            text(change.smallest_visible.increase),
            text(change.smallest_visible.decrease),
        ]
    })
}

/// The table as a workbook (XLSX) with Swedish headings and a sheet that says what it is.
pub fn workbook(
    snapshot: &Snapshot,
    params: &AreaDensityParams,
    density: &AreaDensity,
) -> Result<Vec<u8>, crate::spreadsheet::WorkbookError> {
    super::areas_sheet::workbook(snapshot, params, density)
}

/// The table as a GeoJSON FeatureCollection with the outlines.
pub fn geojson(snapshot: &Snapshot, params: &AreaDensityParams) -> Value {
    let density = area_density(snapshot, params);
    let days = density.period.as_ref().map(crate::domain::Period::days);
    let features: Vec<Value> = density
        .lines
        .iter()
        .map(|line| {
            let area = snapshot.areas().area(line.area);
            let mut properties = area_json(snapshot, line, days);
            if let Value::Object(members) = &mut properties {
                members.remove("reason");
                // Nested members do not survive in most GIS tables.
                let change = members.remove("change").unwrap_or_default();
                for (member, value) in change.as_object().into_iter().flatten() {
                    if !value.is_object() {
                        members.insert(format!("change_{member}"), value.clone());
                    }
                }
            }
            let geometry = geojson::GeometryValue::from(&area.outline);
            json!({"type": "Feature", "id": area.id.as_str(), "geometry": geojson::Geometry::new(geometry), "properties": properties})
        })
        .collect();
    let full = summary_of(snapshot, params, &density);
    json!({
        "type": "FeatureCollection",
        "features": features,
        "rest": full["rest"],
        "without_position": full["without_position"],
        "provenance": full["provenance"],
    })
}
