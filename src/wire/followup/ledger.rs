//! The ledger of promises as JSON.

use serde_json::{Value, json};

use super::{provenance, words};
use crate::domain::{Counting, Pledge, PledgePlace};
use crate::followup::Book;
use crate::followup::evidence::{CountPart, Item, LeftOut};
use crate::followup::ledger::{DocumentLedger, Ledger, Row, Stretch};
use crate::followup::level::{Amount, Level};
use crate::followup::notice::Notice;
use crate::followup::perceived::{PerceivedLevel, Wave};
use crate::text::lang::Lang;
use crate::wire::provenance::period_json;

/// The rule as answers carry it.
pub const METHOD: &str = "promise_ledger";

/// `{as_of, documents: [{id, names, signed, period, source, parties, commitments: [...], notices}], notices,
/// provenance}`. Every sentence is there in both languages.
pub fn ledger_json(book: &Book, ledger: &Ledger) -> Value {
    let parameters = json!({
        "as_of": ledger.as_of.to_string(),
        "pace": "floor(target x elapsed days / days)",
        "least_target_with_pace": crate::followup::status::LEAST_LINEAR_TARGET,
        "weeks_to_measure": crate::followup::level::WEEKS_TO_MEASURE,
    });
    json!({
        "as_of": ledger.as_of.to_string(),
        "documents": ledger.documents.iter().map(|d| document_json(book, d, ledger)).collect::<Vec<_>>(),
        "notices": notices(book, &ledger.notices),
        "provenance": provenance(book, METHOD, &parameters),
    })
}

fn document_json(book: &Book, document: &DocumentLedger, ledger: &Ledger) -> Value {
    let head = document.document.head();
    let party = |party: &crate::domain::Party| json!({"id": party.id.as_str(), "role": party.role, "organisation": party.organisation, "signed_as": party.signed_as});
    json!({
        "id": head.id.as_str(),
        "names": {"sv": head.names.sv, "en": head.names.en},
        "signed": head.signed.to_string(),
        "period": period_json(Some(&head.period)),
        "source": head.source,
        "parties": head.parties.iter().map(party).collect::<Vec<_>>(),
        "commitments": document.rows.iter().map(|row| row_json(book, row, ledger)).collect::<Vec<_>>(),
        "notices": notices(book, &document.notices),
    })
}

fn row_json(book: &Book, row: &Row, ledger: &Ledger) -> Value {
    let commitment = &row.commitment;
    let current = row.current(ledger.as_of);
    let ids = |ids: &[crate::domain::Id]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (kind, area) = (commitment.pledge.kind(), commitment.pledge.area().map(ToString::to_string));
    let comment = |comment: &crate::domain::Comment| json!({"party": comment.party.as_str(), "text": comment.text, "on": comment.on.to_string()});
    let (word_sv, word_en) = row.status.words();
    json!({
        "id": commitment.id.as_str(),
        "names": {"sv": commitment.names.sv, "en": commitment.names.en},
        "quote": commitment.quote,
        "promises": ids(&commitment.promises),
        "responsible": ids(&commitment.responsible),
        "type": pledge_type(&commitment.pledge),
        "kind": kind,
        "area": area,
        "place": place(&commitment.pledge),
        "status": row.status.code(),
        "status_word": {"sv": word_sv, "en": word_en},
        "reason": {
            "code": words::reason_code(&row.reason),
            "sv": words::reason(row, ledger.as_of, Lang::Sv),
            "en": words::reason(row, ledger.as_of, Lang::En),
        },
        "target": current.map(|s| s.target),
        "done": current.map(|s| s.done),
        "pace": current.and_then(|s| s.pace),
        "per": counting(&commitment.pledge),
        "stretches": row.stretches.iter().map(stretch_json).collect::<Vec<_>>(),
        "level": row.level.as_ref().map(level_json),
        "perceived": row.perceived.as_ref().map(perceived_json),
        "published": row.published.map(|found| json!({
            "times": found.times, "last": found.last.map(|day| day.to_string()), "longest_gap_days": found.longest_gap_days,
        })),
        "comments": row.comments.iter().map(comment).collect::<Vec<_>>(),
        "notices": notices(book, &row.notices),
    })
}

fn pledge_type(pledge: &Pledge) -> &'static str {
    match pledge {
        Pledge::Activities { .. } => "activities",
        Pledge::Raise { .. } => "raise",
        Pledge::Publish { .. } => "publish",
        Pledge::NotMeasurable { .. } => "not_measurable",
        Pledge::NothingPromised { .. } => "nothing_promised",
    }
}

fn place(pledge: &Pledge) -> Option<&'static str> {
    match pledge {
        Pledge::Activities { place, .. } | Pledge::Raise { place, .. } => Some(match place {
            PledgePlace::Area(_) => "area",
            PledgePlace::Municipality => "municipality",
            PledgePlace::None => "none",
        }),
        _ => None,
    }
}

fn counting(pledge: &Pledge) -> Option<&'static str> {
    match pledge {
        Pledge::Activities { target, .. } => Some(Counting::code(target.per)),
        _ => None,
    }
}

fn stretch_json(stretch: &Stretch) -> Value {
    let (itemised, reported) = stretch.parts();
    let item = |item: &Item| {
        json!({
            "activities": item.activities.iter().map(ToString::to_string).collect::<Vec<_>>(), "day": item.day.to_string(),
            "days": item.days.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "intelligence_led": item.intelligence_led, "within_count": item.within_count.as_ref().map(ToString::to_string),
        })
    };
    let part = |part: &CountPart| {
        json!({
            "reported_count": part.count.as_str(), "organisation": part.organisation, "period": period_json(Some(&part.period)),
            "n": part.n, "counted": part.counted, "intelligence_led": part.intelligence_led,
            "reported_by": part.reported_by, "reported_on": part.reported_on.to_string(),
        })
    };
    let left_out = |left: &LeftOut| json!({"activity": left.activity.as_str(), "day": left.day.to_string(), "why": left.why.code()});
    let led = stretch.intelligence_led.map(|led| json!({"yes": led.yes, "no": led.no, "unknown": led.unknown}));
    json!({
        "period": period_json(Some(&stretch.period)),
        "target": stretch.target,
        "done": stretch.done,
        "itemised": itemised,
        "reported": reported,
        "pace": stretch.pace,
        "elapsed_days": stretch.clock.elapsed_days,
        "status": stretch.status.code(),
        "rule": stretch.rule.code(),
        "intelligence_led": led,
        "done_if_each_day_counted": stretch.one_per_day.unwrap_or(stretch.done),
        "evidence": {
            "items": stretch.items.iter().map(item).collect::<Vec<_>>(),
            "reported_counts": stretch.counts.iter().map(part).collect::<Vec<_>>(),
            "left_out": stretch.left_out.iter().map(left_out).collect::<Vec<_>>(),
        },
        "booked": stretch.booked.iter().map(|(id, day)| json!({"booking": id.as_str(), "day": day.to_string()})).collect::<Vec<_>>(),
    })
}

fn level_json(level: &Level) -> Value {
    let amount = |amount: Amount| {
        json!({
            "activities": amount.activities, "minutes": amount.minutes, "without_minutes": amount.without_minutes,
            "days": amount.days, "minutes_per_week": amount.minutes_per_week(), "times_per_week": amount.times_per_week(),
        })
    };
    let baseline = level.baseline.as_ref().map(|baseline| {
        json!({"period": period_json(Some(&baseline.period)), "named": baseline.named, "amount": amount(baseline.amount)})
    });
    json!({
        "unit": if level.in_minutes { "minutes" } else { "times" },
        "baseline": baseline,
        "now": level.now_period.as_ref().map(|_| amount(level.now)),
        "now_period": period_json(level.now_period.as_ref()),
    })
}

fn notices(book: &Book, notices: &[Notice]) -> Vec<Value> {
    let notice = |notice: &Notice| {
        json!({
            "code": words::notice_code(notice),
            "sv": words::notice(book, notice, Lang::Sv), "en": words::notice(book, notice, Lang::En),
        })
    };
    notices.iter().map(notice).collect()
}

fn wave_json(wave: &Wave) -> Value {
    json!({
        "survey": wave.survey.as_str(), "name": wave.name, "period": period_json(Some(&wave.period)), "source": wave.source,
        "asked": wave.asked, "answered": wave.answered,
        "feels_safe": wave.feels_safe.map(|share| json!({"share": share.value, "low": share.interval.low, "high": share.interval.high})),
    })
}

fn perceived_json(level: &PerceivedLevel) -> Value {
    let change = level.change.as_ref().map(|change| {
        json!({
            "verdict": change.verdict.code(), "smallest_visible_percentage_points": change.smallest_points,
            "feels_safe": change.feels_safe.map(|d| json!({"difference": d.value, "low": d.interval.low, "high": d.interval.high})),
        })
    });
    json!({
        "question_sv": level.question.as_ref().map(|q| q.sv.clone()),
        "question_en": level.question.as_ref().map(|q| q.en.clone()),
        "baseline": level.baseline.as_ref().map(wave_json),
        "latest": level.latest.as_ref().map(wave_json),
        "change": change,
        "other_questions": level.other_questions.len(),
    })
}
