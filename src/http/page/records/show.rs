//! Values of records in words.

use serde_json::Value;

use super::texts as t;
use crate::domain::{Collection, Id, Term};
use crate::http::page::texts::{self, Lang};
use crate::spatial::Snapshot;
use crate::wire::records::{Kind, Member, members};

/// A member in words; `None` when there is nothing to say.
pub(super) fn in_words(member: &Member, feature: &Value, snapshot: &Snapshot, lang: Lang) -> Option<String> {
    let value = &feature["properties"][member.name];
    let term = |terms: &[Term], code: &str| {
        terms.iter().find(|term| term.code == code).map_or(code.to_string(), |term| texts::term(term, lang).to_string())
    };
    let text = match (member.kind, value) {
        (_, Value::Null) => return None,
        (Kind::Time, _) => local(feature["properties"][format!("{}_local", member.name)].as_str()?),
        (Kind::Category, Value::String(code)) => term(&snapshot.vocabulary().categories, code),
        (Kind::ActivityKind, Value::String(code)) => term(&snapshot.vocabulary().kinds, code),
        (Kind::Word(choices), Value::String(code)) => {
            choices.iter().find(|c| c.code == code).map_or(code.clone(), |c| lang.pick(c.sv, c.en).to_string())
        }
        (Kind::Flag, Value::Bool(flag)) => if *flag { t::YES } else { t::NO }.of(lang).to_string(),
        (Kind::Area, Value::String(id)) => area(id, snapshot, lang),
        (Kind::Place, Value::String(id)) => {
            let places = snapshot.places().iter();
            places.filter(|p| p.id.as_str() == id).map(|p| p.name.clone()).next().unwrap_or(id.clone())
        }
        (Kind::Actors, Value::Array(list)) => {
            let actor = |actor: &Value| {
                let role = term(&snapshot.vocabulary().roles, actor["role"].as_str().unwrap_or_default());
                actor["organisation"].as_str().map_or(role.clone(), |organisation| format!("{role} ({organisation})"))
            };
            list.iter().map(actor).collect::<Vec<_>>().join(", ")
        }
        (Kind::Kept, Value::Array(list)) => {
            let pair = |pair: &Value| {
                format!("{}: {}", pair["name"].as_str().unwrap_or_default(), pair["value"].as_str().unwrap_or_default())
            };
            list.iter().map(pair).collect::<Vec<_>>().join("; ")
        }
        (_, Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        (_, Value::String(text)) => text.clone(),
        (Kind::Document, _) => return None,
        (_, Value::Number(number)) if lang == Lang::Sv => number.to_string().replace('.', ","),
        (_, other) => other.to_string(),
    };
    Some(text).filter(|text| !text.is_empty())
}

/// `2025-03-01T21:30:00+01:00` as `2025-03-01 21:30`.
pub(in crate::http::page) fn local(text: &str) -> String {
    text.get(..16).unwrap_or(text).replace('T', " ")
}

fn area(id: &str, snapshot: &Snapshot, lang: Lang) -> String {
    let found = Id::new(id).ok().and_then(|id| snapshot.areas().find(&id));
    found.map_or(id.to_string(), |index| texts::area(snapshot.areas().area(index), lang))
}

/// What a record is called in a list: its first words.
pub(in crate::http::page) fn title(collection: Collection, feature: &Value, snapshot: &Snapshot, lang: Lang) -> String {
    let names: &[&str] = match collection {
        Collection::Areas => {
            if lang == Lang::Sv {
                &["name_sv"]
            } else {
                &["name_en"]
            }
        }
        Collection::Places => &["name"],
        Collection::Activities => &["kind"],
        Collection::Observations => &["category"],
        Collection::Surveys => &["wave", "area"],
        Collection::ReportedCounts => &["organisation", "kind", "period_start", "n"],
        Collection::Actions => &["text"],
        Collection::Reports => &["organisation", "week", "n"],
        Collection::Bookings => &["kind", "title", "area"],
        Collection::Comments => &["commitment", "party", "said_on"],
        Collection::Priorities => &["week", "rank", "text"],
        Collection::Promises => {
            if lang == Lang::Sv {
                &["text_sv"]
            } else {
                &["text_en"]
            }
        }
    };
    let word = |name: &&str| {
        let member = members(collection).iter().find(|member| member.name == *name)?;
        in_words(member, feature, snapshot, lang)
    };
    let words: Vec<String> = names.iter().filter_map(word).collect();
    let words =
        if words.is_empty() { feature["id"].as_str().unwrap_or_default().to_string() } else { words.join(", ") };
    words.chars().take(120).collect()
}

/// Where a record is, in words.
pub(in crate::http::page) fn whereabouts(
    collection: Collection,
    feature: &Value,
    snapshot: &Snapshot,
    lang: Lang,
) -> String {
    let word = |name: &str| {
        let member = members(collection).iter().find(|member| member.name == name)?;
        in_words(member, feature, snapshot, lang)
    };
    word("place")
        .or_else(|| word("area"))
        .or_else(|| position(feature, lang))
        .unwrap_or_else(|| t::WITHOUT_PLACE.of(lang).to_string())
}

/// A point in degrees.
pub(super) fn position(feature: &Value, lang: Lang) -> Option<String> {
    let degrees = |index: usize| feature["geometry"]["coordinates"][index].as_f64();
    let (lon, lat) = (degrees(0)?, degrees(1)?);
    let text = format!("{lat:.5}° N  {lon:.5}° E");
    Some(if lang == Lang::Sv { text.replace('.', ",") } else { text })
}
