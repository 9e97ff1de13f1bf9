//! `commitments.json` and `commitments.csv`: what was promised and what is known of it, with surveys and invitations.

use serde_json::{Value, json};

use super::{csv_bytes, item, object};
use crate::domain::{Names, Period};
use crate::public::files::{data_class, provenance};
use crate::release::deeds::{Known, PublicCommitment, PublicPromise, Why};
use crate::release::{Release, Verdict};

pub(super) fn json(release: &Release) -> Vec<u8> {
    let follow_up = &release.follow_up;
    let promise = |promise: &PublicPromise| {
        item(&json!({
            "id": promise.id.as_str(), "name": names(&promise.names), "signed": promise.signed,
            "period": days(&promise.period), "parties": promise.parties, "quotes": promise.quotes,
            "commitments": promise.commitments.iter().map(commitment).collect::<Vec<_>>(),
        }))
    };
    let survey = |survey: &crate::release::deeds::PublicSurvey| {
        let wave = |wave: &crate::release::deeds::PublicWave| {
            let share = wave.safe_percent.map(|(value, low, high)| json!({"value": value, "low": low, "high": high}));
            json!({
                "name": wave.name, "period": days(&wave.period), "source": wave.source, "answered": wave.answered,
                "feel_safe_percent": share, "change": wave.change.map(Verdict::code),
                "smallest_visible_change_points": wave.smallest_points,
            })
        };
        item(&json!({
            "area": survey.area.as_ref().map(|id| id.as_str()), "area_name": names(&survey.area_names),
            "question": names(&survey.question), "respondents": survey.respondents,
            "waves": survey.waves.iter().map(wave).collect::<Vec<_>>(),
        }))
    };
    let invitation = |i: &crate::release::deeds::Invitation| {
        item(&json!({
            "kind": names(&i.kind), "title": i.title, "area": i.area.as_ref().map(names), "day": i.day,
            "from": i.hours.map(|(from, _)| hour(from)), "to": i.hours.map(|(_, to)| hour(to)), "by": i.by,
        }))
    };
    let members = [
        ("release", json!(release.edition.number)),
        ("published_on", json!(release.edition.published_on)),
        ("last_day", json!(follow_up.deeds_period.last_day())),
        ("data_class", json!(data_class(release))),
        ("provenance", provenance(release)),
    ];
    let lists = [
        ("promises", follow_up.promises.iter().map(promise).collect()),
        ("surveys", follow_up.surveys.iter().map(survey).collect()),
        ("invitations", follow_up.invitations.iter().map(invitation).collect()),
    ];
    object(&members, &lists)
}

fn commitment(commitment: &PublicCommitment) -> Value {
    let comments = commitment.comments.iter().map(|c| json!({"party": c.party, "on": c.on, "text": c.text}));
    json!({
        "id": commitment.id.as_str(), "name": names(&commitment.names), "quote": commitment.quote,
        "area": commitment.area.as_ref().map(names), "status": commitment.status.code(),
        "why": why_code(&commitment.why), "known": known(&commitment.known), "comments": comments.collect::<Vec<_>>(),
    })
}

fn known(known: &Known) -> Value {
    match known {
        Known::Number { target, done, reported, pace, period, intelligence_led } => json!({
            "what": "number", "target": target, "done": done, "reported": reported, "pace": pace,
            "period": days(period), "intelligence_led": intelligence_led,
        }),
        Known::Level { now, before, in_minutes } => json!({
            "what": "level", "now_per_week": now.map(tenth), "before_per_week": before.map(tenth),
            "unit": if *in_minutes { "minutes" } else { "times" },
        }),
        Known::Perceived => json!({"what": "perceived"}),
        Known::Published { times, longest_gap_days, at_most_days } => json!({
            "what": "published", "times": times, "longest_gap_days": longest_gap_days, "at_most_days": at_most_days,
        }),
        Known::Nothing => json!({"what": "nothing"}),
    }
}

/// A level is known to a tenth, as the pages say it.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

const HEAD: [&str; 14] = [
    "promise",
    "promise_name_sv",
    "promise_name_en",
    "commitment",
    "name_sv",
    "name_en",
    "area_name_sv",
    "area_name_en",
    "first_day",
    "last_day",
    "target",
    "done",
    "pace",
    "status",
];

pub(super) fn csv(release: &Release) -> Vec<u8> {
    let rows = release.follow_up.promises.iter().flat_map(|promise| {
        promise.commitments.iter().map(move |c| {
            let area = c.area.as_ref().map_or(["", ""], |names| [names.sv.as_str(), names.en.as_str()]);
            let numbers = match &c.known {
                Known::Number { target, done, pace, period, .. } => [
                    period.start().to_string(),
                    period.last_day().to_string(),
                    target.to_string(),
                    done.to_string(),
                    pace.map_or_else(String::new, |pace| pace.to_string()),
                ],
                _ => Default::default(),
            };
            let (p, n) = (&promise.names, &c.names);
            let texts = [promise.id.as_str(), &p.sv, &p.en, c.id.as_str(), &n.sv, &n.en, area[0], area[1]];
            texts.map(str::to_string).into_iter().chain(numbers).chain([c.status.code().to_string()]).collect()
        })
    });
    csv_bytes(&HEAD, rows, b',')
}

/// The word of a reason.
fn why_code(why: &Why) -> &'static str {
    match why {
        Why::Rule(rule) => rule.code(),
        Why::AllOver { .. } => "all_over",
        Why::NoBaseline => "no_baseline",
        Why::StartOfMeasurement => "start_of_measurement",
        Why::LevelHigher => "level_higher",
        Why::LevelNotHigher => "level_not_higher",
        Why::NothingAfterBaseline => "nothing_after_baseline",
        Why::Perceived(reason) => reason.code(),
        Why::PublishedInTime => "published_in_time",
        Why::PublishedLate => "published_late",
        Why::PublishedWithoutInterval => "published_without_interval",
        Why::NotMeasurable => "not_measurable",
        Why::NothingPromised => "nothing_promised",
    }
}

fn names(names: &Names) -> Value {
    json!({"sv": names.sv, "en": names.en})
}

fn days(period: &Period) -> Value {
    json!({"first": period.start(), "last": period.last_day()})
}

fn hour(time: jiff::civil::Time) -> String {
    time.strftime("%H:%M").to_string()
}
