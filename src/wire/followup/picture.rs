//! The situation picture as JSON.

use serde_json::{Value, json};

use super::picture_places::{place_name, reason_text};
use super::provenance;
use crate::analysis::area_density::AreaDensityParams;
use crate::analysis::area_profile::Rhythm;
use crate::analysis::poisson::Interval;
use crate::analysis::proportion::Share;
use crate::analysis::repeated_places::RepeatedPlace;
use crate::domain::{Action, Filter, Id, Term};
use crate::followup::Book;
use crate::followup::attention::{Proposal, Where};
use crate::followup::perceived::{Series, Wave, WaveChange};
use crate::followup::picture::{AreaPart, LEAST_TO_PROPOSE, Picture, PictureParams, Stage};
use crate::followup::silence::Silent;
use crate::followup::tasks::Tasks;
use crate::followup::work::Work;
use crate::spatial::{AreaIndex, Snapshot};
use crate::text::lang::Lang;
use crate::wire::areas::summary_of;
use crate::wire::provenance::period_json;

/// The method as answers carry it.
pub const METHOD: &str = "situation_picture";

/// `{asked, period, as_of, stage, observations, areas, elsewhere, repeated_places, surveys, promises, attention, unknown,
/// data, provenance}`. Sentences are there in both languages. `observations` is the answer of `/api/areas/summary`.
pub fn picture_json(snapshot: &Snapshot, book: &Book, picture: &Picture, params: &PictureParams) -> Value {
    let density_params = AreaDensityParams {
        filter: Filter::default(),
        period: Some(picture.period.clone()),
        compare: picture.density.comparison.clone(),
        set: params.set.clone(),
    };
    let id = |area: AreaIndex| snapshot.areas().area(area).id.to_string();
    let ids = |areas: &[AreaIndex]| areas.iter().map(|area| id(*area)).collect::<Vec<_>>();
    let (stage, days_left) = match picture.stage {
        Stage::NotBegun => ("not_begun", None),
        Stage::UnderWay { days_left } => ("under_way", Some(days_left)),
        Stage::Over => ("over", Some(0)),
    };
    let unknown = &picture.unknown;
    let documents: Vec<&str> = picture.documents().map(|d| d.document.head().id.as_str()).collect();
    let repeated = &picture.repeated;
    let records = repeated.records;
    json!({
        "asked": period_json(Some(&picture.asked)),
        "period": period_json(Some(&picture.period)),
        "as_of": picture.as_of.to_string(),
        "stage": stage,
        "days_left": days_left,
        "known": picture.is_known(),
        "observations": summary_of(snapshot, &density_params, &picture.density),
        "categories": terms_json(&snapshot.vocabulary().categories, &picture.terms),
        "areas": picture.areas.iter().map(|part| part_json(snapshot, part)).collect::<Vec<_>>(),
        "elsewhere": {"actions": tasks_json(&picture.tasks_elsewhere), "work": work_json(&picture.work_elsewhere)},
        "actions": tasks_json(&picture.tasks),
        "repeated_places": {
            "period": period_json(Some(&repeated.period)),
            "places": repeated.places.iter().map(|place| place_json(snapshot, place)).collect::<Vec<_>>(),
            "looked_at": records.used, "too_coarse": records.too_coarse, "without_position": records.without_position,
            "precision_unknown": records.precision_unknown, "felt_safe": repeated.felt_safe,
        },
        "surveys": picture.surveys.iter().map(series_json).collect::<Vec<_>>(),
        "promises": {"in_period": documents, "ledger": super::ledger::ledger_json(book, &picture.ledger)},
        "attention": {
            "proposals": picture.attention.proposals.iter().map(|p| proposal_json(snapshot, picture, p)).collect::<Vec<_>>(),
            "too_few_observations": picture.attention.too_few,
            "more_repeated_places": picture.attention.more_repeated,
        },
        "unknown": {
            "assumed_outlines": ids(&unknown.assumed),
            "placeholder_outlines": ids(&unknown.placeholder),
            "days_before_data": unknown.days_before_data,
            "reporting_organisations": unknown.reporting,
            "silent_organisations": unknown.silent.iter().map(silent_json).collect::<Vec<_>>(),
            "areas_without_survey": ids(&unknown.without_survey),
        },
        "data": picture.data.map(|(first, last)| json!({"first": first.to_string(), "last": last.to_string()})),
        "provenance": provenance(book, METHOD, &parameters(picture, params)),
    })
}

fn parameters(picture: &Picture, params: &PictureParams) -> Value {
    let repeated = &params.repeated;
    json!({
        "asked": period_json(Some(&picture.asked)),
        "period": period_json(Some(&picture.period)),
        "comparison": period_json(picture.density.comparison.as_ref()),
        "as_of": picture.as_of.to_string(),
        "set": picture.density.set,
        "repeated_radius_m": repeated.radius_m, "repeated_days": repeated.days, "repeated_least": repeated.least,
        "repeated_coarsest_m": repeated.coarsest_m, "repeated_name_within_m": repeated.name_within_m,
        "least_observations_to_propose": LEAST_TO_PROPOSE,
        "least_answers": crate::followup::perceived::Audience::Internal.least_answers(),
    })
}

fn terms_json(table: &[Term], counts: &[(u16, u64)]) -> Vec<Value> {
    let one = |(term, n): &(u16, u64)| {
        let term = table.get(usize::from(*term))?;
        Some(json!({"code": term.code, "name": term.sv, "name_en": term.en, "count": n}))
    };
    counts.iter().filter_map(one).collect()
}

fn part_json(snapshot: &Snapshot, part: &AreaPart) -> Value {
    let area = snapshot.areas().area(part.area);
    let profile = &part.profile;
    json!({
        "id": area.id.as_str(), "name": area.names.sv, "name_en": area.names.en, "certainty": area.certainty.code(),
        "series": profile.series.iter().map(|(month, n)| json!({"month": month.strftime("%Y-%m").to_string(), "count": n})).collect::<Vec<_>>(),
        "categories": terms_json(&snapshot.vocabulary().categories, &profile.terms),
        "rhythm": rhythm_json(&profile.rhythm),
        "actions": tasks_json(&part.tasks),
        "work": work_json(&part.work),
    })
}

fn rhythm_json(rhythm: &Rhythm) -> Value {
    json!({
        "hours_per_row": rhythm.hours_per_row, "columns": rhythm.columns, "counts": rhythm.counts,
        "uncertain_time": rhythm.uncertain_time,
    })
}

fn tasks_json(tasks: &Tasks) -> Value {
    let one = |action: &Action| {
        json!({
            "id": action.id.as_str(), "text": action.text, "owner_organisation": action.owner_organisation,
            "due": action.due.map(|day| day.to_string()), "status": action.status.code(), "why_not": action.why_not,
            "area": action.area.as_ref().map(Id::as_str),
        })
    };
    let list = |actions: &[Action]| actions.iter().map(one).collect::<Vec<_>>();
    json!({
        "open": tasks.open.len(), "overdue": list(&tasks.overdue), "done": tasks.done, "not_done": list(&tasks.not_done),
    })
}

fn work_json(work: &[Work]) -> Vec<Value> {
    let one = |work: &Work| {
        json!({
            "kind": work.kind, "recorded": work.items, "minutes": work.minutes, "without_minutes": work.without_minutes,
            "reported": work.reported,
        })
    };
    work.iter().map(one).collect()
}

fn place_json(snapshot: &Snapshot, place: &RepeatedPlace) -> Value {
    let area = |area: &AreaIndex| snapshot.areas().area(*area).id.to_string();
    json!({
        "name": place.name, "centre": [place.centre.lon(), place.centre.lat()],
        "areas": place.areas.iter().map(area).collect::<Vec<_>>(),
        "count": place.n, "first": place.first.to_string(), "last": place.last.to_string(), "observations": place.ids,
        "categories": terms_json(&snapshot.vocabulary().categories, &place.terms),
    })
}

fn share_json(share: Option<Share>) -> Value {
    share.map_or(Value::Null, |s| json!({"share": s.value, "low": s.interval.low, "high": s.interval.high}))
}

fn change_json(change: &WaveChange) -> Value {
    let limit = |pick: fn(Interval) -> f64| change.feels_safe.map(|found| pick(found.interval));
    json!({
        "before": change.before.as_str(),
        "feels_safe": change.feels_safe.map(|found| found.value),
        "low": limit(|i| i.low), "high": limit(|i| i.high),
        "verdict": change.verdict.code(),
        "smallest_visible_percent_units": change.smallest_points,
    })
}

fn series_json(series: &Series) -> Value {
    let question = &series.question;
    let wave = |wave: &Wave| {
        json!({
            "survey": wave.survey.as_str(), "wave": wave.name, "period": period_json(Some(&wave.period)), "source": wave.source,
            "asked": wave.asked, "answered": wave.answered, "dont_know": wave.dont_know, "dont_go_there": wave.dont_go_there,
            "response_rate": wave.response_rate(), "basis": wave.basis.code(), "weighted": wave.basis.weighted(),
            "feels_safe": share_json(wave.feels_safe), "feels_unsafe": share_json(wave.feels_unsafe()),
            "smallest_visible_percent_units": wave.smallest_points,
            "change": wave.change.as_ref().map(change_json),
        })
    };
    let left_out = |(survey, fault): &(Id, crate::followup::perceived::Fault)| json!({"survey": survey.as_str(), "why": fault.code()});
    json!({
        "area": question.area.as_ref().map(Id::as_str), "question": question.sv, "question_en": question.en,
        "respondents": question.respondents, "answer_scale": question.answer_scale, "unsafe_answers": question.unsafe_answers,
        "waves": series.waves.iter().map(wave).collect::<Vec<_>>(),
        "left_out": series.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "other_questions_about_the_area": series.other_questions,
    })
}

fn proposal_json(snapshot: &Snapshot, picture: &Picture, proposal: &Proposal) -> Value {
    let place = match proposal.place {
        Where::Area(area) => json!({"area": snapshot.areas().area(area).id.as_str()}),
        Where::Rest => json!({"rest": true}),
        Where::Repeated(i) => {
            json!({"repeated_place": i, "name": picture.repeated.places.get(i).map(|place| place_name(place, Lang::Sv))})
        }
    };
    let reason = |reason: &crate::followup::attention::Reason| {
        let text = |lang| reason_text(picture, proposal.place, reason, lang);
        json!({"code": reason.code(), "sv": text(Lang::Sv), "en": text(Lang::En)})
    };
    json!({"place": place, "reasons": proposal.reasons.iter().map(reason).collect::<Vec<_>>()})
}

fn silent_json(silent: &Silent) -> Value {
    let weeks = silent.missing.iter().map(|monday| monday.strftime("%G-W%V").to_string()).collect::<Vec<_>>();
    json!({"organisation": silent.organisation, "weeks": silent.weeks, "missing": weeks})
}
